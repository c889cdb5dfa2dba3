//! A few bytes as one word. `build.rs` shares this file.

/// Up to eight bytes as a word, the first byte lowest.
///
/// Shifts the bytes in as a loop would, but takes four at once and does not branch on each.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn naive_short_word(bytes: &[u8]) -> u64 {
        bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
    }

    #[test]
    fn a_word_is_its_bytes_one_by_one() {
        for length in 0..=8 {
            for (at, byte) in (0..length).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
                let mut bytes: Vec<u8> = (0xf1..).take(length).collect();
                bytes[at] = byte;
                assert_eq!(short_word(&bytes), naive_short_word(&bytes), "{bytes:x?}");
            }
        }
        assert_eq!(short_word(&[]), 0);
    }
}
