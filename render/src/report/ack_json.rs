//! A call acknowledgement and the receipt of a call stanza as JSON.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use wabinary::stanza::{CallAckRef, CallReceiptRef, ErrorEntry};
use wabinary::{AttrError, JidRef, NodeRef, UnixSeconds, Value};

/// The data of the typed view; only the names of children, because they may hold keys.
pub(super) struct AckJson<'a>(pub(super) CallAckRef<'a>);

impl Serialize for AckJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ack = self.0;
        let jid = |read: Result<Option<JidRef<'_>>, AttrError>| typed(read.map(|jid| jid.map(|jid| jid.to_string())));
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", ack.id())?;
        map.serialize_entry("class", ack.class())?;
        map.serialize_entry("from", &jid(ack.from_jid()))?;
        map.serialize_entry("to", &jid(ack.to_jid()))?;
        map.serialize_entry("type", &typed(ack.kind()))?;
        map.serialize_entry("t", &typed(ack.t().map(|t| t.map(|UnixSeconds(seconds)| seconds))))?;
        map.serialize_entry("participant", &jid(ack.participant()))?;
        map.serialize_entry("recipient", &jid(ack.recipient()))?;
        map.serialize_entry("error", &typed(ack.error()))?;
        map.serialize_entry("errors", &ack.errors().map(ErrorJson::from).collect::<Vec<_>>())?;
        map.serialize_entry("unknown_attrs", &ack.unknown_attrs().collect::<Vec<_>>())?;
        let others = ack.node().children().map(NodeRef::tag).filter(|tag| *tag != "error");
        map.serialize_entry("unknown_children", &others.collect::<Vec<_>>())?;
        map.end()
    }
}

/// The receipt of a call stanza.
pub(super) struct ReceiptJson<'a>(pub(super) CallReceiptRef<'a>);

impl Serialize for ReceiptJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let receipt = self.0;
        let jid = |read: Result<Option<JidRef<'_>>, AttrError>| typed(read.map(|jid| jid.map(|jid| jid.to_string())));
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", receipt.id())?;
        map.serialize_entry("from", &jid(receipt.from_jid()))?;
        map.serialize_entry("to", &jid(receipt.to_jid()))?;
        map.serialize_entry("participant", &jid(receipt.participant()))?;
        map.serialize_entry("type", &typed(receipt.kind()))?;
        map.serialize_entry("t", &typed(receipt.t().map(|t| t.map(|UnixSeconds(seconds)| seconds))))?;
        map.serialize_entry("action", receipt.action().name())?;
        map.serialize_entry("call_id", receipt.call_id())?;
        map.serialize_entry("call_creator", &jid(receipt.call_creator()))?;
        map.end()
    }
}

#[derive(Serialize)]
struct ErrorJson<'a> {
    code: Typed<u16>,
    text: Typed<&'a str>,
    rest: Vec<(&'a str, Value<'a>)>,
}

impl<'a> From<ErrorEntry<'a>> for ErrorJson<'a> {
    fn from(error: ErrorEntry<'a>) -> Self {
        let rest = error.node().attrs().filter(|(name, _)| !["code", "text"].contains(name));
        Self { code: typed(error.code()), text: typed(error.text()), rest: rest.collect() }
    }
}

/// A value, null, or the expected type.
#[derive(Serialize)]
#[serde(untagged)]
enum Typed<T> {
    Valid(Option<T>),
    Invalid { invalid: &'static str },
}

fn typed<T>(read: Result<Option<T>, AttrError>) -> Typed<T> {
    read.map_or_else(|error| Typed::Invalid { invalid: error.expected() }, Typed::Valid)
}
