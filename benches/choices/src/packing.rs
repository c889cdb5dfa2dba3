//! How text is packed, its alphabet known.

use crate::table::Table;
use crate::texts::scramble;
use crate::timing::{Effort, Work, work};

/// Which characters the nibbles stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    Nibble,
    Hex,
}

/// A short number, a phone number, a message id, a call id, the longest there is.
pub const LENGTHS: [(usize, Alphabet); 5] =
    [(5, Alphabet::Nibble), (11, Alphabet::Nibble), (20, Alphabet::Hex), (32, Alphabet::Hex), (127, Alphabet::Nibble)];

/// Packs the first `length` of `text` to the front of `room`; more may stand behind it, as among joined texts. Gives the
/// number of octets.
type Pack = fn(text: &[u8], length: usize, room: &mut [u8]) -> usize;

const WAYS: [(&str, Pack); 4] =
    [("vectors", vectors), ("nibble by nibble", nibbles), ("table of characters", table), ("SWAR on u64", words)];

pub fn measure(effort: Effort) -> Table {
    let columns = WAYS.map(|(name, _)| name);
    let about = "One text whose alphabet is known, into room that is there; 256 different texts in a row.";
    let mut table = Table::new("Packing", about, &columns, effort);
    for (length, alphabet) in LENGTHS {
        let texts = packed_texts(length, alphabet);
        let joined: Vec<u8> = texts.iter().flat_map(|(text, _)| text.bytes()).chain([b' '; PIECE]).collect();
        let starts: Vec<usize> = (0..texts.len()).map(|n| n * length).collect();
        let contenders = WAYS.map(|(name, pack)| {
            for ((text, packed), start) in texts.iter().zip(&starts) {
                let mut room = [0; 128];
                let octets = pack(&joined[*start..], length, &mut room);
                assert_eq!(&room[..octets], packed, "{name}: {text}");
            }
            Some(packer(&joined, &starts, length, pack))
        });
        table.row(format!("{length} characters, {alphabet:?}"), texts.len(), contenders.into());
    }
    table
}

fn packer<'w>(joined: &'w [u8], starts: &'w [usize], length: usize, pack: Pack) -> Work<'w> {
    let mut room = vec![0; starts.len() * length + 2 * PIECE];
    work(move || {
        let (mut end, mut sum) = (0, 0);
        for start in starts {
            let (text, room) = (joined.get(*start..).unwrap_or(&[]), room.get_mut(end..).unwrap_or(&mut []));
            end += pack(text, length, room);
        }
        for octet in room.iter().take(end).step_by(7) {
            sum += u64::from(*octet);
        }
        sum
    })
}

/// Texts and what they are packed, one character at a time as a person would.
pub fn packed_texts(length: usize, alphabet: Alphabet) -> Vec<(String, Vec<u8>)> {
    let characters = match alphabet {
        Alphabet::Nibble => "0123456789-.",
        Alphabet::Hex => "0123456789ABCDEF",
    };
    let text = |n: u64| -> (String, Vec<u8>) {
        let nibbles = (0..length as u64).map(|at| (scramble(n * 128 + at) >> 32) as usize % characters.len());
        let nibbles: Vec<usize> = nibbles.collect();
        let text = nibbles.iter().map(|nibble| char::from(characters.as_bytes()[*nibble])).collect();
        let octets = nibbles.chunks(2).map(|pair| (pair[0] << 4 | pair.get(1).unwrap_or(&15)) as u8).collect();
        (text, octets)
    };
    (0..256).map(text).collect()
}

#[inline(never)]
fn nibbles(text: &[u8], length: usize, room: &mut [u8]) -> usize {
    let text = text.get(..length).unwrap_or(text);
    let nibble = |character: u8| match character {
        b'0'..=b'9' => character - b'0',
        b'-' => 10,
        b'.' => 11,
        _ => character.wrapping_sub(b'A' - 10),
    };
    for (octet, pair) in room.iter_mut().zip(text.chunks(2)) {
        *octet = match *pair {
            [high, low] => nibble(high) << 4 | nibble(low),
            [high] => nibble(high) << 4 | 15,
            _ => 0,
        };
    }
    length.div_ceil(2)
}

static NIBBLES: [u8; 256] = {
    let mut nibbles = [0; 256];
    let characters = b"0123456789ABCDEF";
    let mut nibble = 0;
    while nibble < 16 {
        nibbles[characters[nibble] as usize] = nibble as u8;
        nibble += 1;
    }
    nibbles[b'-' as usize] = 10;
    nibbles[b'.' as usize] = 11;
    nibbles
};

#[inline(never)]
fn table(text: &[u8], length: usize, room: &mut [u8]) -> usize {
    let text = text.get(..length).unwrap_or(text);
    let nibble = |character: u8| NIBBLES[usize::from(character)];
    let (pairs, odd) = text.as_chunks::<2>();
    for (octet, [high, low]) in room.iter_mut().zip(pairs) {
        *octet = nibble(*high) << 4 | nibble(*low);
    }
    if let (Some(octet), Some(last)) = (room.get_mut(length / 2), odd.first()) {
        *octet = nibble(*last) << 4 | 15;
    }
    length.div_ceil(2)
}

/// Eight characters become four octets, in a register.
#[inline(never)]
fn words(text: &[u8], length: usize, room: &mut [u8]) -> usize {
    let pieces = text.as_chunks::<8>().0.iter().zip(room.as_chunks_mut::<4>().0);
    for (characters, octets) in pieces.take(length.div_ceil(8)) {
        let word = u64::from_le_bytes(*characters);
        let each = |bits: u64| bits & 0x0101_0101_0101_0101;
        let (letters, marks) = (each(word >> 6), each(!(word >> 6 | word >> 4)));
        let nibbles = (word + letters * 9 + marks * 13) & 0x0f0f_0f0f_0f0f_0f0f;
        let pairs = (nibbles << 4 | nibbles >> 8) & 0x00ff_00ff_00ff_00ff;
        let pairs = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff;
        *octets = ((pairs | pairs >> 16) as u32).to_le_bytes();
    }
    behind_packed(length, room)
}

const PIECE: usize = 16;

/// From `src/kernel/packed/pack.rs`: `pack`, and `pack_all`, whose last piece is read from behind
/// the text too.
#[inline(always)]
fn vectors(text: &[u8], length: usize, room: &mut [u8]) -> usize {
    if length <= PIECE
        && let (Some(characters), Some(octets)) = (text.first_chunk(), room.first_chunk_mut())
    {
        pack(characters, octets);
        return behind_packed(length, room);
    }
    pack_all(text, length, room)
}

#[inline(never)]
fn pack_all(text: &[u8], length: usize, room: &mut [u8]) -> usize {
    let (mut left, mut rest) = (&mut *room, text);
    for _ in 0..length.div_ceil(PIECE) {
        let Some((octets, behind)) = left.split_first_chunk_mut() else { return 0 };
        let Some((characters, after)) = rest.split_first_chunk() else { return 0 };
        pack(characters, octets);
        rest = after;
        left = behind;
    }
    behind_packed(length, room)
}

/// Pads the last octet.
#[inline(always)]
fn behind_packed(length: usize, room: &mut [u8]) -> usize {
    let octets = length.div_ceil(2);
    if let Some(last) = room.get_mut(octets - 1) {
        *last |= 15 * (length & 1) as u8;
    }
    octets
}

/// From `src/kernel/packed/pack.rs`: pairs of characters are numbers, so that this becomes vector instructions.
#[inline(always)]
fn pack(characters: &[u8; PIECE], octets: &mut [u8; PIECE / 2]) {
    let characters = *characters;
    let (pairs, _) = characters.as_chunks::<2>();
    for (octet, pair) in octets.iter_mut().zip(pairs) {
        let pair = u16::from_le_bytes(*pair);
        let letters = pair >> 6 & 0x0101;
        let marks = !(pair >> 6 | pair >> 4) & 0x0101;
        let nibbles = pair.wrapping_add(letters.wrapping_mul(9)).wrapping_add(marks.wrapping_mul(13)) & 0x0f0f;
        *octet = (nibbles << 4 | nibbles >> 8) as u8;
    }
}
