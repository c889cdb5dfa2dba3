//! Compares the ledger with a naive one: stanzas of several classes, lost, repeated and out of order.

use std::collections::BTreeMap;

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use wabinary::Node;
use wabinary::stanza::Direction;
use wabinary_calls::{Class, Event, Ledger, Match, MatchedBy, Mismatch};
use wabinary_testing::made::{ALICE, ALICES_SECOND, BOB, CALL, GROUP_CALL, ack, call, child, node};

const IDS: [&str; 3] = ["1", "2", "3"];
const PEERS: [&str; 3] = [ALICE, BOB, GROUP_CALL];
const CLASSES: [&str; 4] = ["call", "message", "notification", "receipt"];

/// The identity of a stanza: class, id, peer, and whether this device sent it.
type Key = (usize, usize, usize, bool);

/// A stanza of the naive ledger.
#[derive(Debug, Default)]
struct Plain {
    /// The order in which it was first seen.
    number: usize,
    sends: u32,
    acks: u32,
    receipts: u32,
}

impl Plain {
    fn is_settled(&self, is_sent: bool) -> bool {
        self.acks > 0 || (self.receipts > 0 && !is_sent)
    }
}

fn stanza((class, id, peer, is_sent): Key) -> Node {
    let attrs = [("id", IDS[id]), (if is_sent { "to" } else { "from" }, PEERS[peer])];
    node(CLASSES[class], &attrs, |stanza| match CLASSES[class] {
        "call" => child(stanza, "accept", &[("call-id", CALL)]),
        // Without the child it would be the receipt of a message.
        "receipt" => child(stanza, "accept", &[("call-id", "of a call that nobody knows")]),
        _ => {}
    })
}

fn answer((class, id, peer, is_sent): Key, is_receipt: bool) -> Node {
    let attrs = [("id", IDS[id]), (if is_sent { "from" } else { "to" }, PEERS[peer])];
    match (is_receipt, CLASSES[class]) {
        (true, "call") => node("receipt", &attrs, |receipt| child(receipt, "accept", &[("call-id", "other")])),
        (true, _) => node("receipt", &attrs, |_| {}),
        (false, class) => node("ack", &[&attrs[..], &[("class", class)]].concat(), |_| {}),
    }
}

fn direction(is_sent: bool) -> Option<Direction> {
    Some(if is_sent { Direction::Send } else { Direction::Receive })
}

fn session(u: &mut Unstructured<'_>, kinds: &mut BTreeMap<&'static str, u32>) -> Result<()> {
    let mut ledger: Ledger<Key> = Ledger::new().only(&[Class::Call, Class::Message, Class::Notification]);
    let mut plain: BTreeMap<Key, Plain> = BTreeMap::new();
    while !u.is_empty() {
        // Here receipts only answer; they do not wait.
        let key = (u.choose_index(3)?, u.choose_index(IDS.len())?, u.choose_index(PEERS.len())?, u.arbitrary()?);
        let is_sent = key.3;
        if u.ratio(2, 5)? {
            let known = plain.len();
            let entry = plain.entry(key).or_insert_with(|| Plain { number: known, ..Plain::default() });
            entry.sends += 1;
            let event = ledger.open(&stanza(key), direction(is_sent), || key).unwrap();
            assert_eq!(matches!(event, Event::Resent(_)), entry.sends > 1, "{key:?}");
        } else {
            let is_receipt = key.0 < 2 && u.ratio(1, 3)?;
            let mut events = ledger.answer(&answer(key, is_receipt), direction(!is_sent));
            let event = events.pop().unwrap();
            assert_eq!(events, []);
            let Some(entry) = plain.get_mut(&key) else {
                *kinds.entry("unmatched").or_default() += 1;
                assert!(matches!(event, Event::Unmatched(_)), "{key:?}: {event:?}");
                continue;
            };
            let was_settled = entry.is_settled(is_sent);
            *(if is_receipt { &mut entry.receipts } else { &mut entry.acks }) += 1;
            let (kind, found) = match event {
                Event::Answered(found) => ("answered", found),
                Event::Repeated(found) => ("repeated", found),
                Event::Delivered(found) => ("delivered", found),
                other => panic!("{key:?}: {other:?}"),
            };
            let expected = match (is_receipt && is_sent, was_settled) {
                (true, _) => "delivered",
                (false, true) => "repeated",
                (false, false) => "answered",
            };
            assert_eq!((kind, found.matched_by), (expected, MatchedBy::Address), "{key:?}");
            assert_eq!(ledger.get(found.entry).unwrap().data, key);
            *kinds.entry(kind).or_default() += 1;
        }
        let mut expected: Vec<_> = plain.iter().collect();
        expected.sort_by_key(|(_, entry)| entry.number);
        assert_eq!(ledger.len(), expected.len());
        for ((_, entry), (key, plain)) in ledger.iter().zip(expected) {
            assert_eq!(entry.data, *key);
            assert_eq!((entry.sends(), entry.acks(), entry.receipts()), (plain.sends, plain.acks, plain.receipts));
            assert_eq!(entry.is_settled(), plain.is_settled(key.3));
        }
    }
    Ok(())
}

#[test]
fn it_does_what_a_plain_one_does() {
    let mut kinds = BTreeMap::new();
    arbtest(|u| session(u, &mut kinds)).size_min(64).size_max(2048).budget_ms(1_000);
    for kind in ["answered", "repeated", "delivered", "unmatched"] {
        assert!(kinds.get(kind).is_some_and(|count| *count > 10), "{kinds:?}");
    }
}

fn opened<T: std::fmt::Debug>(ledger: &mut Ledger<T>, stanza: &Node, data: T) -> wabinary_calls::EntryId {
    let Some(Event::Opened(entry)) = ledger.open(stanza, None, || data) else { panic!() };
    entry
}

fn answered<T>(ledger: &mut Ledger<T>, answer: &Node) -> Event<Match> {
    let mut events = ledger.answer(answer, None);
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
}

#[test]
fn among_stanzas_of_one_id_it_prefers_what_waits_then_the_evidence_then_the_latest() {
    let mut ledger = Ledger::new();
    let calls = [("to", ALICE), ("to", BOB), ("to", GROUP_CALL)].map(|to| call("offer", &[to]).into_node());
    let entries: Vec<_> = calls.iter().map(|call| opened(&mut ledger, call, ())).collect();
    let from_bob = ack(&[("from", BOB)], |_| {}).into_node();
    let Event::Answered(found) = answered(&mut ledger, &from_bob) else { panic!() };
    assert_eq!(found.entry, entries[1]);
    // The bare server answers any waiting stanza, the latest first.
    let server = ack(&[("from", "s.whatsapp.net")], |_| {}).into_node();
    for expected in [entries[2], entries[0]] {
        let Event::Answered(found) = answered(&mut ledger, &server) else { panic!() };
        assert_eq!((found.entry, found.matched_by), (expected, MatchedBy::BareServer));
    }
    assert!(matches!(answered(&mut ledger, &server), Event::Repeated(_)));
    // If both wait, the stronger evidence wins.
    let mut ledger = Ledger::new();
    let device = opened(&mut ledger, &call("offer", &[("to", ALICES_SECOND)]).into_node(), ());
    opened(&mut ledger, &call("offer", &[("to", ALICE)]).into_node(), ());
    let from_device = ack(&[("from", ALICES_SECOND)], |_| {}).into_node();
    let Event::Answered(found) = answered(&mut ledger, &from_device) else { panic!() };
    assert_eq!((found.entry, found.matched_by), (device, MatchedBy::Address));
}

#[test]
fn what_carried_a_stanza_knows_better_than_its_addresses() {
    // An ack that its client stamps with both addresses.
    let stamped = ack(&[("from", ALICE), ("to", BOB)], |_| {}).into_node();
    let offer = call("offer", &[("to", ALICE)]).into_node();
    for (carried, expected) in [
        (Some(Direction::Receive), Ok(MatchedBy::Address)),
        (Some(Direction::Send), Err(Mismatch::Direction)),
        (None, Err(Mismatch::Direction)),
    ] {
        let mut ledger = Ledger::new();
        opened(&mut ledger, &offer, ());
        assert_eq!(ledger.find(&stamped, carried).map(|found| found.matched_by), expected, "{carried:?}");
    }
}

#[test]
fn a_stanza_that_came_in_is_settled_by_the_receipt_of_this_device() {
    let mut ledger = Ledger::new();
    let message = node("message", &[("id", "A"), ("from", ALICE)], |_| {});
    let second = node("message", &[("id", "B"), ("from", ALICE)], |_| {});
    let entries = [opened(&mut ledger, &message, ()), opened(&mut ledger, &second, ())];
    let receipt = node("receipt", &[("id", "A"), ("to", ALICE)], |receipt| {
        _ = receipt.child("list", |list| child(list, "item", &[("id", "B")]))
    });
    let events = ledger.see(&receipt, Some(Direction::Send), || ());
    let [Event::Answered(one), Event::Answered(other), Event::Opened(_)] = events[..] else { panic!("{events:?}") };
    assert_eq!([one.entry, other.entry], entries);
    assert!(entries.iter().all(|entry| ledger.get(*entry).unwrap().is_settled()));
    // The receipt waits for its own ack.
    let ack = node("ack", &[("id", "A"), ("class", "receipt"), ("from", ALICE)], |_| {});
    assert!(matches!(answered(&mut ledger, &ack), Event::Answered(_)));
}

#[test]
fn stanzas_without_an_id_and_of_no_class() {
    let mut ledger = Ledger::new();
    let without_id = node("call", &[("to", ALICE)], |_| {});
    let events = [0, 1].map(|_| ledger.open(&without_id, None, || ()));
    assert!(matches!(events[..], [Some(Event::WithoutId(one)), Some(Event::WithoutId(other))] if one != other));
    assert_eq!(ledger.see(&node("iq", &[("id", "A"), ("to", ALICE)], |_| {}), None, || ()), []);
    let unknown_class = node("ack", &[("id", "A"), ("class", "iq"), ("from", ALICE)], |_| {});
    assert_eq!(ledger.see(&unknown_class, None, || ()), []);
    assert_eq!(ledger.len(), 2);
}

#[test]
fn an_entry_that_is_removed_is_forgotten() {
    let mut ledger = Ledger::new();
    let offer = call("offer", &[("to", ALICE)]).into_node();
    let entry = opened(&mut ledger, &offer, 7);
    assert_eq!(ledger.entry_of(&offer, None), Some(entry));
    assert_eq!(ledger.remove(entry).map(|entry| entry.data), Some(7));
    assert_eq!((ledger.entry_of(&offer, None), ledger.is_empty()), (None, true));
    let ack = ack(&[("from", ALICE)], |_| {}).into_node();
    assert_eq!(answered(&mut ledger, &ack), Event::Unmatched(Mismatch::Id));
    assert!(opened(&mut ledger, &offer, 8) > entry, "numbers are not used again");
}

#[test]
fn what_was_sent_again_has_the_same_addressees() {
    let to = |jid: &str| {
        node("call", &[("id", "1"), ("to", GROUP_CALL)], |call| {
            call.child("offer", |offer| _ = offer.child("destination", |list| child(list, "to", &[("jid", jid)])));
        })
    };
    let mut ledger = Ledger::new();
    let first = opened(&mut ledger, &to(ALICE), ());
    assert_eq!([ALICE, BOB].map(|jid| ledger.entry_of(&to(jid), None)), [Some(first), None]);
}
