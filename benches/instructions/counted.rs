//! The frames for which instructions are counted, and what is done with each. None has so many attributes in a node
//! that their names are hashed: that hash has a new key in each process.

use bytes::Bytes;

use crate::corpus::{self, call_acks};
use crate::work::Work;

/// Frames, and the work that is counted on them.
pub(crate) struct Input {
    name: &'static str,
    pub(crate) frames: Vec<Bytes>,
    works: Vec<Work>,
}

impl Input {
    /// The work, with the name of what is counted.
    pub(crate) fn works(&self) -> impl Iterator<Item = (String, Work)> {
        self.works.iter().map(|work| (format!("{}: {}", work.name(), self.name), *work))
    }
}

/// The frames of the corpus that are taken: small ones, and one of each thing that large ones are made of.
const FRAMES: [&str; 9] = [
    "call ack",
    "call ack with an error",
    "receipt",
    "message of 1 KiB",
    "devices of 100 users",
    "group of 256",
    "packed texts",
    "two-byte tokens",
    "texts of many scripts",
];

const WORKS: [Work; 7] =
    [Work::Decode, Work::DecodeToOwn, Work::Read, Work::EncodeDecoded, Work::EncodeBuilt, Work::Build, Work::Edit];

pub(crate) fn inputs() -> Vec<Input> {
    let mut inputs: Vec<Input> = corpus::frames()
        .into_iter()
        .filter(|(name, _)| FRAMES.contains(name))
        .map(|(name, frame)| Input { name, frames: vec![frame.into()], works: WORKS.to_vec() })
        .collect();
    assert_eq!(inputs.len(), FRAMES.len(), "each of them is in the corpus");
    for ack in inputs.iter_mut().filter(|input| input.name.starts_with("call ack")) {
        ack.works.push(Work::ReadCallAck);
    }
    let full = call_acks::frame_with_every_field().into();
    let works = vec![Work::Decode, Work::ReadCallAck];
    inputs.push(Input { name: "call ack with every field", frames: vec![full], works });
    let stream = corpus::stream().into_iter().map(Bytes::from).collect();
    let works = vec![Work::Decode, Work::DecodeToOwn, Work::DecodeAndRead, Work::EncodeDecoded, Work::EncodeBuilt];
    inputs.push(Input { name: "1024 small frames in a row", frames: stream, works });
    inputs
}
