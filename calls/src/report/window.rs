//! The stanzas of a capture that may still get answers. Without this limit, memory would grow with the capture.

use std::collections::VecDeque;

use crate::ledger::{EntryId, Ledger};

/// The most settled stanzas that may get further answers: the latest.
const SETTLED: usize = 1 << 12;
/// The most stanzas that may wait for their first answer.
const WAITING: usize = 1 << 16;

/// The stanzas that stay in the ledger.
#[derive(Default)]
pub(super) struct Window {
    /// In the order in which they were settled.
    settled: VecDeque<EntryId>,
    /// Stanzas before it do not wait.
    first_waiting: EntryId,
}

/// A stanza that leaves the ledger.
pub(super) enum Leaving {
    Settled(EntryId),
    /// It waited, but too many others did too.
    Waiting(EntryId),
}

impl Window {
    /// Notes a stanza that was answered, or that has no id.
    pub(super) fn settled(&mut self, entry: EntryId) {
        self.settled.push_back(entry);
    }

    /// The next stanza that must leave.
    pub(super) fn leaving<T>(&mut self, ledger: &Ledger<T>) -> Option<Leaving> {
        if self.settled.len() > SETTLED {
            return self.settled.pop_front().map(Leaving::Settled);
        }
        if ledger.len().saturating_sub(self.settled.len()) <= WAITING {
            return None;
        }
        self.first_waiting = ledger.first_waiting(self.first_waiting)?;
        Some(Leaving::Waiting(self.first_waiting))
    }
}
