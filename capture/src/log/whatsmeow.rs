//! whatsmeow's own logger, and the logger of the bridges until 2023.
//!
//! `22:13:20.394 [whatsmeow/client/Recv DEBUG] <xml>` and `[Feb  4, 2023 07:48:30] [User/@ann/Client/Recv/DEBUG] <xml>`,
//! after the prefix of a container or of the journal. Sources: `tulir/whatsmeow` `util/log/log.go`, `binary/xml.go`;
//! lines in mautrix/whatsapp#594.

use super::{Begun, Dialect, Head, console};
use crate::direction::sublogger;
use crate::markup::WHATSMEOW;
use crate::record::Lost;

const LOST: Lost = Lost::ATTR_ORDER.and(Lost::VALUE_TYPES).and(Lost::CONTENT_TYPE);

pub(super) const DIALECT: Dialect = Dialect {
    begins,
    read: |stanza, head| console::xml(stanza, head, "whatsmeow", &WHATSMEOW, LOST),
    goes_on: console::xml_goes_on,
};

const LEVELS: [&str; 5] = ["DEBUG", "TRACE", "INFO", "DBG", "TRC"];

fn begins(line: &str) -> Option<Begun<'_>> {
    let (before, stanza) = console::tag(line)?;
    let name = before.trim_end().strip_suffix(']')?;
    let name = LEVELS.iter().find_map(|level| name.strip_suffix(level))?.strip_suffix(['/', ' '])?;
    let direction = Some(sublogger(name.rsplit('[').next()?)?);
    Some(Begun { head: Head { before: before.to_owned(), direction }, stanza })
}
