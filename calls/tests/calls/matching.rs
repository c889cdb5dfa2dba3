//! Whether an ack or a receipt answers a stanza.

use wabinary_calls::{MatchedBy, Mismatch, answers};
use wabinary_testing::made::{ALICE, ALICES_PHONE, ALICES_SECOND, BOB, CALL, GROUP_CALL, ME, ack, call, child, node};

#[track_caller]
fn ack_answers(ack_attrs: &[(&str, &str)], call_attrs: &[(&str, &str)], expected: Result<MatchedBy, Mismatch>) {
    let found = answers(&ack(ack_attrs, |_| {}), &call("offer", call_attrs));
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
    // A phone number and a hidden id are two addresses, even of one person.
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
fn of_two_addresses_one_that_fits_is_enough() {
    for (own, other) in [("from", "to"), ("to", "from")] {
        let stanza = [(own, ALICE), (other, ME)];
        ack_answers(&[(own, BOB), (other, ALICE)], &stanza, Ok(MatchedBy::Address));
        ack_answers(&[(own, ME), (other, BOB)], &stanza, Ok(MatchedBy::Address));
        ack_answers(&[(own, BOB), (other, BOB)], &stanza, Err(Mismatch::Address));
    }
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

/// Equal texts are equal addresses, even if they are not JIDs.
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
        assert_eq!(answers(&of_call, &other), Err(Mismatch::Id), "{id:?}");
    }
    let by_call_id = node("ack", &[("id", CALL), ("class", "call"), ("from", ALICE)], |_| {});
    assert_eq!(answers(&by_call_id, &call("offer", &[("to", ALICE)])), Err(Mismatch::Id));
}

#[test]
fn a_receipt_comes_from_any_device_in_the_call() {
    let found = |attrs: &[(&str, &str)], call_id: &str, call_attrs: &[(&str, &str)]| {
        let receipt = node("receipt", &[&[("id", "A")], attrs].concat(), |receipt| {
            child(receipt, "offer", &[("call-id", call_id)]);
        });
        answers(&receipt, &call("offer", call_attrs))
    };
    assert_eq!(found(&[("from", ALICE)], CALL, &[("to", ALICE)]), Ok(MatchedBy::Address));
    assert_eq!(found(&[("from", ALICES_SECOND)], CALL, &[("to", ALICE)]), Ok(MatchedBy::User));
    assert_eq!(found(&[("from", BOB)], CALL, &[("to", GROUP_CALL)]), Ok(MatchedBy::CallId));
    assert_eq!(found(&[("from", BOB)], "C2", &[("to", GROUP_CALL)]), Err(Mismatch::Address));
    assert_eq!(found(&[("to", ALICE)], CALL, &[("from", ALICE)]), Ok(MatchedBy::Address));
    assert_eq!(found(&[("to", ALICE)], CALL, &[("to", ALICE)]), Err(Mismatch::Direction));
    let ack = ack(&[("from", BOB)], |ack| child(ack, "offer", &[("call-id", CALL)]));
    assert_eq!(answers(&ack, &call("offer", &[("to", GROUP_CALL)])), Err(Mismatch::Address));
}

#[test]
fn an_ack_answers_stanzas_of_its_class() {
    let stanza = |tag| node(tag, &[("id", "A"), ("to", ALICE)], |_| {});
    for class in ["call", "message", "notification", "receipt", "status"] {
        let ack = node("ack", &[("id", "A"), ("class", class), ("from", ALICE)], |_| {});
        for tag in ["call", "message", "notification", "receipt", "status"] {
            let expected = if class == tag { Ok(MatchedBy::Address) } else { Err(Mismatch::Class) };
            assert_eq!(answers(&ack, &stanza(tag)), expected, "{class} {tag}");
        }
    }
    let unknown = node("ack", &[("id", "A"), ("class", "iq"), ("from", ALICE)], |_| {});
    assert_eq!(answers(&unknown, &stanza("iq")), Err(Mismatch::Class));
    assert_eq!(answers(&stanza("message"), &stanza("message")), Err(Mismatch::Class));
}

#[test]
fn a_receipt_answers_each_message_that_it_lists() {
    let receipt = node("receipt", &[("id", "A"), ("from", ALICE), ("type", "read")], |receipt| {
        _ = receipt.child("list", |list| child(list, "item", &[("id", "B")]))
    });
    let message = |id| node("message", &[("id", id), ("to", ALICE)], |_| {});
    assert_eq!(answers(&receipt, &message("A")), Ok(MatchedBy::Address));
    assert_eq!(answers(&receipt, &message("B")), Ok(MatchedBy::Address));
    assert_eq!(answers(&receipt, &message("C")), Err(Mismatch::Id));
    assert_eq!(answers(&receipt, &call("offer", &[("to", ALICE)])), Err(Mismatch::Class));
}

#[test]
fn hosted_devices_answer_for_their_account() {
    let phone = "15550002222@s.whatsapp.net";
    ack_answers(&[("from", "15550002222:99@hosted")], &[("to", phone)], Ok(MatchedBy::Account));
    ack_answers(&[("from", "100000022222222:99@hosted.lid")], &[("to", ALICE)], Ok(MatchedBy::Account));
    ack_answers(&[("to", "15550002222@c.us")], &[("from", phone)], Ok(MatchedBy::Account));
    ack_answers(&[("from", "15550002222:99@hosted")], &[("to", ALICE)], Err(Mismatch::Address));
}
