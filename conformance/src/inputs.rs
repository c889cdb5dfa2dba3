//! What a codec is tested with: vectors, corners, small trees with one thing broken, and random frames.

use arbitrary::Unstructured;
use data_encoding::HEXLOWER;
use serde::Deserialize;
use wabinary::{Dictionary, Limits, Node};
use wabinary_generate::plain::PlainNode;
use wabinary_generate::{Damage, Frames, Recipe, Spelling, Stanza, compress, damage, random_bytes};

use crate::corners::TREES;
use crate::minimise::Style;
use crate::refusals::refusals;
use crate::verdict::{LONG, Probe, decode, encode};

/// The files of vectors that have frames, with their dictionary.
const VECTORS: [(&str, Dictionary); 5] = [
    (include_str!("../vectors/peer-encoded.jsonl"), Dictionary::V3),
    (include_str!("../vectors/v2-peer-encoded.jsonl"), Dictionary::V2),
    (include_str!("../vectors/noncanonical.jsonl"), Dictionary::V3),
    (include_str!("../vectors/malformed.jsonl"), Dictionary::V3),
    (include_str!("../vectors/peer-disagreements.jsonl"), Dictionary::V3),
];

const CORNERS: &str = include_str!("../vectors/corners.jsonl");

/// A row of GRAMMAR.md, section 9.
#[derive(Clone, Debug, Deserialize)]
pub struct Corner {
    /// Its id: `D1.1`.
    pub name: String,
    /// The odd part.
    pub why: String,
    /// The frame.
    pub hex: String,
}

/// A probe for a row.
#[derive(Clone, Debug)]
pub struct RowProbe {
    /// The row.
    pub row: String,
    /// The odd part.
    pub why: String,
    /// The input.
    pub probe: Probe,
}

/// The rows of GRAMMAR.md: frames of section 9, and trees.
#[must_use]
pub fn rows(dictionary: Dictionary) -> Vec<RowProbe> {
    let corners = CORNERS.lines().filter_map(|line| serde_json::from_str::<Corner>(line).ok());
    let frames = corners.filter_map(|corner| {
        let frame = HEXLOWER.decode(corner.hex.as_bytes()).ok()?;
        let frame = in_dictionary(frame, dictionary)?;
        Some(RowProbe { row: corner.name, why: corner.why, probe: Probe::Decode(dictionary, frame) })
    });
    let trees = TREES.into_iter().filter_map(|(row, xml)| {
        let probe = Probe::Encode(dictionary, Node::from_xml(xml).ok()?);
        Some(RowProbe { row: row.to_owned(), why: xml.to_owned(), probe })
    });
    frames.chain(trees).collect()
}

/// A frame that is written with version 3, in another dictionary. `None` if it would be another case there.
fn in_dictionary(frame: Vec<u8>, dictionary: Dictionary) -> Option<Vec<u8>> {
    match decode(Dictionary::V3, &frame) {
        Ok(node) => {
            let plain = PlainNode::from(node.as_ref());
            let style = Style::ALL.iter().find(|style| style.frame(&plain, Dictionary::V3).as_ref() == Some(&frame));
            style.map_or_else(
                || decode(dictionary, &frame).is_ok().then_some(frame),
                |style| style.frame(&plain, dictionary),
            )
        }
        Err(error) => decode(dictionary, &frame).is_err_and(|other| other.kind() == error.kind()).then_some(frame),
    }
}

/// The vectors of a dictionary: every frame is decoded, and the tree of every frame is encoded.
#[must_use]
pub fn vectors(dictionary: Dictionary) -> Vec<Probe> {
    #[derive(Deserialize)]
    struct Line {
        hex: Option<String>,
    }
    let mut probes = Vec::new();
    for (text, _) in VECTORS.into_iter().filter(|(_, of)| *of == dictionary) {
        // Some trees have more levels than a reader takes: only the frame is needed.
        for line in text.lines() {
            let mut reader = serde_json::Deserializer::from_str(line);
            reader.disable_recursion_limit();
            let Ok(Line { hex: Some(hex) }) = Line::deserialize(&mut reader) else { continue };
            let Ok(frame) = HEXLOWER.decode(hex.as_bytes()) else { continue };
            if let Ok(node) = decode(dictionary, &frame) {
                probes.push(Probe::Encode(dictionary, node.detach()));
            }
            probes.push(Probe::Decode(dictionary, frame));
        }
    }
    probes
}

/// Small trees as XML. Each kind of value, content and address occurs once.
const SMALL: [&str; 18] = [
    "<ack/>",
    "<ack id=\"ack\"/>",
    "<ack id=\"retry\" t=\"1.2-3\"/>",
    "<ack id=\"\"/>",
    "<ack x=\"ABC\">{base64}AQID</ack>",
    "<ack x=\"Zoë\"><x/></ack>",
    "<x from=\"123@s.whatsapp.net\"/>",
    "<x from=\"s.whatsapp.net\"/>",
    "<x from=\"123:5@lid\"/>",
    "<x from=\"123@lid\" to=\"123@s.whatsapp.net\"/>",
    "<x from=\"123:99@hosted\"/>",
    "<x from=\"123:1@msgr\"/>",
    "<x from=\"7-12345:5@interop\"/>",
    "<x><ack/><ack/></x>",
    "<x id=\"1\"><x id=\"2\"/></x>",
    "<x><x><ack id=\"{null}\">{base64}AQID</ack></x></x>",
    // Names that objects of JavaScript have already.
    "<x __proto__=\"1\" constructor=\"1\"/>",
    "<x>{jid}123:5@s.whatsapp.net</x>",
];

/// Frames that break a rule of GRAMMAR.md in another part of a node than its row does.
const BROKEN: [&str; 6] = [
    "00f8021bff821230",
    "00f8031b08faff82123e03",
    "00f8021bff80",
    "00f8031b08f90000",
    "00f8021bfb8112",
    // A character above U+FFFF as two surrogates.
    "00f8031b08fc06eda0bdedb882",
];

/// The first bytes of addresses that start with their user.
const ADDRESSES: [u8; 3] = [0xf5, 0xf6, 0xfa];

/// Texts at the limits of UTF-8 or of what programs show or change, and texts that all objects of JavaScript have as a name.
const TEXTS: [&str; 24] = [
    "\u{0}",
    "\u{7f}",
    "\u{80}",
    "\u{7ff}",
    "\u{800}",
    "\u{2028}",
    "\u{fffd}",
    "\u{ffff}",
    "\u{10000}",
    "\u{10ffff}",
    "\r\n",
    // Texts that read like addresses.
    "1@lid",
    "1:5@lid",
    "1@g.us",
    "1@newsletter",
    "a\0",
    " a ",
    // Texts that normalisation changes.
    "e\u{301}",
    "\u{212b}",
    "\u{fb01}",
    "\u{1f600}",
    "constructor",
    "toString",
    "valueOf",
];

/// Small trees in each spelling, and with each rule of the grammar broken.
#[must_use]
pub fn small(dictionary: Dictionary, seed: u64) -> Vec<Probe> {
    let mut probes = Vec::new();
    let trees = SMALL.iter().chain(TREES.iter().map(|(_, xml)| xml));
    for (number, xml) in trees.enumerate() {
        let Some(node) = Node::from_xml(xml).ok() else { continue };
        let Some(frame) = encode(dictionary, &node) else { continue };
        let plain = PlainNode::from(node.as_ref());
        let styles = Style::ALL.iter().filter_map(|style| style.frame(&plain, dictionary));
        probes.extend(styles.map(|frame| Probe::Decode(dictionary, frame)));
        probes.push(Probe::Encode(dictionary, node));
        for round in 0..30 {
            let bytes = random_bytes(seed ^ (number as u64) << 32 ^ round, 200);
            let mut damaged = frame.clone();
            if damage::production(&mut Unstructured::new(&bytes), &mut damaged, dictionary).is_ok() {
                probes.push(Probe::Decode(dictionary, damaged));
            }
        }
    }
    for node in boundaries() {
        let plain = PlainNode::from(node.as_ref());
        // A stored stream is as long as the frame.
        let styles = Style::ALL.iter().filter(|style| !style.is_stored());
        let frames = styles.filter_map(|style| style.frame(&plain, dictionary));
        probes.extend(frames.map(|frame| Probe::Decode(dictionary, frame)));
        probes.push(Probe::Encode(dictionary, node));
    }
    for size in 2..LONG {
        let node = Node::build("ack").bytes(vec![b'C'; size]).finish();
        probes.extend(encode(dictionary, &node).map(|frame| Probe::Decode(dictionary, frame)));
        probes.push(Probe::Encode(dictionary, node));
    }
    let flags = (0..8).flat_map(|bit| [(1 << bit, false), (1 << bit | 2, true)]).filter(|(flag, _)| flag & !2 != 0);
    let frames = flags.filter_map(|(flag, is_compressed)| {
        let frame = encode(dictionary, &Node::build("ack").finish())?;
        let mut frame = if is_compressed { compress(&frame, 6) } else { frame };
        frame[0] = flag;
        Some(frame)
    });
    let broken = BROKEN.iter().filter_map(|hex| HEXLOWER.decode(hex.as_bytes()).ok());
    let frames = frames.chain(broken).chain(ADDRESSES.into_iter().flat_map(addresses_in_addresses));
    probes.extend(frames.map(|frame| Probe::Decode(dictionary, frame)));
    sorted(probes)
}

/// Frames with an address as the user of an address, which the grammar refuses at once: for a reader that goes back and tries
/// again, which takes twice as long for each level, and for one that calls itself until its stack is full.
fn addresses_in_addresses(address: u8) -> [Vec<u8>; 2] {
    let start = [0, 0xf8, 2, 3];
    let again = [&[address; 5][..], &[1], &[address; 6]].concat().repeat(24);
    let deep = vec![address; 1 << 17];
    [[&start[..], &again].concat(), compress(&[&start[..], &deep].concat(), 9)]
}

/// Trees with texts at limits, around the sizes at which a head or a length grows or packing ends, and of the deepest nesting.
fn boundaries() -> Vec<Node> {
    let mut nodes: Vec<_> = TEXTS.iter().map(|text| Node::build("ack").attr("id", *text).finish()).collect();
    for size in [126, 127, 128, 254, 255, 256] {
        nodes.push(Node::build("ack").bytes(vec![b'C'; size]).finish());
        nodes.push(Node::build("ack").children((0..size).map(|_| Node::build("ack").finish())).finish());
        nodes.extend(Node::from_xml(&format!("<ack to=\"{}@lid\"/>", "1".repeat(size))));
        nodes.extend(["1", "A", "x"].map(|text| Node::build("ack").attr("id", text.repeat(size)).finish()));
    }
    let depth = Limits::default().depth;
    nodes.extend([depth / 2, depth].map(|depth| {
        (1..depth).fold(Node::build("ack").finish(), |inner, _| Node::build("ack").children([inner]).finish())
    }));
    nodes
}

/// Trees that a codec has to refuse, or to write as they are.
#[must_use]
pub fn refused(dictionary: Dictionary) -> Vec<Probe> {
    refusals().into_iter().map(|refusal| Probe::Refuse(dictionary, Box::new(refusal))).collect()
}

/// Random frames and trees, the short ones first, so that what is found first is small.
#[must_use]
pub fn random(dictionary: Dictionary, seed: u64, count: usize) -> Vec<Probe> {
    let mut probes = Vec::new();
    for stanza in [Stanza::Any, Stanza::Tree] {
        for (number, (spelling, damage)) in [
            (Spelling::Canonical, Damage::None),
            (Spelling::Odd, Damage::None),
            (Spelling::Canonical, Damage::Tree),
            (Spelling::Odd, Damage::Tree),
            (Spelling::Canonical, Damage::Bytes),
        ]
        .into_iter()
        .enumerate()
        {
            let recipe = Recipe { stanza, spelling, damage, dictionary };
            for made in Frames::new(recipe, seed.wrapping_add(number as u64)).take(count.div_ceil(12)) {
                probes.push(Probe::Decode(dictionary, made.frame));
                if damage == Damage::None {
                    probes.push(Probe::Encode(dictionary, made.node));
                }
            }
        }
    }
    sorted(probes)
}

fn sorted(probes: Vec<Probe>) -> Vec<Probe> {
    let mut keyed: Vec<_> = probes.into_iter().map(|probe| (probe.length(), probe)).collect();
    keyed.sort_by_key(|(length, _)| *length);
    let mut probes: Vec<Probe> = keyed.into_iter().map(|(_, probe)| probe).collect();
    probes.dedup();
    probes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_number_of_inputs_in_both_dictionaries() {
        for (dictionary, expected) in [
            (Dictionary::V2, [[122, 45], [137, 137], [3184, 162], [199, 80]]),
            (Dictionary::V3, [[122, 45], [319, 198], [3177, 162], [199, 80]]),
        ] {
            let rows = rows(dictionary).into_iter().map(|row| row.probe).collect();
            let found = [rows, vectors(dictionary), small(dictionary, 1), random(dictionary, 1, 240)].map(|probes| {
                let decoded = probes.iter().filter(|probe| matches!(probe, Probe::Decode(..))).count();
                [decoded, probes.len() - decoded]
            });
            assert_eq!(found, expected, "{dictionary:?}");
        }
        // Without another dictionary, a frame is as it is written.
        let rows = rows(Dictionary::V3).into_iter().filter(|row| matches!(row.probe, Probe::Decode(..)));
        assert!(rows.map(|row| row.probe.input()).all(|hex| CORNERS.contains(&format!("{hex:?}"))));
    }
}
