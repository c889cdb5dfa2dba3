//! The socket's byte stream: frames with 24-bit lengths, without I/O.
//!
//! A websocket message may hold several frames, or a part of one; feed each message as it arrives. The payloads on a
//! live socket are encrypted. This module serves decrypted streams, and clients that decrypt the payloads.
//!
//! | to | use |
//! |---|---|
//! | split a `BytesMut` that receives the data | [`split_frame`] |
//! | read a stream that arrives in slices, with its prologue | [`FrameReader`] |
//! | write the prologue and frames | [`Prologue::write`], [`write_frame`] |
//! | use `tokio_util::codec::Framed` | `FrameCodec` (feature `tokio-util`) |
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

#[cfg(feature = "tokio-util")]
mod codec;
mod prologue;

#[cfg(feature = "tokio-util")]
pub use codec::FrameCodec;
pub use prologue::Prologue;
use prologue::Start;

/// The longest payload a frame can have, in bytes.
pub const LONGEST_FRAME: usize = 0x00ff_ffff;
/// Bytes of a frame's length.
const LENGTH_BYTES: usize = 3;

/// A stream cannot be framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// A frame is longer than the reader accepts. No later frame can be found.
    #[error("frame of {length} bytes at offset {offset} of the stream: expected at most {limit}")]
    TooLong {
        /// The announced length.
        length: usize,
        /// The reader's limit.
        limit: usize,
        /// The offset of the frame's length in the stream. For [`split_frame`] that is in the buffer, and for `FrameCodec`
        /// in what it decoded.
        offset: u64,
    },
    /// A payload too long for a 24-bit length.
    #[error("payload of {0} bytes: expected at most 16777215")]
    PayloadTooLong(usize),
    /// The stream ended inside a frame.
    #[error("stream ends inside the frame at offset {offset}: {left} of its bytes are there, expected {expected}")]
    Truncated {
        /// The offset of the frame's length.
        offset: u64,
        /// Bytes present, length included.
        left: usize,
        /// Bytes of the frame, length included; 3 if the length itself is cut.
        expected: usize,
    },
    /// The stream ended inside its prologue.
    #[error("stream ends inside its prologue: {left} of its bytes are there, expected at least {expected}")]
    PrologueTruncated {
        /// Bytes present.
        left: usize,
        /// Bytes that the prologue has at least.
        expected: usize,
    },
}

/// Splits a byte stream into frames.
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
    /// Whether a prologue may still come.
    is_at_start: bool,
    prologue: Option<Prologue>,
}

impl Default for FrameReader {
    fn default() -> Self {
        Self::new()
    }
}

impl FrameReader {
    /// Creates a reader at the start of a stream that may have a prologue, for frames of any 24-bit length.
    #[must_use]
    pub fn new() -> Self {
        Self { buffer: BytesMut::new(), limit: LONGEST_FRAME, offset: 0, is_at_start: true, prologue: None }
    }

    /// Expects no prologue. Servers send none, and a length of 5,718,278 bytes looks like one.
    ///
    /// ```
    /// use wabinary::stream::FrameReader;
    ///
    /// let mut from_server = FrameReader::new().without_prologue().with_limit(1 << 20);
    /// from_server.feed(b"WA\x06\x03");
    /// assert!(from_server.next_frame().is_err());
    /// ```
    #[must_use]
    pub fn without_prologue(mut self) -> Self {
        self.is_at_start = false;
        self
    }

    /// Refuses longer frames, and a longer edge routing prefix, as soon as their length is read.
    #[must_use]
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    /// Adds bytes of the stream. They are copied into memory that is reused. Its size is proportional to the most bytes
    /// that waited at one time.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The prologue, once [`next_frame`](Self::next_frame) has read it.
    #[must_use]
    pub fn prologue(&self) -> Option<&Prologue> {
        self.prologue.as_ref()
    }

    /// The offset of the next frame's length in the stream.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Takes the next frame's payload; `None` if more must be fed first.
    ///
    /// The payload shares the reader's memory: a payload that is kept, however small, keeps everything that arrived
    /// with it in memory too. Copy payloads that are kept for long, as with [`Bytes::copy_from_slice`].
    ///
    /// # Errors
    /// [`StreamError::TooLong`], at every later call too: the start of the next frame is unknown.
    pub fn next_frame(&mut self) -> Result<Option<Bytes>, StreamError> {
        if self.is_at_start && !self.skip_prologue()? {
            return Ok(None);
        }
        let left = self.buffer.len();
        let frame = split_at(&mut self.buffer, self.limit, self.offset)?;
        self.passed(left.saturating_sub(self.buffer.len()));
        Ok(frame.map(BytesMut::freeze))
    }

    /// Checks that the stream may end after what was fed. Whole frames that were not taken yet are not missing.
    ///
    /// # Errors
    /// [`StreamError::Truncated`] if it ends inside a frame, [`StreamError::PrologueTruncated`] inside the prologue;
    /// [`StreamError::TooLong`].
    pub fn finish(&self) -> Result<(), StreamError> {
        let mut passed = 0;
        if self.is_at_start {
            match self.start()? {
                Start::Unknown if self.buffer.is_empty() => {}
                Start::Unknown => {
                    let (left, expected) = (self.buffer.len(), prologue::least_length(&self.buffer));
                    return Err(StreamError::PrologueTruncated { left, expected });
                }
                Start::Prologue(_, length) => passed = length,
                Start::Frame => {}
            }
        }
        loop {
            let left = self.buffer.get(passed..).unwrap_or(&[]);
            let offset = self.offset.saturating_add(passed as u64);
            match whole_frame(left, self.limit, offset)? {
                Some(length) => passed = passed.saturating_add(length),
                None => return ended(left, offset),
            }
        }
    }

    /// How the stream starts.
    fn start(&self) -> Result<Start, StreamError> {
        if let Some(length) = prologue::edge_routing_length(&self.buffer) {
            bounded(length, self.limit, self.offset)?;
        }
        Ok(prologue::start(&self.buffer))
    }

    /// Skips a prologue if there is one; `false` if more bytes are needed to decide.
    fn skip_prologue(&mut self) -> Result<bool, StreamError> {
        match self.start()? {
            Start::Unknown => return Ok(false),
            Start::Prologue(prologue, length) => {
                self.prologue = Some(prologue);
                self.buffer.advance(length);
                self.passed(length);
            }
            Start::Frame => {}
        }
        self.is_at_start = false;
        Ok(true)
    }

    fn passed(&mut self, count: usize) {
        self.offset = self.offset.saturating_add(count as u64);
    }
}

/// Takes the next frame's payload from the front of a buffer, without a copy. Returns `None` and leaves the buffer
/// unchanged if the frame is incomplete. It knows no prologue: skip it, or use a [`FrameReader`].
///
/// The payload shares the buffer's memory. It is mutable, so a client can decrypt it in place; `freeze` makes it the
/// `Bytes` that [`decode`](crate::decode()) takes.
///
/// # Errors
/// [`StreamError::TooLong`] for a frame of more than `limit` bytes, as soon as its length is read. The buffer is
/// unchanged.
///
/// ```
/// use bytes::BytesMut;
/// use wabinary::stream::{LONGEST_FRAME, split_frame};
///
/// let mut buffer = BytesMut::from(&b"\0\0\x04\x00\xf8\x01\x1b\0\0"[..]);
/// let frame = split_frame(&mut buffer, LONGEST_FRAME)?.expect("the whole frame arrived");
/// assert_eq!(wabinary::decode(frame)?.tag(), "ack");
/// assert_eq!(split_frame(&mut buffer, LONGEST_FRAME)?, None);
/// # Ok::<(), wabinary::Error>(())
/// ```
pub fn split_frame(buffer: &mut BytesMut, limit: usize) -> Result<Option<BytesMut>, StreamError> {
    split_at(buffer, limit, 0)
}

/// [`split_frame`] for a buffer that starts at this offset of its stream.
fn split_at(buffer: &mut BytesMut, limit: usize, offset: u64) -> Result<Option<BytesMut>, StreamError> {
    let Some(length) = whole_frame(buffer, limit, offset)? else { return Ok(None) };
    let mut frame = buffer.split_to(length);
    frame.advance(LENGTH_BYTES);
    Ok(Some(frame))
}

/// The number of bytes of the frame at the start, with those of its length, if all are there.
fn whole_frame(stream: &[u8], limit: usize, offset: u64) -> Result<Option<usize>, StreamError> {
    let Some(length) = announced(stream) else { return Ok(None) };
    bounded(length, limit, offset)?;
    let whole = length.saturating_add(LENGTH_BYTES);
    Ok((whole <= stream.len()).then_some(whole))
}

/// Writes a frame: a 24-bit length, then the payload.
///
/// # Errors
/// [`StreamError::PayloadTooLong`]; nothing is written then.
///
/// # Panics
/// `out` may have a fixed size, as `&mut [u8]` has. If the frame does not fit there, [`BufMut`] panics.
pub fn write_frame(payload: &[u8], out: &mut impl BufMut) -> Result<(), StreamError> {
    fits(payload)?;
    out.put_uint(payload.len() as u64, 3);
    out.put_slice(payload);
    Ok(())
}

fn fits(payload: &[u8]) -> Result<(), StreamError> {
    if payload.len() > LONGEST_FRAME { Err(StreamError::PayloadTooLong(payload.len())) } else { Ok(()) }
}

fn bounded(length: usize, limit: usize, offset: u64) -> Result<(), StreamError> {
    if length > limit { Err(StreamError::TooLong { length, limit, offset }) } else { Ok(()) }
}

/// Checks that no bytes are left at the end of a stream.
fn ended(left: &[u8], offset: u64) -> Result<(), StreamError> {
    if left.is_empty() {
        return Ok(());
    }
    let expected = announced(left).unwrap_or(0).saturating_add(LENGTH_BYTES);
    Err(StreamError::Truncated { offset, left: left.len(), expected })
}

/// The 24-bit length at the start, if all three bytes are there.
fn announced(input: &[u8]) -> Option<usize> {
    let [high, middle, low] = *input.first_chunk()?;
    Some(u32::from_be_bytes([0, high, middle, low]) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames and prologue of a stream that arrives in pieces of `piece` bytes.
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
        // Protocol 4 does not exist; the edge routing prefix has 00 01 after its name.
        for length in [b"WA\x04", b"ED\x01", b"WB\x06"] {
            assert_eq!(read(&stream(length), 100_000).0.len(), 1, "{length:?}");
        }
    }

    #[test]
    fn ends_and_limits_are_told_with_their_place() {
        let cut = read(b"\0\0\x01a\0\0\x05bc", 4);
        assert_eq!((cut.0.len(), cut.2), (1, Err(StreamError::Truncated { offset: 4, left: 5, expected: 8 })));
        assert_eq!(read(b"\0", 1).2, Err(StreamError::Truncated { offset: 0, left: 1, expected: 3 }));
        for (cut, expected) in
            [(&b"WA\x06"[..], 4), (b"E", 11), (b"ED\0\x01\0\0\x05abc", 16), (b"ED\0\x01\0\0\x01aWA", 12)]
        {
            assert_eq!(read(cut, 2).2, Err(StreamError::PrologueTruncated { left: cut.len(), expected }));
        }

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
