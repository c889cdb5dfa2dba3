//! Compares the decoder with a second reader of the grammar, on every short frame and on every small vector cut and
//! damaged everywhere.

mod damaged;

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use wabinary::explain::Severity;
use wabinary::{Decoder, Dictionary, Encoder, Limits, OffsetSpace, decode_slice};

use wabinary_testing::naive;
use wabinary_testing::vectors;

use naive::Tokens;
use vectors::{assert_stands_for, hex, with_findings_applied};

/// Compares frames with the second reader, and checks both laws of GRAMMAR.md, section 7.4.
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
        Self::with_options(Dictionary::V3, Limits::default())
    }

    fn with_options(dictionary: Dictionary, limits: Limits) -> Self {
        let decoder = || Decoder::new().with_dictionary(dictionary).with_limits(limits);
        let encoder = Encoder::new().with_dictionary(dictionary);
        let tokens = Tokens::of_version(dictionary.version());
        Self { tokens, decoder: decoder(), again: decoder(), encoder, accepted: 0, refused: 0 }
    }

    fn frame(&mut self, frame: &[u8]) {
        // Names and messages of assertions are only made on failure: this runs a million times.
        let is_plain = frame.first() != Some(&2);
        let expected = is_plain.then(|| self.tokens.read(frame));
        match self.decoder.decode_slice(frame) {
            Err(error) => {
                self.refused += 1;
                if let Some(expected) = expected {
                    let found = (error.kind().name(), error.offset());
                    assert_eq!(Err(found), expected, "{frame:02x?}: {error}");
                }
                assert!(error.offset() <= frame.len() || error.space() == OffsetSpace::Inflated, "{frame:02x?}");
                if error.claim().is_some() && error.space() == OffsetSpace::Frame {
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
    /// Only the fast checks: the place of errors, and that an accepted frame encodes to bytes that decode to the same
    /// tree.
    fn without_the_second_reader(&mut self, frame: &[u8]) {
        match self.decoder.decode_slice(frame) {
            Err(error) => {
                self.refused += 1;
                assert!(error.offset() <= frame.len() || error.space() == OffsetSpace::Inflated, "{frame:02x?}");
                if error.claim().is_some() && error.space() == OffsetSpace::Frame {
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

impl Check {
    /// The compressed body of a plain frame reads as the same tree, or is refused in the same place.
    fn is_read_alike_compressed(&mut self, plain: &[u8]) {
        // In stored blocks: compressing takes longer.
        let mut encoder = ZlibEncoder::new(vec![2], Compression::none());
        encoder.write_all(&plain[1..]).expect("memory takes everything");
        let compressed = encoder.finish().expect("memory takes everything");
        match (self.decoder.decode_slice(plain), self.again.decode_slice(&compressed)) {
            (Ok(one), Ok(other)) => assert_eq!(one, other),
            (Err(one), Err(other)) => {
                assert_eq!((other.kind(), other.offset() + 1), (one.kind(), one.offset()), "{plain:02x?}");
                assert_eq!((other.space(), other.path()), (OffsetSpace::Inflated, one.path()));
            }
            (one, other) => panic!("{plain:02x?}: {one:?}, but compressed {other:?}"),
        }
    }
}

/// All sequences of `count` bytes after `start`.
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
    // The shortest node takes three bytes after the flag byte.
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
    // The two halves together are text, and trees store the texts of a frame together.
    for character in ["é", "€", "\u{1f980}"].map(str::as_bytes) {
        for cut in 1..character.len() {
            let string = |bytes: &[u8]| [&[0xfc, bytes.len() as u8], bytes].concat();
            let (start, end) = (string(&character[..cut]), string(&character[cut..]));
            let frames: [&[&[u8]]; 7] = [
                &[&[0x00, 0xf8, 0x03], &start, &end, &[0x04]],
                &[&[0x00, 0xf8, 0x03, 0x1b], &start, &end],
                &[&[0x00, 0xf8, 0x05, 0x1b, 0x08], &start, &end, &[0x04]],
                // Between them a token, a packed text of no length, or only null.
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
