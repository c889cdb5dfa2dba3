//! The layout of a word.

use crate::jid::JidNumbers;
use crate::token::Token;

/// A value in 64 bits. Bits 60 to 63 are its kind. Of a text or bytes, bits 0 to 30 are where it starts and 31 to 59 its
/// length; of a JID, the bits are all but its texts. A token is its number alone: one comparison shows whether a word is
/// a token, and where its text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word(u64);

/// What a word is. (An enum of these numbers with gaps makes reading take 2 % more instructions.)
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind(u8);

impl Kind {
    /// A token, or `NONE`: no token has the number 0. It is null's byte on the wire.
    pub(crate) const TOKEN: Self = Self(0);
    /// Characters in `text`.
    pub(crate) const TEXT: Self = Self(1);
    /// Characters that are packed when written with the tree's dictionary: `NIBBLE_8`.
    pub(crate) const NIBBLE: Self = Self(2);
    /// Likewise: `HEX_8`.
    pub(crate) const HEX: Self = Self(3);
    /// The number of children.
    pub(crate) const NODES: Self = Self(4);
    /// A part of `shared`.
    pub(crate) const BYTES: Self = Self(5);
    /// A part of `owned`.
    pub(crate) const COPIED: Self = Self(6);
    /// An index in `blobs`.
    pub(crate) const BLOB: Self = Self(7);
    /// A JID, whose texts are in the next cell.
    pub(crate) const JID: Self = Self(8);

    /// Its bits of a word.
    const fn bits(self) -> u64 {
        (self.0 as u64) << KIND_BITS
    }
}

const KIND_BITS: u32 = 60;
/// The sign. A name with it is not a name but the user of a JID; another word with it is a JID.
const OF_JID: u64 = Kind::JID.bits();
const START_BITS: u32 = 31;
/// Texts start below this.
pub(crate) const TEXT_END: usize = 1 << START_BITS;
/// Texts and bytes are shorter than this.
pub(crate) const LENGTH_END: usize = 1 << (KIND_BITS - START_BITS);

impl Word {
    /// No content; a null value; no user.
    pub(crate) const NONE: Self = Self(0);

    #[inline]
    pub(crate) const fn token(token: Token) -> Self {
        Self::from_id(token.id())
    }

    /// `TEXT`, `NIBBLE`, `HEX`, `BYTES`, `COPIED`, `NODES` (the count as length) or `BLOB` (the index as start).
    #[inline]
    pub(crate) const fn range(kind: Kind, start: usize, length: usize) -> Self {
        Self(kind.bits() | start as u64 | (length as u64) << START_BITS)
    }

    /// This range, but starting at `start` instead of at 0.
    #[inline(always)]
    pub(crate) const fn starting_at(self, start: usize) -> Self {
        Self(self.0 | start as u64)
    }

    /// The word of a list of nodes, with one more.
    #[inline(always)]
    pub(crate) const fn one_more(self) -> Self {
        Self(self.0 + (1 << START_BITS))
    }

    #[inline]
    pub(crate) const fn kind(self) -> Kind {
        Kind((self.0 >> KIND_BITS) as u8)
    }

    /// Whether this is a JID.
    #[inline(always)]
    pub(crate) const fn is_jid(self) -> bool {
        self.0 & OF_JID != 0
    }

    /// Whether this is the user of a JID, in the place of a name.
    #[inline(always)]
    pub(crate) const fn is_of_jid(self) -> bool {
        self.0 & OF_JID != 0
    }

    #[inline]
    pub(crate) const fn start(self) -> usize {
        self.0 as usize & (TEXT_END - 1)
    }

    #[inline]
    pub(crate) const fn length(self) -> usize {
        (self.0 >> START_BITS) as usize & (LENGTH_END - 1)
    }

    /// Two places or counts in a record, each of 32 bits: no tree is larger. (Not cutting them to 32 bits saves an
    /// instruction each.)
    #[inline(always)]
    pub(super) const fn pair(low: usize, high: usize) -> Self {
        Self(low as u64 | (high as u64) << 32)
    }

    #[inline(always)]
    pub(super) const fn low(self) -> u32 {
        self.0 as u32
    }

    #[inline(always)]
    pub(super) const fn high(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Whether this is the empty text.
    #[inline]
    pub(crate) const fn is_empty_text(self) -> bool {
        self.0 >> START_BITS == Kind::TEXT.bits() >> START_BITS
    }

    /// The token of this number.
    #[inline(always)]
    pub(crate) const fn from_id(id: u16) -> Self {
        Self(id as u64)
    }

    /// The number of a token; of `NONE` 0, of other words one that no token has.
    #[inline(always)]
    pub(crate) fn id(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// The token that a word of the kind `TOKEN` is.
    #[inline]
    pub(crate) const fn as_token(self) -> Token {
        Token::from_id(self.0 as u16)
    }

    /// The byte of a token of one byte, if words below `tokens` are tokens of one byte; or of null.
    #[inline]
    pub(crate) const fn as_byte(self, tokens: u64) -> Option<u8> {
        if self.0 < tokens { Some(self.0 as u8) } else { None }
    }

    /// Whether this is a token or null, if words below `tokens` are tokens or null.
    #[inline(always)]
    pub(crate) const fn is_below(self, tokens: u64) -> bool {
        self.0 < tokens
    }

    #[inline]
    pub(crate) const fn of_jid(self) -> Self {
        Self(self.0 | OF_JID)
    }

    /// The word as it was before [`of_jid`](Self::of_jid).
    #[inline]
    pub(crate) const fn plain(self) -> Self {
        Self(self.0 & !OF_JID)
    }

    /// All of a JID but its texts: its numbers, and in bits 7 to 11 the code of a known server.
    #[inline]
    pub(crate) const fn jid(numbers: JidNumbers, server: Option<u8>) -> Self {
        let server = match server {
            Some(code) => code as u64,
            None => SERVER_IN_CELL,
        };
        Self(Kind::JID.bits() | numbers.bits() | server << 7)
    }

    /// The numbers of a JID.
    #[inline]
    pub(crate) const fn jid_numbers(self) -> JidNumbers {
        JidNumbers::from_bits(self.0)
    }

    /// Of a JID that is a `Pair` the code of its server, or [`SERVER_IN_CELL`].
    #[inline]
    pub(crate) const fn pair_server(self) -> Option<u8> {
        if self.0 >> 4 & 7 == 0 { Some(self.server_code()) } else { None }
    }

    /// Of a JID the code of its server, or [`SERVER_IN_CELL`].
    #[inline(always)]
    pub(crate) const fn server_code(self) -> u8 {
        (self.0 >> 7 & 31) as u8
    }
}

/// In the place of a server's code: the next cell has the server.
const SERVER_IN_CELL: u64 = 31;
