//! A connection with calls that go well and calls that do not, as one device of a user sees it.

use wabinary::{JidRef, Node, Server};

use super::people::{
    ALICE, ALICE_DESKTOP, ALICE_NUMBER, BOB, BOB_DESKTOP, CAROL, DAVE, GROUP, OWN_DEVICE, OWN_NUMBER, user,
};
use super::recording::Recording;
use super::stanzas::{Call, capability, enc, hop_by_hop_key, relay};

/// All of it.
pub(crate) fn record() -> Recording {
    let mut recording = Recording::new();
    recording.note("Synthetic: written by examples/make_captures, nothing here was captured. See README.md.");
    before_the_calls(&mut recording);
    as_in_the_specification(&mut recording);
    a_call_to_alice(&mut recording);
    refused_offers(&mut recording);
    a_call_from_alice(&mut recording);
    a_refused_accept(&mut recording);
    a_declined_call(&mut recording);
    a_group_call(&mut recording);
    a_lost_connection(&mut recording);
    an_offer_into_silence(&mut recording);
    recording.note("The end: an offer to Bob is still on its way.");
    let call = Call { id: "0123456789ABCDEF0123456789ABCD0C", creator: OWN_DEVICE };
    recording.send_call(7_400, BOB, &mut call.offer(&[]));
    recording.receive(1_310, Node::build("xmlstreamend").finish());
    recording
}

fn before_the_calls(recording: &mut Recording) {
    recording.note("Before the calls: a ping, presence, a message and what answers it.");
    ping(recording, 0);
    recording.send(31, Node::build("presence").attr("type", "available").attr("name", "Alex Example").finish());
    let mut offline = Node::build("ib");
    offline.attr("from", JidRef::SERVER).child("offline", |offline| _ = offline.attr("count", 0));
    recording.receive(18, offline.finish());
    recording.receive(97, Node::build("presence").attr("from", ALICE).attr("type", "available").finish());
    message(recording, 140, ALICE, None);
}

/// The two acks that the specification of call acknowledgements shows, with the offers they would answer.
fn as_in_the_specification(recording: &mut Recording) {
    recording.note("Acks as in the specification's examples: OF-0001 is taken, OF-0002 refused with an <error> child.");
    let call = Call { id: "0123456789ABCDEF0123456789ABCD01", creator: OWN_NUMBER };
    recording.send_call_as(120, DAVE, "OF-0001", &mut call.offer(&[]));
    let mut taken = Node::build("ack");
    taken.attr("id", "OF-0001").attr("class", "call").attr("from", JidRef::SERVER).attr("t", recording.seconds_in(85));
    recording.receive(85, taken.finish());
    let hang_up = recording.send_call(4_400, DAVE, &mut call.action("terminate"));
    recording.acked(88, &hang_up);

    let again = Call { id: "0123456789ABCDEF0123456789ABCD02", ..call };
    recording.send_call_as(2_750, DAVE, "OF-0002", &mut again.offer(&[]));
    let mut refused = Node::build("ack");
    refused.attr("id", "OF-0002").attr("class", "call").attr("from", JidRef::SERVER).child("error", |error| {
        error.attr("code", 503).attr("text", "service unavailable");
    });
    recording.receive(91, refused.finish());
}

fn a_call_to_alice(recording: &mut Recording) {
    recording.note("A call to Alice, who has two devices: offer, ack with the relay, receipts, it rings.");
    let call = Call { id: "0123456789ABCDEF0123456789ABCD03", creator: OWN_DEVICE };
    let offer = recording.send_call(5_020, ALICE, &mut call.offer(&[ALICE, ALICE_DESKTOP]));
    recording.acked_with(132, &offer, |ack| relay(ack, &call, &[OWN_DEVICE, ALICE]));
    recording.receive_receipt(210, ALICE, &offer, &call);
    recording.receive_receipt(46, ALICE_DESKTOP, &offer, &call);
    let rings = recording.receive_call(330, ALICE, &mut call.preaccept());
    recording.ack(3, &rings);
    let latency = recording.send_call(41, ALICE, &mut call.relay_latency(45));
    recording.acked(77, &latency);
    let latency = recording.receive_call(60, ALICE, &mut call.relay_latency(38));
    recording.ack_untyped(2, &latency);
    message(recording, 1_870, GROUP, Some(BOB_DESKTOP));

    recording.note("Alice answers on the phone; the desktop is told. Media is set up.");
    let accept = recording.receive_call(2_240, ALICE, &mut call.accept());
    recording.receipt(2, &accept, &call);
    let elsewhere =
        recording.send_call(9, ALICE_DESKTOP, call.action("terminate").attr("reason", "accepted_elsewhere"));
    recording.acked(81, &elsewhere);
    let transport = recording.send_call(24, ALICE, &mut call.transport(1));
    recording.acked(79, &transport);
    let transport = recording.receive_call(35, ALICE, &mut call.transport(1));
    recording.ack(2, &transport);
    let call_itself = user(call.id, Server::Call);
    let heartbeat = recording.send_call(10_000, call_itself, &mut call.action("heartbeat"));
    recording.acked(74, &heartbeat);

    recording.note("Microphones off and on; Alice asks for video, for which the ack has to be typed.");
    let mute = recording.send_call(3_105, ALICE, call.action("mute_v2").attr("mute-state", 1));
    recording.acked(80, &mute);
    let mute = recording.receive_call(2_430, ALICE, call.action("mute_v2").attr("mute-state", 1));
    recording.ack_untyped(2, &mute);
    let mut video = call.action("video");
    video.attr("state", 11).attr("dec", "H264").attr("voip_settings", "video").attr("device_orientation", 0);
    let video = recording.receive_call(4_900, ALICE, &mut video);
    recording.ack(3, &video);
    let yes = recording.send_call(1_615, ALICE, call.action("video").attr("state", 4).attr("dec", "H264,AV1"));
    recording.acked(83, &yes);
    ping(recording, 7_000);
    let over = recording.receive_call(12_480, ALICE, call.action("terminate").attr("duration", 42));
    recording.ack(2, &over);
}

fn refused_offers(recording: &mut Recording) {
    recording.note(
        "Refused offers: 403 to Bob, where <relay> and <error> name the call; 463 to Carol, where only the id does.",
    );
    let to_bob = Call { id: "0123456789ABCDEF0123456789ABCD04", creator: OWN_DEVICE };
    let offer = recording.send_call(6_300, BOB, &mut to_bob.offer(&[]));
    recording.acked_with(104, &offer, |ack| {
        ack.attr("error", 403).child("relay", |relay| {
            relay.attr("call-id", to_bob.id).attr("call-creator", to_bob.creator);
        });
        ack.child("error", |error| {
            error.attr("call-id", to_bob.id).attr("call-creator", to_bob.creator).attr("jid", BOB);
        });
    });
    let to_carol = Call { id: "0123456789ABCDEF0123456789ABCD05", ..to_bob };
    let offer = recording.send_call(3_950, CAROL, &mut to_carol.offer(&[]));
    recording.acked_with(111, &offer, |ack| {
        ack.attr("error", 463).child("error", |error| _ = error.attr("jid", CAROL));
    });
}

fn a_call_from_alice(recording: &mut Recording) {
    recording.note("A call from Alice is answered; the ack of the accept has a new key for the relay.");
    let call = Call { id: "0123456789ABCDEF0123456789ABCD06", creator: ALICE };
    let mut offer = call.offer(&[]);
    relay(offer.attr("caller_pn", ALICE_NUMBER).attr("joinable", 1), &call, &[OWN_DEVICE, ALICE]);
    let id = recording.foreign_id();
    let offer = recording.receive_call_with(14_070, ALICE, &id, &mut offer, |call| {
        call.attr("notify", "Alice Example").attr("e", 0);
    });
    recording.receipt(4, &offer, &call);
    let rings = recording.send_call(38, ALICE, &mut call.preaccept());
    recording.acked(82, &rings);
    let accept = recording.send_call(3_870, ALICE, &mut call.accept());
    recording.acked_with(95, &accept, |ack| {
        ack.child("relay", |relay| hop_by_hop_key(relay, "VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV"));
    });
    let mute = recording.receive_call(2_210, ALICE, call.action("mute_v2").attr("mute-state", 0));
    recording.ack_untyped(2, &mute);
    let over = recording.send_call(17_440, ALICE, call.action("terminate").attr("duration", 19));
    recording.acked(84, &over);
}

/// The shape of a refusal that was captured and published: `purpshell/meowcaller` issue 35.
fn a_refused_accept(recording: &mut Recording) {
    recording.note("Another one: the accept is refused with 500, and <error> names our own device.");
    let call = Call { id: "0123456789ABCDEF0123456789ABCD07", creator: ALICE };
    let offer = recording.receive_call(8_830, ALICE, &mut call.offer(&[]));
    recording.receipt(3, &offer, &call);
    let accept = recording.send_call(2_960, ALICE, &mut call.accept());
    recording.acked_with(118, &accept, |ack| {
        ack.attr("error", 500).child("error", |error| {
            error.attr("call-creator", call.creator).attr("call-id", call.id).attr("jid", OWN_DEVICE);
        });
    });
    let over = recording.receive_call(9_700, ALICE, call.action("terminate").attr("reason", "timeout"));
    recording.ack(2, &over);
}

fn a_declined_call(recording: &mut Recording) {
    recording.note(
        "An offer of Bob's that waited at the server, for this user's number: receipt and ack, then it is declined.",
    );
    let call = Call { id: "0123456789ABCDEF0123456789ABCD08", creator: BOB_DESKTOP };
    let id = recording.foreign_id();
    let offer = recording.receive_call_with(6_120, BOB_DESKTOP, &id, &mut call.offer(&[]), |call| {
        call.attr("recipient", OWN_NUMBER).attr("offline", 0);
    });
    recording.receipt(3, &offer, &call);
    let mut ack = Node::build("ack");
    ack.attr("class", "call").attr("id", &id).attr("to", BOB_DESKTOP).attr("type", "offer");
    recording.send(1, ack.attr("recipient", OWN_NUMBER).finish());
    let reject = recording.send_call(1_440, BOB_DESKTOP, call.action("reject").attr("count", 0));
    recording.acked(86, &reject);
}

fn a_group_call(recording: &mut Recording) {
    recording.note("A group call, sent to the call itself. The ack is compressed and names one who cannot be reached.");
    let call = Call { id: "0123456789ABCDEF0123456789ABCD09", creator: OWN_DEVICE };
    let call_itself = user(call.id, Server::Call);
    let mut offer = call.action("offer");
    offer.attr("group-jid", GROUP).child("group_info", |info| {
        for (jid, device) in [(ALICE, ALICE), (BOB, BOB_DESKTOP), (CAROL, CAROL)] {
            info.child("user", |user| {
                user.attr("jid", jid).child("device", |entry| capability(entry.attr("jid", device)));
            });
        }
    });
    let offer = recording.send_call(11_500, call_itself, &mut offer);
    recording.acked_compressed(240, &offer, |ack| {
        ack.child("group_info", |info| {
            info.attr("call-id", call.id).attr("call-creator", call.creator).attr("group-jid", GROUP);
            info.attr("media", "audio").attr("transaction-id", 1).attr("connected-limit", 32).attr("joinable", 1);
            for (jid, device, pid) in [(ALICE, ALICE, 2), (BOB, BOB_DESKTOP, 3)] {
                info.child("user", |user| {
                    user.attr("jid", jid).attr("state", "ringing").child("device", |entry| {
                        entry.attr("jid", device).attr("pid", pid);
                    });
                });
            }
        });
        relay(ack, &call, &[OWN_DEVICE, ALICE, BOB_DESKTOP]);
        ack.child("error", |error| _ = error.attr("code", 404).attr("jid", CAROL));
    });
    let mut update = call.action("group_update");
    update.child("group_info", |info| {
        info.attr("media", "audio").attr("transaction-id", 2).attr("connected-limit", 32).child("user", |user| {
            user.attr("jid", ALICE).attr("state", "connected");
        });
    });
    let id = recording.foreign_id();
    let update = recording.receive_call_with(5_330, call_itself, &id, &mut update, |call| {
        call.attr("participant", ALICE);
    });
    let mut ack = Node::build("ack");
    ack.attr("class", "call").attr("id", &update.id).attr("to", call_itself).attr("type", "group_update");
    recording.send(2, ack.attr("participant", ALICE).finish());
    let mut rekey = call.action("enc_rekey");
    enc(rekey.attr("transaction-id", 2), "msg");
    let rekey = recording.receive_call(160, ALICE, &mut rekey);
    recording.receipt(3, &rekey, &call);
    let over = recording.send_call(25_900, call_itself, &mut call.action("terminate"));
    recording.acked(89, &over);
}

fn a_lost_connection(recording: &mut Recording) {
    recording
        .note("Alice calls. The connection is lost before our accept is acked; it is sent again under the same id.");
    let call = Call { id: "0123456789ABCDEF0123456789ABCD0A", creator: ALICE };
    let offer = recording.receive_call(10_200, ALICE, &mut call.offer(&[]));
    recording.receipt(3, &offer, &call);
    let accept = recording.send_call(2_110, ALICE, &mut call.accept());
    let time = recording.seconds_in(4_480);
    recording.receive(4_480, Node::build("success").attr("t", time).attr("location", "frc").finish());
    recording.send_call_as(35, ALICE, &accept.id, &mut call.accept());
    recording.acked_with(97, &accept, |ack| {
        ack.child("relay", |relay| hop_by_hop_key(relay, "VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV"));
    });
    let over = recording.receive_call(8_830, ALICE, call.action("terminate").attr("duration", 8));
    recording.ack(2, &over);
}

fn an_offer_into_silence(recording: &mut Recording) {
    recording.note("An offer to Dave gets neither ack nor receipt. After 25 seconds the user hangs up.");
    let call = Call { id: "0123456789ABCDEF0123456789ABCD0B", creator: OWN_NUMBER };
    recording.send_call(6_050, DAVE, &mut call.offer(&[]));
    let over = recording.send_call(25_300, DAVE, call.action("terminate").attr("reason", "timeout"));
    recording.acked(84, &over);
}

/// Asks whether the connection is alive.
fn ping(recording: &mut Recording, after: u64) {
    let id = recording.own_id();
    let mut ping = Node::build("iq");
    ping.attr("id", &id).attr("to", JidRef::SERVER).attr("type", "get").attr("xmlns", "w:p").child("ping", |_| {});
    recording.send(after, ping.finish());
    let mut pong = Node::build("iq");
    pong.attr("from", JidRef::SERVER).attr("id", &id).attr("type", "result").attr("t", recording.seconds_in(72));
    recording.receive(72, pong.finish());
}

/// Receives a message, says that it arrived.
fn message(recording: &mut Recording, after: u64, from: JidRef<'_>, author: Option<JidRef<'_>>) {
    // As WhatsApp Web makes them: 22 characters.
    let id = format!("3EB0{}", &recording.foreign_id()[14..]);
    let (name, kind) = if author.is_some() { ("Bob Example", "skmsg") } else { ("Alice Example", "msg") };
    let mut message = Node::build("message");
    message.attr("from", from).attr("id", &id).attr("type", "text").attr_opt("participant", author);
    message.attr("t", recording.seconds_in(after)).attr("notify", name).child("enc", |enc| {
        enc.attr("v", 2).attr("type", kind).content(&[0xd2; 40]);
    });
    recording.receive(after, message.finish());
    let mut receipt = Node::build("receipt");
    recording.send(5, receipt.attr("to", from).attr("id", &id).attr_opt("participant", author).finish());
    recording.receipt_acked(68, &id, from);
}
