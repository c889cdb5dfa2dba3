//! JSON values one after another, or in arrays, over any number of lines.
//!
//! Finds only the outline of values: strings and brackets. So a malformed value ends in the right place, and later
//! values are still read.

use std::io::{self, BufRead};

use crate::fault::Fault;
use crate::keys::Keys;
use crate::lines::too_long;
use crate::notes::Notes;
use crate::read::{Queue, Read};
use crate::record::Record;
use crate::{LONGEST_RECORD, Reader};

/// Reads each value as a record.
pub(crate) fn records(input: Reader, notes: Notes, keys: Keys) -> impl Iterator<Item = io::Result<Record>> {
    let mut values = Values::new(input);
    let mut queue = Queue::new(notes, keys);
    std::iter::from_fn(move || {
        loop {
            if let Some(record) = queue.next() {
                return Some(Ok(record));
            }
            match values.next() {
                Ok(Some((read, line))) => queue.push(read, line),
                Ok(None) => {
                    queue.end();
                    return queue.next().map(Ok);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    })
}

pub(super) struct Values {
    input: Reader,
    /// The line of the next byte.
    line: u64,
    /// The column of the next byte, in characters.
    column: u64,
    text: Vec<u8>,
    array: Array,
}

/// The position in an array around the values.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Array {
    Outside,
    /// After `[` or a comma.
    BeforeValue,
    BehindValue,
}

impl Values {
    pub(super) fn new(input: Reader) -> Self {
        Self { input, line: 1, column: 1, text: Vec::new(), array: Array::Outside }
    }

    /// The text of the latest value.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    fn next(&mut self) -> io::Result<Option<(Read, u64)>> {
        loop {
            self.array = match (self.peek()?, self.array) {
                (None, Array::Outside) => return Ok(None),
                (None, _) => {
                    self.array = Array::Outside;
                    return Ok(Some(self.fault("the array does not end")));
                }
                (Some(byte), array) if byte.is_ascii_whitespace() => {
                    self.take(byte);
                    array
                }
                (Some(b'#'), Array::Outside) => {
                    self.line += 1;
                    self.column = 1;
                    self.input.skip_until(b'\n')?;
                    Array::Outside
                }
                (Some(open @ b'['), Array::Outside) => {
                    self.take(open);
                    Array::BeforeValue
                }
                (Some(close @ b']'), Array::BeforeValue | Array::BehindValue) => {
                    self.take(close);
                    Array::Outside
                }
                (Some(comma @ b','), Array::BehindValue) => {
                    self.take(comma);
                    Array::BeforeValue
                }
                (Some(_), array) => {
                    self.array = if array == Array::Outside { array } else { Array::BehindValue };
                    return self.value().map(Some);
                }
            };
        }
    }

    fn value(&mut self) -> io::Result<(Read, u64)> {
        let (line, column) = (self.line, self.column);
        let (is_long, _) = self.outline()?;
        let read = if is_long { Read::one(too_long().into()) } else { super::read(&self.text, line, column) };
        Ok((read, line))
    }

    /// Reads a value to the end of its outline. Returns whether it is too long, and whether it is complete.
    pub(super) fn outline(&mut self) -> io::Result<(bool, bool)> {
        self.text.clear();
        let (mut depth, mut in_string, mut is_escaped, mut is_long) = (0_u64, false, false, false);
        loop {
            let Some(byte) = self.peek()? else {
                // If the value does not end, neither does the array around it: no second error.
                self.array = Array::Outside;
                return Ok((is_long, false));
            };
            let is_scalar = depth == 0 && !in_string && !self.text.is_empty();
            if is_scalar && (byte.is_ascii_whitespace() || b",]}[{\"".contains(&byte)) {
                break;
            }
            self.take(byte);
            is_long |= self.text.len() == LONGEST_RECORD;
            if !is_long {
                self.text.push(byte);
            }
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if in_string => is_escaped = true,
                // A JSON string does not contain a line break: its closing quote is missing.
                b'"' | b'\n' if in_string => in_string = false,
                _ if in_string => {}
                b'"' => in_string = true,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => continue,
            }
            if depth == 0 && !in_string {
                break;
            }
        }
        Ok((is_long, true))
    }

    fn fault(&self, message: &str) -> (Read, u64) {
        let message = format_args!("{message} at line {}, column {}", self.line, self.column);
        (Read::one(Record::from(Fault::in_tree("json", "", message))), self.line)
    }

    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.input.fill_buf() {
                Ok(bytes) => return Ok(bytes.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn take(&mut self, peeked: u8) {
        self.input.consume(1);
        match peeked {
            b'\n' => (self.line, self.column) = (self.line + 1, 1),
            // Only the first byte of a character counts.
            0x80..=0xbf => {}
            _ => self.column += 1,
        }
    }
}
