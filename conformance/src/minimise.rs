//! Small inputs: from one that deviates to a smaller one that deviates in the same way.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::{Duration, Instant};

use anyhow::Result;
use arbitrary::Unstructured;
use wabinary::{Dictionary, JidRef, Leniency};
use wabinary_generate::plain::{PlainContent, PlainNode, PlainValue};
use wabinary_generate::{Care, compress, spell_with};

use crate::shrink_bytes;
use crate::verdict::{Deviation, LONG, Probe, Signature, decode, encode};

/// The longest time for one input: a codec may hang, or be slow with long inputs.
const PATIENCE: Duration = Duration::from_secs(20);

/// The part of the tries that a long input has in each other style, even if those in its own have used up all.
const STYLES_PART: u32 = 16;

/// Asks the codec, and judges the answer.
pub type Test<'t> = dyn FnMut(&Probe) -> Result<Option<Deviation>> + 't;

/// How a tree is written: as encoders do, everything in the n-th other way, or compressed at a level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Style {
    /// As encoders do.
    Canonical,
    /// Each part in its n-th spelling.
    Nth(u8),
    /// Compressed.
    Zlib(u8),
    /// Compressed, for a window of 16 KiB. `None` if the frame is longer.
    Window,
    /// Stored, and flushed before the end: an empty block is in the middle. `None` if one block cannot hold the frame.
    Flushed,
}

impl Style {
    /// Each of them.
    pub const ALL: [Self; 15] = [
        Self::Canonical,
        Self::Nth(1),
        Self::Nth(2),
        Self::Nth(3),
        Self::Nth(4),
        Self::Nth(5),
        Self::Nth(6),
        Self::Nth(7),
        Self::Zlib(0),
        Self::Zlib(1),
        Self::Zlib(4),
        Self::Zlib(6),
        Self::Zlib(9),
        Self::Window,
        Self::Flushed,
    ];

    /// Whether a frame is longer in this style than in all others.
    #[must_use]
    pub fn is_stored(self) -> bool {
        matches!(self, Self::Zlib(0) | Self::Flushed)
    }

    /// The frame of a tree. `None` if it does not encode.
    #[must_use]
    pub fn frame(self, node: &PlainNode, dictionary: Dictionary) -> Option<Vec<u8>> {
        let node = node.to_node().ok()?;
        let canonical = encode(dictionary, &node)?;
        Some(match self {
            Self::Canonical => canonical,
            Self::Zlib(level) => compress(&canonical, level),
            Self::Window => {
                let mut frame = compress(&canonical, 6);
                frame.get_mut(1..3).filter(|_| canonical.len() <= 1 << 14)?.copy_from_slice(&[0x68, 0x81]);
                frame
            }
            Self::Flushed => {
                let body = &canonical[1..];
                let length = u16::try_from(body.len()).ok()?;
                let head = [&[2, 0x78, 0x01, 0][..], &length.to_le_bytes(), &(!length).to_le_bytes()].concat();
                let compressed = compress(&canonical, 1);
                let checksum = compressed.last_chunk::<4>()?;
                [&head[..], body, &[0, 0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff], checksum].concat()
            }
            Self::Nth(number) => {
                // Bytes that are all one number choose the spelling of that number everywhere.
                let choices = vec![number; 4 * canonical.len() + 64];
                // Text without a coded form is bytes to a decoder.
                let node = decode(dictionary, &canonical).ok()?;
                let mut u = Unstructured::new(&choices);
                spell_with(&mut u, node.as_ref(), dictionary, Leniency::NONE, Care::of(255)).ok()?.frame
            }
        })
    }
}

/// A smaller input that deviates in the same way, after at most `tries` tries. Its tree, if it has one, has to fit.
///
/// # Errors
/// The codec cannot be asked any more.
pub fn minimise(
    probe: &Probe,
    deviation: &Deviation,
    tries: u32,
    fits: &dyn Fn(&PlainNode) -> bool,
    test: &mut Test<'_>,
) -> Result<(Probe, Deviation)> {
    let (best, deviation) = (probe.clone(), deviation.clone());
    let until = Instant::now() + PATIENCE;
    let mut search = Search { best, deviation, given: tries, tries, until, seen: HashSet::new(), fits, test };
    match probe {
        Probe::Encode(dictionary, node) => search.shrink_tree(*dictionary, PlainNode::from(node.as_ref()), None)?,
        Probe::Decode(dictionary, frame) => {
            if let Ok(node) = decode(*dictionary, frame) {
                let plain = PlainNode::from(node.as_ref());
                for style in Style::ALL {
                    let written = style.frame(&plain, *dictionary);
                    if let Some(written) = written.map(|frame| Probe::Decode(*dictionary, frame))
                        // A stored stream is longer than all others.
                        && (&written == probe || !style.is_stored() && search.keep_if(&written, true)?)
                    {
                        search.shrink_tree(*dictionary, plain, Some(style))?;
                        break;
                    }
                }
            }
            search.shrink_frame(*dictionary)?;
            search.change_style(*dictionary)?;
            search.compress(*dictionary)?;
        }
        // They are small, or as large as they have to be.
        Probe::Refuse(..) => {}
    }
    Ok((search.best, search.deviation))
}

fn hash(probe: &Probe) -> u64 {
    let mut hasher = DefaultHasher::new();
    probe.input().hash(&mut hasher);
    hasher.finish()
}

struct Search<'t, 'f> {
    best: Probe,
    deviation: Deviation,
    given: u32,
    tries: u32,
    /// The search ends at this time, with what it has.
    until: Instant,
    /// The hashes of the inputs that were tried.
    seen: HashSet<u64>,
    fits: &'t dyn Fn(&PlainNode) -> bool,
    test: &'t mut Test<'f>,
}

impl Search<'_, '_> {
    fn signature(&self) -> &Signature {
        &self.deviation.signature
    }

    /// Takes an input in place of the best one if it deviates in the same way. It may also be longer.
    fn keep_if(&mut self, probe: &Probe, may_grow: bool) -> Result<bool> {
        if self.tries == 0 || (!may_grow && probe.length() > self.best.length()) || !self.seen.insert(hash(probe)) {
            return Ok(false);
        }
        // Large inputs take their time.
        self.tries = self.tries.saturating_sub(1 + (probe.length() / 8_192) as u32);
        let deviation = (self.test)(probe)?;
        if Instant::now() > self.until {
            self.tries = 0;
        }
        let Some(deviation) = deviation else { return Ok(false) };
        let tree = match probe {
            Probe::Decode(dictionary, frame) => decode(*dictionary, frame).ok(),
            Probe::Encode(_, node) => Some(node.clone()),
            Probe::Refuse(..) => None,
        };
        let fits = tree.is_none_or(|tree| (self.fits)(&PlainNode::from(tree.as_ref())));
        if deviation.signature != *self.signature() || !fits {
            return Ok(false);
        }
        (self.best, self.deviation) = (probe.clone(), deviation);
        Ok(true)
    }

    /// Shrinks a tree, which is decoded in a style, or encoded if there is none.
    fn shrink_tree(&mut self, dictionary: Dictionary, mut tree: PlainNode, style: Option<Style>) -> Result<()> {
        loop {
            let mut kept = None;
            let mut emit = |candidate: PlainNode| {
                let probe = match style {
                    Some(style) => style.frame(&candidate, dictionary).map(|frame| Probe::Decode(dictionary, frame)),
                    None => candidate.to_node().ok().map(|node| Probe::Encode(dictionary, node)),
                };
                if let Some(probe) = probe
                    && self.keep_if(&probe, false)?
                {
                    kept = Some(candidate);
                }
                Ok(kept.is_some() || self.tries == 0)
            };
            if !emit(skeleton(&tree))? {
                smaller(&tree, &mut emit)?;
            }
            match kept {
                Some(smaller) => tree = smaller,
                None => return Ok(()),
            }
        }
    }

    /// Shrinks a frame by its bytes.
    fn shrink_frame(&mut self, dictionary: Dictionary) -> Result<()> {
        loop {
            let Probe::Decode(_, frame) = &self.best else { return Ok(()) };
            let (frame, mut kept) = (frame.clone(), false);
            shrink_bytes::shorter(&frame, dictionary, &mut |candidate| {
                kept = self.keep_if(&Probe::Decode(dictionary, candidate), false)?;
                Ok(kept || self.tries == 0)
            })?;
            if !kept {
                return Ok(());
            }
        }
    }

    /// What is long in one style may be short in another: encoders write a long head only of a long list.
    fn change_style(&mut self, dictionary: Dictionary) -> Result<()> {
        for style in Style::ALL {
            if Instant::now() > self.until || self.signature().class.is_fatal() {
                break;
            }
            self.tries = self.tries.max(self.given / STYLES_PART);
            if let Probe::Decode(_, frame) = &self.best
                && frame.len() > LONG
                && !style.is_stored()
                && let Ok(node) = decode(dictionary, frame)
            {
                self.shrink_tree(dictionary, PlainNode::from(node.as_ref()), Some(style))?;
            }
        }
        Ok(())
    }

    /// A long input may be mostly repetition.
    fn compress(&mut self, dictionary: Dictionary) -> Result<()> {
        if let Probe::Decode(_, frame) = &self.best
            && frame.len() > LONG
        {
            let compressed = compress(frame, 9);
            self.tries = self.tries.max(1);
            self.keep_if(&Probe::Decode(dictionary, compressed), false)?;
        }
        Ok(())
    }
}

type Change<'c> = dyn Fn(&mut PlainNode) + 'c;

/// The tree with nothing but its nodes, whose number or nesting may be what matters.
fn skeleton(node: &PlainNode) -> PlainNode {
    let mut bare = PlainNode::new("ack");
    if let PlainContent::Nodes(children) = &node.content {
        bare.content = PlainContent::Nodes(children.iter().map(skeleton).collect());
    }
    bare
}

/// Tries trees with less in them, those with least first, until one is enough. Returns whether one is.
fn smaller(node: &PlainNode, emit: &mut dyn FnMut(PlainNode) -> Result<bool>) -> Result<bool> {
    let with = |change: &dyn Fn(&mut PlainNode)| {
        let mut tree = node.clone();
        change(&mut tree);
        tree
    };
    for child in node.children() {
        if emit(child.clone())? {
            return Ok(true);
        }
    }
    let (count, attrs) = (node.children().len(), node.attrs.len());
    let (half, half_attrs) = (count / 2, attrs / 2);
    let halves: [(bool, &Change<'_>); 7] = [
        (node.content != PlainContent::None, &|tree| tree.content = PlainContent::None),
        (attrs > 0, &|tree| tree.attrs.clear()),
        (attrs > 1, &|tree| tree.attrs.truncate(half_attrs)),
        (attrs > 1, &|tree| drop(tree.attrs.drain(..half_attrs))),
        (count > 1, &|tree| tree.children_mut().truncate(half)),
        (count > 1, &|tree| drop(tree.children_mut().drain(..half))),
        (count > LONG, &|tree| tree.children_mut().fill(PlainNode::new("ack"))),
    ];
    for (applies, change) in halves {
        if applies && emit(with(change))? {
            return Ok(true);
        }
    }
    // Where the number of children matters, few of them do.
    let plain = PlainNode::new("ack");
    let chunks = std::iter::successors(Some(half), |size| Some(size / 2)).take_while(|size| count > LONG && *size > 0);
    for size in chunks {
        for from in (0..count).step_by(size) {
            let chunk = from..(from + size).min(count);
            let is_plain = node.children()[chunk.clone()].iter().all(|child| *child == plain);
            if !is_plain && emit(with(&|tree| tree.children_mut()[chunk.clone()].fill(plain.clone())))? {
                return Ok(true);
            }
        }
    }
    for at in 0..attrs.max(count) {
        let is_enough = at < attrs && emit(with(&|tree| drop(tree.attrs.remove(at))))?
            || at < count && emit(with(&|tree| drop(tree.children_mut().remove(at))))?;
        if is_enough {
            return Ok(true);
        }
    }
    for (at, child) in node.children().iter().enumerate() {
        if smaller(child, &mut |child| emit(with(&|tree| tree.children_mut()[at] = child.clone())))? {
            return Ok(true);
        }
    }
    let tags = std::iter::once("ack".to_owned()).filter(|tag| *tag != node.tag).chain(shorter_texts(&node.tag));
    for tag in tags {
        if emit(with(&|tree| tree.tag = tag.clone()))? {
            return Ok(true);
        }
    }
    for (at, (name, value)) in node.attrs.iter().enumerate() {
        let is_free = |other: &String| !node.attrs.iter().any(|(found, _)| found == other);
        for name in shorter_texts(name).into_iter().chain(["id", "to"].map(str::to_owned)).filter(is_free) {
            if emit(with(&|tree| tree.attrs[at].0 = name.clone()))? {
                return Ok(true);
            }
        }
        let values: Vec<_> = match value {
            PlainValue::Null => Vec::new(),
            PlainValue::Text(text) => shorter_texts(text).into_iter().map(PlainValue::Text).collect(),
            PlainValue::Jid(jid) => shorter_jids(jid).into_iter().map(PlainValue::Jid).collect(),
        };
        for value in values {
            if emit(with(&|tree| tree.attrs[at].1 = value.clone()))? {
                return Ok(true);
            }
        }
    }
    let contents: Vec<_> = match &node.content {
        PlainContent::Bytes(bytes) => shorter(bytes).into_iter().map(PlainContent::Bytes).collect(),
        PlainContent::Text(text) => shorter_texts(text).into_iter().map(PlainContent::Text).collect(),
        PlainContent::Jid(jid) => shorter_jids(jid).into_iter().map(PlainContent::Jid).collect(),
        PlainContent::Nodes(_) | PlainContent::None => Vec::new(),
    };
    for content in contents {
        if emit(with(&|tree| tree.content = content.clone()))? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Less of a list: nothing, a half, all but one or two; or as much of one thing.
fn shorter<T: Clone + PartialEq>(items: &[T]) -> Vec<Vec<T>> {
    let (count, half) = (items.len(), items.len() / 2);
    let mut lists = vec![Vec::new(), items[..half].to_vec(), items[half..].to_vec()];
    let every = (count / 24).max(1);
    // Where an even count deviates and an odd one does not, one more has to go.
    for cut in [every, every + 1] {
        lists.extend((0..count).step_by(cut).map(|at| [&items[..at], &items[(at + cut).min(count)..]].concat()));
    }
    lists.retain(|list| list.len() < count);
    // A length at which a codec fails cannot be less. Equal items are small when they are compressed.
    if let Some(first) = items.first().filter(|first| count > LONG && items.iter().any(|item| item != *first)) {
        lists.push(vec![first.clone(); count]);
    }
    lists
}

fn shorter_texts(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let texts = shorter(&characters).into_iter().map(|list| list.into_iter().collect::<String>());
    texts.filter(|shorter| shorter != text).collect()
}

/// The address with a shorter user or server, or without a device.
fn shorter_jids((text, form): &(String, wabinary::JidForm)) -> Vec<(String, wabinary::JidForm)> {
    let Ok(jid) = JidRef::parse_as(text, *form) else { return Vec::new() };
    let mut texts: Vec<String> = Vec::new();
    if let Some(user) = jid.user() {
        let users = ["1".to_owned(), "12".to_owned()].into_iter().chain(shorter_texts(user));
        texts.extend(users.map(|other| text.replacen(user, &other, 1)));
    }
    texts.push(text.replacen(&format!(":{}@", jid.device()), "@", 1));
    let start = text.strip_suffix(jid.server().as_str());
    texts.extend(
        start.into_iter().flat_map(|start| ["1", "12", "lid", "hosted"].map(|server| format!("{start}{server}"))),
    );
    let is_shorter = |other: &String| other.len() < text.len() && JidRef::parse_as(other, *form).is_ok();
    texts.into_iter().filter(is_shorter).map(|text| (text, *form)).collect()
}
