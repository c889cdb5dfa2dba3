//! The frames of the vector files, cut and damaged everywhere.

use std::io::Read;
use std::thread;

use flate2::read::ZlibDecoder;
use wabinary::{Decoder, Dictionary, Limits};
use wabinary_testing::exhaustive;

use crate::Check;
use crate::naive::Tokens;
use crate::vectors::read;

/// Frames of the vector files up to this length are damaged at every byte.
const SMALL: usize = 1024;
/// In larger frames, this many bytes at each end are damaged.
const END: usize = 40;
/// For work that is repeated hundreds of times for each byte: some small frames inflate to much.
const LOW: Limits = Limits { depth: 128, inflated: 16 << 10, nodes: 1 << 20 };

fn is_small(frame: &[u8]) -> bool {
    frame.len() <= SMALL
}

/// A frame of the vector files, and the dictionary it was written with.
type Sample = (Vec<u8>, Dictionary);

fn samples() -> Vec<Sample> {
    let files = [
        ("peer-encoded", Dictionary::V3),
        ("v2-peer-encoded", Dictionary::V2),
        ("noncanonical", Dictionary::V3),
        ("malformed", Dictionary::V3),
    ];
    let vectors = files.into_iter().flat_map(|(file, dictionary)| read(file).into_iter().map(move |v| (v, dictionary)));
    let disagreements = read("peer-disagreements").into_iter().filter(|vector| vector.json["direction"] == "decode");
    let vectors = vectors.chain(disagreements.map(|vector| (vector, Dictionary::V3)));
    let mut samples: Vec<Sample> = vectors.map(|(vector, dictionary)| (vector.frame(), dictionary)).collect();
    samples.sort_unstable_by(|one, other| (&one.0, one.1.version()).cmp(&(&other.0, other.1.version())));
    samples.dedup();
    samples
}

/// The places where a large frame is damaged: both ends, and its structure.
fn places(frame: &[u8], dictionary: Dictionary) -> Vec<usize> {
    let mut places: Vec<usize> = (0..END).chain(frame.len() - END..frame.len()).collect();
    if frame[0] == 0 {
        places.extend(structure(frame, dictionary));
    } else {
        places.extend(some(0..frame.len(), frame.len()));
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// The structural bytes of a plain frame.
fn structure(frame: &[u8], dictionary: Dictionary) -> Vec<usize> {
    let mut structure = Tokens::of_version(dictionary.version()).structure(frame);
    // The structure includes the missing part at the end of a cut frame.
    structure.retain(|at| *at < frame.len());
    some(structure.into_iter(), frame.len()).collect()
}

/// All of some places, or evenly spread ones. A longer frame has fewer: each of the 255 changes of a byte takes a pass
/// over the frame, and all changes would take minutes.
fn some(places: impl ExactSizeIterator<Item = usize>, length: usize) -> impl Iterator<Item = usize> {
    let most = ((64 << 10) / length).clamp(4, 48);
    let step = places.len().div_ceil(most).max(1);
    places.step_by(step)
}

/// The inflated body of a zlib frame, as a plain frame; of a corrupt one, the part before the error.
fn as_plain(frame: &[u8]) -> Vec<u8> {
    let mut plain = vec![0];
    let _ = ZlibDecoder::new(&frame[1..]).read_to_end(&mut plain);
    plain
}

/// Calls `work` with the chosen samples, or with one in every `step` of them, on all cores. Returns the numbers of
/// frames, accepted and refused ones.
fn on_samples(
    limits: Limits,
    step: usize,
    chosen: impl Fn(&[u8]) -> bool,
    work: impl Fn(&mut Check, &[u8], Dictionary) + Sync,
) -> (usize, usize, usize) {
    let samples: Vec<Sample> = samples().into_iter().filter(|(frame, _)| chosen(frame)).step_by(step).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = |number: usize| {
        let mut checks = [Dictionary::V2, Dictionary::V3].map(|dictionary| Check::with_options(dictionary, limits));
        // Neighbours have about the same length, so each core takes every n-th sample.
        for (frame, dictionary) in samples.iter().skip(number).step_by(threads) {
            let at = usize::from(*dictionary == Dictionary::V3);
            work(&mut checks[at], frame, *dictionary);
        }
        checks.iter().fold((0, 0), |(accepted, refused), check| (accepted + check.accepted, refused + check.refused))
    };
    thread::scope(|scope| {
        let part = &part;
        let parts: Vec<_> = (0..threads).map(|number| scope.spawn(move || part(number))).collect();
        let sums = parts.into_iter().map(|part| part.join().expect("a check failed, see above"));
        let (accepted, refused) = sums.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
        (samples.len(), accepted, refused)
    })
}

#[test]
fn a_frame_cut_anywhere_is_truncated_at_its_end() {
    let (frames, accepted, refused) = on_samples(Limits::default(), 1, is_small, |check, frame, dictionary| {
        let is_whole = Decoder::new().with_dictionary(dictionary).decode_slice(frame).is_ok();
        for length in 0..frame.len() {
            let cut = &frame[..length];
            check.frame(cut);
            if !is_whole {
                continue;
            }
            let error = check.decoder.decode_slice(cut).expect_err("no frame starts with another");
            let kind = if frame[0] == 0 || length == 0 { "truncated" } else { "zlib-truncated" };
            assert_eq!((error.kind().name(), error.offset()), (kind, length), "{cut:02x?}");
            // The field of the claim is in the frame, and claims more bytes than follow it.
            let claim = error.claim().map(|claim| (claim.offset <= length, claim.count > 0));
            assert_eq!(claim, (kind == "truncated").then_some((true, true)), "{cut:02x?}");
        }
    });
    // An accepted prefix is a whole frame before trailing bytes.
    assert!(frames > 400 && accepted < 10 && refused > 39_000, "{frames}: {accepted} and {refused}");
}

#[test]
fn a_frame_with_any_byte_changed_to_any_other_is_refused_in_place_or_comes_back() {
    let step = exhaustive::step(16);
    let (frames, accepted, refused) = on_samples(LOW, step, is_small, |check, frame, _| {
        let mut changed = frame.to_vec();
        for at in 0..frame.len() {
            for difference in 1..=255 {
                changed[at] = frame[at] ^ difference;
                check.without_the_second_reader(&changed);
            }
            changed[at] = frame[at];
        }
    });
    assert!(frames > 400 / step, "{frames}");
    let (least_accepted, least_refused) = if step == 1 { (4_000_000, 1_000_000) } else { (150_000, 150_000) };
    assert!(accepted > least_accepted && refused > least_refused, "{accepted} and {refused}");
}

#[test]
fn a_frame_with_any_byte_changed_is_read_alike_by_both_readers() {
    let (_, accepted, refused) = on_samples(
        LOW,
        1,
        |frame| frame.len() <= 300,
        |check, frame, _| {
            let mut changed = frame.to_vec();
            for at in 0..frame.len() {
                let old = frame[at];
                for new in [0x00, 0x40, 0x80, 0xf0, 0xf8, 0xff, old ^ 0x01, old.wrapping_add(1), old.wrapping_sub(1)] {
                    changed[at] = new;
                    check.frame(&changed);
                }
                changed[at] = old;
            }
        },
    );
    assert!(accepted > 30_000 && refused > 30_000, "{accepted} and {refused}");
}

#[test]
fn a_large_frame_with_a_byte_that_says_something_changed_to_any_other_is_refused_in_place_or_comes_back() {
    let step = exhaustive::step(8);
    let (frames, accepted, refused) = on_samples(
        LOW,
        step,
        |frame| !is_small(frame),
        |check, frame, dictionary| {
            let mut changed = frame.to_vec();
            for at in places(frame, dictionary) {
                check.without_the_second_reader(&frame[..at]);
                for difference in 1..=255 {
                    changed[at] = frame[at] ^ difference;
                    check.without_the_second_reader(&changed);
                }
                changed[at] = frame[at];
            }
        },
    );
    assert!(frames > 20 / step, "{frames}");
    assert!(accepted > 100_000 / step && refused > 100_000 / step, "{frames}: {accepted} and {refused}");
}

#[test]
fn an_inflated_body_with_a_byte_that_says_something_changed_is_refused_in_place_or_comes_back() {
    let (frames, accepted, refused) = on_samples(
        Limits::default(),
        1,
        |frame| frame.first() == Some(&2),
        |check, frame, dictionary| {
            let plain = as_plain(frame);
            let mut changed = plain.clone();
            for at in structure(&plain, dictionary).into_iter().filter(|at| *at > 0) {
                check.is_read_alike_compressed(&plain[..at]);
                for difference in 1..=255 {
                    changed[at] = plain[at] ^ difference;
                    check.without_the_second_reader(&changed);
                    if matches!(difference, 0x01 | 0x80 | 0xff) {
                        check.is_read_alike_compressed(&changed);
                    }
                }
                changed[at] = plain[at];
            }
        },
    );
    assert!(frames > 20 && accepted > 10_000 && refused > 10_000, "{frames}: {accepted} and {refused}");
}

#[test]
fn a_frame_with_any_byte_missing_or_doubled_is_read_alike_by_both_readers() {
    let (_, accepted, refused) = on_samples(
        LOW,
        1,
        |frame| frame.len() <= 300,
        |check, frame, _| {
            for at in 0..frame.len() {
                check.frame(&[&frame[..at], &frame[at + 1..]].concat());
                check.frame(&[&frame[..=at], &frame[at..]].concat());
            }
        },
    );
    assert!(accepted > 50 && refused > 10_000, "{accepted} and {refused}");
}
