//! A browser's recording of the network. Its frames are encrypted, and there are no keys in it.

use std::io;

use super::Read;
use super::object::Object;
use crate::Reader;
use crate::fault::Fault;
use crate::record::Record;

const ENCRYPTED: &str = "a browser's recording of the network: its frames are encrypted; record again with the page hook, \
                         or give keys if they were recorded";

/// Says once what the recording lacks. Nothing of it is read.
pub(crate) fn records(_: Reader) -> impl Iterator<Item = io::Result<Record>> {
    std::iter::once_with(|| Ok(encrypted().at_line(1)))
}

fn encrypted() -> Record {
    Record { source: Some("har".into()), ..Fault::in_tree("encrypted", "", ENCRYPTED).into() }
}

/// A message or an event of a recording that stands by itself.
pub(super) fn read_object(object: &Object<'_>) -> Option<Read> {
    let is_event = object.text_of("method").is_some_and(|method| method.starts_with("Network.webSocket"));
    let is_message = object.has("opcode") && object.has("data") && object.has("time") && object.has("type");
    let is_har = object.has("_webSocketMessages") || object.get("log").is_some_and(|log| log.get().starts_with('{'));
    (is_event || is_message || is_har).then(|| Read::one(encrypted()))
}
