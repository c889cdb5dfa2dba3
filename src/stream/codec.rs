//! Frames of a stream for `tokio_util::codec`.

use std::io;

use bytes::BytesMut;
use tokio_util::codec::{Decoder, Encoder};

use super::{LONGEST_FRAME, StreamError, ended, split_at, write_frame};

/// Splits and writes frames for `tokio_util::codec::Framed`. Needs the feature `tokio-util`.
///
/// It decodes payloads as [`split_frame`](super::split_frame) returns them, and encodes anything that is bytes. So
/// `flush` and `close` need a type: `SinkExt::<Bytes>::close(&mut framed)`. It knows no prologue: a client writes one with
/// [`Prologue::write`](super::Prologue::write) into `Framed::write_buffer_mut`, and a server reads its clients with a
/// [`FrameReader`](super::FrameReader). Its `io::Error` contains the [`StreamError`], with the kind `InvalidData` or
/// `UnexpectedEof`.
///
/// ```
/// use bytes::BytesMut;
/// use tokio_util::codec::{Decoder, Encoder};
/// use wabinary::stream::FrameCodec;
/// use wabinary::{Node, encode};
///
/// let mut codec = FrameCodec::new().with_limit(1 << 20);
/// let mut sent = BytesMut::new();
/// codec.encode(encode(&Node::build("ack").finish())?, &mut sent)?;
/// assert_eq!(codec.decode(&mut sent)?.as_deref(), Some(&[0x00, 0xf8, 0x01, 0x1b][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct FrameCodec {
    limit: usize,
    /// The offset of the next frame in what was decoded.
    offset: u64,
}

impl FrameCodec {
    /// Creates a codec for frames of any 24-bit length.
    #[must_use]
    pub fn new() -> Self {
        Self { limit: LONGEST_FRAME, offset: 0 }
    }

    /// Refuses longer frames, as soon as their length is read.
    #[must_use]
    pub fn with_limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }
}

impl Default for FrameCodec {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder for FrameCodec {
    type Item = BytesMut;
    type Error = io::Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<BytesMut>> {
        let left = buffer.len();
        let frame = split_at(buffer, self.limit, self.offset).map_err(invalid)?;
        self.offset = self.offset.saturating_add(left.saturating_sub(buffer.len()) as u64);
        Ok(frame)
    }

    fn decode_eof(&mut self, buffer: &mut BytesMut) -> io::Result<Option<BytesMut>> {
        match self.decode(buffer)? {
            Some(frame) => Ok(Some(frame)),
            None => ended(buffer, self.offset)
                .map(|()| None)
                .map_err(|cut| io::Error::new(io::ErrorKind::UnexpectedEof, cut)),
        }
    }
}

impl<T: AsRef<[u8]>> Encoder<T> for FrameCodec {
    type Error = io::Error;

    fn encode(&mut self, payload: T, buffer: &mut BytesMut) -> io::Result<()> {
        write_frame(payload.as_ref(), buffer).map_err(invalid)
    }
}

fn invalid(error: StreamError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
