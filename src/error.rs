//! What can go wrong, and where.
//!
//! Messages are lower case and never show a value of the frame: tags and attribute names at most.

use std::fmt;

/// A frame could not be decoded.
///
/// ```
/// use wabinary::{Space, decode_slice};
///
/// // <ack> with one attribute, whose value claims two packed bytes where one is left.
/// let error = decode_slice(&[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x02, 0x12]).unwrap_err();
/// assert_eq!(error.kind().name(), "truncated");
/// assert_eq!((error.offset(), error.space()), (8, Space::Frame));
/// assert_eq!(error.path(), "ack > @id");
/// assert_eq!(
///     error.to_string(),
///     "truncated at offset 8 of the frame, in ack > @id: expected the 2 bytes that the packed length at offset 6 claims",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(Box<DecodeErrorParts>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecodeErrorParts {
    pub(crate) kind: DecodeErrorKind,
    pub(crate) offset: usize,
    pub(crate) space: Space,
    pub(crate) path: String,
    pub(crate) claim: Option<Claim>,
    /// Of the zlib stream's own complaint.
    pub(crate) source: Option<ZlibError>,
}

/// The field that asked for more bytes than there are, in a truncated frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// What the field is.
    pub field: Field,
    /// Where it stands, in the error's space.
    pub offset: usize,
    /// How many bytes it asks for, or elements for a list size.
    pub count: usize,
}

/// A field of the grammar that says how much follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Field {
    /// The frame itself, which starts with a flag byte.
    Frame,
    /// The body, which is one node.
    Body,
    /// The byte `LIST_8` or `LIST_16`, which a size follows.
    ListHead,
    /// The size of a node's list: tag, attributes, content.
    NodeSize,
    /// The size of a list of children.
    ChildCount,
    /// A `DICTIONARY_n` byte, which an index follows.
    DictionaryByte,
    /// A `NIBBLE_8` or `HEX_8` byte, which a length follows.
    PackedByte,
    /// The length of a packed text.
    PackedLength,
    /// A `BINARY_n` byte, which a length follows.
    BinaryByte,
    /// The length of bytes or of a raw text.
    BinaryLength,
    /// The first byte of a JID, which its parts follow.
    JidByte,
}

/// Where an offset is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Space {
    /// From the first byte of the input: of the frame's flag byte, or of the body where a body was given.
    Frame,
    /// From the first byte of the inflated body of a zlib frame.
    Inflated,
}

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message says it")]
pub enum DecodeErrorKind {
    #[error("truncated")]
    Truncated,
    #[error("flag byte has unknown bits {0:#04x}")]
    UnknownFlagBits(u8),
    #[error("byte {0:#04x} does not start a node")]
    NotANode(u8),
    #[error("empty list in the place of a node")]
    EmptyNode,
    #[error("empty tag")]
    EmptyTag,
    #[error("byte {0:#04x} does not start a string")]
    NotAString(u8),
    #[error("list in the place of an attribute value")]
    NotAValue(u8),
    #[error("byte {0:#04x} is unassigned")]
    UnassignedByte(u8),
    #[error("attribute name occurs twice")]
    DuplicateKey,
    #[error("packed text has an invalid nibble")]
    InvalidNibble,
    #[error("packed text of odd length ends in a nibble other than 15")]
    InvalidPadding,
    #[error("packed text of odd length without bytes")]
    OddEmptyPacked,
    #[error("string is not UTF-8")]
    InvalidUtf8,
    #[error("20-bit length has bits above the 20th")]
    LengthBits,
    #[error("JID without a server")]
    EmptyServer,
    #[error("JID of a form that needs a user has none")]
    EmptyUser,
    #[error("JID domain byte {0} is undefined")]
    UnknownDomain(u8),
    #[error("JID has a server that its form does not allow")]
    WrongServer,
    #[error("JID has a separator inside a part")]
    JidSeparator,
    #[error("nested deeper than the limit of {0} nodes")]
    TooDeep(usize),
    #[error("more nodes than the limit of {0}")]
    TooManyNodes(usize),
    #[error("inflates to more than the limit of {0} bytes")]
    InflatedTooLarge(usize),
    #[error("body is larger than {0} bytes")]
    FrameTooLarge(usize),
    #[error("{0} bytes after the node")]
    TrailingBytes(usize),
    #[error("{0} bytes after the zlib stream")]
    ZlibTrailingBytes(usize),
    #[error("zlib stream is corrupt")]
    ZlibCorrupt,
    #[error("zlib stream is truncated")]
    ZlibTruncated,
    #[error("zlib stream asks for a preset dictionary")]
    ZlibDictionary,
}

impl DecodeErrorKind {
    /// The name used in JSON and in documents; stable across versions.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.words().0
    }

    /// Name, and what was expected in this place.
    const fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Truncated => ("truncated", "more bytes"),
            Self::UnknownFlagBits(_) => ("unknown-flag-bits", "flag byte 00 (plain) or 02 (zlib)"),
            Self::NotANode(_) => ("not-a-node", "a list head (f8 or f9)"),
            Self::EmptyNode => ("empty-node", "a list of at least one element"),
            Self::EmptyTag => ("empty-tag", "a tag of at least one character"),
            Self::NotAString(_) => ("not-a-string", "a token, packed text or raw string"),
            Self::NotAValue(_) => ("not-a-value", "a string, a JID or null"),
            Self::UnassignedByte(_) => ("unassigned-byte", "any byte but f0 to f4"),
            Self::DuplicateKey => ("duplicate-key", "an attribute name not used before in this node"),
            Self::InvalidNibble => ("invalid-nibble", "nibbles 0 to 11, and 15 only as the padding of an odd length"),
            Self::InvalidPadding => ("invalid-padding", "15 as the last nibble"),
            Self::OddEmptyPacked => ("odd-empty-packed", "at least one byte of packed text"),
            Self::InvalidUtf8 => ("invalid-utf8", "UTF-8"),
            Self::LengthBits => ("length-bits", "zeros in the high four bits"),
            Self::EmptyServer => ("empty-server", "the name of a server"),
            Self::EmptyUser => ("empty-user", "a user of at least one character"),
            Self::UnknownDomain(_) => ("unknown-domain", "domain byte 0, 1, 128 or 129"),
            Self::WrongServer => ("wrong-server", "\"msgr\" in an FB_JID, \"interop\" in an INTEROP_JID"),
            Self::JidSeparator => ("jid-separator", "no @ in a user or server, no : in the user of a device form"),
            Self::TooDeep(_) => ("too-deep", "fewer nested nodes"),
            Self::TooManyNodes(_) => ("too-many-nodes", "fewer nodes"),
            Self::InflatedTooLarge(_) => ("inflated-too-large", "a smaller body"),
            Self::FrameTooLarge(_) => ("frame-too-large", "a smaller body"),
            Self::TrailingBytes(_) => ("trailing-bytes", "the end of the input"),
            Self::ZlibTrailingBytes(_) => ("zlib-trailing-bytes", "the end of the frame"),
            Self::ZlibCorrupt => ("zlib-corrupt", "a zlib stream (RFC 1950)"),
            Self::ZlibTruncated => ("zlib-truncated", "the rest of the zlib stream"),
            Self::ZlibDictionary => ("zlib-dictionary", "a zlib stream without a preset dictionary"),
        }
    }
}

impl DecodeError {
    pub(crate) fn new(parts: DecodeErrorParts) -> Self {
        Self(Box::new(parts))
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// The byte that is wrong, counted in [`space`](Self::space); where the input ended if it is truncated; the first
    /// byte not consumed if the zlib stream is bad.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// Where [`offset`](Self::offset) is counted.
    #[must_use]
    pub fn space(&self) -> Space {
        self.0.space
    }

    /// The node or attribute that was being read: `call > offer > @call-id`. Empty before the first tag.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// In a truncated frame, the field that asked for more than there is.
    #[must_use]
    pub fn claim(&self) -> Option<Claim> {
        self.0.claim
    }

    /// What would have been right in this place.
    #[must_use]
    pub fn expected(&self) -> String {
        let Some(Claim { field, offset, count }) = self.0.claim else { return self.0.kind.words().1.to_owned() };
        let unit = match field {
            Field::Frame => return "a flag byte".to_owned(),
            Field::Body => return "a node".to_owned(),
            Field::NodeSize => "element",
            Field::ChildCount => "child node",
            _ => "byte",
        };
        let plural = if count == 1 { "" } else { "s" };
        format!("the {count} {unit}{plural} that the {field} at offset {offset} claims")
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DecodeErrorParts { kind, offset, space, path, .. } = &*self.0;
        let space = match space {
            Space::Frame => "frame",
            Space::Inflated => "inflated body",
        };
        write!(f, "{kind} at offset {offset} of the {space}")?;
        if !path.is_empty() {
            write!(f, ", in {path}")?;
        }
        write!(f, ": expected {}", self.expected())
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|error| error as _)
    }
}

/// What the zlib decoder itself said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ZlibError(pub(crate) String);

impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Frame => "frame",
            Self::Inflated => "inflated",
        })
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Frame => "frame",
            Self::Body => "body",
            Self::ListHead => "list head",
            Self::NodeSize => "node's list size",
            Self::ChildCount => "child count",
            Self::DictionaryByte => "dictionary byte",
            Self::PackedByte => "packed text's first byte",
            Self::PackedLength => "packed length",
            Self::BinaryByte => "binary byte",
            Self::BinaryLength => "binary length",
            Self::JidByte => "JID's first byte",
        })
    }
}

/// A tree could not be encoded.
///
/// ```
/// use wabinary::{Node, encode};
///
/// let error = encode(&Node::build("ack").attr("id", "1").attr("id", "2").finish()).unwrap_err();
/// assert_eq!(error.to_string(), "attribute name occurs twice, in ack > @id");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError(Box<(EncodeErrorKind, String)>);

/// Why a tree cannot be encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the message says it")]
pub enum EncodeErrorKind {
    #[error("empty tag")]
    EmptyTag,
    #[error("attribute name occurs twice")]
    DuplicateKey,
    #[error("{0} attributes, more than a list size can count: 32767, or 32766 beside content")]
    TooManyAttributes(usize),
    #[error("{0} children, more than the 65535 that a list size can count")]
    TooManyChildren(usize),
    #[error("JID domain byte {0} is undefined")]
    UnknownDomain(u8),
    #[error("nested deeper than the limit of {0} nodes")]
    TooDeep(usize),
    #[error("more nodes than the limit of {0}")]
    TooManyNodes(usize),
    #[error("text and bytes of the tree are larger than the {0} bytes that a body may have")]
    TooLarge(usize),
    #[error("body is larger than the limit of {0} bytes for a compressed one")]
    InflatedTooLarge(usize),
}

impl EncodeErrorKind {
    /// The name used in JSON and in documents; stable across versions.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::EmptyTag => "empty-tag",
            Self::DuplicateKey => "duplicate-key",
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
    pub(crate) fn new(kind: EncodeErrorKind, path: String) -> Self {
        Self(Box::new((kind, path)))
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> EncodeErrorKind {
        self.0.0
    }

    /// The node or attribute that cannot be written: `call > offer > @call-id`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.1
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, path) = &*self.0;
        write!(f, "{kind}")?;
        if path.is_empty() { Ok(()) } else { write!(f, ", in {path}") }
    }
}

impl std::error::Error for EncodeError {}

/// A text is no JID, or a JID cannot have these parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum JidError {
    /// Nothing behind the `@`, or no text at all.
    #[error("JID without a server")]
    EmptyServer,
    /// Nothing before the `@` or the `:`.
    #[error("JID with an empty user")]
    EmptyUser,
    /// A second `@`, or one inside a user or server.
    #[error("JID with more than one @")]
    At,
    /// A `:` in the user of a server whose users have devices.
    #[error("JID user with a : that would read as a device")]
    ColonInUser,
    /// A device that is no number of 1 to 5 digits, or above what the server's JIDs can name.
    #[error("JID device is not a number in the server's range")]
    Device,
    /// An integrator that is no number of 1 to 5 digits, or above 65,535.
    #[error("JID integrator is not a number from 0 to 65535")]
    Integrator,
    /// An interop user without an integrator.
    #[error("interop JID without an integrator")]
    NoIntegrator,
    /// A form that cannot carry this address, or no form of this name.
    #[error("JID form does not fit the address")]
    Form,
}

/// An attribute is absent, or its value is not of the type asked for.
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

    /// The node: `call > offer`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The attribute's name.
    #[must_use]
    pub fn attribute(&self) -> &str {
        &self.0.attribute
    }

    /// What the value should have been.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.0.expected
    }

    /// Whether there is no such attribute at all.
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

/// A node is not the stanza asked for. The bytes were fine; their meaning is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StanzaError {
    /// Another tag.
    #[error("tag is \"{found}\", expected \"{expected}\"")]
    Tag {
        /// The tag found.
        found: String,
        /// The stanza's tag.
        expected: &'static str,
    },
    /// An attribute that the stanza cannot be without.
    #[error(transparent)]
    Attr(#[from] AttrError),
}
