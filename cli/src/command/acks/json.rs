//! The report as JSON: lines, or one document.

use std::io::{self, Write};

use serde::Serialize;
use wabinary::NodeRef;
use wabinary::stanza::{CallAckRef, CallReceiptRef, redacted};

use super::ack_json::{AckJson, ReceiptJson};
use super::analysis::{Analysis, Decided};
use super::report::{Event, Evidence, Finding, Kind, Outcome, Report, seconds};
use super::{failure_of, of_record};
use crate::json_output::{Stdout, stdout};
use crate::pipeline::Output;
use crate::record::{Direction, Failure, Record};

/// Acks and receipts are written when it is known what they answer, so that they do not pile up; call stanzas at the end.
pub(super) struct Json {
    analysis: Analysis,
    file: File,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// An object a line.
    Lines,
    /// One object, in which they are lines of arrays.
    Document,
}

impl Json {
    pub(super) fn new(analysis: Analysis, layout: Layout) -> Self {
        Self { analysis, file: File { out: stdout(), layout, section: None, is_empty: true, text: Vec::new() } }
    }
}

/// The array of the document that lines go to while records are read.
const RECORDS: &str = "records";

impl Output for Json {
    const VERB: &'static str = "read";

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        let Self { analysis, file } = self;
        let mut decided = |decided: Decided<'_>| file.decided(&decided);
        let event = analysis.record(record, &mut decided)?;
        analysis.add(node, event, record.direction, &mut decided).map(failure_of)
    }

    fn failure(&mut self, record: &Record, failure: &Failure) -> io::Result<bool> {
        let Self { analysis, file } = self;
        // A tree that failed was counted when it was looked at.
        analysis.failed(record, &mut |decided| file.decided(&decided))?;
        file.item(RECORDS, &of_record(record, failure)).map(|()| true)
    }

    fn finish(self) -> io::Result<()> {
        let Self { analysis, mut file } = self;
        let report = analysis.finish(&mut |decided| file.decided(&decided))?;
        file.report(report)?;
        file.out.flush()
    }
}

/// An ack or a receipt.
#[derive(Serialize)]
struct Line<'a> {
    stanza: Kind,
    #[serde(flatten)]
    event: &'a Event,
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<Direction>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ack: Option<AckJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ReceiptJson<'a>>,
    /// The frame of the call stanza, where it was first sent.
    answers: Option<u64>,
    action: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mismatch: Option<&'static str>,
    outcome: Outcome,
    /// Of the refusal: that of the ack, or the first that an entry has.
    code: Option<u16>,
    #[serde(rename = "latency_s", serialize_with = "seconds")]
    latency: Option<u64>,
    #[serde(skip_serializing_if = "Evidence::is_empty")]
    evidence: &'a Evidence,
    findings: &'a [Finding],
}

/// What is written, and where in it the writer is.
struct File {
    out: Stdout,
    layout: Layout,
    /// The array that is open.
    section: Option<&'static str>,
    is_empty: bool,
    /// Memory for what is written.
    text: Vec<u8>,
}

impl File {
    fn decided(&mut self, decided: &Decided<'_>) -> io::Result<()> {
        let Decided { node, direction, answer, stanza, .. } = decided;
        let node = redacted(*node);
        let line = Line {
            stanza: answer.kind,
            event: &answer.event,
            direction: *direction,
            ack: CallAckRef::try_from(&node).ok().map(AckJson),
            receipt: CallReceiptRef::try_from(&node).ok().map(ReceiptJson),
            answers: stanza.as_ref().ok().map(|stanza| stanza.frame()),
            action: stanza.as_ref().ok().and_then(|stanza| stanza.view().action_node()).map(NodeRef::tag),
            mismatch: stanza.as_ref().err().map(|mismatch| mismatch.name()),
            outcome: answer.outcome,
            code: answer.error,
            latency: answer.latency,
            evidence: &answer.evidence,
            findings: &answer.findings,
        };
        self.item(RECORDS, &line)
    }

    fn report(&mut self, report: Report) -> io::Result<()> {
        let Report { calls, unmatched, peers, latencies, totals } = report;
        if self.layout == Layout::Lines {
            return calls.iter().flat_map(|call| &call.stanzas).try_for_each(|stanza| self.item("calls", stanza));
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
        self.close()?;
        self.out.write_all(b",\n\"totals\":")?;
        serde_json::to_writer(&mut self.out, &totals)?;
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
        serde_json::to_writer(&mut self.text, value)?;
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
