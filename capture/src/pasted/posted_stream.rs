//! Posted bytes of a socket: a prologue, handshake frames, encrypted frames, in pieces with labels.

use wabinary::stanza::Direction;

use crate::fault::Fault;
use crate::frame_start::starts_like_a_frame;
use crate::frame_stream::{Piece, Splitter};
use crate::hints;
use crate::notes::Notes;
use crate::record::{Payload, Record};

/// The bytes of both directions, each as a stream.
#[derive(Debug)]
pub(super) struct PostedStream {
    line: u64,
    sent: Splitter,
    received: Splitter,
}

impl PostedStream {
    pub(super) fn new(line: u64) -> Self {
        Self { line, sent: Splitter::default(), received: Splitter::default() }
    }

    pub(super) fn feed(&mut self, bytes: &[u8], direction: Option<Direction>) {
        match direction {
            Some(Direction::Receive) => self.received.feed(bytes),
            _ => self.sent.feed(bytes),
        }
    }

    /// The frames, if any is a node; else one message that describes the stream.
    pub(super) fn end(self, notes: &Notes) -> Vec<Record> {
        let Self { line, mut sent, mut received } = self;
        let mut parts = Vec::new();
        let (mut frames, mut handshakes, mut encrypted) = (Vec::new(), 0_u64, 0_u64);
        for (splitter, direction) in [(&mut sent, Direction::Send), (&mut received, Direction::Receive)] {
            while let Some(piece) = splitter.next() {
                crate::frame_stream::note(&piece, notes);
                match piece {
                    Piece::Routing => parts.push("a routing prefix".to_owned()),
                    Piece::Intro { protocol, dictionary, .. } => {
                        parts.push(format!("an intro header (protocol {protocol}, dictionary {dictionary})"));
                    }
                    Piece::Frame(frame) if starts_like_a_frame(&frame) => frames.push((frame, direction)),
                    Piece::Frame(frame) if hints::is_message_of_handshake(&frame) => handshakes += 1,
                    Piece::Frame(_) => encrypted += 1,
                }
            }
        }
        let cut = [&sent, &received].iter().find_map(|splitter| splitter.end());
        if !frames.is_empty() {
            let frames = frames
                .into_iter()
                .map(|(frame, direction)| Record { direction: Some(direction), ..Payload::Frame(frame).into() });
            return frames.chain(cut.map(Record::from)).map(|record| record.at_line(line)).collect();
        }
        let plural = |count: u64, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        parts.extend((handshakes > 0).then(|| plural(handshakes, "handshake frame")));
        parts.extend((encrypted > 0).then(|| plural(encrypted, "encrypted frame")));
        parts.extend(cut.map(|_| "a frame that is cut".to_owned()));
        let message = format!(
            "this is what goes over the socket: {}; its nodes are encrypted: take frames inside the client, after decryption",
            parts.join(", ")
        );
        vec![Record::from(Fault::in_tree("encrypted", "", message)).at_line(line)]
    }
}
