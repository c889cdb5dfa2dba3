//! `<ack>` of any class: the acknowledgement of a stanza.
//!
//! Sources: WhatsApp Web's `WAAckParser`, `tulir/whatsmeow` `receipt.go`, `WhiskeySockets/Baileys`
//! `src/Utils/stanza-ack.ts`.

use std::fmt;

use super::{Direction, RefusalCode, expect_tag, expect_text, text};
use crate::{AttrError, JidRef, Node, NodeRef, StanzaError, UnixSeconds};

/// A view of an acknowledgement. `Copy`; reads the node, allocates nothing.
///
/// A capture of calls also holds acks with `class="receipt"`, which answer receipts and are not call acks.
///
/// ```
/// use wabinary::{Jid, Node, stanza::{AckRef, CallAckRef}};
///
/// let node = Node::build("ack").attr("id", "A1").attr("class", "receipt").attr("from", Jid::SERVER).finish();
/// let ack = AckRef::try_from(&node)?;
/// assert_eq!((ack.class(), ack.id()), ("receipt", "A1"));
/// assert!(CallAckRef::try_from(&node).is_err());
/// # Ok::<(), wabinary::StanzaError>(())
/// ```
#[derive(Clone, Copy)]
pub struct AckRef<'a> {
    node: NodeRef<'a>,
}

impl<'a> AckRef<'a> {
    fn unchecked(node: NodeRef<'a>) -> Self {
        Self { node }
    }

    /// The node itself.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.node
    }

    /// `id`: that of the stanza acknowledged.
    #[must_use]
    pub fn id(self) -> &'a str {
        text(self.node, "id").unwrap_or("")
    }

    /// `class`: the tag of the stanza acknowledged, `message`, `receipt`, `notification`, `call`.
    #[must_use]
    pub fn class(self) -> &'a str {
        text(self.node, "class").unwrap_or("")
    }

    /// The direction of the stanza, by its addresses.
    #[must_use]
    pub fn direction(self) -> Option<Direction> {
        Direction::of(self.node)
    }

    getters! {
        /// `from`: where the ack comes from.
        from_jid "from" JidRef<'a>, "JID";
        /// `to`: where the ack goes.
        to_jid "to" JidRef<'a>, "JID";
        /// `participant`: the device concerned, where the address is that of a group or call.
        participant "participant" JidRef<'a>, "JID";
        /// `recipient`: the user the stanza was for.
        recipient "recipient" JidRef<'a>, "JID";
        /// `type`: the kind of stanza acknowledged.
        kind "type" &'a str, "text";
        /// `t`: when the server made the ack, in seconds since 1970.
        t "t" UnixSeconds, "number of seconds";
    }

    /// `error`: the code of a refusal. Absent, empty and `0` mean none.
    ///
    /// # Errors
    /// A value that is not a number from 0 to 65,535.
    pub fn error(self) -> Result<Option<u16>, AttrError> {
        Ok(self.node.get_opt::<RefusalCode>("error")?.and_then(|RefusalCode(code)| code))
    }
}

impl<'a> TryFrom<NodeRef<'a>> for AckRef<'a> {
    type Error = StanzaError;

    /// # Errors
    /// Another tag; no `class` or `id`, or an empty one.
    fn try_from(node: NodeRef<'a>) -> Result<Self, StanzaError> {
        expect_tag(node, "ack")?;
        expect_text(node, "class", "the class of a stanza")?;
        expect_text(node, "id", "the id of a stanza")?;
        Ok(Self { node })
    }
}

impl fmt::Debug for AckRef<'_> {
    /// Shows its attributes, and only the tags of its children.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::redaction::debug(f, "Ack", self.node)
    }
}

owned_stanza! {
    /// An acknowledgement that owns its node.
    Ack owns AckRef
}
