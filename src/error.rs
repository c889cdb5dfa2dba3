//! Errors: the reason and the place.
//!
//! Messages are lower case and never show a value of the frame: tags and attribute names at most.

use std::fmt;

mod decode;
mod path;
#[cfg(feature = "serde")]
mod serde;

pub use decode::{DecodeError, DecodeErrorKind, LengthClaim, LengthField, OffsetSpace};
pub(crate) use decode::{DecodeErrorParts, ZlibError};
pub(crate) use path::{BETWEEN_STEPS, Paths, push_step};

use crate::options::Leniency;

/// Returned when a tree cannot be encoded: the reason and the path.
///
/// ```
/// use wabinary::{Node, encode};
///
/// let error = encode(&Node::build("ack").attr("id", "1").attr("id", "2").finish()).unwrap_err();
/// assert_eq!(error.to_string(), "attribute name occurs twice, in ack > @id");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError(Box<EncodeErrorParts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct EncodeErrorParts {
    kind: EncodeErrorKind,
    path: String,
    index_path: Option<String>,
    allow: Option<Leniency>,
}

/// Why a tree cannot be encoded.
///
/// ```
/// use wabinary::{EncodeErrorKind, Node, encode};
///
/// let error = encode(&Node::build("").finish()).unwrap_err();
/// assert_eq!((error.kind(), error.kind().name()), (EncodeErrorKind::EmptyTag, "empty-tag"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// A tag is the empty text. [`Leniency::EMPTY_TAG`](crate::Leniency::EMPTY_TAG) allows it.
    #[error("empty tag")]
    EmptyTag,
    /// An attribute name occurs twice in one node.
    #[error("attribute name occurs twice")]
    DuplicateName,
    /// A node has this many attributes, more than a list can count.
    #[error("{0} attributes, more than a list size can count: 32767, or 32766 beside content")]
    TooManyAttributes(usize),
    /// A node has this many children, more than a list can count.
    #[error("{0} children, more than the 65535 that a list size can count")]
    TooManyChildren(usize),
    /// A JID with a device has this domain byte, which no server has.
    #[error("JID domain byte {0} is undefined")]
    UnknownDomain(u8),
    /// Nodes are nested deeper than this limit of [`Limits`](crate::Limits).
    #[error("nested deeper than the limit of {0} nodes")]
    TooDeep(usize),
    /// The tree has more nodes than this limit of [`Limits`](crate::Limits).
    #[error("more nodes than the limit of {0}")]
    TooManyNodes(usize),
    /// Texts and bytes of the tree are larger than a body may be.
    #[error("text and bytes of the tree are larger than the {0} bytes that a body may have")]
    TooLarge(usize),
    /// The body is larger than this limit, so no decoder would inflate it.
    #[error("body is larger than the limit of {0} bytes for a compressed one")]
    InflatedTooLarge(usize),
}

impl EncodeErrorKind {
    /// The name used in JSON and in documents; stable across versions.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::EmptyTag => "empty-tag",
            Self::DuplicateName => "duplicate-key",
            Self::TooManyAttributes(_) => "too-many-attributes",
            Self::TooManyChildren(_) => "too-many-children",
            Self::UnknownDomain(_) => "unknown-domain",
            Self::TooDeep(_) => "too-deep",
            Self::TooManyNodes(_) => "too-many-nodes",
            Self::TooLarge(_) => "too-large",
            Self::InflatedTooLarge(_) => "inflated-too-large",
        }
    }
}

impl EncodeError {
    pub(crate) fn new(kind: EncodeErrorKind, paths: Paths) -> Self {
        let index_path = paths.index_path().map(str::to_owned);
        Self(Box::new(EncodeErrorParts { kind, path: paths.path, index_path, allow: None }))
    }

    pub(crate) fn with_allow(mut self, allow: Option<Leniency>) -> Self {
        self.0.allow = allow;
        self
    }

    /// Returns what is wrong.
    #[must_use]
    pub fn kind(&self) -> EncodeErrorKind {
        self.0.kind
    }

    /// Returns the path to the node or attribute that cannot be written: `call > offer > @call-id`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The [`path`](Self::path) with the index of each node that has siblings, counted from 0:
    /// `participants > user[2] > @jid`. `None` if no node on the path has siblings.
    #[must_use]
    pub fn index_path(&self) -> Option<&str> {
        self.0.index_path.as_deref()
    }

    /// The leniencies, in addition to those of the encoder, under which the tree is written. `None` if there are none.
    #[must_use]
    pub fn allow(&self) -> Option<Leniency> {
        self.0.allow
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let EncodeErrorParts { kind, path, .. } = &*self.0;
        write!(f, "{kind}")?;
        if path.is_empty() { Ok(()) } else { write!(f, ", in {path}") }
    }
}

impl std::error::Error for EncodeError {}

/// Returned when a text is not a JID, or a JID cannot have these parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum JidError {
    /// Nothing follows the `@`, or the text is empty.
    #[error("JID without a server")]
    EmptyServer,
    /// Nothing precedes the `@` or the `:`.
    #[error("JID with an empty user")]
    EmptyUser,
    /// No `@`, and no known server of this name.
    #[error("no @, and no server of this name is known")]
    UnknownServer,
    /// A second `@`, or one inside a user or server.
    #[error("JID with more than one @")]
    At,
    /// A `:` in the user of a server whose users have devices.
    #[error("JID user with a : that would read as a device")]
    ColonInUser,
    /// A device that is not a number of 1 to 5 digits, or exceeds the server's range. Most servers have no devices.
    #[error("JID device is not a number in the server's range")]
    Device,
    /// An integrator that is not a number of 1 to 5 digits, or above 65,535.
    #[error("JID integrator is not a number from 0 to 65535")]
    Integrator,
    /// An interop user without an integrator.
    #[error("interop JID without an integrator")]
    NoIntegrator,
    /// A form that cannot carry this address, or an unknown name of a form.
    #[error("JID form does not fit the address")]
    Form,
}

/// Returned when an attribute is absent, or its value is not of the requested type.
///
/// ```
/// use wabinary::{Node, UnixSeconds};
///
/// let ack = Node::build("ack").attr("t", "tomorrow").finish();
/// let error = ack.get::<UnixSeconds>("t").unwrap_err();
/// assert_eq!(error.to_string(), "ack > @t: expected a time in whole seconds since 1970");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttrError(Box<AttrErrorParts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct AttrErrorParts {
    path: String,
    attribute: String,
    expected: &'static str,
    missing: bool,
}

impl AttrError {
    pub(crate) fn new(path: String, attribute: &str, expected: &'static str, missing: bool) -> Self {
        Self(Box::new(AttrErrorParts { path, attribute: attribute.to_owned(), expected, missing }))
    }

    /// Returns the path to the node: `call > offer`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// Returns the name of the attribute.
    #[must_use]
    pub fn attribute(&self) -> &str {
        &self.0.attribute
    }

    /// Returns what the value should be.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.0.expected
    }

    /// Returns whether the node has no such attribute.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.0.missing
    }
}

impl fmt::Display for AttrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AttrErrorParts { path, attribute, expected, missing } = &*self.0;
        let found = if *missing { ", found no such attribute" } else { "" };
        write!(f, "{path} > @{attribute}: expected {expected}{found}")
    }
}

impl std::error::Error for AttrError {}

/// Returned when a node is not the requested stanza. Its bytes are valid; its tag, content or attributes do not fit.
///
/// ```
/// use wabinary::Node;
/// use wabinary::stanza::CallAckRef;
///
/// let node = Node::build("iq").finish();
/// let error = CallAckRef::try_from(&node).unwrap_err();
/// assert_eq!(error.to_string(), r#"tag is "iq", expected "ack""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StanzaError {
    /// The node has another tag.
    #[error("tag is \"{found}\", expected \"{expected}\"")]
    Tag {
        /// The tag of the node.
        found: String,
        /// The stanza's tag.
        expected: &'static str,
    },
    /// The content is not that of the stanza.
    #[error("content of \"{tag}\" is not {expected}")]
    Content {
        /// The stanza's tag.
        tag: &'static str,
        /// The content that the stanza has.
        expected: &'static str,
    },
    /// A required attribute is absent, or of another type.
    #[error(transparent)]
    Attr(#[from] AttrError),
}
