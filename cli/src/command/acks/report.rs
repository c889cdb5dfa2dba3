//! What a capture tells about the answers to call stanzas. Built by the [analysis](super::analysis), written as text, JSON
//! or HTML; nothing here is a secret.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use wabinary::stanza::{ErrorCode, Source};

mod cause;
mod latency;
mod peers;

pub(crate) use latency::{Latencies, latencies};
pub(crate) use peers::{Peer, peers};

use super::moment::Moment;
use crate::record::Direction;

/// All of it.
pub(crate) struct Report {
    pub(crate) calls: Vec<Call>,
    /// The first acks and receipts that answer nothing in the capture.
    pub(crate) unmatched: Vec<Stray>,
    pub(crate) peers: Vec<Peer>,
    pub(crate) latencies: Vec<Latencies>,
    pub(crate) totals: Totals,
}

/// The stanzas of a call, in the order in which they were first sent.
#[derive(Serialize)]
pub(crate) struct Call {
    /// `None`: what belongs to no call, such as requests about links.
    pub(crate) call_id: Option<Box<str>>,
    pub(crate) call_creator: Option<Box<str>>,
    /// The direction of its first stanza, and whom that is to or from.
    pub(crate) direction: Option<Direction>,
    pub(crate) peer: Option<Box<str>>,
    /// The worst of its stanzas.
    pub(crate) outcome: Outcome,
    /// Which of them made it so: the code of the first refusal that counts.
    pub(crate) error: Option<u16>,
    pub(crate) stanzas: Vec<Stanza>,
    /// Frames of acks and receipts that name the call and answer none of its stanzas here.
    pub(crate) unmatched: Vec<u64>,
}

/// What became of a stanza, or of the stanzas of a call; the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Accepted,
    /// Not answered, and too young at the end of the capture for that to mean anything.
    Pending,
    PartlyRefused,
    Unanswered,
    Refused,
}

impl Outcome {
    /// The name used in JSON.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Pending => "pending",
            Self::PartlyRefused => "partly_refused",
            Self::Unanswered => "unanswered",
            Self::Refused => "refused",
        }
    }

    pub(crate) const ALL: [Self; 5] =
        [Self::Accepted, Self::Pending, Self::PartlyRefused, Self::Unanswered, Self::Refused];
}

/// A call stanza with its answers.
#[derive(Serialize)]
pub(crate) struct Stanza {
    #[serde(rename = "stanza")]
    pub(crate) kind: Kind,
    /// When it was first sent.
    #[serde(flatten)]
    pub(crate) event: Event,
    pub(crate) direction: Option<Direction>,
    pub(crate) id: Option<Box<str>>,
    pub(crate) action: Option<Box<str>>,
    /// As the stanza has it.
    pub(crate) call_id: Option<Box<str>>,
    #[serde(skip)]
    pub(crate) call_creator: Option<Box<str>>,
    pub(crate) from: Option<Box<str>>,
    pub(crate) to: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) participant: Option<Box<str>>,
    pub(crate) outcome: Outcome,
    pub(crate) error: Option<u16>,
    /// What is known about the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<Reason>,
    /// From the first sending until the first ack, or of what this device got until its first answer.
    #[serde(rename = "latency_s", serialize_with = "seconds")]
    pub(crate) latency: Option<u64>,
    /// By what the answer that decides belongs to the stanza, and which call that names.
    pub(crate) evidence: Option<Evidence>,
    /// Further sendings under the same id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resent: Vec<Event>,
    pub(crate) answers: Vec<Answer>,
    /// Which of the answers decides.
    #[serde(skip)]
    pub(crate) decided_by: Option<usize>,
}

impl Stanza {
    /// The answer that the outcome is from.
    pub(crate) fn deciding(&self) -> Option<&Answer> {
        self.answers.get(self.decided_by?)
    }

    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.answers.iter().filter(|answer| answer.kind == kind).count()
    }

    /// The other side: whom it was sent to, or whom it came from.
    pub(crate) fn peer(&self) -> Option<&str> {
        match self.direction {
            Some(Direction::Receive) => self.from.as_deref(),
            _ => self.to.as_deref().or(self.from.as_deref()),
        }
    }

    /// Whether the refusal means that the call cannot go on. Of an offer that the server knows already, it does not.
    pub(crate) fn is_failure(&self) -> bool {
        self.outcome == Outcome::Refused && self.error != Some(ErrorCode::OfferKnown.number())
    }
}

/// A place in the capture.
#[derive(Clone, Serialize)]
pub(crate) struct Event {
    pub(crate) frame: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
    /// As it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time: Option<Box<RawValue>>,
    #[serde(skip)]
    pub(crate) moment: Option<Moment>,
    /// Since the capture began, by the same clock, in microseconds.
    #[serde(skip)]
    pub(crate) since_start: Option<u64>,
    /// The stanza without its secrets, where that is asked for.
    #[serde(skip)]
    pub(crate) xml: Option<Box<str>>,
}

/// An ack or a receipt.
#[derive(Serialize)]
pub(crate) struct Answer {
    #[serde(rename = "stanza")]
    pub(crate) kind: Kind,
    #[serde(flatten)]
    pub(crate) event: Event,
    pub(crate) from: Option<Box<str>>,
    pub(crate) to: Option<Box<str>>,
    /// What it says was acknowledged.
    #[serde(rename = "type")]
    pub(crate) typed: Option<Box<str>>,
    pub(crate) outcome: Outcome,
    pub(crate) error: Option<u16>,
    /// The `<error>` children.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) errors: Box<[ErrorEntry]>,
    /// Whether it carries a relay that media can go over.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) relay: bool,
    #[serde(rename = "latency_s", serialize_with = "seconds")]
    pub(crate) latency: Option<u64>,
    /// Absent of one that answers nothing here and names no call.
    #[serde(skip_serializing_if = "Evidence::is_empty")]
    pub(crate) evidence: Evidence,
    pub(crate) findings: Box<[Finding]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Call,
    Ack,
    Receipt,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Ack => "ack",
            Self::Receipt => "receipt",
        }
    }
}

#[derive(Serialize)]
pub(crate) struct ErrorEntry {
    pub(crate) code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<Box<str>>,
    pub(crate) jid: Option<Box<str>>,
    pub(crate) call_id: Option<Box<str>>,
}

/// Why things are taken to belong together.
#[derive(Clone, Serialize)]
pub(crate) struct Evidence {
    /// By what the answer belongs to the stanza, beside its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) matched_by: Option<&'static str>,
    /// The call that the answer belongs to.
    pub(crate) call_id: Option<Box<str>>,
    /// What names it.
    pub(crate) call_found_in: Option<&'static str>,
}

impl Evidence {
    pub(crate) fn is_empty(&self) -> bool {
        self.matched_by.is_none() && self.call_id.is_none()
    }
}

#[derive(Clone, Serialize)]
pub(crate) struct Finding {
    pub(crate) rule: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) message: Box<str>,
}

/// What a code means.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Reason {
    pub(crate) name: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) confidence: &'static str,
    #[serde(serialize_with = "source_names")]
    pub(crate) sources: &'static [Source],
}

impl Reason {
    pub(crate) fn of(code: u16) -> Option<Self> {
        let known = ErrorCode::from(code).known()?;
        let (name, meaning, sources) = (known.name, known.meaning, known.sources);
        Some(Self { name, meaning, confidence: known.confidence.name(), sources })
    }
}

fn source_names<S: Serializer>(sources: &[Source], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(sources.iter().map(|source| source.name()))
}

/// An ack or a receipt that answers nothing in the capture.
#[derive(Serialize)]
pub(crate) struct Stray {
    #[serde(flatten)]
    pub(crate) answer: Answer,
    pub(crate) direction: Option<Direction>,
    pub(crate) id: Box<str>,
    /// What did not fit: no stanza has the id, or one has, and its direction or address is another.
    pub(crate) mismatch: &'static str,
}

/// Numbers of stanzas.
#[derive(Default, Serialize)]
pub(crate) struct Totals {
    pub(crate) records: u64,
    /// Records that could not be read, or decoded, or are no call acks for want of an id.
    pub(crate) unreadable: u64,
    pub(crate) calls: u64,
    pub(crate) stanzas: u64,
    pub(crate) accepted: u64,
    /// Of the accepted, those whose ack carries a usable relay.
    pub(crate) accepted_with_relay: u64,
    pub(crate) refused: u64,
    pub(crate) partly_refused: u64,
    pub(crate) unanswered: u64,
    pub(crate) pending: u64,
    pub(crate) sent_again: u64,
    /// Of those sent again, the ones that got an answer after it.
    pub(crate) answered_after_resend: u64,
    pub(crate) acks: u64,
    pub(crate) receipts: u64,
    /// More answers of a kind than sendings.
    pub(crate) duplicates: u64,
    pub(crate) unmatched: u64,
    /// Acks of receipts, which are no call acks; 0 where there is a filter.
    pub(crate) receipt_acks: u64,
    pub(crate) warnings: u64,
    /// Clocks that the times are by; 0 where no record has a time that can be read.
    pub(crate) clocks: usize,
}

impl Totals {
    pub(crate) fn of(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Accepted => self.accepted,
            Outcome::Pending => self.pending,
            Outcome::PartlyRefused => self.partly_refused,
            Outcome::Unanswered => self.unanswered,
            Outcome::Refused => self.refused,
        }
    }

    pub(crate) fn of_outcome(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Accepted => &mut self.accepted,
            Outcome::Pending => &mut self.pending,
            Outcome::PartlyRefused => &mut self.partly_refused,
            Outcome::Unanswered => &mut self.unanswered,
            Outcome::Refused => &mut self.refused,
        }
    }
}

/// Microseconds as seconds.
pub(crate) fn seconds<S: Serializer>(micros: &Option<u64>, serializer: S) -> Result<S::Ok, S::Error> {
    micros.map(|micros| micros as f64 / 1e6).serialize(serializer)
}
