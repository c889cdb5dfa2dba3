//! Writes what fuzzing starts from: `wabinary.dict`, and in `corpus/` the short frames of `tests/data/vectors`, texts of
//! addresses, streams, and for targets that take bytes as choices some that mean nothing.
//!
//! `cargo run --example make_seeds` in this folder. Files that are there already are written again; others stay.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::Path;
use std::{fs, io};

use flate2::read::ZlibDecoder;
use wabinary::Dictionary;

/// Longer frames are left to the tests that read the vectors themselves.
const LONGEST: usize = 600;
/// So are those that inflate to more: a fuzzer is only as good as it is fast.
const LONGEST_INFLATED: u64 = 16 * 1024;

/// The first byte of a seed, see `testing/src/checks.rs`: strict, or with every leniency.
const STRICT: u8 = 0x00;
const LENIENT: u8 = 0x7e;
const VERSION_2: u8 = 0x01;

/// A file of vectors, how its seeds' names start, and their first byte for each target.
struct Source {
    file: &'static str,
    prefix: &'static str,
    decode: u8,
    roundtrip_bytes: u8,
}

const SOURCES: [Source; 5] = [
    Source { file: "peer-encoded", prefix: "peer", decode: STRICT, roundtrip_bytes: STRICT },
    Source { file: "v2-peer-encoded", prefix: "v2", decode: VERSION_2, roundtrip_bytes: VERSION_2 },
    Source { file: "noncanonical", prefix: "noncanonical", decode: STRICT, roundtrip_bytes: STRICT },
    Source { file: "malformed", prefix: "malformed", decode: STRICT, roundtrip_bytes: LENIENT },
    Source { file: "peer-disagreements", prefix: "disagreement", decode: STRICT, roundtrip_bytes: LENIENT },
];

/// What is needed of a line. The trees in it may be deeper than a general JSON value may.
#[derive(serde::Deserialize)]
struct Vector {
    name: String,
    hex: Option<String>,
}

/// A record of a capture.
#[derive(serde::Deserialize)]
struct Captured {
    hex: Option<String>,
}

fn main() -> io::Result<()> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::write(fuzz.join("wabinary.dict"), wabinary_fuzz::dictionary::text())?;

    for (text, number) in JIDS.iter().zip(1..) {
        seed(fuzz, "jid", &format!("text-{number:02}"), 0xff, text.as_bytes())?;
    }
    for target in ["roundtrip_node", "spelled", "damaged", "edit", "encode"] {
        for (number, bytes) in (1..=24).zip(choices()) {
            seed(fuzz, target, &format!("choices-{number:02}"), bytes[0], &bytes[1..])?;
        }
    }
    for (number, bytes) in (0..3_u8).cycle().zip(choices()).take(12) {
        seed(fuzz, "jid", &format!("choices-{:02x}", bytes[0]), number, &bytes[..80])?;
    }

    let mut seen = HashSet::new();
    let mut stream = Vec::new();
    for source in &SOURCES {
        let path = fuzz.join("../tests/data/vectors").join(source.file).with_extension("jsonl");
        for line in fs::read_to_string(path)?.lines() {
            let vector: Vector = serde_json::from_str(line)?;
            let Some(frame) = vector.hex.as_deref().and_then(from_hex) else { continue };
            let name = format!("{}-{}", source.prefix, slug(&vector.name));
            if frame.len() > LONGEST || inflates_to_much(&frame) || !seen.insert((source.decode, frame.clone())) {
                continue;
            }
            seed(fuzz, "decode", &name, source.decode, &frame)?;
            if let Some((2, zlib)) = frame.split_first().map(|(flag, zlib)| (*flag, zlib)) {
                seed(fuzz, "inflate", &name, 0x08, &[&[0x00], zlib].concat())?;
            }
            if frame.len() < 60 && stream.len() < 400 {
                stream.extend(&(frame.len() as u32).to_be_bytes()[1..]);
                stream.extend(&frame);
            }
            if frame.len() < 120 {
                seed(fuzz, "explain", &name, source.decode, &frame)?;
            }
            if frame.len() < 200
                && let Ok(node) = wabinary::decode_slice(&frame)
            {
                text(fuzz, "xml", &name, &format!("{node:#}"))?;
                text(fuzz, "json", &name, &serde_json::to_string(&node)?)?;
            }
            // Law 2 says nothing about what never decodes.
            let options = source.roundtrip_bytes;
            if decodes(&frame, options) {
                seed(fuzz, "roundtrip_bytes", &name, options, &frame)?;
            }
        }
    }
    let capture = fs::read_to_string(fuzz.join("../tests/data/captures/call.jsonl"))?;
    for (line, number) in capture.lines().filter(|line| line.starts_with('{')).zip(0..) {
        let Some(frame) = serde_json::from_str::<Captured>(line)?.hex.as_deref().and_then(from_hex) else { continue };
        let is_of_calls =
            wabinary::decode_slice(&frame).is_ok_and(|node| matches!(node.tag(), "ack" | "call" | "receipt"));
        if is_of_calls && frame.len() <= LONGEST {
            seed(fuzz, "call_ack", &format!("call-{number:03}"), STRICT, &frame)?;
        }
    }
    for (start, number) in PROLOGUES.iter().zip(1..) {
        for piece in [1, 7] {
            let bytes = [&[0xff], *start, stream.as_slice()].concat();
            seed(fuzz, "framing", &format!("prologue-{number}-in-pieces-of-{piece}"), piece, &bytes)?;
        }
        // The top bit of the first byte, and how many sizes follow the limit.
        let bytes = [&[0xff, 1, 2, 0, 5, 130], *start, stream.as_slice()].concat();
        seed(fuzz, "framing", &format!("prologue-{number}-in-pieces-of-any-size"), 0x80 | 5, &bytes)?;
    }
    Ok(())
}

/// What a stream starts with, or seems to.
const PROLOGUES: [&[u8]; 6] =
    [b"", b"WA\x06\x03", b"WA\x05\x02", b"ED\0\x01\0\0\x03xyzWA\x06\x03", b"WA\x04\x03", b"ED\0\x01\xff\xff\xff"];

const JIDS: [&str; 16] = [
    "s.whatsapp.net",
    "15550001111@s.whatsapp.net",
    "15550001111:5@s.whatsapp.net",
    "15550001111:255@s.whatsapp.net",
    "100000012345678:7@lid",
    "15550001111:99@hosted",
    "100000012345678:99@hosted.lid",
    "120363000000000001@g.us",
    "15550001111-1600000000@g.us",
    "status@broadcast",
    "120363111111111111@newsletter",
    "ABCDEF0123456789@call",
    "12345:65535@msgr",
    "7-12345:5@interop",
    "65535-u@interop",
    "u_1.0:5@ad:2",
];

/// Bytes without a meaning, the same every time.
fn choices() -> impl Iterator<Item = Vec<u8>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut byte = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (1_usize..).map(move |number| (0..80 + 24 * number).map(|_| byte()).collect())
}

fn seed(fuzz: &Path, target: &str, name: &str, options: u8, frame: &[u8]) -> io::Result<()> {
    let folder = fuzz.join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), [&[options], frame].concat())
}

/// A seed without options before it.
fn text(fuzz: &Path, target: &str, name: &str, text: &str) -> io::Result<()> {
    let folder = fuzz.join("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), text)
}

fn decodes(frame: &[u8], options: u8) -> bool {
    let mut decoder = wabinary::Decoder::new();
    if options == VERSION_2 {
        decoder = decoder.with_dictionary(Dictionary::V2);
    }
    if options == LENIENT {
        decoder = wabinary::Leniency::ALL.into_iter().fold(decoder, |decoder, (_, allow)| decoder.allow(allow));
    }
    decoder.decode_slice(frame).is_ok()
}

fn inflates_to_much(frame: &[u8]) -> bool {
    let Some((2, stream)) = frame.split_first().map(|(flag, stream)| (*flag, stream)) else { return false };
    let mut inflated = Vec::new();
    // A stream that is corrupt behind its start has inflated so far.
    let _ = ZlibDecoder::new(stream).take(LONGEST_INFLATED + 1).read_to_end(&mut inflated);
    inflated.len() as u64 > LONGEST_INFLATED
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

/// Lower-case letters and digits, anything else one `-`.
fn slug(name: &str) -> String {
    let name = name.to_lowercase();
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
