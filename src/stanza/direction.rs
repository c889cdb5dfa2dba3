//! The direction of a stanza.

use crate::NodeRef;

/// The direction of a stanza, as seen from the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// From the client to the server.
    Send,
    /// From the server to the client.
    Receive,
}

impl Direction {
    /// The direction that the addresses of a stanza imply: one with `to` goes to the server, also if its client stamps
    /// `from`; one with only `from` comes from the server. `None` for a stanza with neither.
    ///
    /// A recorder or socket that carried the stanza is more reliable.
    ///
    /// ```
    /// use wabinary::{Jid, Node, stanza::Direction};
    ///
    /// let ack = Node::build("ack").attr("to", Jid::SERVER).finish();
    /// assert_eq!(Direction::of(&ack), Some(Direction::Send));
    /// ```
    #[must_use]
    pub fn of<'a>(node: impl Into<NodeRef<'a>>) -> Option<Self> {
        let node = node.into();
        Self::of_addresses(node.attr("from").is_some(), node.attr("to").is_some())
    }

    pub(super) fn of_addresses(has_from: bool, has_to: bool) -> Option<Self> {
        match (has_from, has_to) {
            (_, true) => Some(Self::Send),
            (true, false) => Some(Self::Receive),
            (false, false) => None,
        }
    }

    /// The other direction: that of an answer.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Send => Self::Receive,
            Self::Receive => Self::Send,
        }
    }

    /// The name used in JSON and in documents: `send`, `receive`. Stable across versions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Receive => "receive",
        }
    }
}
