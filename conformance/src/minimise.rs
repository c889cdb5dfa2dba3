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

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use wabinary::Node;

    use super::*;
    use crate::verdict::Class;

    const FLAT: &str = "<iq a=\"1\" b=\"2\" c=\"3\" d=\"4\" e=\"5\"/>";
    const DEEP: &str = "<iq id=\"ABC\" to=\"123:5@lid\"><q/><x a=\"1\"><body b=\"30\">{base64}AQIDBAUG</body></x></iq>";
    const WORDS: &str = "<ack>ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ</ack>";

    /// The smallest input that fits by its text and, if it is a frame, by its tree or error; how often the codec was asked.
    fn smallest(probe: &Probe, class: Class, fits: &dyn Fn(&str, &str) -> bool) -> (String, u32) {
        let signature = Signature { decoding: true, class, place: String::new() };
        let deviation = Deviation { signature, expected: String::new(), found: String::new() };
        let mut asked = 0;
        let small = minimise(probe, &deviation, 2_000, &|_| true, &mut |probe| {
            asked += 1;
            let tree = match probe {
                Probe::Decode(dictionary, frame) => decode(*dictionary, frame)
                    .map_or_else(|error| error.kind().name().to_owned(), |node| node.to_string()),
                _ => String::new(),
            };
            Ok(fits(&probe.input(), &tree).then(|| deviation.clone()))
        });
        (small.unwrap().0.input(), asked)
    }

    #[test]
    fn what_matters_stays_in_a_tree_and_few_questions_are_asked() {
        let lists = [5, 40, 60].map(|count| format!("<x>{}</x>", "<y/>".repeat(count)));
        let plain = format!("<ack>{}<y/><y/></ack>", "<ack/>".repeat(47));
        let forty = lists[1].replace("x>", "ack>");
        type Fits = fn(&str) -> bool;
        let cases: [(&str, Fits, &str, u32); 14] = [
            (DEEP, |xml| xml.contains("b="), "<ack b=\"\"/>", 16),
            (FLAT, |xml| xml.matches('=').count() >= 3, "<ack t=\"3\" to=\"\" id=\"\"/>", 79),
            (FLAT, |xml| xml.contains("c="), "<ack c=\"3\"/>", 9),
            ("<iq name=\"value of many\"/>", |xml| xml.contains("of"), "<ack t=\"of\"/>", 24),
            ("<iq longname=\"1\"/>", |xml| xml.contains("ng"), "<ack ng=\"1\"/>", 11),
            ("<iq to=\"12345:6@hosted.lid\" x=\"{null}\"/>", |xml| xml.contains(":6@"), "<ack to=\"1:6@lid\"/>", 14),
            ("<iq>{jid}12345:6@s.whatsapp.net</iq>", |xml| xml.contains('@'), "<ack>{ad}1@lid</ack>", 6),
            ("<iq>{text}123456789</iq>", |xml| xml.contains('7'), "<ack>{text}7</ack>", 9),
            (WORDS, |xml| xml.len() > 50, "<ack>MNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ</ack>", 87),
            (WORDS, |xml| xml.len() > 60, "<ack>CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC</ack>", 51),
            (&lists[0], |xml| xml.matches('<').count() >= 4, "<ack><ack/><ack/></ack>", 4),
            (&lists[0], |xml| xml.matches("<y").count() >= 3, "<ack><y/><y/><y/></ack>", 17),
            (&lists[1], |xml| xml.matches("<y").count() >= 40, &forty, 89),
            (&lists[2], |xml| xml.matches('<').count() > 50 && xml.contains("<y/><y/>"), &plain, 95),
        ];
        for (xml, fits, small, most) in cases {
            let node = Node::from_xml(xml).unwrap();
            let (found, asked) = smallest(&Probe::Encode(Dictionary::V3, node), Class::OtherTree, &|xml, _| fits(xml));
            assert!(found == small && asked <= most, "{xml}: {found}, {asked} questions");
        }
    }

    #[test]
    fn what_matters_stays_in_a_frame_and_few_questions_are_asked() {
        type Fits = Box<dyn Fn(&str, &str) -> bool>;
        // A frame with this part in its digits, and with this in its tree or error.
        let has = |part: &'static str, text: &'static str| -> Fits {
            Box::new(move |hex, tree| format!("^{hex}$").contains(part) && format!("^{tree}$").contains(text))
        };
        let list = format!("<x>{}</x>", "<y/>".repeat(60));
        let [short, big, huge] = [34, 300, 8_000].map(|size| format!("<ack>{}</ack>", "AB".repeat(size / 2)));
        let forty = format!("00f8021bfc22{}", "4142".repeat(17));
        let equal = format!("00f8021bfd000100{}", "42".repeat(256));
        let (whole, plain) = (("", ""), Style::Canonical);
        type Case<'c> = (&'c str, Style, (&'c str, &'c str), Fits, &'c str, u32);
        let cases: [Case<'_>; 24] = [
            (DEEP, plain, whole, has("", "b=\"30\""), "00f8031bfc0162ed74", 55),
            (DEEP, plain, whole, has("", "AQIDBAUG"), "00f8021bfc06010203040506", 92),
            (DEEP, plain, whole, has("fc06", "<x"), "00f802fc0178f801f8021bfc06010203040506", 208),
            (DEEP, Style::Nth(1), whole, has("f9", "<"), "00f900011b", 13),
            (DEEP, Style::Nth(1), whole, has("fd0000", "<"), "00f90001fd00000171", 23),
            (DEEP, Style::Nth(4), whole, has("fe", "<"), "00f801fe0000000171", 23),
            (DEEP, Style::Zlib(6), whole, has("^02", "b="), "027801fbc12cfd8731e90f0300108d0372", 70),
            (DEEP, Style::Zlib(0), whole, has("^0278", "<"), "027801010300fcfff8011b03080115", 44),
            (DEEP, Style::Flushed, whole, has("ffff", "<"), "027801000300fcfff8011b000000ffff010000ffff03080115", 71),
            (DEEP, Style::Window, whole, has("6881", "<"), "026881fbc1280d0003080115", 42),
            (DEEP, plain, ("fc0171", "fc01ff"), has("", "^invalid-utf8$"), "00f801fc01ff", 15),
            (DEEP, plain, ("fc0171", "fc01ff"), has("ed75fc01", "^invalid-utf8$"), "00f801fc01ed75fc01", 75),
            (
                DEEP,
                plain,
                ("fc0171", "fc01ff"),
                has("f70105", "^invalid-utf8$"),
                "00f8041b08f7010555f802f801fc01ff",
                138,
            ),
            (DEEP, plain, ("ff82123f", "ff82e23f"), has("", "^invalid-nibble$"), "00f804ff82e23f", 46),
            (DEEP, plain, ("fb82abcf", "fb82abc0"), has("", "^invalid-padding$"), "00f806fb82abc0", 37),
            (DEEP, plain, ("fc0178", "fc0571"), has("", "^truncated$"), "00", 15),
            (FLAT, plain, ("00f8", "00f9"), has("", "^truncated$"), "00", 7),
            (
                WORDS,
                plain,
                whole,
                Box::new(|hex, tree| (hex.len() > 90 || hex.starts_with("02")) && tree.contains('<')),
                "027801fbc1280d0003080115",
                1289,
            ),
            (WORDS, plain, whole, has("444546", "<"), "00f8021bfc03444546", 52),
            (
                WORDS,
                plain,
                ("fc34", "fc33"),
                Box::new(|hex, tree| (hex.len() > 90 || hex.starts_with("02")) && tree == "trailing-bytes"),
                "0278dafbc124fd47ddd1c9d9c5d5cdddc3d3cbdbc7d7cf3f2030283824342c3c22320a45260a004f860e0d",
                1081,
            ),
            (&short, plain, whole, Box::new(|hex, tree| hex.len() >= 80 && tree.contains('<')), &forty, 561),
            (&big, plain, whole, has("fd0001", "<"), &equal, 277),
            (
                &huge,
                plain,
                ("fd001f", "fd101f"),
                Box::new(|hex, _| hex.len() >= 40 && hex.contains("fd101f40")),
                "00f8021bfd101f40414241424142414241424142",
                171,
            ),
            (
                &list,
                plain,
                whole,
                Box::new(|_, tree| tree.matches("<y").count() > 50),
                "027801fbc124fdc3f807e31fc6ca914b00008af27e5e",
                1740,
            ),
        ];
        for (xml, style, (part, other), fits, small, most) in cases {
            let node = Node::from_xml(xml).unwrap();
            let frame = style.frame(&PlainNode::from(node.as_ref()), Dictionary::V3).unwrap();
            let frame = HEXLOWER.encode(&frame).replacen(part, other, 1);
            let frame = HEXLOWER.decode(frame.as_bytes()).unwrap();
            let probe = Probe::Decode(Dictionary::V3, frame);
            let (found, asked) = smallest(&probe, Class::OtherTree, &fits);
            assert!(found == small && asked <= most, "{xml}, {style:?}: {found}, {asked} questions");
            // One that has to start again is asked in no other style.
            assert!(small != equal || smallest(&probe, Class::Crashes, &fits).1 < asked);
        }
    }
}
