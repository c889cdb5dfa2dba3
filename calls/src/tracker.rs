//! Tracks which stanzas of a client were answered.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

mod answer;
mod timeouts;

pub use answer::{Answer, Pending};
pub use timeouts::Timeouts;

use wabinary::stanza::{CallAckRef, CallEvidence, Direction};
use wabinary::{Jid, Node, NodeRef};

use crate::ledger::{Entry, EntryId, Event, Ledger, Match};
use crate::outline::call_id;
use crate::{Class, Verdict, named_call};

/// Keeps stanzas until they are answered: a [`Ledger`] with deadlines, for a client. It has neither socket nor clock.
///
/// Call [`send`](Self::send) **before** a stanza is sent: an ack can be faster than the bookkeeping (`JotaDev66/WaCalls`
/// PR 10). Call [`receive`](Self::receive) with everything that comes in. Times are durations since any fixed moment, by a
/// clock that does not go back (`Instant::elapsed`); if it does go back, a wait counts as 0.
///
/// - A stanza that is not answered is sent again **under the same id**, after a reconnect and in the original order
///   ([`resend_after_reconnect`](Self::resend_after_reconnect)), as WhatsApp Web does. So one id may have several sends
///   and several acks.
/// - A received stanza waits for the ack or receipt of this client. A client that forgets them loses its connection.
/// - A tracker watches call stanzas, unless [`watching`](Self::watching) says otherwise.
/// - A tracker keeps at most `capacity` stanzas. Answered ones count too: they serve to recognise duplicates. A new
///   stanza replaces the one that was answered first or, if none is answered, the oldest ([`Event::Evicted`]).
///
/// ```
/// use std::time::Duration;
/// use wabinary::stanza::CallAck;
/// use wabinary::{Jid, Node};
/// use wabinary_calls::{Event, Outcome, Timeouts, Tracker};
///
/// let peer: Jid = "100000022222222@lid".parse()?;
/// let offer = Node::build("call").attr("to", &peer).attr("id", "A1")
///     .child("offer", |offer| offer.attr("call-id", "0123"))
///     .finish();
/// let mut tracker = Tracker::new(Timeouts::default(), 256);
///
/// tracker.send(&offer, Duration::from_secs(1));
/// // ... send it ...
/// assert_eq!(tracker.overdue(Duration::from_secs(20)).count(), 0);
/// assert_eq!(tracker.overdue(Duration::from_secs(21)).count(), 1);
///
/// let ack = CallAck::build("A1").from_jid(&peer).error(403).finish();
/// let [Event::Answered(answer)] = &tracker.receive(&ack, Duration::from_secs(22))[..] else { panic!() };
/// assert_eq!((answer.latency, answer.call_id.as_deref()), (Duration::from_secs(21), Some("0123")));
/// assert_eq!(answer.verdict.outcome, Outcome::Refused);
/// assert_eq!(tracker.pending().count(), 0);
/// # Ok::<(), wabinary::JidError>(())
/// ```
pub struct Tracker {
    timeouts: Timeouts,
    capacity: usize,
    ledger: Ledger<Sent>,
    /// In the order in which they were settled.
    settled: VecDeque<EntryId>,
}

/// The data that a tracker keeps for a stanza.
struct Sent {
    /// The whole stanza, until it is answered.
    waiting: Option<Node>,
    first_sent: Duration,
    last_sent: Duration,
}

impl Tracker {
    /// Watches call stanzas, and keeps at most `capacity` of them, but at least one.
    #[must_use]
    pub fn new(timeouts: Timeouts, capacity: usize) -> Self {
        let ledger = Ledger::new().only(&[Class::Call]);
        Self { timeouts, capacity: capacity.max(1), ledger, settled: VecDeque::new() }
    }

    /// Watches stanzas of these classes.
    #[must_use]
    pub fn watching(self, classes: &'static [Class]) -> Self {
        Self { ledger: self.ledger.only(classes), ..self }
    }

    /// Records that a stanza is about to be sent: a stanza that waits for its answer, or an ack or receipt that answers
    /// a received stanza.
    pub fn send<'a>(&mut self, stanza: impl Into<NodeRef<'a>>, now: Duration) -> Vec<Event<Answer>> {
        self.see(stanza.into(), Direction::Send, now)
    }

    /// Records a stanza that came in: an ack or receipt that answers a sent stanza, or a stanza that this client must
    /// acknowledge.
    pub fn receive<'a>(&mut self, stanza: impl Into<NodeRef<'a>>, now: Duration) -> Vec<Event<Answer>> {
        self.see(stanza.into(), Direction::Receive, now)
    }

    /// Adds an address of this device. A refusal of this address refuses the whole stanza. Usually the tracker learns
    /// it from stanzas.
    pub fn add_own(&mut self, own: impl Into<Jid>) {
        self.ledger.accounts_mut().add_own(own);
    }

    fn see(&mut self, stanza: NodeRef<'_>, direction: Direction, now: Duration) -> Vec<Event<Answer>> {
        let seen = self.ledger.see(stanza, Some(direction), || Sent {
            waiting: Some(stanza.to_node()),
            first_sent: now,
            last_sent: now,
        });
        let mut events = Vec::with_capacity(seen.len());
        for event in seen {
            match event {
                Event::Opened(entry) => {
                    events.extend(self.make_room_beside(entry).map(Event::Evicted));
                    events.push(Event::Opened(entry));
                }
                Event::Resent(entry_id) => {
                    if let Some(entry) = self.ledger.get_mut(entry_id) {
                        entry.data.last_sent = now;
                        entry.data.waiting = entry.data.waiting.is_some().then(|| stanza.to_node());
                    }
                    events.push(Event::Resent(entry_id));
                }
                Event::WithoutId(entry) => {
                    self.ledger.remove(entry);
                    events.push(Event::WithoutId(entry));
                }
                Event::Answered(found) => {
                    self.settled.push_back(found.entry);
                    events.extend(self.answer(found, stanza, now).map(Event::Answered));
                }
                Event::Repeated(found) => events.extend(self.answer(found, stanza, now).map(Event::Repeated)),
                Event::Delivered(found) => events.extend(self.answer(found, stanza, now).map(Event::Delivered)),
                Event::Unmatched(mismatch) => events.push(Event::Unmatched(mismatch)),
                Event::Evicted(stanza) => events.push(Event::Evicted(stanza)),
            }
        }
        events
    }

    fn answer(&mut self, found: Match, answer: NodeRef<'_>, now: Duration) -> Option<Answer> {
        let stanza = self.ledger.get(found.entry)?.outline();
        let verdict = Verdict::beside(answer, Some(stanza), self.ledger.accounts());
        let entry = self.ledger.get_mut(found.entry)?;
        let waited = if entry.is_settled() { entry.data.waiting.take() } else { None };
        let outline = entry.outline();
        let (call_id, found_in) = match CallAckRef::try_from(answer) {
            Ok(ack) => named_call(ack, Some(outline)).map(|call| (call.call_id, call.found_in)).unzip(),
            Err(_) => call_id(answer).map(|call_id| (call_id, CallEvidence::Receipt)).unzip(),
        };
        Some(Answer {
            call_id: call_id.map(str::to_owned),
            found_in,
            verdict,
            matched_by: found.matched_by,
            names_other: found.names_other,
            kind: found.kind,
            latency: now.saturating_sub(entry.data.first_sent),
            since_last_send: now.saturating_sub(entry.data.last_sent),
            sends: entry.sends(),
            answers: entry.answers(),
            stanza: waited.unwrap_or_else(|| outline.to_node()),
        })
    }

    /// The stanzas that wait, in the order in which they were first sent.
    pub fn pending(&self) -> impl Iterator<Item = Pending<'_>> {
        self.ledger.iter().filter_map(|(_, entry)| {
            let stanza = entry.data.waiting.as_ref()?.as_ref();
            let Sent { first_sent, last_sent, .. } = entry.data;
            let deadline = last_sent.saturating_add(self.timeouts.of(stanza));
            let (direction, sends) = (entry.direction().unwrap_or(Direction::Send), entry.sends());
            Some(Pending { stanza, direction, first_sent, last_sent, sends, deadline })
        })
    }

    /// The received stanzas that this client has not acknowledged.
    pub fn unacknowledged(&self) -> impl Iterator<Item = Pending<'_>> {
        self.pending().filter(|pending| pending.direction == Direction::Receive)
    }

    /// The waiting stanzas whose deadline has passed; the same ones on each call.
    pub fn overdue(&self, now: Duration) -> impl Iterator<Item = Pending<'_>> {
        self.pending().filter(move |pending| pending.deadline <= now)
    }

    /// The deadline of the next stanza: when to look again.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        self.pending().map(|pending| pending.deadline).min()
    }

    /// Returns the stanzas to send again after a reconnect, before any new stanza: the sent ones that still wait, in
    /// the order in which they were first sent. They count as sent.
    pub fn resend_after_reconnect(&mut self, now: Duration) -> impl Iterator<Item = NodeRef<'_>> {
        let is_resent =
            |entry: &Entry<Sent>| entry.data.waiting.is_some() && entry.direction() == Some(Direction::Send);
        for (_, entry) in self.ledger.iter_mut().filter(|(_, entry)| is_resent(entry)) {
            entry.sent_again();
            entry.data.last_sent = now;
        }
        self.ledger
            .iter()
            .filter(move |(_, entry)| is_resent(entry))
            .filter_map(|(_, entry)| entry.data.waiting.as_ref().map(Node::as_ref))
    }

    /// Stops waiting for the answer to a stanza and returns the stanza, for a call that was given up. A later answer
    /// matches nothing.
    pub fn forget<'a>(&mut self, stanza: impl Into<NodeRef<'a>>) -> Option<Node> {
        let stanza = stanza.into();
        let entry = self.ledger.entry_of(stanza, None)?;
        self.ledger.get(entry)?.data.waiting.as_ref()?;
        self.ledger.remove(entry)?.data.waiting
    }

    /// Removes an older entry if the new one exceeds the capacity. Returns its stanza, if that was waiting.
    fn make_room_beside(&mut self, new: EntryId) -> Option<Node> {
        if self.ledger.len() <= self.capacity {
            return None;
        }
        let oldest = || self.ledger.iter().map(|(entry, _)| entry).find(|entry| *entry != new);
        let entry = self.settled.pop_front().or_else(oldest)?;
        self.ledger.remove(entry)?.data.waiting
    }
}

impl fmt::Debug for Tracker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Tracker");
        fields.field("pending", &self.pending().count()).field("answered", &self.settled.len());
        fields.field("capacity", &self.capacity).field("timeouts", &self.timeouts).finish()
    }
}
