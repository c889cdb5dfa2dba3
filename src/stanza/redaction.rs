//! The secrets that are not shown of a stanza: keys, tokens, ciphertexts and the addresses of devices and relays.

use std::fmt;

use super::text;
use crate::{Content, FromValue, JidRef, NewContent, NewValue, Node, NodeRef, Rewrite, Server, Value};

/// The names of secrets: keys (`key`, `hbh_key`) and tokens (`token`, `auth_token`, `tctoken`, `privacy`) of calls and
/// relays, addresses (`te`, `te2`, `rte`), ciphertexts (`enc`). A node with such a tag shows neither its content nor
/// its descendants, and of its attributes only numbers and names that are known to be harmless. The value of an
/// attribute with such a name is not shown either, except for a codec (`<audio enc="opus"/>`).
///
/// A name that ends in the word `key`, `secret` or `token` counts as one of these, in any case: `e2e-key`.
pub const SECRET_CONTENTS: &[&str] =
    &["auth_token", "enc", "hbh_key", "key", "privacy", "rte", "tctoken", "te", "te2", "token"];

/// Further attributes that are not shown: the domain name of a relay is its address, and anyone with the token of a
/// call link can join the call.
pub const SECRET_ATTRIBUTES: &[&str] = &["domain_name", "link-token"];

/// A name that ends with one of these words is secret.
const SECRET_WORDS: [&str; 3] = ["key", "secret", "token"];

/// The attributes of secret nodes that are shown.
const HARMLESS: [&str; 16] = [
    "auth_token_id",
    "c2r_rtt",
    "call-id",
    "count",
    "id",
    "is_fna",
    "latency",
    "mediatype",
    "priority",
    "protocol",
    "relay_id",
    "relay_name",
    "t",
    "token_id",
    "type",
    "v",
];

/// The attributes that are shown if they hold an address of a user.
const HARMLESS_ADDRESSES: [&str; 2] = ["call-creator", "jid"];

/// The values of `enc` as an attribute of a medium.
const CODECS: [&str; 12] =
    ["av1", "h.264", "h.265", "h264", "h265", "hevc", "mlow", "opus", "silk", "speex", "vp8", "vp9"];

pub(super) const HIDDEN: &str = "[redacted]";

/// A copy of a tree without its secrets: [`SECRET_CONTENTS`] and [`SECRET_ATTRIBUTES`]. Everything else is unchanged,
/// including addresses of users ([`redacted_jid`](super::redacted_jid) hides one) and ids of calls.
///
/// ```
/// use wabinary::{Node, stanza::redacted};
///
/// let relay = Node::build("relay").attr("uuid", "1").child("key", |key| key.bytes(vec![7; 16])).finish();
/// assert_eq!(redacted(&relay).to_string(), r#"<relay uuid="1"><key>[redacted, 16 bytes]</key></relay>"#);
/// ```
#[must_use]
pub fn redacted<'a>(node: impl Into<NodeRef<'a>>) -> Node {
    let node = node.into();
    node.rewrite(&mut Redaction {
        root: node.index(),
        below_secret: with_secrecy(node).map(|(_, is_below)| is_below).collect(),
    })
}

struct Redaction {
    /// The index of the root in its tree.
    root: u32,
    /// For each node, in wire order.
    below_secret: Vec<bool>,
}

/// The nodes of a tree, in wire order, each with whether it is below one whose content is secret.
pub(super) fn with_secrecy(root: NodeRef<'_>) -> impl Iterator<Item = (NodeRef<'_>, bool)> {
    let mut secret_until = 0;
    (0_usize..).zip(std::iter::once(root).chain(root.descendants())).map(move |(position, node)| {
        let is_below = position < secret_until;
        if !is_below && is_secret(node) {
            secret_until = position.saturating_add(node.descendants().len()).saturating_add(1);
        }
        (node, is_below)
    })
}

/// Whether a node's content is secret.
pub(super) fn is_secret(node: NodeRef<'_>) -> bool {
    is_secret_name(node.tag())
}

fn is_secret_name(name: &str) -> bool {
    let is_any = |names: &[&str], name: &str| names.iter().any(|secret| secret.eq_ignore_ascii_case(name));
    is_any(SECRET_CONTENTS, name) || name.rsplit(['_', '-']).next().is_some_and(|last| is_any(&SECRET_WORDS, last))
}

/// Whether the value of an attribute is secret. Below a secret node, every value is.
pub(super) fn is_secret_value(node: NodeRef<'_>, name: &str, value: Value<'_>) -> bool {
    let is_harmless = || match name {
        // A name with a dot is a domain name.
        "relay_name" => matches!(value, Value::Text(text) if !text.contains('.')),
        name if HARMLESS_ADDRESSES.contains(&name) => is_of_user(value),
        name => HARMLESS.contains(&name),
    };
    let is_named_secret = SECRET_ATTRIBUTES.contains(&name) || is_secret_name(name);
    (is_named_secret && !(name == "enc" && is_codec(value))) || (is_secret(node) && !is_harmless())
}

/// Whether a value is an address with a user. Almost every text reads as an address of a server.
fn is_of_user(value: Value<'_>) -> bool {
    JidRef::from_value(value).is_some_and(|jid| jid.user().is_some() && !matches!(jid.server(), Server::Other(_)))
}

fn is_codec(value: Value<'_>) -> bool {
    let is_known = |name: &str| CODECS.iter().any(|codec| codec.eq_ignore_ascii_case(name));
    matches!(value, Value::Text(text) if text.split(',').all(is_known))
}

impl Redaction {
    fn is_below_secret(&self, node: NodeRef<'_>) -> bool {
        let at = node.index().saturating_sub(self.root) as usize;
        self.below_secret.get(at).copied().unwrap_or(true)
    }
}

impl Rewrite for Redaction {
    fn value<'a>(&mut self, node: NodeRef<'a>, name: &'a str, value: Value<'a>) -> NewValue<'a> {
        let is_hidden = self.is_below_secret(node) || is_secret_value(node, name, value);
        if is_hidden { HIDDEN.into() } else { value.into() }
    }

    fn content<'a>(&mut self, node: NodeRef<'a>, content: Content<'a>) -> NewContent<'a> {
        if !is_secret(node) && !self.is_below_secret(node) {
            return content.into();
        }
        match content {
            Content::None | Content::Nodes(_) => NewContent::NONE,
            Content::Bytes(bytes) => format!("[redacted, {} bytes]", bytes.len()).into(),
            Content::Text(_) | Content::Jid(_) => HIDDEN.into(),
        }
    }
}

/// The attributes of a stanza whose values `Debug` shows. It shows only the names of the others.
pub(super) const SHOWN_ATTRIBUTES: [&str; 11] =
    ["id", "class", "from", "to", "type", "t", "participant", "recipient", "error", "e", "offline"];

/// Shows a stanza: its own attributes, the tags of its children, and the call that they name.
pub(super) fn debug(f: &mut fmt::Formatter<'_>, name: &str, node: NodeRef<'_>) -> fmt::Result {
    let mut fields = f.debug_struct(name);
    debug_attributes(&mut fields, node);
    fields.field("children", &node.children().map(NodeRef::tag).collect::<Vec<_>>());
    fields.field("call_id", &node.children().find_map(|child| text(child, "call-id")));
    fields.finish()
}

pub(super) fn debug_attributes(fields: &mut fmt::DebugStruct<'_, '_>, node: NodeRef<'_>) {
    let is_shown = |name: &str| SHOWN_ATTRIBUTES.contains(&name);
    for (name, value) in node.attrs().filter(|(name, _)| is_shown(name)) {
        match value {
            Value::Text(text) => fields.field(name, &text),
            Value::Jid(jid) => fields.field(name, &format_args!("{jid}")),
            Value::Null => fields.field(name, &format_args!("null")),
        };
    }
    let others: Vec<_> = node.attrs().map(|(name, _)| name).filter(|name| !is_shown(name)).collect();
    fields.field("other_attrs", &others);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::JidRef;
    use crate::stanza::CallStanza;

    #[test]
    fn all_below_a_secret_is_hidden_and_nothing_else() {
        let node = Node::build("call")
            .attr("id", "A")
            .child("te2", |te2| {
                te2.attr("relay_id", 1).child("x", |x| x.attr("y", "SECRET").child("z", |z| z.content("SECRET")))
            })
            .child("link_query", |query| query.attr("token", "SECRET").attr("media", "video"))
            .child("x", |x| x.content("shown"))
            .finish();
        let expected = concat!(
            r#"<call id="A"><te2 relay_id="1"><x y="[redacted]"><z>[redacted, 6 bytes]</z></x></te2>"#,
            r#"<link_query token="[redacted]" media="video"/><x>shown</x></call>"#
        );
        assert_eq!(redacted(&node).to_string(), expected);
        // A part of a tree, whose root is not node 0.
        let part = node.child("link_query").unwrap();
        assert_eq!(redacted(part).to_string(), r#"<link_query token="[redacted]" media="video"/>"#);
        let te2 = node.child("te2").unwrap();
        assert!(!redacted(te2).to_string().contains("SECRET"));
    }

    /// Each attribute, whether it is shown.
    #[test]
    fn names_that_hide_contents_hide_attributes() {
        for (tag, name, value, is_shown) in [
            ("ack", "hbh_key", "SECRET", false),
            ("ack", "E2E-Key", "SECRET", false),
            ("ack", "enc_rekey", "1", true),
            ("relay", "domain_name", "relay.example.net", false),
            ("audio", "enc", "opus", true),
            ("video", "enc", "H.264,AV1", true),
            ("video", "enc", "SECRET", false),
            ("enc", "type", "msg", true),
            ("enc", "hash", "SECRET", false),
            ("te2", "ip", "192.0.2.10", false),
            ("te2", "relay_name", "xyz1c01", true),
            ("te2", "relay_name", "relay.example.net", false),
            ("token", "jid", "100000022222222@lid", true),
            ("token", "jid", "SECRET", false),
            ("user", "jid", "SECRET", true),
            ("call_token", "value", "SECRET", false),
        ] {
            let node = Node::build(tag).attr(name, value).finish();
            assert_eq!(redacted(&node) == node, is_shown, "<{tag} {name}={value}>");
        }
    }

    #[test]
    fn a_stanza_shows_known_values_and_of_others_the_names() {
        let node = Node::build("call")
            .attr("from", JidRef::parse("100000022222222@lid").unwrap())
            .attr("id", "A")
            .attr("notify", "SECRET")
            .attr("e", Value::Null)
            .child("offer", |offer| offer.attr("call-id", "0123").attr("joinable", "SECRET"))
            .child("privacy", |privacy| privacy.content("SECRET"))
            .finish();
        let call = CallStanza::try_from(node).unwrap();
        let expected = concat!(
            r#"CallStanza { from: 100000022222222@lid, id: "A", e: null, other_attrs: ["notify"], "#,
            r#"children: ["offer", "privacy"], call_id: Some("0123") }"#
        );
        assert_eq!(format!("{call:?}"), expected);
    }
}
