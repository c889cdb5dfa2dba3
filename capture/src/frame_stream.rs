//! Frames with 24-bit lengths, as the socket carries them.
//!
//! A stream may restart inside a file: after a reconnect the client sends its intro header again.

use std::io::{self, Read};

use bytes::{Buf, Bytes, BytesMut};
use wabinary::stream::StreamError;

use crate::Reader;
use crate::fault::Fault;
use crate::notes::Notes;
use crate::record::{Payload, Record};

/// First bytes of the routing prefix. A 24-bit length and that many bytes follow.
pub(crate) const ROUTING: &[u8] = b"ED\x00\x01";
/// First bytes of the intro header. A protocol version and a dictionary version follow.
const INTRO: &[u8] = b"WA";
const INTRO_BYTES: usize = 4;
/// Known protocol versions.
const PROTOCOLS: [u8; 2] = [5, 6];
const DICTIONARIES: [u8; 2] = [2, 3];

/// Whether bytes start with a routing prefix or an intro header of any version.
pub(crate) fn starts(bytes: &[u8]) -> bool {
    bytes.starts_with(ROUTING)
        || matches!(bytes, [b'W', b'A', protocol, dictionary, ..] if *protocol < 0x20 && *dictionary < 0x20)
}

/// Whether bytes are a stream that ends with a frame.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    let mut splitter = Splitter::default();
    splitter.feed(bytes);
    while splitter.next().is_some() {}
    splitter.end().is_none()
}

/// Splits a stream into frames and headers.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    buffer: BytesMut,
    offset: u64,
    /// Whether the stream started with a header.
    has_header: bool,
    /// Whether a frame has come since the last header.
    has_frames: bool,
}

/// A piece of a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Routing,
    Intro { protocol: u8, dictionary: u8, is_again: bool },
    Frame(Bytes),
}

impl Splitter {
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next piece, if it is complete.
    pub(crate) fn next(&mut self) -> Option<Piece> {
        if self.cut_prologue().is_some() {
            return None;
        }
        match &*self.buffer {
            [b'E', b'D', 0, 1, a, b, c, ..] if self.can_start() => {
                let length = length(*a, *b, *c);
                self.take(ROUTING.len() + 3, length)?;
                self.has_header = true;
                Some(Piece::Routing)
            }
            [b'W', b'A', protocol, dictionary, ..] if self.is_intro(*protocol, *dictionary) => {
                let (protocol, dictionary) = (*protocol, *dictionary);
                self.take(INTRO_BYTES, 0)?;
                self.has_header = true;
                let is_again = std::mem::take(&mut self.has_frames);
                Some(Piece::Intro { protocol, dictionary, is_again })
            }
            [a, b, c, ..] => {
                let frame = self.take(3, length(*a, *b, *c))?;
                self.has_frames = true;
                Some(Piece::Frame(frame))
            }
            _ => None,
        }
    }

    /// Whether a prologue may start here.
    fn can_start(&self) -> bool {
        self.has_header || self.offset == 0
    }

    /// How many bytes a part of a prologue that starts here has at least, if some of them are missing.
    fn cut_prologue(&self) -> Option<usize> {
        let start = &*self.buffer;
        let expected = match start.get(ROUTING.len()..) {
            _ if !self.can_start() => return None,
            Some([a, b, c, ..]) if start.starts_with(ROUTING) => ROUTING.len() + 3 + length(*a, *b, *c),
            _ if start.starts_with(ROUTING) || ROUTING.starts_with(start) => ROUTING.len() + 3,
            _ if start.starts_with(INTRO) || INTRO.starts_with(start) => INTRO_BYTES,
            _ => return None,
        };
        (start.len() < expected).then_some(expected)
    }

    /// At the start any version counts; later only known versions do, because the bytes may also be a length.
    fn is_intro(&self, protocol: u8, dictionary: u8) -> bool {
        let is_known = (4..=6).contains(&protocol) && DICTIONARIES.contains(&dictionary);
        let is_first = !self.has_frames && (self.offset == 0 || self.has_header);
        if is_first { protocol < 0x20 && dictionary < 0x20 } else { self.has_header && is_known }
    }

    fn take(&mut self, before: usize, length: usize) -> Option<Bytes> {
        if self.buffer.len() < before + length {
            return None;
        }
        self.buffer.advance(before);
        self.offset += (before + length) as u64;
        Some(self.buffer.split_to(length).freeze())
    }

    /// Whether `more` bytes would complete the current frame.
    pub(crate) fn would_end(&self, more: usize) -> bool {
        matches!(&*self.buffer, [a, b, c, ..] if self.buffer.len() + more == 3 + length(*a, *b, *c))
    }

    /// Why the stream does not end with a frame.
    pub(crate) fn end(&self) -> Option<Fault> {
        let left = self.buffer.len();
        if left == 0 {
            return None;
        }
        if let Some(expected) = self.cut_prologue() {
            let error = StreamError::PrologueTruncated { left, expected };
            return Some(Fault::in_frame("stream-truncated", left, error));
        }
        let expected = match &*self.buffer {
            [a, b, c, ..] => 3 + length(*a, *b, *c),
            _ => 3,
        };
        let error = StreamError::Truncated { offset: self.offset, left, expected };
        // The length is not part of the frame.
        Some(Fault::in_frame("stream-truncated", left.saturating_sub(3), error))
    }
}

fn length(a: u8, b: u8, c: u8) -> usize {
    u32::from_be_bytes([0, a, b, c]) as usize
}

/// Notes anything unusual in an intro header.
pub(crate) fn note(piece: &Piece, notes: &Notes) {
    if let Piece::Intro { protocol, is_again, .. } = piece {
        if !PROTOCOLS.contains(protocol) {
            notes.warn(format!(
                "warning: the stream announces protocol {protocol}; protocol {protocol} is not known, read as protocol 6"
            ));
        }
        if *is_again {
            notes.say("the stream starts again with an intro header: a reconnect");
        }
    }
}

/// Reads each frame as a record.
pub(crate) fn records(mut input: Reader, notes: Notes) -> impl Iterator<Item = io::Result<Record>> {
    let mut splitter = Splitter::default();
    let mut piece = vec![0; 64 * 1024];
    let mut dictionary_version = None;
    let mut is_over = false;
    std::iter::from_fn(move || {
        while !is_over {
            if let Some(piece) = splitter.next() {
                note(&piece, &notes);
                match piece {
                    Piece::Frame(frame) => {
                        return Some(Ok(Record { dictionary_version, ..Payload::Frame(frame).into() }));
                    }
                    Piece::Intro { dictionary, .. } => dictionary_version = Some(dictionary),
                    Piece::Routing => {}
                }
                continue;
            }
            match input.read(&mut piece) {
                Ok(0) => {
                    is_over = true;
                    return splitter.end().map(|fault| Ok(fault.into()));
                }
                Ok(length) => splitter.feed(piece.get(..length).unwrap_or(&[])),
                Err(error) => {
                    is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    type Frame = (Option<u8>, Vec<u8>);

    fn frames(stream: &[u8]) -> (Vec<Frame>, Vec<String>) {
        let notes = Notes::default();
        let reader = io::BufReader::with_capacity(1, io::Cursor::new(stream.to_vec()));
        let shown = records(Box::new(reader), notes.clone()).map(Result::unwrap).map(|record| match record.payload {
            Payload::Frame(frame) => (record.dictionary_version, frame.to_vec()),
            _ => (None, b"error".to_vec()),
        });
        (shown.collect(), notes.take().into_iter().map(|note| note.text).collect())
    }

    #[test]
    fn frames_arrive_in_any_pieces() {
        let stream = b"ED\0\x01\0\0\x02xyWA\x06\x02\0\0\x02ab\0\0\0\0\0\x03c";
        let read = [(Some(2), b"ab".to_vec()), (Some(2), vec![]), (None, b"error".to_vec())];
        assert_eq!(frames(stream), (read.to_vec(), vec![]));
    }

    #[test]
    fn a_frame_says_how_much_of_it_is_missing() {
        for (there, missing) in [(3, 300), (4, 299), (302, 1)] {
            let mut splitter = Splitter::default();
            splitter.feed(&[&[0, 1, 0x2c], &[7; 300][..]].concat()[..there]);
            assert_eq!(splitter.next(), None);
            let would: Vec<_> = (0..600).filter(|more| splitter.would_end(*more)).collect();
            assert_eq!(would, [missing]);
        }
    }

    #[test]
    fn a_reconnect_and_other_protocols_are_read_and_told() {
        let (read, notes) = frames(b"WA\x06\x03\0\0\x02abWA\x06\x02\0\0\x02cd");
        assert_eq!(read, [(Some(3), b"ab".to_vec()), (Some(2), b"cd".to_vec())]);
        assert_eq!(notes, ["the stream starts again with an intro header: a reconnect"]);
        let (read, notes) = frames(b"WA\x04\x03\0\0\x02ab");
        assert_eq!(read, [(Some(3), b"ab".to_vec())]);
        assert!(notes[0].contains("protocol 4 is not known"), "{notes:?}");
        // Without a header at the start, a later one does not count.
        assert_eq!(frames(b"\0\0\x01aWA\x06\x03").0.len(), 2);
        assert_eq!(frames(b"ED\0\x01\0\0\x09xy").0, [(None, b"error".to_vec())]);
    }
}
