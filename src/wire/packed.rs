//! Packed text: two characters in a byte.
//!
//! Pieces of fixed size are unpacked and packed by loops that become vector instructions, and checked as `u64`.

mod unpack;

pub(crate) use unpack::{Marks, SHORT_LENGTHS, short_len};

use super::room::{Room, Text, put};
use super::{Claimed, Input, Parsed, Problem, Rules, scalar, tag};
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
/// Room that the longest text is unpacked into.
pub(crate) const LONGEST_UNPACKED: usize = 256;

const ODD: u8 = 0x80;
const PAD: u8 = 0x0f;

/// A packed text as it stands on the wire; checked as far as [`Problem::CHECKS_TEXT`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed<'a> {
    pub(crate) alphabet: Alphabet,
    /// The length byte: the number of octets, and whether the last nibble is padding.
    pub(crate) length: u8,
    /// The octets, and whatever follows them.
    pub(crate) octets: &'a [u8],
}

/// The length and octets behind `NIBBLE_8` or `HEX_8`, whose byte, `form`, was read. `at_octets` is told the number of
/// bytes left behind the length.
#[inline(always)]
pub(crate) fn packed<'a, P: Problem<'a>>(
    input: Input<'a>,
    form: u8,
    rules: &Rules,
    at_octets: impl FnOnce(usize),
) -> Parsed<'a, Packed<'a>, P> {
    let alphabet = if form == tag::NIBBLE_8 { Alphabet::Nibble } else { Alphabet::Hex };
    let (octets, length) = scalar::byte(input).claimed(Field::PackedByte, input.len().wrapping_add(1), 1)?;
    if length == ODD {
        return Err(P::at(input.len(), DecodeErrorKind::OddEmptyPacked));
    }
    at_octets(octets.len());
    let count = usize::from(length & !ODD);
    let (after, Text { and_behind: octets, .. }) =
        scalar::bytes(count)(octets).claimed(Field::PackedLength, input.len(), count)?;
    let packed = Packed { alphabet, length, octets };
    if P::CHECKS_TEXT {
        let left = octets.len();
        packed.check(rules.allow).map_err(|(at, kind)| P::at(left.wrapping_sub(at), kind))?;
    }
    Ok((after, packed))
}

impl<'a> Packed<'a> {
    /// So many octets, of which there are 127 at most.
    pub(crate) fn of(alphabet: Alphabet, is_odd: bool, octets: &'a [u8]) -> Self {
        let octets = octets.get(..usize::from(!ODD)).unwrap_or(octets);
        let length = octets.len() as u8 | if is_odd { ODD } else { 0 };
        Self { alphabet, length, octets }
    }

    /// Number of octets.
    #[inline(always)]
    fn count(&self) -> usize {
        usize::from(self.length & !ODD)
    }

    #[inline(always)]
    fn is_odd(&self) -> bool {
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

    /// Where what is wrong, and what.
    fn check(&self, allow: Allow) -> Result<(), (usize, DecodeErrorKind)> {
        let octets = self.octets.get(..self.count()).unwrap_or(&[]);
        let last = octets.len().wrapping_sub(1);
        if self.alphabet == Alphabet::Nibble {
            let invalid = |nibble: u8| nibble > 11;
            let is_wrong = |(at, octet): (usize, &u8)| {
                invalid(octet >> 4) || (invalid(octet & PAD) && !(self.is_odd() && at == last))
            };
            if let Some(at) = octets.iter().enumerate().position(is_wrong) {
                return Err((at, DecodeErrorKind::InvalidNibble));
            }
        }
        let is_padded = octets.last().is_some_and(|octet| octet & PAD == PAD);
        if self.is_odd() && !is_padded && !allow.contains(Allow::PAD_NIBBLE) {
            return Err((last, DecodeErrorKind::InvalidPadding));
        }
        Ok(())
    }

    /// The text.
    pub(crate) fn to_text(self) -> String {
        let mut room = [0; LONGEST_UNPACKED];
        self.unpack(&mut room);
        String::from_utf8_lossy(room.get(..self.len()).unwrap_or(&[])).into_owned()
    }
}

/// Writes a text that has 1 to 127 characters of `alphabet`.
#[inline(always)]
pub(crate) fn write_packed<'o>(room: Room<'o>, text: Text<'_>, alphabet: Alphabet) -> Room<'o> {
    let form = if alphabet == Alphabet::Nibble { tag::NIBBLE_8 } else { tag::HEX_8 };
    let length = text.len();
    let room = put(room, [form, length.div_ceil(2) as u8 | (length << 7) as u8]);
    if length <= PIECE { pack_short(room, text.and_behind, length) } else { pack_long(room, text.and_behind, length) }
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

/// Characters that are packed or unpacked at once.
pub(crate) const PIECE: usize = 16;

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
    use crate::wire::{Fault, Refused, written};

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

    fn read<'a, P: Problem<'a>>(form: u8, input: Input<'a>, rules: &Rules) -> Parsed<'a, Packed<'a>, P> {
        packed(input, form, rules, |left| assert_eq!(Some(left), input.get(1..).map(<[u8]>::len)))
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
                    let Some(out) = out else { continue };
                    // At the end of a body, and with more behind it.
                    for behind in [&[][..], b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7"] {
                        let body = [&out[1..], behind].concat();
                        let (rest, read) = read::<Fault>(out[0], &body, &rules).unwrap();
                        assert_eq!((rest, read.to_text()), (behind, text.clone()));
                        let mut unpacked = [0; LONGEST_UNPACKED];
                        assert!(is_allowed(&read, &mut unpacked, Allow::NOTHING));
                        assert!(unpacked.is_ascii());
                        assert!(unpacked[read.len().next_multiple_of(PIECE)..].iter().all(|byte| *byte == 0));
                    }
                }
            }
        }
    }

    /// Bytes of such a character would be digits if their highest bit did not count.
    #[test]
    fn a_text_with_a_character_that_is_not_ascii_is_packed_in_neither_alphabet() {
        for character in '\u{80}'..='\u{7ff}' {
            for around in ["", "1", "A", "12345", "1234567", "12345678901234567"] {
                for text in
                    [format!("{around}{character}"), format!("{character}{around}"), format!("{around}{character}7")]
                {
                    assert_eq!(alphabet_of(text.as_bytes()), None, "{text}");
                }
            }
        }
    }

    /// What the quick pass makes of it.
    fn is_fine(nibbles: &[u8], rules: &Rules) -> bool {
        let (_, read) = read::<Refused>(0xff, nibbles, rules).unwrap();
        is_allowed(&read, &mut [0; LONGEST_UNPACKED], rules.allow)
    }

    fn is_allowed(packed: &Packed<'_>, room: &mut [u8; LONGEST_UNPACKED], allow: Allow) -> bool {
        let mut wrong = Marks::default();
        wrong.add(packed.unpack(room), packed.alphabet);
        wrong.are_allowed(allow)
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
                        let fault = read::<Fault>(0xff, &frame[1..], &rules).unwrap_err();
                        let expected = <Fault as Problem>::at(count - wrong, DecodeErrorKind::InvalidNibble);
                        assert_eq!(fault, expected, "{frame:x?}");
                        assert!(!is_fine(&frame[1..], &rules), "{frame:x?}");
                    }
                }
                let mut odd = vec![0xff, 0x80 | count as u8];
                odd.extend(vec![0x12; count]);
                let padding = read::<Fault>(0xff, &odd[1..], &rules).map(|_| ());
                let refused = Err(<Fault as Problem>::at(1, DecodeErrorKind::InvalidPadding));
                assert_eq!(padding, if allow == Allow::NOTHING { refused } else { Ok(()) });
                assert_eq!(is_fine(&odd[1..], &rules), allow == Allow::PAD_NIBBLE);
            }
        }
    }
}
