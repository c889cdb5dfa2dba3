//! JSON on stdout: one object a line, bare or as one array.

use std::io::{self, Write};

use std::marker::PhantomData;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use wabinary::NodeRef;
use wabinary_render::json;

use crate::pipeline::Output;
use crate::record::{Failure, Record};
use crate::stdout::{Stdout, stdout};

/// Writes values one by one, so that they do not pile up.
pub(crate) struct JsonOutput {
    out: Stdout,
    layout: Layout,
    written: bool,
    /// A buffer that joins the small pieces of a value.
    text: Vec<u8>,
}

/// The most bytes that are joined before they are written.
const JOINED: usize = 64 << 10;

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
        self.begin();
        json::to_writer(Joining { text: &mut self.text, out: &mut self.out }, value)?;
        self.end()
    }

    fn begin(&mut self) {
        let start = match (self.layout, self.written) {
            (Layout::Lines, _) => "",
            (Layout::Array, false) => "[\n",
            (Layout::Array, true) => ",\n",
        };
        self.written = true;
        self.text.clear();
        self.text.extend(start.as_bytes());
    }

    fn end(&mut self) -> io::Result<()> {
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

/// Joins pieces, and writes them when there are enough.
struct Joining<'a> {
    text: &'a mut Vec<u8>,
    out: &'a mut Stdout,
}

impl Write for Joining<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.extend(bytes);
        if self.text.len() > JOINED {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(self.text)?;
        self.text.clear();
        Ok(())
    }
}

/// The member that holds the error of a record.
pub(crate) const ERROR: &str = "error";

/// A line of output: the record, and its result under a `name`.
pub(crate) struct Outcome<'a, T> {
    pub(crate) record: &'a Record,
    /// If the output has the lines of its input.
    pub(crate) line: Option<u64>,
    pub(crate) name: &'static str,
    pub(crate) value: T,
    /// The readable part of a refused frame.
    pub(crate) part: Option<NodeRef<'a>>,
}

impl<T: Serialize> Serialize for Outcome<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.record.serialize_members(self.line, &mut map)?;
        if let Some(place) = self.record.read.place.filter(|_| self.name == ERROR) {
            map.serialize_entry("entry", &place.entry)?;
            map.serialize_entry("message", &place.message)?;
        }
        map.serialize_entry(self.name, &self.value)?;
        if let Some(part) = self.part {
            map.serialize_entry("partial", &part)?;
        }
        map.end()
    }
}

/// The JSON that a command writes for a tree.
pub(crate) trait Projection {
    /// The verb for records, for messages.
    const VERB: &'static str;
    /// The name of the member.
    const NAME: &'static str;

    /// `None` if the tree is skipped.
    fn of<'a>(record: &'a Record, node: NodeRef<'a>) -> Result<Option<impl Serialize>, Failure>;
}

/// Writes an object for each record: the JSON of `P`, or an error.
pub(crate) struct Projected<P> {
    out: JsonOutput,
    wants_parts: bool,
    projection: PhantomData<P>,
}

impl<P> Projected<P> {
    pub(crate) fn new(layout: Layout, wants_parts: bool) -> Self {
        Self { out: JsonOutput::new(layout), wants_parts, projection: PhantomData }
    }
}

impl<P: Projection> Output for Projected<P> {
    const VERB: &'static str = P::VERB;

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        match P::of(record, node) {
            Ok(Some(value)) => {
                self.out.write(&Outcome { record, line: record.head.line, name: P::NAME, value, part: None }).map(Ok)
            }
            other => Ok(other.map(drop)),
        }
    }

    fn wants_parts(&self) -> bool {
        self.wants_parts
    }

    fn failure(&mut self, record: &Record, value: &Failure, part: Option<NodeRef<'_>>) -> io::Result<bool> {
        self.out.write(&Outcome { record, line: record.head.line, name: ERROR, value, part }).map(|()| true)
    }

    fn finish(self) -> io::Result<()> {
        self.out.finish()
    }
}
