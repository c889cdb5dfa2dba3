//! Packed text: two characters in a byte.
//!
//! Eight bytes at a time are checked, unpacked and packed as one `u64` ("SIMD within a register").

use nom::Parser;
use nom::number::complete::be_u8;

use super::{Claimed, Input, Parsed, Problem, Rules, scalar, tag};
use crate::error::{DecodeErrorKind, Field};
use crate::options::Allow;

/// Which characters the nibbles stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alphabet {
    /// `NIBBLE_8`: digits, `-` (10), `.` (11).
    Nibble,
    /// `HEX_8`: digits, `A` to `F`.
    Hex,
}

/// Encoders pack texts of 1 to 127 bytes; decoders read up to 254 characters.
pub(crate) const LONGEST: usize = 127;
/// Packable texts above this length are no tokens in any dictionary (a test in `token.rs` holds it).
pub(crate) const LONGEST_TOKEN: usize = 4;

const ODD: u8 = 0x80;
const PAD: u8 = 0x0f;

/// A packed text as it stands on the wire, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed<'a> {
    pub(crate) alphabet: Alphabet,
    /// The octets, and whatever follows them.
    octets: &'a [u8],
    count: usize,
    odd: bool,
    letters: bool,
}

/// The length and octets behind `NIBBLE_8` or `HEX_8`, whose byte, `form`, was read.
#[inline(always)]
pub(crate) fn packed<'a, P: Problem<'a>>(input: Input<'a>, form: u8, rules: &Rules) -> Parsed<'a, Packed<'a>, P> {
    let alphabet = if form == tag::NIBBLE_8 { Alphabet::Nibble } else { Alphabet::Hex };
    let (octets, length) = be_u8.parse(input).claimed(Field::PackedByte, input.len().wrapping_add(1), 1)?;
    let count = usize::from(length & !ODD);
    let odd = length & ODD != 0;
    if length == ODD {
        return Err(P::at(input.len(), DecodeErrorKind::OddEmptyPacked));
    }
    let (after, _) = scalar::bytes(count)(octets).claimed(Field::PackedLength, input.len(), count)?;
    let packed = Packed { alphabet, octets, count, odd, letters: false };
    let last = packed.last_word();
    let marks = packed.marks(last);
    if alphabet == Alphabet::Nibble && marks != 0 {
        let left = octets.len().wrapping_sub(packed.first_invalid());
        return Err(P::at(left, DecodeErrorKind::InvalidNibble));
    }
    if odd && last & LAST_NIBBLE != LAST_NIBBLE && !rules.allow.contains(Allow::PAD_NIBBLE) {
        return Err(P::at(after.len().wrapping_add(1), DecodeErrorKind::InvalidPadding));
    }
    Ok((after, Packed { letters: alphabet == Alphabet::Hex && marks != 0, ..packed }))
}

/// The last character of the last octet in a word whose highest byte it is.
const LAST_NIBBLE: u64 = 0x0f00_0000_0000_0000;

impl Packed<'_> {
    /// Number of characters.
    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.count.wrapping_mul(2).wrapping_sub(usize::from(self.odd))
    }

    /// Whether an encoder would pack a text of this length.
    #[inline(always)]
    pub(crate) fn has_packable_length(&self) -> bool {
        matches!(self.len(), 1..=LONGEST)
    }

    /// Whether a digit is one of `A` to `F`.
    #[inline(always)]
    pub(crate) fn has_letters(&self) -> bool {
        self.letters
    }

    /// Appends the characters, and up to fifteen more of ASCII: it goes by eight octets. What it appends is no longer
    /// than three times what stands on the wire.
    #[inline(always)]
    pub(crate) fn unpack(&self, out: &mut Vec<u8>) {
        if self.count == 0 {
            return;
        }
        let mut index = 0;
        loop {
            let eight = self.eight(index);
            let characters = match self.alphabet {
                Alphabet::Nibble => characters::<{ b'-'.wrapping_sub(b':') }>(&eight),
                Alphabet::Hex => characters::<{ b'A'.wrapping_sub(b':') }>(&eight),
            };
            if self.count <= 4 {
                out.extend_from_slice(characters.first_chunk::<8>().unwrap_or(&[b' '; 8]));
                return;
            }
            out.extend_from_slice(&characters);
            if index >= self.last() {
                return;
            }
            index = index.wrapping_add(1);
        }
    }

    /// Index of the last eight octets, which may be fewer.
    #[inline(always)]
    fn last(&self) -> usize {
        self.count.wrapping_sub(1) >> 3
    }

    /// Eight octets; behind the last one, anything.
    #[inline(always)]
    fn eight(&self, index: usize) -> [u8; 8] {
        match self.octets.as_chunks::<8>().0.get(index) {
            Some(eight) => *eight,
            None => at_the_end(self.octets),
        }
    }

    /// The last one to eight octets, the last of them highest.
    #[inline(always)]
    fn last_word(&self) -> u64 {
        if self.count == 0 {
            return 0;
        }
        let missing = self.count.wrapping_neg() & 7;
        u64::from_le_bytes(self.eight(self.last())) << missing.wrapping_mul(8)
    }

    /// Marks the nibbles that are above 11, or of hexadecimal ones those above 9. `last`: the last word.
    #[inline(always)]
    fn marks(&self, last: u64) -> u64 {
        const HIGH_BITS: u64 = 0x8888_8888_8888_8888;
        // 12 to 15 have bits 3 and 2; 10 and above bit 3 and one of bits 2 and 1.
        let above = |word: u64| {
            let second = if self.alphabet == Alphabet::Hex { word << 2 } else { 0 };
            word & (word << 1 | second) & HIGH_BITS
        };
        // The last nibble does not count if it is padding.
        let mut marks = above(if self.odd { last & !LAST_NIBBLE } else { last });
        if self.count > 8 {
            for index in 0..self.last() {
                marks |= above(u64::from_le_bytes(self.eight(index)));
            }
        }
        marks
    }

    #[cold]
    fn first_invalid(&self) -> usize {
        let last = self.count.wrapping_sub(1);
        let invalid = |nibble: u8| nibble > 11;
        let is_wrong =
            |(at, octet): (usize, &u8)| invalid(octet >> 4) || (invalid(octet & PAD) && !(self.odd && at == last));
        self.octets.iter().take(self.count).enumerate().position(is_wrong).unwrap_or(0)
    }
}

/// Those behind the last eight octets, as the body ends there.
#[inline(never)]
fn at_the_end(octets: &[u8]) -> [u8; 8] {
    let mut eight = [0; 8];
    eight.iter_mut().zip(octets.as_chunks::<8>().1).for_each(|(to, from)| *to = *from);
    eight
}

/// The sixteen characters of eight octets. `STEP`: from `:`, which follows `9`, to the character of 10.
///
/// A function of its own, over bytes in memory, so that it compiles to vector instructions.
#[inline(never)]
fn characters<const STEP: u8>(octets: &[u8; 8]) -> [u8; 16] {
    let mut characters = [0_u8; 16];
    for (pair, octet) in characters.as_chunks_mut::<2>().0.iter_mut().zip(octets) {
        *pair = [octet >> 4, octet & PAD];
    }
    for nibble in &mut characters {
        *nibble = nibble.wrapping_add(b'0').wrapping_add(if *nibble > 9 { STEP } else { 0 });
    }
    characters
}

/// Up to eight bytes as the high end of a word, without a loop.
#[inline(always)]
fn left_aligned(bytes: &[u8]) -> u64 {
    if let Some(word) = bytes.first_chunk::<8>() {
        return u64::from_be_bytes(*word);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let shift = 64_usize.wrapping_sub(bytes.len().wrapping_mul(8));
        return u64::from(u32::from_be_bytes(*first)) << 32 | u64::from(u32::from_be_bytes(*last)) << (shift & 63);
    }
    match *bytes {
        [] => 0,
        [a] => u64::from(a) << 56,
        [a, b] => u64::from(a) << 56 | u64::from(b) << 48,
        [a, b, c, ..] => u64::from(a) << 56 | u64::from(b) << 48 | u64::from(c) << 40,
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// Appends `text` packed, if an encoder packs it: 1 to 127 characters of an alphabet, nibbles first.
#[inline]
pub(crate) fn write_packed(out: &mut Vec<u8>, text: &[u8]) -> bool {
    let alphabet = if matches!(text.len(), 1..=LONGEST) { alphabet_of(text) } else { None };
    match alphabet {
        Some(alphabet) => {
            write_packed_in(out, text, alphabet);
            true
        }
        None => false,
    }
}

/// Appends a text that is known to have 1 to 127 characters of `alphabet`.
#[inline]
pub(crate) fn write_packed_in(out: &mut Vec<u8>, text: &[u8], alphabet: Alphabet) {
    let form = if alphabet == Alphabet::Nibble { tag::NIBBLE_8 } else { tag::HEX_8 };
    let odd = text.len() & 1 != 0;
    let octets = text.len().div_ceil(2);
    out.extend_from_slice(&[form, (octets as u8) | if odd { ODD } else { 0 }]);
    let end = out.len().wrapping_add(octets);
    let (words, tail) = text.as_chunks::<8>();
    for word in words {
        out.extend_from_slice(&four_octets(u64::from_be_bytes(*word), alphabet).to_be_bytes());
    }
    if !tail.is_empty() {
        // What is behind the text is packed too; the padding covers one nibble of it, the rest is cut off.
        out.extend_from_slice(&four_octets(left_aligned(tail), alphabet).to_be_bytes());
        out.truncate(end);
    }
    if odd && let Some(last) = out.last_mut() {
        *last |= PAD;
    }
}

/// The octets of eight characters.
#[inline]
fn four_octets(characters: u64, alphabet: Alphabet) -> u32 {
    // '-' and '.' are the only nibble characters with bit 4 clear, 'A' to 'F' the only hexadecimal ones with bit 6 set.
    let mut nibbles = match alphabet {
        Alphabet::Nibble => {
            let marks = !(characters >> 4) & ONES;
            characters.wrapping_add(marks.wrapping_mul(13))
        }
        Alphabet::Hex => {
            let letters = (characters >> 6) & ONES;
            characters.wrapping_add(letters.wrapping_mul(9))
        }
    } & 0x0f0f_0f0f_0f0f_0f0f;
    nibbles = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff;
    nibbles = (nibbles | nibbles >> 8) & 0x0000_ffff_0000_ffff;
    (nibbles | nibbles >> 16) as u32
}

/// The alphabet that has every character of `text`; `Nibble` if both have.
#[inline]
fn alphabet_of(text: &[u8]) -> Option<Alphabet> {
    let mut classes = u8::MAX;
    for piece in text.chunks(8) {
        classes = piece.iter().fold(classes, |classes, byte| classes & CLASSES.get(usize::from(*byte)).unwrap_or(&0));
        if classes == 0 {
            return None;
        }
    }
    Some(if classes == IN_HEX { Alphabet::Hex } else { Alphabet::Nibble })
}

const IN_NIBBLE: u8 = 1;
const IN_HEX: u8 = 2;

/// Which alphabets have a byte.
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        #[expect(clippy::indexing_slicing, reason = "evaluated at compile time")]
        {
            classes[byte] = match byte as u8 {
                b'0'..=b'9' => IN_NIBBLE | IN_HEX,
                b'-' | b'.' => IN_NIBBLE,
                b'A'..=b'F' => IN_HEX,
                _ => 0,
            };
        }
        byte = byte.wrapping_add(1);
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Fault;

    /// One character at a time, as a person would.
    fn naive(text: &str) -> Option<Vec<u8>> {
        let index = |alphabet: &str| text.chars().map(|c| alphabet.find(c)).collect::<Option<Vec<_>>>();
        let (form, nibbles) = match (index("0123456789-."), index("0123456789ABCDEF")) {
            _ if text.is_empty() || text.len() > 127 => return None,
            (Some(nibbles), _) => (0xff, nibbles),
            (_, Some(nibbles)) => (0xfb, nibbles),
            _ => return None,
        };
        let octets = nibbles.chunks(2).map(|pair| (pair[0] << 4 | pair.get(1).unwrap_or(&15)) as u8);
        let length = octets.len() as u8 | if text.len() % 2 == 1 { 0x80 } else { 0 };
        Some([form, length].into_iter().chain(octets).collect())
    }

    #[test]
    fn packs_and_unpacks_like_the_naive_coder_at_every_length() {
        let rules =
            Rules { dictionary: crate::Dictionary::V3, allow: Allow::NOTHING, limits: crate::Limits::default() };
        for characters in ["0123456789-.", "0123456789ABCDEF", "7", "A", "-", "9F", "0123456789-.A", "abc", "/:@G"] {
            for length in 0..=130 {
                for skip in 0..3 {
                    let text: String = characters.chars().cycle().skip(skip).take(length).collect();
                    let mut out = vec![7];
                    let written = write_packed(&mut out, text.as_bytes());
                    assert_eq!(written.then(|| out[1..].to_vec()), naive(&text), "{text}");
                    if written {
                        let (rest, read) = packed::<Fault>(&out[2..], out[1], &out[1..], &rules).unwrap();
                        let mut unpacked = vec![];
                        read.unpack(&mut unpacked);
                        assert_eq!((rest, unpacked.as_slice()), (&[][..], text.as_bytes()));
                    } else {
                        assert_eq!(out, [7]);
                    }
                }
            }
        }
    }

    #[test]
    fn the_first_wrong_nibble_is_found_wherever_it_stands() {
        for allow in [Allow::NOTHING, Allow::PAD_NIBBLE] {
            let rules = Rules { dictionary: crate::Dictionary::V3, allow, limits: crate::Limits::default() };
            for count in 1..40_usize {
                for wrong in 0..count {
                    for octet in [0x0c, 0xd0, 0xe1, 0xf1, 0x1f] {
                        let mut frame = vec![0xff, count as u8];
                        frame.extend((0..count).map(|at| if at == wrong { octet } else { 0xba }));
                        let fault = packed::<Fault>(&frame[1..], 0xff, &frame, &rules).unwrap_err();
                        let expected = <Fault as Problem>::at(&frame[2 + wrong..], DecodeErrorKind::InvalidNibble);
                        assert_eq!(fault, expected, "{frame:x?}");
                    }
                }
                let mut odd = vec![0xff, 0x80 | count as u8];
                odd.extend(vec![0x12; count]);
                let padding = packed::<Fault>(&odd[1..], 0xff, &odd, &rules).map(|_| ());
                let refused = Err(<Fault as Problem>::at(&odd[1 + count..], DecodeErrorKind::InvalidPadding));
                assert_eq!(padding, if allow == Allow::NOTHING { refused } else { Ok(()) });
            }
        }
    }
}
