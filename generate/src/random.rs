//! Bytes from a seed.

/// Bytes that depend on the seed alone, on every machine and in every version.
///
/// ```
/// assert_eq!(wabinary_generate::random_bytes(1, 4), wabinary_generate::random_bytes(1, 9)[..4]);
/// assert_ne!(wabinary_generate::random_bytes(1, 9), wabinary_generate::random_bytes(2, 9));
/// ```
#[must_use]
pub fn random_bytes(seed: u64, length: usize) -> Vec<u8> {
    // SplitMix64 (Steele, Lea and Flood, 2014).
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    let mut bytes = Vec::with_capacity(length + 8);
    while bytes.len() < length {
        bytes.extend_from_slice(&next().to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}
