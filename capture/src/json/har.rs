//! A browser's network recording (HAR): the messages of its websockets, wherever they are in it.

use std::io;

use bytes::Bytes;
use data_encoding::BASE64;

use wabinary::Printable;

use super::object::{Object, Text};
use super::values::Values;
use crate::direction_of_word;
use crate::fault::Fault;
use crate::keys::Keys;
use crate::lines::{Line, Lines, too_long};
use crate::notes::Notes;
use crate::read::{Queue, Read};
use crate::record::{MessagePlace, Record};
use crate::time::Time;
use crate::websocket::{Event, Message};
use crate::{OpenFile, Reader, unpack};

const SOURCE: &str = "har";
const NOTHING: &str = "a recording of the network without messages of websockets: start recording before the page connects; \
                       Firefox leaves them out, and a socket in a worker is recorded by Playwright only";
/// The longest file name that is opened.
const LONGEST_NAME: usize = 255;

/// Reads the frames of all websockets. `open` opens a file next to the recording, by its name.
pub(crate) fn records(
    input: Reader,
    notes: Notes,
    keys: Keys,
    mut open: OpenFile,
) -> impl Iterator<Item = io::Result<Record>> {
    let mut har = Har::new(Values::new(input));
    let mut queue = Queue::new(notes.clone(), keys);
    let mut is_told = false;
    std::iter::from_fn(move || {
        loop {
            if let Some(record) = queue.next() {
                return Some(Ok(record));
            }
            match har.next() {
                Ok(Some(Found::Read(read))) => queue.push(read, 0),
                Ok(Some(Found::File(name))) => match open(&name).and_then(|file| unpack::unpack(file, true)) {
                    Ok(file) => har.attach(file),
                    Err(error) => {
                        is_told = true;
                        let name = Printable::new(&name);
                        notes.warn(format!("messages are in the file \"{name}\" beside the recording: {error}"));
                    }
                },
                Ok(None) => {
                    if har.sockets == 0 && !is_told {
                        notes.warn(NOTHING);
                    }
                    queue.end();
                    return queue.next().map(Ok);
                }
                Err(error) => return Some(Err(error)),
            }
        }
    })
}

enum Found {
    Read(Read),
    /// The name of a file that may hold the messages of a socket.
    File(String),
}

/// The members that hold messages or say where they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    /// The list of entries.
    Entries,
    /// The messages of an entry, which make it a websocket.
    Messages,
    /// The file with the content of an entry.
    File,
}

impl Name {
    fn of(name: &[u8]) -> Option<Self> {
        match name {
            b"entries" => Some(Self::Entries),
            b"_webSocketMessages" => Some(Self::Messages),
            b"_file" => Some(Self::File),
            _ => None,
        }
    }
}

struct Har {
    values: Values,
    depth: u64,
    /// The depth inside of the list of entries, and how many of them began.
    entries: Option<(u64, u64)>,
    sockets: u64,
    /// The number of messages read from the current array.
    messages: Option<u64>,
    /// The lines of a file with the messages of a socket.
    attached: Option<Lines>,
    is_over: bool,
}

impl Har {
    fn new(values: Values) -> Self {
        Self { values, depth: 0, entries: None, sockets: 0, messages: None, attached: None, is_over: false }
    }

    fn attach(&mut self, file: Reader) {
        (self.attached, self.messages) = (Some(Lines::new(file)), None);
    }

    fn next(&mut self) -> io::Result<Option<Found>> {
        loop {
            if let Some(lines) = self.attached.take() {
                if let Some(read) = self.line(lines)? {
                    return Ok(Some(Found::Read(read)));
                }
            } else if self.is_over {
                return Ok(None);
            } else if let Some(found) = self.step()? {
                return Ok(Some(found));
            }
        }
    }

    /// Reads on, up to a message or a member of interest.
    fn step(&mut self) -> io::Result<Option<Found>> {
        let Some(byte) = self.values.peek()? else {
            self.is_over = true;
            let is_cut = self.depth > 0 || self.messages.is_some();
            let cut = || Found::Read(Read::one(fault("the recording ends too early; what was before is read").into()));
            return Ok(is_cut.then(cut));
        };
        match (byte, self.messages) {
            (b'{', Some(_)) => return self.message().map(|read| Some(Found::Read(read))),
            (b']', Some(_)) => {
                self.values.take(byte);
                self.messages = None;
                return Ok(Some(Found::Read(Read::Socket(Event::Closed))));
            }
            (b'"', None) => return self.member(),
            (b'{' | b'[', None) => {
                self.values.take(byte);
                self.enter();
            }
            (b'}' | b']', None) => {
                self.depth = self.depth.saturating_sub(1);
                self.entries = self.entries.filter(|(depth, _)| *depth <= self.depth);
                self.values.take(byte);
            }
            _ => self.values.take(byte),
        }
        Ok(None)
    }

    fn enter(&mut self) {
        if let Some((depth, count)) = &mut self.entries
            && *depth == self.depth
        {
            *count += 1;
        }
        self.depth += 1;
    }

    /// Skips a string, and handles the member if the string names one of interest.
    fn member(&mut self) -> io::Result<Option<Found>> {
        let name = self.string()?;
        match name.as_deref().and_then(Name::of) {
            Some(Name::Messages) if self.after(b':')? && self.after(b'[')? => {
                self.sockets += 1;
                self.messages = Some(0);
            }
            Some(Name::Entries) if self.after(b':')? && self.after(b'[')? => {
                self.enter();
                self.entries = self.entries.or(Some((self.depth, 0)));
            }
            Some(Name::File) if self.after(b':')? && self.values.peek()? == Some(b'"') => {
                let name = self.string()?.and_then(|name| String::from_utf8(name).ok());
                return Ok(name.filter(|name| name.ends_with(".jsonl")).map(Found::File));
            }
            _ => {}
        }
        Ok(None)
    }

    /// The place of a message.
    fn place(&self, message: u64) -> MessagePlace {
        let entry = self.entries.map_or(self.sockets, |(_, count)| count).saturating_sub(1);
        MessagePlace { entry, message }
    }

    fn message(&mut self) -> io::Result<Read> {
        let count = self.messages.unwrap_or_default();
        self.messages = Some(count + 1);
        let (is_long, is_whole) = self.values.outline()?;
        let place = self.place(count);
        if is_long {
            return Ok(at(too_long(), place));
        }
        if !is_whole {
            self.is_over = true;
            return Ok(at(fault("the recording ends too early; what was before is read"), place));
        }
        Ok(self.read(self.values.text(), place))
    }

    /// Reads a message of the latest socket.
    fn read(&self, text: &[u8], place: MessagePlace) -> Read {
        let text = Text { text, line: 1, column: 1 };
        let read = Object::read(text).ok().and_then(|object| message(&object, &self.sockets.to_string(), Some(place)));
        read.unwrap_or_else(|| at(fault("expected type, time, opcode and data"), place))
    }

    /// Reads a line of the file with the messages of a socket. Skips a file that is not JSON.
    fn line(&mut self, mut lines: Lines) -> io::Result<Option<Read>> {
        let mut line = Line::default();
        if !lines.read(&mut line)? {
            return Ok(self.messages.take().map(|_| Read::Socket(Event::Closed)));
        }
        let count = match self.messages {
            Some(count) => count,
            None if is_message(&line.text) => {
                self.sockets += 1;
                0
            }
            None => return Ok(None),
        };
        (self.attached, self.messages) = (Some(lines), Some(count + 1));
        let place = self.place(count);
        Ok(Some(if line.is_too_long { at(too_long(), place) } else { self.read(&line.text, place) }))
    }

    /// Skips a string, and returns its contents if it is short.
    fn string(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.values.take(b'"');
        let (mut text, mut is_escaped) = (Some(Vec::new()), false);
        while let Some(byte) = self.values.peek()? {
            self.values.take(byte);
            if byte == b'"' && !is_escaped {
                return Ok(text);
            }
            is_escaped = byte == b'\\' && !is_escaped;
            text = text.filter(|text| text.len() < LONGEST_NAME);
            text.iter_mut().for_each(|text| text.push(byte));
        }
        Ok(None)
    }

    /// Skips this byte, if it is the next one that is not a blank.
    fn after(&mut self, expected: u8) -> io::Result<bool> {
        while let Some(byte) = self.values.peek()? {
            if byte == expected {
                self.values.take(byte);
                return Ok(true);
            }
            if !byte.is_ascii_whitespace() {
                break;
            }
            self.values.take(byte);
        }
        Ok(false)
    }
}

fn fault(message: &str) -> Fault {
    Fault::in_tree("json", "", message)
}

fn at(fault: Fault, place: MessagePlace) -> Read {
    Read::one(Record { place: Some(place), ..fault.into() })
}

fn is_message(text: &[u8]) -> bool {
    Object::read(Text { text, line: 1, column: 1 }).is_ok_and(|object| has_members(&object))
}

/// A message of a socket. Its bytes are base64.
fn message(object: &Object<'_>, socket: &str, place: Option<MessagePlace>) -> Option<Read> {
    let word = object.text_of("type")?;
    let direction = direction_of_word(&word);
    let opcode = object.get("opcode").map(|opcode| opcode.get());
    let data = object.text_of("data").unwrap_or_default();
    let Some(direction) = direction else {
        // The recorder reports an error of the connection here.
        return (word == "error").then_some(Read::PassedOver);
    };
    let bytes = match opcode {
        Some("2") if !data.is_empty() => Some(Bytes::from(BASE64.decode(data.as_bytes()).ok()?)),
        _ => None,
    };
    let time = object.get("time").filter(|time| !time.get().starts_with(['-', 'n']));
    let time = time.map(|time| Time::from_json(time.get(), None));
    let message = Message { socket: socket.into(), direction, time, line: None, place, source: SOURCE, bytes };
    Some(Read::Socket(Event::Message(message)))
}

/// A message as a record, in its own line.
pub(super) fn read_object(object: &Object<'_>) -> Option<Read> {
    has_members(object).then(|| message(object, "", None)).flatten()
}

fn has_members(object: &Object<'_>) -> bool {
    ["opcode", "data", "time", "type"].into_iter().all(|name| object.has(name))
}
