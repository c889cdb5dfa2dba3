//! Which call a refusal belongs to, and by what that is known: looked for in an `<error>`, the `<relay>`, the `<group_info>` or
//! `<waiting_room>`, the ack itself, and at last in the call stanza of the same id.

use super::*;

pub(super) fn add(stories: &mut Stories) {
    let story = stories.add("call-named-by");
    story.about(
        "The same refusal six times: the call is named in the error, the relay, the group, the waiting room, the ack, \
                 and not at all.",
    );
    for place in ["error", "relay", "group_info", "waiting_room", "ack", "call"] {
        let accept = story.send_call(1_000, ALICE, &mut OUTGOING.accept());
        story.acked_with(90, &accept, |ack| {
            ack.attr("error", 434);
            match place {
                "ack" => named(ack, &OUTGOING),
                "call" => {}
                child => _ = ack.child(child, |child| named(child, &OUTGOING)),
            }
        });
        let outcome = match place {
            "call" => "refused 434".to_owned(),
            place => format!("refused 434, call in {place}"),
        };
        story.expect(&accept, &outcome, [1, 1, 0]);
    }

    let story = stories.add("call-named-twice");
    story.about("An ack's error and relay name two calls; the error counts, and both differ from the stanza's.");
    let offer = story.offer(BOB, &THIRD);
    story.acked_with(110, &offer, |ack| {
        ack.attr("error", 403).child("relay", |relay| named(relay, &OTHER));
        error(ack, |entry| named(entry, &OUTGOING));
    });
    story.expect(&offer, "refused 403, call in error", [1, 1, 0]);
    let finding = format!("CA14: children name different calls: {}, {}", THIRD.id, OTHER.id);
    story.expect_findings(&offer.id, &[&finding]);

    let story = stories.add("call-not-guessed");
    story.about(
        "One call is active when a refusal comes that names none and has the id of no stanza: it belongs to no call.",
    );
    let offer = story.offer(ALICE, &OUTGOING);
    story.offer_accepted(120, &offer, &OUTGOING);
    let mut refusal = bare_ack("41.17-99");
    story.receive(900, refusal.attr("from", CAROL).attr("type", "offer").attr("error", 403).finish());
    story.expect_unmatched("ack 41.17-99", "id");
    let mut over = Node::build("terminate");
    named(&mut over, &OUTGOING);
    let over = story.send_call(4_000, ALICE, &mut over);
    story.accepted(85, &over);
}
