//! Typed views of stanzas: call acknowledgements and what they belong to.
//!
//! A typed stanza is a view of a node, or owns it: what is not modelled (further attributes and children, their order,
//! wire forms of JIDs) is kept because nothing is taken apart. A conversion that fails gives the node back.
//!
//! | stanza | view | owner |
//! |---|---|---|
//! | `<ack class="call">` | [`CallAckRef`] | [`CallAck`] |
//! | `<ack>` of any class | [`AckRef`] | [`Ack`] |
//! | `<call>` | [`CallStanzaRef`] | [`CallStanza`] |
//! | `<receipt>` of a call | [`CallReceiptRef`] | [`CallReceipt`] |
//!
//! What is unusual in an ack is told by [`ack_findings`]; whether it answers a call stanza, by
//! [`CallAckRef::answers`]. [`Replier`] makes the answers to stanzas that come in, [`Tracker`] keeps those that are sent until
//! they are answered. What the specification says is [`CallAck::SPEC`].
//!
//! **Secrets.** The ack of an offer carries the keys of the call. `Debug`, `Display` and errors of the types here never
//! show what [`redacted`] hides; `Display` and `Debug` of the [`Node`](crate::Node) itself show everything.
#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

use crate::error::StanzaError;
use crate::node::{FromValue, NodeRef};

/// Makes the type that owns the node of a view. The view has `fn unchecked(NodeRef) -> Self`, for a node that was
/// checked before.
macro_rules! owned_stanza {
    ($(#[$doc:meta])* $Owned:ident owns $View:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $Owned {
            node: Node,
        }

        impl $Owned {
            /// The view that reads.
            #[must_use]
            pub fn as_ref(&self) -> $View<'_> {
                $View::unchecked(self.node.as_ref())
            }

            /// The node.
            #[must_use]
            pub fn node(&self) -> &Node {
                &self.node
            }

            /// Of a node that is known to be one.
            pub(crate) fn from_node(node: Node) -> Self {
                Self { node }
            }

            /// The node, all of it as it was.
            #[must_use]
            pub fn into_node(self) -> Node {
                self.node
            }
        }

        impl TryFrom<Node> for $Owned {
            /// The node as it was, and why it is not this stanza.
            type Error = (Node, StanzaError);

            fn try_from(node: Node) -> Result<Self, (Node, StanzaError)> {
                match $View::try_from(&node).map(drop) {
                    Ok(()) => Ok(Self { node }),
                    Err(error) => Err((node, error)),
                }
            }
        }

        impl<'a> TryFrom<&'a Node> for $View<'a> {
            type Error = StanzaError;

            fn try_from(node: &'a Node) -> Result<Self, StanzaError> {
                Self::try_from(node.as_ref())
            }
        }

        impl $View<'_> {
            /// A stanza of its own, with a copy of the node.
            #[must_use]
            pub fn to_owned(self) -> $Owned {
                $Owned { node: self.node().to_node() }
            }
        }

        impl From<$Owned> for Node {
            fn from(stanza: $Owned) -> Self {
                stanza.node
            }
        }

        impl<'a> From<&'a $Owned> for NodeRef<'a> {
            fn from(stanza: &'a $Owned) -> Self {
                stanza.node.as_ref()
            }
        }

        impl<'a> From<&'a $Owned> for $View<'a> {
            fn from(stanza: &'a $Owned) -> Self {
                stanza.as_ref()
            }
        }

        impl std::fmt::Debug for $Owned {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.as_ref().fmt(f)
            }
        }
    };
}

/// Makes getters of attributes that may be absent, for a view with a method `node`.
macro_rules! getters {
    ($($(#[$doc:meta])* $getter:ident $name:literal $type:ty, $expected:literal;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        #[doc = concat!("A value that is no ", $expected, ".")]
        pub fn $getter(self) -> Result<Option<$type>, AttrError> {
            self.node().get_opt($name)
        }
    )*};
}

mod ack;
mod action;
mod answers;
mod call;
mod call_ack;
mod direction;
mod error_code;
mod evidence;
mod receipt;
mod redaction;
mod relay;
mod reply;
mod spec;
mod tracker;

pub use ack::{Ack, AckRef};
pub use action::{CallAction, KnownAction};
pub use answers::{MatchedBy, Mismatch};
pub use call::{CallStanza, CallStanzaRef};
pub use call_ack::{
    AckFinding, AckRule, AckSeverity, CallAck, CallAckBuilder, CallAckRef, CallError, CallEvidence, NamedCall, Outcome,
    ack_findings,
};
pub use direction::Direction;
pub use error_code::{ErrorCode, KnownCode};
pub use evidence::{Confidence, Source};
pub use receipt::{CallReceipt, CallReceiptRef};
pub use redaction::{SECRET_ATTRIBUTES, SECRET_CONTENTS, redacted};
pub use relay::{RelayEndpoint, RelayParticipant, RelayRef};
pub use reply::{Replier, Reply, ReplyPolicy};
pub use spec::{AttributeSpec, ChildSpec, ExampleSpec, QuestionSpec, StanzaSpec};
pub use tracker::{Answer, Event, Pending, Registered, Timeouts, Tracker};

/// Holds a node to an attribute that is there and not empty.
fn expect_text(node: NodeRef<'_>, name: &str, expected: &'static str) -> Result<(), StanzaError> {
    text(node, name).map(drop).ok_or_else(|| node.attr_error(name, expected).into())
}

/// The text of an attribute that is there and not empty.
fn text<'a>(node: NodeRef<'a>, name: &str) -> Option<&'a str> {
    value::<&str>(node, name).filter(|text| !text.is_empty())
}

/// The value of an attribute that is there and of this type. An error would look for the path, which is slow where many
/// nodes have one.
fn value<'a, T: FromValue<'a>>(node: NodeRef<'a>, name: &str) -> Option<T> {
    T::from_value(node.attr(name)?)
}

/// Holds a node to a tag.
fn expect_tag(node: NodeRef<'_>, expected: &'static str) -> Result<(), StanzaError> {
    if node.tag() == expected {
        return Ok(());
    }
    Err(StanzaError::Tag { found: node.tag().to_owned(), expected })
}
