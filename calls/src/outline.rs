//! The part of a stanza that finding its answer needs.

use wabinary::{FromValue, JidRef, Node, NodeRef};

use crate::answer::text;

/// The attributes that matching and findings read.
const ATTRIBUTES: [&str; 6] = ["id", "from", "to", "participant", "recipient", "type"];

/// The part of a stanza that decides which stanza answers it, which call it belongs to and whom it addresses: those
/// attributes and, in a call, the action with its call id, its reason and its addressees. Two stanzas with equal
/// outlines are one stanza that was sent twice.
pub(crate) fn outline(stanza: NodeRef<'_>) -> Node {
    let outline = Node::build(stanza.tag());
    for name in ATTRIBUTES {
        outline.attr_opt(name, stanza.attr(name));
    }
    if let Some(action) = action(stanza) {
        outline.child(action.tag(), |child| {
            for name in ["call-id", "call-creator", "reason"] {
                child.attr_opt(name, action.attr(name));
            }
            if stanza.tag() == "call" {
                for Addressee { jid, is_device } in addressees(action) {
                    child.child(if is_device { DEVICE } else { USER }, |addressee| _ = addressee.attr("jid", jid));
                }
            }
        });
    }
    // The builder reserves more memory than the outline needs; a copy does not.
    outline.finish().as_ref().to_node()
}

const USER: &str = "user";
const DEVICE: &str = "device";

/// A user or device that a stanza addresses.
#[derive(Clone, Copy)]
pub(crate) struct Addressee<'a> {
    pub(crate) jid: JidRef<'a>,
    /// Whether the stanza addresses this device alone, and not the user.
    pub(crate) is_device: bool,
}

/// The addressees of an action: the devices in its `<destination>`; in other lists the users, or the devices that the
/// list has for them. Works for an outline too.
pub(crate) fn addressees(action: NodeRef<'_>) -> impl Iterator<Item = Addressee<'_>> {
    action.descendants().filter_map(|node| {
        let jid = JidRef::from_value(node.attr("jid")?)?;
        match node.tag() {
            "to" | DEVICE => Some(Addressee { jid, is_device: true }),
            USER | "participant" if node.child(DEVICE).is_none() => Some(Addressee { jid, is_device: false }),
            _ => None,
        }
    })
}

/// The action of a call stanza or of its receipt: the first child.
pub(crate) fn action(stanza: NodeRef<'_>) -> Option<NodeRef<'_>> {
    matches!(stanza.tag(), "call" | "receipt").then(|| stanza.children().next()).flatten()
}

/// The call that a call stanza, or its receipt, belongs to.
pub(crate) fn call_id(stanza: NodeRef<'_>) -> Option<&str> {
    text(action(stanza)?, "call-id")
}
