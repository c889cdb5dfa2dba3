//! Frames as hexadecimal and base64 text.

use data_encoding::{BASE64_NOPAD, HEXLOWER_PERMISSIVE};

use crate::hints;
use crate::record::{Fault, Payload};

/// Why a text is no frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadText {
    pub(super) kind: &'static str,
    /// In the text.
    pub(super) offset: usize,
    pub(super) message: &'static str,
}

/// A frame from a line that is one.
pub(super) fn whole_line(text: &[u8], read: impl FnOnce(&[u8]) -> Result<Vec<u8>, BadText>) -> Payload {
    let fault = |bad: BadText| Fault::in_line(bad.kind, bad.offset, bad.message).with_hint(hints::of_line(text));
    read(text).map_or_else(|bad| fault(bad).into(), |frame| Payload::Frame(frame.into()))
}

/// Two digits a byte, either case. Spaces, tabs, colons and `0x` may stand between bytes.
pub(super) fn hex(text: &[u8]) -> Result<Vec<u8>, BadText> {
    let digits = text.trim_ascii();
    let mut frame = vec![0; digits.len() / 2];
    if const_hex::decode_to_slice(digits, &mut frame).is_ok() {
        return Ok(frame);
    }
    frame.clear();
    let mut rest = text.trim_ascii_end();
    while let [first, behind @ ..] = rest {
        rest = match (first, behind) {
            (b' ' | b'\t' | b':', _) => behind,
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
pub(super) fn base64(text: &[u8]) -> Result<Vec<u8>, BadText> {
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

/// Tells hexadecimal from base64, line by line.
#[derive(Default)]
pub(super) struct HexOrBase64 {
    seen_hex: bool,
}

impl HexOrBase64 {
    /// What can be hexadecimal is. No base64 of a frame has hexadecimal digits only (the byte behind the flag, `f8` or
    /// `f9`, puts a letter from `g` to `n` into it), so a line of digits that are odd in number is a bad one. Among
    /// lines of hexadecimal, mistyped ones are often valid base64, so there that has to start like a frame.
    pub(super) fn read(&mut self, text: &[u8]) -> Result<Vec<u8>, BadText> {
        let not_hex = match hex(text) {
            Ok(frame) => {
                self.seen_hex = true;
                return Ok(frame);
            }
            Err(bad) => bad,
        };
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
        for text in ["00f81b", "00 F8 1b", "0x00,0xf8,0x1b".replace(',', " ").as_str(), " 00:f8:1B\t", "0x00f81b"] {
            assert_eq!(hex(text.as_bytes()).ok(), Some(vec![0x00, 0xf8, 0x1b]), "{text}");
        }
        for (text, offset) in [("0 0f8", 1), ("00f", 3), (" 00 fg", 5), ("00,f8", 2), ("zz", 0)] {
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
