//! The output of pino-pretty for pino's JSON, as in Baileys' own example.
//!
//! `[22:13:20.123] TRACE (4711): recv xml`, then a line for each member, indented by four blanks. Produced with
//! pino-pretty 13.

use serde_json::value::RawValue;

use super::{Begun, Dialect, Head, Progress, head};
use crate::fault::Fault;
use crate::json;
use crate::markup::{self, BAILEYS, Parsed};
use crate::read::Read;
use crate::time::Time;

pub(super) const DIALECT: Dialect = Dialect { begins, read, goes_on };

const LEVELS: [&str; 6] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

fn begins(line: &str) -> Option<Begun<'_>> {
    let at = line.find("] ")?;
    let (before, rest) = line.split_at_checked(at + 2)?;
    let level = LEVELS.iter().find(|level| rest.starts_with(**level))?;
    let behind = rest.get(level.len()..)?;
    let (name, message) = behind.split_once(": ").or_else(|| behind.strip_suffix(':').map(|name| (name, "")))?;
    let is_name = name.is_empty() || (name.starts_with(" (") && name.ends_with(')'));
    let time = before.trim_end().strip_suffix(']')?;
    let has_time = head::time(time).is_some() || number(time).is_some();
    (is_name && has_time && !name.contains('<'))
        .then(|| Begun { head: Head { before: time.to_owned(), direction: None }, stanza: message })
}

/// Members that hold stanzas.
const STANZAS: [&str; 4] = ["xml", "frame", "recv", "sent"];

fn number(before: &str) -> Option<Time> {
    Time::from_text(before.rsplit('[').next()?).filter(|time| time.micros().is_some())
}

fn goes_on(line: &str) -> bool {
    line.starts_with(['\t', '<']) || line.starts_with("    ")
}

fn read(entry: &str, head: &Head) -> Progress {
    let mut read = if entry.starts_with('<') {
        match markup::parse(entry, &BAILEYS) {
            Parsed::Whole(_, length) => object(entry.get(..length).unwrap_or(""), &[]),
            open @ Parsed::Open(_) => return Progress::Open(open.fault()),
            Parsed::Bad(..) => Read::PassedOver,
        }
    } else {
        let (message, lines) = entry.split_once('\n').unwrap_or((entry, ""));
        match message.split_once(" {\"") {
            // On one line.
            Some((message, rest)) => parse(&format!("{{\"level\":10,\"msg\":{},\"{rest}", quoted(message))),
            None => match members(lines) {
                Ok(members) => object(message, &members),
                Err(fault) => Read::one(fault.into()),
            },
        }
    };
    if let Read::Records(records) = &mut read {
        let time = head::time(&head.before).or_else(|| number(&head.before));
        for record in records {
            record.time.clone_from(&time);
        }
    }
    Progress::More(read)
}

fn object(message: &str, members: &[(&str, String)]) -> Read {
    let mut object = format!("{{\"level\":10,\"msg\":{}", quoted(message));
    for (name, value) in members {
        object.push_str(&format!(",{}:{value}", quoted(name)));
    }
    object.push('}');
    parse(&object)
}

/// Only an object that a dialect recognises is a stanza.
fn parse(object: &str) -> Read {
    match json::read(object.as_bytes(), 1, 1) {
        Read::Records(records) if records.iter().any(|record| record.source.is_some()) => Read::Records(records),
        _ => Read::PassedOver,
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// Names and JSON values of the members on separate lines. An error if a stanza does not end.
fn members(lines: &str) -> Result<Vec<(&str, String)>, Fault> {
    let mut members: Vec<(&str, String)> = Vec::new();
    for line in lines.lines() {
        let own = line.strip_prefix("    ").filter(|line| !line.starts_with([' ', '}', ']', '\t']));
        match (own.and_then(|own| own.split_once(": ")), members.last_mut()) {
            (Some((name, value)), _) => members.push((name, value.to_owned())),
            (None, Some((_, value))) => {
                value.push('\n');
                value.push_str(line);
            }
            (None, None) => {}
        }
    }
    let mut read = Vec::new();
    for (name, value) in members {
        if serde_json::from_str::<&RawValue>(&value).is_ok() {
            read.push((name, value));
            continue;
        }
        // A text with unescaped line breaks.
        let text = value.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let text = text.map(|text| format!("\"{}\"", text.replace('\n', "\\n").replace('\t', "\\t")));
        match text.filter(|text| serde_json::from_str::<&RawValue>(text).is_ok()) {
            Some(text) => read.push((name, text)),
            None if STANZAS.contains(&name) => {
                let message = format_args!("the stanza that begins here does not end: {name} is cut");
                return Err(Fault::in_tree("log-cut", "", message));
            }
            None => {}
        }
    }
    Ok(read)
}
