//! The tracker: deadlines, resending, bounded memory.

use std::time::Duration;

use wabinary::Node;
use wabinary::stanza::{CallEvidence, ErrorCode};
use wabinary_calls::{Answer, AnswerKind, Class, Event, MatchedBy, Mismatch, Outcome, Timeouts, Tracker, Verdict};
use wabinary_testing::made::{ALICE, ALICES_SECOND, BOB, CALL, GROUP_CALL, ack, call, child, node};

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn tracker() -> Tracker {
    Tracker::new(Timeouts::default(), 8)
}

/// A stanza of ours with this id.
fn sent(id: &str, action: &str) -> Node {
    call(action, &[("to", ALICE)]).node().edit().set("id", id).finish()
}

fn ack_of(id: &str) -> Node {
    ack(&[("from", ALICE)], |_| {}).node().edit().set("id", id).finish()
}

fn id(stanza: wabinary::NodeRef<'_>) -> String {
    stanza.get::<&str>("id").unwrap().to_owned()
}

fn pending(tracker: &Tracker) -> Vec<String> {
    tracker.pending().map(|pending| id(pending.stanza)).collect()
}

/// The only event.
fn one(mut events: Vec<Event<Answer>>) -> Event<Answer> {
    assert_eq!(events.len(), 1, "{events:?}");
    events.remove(0)
}

#[test]
fn an_answer_says_how_long_it_took_and_of_which_call() {
    let mut tracker = tracker();
    let offer = call("offer", &[("to", ALICE)]).into_node();
    assert!(matches!(one(tracker.send(&offer, seconds(5))), Event::Opened(_)));
    let refusal = ack(&[("from", ALICE), ("error", "403")], |ack| child(ack, "error", &[("call-id", "C7")]));
    let event = one(tracker.receive(&refusal, Duration::from_millis(5_250)));
    let Event::Answered(answer) = event else { panic!("{event:?}") };
    let refused = Verdict { outcome: Outcome::Refused, code: Some(ErrorCode::NotEnabled.into()) };
    assert_eq!((answer.stanza, answer.verdict), (offer, refused));
    assert_eq!((answer.call_id.as_deref(), answer.found_in), (Some("C7"), Some(CallEvidence::Error)));
    assert_eq!((answer.latency, answer.since_last_send), (Duration::from_millis(250), Duration::from_millis(250)));
    assert_eq!((answer.sends, answer.answers, answer.matched_by), (1, 1, MatchedBy::Address));
    assert!(pending(&tracker).is_empty());
    // A clock that goes back causes no panic.
    tracker.send(&sent("B", "accept"), seconds(9));
    let Event::Answered(answer) = one(tracker.receive(&ack_of("B"), seconds(2))) else { panic!() };
    assert_eq!((answer.latency, answer.call_id.as_deref()), (Duration::ZERO, Some(CALL)));
    assert_eq!(answer.found_in, Some(CallEvidence::Call));
}

#[test]
fn one_id_may_have_several_sends_and_several_acks() {
    let mut tracker = tracker();
    for (time, id) in [(1, "A"), (2, "B"), (3, "C")] {
        tracker.send(&sent(id, "transport"), seconds(time));
    }
    assert!(matches!(one(tracker.receive(&ack_of("B"), seconds(4))), Event::Answered(_)));
    let again: Vec<_> = tracker.resend_after_reconnect(seconds(10)).map(id).collect();
    assert_eq!(again, ["A", "C"]);
    let events: Vec<_> = (11..14).map(|time| one(tracker.receive(&ack_of("A"), seconds(time)))).collect();
    let [Event::Answered(first), Event::Repeated(second), Event::Repeated(third)] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!((first.sends, first.latency, first.since_last_send), (2, seconds(10), seconds(1)));
    assert_eq!((second.answers, second.is_expected()), (2, true));
    assert_eq!((third.answers, third.is_expected()), (3, false));
    // A client may resend by itself. The stanza keeps its place.
    tracker.send(&sent("D", "mute_v2"), seconds(20));
    assert!(matches!(one(tracker.send(&sent("C", "transport"), seconds(21))), Event::Resent(_)));
    assert_eq!(
        tracker.pending().map(|it| (id(it.stanza), it.sends)).collect::<Vec<_>>(),
        [("C".to_owned(), 3), ("D".to_owned(), 1)]
    );
}

#[test]
fn stanzas_become_overdue() {
    let mut tracker = tracker();
    assert_eq!(tracker.next_deadline(), None);
    tracker.send(&sent("A", "offer"), seconds(0));
    tracker.send(&sent("B", "accept"), seconds(5));
    assert_eq!(tracker.next_deadline(), Some(seconds(15)));
    let overdue = |tracker: &Tracker, now| -> Vec<_> {
        tracker.overdue(now).map(|pending| (id(pending.stanza), pending.deadline)).collect()
    };
    assert_eq!(overdue(&tracker, Duration::from_millis(14_999)), []);
    assert_eq!(overdue(&tracker, seconds(15)), [("B".to_owned(), seconds(15))]);
    assert_eq!(overdue(&tracker, seconds(20)).len(), 2);
    // Sending it again restarts its timeout.
    assert_eq!(tracker.resend_after_reconnect(seconds(20)).count(), 2);
    assert_eq!(overdue(&tracker, seconds(29)), []);
    assert_eq!(tracker.forget(&sent("A", "offer")), Some(sent("A", "offer")));
    assert_eq!(tracker.forget(&sent("A", "offer")), None);
    assert_eq!(one(tracker.receive(&ack_of("A"), seconds(30))), Event::Unmatched(Mismatch::Id));
    let timeouts = Timeouts { offer: seconds(1), other: Duration::MAX };
    let mut patient = Tracker::new(timeouts, 8);
    patient.send(&sent("A", "accept"), seconds(1));
    assert_eq!(patient.next_deadline(), Some(Duration::MAX));
}

#[test]
fn what_answers_nothing() {
    let mut tracker = tracker();
    tracker.send(&sent("A", "offer"), seconds(0));
    let from_bob = ack(&[("from", BOB)], |_| {});
    assert_eq!(one(tracker.receive(&from_bob, seconds(1))), Event::Unmatched(Mismatch::Address));
    let ours = ack(&[("to", ALICE)], |_| {});
    assert_eq!(one(tracker.send(&ours, seconds(1))), Event::Unmatched(Mismatch::Direction));
    // Other classes are not watched.
    let of_receipt = node("ack", &[("id", "A"), ("class", "receipt"), ("from", ALICE)], |_| {});
    let of_message = node("receipt", &[("id", "A"), ("from", ALICE)], |_| {});
    for other in [of_receipt, of_message, node("message", &[("id", "A"), ("from", ALICE)], |_| {})] {
        assert_eq!(tracker.receive(&other, seconds(1)), []);
    }
    assert_eq!(pending(&tracker), ["A"]);
    let without_id = node("call", &[("to", ALICE)], |_| {});
    assert!(matches!(one(tracker.send(&without_id, seconds(1))), Event::WithoutId(_)));
    assert_eq!(pending(&tracker), ["A"]);
}

fn receipt(attrs: &[(&str, &str)]) -> Node {
    node("receipt", &[&[("id", "A")], attrs].concat(), |receipt| child(receipt, "offer", &[("call-id", CALL)]))
}

#[test]
fn a_receipt_of_a_device_leaves_the_stanza_waiting() {
    let mut tracker = tracker();
    tracker.send(&call("offer", &[("to", ALICE)]), seconds(0));
    for (device, matched_by) in [(ALICE, MatchedBy::Address), (ALICES_SECOND, MatchedBy::User)] {
        let event = one(tracker.receive(&receipt(&[("from", device)]), seconds(2)));
        let Event::Delivered(delivery) = event else { panic!("{event:?}") };
        assert_eq!((delivery.kind, delivery.answers), (AnswerKind::Receipt, 0));
        assert_eq!((delivery.matched_by, delivery.latency), (matched_by, seconds(2)));
    }
    assert_eq!(pending(&tracker), ["A"]);
    assert!(matches!(one(tracker.receive(&ack_of("A"), seconds(3))), Event::Answered(_)));
    assert!(matches!(one(tracker.receive(&receipt(&[("from", BOB)]), seconds(4))), Event::Delivered(_)));
}

#[test]
fn what_came_in_waits_for_the_answer_of_this_client() {
    let mut tracker = tracker().watching(Class::ALL);
    let offer = call("offer", &[("from", ALICE)]).into_node();
    let message = node("message", &[("id", "M"), ("from", BOB)], |_| {});
    tracker.receive(&offer, seconds(0));
    tracker.receive(&message, seconds(0));
    assert_eq!(tracker.unacknowledged().count(), 2);
    // The peer must send it again, not this client.
    assert_eq!(tracker.resend_after_reconnect(seconds(1)).count(), 0);
    let events = tracker.send(&receipt(&[("to", ALICE)]), seconds(1));
    let [Event::Answered(answer), Event::Opened(_)] = &events[..] else { panic!("{events:?}") };
    assert_eq!((answer.kind, answer.verdict.clone()), (AnswerKind::Receipt, Verdict::ACCEPTED));
    assert_eq!((answer.call_id.as_deref(), answer.found_in), (Some(CALL), Some(CallEvidence::Receipt)));
    let event = one(tracker.send(&ack(&[("to", ALICE)], |_| {}), seconds(1)));
    let Event::Repeated(answer) = event else { panic!("{event:?}") };
    assert_eq!((answer.kind, answer.answers), (AnswerKind::Ack, 2));
    tracker.send(&wabinary_calls::acknowledge(&message).unwrap(), seconds(2));
    assert_eq!(tracker.unacknowledged().count(), 0);
    // The server delivers it again, because the answer was lost.
    let again = offer.edit().set("offline", 0).finish();
    assert!(matches!(one(tracker.receive(&again, seconds(60))), Event::Resent(_)));
}

#[test]
fn of_stanzas_with_the_same_id_the_one_that_is_given_up_is_forgotten() {
    let mut tracker = tracker();
    let calls = [call("offer", &[("to", ALICE)]), call("offer", &[("to", BOB)])].map(|call| call.into_node());
    for call in &calls {
        tracker.send(call, seconds(0));
    }
    assert_eq!(tracker.forget(&calls[1]), Some(calls[1].clone()));
    assert_eq!(tracker.forget(&calls[1]), None);
    let from_bob = ack(&[("from", BOB)], |_| {});
    assert_eq!(one(tracker.receive(&from_bob, seconds(1))), Event::Unmatched(Mismatch::Address));
    let Event::Answered(answer) = one(tracker.receive(&ack(&[("from", ALICE)], |_| {}), seconds(1))) else { panic!() };
    assert_eq!(answer.stanza, calls[0]);
    // An answered stanza does not wait.
    assert_eq!(tracker.forget(&calls[0]), None);
}

#[test]
fn a_refusal_of_this_user_refuses_the_stanza() {
    for (is_own, expected) in [(false, Outcome::PartlyRefused), (true, Outcome::Refused)] {
        let mut tracker = tracker();
        if is_own {
            tracker.add_own(BOB.parse::<wabinary::Jid>().unwrap());
        }
        tracker.send(&call("offer", &[("to", GROUP_CALL)]), seconds(0));
        let ack = ack(&[("from", GROUP_CALL)], |ack| child(ack, "user", &[("jid", BOB), ("error", "427")]));
        let Event::Answered(answer) = one(tracker.receive(&ack, seconds(1))) else { panic!() };
        assert_eq!(answer.verdict.outcome, expected);
    }
}

#[test]
fn it_keeps_no_more_than_its_capacity() {
    let mut tracker = Tracker::new(Timeouts::default(), 3);
    let evicted = |tracker: &mut Tracker, new: &str| -> Option<String> {
        let events = tracker.send(&sent(new, "accept"), seconds(0));
        events.iter().find_map(|event| match event {
            Event::Evicted(stanza) => Some(id(stanza.as_ref())),
            _ => None,
        })
    };
    for id in ["A", "B", "C"] {
        assert_eq!(evicted(&mut tracker, id), None);
    }
    tracker.receive(&ack_of("C"), seconds(1));
    tracker.receive(&ack_of("B"), seconds(1));
    // The stanza that was answered first is dropped first, without an event.
    assert_eq!(evicted(&mut tracker, "D"), None);
    assert_eq!(one(tracker.receive(&ack_of("C"), seconds(2))), Event::Unmatched(Mismatch::Id));
    assert!(matches!(one(tracker.receive(&ack_of("B"), seconds(2))), Event::Repeated(_)));
    assert_eq!(evicted(&mut tracker, "E"), None);
    // Now all stanzas wait, and the oldest is dropped.
    assert_eq!(evicted(&mut tracker, "F").as_deref(), Some("A"));
    assert_eq!(pending(&tracker), ["D", "E", "F"]);
    // A tracker keeps at least one stanza.
    let mut tracker = Tracker::new(Timeouts::default(), 0);
    assert_eq!(evicted(&mut tracker, "A"), None);
    assert_eq!(evicted(&mut tracker, "B").as_deref(), Some("A"));
    assert_eq!(pending(&tracker), ["B"]);
}

#[test]
fn what_is_owned_goes_from_thread_to_thread() {
    fn goes_anywhere<T: Send + Sync + 'static>() {}
    goes_anywhere::<(Tracker, Timeouts, Event<Answer>, Answer)>();
    goes_anywhere::<(wabinary_calls::Ledger<()>, wabinary_calls::Replier, wabinary_calls::Reply)>();
    goes_anywhere::<wabinary_calls::report::Report>();
}
