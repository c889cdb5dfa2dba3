//! How each client answers the call stanzas that it gets.
//!
//! Sources: WhatsApp Web's `WAWebHandleVoipCall`; `vinikjkkj/zapo` `src/client/events/incoming.ts` and
//! `packages/voip/src/signaling/bridge.ts`; `Auties00/Cobalt` `ack/AckBuilder` and, at 6b60863, `client/WhatsAppClient.java`;
//! `tulir/whatsmeow` `receipt.go`; `WhiskeySockets/Baileys` `src/Utils/stanza-ack.ts`; `oxidezap/whatsapp-rust`
//! `src/client.rs` and `wacore/src/stanza/call.rs`; `purpshell/meowcaller` `signaling/participant_state.go`;
//! `tgalal/yowsup` pull request 772.

use super::*;

/// A client's way to answer.
struct Client {
    name: &'static str,
    about: &'static str,
    /// The attributes of its acks, in order; those the call stanza does not have are left out.
    attributes: &'static [&'static str],
    /// Which stanzas it answers by a receipt, and whether by an ack all the same.
    receipts: &'static [&'static str],
    acks_too: bool,
    /// What comes in.
    incoming: &'static [&'static str],
}

const USUAL: &[&str] = &["offer", "video", "terminate", "accept", "group_update", "enc_rekey", "reject"];

/// A receipt instead of an ack for some; acks have a type.
const WEB: Client = Client {
    name: "client-whatsapp-web",
    about: "WhatsApp Web: a receipt instead of an ack for offer, accept, reject and enc_rekey; acks have a type.",
    attributes: &["to", "id", "class", "type"],
    receipts: &["offer", "accept", "reject", "enc_rekey"],
    acks_too: false,
    incoming: USUAL,
};

/// An untyped ack for everything, never a receipt.
const BAILEYS: Client = Client {
    name: "client-baileys",
    about: "Baileys: untyped acks; participant and recipient repeated.",
    attributes: &["id", "to", "class", "participant", "recipient"],
    receipts: &[],
    acks_too: true,
    incoming: USUAL,
};

const CLIENTS: [Client; 11] = [
    WEB,
    Client {
        name: "client-zapo",
        about: "zapo: as WhatsApp Web, with the attributes in another order.",
        attributes: &["class", "to", "id", "type"],
        ..WEB
    },
    Client {
        name: "client-zapo-voip",
        about: "zapo's plugin for calls: a typed ack for everything, never a receipt.",
        attributes: &["class", "to", "id", "type"],
        ..BAILEYS
    },
    Client {
        name: "client-cobalt",
        about: "Cobalt, newer: as WhatsApp Web, with the attributes in another order.",
        attributes: &["id", "class", "to", "type"],
        ..WEB
    },
    Client {
        name: "client-cobalt-6b60863",
        about: "Cobalt at 6b60863: untyped acks, whose recipient is filled from the call stanza's participant.",
        attributes: &["id", "class", "to", "recipient=participant"],
        ..BAILEYS
    },
    Client {
        name: "client-whatsmeow",
        about: "whatsmeow: untyped acks, in an order that differs each time; participant and recipient repeated.",
        attributes: &["id", "participant", "class", "recipient", "to"],
        ..BAILEYS
    },
    BAILEYS,
    Client {
        name: "client-whatsapp-rust",
        about: "whatsapp-rust, any stanza: untyped acks, and for an offer a receipt too.",
        attributes: &["class", "id", "to", "participant", "recipient"],
        receipts: &["offer"],
        ..BAILEYS
    },
    Client {
        name: "client-whatsapp-rust-typed",
        about: "whatsapp-rust, the stanzas it knows: typed acks, and no other.",
        attributes: &["class", "id", "to", "type", "participant", "recipient"],
        incoming: &["video", "waiting_room_update", "user_action", "screen_share"],
        ..BAILEYS
    },
    Client {
        name: "client-meowcaller",
        about: "meowcaller: typed acks, also for group_update and enc_rekey, in an order that differs each time.",
        attributes: &["type", "to", "recipient", "id", "participant", "class"],
        incoming: &["video", "waiting_room_update", "user_action", "screen_share", "group_update", "enc_rekey"],
        ..BAILEYS
    },
    Client {
        name: "client-yowsup",
        about: "yowsup in 2015: a receipt for the offer, an untyped ack for the rest.",
        attributes: &["id", "class", "to"],
        receipts: &["offer"],
        incoming: &["offer", "transport", "relaylatency", "reject", "terminate"],
        ..WEB
    },
];

/// A call stanza that came in, and what an answer repeats of it.
struct Incoming {
    sent: Sent<'static>,
    call: Call<'static>,
    participant: Option<JidRef<'static>>,
    recipient: Option<JidRef<'static>>,
}

/// Receives a stanza with this action.
fn receive(story: &mut Story, kind: &'static str) -> Incoming {
    let to_group = Call { id: OTHER_CALL, creator: OWN_DEVICE };
    let (call, from, participant, recipient) = match kind {
        // Alice calls this user's number.
        "offer" | "video" | "terminate" | "transport" | "relaylatency" => {
            (Call { id: CALL, creator: ALICE }, ALICE, None, (kind == "offer").then_some(OWN_NUMBER))
        }
        // In a call that began before the capture.
        "accept" | "enc_rekey" => (to_group, ALICE, None, None),
        "reject" => (Call { id: THIRD_CALL, creator: OWN_DEVICE }, BOB, None, None),
        _ => (to_group, itself(OTHER_CALL), Some(ALICE), None),
    };
    let mut action = match kind {
        "offer" => call.offer(&[]),
        "accept" => call.accept(),
        "transport" => call.transport(1),
        "relaylatency" => call.relay_latency(40),
        _ => call.action(kind),
    };
    if kind == "video" {
        action.attr("state", 11);
    }
    let id = story.foreign_id();
    let sent = story.receive_call_with(900, from, &id, &mut action, |stanza| {
        stanza.attr_opt("participant", participant).attr_opt("recipient", recipient);
    });
    Incoming { sent, call, participant, recipient }
}

impl Client {
    fn answer_all(&self, story: &mut Story) {
        for kind in self.incoming {
            let incoming = receive(story, kind);
            let has_receipt = self.receipts.contains(kind);
            let has_ack = !has_receipt || self.acks_too;
            if has_receipt {
                story.receipt(3, &incoming.sent, &incoming.call);
            }
            if has_ack {
                let ack = self.ack(&incoming);
                story.send(2, ack);
            }
            let outcome = if has_ack { "accepted" } else { "accepted, call in receipt" };
            story.expect(&incoming.sent, outcome, [1, u32::from(has_ack), u32::from(has_receipt)]);
            let id = &incoming.sent.id;
            if has_ack && *kind == "video" && !self.attributes.contains(&"type") {
                story.expect_findings(id, &["CA16: untyped ack of a video request; the peer is known to revert"]);
            }
            if incoming.participant.is_some() && self.attributes.contains(&"recipient=participant") {
                story.expect_findings(id, &["CA15: recipient looks copied from participant"]);
            }
        }
    }

    fn ack(&self, incoming: &Incoming) -> Node {
        let mut ack = Node::build("ack");
        for name in self.attributes {
            match *name {
                "id" => _ = ack.attr("id", &incoming.sent.id),
                "class" => _ = ack.attr("class", "call"),
                "to" => _ = ack.attr("to", incoming.sent.peer),
                "type" => _ = ack.attr("type", &incoming.sent.kind),
                "participant" => _ = ack.attr_opt("participant", incoming.participant),
                "recipient" => _ = ack.attr_opt("recipient", incoming.recipient),
                "recipient=participant" => _ = ack.attr_opt("recipient", incoming.participant),
                other => panic!("{other}"),
            }
        }
        ack.finish()
    }
}

pub(super) fn add(stories: &mut Stories) {
    for client in &CLIENTS {
        let story = stories.add(client.name);
        story.about(client.about);
        client.answer_all(story);
    }

    // Source: `WAWebHandleVoipCall`, and what the server does then.
    let story = stories.add("client-answers-nothing");
    story.about("WhatsApp Web does not answer an enc_rekey that failed; the server delivers it again, with offline.");
    let call = Call { id: CALL, creator: ALICE };
    let id = story.foreign_id();
    let first = story.receive_call_with(0, ALICE, &id, &mut call.action("enc_rekey"), |_| {});
    story.note("Nothing for 25 seconds, then a new connection.");
    let again = story.receive_call_with(25_000, ALICE, &id, &mut call.action("enc_rekey"), |stanza| {
        stanza.attr("offline", 0).attr("e", UnixSeconds(1_700_000_000));
    });
    story.receipt(4, &again, &call);
    story.expect(&first, "accepted, call in receipt", [2, 0, 1]);
}
