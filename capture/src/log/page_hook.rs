//! Hooks in the page and on the phone: `[RECEIVED] <xml>`, `[SENT] <xml>`, or another word for the direction.
//!
//! Source: `vinikjkkj/wa-logging-scripts` `web/*.js`, `mobile/recv.js`. The client on the phone prints its own form of
//! trees.

use super::{Begun, Dialect, Head, console};
use crate::markup::WHATSMEOW;
use crate::record::Lost;

const LOST: Lost = Lost::VALUE_TYPES.and(Lost::CONTENT_TYPE);

pub(super) const DIALECT: Dialect = Dialect {
    begins: |line| {
        let (before, stanza) = console::tag(line)?;
        let direction = Some(console::label(before)?);
        Some(Begun { head: Head { before: before.to_owned(), direction }, stanza })
    },
    read: |stanza, head| console::xml(stanza, head, "hook", &WHATSMEOW, LOST),
    goes_on: console::xml_goes_on,
};
