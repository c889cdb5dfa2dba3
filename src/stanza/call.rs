//! `<call>`: the wrapper of all call signalling.
//!
//! Sources: WhatsApp Web's `WAWebHandleVoipCall`, `tulir/whatsmeow` `call.go`, `oxidezap/whatsapp-rust`
//! `wacore/src/stanza/call.rs`.

use std::fmt;

use super::{CallAction, Direction, expect_tag, text};
use crate::{AttrError, JidRef, Node, NodeRef, StanzaError, UnixSeconds};

/// A view of a call stanza. `Copy`; reads the node, allocates nothing.
///
/// ```
/// use wabinary::{JidRef, Node, stanza::{CallAction, CallStanzaRef, Direction}};
///
/// let node = Node::build("call")
///     .attr("from", JidRef::parse("100000022222222@lid")?)
///     .attr("id", "A1")
///     .child("offer", |offer| offer.attr("call-id", "0123"))
///     .finish();
/// let call = CallStanzaRef::try_from(&node)?;
/// assert_eq!((call.id(), call.action(), call.call_id()), (Some("A1"), Some(CallAction::Offer), Some("0123")));
/// assert_eq!(call.direction(), Some(Direction::Receive));
/// # Ok::<(), wabinary::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct CallStanzaRef<'a> {
    node: NodeRef<'a>,
}

impl<'a> CallStanzaRef<'a> {
    fn unchecked(node: NodeRef<'a>) -> Self {
        Self { node }
    }

    /// The node itself.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.node
    }

    /// `id`: the id of the stanza, which an ack repeats; not the id of the call. Some actions come without one, and
    /// cannot be acknowledged; an empty one is none.
    #[must_use]
    pub fn id(self) -> Option<&'a str> {
        text(self.node, "id")
    }

    /// The direction of the stanza, by its addresses.
    #[must_use]
    pub fn direction(self) -> Option<Direction> {
        Direction::of(self.node)
    }

    getters! {
        /// `from`: who sent it, a user, one of their devices, or for a group the call itself (`<call-id>@call`).
        from_jid "from" JidRef<'a>, "JID";
        /// `to`: who it is for; for a group the call itself, for a link the server `call`.
        to_jid "to" JidRef<'a>, "JID";
        /// `participant`: the device that sent it, where `from` is that of a group or call.
        participant "participant" JidRef<'a>, "JID";
        /// `recipient`: the address of this user that it was for. An ack has to repeat it.
        recipient "recipient" JidRef<'a>, "JID";
        /// `t`: when the server took it, in seconds since 1970.
        t "t" UnixSeconds, "number of seconds";
        /// `e`: a time in seconds since 1970; WhatsApp Web reads it as one, and no source says of what. It does not mean
        /// that the stanza waited: that is [`offline`](Self::offline).
        e "e" UnixSeconds, "number of seconds";
    }

    /// `offline`: whether the server kept it while this device was offline, or sends it again because it was not
    /// acknowledged. Only its presence counts, not its value.
    #[must_use]
    pub fn offline(self) -> bool {
        self.node.attr("offline").is_some()
    }

    /// The action: the tag of [`action_node`](Self::action_node).
    #[must_use]
    pub fn action(self) -> Option<CallAction<'a>> {
        self.action_node().map(|node| CallAction::from_name(node.tag()))
    }

    /// The node of the action, the first child; WhatsApp Web reads no other.
    #[must_use]
    pub fn action_node(self) -> Option<NodeRef<'a>> {
        self.node.children().next()
    }

    /// `call-id` of the action: the id of the call. Requests about links have none.
    #[must_use]
    pub fn call_id(self) -> Option<&'a str> {
        text(self.action_node()?, "call-id")
    }

    /// `call-creator` of the action: the device that began the call.
    ///
    /// # Errors
    /// A value that is not a JID.
    pub fn call_creator(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.action_node().map_or(Ok(None), |action| action.get_opt("call-creator"))
    }
}

impl<'a> TryFrom<NodeRef<'a>> for CallStanzaRef<'a> {
    type Error = StanzaError;

    /// # Errors
    /// Another tag.
    fn try_from(node: NodeRef<'a>) -> Result<Self, StanzaError> {
        expect_tag(node, "call").map(|()| Self { node })
    }
}

impl fmt::Debug for CallStanzaRef<'_> {
    /// Shows its attributes, the tags of its children, and the name of the call.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::redaction::debug(f, "CallStanza", self.node)
    }
}

owned_stanza! {
    /// A call stanza that owns its node.
    CallStanza owns CallStanzaRef
}
