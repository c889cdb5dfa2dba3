//! The results of dialects: records, without repeated ones.

use std::collections::VecDeque;

use crate::keys::Keys;
use crate::notes::Notes;
use crate::record::{Payload, Record};
use crate::twice::Twice;
use crate::websocket::{Event, Message, Sockets};

/// The contents of a line or object.
#[derive(Debug)]
pub(crate) enum Read {
    /// Not part of a capture of stanzas.
    PassedOver,
    Records(Vec<Record>),
    /// An event of a recorded websocket.
    Socket(Event),
    /// The messages of a websocket in one packet.
    Messages(Vec<Message>),
}

impl Read {
    pub(crate) fn one(record: Record) -> Self {
        Self::Records(vec![record])
    }
}

/// Records that were read and wait to be returned, without repeated ones.
#[derive(Debug)]
pub(crate) struct Queue {
    ready: VecDeque<Record>,
    twice: Twice,
    passed_over: u64,
    given: u64,
    has_guesses: bool,
    sockets: Sockets,
    notes: Notes,
}

impl Queue {
    pub(crate) fn new(notes: Notes, keys: Keys) -> Self {
        let (ready, sockets) = (VecDeque::new(), Sockets::new(keys));
        Self { ready, twice: Twice::default(), passed_over: 0, given: 0, has_guesses: false, sockets, notes }
    }

    pub(crate) fn push(&mut self, read: Read, line: u64) {
        match read {
            Read::PassedOver => self.passed_over += 1,
            Read::Socket(event) => {
                self.given += 1;
                self.sockets.hear(event.at_line(line), &mut self.ready);
            }
            Read::Messages(messages) => {
                for message in messages {
                    self.push(Read::Socket(Event::Message(message)), line);
                }
            }
            Read::Records(records) => {
                for record in records {
                    if self.twice.is_new(&record) {
                        self.given += 1;
                        self.guessed(&record);
                        self.ready.push_back(record.at_line(line));
                    }
                }
            }
        }
    }

    /// Notes once that addresses are guessed.
    fn guessed(&mut self, record: &Record) {
        let is_guess = record.fidelity == crate::Fidelity::Tree && matches!(record.payload, Payload::Tree(_));
        if is_guess && !std::mem::replace(&mut self.has_guesses, true) {
            let note = "trees of another program: attributes that look like addresses are read as addresses, other texts as \
                        texts";
            self.notes.say(note);
        }
    }

    pub(crate) fn next(&mut self) -> Option<Record> {
        self.ready.pop_front()
    }

    /// Reads the messages that were held back, and notes how much was skipped.
    pub(crate) fn end(&mut self) {
        self.sockets.end(&self.notes, &mut self.ready);
        let (count, noun) = (self.passed_over, if self.passed_over == 1 { "line" } else { "lines" });
        if count > 0 && self.given == 0 {
            self.notes.warn(format!("{count} {noun}, and no stanza in any of them"));
        } else if count > 0 {
            self.notes.say(format!("passed over {count} {noun} without a stanza"));
        }
        self.passed_over = 0;
    }
}
