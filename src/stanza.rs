//! Typed views of stanzas: call acknowledgements, and the stanzas around them.
//!
//! A typed stanza is a view of a node, or owns the node. It keeps the node whole, so nothing is lost that it does not
//! model: further attributes and children, their order, wire forms of JIDs. A conversion that fails returns the node.
//!
//! | stanza | view | owner |
//! |---|---|---|
//! | `<ack class="call">` | [`CallAckRef`] | [`CallAck`] |
//! | `<ack>` of any class | [`AckRef`] | [`Ack`] |
//! | `<call>` | [`CallStanzaRef`] | [`CallStanza`] |
//! | `<receipt>` of a call | [`CallReceiptRef`] | [`CallReceipt`] |
//!
//! [`ack_findings`] reports unusual parts of an ack. [`CallAck::SPEC`] is the specification as data. Tasks with more
//! than one stanza (matching answers, replies, timeouts, reports) are in the crate `wabinary-calls`.
//!
//! This module uses only the public API of the crate. To write a view of another stanza in your own crate, start from the
//! example of [`KnownNames`](crate::KnownNames).
//!
//! **Secrets.** The ack of an offer carries the keys of the call. `Debug`, `Display` and errors of the types here never
//! show what [`redacted`] hides. `Display` of the [`Node`](crate::Node) itself shows everything, and its `Debug` all but the
//! rest of a content after 64 bytes. [`redacted_jid`] names a user in a log.
#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

use crate::{FromValue, NodeRef, StanzaError, Value};

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

            /// The node, unchanged.
            #[must_use]
            pub fn into_node(self) -> Node {
                self.node
            }
        }

        impl TryFrom<Node> for $Owned {
            type Error = crate::stanza::FromNodeError;

            fn try_from(node: Node) -> Result<Self, crate::stanza::FromNodeError> {
                match $View::try_from(&node).map(drop) {
                    Ok(()) => Ok(Self { node }),
                    Err(error) => Err(crate::stanza::FromNodeError::new(node, error)),
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
            /// A stanza that owns a copy of the node.
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
        #[doc = concat!("A value that is not a ", $expected, ".")]
        pub fn $getter(self) -> Result<Option<$type>, AttrError> {
            self.node().get_opt($name)
        }
    )*};
}

mod ack;
mod action;
mod call;
mod call_ack;
mod direction;
mod error_code;
mod evidence;
mod from_node;
mod receipt;
mod redacted_jid;
mod redaction;
mod relay;
#[cfg(feature = "serde")]
mod serde;
mod spec;

pub use ack::{Ack, AckRef};
pub use action::{CallAction, KnownAction};
pub use call::{CallStanza, CallStanzaRef};
pub use call_ack::{
    AckFinding, AckRule, AckSeverity, CallAck, CallAckBuilder, CallAckRef, CallEvidence, ErrorEntry, NamedCall,
    Refusal, ack_findings,
};
pub use direction::Direction;
pub use error_code::{ErrorCode, KnownCode};
pub use evidence::{Confidence, Source};
pub use from_node::FromNodeError;
pub use receipt::{CallReceipt, CallReceiptRef};
pub use redacted_jid::redacted_jid;
pub use redaction::{SECRET_ATTRIBUTES, SECRET_CONTENTS, redacted};
pub use relay::{RelayEndpoint, RelayParticipant, RelayRef};
pub use spec::{AttributeSpec, ChildSpec, ExampleSpec, QuestionSpec, StanzaSpec};

/// The value of an ack's attribute `error`: empty, null and 0 refuse nothing.
struct RefusalCode(Option<u16>);

impl FromValue<'_> for RefusalCode {
    const EXPECTED: &'static str = u16::EXPECTED;

    #[inline]
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text("") | Value::Null => Some(Self(None)),
            value => u16::from_value(value).map(|code| Self(Some(code).filter(|code| *code != 0))),
        }
    }
}

/// Checks that a node has an attribute that is not empty.
fn expect_text(node: NodeRef<'_>, name: &str, expected: &'static str) -> Result<(), StanzaError> {
    text(node, name).map(drop).ok_or_else(|| node.attr_error(name, expected).into())
}

/// The text of an attribute that is present and not empty.
fn text<'a>(node: NodeRef<'a>, name: &str) -> Option<&'a str> {
    value::<&str>(node, name).filter(|text| !text.is_empty())
}

/// The value of an attribute that is present and of this type. An error would compute the path, which is slow if many
/// nodes have one.
fn value<'a, T: FromValue<'a>>(node: NodeRef<'a>, name: &str) -> Option<T> {
    T::from_value(node.attr(name)?)
}

/// Checks the tag of a node.
fn expect_tag(node: NodeRef<'_>, expected: &'static str) -> Result<(), StanzaError> {
    if node.tag() == expected {
        return Ok(());
    }
    Err(StanzaError::Tag { found: node.tag().to_owned(), expected })
}
