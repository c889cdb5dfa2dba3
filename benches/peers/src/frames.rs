//! The corpus, as both sides take it.

use bytes::Bytes;
use wacore_binary::util::unpack;

use crate::case::{Case, Contender};
use crate::corpus;

/// A frame. Its handles are static, so copies of them cost nothing, like a handle that is moved in.
#[derive(Clone)]
pub struct Frame {
    /// With the flag byte, as it comes off the connection.
    pub frame: Bytes,
    /// What follows the flag byte, inflated.
    pub body: &'static [u8],
}

impl Frame {
    fn new(frame: &[u8]) -> Self {
        let body = unpack(frame).expect("the corpus inflates").into_owned();
        Self { frame: Bytes::from_static(frame.to_vec().leak()), body: body.leak() }
    }

    pub fn is_compressed(&self) -> bool {
        self.frame[0] != 0
    }
}

/// One frame, or many in a row.
pub struct Subject {
    pub name: &'static str,
    pub frames: Vec<Frame>,
}

pub const STREAM: &str = "1024 small frames";

impl Subject {
    pub fn bodies(&self) -> Vec<&'static [u8]> {
        self.frames.iter().map(|frame| frame.body).collect()
    }

    /// Handles of the bodies.
    pub fn held(&self) -> Vec<Bytes> {
        self.frames.iter().map(|frame| Bytes::from_static(frame.body)).collect()
    }

    pub fn case(&self, kind: &'static str, contenders: Vec<Contender>) -> Case {
        let bytes = self.frames.iter().map(|frame| frame.body.len()).sum::<usize>() / self.frames.len();
        Case { kind, frame: self.name, bytes, frames: self.frames.len(), is_on_threads: false, contenders }
    }
}

/// The frames of the corpus one by one, and last the stream.
pub fn subjects() -> Vec<Subject> {
    let single = corpus::frames().into_iter().map(|(name, frame)| Subject { name, frames: vec![Frame::new(&frame)] });
    let stream = corpus::stream().iter().map(|frame| Frame::new(frame)).collect();
    single.chain([Subject { name: STREAM, frames: stream }]).collect()
}
