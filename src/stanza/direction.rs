//! Which way a stanza goes.

use crate::node::NodeRef;

/// Which way a stanza goes, as its addresses tell.
///
/// A stanza with `to` goes to the server, also when its client stamps `from`; one with `from` alone comes from the
/// server; of one with neither it cannot be told. What carried the stanza knows better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From a client to the server.
    ToServer,
    /// From the server to a client.
    FromServer,
    /// The stanza has neither address.
    Unknown,
}

impl Direction {
    pub(super) fn of(node: NodeRef<'_>) -> Self {
        Self::of_addresses(node.attr("from").is_some(), node.attr("to").is_some())
    }

    pub(super) fn of_addresses(has_from: bool, has_to: bool) -> Self {
        match (has_from, has_to) {
            (_, true) => Self::ToServer,
            (true, false) => Self::FromServer,
            (false, false) => Self::Unknown,
        }
    }

    /// The name used in JSON and in documents; stable across versions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ToServer => "to-server",
            Self::FromServer => "from-server",
            Self::Unknown => "unknown",
        }
    }
}
