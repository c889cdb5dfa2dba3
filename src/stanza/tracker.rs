//! Which call stanzas were answered, and which were not.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::time::Duration;

mod event;
mod timeouts;

pub use event::{Answer, Event, Pending, Registered};
pub use timeouts::Timeouts;

use super::{
    CallAckRef, CallEvidence, CallReceiptRef, CallStanza, CallStanzaRef, Direction, MatchedBy, Mismatch, Outcome,
};
use crate::error::AttrError;
use crate::node::{Node, NodeRef};

/// Keeps call stanzas until they are answered: without input or output, and without a clock.
///
/// A stanza is [registered](Self::register) **before** it is sent: an ack can be faster than the bookkeeping
/// (`JotaDev66/WaCalls` PR 10). What arrives is [fed](Self::receive). Times are durations since any moment that stays the
/// same, of a clock that does not go back (`Instant::elapsed`); where one goes back all the same, a wait reads as 0.
///
/// - A stanza that is not answered is sent again **under the same id**, after a reconnect and in the order in which they
///   were first sent ([`resend_after_reconnect`](Self::resend_after_reconnect)), as WhatsApp Web does. So one id may have
///   several sends and several acks.
/// - What belongs together is told by [`CallAckRef::answers`] alone. Both directions can be tracked: of what the server
///   sent, the device's ack or receipt is the answer. Of what the device sent, a receipt only tells that a device has it.
/// - Ids are unique in a session at most. A new session needs a new tracker.
/// - At most `capacity` stanzas are kept, those answered included, by which duplicates are known. When there is no room, the one
///   answered first goes; if none is, the oldest that waits, which [`Registered::evicted`] gives back.
///
/// ```
/// use std::time::Duration;
/// use wabinary::stanza::{CallAck, CallStanza, Event, Outcome, Timeouts, Tracker};
/// use wabinary::{Jid, Node};
///
/// let peer: Jid = "100000022222222@lid".parse()?;
/// let offer = Node::build("call").attr("to", &peer).attr("id", "A1")
///     .child("offer", |offer| { offer.attr("call-id", "0123"); })
///     .finish();
/// let offer = CallStanza::try_from(offer).unwrap();
/// let mut tracker = Tracker::new(Timeouts::default(), 256);
///
/// tracker.register(&offer, Duration::from_secs(1))?;
/// // ... send it ...
/// assert_eq!(tracker.overdue(Duration::from_secs(20)).count(), 0);
/// assert_eq!(tracker.overdue(Duration::from_secs(21)).count(), 1);
///
/// let ack = CallAck::build("A1").from(&peer).error(403).finish();
/// let Event::Answered(answer) = tracker.receive(&ack, Duration::from_secs(22)) else { panic!() };
/// assert_eq!((answer.latency, answer.call_id.as_deref()), (Duration::from_secs(21), Some("0123")));
/// assert!(matches!(answer.outcome, Outcome::Refused(_)));
/// assert_eq!(tracker.pending().count(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Tracker {
    timeouts: Timeouts,
    capacity: usize,
    /// In the order in which they were first sent.
    entries: BTreeMap<u64, Entry>,
    next: u64,
    by_id: HashMap<String, Vec<u64>>,
    /// In the order in which they were answered.
    answered: VecDeque<u64>,
}

/// A stanza that was sent.
struct Entry {
    /// As much of it as tells what answers it.
    outline: CallStanza,
    /// All of it, until it is answered.
    waiting: Option<CallStanza>,
    first_sent: Duration,
    last_sent: Duration,
    sends: u32,
    answers: u32,
}

/// What can be an answer.
#[derive(Clone, Copy)]
enum Arrival<'a> {
    Ack(CallAckRef<'a>),
    Receipt(CallReceiptRef<'a>),
}

impl<'a> Arrival<'a> {
    fn of(node: NodeRef<'a>) -> Option<Self> {
        CallAckRef::try_from(node).map(Self::Ack).or_else(|_| CallReceiptRef::try_from(node).map(Self::Receipt)).ok()
    }

    fn id(self) -> &'a str {
        match self {
            Self::Ack(ack) => ack.id(),
            Self::Receipt(receipt) => receipt.id(),
        }
    }

    fn answers(self, call: CallStanzaRef<'_>) -> Result<MatchedBy, Mismatch> {
        match self {
            Self::Ack(ack) => ack.answers(call),
            Self::Receipt(receipt) => receipt.answers(call),
        }
    }
}

impl Tracker {
    /// Keeps at most `capacity` stanzas, but at least one.
    #[must_use]
    pub fn new(timeouts: Timeouts, capacity: usize) -> Self {
        let capacity = capacity.max(1);
        let (entries, by_id, answered) = (BTreeMap::new(), HashMap::new(), VecDeque::new());
        Self { timeouts, capacity, entries, next: 0, by_id, answered }
    }

    /// Takes down that a stanza is being sent. One with the same id, addresses, action and call is the same, sent again;
    /// it keeps its place.
    ///
    /// # Errors
    /// A stanza without `id`, which nothing can answer.
    pub fn register<'a>(&mut self, call: impl Into<CallStanzaRef<'a>>, now: Duration) -> Result<Registered, AttrError> {
        let call = call.into();
        let id = call.id().ok_or_else(|| call.node().attr_error("id", "the id of a stanza"))?;
        let outline = outline(call);
        let of_same_id = self.by_id.get(id).into_iter().flatten();
        let known = of_same_id.copied().find(|number| self.entries.get(number).is_some_and(|it| it.outline == outline));
        if let Some(entry) = known.and_then(|number| self.entries.get_mut(&number)) {
            entry.waiting = entry.waiting.is_some().then(|| call.to_owned());
            return Ok(Registered { sends: entry.send_again(now), evicted: None });
        }
        let evicted = self.make_room();
        let waiting = Some(call.to_owned());
        let entry = Entry { outline, waiting, first_sent: now, last_sent: now, sends: 1, answers: 0 };
        self.entries.insert(self.next, entry);
        self.by_id.entry(id.to_owned()).or_default().push(self.next);
        self.next = self.next.wrapping_add(1);
        Ok(Registered { sends: 1, evicted })
    }

    /// Takes what came in, and tells what it answers. Among several stanzas with its id, one that waits comes first, then the
    /// one it matches best, then the latest.
    pub fn receive<'a>(&mut self, node: impl Into<NodeRef<'a>>, now: Duration) -> Event {
        let Some(arrival) = Arrival::of(node.into()) else { return Event::Other };
        let (mut best, mut mismatch) = (None, Mismatch::Id);
        for number in self.by_id.get(arrival.id()).into_iter().flatten() {
            let Some(entry) = self.entries.get(number) else { continue };
            match arrival.answers(entry.outline.as_ref()) {
                Ok(by) => {
                    let rank = (entry.waiting.is_none(), by, std::cmp::Reverse(*number));
                    best = best.into_iter().chain([rank]).min();
                }
                Err(reason) => mismatch = reason,
            }
        }
        match best {
            Some((_, matched_by, std::cmp::Reverse(number))) => self.answer(number, arrival, matched_by, now),
            None => Event::Unmatched(mismatch),
        }
    }

    fn answer(&mut self, number: u64, arrival: Arrival<'_>, matched_by: MatchedBy, now: Duration) -> Event {
        let Some(entry) = self.entries.get_mut(&number) else { return Event::Unmatched(Mismatch::Id) };
        let is_receipt = matches!(arrival, Arrival::Receipt(_));
        // The device's own receipt is an answer; a peer's is not the server's.
        let is_delivery = is_receipt && entry.outline.as_ref().direction() != Direction::FromServer;
        let waited = if is_delivery { None } else { entry.waiting.take() };
        let is_first = waited.is_some();
        entry.answers = entry.answers.saturating_add(u32::from(!is_delivery));
        let (outcome, call_id, found_in) = match arrival {
            Arrival::Ack(ack) => {
                let call = ack.call(Some(entry.outline.as_ref()));
                (ack.outcome(), call.map(|call| call.call_id.to_owned()), call.map(|call| call.found_in))
            }
            Arrival::Receipt(receipt) => {
                (Outcome::Accepted, Some(receipt.call_id().to_owned()), Some(CallEvidence::Receipt))
            }
        };
        let answer = Answer {
            stanza: waited.unwrap_or_else(|| entry.outline.clone()),
            outcome,
            call_id,
            found_in,
            matched_by,
            is_receipt,
            latency: now.saturating_sub(entry.first_sent),
            since_last_send: now.saturating_sub(entry.last_sent),
            sends: entry.sends,
            answers: entry.answers,
        };
        if is_delivery {
            return Event::Delivered(answer);
        }
        if is_first {
            self.answered.push_back(number);
            return Event::Answered(answer);
        }
        Event::Repeated(answer)
    }

    /// The stanzas that wait, in the order in which they were first sent.
    pub fn pending(&self) -> impl Iterator<Item = Pending<'_>> {
        self.entries.values().filter_map(|entry| {
            let stanza = entry.waiting.as_ref()?.as_ref();
            let Entry { first_sent, last_sent, sends, .. } = *entry;
            let deadline = last_sent.saturating_add(self.timeouts.of(stanza.action()));
            Some(Pending { stanza, first_sent, last_sent, sends, deadline })
        })
    }

    /// Those whose deadline has come, each time it is asked.
    pub fn overdue(&self, now: Duration) -> impl Iterator<Item = Pending<'_>> {
        self.pending().filter(move |pending| pending.deadline <= now)
    }

    /// When the next stanza is overdue, if none is answered until then: when to look again.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Duration> {
        self.pending().map(|pending| pending.deadline).min()
    }

    /// What to send again after a reconnect, in the order in which it was first sent and before anything new: all that waits.
    /// It is taken down as sent.
    pub fn resend_after_reconnect(&mut self, now: Duration) -> impl Iterator<Item = CallStanzaRef<'_>> {
        for entry in self.entries.values_mut().filter(|entry| entry.waiting.is_some()) {
            entry.send_again(now);
        }
        self.pending().map(|pending| pending.stanza)
    }

    /// Waits no longer for the answer to a stanza, and gives it back: the call was given up. An answer that comes all the
    /// same matches nothing.
    pub fn forget<'a>(&mut self, call: impl Into<CallStanzaRef<'a>>) -> Option<CallStanza> {
        let call = call.into();
        let outline = outline(call);
        let number = self.by_id.get(call.id()?)?.iter().copied().find(|number| {
            self.entries.get(number).is_some_and(|entry| entry.waiting.is_some() && entry.outline == outline)
        })?;
        self.remove(number)
    }

    fn make_room(&mut self) -> Option<CallStanza> {
        if self.entries.len() < self.capacity {
            return None;
        }
        let oldest = || self.entries.keys().next().copied();
        let number = self.answered.pop_front().or_else(oldest)?;
        self.remove(number)
    }

    /// Removes an entry; gives its stanza, if that waited.
    fn remove(&mut self, number: u64) -> Option<CallStanza> {
        let entry = self.entries.remove(&number)?;
        if let Some(id) = entry.outline.as_ref().id()
            && let Some(numbers) = self.by_id.get_mut(id)
        {
            numbers.retain(|of_id| *of_id != number);
            if numbers.is_empty() {
                self.by_id.remove(id);
            }
        }
        entry.waiting
    }
}

impl Entry {
    fn send_again(&mut self, now: Duration) -> u32 {
        self.last_sent = now;
        self.sends = self.sends.saturating_add(1);
        self.sends
    }
}

/// As much of a stanza as tells what answers it and which call it belongs to.
fn outline(call: CallStanzaRef<'_>) -> CallStanza {
    let node = call.node();
    let mut outline = Node::build("call");
    for name in ["id", "from", "to"] {
        outline.attr_opt(name, node.attr(name));
    }
    if let Some(action) = call.action_node() {
        outline.child(action.tag(), |child| {
            for name in ["call-id", "call-creator"] {
                child.attr_opt(name, action.attr(name));
            }
        });
    }
    CallStanza::from_node(outline.finish())
}

impl fmt::Debug for Tracker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Tracker");
        fields.field("pending", &self.pending().collect::<Vec<_>>()).field("answered", &self.answered.len());
        fields.field("capacity", &self.capacity).field("timeouts", &self.timeouts).finish()
    }
}
