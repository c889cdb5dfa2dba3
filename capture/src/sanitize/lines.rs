//! Sanitized records as lines of JSON.

use data_encoding::HEXLOWER;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use wabinary::{Dictionary, Encoder, NodeRef};

use super::clocks::{Clocks, SinceStart};
use super::{Residue, ResidueCheck, Sanitizer};
use crate::fault::{Failure, Fault};
use crate::numbered::Numbered;
use crate::record::Payload;
use crate::tree::Tree;

/// The facts that every sanitized capture still shows.
pub const STILL_SHOWS: &str = "a sanitized capture still shows tags and attribute names, the time between stanzas, numbers of devices, and who \
answers whom; read it before you share it";

/// Sanitizes the records of a run, and writes them as lines of JSON that can be read again.
#[derive(Debug, Default)]
pub struct SanitizedLines {
    sanitizer: Sanitizer,
    check: ResidueCheck,
    clocks: Clocks,
}

impl SanitizedLines {
    /// A sanitizer for a new run.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree of a record without persons and secrets.
    pub fn sanitize(&mut self, record: &Numbered, node: NodeRef<'_>) -> Tree {
        let node = self.sanitizer.sanitize(node);
        self.check.see_node(&self.sanitizer, record.head.frame, node.as_ref());
        match &record.read.payload {
            Payload::Tree(tree) => tree.with_node(node),
            _ => Tree::from(node),
        }
    }

    /// The line of a record and its sanitized tree: its frame if the record had one, otherwise the tree.
    ///
    /// # Errors
    /// The tree cannot be encoded, so it has no frame.
    pub fn line(&mut self, record: &Numbered, tree: &Tree, dictionary: Dictionary) -> Result<String, Failure> {
        if !matches!(record.read.payload, Payload::Frame(_)) {
            return Ok(self.write(record, Outcome::Node(tree)));
        }
        let frame = sanitized_frame(tree.node(), dictionary)?;
        Ok(self.write(record, Outcome::Hex(HEXLOWER.encode(&frame))))
    }

    /// The line of a failed record, without the message, which may show parts of the input.
    pub fn failure(&mut self, record: &Numbered, failure: &Failure) -> String {
        self.write(record, Outcome::Error(bare(failure)))
    }

    /// The words in the output that a person must check.
    #[must_use]
    pub fn residue(&self) -> Vec<Residue> {
        self.check.finish(&self.sanitizer)
    }

    fn write(&mut self, record: &Numbered, outcome: Outcome<'_>) -> String {
        let time = self.clocks.since_start(record);
        let source = record.read.source.as_deref().map(|source| self.sanitizer.word(source).into_owned());
        // It only has values that JSON can hold.
        serde_json::to_string(&Line { record, time, source, outcome }).unwrap_or_default()
    }
}

/// The frame of a sanitized tree. An error shows no part of it.
///
/// # Errors
/// If it cannot be encoded.
pub fn sanitized_frame(node: NodeRef<'_>, dictionary: Dictionary) -> Result<Vec<u8>, Failure> {
    let mut encoder = Encoder::new().with_dictionary(dictionary);
    let frame = encoder.encode_slice(node).map(<[u8]>::to_vec);
    frame.map_err(|error| Fault::in_tree(error.kind().name(), "", "it cannot be encoded").into())
}

/// An error without its message, which may show parts of the input.
fn bare(failure: &Failure) -> Value {
    let mut error = serde_json::to_value(failure).unwrap_or_default();
    match error.as_object_mut() {
        Some(members) => members.retain(|name, _| matches!(name.as_str(), "kind" | "offset" | "space" | "path")),
        None => error = json!({"kind": failure.kind()}),
    }
    error
}

/// The result for a record.
enum Outcome<'a> {
    Hex(String),
    Node(&'a Tree),
    Error(Value),
}

struct Line<'a> {
    record: &'a Numbered,
    time: Option<SinceStart>,
    source: Option<String>,
    outcome: Outcome<'a>,
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("frame", &self.record.head.frame)?;
        if let Some(source) = &self.source {
            map.serialize_entry("source", source)?;
        }
        if let Some(time) = &self.time {
            map.serialize_entry("time", &time.seconds)?;
            if let Some(clock) = time.clock {
                map.serialize_entry("clock", clock)?;
            }
        }
        if let Some(direction) = self.record.head.direction {
            map.serialize_entry("direction", &direction)?;
        }
        if let Some(fidelity) = self.record.read.fidelity.name() {
            map.serialize_entry("fidelity", fidelity)?;
        }
        let lost: Vec<_> = self.record.read.lost.names().collect();
        if !lost.is_empty() {
            map.serialize_entry("lost", &lost)?;
        }
        match &self.outcome {
            Outcome::Hex(hex) => map.serialize_entry("hex", hex)?,
            Outcome::Node(tree) => map.serialize_entry("node", tree)?,
            Outcome::Error(error) => map.serialize_entry("error", error)?,
        }
        map.end()
    }
}
