//! Counts over a capture. Memory does not grow with its records.

use std::collections::BTreeMap;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use wabinary::NodeRef;
use wabinary::stanza::{CallAckRef, CallReceiptRef, Direction};
use wabinary_calls::report::{Clock, Stamp};

use super::clients::Clients;
use crate::record::Record;

/// The most kinds of stanzas, and the most sources, that are counted apart. A peer may send made-up ones.
const MOST: usize = 500;

/// The tag or source of all others.
const OTHERS: &str = "(others)";

/// The properties by which stanzas are counted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) tag: String,
    pub(super) class: Option<String>,
    pub(super) direction: Option<&'static str>,
}

impl Key {
    /// The direction is that of the capture, otherwise that of the stanza.
    pub(super) fn of(direction: Option<Direction>, node: NodeRef<'_>) -> Self {
        let direction = direction.or_else(|| Direction::of(node)).map(|direction| match direction {
            Direction::Send => "send",
            Direction::Receive => "receive",
        });
        let class = node.attr("class").map(|class| class.to_text().into_owned());
        Self { tag: node.tag().to_owned(), class, direction }
    }
}

/// Whether a stanza is call signalling.
pub(super) fn is_of_call(node: NodeRef<'_>) -> bool {
    match node.tag() {
        "call" => true,
        "ack" => CallAckRef::try_from(node).is_ok(),
        "receipt" => CallReceiptRef::try_from(node).is_ok(),
        _ => false,
    }
}

/// Sizes of frames, in bytes.
#[derive(Clone, Default, Serialize)]
pub(super) struct Sizes {
    pub(super) frames: u64,
    pub(super) total: u64,
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
}

impl Sizes {
    fn add(&mut self, size: Option<u64>) {
        let Some(size) = size else { return };
        self.frames += 1;
        self.total = self.total.saturating_add(size);
        self.min = Some(self.min.map_or(size, |min| min.min(size)));
        self.max = self.max.max(Some(size));
    }
}

/// Stanzas of one kind.
#[derive(Default)]
pub(super) struct Group {
    pub(super) count: u64,
    pub(super) bytes: Sizes,
}

/// Failures of one kind, and the place of the first.
#[derive(Serialize)]
pub(super) struct Error {
    pub(super) kind: &'static str,
    pub(super) count: u64,
    pub(super) frame: u64,
    pub(super) line: Option<u64>,
}

/// The first and last time by a clock of a file, in microseconds.
pub(super) struct Span {
    pub(super) clock: Clock,
    pub(super) first: i64,
    pub(super) last: i64,
}

impl Span {
    pub(super) fn seconds(&self) -> f64 {
        self.last.saturating_sub(self.first) as f64 / 1e6
    }
}

#[derive(Default)]
pub(super) struct Counts {
    pub(super) records: u64,
    pub(super) failed: u64,
    pub(super) of_calls: u64,
    pub(super) bytes: Sizes,
    pub(super) groups: BTreeMap<Key, Group>,
    pub(super) errors: BTreeMap<&'static str, Error>,
    pub(super) spans: BTreeMap<(u32, &'static str), Span>,
    pub(super) without_time: u64,
    pub(super) dictionaries: BTreeMap<u8, u64>,
    pub(super) fidelity: BTreeMap<&'static str, u64>,
    pub(super) sources: BTreeMap<String, u64>,
    /// The detected forms of the inputs.
    pub(super) forms: BTreeMap<&'static str, u64>,
    pub(super) clients: Clients,
}

impl Counts {
    /// Counts the properties that every record has.
    pub(super) fn record(&mut self, record: &Record, size: Option<u64>, dictionary: u8) {
        self.records += 1;
        *self.forms.entry(record.form.says()).or_default() += 1;
        self.bytes.add(size);
        if size.is_some() {
            *self.dictionaries.entry(dictionary).or_default() += 1;
        }
        match record.head.stamp {
            Some(Stamp { clock, micros }) => {
                let new = Span { clock, first: micros, last: micros };
                let span = self.spans.entry((record.head.file, name(clock))).or_insert(new);
                (span.first, span.last) = (span.first.min(micros), span.last.max(micros));
            }
            None => self.without_time += 1,
        }
        *self.fidelity.entry(record.read.fidelity.name().unwrap_or("bytes")).or_default() += 1;
        if let Some(source) = record.read.source.as_deref() {
            let is_known = self.sources.len() < MOST || self.sources.contains_key(source);
            *self.sources.entry(if is_known { source } else { OTHERS }.to_owned()).or_default() += 1;
        }
    }

    pub(super) fn stanza(&mut self, key: Key, is_of_call: bool, size: Option<u64>) {
        self.of_calls += u64::from(is_of_call);
        let is_known = self.groups.len() < MOST || self.groups.contains_key(&key);
        let others = || Key { tag: OTHERS.to_owned(), class: None, direction: None };
        let group = self.groups.entry(if is_known { key } else { others() }).or_default();
        group.count += 1;
        group.bytes.add(size);
    }

    pub(super) fn failure(&mut self, first: Error) {
        self.failed += 1;
        self.errors.entry(first.kind).or_insert(first).count += 1;
    }

    /// The groups, the largest first.
    pub(super) fn by_count(&self) -> Vec<(&Key, &Group)> {
        let mut groups: Vec<_> = self.groups.iter().collect();
        groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.count));
        groups
    }

    /// The share of call signalling in the readable frames, from 0 to 1.
    pub(super) fn share_of_calls(&self) -> f64 {
        match self.records - self.failed {
            0 => 0.0,
            read => self.of_calls as f64 / read as f64,
        }
    }
}

fn name(clock: Clock) -> &'static str {
    match clock {
        Clock::Unix => "unix",
        Clock::Local => "local",
        Clock::Day => "day",
        Clock::Monotonic => "monotonic",
    }
}

#[derive(Serialize)]
struct Calls {
    stanzas: u64,
    share: f64,
}

#[derive(Serialize)]
struct Row<'a> {
    tag: &'a str,
    class: Option<&'a str>,
    direction: Option<&'static str>,
    count: u64,
    bytes: &'a Sizes,
}

#[derive(Serialize)]
struct SpanRow {
    file: u32,
    clock: &'static str,
    first: f64,
    last: f64,
    seconds: f64,
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = self.by_count().into_iter().map(|(Key { tag, class, direction }, group)| Row {
            tag,
            class: class.as_deref(),
            direction: *direction,
            count: group.count,
            bytes: &group.bytes,
        });
        let spans = self.spans.iter().map(|((file, clock), span)| SpanRow {
            file: *file,
            clock,
            first: span.first as f64 / 1e6,
            last: span.last as f64 / 1e6,
            seconds: span.seconds(),
        });
        let mut object = serializer.serialize_struct("Summary", 13)?;
        object.serialize_field("records", &self.records)?;
        object.serialize_field("failed", &self.failed)?;
        object.serialize_field("calls", &Calls { stanzas: self.of_calls, share: self.share_of_calls() })?;
        object.serialize_field("bytes", &self.bytes)?;
        object.serialize_field("spans", &spans.collect::<Vec<_>>())?;
        object.serialize_field("without_time", &self.without_time)?;
        object.serialize_field("stanzas", &rows.collect::<Vec<_>>())?;
        object.serialize_field("errors", &self.errors.values().collect::<Vec<_>>())?;
        object.serialize_field("dictionaries", &self.dictionaries)?;
        object.serialize_field("fidelity", &self.fidelity)?;
        object.serialize_field("sources", &self.sources)?;
        object.serialize_field("forms", &self.forms)?;
        object.serialize_field("clients", &self.clients.hints())?;
        object.end()
    }
}
