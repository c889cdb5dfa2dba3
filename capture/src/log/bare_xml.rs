//! A pasted stanza, alone on its lines. Its logger is unknown.

use super::{Begun, Dialect, Head, console};
use crate::frame_start::ROOT_TAGS;
use crate::markup::WHATSMEOW;
use crate::record::Lost;

const LOST: Lost = Lost::ATTR_ORDER.and(Lost::VALUE_TYPES).and(Lost::CONTENT_TYPE);

pub(super) const DIALECT: Dialect = Dialect {
    begins: |line| {
        let (before, stanza) = console::tag(line)?;
        let name = stanza.get(1..)?.split([' ', '/', '>', '\t']).next()?;
        (before.trim().is_empty() && ROOT_TAGS.contains(&name)).then(|| Begun { head: Head::default(), stanza })
    },
    read: |stanza, head| console::xml(stanza, head, "xml", &WHATSMEOW, LOST),
    goes_on: |line| !line.trim().is_empty() && console::xml_goes_on(line),
};
