//! Unpacking, and the check of nibbles and padding.

use super::{Alphabet, LONGEST_UNPACKED, PAD, Packed};
use crate::kernel::BLOCK;
use crate::kernel::word::short_word;

/// The marks that unpacking sets, as bits: nibbles that are high, and padding that is not [`PAD`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Nibbles of [`Alphabet::Nibble`] above 11, nibbles of [`Alphabet::Hex`] above 9.
    high: u64,
    padding: u64,
}

impl Marks {
    /// Whether a nibble is high: a letter of a hexadecimal text, or a nibble that is not a character.
    #[inline(always)]
    pub(crate) fn has_high(self) -> bool {
        self.high != 0
    }

    /// Whether padding is not [`PAD`].
    #[inline(always)]
    pub(crate) fn has_wrong_padding(self) -> bool {
        self.padding != 0
    }

    /// Adds the errors in a text of this alphabet. A hexadecimal text may have letters.
    #[inline(always)]
    pub(crate) fn add(&mut self, other: Self, alphabet: Alphabet) {
        self.padding |= other.padding;
        if alphabet == Alphabet::Nibble {
            self.high |= other.high;
        }
    }
}

impl Packed<'_> {
    /// Writes the characters. Nibbles 12 to 15 of [`Alphabet::Nibble`] become `/012`, and are marked.
    ///
    /// Writes whole pieces. What follows the characters is ASCII and does not count.
    #[inline(always)]
    pub(crate) fn unpack(mut self, room: &mut [u8; LONGEST_UNPACKED]) -> Marks {
        let mut high = 0;
        for characters in room.as_chunks_mut().0 {
            if let Some(short) = self.short() {
                let end;
                let octets = match self.octets.first_chunk() {
                    Some(octets) => octets,
                    None => {
                        end = short_word(self.octets).to_le_bytes();
                        &end
                    }
                };
                write_piece_apart(self.alphabet, octets, characters);
                let marks = short.marks(self.alphabet, octets);
                return Marks { high: high | marks.high, ..marks };
            }
            let Some((octets, behind)) = self.octets.split_first_chunk() else { break };
            write_piece_apart(self.alphabet, octets, characters);
            high |= high_marks(self.alphabet, u64::from_le_bytes(*octets));
            (self.octets, self.length) = (behind, self.length.wrapping_sub(BLOCK as u8 / 2));
        }
        Marks { high, padding: 0 }
    }

    /// [`unpack`](Self::unpack) for nine to sixteen octets, which ids have: two pieces and no loop. Returns `None` if there
    /// are more. Not meant for fewer.
    #[inline(always)]
    pub(crate) fn unpack_two(&self, octets: &[[u8; BLOCK / 2]; 2], characters: &mut [[u8; BLOCK]; 2]) -> Option<Marks> {
        let [first, second] = octets;
        let short = Self { length: self.length.wrapping_sub(BLOCK as u8 / 2), ..*self }.short()?;
        write_piece(self.alphabet, first, &mut characters[0]);
        write_piece(self.alphabet, second, &mut characters[1]);
        let marks = short.marks(self.alphabet, second);
        Some(Marks { high: marks.high | high_marks(self.alphabet, u64::from_le_bytes(*first)), ..marks })
    }

    /// The entry for the length byte, if there are at most eight octets.
    #[inline(always)]
    pub(crate) fn short(&self) -> Option<&'static Short> {
        SHORT.get(self.short_index())
    }

    /// The index in tables like [`SHORT`]: the length byte, with its highest bit at the low end.
    #[inline(always)]
    pub(crate) fn short_index(&self) -> usize {
        usize::from(self.length.rotate_left(1))
    }
}

/// From `:`, which follows `9`, to the character of 10.
const NIBBLE_STEP: u8 = b'-'.wrapping_sub(b':');
const HEX_STEP: u8 = b'A'.wrapping_sub(b':');

/// The data for a length byte of at most eight octets. With this table, unpacking a phone number or a time takes one
/// load, one store and three masks.
pub(crate) struct Short {
    /// The nibbles of its characters, as their highest bits.
    nibbles: u64,
    /// Number of characters.
    pub(crate) len: usize,
    /// The nibble that is padding.
    padding: u64,
}

/// Number of length bytes that have a [`Short`], those without octets included.
pub(crate) const SHORT_LENGTHS: usize = BLOCK + 2;

/// The number of characters for a [`Packed::short_index`].
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
    /// [`Packed::unpack`] for a short text, where eight octets can be read.
    #[inline(always)]
    pub(crate) fn unpack(&self, alphabet: Alphabet, octets: &[u8; BLOCK / 2], characters: &mut [u8; BLOCK]) -> Marks {
        write_piece(alphabet, octets, characters);
        self.marks(alphabet, octets)
    }

    #[inline(always)]
    fn marks(&self, alphabet: Alphabet, octets: &[u8; BLOCK / 2]) -> Marks {
        let word = u64::from_le_bytes(*octets);
        Marks { high: high_among(self.nibbles, alphabet, word), padding: !word & self.padding }
    }
}

/// The highest bit of each nibble.
const HIGH_BITS: u64 = 0x8888_8888_8888_8888;

/// Marks the nibbles above 11, or above 9 of [`Alphabet::Hex`], by their highest bits.
#[inline(always)]
fn high_marks(alphabet: Alphabet, word: u64) -> u64 {
    high_among(HIGH_BITS, alphabet, word)
}

/// [`high_marks`] of some nibbles only: those whose highest bits are in `nibbles`.
#[inline(always)]
fn high_among(nibbles: u64, alphabet: Alphabet, word: u64) -> u64 {
    // 12 to 15 have bits 3 and 2; 10 and above bit 3 and one of bits 2 and 1.
    let above = if alphabet == Alphabet::Hex { word << 1 | word << 2 } else { word << 1 };
    word & above & nibbles
}

/// Writes the sixteen characters of eight octets. With both in memory it compiles to vector instructions.
#[inline(always)]
fn write_piece(alphabet: Alphabet, octets: &[u8; BLOCK / 2], characters: &mut [u8; BLOCK]) {
    for (pair, octet) in characters.as_chunks_mut::<2>().0.iter_mut().zip(octets) {
        *pair = [octet >> 4, octet & PAD];
    }
    let step = if alphabet == Alphabet::Nibble { NIBBLE_STEP } else { HEX_STEP };
    for nibble in characters {
        *nibble = nibble.wrapping_add(b'0').wrapping_add(if *nibble > 9 { step } else { 0 });
    }
}

/// [`write_piece`] out of line, for callers whose octets may be in a register.
#[inline(never)]
fn write_piece_apart(alphabet: Alphabet, octets: &[u8; BLOCK / 2], characters: &mut [u8; BLOCK]) {
    match alphabet {
        Alphabet::Nibble => write_piece(Alphabet::Nibble, octets, characters),
        Alphabet::Hex => write_piece(Alphabet::Hex, octets, characters),
    }
}

#[cfg(test)]
mod tests {
    use arbtest::arbtest;

    use super::*;
    use crate::kernel::packed::ODD;

    /// The characters, and their errors: whether a nibble is above `9` or `.`, and whether padding is not 15.
    fn naive_unpack(alphabet: Alphabet, length: u8, octets: &[u8]) -> (String, bool, bool) {
        let (characters, first_high) = match alphabet {
            Alphabet::Nibble => (b"0123456789-./012", 12),
            Alphabet::Hex => (b"0123456789ABCDEF", 10),
        };
        let octets = &octets[..usize::from(length & !ODD)];
        let mut nibbles: Vec<u8> = octets.iter().flat_map(|octet| [octet >> 4, octet & 15]).collect();
        let is_padded_wrong = length & ODD != 0 && nibbles.pop() != Some(PAD);
        let has_high = nibbles.iter().any(|nibble| *nibble >= first_high);
        let text = nibbles.iter().map(|nibble| char::from(characters[usize::from(*nibble)])).collect();
        (text, has_high, is_padded_wrong)
    }

    /// `octets` may be followed by others.
    fn check(alphabet: Alphabet, length: u8, octets: &[u8]) {
        let packed = Packed { alphabet, length, octets };
        let (text, has_high, is_padded_wrong) = naive_unpack(alphabet, length, octets);
        let check = |way, marks: Marks, room: &[u8]| {
            let mut wrong = Marks::default();
            wrong.add(marks, alphabet);
            assert_eq!(std::str::from_utf8(&room[..packed.len()]), Ok(&*text), "{way} {packed:x?}");
            assert_eq!(marks.has_high(), has_high, "{way} {packed:x?}");
            assert_eq!(wrong.has_high(), has_high && alphabet == Alphabet::Nibble, "{way} {packed:x?}");
            assert_eq!(wrong.has_wrong_padding(), is_padded_wrong, "{way} {packed:x?}");
            let written = packed.len().max(1).next_multiple_of(BLOCK);
            let (behind, untouched) = room[packed.len()..].split_at(written - packed.len());
            assert!(behind.is_ascii() && untouched.iter().all(|byte| *byte == 0), "{way} {packed:x?}");
        };
        let mut room = [0; LONGEST_UNPACKED];
        check("in a loop", packed.unpack(&mut room), &room);
        assert_eq!(packed.to_text(), text);
        if let (Some(short), Some(octets)) = (packed.short(), octets.first_chunk()) {
            let mut piece = [0; BLOCK];
            check("at once", short.unpack(alphabet, octets, &mut piece), &piece);
            assert_eq!((short.len, short_len(packed.short_index())), (text.len(), text.len()));
        }
        if let Some(two) = octets.first_chunk::<BLOCK>() {
            let mut pieces = [[0; BLOCK]; 2];
            let marks = packed.unpack_two(two.as_chunks().0.first_chunk().unwrap(), &mut pieces);
            assert_eq!(marks.is_some(), matches!(packed.count(), 8..=16), "{packed:x?}");
            if let Some(marks) = marks.filter(|_| packed.count() > 8) {
                check("in two pieces", marks, pieces.as_flattened());
            }
        }
    }

    #[test]
    fn unpacks_as_nibble_by_nibble() {
        let lengths = (0..=u8::MAX).filter(|length| *length != ODD);
        for (length, alphabet) in lengths.flat_map(|length| [Alphabet::Nibble, Alphabet::Hex].map(|a| (length, a))) {
            let count = usize::from(length & !ODD);
            // Every octet at every place of a text of up to two pieces, and near the end of others. With and without octets
            // that follow the text.
            let first = if count > BLOCK { count - 2 } else { 0 };
            for (at, octet) in (first..=count).flat_map(|at| (0..=u8::MAX).map(move |octet| (at, octet))) {
                let mut octets = vec![0x09; count + 16];
                octets[at] = octet;
                check(alphabet, length, &octets);
                check(alphabet, length, &octets[..count]);
            }
        }
        arbtest(|u| {
            let octets = u.bytes(127 + 16)?;
            let length = u.arbitrary::<u8>()?;
            if length != ODD {
                check(Alphabet::Nibble, length, octets);
                check(Alphabet::Hex, length, octets);
            }
            Ok(())
        })
        .size_min(200);
    }
}
