//! A short recording of a client that still writes dictionary 2, addresses people by phone number and types no acks.

use wabinary::Node;

use super::people::{ALICE_NUMBER, DAVE, OWN_NUMBER};
use super::recording::Recording;
use super::stanzas::{Call, relay};

/// All of it.
pub(crate) fn record() -> Recording {
    let mut recording = Recording::new();
    recording.note("Synthetic: written by examples/make_captures, nothing here was captured. See README.md.");
    recording.note("Dictionary 2: under dictionary 3 these frames read as other words, without an error.");
    recording.send(0, Node::build("presence").attr("type", "available").attr("name", "Alex Example").finish());
    recording.receive(64, Node::build("presence").attr("from", ALICE_NUMBER).attr("type", "available").finish());

    let call = Call { id: "0123456789ABCDEF0123456789ABCD20", creator: OWN_NUMBER };
    let offer = recording.send_call(2_300, ALICE_NUMBER, &mut call.offer(&[]));
    recording.acked_with(140, &offer, |ack| relay(ack, &call, &[OWN_NUMBER, ALICE_NUMBER]));
    recording.receive_receipt(215, ALICE_NUMBER, &offer, &call);
    let over = recording.receive_call(9_800, ALICE_NUMBER, &mut call.action("reject"));
    recording.ack_untyped(4, &over);

    let call = Call { id: "0123456789ABCDEF0123456789ABCD21", creator: OWN_NUMBER };
    let offer = recording.send_call(5_600, DAVE, &mut call.offer(&[]));
    recording.acked_with(97, &offer, |ack| _ = ack.attr("error", 404));
    recording
}
