//! The named parts that the bytes of a frame fall into.

use crate::error::OffsetSpace;

/// A named run of bytes.
///
/// The leaves of a space follow one another without a gap. Other ranges contain leaves: a node, an attribute, a JID,
/// the children of a node. [`Explanation::text`](super::Explanation::text) says what a range means.
///
/// ```
/// use wabinary::explain::{RangeKind, explain};
///
/// let explanation = explain(&[0x00, 0xf8, 0x01, 0x1b]); // <ack/>
/// let tag = explanation.ranges().last().unwrap();
/// assert_eq!((tag.kind, tag.start, tag.end, tag.leaf, tag.depth), (RangeKind::Tag, 3, 4, true, 1));
/// assert_eq!((tag.kind.name(), explanation.text(tag)), ("tag", r#"tag "ack", single-byte token 27"#.to_owned()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Range {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
    /// The bytes that both offsets count in.
    pub space: OffsetSpace,
    /// Whether it contains no other range.
    pub leaf: bool,
    /// The number of ranges that enclose it.
    pub depth: u32,
    /// The kind of the range.
    pub kind: RangeKind,
    pub(super) form: Form,
    /// The index among the ranges.
    pub(super) index: u32,
    /// The index of the enclosing range, or its own index if there is none.
    pub(super) parent: u32,
}

/// The form of a leaf's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// It has no text.
    None,
    Token,
    Raw,
    Nibble,
    Hex,
    /// The last nibble of packed text is padding.
    OddNibble,
    OddHex,
    /// The text is empty; the leaf is its head.
    Empty,
    /// Its end is missing.
    RawPart,
    NibblePart,
    HexPart,
}

impl Form {
    /// The form of a text of which only the first bytes are good.
    pub(super) fn cut(self) -> Self {
        match self {
            Self::Nibble | Self::OddNibble => Self::NibblePart,
            Self::Hex | Self::OddHex => Self::HexPart,
            Self::Raw => Self::RawPart,
            other => other,
        }
    }

    pub(super) fn is_cut(self) -> bool {
        matches!(self, Self::RawPart | Self::NibblePart | Self::HexPart)
    }
}

macro_rules! range_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident $name:literal;)*) => {
        /// The kind of a [`Range`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RangeKind { $($(#[doc = $doc])+ $kind,)* }

        impl RangeKind {
            /// Returns the name used in JSON and in documents. It is stable across versions.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }
        }
    };
}

range_kinds! {
    /// The flag byte.
    Flag "flag";
    /// A compressed body. The inflated body is the other space.
    Zlib "zlib";
    /// A node; not a leaf.
    Node "node";
    /// The list head of a node.
    ListHead "list-head";
    /// The tag of a node: a token, packed or raw.
    Tag "tag";
    /// An attribute, name and value; not a leaf.
    Attribute "attribute";
    /// The name of an attribute: a token, packed or raw.
    AttributeName "attribute-name";
    /// The text value of an attribute: a token, packed or raw.
    AttributeValue "attribute-value";
    /// Null as the value of an attribute, or as the user of a JID.
    Null "null";
    /// `BINARY_n` and the length of the raw text after it.
    RawHead "raw-head";
    /// `NIBBLE_8` or `HEX_8` and the length of the packed text after it.
    PackedHead "packed-head";
    /// A JID, as value or as content; not a leaf.
    Jid "jid";
    /// The first byte of a JID.
    JidForm "jid-form";
    /// The domain byte of an `AD_JID`, which means a server.
    JidDomain "jid-domain";
    /// The device of a JID, in one byte or two.
    JidDevice "jid-device";
    /// The integrator of an `INTEROP_JID`.
    JidIntegrator "jid-integrator";
    /// The user of a JID: a token, packed or raw.
    JidUser "jid-user";
    /// The server of a JID: a token, packed or raw.
    JidServer "jid-server";
    /// `BINARY_n` and the length of the content after it.
    ContentHead "content-head";
    /// The content bytes of a node.
    Content "content";
    /// The content text of a node: a token or packed, rarely raw.
    ContentText "content-text";
    /// The children of a node, with their list head; not a leaf.
    Children "children";
    /// The list head of the children of a node, or `LIST_EMPTY`.
    ChildrenHead "children-head";
    /// The good part of an element that is cut off or has an error.
    Incomplete "incomplete";
    /// The wrong bytes.
    Error "error";
    /// The bytes after an error.
    Unread "unread";
}
