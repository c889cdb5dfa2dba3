//! Writes bytes as base64 (RFC 4648, standard alphabet, padded) into streamed text.

use std::fmt::{Result, Write};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Writes `bytes` as base64.
pub(super) fn write_base64(out: &mut impl Write, bytes: &[u8]) -> Result {
    for run in bytes.chunks(48) {
        let mut digits = [b'='; 64];
        for (group, written) in run.chunks(3).zip(digits.chunks_exact_mut(4)) {
            let word = group.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
            for (place, digit) in written.iter_mut().enumerate().take(group.len() + 1) {
                *digit = *ALPHABET.get((word >> (18 - 6 * place)) as usize & 63).ok_or(std::fmt::Error)?;
            }
        }
        let digits = digits.get(..run.len().div_ceil(3) * 4).ok_or(std::fmt::Error)?;
        out.write_str(std::str::from_utf8(digits).map_err(|_| std::fmt::Error)?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_examples_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            let mut out = String::new();
            write_base64(&mut out, bytes.as_bytes()).unwrap();
            assert_eq!(out, text);
        }
    }
}
