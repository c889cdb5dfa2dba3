//! The hash behind the token table, shared by `build.rs`, which lays the table out, and by the lookup.

/// Number of slots of a table; a power of two, and several times the 1259 tokens.
pub(crate) const SLOTS: usize = 4096;

/// Texts shorter than this are their own key.
pub(crate) const SHORT: usize = 8;

/// A number for a text, not 0. Of a short one it is the bytes and the length, so that no other text has it; of others,
/// with the highest bit set, a mix of every byte, since tokens such as `multi_scan_enabled` differ in the middle only.
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
        _ => short_word(text) | (text.len() as u64 + 1) << 56,
    }
}

/// Where a key is looked for first. After that in the slots behind, up to one that is free.
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
    let product = u128::from(word) * u128::from(MULTIPLIER);
    (product as u64) ^ ((product >> 64) as u64)
}

/// Up to eight bytes as the low end of a word, without a loop.
#[inline(always)]
pub(crate) fn short_word(bytes: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let shift = bytes.len().wrapping_sub(4).wrapping_mul(8) as u32;
        return u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (shift & 63);
    }
    match *bytes {
        [] => 0,
        [a] => u64::from(a),
        [a, b] => u64::from(a) | u64::from(b) << 8,
        [a, b, c, ..] => u64::from(a) | u64::from(b) << 8 | u64::from(c) << 16,
    }
}
