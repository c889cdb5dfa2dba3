//! What form an input has, by what it starts with.

use serde_json::Deserializer;
use serde_json::value::RawValue;

use wabinary::stream::Prologue;

use super::Form;
use super::lines::{BYTE_ORDER_MARK, is_skipped};
use crate::frame_start::starts_like_a_frame;

pub(super) struct Guess {
    pub(super) form: Form,
    /// What to tell a person, where the input could have been something else.
    pub(super) assumed: Option<&'static str>,
}

/// The form of an input with frames. `is_all`: nothing follows.
pub(super) fn frames(start: &[u8], is_all: bool) -> Guess {
    let certain = |form| Guess { form, assumed: None };
    if Prologue::starts(start) {
        return certain(Form::Stream);
    }
    if is_text(start) {
        return certain(match first_significant(start) {
            Some(b'{' | b'[') => json(start, is_all),
            _ => Form::HexOrBase64,
        });
    }
    if !starts_like_a_frame(start) && is_framed(start, is_all) {
        let assumed = Some("assuming frames behind 24-bit lengths (--from stream)");
        return Guess { form: Form::Stream, assumed };
    }
    Guess { form: Form::Raw, assumed: Some("assuming one frame as it is (--from raw)") }
}

/// The form of an input with trees.
pub(super) fn trees(start: &[u8], is_all: bool) -> Form {
    if first_significant(start) == Some(b'<') { Form::Xml } else { json(start, is_all) }
}

/// The form of an input said to have JSON lines: also the array that is printed as the other JSON format.
pub(super) fn json_lines_or_array(start: &[u8]) -> Form {
    if first_significant(start) == Some(b'[') { Form::Json } else { Form::JsonLines }
}

/// Text starts with a character, as no frame does, and has few bytes that are none. (A frame may be mostly text.)
fn is_text(start: &[u8]) -> bool {
    let is_odd = |character: &char| character.is_control() && !character.is_ascii_whitespace();
    let odd = |chunk: std::str::Utf8Chunk<'_>| chunk.valid().chars().filter(is_odd).count() + chunk.invalid().len();
    let first = start.utf8_chunks().next().map(|chunk| chunk.valid().chars().next());
    match first {
        None => true,
        Some(None) => false,
        Some(Some(first)) => !is_odd(&first) && start.utf8_chunks().map(odd).sum::<usize>() <= start.len() / 3,
    }
}

/// Whether lengths lead from frame to frame, one of which starts like one, and exactly to the end if that is there.
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
    let start = start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start);
    start.split(|byte| *byte == b'\n').filter(|line| !is_skipped(line))
}

/// JSON lines, or JSON over several lines. Lines with something wrong in them are still lines if another one is an
/// object by itself.
fn json(start: &[u8], is_all: bool) -> Form {
    let Some(first) = significant(start).next() else { return Form::JsonLines };
    let from_first = start.get(first.as_ptr() as usize - start.as_ptr() as usize..).unwrap_or(first);
    let mut values = Deserializer::from_slice(from_first).into_iter::<&RawValue>();
    let is_array = from_first.trim_ascii_start().starts_with(b"[");
    let is_lines = match values.next() {
        _ if !matches!(from_first.trim_ascii_start().first(), Some(b'{' | b'[')) => true,
        Some(Ok(_)) if is_array => false,
        Some(Ok(_)) => first.get(values.byte_offset()..).is_some_and(|rest| rest.trim_ascii().is_empty()),
        // The array goes on behind the start.
        Some(Err(error)) if is_array && error.is_eof() => false,
        _ => significant(start).nth(1).is_none() || significant(whole_lines(start, is_all)).any(is_object),
    };
    if is_lines { Form::JsonLines } else { Form::Json }
}

/// Without the last line, unless that is known to be whole.
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
    fn frames_are(start: impl AsRef<[u8]>, form: Form) {
        assert_eq!(frames(start.as_ref(), true).form, form, "{:?}", start.as_ref().escape_ascii().to_string());
    }

    #[test]
    fn binary_input_is_a_stream_or_one_frame() {
        frames_are(b"WA\x06\x03", Form::Stream);
        frames_are(b"ED\0\x01\0\0\0WA\x06\x03", Form::Stream);
        frames_are(b"\0\xf8\x01\x1b", Form::Raw);
        frames_are(b"\xf8\x01\x1b", Form::Raw);
        frames_are(b"\x02\x78\x9c\0", Form::Raw);
        frames_are(b"\0\0\x04\0\xf8\x01\x1b", Form::Stream);
        frames_are(b"\0\0\x04\0\xf8\x01\x1b\0\0\x03\xf8\x01\x1b", Form::Stream);
        // Cut in the last frame, and in the only one.
        frames_are(b"\0\0\x04\0\xf8\x01\x1b\0\0\x09\0", Form::Stream);
        frames_are(b"\0\0\x09\0\xf8\x01", Form::Stream);
        // A frame of something else before one that is one.
        frames_are(b"\0\0\x02ab\0\0\x04\0\xf8\x01\x1b", Form::Stream);
        frames_are(b"\0\0\x02ab\0\0\x05\0\xf8\x01\x1b", Form::Raw);
        frames_are([0; 3], Form::Raw);
        frames_are(b"\x80\xf8\x01\x1b", Form::Raw);
        let mut mostly_text = b"\0\0\x45\0\xf8\x02\x1b\xfc\x40".to_vec();
        mostly_text.extend([b'a'; 0x40]);
        frames_are(mostly_text, Form::Stream);
        frames_are([b"\xf8\x02\x1b\xfc\x40", &[b'a'; 0x40][..]].concat(), Form::Raw);
        // The start of a longer input may end inside a frame.
        assert_eq!(frames(b"\0\0\x02ab\0\0\x04\0\xf8", false).form, Form::Stream);
    }

    #[test]
    fn text_is_json_or_lines() {
        for text in ["", "\n", "00f8011b", "# note\r\n\r\n00 f8", "APgBGw==", "00f8\n\u{1}\u{2}?\n00f8011b\n", "WA"] {
            frames_are(text, Form::HexOrBase64);
        }
        frames_are(b"00f8011b 00f8011b 00f8011b\n\xff\xfe\n", Form::HexOrBase64);
        frames_are("# note\n {\"hex\": \"00\"}\n", Form::JsonLines);
        frames_are("\u{feff}{\"hex\": \"00\"}\n", Form::JsonLines);
        frames_are("[\n{\"hex\": \"00\"}\n]\n", Form::Json);
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
            assert_eq!(trees(lines.as_bytes(), true), Form::JsonLines, "{lines}");
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
            assert_eq!(trees(document.as_bytes(), true), Form::Json, "{document}");
        }
        // The start of a longer input may end at any place.
        for (start, form) in [
            ("[{\"tag\": \"a\"}\n,{\"tag\": \"b\"}\n", Form::Json),
            ("{\n\"a\":\n{\"tag\": \"b\"}", Form::Json),
            ("{\"tag\": \"a\"}\n{\"tag\"", Form::JsonLines),
            ("{\"tag\": \"aaaa", Form::JsonLines),
        ] {
            assert_eq!(trees(start.as_bytes(), false), form, "{start}");
        }
    }

    #[test]
    fn trees_that_start_with_a_bracket_are_xml() {
        for xml in ["<ack/>", "# note\n\n <ack/>", "\u{feff}<?xml version='1.0'?>", "<"] {
            assert_eq!(trees(xml.as_bytes(), true), Form::Xml, "{xml}");
        }
    }
}
