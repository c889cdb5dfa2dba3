//! Small inputs: from one that deviates to a smaller one that deviates in the same way.

use std::collections::BTreeSet;

use anyhow::Result;
use arbitrary::Unstructured;
use wabinary::{Dictionary, JidRef, Leniency};
use wabinary_generate::plain::{PlainContent, PlainNode, PlainValue};
use wabinary_generate::{Care, compress, spell_with};

use crate::shrink_bytes;
use crate::verdict::{Deviation, Probe, Signature, decode, encode};

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
}

impl Style {
    /// Each of them.
    pub const ALL: [Self; 12] = [
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
        Self::Zlib(6),
        Self::Zlib(9),
    ];

    /// The frame of a tree. `None` if it does not encode.
    #[must_use]
    pub fn frame(self, node: &PlainNode, dictionary: Dictionary) -> Option<Vec<u8>> {
        let node = node.to_node().ok()?;
        let canonical = encode(dictionary, &node)?;
        Some(match self {
            Self::Canonical => canonical,
            Self::Zlib(level) => compress(&canonical, level),
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

/// A smaller input that deviates in the same way, after at most so many tries.
///
/// # Errors
/// The codec cannot be asked any more.
pub fn minimise(
    probe: &Probe,
    deviation: &Deviation,
    tries: u32,
    test: &mut Test<'_>,
) -> Result<(Probe, Deviation)> {
    let mut search = Search {
        best: probe.clone(),
        deviation: deviation.clone(),
        tries,
        seen: BTreeSet::new(),
        test,
    };
    match probe {
        Probe::Encode(dictionary, node) => search.shrink_tree(*dictionary, PlainNode::from(node.as_ref()), None)?,
        Probe::Decode(dictionary, frame) => {
            if let Ok(node) = decode(*dictionary, frame) {
                let plain = PlainNode::from(node.as_ref());
                for style in Style::ALL {
                    let written = style.frame(&plain, *dictionary);
                    if let Some(written) = written.map(|frame| Probe::Decode(*dictionary, frame))
                        && (&written == probe || search.keep_if(&written, true)?)
                    {
                        search.shrink_tree(*dictionary, plain, Some(style))?;
                        break;
                    }
                }
            }
            search.shrink_frame(*dictionary)?;
            search.compress(*dictionary)?;
        }
    }
    Ok((search.best, search.deviation))
}

struct Search<'t, 'f> {
    best: Probe,
    deviation: Deviation,
    tries: u32,
    /// What was tried.
    seen: BTreeSet<String>,
    test: &'t mut Test<'f>,
}

impl Search<'_, '_> {
    fn signature(&self) -> &Signature {
        &self.deviation.signature
    }

    /// Takes an input in place of the best one if it deviates in the same way. It may also be longer.
    fn keep_if(&mut self, probe: &Probe, may_grow: bool) -> Result<bool> {
        if self.tries == 0 || (!may_grow && probe.length() > self.best.length()) || !self.seen.insert(probe.input()) {
            return Ok(false);
        }
        self.tries -= 1;
        let Some(deviation) = (self.test)(probe)? else { return Ok(false) };
        if deviation.signature != *self.signature() {
            return Ok(false);
        }
        (self.best, self.deviation) = (probe.clone(), deviation);
        Ok(true)
    }

    /// Shrinks a tree, which is decoded in a style, or encoded if there is none.
    fn shrink_tree(&mut self, dictionary: Dictionary, mut tree: PlainNode, style: Option<Style>) -> Result<()> {
        'smaller: loop {
            for candidate in smaller(&tree) {
                if self.tries == 0 {
                    return Ok(());
                }
                let probe = match style {
                    Some(style) => style.frame(&candidate, dictionary).map(|frame| Probe::Decode(dictionary, frame)),
                    None => candidate.to_node().ok().map(|node| Probe::Encode(dictionary, node)),
                };
                if let Some(probe) = probe
                    && self.keep_if(&probe, false)?
                {
                    tree = candidate;
                    continue 'smaller;
                }
            }
            return Ok(());
        }
    }

    /// Shrinks a frame by its bytes.
    fn shrink_frame(&mut self, dictionary: Dictionary) -> Result<()> {
        'smaller: loop {
            let Probe::Decode(_, frame) = &self.best else { return Ok(()) };
            for candidate in shrink_bytes::shorter(frame, dictionary) {
                if self.tries == 0 {
                    return Ok(());
                }
                if self.keep_if(&Probe::Decode(dictionary, candidate), false)? {
                    continue 'smaller;
                }
            }
            return Ok(());
        }
    }

    /// A long input may be mostly repetition.
    fn compress(&mut self, dictionary: Dictionary) -> Result<()> {
        if let Probe::Decode(_, frame) = &self.best
            && frame.len() > 40
        {
            let compressed = compress(frame, 9);
            self.keep_if(&Probe::Decode(dictionary, compressed), false)?;
        }
        Ok(())
    }
}

/// Trees with less in them, those with least first.
fn smaller(node: &PlainNode) -> Vec<PlainNode> {
    let mut trees = Vec::new();
    let with = |change: &dyn Fn(&mut PlainNode)| {
        let mut tree = node.clone();
        change(&mut tree);
        tree
    };
    trees.extend(node.children().iter().cloned());
    if node.content != PlainContent::None {
        trees.push(with(&|tree| tree.content = PlainContent::None));
    }
    if !node.attrs.is_empty() {
        trees.push(with(&|tree| tree.attrs.clear()));
        let half = node.attrs.len() / 2;
        trees.push(with(&|tree| tree.attrs.truncate(half)));
        trees.push(with(&|tree| drop(tree.attrs.drain(..half))));
    }
    let count = node.children().len();
    if count > 1 {
        trees.push(with(&|tree| tree.children_mut().truncate(count / 2)));
        trees.push(with(&|tree| drop(tree.children_mut().drain(..count / 2))));
    }
    trees.extend((0..node.attrs.len()).map(|at| with(&|tree| drop(tree.attrs.remove(at)))));
    trees.extend((0..count).map(|at| with(&|tree| drop(tree.children_mut().remove(at)))));
    for at in 0..count {
        for child in smaller(&node.children()[at]) {
            trees.push(with(&|tree| tree.children_mut()[at] = child.clone()));
        }
    }
    if node.tag != "ack" {
        trees.push(with(&|tree| tree.tag = "ack".to_owned()));
    }
    trees.extend(shorter_texts(&node.tag).into_iter().map(|tag| with(&|tree| tree.tag = tag.clone())));
    for (at, (name, value)) in node.attrs.iter().enumerate() {
        let names = shorter_texts(name).into_iter().chain(["id", "to"].map(str::to_owned));
        let is_free = |other: &String| !node.attrs.iter().any(|(found, _)| found == other);
        trees.extend(names.filter(is_free).map(|name| with(&|tree| tree.attrs[at].0 = name.clone())));
        let values = match value {
            PlainValue::Null => Vec::new(),
            PlainValue::Text(text) => shorter_texts(text).into_iter().map(PlainValue::Text).collect(),
            PlainValue::Jid(jid) => shorter_jids(jid).into_iter().map(PlainValue::Jid).collect(),
        };
        trees.extend(values.into_iter().map(|value| with(&|tree| tree.attrs[at].1 = value.clone())));
    }
    let contents: Vec<_> = match &node.content {
        PlainContent::Bytes(bytes) => shorter(bytes).into_iter().map(PlainContent::Bytes).collect(),
        PlainContent::Text(text) => shorter_texts(text).into_iter().map(PlainContent::Text).collect(),
        PlainContent::Jid(jid) => shorter_jids(jid).into_iter().map(PlainContent::Jid).collect(),
        PlainContent::Nodes(_) | PlainContent::None => Vec::new(),
    };
    trees.extend(contents.into_iter().map(|content| with(&|tree| tree.content = content.clone())));
    trees
}

/// Less of a list: nothing, a half, all but one.
fn shorter<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    let (count, half) = (items.len(), items.len() / 2);
    let mut lists = vec![Vec::new(), items[..half].to_vec(), items[half..].to_vec()];
    let every = (count / 24).max(1);
    lists.extend((0..count).step_by(every).map(|at| [&items[..at], &items[(at + every).min(count)..]].concat()));
    lists.retain(|list| list.len() < count);
    lists
}

fn shorter_texts(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let texts = shorter(&characters).into_iter().map(|list| list.into_iter().collect::<String>());
    texts.filter(|shorter| shorter != text).collect()
}

/// The address with a shorter user, or without a device.
fn shorter_jids((text, form): &(String, wabinary::JidForm)) -> Vec<(String, wabinary::JidForm)> {
    let Ok(jid) = JidRef::parse_as(text, *form) else { return Vec::new() };
    let mut texts: Vec<String> = Vec::new();
    if let Some(user) = jid.user() {
        let users = ["1".to_owned(), "12".to_owned()].into_iter().chain(shorter_texts(user));
        texts.extend(users.map(|other| text.replacen(user, &other, 1)));
    }
    texts.push(text.replacen(&format!(":{}@", jid.device()), "@", 1));
    let is_shorter = |other: &String| other.len() < text.len() && JidRef::parse_as(other, *form).is_ok();
    texts.into_iter().filter(is_shorter).map(|text| (text, *form)).collect()
}
