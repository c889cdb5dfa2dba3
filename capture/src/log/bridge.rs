//! The bridges since 2023, with zerolog's console writer.
//!
//! `2025-07-24T12:23:39.805+02:00 DBG <xml> action=login sublogger=Send user_mxid=…`, also with the time as
//! `Nov  6, 2025 19:16:27`. Sources: lines in mautrix/whatsapp#814, mautrix/whatsapp#860.

use super::{Begun, Dialect, Head, Progress, console};
use crate::direction::sublogger;
use crate::markup::{self, Parsed, WHATSMEOW};
use crate::read::Read;
use crate::record::Lost;

const LOST: Lost = Lost::ATTR_ORDER.and(Lost::VALUE_TYPES).and(Lost::CONTENT_TYPE);

pub(super) const DIALECT: Dialect = Dialect { begins, read, goes_on: console::xml_goes_on };

const LEVELS: [&str; 6] = ["DBG", "TRC", "INF", "DEBUG", "TRACE", "INFO"];

fn begins(line: &str) -> Option<Begun<'_>> {
    let (before, stanza) = console::tag(line)?;
    // The source location may come between level and message: `DBG send.go:12 > <xml>`.
    let before_place = before.trim_end().strip_suffix('>').and_then(|before| before.trim_end().rsplit_once(' '));
    let level = before_place.map_or(before, |(before, _)| before).trim_end().rsplit(' ').next()?;
    LEVELS.contains(&level).then(|| Begun { head: Head { before: before.to_owned(), direction: None }, stanza })
}

fn read(stanza: &str, head: &Head) -> Progress {
    match markup::parse(stanza, &WHATSMEOW) {
        Parsed::Whole(draft, length) => {
            let fields = stanza.get(length..).unwrap_or("");
            let direction = fields.split(' ').find_map(|field| sublogger(field.strip_prefix("sublogger=")?));
            // A tag in another message is not a stanza from the socket.
            if direction.is_none() {
                return Progress::Read(Read::PassedOver);
            }
            let head = Head { direction, ..head.clone() };
            Progress::Read(Read::one(console::told(draft.into_tree().into(), &head, "bridge", LOST)))
        }
        open @ Parsed::Open(_) => Progress::Open(open.fault()),
        bad @ Parsed::Bad(..) => Progress::Read(Read::one(console::told(bad.fault().into(), head, "bridge", LOST))),
    }
}
