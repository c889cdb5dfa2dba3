//! Packed text: two characters in a byte.
//!
//! Eight bytes at a time are checked, unpacked and packed as one `u64` ("SIMD within a register").

use nom::Parser;
use nom::bytes::complete::take;
use nom::number::complete::be_u8;

use super::room::{Room, Text, put};
use super::{Claimed, Input, Parsed, Problem, Rules, tag};
use crate::error::{DecodeErrorKind, Field};
use crate::options::Allow;
use crate::token::short_word;

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
    octets: &'a [u8],
    /// The last one to eight octets, left aligned.
    last: u64,
    odd: bool,
    letters: bool,
}

/// The length and octets behind `NIBBLE_8` or `HEX_8`, whose byte `form`, at `at`, was read.
#[inline(always)]
pub(crate) fn packed<'a, P: Problem<'a>>(
    input: Input<'a>,
    form: u8,
    at: Input<'a>,
    rules: &Rules,
) -> Parsed<'a, Packed<'a>, P> {
    let alphabet = if form == tag::NIBBLE_8 { Alphabet::Nibble } else { Alphabet::Hex };
    let (rest, length) = be_u8.parse(input).claimed(Field::PackedByte, at, 1)?;
    let count = usize::from(length & !ODD);
    let odd = length & ODD != 0;
    if odd && count == 0 {
        return Err(P::at(input, DecodeErrorKind::OddEmptyPacked));
    }
    let (after, octets) = take(count).parse(rest).claimed(Field::PackedLength, input, count)?;
    let (before, tail) = last_word(octets);
    let last = left_aligned(tail);
    // The last nibble does not count if it is padding.
    let behind = 64_usize.wrapping_sub(tail.len().wrapping_mul(8)) & 63;
    let mut nibbles = Nibbles::default();
    nibbles.look_at(last & !(if odd { u64::from(PAD) << behind } else { 0 }));
    if !before.is_empty() {
        nibbles.look_at_all(before);
    }
    if alphabet == Alphabet::Nibble && nibbles.above_eleven != 0 {
        return Err(P::at(rest.get(first_invalid(octets, odd)..).unwrap_or(rest), DecodeErrorKind::InvalidNibble));
    }
    if odd && last >> behind & u64::from(PAD) != u64::from(PAD) && !rules.allow.contains(Allow::PAD_NIBBLE) {
        return Err(P::at(rest.get(count.wrapping_sub(1)..).unwrap_or(rest), DecodeErrorKind::InvalidPadding));
    }
    let letters = alphabet == Alphabet::Hex && nibbles.above_nine != 0;
    Ok((after, Packed { alphabet, octets, last, odd, letters }))
}

/// Marks of the nibbles that were above 9 and above 11.
#[derive(Default)]
struct Nibbles {
    above_nine: u64,
    above_eleven: u64,
}

impl Nibbles {
    #[inline(always)]
    fn look_at(&mut self, word: u64) {
        const HIGH_BITS: u64 = 0x8888_8888_8888_8888;
        // 12 to 15 have bits 3 and 2; 10 and above bit 3 and one of bits 2 and 1.
        self.above_eleven |= word & (word << 1) & HIGH_BITS;
        self.above_nine |= word & (word << 1 | word << 2) & HIGH_BITS;
    }

    #[inline(never)]
    fn look_at_all(&mut self, words: &[[u8; 8]]) {
        words.iter().for_each(|word| self.look_at(u64::from_be_bytes(*word)));
    }
}

/// Splits octets into words and the last one to eight, or none. Phone numbers and most ids have one word.
#[inline(always)]
fn last_word(octets: &[u8]) -> (&[[u8; 8]], &[u8]) {
    if octets.len() <= 8 {
        return (&[], octets);
    }
    let words = octets.len().wrapping_sub(1) & !7;
    let (words, tail) = octets.split_at_checked(words).unwrap_or((&[], octets));
    (words.as_chunks().0, tail)
}

#[cold]
fn first_invalid(octets: &[u8], odd: bool) -> usize {
    let last = octets.len().wrapping_sub(1);
    let invalid = |nibble: u8| nibble > 11;
    let wrong = |(at, octet): (usize, &u8)| invalid(octet >> 4) || (invalid(octet & PAD) && !(odd && at == last));
    octets.iter().enumerate().position(wrong).unwrap_or(0)
}

impl Packed<'_> {
    /// Number of characters.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.octets.len().wrapping_mul(2).wrapping_sub(usize::from(self.odd))
    }

    /// Whether an encoder would pack a text of this length.
    #[inline]
    pub(crate) fn has_packable_length(&self) -> bool {
        matches!(self.len(), 1..=LONGEST)
    }

    /// Whether a digit is one of `A` to `F`.
    #[inline]
    pub(crate) fn has_letters(&self) -> bool {
        self.letters
    }

    /// Appends the characters, all ASCII.
    #[inline(always)]
    pub(crate) fn unpack(&self, out: &mut Vec<u8>) {
        let end = out.len().wrapping_add(self.len());
        let (before, _) = last_word(self.octets);
        if !before.is_empty() {
            self.unpack_words(before, out);
        }
        out.extend_from_slice(&characters(self.last, self.alphabet));
        out.truncate(end);
    }

    #[inline(never)]
    fn unpack_words(&self, words: &[[u8; 8]], out: &mut Vec<u8>) {
        for word in words {
            out.extend_from_slice(&characters(u64::from_be_bytes(*word), self.alphabet));
        }
    }
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

/// The sixteen characters of eight octets.
#[inline(always)]
fn characters(word: u64, alphabet: Alphabet) -> [u8; 16] {
    let mut out = [0; 16];
    let (high, low) = out.split_at_mut(8);
    high.copy_from_slice(&eight_characters((word >> 32) as u32, alphabet).to_be_bytes());
    low.copy_from_slice(&eight_characters(word as u32, alphabet).to_be_bytes());
    out
}

#[inline(always)]
fn eight_characters(octets: u32, alphabet: Alphabet) -> u64 {
    let mut nibbles = u64::from(octets);
    nibbles = (nibbles | nibbles << 16) & 0x0000_ffff_0000_ffff;
    nibbles = (nibbles | nibbles << 8) & 0x00ff_00ff_00ff_00ff;
    nibbles = (nibbles | nibbles << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let above_nine = (nibbles.wrapping_add(6_u64.wrapping_mul(ONES)) >> 4) & ONES;
    let digits = nibbles | 0x30_u64.wrapping_mul(ONES);
    // '0' + 10 is ':'. It is seven below 'A', and in seven bits 0x73 below '-'. No byte carries into the next.
    let step = if alphabet == Alphabet::Nibble { 0x73_u64.wrapping_mul(ONES) } else { 7_u64.wrapping_mul(ONES) };
    let where_above = (above_nine << 8).wrapping_sub(above_nine);
    digits.wrapping_add(where_above & step) & 0x7f7f_7f7f_7f7f_7f7f
}

/// Writes a text that has 1 to 127 characters of `alphabet`.
#[inline(always)]
pub(crate) fn write_packed<'o>(room: Room<'o>, text: Text<'_>, alphabet: Alphabet) -> Room<'o> {
    let form = if alphabet == Alphabet::Nibble { tag::NIBBLE_8 } else { tag::HEX_8 };
    let length = text.len();
    let room = put(room, [form, length.div_ceil(2) as u8 | (length << 7) as u8]);
    if length <= PIECE {
        pack_short(room, text.and_behind(), length)
    } else {
        pack_long(room, text.and_behind(), length)
    }
}

/// Packs a piece or less: phone numbers and times. What is behind the text is packed too, and not counted.
#[inline(always)]
fn pack_short<'o>(room: Room<'o>, text: &[u8], length: usize) -> Room<'o> {
    match (text.first_chunk(), room.first_chunk_mut()) {
        (Some(characters), Some(octets)) => {
            pack(characters, octets);
            behind_packed(room, length)
        }
        _ => pack_rest(room, text, length),
    }
}

#[inline(never)]
fn pack_long<'o>(mut room: Room<'o>, mut text: &[u8], mut length: usize) -> Room<'o> {
    while length > PIECE {
        let (Some((characters, behind)), Some((octets, left))) =
            (text.split_first_chunk(), room.split_first_chunk_mut())
        else {
            return &mut [];
        };
        pack_piece(characters, octets);
        (text, room, length) = (behind, left, length.wrapping_sub(PIECE));
    }
    pack_short(room, text, length)
}

/// Not inlined into the loop, where it would not become vector instructions.
#[inline(never)]
fn pack_piece(characters: &[u8; PIECE], octets: &mut [u8; PIECE / 2]) {
    pack(characters, octets);
}

/// Packs less than a piece, behind which there is too little.
#[inline(never)]
fn pack_rest<'o>(room: Room<'o>, text: &[u8], length: usize) -> Room<'o> {
    let words = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            let missing = PIECE.wrapping_sub(text.len()).wrapping_mul(8);
            [u64::from_le_bytes(*first), u64::from_le_bytes(*last) >> (missing & 63)]
        }
        _ => [short_word(text), 0],
    };
    let Some(octets) = room.first_chunk_mut() else { return &mut [] };
    pack(&(u128::from(words[0]) | u128::from(words[1]) << 64).to_le_bytes(), octets);
    behind_packed(room, length)
}

/// Pads the last octet, and gives the room behind it.
#[inline(always)]
fn behind_packed(room: Room<'_>, length: usize) -> Room<'_> {
    match room.split_at_mut_checked(length.div_ceil(2)) {
        Some((octets, rest)) => {
            if let Some(last) = octets.last_mut() {
                *last |= if length & 1 != 0 { PAD } else { 0 };
            }
            rest
        }
        None => &mut [],
    }
}

/// Characters that are packed at once.
const PIECE: usize = 16;

/// Packs the characters of either alphabet. Pairs of them are numbers, so that this becomes vector instructions.
#[inline(always)]
fn pack(characters: &[u8; PIECE], octets: &mut [u8; PIECE / 2]) {
    // A copy, which the octets cannot overlap.
    let characters = *characters;
    let (pairs, _) = characters.as_chunks::<2>();
    for (octet, pair) in octets.iter_mut().zip(pairs) {
        let pair = u16::from_le_bytes(*pair);
        // 'A' to 'F' are the only ones with bit 6 set, '-' and '.' the only ones with neither bit 6 nor bit 4.
        let letters = pair >> 6 & 0x0101;
        let marks = !(pair >> 6 | pair >> 4) & 0x0101;
        let nibbles = pair.wrapping_add(letters.wrapping_mul(9)).wrapping_add(marks.wrapping_mul(13)) & 0x0f0f;
        *octet = (nibbles << 4 | nibbles >> 8) as u8;
    }
}

/// Whether a text begins as packed ones do. Most others begin with a letter that no alphabet has.
#[inline(always)]
pub(crate) fn may_pack(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'-'..=b'F'))
}

/// The alphabet that an encoder packs `text` in: it has 1 to 127 characters, all of the alphabet; `Nibble` if both have
/// them.
#[inline(always)]
pub(crate) fn alphabet_of(text: &[u8]) -> Option<Alphabet> {
    let mut strangers = Strangers::default();
    match (text.last_chunk(), text.len()) {
        (_, 0 | 128..) => return None,
        (Some(last), _) => {
            for word in text.as_chunks().0 {
                strangers.look_at(u64::from_le_bytes(*word));
            }
            strangers.look_at(u64::from_le_bytes(*last));
        }
        // Filled up with a character of both.
        (None, length) => strangers.look_at(short_word(text) | all(b'0') << (length.wrapping_mul(8) & 63)),
    }
    match strangers {
        Strangers { to_nibble: 0, .. } => Some(Alphabet::Nibble),
        Strangers { to_hex: 0, .. } => Some(Alphabet::Hex),
        _ => None,
    }
}

/// Marks of the bytes of a text that an alphabet does not have.
#[derive(Default)]
struct Strangers {
    to_nibble: u64,
    to_hex: u64,
}

impl Strangers {
    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "of ASCII characters")]
    fn look_at(&mut self, word: u64) {
        // The high bit of each byte that is `first` or above. One that is not ASCII carries, and is a stranger itself.
        let from = |first: u8| word.wrapping_add(all(0x80 - first));
        let among = |first: u8, last: u8| from(first) & !from(last + 1);
        let digits = among(b'0', b'9');
        self.to_nibble |= (!(digits | among(b'-', b'.')) | word) & all(0x80);
        self.to_hex |= (!(digits | among(b'A', b'F')) | word) & all(0x80);
    }
}

/// Eight times a byte.
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Fault, written};

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
                    let bytes = text.as_bytes();
                    // Alone, with other characters behind, and at the end.
                    let joined = [bytes, &[0xff; 20], bytes].concat();
                    let places = [(bytes, 0), (&joined, 0), (&joined, length + 20)];
                    let [out, others @ ..] = places.map(|(joined, start)| {
                        let text = Text::within(joined, start, length);
                        alphabet_of(bytes).map(|alphabet| written(|room| write_packed(room, text, alphabet)))
                    });
                    assert_eq!(out, naive(&text), "{text}");
                    assert_eq!(others, [out.clone(), out.clone()]);
                    if let Some(out) = out {
                        let (rest, read) = packed::<Fault>(&out[1..], out[0], &out, &rules).unwrap();
                        let mut unpacked = vec![];
                        read.unpack(&mut unpacked);
                        assert_eq!((rest, unpacked.as_slice()), (&[][..], bytes));
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
