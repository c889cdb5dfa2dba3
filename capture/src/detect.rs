//! Detects the form of an input by its first bytes.

use serde_json::Deserializer;
use serde_json::value::RawValue;

use crate::frame_start::starts_like_a_frame;
use crate::lines::is_skipped;
use crate::{frame_stream, hints, json, log, markup, wacrg};

/// The reader for an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Hex,
    Base64,
    /// Bytes in any spelling, dumps, labels.
    Pasted,
    Raw,
    Stream,
    JsonLines,
    /// JSON values one after another, or arrays of them.
    Json,
    /// A browser's network recording.
    Har,
    Log,
    /// Capture records of the public call research group.
    Wacrg,
    Xml,
}

pub(crate) struct Guess {
    pub(crate) kind: Kind,
    /// The assumption to report, if the input could have another form.
    pub(crate) assumed: Option<&'static str>,
}

/// A form, and the test for it. The first rule that fits counts.
struct Rule {
    kind: Kind,
    fits: fn(&[u8], bool) -> bool,
}

/// The rules for texts with frames.
const OF_TEXTS: [Rule; 6] = [
    Rule { kind: Kind::Wacrg, fits: |start, _| wacrg::read::starts(start) },
    Rule { kind: Kind::Har, fits: |start, _| is_har(start) },
    Rule { kind: Kind::Log, fits: |start, is_all| is_log(start, is_all) },
    Rule { kind: Kind::Json, fits: |start, is_all| is_json(start) && json(start, is_all) == Kind::Json },
    Rule { kind: Kind::JsonLines, fits: |start, _| is_json(start) },
    Rule { kind: Kind::Xml, fits: |start, _| is_xml(start) },
];

/// The form of an input with frames. `is_all`: `start` is the whole input.
pub(crate) fn frames(start: &[u8], is_all: bool) -> Guess {
    let certain = |kind| Guess { kind, assumed: None };
    if frame_stream::starts(start) {
        return certain(Kind::Stream);
    }
    if hints::is_mitmproxy_flow(start) {
        return certain(Kind::Raw);
    }
    if is_text(start) {
        return certain(text(start, is_all).unwrap_or(Kind::Pasted));
    }
    if !starts_like_a_frame(start) && is_framed(start, is_all) {
        let assumed = Some("assuming frames with 24-bit lengths (--from stream)");
        return Guess { kind: Kind::Stream, assumed };
    }
    Guess { kind: Kind::Raw, assumed: Some("assuming one frame as it is (--from raw)") }
}

fn text(start: &[u8], is_all: bool) -> Option<Kind> {
    OF_TEXTS.iter().find(|rule| (rule.fits)(start, is_all)).map(|rule| rule.kind)
}

/// The form of an input with trees.
pub(crate) fn trees(start: &[u8], is_all: bool) -> Kind {
    match first_significant(start) {
        Some(b'<') => Kind::Xml,
        _ if is_har(start) => Kind::Har,
        _ if is_log(start, is_all) => Kind::Log,
        _ => json(start, is_all),
    }
}

/// The form of an input declared as JSON lines: lines, or the array that the other JSON format prints.
pub(crate) fn json_lines_or_array(start: &[u8]) -> Kind {
    if first_significant(start) == Some(b'[') { Kind::Json } else { Kind::JsonLines }
}

/// Whether JSON objects or lists of them follow; a list of numbers is bytes.
fn is_json(start: &[u8]) -> bool {
    let Some(line) = significant(start).next() else { return false };
    let first = line.trim_ascii_start();
    let from = first.as_ptr() as usize - start.as_ptr() as usize;
    let mut characters = start.get(from..).unwrap_or(first).iter().filter(|byte| !byte.is_ascii_whitespace());
    match (characters.next(), characters.next(), characters.next()) {
        (Some(b'{'), next, _) => !matches!(next, Some(b'0'..=b'9')),
        (Some(b'['), None | Some(b'{' | b'[' | b'"'), _) => true,
        // `[]byte{` is Go.
        (Some(b'['), Some(b']'), behind) => behind.is_none(),
        (Some(b'['), next, _) => !first.ends_with(b"]") && !is_number(next),
        _ => false,
    }
}

fn is_number(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-')
}

fn is_xml(start: &[u8]) -> bool {
    let Some(line) = significant(start).next() else { return false };
    let line = line.trim_ascii_start();
    line.starts_with(b"<?xml") || std::str::from_utf8(line.get(..200).unwrap_or(line)).is_ok_and(markup::starts)
}

/// Whether a text starts with `{"log": {` and has entries of a recording.
fn is_har(start: &[u8]) -> bool {
    let compact: Vec<u8> = start.iter().take(4096).filter(|byte| !byte.is_ascii_whitespace()).copied().collect();
    compact.starts_with(b"{\"log\":{")
}

/// Whether a client's logger wrote one of the lines.
fn is_log(start: &[u8], is_all: bool) -> bool {
    let lines = || whole_lines(start, is_all).split(|byte| *byte == b'\n');
    if is_xml(start) {
        return false;
    }
    let is_own = |line: &[u8]| line.trim_ascii_start().starts_with(b"{") && json::is_own(line.trim_ascii());
    match lines().find(|line| log::is_of_log(line)) {
        // A logged stanza among our own records does not make the input a log.
        Some(_) => !lines().take(3).any(is_own),
        None => lines().filter(|line| !line.is_empty()).take(20).filter(|line| log::is_entry(line)).count() > 2,
    }
}

/// Text starts with a character, unlike a frame, and has few bytes that are not text. (A frame may be mostly text.)
fn is_text(start: &[u8]) -> bool {
    // Colour codes start with an escape.
    let is_odd =
        |character: &char| character.is_control() && !character.is_ascii_whitespace() && *character != '\u{1b}';
    let odd = |chunk: std::str::Utf8Chunk<'_>| chunk.valid().chars().filter(is_odd).count() + chunk.invalid().len();
    let first = start.utf8_chunks().next().map(|chunk| chunk.valid().chars().next());
    match first {
        None => true,
        Some(None) => false,
        Some(Some(first)) => !is_odd(&first) && start.utf8_chunks().map(odd).sum::<usize>() <= start.len() / 3,
    }
}

/// The first line that is not blank, if it is complete.
pub(crate) fn first_line(start: &[u8]) -> Option<&[u8]> {
    let whole = start.iter().rposition(|byte| *byte == b'\n').and_then(|end| start.get(..end))?;
    whole.split(|byte| *byte == b'\n').find(|line| !is_skipped(line))
}

/// Whether the first line alone shows that each line is an object.
pub(crate) fn settles(line: &[u8], is_json: bool) -> bool {
    let line = line.trim_ascii();
    line.starts_with(b"{") && line.ends_with(b"}") && (is_json || json::is_own(line))
}

/// Whether the lengths lead from frame to frame, at least one of which starts like a frame, and exactly to the end of a
/// whole input.
fn is_framed(start: &[u8], is_all: bool) -> bool {
    let mut rest = start;
    let mut found = false;
    while let [a, b, c, behind @ ..] = rest {
        let length = u32::from_be_bytes([0, *a, *b, *c]) as usize;
        let like_a_frame = starts_like_a_frame(behind);
        if like_a_frame && rest.len() == start.len() {
            return true;
        }
        found |= like_a_frame;
        match behind.get(length..) {
            Some(next) => rest = next,
            None => return found && !is_all,
        }
    }
    found && (rest.is_empty() || !is_all)
}

/// The first byte of the first line that is neither empty nor a comment.
fn first_significant(start: &[u8]) -> Option<u8> {
    let line = significant(start).next()?;
    line.trim_ascii_start().first().copied()
}

/// The lines that are neither empty nor comments; the last may be cut.
fn significant(start: &[u8]) -> impl Iterator<Item = &[u8]> {
    start.split(|byte| *byte == b'\n').filter(|line| !is_skipped(line))
}

/// JSON lines, or JSON over several lines. An input with malformed lines is still JSON lines if another line is a
/// complete object.
fn json(start: &[u8], is_all: bool) -> Kind {
    let Some(first) = significant(start).next() else { return Kind::JsonLines };
    let from_first = start.get(first.as_ptr() as usize - start.as_ptr() as usize..).unwrap_or(first);
    let mut values = Deserializer::from_slice(from_first).into_iter::<&RawValue>();
    let is_array = from_first.trim_ascii_start().starts_with(b"[");
    let is_lines = match values.next() {
        _ if !matches!(from_first.trim_ascii_start().first(), Some(b'{' | b'[')) => true,
        Some(Ok(_)) if is_array => false,
        Some(Ok(_)) => first.get(values.byte_offset()..).is_some_and(|rest| rest.trim_ascii().is_empty()),
        // The array continues after the start.
        Some(Err(error)) if is_array && error.is_eof() => false,
        _ => significant(start).nth(1).is_none() || significant(whole_lines(start, is_all)).any(is_object),
    };
    if is_lines { Kind::JsonLines } else { Kind::Json }
}

/// The text without its last line, unless that is known to be complete.
fn whole_lines(start: &[u8], is_all: bool) -> &[u8] {
    let last_break = start.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
    start.get(..if is_all { start.len() } else { last_break }).unwrap_or(start)
}

fn is_object(line: &[u8]) -> bool {
    line.first() == Some(&b'{') && serde_json::from_slice::<&RawValue>(line).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn frames_are(start: impl AsRef<[u8]>, form: Kind) {
        assert_eq!(frames(start.as_ref(), true).kind, form, "{:?}", start.as_ref().escape_ascii().to_string());
    }

    #[test]
    fn binary_input_is_a_stream_or_one_frame() {
        frames_are(b"WA\x06\x03", Kind::Stream);
        frames_are(b"ED\0\x01\0\0\0WA\x06\x03", Kind::Stream);
        frames_are(b"\0\xf8\x01\x1b", Kind::Raw);
        frames_are(b"\xf8\x01\x1b", Kind::Raw);
        frames_are(b"\x02\x78\x9c\0", Kind::Raw);
        frames_are(b"\0\0\x04\0\xf8\x01\x1b", Kind::Stream);
        frames_are(b"\0\0\x04\0\xf8\x01\x1b\0\0\x03\xf8\x01\x1b", Kind::Stream);
        // Cut in the last frame, and in the only one.
        frames_are(b"\0\0\x04\0\xf8\x01\x1b\0\0\x09\0", Kind::Stream);
        frames_are(b"\0\0\x09\0\xf8\x01", Kind::Stream);
        // A frame of something else before one that is one.
        frames_are(b"\0\0\x02ab\0\0\x04\0\xf8\x01\x1b", Kind::Stream);
        frames_are(b"\0\0\x02ab\0\0\x05\0\xf8\x01\x1b", Kind::Raw);
        frames_are([0; 3], Kind::Raw);
        frames_are(b"\x80\xf8\x01\x1b", Kind::Raw);
        let mut mostly_text = b"\0\0\x45\0\xf8\x02\x1b\xfc\x40".to_vec();
        mostly_text.extend([b'a'; 0x40]);
        frames_are(mostly_text, Kind::Stream);
        frames_are([b"\xf8\x02\x1b\xfc\x40", &[b'a'; 0x40][..]].concat(), Kind::Raw);
        // The start of a longer input may end inside a frame.
        assert_eq!(frames(b"\0\0\x02ab\0\0\x04\0\xf8", false).kind, Kind::Stream);
    }

    #[test]
    fn text_is_json_or_lines() {
        for text in ["", "\n", "00f8011b", "# note\r\n\r\n00 f8", "APgBGw==", "00f8\n\u{1}\u{2}?\n00f8011b\n", "WA"] {
            frames_are(text, Kind::Pasted);
        }
        frames_are(b"00f8011b 00f8011b 00f8011b\n\xff\xfe\n", Kind::Pasted);
        frames_are("# note\n {\"hex\": \"00\"}\n", Kind::JsonLines);
        frames_are("[\n{\"hex\": \"00\"}\n]\n", Kind::Json);
    }

    #[test]
    fn json_is_lines_if_a_line_is_an_object() {
        for lines in [
            "{\"tag\": \"a\"}",
            "{\"tag\": \"a\"}\n{\"tag\"",
            "{\"tag\": \n{\"tag\": \"a\"}\n",
            "{\"tag\": \"a\n{\"tag\": \"a\"}\n",
            "[oops\n{\"tag\": \"a\"}\n",
            "{\"tag\": \"a\"",
            "oops",
            "00f8011b\n00f80107\n",
            "",
        ] {
            assert_eq!(trees(lines.as_bytes(), true), Kind::JsonLines, "{lines}");
        }
        for document in [
            "[]",
            "{\n  \"tag\": \"a\"\n}\n",
            "{\"tag\": \"a\",\n\"content\": {\"nodes\": [\n{\"tag\": \"b\"}\n]}}",
            "{\"tag\": \"a\"} {\"tag\": \"b\"}",
            "{\n  \"tag\": oops\n}\n",
            "{\n  \"tag\": \"a\",\n",
            "[{\"tag\": \"a\"},\n",
        ] {
            assert_eq!(trees(document.as_bytes(), true), Kind::Json, "{document}");
        }
        // The start of a longer input may end at any place.
        for (start, form) in [
            ("[{\"tag\": \"a\"}\n,{\"tag\": \"b\"}\n", Kind::Json),
            ("{\n\"a\":\n{\"tag\": \"b\"}", Kind::Json),
            ("{\"tag\": \"a\"}\n{\"tag\"", Kind::JsonLines),
            ("{\"tag\": \"aaaa", Kind::JsonLines),
        ] {
            assert_eq!(trees(start.as_bytes(), false), form, "{start}");
        }
    }

    #[test]
    fn trees_that_start_with_a_bracket_are_xml() {
        for xml in ["<ack/>", "# note\n\n <ack/>", "<?xml version='1.0'?>", "<"] {
            assert_eq!(trees(xml.as_bytes(), true), Kind::Xml, "{xml}");
        }
    }
}
