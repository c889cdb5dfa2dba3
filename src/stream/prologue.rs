//! The bytes that a client sends once, before its first frame.

use bytes::{BufMut, Bytes};
use nom::Parser;
use nom::bytes::streaming::tag;
use nom::combinator::{opt, verify};
use nom::multi::length_data;
use nom::number::streaming::{be_u8, be_u24};

use super::{LENGTH_BYTES, StreamError, announced, fits, write_frame};
use crate::token::Dictionary;

/// First bytes of the intro header. A protocol version and a dictionary version follow.
const INTRO: &[u8] = b"WA";
/// First bytes of the edge routing prefix. A 24-bit length and that many bytes follow.
const EDGE_ROUTING: &[u8] = b"ED\x00\x01";
/// Protocol versions seen in intro headers: 6, and 5 of Cobalt's mobile client.
const PROTOCOLS: [u8; 2] = [5, PROTOCOL];
/// The protocol version of today's clients.
const PROTOCOL: u8 = 6;

/// The bytes that a client sends once, before its first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Prologue {
    /// Routing information, if the connection used an edge routing prefix.
    pub edge_routing: Option<Bytes>,
    /// The intro header's protocol version: 6.
    pub protocol: u8,
    /// The intro header's dictionary version: 3 or 2.
    pub dictionary_version: u8,
}

impl Prologue {
    /// The prologue of today's clients: protocol 6, without an edge routing prefix.
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

    /// Whether a stream begins like a prologue. `false` also for fewer than three bytes, or four of an edge routing
    /// prefix, which are too few. [`FrameReader`](super::FrameReader) waits for more bytes, and decides.
    #[must_use]
    pub fn starts(stream: &[u8]) -> bool {
        let intro = stream.strip_prefix(INTRO).and_then(<[u8]>::first);
        intro.is_some_and(|protocol| PROTOCOLS.contains(protocol)) || stream.starts_with(EDGE_ROUTING)
    }

    /// Writes the prologue.
    ///
    /// # Errors
    /// [`StreamError::PayloadTooLong`] for routing information that is too long for a 24-bit length; nothing is written
    /// then.
    ///
    /// # Panics
    /// As [`write_frame`].
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

/// The start of a stream.
pub(super) enum Start {
    /// The first bytes of a prologue or of a frame: more are needed.
    Unknown,
    /// A prologue of this length.
    Prologue(Prologue, usize),
    /// A frame.
    Frame,
}

/// Reads the start of a stream.
pub(super) fn start(stream: &[u8]) -> Start {
    match prologue(stream) {
        Ok((rest, (edge_routing, (_, protocol, dictionary_version)))) => {
            let edge_routing = edge_routing.map(|(_, information)| Bytes::copy_from_slice(information));
            let length = stream.len().saturating_sub(rest.len());
            Start::Prologue(Prologue { edge_routing, protocol, dictionary_version }, length)
        }
        Err(nom::Err::Incomplete(_)) => Start::Unknown,
        Err(_) => Start::Frame,
    }
}

/// The announced length of an edge routing prefix, if the stream starts with one.
pub(super) fn edge_routing_length(stream: &[u8]) -> Option<usize> {
    stream.strip_prefix(EDGE_ROUTING).and_then(announced)
}

/// How many bytes a prologue that starts like this has at least.
pub(super) fn least_length(stream: &[u8]) -> usize {
    let intro = INTRO.len().saturating_add(2);
    if stream.first() != EDGE_ROUTING.first() {
        return intro;
    }
    let information = edge_routing_length(stream).unwrap_or(0);
    EDGE_ROUTING.len().saturating_add(LENGTH_BYTES).saturating_add(information).saturating_add(intro)
}

type PrologueParts<'a> = (Option<(&'a [u8], &'a [u8])>, (&'a [u8], u8, u8));

/// `["ED" 00 01 u24 *octet] "WA" u8 u8`
fn prologue(input: &[u8]) -> nom::IResult<&[u8], PrologueParts<'_>> {
    let edge_routing = (tag(EDGE_ROUTING), length_data(be_u24));
    let intro = (tag(INTRO), verify(be_u8, |protocol| PROTOCOLS.contains(protocol)), be_u8);
    (opt(edge_routing), intro).parse(input)
}
