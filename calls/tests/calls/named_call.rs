//! The call that an ack belongs to.

use wabinary::stanza::CallEvidence;
use wabinary_calls::named_call;
use wabinary_testing::made::{ALICE, BOB, CALL, ack, call, child, relay};

#[test]
fn a_call_is_found_in_this_order() {
    let places = ["error", "relay", "group_info", "waiting_room"];
    let evidence = [
        CallEvidence::Error,
        CallEvidence::Relay,
        CallEvidence::GroupInfo,
        CallEvidence::WaitingRoom,
        CallEvidence::Ack,
        CallEvidence::Call,
    ];
    let answered = call("offer", &[("to", ALICE)]);
    for (first, expected) in evidence.iter().enumerate() {
        let own = [("call-id", "of-ack")];
        let own = if first <= 4 { &own[..] } else { &[] };
        let ack = ack(&[&[("from", ALICE), ("error", "500")], own].concat(), |ack| {
            // The first place in the search is the last in the stanza.
            for (at, tag) in places.iter().enumerate().rev() {
                let id = if at >= first { &[("call-id", *tag)][..] } else { &[] };
                child(ack, tag, id);
            }
        });
        let found = named_call(ack.as_ref(), Some(answered.node().as_ref())).unwrap();
        let names = ["error", "relay", "group_info", "waiting_room", "of-ack", CALL];
        assert_eq!((found.call_id, found.found_in), (names[first], *expected));
    }
}

#[test]
fn a_call_that_is_not_answered_is_not_taken() {
    // A refused offer whose error names no call, seen by an operator; another call is active.
    let refused = ack(&[("from", ALICE), ("type", "offer"), ("error", "463")], |ack| {
        child(ack, "error", &[("jid", ALICE)]);
    });
    assert_eq!(named_call(refused.as_ref(), None), None);
    let active = call("offer", &[("to", BOB)]);
    assert_eq!(named_call(refused.as_ref(), Some(active.node().as_ref())), None);
    let answered = call("offer", &[("to", ALICE)]);
    let found = named_call(refused.as_ref(), Some(answered.node().as_ref())).unwrap();
    assert_eq!((found.call_id, found.call_creator.map(|jid| jid.to_string())), (CALL, Some(ALICE.to_owned())));
    // A second error may name the call if the first does not.
    let two = ack(&[("from", ALICE)], |ack| {
        child(ack, "error", &[]);
        child(ack, "error", &[("call-id", "C9")]);
        relay(ack);
    });
    assert_eq!(two.as_ref().named_call().map(|call| call.call_id), Some("C9"));
}
