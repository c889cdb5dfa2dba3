//! What is not shown of a stanza: keys, tokens, ciphertexts and the addresses of devices and relays.

use std::fmt;

use super::text;
use crate::{Content, NewContent, NewValue, Node, NodeRef, Rewrite, Value};

/// The tags whose content is not shown, nor anything below them: keys (`key`, `hbh_key`) and tokens (`token`,
/// `auth_token`, `tctoken`, `privacy`) of calls and relays, addresses (`te`, `te2`, `rte`), ciphertexts (`enc`).
pub const SECRET_CONTENTS: &[&str] =
    &["auth_token", "enc", "hbh_key", "key", "privacy", "rte", "tctoken", "te", "te2", "token"];

/// The attributes that are not shown: with the token of a link to a call, anyone joins.
pub const SECRET_ATTRIBUTES: &[&str] = &["auth_token", "link-token", "token"];

pub(super) const HIDDEN: &str = "[redacted]";

/// A copy of a tree without its secrets: [`SECRET_CONTENTS`] and [`SECRET_ATTRIBUTES`]. Everything else is as it was,
/// addresses of users and ids of calls included.
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
    /// Where the tree begins in the one it is a part of.
    root: u32,
    /// Of each node, in wire order.
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

fn is_secret(node: NodeRef<'_>) -> bool {
    SECRET_CONTENTS.contains(&node.tag())
}

impl Redaction {
    fn is_below_secret(&self, node: NodeRef<'_>) -> bool {
        let at = node.index().saturating_sub(self.root) as usize;
        self.below_secret.get(at).copied().unwrap_or(true)
    }
}

impl Rewrite for Redaction {
    fn value<'a>(&mut self, node: NodeRef<'a>, name: &'a str, value: Value<'a>) -> NewValue<'a> {
        let is_secret = SECRET_ATTRIBUTES.contains(&name) || self.is_below_secret(node);
        if is_secret { HIDDEN.into() } else { value.into() }
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

/// The attributes of a stanza whose values `Debug` shows; of others it shows the names.
pub(super) const SHOWN_ATTRIBUTES: [&str; 11] =
    ["id", "class", "from", "to", "type", "t", "participant", "recipient", "error", "e", "offline"];

/// Shows a stanza: its own attributes, and of what it holds the tags and which call that names.
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
        // A part of a tree, whose nodes do not begin at 0.
        let part = node.child("link_query").unwrap();
        assert_eq!(redacted(part).to_string(), r#"<link_query token="[redacted]" media="video"/>"#);
        let te2 = node.child("te2").unwrap();
        assert!(!redacted(te2).to_string().contains("SECRET"));
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
