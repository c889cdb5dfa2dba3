//! The survey of one capture.

use std::collections::HashSet;
use std::convert::Infallible;

use wabinary::stanza::{CallAckRef, Direction};
use wabinary::{JidRef, NodeRef};

use super::Question;
use super::facts::{Facts, Tally};
use super::recorded::{Fidelity, Recorded};
use crate::report::{AnswerReport, Decided, Record, Report, ReportBuilder, Selection, StanzaReport};
use crate::{AnswerKind, Outcome, Timeouts};

/// Takes the records of one capture.
pub struct CaptureSurvey {
    builder: ReportBuilder,
    facts: Facts,
    /// Acks and receipts that were counted, by direction and id.
    counted: HashSet<CountedKey>,
    /// The fidelity of the latest record.
    fidelity: Fidelity,
    has_sent: bool,
    has_received: bool,
    drops_acks: bool,
    loses_order: bool,
}

type CountedKey = (AnswerKind, Option<Direction>, Box<str>);

const ONE_DIRECTION: &str = "only one direction was recorded";
const DROPS_ACKS: &str = "the recorder drops acks without content, and some are missing";
const LOSES_ORDER: &str = "the log does not keep the order of attributes";

impl Default for CaptureSurvey {
    fn default() -> Self {
        Self {
            builder: ReportBuilder::new(Selection::default(), Timeouts::default()),
            facts: Facts::default(),
            counted: HashSet::new(),
            fidelity: Fidelity::Bytes,
            has_sent: false,
            has_received: false,
            drops_acks: false,
            loses_order: false,
        }
    }
}

impl CaptureSurvey {
    /// Adds a record with a tree.
    pub fn add(&mut self, record: &Record, node: NodeRef<'_>, recorded: Recorded<'_>) {
        self.note(recorded);
        match record.direction.or_else(|| Direction::of(node)) {
            Some(Direction::Send) => self.has_sent = true,
            Some(Direction::Receive) => self.has_received = true,
            None => {}
        }
        let Self { builder, facts, counted, fidelity, .. } = self;
        let added = builder.add(record, node, &mut |decided| {
            facts.count_answer(&decided, *fidelity, counted);
            Ok::<_, Infallible>(())
        });
        // An ack without an id answers no stanza, so it shows nothing.
        let Ok(_) = added;
    }

    /// Adds a record that could not be read.
    pub fn failed(&mut self, record: &Record, recorded: Recorded<'_>) {
        self.note(recorded);
        let Ok(()) = self.builder.failed(record, &mut |_| Ok::<_, Infallible>(()));
    }

    fn note(&mut self, recorded: Recorded<'_>) {
        self.fidelity = recorded.fidelity;
        self.facts.records = self.facts.records.saturating_add(1);
        let count = self.facts.fidelity.entry(recorded.fidelity).or_default();
        *count = count.saturating_add(1);
        let technique = recorded.source.unwrap_or("frames");
        if !self.facts.techniques.contains(technique) {
            self.facts.techniques.insert(technique.to_owned());
        }
        self.drops_acks |= recorded.drops_acks;
        self.loses_order |= recorded.fidelity != Fidelity::Bytes;
    }

    pub(super) fn finish(self) -> Facts {
        let Self { builder, mut facts, mut counted, fidelity, has_sent, has_received, drops_acks, loses_order } = self;
        let finished = builder.finish(&mut |decided| {
            facts.count_answer(&decided, fidelity, &mut counted);
            Ok::<_, Infallible>(())
        });
        let Ok(report) = finished;
        facts.count_stanzas(&report);
        facts.set_limits(has_sent && has_received, drops_acks, loses_order);
        facts
    }
}

impl Facts {
    fn tally(&mut self, question: Question) -> &mut Tally {
        self.tallies.entry(question).or_default()
    }

    fn count_stanzas(&mut self, report: &Report) {
        let has_receipts = self.tally(Question::CallReceipt).count("receipts") > 0;
        for stanza in report.calls.iter().flat_map(|call| &call.stanzas) {
            let is_acked = stanza.count(AnswerKind::Ack) > 0;
            if !stanza.answers.is_empty() && !has_receipts {
                self.tally(Question::CallReceipt).add("answered");
            }
            match stanza.direction {
                Some(Direction::Receive) => {
                    let is_receipted = stanza.count(AnswerKind::Receipt) > 0;
                    let became = if is_acked {
                        "acked"
                    } else if is_receipted {
                        "receipted"
                    } else {
                        "unanswered"
                    };
                    self.tally(Question::DeviceAcks).add(became);
                }
                Some(Direction::Send) => self.count_sent(stanza, is_acked),
                None => {}
            }
        }
    }

    /// Counts an ack or a receipt, but not its repetitions.
    fn count_answer(&mut self, decided: &Decided<'_>, fidelity: Fidelity, counted: &mut HashSet<CountedKey>) {
        let Decided { node, direction, answer, .. } = decided;
        let id = node.get_opt::<&str>("id").ok().flatten().unwrap_or_default();
        if !counted.insert((answer.kind, *direction, id.into())) {
            return;
        }
        if answer.kind == AnswerKind::Receipt {
            if answer.evidence.call_id.is_some() {
                self.tally(Question::CallReceipt).add("receipts");
            }
            return;
        }
        let order = || node.attrs().map(|(name, _)| name).collect::<Vec<_>>().join(" ");
        match direction {
            Some(Direction::Receive) if fidelity == Fidelity::Bytes => {
                self.tally(Question::AttributeOrder).add(&order())
            }
            Some(Direction::Send) if fidelity == Fidelity::Bytes => _ = self.clients.insert(order()),
            _ => {}
        }
        if matches!(answer.outcome, Outcome::Refused | Outcome::PartlyRefused) {
            count_refusal(self, *node, answer);
        }
    }

    fn count_sent(&mut self, stanza: &StanzaReport, is_acked: bool) {
        if is_acked || stanza.outcome != Outcome::Pending {
            let action = stanza.action.as_deref().unwrap_or("none");
            let tally = self.acked.entry(action.to_owned()).or_default();
            tally.add(if is_acked { "acked" } else { "not-acked" });
        }
        let mut seen = HashSet::new();
        for ack in stanza.answers.iter().filter(|answer| answer.kind == AnswerKind::Ack) {
            // One ack may arrive twice.
            if seen.insert(&ack.from) {
                self.tally(Question::AckFrom).add(sender(ack, stanza));
            }
        }
    }

    /// Marks the questions that this way of recording cannot answer.
    fn set_limits(&mut self, has_both: bool, drops_acks: bool, loses_order: bool) {
        let of_acks = |tally: &Tally| {
            let is_complete = tally.count("acked") == tally.n();
            match (has_both, drops_acks && !is_complete) {
                (false, _) => Some(ONE_DIRECTION),
                (true, true) => Some(DROPS_ACKS),
                (true, false) => None,
            }
        };
        if let Some(tally) = self.tallies.get_mut(&Question::DeviceAcks) {
            tally.cannot_tell = of_acks(tally);
        }
        for tally in self.acked.values_mut() {
            tally.cannot_tell = of_acks(tally);
        }
        if loses_order {
            let order = self.tally(Question::AttributeOrder);
            if order.n() == 0 {
                order.cannot_tell = Some(LOSES_ORDER);
            }
        }
    }
}

/// The kind of address that an ack of a sent call comes from.
fn sender(ack: &AnswerReport, stanza: &StanzaReport) -> &'static str {
    let Some(from) = ack.from.as_deref() else { return "absent" };
    match (JidRef::parse(from), stanza.to.as_deref().map(JidRef::parse)) {
        (Ok(from), Some(Ok(to))) if from == to => "peer",
        (Ok(from), _) if from.user().is_none() => "server",
        _ => "other",
    }
}

fn count_refusal(facts: &mut Facts, node: NodeRef<'_>, answer: &AnswerReport) {
    let Ok(ack) = CallAckRef::try_from(node) else { return };
    let has_child = node.child("error").is_some();
    facts.tally(Question::ErrorChild).add(if has_child { "error-child" } else { "without" });
    let is_code = |node: NodeRef<'_>, name| {
        node.get_opt::<&str>(name).ok().flatten().is_some_and(|code| !matches!(code, "" | "0"))
    };
    let in_child = |child: NodeRef<'_>| is_code(child, "error") || (child.tag() == "error" && is_code(child, "code"));
    let place = match (is_code(ack.node(), "error"), node.descendants().any(in_child)) {
        (true, true) => "both",
        (true, false) => "attribute",
        (false, true) => "child",
        (false, false) => "none",
    };
    facts.tally(Question::ErrorCodePlace).add(place);
    let of_children = || {
        node.descendants().find_map(|child| {
            let code = |name| child.get_opt::<&str>(name).ok().flatten().filter(|code| !matches!(*code, "" | "0"));
            code("error").or_else(|| if child.tag() == "error" { code("code") } else { None })
        })
    };
    if let Some(code) = answer.error.as_ref().map(ToString::to_string).or_else(|| of_children().map(str::to_owned)) {
        facts.tally(Question::ErrorCodes).add(&code);
    }
}
