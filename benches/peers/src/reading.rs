//! The same reading on both sides: every tag, name, value and content, as text or parts.

use wabinary::{Content, JidRef, NodeRef, Value};
use wacore_binary::JidRef as PeerJid;
use wacore_binary::node::{NodeContentRef, NodeRef as PeerNode, ValueRef};

/// The result of reading.
pub trait Seen: Sized {
    #[must_use]
    fn bytes(self, bytes: &[u8]) -> Self;
    #[must_use]
    fn number(self, number: usize) -> Self;

    #[must_use]
    fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }
}

/// Length, first and last byte: nothing can be left out, and a long content costs no more than a short one.
impl Seen for u64 {
    #[inline(always)]
    fn bytes(self, bytes: &[u8]) -> Self {
        let ends = match bytes {
            [first, .., last] => u64::from(*first) << 8 | u64::from(*last),
            [only] => u64::from(*only),
            [] => 0,
        };
        self.number(bytes.len()) ^ ends << 40
    }

    #[inline(always)]
    fn number(self, number: usize) -> Self {
        self.rotate_left(5) ^ number as u64
    }
}

/// Everything that was read, to compare before anything is timed.
impl Seen for Vec<Vec<u8>> {
    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.push(bytes.to_vec());
        self
    }

    fn number(self, number: usize) -> Self {
        self.bytes(&number.to_be_bytes())
    }
}

pub fn read<S: Seen>(node: NodeRef<'_>, seen: S) -> S {
    let mut seen = seen.text(node.tag());
    for (name, value) in node.attrs() {
        seen = seen.text(name);
        seen = match value {
            Value::Text(text) => seen.text(text),
            Value::Jid(jid) => read_jid(jid, seen),
            Value::Null => seen.text(""),
        };
    }
    match node.content() {
        Content::None => seen,
        Content::Nodes(children) => {
            let seen = seen.number(children.len());
            children.fold(seen, |seen, child| read(child, seen))
        }
        Content::Bytes(bytes) => seen.bytes(bytes),
        Content::Text(text) => seen.text(text),
        Content::Jid(jid) => read_jid(jid, seen),
    }
}

#[inline]
fn read_jid<S: Seen>(jid: JidRef<'_>, seen: S) -> S {
    seen.text(jid.user().unwrap_or("")).text(jid.server().as_str()).number(jid.device().into())
}

pub fn read_peer<S: Seen>(node: &PeerNode<'_>, seen: S) -> S {
    let mut seen = seen.text(&node.tag);
    for (name, value) in node.attrs_iter() {
        seen = seen.text(name);
        seen = match value {
            ValueRef::String(text) => seen.text(text),
            ValueRef::Jid(jid) => read_peer_jid(jid, seen),
        };
    }
    match &node.content {
        None => seen,
        Some(NodeContentRef::Nodes(children)) => {
            let seen = seen.number(children.len());
            children.iter().fold(seen, |seen, child| read_peer(child, seen))
        }
        Some(NodeContentRef::Bytes(bytes)) => seen.bytes(bytes),
        Some(NodeContentRef::String(text)) => seen.text(text),
    }
}

#[inline]
fn read_peer_jid<S: Seen>(jid: &PeerJid<'_>, seen: S) -> S {
    seen.text(&jid.user).text(jid.server.as_str()).number(jid.device.into())
}
