//! Packed texts: two characters in an octet, as a nibble each.
//!
//! Loops over pieces of sixteen characters pack and unpack, and compile to vector instructions. Nibble by nibble, packing
//! takes 1.5 to 6.3 times as long, and unpacking 1.4 to 6.5 times (`benches/results/choices.md`). Checks take a piece as
//! `u64`.

mod pack;
mod unpack;

pub(crate) use pack::{alphabet_of, may_pack, pack};
pub(crate) use unpack::{Marks, SHORT_LENGTHS, short_len};

/// The characters of the nibbles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// Digits, `-` (10), `.` (11). The other four nibbles are not characters.
    Nibble,
    /// Digits, `A` to `F`.
    Hex,
}

/// Encoders pack texts of 1 to 127 bytes; decoders read up to 254 characters.
pub(crate) const LONGEST: usize = 127;
/// Room for the longest text, unpacked.
pub(crate) const LONGEST_UNPACKED: usize = 256;

/// Bit of the length byte: the last octet has one character and padding.
pub(crate) const ODD: u8 = 0x80;
/// The nibble that is padding.
pub(crate) const PAD: u8 = 0x0f;

/// A packed text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed<'a> {
    pub(crate) alphabet: Alphabet,
    /// The length byte: the number of octets, and [`ODD`].
    pub(crate) length: u8,
    /// The octets, and the bytes after them in memory.
    pub(crate) octets: &'a [u8],
}

impl<'a> Packed<'a> {
    /// The text of these octets, up to the 127th.
    pub(crate) fn of(alphabet: Alphabet, is_odd: bool, octets: &'a [u8]) -> Self {
        let octets = octets.get(..usize::from(!ODD)).unwrap_or(octets);
        let length = octets.len() as u8 | if is_odd { ODD } else { 0 };
        Self { alphabet, length, octets }
    }

    /// Number of octets.
    #[inline(always)]
    pub(crate) fn count(&self) -> usize {
        usize::from(self.length & !ODD)
    }

    #[inline(always)]
    pub(crate) fn is_odd(&self) -> bool {
        self.length & ODD != 0
    }

    /// Number of characters.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.count().wrapping_mul(2).wrapping_sub(usize::from(self.is_odd()))
    }

    /// Whether an encoder would pack a text of this length.
    #[inline(always)]
    pub(crate) fn has_packable_length(&self) -> bool {
        matches!(self.len(), 1..=LONGEST)
    }

    /// The characters as an owned text.
    pub(crate) fn to_text(self) -> String {
        let mut room = [0; LONGEST_UNPACKED];
        self.unpack(&mut room);
        String::from_utf8_lossy(room.get(..self.len()).unwrap_or(&[])).into_owned()
    }
}
