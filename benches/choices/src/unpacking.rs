//! How packed text is checked and unpacked.

use crate::packing::{Alphabet, LENGTHS, packed_texts};
use crate::table::Table;
use crate::timing::{Effort, Work, work};

/// Appends the characters of the octets that `packed` begins with, and whatever comes easily behind them. Gives whether
/// all of them are allowed. More may stand behind the octets, as in a body.
type Unpack = fn(packed: &[u8], length: usize, alphabet: Alphabet, out: &mut Vec<u8>) -> bool;

const WAYS: [(&str, Unpack); 4] =
    [("vectors", vectors), ("nibble by nibble", nibbles), ("table of pairs", pairs), ("SWAR on u64", words)];

pub fn measure(effort: Effort) -> Table {
    let columns = WAYS.map(|(name, _)| name);
    let about = "One text, checked and appended to a vector; 256 different texts in a row, as in a body.";
    let mut table = Table::new("Unpacking", about, &columns, effort);
    for (length, alphabet) in LENGTHS {
        let texts = packed_texts(length, alphabet);
        let body: Vec<u8> = texts.iter().flat_map(|(_, packed)| packed.iter().copied()).chain([0; 8]).collect();
        let octets = length.div_ceil(2);
        let starts: Vec<usize> = (0..texts.len()).map(|n| n * octets).collect();
        let contenders = WAYS.map(|(name, unpack)| {
            check(name, unpack, alphabet);
            for ((text, _), start) in texts.iter().zip(&starts) {
                let mut out = Vec::new();
                assert!(unpack(&body[*start..], length, alphabet, &mut out), "{name}: {text}");
                assert_eq!(&out[..length], text.as_bytes(), "{name}");
            }
            Some(unpacker(&body, &starts, length, alphabet, unpack))
        });
        table.row(format!("{length} characters, {alphabet:?}"), texts.len(), contenders.into());
    }
    table
}

fn unpacker<'w>(body: &'w [u8], starts: &'w [usize], length: usize, alphabet: Alphabet, unpack: Unpack) -> Work<'w> {
    let mut out = Vec::new();
    work(move || {
        out.clear();
        let mut sum = 0;
        for start in starts {
            let begin = out.len();
            let fine = unpack(body.get(*start..).unwrap_or(&[]), length, alphabet, &mut out);
            sum += u64::from(fine) + u64::from(out.get(begin + length - 1).copied().unwrap_or(0));
        }
        sum
    })
}

/// Refuses what is not of the alphabet, wherever it stands.
fn check(name: &str, unpack: Unpack, alphabet: Alphabet) {
    for count in 1..40 {
        for wrong in 0..count {
            for (octet, is_odd, padding) in [(0xc1, false, 0x11), (0x1e, false, 0x11), (0x11, true, 0x12)] {
                let mut octets = vec![0x11_u8; count];
                octets[count - 1] = if is_odd { padding } else { 0x11 };
                octets[wrong] = if is_odd { octets[wrong] } else { octet };
                octets.extend([0xff; 8]);
                let fine = alphabet == Alphabet::Hex && !is_odd;
                let length = count * 2 - usize::from(is_odd);
                assert_eq!(unpack(&octets, length, alphabet, &mut Vec::new()), fine, "{name}: {octets:x?}");
            }
        }
    }
}

const PAD: u8 = 15;

#[inline(never)]
fn nibbles(packed: &[u8], length: usize, alphabet: Alphabet, out: &mut Vec<u8>) -> bool {
    for at in 0..length.next_multiple_of(2) {
        let Some(octet) = packed.get(at / 2) else { return false };
        let nibble = if at % 2 == 0 { octet >> 4 } else { octet & PAD };
        if at == length {
            return nibble == PAD;
        }
        out.push(match (nibble, alphabet) {
            (0..=9, _) => b'0' + nibble,
            (10, Alphabet::Nibble) => b'-',
            (11, Alphabet::Nibble) => b'.',
            (_, Alphabet::Hex) => b'A' + nibble - 10,
            _ => return false,
        });
    }
    true
}

/// The two characters of each octet; zeros where there are none.
type Pairs = [[u8; 2]; 256];

const fn pairs_of(characters: &[u8; 16]) -> Pairs {
    let mut pairs = [[0; 2]; 256];
    let mut octet = 0;
    while octet < 256 {
        pairs[octet] = [characters[octet >> 4], characters[octet & 15]];
        octet += 1;
    }
    pairs
}

static NIBBLE_PAIRS: Pairs = pairs_of(b"0123456789-.\0\0\0\0");
static HEX_PAIRS: Pairs = pairs_of(b"0123456789ABCDEF");

#[inline(never)]
fn pairs(packed: &[u8], length: usize, alphabet: Alphabet, out: &mut Vec<u8>) -> bool {
    let pairs = if alphabet == Alphabet::Nibble { &NIBBLE_PAIRS } else { &HEX_PAIRS };
    let Some((whole, rest)) = packed.split_at_checked(length / 2) else { return false };
    let mut smallest = u8::MAX;
    out.extend(whole.iter().flat_map(|octet| {
        let pair = pairs[usize::from(*octet)];
        smallest = smallest.min(pair[0]).min(pair[1]);
        pair
    }));
    if length.is_multiple_of(2) {
        return smallest > 0;
    }
    let Some(last) = rest.first() else { return false };
    let character = pairs[usize::from(*last)][0];
    out.push(character);
    smallest.min(character) > 0 && last & PAD == PAD
}

/// A byte in each byte of a word.
const fn every(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Four octets become eight characters, in a register.
#[inline(never)]
fn words(packed: &[u8], length: usize, alphabet: Alphabet, out: &mut Vec<u8>) -> bool {
    let highest = if alphabet == Alphabet::Nibble { 11 } else { 15 };
    let (mut wrong, mut left, mut rest) = (0, length, packed);
    while left > 0 {
        let (four, after) = match rest.split_first_chunk::<4>() {
            Some((four, after)) => (*four, after),
            None => {
                let mut four = [0; 4];
                four.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                (four, &[][..])
            }
        };
        // Each octet at the low end of two bytes, then its nibbles one a byte.
        let spread = u64::from(u32::from_le_bytes(four));
        let spread = (spread | spread << 16) & 0x0000_ffff_0000_ffff;
        let spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff;
        let nibbles = (spread >> 4 | spread << 8) & every(PAD);
        // Bit 7 of a byte of a sum: it is above 9, or above the highest.
        let letters = ((nibbles + every(0x80 - 10)) & every(0x80)) >> 7;
        let digits = nibbles + every(b'0');
        let characters = match alphabet {
            Alphabet::Nibble => digits - letters * u64::from(b':' - b'-'),
            Alphabet::Hex => digits + letters * u64::from(b'A' - b':'),
        };
        let counted = if left >= 8 { u64::MAX } else { (1 << (left * 8)) - 1 };
        wrong |= (nibbles + every(0x7f - highest)) & every(0x80) & counted;
        if left < 8 && left % 2 == 1 {
            wrong |= (nibbles >> (left * 8)) as u8 as u64 ^ u64::from(PAD);
        }
        out.extend_from_slice(&characters.to_le_bytes());
        left = left.saturating_sub(8);
        rest = after;
    }
    wrong == 0
}

/// Appends, as the others do. `src/kernel/packed/unpack.rs` works on the same words and vectors, but in memory that is there,
/// and with a table of what a length byte says.
#[inline(always)]
fn vectors(packed: &[u8], length: usize, alphabet: Alphabet, out: &mut Vec<u8>) -> bool {
    match alphabet {
        Alphabet::Nibble => vectors_of::<{ b'-'.wrapping_sub(b':') }>(packed, length, out) == 0,
        Alphabet::Hex => vectors_of::<HEX_STEP>(packed, length, out) & BAD_PADDING == 0,
    }
}

const HEX_STEP: u8 = b'A' - b':';
const BAD_PADDING: u64 = 1;

#[inline(never)]
fn vectors_of<const STEP: u8>(octets: &[u8], length: usize, out: &mut Vec<u8>) -> u64 {
    let marks_of = |word: u64| {
        let above = if STEP == HEX_STEP { word << 1 | word << 2 } else { word << 1 };
        word & above & 0x8888_8888_8888_8888
    };
    let (words, _) = octets.as_chunks::<8>();
    let mut left = length.div_ceil(2);
    let mut marks = 0;
    for index in 0.. {
        let end;
        let word = match words.get(index) {
            Some(word) => word,
            None => {
                end = at_the_end(octets);
                &end
            }
        };
        let characters = characters::<STEP>(word);
        if left > 8 {
            out.extend_from_slice(&characters);
            marks |= marks_of(u64::from_le_bytes(*word));
            left -= 8;
            continue;
        }
        if left > 4 {
            out.extend_from_slice(&characters);
        } else if left > 0 {
            out.extend_from_slice(characters.first_chunk::<8>().unwrap_or(&[b' '; 8]));
        } else {
            break;
        }
        let last = u64::from_le_bytes(*word) << (8_usize.wrapping_sub(left).wrapping_mul(8) & 63);
        if length & 1 == 0 {
            marks |= marks_of(last);
        } else {
            const PADDING: u64 = (PAD as u64) << 56;
            marks |= marks_of(last & !PADDING);
            if last & PADDING != PADDING {
                marks |= BAD_PADDING;
            }
        }
        break;
    }
    marks
}

#[inline(never)]
fn at_the_end(octets: &[u8]) -> [u8; 8] {
    let mut eight = [0; 8];
    eight.iter_mut().zip(octets.as_chunks::<8>().1).for_each(|(to, from)| *to = *from);
    eight
}

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
