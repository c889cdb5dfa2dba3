//! What the report keeps of stanzas that cannot change any more: counts, facts about their calls, and rows.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use wabinary::stanza::Direction;

use super::cause::has_failed;
use super::latency::Groups;
use super::{AnswerReport, CallReport, Cause, Latencies, Peer, StanzaReport, Stray};
use crate::ledger::EntryId;
use crate::{Code, Outcome};

/// The counts, calls and rows for the report.
pub(super) struct Tally {
    /// The most rows that are kept.
    pub(super) most_rows: usize,
    /// Rows, each with the number of its stanza.
    rows: Vec<(EntryId, StanzaReport)>,
    calls: HashMap<Option<Box<str>>, Head>,
    peers: BTreeMap<Option<Box<str>>, Peer>,
    latencies: Groups,
    /// How many rows were left out.
    pub(super) left_out: u64,
    /// The calls of rows that were left out, and whether they failed.
    calls_left_out: HashMap<u64, bool>,
}

/// The most calls without a row that are kept: a later stanza of such a call may have a row.
const WITHOUT_ROW: usize = 1 << 12;

/// The facts about a call besides its rows.
struct Head {
    /// Its first stanza; `None` if only answers name it.
    first: Option<EntryId>,
    call_creator: Option<Box<str>>,
    direction: Option<Direction>,
    peer: Option<Box<str>>,
    /// The worst outcome, and the first stanza that has it.
    outcome: Outcome,
    worst: EntryId,
    error: Option<Code>,
    cause: Option<Cause>,
}

impl Tally {
    pub(super) fn new() -> Self {
        Self {
            most_rows: usize::MAX,
            rows: Vec::new(),
            calls: HashMap::new(),
            peers: BTreeMap::new(),
            latencies: Groups::default(),
            left_out: 0,
            calls_left_out: HashMap::new(),
        }
    }

    /// Counts a stanza that is selected.
    pub(super) fn count(&mut self, stanza: &StanzaReport) {
        Peer::count(&mut self.peers, stanza);
        self.latencies.add(stanza);
    }

    /// Adds a stanza, and its row if the stanza is selected.
    pub(super) fn take(&mut self, entry: EntryId, stanza: StanzaReport, is_selected: bool) {
        let call_id = call_of(&stanza);
        let has_row = is_selected && self.rows.len() < self.most_rows;
        let is_known = has_row || self.calls.contains_key(&call_id);
        if is_known || self.calls.len() < self.rows.len().saturating_add(WITHOUT_ROW) {
            self.calls.entry(call_id.clone()).or_insert_with(Head::new).add(entry, &stanza);
        }
        if has_row {
            self.rows.push((entry, stanza));
        } else if is_selected {
            self.left_out = self.left_out.saturating_add(1);
            if let Some(call_id) = call_id {
                let is_failure = stanza.outcome != Outcome::Refused || stanza.is_failure();
                let has_failed = is_failure && has_failed(stanza.outcome);
                *self.calls_left_out.entry(hash(&call_id)).or_default() |= has_failed;
            }
        }
    }

    /// How many selected calls have no row, and how many of these failed.
    pub(super) fn calls_left_out(&self) -> (u64, u64) {
        if self.left_out == 0 {
            return (0, 0);
        }
        let shown: HashSet<u64> = self.rows.iter().filter_map(|(_, row)| call_of(row).as_deref().map(hash)).collect();
        let others = self.calls_left_out.iter().filter(|(call, _)| !shown.contains(call));
        let failed = others.clone().filter(|(_, has_failed)| **has_failed).count();
        (others.count() as u64, failed as u64)
    }

    pub(super) fn peers_and_latencies(&mut self) -> (Vec<Peer>, Vec<Latencies>) {
        (std::mem::take(&mut self.peers).into_values().collect(), std::mem::take(&mut self.latencies).finish())
    }

    /// The calls of rows and of strays, in the order in which they begin.
    pub(super) fn calls(mut self, strays: &[Stray]) -> Vec<CallReport> {
        for Stray { answer, id, .. } in strays {
            if let Some(call_id) = &answer.evidence.call_id {
                self.calls.entry(Some(call_id.clone())).or_insert_with(Head::new).add_stray(answer, id);
            }
        }
        self.rows.sort_unstable_by_key(|(entry, _)| *entry);
        let mut calls = Calls { list: Vec::new(), numbers: HashMap::new(), heads: self.calls };
        for (_, stanza) in self.rows {
            calls.change(call_of(&stanza), |call| call.stanzas.push(stanza));
        }
        for Stray { answer, .. } in strays {
            let Some(call_id) = &answer.evidence.call_id else { continue };
            calls.change(Some(call_id.clone()), |call| call.unmatched.push(answer.seen.frame));
        }
        // Calls that only answers name come last.
        calls.list.sort_by_key(|(first, _)| (first.is_none(), *first));
        calls.list.into_iter().map(|(_, call)| call).collect()
    }
}

impl CallReport {
    /// A call that has only this stanza, without its row.
    #[must_use]
    pub fn of(stanza: &StanzaReport) -> Self {
        let mut head = Head::new();
        head.add(EntryId::default(), stanza);
        head.into_call(call_of(stanza))
    }
}

/// The call of a stanza. A request about links gets it from its answer.
fn call_of(stanza: &StanzaReport) -> Option<Box<str>> {
    let of_answer = || stanza.evidence.as_ref()?.call_id.clone();
    stanza.call_id.clone().or_else(of_answer)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Calls, each with the number of its first stanza.
struct Calls {
    list: Vec<(Option<EntryId>, CallReport)>,
    numbers: HashMap<Option<Box<str>>, usize>,
    heads: HashMap<Option<Box<str>>, Head>,
}

impl Calls {
    /// Changes the call with this id. Adds it if it is new.
    fn change(&mut self, call_id: Option<Box<str>>, change: impl FnOnce(&mut CallReport)) {
        let Self { list, numbers, heads } = self;
        let number = *numbers.entry(call_id).or_insert_with_key(|call_id| {
            let head = heads.remove(call_id).unwrap_or_else(Head::new);
            list.push((head.first, head.into_call(call_id.clone())));
            list.len().saturating_sub(1)
        });
        if let Some((_, call)) = list.get_mut(number) {
            change(call);
        }
    }
}

impl Head {
    fn new() -> Self {
        Self {
            first: None,
            call_creator: None,
            direction: None,
            peer: None,
            outcome: Outcome::Accepted,
            worst: EntryId::default(),
            error: None,
            cause: None,
        }
    }

    /// Adds what a stanza says of its call. The order of stanzas does not matter.
    fn add(&mut self, entry: EntryId, stanza: &StanzaReport) {
        if self.first.is_none_or(|first| entry < first) {
            self.first = Some(entry);
            self.direction = stanza.direction;
            self.peer = stanza.peer().map(Box::from);
            self.call_creator.clone_from(&stanza.call_creator);
        }
        let outcome =
            if stanza.outcome == Outcome::Refused && !stanza.is_failure() { Outcome::Accepted } else { stanza.outcome };
        if outcome > self.outcome || (outcome == self.outcome && outcome > Outcome::Accepted && entry < self.worst) {
            (self.outcome, self.worst, self.error) = (outcome, entry, stanza.error.clone());
            self.cause = has_failed(outcome).then(|| Cause::of(stanza));
        }
    }

    /// Adds what an answer without a stanza says of its call.
    fn add_stray(&mut self, answer: &AnswerReport, id: &str) {
        let is_failure = answer.outcome == Outcome::Refused && answer.error.as_ref().is_none_or(Code::is_refusal);
        let outcome =
            if answer.outcome == Outcome::Refused && !is_failure { Outcome::Accepted } else { answer.outcome };
        if outcome > self.outcome {
            (self.outcome, self.error) = (outcome, answer.error.clone());
            self.cause = has_failed(outcome).then(|| Cause::of_stray(answer, id));
        }
        if self.peer.is_none() {
            self.peer = answer.from.clone().or_else(|| answer.to.clone());
        }
    }

    fn into_call(self, call_id: Option<Box<str>>) -> CallReport {
        let Self { call_creator, direction, peer, outcome, error, cause, .. } = self;
        let (stanzas, unmatched) = (Vec::new(), Vec::new());
        CallReport { call_id, call_creator, direction, peer, outcome, error, cause, stanzas, unmatched }
    }
}
