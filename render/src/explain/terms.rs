//! The glossary of the terms that occurred.

use wabinary::explain::{Explanation, RangeKind};

/// The kinds of ranges that use a term, the term, and its meaning.
const TERMS: [(&[RangeKind], &str, &str); 8] = [
    (&[RangeKind::Node], "node", "a list: a tag, attributes (each a name and a value), and at most one content"),
    (&[RangeKind::Tag], "token", "a word of the dictionary, sent as its number in one byte or two"),
    (&[RangeKind::ListHead, RangeKind::ChildrenHead], "LIST_n", "a list follows; first its size, in n bits"),
    (&[RangeKind::RawHead, RangeKind::ContentHead], "BINARY_n", "bytes follow; first their number, in n bits"),
    (
        &[RangeKind::PackedHead],
        "NIBBLE_8",
        "packed digits follow, two in a byte; first the number of bytes. a is -, b is .",
    ),
    (&[RangeKind::PackedHead], "HEX_8", "packed hexadecimal digits follow, likewise"),
    (&[RangeKind::Null], "LIST_EMPTY", "nothing: no value, no user, or no child nodes"),
    (&[RangeKind::Jid], "JID", "the address of a user, of one of the user's devices, or of a server"),
];

/// The terms that occurred.
#[derive(Default)]
pub(super) struct Terms([bool; TERMS.len()]);

impl Terms {
    /// Every term.
    pub(super) fn all() -> Self {
        Self([true; TERMS.len()])
    }

    pub(super) fn note(&mut self, explanation: &Explanation) {
        for (occurred, (kinds, ..)) in self.0.iter_mut().zip(TERMS) {
            *occurred = *occurred || explanation.ranges().iter().any(|range| kinds.contains(&range.kind));
        }
    }

    /// The terms, each with its meaning.
    pub(super) fn occurred(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let occurred = TERMS.iter().zip(self.0).filter(|(_, occurred)| *occurred);
        occurred.map(|((_, term, meaning), _)| (*term, *meaning))
    }
}
