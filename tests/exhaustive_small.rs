//! Every short frame, and every small vector cut and damaged everywhere, against a second reader of the grammar.

use std::io::Read;
use std::thread;

use wabinary::explain::Severity;
use wabinary::{Decoder, Dictionary, Encoder, Space, decode_slice};

#[path = "support/naive.rs"]
mod naive;
#[path = "support/vectors.rs"]
mod vectors;

use naive::Tokens;
use vectors::{assert_stands_for, hex, read, with_findings_applied};

/// Holds frames to the second reader and to both laws of GRAMMAR.md, section 7.4.
struct Check {
    tokens: Tokens,
    decoder: Decoder,
    again: Decoder,
    encoder: Encoder,
    accepted: usize,
    refused: usize,
}

impl Check {
    fn new() -> Self {
        Self::with_dictionary(Dictionary::V3)
    }

    fn with_dictionary(dictionary: Dictionary) -> Self {
        let decoder = || Decoder::new().with_dictionary(dictionary);
        let encoder = Encoder::new().with_dictionary(dictionary);
        let tokens = Tokens::of_version(dictionary.version());
        Self { tokens, decoder: decoder(), again: decoder(), encoder, accepted: 0, refused: 0 }
    }

    fn frame(&mut self, frame: &[u8]) {
        // Names, messages of assertions and the like are made only when something fails: this runs a million times.
        let is_plain = frame.first() != Some(&2);
        let expected = is_plain.then(|| self.tokens.read(frame));
        match self.decoder.decode_slice(frame) {
            Err(error) => {
                self.refused += 1;
                if let Some(expected) = expected {
                    let found = (error.kind().name(), error.offset());
                    assert_eq!(Err(found), expected, "{frame:02x?}: {error}");
                }
                assert!(error.offset() <= frame.len() || error.space() == Space::Inflated, "{frame:02x?}");
                if error.claim().is_some() && error.space() == Space::Frame {
                    assert_eq!(error.offset(), frame.len(), "{frame:02x?}: truncated before its end");
                }
            }
            Ok(node) => {
                self.accepted += 1;
                if let Some(expected) = expected {
                    let expected = expected.unwrap_or_else(|error| panic!("{frame:02x?} decodes, expected {error:?}"));
                    assert_stands_for(node, &expected, "a frame");
                }
                let encoded = self.encoder.encode_slice(node).unwrap_or_else(|error| panic!("{frame:02x?}: {error}"));
                let decoded = self.again.decode_slice(encoded).unwrap_or_else(|error| panic!("{frame:02x?}: {error}"));
                assert_eq!(decoded, node, "law 1: {frame:02x?}");

                let findings = self.again.findings(frame).unwrap();
                let is_rewritten = findings.iter().any(|finding| finding.kind.severity() == Severity::Rewritten);
                assert_eq!(encoded != frame, is_rewritten, "law 2: {frame:02x?}");
                if is_plain {
                    assert_eq!(encoded, with_findings_applied(frame, &findings), "{frame:02x?}");
                }
            }
        }
    }
}

impl Check {
    /// The same with what is fast: the place of errors, and that what is accepted is encoded to bytes that decode to it.
    fn without_the_second_reader(&mut self, frame: &[u8]) {
        match self.decoder.decode_slice(frame) {
            Err(error) => {
                self.refused += 1;
                assert!(error.offset() <= frame.len() || error.space() == Space::Inflated, "{frame:02x?}");
                if error.claim().is_some() && error.space() == Space::Frame {
                    assert_eq!(error.offset(), frame.len(), "{frame:02x?}: truncated before its end");
                }
            }
            Ok(node) => {
                self.accepted += 1;
                let encoded = self.encoder.encode_slice(node).unwrap_or_else(|error| panic!("{frame:02x?}: {error}"));
                if encoded != frame {
                    let decoded = self.again.decode_slice(encoded).unwrap_or_else(|e| panic!("{frame:02x?}: {e}"));
                    assert_eq!(decoded, node, "law 1: {frame:02x?}");
                }
            }
        }
    }
}

/// All sequences of `count` bytes behind `start`.
fn every_ending(start: &str, count: u32, mut check: impl FnMut(&[u8])) {
    let mut frame = hex(start);
    let length = frame.len();
    for number in 0..1_u64 << (8 * count) {
        frame.truncate(length);
        frame.extend_from_slice(&number.to_be_bytes()[8 - count as usize..]);
        check(&frame);
    }
}

#[test]
fn every_frame_of_up_to_three_bytes() {
    let mut check = Check::new();
    check.frame(&[]);
    every_ending("", 1, |frame| check.frame(frame));
    every_ending("", 2, |frame| check.frame(frame));
    every_ending("", 3, |frame| check.frame(frame));
    // The shortest node takes three bytes, behind the flag byte.
    assert_eq!((check.accepted, check.refused), (0, 1 + (1 << 8) + (1 << 16) + (1 << 24)));
}

#[test]
fn every_shortest_node() {
    let mut check = Check::new();
    every_ending("00f801", 1, |frame| check.frame(frame));
    assert_eq!((check.accepted, check.refused), (235, 21), "a token is the only tag of one byte");
    every_ending("00f801", 2, |frame| check.frame(frame));
    assert_eq!(check.accepted, 235 + 4 * 256, "double-byte tokens are the only tags of two bytes");
}

#[test]
fn every_two_bytes_in_every_place() {
    let mut check = Check::new();
    // Head and tag, key and value, value, content, count and child, user of a pair, device and user, octets.
    let places =
        ["00", "00f8031b", "00f8031b08", "00f8021b", "00f8021bf8", "00f8031b08fa", "00f8031b08f700", "00f8021bff01"];
    for place in places {
        every_ending(place, 2, |frame| check.frame(frame));
    }
    assert!(check.accepted > 50_000, "{} accepted", check.accepted);
}

#[test]
fn every_packed_octet_and_length() {
    let mut check = Check::new();
    for form in ["ff", "fb"] {
        for (octets, is_odd) in [(1, false), (1, true), (2, true), (4, false), (9, true), (127, true)] {
            let length = octets | if is_odd { 0x80 } else { 0 };
            for place in 0..octets {
                for octet in 0..=255 {
                    let mut frame = hex(&format!("00f8031b08{form}{length:02x}"));
                    frame.extend((0..octets).map(|at| if at == place { octet } else { 0x1f }));
                    if form == "ff" {
                        frame[7..].iter_mut().for_each(|byte| *byte = if *byte == 0x1f { 0x1b } else { *byte });
                        if is_odd && place + 1 < octets {
                            *frame.last_mut().unwrap() = 0x1f;
                        }
                    }
                    check.frame(&frame);
                }
            }
        }
    }
    assert!(check.accepted > 30_000 && check.refused > 10_000, "{} and {}", check.accepted, check.refused);
}

#[test]
fn a_character_cut_between_two_strings_is_refused() {
    // Joined the two halves are text, and trees store the texts of a frame joined.
    for character in ["é", "€", "\u{1f980}"].map(str::as_bytes) {
        for cut in 1..character.len() {
            let string = |bytes: &[u8]| [&[0xfc, bytes.len() as u8], bytes].concat();
            let (start, end) = (string(&character[..cut]), string(&character[cut..]));
            let frames: [&[&[u8]]; 7] = [
                &[&[0x00, 0xf8, 0x03], &start, &end, &[0x04]],
                &[&[0x00, 0xf8, 0x03, 0x1b], &start, &end],
                &[&[0x00, 0xf8, 0x05, 0x1b, 0x08], &start, &end, &[0x04]],
                // With a token, with packed text of no length, and with nothing but null between them.
                &[&[0x00, 0xf8, 0x05, 0x1b, 0x08], &start, &[0x04], &end],
                &[&[0x00, 0xf8, 0x07, 0x1b, 0x08], &start, &[0xff, 0x00, 0x00, 0x06], &end],
                &[&[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xfa], &start, &end],
                &[&[0x00, 0xf8, 0x02], &start, &[0xf8, 0x01, 0xf8, 0x01], &end],
            ];
            for frame in frames.map(<[_]>::concat) {
                let error = decode_slice(&frame).unwrap_err();
                let at = frame.windows(start.len()).position(|window| window == start).unwrap() + 2;
                assert_eq!((error.kind().name(), error.offset()), ("invalid-utf8", at), "{frame:02x?}");
                Check::new().frame(&frame);
            }
        }
    }
}

/// Frames of the vector files up to this length are damaged at every byte, unless they inflate to many times as much.
const SMALL: usize = 1024;
/// Of the others, so many bytes at each end.
const END: usize = 40;

fn is_small(frame: &[u8]) -> bool {
    let inflated = || {
        let mut reader = flate2::read::ZlibDecoder::new(&frame[1..]).take(1 << 20);
        // A stream that is corrupt behind its start has inflated so far.
        std::io::copy(&mut reader, &mut std::io::sink()).unwrap_or(0)
    };
    frame.len() <= SMALL && (frame.first() != Some(&2) || inflated() <= 16 << 10)
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

/// Where a large frame is damaged: at both ends, and wherever the grammar says something.
fn places(frame: &[u8], dictionary: Dictionary) -> Vec<usize> {
    let mut places: Vec<usize> = (0..END).chain(frame.len() - END..frame.len()).collect();
    if frame[0] == 0 {
        let structure = Tokens::of_version(dictionary.version()).structure(frame);
        // Of hundreds of like elements one in some is enough.
        places.extend(structure.iter().step_by(1 + structure.len() / 100));
    }
    places.sort_unstable();
    places.dedup();
    places
}

/// Does something with every sample that is chosen, on all cores, and adds up what was accepted and refused.
fn on_samples(
    chosen: impl Fn(&[u8]) -> bool,
    work: impl Fn(&mut Check, &[u8], Dictionary) + Sync,
) -> (usize, usize, usize) {
    let samples: Vec<Sample> = samples().into_iter().filter(|(frame, _)| chosen(frame)).collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = |number: usize| {
        let mut checks = Dictionary::ALL.map(Check::with_dictionary);
        // Dealt out one by one: neighbours are of about the same length.
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
    let (frames, accepted, refused) = on_samples(is_small, |check, frame, dictionary| {
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
            // The field that claims more stands in the frame, and claims more than there is behind it.
            let claim = error.claim().map(|claim| (claim.offset <= length, claim.count > 0));
            assert_eq!(claim, (kind == "truncated").then_some((true, true)), "{cut:02x?}");
        }
    });
    // What is accepted is the start of a frame that has bytes behind its node.
    assert!(frames > 400 && accepted < 10 && refused > 39_000, "{frames}: {accepted} and {refused}");
}

#[test]
fn a_frame_with_any_byte_changed_to_any_other_is_refused_in_place_or_comes_back() {
    let (frames, accepted, refused) = on_samples(is_small, |check, frame, _| {
        let mut changed = frame.to_vec();
        for at in 0..frame.len() {
            for difference in 1..=255 {
                changed[at] = frame[at] ^ difference;
                check.without_the_second_reader(&changed);
            }
            changed[at] = frame[at];
        }
    });
    assert!(frames > 400, "{frames}");
    assert!(accepted > 4_000_000 && refused > 1_000_000, "{accepted} and {refused}");
}

#[test]
fn a_frame_with_any_byte_changed_is_read_alike_by_both_readers() {
    let (_, accepted, refused) = on_samples(
        |frame| frame.len() <= 300 && is_small(frame),
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
fn a_large_frame_damaged_where_it_says_something_is_refused_in_place_or_comes_back() {
    let (frames, accepted, refused) = on_samples(
        |frame| !is_small(frame),
        |check, frame, dictionary| {
            let mut changed = frame.to_vec();
            for at in places(frame, dictionary) {
                check.without_the_second_reader(&frame[..at]);
                for difference in [0x01, 0x80, 0xff] {
                    changed[at] = frame[at] ^ difference;
                    check.without_the_second_reader(&changed);
                }
                changed[at] = frame[at];
            }
        },
    );
    assert!(frames > 20 && accepted > 1_000 && refused > 1_000, "{frames}: {accepted} and {refused}");
}

#[test]
fn a_frame_with_any_byte_missing_or_doubled_is_read_alike_by_both_readers() {
    let (_, accepted, refused) = on_samples(
        |frame| frame.len() <= 300 && is_small(frame),
        |check, frame, _| {
            for at in 0..frame.len() {
                check.frame(&[&frame[..at], &frame[at + 1..]].concat());
                check.frame(&[&frame[..=at], &frame[at..]].concat());
            }
        },
    );
    assert!(accepted > 50 && refused > 10_000, "{accepted} and {refused}");
}
