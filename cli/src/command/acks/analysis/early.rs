//! Answers that stand before what they answer: writing down what is sent and what is received are two things, and may be
//! two files.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use wabinary::Node;

use crate::command::acks::moment::Moment;
use crate::command::acks::report::Event;
use crate::record::Direction;

/// By so many records an answer may be before its stanza in the same file.
const RECORDS: u64 = 64;
/// And by so much time, by one clock, in microseconds.
const MICROS: u64 = 1_000_000;
/// So many wait at most: of several files, all of a file may stand before what it answers.
const MOST: usize = 1 << 14;

/// An ack or a receipt that answers nothing so far.
pub(super) struct Waiting {
    pub(super) id: Box<str>,
    pub(super) node: Node,
    pub(super) event: Event,
    pub(super) direction: Option<Direction>,
}

/// Those that wait, in the order of the capture.
#[derive(Default)]
pub(super) struct Early {
    waiting: BTreeMap<u64, Waiting>,
    by_id: HashMap<Box<str>, BTreeSet<u64>>,
    next: u64,
    /// Whether what is missing may stand in another file.
    has_many_files: bool,
}

impl Early {
    pub(super) fn new(has_many_files: bool) -> Self {
        Self { has_many_files, ..Self::default() }
    }

    pub(super) fn push(&mut self, waiting: Waiting) {
        self.by_id.entry(waiting.id.clone()).or_default().insert(self.next);
        self.waiting.insert(self.next, waiting);
        self.next += 1;
    }

    /// The oldest, if it does not have to wait any more at the record of this number.
    pub(super) fn pop(&mut self, frame: u64) -> Option<Waiting> {
        let (number, oldest) = self.waiting.first_key_value()?;
        let is_over = !self.has_many_files && frame.saturating_sub(oldest.event.frame) > RECORDS;
        let number = Some(*number).filter(|_| is_over || self.waiting.len() > MOST)?;
        self.remove(number)
    }

    /// The oldest.
    pub(super) fn pop_first(&mut self) -> Option<Waiting> {
        let (number, _) = self.waiting.first_key_value()?;
        self.remove(*number)
    }

    /// Those with this id that are not too old for a stanza of this time, so many at most.
    pub(super) fn of_id(&self, id: &str, moment: Option<Moment>, most: usize) -> Vec<u64> {
        let numbers = self.by_id.get(id).into_iter().flatten().copied();
        let is_near = |number: &u64| {
            let early = self.waiting.get(number).and_then(|waiting| waiting.event.moment);
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
