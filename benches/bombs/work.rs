//! What is done with hostile frames.

use std::hint::black_box;

use bytes::Bytes;
use wabinary::{Decoder, Encoder, Limits, Node};

/// A kind of work on frames that may be refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Work {
    Decode,
    DecodeInPart,
    Find,
    Explain,
    /// What decoded.
    Encode,
}

impl Work {
    pub(crate) const ALL: [Self; 5] = [Self::Decode, Self::DecodeInPart, Self::Find, Self::Explain, Self::Encode];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Decode => "decode",
            Self::DecodeInPart => "decode in part",
            Self::Find => "find what is unusual",
            Self::Explain => "explain",
            Self::Encode => "encode",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|work| work.name() == name)
    }

    /// Whether it does nothing more than decoding does with a frame that is refused.
    pub(crate) fn needs_a_tree(self) -> bool {
        matches!(self, Self::Find | Self::Encode)
    }

    /// Gets ready to work on each of these frames in turn. What is called gives a number that depends on all that was
    /// done.
    pub(crate) fn prepare(self, frames: &[Bytes], limits: Limits) -> Box<dyn FnMut() -> usize> {
        let mut decoder = Decoder::new().with_limits(limits);
        // Handles that cost nothing to copy, like one that is moved in. Never freed.
        let frames: Vec<Bytes> = frames.iter().map(|frame| Bytes::from_static(frame.to_vec().leak())).collect();
        let mut of_each: Box<dyn FnMut(&Bytes) -> usize> = match self {
            Self::Decode => Box::new(move |frame| match decoder.decode(frame.clone()) {
                Ok(node) => node.tag().len(),
                Err(error) => error.offset(),
            }),
            Self::DecodeInPart => Box::new(move |frame| match decoder.decode_partial(frame.clone()) {
                (node, Ok(())) => node.map_or(0, |node| node.tag().len()),
                (_, Err(error)) => error.offset(),
            }),
            Self::Find => Box::new(move |frame| decoder.findings(frame).map_or(0, |found| found.len())),
            Self::Explain => Box::new(move |frame| decoder.explain(frame).ranges().len()),
            Self::Encode => return encode(&frames, decoder, Encoder::new().with_limits(limits)),
        };
        Box::new(move || frames.iter().map(|frame| of_each(black_box(frame))).sum())
    }
}

fn encode(frames: &[Bytes], mut decoder: Decoder, mut encoder: Encoder) -> Box<dyn FnMut() -> usize> {
    let decoded =
        frames.iter().filter_map(|frame| decoder.decode(frame.clone()).map(drop).ok().and_then(|()| decoder.take()));
    let nodes: Vec<Node> = decoded.collect();
    let mut encode = move |node: &Node| encoder.encode_slice(black_box(node)).expect("what decodes encodes").len();
    Box::new(move || nodes.iter().map(&mut encode).sum())
}
