//! What a capture shows about the answers to call stanzas, as data.
//!
//! A [`ReportBuilder`] takes the records of a capture and returns a [`Report`]. It is a [`Ledger`](crate::Ledger) that
//! also handles what only captures have: answers before their stanza, times by several clocks, failed records. A report
//! contains no secrets.

use wabinary::stanza::{AckFinding, AckRule, CallEvidence, Direction, KnownCode};

mod answer;
mod builder;
mod cause;
mod clocks;
mod early;
mod finish;
mod latency;
mod others;
mod peers;
mod row;
mod selection;
#[cfg(feature = "serde")]
mod serde;
mod server_then;
mod strays;
mod stream;
mod tally;
mod window;

pub use builder::{Decided, Record, ReportBuilder};
pub use cause::Cause;
pub use clocks::{Clock, Stamp, Time};
pub use latency::Latencies;
pub use others::{ClassCounts, ClassReport, NeverAcked, OtherRefusal};
pub use peers::Peer;
pub use row::Rows;
pub use selection::Selection;
pub use server_then::{ServerThen, StreamEnd};

use crate::{AnswerKind, Code, MatchedBy, Mismatch, Outcome};
use clocks::Moment;

/// The report on a capture.
#[derive(Debug)]
pub struct Report {
    /// The calls, in the order in which they begin.
    pub calls: Vec<CallReport>,
    /// The first acks and receipts that answer nothing in the capture.
    pub unmatched: Vec<Stray>,
    /// The answers of each side: this device first, then others by address.
    pub peers: Vec<Peer>,
    /// How long answers take: for each direction all actions together, then each action.
    pub latencies: Vec<Latencies>,
    /// When the capture starts, if one of its clocks knows the date.
    pub start: Option<Stamp>,
    /// The first refused acks of other classes.
    pub refused_others: Vec<OtherRefusal>,
    /// The stanzas sent and answered, by class, if the builder counts classes.
    pub classes: Vec<ClassReport>,
    /// Stanzas that this device got and never answered, of the classes that the builder counts.
    pub never_acked: Vec<NeverAcked>,
    /// The first stream errors that name an ack of another class, or an ack of a stanza that is not in the capture.
    pub stream_ends: Vec<StreamEnd>,
    /// The selection that the builder was given.
    pub selection: Selection,
    /// Counts.
    pub totals: Totals,
    /// How many selected stanzas have no row: see [`ReportBuilder::with_rows`].
    pub rows_left_out: u64,
    /// How many stanzas count as unanswered because too many others waited too.
    pub given_up: u64,
}

/// The stanzas of a call, in the order in which they were first sent.
#[derive(Debug)]
pub struct CallReport {
    /// `None` for stanzas without a call, such as requests about links.
    pub call_id: Option<Box<str>>,
    /// The device that began the call.
    pub call_creator: Option<Box<str>>,
    /// The direction of its first stanza.
    pub direction: Option<Direction>,
    /// The other side of its first stanza.
    pub peer: Option<Box<str>>,
    /// The worst outcome of its stanzas.
    pub outcome: Outcome,
    /// The code of that refusal.
    pub error: Option<Code>,
    /// The cause of the failure, if the call failed.
    pub cause: Option<Cause>,
    /// Its selected stanzas. All other fields cover all its stanzas.
    pub stanzas: Vec<StanzaReport>,
    /// The frames of acks and receipts that name the call and answer none of its stanzas here.
    pub unmatched: Vec<u64>,
}

/// A call stanza with its answers.
#[derive(Debug)]
pub struct StanzaReport {
    /// The record in which it was first sent.
    pub seen: Seen,
    /// Its direction, as seen from the device that captured.
    pub direction: Option<Direction>,
    /// `id`.
    pub id: Option<Box<str>>,
    /// The tag of the action.
    pub action: Option<Box<str>>,
    /// `call-id`, as the stanza has it.
    pub call_id: Option<Box<str>>,
    /// `call-creator`, as the stanza has it.
    pub call_creator: Option<Box<str>>,
    /// `from`.
    pub from: Option<Box<str>>,
    /// `to`.
    pub to: Option<Box<str>>,
    /// `participant`.
    pub participant: Option<Box<str>>,
    /// `reason` of the action: why a device rejects or ends a call.
    pub action_reason: Option<Box<str>>,
    /// The outcome.
    pub outcome: Outcome,
    /// The code of the refusal.
    pub error: Option<Code>,
    /// From the first sending until the first ack, or until the first answer of this device, in microseconds.
    pub latency: Option<u64>,
    /// Why the deciding answer belongs to it, and which call the answer names.
    pub evidence: Option<Evidence>,
    /// Further sendings under the same id: at most a thousand, the last among them.
    pub resent: Vec<Seen>,
    /// Its acks and receipts: at most the first thousand.
    pub answers: Vec<AnswerReport>,
    /// How many sendings and answers these lists leave out.
    pub more: More,
    /// Which of the answers decides the outcome.
    pub decided_by: Option<usize>,
    /// Whether the server ended the stream over it.
    pub ended_stream: bool,
}

impl StanzaReport {
    /// The answer that decides the outcome.
    #[must_use]
    pub fn deciding(&self) -> Option<&AnswerReport> {
        self.answers.get(self.decided_by?)
    }

    /// How many answers of a kind it has.
    #[must_use]
    pub fn count(&self, kind: AnswerKind) -> usize {
        let more = match kind {
            AnswerKind::Ack => self.more.acks,
            AnswerKind::Receipt => self.more.receipts,
        };
        self.answers.iter().filter(|answer| answer.kind == kind).count().saturating_add(more as usize)
    }

    /// How often it was sent.
    #[must_use]
    pub fn sends(&self) -> usize {
        self.resent.len().saturating_add(self.more.sends as usize).saturating_add(1)
    }

    /// The other side: whom it was sent to, or whom it came from.
    #[must_use]
    pub fn peer(&self) -> Option<&str> {
        match self.direction {
            Some(Direction::Receive) => self.from.as_deref(),
            Some(Direction::Send) | None => self.to.as_deref().or(self.from.as_deref()),
        }
    }

    /// The answers that name another action than the stanza's.
    pub fn naming_another(&self) -> impl Iterator<Item = &AnswerReport> {
        let names_another = |finding: &AckFinding| finding.rule() == AckRule::OtherAction;
        self.answers.iter().filter(move |answer| answer.findings.iter().any(names_another))
    }

    /// Whether it was refused in a way that ends the call. A repeated offer that the server already knows does not
    /// count.
    #[must_use]
    pub fn is_failure(&self) -> bool {
        self.outcome == Outcome::Refused && self.error.as_ref().is_none_or(Code::is_refusal)
    }

    /// The entry of its refusal code in the table of known codes.
    #[must_use]
    pub fn reason(&self) -> Option<&'static KnownCode> {
        self.error.as_ref()?.known()
    }
}

/// Sendings and answers of a stanza that are only counted: a million stanzas may share an id.
#[derive(Clone, Copy, Debug, Default)]
pub struct More {
    /// Sendings.
    pub sends: u64,
    /// Acks.
    pub acks: u64,
    /// Receipts.
    pub receipts: u64,
}

/// Where and when a stanza was seen in the capture.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The number of the record, from 0.
    pub frame: u64,
    /// The line of the file, from 1, if the file has lines.
    pub line: Option<u64>,
    /// The time, as the capture gives it.
    pub time: Option<Time>,
    pub(crate) moment: Option<Moment>,
    /// The time since the capture began by the same clock, in microseconds.
    pub since_start: Option<u64>,
    /// The stanza as XML without its secrets, if the builder keeps it.
    pub xml: Option<Box<str>>,
}

/// An ack or a receipt.
#[derive(Clone, Debug)]
pub struct AnswerReport {
    /// Ack or receipt.
    pub kind: AnswerKind,
    /// The record with the answer.
    pub seen: Seen,
    /// `from`.
    pub from: Option<Box<str>>,
    /// `to`.
    pub to: Option<Box<str>>,
    /// `type`: the stanza or action that it says it acknowledges.
    pub typed: Option<Box<str>>,
    /// The outcome of the stanza according to this answer.
    pub outcome: Outcome,
    /// The code of the refusal.
    pub error: Option<Code>,
    /// The `<error>` children, and the refused users and devices.
    pub errors: Box<[ErrorReport]>,
    /// Whether it carries a relay for media.
    pub relay: bool,
    /// From the first sending of the stanza until this answer, in microseconds.
    pub latency: Option<u64>,
    /// Why it belongs to the stanza.
    pub evidence: Evidence,
    /// The findings in it.
    pub findings: Box<[AckFinding]>,
}

/// An `<error>` child, or a refused user or device.
#[derive(Clone, Debug)]
pub struct ErrorReport {
    /// The tag.
    pub element: Box<str>,
    /// Whether the refusal is for one device, and not for its user.
    pub is_of_device: bool,
    /// `code` of an `<error>`, `error` of others.
    pub code: Option<Code>,
    /// `text`.
    pub text: Option<Box<str>>,
    /// `jid`.
    pub jid: Option<Box<str>>,
    /// `call-id`.
    pub call_id: Option<Box<str>>,
}

/// Why an answer is taken to belong to a stanza and to a call.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What the answer and the stanza have in common besides the id.
    pub matched_by: Option<MatchedBy>,
    /// The call that the answer belongs to.
    pub call_id: Option<Box<str>>,
    /// The element or attribute that names the call.
    pub call_found_in: Option<CallEvidence>,
}

/// An ack or a receipt that answers nothing in the capture.
#[derive(Debug)]
pub struct Stray {
    /// The ack or receipt.
    pub answer: AnswerReport,
    /// Its direction.
    pub direction: Option<Direction>,
    /// `id`.
    pub id: Box<str>,
    /// The reason why the nearest stanza does not match.
    pub mismatch: Mismatch,
    /// The stanza that it nearly answers: one with its id and class.
    pub nearly: Option<Nearly>,
    /// Whether it is selected.
    pub(crate) is_selected: bool,
}

/// A call stanza that an answer nearly answers.
#[derive(Clone, Debug)]
pub struct Nearly {
    /// The record in which it was first sent.
    pub frame: u64,
    /// The tag of its action.
    pub action: Option<Box<str>>,
    /// The other side of the stanza.
    pub peer: Option<Box<str>>,
}

/// Counts of a capture.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Records, failed ones included.
    pub records: u64,
    /// Records that could not be read or decoded, and acks of calls without an id.
    pub unreadable: u64,
    /// Calls with a selected stanza or answer. Stanzas without a call do not count.
    pub calls: u64,
    /// The calls that failed.
    pub failed_calls: u64,
    /// Selected call stanzas.
    pub stanzas: u64,
    /// All call stanzas of the capture.
    pub all_stanzas: u64,
    /// Stanzas that were accepted.
    pub accepted: u64,
    /// Accepted stanzas whose ack carries a usable relay.
    pub accepted_with_relay: u64,
    /// Stanzas that were refused.
    pub refused: u64,
    /// Stanzas that were refused for some addressees.
    pub partly_refused: u64,
    /// Stanzas without an answer.
    pub unanswered: u64,
    /// Stanzas over whose ack the server ended the stream.
    pub ack_refused: u64,
    /// Stanzas that may still be answered.
    pub pending: u64,
    /// Stanzas that were sent more than once.
    pub sent_again: u64,
    /// Stanzas that were answered after they were sent again.
    pub answered_after_resend: u64,
    /// Acks of calls.
    pub acks: u64,
    /// Receipts of calls.
    pub receipts: u64,
    /// Acks beyond the number of sendings.
    pub duplicates: u64,
    /// Acks and receipts that answer nothing here.
    pub unmatched: u64,
    /// Acks of receipts, which are not call acks; 0 if there is a selection.
    pub receipt_acks: u64,
    /// Selected refused acks of other classes.
    pub refused_others: u64,
    /// Findings of severity warning and above.
    pub warnings: u64,
    /// The number of clocks; 0 if no record has a readable time.
    pub clocks: usize,
}

impl Totals {
    /// How many stanzas have an outcome.
    #[must_use]
    pub fn of(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Accepted => self.accepted,
            Outcome::Pending => self.pending,
            Outcome::PartlyRefused => self.partly_refused,
            Outcome::Unanswered => self.unanswered,
            Outcome::AckRefused => self.ack_refused,
            Outcome::Refused => self.refused,
        }
    }

    pub(crate) fn count(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Accepted => &mut self.accepted,
            Outcome::Pending => &mut self.pending,
            Outcome::PartlyRefused => &mut self.partly_refused,
            Outcome::Unanswered => &mut self.unanswered,
            Outcome::AckRefused => &mut self.ack_refused,
            Outcome::Refused => &mut self.refused,
        };
        *count = count.saturating_add(1);
    }
}
