//! The named parts that the bytes of a frame fall into.

use crate::error::OffsetSpace;

/// A named run of bytes.
///
/// Leaves are what bytes are for; the leaves of a space stand one behind the other, without a gap. Other ranges hold
/// leaves: a node, an attribute, a JID, the children of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Range {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its last byte.
    pub end: usize,
    /// Where both are counted.
    pub space: OffsetSpace,
    /// Whether nothing is inside it.
    pub leaf: bool,
    /// How many ranges are around it.
    pub depth: u32,
    /// What it is.
    pub kind: RangeKind,
    pub(super) form: Form,
    /// Its place among the ranges.
    pub(super) index: u32,
    /// The place of the range around it; its own if there is none.
    pub(super) parent: u32,
}

/// How the text of a leaf is written.
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
    /// The text is empty; what is there is its head.
    Empty,
    /// Its end is missing.
    RawPart,
    NibblePart,
    HexPart,
}

impl Form {
    /// The same, of which only the first bytes are good.
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
        /// What a range is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum RangeKind { $($(#[doc = $doc])+ $kind,)* }

        impl RangeKind {
            /// The name used in JSON and in documents; stable across versions.
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
    /// A compressed body; what it inflates to is the other space.
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
    /// The text that an attribute has as value: a token, packed or raw.
    AttributeValue "attribute-value";
    /// The null that an attribute has as value, or a JID as user.
    Null "null";
    /// `BINARY_n` and the length of the raw text behind it.
    RawHead "raw-head";
    /// `NIBBLE_8` or `HEX_8` and the length of the packed text behind it.
    PackedHead "packed-head";
    /// A JID, as value or as content; not a leaf.
    Jid "jid";
    /// The first byte of a JID.
    JidForm "jid-form";
    /// The domain byte of an `AD_JID`, which stands for a server.
    JidDomain "jid-domain";
    /// The device of a JID, in one byte or two.
    JidDevice "jid-device";
    /// The integrator of an `INTEROP_JID`.
    JidIntegrator "jid-integrator";
    /// The user of a JID: a token, packed or raw.
    JidUser "jid-user";
    /// The server of a JID: a token, packed or raw.
    JidServer "jid-server";
    /// `BINARY_n` and the length of the content behind it.
    ContentHead "content-head";
    /// The bytes that a node has as content.
    Content "content";
    /// The text that a node has as content: a token or packed, seldom raw.
    ContentText "content-text";
    /// The children of a node, with their list head; not a leaf.
    Children "children";
    /// The list head of the children of a node, or `LIST_EMPTY`.
    ChildrenHead "children-head";
    /// What is there of something that is cut off, or in which something is wrong.
    Incomplete "incomplete";
    /// What is wrong.
    Error "error";
    /// What is behind that.
    Unread "unread";
}
