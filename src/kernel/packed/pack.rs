//! Packing, and the check whether a text can be packed.

use super::{Alphabet, LONGEST, PAD};
use crate::kernel::short_copy::Text;
use crate::kernel::word::short_word;
use crate::kernel::{BLOCK, all};

/// Whether the first byte may be of an alphabet. Most texts that do not pack begin with a small letter, so this comparison
/// spares [`alphabet_of`] them.
#[inline(always)]
pub(crate) fn may_pack(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'-'..=b'F'))
}

/// The alphabet that an encoder packs `text` in: the first of `Nibble` and `Hex` that has all characters. Returns `None` if
/// neither has them, or unless there are 1 to [`LONGEST`] of them.
///
/// Looks at eight characters as one word. The last word overlaps the one before.
#[inline(always)]
pub(crate) fn alphabet_of(text: &[u8]) -> Option<Alphabet> {
    const TOO_LONG: usize = LONGEST + 1;
    let mut strangers = Strangers::default();
    match (text.last_chunk(), text.len()) {
        (_, 0 | TOO_LONG..) => return None,
        (Some(last), _) => {
            for word in text.as_chunks().0 {
                strangers.look_at(u64::from_le_bytes(*word));
            }
            strangers.look_at(u64::from_le_bytes(*last));
        }
        // Fills the word up with a character of both.
        (None, length) => strangers.look_at(short_word(text) | all(b'0') << (length.wrapping_mul(8) & 63)),
    }
    match strangers {
        Strangers { to_nibble: 0, .. } => Some(Alphabet::Nibble),
        Strangers { to_hex: 0, .. } => Some(Alphabet::Hex),
        _ => None,
    }
}

/// Bytes of a text outside an alphabet, marked by their high bits.
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

/// Packs a text whose characters are of one alphabet at the start of `room`, and pads the last octet of an odd text.
/// Returns the rest of `room`, or an empty rest if eight octets for each piece of sixteen characters do not fit.
///
/// Packs whole pieces: it also reads what follows the text, and may write to the rest.
#[inline(always)]
pub(crate) fn pack<'o>(room: &'o mut [u8], text: Text<'_>) -> &'o mut [u8] {
    let length = text.len();
    if length <= BLOCK { pack_short(room, text.and_behind, length) } else { pack_long(room, text.and_behind, length) }
}

/// Packs a piece or less: phone numbers and times.
#[inline(always)]
fn pack_short<'o>(room: &'o mut [u8], text: &[u8], length: usize) -> &'o mut [u8] {
    match (text.first_chunk(), room.first_chunk_mut()) {
        (Some(characters), Some(octets)) => {
            write_piece(characters, octets);
            after_packed(room, length)
        }
        _ => pack_rest(room, text, length),
    }
}

#[inline(never)]
fn pack_long<'o>(mut room: &'o mut [u8], mut text: &[u8], mut length: usize) -> &'o mut [u8] {
    while length > BLOCK {
        let (Some((characters, behind)), Some((octets, left))) =
            (text.split_first_chunk(), room.split_first_chunk_mut())
        else {
            return &mut [];
        };
        write_piece_apart(characters, octets);
        (text, room, length) = (behind, left, length.wrapping_sub(BLOCK));
    }
    pack_short(room, text, length)
}

/// Packs less than a piece if less than a piece can be read: combines two words.
#[inline(never)]
fn pack_rest<'o>(room: &'o mut [u8], text: &[u8], length: usize) -> &'o mut [u8] {
    let words = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            let missing = BLOCK.wrapping_sub(text.len()).wrapping_mul(8);
            [u64::from_le_bytes(*first), u64::from_le_bytes(*last) >> (missing & 63)]
        }
        _ => [short_word(text), 0],
    };
    let Some(octets) = room.first_chunk_mut() else { return &mut [] };
    write_piece(&(u128::from(words[0]) | u128::from(words[1]) << 64).to_le_bytes(), octets);
    after_packed(room, length)
}

/// Pads the last octet, and returns the room after it.
#[inline(always)]
fn after_packed(room: &mut [u8], length: usize) -> &mut [u8] {
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

/// Packs sixteen characters of either alphabet. Arithmetic on pairs of them compiles to vector instructions.
#[inline(always)]
fn write_piece(characters: &[u8; BLOCK], octets: &mut [u8; BLOCK / 2]) {
    // A copy that the octets cannot overlap.
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

/// [`write_piece`] out of line: inlined into the loop it would not compile to vector instructions.
#[inline(never)]
fn write_piece_apart(characters: &[u8; BLOCK], octets: &mut [u8; BLOCK / 2]) {
    write_piece(characters, octets);
}

#[cfg(test)]
mod tests {
    use arbtest::arbtest;

    use super::*;

    const ALPHABETS: [(Alphabet, &[u8]); 2] =
        [(Alphabet::Nibble, b"0123456789-."), (Alphabet::Hex, b"0123456789ABCDEF")];

    fn naive_alphabet_of(text: &[u8]) -> Option<Alphabet> {
        let fits = |characters: &[u8]| text.iter().all(|byte| characters.contains(byte));
        let (alphabet, _) = ALPHABETS.into_iter().find(|(_, characters)| fits(characters))?;
        (1..=127).contains(&text.len()).then_some(alphabet)
    }

    fn naive_pack(text: &[u8], characters: &[u8]) -> Vec<u8> {
        let nibble = |byte: &u8| characters.iter().position(|character| character == byte).unwrap() as u8;
        text.chunks(2).map(|pair| nibble(&pair[0]) << 4 | pair.get(1).map_or(PAD, nibble)).collect()
    }

    fn check(text: &[u8]) {
        let alphabet = alphabet_of(text);
        assert_eq!(alphabet, naive_alphabet_of(text), "{text:?}");
        let Some(alphabet) = alphabet else { return };
        assert!(may_pack(text));
        let (_, characters) = ALPHABETS[alphabet as usize];
        let expected = naive_pack(text, characters);
        // Alone, followed by other bytes, and following them.
        let joined = [text, &[0xff; 20], text].concat();
        for text in
            [Text::of(text), Text::within(&joined, 0, text.len()), Text::within(&joined, text.len() + 20, text.len())]
        {
            for more in [0, 1, 7, 8, 20] {
                let mut room = vec![0; expected.len() + more];
                let left = pack(&mut room, text).len();
                // It may need room for a whole piece.
                assert!(left == more || (left == 0 && more < BLOCK / 2), "{left} of {more}");
                if left > 0 {
                    assert_eq!(room[..expected.len()], expected);
                }
            }
            for less in 1..=expected.len() {
                assert!(pack(&mut vec![0; expected.len() - less], text).is_empty());
            }
        }
    }

    #[test]
    fn packs_as_character_by_character() {
        for characters in ["0123456789-.", "0123456789ABCDEF", "7", "A", "-", "9F", "0123456789-.A", "abc", "/:@G"] {
            for length in 0..=130 {
                for skip in 0..3 {
                    check(&characters.bytes().cycle().skip(skip).take(length).collect::<Vec<u8>>());
                }
            }
        }
        (0..=u16::MAX).for_each(|text| check(&text.to_le_bytes()));
        // Every byte at every place of a word, and of the words after it.
        for length in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 127] {
            for (at, byte) in (0..length).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
                for around in *b"0A" {
                    let mut text = vec![around; length];
                    text[at] = byte;
                    check(&text);
                }
            }
        }
        arbtest(|u| {
            let (_, characters) = *u.choose(&ALPHABETS)?;
            let length = u.int_in_range(0..=140)?;
            let text = (0..length).map(|_| u.choose(characters).copied()).collect::<Result<Vec<u8>, _>>()?;
            check(&text);
            check(u.arbitrary()?);
            Ok(())
        })
        .size_min(200);
    }

    #[test]
    fn a_text_that_begins_with_no_character_of_an_alphabet_is_not_packed() {
        let of_alphabets = |byte: &u8| ALPHABETS.iter().any(|(_, characters)| characters.contains(byte));
        let refused: Vec<u8> = (0..=u8::MAX).filter(|byte| !may_pack(&[*byte])).collect();
        assert!(!may_pack(b"") && refused.len() > 200 && !refused.iter().any(of_alphabets));
    }
}
