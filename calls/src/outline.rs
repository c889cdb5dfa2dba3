//! What is kept of a stanza to find its answer.

use wabinary::{Node, NodeRef};

use crate::answer::text;

/// The attributes that addresses and findings are read from.
const ATTRIBUTES: [&str; 6] = ["id", "from", "to", "participant", "recipient", "type"];

/// As much of a stanza as decides what answers it and which call it belongs to: its attributes of that kind, and of a
/// call the action with the call's name. Two stanzas with equal outlines are one stanza that was sent twice.
pub(crate) fn outline(stanza: NodeRef<'_>) -> Node {
    let outline = Node::build(stanza.tag());
    for name in ATTRIBUTES {
        outline.attr_opt(name, stanza.attr(name));
    }
    if let Some(action) = action(stanza) {
        outline.child(action.tag(), |child| {
            for name in ["call-id", "call-creator"] {
                child.attr_opt(name, action.attr(name));
            }
        });
    }
    // The builder leaves room for more; a copy does not.
    outline.finish().as_ref().to_node()
}

/// The action of a call stanza or of its receipt: the first child.
pub(crate) fn action(stanza: NodeRef<'_>) -> Option<NodeRef<'_>> {
    matches!(stanza.tag(), "call" | "receipt").then(|| stanza.children().next()).flatten()
}

/// The call that a call stanza, or its receipt, belongs to.
pub(crate) fn call_id(stanza: NodeRef<'_>) -> Option<&str> {
    text(action(stanza)?, "call-id")
}
