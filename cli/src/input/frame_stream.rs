//! Frames behind 24-bit lengths.

use std::io::{self, Read};

use wabinary::stream::{FrameReader, StreamError};

use super::Reader;
use crate::record::{Fault, Payload, Record};

pub(super) fn records(mut input: Reader) -> impl Iterator<Item = io::Result<Record>> {
    let mut frames = FrameReader::new();
    let mut piece = vec![0; 64 * 1024];
    let mut is_over = false;
    std::iter::from_fn(move || {
        while !is_over {
            match frames.next_frame() {
                Ok(Some(frame)) => {
                    let dictionary_version = frames.prologue().map(|prologue| prologue.dictionary_version);
                    return Some(Ok(Record { dictionary_version, ..Payload::Frame(frame).into() }));
                }
                Ok(None) => {}
                Err(error) => {
                    is_over = true;
                    return Some(Ok(unframed(&error)));
                }
            }
            match input.read(&mut piece) {
                Ok(0) => {
                    is_over = true;
                    return frames.finish().err().map(|error| Ok(unframed(&error)));
                }
                Ok(length) => frames.feed(&piece[..length]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    is_over = true;
                    return Some(Err(error));
                }
            }
        }
        None
    })
}

/// The record in the place of a frame that is not whole.
fn unframed(error: &StreamError) -> Record {
    let (kind, present) = match error {
        // The length is no part of the frame.
        StreamError::Truncated { left, .. } => ("stream-truncated", left.saturating_sub(3)),
        _ => ("stream-too-long", 0),
    };
    Payload::from(Fault::in_frame(kind, present, error)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives a byte at a time, and an interruption before each.
    struct Dripping(Vec<u8>, bool);

    impl Read for Dripping {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let length = self.0.len().min(1).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0.drain(..length);
            Ok(length)
        }
    }

    #[test]
    fn frames_arrive_in_any_pieces() {
        let stream = b"ED\0\x01\0\0\x02xyWA\x06\x02\0\0\x02ab\0\0\0\0\0\x03c".to_vec();
        let reader = io::BufReader::with_capacity(1, Dripping(stream, false));
        let records: Vec<_> = records(Box::new(reader)).map(Result::unwrap).collect();
        let shown: Vec<_> = records
            .iter()
            .map(|record| match &record.payload {
                Payload::Frame(frame) => (record.dictionary_version, frame.to_vec()),
                _ => (record.dictionary_version, b"error".to_vec()),
            })
            .collect();
        assert_eq!(shown, [(Some(2), b"ab".to_vec()), (Some(2), vec![]), (None, b"error".to_vec())]);
    }
}
