//! What is kept for a stanza, and what becomes of it.

use wabinary::stanza::{CallStanzaRef, Direction};

use super::answer::address;
use super::{AnswerReport, More, Nearly, Seen};
use crate::ledger::Entry;

/// What becomes of the rows of stanzas that are settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// The report has them, but not more than so many; [`Report::rows_left_out`](super::Report::rows_left_out) counts the
    /// others.
    Kept(usize),
    /// The caller [takes](super::ReportBuilder::take_settled) them once nothing more is expected of them: memory does not grow with them.
    Taken,
    /// The caller takes them as soon as they are settled. Answers that come later are in no row.
    TakenAtOnce,
}

/// What is kept for a stanza beside its entry in the ledger.
#[derive(Clone, Default)]
pub(super) struct Row {
    pub(super) sent: Vec<Seen>,
    pub(super) answers: Vec<AnswerReport>,
    pub(super) more: More,
    pub(super) is_settled: bool,
    /// Whether the caller has its row.
    pub(super) is_taken: bool,
    /// The connection of the last answer.
    pub(super) answered_in: u64,
    /// Whether the server ended the stream over it.
    pub(super) ended_stream: bool,
}

impl Nearly {
    pub(super) fn of(entry: &Entry<Row>) -> Self {
        let node = entry.outline();
        let name = if entry.direction() == Some(Direction::Receive) { "from" } else { "to" };
        Self {
            frame: entry.data.sent.first().map_or(0, |seen| seen.frame),
            action: entry.call().and_then(CallStanzaRef::action_node).map(|action| action.tag().into()),
            peer: address(node.get_opt(name), node, name),
        }
    }
}

impl Entry<Row> {
    /// The call stanza, as far as it is kept.
    pub(super) fn call(&self) -> Option<CallStanzaRef<'_>> {
        CallStanzaRef::try_from(self.outline()).ok()
    }
}
