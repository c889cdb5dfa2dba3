//! A frame after a label: `recv 00f8…`, `1700000000.5 < 0x00f8…`, `` - sent: `00 f8 …` ``.

use wabinary::stanza::Direction;

use super::head;
use crate::bytes_text::{self, HexOrBase64};
use crate::direction_of_word;
use crate::frame_start::starts_like_a_frame;
use crate::time::Time;

/// The most words of a label.
const WORDS: usize = 12;

/// Reads a line that ends with a frame, and the time and direction before the frame.
pub(crate) fn read(line: &str) -> Option<(Vec<u8>, Option<Time>, Option<Direction>)> {
    let line = line.trim();
    let starts = line.char_indices().filter(|(_, character)| " \t:=>|".contains(*character)).map(|(at, _)| at + 1);
    for start in starts.take(WORDS) {
        let (label, text) = line.split_at_checked(start)?;
        let Some(frame) = frame(text) else { continue };
        return is_label(label).then(|| (frame, time(label), direction(label)));
    }
    None
}

fn frame(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().trim_matches('`');
    let starts =
        ["00", "02", "f8", "F8", "f9", "F9", "0x", "<B", "AP", "An", "[", "\\x", "b'", "b\"", "\"", "'", "{", "0,"];
    if !starts.iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let frame = if text.starts_with("AP") || text.starts_with("An") {
        HexOrBase64::default().read(text.as_bytes()).ok()?
    } else {
        bytes_text::hex(text.as_bytes()).ok()?
    };
    (frame.len() > 3 && starts_like_a_frame(&frame)).then_some(frame)
}

/// Whether a text is a label: short, and not bytes itself.
fn is_label(label: &str) -> bool {
    let letters = label.chars().filter(|character| character.is_alphabetic()).count();
    label.len() < 120
        && (letters > 0 || head::time(label).is_some() || label.contains(['<', '>']) || time(label).is_some())
}

fn time(label: &str) -> Option<Time> {
    let number = |word: &str| {
        let is_number = word.len() > 8 && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        is_number.then(|| Time::from_text(word)).flatten()
    };
    head::time(label).or_else(|| label.split([' ', '\t', '[', ']', '|']).find_map(number))
}

/// The direction in a word of a label.
pub(crate) fn direction(label: &str) -> Option<Direction> {
    let words = label.split([' ', '\t', '[', ']', ':', '(', ')', '*', '=', '|', '/']).filter(|word| !word.is_empty());
    words.filter_map(direction_of_word).next_back()
}
