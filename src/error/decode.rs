//! Errors of decoding.

use std::fmt;

use crate::options::Leniency;

/// Returned when a frame cannot be decoded: kind, offset, path, and what was expected.
///
/// ```
/// use wabinary::{OffsetSpace, decode_slice};
///
/// // <ack> with one attribute, whose value claims two packed bytes where one is left.
/// let error = decode_slice(&[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x02, 0x12]).unwrap_err();
/// assert_eq!(error.kind().name(), "truncated");
/// assert_eq!((error.offset(), error.space()), (8, OffsetSpace::Frame));
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
    pub(crate) space: OffsetSpace,
    pub(crate) path: String,
    pub(crate) index_path: Option<String>,
    pub(crate) allow: Option<Leniency>,
    pub(crate) claim: Option<LengthClaim>,
    /// The message of the zlib decoder, if there is one.
    pub(crate) source: Option<ZlibError>,
}

/// The field of a truncated frame that claims more bytes than the frame has.
///
/// ```
/// use wabinary::{LengthField, decode_slice};
///
/// // The length byte at offset 6 claims two packed bytes; the frame has one.
/// let error = decode_slice(&[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x02, 0x12]).unwrap_err();
/// let claim = error.claim().unwrap();
/// assert_eq!((claim.field, claim.offset, claim.count), (LengthField::PackedLength, 6, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LengthClaim {
    /// The kind of the field.
    pub field: LengthField,
    /// The offset of the field, in the error's space.
    pub offset: usize,
    /// The number of bytes that it claims, or of elements for a list size.
    pub count: usize,
}

/// A field of the grammar that says how much follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LengthField {
    /// The frame itself, which starts with a flag byte.
    Frame,
    /// The body, which is one node.
    Body,
    /// A `LIST_8` or `LIST_16` byte, which a size follows.
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

/// The bytes that an offset counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OffsetSpace {
    /// The input: offset 0 is the flag byte, or the first byte of a body that was decoded without one.
    Frame,
    /// The inflated body of a zlib frame.
    Inflated,
}

/// The reason why a frame cannot be decoded. Section 10 of GRAMMAR.md has an example of each kind.
///
/// ```
/// use wabinary::{DecodeErrorKind, decode_slice};
///
/// let error = decode_slice(&[0x00, 0xf8, 0x01, 0xf2]).unwrap_err();
/// assert_eq!(error.kind(), DecodeErrorKind::UnassignedByte(0xf2));
/// assert_eq!(error.kind().name(), "unassigned-byte"); // stable, for JSON and logs
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The input ends inside an element. The offset is the end; [`DecodeError::claim`] names the field that wanted more.
    #[error("truncated")]
    Truncated,
    /// The flag byte has a bit other than `02` (zlib). Holds the byte.
    #[error("flag byte has unknown bits {0:#04x}")]
    UnknownFlagBits(u8),
    /// A node must begin with a list head, and begins with this byte.
    #[error("byte {0:#04x} does not start a node")]
    NotANode(u8),
    /// A node is an empty list, so it has no tag.
    #[error("empty list in the place of a node")]
    EmptyNode,
    /// A tag is the empty text.
    #[error("empty tag")]
    EmptyTag,
    /// A tag, a name or a part of a JID begins with this byte, which starts a list, a JID or null.
    #[error("byte {0:#04x} does not start a string")]
    NotAString(u8),
    /// An attribute value is a list.
    #[error("list in the place of an attribute value")]
    NotAValue(u8),
    /// A byte from `f0` to `f4`, which has no meaning anywhere.
    #[error("byte {0:#04x} is unassigned")]
    UnassignedByte(u8),
    /// An attribute name occurs a second time in one node.
    #[error("attribute name occurs twice")]
    DuplicateName,
    /// A nibble of a packed text is not a character.
    #[error("packed text has an invalid nibble")]
    InvalidNibble,
    /// A packed text has an odd length, and its last nibble is not the padding 15.
    #[error("packed text of odd length ends in a nibble other than 15")]
    InvalidPadding,
    /// A packed text has an odd length and no bytes.
    #[error("packed text of odd length without bytes")]
    OddEmptyPacked,
    /// Bytes in the place of a text are not UTF-8.
    #[error("string is not UTF-8")]
    InvalidUtf8,
    /// A 20-bit length uses the four bits above it.
    #[error("20-bit length has bits above the 20th")]
    LengthBits,
    /// A JID has no server, and its form needs one.
    #[error("JID without a server")]
    EmptyServer,
    /// A JID has no user, and its form needs one.
    #[error("JID of a form that needs a user has none")]
    EmptyUser,
    /// A JID with a device has this domain byte instead of 0, 1, 128 or 129.
    #[error("JID domain byte {0} is undefined")]
    UnknownDomain(u8),
    /// A Messenger or interop JID names the server of another form.
    #[error("JID has a server that its form does not allow")]
    WrongServer,
    /// A user or server contains `@`, or a user contains `:` where a device follows.
    #[error("JID has a separator inside a part")]
    JidSeparator,
    /// Nodes are nested deeper than this limit of [`Limits`](crate::Limits).
    #[error("nested deeper than the limit of {0} nodes")]
    TooDeep(usize),
    /// The frame has more nodes than this limit of [`Limits`](crate::Limits).
    #[error("more nodes than the limit of {0}")]
    TooManyNodes(usize),
    /// A zlib body inflates to more bytes than this limit of [`Limits`](crate::Limits).
    #[error("inflates to more than the limit of {0} bytes")]
    InflatedTooLarge(usize),
    /// The body has more bytes than a tree can address.
    #[error("body is larger than {0} bytes")]
    FrameTooLarge(usize),
    /// This many bytes follow the node.
    #[error("{0} byte{plural} after the node", plural = plural(*.0))]
    TrailingBytes(usize),
    /// This many bytes follow the zlib stream.
    #[error("{0} byte{plural} after the zlib stream", plural = plural(*.0))]
    ZlibTrailingBytes(usize),
    /// The body is not a zlib stream, or a damaged one.
    #[error("zlib stream is corrupt")]
    ZlibCorrupt,
    /// The zlib stream is cut off.
    #[error("zlib stream is truncated")]
    ZlibTruncated,
    /// The zlib stream asks for a preset dictionary, which frames never use.
    #[error("zlib stream asks for a preset dictionary")]
    ZlibDictionary,
}

impl DecodeErrorKind {
    /// The name used in JSON and in documents; stable across versions.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.words().0
    }

    /// The name, and what was expected in its place.
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
            Self::DuplicateName => ("duplicate-key", "an attribute name not used before in this node"),
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

    /// Returns what is wrong.
    #[must_use]
    pub fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// Returns the offset of the wrong byte, in [`space`](Self::space). If the input is truncated, that is where it
    /// ends; if the zlib stream is bad, the first byte not consumed.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.0.offset
    }

    /// Returns the bytes that [`offset`](Self::offset) counts in.
    #[must_use]
    pub fn space(&self) -> OffsetSpace {
        self.0.space
    }

    /// Returns the path to the node or attribute being read: `call > offer > @call-id`. It is empty before the first
    /// tag.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The [`path`](Self::path) with the index of each node that has siblings, counted from 0:
    /// `participants > user[2] > @jid`. `None` if no node on the path has siblings. A node whose tag was not read has only
    /// its index.
    #[must_use]
    pub fn index_path(&self) -> Option<&str> {
        self.0.index_path.as_deref()
    }

    /// The leniencies, besides those of the decoder, under which the frame is accepted. `None` if there are none.
    ///
    /// ```
    /// use wabinary::{Decoder, Leniency, decode_slice};
    ///
    /// // <presence name="Ann@"/>, with the name written as a JID.
    /// let frame = [0x00, 0xf8, 0x03, 0x1f, 0x89, 0xfa, 0xfc, 0x03, b'A', b'n', b'n', 0xfc, 0x00];
    /// let error = decode_slice(&frame).unwrap_err();
    /// assert_eq!((error.kind().name(), error.allow()), ("empty-server", Some(Leniency::JID_TEXT)));
    /// let mut decoder = Decoder::new().allow(Leniency::JID_TEXT);
    /// assert_eq!(decoder.decode_slice(&frame)?.get("name"), Ok("Ann@"));
    /// # Ok::<(), wabinary::DecodeError>(())
    /// ```
    #[must_use]
    pub fn allow(&self) -> Option<Leniency> {
        self.0.allow
    }

    pub(crate) fn with_allow(mut self, allow: Leniency) -> Self {
        self.0.allow = Some(allow);
        self
    }

    /// Returns the field of a truncated frame that claims more than the frame has.
    #[must_use]
    pub fn claim(&self) -> Option<LengthClaim> {
        self.0.claim
    }

    /// Returns what was expected at the offset.
    #[must_use]
    pub fn expected(&self) -> String {
        let Some(LengthClaim { field, offset, count }) = self.0.claim else { return self.0.kind.words().1.to_owned() };
        let unit = match field {
            LengthField::Frame => return "a flag byte".to_owned(),
            LengthField::Body => return "a node".to_owned(),
            LengthField::NodeSize => "element",
            LengthField::ChildCount => "child node",
            _ => "byte",
        };
        format!("the {count} {unit}{} that the {field} at offset {offset} claims", plural(count))
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DecodeErrorParts { kind, offset, space, path, .. } = &*self.0;
        let space = match space {
            OffsetSpace::Frame => "frame",
            OffsetSpace::Inflated => "inflated body",
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

/// The message of the zlib decoder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct ZlibError(pub(crate) String);

impl OffsetSpace {
    /// The name used in JSON and in documents: `frame`, `inflated`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Inflated => "inflated",
        }
    }
}

impl fmt::Display for OffsetSpace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for LengthField {
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
