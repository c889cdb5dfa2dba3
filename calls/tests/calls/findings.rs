//! Findings that need an ack and its stanza.

use wabinary::Node;
use wabinary::stanza::CallStanza;
use wabinary_calls::ack_findings;
use wabinary_testing::made::{ALICE, ALICES_SECOND, BOB, CALL, ack_node, call, child};

fn found(ack: &Node, call: &CallStanza) -> Vec<String> {
    ack_findings(ack, Some(call.as_ref())).iter().map(ToString::to_string).collect()
}

#[test]
fn an_ack_names_another_call_than_its_stanza() {
    let names_another = ack_node(&[("from", ALICE), ("error", "403")], |ack| child(ack, "error", &[("call-id", "C2")]));
    assert_eq!(ack_findings(&names_another, None), []);
    let expected = [format!("CA14: children name different calls: {CALL}, C2")];
    assert_eq!(found(&names_another, &call("accept", &[("to", ALICE)])), expected);
    // Compared with the stanza, its call is the first of the two that differ.
    let names_two = ack_node(&[("from", ALICE), ("error", "403")], |ack| {
        child(ack, "error", &[("call-id", "C2")]);
        child(ack, "relay", &[("call-id", "C3")]);
    });
    assert_eq!(ack_findings(&names_two, None)[0].to_string(), "CA14: children name different calls: C2, C3");
    assert_eq!(found(&names_two, &call("accept", &[("to", ALICE)])), expected);
}

#[test]
fn what_clients_do_wrong() {
    let group = [("from", "C1@call"), ("participant", ALICES_SECOND)];
    let copied = ack_node(&[("to", "C1@call"), ("recipient", ALICES_SECOND), ("type", "group_update")], |_| {});
    assert_eq!(found(&copied, &call("group_update", &group)), ["CA15: recipient looks copied from participant"]);
    let with_recipient = [&group[..], &[("recipient", BOB)]].concat();
    let no_participant = "CA22: ack leaves out the participant 100000022222222:3@lid";
    assert_eq!(found(&copied, &call("group_update", &with_recipient)), [no_participant]);
    let bare = ack_node(&[("to", "C1@call")], |_| {});
    let no_recipient = "CA21: ack leaves out the recipient; the server is known to end the stream over that";
    assert_eq!(found(&bare, &call("group_update", &with_recipient)), [no_recipient, no_participant]);
    // The sender itself need not be named.
    let by_sender = call("group_update", &[("from", ALICE), ("participant", ALICE)]);
    assert_eq!(found(&ack_node(&[("to", ALICE)], |_| {}), &by_sender), [""; 0]);
    let fine = ack_node(&[("to", "C1@call"), ("participant", ALICES_SECOND)], |_| {});
    assert_eq!(found(&fine, &call("group_update", &group)), [""; 0]);

    let video = call("video", &[("from", ALICE)]);
    let reverts = ["CA16: untyped ack of a video request; the peer is known to revert"];
    assert_eq!(found(&ack_node(&[("to", ALICE)], |_| {}), &video), reverts);
    let other = "CA20: ack names offer, but the stanza is video";
    assert_eq!(found(&ack_node(&[("to", ALICE), ("type", "offer")], |_| {}), &video), [reverts[0], other]);
    assert_eq!(found(&ack_node(&[("to", ALICE), ("type", "video")], |_| {}), &video), [""; 0]);
    // An ack of the server needs no type.
    let ours = call("video", &[("to", ALICE)]);
    assert_eq!(found(&ack_node(&[("from", ALICE)], |_| {}), &ours), [""; 0]);
}

/// Findings are ordered by rule, in both crates.
#[test]
fn findings_are_in_the_order_of_their_rules() {
    let ack = ack_node(&[("to", ALICE), ("t", "x"), ("odd", "1")], |_| {});
    let codes: Vec<_> = ack_findings(&ack, Some(call("video", &[("from", ALICE)]).as_ref()))
        .iter()
        .map(|finding| finding.rule().code())
        .collect();
    assert_eq!(codes, ["CA06", "CA16", "CA17"]);
}
