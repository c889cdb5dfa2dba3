//! What is missing, odd or no record at all.

use super::*;

pub(super) fn add(stories: &mut Stories) {
    let story = stories.add("missing-ids");
    story.about("A call stanza without id, which nothing can answer; acks without id and without class, which are no call acks.");
    let mut stanza = Node::build("call");
    stanza.attr("from", ALICE).append(OUTGOING.action("terminate").finish());
    story.receive(0, stanza.finish());
    let without = Sent { id: "-".to_owned(), peer: ALICE, kind: "terminate".to_owned() };
    story.expect(&without, "unanswered", [1, 0, 0]);
    let mute = story.send_call(300, ALICE, &mut OUTGOING.action("mute_v2"));
    story.receive(80, Node::build("ack").attr("class", "call").attr("from", ALICE).finish());
    story.expect_findings("-", &["CA03: ack has no id; it cannot be matched to a call stanza"]);
    story.receive(1, Node::build("ack").attr("id", &mute.id).attr("from", ALICE).finish());
    story.expect_findings(&mute.id, &["CA02: ack class is missing, expected \"call\""]);
    story.wait(60_000);
    story.receive(0, Node::build("ib").finish());
    story.expect(&mute, "unanswered", [1, 0, 0]);

    let story = stories.add("broken-lines");
    story.about("Lines that are no records, cut frames, and a record without time and direction; the rest is read all the same.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.line("this is no record");
    story.line(r#"{"time": 1700000000.300, "direction": "receive", "hex": "00f8"}"#);
    story.line(r#"{"time": 1700000000.310, "direction": "up", "hex": "00f80119"}"#);
    story.line(r#"{"time": "yesterday", "hex": "00f80119"}"#);
    story.line(r#"{"direction": "receive"}"#);
    story.offer_accepted(130, &offer, &OUTGOING);

    let story = stories.add("odd-values");
    story.about("Acks with values that are not of their types, with unknown parts, and with text instead of children.");
    let odd = story.send_call(0, ALICE, OUTGOING.action("mute_v2").attr("mute-state", 1));
    let mut ack = bare_ack(&odd.id);
    ack.attr("from", "nobody@").attr("t", "soon").attr("type", "applaud").attr("edge", "x");
    ack.child("applause", |_| {});
    story.receive(80, ack.finish());
    story.expect(&odd, "unanswered", [1, 0, 0]);
    story.expect_unmatched(&format!("ack {}", odd.id), "address");
    let findings = [
        "CA05: from is not a JID: \"nobody@\"",
        "CA06: t is not a plausible epoch time in seconds: \"soon\"",
        "CA09: unknown ack type \"applaud\"",
        "CA17: kept unknown attribute \"edge\"",
        "CA17: kept unknown child \"applause\"",
    ];
    story.expect_findings(&odd.id, &findings);
    let text = story.send_call(60_000, ALICE, OUTGOING.action("mute_v2").attr("mute-state", 0));
    let mut ack = bare_ack(&text.id);
    story.receive(80, ack.attr("from", ALICE).attr("t", 1).content("taken").finish());
    story.expect(&text, "accepted", [1, 1, 0]);
    let findings =
        ["CA06: t is not a plausible epoch time in seconds: \"1\"", "CA18: ack has unexpected content of 5 bytes"];
    story.expect_findings(&text.id, &findings);

    let story = stories.add("secrets");
    story.about("Secrets wherever a stanza may have them. None is shown.");
    let mut action = OUTGOING.offer(&[]);
    for tag in ["privacy", "tctoken", "te", "enc"] {
        secret(&mut action, tag);
    }
    relay(&mut action, &OUTGOING);
    let offer = story.send_call(0, ALICE, &mut action);
    story.acked_with(130, &offer, |ack| {
        relay(ack, &OUTGOING);
        secret(ack, "rte");
        ack.attr("token", SECRET).attr("auth_token", SECRET);
        ack.child("link_query", |link| _ = link.attr("token", SECRET));
        ack.child("waiting_room", |room| _ = room.attr("link-token", SECRET));
    });
    story.expect(&offer, "accepted, call in relay", [1, 1, 0]);
    let findings = ["CA17: kept unknown attribute \"token\"", "CA17: kept unknown attribute \"auth_token\""];
    story.expect_findings(&offer.id, &findings);
    story.note("In a refusal, and in an ack that answers nothing.");
    let refused = story.offer(BOB, &OTHER);
    story.acked_with(100, &refused, |ack| {
        ack.attr("error", 403);
        error(ack, |entry| {
            named(entry, &OTHER);
            entry.attr("token", SECRET);
            secret(entry, "key");
        });
    });
    story.expect(&refused, "refused 403, call in error", [1, 1, 0]);
    let mut stray = bare_ack("41.17-99");
    relay(stray.attr("from", ALICE).attr("type", "offer"), &OUTGOING);
    story.receive(10, stray.finish());
    story.expect_unmatched("ack 41.17-99", "id");
}
