//! The tracker, case by case, and against one that is plain.

use std::time::Duration;

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use wabinary::Node;
use wabinary::stanza::{CallEvidence, CallStanza, ErrorCode, Event, MatchedBy, Mismatch, Outcome, Timeouts, Tracker};

use super::made::{ALICE, ALICES_SECOND, BOB, CALL, GROUP_CALL, ack, call, child, node};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn tracker() -> Tracker {
    Tracker::new(Timeouts::default(), 8)
}

/// A stanza of ours with this id.
fn sent(id: &str, action: &str) -> CallStanza {
    CallStanza::try_from(call(action, &[("to", ALICE)]).node().edit().set("id", id).finish()).unwrap()
}

fn ack_of(id: &str) -> Node {
    ack(&[("from", ALICE)], |_| {}).node().edit().set("id", id).finish()
}

fn pending(tracker: &Tracker) -> Vec<String> {
    tracker.pending().map(|pending| pending.stanza.id().unwrap().to_owned()).collect()
}

#[test]
fn an_answer_tells_how_long_it_took_and_of_which_call() {
    let mut tracker = tracker();
    let offer = call("offer", &[("to", ALICE)]);
    assert_eq!(tracker.register(&offer, seconds(5)).unwrap().sends, 1);
    let refusal = ack(&[("from", ALICE), ("error", "403")], |ack| child(ack, "error", &[("call-id", "C7")]));
    let Event::Answered(answer) = tracker.receive(&refusal, Duration::from_millis(5_250)) else { panic!() };
    assert_eq!((answer.stanza, answer.outcome), (offer, Outcome::Refused(Some(ErrorCode::NotEnabled))));
    assert_eq!((answer.call_id.as_deref(), answer.found_in), (Some("C7"), Some(CallEvidence::Error)));
    assert_eq!((answer.latency, answer.since_last_send), (Duration::from_millis(250), Duration::from_millis(250)));
    assert_eq!((answer.sends, answer.answers, answer.matched_by), (1, 1, MatchedBy::Address));
    assert!(pending(&tracker).is_empty());
    // A clock that goes back is no reason to panic.
    tracker.register(&sent("B", "accept"), seconds(9)).unwrap();
    let Event::Answered(answer) = tracker.receive(&ack_of("B"), seconds(2)) else { panic!() };
    assert_eq!((answer.latency, answer.call_id.as_deref()), (Duration::ZERO, Some(CALL)));
    assert_eq!(answer.found_in, Some(CallEvidence::Call));
}

#[test]
fn one_id_may_have_several_sends_and_several_acks() {
    let mut tracker = tracker();
    for (time, id) in [(1, "A"), (2, "B"), (3, "C")] {
        tracker.register(&sent(id, "transport"), seconds(time)).unwrap();
    }
    assert!(matches!(tracker.receive(&ack_of("B"), seconds(4)), Event::Answered(_)));
    let again: Vec<_> = tracker.resend_after_reconnect(seconds(10)).map(|call| call.id().unwrap().to_owned()).collect();
    assert_eq!(again, ["A", "C"]);
    let events: Vec<_> = (11..14).map(|time| tracker.receive(&ack_of("A"), seconds(time))).collect();
    let [Event::Answered(first), Event::Repeated(second), Event::Repeated(third)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((first.sends, first.latency, first.since_last_send), (2, seconds(10), seconds(1)));
    assert_eq!((second.answers, second.is_expected()), (2, true));
    assert_eq!((third.answers, third.is_expected()), (3, false));
    // Who sends it again by themselves says so by registering it, which keeps its place.
    tracker.register(&sent("D", "mute_v2"), seconds(20)).unwrap();
    assert_eq!(tracker.register(&sent("C", "transport"), seconds(21)).unwrap().sends, 3);
    assert_eq!(pending(&tracker), ["C", "D"]);
}

#[test]
fn an_ack_may_come_before_the_call_that_sends_returns() {
    // Registered first, sent second: whatever comes finds it.
    let mut tracker = tracker();
    assert_eq!(tracker.receive(&ack_of("A"), seconds(1)), Event::Unmatched(Mismatch::Id));
    tracker.register(&sent("A", "offer"), seconds(1)).unwrap();
    assert!(matches!(tracker.receive(&ack_of("A"), seconds(1)), Event::Answered(_)));
}

#[test]
fn what_is_overdue() {
    let mut tracker = tracker();
    assert_eq!(tracker.next_deadline(), None);
    tracker.register(&sent("A", "offer"), seconds(0)).unwrap();
    tracker.register(&sent("B", "accept"), seconds(5)).unwrap();
    assert_eq!(tracker.next_deadline(), Some(seconds(15)));
    let overdue = |tracker: &Tracker, now| -> Vec<_> {
        tracker.overdue(now).map(|pending| (pending.stanza.id().unwrap().to_owned(), pending.deadline)).collect()
    };
    assert_eq!(overdue(&tracker, Duration::from_millis(14_999)), []);
    assert_eq!(overdue(&tracker, seconds(15)), [("B".to_owned(), seconds(15))]);
    assert_eq!(overdue(&tracker, seconds(20)).len(), 2);
    // Sent again, it waits anew.
    assert_eq!(tracker.resend_after_reconnect(seconds(20)).count(), 2);
    assert_eq!(overdue(&tracker, seconds(29)), []);
    assert_eq!(tracker.forget(&sent("A", "offer")), Some(sent("A", "offer")));
    assert_eq!(tracker.forget(&sent("A", "offer")), None);
    assert_eq!(tracker.receive(&ack_of("A"), seconds(30)), Event::Unmatched(Mismatch::Id));
    let timeouts = Timeouts { offer: seconds(1), other: Duration::MAX };
    let mut patient = Tracker::new(timeouts, 8);
    patient.register(&sent("A", "accept"), seconds(1)).unwrap();
    assert_eq!(patient.next_deadline(), Some(Duration::MAX));
}

#[test]
fn what_answers_nothing() {
    let mut tracker = tracker();
    tracker.register(&sent("A", "offer"), seconds(0)).unwrap();
    let from_bob = ack(&[("from", BOB)], |_| {});
    assert_eq!(tracker.receive(&from_bob, seconds(1)), Event::Unmatched(Mismatch::Address));
    let ours = ack(&[("to", ALICE)], |_| {});
    assert_eq!(tracker.receive(&ours, seconds(1)), Event::Unmatched(Mismatch::Direction));
    let of_receipt = node("ack", &[("id", "A"), ("class", "receipt"), ("from", ALICE)], |_| {});
    let of_message = node("receipt", &[("id", "A"), ("from", ALICE)], |_| {});
    for other in [of_receipt, of_message, sent("A", "offer").into_node()] {
        assert_eq!(tracker.receive(&other, seconds(1)), Event::Other);
    }
    assert_eq!(pending(&tracker), ["A"]);
    let without_id = CallStanza::try_from(node("call", &[("to", ALICE)], |_| {})).unwrap();
    let error = tracker.register(&without_id, seconds(1)).unwrap_err();
    assert_eq!(error.to_string(), "call > @id: expected the id of a stanza, found no such attribute");
}

fn receipt(attrs: &[(&str, &str)]) -> Node {
    node("receipt", &[&[("id", "A")], attrs].concat(), |receipt| child(receipt, "offer", &[("call-id", CALL)]))
}

#[test]
fn a_receipt_of_a_device_leaves_the_stanza_waiting() {
    let mut tracker = tracker();
    tracker.register(&call("offer", &[("to", ALICE)]), seconds(0)).unwrap();
    for (device, matched_by) in [(ALICE, MatchedBy::Address), (ALICES_SECOND, MatchedBy::User)] {
        let Event::Delivered(delivery) = tracker.receive(&receipt(&[("from", device)]), seconds(2)) else { panic!() };
        assert!(delivery.is_receipt);
        assert_eq!((delivery.answers, delivery.matched_by, delivery.latency), (0, matched_by, seconds(2)));
    }
    assert_eq!(pending(&tracker), ["A"]);
    assert!(matches!(tracker.receive(&ack_of("A"), seconds(3)), Event::Answered(_)));
    assert!(matches!(tracker.receive(&receipt(&[("from", BOB)]), seconds(4)), Event::Delivered(_)));
}

#[test]
fn what_the_server_sent_is_answered_by_an_ack_or_a_receipt_or_both() {
    let mut tracker = tracker();
    tracker.register(&call("offer", &[("from", ALICE)]), seconds(0)).unwrap();
    let Event::Answered(answer) = tracker.receive(&receipt(&[("to", ALICE)]), seconds(1)) else { panic!() };
    assert_eq!((answer.is_receipt, answer.outcome), (true, Outcome::Accepted));
    assert_eq!((answer.call_id.as_deref(), answer.found_in), (Some(CALL), Some(CallEvidence::Receipt)));
    let Event::Repeated(answer) = tracker.receive(&ack(&[("to", ALICE)], |_| {}), seconds(1)) else { panic!() };
    assert_eq!((answer.is_receipt, answer.answers), (false, 2));
    // Delivered again, since the answer was lost.
    let again = CallStanza::try_from(call("offer", &[("from", ALICE)]).node().edit().set("offline", 0).finish());
    assert_eq!(tracker.register(&again.unwrap(), seconds(60)).unwrap().sends, 2);
}

#[test]
fn stanzas_with_the_same_id_are_told_apart() {
    let mut tracker = tracker();
    let calls = [call("offer", &[("to", ALICE)]), call("offer", &[("to", BOB)]), call("offer", &[("to", GROUP_CALL)])];
    for call in &calls {
        assert_eq!(tracker.register(call, seconds(0)).unwrap().sends, 1);
    }
    let Event::Answered(answer) = tracker.receive(&ack(&[("from", BOB)], |_| {}), seconds(1)) else { panic!() };
    assert_eq!(answer.stanza, calls[1]);
    // The bare server answers whatever waits, the latest first.
    let server = ack(&[("from", "s.whatsapp.net")], |_| {});
    for expected in [&calls[2], &calls[0]] {
        let Event::Answered(answer) = tracker.receive(&server, seconds(2)) else { panic!() };
        assert_eq!((&answer.stanza, answer.matched_by), (expected, MatchedBy::BareServer));
    }
    assert!(matches!(tracker.receive(&server, seconds(3)), Event::Repeated(_)));
}

#[test]
fn of_stanzas_with_the_same_id_the_one_that_is_given_up_is_forgotten() {
    let mut tracker = tracker();
    let calls = [call("offer", &[("to", ALICE)]), call("offer", &[("to", BOB)])];
    for call in &calls {
        tracker.register(call, seconds(0)).unwrap();
    }
    assert_eq!(tracker.forget(&calls[1]), Some(calls[1].clone()));
    assert_eq!(tracker.forget(&calls[1]), None);
    assert_eq!(tracker.receive(&ack(&[("from", BOB)], |_| {}), seconds(1)), Event::Unmatched(Mismatch::Address));
    let Event::Answered(answer) = tracker.receive(&ack(&[("from", ALICE)], |_| {}), seconds(1)) else { panic!() };
    assert_eq!(answer.stanza, calls[0]);
    // One that was answered does not wait.
    assert_eq!(tracker.forget(&calls[0]), None);
}

#[test]
fn no_more_is_kept_than_was_asked_for() {
    let mut tracker = Tracker::new(Timeouts::default(), 3);
    let register = |tracker: &mut Tracker, id: &str| {
        tracker
            .register(&sent(id, "accept"), seconds(0))
            .unwrap()
            .evicted
            .map(|call| call.as_ref().id().unwrap().to_owned())
    };
    for id in ["A", "B", "C"] {
        assert_eq!(register(&mut tracker, id), None);
    }
    tracker.receive(&ack_of("C"), seconds(1));
    tracker.receive(&ack_of("B"), seconds(1));
    // What was answered first goes first, and is not missed.
    assert_eq!(register(&mut tracker, "D"), None);
    assert_eq!(tracker.receive(&ack_of("C"), seconds(2)), Event::Unmatched(Mismatch::Id));
    assert!(matches!(tracker.receive(&ack_of("B"), seconds(2)), Event::Repeated(_)));
    assert_eq!(register(&mut tracker, "E"), None);
    // Now all of them wait, and the oldest is told of.
    assert_eq!(register(&mut tracker, "F").as_deref(), Some("A"));
    assert_eq!(pending(&tracker), ["D", "E", "F"]);
    let mut least = Tracker::new(Timeouts::default(), 0);
    assert_eq!(register(&mut least, "A"), None);
    assert_eq!(register(&mut least, "B").as_deref(), Some("A"));
}

/// What a beginner would write: a list, gone through from end to end.
#[derive(Default)]
struct Plain {
    entries: Vec<PlainEntry>,
    /// Numbers of entries, in the order in which they were answered.
    answered: Vec<usize>,
    made: usize,
    capacity: usize,
}

struct PlainEntry {
    number: usize,
    id: usize,
    peer: usize,
    incoming: bool,
    waits: bool,
    first_sent: u64,
    last_sent: u64,
    sends: u32,
    answers: u32,
}

/// Kind of event, entry, sends, answers, milliseconds since the first and the last send.
type Told = (&'static str, Option<(usize, u32, u32, u64, u64)>);

impl Plain {
    /// Gives how often it was sent, and the id and peer of what had to go.
    fn register(&mut self, id: usize, peer: usize, incoming: bool, now: u64) -> (u32, Option<(usize, usize)>) {
        let is_same = |it: &&mut PlainEntry| (it.id, it.peer, it.incoming) == (id, peer, incoming);
        if let Some(entry) = self.entries.iter_mut().find(is_same) {
            entry.last_sent = now;
            entry.sends += 1;
            return (entry.sends, None);
        }
        let mut evicted = None;
        if self.entries.len() == self.capacity {
            let at = match self.answered.first() {
                Some(number) => self.entries.iter().position(|it| it.number == *number).unwrap(),
                None => 0,
            };
            self.answered.drain(..self.answered.len().min(1));
            let gone = self.entries.remove(at);
            evicted = gone.waits.then_some((gone.id, gone.peer));
        }
        let number = self.made;
        self.made += 1;
        let (first_sent, last_sent, sends, answers, waits) = (now, now, 1, 0, true);
        self.entries.push(PlainEntry { number, id, peer, incoming, waits, first_sent, last_sent, sends, answers });
        (1, evicted)
    }

    fn receive(&mut self, id: usize, peer: usize, to_server: bool, is_receipt: bool, now: u64) -> Told {
        let fits = |it: &PlainEntry| it.id == id && it.peer == peer && it.incoming == to_server;
        let waiting = self.entries.iter().rposition(|it| fits(it) && it.waits);
        let Some(at) = waiting.or_else(|| self.entries.iter().rposition(fits)) else { return ("unmatched", None) };
        let entry = &mut self.entries[at];
        let is_delivery = is_receipt && !entry.incoming;
        let is_first = entry.waits && !is_delivery;
        if !is_delivery {
            entry.answers += 1;
            entry.waits = false;
        }
        if is_first {
            self.answered.push(entry.number);
        }
        let kind = if is_delivery {
            "delivered"
        } else if is_first {
            "answered"
        } else {
            "repeated"
        };
        (kind, Some((entry.peer, entry.sends, entry.answers, now - entry.first_sent, now - entry.last_sent)))
    }
}

const IDS: [&str; 5] = ["1", "2", "3", "4", "5"];
const PEERS: [&str; 3] = [ALICE, BOB, GROUP_CALL];

fn stanza_of(id: usize, peer: usize, incoming: bool) -> CallStanza {
    let address = if incoming { "from" } else { "to" };
    let stanza = call("accept", &[(address, PEERS[peer])]).node().edit().set("id", IDS[id]).finish();
    CallStanza::try_from(stanza).unwrap()
}

fn told(event: &Event) -> Told {
    let (kind, answer) = match event {
        Event::Answered(answer) => ("answered", answer),
        Event::Repeated(answer) => ("repeated", answer),
        Event::Delivered(answer) => ("delivered", answer),
        Event::Unmatched(_) => return ("unmatched", None),
        _ => return ("other", None),
    };
    let view = answer.stanza.as_ref();
    let address = view.to().unwrap().or(view.from().unwrap()).unwrap().to_string();
    let peer = PEERS.iter().position(|peer| *peer == address).unwrap();
    let since = |duration: Duration| u64::try_from(duration.as_millis()).unwrap();
    (kind, Some((peer, answer.sends, answer.answers, since(answer.latency), since(answer.since_last_send))))
}

/// A session as a link makes it that loses, repeats and reorders: whatever is sent may be answered not at all, once or
/// several times, at any later moment.
fn session(u: &mut Unstructured<'_>, kinds: &mut Vec<&'static str>) -> Result<()> {
    let capacity = u.int_in_range(1..=6)?;
    let mut tracker = Tracker::new(Timeouts { offer: seconds(2), other: seconds(1) }, capacity);
    let mut plain = Plain { capacity, ..Plain::default() };
    let mut now = 0;
    // Answers on their way: id, peer, direction, whether a receipt.
    let mut on_the_way: Vec<(usize, usize, bool, bool)> = Vec::new();
    while !u.is_empty() {
        now += u64::from(u.int_in_range(0..=900_u16)?);
        let time = Duration::from_millis(now);
        match u.int_in_range(0..=9)? {
            0..=3 => {
                let (id, peer, incoming) = (u.choose_index(IDS.len())?, u.choose_index(PEERS.len())?, u.ratio(1, 4)?);
                let registered = tracker.register(&stanza_of(id, peer, incoming), time).unwrap();
                let (sends, evicted) = plain.register(id, peer, incoming, now);
                assert_eq!(registered.sends, sends);
                let expected = evicted.map(|(id, _)| IDS[id]);
                assert_eq!(registered.evicted.as_ref().and_then(|call| call.as_ref().id()), expected);
                for _ in 0..u.int_in_range(0..=2)? {
                    on_the_way.push((id, peer, incoming, u.ratio(1, 4)?));
                }
            }
            4..=7 if !on_the_way.is_empty() => {
                let (id, peer, to_server, is_receipt) = on_the_way.remove(u.choose_index(on_the_way.len())?);
                let attrs = [("id", IDS[id]), (if to_server { "to" } else { "from" }, PEERS[peer])];
                let arrived = if is_receipt {
                    node("receipt", &attrs, |receipt| child(receipt, "accept", &[("call-id", "other")]))
                } else {
                    node("ack", &[&attrs[..], &[("class", "call")]].concat(), |_| {})
                };
                let event = told(&tracker.receive(&arrived, time));
                kinds.push(event.0);
                assert_eq!(event, plain.receive(id, peer, to_server, is_receipt, now));
            }
            8 => {
                let again: Vec<_> = tracker.resend_after_reconnect(time).map(|call| call.to_owned()).collect();
                let expected = plain.entries.iter_mut().filter(|it| it.waits).map(|it| {
                    it.sends += 1;
                    it.last_sent = now;
                    stanza_of(it.id, it.peer, it.incoming)
                });
                assert_eq!(again, expected.collect::<Vec<_>>());
            }
            _ => {
                // The connection is gone, and with it what was on the way.
                on_the_way.clear();
            }
        }
        let waiting = plain.entries.iter().filter(|it| it.waits);
        let pending: Vec<_> = tracker.pending().map(|it| (it.stanza.to_owned(), it.sends, it.deadline)).collect();
        let deadline = |it: &PlainEntry| Duration::from_millis(it.last_sent) + seconds(1);
        let expected = waiting
            .clone()
            .map(|it| (stanza_of(it.id, it.peer, it.incoming), it.sends, deadline(it)))
            .collect::<Vec<_>>();
        assert_eq!(pending, expected);
        let overdue = waiting.clone().filter(|it| deadline(it) <= time).count();
        assert_eq!(tracker.overdue(time).count(), overdue);
        assert_eq!(tracker.next_deadline(), waiting.map(deadline).min());
        assert!(plain.entries.len() <= capacity);
    }
    Ok(())
}

#[test]
fn it_does_what_a_plain_one_does() {
    let mut kinds = Vec::new();
    arbtest(|u| session(u, &mut kinds)).size_min(64).size_max(4096).budget_ms(2_000);
    for kind in ["answered", "repeated", "delivered", "unmatched"] {
        assert!(kinds.contains(&kind), "never {kind}");
    }
}
