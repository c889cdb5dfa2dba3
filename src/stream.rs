//! The socket's byte stream: frames behind 24-bit lengths, without input or output of its own.
//!
//! A websocket message may hold several frames, or a part of one; feed whatever arrives. What is framed on a live socket
//! is encrypted; this serves decrypted streams, and clients that decrypt what they take out.
//!
//! Source: `tulir/whatsmeow` `socket/framesocket.go`; the edge routing prefix `WhiskeySockets/Baileys`
//! `src/Utils/noise-handler.ts`.
#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

use bytes::{Buf, BufMut, Bytes, BytesMut};
use nom::Parser;
use nom::bytes::streaming::tag;
use nom::combinator::{opt, verify};
use nom::multi::length_data;
use nom::number::streaming::{be_u8, be_u24};

use crate::token::Dictionary;

/// The longest payload a frame can have, in bytes.
pub const LONGEST_FRAME: usize = 0x00ff_ffff;

/// First bytes of the intro header, which a protocol and a dictionary version follow.
const INTRO: &[u8] = b"WA";
/// First bytes of the edge routing prefix, which a 24-bit length and that many bytes follow.
const EDGE_ROUTING: &[u8] = b"ED\x00\x01";
/// Protocol versions seen in intro headers: 6, and 5 of Cobalt's mobile client.
const PROTOCOLS: [u8; 2] = [5, PROTOCOL];
/// The protocol version of today's clients.
const PROTOCOL: u8 = 6;

/// What a client sends once, before its first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Prologue {
    /// Routing information, where the connection was made with an edge routing prefix.
    pub edge_routing: Option<Bytes>,
    /// The intro header's protocol version: 6.
    pub protocol: u8,
    /// The intro header's dictionary version: 3 or 2.
    pub dictionary_version: u8,
}

impl Prologue {
    /// What today's clients send: protocol 6, without an edge routing prefix.
    ///
    /// ```
    /// use wabinary::{Dictionary, stream::Prologue};
    ///
    /// let mut sent = Vec::new();
    /// Prologue::new(Dictionary::V3).write(&mut sent)?;
    /// assert_eq!(sent, b"WA\x06\x03");
    /// assert!(Prologue::starts(&sent));
    /// # Ok::<(), wabinary::Error>(())
    /// ```
    #[must_use]
    pub fn new(dictionary: Dictionary) -> Self {
        Self { edge_routing: None, protocol: PROTOCOL, dictionary_version: dictionary.version() }
    }

    /// Whether a stream that starts with these bytes starts with a prologue. A few more bytes can still turn out to be
    /// something else; [`FrameReader`] decides.
    #[must_use]
    pub fn starts(stream: &[u8]) -> bool {
        let intro = stream.strip_prefix(INTRO).and_then(<[u8]>::first);
        intro.is_some_and(|protocol| PROTOCOLS.contains(protocol)) || stream.starts_with(EDGE_ROUTING)
    }

    /// Writes it.
    ///
    /// # Errors
    /// [`StreamError::PayloadTooLong`] for routing information whose length 24 bits cannot say; nothing is written then.
    pub fn write(&self, out: &mut impl BufMut) -> Result<(), StreamError> {
        if let Some(information) = &self.edge_routing {
            fits(information)?;
            out.put_slice(EDGE_ROUTING);
            write_frame(information, out)?;
        }
        out.put_slice(INTRO);
        out.put_slice(&[self.protocol, self.dictionary_version]);
        Ok(())
    }

    /// The dictionary of the connection, if it is a known one.
    #[must_use]
    pub fn dictionary(&self) -> Option<Dictionary> {
        Dictionary::from_version(self.dictionary_version)
    }
}

/// A stream cannot be framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// A frame announced to be longer than the reader takes. Nothing behind it can be found.
    #[error("frame of {length} bytes at offset {offset} of the stream: expected at most {limit}")]
    TooLong {
        /// The announced length.
        length: usize,
        /// What the reader takes.
        limit: usize,
        /// Where the frame's length stands.
        offset: u64,
    },
    /// A payload too long for a 24-bit length.
    #[error("payload of {0} bytes: expected at most 16777215")]
    PayloadTooLong(usize),
    /// The stream ended inside a frame.
    #[error("stream ends inside the frame at offset {offset}: {left} of its bytes are there, expected {expected}")]
    Truncated {
        /// Where the frame's length stands, or would stand.
        offset: u64,
        /// Bytes present, length included.
        left: usize,
        /// Bytes of the frame, length included; 3 if the length itself is cut.
        expected: usize,
    },
}

/// Takes frames out of a byte stream.
///
/// ```
/// use wabinary::stream::{FrameReader, write_frame};
///
/// let mut sent = b"WA\x06\x03".to_vec();
/// write_frame(&[0x00, 0xf8, 0x01, 0x1b], &mut sent)?;
///
/// let mut reader = FrameReader::new();
/// reader.feed(&sent[..6]); // in any pieces
/// assert_eq!(reader.next_frame()?, None);
/// reader.feed(&sent[6..]);
/// assert_eq!(reader.next_frame()?.as_deref(), Some(&[0x00, 0xf8, 0x01, 0x1b][..]));
/// assert_eq!(reader.prologue().map(|prologue| prologue.dictionary_version), Some(3));
/// reader.finish()?;
/// # Ok::<(), wabinary::stream::StreamError>(())
/// ```
#[derive(Debug)]
pub struct FrameReader {
    buffer: BytesMut,
    limit: usize,
    /// Offset of the buffer's start in the stream.
    offset: u64,
    start: Start,
}

#[derive(Debug)]
enum Start {
    /// Nothing was taken yet: a prologue may stand here.
    Open,
    Past(Option<Prologue>),
}

impl Default for FrameReader {
    fn default() -> Self {
        Self::new()
    }
}

impl FrameReader {
    /// A reader at the start of a stream, for frames of any length that 24 bits can say.
    #[must_use]
    pub fn new() -> Self {
        Self { buffer: BytesMut::new(), limit: LONGEST_FRAME, offset: 0, start: Start::Open }
    }

    /// Refuses longer frames, as soon as their length is read.
    #[must_use]
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Adds bytes of the stream. They are copied, into memory that is used again: it is in proportion to the most that was
    /// fed and not taken at a time.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The prologue, once enough was fed and [`next_frame`](Self::next_frame) was called.
    #[must_use]
    pub fn prologue(&self) -> Option<&Prologue> {
        match &self.start {
            Start::Open => None,
            Start::Past(prologue) => prologue.as_ref(),
        }
    }

    /// Where the next frame's length stands in the stream.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Takes the next frame's payload; `None` if more has to be fed first.
    ///
    /// It is a part of the reader's memory: as long as it is held, however small it is, all that came with it stays in
    /// memory too. What is held for long is better copied, as with [`Bytes::copy_from_slice`].
    ///
    /// # Errors
    /// [`StreamError::TooLong`], again at every further call: the start of the next frame is lost.
    pub fn next_frame(&mut self) -> Result<Option<Bytes>, StreamError> {
        if matches!(self.start, Start::Open) && !self.skip_prologue()? {
            return Ok(None);
        }
        let Some(length) = length(&self.buffer) else { return Ok(None) };
        self.bounded(length)?;
        if self.buffer.len() < length.saturating_add(3) {
            return Ok(None);
        }
        self.skip(3);
        self.offset = self.offset.saturating_add(length as u64);
        Ok(Some(self.buffer.split_to(length).freeze()))
    }

    /// Says that the stream is at its end.
    ///
    /// # Errors
    /// [`StreamError::Truncated`] if a frame was begun and not ended.
    pub fn finish(&self) -> Result<(), StreamError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let expected = length(&self.buffer).map_or(3, |length| length.saturating_add(3));
        Err(StreamError::Truncated { offset: self.offset, left: self.buffer.len(), expected })
    }

    /// Skips a prologue if there is one; `false` if that cannot be told yet.
    fn skip_prologue(&mut self) -> Result<bool, StreamError> {
        if let Some(length) = self.buffer.strip_prefix(EDGE_ROUTING).and_then(length) {
            self.bounded(length)?;
        }
        match prologue(&self.buffer) {
            Ok((rest, (edge_routing, (_, protocol, dictionary_version)))) => {
                let length = self.buffer.len().saturating_sub(rest.len());
                let edge_routing = edge_routing.map(|(_, information)| Bytes::copy_from_slice(information));
                self.start = Start::Past(Some(Prologue { edge_routing, protocol, dictionary_version }));
                self.skip(length);
            }
            Err(nom::Err::Incomplete(_)) => return Ok(false),
            Err(_) => self.start = Start::Past(None),
        }
        Ok(true)
    }

    fn bounded(&self, length: usize) -> Result<(), StreamError> {
        let (limit, offset) = (self.limit, self.offset);
        if length > limit { Err(StreamError::TooLong { length, limit, offset }) } else { Ok(()) }
    }

    fn skip(&mut self, count: usize) {
        self.buffer.advance(count);
        self.offset = self.offset.saturating_add(count as u64);
    }
}

/// Writes a frame: a 24-bit length, then the payload.
///
/// # Errors
/// [`StreamError::PayloadTooLong`]; nothing is written then.
pub fn write_frame(payload: &[u8], out: &mut impl BufMut) -> Result<(), StreamError> {
    fits(payload)?;
    out.put_uint(payload.len() as u64, 3);
    out.put_slice(payload);
    Ok(())
}

fn fits(payload: &[u8]) -> Result<(), StreamError> {
    if payload.len() > LONGEST_FRAME { Err(StreamError::PayloadTooLong(payload.len())) } else { Ok(()) }
}

type PrologueParts<'a> = (Option<(&'a [u8], &'a [u8])>, (&'a [u8], u8, u8));

/// `["ED" 00 01 u24 *octet] "WA" u8 u8`
fn prologue(input: &[u8]) -> nom::IResult<&[u8], PrologueParts<'_>> {
    let edge_routing = (tag(EDGE_ROUTING), length_data(be_u24));
    let intro = (tag(INTRO), verify(be_u8, |protocol| PROTOCOLS.contains(protocol)), be_u8);
    (opt(edge_routing), intro).parse(input)
}

/// The 24-bit length at the start, if all of it is there.
fn length(input: &[u8]) -> Option<usize> {
    let parsed: nom::IResult<&[u8], u32> = be_u24(input);
    parsed.ok().map(|(_, length)| length as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames and prologue of a stream that arrives in pieces of this size.
    fn read(stream: &[u8], piece: usize) -> (Vec<Bytes>, Option<Prologue>, Result<(), StreamError>) {
        let mut reader = FrameReader::new();
        let mut frames = Vec::new();
        for piece in stream.chunks(piece) {
            reader.feed(piece);
            while let Some(frame) = reader.next_frame().unwrap() {
                frames.push(frame);
            }
        }
        (frames, reader.prologue().cloned(), reader.finish())
    }

    #[test]
    fn any_pieces_give_the_same_frames() {
        let payloads = [&b"a"[..], b"", b"WA\x06\x03", &[7; 300]];
        let prologues = [
            (&b""[..], None),
            (b"WA\x06\x02", Some((None, 6, 2))),
            (b"ED\0\x01\0\0\x03xyzWA\x05\x03", Some((Some(&b"xyz"[..]), 5, 3))),
        ];
        for (start, parts) in prologues {
            let mut stream = start.to_vec();
            payloads.iter().for_each(|payload| write_frame(payload, &mut stream).unwrap());
            for piece in 1..40 {
                let (frames, prologue, end) = read(&stream, piece);
                assert_eq!(frames, payloads);
                assert_eq!(end, Ok(()));
                let read = prologue.map(|p| (p.edge_routing, p.protocol, p.dictionary_version));
                assert_eq!(read, parts.map(|(e, p, d)| (e.map(Bytes::from_static), p, d)));
            }
        }
    }

    #[test]
    fn what_only_looks_like_a_prologue_is_a_length() {
        let stream = |length: &[u8; 3]| {
            let [a, b, c] = length.map(usize::from);
            let mut stream = length.to_vec();
            stream.resize(3 + (a << 16 | b << 8 | c), 9);
            stream
        };
        // Protocol 4 does not exist; the edge routing prefix has 00 01 behind its name.
        for length in [b"WA\x04", b"ED\x01", b"WB\x06"] {
            assert_eq!(read(&stream(length), 100_000).0.len(), 1, "{length:?}");
        }
    }

    #[test]
    fn ends_and_limits_are_told_with_their_place() {
        let cut = read(b"\0\0\x01a\0\0\x05bc", 4);
        assert_eq!((cut.0.len(), cut.2), (1, Err(StreamError::Truncated { offset: 4, left: 5, expected: 8 })));
        assert_eq!(read(b"\0", 1).2, Err(StreamError::Truncated { offset: 0, left: 1, expected: 3 }));

        let mut reader = FrameReader::new().with_limit(4);
        reader.feed(b"\0\0\x01a\0\0\x05bc");
        assert_eq!(reader.next_frame(), Ok(Some(Bytes::from_static(b"a"))));
        let too_long = Err(StreamError::TooLong { length: 5, limit: 4, offset: 4 });
        assert_eq!((reader.next_frame(), reader.next_frame()), (too_long.clone(), too_long));

        let (mut longest, mut written) = (vec![7; LONGEST_FRAME], Vec::new());
        assert_eq!(write_frame(&longest, &mut written), Ok(()));
        let (frames, _, end) = read(&written, written.len());
        assert!(frames == [Bytes::copy_from_slice(&longest)] && end == Ok(()));
        longest.push(7);
        written.clear();
        assert_eq!(write_frame(&longest, &mut written), Err(StreamError::PayloadTooLong(1 << 24)));
        assert!(written.is_empty());
    }
}
