//! Limits and leniencies.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};
use std::str::FromStr;

/// Bounds on the contents of a frame, for decoding and encoding.
///
/// ```
/// use wabinary::{Decoder, Limits};
///
/// let mut decoder = Decoder::new().with_limits(Limits { depth: 16, ..Limits::default() });
/// # let _ = decoder.decode_slice(&[0x00, 0xf8, 0x01, 0x1b]).unwrap();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nested nodes, the root counted: 128, the limit of `wacore-binary`. Real stanzas stay below about 20.
    pub depth: usize,
    /// Bytes that a compressed body may inflate to: 16,777,216.
    pub inflated: usize,
    /// Nodes in a frame: 1,048,576.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 128, inflated: 16_777_216, nodes: 1_048_576 }
    }
}

/// The largest body that can be read or built, in bytes: 536,870,911. A frame of the socket has at most 16,777,215.
pub(crate) const LARGEST: usize = (1 << 29) - 1;

/// The most bytes that a thread keeps between calls of the free functions.
pub(crate) const KEPT: usize = 1 << 20;

/// A set of leniencies: accepted deviations from the strict rules. Each is a separate option; by default there is none.
///
/// Its text is the names, separated by commas, or `none`; `Display` writes it and `FromStr` reads it. `real-clients`
/// reads as the leniencies of [`REAL_CLIENTS`](Self::REAL_CLIENTS).
///
/// ```
/// use wabinary::{Decoder, Leniency};
///
/// // The last nibble of an odd packed text should be 15.
/// let frame = [0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x82, 0x12, 0x30];
/// assert!(Decoder::new().decode_slice(&frame).is_err());
///
/// let allowed: Leniency = "flag-bits, pad-nibble".parse()?;
/// assert_eq!(allowed, Leniency::FLAG_BITS | Leniency::PAD_NIBBLE);
/// assert_eq!(Decoder::new().allow(allowed).decode_slice(&frame)?.get::<&str>("id")?, "123");
/// # Ok::<(), wabinary::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Leniency(u16);

impl Leniency {
    /// No leniency.
    pub const NONE: Self = Self(0);
    /// `duplicate-keys`: attribute names that occur twice in a node are kept, in order. For decoding and encoding.
    pub const DUPLICATE_NAMES: Self = Self(1);
    /// `flag-bits`: unknown bits of the flag byte are ignored.
    pub const FLAG_BITS: Self = Self(2);
    /// `pad-nibble`: the last nibble of a packed text of odd length may have any value.
    pub const PAD_NIBBLE: Self = Self(4);
    /// `length-bits`: the high four bits of a `BINARY_20` length are ignored.
    pub const LENGTH_BITS: Self = Self(8);
    /// `ad-domain`: an undefined domain byte of an `AD_JID` is kept, as [`JidForm::AdDomain`](crate::JidForm::AdDomain).
    /// For decoding and encoding.
    pub const AD_DOMAIN: Self = Self(16);
    /// `interop-no-server`: an `INTEROP_JID` ends after the integrator, as in WhatsApp Web. For decoding and encoding.
    pub const INTEROP_NO_SERVER: Self = Self(32);
    /// `jid-text`: a pair that is not an address is the text that its parts spell, `Ann@` or `a@b@c`.
    /// `WhiskeySockets/Baileys` writes every text with an `@` as a JID. The encoder writes it as a text.
    pub const JID_TEXT: Self = Self(64);
    /// `empty-tag`: a node may have an empty tag. For decoding and encoding.
    pub const EMPTY_TAG: Self = Self(128);

    /// `real-clients`: the leniencies that frames of real clients need, `jid-text` and `empty-tag`.
    pub const REAL_CLIENTS: Self = Self(Self::JID_TEXT.0 | Self::EMPTY_TAG.0);

    /// Each leniency, in the order of their names in help texts and errors.
    pub const ALL: &'static [Self] = &[
        Self::DUPLICATE_NAMES,
        Self::FLAG_BITS,
        Self::PAD_NIBBLE,
        Self::LENGTH_BITS,
        Self::AD_DOMAIN,
        Self::INTEROP_NO_SERVER,
        Self::JID_TEXT,
        Self::EMPTY_TAG,
    ];

    /// By position in [`ALL`](Self::ALL).
    const NAMES: [&'static str; Self::ALL.len()] = [
        "duplicate-keys",
        "flag-bits",
        "pad-nibble",
        "length-bits",
        "ad-domain",
        "interop-no-server",
        "jid-text",
        "empty-tag",
    ];

    /// Whether this set includes `other`.
    #[inline]
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The set without the leniencies of another.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    fn named(name: &str) -> Option<Self> {
        if name == "real-clients" {
            return Some(Self::REAL_CLIENTS);
        }
        let at = Self::NAMES.iter().position(|known| *known == name)?;
        Self::ALL.get(at).copied()
    }
}

impl BitOr for Leniency {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Leniency {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

/// A text is neither the name of a leniency nor a list of names with commas.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown leniency \"{name}\"; expected none, real-clients, {}", Leniency::NAMES.join(", "))]
pub struct ParseLeniencyError {
    name: Box<str>,
}

impl FromStr for Leniency {
    type Err = ParseLeniencyError;

    fn from_str(text: &str) -> Result<Self, ParseLeniencyError> {
        if text == "none" {
            return Ok(Self::NONE);
        }
        let mut all = Self::NONE;
        for name in text.split(',').map(str::trim) {
            all |= Self::named(name).ok_or_else(|| ParseLeniencyError { name: name.into() })?;
        }
        Ok(all)
    }
}

impl fmt::Display for Leniency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = Self::ALL.iter().zip(Self::NAMES).filter(|(one, _)| self.contains(**one)).map(|(_, name)| name);
        f.write_str(names.next().unwrap_or("none"))?;
        names.try_for_each(|name| write!(f, ",{name}"))
    }
}
