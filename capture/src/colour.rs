//! Escape codes for colours in terminal text.

use std::borrow::Cow;

/// A text without escape sequences (ECMA-48): colours, links and titles.
pub(crate) fn without(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&0x1b) {
        return Cow::Borrowed(text);
    }
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        if *first != 0x1b {
            plain.push(*first);
            continue;
        }
        let length = match behind.first() {
            Some(b'[') => 1 + sequence(behind.get(1..).unwrap_or(&[])),
            Some(b']') => 1 + command(behind.get(1..).unwrap_or(&[])),
            Some(b'(' | b')') => 2,
            Some(0x40..=0x5f) => 1,
            _ => 0,
        };
        rest = behind.get(length..).unwrap_or(&[]);
    }
    Cow::Owned(plain)
}

/// The length of a control sequence after its start: parameters, and the final byte.
fn sequence(rest: &[u8]) -> usize {
    let parameters = rest.iter().take_while(|byte| (0x20..=0x3f).contains(*byte)).count();
    parameters + usize::from(rest.get(parameters).is_some_and(|end| (0x40..=0x7e).contains(end)))
}

/// The length of a terminal command up to BEL or another escape.
fn command(rest: &[u8]) -> usize {
    match rest.iter().position(|byte| matches!(byte, 0x07 | 0x1b)) {
        Some(at) if rest.get(at) == Some(&0x07) => at + 1,
        Some(at) => at + if rest.get(at + 1) == Some(&b'\\') { 2 } else { 0 },
        None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_and_links_are_no_text() {
        for (coloured, plain) in [
            ("plain", "plain"),
            ("\u{1b}[31m[RECEIVED]\u{1b}[0m x", "[RECEIVED] x"),
            ("a\u{1b}[38;5;12mb\u{1b}[K", "ab"),
            ("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{7}", "link"),
            ("\u{1b}]0;title\u{7}x", "x"),
            ("\u{1b}]0;title\u{1b}[31mx", "x"),
            ("end\u{1b}", "end"),
            ("end\u{1b}[", "end"),
            ("\u{1b}[1\u{e9}", "\u{e9}"),
        ] {
            assert_eq!(without(coloured.as_bytes()), plain.as_bytes(), "{coloured:?}");
        }
    }
}
