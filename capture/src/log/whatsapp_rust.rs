//! whatsapp-rust with `env_logger` or `tracing`: `[2023-11-14T22:13:20Z DEBUG Client/Recv] <xml>`.
//!
//! Received stanzas are in wire order, sent ones are sorted. Sources: `jlucaso1/whatsapp-rust` `wacore/src/xml.rs`,
//! `src/client/node_io.rs`.

use wabinary::stanza::Direction;

use super::{Begun, Dialect, Head, console};
use crate::direction::sublogger;
use crate::markup::WHATSAPP_RUST;
use crate::record::Lost;

pub(super) const DIALECT: Dialect = Dialect {
    begins,
    read: |stanza, head| {
        let lost = Lost::VALUE_TYPES.and(Lost::CONTENT_TYPE);
        let lost = if head.direction == Some(Direction::Receive) { lost } else { lost.and(Lost::ATTR_ORDER) };
        console::xml(stanza, head, "whatsapp-rust", &WHATSAPP_RUST, lost)
    },
    goes_on: console::xml_goes_on,
};

const LEVELS: [&str; 3] = ["DEBUG", "TRACE", "INFO"];

fn begins(line: &str) -> Option<Begun<'_>> {
    let (before, stanza) = console::tag(line)?;
    let name = before.trim_end().strip_suffix([']', ':'])?;
    let (start, target) = name.trim_end().rsplit_once(' ')?;
    let direction = Some(sublogger(target)?);
    let level = start.trim_end().rsplit([' ', '[']).next()?;
    LEVELS.contains(&level).then(|| Begun { head: Head { before: before.to_owned(), direction }, stanza })
}
