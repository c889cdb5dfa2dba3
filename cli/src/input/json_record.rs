//! Records as JSON objects.

use std::borrow::Cow;
use std::fmt::Display;

use serde::Deserialize;
use serde_json::error::{Category, Error};
use serde_json::value::RawValue;
use wabinary::stanza::Direction;
use wabinary::{Node, TextPlace};
use wabinary_calls::report::Time;

use super::frame_text::{self, BadText};
use crate::hints;
use crate::record::{Failure, Fault, Payload, Record};

/// The keys that mean something; others are ignored. Values are looked at one by one, and reading them as they stand
/// needs no recursion, so that no input is too deep.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    direction: Option<&'a RawValue>,
    hex: Option<&'a RawValue>,
    base64: Option<&'a RawValue>,
    node: Option<&'a RawValue>,
    error: Option<&'a RawValue>,
    /// Of a tree that is a record by itself.
    tag: Option<&'a RawValue>,
}

/// Reads a record, or a tree by itself, from a text that starts at a line and column.
pub(super) fn read(text: &[u8], line: u64, column: u64) -> Record {
    Text { text, line, column }.read().unwrap_or_else(|fault| Payload::from(fault).into())
}

/// The text of a record, for the places of what is wrong in it.
#[derive(Clone, Copy)]
struct Text<'a> {
    text: &'a [u8],
    line: u64,
    column: u64,
}

impl<'a> Text<'a> {
    fn read(self) -> Result<Record, Fault> {
        let text = self.text;
        if text.trim_ascii_start().first() != Some(&b'{') {
            let offset = text.len() - text.trim_ascii_start().len();
            return Err(self.wrong("json", offset, "expected a JSON object").with_hint(hints::of_no_json(text)));
        }
        // Text is validated at once rather than field by field; what is none may still stand where nobody looks.
        let fields = std::str::from_utf8(text).map_or_else(|_| serde_json::from_slice(text), serde_json::from_str);
        let fields: Fields<'_> = fields.map_err(|error| self.fault(0, &error, "record"))?;
        let mut record: Record = self.payload(&fields).unwrap_or_else(Payload::from).into();
        record.head.time = fields.time.map(|value| self.time(value)).transpose()?;
        record.head.direction = fields.direction.map(|value| self.direction(value)).transpose()?;
        Ok(record)
    }

    /// Bytes come before the tree where a record has both.
    fn payload(self, fields: &Fields<'a>) -> Result<Payload, Fault> {
        if let Some(value) = fields.hex {
            self.frame(value, frame_text::hex)
        } else if let Some(value) = fields.base64 {
            self.frame(value, frame_text::base64)
        } else if let Some(value) = fields.node {
            self.node(value.get(), self.offset_of(value))
        } else if let Some(error) = fields.error {
            if !error.get().starts_with('{') {
                return Err(self.wrong("record", self.offset_of(error), "expected an error object"));
            }
            // Line breaks in JSON are blanks, and a record is one line of output.
            let line = RawValue::from_string(error.get().replace(['\r', '\n'], " "));
            line.map(|error| Payload::Failed(Failure::Told(error))).map_err(|error| self.fault(0, &error, "record"))
        } else if fields.tag.is_some() {
            let indent = self.text.len() - self.text.trim_ascii_start().len();
            self.node(&String::from_utf8_lossy(self.text.trim_ascii()), indent)
        } else {
            Err(self.wrong("record", 0, "expected a hex, base64 or node field").with_hint(hints::of_object(self.text)))
        }
    }

    fn direction(self, value: &'a RawValue) -> Result<Direction, Fault> {
        let direction = serde_json::from_str(value.get()).ok().and_then(|Quoted(word)| direction(&word));
        direction.ok_or_else(|| self.wrong("record", self.offset_of(value), "expected send or receive"))
    }

    fn time(self, value: &RawValue) -> Result<Time, Fault> {
        if matches!(value.get().as_bytes(), [b'"' | b'-' | b'0'..=b'9', ..]) {
            return Ok(Time::from_json(value.get()));
        }
        Err(self.wrong("record", self.offset_of(value), "expected a number or a text as time"))
    }

    fn frame(self, value: &'a RawValue, read: fn(&[u8]) -> Result<Vec<u8>, BadText>) -> Result<Payload, Fault> {
        // As it stands: neither form has characters that JSON escapes. Where there is an escape, it reads so below.
        let quoted = value.get().as_bytes();
        if let [b'"', text @ .., b'"'] = quoted
            && let Ok(frame) = read(text)
        {
            return Ok(Payload::Frame(frame.into()));
        }
        let Quoted(text) = self.value(value, "a text")?;
        match read(text.as_bytes()) {
            Ok(frame) => Ok(Payload::Frame(frame.into())),
            // Behind the quote; an escape before the place shifts it, but nobody escapes what frames are made of.
            Err(bad) => Err(self.wrong(bad.kind, self.offset_of(value) + 1 + bad.offset, bad.message)),
        }
    }

    fn value<T: Deserialize<'a>>(self, value: &'a RawValue, expected: &str) -> Result<T, Fault> {
        serde_json::from_str(value.get())
            .map_err(|_| self.wrong("record", self.offset_of(value), format_args!("expected {expected}")))
    }

    /// Reads a tree; the limit of 256 nested nodes that it has of its own is also that of the recursion.
    fn node(self, json: &str, offset: usize) -> Result<Payload, Fault> {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        deserializer.disable_recursion_limit();
        let node = Node::deserialize(&mut deserializer).map_err(|error| self.fault(offset, &error, "node"))?;
        Ok(Payload::Node(Box::new(node)))
    }

    fn offset_of(self, value: &RawValue) -> usize {
        (value.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    fn wrong(self, kind: &'static str, offset: usize, message: impl Display) -> Fault {
        Fault::at_place(kind, offset, &TextPlace::new(self.text, offset, self.line, self.column), message)
    }

    /// What serde says, without the values that it shows, and with the place as an offset. `start`: of what it read.
    fn fault(self, start: usize, error: &Error, kind: &'static str) -> Fault {
        let read = self.text.get(start..).unwrap_or(&[]);
        let before = read.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
        // Columns count from 1; where the text ends too early, the byte in question is the next one.
        let column = if error.is_eof() { error.column() } else { error.column().saturating_sub(1) };
        let offset = start + before.map(<[u8]>::len).sum::<usize>() + column;
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(&*message, |(message, _)| message);
        if error.classify() != Category::Data {
            return self.wrong("json", offset, format_args!("not JSON: {message}"));
        }
        let expected = message.rsplit_once(", expected ").map(|(_, expected)| format!("expected {expected}"));
        self.wrong(kind, offset, expected.map_or(Cow::Borrowed(message), Cow::Owned))
    }
}

/// The direction that a word says, as seen from the device that captured.
fn direction(word: &str) -> Option<Direction> {
    match word {
        "send" | "sent" | "out" | "outgoing" => Some(Direction::Send),
        "receive" | "received" | "recv" | "in" | "incoming" => Some(Direction::Receive),
        _ => None,
    }
}

/// A text, borrowed if it can be.
#[derive(Deserialize)]
struct Quoted<'a>(#[serde(borrow)] Cow<'a, str>);
