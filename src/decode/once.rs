//! Decoding one frame with the defaults, into memory of the thread.

use std::cell::Cell;

use bytes::Bytes;

use super::Decoder;
use crate::error::DecodeError;
use crate::node::{Node, NodeRef};
use crate::options::KEPT;

/// Decodes one frame, flag byte included, under dictionary version 3 and strict rules.
///
/// Content bytes of the tree are parts of `frame`. Everything is checked before this returns: nothing fails later.
/// Another dictionary, other limits and leniencies are options of [`Decoder`].
///
/// # Errors
/// What is wrong, where, and what was expected.
///
/// ```
/// // A server's acknowledgement of a call offer, refused.
/// let frame: &'static [u8] = &[
///     0x00, 0xf8, 0x08, 0x1b, 0x08, 0xfc, 0x07, 0x4f, 0x46, 0x2d, 0x30, 0x30, 0x30, 0x32, 0x15, 0x64, 0x06, 0xfa,
///     0x00, 0x03, 0xf8, 0x01, 0xf8, 0x03, 0xa8, 0x70, 0xee, 0xd0,
/// ];
/// let ack = wabinary::decode(frame)?;
/// assert_eq!(ack.to_string(), r#"<ack id="OF-0002" class="call" from="s.whatsapp.net"><error code="503"/></ack>"#);
/// # Ok::<(), wabinary::DecodeError>(())
/// ```
pub fn decode(frame: impl Into<Bytes>) -> Result<Node, DecodeError> {
    let frame = frame.into();
    owned(|decoder| decoder.decode(frame))
}

/// Decodes one frame, flag byte included; content bytes are copied. See [`decode`].
///
/// # Errors
/// As [`decode`].
pub fn decode_slice(frame: &[u8]) -> Result<Node, DecodeError> {
    owned(|decoder| decoder.decode_slice(frame))
}

/// Decodes one body: a frame without its flag byte, never compressed. Offsets of errors count from the body's first
/// byte. See [`decode`].
///
/// # Errors
/// As [`decode`].
pub fn decode_body(body: impl Into<Bytes>) -> Result<Node, DecodeError> {
    let body = body.into();
    owned(|decoder| decoder.decode_body(body))
}

/// Decodes one body from a slice; content bytes are copied. See [`decode_body`].
///
/// A client that decrypts into its own buffer decodes it in place:
///
/// ```
/// let buffer = [0xf8, 0x01, 0x1b];
/// assert_eq!(wabinary::decode_body_slice(&buffer)?.tag(), "ack");
/// # Ok::<(), wabinary::DecodeError>(())
/// ```
///
/// # Errors
/// As [`decode`].
pub fn decode_body_slice(body: &[u8]) -> Result<Node, DecodeError> {
    owned(|decoder| decoder.decode_body_slice(body))
}

/// Decodes the first node of a body that may hold more, and returns the bytes after it. See [`decode_body`].
///
/// # Errors
/// Like [`decode`], but bytes after the node are allowed.
///
/// ```
/// let (node, rest) = wabinary::decode_body_first(vec![0xf8, 0x01, 0x1b, 0xf8, 0x01])?;
/// assert_eq!((node.tag(), &rest[..]), ("ack", &[0xf8, 0x01][..]));
/// # Ok::<(), wabinary::DecodeError>(())
/// ```
pub fn decode_body_first(body: impl Into<Bytes>) -> Result<(Node, Bytes), DecodeError> {
    let body = body.into();
    with_decoder(|decoder| {
        let rest = decoder.decode_body_first(body).map(|(_, rest)| rest)?;
        Ok((decoder.take_tree(), rest))
    })
}

/// Decodes the first node of a frame, and returns the bytes after it. See [`decode`].
///
/// The rest of a compressed frame is the inflated bytes after the node.
///
/// # Errors
/// As [`decode`], but bytes after the node are none.
///
/// ```
/// let (node, rest) = wabinary::decode_first(vec![0x00, 0xf8, 0x01, 0x1b, 0xf8, 0x01])?;
/// assert_eq!((node.tag(), &rest[..]), ("ack", &[0xf8, 0x01][..]));
/// # Ok::<(), wabinary::DecodeError>(())
/// ```
pub fn decode_first(frame: impl Into<Bytes>) -> Result<(Node, Bytes), DecodeError> {
    let frame = frame.into();
    with_decoder(|decoder| {
        let rest = decoder.decode_first(frame).map(|(_, rest)| rest)?;
        Ok((decoder.take_tree(), rest))
    })
}

thread_local! {
    /// Memory for the functions above: decoding into it and taking an exact copy is cheaper than growing new vectors. It is
    /// taken out while a frame is decoded, so that results are written where the caller wants them.
    static DECODER: Cell<Option<Box<Decoder>>> = const { Cell::new(None) };
}

#[inline(always)]
fn with_decoder<T>(decode: impl FnOnce(&mut Decoder) -> T) -> T {
    let mut decoder = DECODER.take().unwrap_or_default();
    let result = decode(&mut decoder);
    decoder.forget_above(KEPT);
    DECODER.set(Some(decoder));
    result
}

/// Decodes, and takes the tree.
#[inline(always)]
fn owned(decode: impl FnOnce(&mut Decoder) -> Result<NodeRef<'_>, DecodeError>) -> Result<Node, DecodeError> {
    with_decoder(|decoder| match decode(decoder) {
        Ok(_) => Ok(decoder.take_tree()),
        Err(error) => Err(error),
    })
}
