//! A JSON object with separate access to each member.

use std::borrow::Cow;
use std::fmt::{self, Display};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::error::{Category, Error};
use serde_json::value::RawValue;
use wabinary::TextPlace;

use crate::fault::Fault;
use crate::hints;

/// The text of a JSON value, to locate errors in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) line: u64,
    pub(crate) column: u64,
}

/// An object of the input. Values stay unparsed: that needs no recursion, so no input is too deep.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    pub(crate) text: Text<'a>,
    members: Members<'a>,
}

#[derive(Debug)]
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(8);
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name.0, value));
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Read).map(Self)
    }
}

/// A string, borrowed if possible.
#[derive(serde::Deserialize)]
pub(crate) struct Name<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);

impl<'a> Object<'a> {
    pub(crate) fn read(text: Text<'a>) -> Result<Self, Fault> {
        let bytes = text.text;
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            let offset = bytes.len() - bytes.trim_ascii_start().len();
            return Err(text.wrong("json", offset, "expected a JSON object").with_hint(hints::of_no_json(bytes)));
        }
        // Validates the whole text at once rather than field by field. If it is not UTF-8, the bad bytes may be in an
        // unused member.
        let members = std::str::from_utf8(bytes).map_or_else(|_| serde_json::from_slice(bytes), serde_json::from_str);
        let members = members.map_err(|error| text.fault(0, &error, "record"))?;
        Ok(Self { text, members })
    }

    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.members.0.iter().find(|(member, _)| member == name).map(|(_, value)| *value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A member that is a text.
    pub(crate) fn text_of(&self, name: &str) -> Option<Cow<'a, str>> {
        let value = self.get(name)?.get();
        value.starts_with('"').then(|| serde_json::from_str::<Name<'a>>(value).ok()).flatten().map(|Name(text)| text)
    }

    /// The first of these members that is present.
    pub(crate) fn first(&self, names: &[&str]) -> Option<&'a RawValue> {
        names.iter().find_map(|name| self.get(name))
    }
}

impl<'a> Text<'a> {
    pub(crate) fn offset_of(self, value: &RawValue) -> usize {
        (value.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }

    pub(crate) fn wrong(self, kind: &'static str, offset: usize, message: impl Display) -> Fault {
        Fault::at_place(kind, offset, &TextPlace::new(self.text, offset, self.line, self.column), message)
    }

    /// The error of serde without the values that it shows, and with its place as an offset. `start`: where serde began
    /// to read.
    pub(crate) fn fault(self, start: usize, error: &Error, kind: &'static str) -> Fault {
        let read = self.text.get(start..).unwrap_or(&[]);
        let before = read.split_inclusive(|byte| *byte == b'\n').take(error.line().saturating_sub(1));
        // Columns count from 1. If the text ends too early, the error is at the next byte.
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
