//! The frames that choices are measured on.

use std::io::Read;

use flate2::read::ZlibDecoder;

use crate::corpus;

/// One body, or several read in a row: frames without their flag byte, inflated.
pub struct Frames {
    pub name: &'static str,
    pub bodies: Vec<Vec<u8>>,
}

/// Of the corpus those that differ most.
const NAMES: [&str; 9] = [
    "call ack",
    "message of 1 KiB",
    "call offer to 6 devices",
    "devices of 100 users",
    "group of 256",
    "history, compressed",
    "texts in ASCII",
    "two-byte tokens",
    "packed texts",
];

/// The stream of small frames, and one of each kind.
pub fn all() -> Vec<Frames> {
    let stream = corpus::stream().iter().map(|frame| body(frame)).collect();
    let frames = corpus::frames().into_iter().filter(|(name, _)| NAMES.contains(name));
    let each = frames.map(|(name, frame)| Frames {
        name: if name == "history, compressed" { "history, inflated" } else { name },
        bodies: vec![body(&frame)],
    });
    let all: Vec<Frames> = [Frames { name: "1024 small frames", bodies: stream }].into_iter().chain(each).collect();
    assert_eq!(all.len(), NAMES.len() + 1, "the corpus has other names");
    all
}

/// A frame of the corpus.
pub fn frame(name: &str) -> Vec<u8> {
    let mut frames = corpus::frames().into_iter();
    frames.find(|(other, _)| *other == name).expect("the corpus has this frame").1
}

/// What is behind the flag byte, inflated.
pub fn body(frame: &[u8]) -> Vec<u8> {
    let (flag, body) = frame.split_first().expect("frames have a flag byte");
    if flag & 2 == 0 {
        return body.to_vec();
    }
    let mut inflated = Vec::new();
    ZlibDecoder::new(body).read_to_end(&mut inflated).expect("the corpus inflates");
    inflated
}
