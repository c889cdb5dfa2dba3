//! This project's own records: the output of `decode --format jsonl`, and records that people write by hand.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use wabinary::Node;
use wabinary::stanza::Direction;

use super::frame;
use super::object::{Name, Object};
use super::ordered::Json;
use super::tree::{self, Texts};
use crate::bytes_text::{self, BadText};
use crate::direction::is_no_direction;
use crate::direction_of_word;
use crate::fault::{Failure, Fault};
use crate::hints;
use crate::read::Read;
use crate::record::{Fidelity, Lost, MessagePlace, Noted, Payload, Record};
use crate::time::{Clock, Time};
use crate::tree::Tree;

/// Reads a record, or a tree without a record.
pub(super) fn read(object: &Object<'_>) -> Read {
    Read::one(record(object).unwrap_or_else(Record::from))
}

fn record(object: &Object<'_>) -> Result<Record, Fault> {
    let payload = payload(object);
    // A record with an unreadable payload keeps its time and direction.
    let (payload, fidelity, lost) = payload.unwrap_or_else(|fault| (fault.into(), Fidelity::Bytes, Lost::NOTHING));
    let mut record = Record { fidelity, lost, ..Record::from(payload) };
    let is_read = !matches!(record.payload, Payload::Failed(_));
    head(object, &mut record).or_else(|fault| if is_read { Err(fault) } else { Ok(()) })?;
    if let Some(name) = object.text_of("fidelity") {
        record.fidelity = Fidelity::of_name(&name).unwrap_or(record.fidelity);
    }
    if let Some(Ok(names)) = object.get("lost").map(|lost| serde_json::from_str::<Vec<Cow<'_, str>>>(lost.get())) {
        let lost = names.iter().filter_map(|name| Lost::of_name(name));
        record.lost = lost.fold(Lost::NOTHING, Lost::and);
    }
    if let Payload::Tree(tree) = &record.payload
        && tree.has_missing()
    {
        (record.fidelity, record.lost) = (Fidelity::Text, record.lost.and(Lost::CONTENT));
    }
    record.source = object.text_of("source").map(|source| Cow::Owned(source.into_owned()));
    let number = |name| object.get(name).and_then(|value| value.get().parse().ok());
    let (entry, message) = (number("entry"), number("message"));
    record.place = entry.zip(message).map(|(entry, message)| MessagePlace { entry, message });
    record.noted =
        Noted { socket: number("socket"), counter: number("counter"), missing_before: number("missing_before") };
    Ok(record)
}

/// Reads time and direction from an object.
pub(super) fn head(object: &Object<'_>, record: &mut Record) -> Result<(), Fault> {
    let clock = object.text_of("clock").and_then(|name| Clock::of_name(&name));
    let told = object.first(&["time", "at", "ts", "timestamp", "isoTime"]);
    record.time = match told.filter(|value| value.get() != "null") {
        Some(value) => Some(time(object, value, clock)?),
        None => object.get("monotonicMs").and_then(|value| Time::monotonic_milliseconds(value.get())),
    };
    record.direction = match object.first(&["direction", "dir"]) {
        Some(value) => direction(object, value)?,
        None => None,
    };
    Ok(())
}

fn direction(object: &Object<'_>, value: &RawValue) -> Result<Option<Direction>, Fault> {
    if value.get() == "null" {
        return Ok(None);
    }
    let word = serde_json::from_str(value.get()).ok().map(|Name(word)| word);
    match word {
        Some(word) if is_no_direction(&word) => Ok(None),
        Some(word) if direction_of_word(&word).is_some() => Ok(direction_of_word(&word)),
        _ => Err(object.text.wrong("record", object.text.offset_of(value), "expected send or receive")),
    }
}

fn time(object: &Object<'_>, value: &RawValue, clock: Option<Clock>) -> Result<Time, Fault> {
    if matches!(value.get().as_bytes(), [b'"' | b'-' | b'0'..=b'9', ..]) {
        return Ok(Time::from_json(value.get(), clock));
    }
    Err(object.text.wrong("record", object.text.offset_of(value), "expected a number or a text as time"))
}

/// If a record has both bytes and a tree, the bytes count.
fn payload(object: &Object<'_>) -> Result<(Payload, Fidelity, Lost), Fault> {
    let exact = |payload| Ok((payload, Fidelity::Bytes, Lost::NOTHING));
    if let Some(value) = object.get("hex") {
        exact(text_frame(object, value, bytes_text::hex)?)
    } else if let Some(value) = object.get("base64") {
        exact(text_frame(object, value, bytes_text::base64)?)
    } else if let Some(value) = object.get("node") {
        node(object, value.get(), object.text.offset_of(value))
    } else if let Some(error) = object.get("error") {
        if !error.get().starts_with('{') {
            return Err(object.text.wrong("record", object.text.offset_of(error), "expected an error object"));
        }
        // Line breaks between JSON values become blanks, because a record is one line of output.
        let line = RawValue::from_string(error.get().replace(['\r', '\n'], " "));
        let told = line.map_err(|error| object.text.fault(0, &error, "record"))?;
        exact(Payload::Failed(Failure::Told(told)))
    } else if object.has("tag") || object.has("Tag") {
        let text = object.text.text;
        let indent = text.len() - text.trim_ascii_start().len();
        node(object, &String::from_utf8_lossy(text.trim_ascii()), indent)
    } else if let Some(frame) = frame(object) {
        exact(Payload::Frame(frame))
    } else {
        let wrong = object.text.wrong("record", 0, "expected a hex, base64 or node field");
        Err(wrong.with_hint(hints::of_object(object.text.text)))
    }
}

fn text_frame(
    object: &Object<'_>,
    value: &RawValue,
    read: fn(&[u8]) -> Result<Vec<u8>, BadText>,
) -> Result<Payload, Fault> {
    // Reads the text without unescaping: neither form has characters that JSON escapes. A text with an escape is
    // unescaped below.
    let quoted = value.get().as_bytes();
    if let [b'"', text @ .., b'"'] = quoted
        && !text.contains(&b'\\')
        && let Ok(frame) = read(text)
    {
        return Ok(Payload::Frame(frame.into()));
    }
    let offset = object.text.offset_of(value);
    let text = serde_json::from_str(value.get()).map(|Name(text)| text);
    let text = text.map_err(|_| object.text.wrong("record", offset, "expected a text"))?;
    match read(text.as_bytes()) {
        Ok(frame) => Ok(Payload::Frame(frame.into())),
        // The offset is after the quote. An escape before it shifts the place, but hex and base64 have none.
        Err(bad) => Err(object.text.wrong(bad.kind, offset + 1 + bad.offset, bad.message)),
    }
}

/// Reads a tree: ours, or one of another program. The limit of 256 nested nodes is also that of the recursion.
fn node(object: &Object<'_>, json: &str, offset: usize) -> Result<(Payload, Fidelity, Lost), Fault> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    deserializer.disable_recursion_limit();
    let own = match Node::deserialize(&mut deserializer) {
        Ok(node) => return Ok((Tree::from(node).into(), Fidelity::Bytes, Lost::NOTHING)),
        Err(error) => error,
    };
    let wrong_own = || object.text.fault(offset, &own, "node");
    let Ok(json) = Json::read(json) else { return Err(wrong_own()) };
    let is_of_go = json.get("Tag").is_some() || object.has("at");
    let texts = if is_of_go { Texts::MaybeBase64 } else { Texts::Text };
    let lost = Lost::ATTR_ORDER.and(Lost::VALUE_TYPES).and(Lost::CONTENT_TYPE);
    let is_own = matches!(json.get("attrs"), None | Some(Json::List(_)));
    // Other programs write attributes as an object. In our own form, bare text in the place of content is a mistake.
    if is_own && matches!(json.get("content"), Some(Json::Text(_) | Json::Number(_))) {
        return Err(wrong_own());
    }
    match tree::read(&json, texts) {
        Ok(draft) if is_of_go => Ok((draft.into_tree().into(), Fidelity::Text, lost)),
        // Our own tree, with omitted content. If no content is omitted, the error above counts.
        Ok(draft) if is_own && has_own_content(&json) => {
            let tree = draft.into_tree();
            if tree.has_missing() { Ok((tree.into(), Fidelity::Bytes, Lost::NOTHING)) } else { Err(wrong_own()) }
        }
        Ok(draft) => Ok((draft.into_tree().into(), Fidelity::Tree, Lost::NOTHING)),
        Err(_) if is_own => Err(wrong_own()),
        Err(problem) => Err(object.text.wrong("node", offset, problem)),
    }
}

fn has_own_content(json: &Json) -> bool {
    match json.get("content") {
        None | Some(Json::Null) => true,
        Some(content) => ["nodes", "bytes", "text", "jid", "missing"].iter().any(|name| content.get(name).is_some()),
    }
}
