//! Reads records from files.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::vec;

use wabinary_capture::{Form, Keys, Records};

mod source;

use wabinary_render::shown::printable;

use crate::record::Record;
use crate::status::Status;
use source::ReadCount;

/// All records of all files, in order.
pub(crate) struct Input {
    files: vec::IntoIter<PathBuf>,
    form: Form,
    keys: Keys,
    name: String,
    records: Option<Records>,
    count: u64,
    /// The number of files that were opened.
    opened: u32,
    read: ReadCount,
    /// For the open file: the records and bytes before it, and whether anything was reported about it.
    before: (u64, u64),
    is_told: bool,
}

impl Input {
    /// An input of these files, or of standard input if there are none.
    pub(crate) fn new(files: Vec<PathBuf>, form: impl Into<Form>) -> Self {
        let files = if files.is_empty() { vec!["-".into()] } else { files };
        let (files, form, name) = (files.into_iter(), form.into(), String::new());
        Self {
            files,
            form,
            keys: Keys::default(),
            name,
            records: None,
            count: 0,
            opened: 0,
            read: ReadCount::default(),
            before: (0, 0),
            is_told: false,
        }
    }

    /// Reads records from a text with this name.
    pub(crate) fn of_text(name: &str, text: impl io::Read + 'static) -> io::Result<Self> {
        let records = Records::with_keys(text, Form::Hex, &Keys::default())?;
        Ok(Self {
            files: Vec::new().into_iter(),
            name: name.to_owned(),
            records: Some(records),
            ..Self::new(Vec::new(), Form::Hex)
        })
    }

    /// Decrypts frames of recordings with these keys.
    pub(crate) fn with_keys(self, keys: Keys) -> Self {
        Self { keys, ..self }
    }

    /// Whether a person types one of the inputs.
    pub(crate) fn is_typed(&self) -> bool {
        source::is_typed(self.files.as_slice())
    }

    /// The size of the files that are not open yet, if known.
    pub(crate) fn length(&self) -> Option<u64> {
        source::length(self.files.as_slice())
    }

    /// The next record. A file that cannot be read is reported on stderr and does not end the run.
    pub(crate) fn next(&mut self, status: &mut Status) -> Option<Record> {
        loop {
            let next = self.records.as_mut().and_then(Iterator::next);
            self.tell_notes(status);
            match next {
                Some(Ok(read)) => {
                    let record = Record::new(self.count, self.opened.saturating_sub(1), self.taken_for(), read);
                    self.count += 1;
                    status.count_record(self.read.get());
                    for warning in &record.read.warnings {
                        status.say(format_args!("{}: warning: {warning:#}", self.place(&record)));
                        status.needs_person();
                    }
                    return Some(record);
                }
                Some(Err(error)) => {
                    status.unreadable(&self.name, &error);
                    self.records = None;
                }
                None => {
                    self.tell_without_records(status);
                    let path = self.files.next()?;
                    self.open(path, status);
                }
            }
        }
    }

    /// The place of a record of the open file, for messages.
    pub(crate) fn place(&self, record: &Record) -> impl fmt::Display {
        match (record.head.line, record.read.place) {
            (Some(line), _) => format!("{}:{line}", self.name),
            (None, Some(at)) => format!("{}: entry {}, message {}", self.name, at.entry, at.message),
            (None, None) => format!("{}: frame {}", self.name, record.head.frame),
        }
    }

    /// The form of the open file.
    fn taken_for(&self) -> Form {
        self.records.as_ref().map_or(self.form, Records::form)
    }

    fn open(&mut self, path: PathBuf, status: &mut Status) {
        status.end_file();
        self.opened = self.opened.saturating_add(1);
        (self.before, self.is_told) = ((self.count, self.read.get()), false);
        if source::is_stdin(&path) && source::is_typed(std::slice::from_ref(&path)) {
            status.say("reading from the terminal: paste frames, then press Ctrl-D on an empty line");
        }
        self.name =
            if source::is_stdin(&path) { "stdin".to_owned() } else { printable(&path.to_string_lossy(), usize::MAX) };
        let read = self.read.clone();
        let opened: io::Result<Records> = source::open(&path, read.clone()).and_then(|reader| {
            Records::with_files(reader, self.form, &self.keys, move |name| {
                source::open_beside(&path, name, read.clone())
            })
        });
        match opened {
            Ok(records) => self.records = Some(records),
            Err(error) => status.unreadable(&self.name, &with_hint(error, &self.name)),
        }
        self.tell_notes(status);
    }

    /// Reports that the file that ended had no record, unless something else was reported about it.
    fn tell_without_records(&mut self, status: &mut Status) {
        let is_over = self.records.take().is_some();
        let (records, bytes) = self.before;
        if !is_over || self.is_told || self.count > records {
            return;
        }
        let what = if self.read.get() == bytes {
            if self.name == "stdin" { "it is empty; give a file, or pipe frames in" } else { "it is empty" }
        } else {
            "there is no record in it, only blank lines and comments"
        };
        status.say(format_args!("{}: {what}", self.name));
    }

    /// Reports the notes on the file.
    fn tell_notes(&mut self, status: &mut Status) {
        for note in self.records.as_mut().map(Records::take_notes).unwrap_or_default() {
            self.is_told = true;
            status.say(format_args!("{}: {}", self.name, note.text));
            if note.needs_person {
                status.needs_person();
            }
        }
    }
}

/// Whether an argument is a frame, and not the name of a file.
pub(crate) fn is_frame_in_hex(name: &str) -> bool {
    let digits = name.replace("0x", "").replace([' ', ',', ':'], "");
    digits.len() > 5 && digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The error for a missing file whose name is a frame.
fn with_hint(error: io::Error, name: &str) -> io::Error {
    if error.kind() == io::ErrorKind::NotFound && is_frame_in_hex(name) {
        io::Error::other(
            "there is no file of this name; it looks like a frame: pipe it, as in `echo 00f8… | wabinary decode`",
        )
    } else {
        error
    }
}
