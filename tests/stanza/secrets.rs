//! Secrets planted wherever one can stand are shown by nothing that is not asked for them.

use std::fmt::Debug;
use std::time::Duration;

use data_encoding::{BASE64, HEXLOWER};
use wabinary::stanza::{
    AckRef, CallAck, CallAckRef, CallReceiptRef, CallStanza, RelayRef, Replier, ReplyPolicy, SECRET_ATTRIBUTES,
    SECRET_CONTENTS, Timeouts, Tracker, ack_findings, redacted,
};
use wabinary::{Builder, Content, Node, NodeRef};

use super::made::{ALICE, CALL, ME, child, node, set};

/// As a key is: bytes that are text too, so that every way to show them is looked for.
const SECRET: &str = "PLANTED-SECRET-0";

/// The ways in which it could be shown.
fn is_shown(text: &str) -> bool {
    let bytes = format!("{:?}", SECRET.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    let hex = HEXLOWER.encode(SECRET.as_bytes());
    let base64 = BASE64.encode(SECRET.as_bytes());
    let text_lower = text.to_lowercase();
    text.contains("PLANTED") || text.contains(bytes) || text_lower.contains(&hex) || text.contains(&base64[..16])
}

#[track_caller]
fn hides(what: &str, shown: &str) {
    assert!(!is_shown(shown), "{what}: {shown}");
}

#[track_caller]
fn debug_hides(what: &str, value: &impl Debug) {
    hides(what, &format!("{value:?}"));
    hides(what, &format!("{value:#?}"));
}

/// Each secret content, as bytes and as text, each with something below it; each secret attribute.
fn plant(parent: &mut Builder) {
    for tag in SECRET_CONTENTS {
        parent.child(tag, |secret| _ = secret.attr("id", 0).bytes(SECRET.as_bytes()));
        parent.child(tag, |secret| {
            secret.child("inside", |inside| {
                // Where findings look for addresses, too.
                for name in ["value", "jid", "call-creator"] {
                    inside.attr(name, &*format!("@{SECRET}"));
                }
                inside.content(SECRET);
            });
        });
    }
    for name in SECRET_ATTRIBUTES {
        parent.child("link_create", |link| _ = link.attr(name, SECRET));
    }
}

/// A stanza full of secrets, in what it holds and one level below.
fn planted(tag: &str, attrs: &[(&str, &str)], holding: &[&str]) -> Node {
    node(tag, attrs, |stanza| {
        for child_tag in holding {
            stanza.child(child_tag, |child| {
                set(child, &[("call-id", CALL), ("call-creator", ME)]);
                plant(child);
            });
        }
        plant(stanza);
        for name in SECRET_ATTRIBUTES {
            stanza.attr(name, SECRET);
        }
    })
}

fn acks() -> Vec<Node> {
    let holding = ["error", "relay", "group_info", "waiting_room", "link_query", "user", "unheard_of"];
    let attrs = [("id", "A"), ("class", "call"), ("from", ALICE), ("type", "offer")];
    let refused = [&attrs[..], &[("error", "403")]].concat();
    vec![planted("ack", &attrs, &holding), planted("ack", &refused, &holding)]
}

fn calls() -> Vec<Node> {
    let actions = ["offer", "accept", "link_join", "enc_rekey", "video"];
    let of = |action, address| planted("call", &[("id", "A"), address], &[action]);
    actions.into_iter().flat_map(|action| [of(action, ("to", ALICE)), of(action, ("from", ALICE))]).collect()
}

#[test]
fn the_stanzas_are_full_of_secrets() {
    for stanza in acks().iter().chain(&calls()) {
        // So the tests below can fail.
        assert!(is_shown(&stanza.to_string()));
    }
}

#[test]
fn acks_and_what_is_in_them() {
    for stanza in acks() {
        let ack = CallAckRef::try_from(&stanza).unwrap();
        debug_hides("CallAckRef", &ack);
        debug_hides("CallAck", &ack.to_owned());
        debug_hides("AckRef", &AckRef::try_from(&stanza).unwrap());
        debug_hides("Ack", &AckRef::try_from(&stanza).unwrap().to_owned());
        debug_hides("CallError", &ack.errors().collect::<Vec<_>>());
        debug_hides("NamedCall", &ack.call(None));
        debug_hides("Outcome", &ack.outcome());
        let relay = ack.relay().unwrap();
        debug_hides("RelayRef", &relay);
        debug_hides("RelayParticipant", &relay.participants().collect::<Vec<_>>());
        debug_hides("RelayEndpoint", &relay.endpoints().collect::<Vec<_>>());
        // Who asks for it gets it.
        assert_eq!(relay.reveal_key(), Some(SECRET.as_bytes()));
        assert_eq!(relay.reveal_hbh_key(), Some(SECRET.as_bytes()));
        for call in calls() {
            let call = CallStanza::try_from(call).unwrap();
            for finding in ack_findings(&stanza, Some(call.as_ref())) {
                hides("AckFinding", &finding.to_string());
                debug_hides("AckFinding", &finding);
            }
        }
    }
}

#[test]
fn calls_receipts_and_replies() {
    for stanza in calls() {
        let call = CallStanza::try_from(stanza.clone()).unwrap();
        debug_hides("CallStanza", &call);
        debug_hides("CallStanzaRef", &call.as_ref());
        let receipt = stanza.edit().retag("receipt").finish();
        let receipt = CallReceiptRef::try_from(&receipt).unwrap();
        debug_hides("CallReceiptRef", &receipt);
        debug_hides("CallReceipt", &receipt.to_owned());
        for policy in [ReplyPolicy::Web, ReplyPolicy::WacrgSpec, ReplyPolicy::AckOnly] {
            let replier = Replier::new(policy);
            debug_hides("Replier", &replier);
            if let Ok(reply) = replier.reply(call.as_ref()) {
                debug_hides("Reply", &reply);
                // What is sent back has no secret to begin with.
                reply.stanzas().for_each(|node| hides("reply", &node.to_string()));
            }
        }
    }
}

#[test]
fn what_a_tracker_tells() {
    for stanza in calls() {
        let mut tracker = Tracker::new(Timeouts::default(), 1);
        let call = CallStanza::try_from(stanza).unwrap();
        debug_hides("Registered", &tracker.register(&call, Duration::ZERO).unwrap());
        let other = call.node().edit().set("id", "B").finish();
        let other = CallStanza::try_from(other).unwrap();
        let registered = tracker.register(&other, Duration::ZERO).unwrap();
        assert!(registered.evicted.is_some());
        debug_hides("Registered", &registered);
        debug_hides("Tracker", &tracker);
        debug_hides("Pending", &tracker.pending().collect::<Vec<_>>());
        let address = if call.node().attr("to").is_some() { "from" } else { "to" };
        let ack = CallAck::build("B").attr(address, ALICE).child("relay", plant).finish();
        for _ in 0..2 {
            debug_hides("Event", &tracker.receive(&ack, Duration::ZERO));
        }
        debug_hides("Tracker", &tracker);
    }
}

#[test]
fn errors() {
    // Every attribute of every node is read as what it is not.
    fn read_all(node: NodeRef<'_>) {
        for (name, _) in node.attrs() {
            for error in [node.get::<u8>(name).err(), node.get::<wabinary::Jid>(name).err()].into_iter().flatten() {
                hides("AttrError", &error.to_string());
                debug_hides("AttrError", &error);
            }
        }
        if let Content::Nodes(children) = node.content() {
            children.for_each(read_all);
        }
        for error in [
            CallAckRef::try_from(node).map(drop).err(),
            CallReceiptRef::try_from(node).map(drop).err(),
            RelayRef::try_from(node).map(drop).err(),
        ]
        .into_iter()
        .flatten()
        {
            hides("StanzaError", &error.to_string());
            debug_hides("StanzaError", &error);
        }
    }
    acks().iter().chain(&calls()).for_each(|stanza| read_all(stanza.as_ref()));
    let no_id = planted("ack", &[("class", "call")], &["relay"]);
    let (_, error) = CallAck::try_from(no_id.clone()).unwrap_err();
    hides("StanzaError", &error.to_string());
    ack_findings(&no_id, None).iter().for_each(|finding| hides("AckFinding", &finding.to_string()));
}

#[test]
fn redacted_copies() {
    for stanza in acks().iter().chain(&calls()) {
        let copy = redacted(stanza);
        hides("redacted", &copy.to_string());
        debug_hides("redacted", &copy);
        // All else is as it was: as many nodes, with the same tags, and the attributes that are no secrets.
        assert_eq!(copy.children().len(), stanza.children().len());
        assert!(copy.children().map(NodeRef::tag).eq(stanza.children().map(NodeRef::tag)));
        assert_eq!((copy.attr("id"), copy.attr("from")), (stanza.attr("id"), stanza.attr("from")));
        for part in stanza.children() {
            hides("redacted", &redacted(part).to_string());
        }
    }
    let plain = node("ack", &[("id", "A"), ("x", "y")], |ack| child(ack, "error", &[("text", "no")]));
    assert_eq!(redacted(&plain), plain);
}
