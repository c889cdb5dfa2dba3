//! The usual work on a handful of frames, compared with the recorded counts. No node in these frames has enough
//! attributes for their names to be hashed: that hash has a new key in each process.

use bytes::Bytes;
use wabinary::Limits;

use crate::baseline;
use crate::callgrind::{Failure, FramesFile};
use wabinary_testing::corpus::{self, call_acks};
use wabinary_testing::measured::Work;

/// The frames from the corpus: small ones, and one for each part of large ones.
const FRAMES: [&str; 10] = [
    "call ack",
    "call ack with an error",
    "receipt",
    "message of 1 KiB",
    "message of 16 KiB",
    "devices of 100 users",
    "group of 256",
    "packed texts",
    "two-byte tokens",
    "texts of many scripts",
];

const WORKS: [Work; 7] =
    [Work::Decode, Work::DecodeToOwn, Work::Read, Work::EncodeDecoded, Work::EncodeBuilt, Work::Build, Work::Edit];

/// The frames that are also encoded into a client's buffer.
const SENT: [&str; 3] = ["call ack", "message of 1 KiB", "message of 16 KiB"];

/// Frames, and the work that is counted on them.
struct Input {
    name: &'static str,
    frames: Vec<Bytes>,
    works: Vec<Work>,
}

fn inputs() -> Vec<Input> {
    let mut inputs: Vec<Input> = corpus::frames()
        .into_iter()
        .filter(|(name, _)| FRAMES.contains(name))
        .map(|(name, frame)| Input { name, frames: vec![frame.into()], works: WORKS.to_vec() })
        .collect();
    assert_eq!(inputs.len(), FRAMES.len(), "each of them is in the corpus");
    let targets = [Work::EncodeToOwn, Work::EncodeInto];
    inputs.iter_mut().filter(|input| SENT.contains(&input.name)).for_each(|input| input.works.extend(targets));
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

pub(crate) fn test() {
    for input in inputs() {
        input.works.iter().for_each(|work| _ = work.prepare(&input.frames, Limits::default())());
    }
}

/// Whether no count grew by more than the threshold.
pub(crate) fn run(arguments: &[&str]) -> Result<bool, Failure> {
    match *arguments {
        [] => compare(3.0, ""),
        [filter] if !filter.starts_with('-') => compare(3.0, filter),
        ["--threshold", percent] => compare(percent.parse()?, ""),
        ["--threshold", percent, filter] => compare(percent.parse()?, filter),
        ["--profile", filter] => {
            each(filter, |name, file, work| {
                println!("{name}\n{}", file.profile(work.name())?);
                Ok(())
            })?;
            Ok(true)
        }
        ["--record"] => {
            let mut counts = Vec::new();
            each("", |name, file, work| {
                counts.push((file.count(work.name())?, name));
                Ok(())
            })?;
            baseline::write(&counts).map(|()| true)
        }
        _ => Err("expected [--threshold PERCENT] [TEXT], --profile TEXT or --record".into()),
    }
}

/// Calls `each` for all work with this text in its name.
fn each(filter: &str, mut each: impl FnMut(String, &FramesFile, Work) -> Result<(), Failure>) -> Result<(), Failure> {
    for input in inputs() {
        let file = FramesFile::create(&input.frames, Limits::default())?;
        for work in input.works {
            let name = format!("{}: {}", work.name(), input.name);
            if name.contains(filter) {
                each(name, &file, work)?;
            }
        }
    }
    Ok(())
}

/// Whether no count grew by more than `threshold` percent.
fn compare(threshold: f64, filter: &str) -> Result<bool, Failure> {
    let mut unseen = baseline::read()?;
    unseen.retain(|(_, name)| name.contains(filter));
    let mut changes = Vec::new();
    println!("{:>12} {:>12} {:>9}  work: frames", "instructions", "baseline", "change");
    each(filter, |name, file, work| {
        let count = file.count(work.name())?;
        if let Some(at) = unseen.iter().position(|(_, known)| *known == name) {
            let before = unseen.remove(at).0;
            let change = (count as f64 / before as f64 - 1.0) * 100.0;
            println!("{count:>12} {before:>12} {change:>+8.2}%  {name}");
            changes.push(change);
        } else {
            println!("{count:>12} {:>12} {:>9}  {name}", "", "new");
        }
        Ok(())
    })?;
    unseen.iter().for_each(|(_, name)| println!("not counted any more: {name}"));
    let ratios: f64 = changes.iter().map(|change| (1.0 + change / 100.0).ln()).sum();
    let mean = (ratios / changes.len().max(1) as f64).exp_m1() * 100.0;
    println!("{:>35}  geometric mean", format!("{mean:+.2}%"));
    let above = changes.iter().filter(|change| **change > threshold).count();
    println!("{above} of {} counts grew by more than {threshold} %", changes.len());
    Ok(above == 0)
}
