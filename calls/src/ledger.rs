//! The ledger: which stanzas were sent, and which answer belongs to which.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;

mod entry;

pub use entry::Entry;

use wabinary::stanza::Direction;
use wabinary::{Node, NodeRef};

use crate::answer::{AnswerKind, AnswerRef, text};
use crate::matching::{matched, other_action};
use crate::outline::outline;
use crate::{Accounts, Class, MatchedBy, Mismatch};

/// The ledger compares an answer with the latest stanzas of one id, at most this many. A peer may send made-up ones to
/// waste time.
const LATEST_OF_AN_ID: usize = 64;

/// Matches stanzas and their answers: a stanza goes out, a stanza comes in, events come out. It has neither clock nor
/// socket, and knows every [class](Class) that is acknowledged.
///
/// `T` is what the owner keeps for each stanza.
///
/// - A stanza that is sent again **under the same id**, with the same addresses, action and call, is the same entry.
/// - [`answers`](crate::answers()) decides whether an answer belongs to a stanza, with what the ledger has
///   [learned](Self::learn) of addresses. Among several stanzas with its id, the ledger takes the one whose action the answer
///   names (an ack as its `type`), then one that still waits, then the one with the strongest evidence, then the latest. An
///   answer that names a known action, but that of none of several stanzas, belongs to none. A single stanza is answered
///   whatever the answer names ([`Match::names_other`]).
/// - An ack settles a stanza. A receipt settles a stanza that this device received. For a stanza that it sent, a
///   receipt only says that a device has it.
/// - Ids are unique within a session at best. A new session needs a new ledger.
///
/// ```
/// use wabinary::stanza::{CallAck, Direction};
/// use wabinary::{Jid, Node};
/// use wabinary_calls::{Event, Ledger, MatchedBy};
///
/// let peer: Jid = "100000022222222@lid".parse()?;
/// let offer = Node::build("call").attr("to", &peer).attr("id", "A1").child("offer", |_| {}).finish();
/// let ack = CallAck::build("A1").from_jid(&peer).finish();
///
/// let mut ledger = Ledger::new();
/// let [Event::Opened(entry)] = ledger.see(&offer, Some(Direction::Send), || "the first call")[..] else { panic!() };
/// assert!(!ledger.get(entry).unwrap().is_settled());
/// let [Event::Answered(answer)] = ledger.see(&ack, Some(Direction::Receive), || "")[..] else { panic!() };
/// assert_eq!((answer.entry, answer.matched_by), (entry, MatchedBy::Address));
/// assert_eq!(ledger.get(entry).unwrap().data, "the first call");
/// # Ok::<(), wabinary::JidError>(())
/// ```
pub struct Ledger<T> {
    /// In the order in which they were first seen.
    entries: BTreeMap<EntryId, Entry<T>>,
    next: u64,
    by_id: HashMap<Box<str>, VecDeque<EntryId>>,
    classes: &'static [Class],
    accounts: Accounts,
}

/// The number of an entry, in the order in which stanzas were first seen. It is never used again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(u64);

/// What a stanza means to the ledger. `M` describes an answer: [`Match`] from a [`Ledger`], [`Answer`](crate::Answer)
/// from a [`Tracker`](crate::Tracker).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<M> {
    /// A stanza that must be answered.
    Opened(EntryId),
    /// The same stanza again, under the same id.
    Resent(EntryId),
    /// A stanza without an id, which nothing can answer.
    WithoutId(EntryId),
    /// The first answer that settles a stanza. It may be a refusal.
    Answered(M),
    /// A further answer to a settled stanza: expected if the stanza was sent several times, else a duplicate.
    Repeated(M),
    /// A receipt says that a device has a stanza that was sent. The stanza still waits for its ack.
    Delivered(M),
    /// An answer to no known stanza. WhatsApp Web logs such an ack and continues.
    Unmatched(Mismatch),
    /// A waiting stanza was dropped. Only a [`Tracker`](crate::Tracker) does so, to bound its memory.
    Evicted(Node),
}

/// Which stanza an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The stanza.
    pub entry: EntryId,
    /// The evidence, besides the id.
    pub matched_by: MatchedBy,
    /// Ack or receipt.
    pub kind: AnswerKind,
    /// Whether the answer names a known action other than the stanza's.
    pub names_other: bool,
}

/// Why an answer belongs to no stanza, and the nearest stanza.
type Nearest = (Mismatch, Option<EntryId>);

impl<T> Default for Ledger<T> {
    fn default() -> Self {
        let (by_id, accounts) = (HashMap::new(), Accounts::default());
        Self { entries: BTreeMap::new(), next: 0, by_id, classes: Class::ALL, accounts }
    }
}

impl<T> Ledger<T> {
    /// A ledger without entries, for every class.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ignores stanzas of other classes, and their answers.
    #[must_use]
    pub fn only(self, classes: &'static [Class]) -> Self {
        Self { classes, ..self }
    }

    /// Sees a stanza: opens an entry if the stanza must be answered, and finds the stanzas that it answers. A receipt
    /// may do both. `direction` comes from the record or socket that carried the stanza; without it, the addresses
    /// decide. `data` makes the data of a new entry.
    pub fn see<'a>(
        &mut self,
        stanza: impl Into<NodeRef<'a>>,
        direction: Option<Direction>,
        data: impl FnOnce() -> T,
    ) -> Vec<Event<Match>> {
        let stanza = stanza.into();
        self.learn(stanza, direction);
        let mut events = self.answer(stanza, direction);
        events.extend(self.open(stanza, direction, data));
        events
    }

    /// Learns from any stanza which addresses belong to one account, and which to this device: see [`Accounts::learn`].
    /// [`see`](Self::see) does so by itself.
    pub fn learn<'a>(&mut self, stanza: impl Into<NodeRef<'a>>, direction: Option<Direction>) {
        self.accounts.learn(stanza, direction);
    }

    /// The addresses that the ledger has learned.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The addresses that the ledger has learned, to add more.
    pub fn accounts_mut(&mut self) -> &mut Accounts {
        &mut self.accounts
    }

    /// Opens an entry for a stanza that must be answered, or counts that it was sent again. `None` for a stanza of
    /// another [class](Class).
    pub fn open<'a>(
        &mut self,
        stanza: impl Into<NodeRef<'a>>,
        direction: Option<Direction>,
        data: impl FnOnce() -> T,
    ) -> Option<Event<Match>> {
        let stanza = stanza.into();
        let class = Class::of(stanza).filter(|class| self.classes.contains(class))?;
        let direction = direction.or_else(|| Direction::of(stanza));
        let outline = outline(stanza);
        let id = text(stanza, "id");
        let same = id.and_then(|id| self.same(id, direction, &outline));
        if let Some((entry_id, entry)) = same.and_then(|same| Some((same, self.entries.get_mut(&same)?))) {
            entry.sent_again();
            return Some(Event::Resent(entry_id));
        }
        let entry_id = EntryId(self.next);
        self.next = self.next.saturating_add(1);
        let entry = Entry { outline, class, direction, sends: 1, acks: 0, receipts: 0, data: data() };
        self.entries.insert(entry_id, entry);
        let Some(id) = id else { return Some(Event::WithoutId(entry_id)) };
        self.by_id.entry(id.into()).or_default().push_back(entry_id);
        Some(Event::Opened(entry_id))
    }

    /// Finds the stanzas that a stanza answers, usually one, and counts its answer. Empty for a stanza that is not an
    /// answer, or that answers another class.
    pub fn answer<'a>(&mut self, answer: impl Into<NodeRef<'a>>, direction: Option<Direction>) -> Vec<Event<Match>> {
        let answer = AnswerRef::of(answer.into()).filter(|answer| self.classes.contains(&answer.class));
        let Some(answer) = answer else { return Vec::new() };
        answer.ids().map(|id| self.settle(self.find_id(answer, id, direction).map_err(|(why, _)| why))).collect()
    }

    /// The stanza that an answer belongs to, without counting the answer.
    ///
    /// # Errors
    /// The reason why the nearest stanza with its id does not match.
    pub fn find<'a>(&self, answer: impl Into<NodeRef<'a>>, direction: Option<Direction>) -> Result<Match, Mismatch> {
        let answer = AnswerRef::of(answer.into()).ok_or(Mismatch::Class)?;
        let id = answer.ids().next().ok_or(Mismatch::Id)?;
        self.find_id(answer, id, direction).map_err(|(why, _)| why)
    }

    /// The nearest stanza to an answer without a match: same id and class, another address or action. `None` for an
    /// answer that belongs to a stanza.
    pub fn nearest<'a>(&self, answer: impl Into<NodeRef<'a>>, direction: Option<Direction>) -> Option<EntryId> {
        let answer = AnswerRef::of(answer.into())?;
        match self.find_id(answer, answer.ids().next()?, direction) {
            Err((Mismatch::Address | Mismatch::Action, nearest)) => nearest,
            _ => None,
        }
    }

    fn find_id(&self, answer: AnswerRef<'_>, id: &str, direction: Option<Direction>) -> Result<Match, Nearest> {
        let direction = direction.or_else(|| Direction::of(answer.node));
        let (mut best, mut fitting) = (None, 0_usize);
        let mut nearest: Nearest = (Mismatch::Id, None);
        for entry_id in self.of_id(id) {
            let Some(entry) = self.entries.get(&entry_id) else { continue };
            // A direction from the record is more reliable than the addresses.
            let goes_the_same_way = direction.is_some() && direction == entry.direction;
            let mismatch = match matched(answer, entry.outline.as_ref(), &self.accounts) {
                Ok(_) if goes_the_same_way => Mismatch::Direction,
                Ok(matched_by) => {
                    let names_other = other_action(answer, entry.outline.as_ref()).is_some();
                    let rank = (names_other, entry.is_settled(), matched_by, Reverse(entry_id));
                    best = best.into_iter().chain([rank]).min();
                    fitting = fitting.saturating_add(1);
                    continue;
                }
                Err(mismatch) => mismatch,
            };
            if mismatch > nearest.0 {
                nearest = (mismatch, Some(entry_id));
            }
        }
        match best {
            Some((true, _, _, Reverse(entry))) if fitting > 1 => Err((Mismatch::Action, Some(entry))),
            Some((names_other, _, matched_by, Reverse(entry))) => {
                Ok(Match { entry, matched_by, kind: answer.kind, names_other })
            }
            None => Err(nearest),
        }
    }

    fn settle(&mut self, found: Result<Match, Mismatch>) -> Event<Match> {
        let found = match found {
            Ok(found) => found,
            Err(mismatch) => return Event::Unmatched(mismatch),
        };
        let Some(entry) = self.entries.get_mut(&found.entry) else { return Event::Unmatched(Mismatch::Id) };
        let was_settled = entry.is_settled();
        let count = match found.kind {
            AnswerKind::Ack => &mut entry.acks,
            AnswerKind::Receipt => &mut entry.receipts,
        };
        *count = count.saturating_add(1);
        match found.kind {
            AnswerKind::Receipt if entry.direction != Some(Direction::Receive) => Event::Delivered(found),
            _ if was_settled => Event::Repeated(found),
            _ => Event::Answered(found),
        }
    }

    /// The entry of the stanza with this id and outline.
    fn same(&self, id: &str, direction: Option<Direction>, outline: &Node) -> Option<EntryId> {
        let is_same = |entry: &Entry<T>| entry.direction == direction && entry.outline == *outline;
        self.of_id(id).find(|entry_id| self.entries.get(entry_id).is_some_and(is_same))
    }

    /// The entries with an id, the latest first.
    fn of_id(&self, id: &str) -> impl Iterator<Item = EntryId> {
        self.by_id.get(id).into_iter().flat_map(|entries| entries.iter().rev().take(LATEST_OF_AN_ID).copied())
    }

    /// The entries with an id, the latest first.
    pub(crate) fn with_id(&self, id: &str) -> impl Iterator<Item = (EntryId, &Entry<T>)> {
        self.of_id(id).filter_map(|entry_id| Some((entry_id, self.entries.get(&entry_id)?)))
    }

    /// The entry of a stanza that was seen before, if the ledger still has it.
    #[must_use]
    pub fn entry_of<'a>(&self, stanza: impl Into<NodeRef<'a>>, direction: Option<Direction>) -> Option<EntryId> {
        let stanza = stanza.into();
        self.same(text(stanza, "id")?, direction.or_else(|| Direction::of(stanza)), &outline(stanza))
    }

    /// An entry, unless it was removed.
    #[must_use]
    pub fn get(&self, entry: EntryId) -> Option<&Entry<T>> {
        self.entries.get(&entry)
    }

    /// An entry, unless it was removed.
    pub fn get_mut(&mut self, entry: EntryId) -> Option<&mut Entry<T>> {
        self.entries.get_mut(&entry)
    }

    /// The first waiting entry at or after one.
    pub(crate) fn first_waiting(&self, from: EntryId) -> Option<EntryId> {
        self.entries.range(from..).find(|(_, entry)| !entry.is_settled()).map(|(entry_id, _)| *entry_id)
    }

    /// Removes an entry. A later answer to it matches nothing.
    pub fn remove(&mut self, entry_id: EntryId) -> Option<Entry<T>> {
        let entry = self.entries.remove(&entry_id)?;
        if let Some(id) = entry.id()
            && let Some(of_id) = self.by_id.get_mut(id)
        {
            // The ids are sorted, and usually the first one leaves.
            if let Ok(at) = of_id.binary_search(&entry_id) {
                of_id.remove(at);
            }
            if of_id.is_empty() {
                self.by_id.remove(id);
            }
        }
        Some(entry)
    }

    /// The entries, in the order in which they were first seen.
    pub fn iter(&self) -> impl Iterator<Item = (EntryId, &Entry<T>)> {
        self.entries.iter().map(|(entry_id, entry)| (*entry_id, entry))
    }

    /// The entries, in the order in which they were first seen.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (EntryId, &mut Entry<T>)> {
        self.entries.iter_mut().map(|(entry_id, entry)| (*entry_id, entry))
    }

    /// The entries as owned values, in the order in which they were first seen.
    pub fn into_entries(self) -> impl Iterator<Item = Entry<T>> {
        self.entries.into_values()
    }

    /// The entries as owned values with their numbers, in the order in which they were first seen.
    pub(crate) fn into_numbered(self) -> impl Iterator<Item = (EntryId, Entry<T>)> {
        self.entries.into_iter()
    }

    /// The number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<T> fmt::Debug for Ledger<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waiting = self.entries.values().filter(|entry| !entry.is_settled()).count();
        f.debug_struct("Ledger").field("entries", &self.entries.len()).field("waiting", &waiting).finish()
    }
}
