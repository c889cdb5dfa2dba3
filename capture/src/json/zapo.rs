//! zapo with pino at level trace.
//!
//! Sources: `vinikjkkj/zapo` `src/transport/node/WaNodeTransport.ts` (the messages) and `xml.ts` (escaped XML, bytes as
//! base64).

use wabinary::stanza::Direction;

use super::object::Object;
use super::own;
use crate::markup::{self, Parsed, ZAPO};
use crate::read::Read;
use crate::record::{Fidelity, Lost, Manner, Payload, Record};

pub(super) fn read(object: &Object<'_>) -> Option<Read> {
    let message = object.text_of("msg").or_else(|| object.text_of("message"))?;
    let step = message.strip_prefix("node transport ")?;
    let Some(xml) = object.text_of("xml") else { return Some(Read::PassedOver) };
    let mut record = of_xml(&xml, direction(step));
    // A stanza is read even if the time of its line is bad.
    let mut timed = Record::from(record.payload.clone());
    if own::head(object, &mut timed).is_ok() {
        record.time = timed.time;
    }
    Some(Read::one(record))
}

/// `node in`, `send node`.
pub(crate) fn direction(step: &str) -> Option<Direction> {
    match step {
        "node in" => Some(Direction::Receive),
        "send node" | "node out" => Some(Direction::Send),
        _ => None,
    }
}

pub(crate) fn of_xml(xml: &str, direction: Option<Direction>) -> Record {
    let payload = match markup::parse(xml.trim(), &ZAPO) {
        Parsed::Whole(draft, _) => draft.into_tree().into(),
        other => Payload::from(other.fault()),
    };
    let record = Record::from(payload).told_by("zapo", Fidelity::Text, Lost::VALUE_TYPES.and(Lost::CONTENT_TYPE));
    Record { direction, manner: Some(Manner::Xml), ..record }
}
