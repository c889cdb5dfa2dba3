//! Small worlds: every short frame, and every small vector with every byte replaced by every other.
//!
//! A decoder is dropped before the next is made, so the peak of a loop is that of its largest run. Each short frame has
//! its own decoder. The 255 changes of a byte share one, since one for each would take twice as long.

use std::hint::black_box;
use std::thread;

use flate2::Decompress;
use wabinary::{Decoder, Dictionary, Limits};
use wabinary_testing::exhaustive;

use crate::{Bounds, inflate_with, peak, vectors};

/// Longer vectors are left to `frames`.
const SMALL: usize = 1024;
/// Up to this length every byte is changed. In longer frames only every second byte, every third and so on: each change
/// takes longer.
const WHOLE: usize = 256;
/// Some small frames inflate to much. Doing so hundreds of times for each of their bytes would take minutes.
const LIMITS: Limits = Limits { depth: 128, inflated: 16 << 10, nodes: 1 << 20 };

fn new_decoder(dictionary: Dictionary) -> Decoder {
    Decoder::new().with_dictionary(dictionary).with_limits(LIMITS)
}

fn decode_with(decoder: &mut Decoder, frame: &[u8]) {
    let _ = black_box(decoder.decode_slice(black_box(frame)).map(drop));
}

/// Calls `work` with every other value of the byte at each of these places.
fn with_any_other_byte(frame: &[u8], places: impl Iterator<Item = usize>, mut work: impl FnMut(&[u8])) {
    let mut changed = frame.to_vec();
    for at in places {
        for difference in 1..=255 {
            changed[at] = frame[at] ^ difference;
            work(&changed);
        }
        changed[at] = frame[at];
    }
}

/// The vectors, in parts of about equal length, one for each core.
fn parts() -> Vec<Vec<(String, Vec<u8>, Dictionary)>> {
    let files = [
        ("peer-encoded", Dictionary::V3),
        ("v2-peer-encoded", Dictionary::V2),
        ("noncanonical", Dictionary::V3),
        ("malformed", Dictionary::V3),
        ("peer-disagreements", Dictionary::V3),
    ];
    let mut all = Vec::new();
    for (file, dictionary) in files {
        let frames = vectors::read(file).into_iter().filter(|vector| vector.json["hex"].is_string());
        all.extend(frames.map(|vector| (vector.name.clone(), vector.frame(), dictionary)));
    }
    all.retain(|(_, frame, _)| (1..=SMALL).contains(&frame.len()));
    all.sort_by_key(|(_, frame, _)| (frame[0], frame.len()));
    let parts = thread::available_parallelism().map_or(1, usize::from);
    let step = exhaustive::step(12);
    (0..parts).map(|part| all.iter().step_by(step).skip(part).step_by(parts).cloned().collect()).collect()
}

#[test]
fn small_vectors_with_any_byte_changed_to_any_other() {
    let bounds = Bounds::documented();
    let parts = parts();
    let number: usize = parts.iter().map(Vec::len).sum();
    assert!(number > 400 / exhaustive::step(12), "{number}");
    let hold = |part: &[(String, Vec<u8>, Dictionary)]| {
        let mut state = Decompress::new(true);
        for (name, frame, dictionary) in part {
            // After another flag byte the same bytes may be a stream.
            let step = frame.len().div_ceil(WHOLE);
            for places in [(0..1).step_by(1), (1..frame.len()).step_by(step)] {
                let is_plain = frame[0] == 0 && places.clone().next() != Some(0);
                let bound = if is_plain { bounds.decode_plain } else { bounds.decode };
                let mut inflated = 0;
                if !is_plain {
                    with_any_other_byte(frame, places.clone(), |changed| {
                        inflated = inflated.max(inflate_with(&mut state, &changed[1..], LIMITS.inflated));
                    });
                }
                let peak = peak(|| {
                    for at in places {
                        let mut decoder = new_decoder(*dictionary);
                        with_any_other_byte(frame, [at].into_iter(), |changed| decode_with(&mut decoder, changed));
                    }
                });
                bound.hold(frame.len() + inflated, peak, || name.clone());
            }
        }
    };
    thread::scope(|scope| parts.iter().for_each(|part| _ = scope.spawn(|| hold(part))));
}

/// All sequences of `count` bytes after the flag byte.
fn with_every_ending(flag: u8, count: u32, mut work: impl FnMut(&[u8])) {
    // All sequences of one byte, and all or some of two; the step is a prime number, so both bytes change.
    let step = if count == 2 { exhaustive::step(11) } else { 1 };
    for number in (0..1_u32 << (8 * count)).step_by(step) {
        let mut frame = number.to_be_bytes();
        let start = 3 - count as usize;
        frame[start] = flag;
        work(&frame[start..]);
    }
}

#[test]
fn frames_of_up_to_three_bytes() {
    let bounds = Bounds::documented();
    let decode_once = |frame: &[u8]| decode_with(&mut new_decoder(Dictionary::V3), frame);
    bounds.decode_plain.hold(0, peak(|| decode_once(&[])), || "nothing".to_owned());
    for flag in 0..=255 {
        // Two bytes are only the head of a stream, so no more than this can be inflated.
        // A refused flag byte with this bit is tried again to find the leniency that accepts it.
        let bound = if flag & 2 != 0 { bounds.decode } else { bounds.decode_plain };
        for count in 0..=2 {
            let peak = peak(|| with_every_ending(flag, count, decode_once));
            bound.hold(1 + count as usize, peak, || format!("{count} bytes behind {flag:02x}"));
        }
    }
}
