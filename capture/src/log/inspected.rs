//! Objects in the output of JavaScript consoles: Node's `util.inspect`, and previews of browsers.
//!
//! `[RECEIVED] { tag: 'ack', attrs: { id: '1' }, content: <Buffer 01 02> }`. A part that a console left out
//! (`[Object]`, `{…}`) is missing content.

use super::{Begun, Dialect, Head, Progress, console, head};
use crate::fault::Fault;
use crate::json::ordered::Json;
use crate::json::tree::{self, Texts};
use crate::read::Read;
use crate::record::{Fidelity, Lost, Manner, Payload, Record};

mod literal;

pub(super) use literal::Stop;

pub(super) const DIALECT: Dialect = Dialect { begins, read, goes_on };

fn begins(line: &str) -> Option<Begun<'_>> {
    let at = line.find('{')?;
    let (before, stanza) = line.split_at_checked(at)?;
    if before.len() > 200 || stanza.starts_with("{\"") || stanza.starts_with("{ \"level\"") {
        return None;
    }
    let direction = console::label(before);
    let inside = stanza.get(1..).unwrap_or("").trim_start();
    let is_node = ["tag:", "'tag':", "\"tag\":"].iter().any(|key| inside.starts_with(key));
    let is_labelled = direction.is_some() && inside.is_empty();
    (is_node || is_labelled).then(|| Begun { head: Head { before: before.to_owned(), direction }, stanza })
}

/// Reads a value in the output of a console.
pub(super) fn value(text: &str) -> Result<Json, Stop> {
    literal::read(text)
}

/// Whether a line can continue an object.
pub(super) fn goes_on(line: &str) -> bool {
    line.starts_with([' ', '\t', '}', ']']) && !head::starts_entry(line.trim_start())
}

fn read(stanza: &str, head: &Head) -> Progress {
    let payload = match value(stanza) {
        Ok(json) if tree::is_node(&json) => match tree::read(&json, Texts::Text) {
            Ok(draft) => draft.into_tree().into(),
            Err(problem) => Payload::from(Fault::in_tree("node", "", problem)),
        },
        Ok(_) => return Progress::Read(Read::PassedOver),
        Err(Stop::End) => {
            let message = "the stanza that begins here does not end: a brace is missing";
            return Progress::Open(Fault::in_tree("log-cut", "", message));
        }
        Err(Stop::Bad(offset, expected)) => {
            let message = format_args!("expected {expected} at offset {offset} of the object");
            Fault::in_tree("log-object", "", message).into()
        }
    };
    let record = Record::from(payload).told_by("console", Fidelity::Tree, Lost::NOTHING);
    let (time, direction) = (head::time(&head.before), head.direction);
    Progress::Read(Read::one(Record { time, direction, manner: Some(Manner::Tree), ..record }))
}
