//! The row of one stanza, and when the caller gets it.

use wabinary::stanza::{CallStanzaRef, Direction};

use super::answer::address;
use super::{AnswerReport, More, Nearly, Seen};
use crate::ledger::Entry;

/// What happens to the rows of settled stanzas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// The report keeps at most this many rows; [`Report::rows_left_out`](super::Report::rows_left_out) counts the
    /// others.
    Kept(usize),
    /// The caller [takes](super::ReportBuilder::take_settled) rows once they cannot change. Memory does not grow with
    /// them.
    Taken,
    /// The caller takes rows as soon as they are settled. Later answers are in no row.
    TakenAtOnce,
}

/// The data of a stanza besides its entry in the ledger.
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
    /// The outline of the call stanza.
    pub(super) fn call(&self) -> Option<CallStanzaRef<'_>> {
        CallStanzaRef::try_from(self.outline()).ok()
    }
}
