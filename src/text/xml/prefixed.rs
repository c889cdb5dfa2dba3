//! Reads texts after a prefix.

use std::borrow::Cow;

use data_encoding::BASE64;

use super::chars::is_blank;
use super::error::Problem;
use super::prefix::{Prefix, Spelling};
use crate::jid::{Jid, JidForm, JidRef};
use crate::node::{Builder, NewContent, NewValue, Value};

/// The prefixes of values, and of content.
const OF_VALUES: &str = "{text}, {jid}, {pair}, {pair-empty}, {ad}, {fb}, {interop}, {null}, {base64} or {nodes}; before a \
                         text that starts with a brace, {text}";
const OF_CONTENT: &str = "{utf8}, {base64}, {nodes}, {text}, {jid}, {pair}, {pair-empty}, {ad}, {fb} or {interop}; before a \
                          text that starts with a word in braces, {utf8}";

/// Adds the content in a text with a prefix.
pub(super) fn prefixed_content(builder: &Builder, text: &str, start: usize) -> Result<(), Problem> {
    match split_prefix(text, start, OF_CONTENT)? {
        (Prefix::Null, _) => Err(Problem::new(start, "{null} as content", "{nodes} for an empty list"))?,
        (Prefix::Nodes, rest) => {
            nothing_behind(rest, start)?;
            builder.empty_nodes()
        }
        (Prefix::Base64, rest) => builder.bytes(base64(rest, start)?),
        (Prefix::Utf8, rest) => builder.content(rest.as_bytes()),
        (Prefix::Text(spelling), rest) => builder.content(NewContent::coded(spelled(spelling, rest, start)?)),
        (Prefix::Jid(form, spelling), rest) => builder.content(jid(form, &spelled(spelling, rest, start)?, start)?),
    };
    Ok(())
}

/// Reads the value of an attribute's text with a prefix.
pub(super) fn prefixed_value(text: &str, start: usize) -> Result<NewValue<'_>, Problem> {
    Ok(match split_prefix(text, start, OF_VALUES)? {
        (Prefix::Null, rest) => {
            nothing_behind(rest, start)?;
            Value::Null.into()
        }
        (Prefix::Nodes, _) => return Err(Problem::new(start, "{nodes} as a value", "{null} for none")),
        (Prefix::Utf8, _) => return Err(Problem::new(start, "{utf8} as a value", "{text} for a text")),
        (Prefix::Base64, rest) => spelled(Spelling::Base64, rest, start)?.into(),
        (Prefix::Text(spelling), rest) => spelled(spelling, rest, start)?.into(),
        (Prefix::Jid(form, spelling), rest) => jid(form, &spelled(spelling, rest, start)?, start)?.into(),
    })
}

/// Splits a text after its prefix.
fn split_prefix<'t>(text: &'t str, start: usize, known: &'static str) -> Result<(Prefix, &'t str), Problem> {
    Prefix::split(text).ok_or_else(|| Problem::new(start, "unknown prefix", known))
}

fn nothing_behind(rest: &str, start: usize) -> Result<(), Problem> {
    if rest.is_empty() { Ok(()) } else { Err(Problem::new(start, "text after a prefix that takes none", "")) }
}

fn spelled(spelling: Spelling, text: &str, start: usize) -> Result<Cow<'_, str>, Problem> {
    match spelling {
        Spelling::Plain => Ok(text.into()),
        Spelling::Base64 => match String::from_utf8(base64(text, start)?) {
            Ok(text) => Ok(text.into()),
            Err(_) => Err(Problem::new(start, "base64 of bytes that are not text", "UTF-8")),
        },
    }
}

/// Reads base64, over any number of lines.
fn base64(text: &str, start: usize) -> Result<Vec<u8>, Problem> {
    let symbols: String = text.split(is_blank).collect();
    BASE64
        .decode(symbols.as_bytes())
        .map_err(|_| Problem::new(start, "no base64", "the standard alphabet, padded with ="))
}

fn jid(form: Option<JidForm>, text: &str, start: usize) -> Result<Jid, Problem> {
    let jid = form.map_or_else(|| JidRef::parse(text), |form| JidRef::parse_as(text, form));
    jid.map(Jid::from).map_err(|error| Problem::new(start, error.to_string(), ""))
}
