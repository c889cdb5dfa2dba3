//! The error of a conversion that returns the node.

use std::fmt;

use crate::{Node, StanzaError};

/// A node is not the stanza that it should become. Returns the node, like
/// [`FromUtf8Error`](std::string::FromUtf8Error) returns the bytes.
///
/// ```
/// use wabinary::{Node, stanza::CallAck};
///
/// let error = CallAck::try_from(Node::build("receipt").finish()).unwrap_err();
/// assert_eq!(error.to_string(), "tag is \"receipt\", expected \"ack\"");
/// assert_eq!(error.into_node().tag(), "receipt");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct FromNodeError {
    node: Box<Node>,
    error: StanzaError,
}

impl FromNodeError {
    pub(super) fn new(node: Node, error: StanzaError) -> Self {
        Self { node: Box::new(node), error }
    }

    /// Why the node is not the stanza.
    #[must_use]
    pub fn stanza_error(&self) -> &StanzaError {
        &self.error
    }

    /// The node, unchanged.
    #[must_use]
    pub fn into_node(self) -> Node {
        *self.node
    }
}

impl From<FromNodeError> for StanzaError {
    fn from(error: FromNodeError) -> Self {
        error.error
    }
}

impl fmt::Display for FromNodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl fmt::Debug for FromNodeError {
    /// Shows the reason, not the node: that may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FromNodeError").field(&self.error).finish()
    }
}

impl std::error::Error for FromNodeError {}
