//! Damage to frames: bytes anywhere, or one production that breaks a rule of the grammar.

use arbitrary::{Error, Result, Unstructured};
use wabinary::explain::{Range, RangeKind};
use wabinary::{Decoder, Dictionary, Limits, OffsetSpace};

use crate::spell::compress;

/// Changes, drops or adds a few bytes, mostly near the start, where the heads are.
///
/// # Errors
/// The choices are used up, or the frame is as it was: a byte was changed to itself, or nothing was cut off.
pub fn bytes(u: &mut Unstructured<'_>, frame: &mut Vec<u8>) -> Result<()> {
    let whole = frame.clone();
    for _ in 0..u.int_in_range(1..=4)? {
        let last = if u.arbitrary()? { frame.len().min(30) } else { frame.len() };
        let at = u.int_in_range(0..=last)?;
        match u.int_in_range(0..=4)? {
            0 if at < frame.len() => frame[at] = u.arbitrary()?,
            1 if at < frame.len() => frame[at] = *u.choose(&[0x00, 0xf0, 0xf5, 0xf7, 0xf8, 0xfa, 0xfb, 0xfc, 0xff])?,
            2 if at < frame.len() => drop(frame.remove(at)),
            3 => frame.insert(at, u.arbitrary()?),
            _ => frame.truncate(at),
        }
    }
    if *frame == whole { Err(Error::IncorrectFormat) } else { Ok(()) }
}

/// What takes the place of a part, by the kind of the part, and the rule that this breaks.
const REPLACEMENTS: [(&str, RangeKind, &[u8]); 34] = [
    ("node-is-empty", RangeKind::ListHead, &[0xf8, 0x00]),
    ("node-is-empty", RangeKind::ListHead, &[0x00]),
    ("node-is-a-token", RangeKind::ListHead, &[0x1b]),
    ("node-is-unassigned", RangeKind::ListHead, &[0xf3]),
    ("node-claims-more", RangeKind::ListHead, &[0xf9, 0xff, 0xff]),
    ("tag-is-null", RangeKind::Tag, &[0x00]),
    ("tag-is-empty", RangeKind::Tag, &[0xfc, 0x00]),
    ("tag-is-empty", RangeKind::Tag, &[0xff, 0x00]),
    ("tag-is-an-address", RangeKind::Tag, &[0xfa, 0x00, 0x03]),
    ("tag-is-a-list", RangeKind::Tag, &[0xf8, 0x01, 0x1b]),
    ("tag-is-unassigned", RangeKind::Tag, &[0xf0]),
    ("tag-is-no-text", RangeKind::Tag, &[0xfc, 0x02, 0xff, 0x41]),
    ("name-is-null", RangeKind::AttributeName, &[0x00]),
    ("name-is-an-address", RangeKind::AttributeName, &[0xfa, 0x00, 0x03]),
    ("name-is-unassigned", RangeKind::AttributeName, &[0xf1]),
    ("value-is-a-list", RangeKind::AttributeValue, &[0xf8, 0x01, 0xf8, 0x01, 0x07]),
    ("value-is-a-list", RangeKind::AttributeValue, &[0xf8, 0x00]),
    ("value-is-unassigned", RangeKind::AttributeValue, &[0xf2]),
    ("value-is-no-text", RangeKind::AttributeValue, &[0xfc, 0x03, 0x61, 0xe2, 0x9d]),
    ("value-is-no-text", RangeKind::AttributeValue, &[0xfc, 0x03, 0xed, 0xa0, 0x80]),
    ("value-claims-more", RangeKind::AttributeValue, &[0xfe, 0xff, 0xff, 0xff, 0xfc]),
    ("nibble-is-no-character", RangeKind::AttributeValue, &[0xff, 0x01, 0xc1]),
    ("nibble-is-no-character", RangeKind::AttributeValue, &[0xff, 0x02, 0x1f, 0x34]),
    ("padding-is-wrong", RangeKind::AttributeValue, &[0xff, 0x82, 0x12, 0x30]),
    ("padding-is-wrong", RangeKind::AttributeValue, &[0xfb, 0x82, 0xab, 0xc0]),
    ("packed-is-less-than-empty", RangeKind::AttributeValue, &[0xff, 0x80]),
    ("content-claims-more", RangeKind::ContentHead, &[0xfe, 0x80, 0x00, 0x00, 0x00]),
    ("children-claim-more", RangeKind::ChildrenHead, &[0xf9, 0xff, 0xff]),
    ("domain-is-unknown", RangeKind::JidDomain, &[0x02]),
    ("domain-is-unknown", RangeKind::JidDomain, &[0x82]),
    ("user-is-an-address", RangeKind::JidUser, &[0xfa, 0x00, 0x03]),
    ("user-has-a-separator", RangeKind::JidUser, &[0xfc, 0x03, 0x61, 0x40, 0x62]),
    ("user-is-unassigned", RangeKind::JidUser, &[0xf4]),
    ("user-is-missing", RangeKind::JidUser, &[0x00]),
];

/// What takes the place of a server.
const SERVERS: [(&str, &[u8]); 5] = [
    ("server-is-null", &[0x00]),
    ("server-is-empty", &[0xfc, 0x00]),
    ("server-is-a-list", &[0xf8, 0x01, 0x1b]),
    ("server-has-a-separator", &[0xfc, 0x03, 0x62, 0x40, 0x63]),
    ("server-is-another", &[0x03]),
];

/// Breaks one rule of the grammar in a frame that decodes, and names the rule. The rest of the frame stays good.
///
/// ```
/// use arbitrary::Unstructured;
/// use wabinary::Dictionary;
///
/// let mut frame = vec![0x00, 0xf8, 0x03, 0x1b, 0x08, 0x04];
/// let bytes = wabinary_generate::random_bytes(2, 50);
/// wabinary_generate::damage::production(&mut Unstructured::new(&bytes), &mut frame, Dictionary::V3)?;
/// assert!(wabinary::decode(frame).is_err());
/// # Ok::<(), arbitrary::Error>(())
/// ```
///
/// # Errors
/// The choices are used up, or nothing that was chosen breaks a rule.
pub fn production(u: &mut Unstructured<'_>, frame: &mut Vec<u8>, dictionary: Dictionary) -> Result<&'static str> {
    let mut decoder = Decoder::new().with_dictionary(dictionary);
    let explanation = decoder.explain(frame);
    let parts = Parts(explanation.ranges());
    for _ in 0..8 {
        let mut broken = frame.clone();
        let rule = match u.int_in_range(0..=9)? {
            0 => of_frame(u, &mut broken)?,
            1 => parts.repeat_name(u, &mut broken)?,
            2 => parts.raise_length_bits(u, &mut broken)?,
            3 => {
                let (rule, bytes) = *u.choose(&SERVERS)?;
                parts.replace(u, &mut broken, RangeKind::JidServer, bytes)?.then_some(rule)
            }
            _ => {
                let (rule, kind, bytes) = *u.choose(&REPLACEMENTS)?;
                parts.replace(u, &mut broken, kind, bytes)?.then_some(rule)
            }
        };
        if let Some(rule) = rule
            && decoder.decode_slice(&broken).is_err()
        {
            *frame = broken;
            return Ok(rule);
        }
    }
    Err(Error::IncorrectFormat)
}

/// Breaks a rule about the frame as a whole.
fn of_frame(u: &mut Unstructured<'_>, frame: &mut Vec<u8>) -> Result<Option<&'static str>> {
    let plain = frame.first() == Some(&0);
    Ok(Some(match u.int_in_range(0..=9)? {
        0 => {
            frame.push(u.arbitrary()?);
            "bytes-after-the-node"
        }
        1 => {
            frame.extend_from_slice(&[0xf8, 0x01, 0x1b]);
            "two-nodes"
        }
        2 => {
            if let Some(flag) = frame.first_mut() {
                *flag |= *u.choose(&[0x01, 0x04, 0x80])?;
            }
            "flag-is-unknown"
        }
        3 => {
            frame.truncate(u.choose_index(frame.len())?);
            "frame-is-cut"
        }
        4 if plain => {
            *frame = compress(frame, 6);
            frame.push(0);
            "bytes-after-the-zlib-stream"
        }
        5 if plain => {
            *frame = compress(frame, 6);
            frame.truncate(frame.len() - 1 - u.int_in_range(0..=3)?);
            "zlib-stream-is-cut"
        }
        6 if plain => {
            *frame = compress(frame, 6);
            if let Some(last) = frame.last_mut() {
                *last ^= 1;
            }
            "zlib-checksum-is-wrong"
        }
        7 if plain => {
            // A stream without its header and its checksum.
            let stream = compress(frame, 6);
            *frame = [&[2], stream.get(3..stream.len() - 4).unwrap_or_default()].concat();
            "zlib-stream-has-no-header"
        }
        8 if plain => {
            // A header that asks for a preset dictionary.
            let stream = compress(frame, 6);
            let preset = [2, 0x78, 0xf9, 0x04, 0x09, 0x01, 0xa5];
            *frame = [&preset, stream.get(3..).unwrap_or_default()].concat();
            "zlib-stream-wants-a-dictionary"
        }
        9 if plain => {
            // As many nodes around it as may be nested.
            let around = [0xf8, 0x02, 0x1b, 0xf8, 0x01].repeat(Limits::default().depth);
            frame.splice(1..1, around);
            "nodes-are-too-deep"
        }
        _ => return Ok(None),
    }))
}

/// The parts of a plain frame.
struct Parts<'r>(&'r [Range]);

impl Parts<'_> {
    /// The parts of a kind, each from the head of its text on.
    fn of(&self, kind: RangeKind) -> Vec<(usize, usize)> {
        let is_head = |range: &&Range| range.leaf && matches!(range.kind, RangeKind::RawHead | RangeKind::PackedHead);
        let parts =
            self.0.iter().enumerate().filter(|(_, range)| range.kind == kind && range.space == OffsetSpace::Frame);
        parts
            .map(|(at, range)| {
                let head = at.checked_sub(1).and_then(|before| self.0.get(before)).filter(is_head);
                (head.map_or(range.start, |head| head.start), range.end)
            })
            .collect()
    }

    fn replace(&self, u: &mut Unstructured<'_>, frame: &mut Vec<u8>, kind: RangeKind, bytes: &[u8]) -> Result<bool> {
        let parts = self.of(kind);
        if parts.is_empty() {
            return Ok(false);
        }
        let (start, end) = *u.choose(&parts)?;
        frame.splice(start..end, bytes.iter().copied());
        Ok(true)
    }

    /// Writes the name of an attribute in the place of the next one's.
    fn repeat_name(&self, u: &mut Unstructured<'_>, frame: &mut Vec<u8>) -> Result<Option<&'static str>> {
        let names = self.of(RangeKind::AttributeName);
        let heads = self.of(RangeKind::ListHead);
        let is_one_node = |pair: &&[(usize, usize)]| !heads.iter().any(|head| (pair[0].0..pair[1].0).contains(&head.0));
        let pairs: Vec<_> = names.windows(2).filter(is_one_node).collect();
        if pairs.is_empty() {
            return Ok(None);
        }
        let pair = *u.choose(&pairs)?;
        let name = frame[pair[0].0..pair[0].1].to_vec();
        frame.splice(pair[1].0..pair[1].1, name);
        Ok(Some("name-twice"))
    }

    /// Writes a length in BINARY_20, with one of the bits that it does not have.
    fn raise_length_bits(&self, u: &mut Unstructured<'_>, frame: &mut Vec<u8>) -> Result<Option<&'static str>> {
        let heads = [RangeKind::ContentHead, RangeKind::RawHead].map(|kind| self.of(kind)).concat();
        let short: Vec<_> = heads.into_iter().filter(|head| frame.get(head.0) == Some(&0xfc)).collect();
        if short.is_empty() {
            return Ok(None);
        }
        let (start, end) = *u.choose(&short)?;
        let (length, bits) = (frame.get(start + 1).copied().unwrap_or(0), *u.choose(&[0x10, 0x80, 0xf0])?);
        frame.splice(start..end, [0xfd, bits, 0, length]);
        Ok(Some("length-has-more-bits"))
    }
}
