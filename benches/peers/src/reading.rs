//! The same reading on both sides: every tag, name, value and content, folded into one number.

use wabinary::{Content, NodeRef, Value};
use wacore_binary::node::{NodeContentRef, NodeRef as PeerNode, ValueRef};

/// Lengths and a byte of each text, so that nothing read can be left out.
fn fold(sum: u64, bytes: &[u8]) -> u64 {
    sum.wrapping_mul(31).wrapping_add(bytes.len() as u64).wrapping_add(u64::from(bytes.last().copied().unwrap_or(0)))
}

pub(crate) fn read(node: NodeRef<'_>, mut sum: u64) -> u64 {
    sum = fold(sum, node.tag().as_bytes());
    for (name, value) in node.attrs() {
        sum = fold(sum, name.as_bytes());
        sum = match value {
            Value::Text(text) => fold(sum, text.as_bytes()),
            Value::Jid(jid) => {
                let sum = fold(sum, jid.user().unwrap_or("").as_bytes());
                fold(sum, jid.server().as_str().as_bytes()).wrapping_add(u64::from(jid.device()))
            }
            Value::Null => sum,
        };
    }
    match node.content() {
        Content::Nodes(children) => children.fold(sum, |sum, child| read(child, sum)),
        Content::Bytes(bytes) => fold(sum, bytes),
        Content::Text(text) => fold(sum, text.as_bytes()),
        Content::Jid(_) | Content::None => sum,
    }
}

pub(crate) fn read_peer(node: &PeerNode<'_>, mut sum: u64) -> u64 {
    sum = fold(sum, node.tag.as_bytes());
    for (name, value) in node.attrs_iter() {
        sum = fold(sum, name.as_bytes());
        sum = match value {
            ValueRef::String(text) => fold(sum, text.as_bytes()),
            ValueRef::Jid(jid) => {
                let sum = fold(sum, jid.user.as_bytes());
                fold(sum, jid.server.as_str().as_bytes()).wrapping_add(u64::from(jid.device))
            }
        };
    }
    match node.content.as_ref() {
        Some(NodeContentRef::Nodes(children)) => children.iter().fold(sum, |sum, child| read_peer(child, sum)),
        Some(NodeContentRef::Bytes(bytes)) => fold(sum, bytes),
        Some(NodeContentRef::String(text)) => fold(sum, text.as_bytes()),
        None => sum,
    }
}
