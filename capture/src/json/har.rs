//! A browser's recording of the network (HAR): the messages of its websockets, wherever they are in it.

use std::io;

use bytes::Bytes;
use data_encoding::BASE64;

use super::object::{Object, Text};
use super::values::Values;
use crate::Reader;
use crate::direction_of_word;
use crate::fault::Fault;
use crate::keys::Keys;
use crate::lines::too_long;
use crate::notes::Notes;
use crate::read::{Queue, Read};
use crate::record::Record;
use crate::time::Time;
use crate::websocket::{Event, Message};

const SOURCE: &str = "har";
/// The member of an entry that makes it a socket.
const MESSAGES: &[u8] = b"_webSocketMessages";
const NOTHING: &str = "a recording of the network without messages of websockets: start recording before the page connects; \
                       Firefox leaves them out, and Playwright writes them inside with the content \"embed\" (a .jsonl file \
                       beside the recording is read by itself)";

/// Reads the frames of all websockets.
pub(crate) fn records(input: Reader, notes: Notes, keys: Keys) -> impl Iterator<Item = io::Result<Record>> {
    let mut har = Har { values: Values::new(input), line: 1, depth: 0, sockets: 0, messages: None, is_over: false };
    let mut queue = Queue::new(notes.clone(), keys);
    std::iter::from_fn(move || {
        loop {
            if let Some(record) = queue.next() {
                return Some(Ok(record));
            }
            match har.next() {
                Ok(Some(read)) => queue.push(read, har.line),
                Ok(None) => {
                    if har.sockets == 0 {
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

struct Har {
    values: Values,
    /// Where the message begins that was read last.
    line: u64,
    depth: u64,
    sockets: u64,
    /// How many messages of a socket were read, inside of their array.
    messages: Option<u64>,
    is_over: bool,
}

impl Har {
    fn next(&mut self) -> io::Result<Option<Read>> {
        while !self.is_over {
            let Some(byte) = self.values.peek()? else {
                self.is_over = true;
                let is_cut = self.depth > 0 || self.messages.is_some();
                return Ok(is_cut.then(|| fault("the recording ends too early; what was before is read")));
            };
            match (byte, self.messages) {
                (b'{', Some(count)) => {
                    self.messages = Some(count + 1);
                    return self.message(count).map(Some);
                }
                (b']', Some(_)) => {
                    self.values.take(byte);
                    self.messages = None;
                    return Ok(Some(Read::Socket(Event::Closed)));
                }
                (b'"', None) => {
                    if self.string()? && self.behind(b':')? && self.behind(b'[')? {
                        self.sockets += 1;
                        self.messages = Some(0);
                    }
                }
                (b'{' | b'[', None) => {
                    self.depth += 1;
                    self.values.take(byte);
                }
                (b'}' | b']', None) => {
                    self.depth = self.depth.saturating_sub(1);
                    self.values.take(byte);
                }
                _ => self.values.take(byte),
            }
        }
        Ok(None)
    }

    fn message(&mut self, count: u64) -> io::Result<Read> {
        let place = format!("socket entry {}, message {count}", self.sockets.saturating_sub(1));
        self.line = self.values.line();
        let (is_long, is_whole) = self.values.outline()?;
        if is_long {
            return Ok(Read::one(too_long().into()));
        }
        if !is_whole {
            self.is_over = true;
            return Ok(fault(format_args!("the recording ends too early, in {place}; what was before is read")));
        }
        let text = Text { text: self.values.text(), line: 1, column: 1 };
        let read = Object::read(text).ok().and_then(|object| message(&object, &self.sockets.to_string()));
        Ok(read.unwrap_or_else(|| fault(format_args!("{place}: expected type, time, opcode and data"))))
    }

    /// Passes over a string, and says whether it is the name of the messages.
    fn string(&mut self) -> io::Result<bool> {
        self.values.take(b'"');
        let (mut length, mut is_name, mut is_escaped) = (0, true, false);
        while let Some(byte) = self.values.peek()? {
            self.values.take(byte);
            if byte == b'"' && !is_escaped {
                return Ok(is_name && length == MESSAGES.len());
            }
            is_escaped = byte == b'\\' && !is_escaped;
            is_name = is_name && MESSAGES.get(length) == Some(&byte);
            length += 1;
        }
        Ok(false)
    }

    /// Passes over this byte, if it is the next one that is not a blank.
    fn behind(&mut self, expected: u8) -> io::Result<bool> {
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

fn fault(message: impl std::fmt::Display) -> Read {
    Read::one(Fault::in_tree("json", "", message).into())
}

/// A message of a socket. Its bytes are base64.
fn message(object: &Object<'_>, socket: &str) -> Option<Read> {
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
    let message = Message { socket: socket.into(), direction, time, line: None, source: SOURCE, bytes };
    Some(Read::Socket(Event::Message(message)))
}

/// A message that stands by itself, in its own line.
pub(super) fn read_object(object: &Object<'_>) -> Option<Read> {
    let is_message = object.has("opcode") && object.has("data") && object.has("time") && object.has("type");
    is_message.then(|| message(object, "")).flatten()
}
