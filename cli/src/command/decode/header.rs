//! The comment before a tree, which gives its record. The XML with comments can still be read.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::PathBuf;

use wabinary_calls::report::{Clock, Stamp};
use wabinary_render::shown::printable;

use crate::record::{Payload, Record};

/// Writes headers.
pub(super) struct Headers {
    /// The first time of each clock in each file.
    starts: HashMap<(u32, Clock), i64>,
    /// The names to show, if there are several files.
    files: Vec<String>,
}

impl Headers {
    pub(super) fn of(files: &[PathBuf]) -> Self {
        let name = |file: &PathBuf| match file.as_os_str() {
            dash if dash == "-" => "stdin".to_owned(),
            _ => comment(&file.to_string_lossy()),
        };
        let files = if files.len() > 1 { files.iter().map(name).collect() } else { Vec::new() };
        Self { starts: HashMap::new(), files }
    }

    /// Sees each record, written or not.
    pub(super) fn see(&mut self, record: &Record) {
        if let Some(Stamp { clock, micros }) = record.head.stamp {
            self.starts.entry((record.head.file, clock)).or_insert(micros);
        }
    }

    /// Adds the header of a record: `<!-- frame 12, call.jsonl, 3.402 s, receive, 57 bytes -->`.
    pub(super) fn push(&self, text: &mut String, record: &Record) {
        let head = &record.head;
        // Writing to a string does not fail.
        let _ = write!(text, "<!-- frame {}", head.frame);
        if let Some(file) = self.files.get(head.file as usize) {
            let _ = write!(text, ", {file}");
        }
        if let Some(Stamp { clock, micros }) = head.stamp
            && let Some(start) = self.starts.get(&(head.file, clock))
        {
            let _ = write!(text, ", {:.3} s", micros.saturating_sub(*start) as f64 / 1e6);
        }
        if let Some(direction) = head.direction {
            let _ = write!(text, ", {}", direction.name());
        }
        if let Payload::Frame(frame) = &record.read.payload {
            let _ = write!(text, ", {} byte{}", frame.len(), if frame.len() == 1 { "" } else { "s" });
        }
        text.push_str(" -->\n");
    }
}

/// The longest comment, in characters.
const LONGEST: usize = 1_000;

/// The text of a comment. It cannot end the comment: it has no two hyphens in a row.
pub(super) fn comment(text: &str) -> String {
    let mut safe = String::new();
    for character in printable(text, LONGEST).chars() {
        match character {
            '-' if safe.ends_with('-') => safe.push_str("\\u{2d}"),
            other => safe.push(other),
        }
    }
    safe
}
