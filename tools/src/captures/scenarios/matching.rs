//! Which answer belongs to which call stanza.

use super::*;

const INCOMING: Call<'_> = Call { id: OTHER_CALL, creator: ALICE };

/// An ack with these of the addresses.
fn addressed(id: &str, from: Option<JidRef<'_>>, to: Option<JidRef<'_>>) -> Builder {
    let mut ack = bare_ack(id);
    ack.attr_opt("from", from).attr_opt("to", to).attr("type", "mute_v2");
    ack
}

pub(super) fn add(stories: &mut Stories) {
    let story = stories.add("id-not-call-id");
    story.about("An ack repeats the id of the stanza. One that has the call-id instead answers nothing.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.receive(100, bare_ack(CALL).attr("from", ALICE).attr("type", "offer").finish());
    story.expect_unmatched(&format!("ack {CALL}"), "id");
    story.expect_findings(CALL, &["CA13: offer ack carries no relay; media cannot start"]);
    story.offer_accepted(30, &offer, &OUTGOING);

    let story = stories.add("addresses");
    story.about(
        "Who may answer: the address itself, device 0 of it, another device of the user, the bare server; nobody else, \
                 and a phone number is not the hidden id.",
    );
    let device_0 = ALICE.with_device(0).expect("a device");
    for (from, by) in [(ALICE, ""), (device_0, ""), (ALICE_DESKTOP, ", by user"), (JidRef::SERVER, ", by bare-server")]
    {
        let mute = story.send_call(800, ALICE, OUTGOING.action("mute_v2").attr("mute-state", 1));
        story.acked_by(85, from, &mute);
        story.expect(&mute, &format!("accepted{by}"), [1, 1, 0]);
    }
    for from in [BOB, ALICE_NUMBER] {
        let mute = story.send_call(800, ALICE, OUTGOING.action("mute_v2").attr("mute-state", 0));
        story.acked_by(85, from, &mute);
        story.expect(&mute, "unanswered", [1, 0, 0]);
        story.expect_unmatched(&format!("ack {}", mute.id), "address");
    }
    story.note("Long after, so that nothing is still on its way.");
    story.wait(60_000);
    story.receive(0, Node::build("ib").attr("from", JidRef::SERVER).finish());

    let story = stories.add("group-call-address");
    story.about("In a group call stanzas go to the call itself. Its address acks; a device's receipt names the call.");
    let beat = story.send_call(0, itself(CALL), &mut OUTGOING.action("heartbeat"));
    story.accepted(70, &beat);
    let rekey = story.send_call(500, itself(CALL), &mut OUTGOING.action("enc_rekey"));
    story.acked(80, &rekey);
    story.receive_receipt(120, BOB, &rekey, &OUTGOING);
    let of_alice = story.receive_call_with(900, itself(CALL), "A1", &mut OUTGOING.action("group_update"), |stanza| {
        stanza.attr("participant", ALICE);
    });
    story.expect(&rekey, "accepted", [1, 1, 1]);
    let mut ack = bare_ack("A1");
    story.send(2, ack.attr("to", itself(CALL)).attr("type", "group_update").attr("participant", ALICE).finish());
    story.expect(&of_alice, "accepted", [1, 1, 0]);

    let story = stories.add("directions-by-address");
    story.about(
        "Nothing tells the directions but addresses: to alone, from alone, both (a client that stamps from), neither.",
    );
    let mut mute = |from: Option<JidRef<'_>>, to: Option<JidRef<'_>>, outcome: &str| {
        let received = story.receive_call(600, ALICE, INCOMING.action("mute_v2").attr("mute-state", 1));
        story.send(3, addressed(&received.id, from, to).finish());
        story.expect(&received, outcome, [1, 1, 0]);
        received.id
    };
    mute(None, Some(ALICE), "accepted");
    mute(Some(OWN_DEVICE), Some(ALICE), "accepted");
    let of_nobody = mute(None, None, "accepted, by id");
    story.expect_findings(&of_nobody, &["CA04: ack has neither from nor to; direction unknown"]);
    let sent = story.send_call(600, ALICE, OUTGOING.action("mute_v2").attr("mute-state", 1));
    story.receive(80, addressed(&sent.id, Some(ALICE), None).finish());
    story.expect(&sent, "accepted", [1, 1, 0]);
    story.form.with_direction = false;

    let story = stories.add("same-id-both-ways");
    story.about("Both sides happen to use the same id at the same time; the ack from Alice answers what went to her.");
    let sent = story.send_call_as(0, ALICE, "7", &mut OUTGOING.action("mute_v2"));
    let mut unmute = INCOMING.action("unmute");
    let received = story.receive_call_with(5, ALICE, "7", &mut unmute, |_| {});
    story.accepted(80, &sent);
    story.accept(1, &received);
    story.expect_findings("7", &["CA09: unknown ack type \"unmute\""]);

    let story = stories.add("receipts");
    story.about(
        "Receipts are of calls or not; acks of receipts, and receipts of messages, have nothing to do with calls.",
    );
    let offer = story.receive_call(0, ALICE, &mut INCOMING.offer(&[]));
    story.note("Receipt and ack for one stanza; the server acks the receipt.");
    story.receipt(3, &offer, &INCOMING);
    story.ack(1, &offer);
    story.expect(&offer, "accepted", [1, 1, 1]);
    let rekey = story.receive_call(2_000, ALICE, &mut INCOMING.action("enc_rekey"));
    story.note("The key cannot be read: once more, please.");
    let mut retry = Node::build("receipt");
    retry.attr("to", ALICE).attr("id", &rekey.id).attr("type", "enc_rekey_retry");
    retry.child("enc_rekey", |entry| named(entry, &INCOMING));
    story.send(4, retry.finish());
    story.expect(&rekey, "accepted, call in receipt", [1, 0, 1]);
    story.note("A message, its receipt and the receipt's ack.");
    let mut message = Node::build("message");
    story.receive(900, message.attr("from", BOB).attr("id", "3EB0AA").attr("type", "text").finish());
    story.send(4, Node::build("receipt").attr("to", BOB).attr("id", "3EB0AA").finish());
    story.receipt_acked(60, "3EB0AA", BOB);

    let story = stories.add("receipt-without-ack");
    story.about("Alice's phone has the offer, as its receipt tells, but the server's ack never comes.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.receive_receipt(210, ALICE, &offer, &OUTGOING);
    story.expect(&offer, "unanswered", [1, 0, 1]);
    let over = story.send_call(45_000, ALICE, OUTGOING.action("terminate").attr("reason", "timeout"));
    story.accepted(80, &over);

    let story = stories.add("unmatched");
    story.about(
        "The capture begins in the middle: acks and a receipt of stanzas that went before, one of them a refusal.",
    );
    let mut accept = bare_ack("41.16-7");
    accept.attr("from", ALICE).attr("type", "accept").attr("error", 434);
    accept.child("error", |entry| named(entry, &OUTGOING));
    story.receive(0, accept.finish());
    story.expect_unmatched("ack 41.16-7", "id");
    let mut receipt = Node::build("receipt");
    receipt.attr("from", ALICE_DESKTOP).attr("id", "41.16-6").child("offer", |offer| named(offer, &OUTGOING));
    story.receive(30, receipt.finish());
    story.expect_unmatched("receipt 41.16-6", "id");
    story.send(3, bare_ack("FEDCBA98765432100000000000A00000").attr("to", ALICE).finish());
    story.expect_unmatched("ack FEDCBA98765432100000000000A00000", "id");
    let over = story.receive_call(4_000, ALICE, &mut OUTGOING.action("terminate"));
    story.accept(2, &over);
}
