//! The events of a tracker.

use std::time::Duration;

use wabinary::stanza::{CallEvidence, Direction};
use wabinary::{Node, NodeRef};

use crate::{AnswerKind, MatchedBy, Verdict};

/// An answer, and the stanza that it answers.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The stanza as it was sent; its [outline](crate::Entry::outline), if it was answered before.
    pub stanza: Node,
    /// The outcome of the stanza.
    pub verdict: Verdict,
    /// The id of the call, if anything names it.
    pub call_id: Option<String>,
    /// The element or attribute that names it.
    pub found_in: Option<CallEvidence>,
    /// The evidence that the answer belongs to the stanza, besides the id.
    pub matched_by: MatchedBy,
    /// Ack or receipt.
    pub kind: AnswerKind,
    /// Whether the answer names a known action other than the stanza's.
    pub names_other: bool,
    /// The time since the stanza was first sent.
    pub latency: Duration,
    /// The time since it was last sent. Equal to `latency`, unless it was sent several times; then nobody knows which
    /// sending was answered.
    pub since_last_send: Duration,
    /// How often the stanza was sent.
    pub sends: u32,
    /// How many answers it has, this one included. A delivery does not count.
    pub answers: u32,
}

impl Answer {
    /// Whether there are at most as many answers as sends.
    #[must_use]
    pub fn is_expected(&self) -> bool {
        self.answers <= self.sends
    }
}

impl std::fmt::Debug for Answer {
    /// Shows the tag of the stanza, not its contents: those may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut fields = f.debug_struct("Answer");
        fields.field("stanza", &self.stanza.tag()).field("verdict", &self.verdict).field("call_id", &self.call_id);
        fields.field("found_in", &self.found_in).field("matched_by", &self.matched_by).field("kind", &self.kind);
        fields.field("latency", &self.latency).field("sends", &self.sends).field("answers", &self.answers).finish()
    }
}

/// A stanza that waits for its answer.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Pending<'a> {
    /// The stanza.
    pub stanza: NodeRef<'a>,
    /// The direction of the stanza. A received stanza waits for the answer of this client.
    pub direction: Direction,
    /// When it was first sent.
    pub first_sent: Duration,
    /// When it was last sent.
    pub last_sent: Duration,
    /// How often it was sent.
    pub sends: u32,
    /// The time from which on it is overdue.
    pub deadline: Duration,
}

impl std::fmt::Debug for Pending<'_> {
    /// Shows the tag of the stanza, not its contents: those may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut fields = f.debug_struct("Pending");
        fields.field("stanza", &self.stanza.tag()).field("direction", &self.direction);
        fields.field("first_sent", &self.first_sent).field("last_sent", &self.last_sent);
        fields.field("sends", &self.sends).field("deadline", &self.deadline).finish()
    }
}
