//! Packed text unpacked: pieces of eight octets, by loops that become vector instructions, and checked as `u64`.

use super::{Alphabet, LONGEST_UNPACKED, PAD, PIECE, Packed};
use crate::options::Allow;
use crate::token::short_word;

/// What unpacking found out: bits of nibbles that an alphabet does not have, and of padding that is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Nibbles above 11, or of hexadecimal ones those above 9.
    high: u64,
    padding: u64,
}

impl Marks {
    /// Whether one of the digits is above 9 (of nibbles: above 11).
    #[inline(always)]
    pub(crate) fn has_letters(self) -> bool {
        self.high != 0
    }

    /// Adds what is wrong with a text: of hexadecimal digits none is.
    #[inline(always)]
    pub(crate) fn add(&mut self, other: Self, alphabet: Alphabet) {
        self.padding |= other.padding;
        if alphabet == Alphabet::Nibble {
            self.high |= other.high;
        }
    }

    /// Whether there is nothing wrong, but for what is allowed.
    #[inline(always)]
    pub(crate) fn are_allowed(self, allow: Allow) -> bool {
        self.high == 0 && (self.padding == 0 || allow.contains(Allow::PAD_NIBBLE))
    }
}

impl Packed<'_> {
    /// Writes the characters, and up to fifteen more of ASCII.
    #[inline(always)]
    pub(crate) fn unpack(mut self, room: &mut [u8; LONGEST_UNPACKED]) -> Marks {
        let mut high = 0;
        for characters in room.as_chunks_mut().0 {
            if let Some(short) = self.short() {
                let marks = self.unpack_short(short, characters);
                return Marks { high: high | marks.high, ..marks };
            }
            let Some((octets, behind)) = self.octets.split_first_chunk() else { break };
            write_piece_apart(self.alphabet, octets, characters);
            high |= high_marks(self.alphabet, u64::from_le_bytes(*octets));
            (self.octets, self.length) = (behind, self.length.wrapping_sub(PIECE as u8 / 2));
        }
        Marks { high, padding: 0 }
    }

    /// The same for a text that is [`short`](Self::short), wherever it stands.
    #[inline(always)]
    pub(crate) fn unpack_short(&self, short: &Short, characters: &mut [u8; PIECE]) -> Marks {
        let end;
        let octets = match self.octets.first_chunk() {
            Some(octets) => octets,
            None => {
                end = short_word(self.octets).to_le_bytes();
                &end
            }
        };
        write_piece_apart(self.alphabet, octets, characters);
        short.marks(self.alphabet, octets)
    }

    /// The same for a text of nine to sixteen octets, in two pieces.
    #[inline(always)]
    pub(crate) fn unpack_two(&self, octets: &[[u8; PIECE / 2]; 2], characters: &mut [[u8; PIECE]; 2]) -> Option<Marks> {
        let [first, second] = octets;
        let short = Self { length: self.length.wrapping_sub(PIECE as u8 / 2), ..*self }.short()?;
        write_piece(self.alphabet, first, &mut characters[0]);
        write_piece(self.alphabet, second, &mut characters[1]);
        let marks = short.marks(self.alphabet, second);
        Some(Marks { high: marks.high | high_marks(self.alphabet, u64::from_le_bytes(*first)), ..marks })
    }

    /// What the length says, if there are few octets.
    #[inline(always)]
    pub(crate) fn short(&self) -> Option<&'static Short> {
        SHORT.get(self.short_index())
    }

    /// Where it is said in tables like [`SHORT`]: the length byte, with its highest bit at the low end.
    #[inline(always)]
    pub(crate) fn short_index(&self) -> usize {
        usize::from(self.length.rotate_left(1))
    }
}

/// From `:`, which follows `9`, to the character of 10.
const NIBBLE_STEP: u8 = b'-'.wrapping_sub(b':');
const HEX_STEP: u8 = b'A'.wrapping_sub(b':');

/// What the length byte of a text says that has no more octets than are unpacked at once.
pub(crate) struct Short {
    /// The nibbles of its characters, as their highest bits.
    nibbles: u64,
    /// Number of characters.
    pub(crate) len: usize,
    /// The nibble that is padding.
    padding: u64,
}

/// How many length bytes of [`Short`] texts there are, with those of no octets.
pub(crate) const SHORT_LENGTHS: usize = PIECE + 2;

/// The number of characters, by [`Packed::short_index`].
pub(crate) const fn short_len(index: usize) -> usize {
    (index & !1).wrapping_sub(index & 1)
}

/// By [`Packed::short_index`].
#[expect(clippy::indexing_slicing, reason = "at compile time")]
static SHORT: [Short; SHORT_LENGTHS] = {
    let mut all = [const { Short { nibbles: 0, padding: 0, len: 0 } }; SHORT_LENGTHS];
    let mut at = 2;
    while at < all.len() {
        let (count, is_odd) = (at >> 1, at & 1 == 1);
        let octets = u64::MAX >> (64 - 8 * count);
        let padding = if is_odd { (PAD as u64) << (8 * (count - 1)) } else { 0 };
        all[at] = Short { nibbles: octets & !padding & HIGH_BITS, len: short_len(at), padding };
        at += 1;
    }
    all
};

impl Short {
    /// Unpacks its octets, and what follows them.
    #[inline(always)]
    pub(crate) fn unpack(&self, alphabet: Alphabet, octets: &[u8; PIECE / 2], characters: &mut [u8; PIECE]) -> Marks {
        write_piece(alphabet, octets, characters);
        self.marks(alphabet, octets)
    }

    #[inline(always)]
    fn marks(&self, alphabet: Alphabet, octets: &[u8; PIECE / 2]) -> Marks {
        let word = u64::from_le_bytes(*octets);
        Marks { high: high_among(self.nibbles, alphabet, word), padding: !word & self.padding }
    }
}

/// The highest bit of each nibble.
const HIGH_BITS: u64 = 0x8888_8888_8888_8888;

/// Marks the nibbles above 11, or of hexadecimal ones those above 9.
#[inline(always)]
fn high_marks(alphabet: Alphabet, word: u64) -> u64 {
    high_among(HIGH_BITS, alphabet, word)
}

/// The same for some nibbles, which are told by their highest bits.
#[inline(always)]
fn high_among(nibbles: u64, alphabet: Alphabet, word: u64) -> u64 {
    // 12 to 15 have bits 3 and 2; 10 and above bit 3 and one of bits 2 and 1.
    let above = if alphabet == Alphabet::Hex { word << 1 | word << 2 } else { word << 1 };
    word & above & nibbles
}

/// Writes the sixteen characters of eight octets. With both in memory it compiles to vector instructions.
#[inline(always)]
fn write_piece(alphabet: Alphabet, octets: &[u8; PIECE / 2], characters: &mut [u8; PIECE]) {
    for (pair, octet) in characters.as_chunks_mut::<2>().0.iter_mut().zip(octets) {
        *pair = [octet >> 4, octet & PAD];
    }
    let step = if alphabet == Alphabet::Nibble { NIBBLE_STEP } else { HEX_STEP };
    for nibble in characters {
        *nibble = nibble.wrapping_add(b'0').wrapping_add(if *nibble > 9 { step } else { 0 });
    }
}

/// The same where it is not seen that the octets are in memory.
#[inline(never)]
fn write_piece_apart(alphabet: Alphabet, octets: &[u8; PIECE / 2], characters: &mut [u8; PIECE]) {
    match alphabet {
        Alphabet::Nibble => write_piece(Alphabet::Nibble, octets, characters),
        Alphabet::Hex => write_piece(Alphabet::Hex, octets, characters),
    }
}
