//! The hash behind the token table, shared by `build.rs`, which lays the table out, and by the lookup.

/// Number of first-level buckets of a table; a power of two.
pub(crate) const BUCKETS: usize = 512;
/// Number of slots of a table; a power of two above the 1259 tokens.
pub(crate) const SLOTS: usize = 2048;

/// Mixes every byte of `text`: tokens such as `multi_scan_enabled` differ in the middle only.
#[inline]
pub(crate) fn hash(text: &[u8]) -> u64 {
    let mut hash = text.len() as u64;
    match (text.split_first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some((first, mut rest)), Some(last)) => {
            hash = fold(hash ^ u64::from_le_bytes(*first));
            while let Some((word, behind)) = rest.split_first_chunk::<8>() {
                hash = fold(hash ^ u64::from_le_bytes(*word));
                rest = behind;
            }
            fold(hash ^ u64::from_le_bytes(*last))
        }
        _ => fold(hash ^ short_word(text)),
    }
}

/// The slot of a text, by its hash and the displacement of its bucket.
#[inline]
pub(crate) fn slot(hash: u64, displacement: u16) -> usize {
    ((hash >> 32).wrapping_add(u64::from(displacement).wrapping_mul((hash >> 16) | 1)) as usize) & (SLOTS - 1)
}

/// The bucket of a text, by its hash.
#[inline]
pub(crate) fn bucket(hash: u64) -> usize {
    (hash as usize) & (BUCKETS - 1)
}

#[inline]
fn fold(word: u64) -> u64 {
    let product = u128::from(word) * 0x9e37_79b9_7f4a_7c15;
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
