//! Records out of files: one reader for each form, and the guess which form it is.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::PathBuf;
use std::{fmt, fs, vec};

mod detect;
mod frame_stream;
mod frame_text;
mod json_record;
mod json_values;
mod lines;
mod raw_frame;

use crate::record::Record;
use crate::status::{Status, Usage, say};

/// The longest line or JSON value that is read, in bytes. A frame of the socket has at most 16 MiB.
const LONGEST_RECORD: usize = 64 << 20;

/// How much of an input is looked at to find out its form.
const START: u64 = 64 << 10;

/// What an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// To be found out: frames in any form.
    Auto,
    /// To be found out: trees as JSON or JSON lines.
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
}

impl Input {
    /// No file at all is standard input.
    pub(crate) fn new(files: Vec<PathBuf>, form: impl Into<Form>) -> Self {
        let files = if files.is_empty() { vec!["-".into()] } else { files };
        let records = Box::new(std::iter::empty());
        Self { files: files.into_iter(), form: form.into(), name: String::new(), records, count: 0 }
    }

    /// The next record. A file that cannot be read is told on stderr and does not end the run.
    pub(crate) fn next(&mut self, status: &mut Status) -> Result<Option<Record>, Usage> {
        loop {
            match self.records.next() {
                Some(Ok(record)) => {
                    let record = Record { frame: self.count, ..record };
                    self.count += 1;
                    status.count_record();
                    return Ok(Some(record));
                }
                Some(Err(error)) => {
                    status.unreadable(&self.name, &error);
                    self.records = Box::new(std::iter::empty());
                }
                None => {
                    let Some(path) = self.files.next() else { return Ok(None) };
                    self.open(path, status)?;
                }
            }
        }
    }

    /// Where a record of the file now open stands, for messages.
    pub(crate) fn place(&self, record: &Record) -> impl fmt::Display {
        match record.line {
            Some(line) => format!("{}:{line}", self.name),
            None => format!("{}: frame {}", self.name, record.frame),
        }
    }

    fn open(&mut self, path: PathBuf, status: &mut Status) -> Result<(), Usage> {
        let is_stdin = path.as_os_str() == "-";
        self.name = if is_stdin { "stdin".to_owned() } else { path.display().to_string() };
        let opened = if is_stdin {
            Ok(Box::new(io::stdin().lock()) as Reader)
        } else {
            fs::File::open(path).map(|file| Box::new(BufReader::with_capacity(64 * 1024, file)) as Reader)
        };
        match opened.and_then(|reader| with_start(reader, self.form)) {
            Ok((start, reader)) => {
                let form = self.found_out(&start)?;
                self.records = records(form, reader);
            }
            Err(error) => status.unreadable(&self.name, &error),
        }
        Ok(())
    }

    /// The form, if need be by what an input starts with.
    fn found_out(&self, start: &[u8]) -> Result<Form, Usage> {
        let is_all = (start.len() as u64) < START;
        match self.form {
            Form::Auto => {
                let guess = detect::frames(start, is_all);
                if let Some(assumed) = guess.assumed {
                    say(format_args!("{}: {assumed}", self.name));
                }
                Ok(guess.form)
            }
            Form::AutoTrees => detect::trees(start, is_all)
                .ok_or_else(|| Usage(format!("{}: XML input is not supported yet, only JSON", self.name))),
            Form::JsonLinesOrArray => Ok(detect::json_lines_or_array(start)),
            told => Ok(told),
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
    let reader = Box::new(Cursor::new(start.clone()).chain(reader));
    Ok((start, reader))
}

fn records(form: Form, reader: Reader) -> Records {
    match form {
        Form::Hex => Box::new(lines::records(reader, |text| frame_text::whole_line(frame_text::hex(text)).into())),
        Form::Base64 => {
            Box::new(lines::records(reader, |text| frame_text::whole_line(frame_text::base64(text)).into()))
        }
        Form::Auto | Form::HexOrBase64 => {
            let mut lines = frame_text::HexOrBase64::default();
            Box::new(lines::records(reader, move |text| frame_text::whole_line(lines.read(text)).into()))
        }
        Form::JsonLines | Form::JsonLinesOrArray => Box::new(lines::records(reader, json_record::read)),
        Form::Json | Form::AutoTrees => Box::new(json_values::records(reader)),
        Form::Raw => Box::new(raw_frame::records(reader)),
        Form::Stream => Box::new(frame_stream::records(reader)),
    }
}
