//! Answers that come before their stanza: a program may log received stanzas before sent ones, or in another file.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use wabinary::Node;
use wabinary::stanza::Direction;

use super::Seen;
use super::clocks::Moment;

/// An answer may be this many records before its stanza in the same file.
const RECORDS: u64 = 64;
/// An answer may come at most this much earlier by one clock, in microseconds.
const MICROS: u64 = 1_000_000;
/// The most answers that wait: with several files, a whole file may come before the stanzas that it answers.
const MOST: usize = 1 << 14;

/// An ack or a receipt without a stanza so far.
pub(super) struct Waiting {
    pub(super) id: Box<str>,
    pub(super) node: Node,
    pub(super) seen: Seen,
    pub(super) direction: Option<Direction>,
}

/// The waiting answers, in the order of the capture.
#[derive(Default)]
pub(super) struct Early {
    waiting: BTreeMap<u64, Waiting>,
    by_id: HashMap<Box<str>, BTreeSet<u64>>,
    next: u64,
    /// Whether the stanza may be in another file.
    has_many_files: bool,
}

impl Early {
    pub(super) fn new(has_many_files: bool) -> Self {
        Self { has_many_files, ..Self::default() }
    }

    pub(super) fn push(&mut self, waiting: Waiting) {
        self.by_id.entry(waiting.id.clone()).or_default().insert(self.next);
        self.waiting.insert(self.next, waiting);
        self.next = self.next.saturating_add(1);
    }

    /// The oldest answer, if it has waited long enough at the record with this number.
    pub(super) fn pop(&mut self, frame: u64) -> Option<Waiting> {
        let (number, oldest) = self.waiting.first_key_value()?;
        let is_over = !self.has_many_files && frame.saturating_sub(oldest.seen.frame) > RECORDS;
        let number = Some(*number).filter(|_| is_over || self.waiting.len() > MOST)?;
        self.remove(number)
    }

    /// The oldest answer.
    pub(super) fn pop_first(&mut self) -> Option<Waiting> {
        let (number, _) = self.waiting.first_key_value()?;
        self.remove(*number)
    }

    /// At most `most` answers with this id that are not too old for a stanza of this time.
    pub(super) fn of_id(&self, id: &str, moment: Option<Moment>, most: usize) -> Vec<u64> {
        let numbers = self.by_id.get(id).into_iter().flatten().copied();
        let is_near = |number: &u64| {
            let early = self.waiting.get(number).and_then(|waiting| waiting.seen.moment);
            let before = early.zip(moment).and_then(|(early, sent)| sent.since(early));
            before.is_none_or(|micros| micros <= MICROS)
        };
        numbers.filter(is_near).take(most).collect()
    }

    pub(super) fn get(&self, number: u64) -> Option<&Waiting> {
        self.waiting.get(&number)
    }

    pub(super) fn remove(&mut self, number: u64) -> Option<Waiting> {
        let waiting = self.waiting.remove(&number)?;
        if let Some(numbers) = self.by_id.get_mut(&waiting.id) {
            numbers.remove(&number);
            if numbers.is_empty() {
                self.by_id.remove(&waiting.id);
            }
        }
        Some(waiting)
    }
}
