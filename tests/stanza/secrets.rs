//! Only getters of secrets show secrets, wherever they are planted.

use wabinary::stanza::{AckRef, CallAck, CallAckRef, CallReceiptRef, CallStanza, RelayRef, ack_findings, redacted};
use wabinary::{Content, NodeRef};
use wabinary_testing::made::{ME, child, node, set};
use wabinary_testing::secrets::{SECRET, acks, calls, debug_hides, hides, is_shown, planted};

#[test]
fn the_stanzas_are_full_of_secrets() {
    for stanza in acks().iter().chain(&calls()) {
        // The tests below can fail.
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
        debug_hides("ErrorEntry", &ack.errors().collect::<Vec<_>>());
        debug_hides("NamedCall", &ack.named_call());
        let relay = ack.relay().unwrap();
        debug_hides("RelayRef", &relay);
        debug_hides("RelayParticipant", &relay.participants().collect::<Vec<_>>());
        debug_hides("RelayEndpoint", &relay.endpoints().collect::<Vec<_>>());
        // Getters of secrets return them.
        assert_eq!(relay.reveal_key(), Some(SECRET.as_bytes()));
        assert_eq!(relay.reveal_hbh_key(), Some(SECRET.as_bytes()));
        for finding in ack_findings(&stanza) {
            hides("AckFinding", &finding.to_string());
            debug_hides("AckFinding", &finding);
        }
    }
}

/// `Debug` of a relay shows exactly this: for a key, only whether there is one.
#[test]
fn debug_of_a_relay_says_this_and_no_more() {
    let node = node("ack", &[], |ack| {
        ack.child("relay", |relay| {
            relay.attr("call-id", "C1").attr("uuid", "SECRET");
            child(relay, "participant", &[("pid", "1"), ("jid", ME), ("token", "SECRET")]);
            relay.child("hbh_key", |key| _ = key.bytes(vec![7; 30]));
            let names = [("relay_id", "0"), ("relay_name", "xyz1c01"), ("domain_name", "relay.example.net")];
            relay.child("te2", |te2| set(te2, &names));
        });
    });
    let relay = RelayRef::try_from(node.child("relay").unwrap()).unwrap();
    let participants = format!(r#"[RelayParticipant {{ pid: Some(1), jid: Some("{ME}") }}]"#);
    let endpoints = r#"[RelayEndpoint { relay_id: Some(0), relay_name: Some("xyz1c01"), has_address: false }]"#;
    let start = r#"Relay { call_id: Some("C1"), has_keys: true, participants: "#;
    assert_eq!(format!("{relay:?}"), format!("{start}{participants}, endpoints: {endpoints} }}"));
    assert_eq!(relay.endpoints().next().unwrap().reveal_domain_name(), Ok(Some("relay.example.net")));
}

#[test]
fn calls_and_receipts() {
    for stanza in calls() {
        let call = CallStanza::try_from(stanza.clone()).unwrap();
        debug_hides("CallStanza", &call);
        debug_hides("CallStanzaRef", &call.as_ref());
        let receipt = stanza.edit().retag("receipt").finish();
        let receipt = CallReceiptRef::try_from(&receipt).unwrap();
        debug_hides("CallReceiptRef", &receipt);
        debug_hides("CallReceipt", &receipt.to_owned());
    }
}

#[test]
fn errors() {
    // Reads every attribute of every node as a wrong type.
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
    let error = CallAck::try_from(no_id.clone()).unwrap_err();
    hides("FromNodeError", &error.to_string());
    debug_hides("FromNodeError", &error);
    ack_findings(&no_id).iter().for_each(|finding| hides("AckFinding", &finding.to_string()));
}

#[test]
fn redacted_copies() {
    for stanza in acks().iter().chain(&calls()) {
        let copy = redacted(stanza);
        hides("redacted", &copy.to_string());
        debug_hides("redacted", &copy);
        // Everything else is unchanged: the same nodes and tags, and the attributes that are not secrets.
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
