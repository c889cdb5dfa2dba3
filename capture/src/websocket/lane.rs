//! One direction of a websocket.

use std::collections::VecDeque;

use bytes::Bytes;
use wabinary::stanza::Direction;

use super::Message;
use super::told::Told;
use crate::fault::Fault;
use crate::frame_start::starts_like_a_frame;
use crate::frame_stream::{self, Piece, Splitter};
use crate::keys::{Key, Keys};
use crate::record::{Noted, Payload, Record};

/// The messages of a websocket in one direction.
#[derive(Debug, Default)]
pub(super) struct Lane {
    carries: Option<Carries>,
    frames: Frames,
    /// The key that opened the last frame, by its number, and the counter of the frame expected next.
    opened: Option<(usize, u32)>,
    /// Frames since then that did not open.
    failed: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carries {
    /// A frame in each message.
    Messages,
    /// Frames with their lengths, across messages.
    Stream,
    /// Encrypted frames with their lengths, across messages.
    Encrypted,
    /// Encrypted frames that no given key opens, if one is given.
    WrongKey,
    /// Not WhatsApp.
    Foreign,
}

/// Takes frames from messages, and skips the handshake.
#[derive(Debug, Default)]
struct Frames {
    splitter: Splitter,
    dictionary_version: Option<u8>,
    has_header: bool,
    handshakes: u64,
    /// Whether the handshake is over.
    is_open: bool,
    /// The number of messages, and how many of them end with a frame.
    messages: u64,
    whole: u64,
}

impl Frames {
    fn feed(&mut self, message: &[u8], mut found: impl FnMut(Result<Bytes, Fault>)) {
        // The rest of the previous frame is missing if a message in its middle is a whole frame.
        if let Some(fault) = self.splitter.end()
            && self.messages > 0
            && message.len() > 3
            && frame_stream::is_whole(message)
            && !self.splitter.would_end(message.len())
        {
            self.splitter = Splitter::default();
            found(Err(fault));
        }
        self.messages += 1;
        self.splitter.feed(message);
        while let Some(piece) = self.splitter.next() {
            match piece {
                Piece::Routing => self.has_header = true,
                Piece::Intro { dictionary, .. } => {
                    (self.has_header, self.dictionary_version) = (true, Some(dictionary));
                }
                Piece::Frame(frame) if !self.is_open && is_handshake(&frame) => self.handshakes += 1,
                Piece::Frame(frame) => {
                    self.is_open = true;
                    found(Ok(frame));
                }
            }
        }
        self.whole += u64::from(self.splitter.end().is_none());
    }
}

/// A message of the handshake: one protobuf field that spans the rest.
fn is_handshake(frame: &[u8]) -> bool {
    match frame {
        [0x12 | 0x1a | 0x22, length @ 0..=0x7f, rest @ ..] => usize::from(*length) == rest.len(),
        [0x12 | 0x1a | 0x22, low @ 0x80..=0xff, high @ 0..=0x7f, rest @ ..] => {
            usize::from(low & 0x7f) + (usize::from(*high) << 7) == rest.len()
        }
        _ => false,
    }
}

impl Lane {
    pub(super) fn is_decided(&self) -> bool {
        self.carries.is_some()
    }

    pub(super) fn is_whatsapp(&self) -> bool {
        self.carries.is_some_and(|carries| carries != Carries::Foreign)
    }

    /// Detects the kind of its messages.
    pub(super) fn decide(&mut self, messages: &[Bytes], direction: Direction, keys: &Keys) {
        if self.carries.is_none() {
            self.carries = Some(carries(messages, direction, keys));
        }
    }

    /// Reads a message. Returns the dictionary version that it announces.
    pub(super) fn read(
        &mut self,
        message: &Message,
        socket: u64,
        keys: &Keys,
        told: &mut Told,
        out: &mut VecDeque<Record>,
    ) -> Option<u8> {
        let bytes = message.bytes.as_ref()?;
        let record = |payload: Payload| Record {
            source: Some(message.source.into()),
            time: message.time.clone(),
            line: message.line,
            place: message.place,
            direction: Some(message.direction),
            noted: Noted { socket: Some(socket), ..Noted::default() },
            ..payload.into()
        };
        if self.carries == Some(Carries::Messages) {
            out.push_back(record(Payload::Frame(bytes.clone())));
            return None;
        }
        let mut frames = Vec::new();
        let handshakes = self.frames.handshakes;
        self.frames.feed(bytes, |frame| frames.push(frame));
        told.handshakes += self.frames.handshakes - handshakes;
        for frame in frames {
            out.push_back(match frame {
                Err(fault) => record(fault.into()),
                Ok(frame) if self.carries == Some(Carries::Stream) => record(Payload::Frame(frame)),
                Ok(frame) => {
                    let (payload, noted) = self.open(&frame, socket, message.direction, keys, told);
                    Record { noted, ..record(payload) }
                }
            });
        }
        self.frames.dictionary_version
    }

    fn open(
        &mut self,
        frame: &Bytes,
        socket: u64,
        direction: Direction,
        keys: &Keys,
        told: &mut Told,
    ) -> (Payload, Noted) {
        let noted = Noted { socket: Some(socket), ..Noted::default() };
        let Some((number, key, counter)) = self.find(frame, direction, keys) else {
            let has_key = keys.of(direction).next().is_some();
            let is_wrong = self.carries == Some(Carries::WrongKey) && self.opened.is_none();
            let name = direction_name(direction);
            return (told.unopened(socket, name, has_key, is_wrong, &mut self.failed).into(), noted);
        };
        let Some(opened) = key.open(frame, counter) else {
            return (told.unopened(socket, direction_name(direction), true, false, &mut self.failed).into(), noted);
        };
        let is_first = self.opened.is_none();
        // Counters start at 0 after the handshake. If not, the recording began late.
        let expected = match self.opened {
            Some((_, expected)) => Some(expected),
            None if self.frames.handshakes > 0 => Some(key.counter.unwrap_or_default()),
            None => None,
        };
        let passed = expected.and_then(|expected| counter.checked_sub(expected)).unwrap_or_default();
        let missing = passed.saturating_sub(self.failed);
        if missing > 0 {
            told.gap(socket, direction_name(direction), counter, missing);
        }
        if is_first && key.counter.map_or(expected.is_none() && counter > 0, |given| given != counter) {
            told.starts.push(format!("socket {socket}, {}: counter {counter} is the first", direction_name(direction)));
        }
        self.failed = 0;
        self.opened = Some((number, counter.saturating_add(1)));
        let noted =
            Noted { counter: Some(counter.into()), missing_before: (missing > 0).then_some(missing.into()), ..noted };
        (Payload::Frame(opened.into()), noted)
    }

    /// The key that opens a frame, and its counter: the last key, or any other.
    fn find<'a>(&self, frame: &[u8], direction: Direction, keys: &'a Keys) -> Option<(usize, &'a Key, u32)> {
        let last = self.opened.map(|(number, _)| number);
        let is_last = |(number, _): &(usize, &Key)| last == Some(*number);
        let tried = keys.of(direction).filter(is_last).chain(keys.of(direction).filter(|key| !is_last(key)));
        let expected = self.opened.map(|(_, expected)| expected);
        tried.filter_map(|(number, key)| Some((number, key, key.counter_of(frame)?))).find(|(number, key, counter)| {
            let within = |from: u32| (from..=from.saturating_add(keys.window())).contains(counter);
            match expected.filter(|_| last == Some(*number)) {
                Some(expected) => within(expected),
                None => within(self.failed) || within(0) || key.counter.is_some_and(within),
            }
        })
    }

    /// The incomplete frame at the end.
    pub(super) fn end(&self, socket: Option<u64>) -> Option<Record> {
        let fault = self.frames.splitter.end().filter(|_| self.is_whatsapp())?;
        Some(Record { noted: Noted { socket, ..Noted::default() }, ..fault.into() })
    }
}

fn direction_name(direction: Direction) -> &'static str {
    if direction == Direction::Send { "send" } else { "receive" }
}

fn carries(messages: &[Bytes], direction: Direction, keys: &Keys) -> Carries {
    let is_most = |count: usize, all: usize| count * 2 > all;
    let is_bare = |message: &&Bytes| starts_like_a_frame(message) && !frame_stream::is_whole(message);
    if is_most(messages.iter().filter(is_bare).count(), messages.len()) {
        return Carries::Messages;
    }
    let mut frames = Frames::default();
    let mut found = Vec::new();
    for message in messages {
        frames.feed(message, |frame| found.extend(frame));
    }
    if is_most(found.iter().filter(|frame| starts_like_a_frame(frame)).count(), found.len()) {
        return Carries::Stream;
    }
    let lane = Lane::default();
    let opens = |frame: &Bytes| lane.find(frame, direction, keys).is_some();
    match found.iter().any(opens) {
        true => Carries::Encrypted,
        false if !frames.has_header && frames.handshakes == 0 && frames.whole * 2 <= frames.messages => {
            Carries::Foreign
        }
        false => Carries::WrongKey,
    }
}
