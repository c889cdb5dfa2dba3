//! A call acknowledgement as JSON.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use wabinary::stanza::{CallAckRef, CallError};
use wabinary::{AttrError, JidRef, NodeRef, UnixSeconds, Value};

/// All that the typed view knows, and the names of what it does not: children may hold keys.
pub(super) struct AckJson<'a>(pub(super) CallAckRef<'a>);

impl Serialize for AckJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ack = self.0;
        let jid = |read: Result<Option<JidRef<'_>>, AttrError>| typed(read.map(|jid| jid.map(|jid| jid.to_string())));
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", ack.id())?;
        map.serialize_entry("class", ack.class())?;
        map.serialize_entry("from", &jid(ack.from()))?;
        map.serialize_entry("to", &jid(ack.to()))?;
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

#[derive(Serialize)]
struct ErrorJson<'a> {
    code: Typed<u16>,
    text: Typed<&'a str>,
    rest: Vec<(&'a str, Value<'a>)>,
}

impl<'a> From<CallError<'a>> for ErrorJson<'a> {
    fn from(error: CallError<'a>) -> Self {
        let rest = error.node().attrs().filter(|(name, _)| !["code", "text"].contains(name));
        Self { code: typed(error.code()), text: typed(error.text()), rest: rest.collect() }
    }
}

/// A value of its type, or null, or what it should have been.
#[derive(Serialize)]
#[serde(untagged)]
enum Typed<T> {
    Valid(Option<T>),
    Invalid { invalid: &'static str },
}

fn typed<T>(read: Result<Option<T>, AttrError>) -> Typed<T> {
    read.map_or_else(|error| Typed::Invalid { invalid: error.expected() }, Typed::Valid)
}
