//! Stanzas full of secrets, and a search for secrets in a text.

use std::fmt::Debug;

use data_encoding::{BASE64, HEXLOWER};
use wabinary::stanza::{SECRET_ATTRIBUTES, SECRET_CONTENTS};
use wabinary::{Builder, Node};

use crate::made::{ALICE, CALL, ME, node, set};

/// A key: its bytes are also text, so that the search covers every way to show it.
pub const SECRET: &str = "PLANTED-SECRET-0";

/// Whether a text shows the secret in any way.
pub fn is_shown(text: &str) -> bool {
    let bytes = format!("{:?}", SECRET.as_bytes());
    let bytes = bytes.trim_matches(['[', ']']);
    let hex = HEXLOWER.encode(SECRET.as_bytes());
    let base64 = BASE64.encode(SECRET.as_bytes());
    let text_lower = text.to_lowercase();
    text.contains("PLANTED") || text.contains(bytes) || text_lower.contains(&hex) || text.contains(&base64[..16])
}

#[track_caller]
pub fn hides(what: &str, shown: &str) {
    assert!(!is_shown(shown), "{what}: {shown}");
}

#[track_caller]
pub fn debug_hides(what: &str, value: &impl Debug) {
    hides(what, &format!("{value:?}"));
    hides(what, &format!("{value:#?}"));
}

/// Adds each secret content, as bytes and as text, with attributes and a child; and each secret attribute.
pub fn plant(parent: &Builder) {
    for tag in SECRET_CONTENTS {
        parent.child(tag, |secret| {
            secret.attr("id", 0).bytes(SECRET.as_bytes());
            for name in ["value", "jid", "call-creator", "domain_name", "ip", "error", "reason"] {
                secret.attr(name, SECRET);
            }
        });
        parent.child(tag, |secret| {
            secret.child("inside", |inside| {
                // Also in attributes in which findings look for addresses.
                for name in ["value", "jid", "call-creator"] {
                    inside.attr(name, &*format!("@{SECRET}"));
                }
                inside.content(SECRET);
            });
        });
    }
    parent.child("link_create", |link| secret_names().for_each(|name| _ = link.attr(name, SECRET)));
    parent.child("te2", |te2| te2.attr("relay_name", format!("{SECRET}.example.net").as_str()));
}

/// Each name whose attributes are secret.
pub fn secret_names() -> impl Iterator<Item = &'static str> {
    SECRET_CONTENTS.iter().chain(SECRET_ATTRIBUTES).copied()
}

/// A stanza full of secrets, in its children and one level deeper.
pub fn planted(tag: &str, attrs: &[(&str, &str)], holding: &[&str]) -> Node {
    node(tag, attrs, |stanza| {
        for child_tag in holding {
            stanza.child(child_tag, |child| {
                set(child, &[("call-id", CALL), ("call-creator", ME)]);
                plant(child);
            });
        }
        plant(stanza);
        secret_names().for_each(|name| _ = stanza.attr(name, SECRET));
    })
}

pub fn acks() -> Vec<Node> {
    let holding = ["error", "relay", "group_info", "waiting_room", "link_query", "user", "unheard_of"];
    let attrs = [("id", "A"), ("class", "call"), ("from", ALICE), ("type", "offer")];
    let refused = [&attrs[..], &[("error", "403")]].concat();
    vec![planted("ack", &attrs, &holding), planted("ack", &refused, &holding)]
}

pub fn calls() -> Vec<Node> {
    let actions = ["offer", "accept", "link_join", "enc_rekey", "video"];
    let of = |action, address| planted("call", &[("id", "A"), address], &[action]);
    actions.into_iter().flat_map(|action| [of(action, ("to", ALICE)), of(action, ("from", ALICE))]).collect()
}
