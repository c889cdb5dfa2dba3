//! JSON on stdout: one object a line, bare or as one array.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::record::Record;

pub(crate) type Stdout = BufWriter<StdoutLock<'static>>;

/// Standard output, behind a large buffer unless a person looks on.
pub(crate) fn stdout() -> Stdout {
    let out = io::stdout().lock();
    BufWriter::with_capacity(if out.is_terminal() { 0 } else { 64 * 1024 }, out)
}

/// Writes values one by one, so that nothing piles up.
pub(crate) struct JsonOutput {
    out: Stdout,
    layout: Layout,
    written: bool,
    /// Memory for what is written: the pieces of a value are small, and cheaper to put together here.
    text: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Lines,
    Array,
}

impl JsonOutput {
    pub(crate) fn new(layout: Layout) -> Self {
        Self { out: stdout(), layout, written: false, text: Vec::new() }
    }

    pub(crate) fn write(&mut self, value: &impl Serialize) -> io::Result<()> {
        let start = match (self.layout, self.written) {
            (Layout::Lines, _) => "",
            (Layout::Array, false) => "[\n",
            (Layout::Array, true) => ",\n",
        };
        self.written = true;
        self.text.clear();
        self.text.extend(start.as_bytes());
        serde_json::to_writer(&mut self.text, value)?;
        if self.layout == Layout::Lines {
            self.text.push(b'\n');
        }
        self.out.write_all(&self.text)
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        match (self.layout, self.written) {
            (Layout::Lines, _) => {}
            (Layout::Array, false) => self.out.write_all(b"[]\n")?,
            (Layout::Array, true) => self.out.write_all(b"\n]\n")?,
        }
        self.out.flush()
    }
}

/// A line of output: what the record was, and what became of it under a `name`.
pub(crate) struct Outcome<'a, T> {
    pub(crate) record: &'a Record,
    /// Where the output has lines of its input.
    pub(crate) line: Option<u64>,
    pub(crate) name: &'static str,
    pub(crate) value: T,
}

impl<T: Serialize> Serialize for Outcome<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Record { frame, time, direction, .. } = self.record;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("frame", frame)?;
        if let Some(line) = self.line {
            map.serialize_entry("line", &line)?;
        }
        if let Some(time) = time {
            map.serialize_entry("time", time)?;
        }
        if let Some(direction) = direction {
            map.serialize_entry("direction", direction)?;
        }
        map.serialize_entry(self.name, &self.value)?;
        map.end()
    }
}
