//! Reports as JSON: lines, or one document.

use std::io::{self, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use wabinary::stanza::{CallAckRef, CallReceiptRef, redacted};
use wabinary_calls::report::{Decided, Record, Report, StanzaReport};

use super::ack_json::{AckJson, ReceiptJson};
use crate::json;
use crate::record::serialize_members;

/// Writes a report as JSON. Acks and receipts are written once their stanza is known, so that they do not pile up; call
/// stanzas when the caller [writes](Self::stanza) them, and the rest at the end.
pub struct Json<W> {
    out: W,
    layout: Layout,
    /// The open array.
    section: Option<&'static str>,
    is_empty: bool,
    /// A buffer for the output.
    text: Vec<u8>,
}

/// The layout of a report's JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// An object a line.
    Lines,
    /// One object with arrays of these objects.
    Document,
}

/// The array of the document for lines that are written while records are read.
const RECORDS: &str = "records";

impl<W: Write> Json<W> {
    /// Writes to `out`.
    pub fn new(out: W, layout: Layout) -> Self {
        Self { out, layout, section: None, is_empty: true, text: Vec::new() }
    }

    /// Writes an ack or a receipt.
    ///
    /// # Errors
    /// The error of the output.
    pub fn answer(&mut self, decided: &Decided<'_>) -> io::Result<()> {
        self.item(RECORDS, &Line(decided))
    }

    /// Writes a settled stanza, if the layout is lines. In a document it belongs to its call.
    ///
    /// # Errors
    /// The error of the output.
    pub fn stanza(&mut self, stanza: &StanzaReport) -> io::Result<()> {
        if self.layout == Layout::Lines { self.item("calls", stanza) } else { Ok(()) }
    }

    /// Writes a record that failed.
    ///
    /// # Errors
    /// The error of the output.
    pub fn failed(&mut self, record: &Record, failure: &impl Serialize) -> io::Result<()> {
        self.item(RECORDS, &Failed { record, failure })
    }

    /// Writes the rest of the report.
    ///
    /// # Errors
    /// The error of the output.
    pub fn finish(mut self, report: &Report) -> io::Result<W> {
        self.report(report)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn report(&mut self, report: &Report) -> io::Result<()> {
        let Report { calls, unmatched, peers, latencies, totals, .. } = report;
        let Report { refused_others, classes, never_acked, stream_ends, .. } = report;
        if self.layout == Layout::Lines {
            calls.iter().flat_map(|call| &call.stanzas).try_for_each(|stanza| self.item("calls", stanza))?;
            return refused_others.iter().try_for_each(|refusal| self.item("refused_others", refusal));
        }
        self.open(RECORDS)?;
        self.open("calls")?;
        calls.iter().try_for_each(|call| self.item("calls", call))?;
        self.open("unmatched")?;
        unmatched.iter().try_for_each(|stray| self.item("unmatched", stray))?;
        self.open("peers")?;
        peers.iter().try_for_each(|peer| self.item("peers", peer))?;
        self.open("latencies")?;
        latencies.iter().try_for_each(|latencies| self.item("latencies", latencies))?;
        self.open("refused_others")?;
        refused_others.iter().try_for_each(|refusal| self.item("refused_others", refusal))?;
        if !classes.is_empty() {
            self.open("classes")?;
            classes.iter().try_for_each(|class| self.item("classes", class))?;
            self.open("never_acked")?;
            never_acked.iter().try_for_each(|never| self.item("never_acked", never))?;
        }
        if !stream_ends.is_empty() {
            self.open("stream_ends")?;
            stream_ends.iter().try_for_each(|end| self.item("stream_ends", end))?;
        }
        self.close()?;
        self.out.write_all(b",\n\"totals\":")?;
        json::to_writer(&mut self.out, totals)?;
        self.out.write_all(b"}\n")
    }

    /// Writes an element of an array, or a line.
    fn item(&mut self, section: &'static str, value: &impl Serialize) -> io::Result<()> {
        self.text.clear();
        if self.layout == Layout::Document {
            self.open(section)?;
            self.text.extend(if self.is_empty { &b"\n"[..] } else { b",\n" });
        }
        self.is_empty = false;
        json::to_writer(&mut self.text, value)?;
        if self.layout == Layout::Lines {
            self.text.push(b'\n');
        }
        self.out.write_all(&self.text)
    }

    /// Begins an array of the document, unless it has begun.
    fn open(&mut self, section: &'static str) -> io::Result<()> {
        if self.section == Some(section) {
            return Ok(());
        }
        let start = if self.section.is_some() { ",\n" } else { "{" };
        self.close()?;
        write!(self.out, "{start}\"{section}\":[")?;
        (self.section, self.is_empty) = (Some(section), true);
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        match (self.section, self.is_empty) {
            (None, _) => Ok(()),
            (Some(_), true) => self.out.write_all(b"]"),
            (Some(_), false) => self.out.write_all(b"\n]"),
        }
    }
}

/// An ack or a receipt.
struct Line<'a>(&'a Decided<'a>);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Decided { node, direction, answer, stanza } = self.0;
        let node = redacted(*node);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("stanza", &answer.kind)?;
        let seen = &answer.seen;
        let (frame, line, time, direction) = (seen.frame, seen.line, seen.time.clone(), *direction);
        serialize_members(&Record { frame, line, time, direction, ..Record::default() }, &mut map)?;
        if let Ok(ack) = CallAckRef::try_from(&node) {
            map.serialize_entry("ack", &AckJson(ack))?;
        }
        if let Ok(receipt) = CallReceiptRef::try_from(&node) {
            map.serialize_entry("receipt", &ReceiptJson(receipt))?;
        }
        // The frame in which the call stanza was first sent.
        map.serialize_entry("answers", &stanza.ok().map(|(frame, _)| frame))?;
        map.serialize_entry("action", &stanza.ok().and_then(|(_, action)| action))?;
        if let Err(mismatch) = stanza {
            map.serialize_entry("mismatch", mismatch)?;
        }
        map.serialize_entry("outcome", &answer.outcome)?;
        map.serialize_entry("code", &answer.error)?;
        map.serialize_entry("latency_s", &answer.latency.map(|micros| micros as f64 / 1e6))?;
        if answer.evidence.matched_by.is_some() || answer.evidence.call_id.is_some() {
            map.serialize_entry("evidence", &answer.evidence)?;
        }
        map.serialize_entry("findings", &answer.findings)?;
        map.end()
    }
}

/// A record that failed.
struct Failed<'a, F> {
    record: &'a Record,
    failure: &'a F,
}

impl<F: Serialize> Serialize for Failed<'_, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        serialize_members(self.record, &mut map)?;
        map.serialize_entry("error", self.failure)?;
        map.end()
    }
}
