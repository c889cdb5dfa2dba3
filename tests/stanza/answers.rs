//! Whether an ack or a receipt answers a call stanza, and which call it belongs to.

use wabinary::stanza::{CallEvidence, CallReceipt, Direction, MatchedBy, Mismatch};

use super::made::{ALICE, ALICES_PHONE, ALICES_SECOND, BOB, CALL, GROUP_CALL, ME, ack, call, child, node, relay};

#[track_caller]
fn ack_answers(ack_attrs: &[(&str, &str)], call_attrs: &[(&str, &str)], expected: Result<MatchedBy, Mismatch>) {
    let found = ack(ack_attrs, |_| {}).as_ref().answers(call("offer", call_attrs).as_ref());
    assert_eq!(found, expected, "{ack_attrs:?} {call_attrs:?}");
}

#[test]
fn an_ack_of_the_server_comes_from_whom_the_stanza_was_sent_to() {
    ack_answers(&[("from", ALICE)], &[("to", ALICE)], Ok(MatchedBy::Address));
    // The bare user is device 0.
    ack_answers(&[("from", "100000022222222:0@lid")], &[("to", ALICE)], Ok(MatchedBy::Address));
    ack_answers(&[("from", ALICES_SECOND)], &[("to", ALICE)], Ok(MatchedBy::User));
    ack_answers(&[("from", GROUP_CALL)], &[("to", GROUP_CALL)], Ok(MatchedBy::Address));
    ack_answers(&[("from", "call")], &[("to", "call")], Ok(MatchedBy::Address));
    ack_answers(&[("from", "s.whatsapp.net")], &[("to", ALICE)], Ok(MatchedBy::BareServer));
    ack_answers(&[("from", BOB)], &[("to", ALICE)], Err(Mismatch::Address));
    // A phone number and a hidden id are two addresses, whoever has both.
    ack_answers(&[("from", ALICES_PHONE)], &[("to", ALICE)], Err(Mismatch::Address));
    ack_answers(&[("from", GROUP_CALL)], &[("to", "C2@call")], Err(Mismatch::Address));
}

#[test]
fn an_ack_of_a_client_goes_to_whom_the_stanza_came_from() {
    ack_answers(&[("to", ALICES_SECOND)], &[("from", ALICES_SECOND)], Ok(MatchedBy::Address));
    // Some clients stamp their own address.
    ack_answers(&[("to", ALICE), ("from", ME)], &[("from", ALICE)], Ok(MatchedBy::Address));
    ack_answers(&[("to", BOB)], &[("from", ALICE)], Err(Mismatch::Address));
}

#[test]
fn what_goes_the_same_way_answers_nothing() {
    ack_answers(&[("to", ALICE)], &[("to", ALICE)], Err(Mismatch::Direction));
    ack_answers(&[("from", ALICE)], &[("from", ALICE)], Err(Mismatch::Direction));
}

#[test]
fn without_addresses_the_id_has_to_do() {
    ack_answers(&[], &[("to", ALICE)], Ok(MatchedBy::IdAlone));
    ack_answers(&[("from", ALICE)], &[], Ok(MatchedBy::IdAlone));
    ack_answers(&[("from", "a@b@c")], &[("to", ALICE)], Err(Mismatch::Address));
}

/// The same text is the same address, whatever it says.
#[test]
fn what_is_no_address_is_compared_as_it_stands() {
    ack_answers(&[("from", "a@b@c")], &[("to", "a@b@c")], Ok(MatchedBy::Address));
    ack_answers(&[("from", "a@b@c")], &[("to", "a@b@d")], Err(Mismatch::Address));
    ack_answers(&[("from", "s.whatsapp.net")], &[("to", "a@b@c")], Ok(MatchedBy::BareServer));
}

#[test]
fn a_stanza_with_both_addresses_is_answered_from_either_side() {
    let stamped = [("from", ME), ("to", ALICE)];
    ack_answers(&[("from", ALICE)], &stamped, Ok(MatchedBy::Address));
    ack_answers(&[("to", ME)], &stamped, Ok(MatchedBy::Address));
    ack_answers(&[("from", BOB)], &stamped, Err(Mismatch::Address));
}

#[test]
fn the_id_is_that_of_the_stanza_and_never_that_of_the_call() {
    let of_call = ack(&[("from", ALICE), ("call-id", CALL)], |_| {});
    for id in [("id", "B"), ("id", "")] {
        let other = node("call", &[id, ("to", ALICE)], |call| child(call, "offer", &[("call-id", CALL)]));
        let other = wabinary::stanza::CallStanza::try_from(other).unwrap();
        assert_eq!(of_call.as_ref().answers(other.as_ref()), Err(Mismatch::Id), "{id:?}");
    }
    let by_call_id = node("ack", &[("id", CALL), ("class", "call"), ("from", ALICE)], |_| {});
    let by_call_id = wabinary::stanza::CallAck::try_from(by_call_id).unwrap();
    assert_eq!(by_call_id.as_ref().answers(call("offer", &[("to", ALICE)]).as_ref()), Err(Mismatch::Id));
}

#[test]
fn a_receipt_comes_from_any_device_in_the_call() {
    let answers = |attrs: &[(&str, &str)], call_id: &str, call_attrs: &[(&str, &str)]| {
        let receipt = node("receipt", &[&[("id", "A")], attrs].concat(), |receipt| {
            child(receipt, "offer", &[("call-id", call_id)]);
        });
        CallReceipt::try_from(receipt).unwrap().as_ref().answers(call("offer", call_attrs).as_ref())
    };
    assert_eq!(answers(&[("from", ALICE)], CALL, &[("to", ALICE)]), Ok(MatchedBy::Address));
    assert_eq!(answers(&[("from", ALICES_SECOND)], CALL, &[("to", ALICE)]), Ok(MatchedBy::User));
    assert_eq!(answers(&[("from", BOB)], CALL, &[("to", GROUP_CALL)]), Ok(MatchedBy::CallId));
    assert_eq!(answers(&[("from", BOB)], "C2", &[("to", GROUP_CALL)]), Err(Mismatch::Address));
    assert_eq!(answers(&[("to", ALICE)], CALL, &[("from", ALICE)]), Ok(MatchedBy::Address));
    assert_eq!(answers(&[("to", ALICE)], CALL, &[("to", ALICE)]), Err(Mismatch::Direction));
}

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
            // The first place is the last in the order of the stanza.
            for (at, tag) in places.iter().enumerate().rev() {
                let id = if at >= first { &[("call-id", *tag)][..] } else { &[] };
                child(ack, tag, id);
            }
        });
        let found = ack.as_ref().call(Some(answered.as_ref())).unwrap();
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
    assert_eq!(refused.as_ref().call(None), None);
    let active = call("offer", &[("to", BOB)]);
    assert_eq!(refused.as_ref().call(Some(active.as_ref())), None);
    let answered = call("offer", &[("to", ALICE)]);
    let found = refused.as_ref().call(Some(answered.as_ref())).unwrap();
    assert_eq!((found.call_id, found.call_creator.map(|jid| jid.to_string())), (CALL, Some(ALICE.to_owned())));
    // A second error may name it where the first does not.
    let two = ack(&[("from", ALICE)], |ack| {
        child(ack, "error", &[]);
        child(ack, "error", &[("call-id", "C9")]);
        relay(ack);
    });
    assert_eq!(two.as_ref().call(None).map(|call| call.call_id), Some("C9"));
}

#[test]
fn directions() {
    for (attrs, expected) in [
        (&[("to", ALICE)][..], Direction::ToServer),
        (&[("from", ALICE)], Direction::FromServer),
        (&[("from", ME), ("to", ALICE)], Direction::ToServer),
        (&[], Direction::Unknown),
    ] {
        assert_eq!(ack(attrs, |_| {}).as_ref().direction(), expected);
        assert_eq!(call("offer", attrs).as_ref().direction(), expected);
    }
}
