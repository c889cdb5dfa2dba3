//! Small inputs: from one that deviates to a smaller one that deviates in the same way.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::{Duration, Instant};

use anyhow::Result;
use arbitrary::Unstructured;
use wabinary::{Dictionary, Leniency};
use wabinary_generate::plain::PlainNode;
use wabinary_generate::{Care, compress, spell_with};

use crate::verdict::{Deviation, LONG, Probe, Signature, decode, encode};
use crate::{shrink_bytes, shrink_tree};

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
            if !emit(shrink_tree::skeleton(&tree))? {
                shrink_tree::smaller(&tree, &mut emit)?;
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
