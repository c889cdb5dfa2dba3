//! The hash of the token table. `build.rs`, which lays the table out, and the lookup share this file.

use super::word::short_word;

/// Number of slots of a table; a power of two, and several times the 1259 tokens.
pub(crate) const SLOTS: usize = 4096;

/// Texts shorter than this are their own key.
pub(crate) const SHORT: usize = 8;

/// The key of a text, which is not 0. For a text of up to seven bytes the key is those bytes and the length, so no other
/// text has it, and the lookup compares keys only. For a longer text the highest bit is set and the rest mixes every byte:
/// tokens such as `multi_scan_enabled` differ only in the middle.
///
/// Mixes eight bytes at a time. The last eight bytes are mixed again instead of a loop over the remaining bytes.
#[inline(always)]
pub(crate) fn key(text: &[u8]) -> u64 {
    match (text.split_first_chunk::<SHORT>(), text.last_chunk::<SHORT>()) {
        (Some((first, mut rest)), Some(last)) => {
            let mut key = fold(text.len() as u64 ^ u64::from_le_bytes(*first));
            while let Some((word, behind)) = rest.split_first_chunk() {
                key = fold(key ^ u64::from_le_bytes(*word));
                rest = behind;
            }
            (key ^ u64::from_le_bytes(*last)) | 1 << 63
        }
        _ => short_word(text) | (text.len() as u64).wrapping_add(1) << 56,
    }
}

/// The slot where the lookup of a key starts: the top twelve bits of a product. The lookup continues to the next slots
/// until one is free.
#[inline(always)]
pub(crate) fn first_slot(key: u64) -> usize {
    (key.wrapping_mul(MULTIPLIER) >> 52) as usize
}

#[inline(always)]
pub(crate) fn next_slot(slot: usize) -> usize {
    slot.wrapping_add(1) & (SLOTS - 1)
}

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

#[inline(always)]
fn fold(word: u64) -> u64 {
    let product = u128::from(word).wrapping_mul(u128::from(MULTIPLIER));
    (product as u64) ^ ((product >> 64) as u64)
}

#[cfg(test)]
mod tests {
    use arbtest::arbtest;

    use super::*;

    fn naive_key(text: &[u8]) -> u64 {
        let word = |bytes: &[u8]| (0..).zip(bytes).map(|(at, byte)| u64::from(*byte) << (8 * at)).sum::<u64>();
        let length = text.len() as u64;
        if length < 8 {
            return word(text) + ((length + 1) << 56);
        }
        let mut key = length;
        for eight in text.chunks_exact(8) {
            let product = u128::from(key ^ word(eight)) * 0x9e37_79b9_7f4a_7c15;
            key = (product % (1 << 64)) as u64 ^ (product / (1 << 64)) as u64;
        }
        (key ^ word(&text[text.len() - 8..])) | 1 << 63
    }

    fn check(text: &[u8]) {
        let key = key(text);
        assert_eq!(key, naive_key(text), "{text:?}");
        assert_eq!((key >> 63 == 1, key == 0), (text.len() >= SHORT, false), "{text:?}");
        assert_eq!(first_slot(key), (key.wrapping_mul(MULTIPLIER) / (1 << 52)) as usize);
        assert!(first_slot(key) < SLOTS);
    }

    #[test]
    fn mixes_as_word_by_word() {
        for length in 0..=70 {
            check(&vec![0; length]);
            check(&vec![0xff; length]);
            check(&(1..).take(length).collect::<Vec<u8>>());
        }
        (0..=u16::MAX).for_each(|text| check(&text.to_le_bytes()));
        arbtest(|u| {
            check(u.arbitrary()?);
            Ok(())
        });
    }

    #[test]
    fn every_slot_is_looked_at_and_then_the_first_one_again() {
        for slot in 0..SLOTS {
            assert_eq!(next_slot(slot), (slot + 1) % SLOTS);
        }
    }
}
