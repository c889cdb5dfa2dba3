//! Compares the tracker, and the ledger in it, with a naive one: several classes, shared ids, any order, duplicates,
//! losses, and a clock that goes back.

use std::collections::BTreeMap;
use std::time::Duration;

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use wabinary::Node;
use wabinary_calls::{Class, Event, Mismatch, Timeouts, Tracker};
use wabinary_testing::made::{ALICE, BOB, CALL, child, node};

const IDS: [&str; 2] = ["1", "2"];
const PEERS: [&str; 2] = [ALICE, BOB];
/// The kinds of stanzas: calls of two actions, and stanzas of other classes.
const KINDS: [(&str, &str); 4] = [("call", "accept"), ("call", "transport"), ("message", ""), ("notification", "")];
/// The names in acks of calls: none, an action, an action that no stanza has, and a word that is not an action.
const TYPES: [&str; 5] = ["", "accept", "transport_ack", "mute_v2", "odd"];

/// A stanza of the naive tracker.
#[derive(Clone, Debug)]
struct Plain {
    kind: usize,
    id: usize,
    peer: usize,
    is_sent: bool,
    first: Duration,
    last: Duration,
    sends: u32,
    answers: u32,
}

impl Plain {
    fn node(&self) -> Node {
        let (tag, action) = KINDS[self.kind];
        let attrs = [("id", IDS[self.id]), (if self.is_sent { "to" } else { "from" }, PEERS[self.peer])];
        node(tag, &attrs, |stanza| {
            if !action.is_empty() {
                child(stanza, action, &[("call-id", CALL)]);
            }
        })
    }

    fn is_same(&self, other: &Self) -> bool {
        (self.kind, self.id, self.peer, self.is_sent) == (other.kind, other.id, other.peer, other.is_sent)
    }
}

/// Finds the stanza of an ack, and whether the ack names another action, by visiting all stanzas.
fn find(stanzas: &[Plain], ack: &Plain, typed: &str) -> std::result::Result<(usize, bool), Option<Mismatch>> {
    let tag = KINDS[ack.kind].0;
    let fits = |stanza: &Plain| {
        let same = (stanza.id, stanza.peer, stanza.is_sent) == (ack.id, ack.peer, ack.is_sent);
        same && KINDS[stanza.kind].0 == tag
    };
    let named = typed.trim_end_matches("_ack");
    let decides = tag == "call" && !["", "odd"].contains(&named);
    let names_other = |stanza: &Plain| decides && KINDS[stanza.kind].1 != named;
    let candidates: Vec<usize> = (0..stanzas.len()).filter(|number| fits(&stanzas[*number])).collect();
    let meant: Vec<usize> = candidates.iter().copied().filter(|number| !names_other(&stanzas[*number])).collect();
    let best = |of: &[usize]| of.iter().copied().max_by_key(|number| (stanzas[*number].answers == 0, *number));
    match (best(&meant), &candidates[..]) {
        (Some(number), _) => Ok((number, false)),
        (None, [one]) => Ok((*one, true)),
        (None, []) => Err(None),
        (None, _) => Err(Some(Mismatch::Action)),
    }
}

fn session(u: &mut Unstructured<'_>, seen: &mut BTreeMap<&'static str, u32>) -> Result<()> {
    let mut tracker = Tracker::new(Timeouts::default(), 1_000).watching(Class::ALL);
    let mut stanzas: Vec<Plain> = Vec::new();
    while !u.is_empty() {
        // The clock goes forward and back.
        let now = Duration::from_secs(u.int_in_range(0..=30)?);
        let (kind, id, peer) = (u.choose_index(KINDS.len())?, u.choose_index(IDS.len())?, u.choose_index(PEERS.len())?);
        let one = Plain { kind, id, peer, is_sent: u.arbitrary()?, first: now, last: now, sends: 1, answers: 0 };
        let is_stanza = u.ratio(2, 5)?;
        let typed = if KINDS[kind].0 == "call" { *u.choose(&TYPES)? } else { "" };
        let events = if is_stanza {
            let node = one.node();
            if one.is_sent { tracker.send(&node, now) } else { tracker.receive(&node, now) }
        } else {
            let way = if one.is_sent { "from" } else { "to" };
            let attrs = [("id", IDS[id]), ("class", KINDS[kind].0), (way, PEERS[peer]), ("type", typed)];
            let attrs = if typed.is_empty() { &attrs[..3] } else { &attrs[..] };
            let ack = node("ack", attrs, |_| {});
            if one.is_sent { tracker.receive(&ack, now) } else { tracker.send(&ack, now) }
        };
        let [event] = &events[..] else { panic!("{one:?}: {events:?}") };
        let outcome = match (is_stanza, stanzas.iter_mut().find(|known| known.is_same(&one))) {
            (true, Some(known)) => {
                (known.sends, known.last) = (known.sends + 1, now);
                assert!(matches!(event, Event::Resent(_)), "{event:?}");
                "resent"
            }
            (true, None) => {
                assert!(matches!(event, Event::Opened(_)), "{event:?}");
                stanzas.push(one);
                "opened"
            }
            (false, _) => match find(&stanzas, &one, typed) {
                Ok((number, names_other)) => {
                    let known = &mut stanzas[number];
                    known.answers += 1;
                    let (answer, outcome) = match event {
                        Event::Answered(answer) if known.answers == 1 => (answer, "answered"),
                        Event::Repeated(answer) if known.answers > 1 => (answer, "repeated"),
                        other => panic!("{known:?}: {other:?}"),
                    };
                    assert_eq!((answer.sends, answer.answers), (known.sends, known.answers));
                    assert_eq!(answer.latency, now.saturating_sub(known.first));
                    assert_eq!(answer.since_last_send, now.saturating_sub(known.last));
                    assert_eq!(answer.names_other, names_other, "{known:?} {typed}");
                    if names_other { "of another type" } else { outcome }
                }
                Err(mismatch) => {
                    let Event::Unmatched(found) = event else { panic!("{event:?}") };
                    assert!(mismatch.is_none_or(|mismatch| mismatch == *found), "{found:?}");
                    if mismatch.is_some() { "of no type" } else { "unmatched" }
                }
            },
        };
        *seen.entry(outcome).or_default() += 1;
        let waiting: Vec<_> = stanzas.iter().filter(|stanza| stanza.answers == 0).collect();
        let found: Vec<_> = tracker.pending().map(|it| (it.stanza.to_node(), it.sends, it.last_sent)).collect();
        let expected: Vec<_> = waiting.iter().map(|it| (it.node(), it.sends, it.last)).collect();
        assert_eq!(found, expected);
    }
    Ok(())
}

#[test]
fn it_does_what_a_plain_one_does() {
    let mut seen = BTreeMap::new();
    arbtest(|u| session(u, &mut seen)).size_min(64).size_max(1024).budget_ms(1_000);
    for outcome in ["opened", "resent", "answered", "repeated", "of another type", "of no type", "unmatched"] {
        assert!(seen.get(outcome).is_some_and(|count| *count > 10), "{outcome}: {seen:?}");
    }
}
