//! `<receipt>` of a call: WhatsApp Web sends it instead of an ack for an offer, an accept, a reject and a new key.
//!
//! Sources: WhatsApp Web's `WAWebHandleVoipCall` and `WAWebHandleVoipCallReceipt`, `oxidezap/whatsapp-rust`
//! `wacore/src/stanza/call.rs`.

use std::fmt;

use super::{CallAction, Direction, expect_tag, expect_text, text};
use crate::{AttrError, JidRef, Node, NodeRef, StanzaError, UnixSeconds};

/// A view of the receipt of a call stanza. `Copy`; reads the node, allocates nothing.
///
/// A receipt says that a device has the stanza. It is not an accept. Receipts of messages are not call receipts: they
/// have no child with a `call-id`.
///
/// ```
/// use wabinary::{JidRef, Node, stanza::{CallAction, CallReceiptRef}};
///
/// let node = Node::build("receipt")
///     .attr("from", JidRef::parse("100000022222222:3@lid")?)
///     .attr("id", "A1")
///     .child("offer", |offer| offer.attr("call-id", "0123"))
///     .finish();
/// let receipt = CallReceiptRef::try_from(&node)?;
/// assert_eq!((receipt.id(), receipt.action(), receipt.call_id()), ("A1", CallAction::Offer, "0123"));
/// # Ok::<(), wabinary::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct CallReceiptRef<'a> {
    node: NodeRef<'a>,
}

impl<'a> CallReceiptRef<'a> {
    fn unchecked(node: NodeRef<'a>) -> Self {
        Self { node }
    }

    /// The node itself.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.node
    }

    /// `id`: that of the call stanza.
    #[must_use]
    pub fn id(self) -> &'a str {
        text(self.node, "id").unwrap_or("")
    }

    /// The direction of the stanza, by its addresses.
    #[must_use]
    pub fn direction(self) -> Option<Direction> {
        Direction::of(self.node)
    }

    /// The action that was received: the tag of its child. WhatsApp Web sends receipts for offer, accept, reject and
    /// enc_rekey.
    #[must_use]
    pub fn action(self) -> CallAction<'a> {
        CallAction::from_name(self.action_node().map_or("", NodeRef::tag))
    }

    /// The action's node.
    #[must_use]
    pub fn action_node(self) -> Option<NodeRef<'a>> {
        self.node.children().next()
    }

    /// `call-id` of the action: the id of the call.
    #[must_use]
    pub fn call_id(self) -> &'a str {
        self.action_node().and_then(|action| text(action, "call-id")).unwrap_or("")
    }

    /// `call-creator` of the action: the device that began the call.
    ///
    /// # Errors
    /// A value that is not a JID.
    pub fn call_creator(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.action_node().map_or(Ok(None), |action| action.get_opt("call-creator"))
    }

    getters! {
        /// `from`: the device that has the stanza. WhatsApp Web stamps it on what it sends in older versions.
        from_jid "from" JidRef<'a>, "JID";
        /// `to`: who sent the stanza.
        to_jid "to" JidRef<'a>, "JID";
        /// `participant`: the device that has the stanza, where `from` is that of a group or call.
        participant "participant" JidRef<'a>, "JID";
        /// `type`: `enc_rekey_retry` where a device asks for a key once more.
        kind "type" &'a str, "text";
        /// `t`: when the server took it, in seconds since 1970.
        t "t" UnixSeconds, "number of seconds";
    }
}

impl<'a> TryFrom<NodeRef<'a>> for CallReceiptRef<'a> {
    type Error = StanzaError;

    /// # Errors
    /// Another tag; no `id`, or an empty one; a first child without `call-id`, or none: the receipt of something else.
    fn try_from(node: NodeRef<'a>) -> Result<Self, StanzaError> {
        expect_tag(node, "receipt")?;
        expect_text(node, "id", "the id of a call stanza")?;
        match node.children().next() {
            Some(action) if text(action, "call-id").is_some() => Ok(Self { node }),
            _ => Err(StanzaError::Content { tag: "receipt", expected: "an action with a call-id" }),
        }
    }
}

impl fmt::Debug for CallReceiptRef<'_> {
    /// Shows its attributes, the tags of its children, and the name of the call.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::redaction::debug(f, "CallReceipt", self.node)
    }
}

owned_stanza! {
    /// The receipt of a call stanza that owns its node.
    CallReceipt owns CallReceiptRef
}
