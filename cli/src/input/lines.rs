//! Text with one record a line.

use std::io::{self, BufRead, Read};

use super::{LONGEST_RECORD, Reader};
use crate::record::{Fault, Payload, Record};

/// What some programs put at the start of a text in UTF-8.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads each line that holds something, by its text and number. Empty lines and comments are counted and skipped.
pub(super) fn records(
    mut input: Reader,
    mut read: impl FnMut(&[u8], u64) -> Record,
) -> impl Iterator<Item = io::Result<Record>> {
    let mut number = 0;
    let mut buffer = Vec::new();
    std::iter::from_fn(move || {
        loop {
            buffer.clear();
            match next_line(&mut input, &mut buffer) {
                Ok(Line::End) => return None,
                Ok(_) if is_skipped(without_mark(&buffer, number)) => number += 1,
                Ok(line) => {
                    let text = without_mark(&buffer, number);
                    number += 1;
                    let record = if line == Line::TooLong { too_long().into() } else { read(text, number) };
                    return Some(Ok(record.at_line(number)));
                }
                Err(error) => return Some(Err(error)),
            }
        }
    })
}

/// Whether a line holds no record.
pub(super) fn is_skipped(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start().first(), None | Some(b'#'))
}

pub(super) fn too_long() -> Payload {
    Fault::in_line("too-long", LONGEST_RECORD, "too long to be read").into()
}

fn without_mark(line: &[u8], number: u64) -> &[u8] {
    if number == 0 { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) } else { line }
}

#[derive(PartialEq, Eq)]
enum Line {
    Whole,
    /// The rest of it was skipped.
    TooLong,
    End,
}

/// Reads a line without its end into an empty buffer.
fn next_line(input: &mut Reader, buffer: &mut Vec<u8>) -> io::Result<Line> {
    input.by_ref().take(LONGEST_RECORD as u64).read_until(b'\n', buffer)?;
    if buffer.is_empty() {
        return Ok(Line::End);
    }
    if buffer.pop_if(|last| *last == b'\n').is_some() {
        buffer.pop_if(|last| *last == b'\r');
    } else if buffer.len() == LONGEST_RECORD && input.skip_until(b'\n')? > 1 {
        return Ok(Line::TooLong);
    }
    Ok(Line::Whole)
}
