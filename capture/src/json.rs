//! JSON: the keys of an object decide its dialect.

use std::io;

use bytes::Bytes;

use crate::Reader;
use crate::bytes_text;
use crate::frame_start::starts_like_a_frame;
use crate::keys::Keys;
use crate::lines::{Line, Lines, is_skipped, too_long};
use crate::notes::Notes;
use crate::read::{Queue, Read};
use crate::record::{Payload, Record};

mod baileys;
mod devtools;
pub(crate) mod har;
mod meowcaller;
mod object;
pub(crate) mod ordered;
mod own;
pub(crate) mod tree;
mod tshark;
pub(crate) mod values;
pub(crate) mod zapo;
mod zerolog;

pub(crate) use object::{Object, Text};
use ordered::Json;

/// A dialect: reads an object that is written in it, and returns `None` for any other.
pub(crate) type Dialect = fn(&Object<'_>) -> Option<Read>;

/// The dialects, the most specific first. Any other object is one of our own records.
const DIALECTS: [Dialect; 7] =
    [meowcaller::read, zapo::read, baileys::read, zerolog::read, devtools::read, tshark::read, har::read_object];

/// Reads an object.
pub(crate) fn read(text: &[u8], line: u64, column: u64) -> Read {
    if std::str::from_utf8(text).is_err() {
        // The bytes that are not UTF-8 may be in a member that nobody reads.
        return read(String::from_utf8_lossy(text).as_bytes(), line, column);
    }
    let text = Text { text, line, column };
    if text.text.trim_ascii_start().starts_with(b"\"")
        && let Ok(object::Name(frame)) = serde_json::from_slice(text.text.trim_ascii())
        && let Ok(frame) = bytes_text::HexOrBase64::default().read(frame.as_bytes())
        && starts_like_a_frame(&frame)
    {
        return Read::one(Payload::Frame(frame.into()).into());
    }
    if text.text.trim_ascii_start().starts_with(b"[")
        && let Some(bytes) = std::str::from_utf8(text.text).ok().and_then(|json| Json::read(json).ok())
        && let Some(bytes) = tree::bytes(&bytes)
        && starts_like_a_frame(&bytes)
    {
        return Read::one(Payload::Frame(bytes.into()).into());
    }
    match Object::read(text) {
        Ok(object) => read_object(&object),
        Err(fault) => Read::one(fault.into()),
    }
}

fn read_object(object: &Object<'_>) -> Read {
    DIALECTS.iter().find_map(|dialect| dialect(object)).unwrap_or_else(|| own::read(object))
}

/// Whether a text is an object from a client's logger, with or without a stanza.
pub(crate) fn is_of_log(text: &[u8]) -> bool {
    let Ok(object) = Object::read(Text { text, line: 1, column: 1 }) else { return false };
    object.has("level") && (object.has("msg") || object.has("message"))
}

/// Whether a text is an object with one of our own members.
pub(crate) fn is_own(text: &[u8]) -> bool {
    let Ok(object) = Object::read(Text { text, line: 1, column: 1 }) else { return false };
    ["hex", "base64", "node", "error", "tag"].iter().any(|name| object.has(name)) && !object.has("level")
}

/// A frame in a member that other recorders use: text that starts like a frame, or a JSON spelling of bytes.
fn frame(object: &Object<'_>) -> Option<Bytes> {
    let own = std::str::from_utf8(object.text.text).ok()?;
    if (object.has("type") && object.has("data")) || object.has("0") {
        return Json::read(own.trim()).ok().as_ref().and_then(tree::bytes).map(Bytes::from);
    }
    let value = object.first(&["frame", "bytes", "data", "payload", "raw", "wire", "plaintext", "body"])?;
    let bytes = match Json::read(value.get()).ok()? {
        Json::Text(text) => bytes_text::HexOrBase64::default().read(text.as_bytes()).ok()?,
        json => tree::bytes(&json)?,
    };
    starts_like_a_frame(&bytes).then(|| bytes.into())
}

/// Reads JSON objects, one a line. Empty lines and comments are counted and skipped.
pub(crate) fn lines(reader: Reader, notes: Notes, keys: Keys) -> impl Iterator<Item = io::Result<Record>> {
    let mut lines = Lines::new(reader);
    let mut line = Line::default();
    let mut queue = Queue::new(notes, keys);
    std::iter::from_fn(move || {
        loop {
            if let Some(record) = queue.next() {
                return Some(Ok(record));
            }
            match lines.read(&mut line) {
                Ok(true) if is_skipped(&line.text) => {}
                Ok(true) if line.is_too_long => return Some(Ok(Record::from(too_long()).at_line(line.number))),
                Ok(true) => queue.push(read(&line.text, line.number, 1), line.number),
                Ok(false) => {
                    queue.end();
                    return queue.next().map(Ok);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    })
}
