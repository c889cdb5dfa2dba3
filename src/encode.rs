//! Encoding: trees to frames.

use std::cell::RefCell;
use std::fmt;

use bytes::{BufMut, Bytes};

mod writer;

use writer::{Failure, Leaving, LeftOut, Writer};

use crate::error::{EncodeError, EncodeErrorKind, Paths};
use crate::frame;
use crate::node::record::{RECORD, Record};
use crate::node::tree::Tree;
use crate::node::word::Word;
use crate::node::{NodeRef, SeenNames};
use crate::options::{KEPT, LARGEST, Leniency, Limits};
use crate::token::Dictionary;
use crate::wire::put;

/// Encodes a tree as a frame, flag byte included, with dictionary version 3.
///
/// A decoded tree encodes to the bytes that it was decoded from, unless those had a form that encoders do not choose
/// (GRAMMAR.md, section 7).
///
/// # Errors
/// The tree cannot be written. The error has the reason, and the path to the node or attribute.
///
/// ```
/// use wabinary::{Node, encode};
///
/// let frame = encode(&Node::build("iq").attr("type", "get").finish())?;
/// assert_eq!(&frame[..], [0x00, 0xf8, 0x03, 0x19, 0x04, 0x29]);
/// # Ok::<(), wabinary::EncodeError>(())
/// ```
pub fn encode<'a>(node: impl Into<NodeRef<'a>>) -> Result<Bytes, EncodeError> {
    let node = node.into();
    ENCODER.with(|encoder| match encoder.try_borrow_mut() {
        Ok(mut encoder) => {
            let frame = encoder.encode(node);
            if encoder.out.capacity() > KEPT {
                *encoder = Encoder::new();
            }
            frame
        }
        Err(_) => Encoder::new().encode(node),
    })
}

thread_local! {
    /// A buffer for [`encode`], which then copies the frame at its exact size.
    static ENCODER: RefCell<Encoder> = RefCell::new(Encoder::new());
}

/// An encoder with its own options, which reuses its memory.
///
/// ```
/// use wabinary::{Dictionary, Encoder, Node};
///
/// let mut encoder = Encoder::new().with_dictionary(Dictionary::V2);
/// let mut stream = Vec::new();
/// for tag in ["ack", "receipt"] {
///     encoder.encode_into(&Node::build(tag).finish(), &mut stream)?;
/// }
/// # Ok::<(), wabinary::EncodeError>(())
/// ```
pub struct Encoder {
    dictionary: Dictionary,
    allow: Leniency,
    limits: Limits,
    zlib: Option<u8>,
    out: Vec<u8>,
    compressed: Vec<u8>,
    seen_names: SeenNames,
    /// Ends of the nodes that enclose the one being written.
    ends: Vec<u32>,
    /// Large contents that are not in `out`.
    left_out: Vec<LeftOut>,
}

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Encoder {
    /// Shows the options, not the last frame.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { dictionary, allow, limits, zlib, .. } = self;
        let mut fields = f.debug_struct("Encoder");
        fields.field("dictionary", dictionary).field("allow", allow).field("limits", limits).field("zlib", zlib);
        fields.finish_non_exhaustive()
    }
}

impl Encoder {
    /// Creates a strict encoder for dictionary version 3 with default limits. It does not compress.
    #[must_use]
    pub fn new() -> Self {
        Self {
            dictionary: Dictionary::default(),
            allow: Leniency::NONE,
            limits: Limits::default(),
            zlib: None,
            out: Vec::new(),
            compressed: Vec::new(),
            seen_names: SeenNames::default(),
            ends: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// Sets the dictionary that tokens are written with.
    #[must_use]
    pub fn with_dictionary(mut self, dictionary: Dictionary) -> Self {
        self.dictionary = dictionary;
        self
    }

    /// Sets the limits. A tree that exceeds one is an error.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Adds leniencies. Only some concern encoding; their documentation says so.
    #[must_use]
    pub fn allow(mut self, allow: Leniency) -> Self {
        self.allow |= allow;
        self
    }

    /// Compresses bodies, at a zlib level from 0 to 9. Servers compress; no client was seen to.
    #[must_use]
    pub fn with_zlib(mut self, level: u8) -> Self {
        self.zlib = Some(level);
        self
    }

    /// Encodes a tree and returns the frame as an owned copy of exact size.
    ///
    /// # Errors
    /// As [`encode`](crate::encode()).
    pub fn encode<'a>(&mut self, node: impl Into<NodeRef<'a>>) -> Result<Bytes, EncodeError> {
        let node = node.into();
        if self.zlib.is_some() {
            return self.encode_slice(node).map(Bytes::copy_from_slice);
        }
        let length = self.write_parts(node)?;
        if self.left_out.is_empty() {
            return Ok(Bytes::copy_from_slice(&self.out[..length]));
        }
        let mut whole = Vec::with_capacity(length + self.length_left_out(node.tree));
        self.each_part(length, node.tree, |part| whole.extend_from_slice(part));
        Ok(whole.into())
    }

    /// Encodes a tree and appends the frame to a buffer. After an error the buffer is unchanged.
    ///
    /// # Errors
    /// As [`encode`](crate::encode()).
    ///
    /// # Panics
    /// `out` may have a fixed size, as `&mut [u8]` has. If the frame does not fit there, [`BufMut`] panics.
    pub fn encode_into<'a>(&mut self, node: impl Into<NodeRef<'a>>, out: &mut impl BufMut) -> Result<(), EncodeError> {
        let node = node.into();
        if self.zlib.is_some() {
            return self.encode_slice(node).map(|frame| out.put_slice(frame));
        }
        let length = self.write_parts(node)?;
        self.each_part(length, node.tree, |part| out.put_slice(part));
        Ok(())
    }

    /// Encodes a tree and returns the frame as a slice of the encoder's memory. This is the fastest way.
    ///
    /// # Errors
    /// As [`encode`](crate::encode()).
    pub fn encode_slice<'a>(&mut self, node: impl Into<NodeRef<'a>>) -> Result<&[u8], EncodeError> {
        let length = self.write(node.into(), usize::MAX)?;
        let frame = &self.out[..length];
        let Some(level) = self.zlib else { return Ok(frame) };
        let body = &frame[1..];
        if body.len() > self.limits.inflated {
            return Err(EncodeError::new(EncodeErrorKind::InflatedTooLarge(self.limits.inflated), Paths::default()));
        }
        self.compressed.clear();
        self.compressed.push(frame::ZLIB_FLAG);
        frame::deflate(body, level, &mut self.compressed);
        Ok(&self.compressed)
    }

    /// Writes a plain frame without its large contents, so that these are copied once, to where the frame goes.
    #[inline(always)]
    fn write_parts(&mut self, root: NodeRef<'_>) -> Result<usize, EncodeError> {
        let length = self.write(root, LARGE)?;
        if !self.left_out.is_empty() && length + self.length_left_out(root.tree) > 1 + LARGEST {
            // Writing everything finds the place that is too much.
            self.encode_slice(root)?;
        }
        Ok(length)
    }

    /// The length of the contents that were left out.
    fn length_left_out(&self, tree: &Tree) -> usize {
        self.left_out.iter().map(|one| tree.bytes_of(one.content).len()).sum()
    }

    /// Calls `part` with each part of the written frame, including the large contents.
    #[inline(always)]
    fn each_part(&self, length: usize, tree: &Tree, mut part: impl FnMut(&[u8])) {
        let mut start = 0;
        for LeftOut { at, content } in &self.left_out {
            part(&self.out[start..*at]);
            part(tree.bytes_of(*content));
            start = *at;
        }
        part(&self.out[start..length]);
    }

    /// Writes a plain frame at the start of `out`, without contents of `large` bytes and more, and returns its length. If
    /// the room is too little, the next attempt has more.
    #[inline(always)]
    fn write(&mut self, root: NodeRef<'_>, large: usize) -> Result<usize, EncodeError> {
        if root.tree.overflow {
            return Err(EncodeError::new(EncodeErrorKind::TooLarge(LARGEST), Paths::default()));
        }
        loop {
            let Stop { failure, place } = match self.body(root, large) {
                Ok(length) => return Ok(length),
                Err(stop) => stop,
            };
            let failure = match failure {
                Some(failure) => failure,
                None if self.out.len() >= MOST_ROOM => EncodeErrorKind::TooLarge(LARGEST).into(),
                None => {
                    let more = about_length(root, large).max(2 * self.out.len()).min(MOST_ROOM);
                    self.out = vec![0; more];
                    continue;
                }
            };
            return Err(self.refusal(root, failure, place));
        }
    }

    #[cold]
    #[inline(never)]
    fn refusal(&self, root: NodeRef<'_>, failure: Failure, place: u32) -> EncodeError {
        let mut paths = NodeRef::at(root.tree, place).paths_below(root);
        if failure.attribute != Word::NONE {
            paths.push(&format!("@{}", root.tree.text_of(failure.attribute)), None);
        }
        let offer = relaxing(failure.kind).filter(|one| !self.allow.contains(*one));
        EncodeError::new(failure.kind, paths).with_allow(offer.and_then(|one| self.offered(root, one)))
    }

    /// The leniencies, `one` at least, under which a tree can be written. They are tried, so that the offer is right.
    fn offered(&self, root: NodeRef<'_>, one: Leniency) -> Option<Leniency> {
        let Self { dictionary, limits, allow, .. } = *self;
        let mut trial = Self::new().with_dictionary(dictionary).with_limits(limits).allow(allow | one);
        match trial.encode_slice(root) {
            Ok(_) => Some(one),
            Err(error) => error.allow().map(|others| one | others),
        }
    }

    /// Writes a node and its descendants after the flag byte. Nodes are stored in wire order, so one loop writes them.
    #[inline(always)]
    fn body(&mut self, root: NodeRef<'_>, large: usize) -> Result<usize, Stop> {
        let (tree, start) = (root.tree, root.record.start());
        let Self { dictionary, allow, limits, ref mut out, ref mut seen_names, ref mut ends, ref mut left_out, .. } =
            *self;
        let stop = |kind: EncodeErrorKind, place| Err(Stop { failure: Some(kind.into()), place });
        let mut run = tree.run_of(root.record);
        if run.is_empty() {
            return stop(EncodeErrorKind::EmptyTag, start);
        }
        if limits.depth == 0 {
            return stop(EncodeErrorKind::TooDeep(limits.depth), start);
        }
        let all = out.len();
        // The room that must remain. With less, the body is too large.
        let spare = all.saturating_sub(LARGEST + 1).max(1);
        let mut room = put(out, [frame::PLAIN_FLAG]);
        left_out.clear();
        let mut writer = Writer::new(tree, seen_names, dictionary, allow, Leaving { large, left_out, all });
        ends.clear();
        let excess = if tree.count as usize > limits.nodes { excess(root, limits.nodes) } else { None };
        if let Some(place) = excess {
            run = &run[..(place - root.record.start()) as usize];
        }
        while let Some((record, cells, behind)) = Record::split_first(run) {
            let place = record.start();
            room = writer.node(record, cells, room);
            if room.len() < spare {
                return Err(Stop { failure: writer.failure(), place });
            }
            let child = record.cells_end();
            if record.below() > 0 {
                while ends.last().is_some_and(|end| *end <= place) {
                    ends.pop();
                }
                ends.push(record.end());
                if ends.len() >= limits.depth {
                    return stop(EncodeErrorKind::TooDeep(limits.depth), child);
                }
            }
            run = behind;
        }
        if let Some(place) = excess {
            return stop(EncodeErrorKind::TooManyNodes(limits.nodes), place);
        }
        Ok(all - room.len())
    }
}

/// The first node above the limit.
#[cold]
fn excess(root: NodeRef<'_>, nodes: usize) -> Option<u32> {
    let index = root.index().checked_add(u32::try_from(nodes).ok()?)?;
    let first = root.tree.record_of_index(index)?;
    (first.start() < root.record.end()).then_some(first.start())
}

/// The leniency under which an error of this kind does not occur.
fn relaxing(kind: EncodeErrorKind) -> Option<Leniency> {
    match kind {
        EncodeErrorKind::EmptyTag => Some(Leniency::EMPTY_TAG),
        EncodeErrorKind::DuplicateName => Some(Leniency::DUPLICATE_NAMES),
        EncodeErrorKind::UnknownDomain(_) => Some(Leniency::AD_DOMAIN),
        _ => None,
    }
}

/// The largest buffer: a flag byte, the longest body, and the bytes after it that writers may change.
const MOST_ROOM: usize = 1 + LARGEST + 16;

/// The least length of a content that is not copied twice. (A shorter one is copied faster than noted.)
const LARGE: usize = 1 << 11;

/// An estimate of the length of a frame without contents of `large` bytes, rather too large than too small.
fn about_length(root: NodeRef<'_>, large: usize) -> usize {
    let tree = root.tree;
    let nodes = tree.count_of(root.record) as usize;
    if root.index() != 0 {
        return 64 + 32 * nodes;
    }
    let blobs: usize = tree.blobs.iter().flat_map(|blobs| blobs.iter()).map(Bytes::len).sum();
    let contents = (tree.owned.len() + tree.shared.len() + blobs).min(nodes.saturating_mul(large));
    let cells = tree.cells.len().saturating_sub(RECORD * nodes);
    64 + 8 * nodes + 6 * cells + tree.text.len() + contents
}

/// The place and reason of a failure. Without a failure, the room was too small.
struct Stop {
    failure: Option<Failure>,
    place: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Builder, Decoder, Jid, JidForm, JidRef, NewContent, Node, Server};

    /// A tree with each kind of node, value and content.
    fn one_of_each() -> Node {
        let jid = |form: &str, text| JidRef::parse_as(text, form.parse().unwrap()).unwrap();
        let node = Node::build("message");
        node.attr("id", "3EB0C1D2E3F405A6B7C8").attr("t", 1_700_000_000).attr("mediatype", "").attr("a name", "a text");
        node.attr("notify", "é".repeat(40))
            .attr("x", "1".repeat(127))
            .attr("y", "F".repeat(40))
            .attr("z", "x".repeat(300));
        node.attr("from", Jid::SERVER).attr("to", jid("pair", "120363000000000001@g.us"));
        node.attr("j0", jid("ad", "15550001111:5@lid"))
            .attr("j1", jid("ad:7", "1:2@ad:7"))
            .attr("j2", jid("fb", "12:300@msgr"));
        node.attr("j3", jid("interop", "7-12:5@interop")).attr("j4", jid("pair-empty", "unknown.example"));
        node.attr("j5", jid("pair", "u@unknown.example")).attr("j6", jid("pair", "status@broadcast"));
        node.child("wide", |wide| {
            (0..130).for_each(|n| _ = wide.attr(&format!("name-{n}"), n));
            wide.content(b"short");
        });
        let list = |list: &Builder| (0..300).for_each(|_| _ = list.child("item", |_| {}));
        node.child("list", list)
            .child("enc", |enc| enc.bytes(vec![7; 400]))
            .child("large", |enc| enc.bytes(vec![8; 2_000]));
        node.child("as large", |enc| enc.content(&[9; LARGE])).child("empty", |node| node.empty_nodes());
        node.child("jid", |node| node.content(Jid::SERVER)).child("ok", |node| node.content(NewContent::coded("404")));
        node.finish()
    }

    #[test]
    fn a_frame_is_the_same_whatever_room_there_was_at_first() {
        let (built, mut encoder) = (one_of_each(), Encoder::new().allow(Leniency::AD_DOMAIN));
        let frame = encoder.encode(&built).unwrap();
        let decoded = Decoder::new().allow(Leniency::AD_DOMAIN).decode(frame.clone()).unwrap().to_node();
        assert_eq!(decoded, built);
        for tree in [&built, &decoded] {
            for room in 0..frame.len() + 40 {
                // Old bytes in the buffer do not matter.
                encoder.out = vec![0xa5; room];
                assert_eq!(encoder.encode_slice(tree).unwrap(), &frame[..], "{room}");
                encoder.out.truncate(room);
                let mut whole = vec![1];
                encoder.encode_into(tree, &mut whole).unwrap();
                assert_eq!((whole[0], &whole[1..]), (1, &frame[..]), "{room}");
            }
            // A part of a tree, with an unknown length.
            for child in tree.children() {
                encoder.out = Vec::new();
                let part = encoder.encode(child).unwrap();
                assert_eq!(part, Encoder::new().encode(&child.to_node()).unwrap());
                assert!(frame.windows(part.len() - 1).any(|window| window == &part[1..]));
            }
        }
    }

    /// A name may be a token, or be spelled out in a tree that was decoded.
    #[test]
    fn a_repeated_name_is_found_however_it_is_spelled() {
        let spellings: [&[&[u8]]; 4] = [
            &[b"\x08", b"\xfc\x02id"],
            &[b"\xec\x00", b"\xfc\x09read-self"],
            &[b"\xff\x83\x12\x34\x5f", b"\xfb\x83\x12\x34\x5f", b"\xfc\x0512345"],
            &[b"\xfc\x06a name", b"\xfd\x00\x00\x06a name"],
        ];
        let mut decoder = Decoder::new().allow(Leniency::DUPLICATE_NAMES);
        for names in spellings {
            for (first, second) in names.iter().flat_map(|one| names.iter().map(move |other| (one, other))) {
                let frame = [b"\x00\xf8\x07\x1b", *first, b"\x04", b"\x1a\x04", second, b"\x04"].concat();
                let node = decoder.decode(frame).unwrap().to_node();
                for tree in [node.edit().finish(), node] {
                    let error = Encoder::new().encode(&tree).unwrap_err();
                    assert_eq!(error.kind(), EncodeErrorKind::DuplicateName, "{tree}");
                    let allowed = Encoder::new().allow(Leniency::DUPLICATE_NAMES).encode(&tree).unwrap();
                    assert_eq!(decoder.decode(allowed).unwrap().to_node(), tree);
                }
            }
        }
    }

    /// `<ack id="{null}"/>` and `<ack id="ack"/>`.
    #[test]
    fn a_tree_of_another_dictionary_is_written_with_the_tokens_of_this_one() {
        for (v3, v2) in [
            (&b"\x00\xf8\x03\x1b\x08\x00"[..], &b"\x00\xf8\x03\x1c\x08\x00"[..]),
            (b"\x00\xf8\x03\x1b\x08\x1b", b"\x00\xf8\x03\x1c\x08\x1c"),
        ] {
            let tree = crate::decode_slice(v3).unwrap();
            assert_eq!(Encoder::new().with_dictionary(Dictionary::V2).encode_slice(&tree).unwrap(), v2);
            let tree = Decoder::new().with_dictionary(Dictionary::V2).decode_slice(v2).unwrap().to_node();
            assert_eq!(Encoder::new().encode_slice(&tree).unwrap(), v3);
        }
    }

    #[test]
    fn what_cannot_be_written_is_told_whatever_room_there_was_at_first() {
        let mut node = one_of_each();
        node = node.edit().at("wide", |wide| _ = wide.attr("name-7", "")).finish();
        for room in 0..1_000 {
            let mut encoder = Encoder::new().allow(Leniency::AD_DOMAIN);
            encoder.out = vec![0; room];
            let error = encoder.encode(&node).unwrap_err();
            assert_eq!((error.kind(), error.path()), (EncodeErrorKind::DuplicateName, "message > wide > @name-7"));
            encoder.allow = Leniency::NONE;
            let error = encoder.encode(&node).unwrap_err();
            assert_eq!((error.kind(), error.path()), (EncodeErrorKind::UnknownDomain(7), "message > @j1"));
        }
        // The first of two errors counts.
        let domain = JidRef::parse_as("1@ad:7", JidForm::AdDomain(7)).unwrap();
        let twice = Node::build("a").attr("name", "1").attr("name", "2").attr("j", domain).finish();
        for room in 0..100 {
            let mut encoder = Encoder { out: vec![0; room], ..Encoder::new() };
            assert_eq!(encoder.encode(&twice).unwrap_err().kind(), EncodeErrorKind::DuplicateName, "{room}");
        }
        let form = JidForm::AdDomain(7);
        assert_eq!(JidRef::parse_as("1@ad:7", form).map(|jid| jid.server()), Ok(Server::Other("ad:7")));
    }
}
