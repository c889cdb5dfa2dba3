//! A piece of work on frames of the corpus, and its contenders.

use std::hint::black_box;

use bytes::Bytes;
use wabinary::{Decoder, decode_body};
use wacore_binary::OwnedNodeRef;
use wacore_binary::marshal::unmarshal_ref;
use wacore_binary::util::unpack;

use crate::reading::{read, read_peer};
use crate::walk::skip;
use wabinary_testing::corpus;

/// Repeats the work as often as its argument says.
pub type Run = Box<dyn FnMut(u32)>;

/// An implementation that does a piece of work.
pub struct Contender {
    pub name: &'static str,
    pub run: Run,
}

/// This codec.
pub const OURS: &str = "wabinary";
/// The prefix of the names of the peer's ways, and the name of its only or usual way.
pub const PEER: &str = "wacore";
/// Reading the bytes without building anything.
pub const WALK: &str = "bare walk";
/// Decoding, without what follows.
pub const DECODE_ALONE: &str = "decode alone";
/// The prefix of the names of inflating alone.
pub const INFLATE: &str = "inflate";

/// One piece of work on the same bytes, by each contender.
pub struct Case {
    pub kind: &'static str,
    pub frame: &'static str,
    /// The average bytes of a frame.
    pub bytes: usize,
    /// The frames in a run.
    pub frames: usize,
    /// Whether more than one thread works.
    pub is_on_threads: bool,
    pub contenders: Vec<Contender>,
}

impl Contender {
    /// Calls `each` for every item. There is only one call of `each`, so that it is compiled into the loop.
    pub fn new<T: 'static>(name: &'static str, items: Vec<T>, mut each: impl FnMut(&T) + 'static) -> Self {
        let run = move |times: u32| {
            let mut at = 0;
            for _ in 0..times as usize * items.len() {
                each(black_box(&items[at]));
                at += 1;
                if at == items.len() {
                    at = 0;
                }
            }
        };
        Self { name, run: Box::new(run) }
    }
}

/// A frame. Its handles are static, so copying them costs nothing.
#[derive(Clone)]
pub struct Frame {
    /// The frame with its flag byte, as it comes from the connection.
    pub frame: Bytes,
    /// The inflated body, after the flag byte.
    pub body: &'static [u8],
}

impl Frame {
    /// Checks that all contenders give the same tree, text by text and byte by byte, and that the walk reaches the end.
    fn new(name: &str, frame: &[u8]) -> Self {
        let body: &[u8] = unpack(frame).expect("the corpus inflates").into_owned().leak();
        let frame = Bytes::from_static(frame.to_vec().leak());
        let mut decoder = Decoder::new();
        let ours: Vec<Vec<u8>> = read(decoder.decode(frame.clone()).expect("it decodes"), Vec::new());
        let others = [
            read(decode_body(body).expect("it decodes").as_ref(), Vec::new()),
            read_peer(&unmarshal_ref(body).expect("it decodes"), Vec::new()),
            read_peer(OwnedNodeRef::new(Bytes::from_static(body)).expect("it decodes").get(), Vec::new()),
        ];
        assert!(others.iter().all(|other| *other == ours), "{name}: the trees differ");
        assert_eq!(skip(body), Some(&[][..]), "{name}: the walk goes astray");
        Self { frame, body }
    }
}

/// One frame, or many in a row.
pub struct Subject {
    pub name: &'static str,
    pub frames: Vec<Frame>,
}

pub const STREAM: &str = "1024 small frames";

impl Subject {
    fn new(name: &'static str, frames: &[Vec<u8>]) -> Self {
        Self { name, frames: frames.iter().map(|frame| Frame::new(name, frame)).collect() }
    }

    pub fn is_compressed(&self) -> bool {
        self.frames[0].frame[0] != 0
    }

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
    let single = corpus::frames().into_iter().map(|(name, frame)| Subject::new(name, &[frame]));
    single.chain([Subject::new(STREAM, &corpus::stream())]).collect()
}
