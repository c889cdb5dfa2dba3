//! The evidence of one capture.

use std::collections::{BTreeMap, BTreeSet};

use super::Question;
use super::recorded::Fidelity;

/// The counts of one capture.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) records: u64,
    pub(super) fidelity: BTreeMap<Fidelity, u64>,
    pub(super) techniques: BTreeSet<String>,
    pub(super) clients: BTreeSet<String>,
    pub(super) tallies: BTreeMap<Question, Tally>,
    /// For each action.
    pub(super) acked: BTreeMap<String, Tally>,
}

/// The counts for one question.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) counts: BTreeMap<String, u64>,
    /// Why the capture cannot answer the question.
    pub(super) cannot_tell: Option<&'static str>,
}

impl Tally {
    pub(super) fn add(&mut self, name: &str) {
        match self.counts.get_mut(name) {
            Some(count) => *count = count.saturating_add(1),
            None => drop(self.counts.insert(name.to_owned(), 1)),
        }
    }

    /// The number of receipts if there are any, else the sum of the counts.
    pub(super) fn n(&self) -> u64 {
        match self.counts.get("receipts") {
            Some(&receipts) => receipts,
            None => self.counts.values().sum(),
        }
    }

    pub(super) fn count(&self, name: &str) -> u64 {
        self.counts.get(name).copied().unwrap_or(0)
    }
}
