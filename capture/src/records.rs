//! Reads records from an input: one reader for each form, and detection of the form.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use crate::detect::{self, Kind};
use crate::keys::Keys;
use crate::notes::{Note, Notes};
use crate::record::Record;
use crate::time::Watch;
use crate::{OpenFile, Reader, START, frame_stream, json, log, pasted, raw_frame, unpack, wacrg, xml_nodes};

/// The form of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// To be detected: frames or stanzas in any form.
    #[default]
    Auto,
    /// To be detected: trees as XML or JSON, or a log.
    AutoTrees,
    /// Frames as hexadecimal text, in any spelling.
    Hex,
    /// Frames as base64 text.
    Base64,
    /// One frame.
    Raw,
    /// Frames with 24-bit lengths.
    Stream,
    /// JSON objects, one a line or in one array.
    JsonLines,
    /// JSON values one after another, or arrays of them.
    Json,
    /// Trees as XML, with any number of roots.
    Xml,
    /// Capture records of the public call research group: YAML, or the text of an issue.
    Wacrg,
    /// A client's log: text lines, JSON objects and frames, mixed.
    Log,
    /// A browser's network recording, with messages of websockets.
    Har,
}

impl Form {
    /// Describes an input of this form for the user.
    ///
    /// ```
    /// assert_eq!(wabinary_capture::Form::Har.says(), "a recording of the network (HAR)");
    /// ```
    #[must_use]
    pub fn says(self) -> &'static str {
        match self {
            Self::Auto | Self::AutoTrees => "anything",
            Self::Hex => "hex or base64 text",
            Self::Base64 => "base64 text",
            Self::Raw => "one frame as bytes",
            Self::Stream => "a stream of frames",
            Self::JsonLines => "JSON lines",
            Self::Json => "JSON",
            Self::Xml => "XML",
            Self::Wacrg => "capture records of the call research group",
            Self::Log => "a log",
            Self::Har => "a recording of the network (HAR)",
        }
    }
}

/// The records of an input, in order.
///
/// An error of the input ends the records. A record that cannot be read is also an item: see
/// [`Payload::Failed`](crate::Payload::Failed).
pub struct Records {
    form: Form,
    records: Box<dyn Iterator<Item = io::Result<Record>>>,
    notes: Notes,
    watch: Watch,
    count: u64,
    is_over: bool,
}

impl std::fmt::Debug for Records {
    /// Shows the number of records, not their contents.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("count", &self.count).finish_non_exhaustive()
    }
}

impl Records {
    /// Reads an input in this form.
    ///
    /// # Errors
    /// The error of the input.
    pub fn new(input: impl Read + 'static, form: Form) -> io::Result<Self> {
        Self::with_keys(input, form, &Keys::default())
    }

    /// Reads an input in this form, and decrypts frames of recordings with these keys.
    ///
    /// # Errors
    /// The error of the input.
    pub fn with_keys(input: impl Read + 'static, form: Form, keys: &Keys) -> io::Result<Self> {
        Self::with_files(input, form, keys, |_| Err(io::Error::other("nothing opens files here")))
    }

    /// Reads like [`with_keys`](Self::with_keys), and also opens the files with websocket messages that a HAR names.
    ///
    /// `open` gets a name from the input, which may be hostile: open only files next to the recording.
    ///
    /// # Errors
    /// The error of the input.
    pub fn with_files(
        input: impl Read + 'static,
        form: Form,
        keys: &Keys,
        files: impl FnMut(&str) -> io::Result<Box<dyn Read>> + 'static,
    ) -> io::Result<Self> {
        let is_text = !matches!(form, Form::Raw | Form::Stream);
        let (start, reader) = with_start(unpack::unpack(input, is_text)?, form)?;
        let notes = Notes::default();
        let kind = kind(&start, form, &notes);
        let records = open(kind, reader, &notes, keys.clone(), Box::new(files));
        Ok(Self { form: kind.form(), records, notes, watch: Watch::default(), count: 0, is_over: false })
    }

    /// The form of the input.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// The notes on the input since the last call. Call it again at the end.
    pub fn take_notes(&mut self) -> Vec<Note> {
        self.notes.take()
    }
}

impl Iterator for Records {
    type Item = io::Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        match self.records.next() {
            Some(Ok(mut record)) => {
                record.index = self.count;
                self.count += 1;
                if let Some(time) = record.time.take() {
                    let (time, told) = self.watch.follow(time);
                    record.time = Some(time);
                    if let Some(told) = told {
                        self.notes.warn(told);
                    }
                }
                Some(Ok(record))
            }
            other => {
                self.is_over = true;
                other
            }
        }
    }
}

/// The first bytes of an input.
struct Start {
    bytes: Vec<u8>,
    /// Whether they are the whole input.
    is_all: bool,
}

/// Reads the first bytes of an input to detect its form, and returns a reader that still returns them. Reads no more
/// than needed: the rest may not be written yet.
fn with_start(mut reader: Reader, form: Form) -> io::Result<(Start, Reader)> {
    let mut bytes = Vec::new();
    if !matches!(form, Form::Auto | Form::AutoTrees | Form::JsonLines) {
        return Ok((Start { bytes, is_all: false }, reader));
    }
    let mut may_settle = form != Form::AutoTrees;
    while let Some(room) = START.checked_sub(bytes.len() as u64).filter(|room| *room > 0) {
        let length = match reader.fill_buf() {
            Ok(read) => {
                let length = read.len().min(usize::try_from(room).unwrap_or(usize::MAX));
                bytes.extend(read.iter().take(length));
                length
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                // The bytes before the error are still read.
                let again = Cursor::new(bytes.clone()).chain(BufReader::new(Broken(Some(error))));
                return Ok((Start { bytes, is_all: true }, Box::new(again)));
            }
        };
        reader.consume(length);
        if length == 0 {
            // Reading on would read a terminal past its end.
            let again = Box::new(Cursor::new(bytes.clone()));
            return Ok((Start { bytes, is_all: true }, again));
        }
        if let Some(line) = Some(&bytes).filter(|_| may_settle).and_then(|bytes| detect::first_line(bytes)) {
            may_settle = false;
            if detect::settles(line, form == Form::JsonLines) {
                break;
            }
        }
    }
    let again = Box::new(Cursor::new(bytes.clone()).chain(reader));
    Ok((Start { bytes, is_all: false }, again))
}

/// The end of an input that failed.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// The reader for the input; by its first bytes if the form must be detected.
fn kind(Start { bytes: start, is_all }: &Start, form: Form, notes: &Notes) -> Kind {
    let is_all = *is_all;
    match form {
        Form::Auto => {
            let guess = detect::frames(start, is_all);
            if let Some(assumed) = guess.assumed {
                notes.say(assumed);
            }
            guess.kind
        }
        Form::AutoTrees => detect::trees(start, is_all),
        Form::JsonLines => detect::json_lines_or_array(start),
        Form::Hex => Kind::Hex,
        Form::Base64 => Kind::Base64,
        Form::Raw => Kind::Raw,
        Form::Stream => Kind::Stream,
        Form::Json => Kind::Json,
        Form::Xml => Kind::Xml,
        Form::Log => Kind::Log,
        Form::Har => Kind::Har,
        Form::Wacrg => Kind::Wacrg,
    }
}

impl Kind {
    fn form(self) -> Form {
        match self {
            Self::Hex | Self::Pasted => Form::Hex,
            Self::Base64 => Form::Base64,
            Self::Raw => Form::Raw,
            Self::Stream => Form::Stream,
            Self::JsonLines => Form::JsonLines,
            Self::Har => Form::Har,
            Self::Json => Form::Json,
            Self::Log => Form::Log,
            Self::Xml => Form::Xml,
            Self::Wacrg => Form::Wacrg,
        }
    }
}

fn open(
    kind: Kind,
    reader: Reader,
    notes: &Notes,
    keys: Keys,
    files: OpenFile,
) -> Box<dyn Iterator<Item = io::Result<Record>>> {
    match kind {
        Kind::Hex => Box::new(pasted::records(reader, pasted::Spelling::Hex, notes.clone())),
        Kind::Base64 => Box::new(pasted::records(reader, pasted::Spelling::Base64, notes.clone())),
        Kind::Pasted => Box::new(pasted::records(reader, pasted::Spelling::Any, notes.clone())),
        Kind::JsonLines => Box::new(json::lines(reader, notes.clone(), keys)),
        Kind::Json => Box::new(json::values::records(reader, notes.clone(), keys)),
        Kind::Har => Box::new(json::har::records(reader, notes.clone(), keys, files)),
        Kind::Log => Box::new(log::records(reader, notes.clone(), keys)),
        Kind::Wacrg => Box::new(wacrg::read::records(reader)),
        Kind::Xml => Box::new(xml_nodes::records(reader)),
        Kind::Raw => Box::new(raw_frame::records(reader)),
        Kind::Stream => Box::new(frame_stream::records(reader, notes.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Payload;

    /// Text of letters, digits and marks that is equal in every run (xorshift).
    fn noise(length: usize, seed: u64) -> String {
        const CHARACTERS: &[u8] = b"abcdef0123456789 \n<>[]{}()'\"=:/,.-_\\tagxmlRecvSend";
        let mut state = seed;
        let mut step = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as usize
        };
        (0..length).filter_map(|_| CHARACTERS.get(step() % CHARACTERS.len())).map(|byte| char::from(*byte)).collect()
    }

    #[test]
    fn noise_has_no_records() {
        for seed in 1..400 {
            let text = noise(2_000, seed);
            for form in [Form::Log, Form::JsonLines, Form::Json] {
                let records = Records::new(Cursor::new(text.clone()), form).unwrap().map(Result::unwrap);
                let found: Vec<_> = records.filter(|it| !matches!(it.payload, Payload::Failed(_))).collect();
                assert!(found.is_empty(), "{form:?}, {seed}: {found:?}");
            }
        }
    }
}
