//! What the server's acks of this device's call stanzas hold.
//!
//! Sources: WhatsApp Web's `WAAckParser`; `Auties00/Cobalt` `calls/signaling/`; `WhiskeySockets/wacrg`
//! `spec/relay/relay-candidates.yaml`; `vinikjkkj/zapo` `packages/voip/src/relay/relay-ack.ts`; `purpshell/meowcaller`
//! issue 35 and `engine.go`; `oxidezap/whatsapp-rust` `wacore/src/stanza/group_call.rs`.

use super::*;

const INCOMING: Call<'_> = Call { id: CALL, creator: ALICE };
/// Where requests about links go.
const LINKS: JidRef<'_> = match JidRef::bare(Server::Call) {
    Ok(jid) => jid,
    Err(_) => panic!("no JID"),
};

/// Who is in a group call.
fn group(ack: &mut Builder, call: &Call<'_>) {
    ack.child("group_info", |info| {
        named(info, call);
        info.attr("media", "audio").attr("transaction-id", 1).attr("connected-limit", 32).attr("group-jid", GROUP);
        for (jid, device) in [(ALICE, ALICE), (BOB, BOB_DESKTOP)] {
            info.child("user", |user| {
                user.attr("jid", jid).attr("state", "ringing");
                user.child("device", |entry| _ = entry.attr("jid", device));
            });
        }
    });
}

fn request(story: &mut Story, tag: &str) -> Sent<'static> {
    let mut request = Node::build(tag);
    story.send_call(500, LINKS, request.attr("media", "video").attr("token", SECRET))
}

pub(super) fn add(stories: &mut Stories) {
    offers_and_accepts(stories);
    groups_and_links(stories);
    odd_acks(stories);
}

fn offers_and_accepts(stories: &mut Stories) {
    let story = stories.add("offer-accepted-with-relay");
    story.about("An offer is taken: the ack carries the relay, with keys.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.offer_taken(130, &offer, &OUTGOING);
    story.receive_receipt(210, ALICE, &offer, &OUTGOING);
    story.receive_receipt(40, ALICE_DESKTOP, &offer, &OUTGOING);
    story.expect(&offer, "accepted, call in relay", [1, 1, 2]);
    let rings = story.receive_call(300, ALICE, &mut OUTGOING.preaccept());
    story.accept(2, &rings);

    let story = stories.add("accept-with-new-key");
    story.about("A call is answered: the ack of the accept carries a new key for the relay, and nothing else.");
    let offer = story.receive_call(0, ALICE, &mut INCOMING.offer(&[]));
    story.receipt(3, &offer, &INCOMING);
    story.expect(&offer, "accepted, call in receipt", [1, 0, 1]);
    let accept = story.send_call(2_500, ALICE, &mut INCOMING.accept());
    story.acked_with(95, &accept, |ack| _ = ack.child("relay", |relay| secret(relay, "hbh_key")));
    story.expect(&accept, "accepted", [1, 1, 0]);

    let story = stories.add("offer-refused");
    story.about("An offer is refused as a whole; relay and error name the call.");
    let offer = story.offer(BOB, &OUTGOING);
    story.acked_with(104, &offer, |ack| {
        ack.attr("error", 403).child("relay", |relay| named(relay, &OUTGOING));
        error(ack, |entry| {
            named(entry, &OUTGOING);
            entry.attr("jid", BOB);
        });
    });
    story.expect(&offer, "refused 403, call in error", [1, 1, 0]);

    let story = stories.add("offer-refused-without-call-id");
    story.about("Two offers are under way and one is refused, without a call-id: only the id tells which.");
    let to_alice = story.offer(ALICE, &OUTGOING);
    let to_carol = story.offer(CAROL, &OTHER);
    story.acked_with(110, &to_carol, |ack| {
        ack.attr("error", 463).child("error", |entry| _ = entry.attr("jid", CAROL));
    });
    story.offer_accepted(90, &to_alice, &OUTGOING);
    story.expect(&to_carol, "refused 463", [1, 1, 0]);

    let story = stories.add("accept-refused");
    story.about("An accept is refused with 500 and an error that names our own device, as it was published.");
    let offer = story.receive_call(0, ALICE, &mut INCOMING.offer(&[]));
    story.receipt(3, &offer, &INCOMING);
    story.expect(&offer, "accepted, call in receipt", [1, 0, 1]);
    let accept = story.send_call(2_960, ALICE, &mut INCOMING.accept());
    let mut ack = Node::build("ack");
    ack.attr("class", "call").attr("error", 500).attr("from", ALICE).attr("id", &accept.id);
    ack.attr("type", "accept").child("error", |entry| {
        entry.attr("call-creator", INCOMING.creator).attr("call-id", INCOMING.id).attr("jid", OWN_DEVICE);
    });
    story.receive(118, ack.finish());
    story.expect(&accept, "refused 500, call in error", [1, 1, 0]);
    let over = story.receive_call(9_700, ALICE, INCOMING.action("terminate").attr("reason", "timeout"));
    story.accept(2, &over);

    let story = stories.add("offer-refused-in-part");
    story.about("A group's offer is taken for two and refused for two: the ack has a relay and two errors.");
    let offer = story.offer(itself(CALL), &OUTGOING);
    story.acked_with(240, &offer, |ack| {
        relay(ack, &OUTGOING);
        error(ack, |entry| _ = entry.attr("code", 404).attr("jid", CAROL));
        error(ack, |entry| _ = entry.attr("code", 426).attr("jid", DAVE));
    });
    story.expect(&offer, "partly_refused, call in relay", [1, 1, 0]);
    let findings =
        ["CA10: error child without error attribute (seed framing)", "CA12: 2 error entries; the seed allows one"];
    story.expect_findings(&offer.id, &findings);

    let story = stories.add("offer-known");
    story.about("An offer is sent again after a reconnect; the server has it already and says so with 304.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.send_again(4_000, &offer, &mut OUTGOING.offer(&[]));
    story.acked_with(80, &offer, |ack| _ = ack.attr("error", 304));
    story.receive_receipt(200, ALICE, &offer, &OUTGOING);
    story.expect(&offer, "refused 304", [2, 1, 1]);

    let story = stories.add("offer-device-list");
    story.about("The ack of an offer lists the devices that the server took it to.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.acked_with(120, &offer, |ack| {
        relay(ack, &OUTGOING);
        ack.child("user", |user| {
            user.attr("jid", ALICE).attr("phash", "2:AAAAAAAA");
            for device in [ALICE, ALICE_DESKTOP] {
                user.child("device", |entry| _ = entry.attr("jid", device));
            }
        });
    });
    story.expect(&offer, "accepted, call in relay", [1, 1, 0]);

    let story = stories.add("offer-settings");
    story.about("The ack of an offer has settings for the call and this device's own address as the relay sees it.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.acked_with(120, &offer, |ack| {
        relay(ack, &OUTGOING);
        ack.child("voip_settings", |settings| _ = settings.attr("uncompressed", 1).content("{\"aec\":{}}"));
        ack.child("rte", |rte| _ = rte.content(&[192, 0, 2, 77, 0x0d, 0x96]));
    });
    story.expect(&offer, "accepted, call in relay", [1, 1, 0]);
}

fn groups_and_links(stories: &mut Stories) {
    let story = stories.add("group-offer");
    story.about("A group is called: the ack tells who is in the call, and has no relay.");
    let offer = story.offer(itself(CALL), &OUTGOING);
    story.acked_with(240, &offer, |ack| group(ack, &OUTGOING));
    story.note("A device of the group has it; its receipt comes under its own address.");
    story.receive_receipt(90, BOB_DESKTOP, &offer, &OUTGOING);
    story.expect(&offer, "accepted, call in group_info", [1, 1, 1]);
    let refused = story.offer(itself(OTHER_CALL), &OTHER);
    story.acked_with(150, &refused, |ack| _ = ack.attr("error", 411).child("group_info", |info| named(info, &OTHER)));
    story.expect(&refused, "refused 411, call in group_info", [1, 1, 0]);

    let story = stories.add("link-join");
    story.about("A call is joined by its link: one ack has who is in the call, one the waiting room.");
    let join = request(story, "link_join");
    story.acked_with(170, &join, |ack| group(ack, &OUTGOING));
    story.expect(&join, "accepted, call in group_info", [1, 1, 0]);
    let wait = request(story, "link_join");
    let other = Call { id: OTHER_CALL, creator: BOB };
    story.acked_with(150, &wait, |ack| {
        ack.child("waiting_room", |room| {
            named(room, &other);
            room.attr("link-token", SECRET).attr("media", "video").attr("enabled", 1).attr("is_admin", 0);
        });
    });
    story.expect(&wait, "accepted, call in waiting_room", [1, 1, 0]);
    let full = request(story, "link_join");
    story.acked_with(140, &full, |ack| _ = ack.attr("error", 428));
    story.expect(&full, "refused 428, call nowhere", [1, 1, 0]);

    let story = stories.add("links");
    story.about("Links to calls are made and asked about, at the bare server call; no call has begun.");
    let create = request(story, "link_create");
    story.acked_with(140, &create, |ack| {
        ack.child("link_create", |link| _ = link.attr("token", SECRET).attr("media", "video"));
    });
    story.expect(&create, "accepted, call nowhere", [1, 1, 0]);
    let query = request(story, "link_query");
    story.acked_with(140, &query, |ack| {
        ack.child("link_query", |link| {
            link.attr("token", SECRET).attr("media", "video").attr("link_creator", ALICE);
        });
    });
    story.expect(&query, "accepted, call nowhere", [1, 1, 0]);
    let gone = request(story, "link_query");
    story.acked_with(140, &gone, |ack| _ = ack.attr("error", 404));
    story.expect(&gone, "refused 404, call nowhere", [1, 1, 0]);
}

fn odd_acks(stories: &mut Stories) {
    let story = stories.add("client-nack");
    story.about("The device refuses what it cannot read, with 491 and a reason.");
    let offer = story.receive_call(0, ALICE, &mut INCOMING.offer(&[]));
    let mut nack = bare_ack(&offer.id);
    nack.attr("to", ALICE).attr("type", "offer").attr("error", 491);
    nack.child("meta", |meta| _ = meta.attr("failure_reason", 5));
    story.send(4, nack.finish());
    story.expect(&offer, "refused 491", [1, 1, 0]);

    let story = stories.add("attributes-of-messages");
    story.about("An ack has attributes that acks of messages have; they are kept.");
    let over = story.send_call(0, ALICE, &mut OUTGOING.action("terminate"));
    let names = ["sync", "phash", "refresh_lid", "addressing_mode", "count", "server_id"];
    story.acked_with(90, &over, |ack| names.iter().for_each(|name| _ = ack.attr(name, "1")));
    story.expect(&over, "accepted", [1, 1, 0]);
    let findings = names.map(|name| format!("CA17: kept unknown attribute \"{name}\""));
    story.expect_findings(&over.id, &findings.each_ref().map(String::as_str));

    let story = stories.add("offer-without-relay");
    story.about("An offer is taken, and the ack has nothing that media could go over.");
    let offer = story.offer(ALICE, &OUTGOING);
    story.accepted(120, &offer);
    story.expect_findings(&offer.id, &["CA13: offer ack carries no relay; media cannot start"]);

    let story = stories.add("codes");
    story.about("Codes: empty and 0 are none, 418 is unknown, often is no number, and two may disagree.");
    let mut mute = |code: &str, child: Option<u16>, outcome: &str, findings: &[&str]| {
        let mute = story.send_call(700, ALICE, THIRD.action("mute_v2").attr("mute-state", 1));
        story.acked_with(80, &mute, |ack| {
            ack.attr("error", code);
            if let Some(code) = child {
                error(ack, |entry| _ = entry.attr("code", code));
            }
        });
        story.expect(&mute, outcome, [1, 1, 0]);
        if !findings.is_empty() {
            story.expect_findings(&mute.id, findings);
        }
    };
    mute("", None, "accepted", &[]);
    mute("0", None, "accepted", &[]);
    mute("418", None, "refused 418", &["CA08: unknown call error code 418"]);
    mute("often", None, "refused", &["CA07: error is not a number: \"often\""]);
    mute("503", Some(500), "refused 503", &["CA11: error attribute 503 disagrees with <error code=500>"]);

    let story = stories.add("specification-examples");
    story.about("The two acks of the specification: the bare server answers, one offer is refused by an error child.");
    let taken = story.send_call_as(0, DAVE, "OF-0001", &mut OUTGOING.offer(&[]));
    let mut ack = Node::build("ack");
    ack.attr("id", "OF-0001").attr("class", "call").attr("from", JidRef::SERVER).attr("t", story.seconds_in(85));
    story.receive(85, ack.finish());
    story.expect(&taken, "accepted, by bare-server", [1, 1, 0]);
    let refused = story.send_call_as(2_000, user("15550005556", Server::Whatsapp), "OF-0002", &mut OTHER.offer(&[]));
    let mut ack = Node::build("ack");
    ack.attr("id", "OF-0002").attr("class", "call").attr("from", JidRef::SERVER);
    error(&mut ack, |entry| _ = entry.attr("code", 503).attr("text", "service unavailable"));
    story.receive(91, ack.finish());
    story.expect(&refused, "refused 503, by bare-server", [1, 1, 0]);
    story.expect_findings("OF-0002", &["CA10: error child without error attribute (seed framing)"]);
}
