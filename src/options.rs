//! Limits and leniencies.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};
use std::str::FromStr;

/// Bounds on what a frame may hold, for decoding and encoding alike.
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

/// What a thread keeps at most between calls of the free functions, in bytes.
pub(crate) const KEPT: usize = 1 << 20;

/// Leniencies, each an option of its own. By default none is allowed.
///
/// ```
/// use wabinary::{Allow, Decoder};
///
/// // The last nibble of an odd packed text should be 15.
/// let frame = [0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x82, 0x12, 0x30];
/// assert!(Decoder::new().decode_slice(&frame).is_err());
/// let mut lenient = Decoder::new().allow(Allow::PAD_NIBBLE | Allow::FLAG_BITS);
/// assert_eq!(lenient.decode_slice(&frame)?.get::<&str>("id").unwrap(), "123");
/// assert_eq!("pad-nibble".parse(), Ok(Allow::PAD_NIBBLE));
/// # Ok::<(), wabinary::DecodeError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Allow(u8);

impl Allow {
    /// No leniency.
    pub const NOTHING: Self = Self(0);
    /// `duplicate-keys`: attribute names that occur twice in a node are kept, in order. Decoding and encoding.
    pub const DUPLICATE_KEYS: Self = Self(1);
    /// `flag-bits`: unknown bits of the flag byte are ignored.
    pub const FLAG_BITS: Self = Self(2);
    /// `pad-nibble`: the last nibble of a packed text of odd length may be any.
    pub const PAD_NIBBLE: Self = Self(4);
    /// `length-bits`: the high four bits of a `BINARY_20` length are ignored.
    pub const LENGTH_BITS: Self = Self(8);
    /// `ad-domain`: an undefined domain byte of an `AD_JID` is kept, as [`JidForm::AdDomain`](crate::JidForm::AdDomain).
    /// Decoding and encoding.
    pub const AD_DOMAIN: Self = Self(16);
    /// `interop-no-server`: an `INTEROP_JID` ends after the integrator, as WhatsApp Web writes it; it is read and
    /// written so.
    pub const INTEROP_NO_SERVER: Self = Self(32);

    /// Each leniency with its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("duplicate-keys", Self::DUPLICATE_KEYS),
        ("flag-bits", Self::FLAG_BITS),
        ("pad-nibble", Self::PAD_NIBBLE),
        ("length-bits", Self::LENGTH_BITS),
        ("ad-domain", Self::AD_DOMAIN),
        ("interop-no-server", Self::INTEROP_NO_SERVER),
    ];

    /// Whether all of `other` is allowed.
    #[inline]
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl BitOr for Allow {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Allow {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

/// There is no leniency of this name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such leniency; known are duplicate-keys, flag-bits, pad-nibble, length-bits, ad-domain, interop-no-server")]
pub struct UnknownLeniency;

impl FromStr for Allow {
    type Err = UnknownLeniency;

    fn from_str(name: &str) -> Result<Self, UnknownLeniency> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, allow)| *allow).ok_or(UnknownLeniency)
    }
}

impl fmt::Display for Allow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = Self::ALL.iter().filter(|(_, one)| self.contains(*one)).map(|(name, _)| *name);
        f.write_str(names.next().unwrap_or("nothing"))?;
        names.try_for_each(|name| write!(f, ", {name}"))
    }
}
