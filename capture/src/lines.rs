//! The lines of a text.

use std::io::{self, BufRead, Read};

use crate::fault::Fault;
use crate::{LONGEST_RECORD, Reader};

/// Returns the lines of an input one by one, without line ends.
pub(crate) struct Lines {
    input: Reader,
    number: u64,
    /// A line that was read and put back.
    returned: Option<Line>,
}

/// A line with its number, from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) number: u64,
    pub(crate) text: Vec<u8>,
    /// Whether the rest of the line was skipped.
    pub(crate) is_too_long: bool,
}

impl Lines {
    pub(crate) fn new(input: Reader) -> Self {
        Self { input, number: 0, returned: None }
    }

    /// Reads the next line into reused memory; false at the end.
    pub(crate) fn read(&mut self, line: &mut Line) -> io::Result<bool> {
        if let Some(returned) = self.returned.take() {
            *line = returned;
            return Ok(true);
        }
        line.text.clear();
        line.is_too_long = false;
        self.input.by_ref().take(LONGEST_RECORD as u64).read_until(b'\n', &mut line.text)?;
        if line.text.is_empty() {
            return Ok(false);
        }
        self.number += 1;
        line.number = self.number;
        if line.text.pop_if(|last| *last == b'\n').is_some() {
            line.text.pop_if(|last| *last == b'\r');
        } else if line.text.len() == LONGEST_RECORD {
            line.is_too_long = self.input.skip_until(b'\n')? > 1;
        }
        Ok(true)
    }

    /// Gives a line back. It is read again.
    pub(crate) fn give_back(&mut self, line: Line) {
        self.returned = Some(line);
    }
}

/// Whether a line has no record: it is empty, a comment, or the first line of a file in the corpus of Go's fuzzing.
pub(crate) fn is_skipped(line: &[u8]) -> bool {
    let line = line.trim_ascii_start();
    matches!(line.first(), None | Some(b'#')) || line.starts_with(b"go test fuzz v")
}

pub(crate) fn too_long() -> Fault {
    Fault::in_line("too-long", LONGEST_RECORD, "too long to be read")
}
