//! Websockets of a recording: messages to frames.
//!
//! The first messages of a socket show what it carries, so they are held back until it is known.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use wabinary::stanza::Direction;

use crate::keys::Keys;
use crate::notes::Notes;
use crate::record::{MessagePlace, Record};
use crate::time::Time;

mod lane;
mod told;

use lane::Lane;
use told::Told;

/// The most messages that are held back, and the most bytes.
const MOST_MESSAGES: usize = 4_096;
const MOST_BYTES: usize = 16 << 20;

/// A message of a websocket.
#[derive(Debug)]
pub(crate) struct Message {
    /// Which socket of the recording.
    pub(crate) socket: Box<str>,
    pub(crate) direction: Direction,
    pub(crate) time: Option<Time>,
    pub(crate) line: Option<u64>,
    /// Its place, if the recording has no lines.
    pub(crate) place: Option<MessagePlace>,
    pub(crate) source: &'static str,
    /// `None` if it is text, empty or a control message.
    pub(crate) bytes: Option<Bytes>,
}

/// An event of a recorded websocket.
#[derive(Debug)]
pub(crate) enum Event {
    Message(Message),
    /// The wall time of a monotonic clock's 0, in microseconds.
    Clock {
        start: i64,
    },
    /// Later messages do not depend on earlier ones.
    Closed,
}

impl Event {
    /// The event at a line of its input. Recordings that are one document have places instead.
    pub(crate) fn at_line(self, line: u64) -> Self {
        match self {
            Self::Message(message) if message.line.is_none() && message.place.is_none() && line > 0 => {
                Self::Message(Message { line: Some(line), ..message })
            }
            other => other,
        }
    }
}

/// The websockets of an input.
#[derive(Debug)]
pub(crate) struct Sockets {
    keys: Keys,
    held: VecDeque<Message>,
    held_bytes: usize,
    sockets: BTreeMap<Box<str>, Socket>,
    count: u64,
    /// The wall time of a monotonic clock's 0, in microseconds, if the recording has one.
    start: Option<i64>,
    told: Told,
}

#[derive(Debug, Default)]
struct Socket {
    /// Its number, once it is known to belong to WhatsApp.
    number: Option<u64>,
    dictionary_version: Option<u8>,
    lanes: [Lane; 2],
}

impl Socket {
    fn lane(&mut self, direction: Direction) -> &mut Lane {
        let [send, receive] = &mut self.lanes;
        if direction == Direction::Send { send } else { receive }
    }
}

impl Sockets {
    pub(crate) fn new(keys: Keys) -> Self {
        let (held, sockets) = (VecDeque::new(), BTreeMap::new());
        Self { keys, held, held_bytes: 0, sockets, count: 0, start: None, told: Told::default() }
    }

    pub(crate) fn hear(&mut self, event: Event, out: &mut VecDeque<Record>) {
        match event {
            Event::Closed => self.decide(out),
            Event::Clock { start } => self.start = self.start.or(Some(start)),
            Event::Message(message) => {
                self.told.any = true;
                let socket = self.sockets.entry(message.socket.clone()).or_default();
                if message.bytes.is_none() {
                    self.told.passed_over += 1;
                    return;
                }
                if self.held.is_empty() && socket.lane(message.direction).is_decided() {
                    self.read(message, out);
                    return;
                }
                self.held_bytes += message.bytes.as_ref().map_or(0, Bytes::len);
                self.held.push_back(message);
                if self.held.len() >= MOST_MESSAGES || self.held_bytes >= MOST_BYTES {
                    self.decide(out);
                }
            }
        }
    }

    /// Reads the messages that were held back, and reports incomplete frames at the end.
    pub(crate) fn end(&mut self, notes: &Notes, out: &mut VecDeque<Record>) {
        self.decide(out);
        for socket in std::mem::take(&mut self.sockets).into_values() {
            if socket.number.is_some() {
                out.extend(socket.lanes.iter().filter_map(|lane| lane.end(socket.number)));
            } else {
                self.told.foreign += 1;
            }
        }
        std::mem::take(&mut self.told).say(&self.keys, notes);
    }

    fn decide(&mut self, out: &mut VecDeque<Record>) {
        let held = std::mem::take(&mut self.held);
        self.held_bytes = 0;
        let mut seen: BTreeMap<(&str, Direction), Vec<Bytes>> = BTreeMap::new();
        for message in &held {
            let bytes = message.bytes.clone().unwrap_or_default();
            seen.entry((&message.socket, message.direction)).or_default().push(bytes);
        }
        for ((name, direction), messages) in seen {
            if let Some(socket) = self.sockets.get_mut(name) {
                socket.lane(direction).decide(&messages, direction, &self.keys);
            }
        }
        for message in held {
            self.read(message, out);
        }
    }

    fn read(&mut self, mut message: Message, out: &mut VecDeque<Record>) {
        let Some(socket) = self.sockets.get_mut(&message.socket) else { return };
        if !socket.lanes.iter().any(Lane::is_whatsapp) {
            return;
        }
        self.told.has_sockets = true;
        let number = *socket.number.get_or_insert_with(|| {
            self.count += 1;
            self.count - 1
        });
        let wall = self.start.and_then(|start| message.time.as_ref()?.at_wall(start));
        message.time = wall.or(message.time);
        let before = out.len();
        let version = socket.lane(message.direction).read(&message, number, &self.keys, &mut self.told, out);
        socket.dictionary_version = version.or(socket.dictionary_version);
        out.range_mut(before..).for_each(|record| record.dictionary_version = socket.dictionary_version);
    }
}
