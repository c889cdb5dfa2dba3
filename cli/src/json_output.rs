//! JSON on stdout: one object a line, bare or as one array.

use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};

use std::marker::PhantomData;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use wabinary::NodeRef;

use crate::pipeline::Output;
use crate::record::{Failure, Record};

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
        self.begin();
        serde_json::to_writer(&mut self.text, value)?;
        self.end()
    }

    /// The same for a value that may be too large to be put together first.
    pub(crate) fn write_in_pieces(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.begin();
        self.out.write_all(&self.text)?;
        self.text.clear();
        serde_json::to_writer(&mut self.out, value)?;
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
        let mut map = serializer.serialize_map(None)?;
        self.record.serialize_members(self.line, &mut map)?;
        map.serialize_entry(self.name, &self.value)?;
        map.end()
    }
}

/// What a command says of a tree in JSON.
pub(crate) trait Projection {
    /// What is done with records.
    const VERB: &'static str;
    /// The member that holds what it says.
    const NAME: &'static str;

    /// Nothing, if the tree is passed over.
    fn of<'a>(record: &'a Record, node: NodeRef<'a>) -> Result<Option<impl Serialize>, Failure>;
}

/// An object for each record: what `P` says of its tree, or an error.
pub(crate) struct Projected<P> {
    out: JsonOutput,
    projection: PhantomData<P>,
}

impl<P> Projected<P> {
    pub(crate) fn new(layout: Layout) -> Self {
        Self { out: JsonOutput::new(layout), projection: PhantomData }
    }
}

impl<P: Projection> Output for Projected<P> {
    const VERB: &'static str = P::VERB;

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        match P::of(record, node) {
            Ok(Some(value)) => {
                self.out.write(&Outcome { record, line: record.head.line, name: P::NAME, value }).map(Ok)
            }
            other => Ok(other.map(drop)),
        }
    }

    fn failure(&mut self, record: &Record, value: &Failure) -> io::Result<bool> {
        self.out.write(&Outcome { record, line: record.head.line, name: "error", value }).map(|()| true)
    }

    fn finish(self) -> io::Result<()> {
        self.out.finish()
    }
}
