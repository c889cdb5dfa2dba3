//! What a tracker tells.

use std::time::Duration;

use crate::stanza::{CallEvidence, CallStanza, CallStanzaRef, MatchedBy, Mismatch, Outcome};

/// What an ack or receipt that came in means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// The first answer to a stanza, which waits no longer. Its [`outcome`](Answer::outcome) may be a refusal.
    Answered(Answer),
    /// A further answer to a stanza that was answered: to be expected if it was sent several times
    /// ([`Answer::is_expected`]), else a duplicate.
    Repeated(Answer),
    /// A device has the stanza, as its receipt tells. Whether the stanza still waits for its ack, this does not change.
    Delivered(Answer),
    /// It answers nothing that is known. WhatsApp Web logs such an ack and goes on.
    Unmatched(
        /// What did not fit: the `id`, or with the same `id` something else.
        Mismatch,
    ),
    /// It is neither a call ack nor a call's receipt.
    Other,
}

/// An answer, and what it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The stanza as it was registered. Of one that was answered before, only addresses, `id`, action, `call-id` and
    /// `call-creator` are kept.
    pub stanza: CallStanza,
    /// What became of it. A receipt refuses nothing.
    pub outcome: Outcome,
    /// The id of the call, if anything names it.
    pub call_id: Option<String>,
    /// What names it.
    pub found_in: Option<CallEvidence>,
    /// By what the answer belongs to the stanza.
    pub matched_by: MatchedBy,
    /// Whether it is a receipt.
    pub is_receipt: bool,
    /// From when the stanza was first sent until now.
    pub latency: Duration,
    /// From when it was last sent. The same as `latency`, unless it was sent several times; then none can tell which of them
    /// is answered.
    pub since_last_send: Duration,
    /// How often the stanza was sent.
    pub sends: u32,
    /// How many answers it has got, this one included; of a delivery without it.
    pub answers: u32,
}

impl Answer {
    /// Whether there are not more answers than sends.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.answers <= self.sends
    }
}

/// What became of registering a stanza.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registered {
    /// How often the stanza was sent, this time included.
    pub sends: u32,
    /// A stanza that waited and had to give way. It will not be sent again, and its ack will match nothing.
    pub evicted: Option<CallStanza>,
}

/// A stanza that waits for its answer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Pending<'a> {
    /// The stanza.
    pub stanza: CallStanzaRef<'a>,
    /// When it was first sent.
    pub first_sent: Duration,
    /// When it was last sent.
    pub last_sent: Duration,
    /// How often it was sent.
    pub sends: u32,
    /// From when on it is overdue.
    pub deadline: Duration,
}
