//! Frames as pasted text: one a line, or over several lines as dumps, literals and wrapped hex.

use std::collections::VecDeque;
use std::io;

use wabinary::stanza::Direction;
use wabinary::{Decoder, Dictionary, Leniency};

use crate::bytes_text::{self, BadText, HexOrBase64, literal};
use crate::colour;
use crate::fault::Fault;
use crate::frame_start::starts_like_a_frame;
use crate::hints;
use crate::json;
use crate::lines::{Line, Lines, is_skipped, too_long};
use crate::log::labelled;
use crate::notes::Notes;
use crate::read::Read;
use crate::record::{Payload, Record};
use crate::time::Time;
use crate::{Reader, frame_stream};

mod dump;
mod posted_stream;

use dump::Dump;
use posted_stream::PostedStream;

/// How frames are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Hex,
    Base64,
    Any,
}

/// The most bytes of text for a frame over several lines. The socket carries 16 MiB.
const LONGEST_GROUP: usize = 40 << 20;
/// How many later lines may start like a frame. Each such line is a possible end of the frame before it.
const STARTS: usize = 8;

/// Reads pasted bytes.
pub(crate) fn records(reader: Reader, spelling: Spelling, notes: Notes) -> impl Iterator<Item = io::Result<Record>> {
    let leniencies = Leniency::ALL.iter().fold(Leniency::NONE, |all, one| all | *one);
    let decoder = |dictionary| Decoder::new().with_dictionary(dictionary).allow(leniencies);
    let mut pasted = Pasted {
        lines: Lines::new(reader),
        line: Line::default(),
        spelling,
        telling: HexOrBase64::default(),
        decoders: [Dictionary::V3, Dictionary::V2].map(decoder),
        ready: VecDeque::new(),
        label: None,
        stream: None,
        has_quotes: false,
        has_told_joined: false,
        notes,
    };
    std::iter::from_fn(move || {
        loop {
            if let Some(record) = pasted.ready.pop_front() {
                return Some(Ok(record));
            }
            match pasted.step() {
                Ok(true) => {}
                Ok(false) => {
                    if let Some(stream) = pasted.stream.take() {
                        pasted.ready.extend(stream.end(&pasted.notes));
                    }
                    return pasted.ready.pop_front().map(Ok);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    })
}

struct Pasted {
    lines: Lines,
    line: Line,
    spelling: Spelling,
    telling: HexOrBase64,
    /// Check whether bytes are a whole frame.
    decoders: [Decoder; 2],
    ready: VecDeque<Record>,
    /// The direction in the label above the bytes.
    label: Option<Direction>,
    /// The socket's stream, once one of its lines was seen.
    stream: Option<PostedStream>,
    /// Whether bytes are in Markdown quotes. Other lines are then prose.
    has_quotes: bool,
    has_told_joined: bool,
    notes: Notes,
}

impl Pasted {
    /// Reads a line and the lines that belong to it; false at the end.
    fn step(&mut self) -> io::Result<bool> {
        if !self.lines.read(&mut self.line)? {
            return Ok(false);
        }
        let number = self.line.number;
        if self.line.is_too_long {
            self.push(Payload::from(too_long()), number);
            return Ok(true);
        }
        let text = colour::without(&self.line.text).into_owned();
        let trimmed = text.trim_ascii();
        if is_skipped(&text) || trimmed.starts_with(b"//") || (trimmed.starts_with(b"/*") && trimmed.ends_with(b"*/")) {
            return Ok(true);
        }
        if trimmed.starts_with(b"```") {
            self.has_quotes = true;
            return Ok(true);
        }
        if self.spelling != Spelling::Base64
            && let Some(dump) = Dump::starts(&text)
        {
            self.dump(dump, number)?;
            return Ok(true);
        }
        if let Some(goes_on) = trimmed.strip_suffix(b"\\")
            && (is_string(goes_on) || self.read(goes_on).is_ok())
        {
            self.literal(String::from_utf8_lossy(&text).into_owned(), number)?;
            return Ok(true);
        }
        if let Some(record) = labelled(&text) {
            self.push(record, number);
            return Ok(true);
        }
        let read = self.read(&text);
        match read {
            Ok(bytes) if (is_plain(&text) || is_string(&text)) && !self.is_whole(&bytes) && can_go_on(&bytes) => {
                self.group(text, bytes, number)?;
            }
            Ok(bytes) => self.bytes(bytes, number),
            Err(bad) => self.other(&text, bad, number)?,
        }
        Ok(true)
    }

    fn read(&mut self, text: &[u8]) -> Result<Vec<u8>, BadText> {
        let quoted = text.trim_ascii();
        let inside = quoted.strip_prefix(b"`").and_then(|text| text.strip_suffix(b"`"));
        self.has_quotes |= inside.is_some();
        let text = inside.unwrap_or(text);
        match self.spelling {
            Spelling::Hex => bytes_text::hex(text),
            Spelling::Base64 => bytes_text::base64(text),
            Spelling::Any => self.telling.read(text),
        }
    }

    fn push(&mut self, payload: impl Into<Record>, number: u64) {
        let record: Record = payload.into();
        let direction = record.direction.or(self.label);
        self.ready.push_back(Record { direction, ..record }.at_line(number));
    }

    /// Adds bytes that belong together.
    fn bytes(&mut self, bytes: Vec<u8>, number: u64) {
        if let Some(stream) = &mut self.stream {
            stream.feed(&bytes, self.label);
            return;
        }
        if frame_stream::starts(&bytes) && (self.has_quotes || frame_stream::is_whole(&bytes)) {
            let mut stream = PostedStream::new(number);
            stream.feed(&bytes, self.label);
            if self.has_quotes {
                self.stream = Some(stream);
            } else {
                self.ready.extend(stream.end(&self.notes));
            }
            return;
        }
        self.push(Payload::Frame(bytes.into()), number);
    }

    /// Whether bytes are exactly one frame, with either dictionary.
    fn is_whole(&mut self, bytes: &[u8]) -> bool {
        self.decoders.iter_mut().any(|decoder| match bytes.first() {
            Some(0xf8 | 0xf9) => decoder.decode_body(bytes.to_vec()).is_ok(),
            _ => decoder.decode_slice(bytes).is_ok(),
        })
    }

    /// A line that is not bytes: an object, the start of a literal, a label, or an error.
    fn other(&mut self, text: &[u8], bad: BadText, number: u64) -> io::Result<()> {
        let string = String::from_utf8_lossy(text).into_owned();
        let line = string.trim();
        if line.starts_with("{\"") && line.ends_with('}') {
            if let Read::Records(records) = json::read(text, number, 1) {
                records.into_iter().for_each(|record| self.push(record, number));
            }
            return Ok(());
        }
        if bad.kind != "bytes-left-out" && opens_literal(line) {
            return self.literal(string, number);
        }
        if is_length_of_array(line) || begins_declaration(line) {
            return Ok(());
        }
        if let Some((frame, time, direction)) = labelled::read(line) {
            self.push(labelled_record(frame, time, direction), number);
            return Ok(());
        }
        let is_label = line.ends_with(':') && line.len() < 100 && line.chars().any(char::is_alphabetic);
        if is_label || self.has_quotes || self.is_prose_before_quotes()? {
            self.label = labelled::direction(line).or(if is_label { None } else { self.label });
            return Ok(());
        }
        let fault = Fault::in_line(bad.kind, bad.offset, bad.message);
        let hint = if bad.kind == "bytes-left-out" { None } else { hints::of_line(text) };
        self.push(Payload::from(fault.with_hint(hint)), number);
        Ok(())
    }

    /// Whether the next line quotes bytes as Markdown does.
    fn is_prose_before_quotes(&mut self) -> io::Result<bool> {
        let mut next = Line::default();
        if !self.lines.read(&mut next)? {
            return Ok(false);
        }
        let quotes = next.text.trim_ascii().first() == Some(&b'`');
        self.lines.give_back(next);
        Ok(quotes)
    }

    /// Reads a dump with offsets.
    fn dump(&mut self, mut dump: Dump, number: u64) -> io::Result<()> {
        while self.lines.read(&mut self.line)? {
            let text = colour::without(&self.line.text);
            if self.line.is_too_long || !dump.add(&text) {
                let line = std::mem::take(&mut self.line);
                self.lines.give_back(line);
                break;
            }
        }
        match dump.finish() {
            Ok(bytes) => self.bytes(bytes, number),
            Err(fault) => self.push(Payload::from(fault), number),
        }
        Ok(())
    }

    /// Reads a literal over several lines.
    fn literal(&mut self, mut text: String, number: u64) -> io::Result<()> {
        let mut is_closed = false;
        let is_in_brackets = !text.trim_end().ends_with('\\');
        while !is_closed && text.len() < LONGEST_GROUP && self.lines.read(&mut self.line)? {
            let line = colour::without(&self.line.text);
            let line = String::from_utf8_lossy(&line);
            match text.trim_end().strip_suffix('\\').map(str::len) {
                // A string goes on after the indentation.
                Some(length) => text.replace_range(length.., line.trim_start()),
                None => text.extend(["\n", &*line]),
            }
            is_closed = !opens_literal(&line) && ends_literal(&line, is_in_brackets);
        }
        let read = literal::read(text.as_bytes()).or_else(|| self.read(text.as_bytes()).ok().map(Ok));
        match read {
            Some(Ok(bytes)) => self.bytes(bytes, number),
            Some(Err(bad)) => self.push(Payload::from(Fault::in_line(bad.kind, bad.offset, bad.message)), number),
            None => {
                let message = "a literal that is not a list of bytes from -128 to 255, or does not end";
                self.push(Payload::from(Fault::in_line("unreadable-line", 0, message)), number);
            }
        }
        Ok(())
    }

    /// Reads lines, the first of which is not a whole frame.
    fn group(&mut self, text: Vec<u8>, bytes: Vec<u8>, number: u64) -> io::Result<()> {
        let (mut length, mut starts) = (text.len(), 0);
        let mut group = vec![(number, text, bytes)];
        while length < LONGEST_GROUP && self.lines.read(&mut self.line)? {
            let text = colour::without(&self.line.text).into_owned();
            let is_over = self.line.is_too_long || is_skipped(&text) || !(is_plain(&text) || is_string(&text));
            let read = if is_over { None } else { self.read(&text).ok() };
            let Some(bytes) = read else {
                let line = std::mem::take(&mut self.line);
                self.lines.give_back(line);
                break;
            };
            length += text.len();
            let is_start = starts_like_a_frame(&bytes);
            let is_next = is_start && self.is_whole(&bytes);
            starts += usize::from(is_start);
            group.push((self.line.number, text, bytes));
            if is_next || starts > STARTS {
                break;
            }
        }
        let mut rest = &*group;
        while let [(number, _, bytes), behind @ ..] = rest {
            match self.joined(rest) {
                Some((joined, lines)) => {
                    self.tell_joined(lines);
                    self.bytes(joined, *number);
                    rest = rest.get(lines..).unwrap_or(&[]);
                }
                None => {
                    self.bytes(bytes.clone(), *number);
                    rest = behind;
                }
            }
        }
        Ok(())
    }

    /// The frame that the first lines of a group make together, and how many lines.
    fn joined(&mut self, group: &[(u64, Vec<u8>, Vec<u8>)]) -> Option<(Vec<u8>, usize)> {
        let (_, _, first) = group.first()?;
        if !can_go_on(first) || self.is_whole(first) {
            return None;
        }
        let ends = (2..=group.len()).filter(|end| group.get(*end).is_none_or(|(.., next)| starts_like_a_frame(next)));
        for end in ends {
            let lines = group.get(..end)?;
            let text: Vec<u8> = lines.iter().flat_map(|(_, text, _)| without_quotes(text).to_vec()).collect();
            let joined =
                self.read(&text).unwrap_or_else(|_| lines.iter().flat_map(|(.., bytes)| bytes.clone()).collect());
            if self.is_whole(&joined) || frame_stream::starts(&joined) && frame_stream::is_whole(&joined) {
                return Some((joined, end));
            }
        }
        None
    }

    fn tell_joined(&mut self, lines: usize) {
        if !std::mem::replace(&mut self.has_told_joined, true) {
            self.notes.say(format!("joined lines that are a frame only together: {lines} from here"));
        }
    }
}

/// A frame after a time or a word for a direction.
fn labelled(text: &[u8]) -> Option<Record> {
    let line = std::str::from_utf8(text).ok()?;
    if line.len() > 4096 && !line.get(..200).is_some_and(|start| start.contains([' ', ':'])) {
        return None;
    }
    let (frame, time, direction) = labelled::read(line)?;
    (time.is_some() || direction.is_some()).then(|| labelled_record(frame, time, direction))
}

fn labelled_record(frame: Vec<u8>, time: Option<Time>, direction: Option<Direction>) -> Record {
    Record { time, direction, ..Payload::Frame(frame.into()).into() }
}

fn without_quotes(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    text.strip_prefix(b"`").and_then(|text| text.strip_suffix(b"`")).unwrap_or(text)
}

/// Whether a line has only hex, base64 or decimals.
fn is_plain(text: &[u8]) -> bool {
    !text.iter().any(|byte| b"[]{}()<>\"'\\;".contains(byte))
}

/// Whether more lines may complete a frame.
fn can_go_on(bytes: &[u8]) -> bool {
    starts_like_a_frame(bytes) || frame_stream::starts(bytes) || matches!(bytes, [0 | 2])
}

/// Whether a literal begins in a line and does not end there.
fn opens_literal(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with('\\') && line.contains(literal::QUOTES)
        || line.ends_with(['{', '[', '(', ',']) && line.contains(['{', '[', '('])
}

/// Whether a literal over several lines ends with this one.
fn ends_literal(line: &str, is_in_brackets: bool) -> bool {
    let line = line.trim_end();
    if is_in_brackets { line.ends_with([']', '}', ')', ';']) } else { !line.ends_with('\\') }
}

/// Whether a line has a text in quotes. The next line may have the rest of it.
fn is_string(text: &[u8]) -> bool {
    text.iter().any(|byte| literal::QUOTES.contains(&char::from(*byte)))
}

/// `static const char frame[] =`
fn begins_declaration(line: &str) -> bool {
    line.ends_with(" =") && line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '$')
}

/// `unsigned int frame_len = 50;`
fn is_length_of_array(line: &str) -> bool {
    let number = line.strip_suffix(';').and_then(|line| line.rsplit_once('='));
    number.is_some_and(|(name, number)| name.contains("len") && number.trim().bytes().all(|byte| byte.is_ascii_digit()))
}
