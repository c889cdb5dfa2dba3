//! whatsmeow with its zerolog logger, as JSON.
//!
//! Source: `tulir/whatsmeow` `util/log/zerolog.go`: `sublogger` ends in `Recv` or `Send`, the XML is the message.

use super::object::Object;
use super::own;
use crate::direction::sublogger;
use crate::markup;
use crate::markup::{Parsed, WHATSMEOW};
use crate::read::Read;
use crate::record::{Fidelity, Lost, Payload, Record};

pub(super) fn read(object: &Object<'_>) -> Option<Read> {
    if !object.has("level") || !(object.has("message") || object.has("msg")) {
        return None;
    }
    let message = object.text_of("message").or_else(|| object.text_of("msg")).unwrap_or_default();
    let logger = ["sublogger", "module", "component", "logger"].iter().find_map(|name| object.text_of(name));
    let direction = logger.and_then(|name| sublogger(&name));
    let is_warning = object.text_of("level").is_some_and(|level| matches!(&*level, "warn" | "error" | "fatal"));
    let xml = message.trim();
    if !xml.starts_with('<') || direction.is_none() || is_warning {
        return Some(Read::PassedOver);
    }
    let payload = match markup::parse(xml, &WHATSMEOW) {
        Parsed::Whole(draft, _) => draft.into_tree().into(),
        other => Payload::from(other.fault()),
    };
    let lost = Lost::ATTR_ORDER.and(Lost::VALUE_TYPES).and(Lost::CONTENT_TYPE);
    let mut record = Record::from(payload).told_by("whatsmeow", Fidelity::Text, lost);
    // A stanza is read even if the time of its line is bad.
    let _ = own::head(object, &mut record);
    record.direction = direction;
    Some(Read::one(record))
}
