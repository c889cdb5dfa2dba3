//! The hash behind the token table, shared by `build.rs`, which lays the table out, and by the lookup.

/// Number of first-level buckets of a table; a power of two.
pub(crate) const BUCKETS: usize = 512;
/// Number of slots of a table; a power of two above the 1259 tokens.
pub(crate) const SLOTS: usize = 2048;

/// Texts shorter than this are their own key.
pub(crate) const SHORT: usize = 8;

/// A number for a text: of a short one its bytes and length, and so another one for each; of others a mix of every byte,
/// since tokens such as `multi_scan_enabled` differ in the middle only.
#[inline(always)]
pub(crate) fn key(text: &[u8]) -> u64 {
    match (text.split_first_chunk::<SHORT>(), text.last_chunk::<SHORT>()) {
        (Some((first, mut rest)), Some(last)) => {
            let mut key = fold(text.len() as u64 ^ u64::from_le_bytes(*first));
            while let Some((word, behind)) = rest.split_first_chunk() {
                key = fold(key ^ u64::from_le_bytes(*word));
                rest = behind;
            }
            key ^ u64::from_le_bytes(*last)
        }
        _ => short_word(text) | (text.len() as u64) << 56,
    }
}

/// The bucket of a key, and its slot but for the displacement of the bucket.
#[inline(always)]
pub(crate) fn bucket(key: u64) -> (usize, usize) {
    let hash = fold(key);
    (hash as usize & (BUCKETS - 1), (hash >> 32) as usize)
}

/// The slot of a key.
#[inline(always)]
pub(crate) fn slot(base: usize, displacement: u16) -> usize {
    base.wrapping_add(usize::from(displacement)) & (SLOTS - 1)
}

#[inline(always)]
fn fold(word: u64) -> u64 {
    let product = u128::from(word) * 0xb504_f333_f9de_6485;
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
