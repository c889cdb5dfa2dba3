//! Stanzas of other classes than call: refused acks and, if the builder counts classes, how many were sent and
//! answered.

use std::collections::BTreeMap;

use wabinary::NodeRef;
use wabinary::stanza::Direction;

use super::answer::address;
use super::clocks::Clocks;
use super::server_then::ServerThen;
use super::window::{Leaving, Window};
use super::{Seen, Selection, StanzaReport};
use crate::answer::text;
use crate::ledger::{Entry, Event, Ledger};
use crate::{Class, Code, Outcome, Timeouts, Verdict};

/// The most refusals, and the most never answered stanzas, that the report keeps; the others are counted.
const MOST: usize = 1_000;

/// A refused ack of another class than call.
#[derive(Clone, Debug)]
pub struct OtherRefusal {
    /// `class`.
    pub class: Box<str>,
    /// The record with the ack.
    pub seen: Seen,
    /// The direction of the ack. A received ack refuses a stanza of this device.
    pub direction: Option<Direction>,
    /// `id`.
    pub id: Box<str>,
    /// `from`.
    pub from: Option<Box<str>>,
    /// `to`.
    pub to: Option<Box<str>>,
    /// `participant`.
    pub participant: Option<Box<str>>,
    /// `error`.
    pub code: Code,
}

/// How many stanzas of one class were sent and answered, in the whole capture.
#[derive(Clone, Debug)]
pub struct ClassReport {
    /// The class.
    pub class: Class,
    /// The stanzas that this device sent.
    pub sent: ClassCounts,
    /// The stanzas that this device got.
    pub received: ClassCounts,
}

/// How the stanzas of a class in one direction were answered.
#[derive(Clone, Debug, Default)]
pub struct ClassCounts {
    /// The number of stanzas.
    pub stanzas: u64,
    /// Stanzas answered by an ack that refuses nothing, or by a receipt of this device.
    pub acked: u64,
    /// Refused stanzas, also in part.
    pub refused: u64,
    /// Stanzas that may still be answered.
    pub pending: u64,
    /// Stanzas that were never answered.
    pub never_acked: u64,
}

/// A stanza that this device got and never answered.
#[derive(Clone, Debug)]
pub struct NeverAcked {
    /// Its class.
    pub class: Class,
    /// The record in which it first came.
    pub seen: Seen,
    /// `id`.
    pub id: Option<Box<str>>,
    /// `from`.
    pub from: Option<Box<str>>,
    /// How often it came.
    pub sends: usize,
    /// What the server did about it.
    pub then: ServerThen,
}

/// The data of a stanza of another class.
#[derive(Default)]
pub(crate) struct OtherRow {
    pub(super) seen: Seen,
    last: Seen,
    pub(super) is_answered: bool,
    is_refused: bool,
    pub(super) ended_stream: bool,
}

/// The stanzas of other classes.
#[derive(Default)]
pub(super) struct Others {
    /// Present if the builder counts classes.
    pub(super) ledger: Option<Ledger<OtherRow>>,
    window: Window,
    counts: Counts,
    pub(super) refused: Vec<OtherRefusal>,
    /// The number of refused acks.
    pub(super) count: u64,
}

impl Others {
    pub(super) fn counting(classes: &'static [Class]) -> Self {
        Self { ledger: Some(Ledger::new().only(classes)), ..Self::default() }
    }

    /// Sees a stanza of another class, or an answer to one.
    pub(super) fn see(&mut self, node: NodeRef<'_>, direction: Option<Direction>, seen: &Seen, selection: &Selection) {
        if node.tag() == "ack" && text(node, "class").is_some_and(|class| class != Class::Call.name()) {
            self.refusal(node, direction, seen, selection);
        }
        let Some(ledger) = &mut self.ledger else { return };
        let is_refused = Verdict::of(node).outcome != Outcome::Accepted;
        for event in
            ledger.see(node, direction, || OtherRow { seen: seen.clone(), last: seen.clone(), ..OtherRow::default() })
        {
            match event {
                Event::Resent(entry) => {
                    if let Some(entry) = ledger.get_mut(entry) {
                        entry.data.last = seen.clone();
                    }
                }
                Event::Answered(found) => {
                    if let Some(entry) = ledger.get_mut(found.entry) {
                        (entry.data.is_answered, entry.data.is_refused) = (true, is_refused);
                    }
                    self.window.settled(found.entry);
                }
                Event::WithoutId(entry) => self.window.settled(entry),
                _ => {}
            }
        }
        while let Some(leaving) = self.window.leaving(ledger) {
            let (Leaving::Settled(entry) | Leaving::Waiting(entry)) = leaving;
            if let Some(entry) = ledger.remove(entry) {
                self.counts.entry(&entry, answered(&entry.data).unwrap_or(Outcome::Unanswered));
            }
        }
    }

    fn refusal(&mut self, node: NodeRef<'_>, direction: Option<Direction>, seen: &Seen, selection: &Selection) {
        let Some(code) = node.attr("error").and_then(Code::of).filter(Code::is_refusal) else { return };
        let jid = |name| address(node.get_opt(name), node, name);
        let refusal = OtherRefusal {
            class: text(node, "class").unwrap_or_default().into(),
            seen: seen.clone(),
            direction: direction.or_else(|| Direction::of(node)),
            id: text(node, "id").unwrap_or("-").into(),
            from: jid("from"),
            to: jid("to"),
            participant: jid("participant"),
            code,
        };
        if selection.other(&refusal.id, seen) {
            self.count = self.count.saturating_add(1);
            if self.refused.len() < MOST {
                self.refused.push(refusal);
            }
        }
    }

    /// Counts a call stanza that left the window.
    pub(super) fn call(&mut self, stanza: &StanzaReport) {
        if self.ledger.is_none() {
            return;
        }
        self.counts.add(Class::Call, stanza.direction, stanza.outcome, || NeverAcked {
            class: Class::Call,
            seen: stanza.seen.clone(),
            id: stanza.id.clone(),
            from: stanza.from.clone(),
            sends: stanza.sends(),
            then: ServerThen::of(stanza.ended_stream, stanza.sends()),
        });
    }

    /// The counts by class, and the stanzas that were never answered, calls included.
    pub(super) fn finish(&mut self, clocks: &Clocks, timeouts: &Timeouts) -> (Vec<ClassReport>, Vec<NeverAcked>) {
        for entry in self.ledger.take().into_iter().flat_map(Ledger::into_entries) {
            self.counts.entry(&entry, outcome(&entry, clocks, timeouts));
        }
        let Counts { classes, mut never } = std::mem::take(&mut self.counts);
        never.iter_mut().for_each(|never| clocks.set_time(&mut never.seen));
        (classes.into_values().collect(), never)
    }
}

/// The counts of stanzas that left the window.
#[derive(Default)]
struct Counts {
    classes: BTreeMap<Class, ClassReport>,
    never: Vec<NeverAcked>,
}

impl Counts {
    fn add(
        &mut self,
        class: Class,
        direction: Option<Direction>,
        outcome: Outcome,
        never_acked: impl FnOnce() -> NeverAcked,
    ) {
        let (sent, received) = (ClassCounts::default(), ClassCounts::default());
        let report = self.classes.entry(class).or_insert(ClassReport { class, sent, received });
        match direction {
            Some(Direction::Send) => report.sent.add(outcome),
            Some(Direction::Receive) => report.received.add(outcome),
            None => {}
        }
        let is_of_device = direction == Some(Direction::Receive) && outcome == Outcome::Unanswered;
        if is_of_device && self.never.len() < MOST {
            self.never.push(never_acked());
        }
    }

    fn entry(&mut self, entry: &Entry<OtherRow>, outcome: Outcome) {
        self.add(entry.class(), entry.direction(), outcome, || NeverAcked {
            class: entry.class(),
            seen: entry.data.seen.clone(),
            id: entry.id().map(Box::from),
            from: address(entry.outline().get_opt("from"), entry.outline(), "from"),
            sends: entry.sends() as usize,
            then: ServerThen::of(entry.data.ended_stream, entry.sends() as usize),
        });
    }
}

fn outcome(entry: &Entry<OtherRow>, clocks: &Clocks, timeouts: &Timeouts) -> Outcome {
    answered(&entry.data).unwrap_or_else(|| clocks.without_answer(&entry.data.last, timeouts.other))
}

/// The outcome of an answered stanza.
fn answered(row: &OtherRow) -> Option<Outcome> {
    let is_refused = row.is_refused || row.ended_stream;
    row.is_answered.then_some(if is_refused { Outcome::Refused } else { Outcome::Accepted })
}

impl ClassCounts {
    fn add(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Accepted => &mut self.acked,
            Outcome::Refused | Outcome::PartlyRefused | Outcome::AckRefused => &mut self.refused,
            Outcome::Pending => &mut self.pending,
            Outcome::Unanswered => &mut self.never_acked,
        };
        *count = count.saturating_add(1);
        self.stanzas = self.stanzas.saturating_add(1);
    }
}
