//! The path of a range: the tags and the attribute around it.

use super::range::Form;
use super::{Explanation, Range, RangeKind};
use crate::error::{BETWEEN_STEPS, push_step};
use crate::kernel::packed::{Alphabet, Packed};

/// A path with more bytes loses its first steps.
const LONGEST_PATH: usize = 256;
/// The number of bytes read of a name for a path: more than a path shows.
const OF_NAME: usize = 512;

impl Explanation {
    /// Returns the path of the node or attribute that a range belongs to, as in
    /// [`DecodeError::path`](crate::DecodeError::path): `call > offer > @call-id`. Empty outside of nodes, and before
    /// the first tag. A long path loses its first steps: `… > offer > @call-id`.
    #[must_use]
    pub fn path(&self, range: &Range) -> String {
        if let Some(error) = self.error().filter(|error| range.kind == RangeKind::Error && error.space() == range.space)
        {
            return error.path().to_owned();
        }
        let mut steps = Vec::new();
        let mut length = 0;
        let mut around = Some(range);
        while let Some(range) = around {
            if let Some(name) = self.step(range) {
                let mut step = String::new();
                push_step(&mut step, &name);
                length = step.len().saturating_add(BETWEEN_STEPS.len()).saturating_add(length);
                steps.push(step);
            }
            around = self.parent(range);
            if length > LONGEST_PATH && around.is_some() {
                steps.push("…".to_owned());
                break;
            }
        }
        steps.reverse();
        steps.join(BETWEEN_STEPS)
    }

    /// Returns the range that encloses another.
    #[must_use]
    pub fn parent(&self, range: &Range) -> Option<&Range> {
        self.ranges.get(range.parent as usize).filter(|_| range.parent != range.index)
    }

    /// Returns the text of a leaf: a tag, a name, a value, content, a part of a JID. Returns `None` for leaves without
    /// text, and for other ranges.
    #[must_use]
    pub fn string(&self, range: &Range) -> Option<String> {
        self.string_start(range, usize::MAX)
    }

    /// The text of a leaf, up to about `most` bytes.
    pub(super) fn string_start(&self, range: &Range, most: usize) -> Option<String> {
        let bytes = self.bytes(range);
        let packed = |alphabet, is_odd| Some(Packed::of(alphabet, is_odd, bytes).to_text());
        match range.form {
            _ if range.kind == RangeKind::Content => None,
            Form::None => None,
            Form::Token => Some(self.token(range).map_or("", |token| self.dictionary.text(token)).to_owned()),
            Form::Empty => Some(String::new()),
            // The cut character is beyond the shown ones.
            Form::Raw | Form::RawPart => Some(String::from_utf8_lossy(bytes.get(..most).unwrap_or(bytes)).into_owned()),
            Form::Nibble | Form::NibblePart => packed(Alphabet::Nibble, false),
            Form::OddNibble => packed(Alphabet::Nibble, true),
            Form::Hex | Form::HexPart => packed(Alphabet::Hex, false),
            Form::OddHex => packed(Alphabet::Hex, true),
        }
    }

    /// The step that a range adds to a path, if its tag or name was read.
    fn step(&self, range: &Range) -> Option<String> {
        let name = |kind| self.inside(range).find(|part| part.kind == kind && !part.form.is_cut());
        match range.kind {
            RangeKind::Node => self.string_start(name(RangeKind::Tag)?, OF_NAME),
            RangeKind::Attribute => Some(format!("@{}", self.string_start(name(RangeKind::AttributeName)?, OF_NAME)?)),
            _ => None,
        }
    }

    /// The first ranges directly inside another: the head and tag of a node, or every range of an attribute or a JID.
    pub(super) fn inside<'e>(&'e self, range: &'e Range) -> impl Iterator<Item = &'e Range> {
        const MOST: usize = 10;
        let behind = self.ranges.get((range.index as usize).saturating_add(1)..).unwrap_or(&[]);
        let inside = behind.iter().take(MOST).take_while(|part| part.space == range.space && part.depth > range.depth);
        inside.filter(|part| part.parent == range.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::explain;
    use crate::{Node, encode};

    /// The path of the innermost of nodes with these tags.
    fn path(tags: &[String]) -> String {
        let around = |inner: Option<Node>, tag: &String| {
            let node = Node::build(tag);
            inner.into_iter().for_each(|inner| _ = node.append(&inner));
            Some(node.finish())
        };
        let node = tags.iter().rev().fold(None, around).unwrap();
        let explanation = explain(&encode(&node).unwrap());
        let tag = explanation.ranges().iter().rfind(|range| range.kind == RangeKind::Tag).unwrap();
        explanation.path(tag)
    }

    /// Each step counts with the separator after it.
    #[test]
    fn a_path_of_more_than_256_bytes_loses_its_first_steps() {
        let tags = |length| [1, length, 64, 64, 64].map(|length| "t".repeat(length));
        assert_eq!(path(&tags(52)), tags(52).join(" > "));
        let [_, _, rest @ ..] = tags(53);
        assert_eq!(path(&tags(53)), format!("… > {} > {}", "t".repeat(53), rest.join(" > ")));
        assert_eq!(path(&tags(53)[1..]), tags(53)[1..].join(" > "), "all of it is there");
    }

    #[test]
    fn bytes_of_content_spell_no_text() {
        // `<ack>hi</ack>`, as bytes and as packed text of two digits.
        for (frame, text) in [(&b"\x00\xf8\x02\x1b\xfc\x02hi"[..], None), (b"\x00\xf8\x02\x1b\xff\x01\x12", Some("12"))]
        {
            let explanation = explain(frame);
            assert_eq!(explanation.string(explanation.ranges().last().unwrap()).as_deref(), text);
        }
    }
}
