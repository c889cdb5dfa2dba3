//! Short functions that make stanzas.

use wabinary::stanza::{CallAck, CallStanza};
use wabinary::{Builder, Jid, Node};

pub const ALICE: &str = "100000022222222@lid";
pub const ALICES_SECOND: &str = "100000022222222:3@lid";
pub const ALICES_PHONE: &str = "15550002222@s.whatsapp.net";
pub const BOB: &str = "100000033333333@lid";
pub const ME: &str = "100000011111111:7@lid";
pub const CALL: &str = "0123456789ABCDEF0123456789ABCD01";
pub const GROUP_CALL: &str = "0123456789ABCDEF0123456789ABCD01@call";

/// Sets attributes. Values of address attributes become JIDs if they are addresses; all others are texts.
pub fn set(node: &Builder, attrs: &[(&str, &str)]) {
    const ADDRESSES: [&str; 6] = ["from", "to", "participant", "recipient", "jid", "call-creator"];
    for (name, value) in attrs {
        match value.parse::<Jid>() {
            Ok(jid) if ADDRESSES.contains(name) => node.attr(name, jid),
            _ => node.attr(name, *value),
        };
    }
}

pub fn node(tag: &str, attrs: &[(&str, &str)], fill: impl FnOnce(&Builder)) -> Node {
    let mut node = Node::build(tag);
    set(&node, attrs);
    fill(&mut node);
    node.finish()
}

/// A child with these attributes.
pub fn child(parent: &Builder, tag: &str, attrs: &[(&str, &str)]) {
    parent.child(tag, |child| set(child, attrs));
}

/// A call ack with id `A`.
pub fn ack_node(attrs: &[(&str, &str)], fill: impl FnOnce(&Builder)) -> Node {
    node("ack", &[&[("id", "A"), ("class", "call")], attrs].concat(), fill)
}

pub fn ack(attrs: &[(&str, &str)], fill: impl FnOnce(&Builder)) -> CallAck {
    CallAck::try_from(ack_node(attrs, fill)).unwrap()
}

/// A call stanza with id `A` and an action of this tag that names a call.
pub fn call(action: &str, attrs: &[(&str, &str)]) -> CallStanza {
    let call = node("call", &[&[("id", "A")], attrs].concat(), |call| {
        child(call, action, &[("call-id", CALL), ("call-creator", ALICE)]);
    });
    CallStanza::try_from(call).unwrap()
}

/// A relay with a key and an endpoint.
pub fn relay(parent: &Builder) {
    parent.child("relay", |relay| {
        set(relay, &[("uuid", "1"), ("self_pid", "1"), ("peer_pid", "2"), ("call-id", CALL), ("call-creator", ME)]);
        child(relay, "participant", &[("pid", "1"), ("jid", ME)]);
        child(relay, "participant", &[("pid", "2"), ("jid", ALICE)]);
        for (tag, byte) in [("token", 0x33), ("auth_token", 0x44), ("key", 0x22), ("hbh_key", 0x11)] {
            relay.child(tag, |secret| secret.attr("id", 0).bytes(vec![byte; 16]));
        }
        for address in [&b"\xc0\x00\x02\x0a\x0d\x96"[..], b"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x10\x0d\x96"] {
            relay.child("te2", |te2| {
                set(te2, &[("relay_id", "0"), ("relay_name", "xyz1c01"), ("domain_name", "relay.example.net")]);
                set(te2, &[("token_id", "0"), ("auth_token_id", "0"), ("c2r_rtt", "20"), ("is_fna", "1")]);
                te2.attr("protocol", 0).content(address);
            });
        }
    });
}
