//! What times tell: what is late, what is still on its way, and what cannot be known.

use super::*;

pub(super) fn add(stories: &mut Stories) {
    let story = stories.add("pending-and-unanswered");
    story.about(
        "Nobody answers four stanzas. Two were sent long before the capture ends, two just before: those are pending.",
    );
    let lost = story.offer(ALICE, &OUTGOING);
    story.wait(20_000);
    let over = story.send_call(0, ALICE, OUTGOING.action("terminate").attr("reason", "timeout"));
    story.note("An offer may take 20 seconds, everything else 10.");
    story.wait(1);
    let offer = story.send_call(0, BOB, &mut OTHER.offer(&[]));
    story.wait(9_999);
    let reject = story.send_call(0, CAROL, &mut THIRD.action("reject"));
    story.receive(0, Node::build("ib").attr("from", JidRef::SERVER).finish());
    story.expect(&lost, "unanswered", [1, 0, 0]);
    story.expect(&over, "unanswered", [1, 0, 0]);
    story.expect(&offer, "pending", [1, 0, 0]);
    story.expect(&reject, "pending", [1, 0, 0]);

    let story = stories.add("two-clocks");
    story.about(
        "What is sent has the time of a clock that began with the app, what is received that of the day: no latency.",
    );
    let offer = story.offer(ALICE, &OUTGOING);
    story.offer_accepted(130, &offer, &OUTGOING);
    let over = story.receive_call(4_000, ALICE, &mut OUTGOING.action("terminate"));
    story.accept(2, &over);
    let offer = story.offer(BOB, &Call { id: OTHER_CALL, ..OUTGOING });
    story.expect(&offer, "pending", [1, 0, 0]);
    story.form.time = |time, direction| {
        Some(match direction {
            Direction::Send => files::seconds(time - START + 12_345),
            Direction::Receive => files::rfc3339(time),
        })
    };

    let story = stories.add("without-times");
    story.about("No record has a time: what is not answered is unanswered, and there are no latencies.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.offer_accepted(130, &offer, &OUTGOING);
    let over = story.send_call(5_000, ALICE, &mut OUTGOING.action("terminate"));
    story.expect(&over, "unanswered", [1, 0, 0]);
    story.form.time = |_, _| None;

    let story = stories.add("latencies");
    story.about(
        "Twenty acks that take 10, 20 … 200 ms, and one after a second sending, which no latency is taken from.",
    );
    for step in 1..=20_u64 {
        let mute = story.send_call(400, ALICE, OUTGOING.action("mute_v2").attr("mute-state", step % 2));
        story.accepted(10 * step, &mute);
    }
    let again = story.send_call(400, ALICE, &mut OUTGOING.action("mute_v2"));
    story.send_again(3_000, &again, &mut OUTGOING.action("mute_v2"));
    story.acked(80, &again);
    story.expect(&again, "accepted", [2, 1, 0]);
}
