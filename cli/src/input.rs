//! Records out of files: one reader for each form, and the guess which form it is.

use std::io::{self, BufRead, Cursor, Read};
use std::path::PathBuf;
use std::{fmt, vec};

mod detect;
mod frame_stream;
mod frame_text;
mod json_record;
mod json_values;
mod lines;
mod raw_frame;
mod source;
mod xml_nodes;

use wabinary_render::shown::printable;

use crate::record::Record;
use crate::status::Status;
use source::ReadCount;

/// The longest line or JSON value that is read, in bytes. A frame of the socket has at most 16 MiB.
const LONGEST_RECORD: usize = 64 << 20;

/// How much of an input is looked at to find out its form.
const START: u64 = 64 << 10;

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// To be found out: frames in any form.
    Auto,
    /// To be found out: trees as XML, JSON or JSON lines.
    AutoTrees,
    /// To be found out: JSON lines, or what `--format json` printed.
    JsonLinesOrArray,
    Hex,
    Base64,
    /// Hex or base64, told line by line.
    HexOrBase64,
    Raw,
    Stream,
    JsonLines,
    /// JSON values one after another, or arrays of them.
    Json,
    /// XML with any number of roots.
    Xml,
}

type Reader = Box<dyn BufRead>;
/// An error ends the input; a record that cannot be read is a record.
type Records = Box<dyn Iterator<Item = io::Result<Record>>>;

/// All records of all files, in order.
pub(crate) struct Input {
    files: vec::IntoIter<PathBuf>,
    form: Form,
    name: String,
    records: Records,
    count: u64,
    /// How many files were opened.
    opened: u32,
    read: ReadCount,
}

impl Input {
    /// No file at all is standard input.
    pub(crate) fn new(files: Vec<PathBuf>, form: impl Into<Form>) -> Self {
        let files = if files.is_empty() { vec!["-".into()] } else { files };
        let (records, read) = (Box::new(std::iter::empty()), ReadCount::default());
        Self { files: files.into_iter(), form: form.into(), name: String::new(), records, count: 0, opened: 0, read }
    }

    /// Whether a person types some of it.
    pub(crate) fn is_typed(&self) -> bool {
        source::is_typed(self.files.as_slice())
    }

    /// The bytes of the files that are not open yet, if that is known.
    pub(crate) fn length(&self) -> Option<u64> {
        source::length(self.files.as_slice())
    }

    /// The next record. A file that cannot be read is told on stderr and does not end the run.
    pub(crate) fn next(&mut self, status: &mut Status) -> Option<Record> {
        loop {
            match self.records.next() {
                Some(Ok(record)) => {
                    let mut record = record;
                    (record.head.frame, record.head.file) = (self.count, self.opened.saturating_sub(1));
                    self.count += 1;
                    status.count_record(self.read.get());
                    for warning in &record.warnings {
                        status.say(format_args!("{}: warning: {warning:#}", self.place(&record)));
                        status.needs_person();
                    }
                    return Some(record);
                }
                Some(Err(error)) => {
                    status.unreadable(&self.name, &error);
                    self.records = Box::new(std::iter::empty());
                }
                None => {
                    let path = self.files.next()?;
                    self.open(path, status);
                }
            }
        }
    }

    /// Where a record of the file now open stands, for messages.
    pub(crate) fn place(&self, record: &Record) -> impl fmt::Display {
        match record.head.line {
            Some(line) => format!("{}:{line}", self.name),
            None => format!("{}: frame {}", self.name, record.head.frame),
        }
    }

    fn open(&mut self, path: PathBuf, status: &mut Status) {
        self.opened = self.opened.saturating_add(1);
        self.name =
            if source::is_stdin(&path) { "stdin".to_owned() } else { printable(&path.to_string_lossy(), usize::MAX) };
        let opened = source::open(&path, self.read.clone());
        match opened.and_then(|reader| with_start(reader, self.form)) {
            Ok((start, reader)) => {
                let form = self.found_out(&start, status);
                self.records = records(form, reader);
            }
            Err(error) => status.unreadable(&self.name, &error),
        }
    }

    /// The form, if need be by what an input starts with.
    fn found_out(&self, start: &[u8], status: &Status) -> Form {
        let is_all = is_all(start);
        match self.form {
            Form::Auto => {
                let guess = detect::frames(start, is_all);
                if let Some(assumed) = guess.assumed {
                    status.say(format_args!("{}: {assumed}", self.name));
                }
                guess.form
            }
            Form::AutoTrees => detect::trees(start, is_all),
            Form::JsonLinesOrArray => detect::json_lines_or_array(start),
            told => told,
        }
    }
}

/// The first bytes of an input whose form is to be found out, and a reader that still gives them.
fn with_start(mut reader: Reader, form: Form) -> io::Result<(Vec<u8>, Reader)> {
    if !matches!(form, Form::Auto | Form::AutoTrees | Form::JsonLinesOrArray) {
        return Ok((Vec::new(), reader));
    }
    let mut start = Vec::new();
    reader.by_ref().take(START).read_to_end(&mut start)?;
    let again = Cursor::new(start.clone());
    // A terminal that was at its end would be read on.
    let reader: Reader = if is_all(&start) { Box::new(again) } else { Box::new(again.chain(reader)) };
    Ok((start, reader))
}

/// Whether nothing follows on the start of an input.
fn is_all(start: &[u8]) -> bool {
    (start.len() as u64) < START
}

fn records(form: Form, reader: Reader) -> Records {
    match form {
        Form::Hex => Box::new(lines::records(reader, |text, _| frame_text::whole_line(text, frame_text::hex).into())),
        Form::Base64 => {
            Box::new(lines::records(reader, |text, _| frame_text::whole_line(text, frame_text::base64).into()))
        }
        Form::Auto | Form::HexOrBase64 => {
            let mut lines = frame_text::HexOrBase64::default();
            Box::new(lines::records(reader, move |text, _| {
                frame_text::whole_line(text, |text| lines.read(text)).into()
            }))
        }
        Form::JsonLines | Form::JsonLinesOrArray => {
            Box::new(lines::records(reader, |text, line| json_record::read(text, line, 1)))
        }
        Form::Json | Form::AutoTrees => Box::new(json_values::records(reader)),
        Form::Xml => Box::new(xml_nodes::records(reader)),
        Form::Raw => Box::new(raw_frame::records(reader)),
        Form::Stream => Box::new(frame_stream::records(reader)),
    }
}
