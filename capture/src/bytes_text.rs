//! Bytes as text, in the spellings that programs and people use.
//!
//! Plain hexadecimal and base64 are tried first. Any other text may be a literal of a programming language, a list of
//! numbers or the output of a console ([`literal`]).

use data_encoding::{BASE64_NOPAD, HEXLOWER_PERMISSIVE};

pub(crate) mod literal;

/// Why a text is not a frame.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadText {
    pub(crate) kind: &'static str,
    /// The place in the text.
    pub(crate) offset: usize,
    pub(crate) message: &'static str,
}

/// Reads bytes in any spelling of hexadecimal: `ec0b`, `EC 0B`, `0xec,0x0b`, `\\xec\\x0b`, `[]byte{0xec, 0x0b}`.
///
/// ```
/// assert_eq!(wabinary_capture::read_hex("0xec 0x0b"), Some(vec![0xec, 0x0b]));
/// assert_eq!(wabinary_capture::read_hex("<Buffer ec 0b>"), Some(vec![0xec, 0x0b]));
/// assert_eq!(wabinary_capture::read_hex("e"), None);
/// ```
#[must_use]
pub fn read_hex(text: &str) -> Option<Vec<u8>> {
    hex(text.trim().as_bytes()).ok()
}

/// Hexadecimal digits, or bytes in any spelling that names its base. The error is that of plain hexadecimal.
pub(crate) fn hex(text: &[u8]) -> Result<Vec<u8>, BadText> {
    digits(text).or_else(|bad| literal::read(text).unwrap_or(Err(bad)))
}

/// Two digits for each byte, in either case. Blanks, tabs, colons and `0x` may separate bytes.
fn digits(text: &[u8]) -> Result<Vec<u8>, BadText> {
    let digits = text.trim_ascii();
    let mut frame = vec![0; digits.len() / 2];
    if const_hex::decode_to_slice(digits, &mut frame).is_ok() {
        return Ok(frame);
    }
    frame.clear();
    let mut rest = text.trim_ascii_end();
    while let [first, behind @ ..] = rest {
        rest = match (first, behind) {
            (b' ' | b'\t' | b':' | b'-' | b'\r' | b'\n', _) => behind,
            (b'0', [b'x' | b'X', digits @ ..]) => digits,
            (first, [second, behind @ ..]) if first.is_ascii_hexdigit() && second.is_ascii_hexdigit() => {
                frame.extend(HEXLOWER_PERMISSIVE.decode(&[*first, *second]).unwrap_or_default());
                behind
            }
            _ => {
                let offset = text.trim_ascii_end().len() - rest.len() + usize::from(first.is_ascii_hexdigit());
                let message = "expected two hexadecimal digits for each byte";
                return Err(BadText { kind: "not-hex", offset, message });
            }
        };
    }
    Ok(frame)
}

/// Standard or URL alphabet, padded or not.
pub(crate) fn base64(text: &[u8]) -> Result<Vec<u8>, BadText> {
    let fault = |offset| BadText { kind: "not-base64", offset, message: "expected base64" };
    let indent = text.len() - text.trim_ascii_start().len();
    let padded = text.trim_ascii();
    let unpadded = padded.strip_suffix(b"==").or_else(|| padded.strip_suffix(b"=")).unwrap_or(padded);
    if unpadded.len() < padded.len() && !padded.len().is_multiple_of(4) {
        return Err(fault(indent + unpadded.len()));
    }
    let standard = |symbol: &u8| match symbol {
        b'-' => b'+',
        b'_' => b'/',
        other => *other,
    };
    let unpadded: Vec<u8> = unpadded.iter().map(standard).collect();
    BASE64_NOPAD.decode(&unpadded).map_err(|error| fault(indent + error.position))
}

/// Distinguishes hexadecimal from base64, line by line.
#[derive(Default)]
pub(crate) struct HexOrBase64 {
    seen_hex: bool,
}

impl HexOrBase64 {
    /// A line that can be hexadecimal is read as hexadecimal. The base64 of a frame never has hexadecimal digits only
    /// (the byte after the flag, `f8` or `f9`, gives a letter from `g` to `n`), so an odd number of hexadecimal digits
    /// is a bad line. Among hexadecimal lines, a mistyped one is often valid base64, so there base64 must start like a
    /// frame.
    pub(crate) fn read(&mut self, text: &[u8]) -> Result<Vec<u8>, BadText> {
        let not_hex = match digits(text) {
            Ok(frame) => {
                self.seen_hex = true;
                return Ok(frame);
            }
            Err(bad) => bad,
        };
        if let Some(read) = literal::read(text) {
            return read;
        }
        if text.iter().all(|byte| byte.is_ascii_hexdigit() || b" \t:xX".contains(byte)) {
            return Err(not_hex);
        }
        match base64(text) {
            Ok(frame) if !self.seen_hex || matches!(frame.first(), Some(0x00 | 0x02 | 0xf8 | 0xf9)) => Ok(frame),
            Ok(_) => Err(neither(not_hex.offset)),
            Err(not_base64) => Err(neither(not_hex.offset.max(not_base64.offset))),
        }
    }
}

fn neither(offset: usize) -> BadText {
    BadText { kind: "unreadable-line", offset, message: "neither hexadecimal nor base64" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_has_separators_between_bytes_only() {
        for text in
            ["00f81b", "00 F8 1b", "0x00,0xf8,0x1b", " 00:f8:1B\t", "0x00f81b", "00,f8,1b", "00-F8-1b", "00f81b,"]
        {
            assert_eq!(hex(text.as_bytes()).ok(), Some(vec![0x00, 0xf8, 0x1b]), "{text}");
        }
        for (text, offset) in [("0 0f8", 1), ("00f", 3), (" 00 fg", 5), ("00.f8", 2), ("zz", 0)] {
            assert_eq!(hex(text.as_bytes()).err().map(|bad| bad.offset), Some(offset), "{text}");
        }
    }

    #[test]
    fn base64_has_either_alphabet_and_may_be_padded() {
        for text in ["+/8=", "-_8=", "+/8", "-_8", " -_8 "] {
            assert_eq!(base64(text.as_bytes()).ok(), Some(vec![0xfb, 0xff]), "{text}");
        }
        for (text, offset) in [("+/8==", 3), ("+/8===", 4), ("a b", 1), ("  a*", 3), ("+/9", 2)] {
            assert_eq!(base64(text.as_bytes()).err().map(|bad| bad.offset), Some(offset), "{text}");
        }
    }

    #[test]
    fn lines_are_told_apart() {
        let mut lines = HexOrBase64::default();
        let mut kind = |text: &str| lines.read(text.as_bytes()).map_err(|bad| (bad.kind, bad.offset));
        assert_eq!(kind("APgBGw=="), Ok(vec![0x00, 0xf8, 0x01, 0x1b]));
        assert_eq!(kind("gPgBGw"), Ok(vec![0x80, 0xf8, 0x01, 0x1b]));
        assert_eq!(kind("00f8011b"), Ok(vec![0x00, 0xf8, 0x01, 0x1b]));
        assert_eq!(kind("-AEb"), Ok(vec![0xf8, 0x01, 0x1b]));
        assert_eq!(kind("00f8011"), Err(("not-hex", 7)));
        assert_eq!(kind("00f8zz1b"), Err(("unreadable-line", 4)));
        assert_eq!(kind("not a frame"), Err(("unreadable-line", 3)));
    }
}
