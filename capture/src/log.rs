//! Logs: lines of text, JSON objects and frames, mixed.
//!
//! A dialect says whether a line begins a stanza and when the stanza is complete, and reads it. Lines that begin no
//! stanza are skipped and counted. A stanza that never ends is an error.

use std::borrow::Cow;
use std::io;

use wabinary::stanza::Direction;

use crate::bytes_text;
use crate::colour;
use crate::fault::Fault;
use crate::frame_start::starts_like_a_frame;
use crate::json;
use crate::keys::Keys;
use crate::lines::{Line, Lines, too_long};
use crate::notes::Notes;
use crate::read::{Queue, Read};
use crate::record::{Payload, Record};
use crate::{LONGEST_RECORD, Reader};

mod bare_xml;
mod bridge;
mod cobalt;
mod console;
mod container;
pub(crate) mod head;
mod inspected;
pub(crate) mod labelled;
mod page_hook;
mod pino_pretty;
mod whatsapp_rust;
mod whatsmeow;
mod zapo_console;

/// A dialect of text logs.
#[derive(Debug)]
pub(crate) struct Dialect {
    /// Finds the start of a stanza in a line.
    pub(crate) begins: fn(&str) -> Option<Begun<'_>>,
    /// Reads the text from the start of a stanza, over the lines that were read so far.
    pub(crate) read: fn(&str, &Head) -> Progress,
    /// Whether a line can belong to the current stanza.
    pub(crate) goes_on: fn(&str) -> bool,
}

/// A stanza that begins in a line.
#[derive(Debug)]
pub(crate) struct Begun<'l> {
    pub(crate) head: Head,
    pub(crate) stanza: &'l str,
}

/// Facts from the line in which a stanza begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Head {
    /// The text before the stanza.
    pub(crate) before: String,
    pub(crate) direction: Option<Direction>,
}

/// The result of reading a text from the start of a stanza.
#[derive(Debug)]
pub(crate) enum Progress {
    Read(Read),
    /// More lines may belong to it. If none come, this is the result.
    More(Read),
    /// More lines may complete it. If none come, this is the error.
    Open(Fault),
}

/// The dialects, the most specific first.
const DIALECTS: [Dialect; 9] = [
    pino_pretty::DIALECT,
    whatsmeow::DIALECT,
    whatsapp_rust::DIALECT,
    bridge::DIALECT,
    cobalt::DIALECT,
    zapo_console::DIALECT,
    page_hook::DIALECT,
    inspected::DIALECT,
    bare_xml::DIALECT,
];

/// The dialect in which a line begins a stanza.
fn begins(line: &str) -> Option<(&'static Dialect, Begun<'_>)> {
    // A stanza inside an object is escaped as JSON.
    if line.trim_start().starts_with("{\"") || object(line).is_some() {
        return None;
    }
    DIALECTS.iter().find_map(|dialect| (dialect.begins)(line).map(|begun| (dialect, begun)))
}

/// Whether a line belongs to a log: it begins a stanza, or it is a logger's object.
pub(crate) fn is_of_log(line: &[u8]) -> bool {
    let line = colour::without(line);
    let Ok(line) = std::str::from_utf8(&line) else { return false };
    begins(line).is_some()
        || object(line).is_some_and(|object| json::is_of_log(object.as_bytes()) || container::is_one(object))
}

/// Whether a line starts with a time, followed by words.
pub(crate) fn is_entry(line: &[u8]) -> bool {
    let line = colour::without(line);
    std::str::from_utf8(&line).is_ok_and(|line| head::starts_entry(line) && labelled::read(line).is_none())
}

/// A JSON object in a line, after the prefix of a container or of the journal.
fn object(line: &str) -> Option<&str> {
    let start = line.find("{\"")?;
    let before = line.get(..start)?;
    let is_prefix = before.len() < 200 && !before.contains(['<', '>', '"']);
    // In an array a comma follows.
    let object = line.get(start..)?.trim_end().trim_end_matches(',');
    (is_prefix && object.ends_with('}')).then_some(object)
}

/// Reads a line without the lines after it.
pub(crate) fn read_line(line: &str, number: u64) -> Read {
    let line = colour::without(line.as_bytes());
    let line = String::from_utf8_lossy(&line);
    match begins(&line) {
        Some((dialect, begun)) => last((dialect.read)(begun.stanza, &begun.head), &begun.head),
        None => read_other(&line, number),
    }
}

/// The result for a stanza after the last line. A cut stanza keeps its time and direction.
fn last(progress: Progress, head: &Head) -> Read {
    match progress {
        Progress::Read(read) | Progress::More(read) => read,
        Progress::Open(fault) => {
            let (time, direction) = (head::time(&head.before), head.direction);
            Read::one(Record { time, direction, ..fault.into() })
        }
    }
}

/// Reads a line in which no dialect begins a stanza: an object, or a frame in hex.
fn read_other(line: &str, number: u64) -> Read {
    if let Some(object) = object(line) {
        let read = container::read(object, number).unwrap_or_else(|| json::read(object.as_bytes(), number, 1));
        // Another program's object without a stanza is a line like any other.
        return match read {
            Read::Records(records) if records.iter().all(is_no_record) && !has_stanza(object) => Read::PassedOver,
            read => read,
        };
    }
    if line.trim_start().starts_with("{\"") && has_stanza(line) {
        return Read::one(
            Fault::in_tree("log-cut", "", "the object that begins here does not end in this line").into(),
        );
    }
    let labelled = labelled::read(line);
    if let Some((frame, time, direction)) = labelled {
        return Read::one(Record { time, direction, ..Payload::Frame(frame.into()).into() });
    }
    match bytes_text::hex(line.trim().as_bytes()) {
        Ok(frame) if starts_like_a_frame(&frame) && frame.len() > 2 => Read::one(Payload::Frame(frame.into()).into()),
        _ => Read::PassedOver,
    }
}

fn is_no_record(record: &Record) -> bool {
    matches!(&record.payload, Payload::Failed(failure) if matches!(failure.kind(), "record" | "json"))
}

/// Whether an object holds a stanza, complete or not.
fn has_stanza(object: &str) -> bool {
    [
        "\"xml\":\"<",
        "\"msg\":\"<",
        "\"message\":\"<",
        "\"frame\":{",
        "\"node\":{",
        "\"hex\":",
        "\"base64\":",
        "\"wireBytes\"",
        "\"log\":\"",
        "\"MESSAGE\":\"",
    ]
    .iter()
    .any(|start| object.contains(start))
}

/// Reads a log.
pub(crate) fn records(reader: Reader, notes: Notes, keys: Keys) -> impl Iterator<Item = io::Result<Record>> {
    let mut log = Log { lines: Lines::new(reader), line: Line::default(), queue: Queue::new(notes, keys) };
    std::iter::from_fn(move || {
        loop {
            if let Some(record) = log.queue.next() {
                return Some(Ok(record));
            }
            match log.step() {
                Ok(true) => {}
                Ok(false) => {
                    log.queue.end();
                    return log.queue.next().map(Ok);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    })
}

struct Log {
    lines: Lines,
    line: Line,
    queue: Queue,
}

impl Log {
    /// Reads a line and the lines that belong to it; false at the end.
    fn step(&mut self) -> io::Result<bool> {
        if !self.lines.read(&mut self.line)? {
            return Ok(false);
        }
        let number = self.line.number;
        if self.line.is_too_long {
            self.queue.push(Read::one(too_long().into()), number);
            return Ok(true);
        }
        let text = text(&self.line).into_owned();
        if text.trim().is_empty() {
            return Ok(true);
        }
        match begins(&text) {
            Some((dialect, begun)) => {
                let read = self.stanza(dialect, begun.stanza.to_owned(), &begun.head)?;
                self.queue.push(read, number);
            }
            None => self.queue.push(read_other(&text, number), number),
        }
        Ok(true)
    }

    /// Reads a stanza to its end.
    fn stanza(&mut self, dialect: &Dialect, mut stanza: String, head: &Head) -> io::Result<Read> {
        // Reads the text again only after it has grown by an eighth, or by a line that can end it. The work stays
        // proportional to its length.
        loop {
            if let Progress::Read(read) = (dialect.read)(&stanza, head) {
                return Ok(read);
            }
            let tried = stanza.len();
            loop {
                let is_there = self.lines.read(&mut self.line)?;
                let next = if is_there { text(&self.line) } else { Cow::Borrowed("") };
                let is_over = !is_there || self.line.is_too_long || !(dialect.goes_on)(&next);
                if is_over || stanza.len() > LONGEST_RECORD {
                    if is_there {
                        self.lines.give_back(std::mem::take(&mut self.line));
                    }
                    return Ok(last((dialect.read)(&stanza, head), head));
                }
                let may_end = next.trim_end().ends_with(['>', ']', '}', ')']) && !next.starts_with([' ', '\t']);
                stanza.push('\n');
                stanza.push_str(&next);
                if may_end || stanza.len() > tried + tried / 8 + 4096 {
                    break;
                }
            }
        }
    }
}

/// The text of a line, without colours. Bytes that are not UTF-8 cannot be part of a stanza.
fn text(line: &Line) -> Cow<'_, str> {
    match colour::without(&line.text) {
        Cow::Borrowed(text) => String::from_utf8_lossy(text),
        Cow::Owned(text) => Cow::Owned(String::from_utf8_lossy(&text).into_owned()),
    }
}
