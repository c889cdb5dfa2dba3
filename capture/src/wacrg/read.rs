//! Reads capture records and issues.

use std::io::{self, Read};

use serde::Deserialize;
use wabinary::Node;

use super::{ISSUE_START, NO_RESPONSE};
use crate::Reader;
use crate::bytes_text;
use crate::direction::direction_of_word;
use crate::fault::Fault;
use crate::record::{Fidelity, Lost, Payload, Record};
use crate::tree::Tree;

/// The longest text that is read, in bytes. YAML cannot be read in pieces.
const LONGEST: u64 = 16 << 20;

const SOURCE: &str = "wacrg";

/// The members of a capture record that hold its stanza. The schema has more keys, but none for the bytes on the wire.
#[derive(Deserialize)]
struct Entry {
    direction: Option<String>,
    raw: Raw,
}

#[derive(Deserialize)]
struct Raw {
    format: String,
    body: String,
}

/// Whether a text starts like a capture record or an issue.
pub(crate) fn starts(start: &[u8]) -> bool {
    let has_line = |name: &[u8]| start.split(|byte| *byte == b'\n').any(|line| line.starts_with(name));
    has_line(ISSUE_START.as_bytes()) || (has_line(b"stanza_tag:") && has_line(b"raw:"))
}

/// Reads each document, or the issue, as a record.
pub(crate) fn records(input: Reader) -> impl Iterator<Item = io::Result<Record>> {
    let mut input = Some(input);
    let mut records = Vec::new().into_iter();
    std::iter::from_fn(move || {
        if let Some(input) = input.take() {
            match read(input) {
                Ok(read) => records = read.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
        records.next().map(Ok)
    })
}

fn read(input: Reader) -> io::Result<Vec<Record>> {
    let mut text = String::new();
    input.take(LONGEST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LONGEST {
        return Ok(vec![Fault::in_line("too-long", 0, "YAML and issues are read up to 16 MiB").into()]);
    }
    if text.lines().any(|line| line.starts_with(ISSUE_START)) {
        return Ok(vec![of_issue(&text)]);
    }
    let documents = serde_saphyr::from_multiple::<Entry>(&text);
    Ok(match documents {
        Ok(entries) => entries.iter().map(of_entry).collect(),
        Err(error) => {
            let message = error.to_string();
            let first = message.lines().next().unwrap_or("it cannot be read").to_owned();
            vec![Fault::in_tree("yaml", "", format_args!("not a capture record in YAML: {first}")).into()]
        }
    })
}

fn of_entry(Entry { direction, raw }: &Entry) -> Record {
    record(direction.as_deref(), Some(&raw.format), &raw.body)
}

/// The record of an issue. Each section has its name as heading.
fn of_issue(text: &str) -> Record {
    let section = |wanted: &str| {
        let sections = text.split("\n### ").map(|section| section.strip_prefix("### ").unwrap_or(section));
        let mut named = sections.filter_map(|section| section.split_once('\n'));
        let (_, value) = named.find(|(heading, _)| heading.trim().eq_ignore_ascii_case(wanted))?;
        Some(value.trim()).filter(|value| !value.is_empty() && *value != NO_RESPONSE)
    };
    let Some(raw) = section("Raw stanza") else {
        return Fault::in_tree("no-stanza", "", "the section \"Raw stanza\" is missing or empty").into();
    };
    let (format, body) = unfenced(raw);
    record(section("Direction"), format, body)
}

/// The inside of a code fence, and its language.
fn unfenced(text: &str) -> (Option<&str>, &str) {
    let inside = text.strip_prefix("```").and_then(|text| text.split_once('\n'));
    let Some((language, body)) = inside else { return (None, text) };
    let body = body.rsplit_once("```").map_or(body, |(body, _)| body);
    (Some(language.trim()), body.trim_end())
}

/// The record of a stanza. A fence says `text` for any format, so the text decides.
fn record(direction: Option<&str>, format: Option<&str>, body: &str) -> Record {
    let payload = match format {
        Some("hex") => bytes(bytes_text::hex(body.as_bytes())),
        Some("base64") => bytes(bytes_text::base64(body.as_bytes())),
        Some("json") => json(body),
        _ if body.trim_start().starts_with(['{', '[']) => json(body),
        _ if body.trim_start().starts_with('<') => xml(body),
        _ => bytes(bytes_text::hex(body.as_bytes()).or_else(|_| bytes_text::base64(body.as_bytes()))),
    };
    let mut record = Record::from(payload);
    if matches!(record.payload, Payload::Tree(_)) {
        record = record.told_by(SOURCE, Fidelity::Text, Lost::VALUE_TYPES.and(Lost::CONTENT_TYPE));
    }
    record.direction = direction.and_then(direction_of_word);
    record.source = Some(SOURCE.into());
    record
}

fn bytes(read: Result<Vec<u8>, bytes_text::BadText>) -> Payload {
    match read {
        Ok(frame) => Payload::Frame(frame.into()),
        Err(bad) => {
            Fault::in_tree(bad.kind, "", format_args!("{} at offset {} of the body", bad.message, bad.offset)).into()
        }
    }
}

fn xml(body: &str) -> Payload {
    Node::from_xml(body).map_or_else(|error| Fault::from(error).into(), |node| Tree::from(node).into())
}

fn json(body: &str) -> Payload {
    match serde_json::from_str::<Node>(body) {
        Ok(node) => Tree::from(node).into(),
        Err(error) => Fault::in_tree("json", "", format_args!("not a tree in JSON: {error}")).into(),
    }
}
