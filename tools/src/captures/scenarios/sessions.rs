//! Reconnects: what is sent again, and ids that mean something else.

use super::*;

fn reconnect(story: &mut Story) {
    story.note("The connection is lost, and made anew.");
    let time = story.seconds_in(5_000);
    story.receive(5_000, Node::build("success").attr("t", time).finish());
}

pub(super) fn add(stories: &mut Stories) {
    let story = stories.add("resent-after-reconnect");
    story.about(
        "Two stanzas are not acked before the connection is lost. Both are sent again under the same ids, in order.",
    );
    let offer = story.offer(ALICE, &OUTGOING);
    let mute = story.send_call(20, ALICE, OUTGOING.action("mute_v2").attr("mute-state", 1));
    reconnect(story);
    story.send_again(40, &offer, &mut OUTGOING.offer(&[]));
    story.send_again(2, &mute, OUTGOING.action("mute_v2").attr("mute-state", 1));
    story.note("The server had the offer, so it is acked twice; the other one once.");
    story.offer_taken(90, &offer, &OUTGOING);
    story.offer_taken(4, &offer, &OUTGOING);
    story.acked(3, &mute);
    story.expect(&offer, "accepted, call in relay", [2, 2, 0]);
    story.expect(&mute, "accepted", [2, 1, 0]);

    let story = stories.add("resent-in-vain");
    story.about("An accept is sent three times, and never acked.");
    let call = Call { id: CALL, creator: ALICE };
    let accept = story.send_call(0, ALICE, &mut call.accept());
    for _ in 0..2 {
        reconnect(story);
        story.send_again(30, &accept, &mut call.accept());
    }
    story.wait(30_000);
    let over = story.receive_call(0, ALICE, call.action("terminate").attr("reason", "timeout"));
    story.ack(2, &over);
    story.expect(&accept, "unanswered", [3, 0, 0]);
    story.expect(&over, "accepted", [1, 1, 0]);

    let story = stories.add("redelivered");
    story.about("The device does not answer a terminate in time; the server delivers it again, with offline. It is acked twice.");
    let id = story.foreign_id();
    let over = story.receive_call_with(0, ALICE, &id, &mut OUTGOING.action("terminate"), |_| {});
    reconnect(story);
    story.receive_call_with(300, ALICE, &id, &mut OUTGOING.action("terminate"), |stanza| _ = stanza.attr("offline", 0));
    story.ack(2, &over);
    story.ack(1, &over);
    story.expect(&over, "accepted", [2, 2, 0]);

    let story = stories.add("duplicate-ack");
    story.about("The ack of an offer comes twice though the offer was sent once; the second says something else and does not count.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.offer_taken(130, &offer, &OUTGOING);
    story.acked_with(20, &offer, |ack| _ = ack.attr("error", 503));
    story.expect(&offer, "accepted, call in relay", [1, 2, 0]);

    let story = stories.add("ack-before-stanza");
    story.about("The ack is faster than the bookkeeping: it stands before the stanza that it answers.");
    let mut mute = OUTGOING.action("mute_v2");
    let (id, kind) = (story.own_id(), "mute_v2".to_owned());
    let sent = Sent { id, peer: ALICE, kind };
    story.acked(0, &sent);
    story.send_again(1, &sent, &mut mute);
    story.expect(&sent, "accepted", [1, 1, 0]);
    let accept = Sent { id: story.own_id(), peer: ALICE, kind: "accept".to_owned() };
    story.acked_with(900, &accept, |ack| _ = ack.attr("error", 500));
    story.send_again(1, &accept, &mut OUTGOING.accept());
    story.expect(&accept, "refused 500", [1, 1, 0]);

    let story = stories.add("ids-used-again");
    story.about("A new session counts its ids from the start: the same id is another stanza, of another call.");
    let first = story.send_call_as(0, ALICE, "1", &mut OUTGOING.action("terminate"));
    story.accepted(80, &first);
    story.note("A new session.");
    story.receive(3_600_000, Node::build("success").finish());
    let second = story.send_call_as(900, ALICE, "1", &mut OTHER.action("terminate"));
    let to_bob = story.send_call_as(20, BOB, "1", &mut THIRD.action("terminate"));
    story.acked_with(85, &to_bob, |ack| _ = ack.attr("error", 404));
    story.expect(&to_bob, "refused 404", [1, 1, 0]);
    story.accepted(12, &second);
    story.receive(5, Node::build("ib").attr("from", JidRef::SERVER).finish());
}
