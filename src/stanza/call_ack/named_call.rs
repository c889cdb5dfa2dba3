//! The call that an ack belongs to.

use super::CallAckRef;
use crate::stanza::{text, value};
use crate::{JidRef, NodeRef};

/// A call, and the element that names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NamedCall<'a> {
    /// `call-id`.
    pub call_id: &'a str,
    /// `call-creator` of the same element, if that is a JID.
    pub call_creator: Option<JidRef<'a>>,
    /// The element with both.
    pub found_in: CallEvidence,
}

/// The element that names a call, in the order of the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallEvidence {
    /// In an `<error>` of the ack.
    Error,
    /// In its `<relay>`.
    Relay,
    /// In its `<group_info>`.
    GroupInfo,
    /// In its `<waiting_room>`.
    WaitingRoom,
    /// In the ack's own attributes.
    Ack,
    /// In the `<call>` that the ack answers.
    Call,
    /// In the `<receipt>` that answers it.
    Receipt,
}

impl CallEvidence {
    /// The name used in JSON and in documents: the tag of the node. Stable across versions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Relay => "relay",
            Self::GroupInfo => "group_info",
            Self::WaitingRoom => "waiting_room",
            Self::Ack => "ack",
            Self::Call => "call",
            Self::Receipt => "receipt",
        }
    }
}

impl<'a> NamedCall<'a> {
    /// The call that a node names in its attributes `call-id` and `call-creator`.
    #[must_use]
    pub fn of(node: NodeRef<'a>, found_in: CallEvidence) -> Option<Self> {
        let call_id = text(node, "call-id")?;
        Some(Self { call_id, call_creator: value(node, "call-creator"), found_in })
    }
}

impl<'a> CallAckRef<'a> {
    /// The call that the ack names: in its `<error>`, `<relay>`, `<group_info>` or `<waiting_room>`, or in its own
    /// attributes; the first of these that has a `call-id`. If none has one, only the stanza that the ack answers shows
    /// the call.
    ///
    /// Never assume a call that nothing names: a client that took the only active call for the refused one ended the
    /// wrong call.
    ///
    /// ```
    /// use wabinary::stanza::{CallAck, CallEvidence};
    ///
    /// let ack = CallAck::build("A1").error(500).child("error", |error| error.attr("call-id", "0123")).finish();
    /// let call = ack.as_ref().named_call().unwrap();
    /// assert_eq!((call.call_id, call.found_in), ("0123", CallEvidence::Error));
    /// ```
    #[must_use]
    pub fn named_call(self) -> Option<NamedCall<'a>> {
        let in_child = |tag: &'static str, found_in| {
            let mut children = self.node().children().filter(move |child| child.tag() == tag);
            children.find_map(move |child| NamedCall::of(child, found_in))
        };
        in_child("error", CallEvidence::Error)
            .or_else(|| in_child("relay", CallEvidence::Relay))
            .or_else(|| in_child("group_info", CallEvidence::GroupInfo))
            .or_else(|| in_child("waiting_room", CallEvidence::WaitingRoom))
            .or_else(|| NamedCall::of(self.node(), CallEvidence::Ack))
    }
}
