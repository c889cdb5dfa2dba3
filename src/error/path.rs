//! Paths of tags, for messages.
#![deny(clippy::indexing_slicing, clippy::string_slice)]

use std::fmt::Write as _;

use crate::printable::push_shortened;

/// The text between the steps of a path.
pub(crate) const BETWEEN_STEPS: &str = " > ";

/// A path of tags, and the same path with the indexes of nodes in lists.
#[derive(Default)]
pub(crate) struct Paths {
    pub(crate) path: String,
    index_path: String,
    has_index: bool,
}

impl Paths {
    /// Adds a tag or `@name`; `place` is its index in a list, from 0.
    pub(crate) fn push(&mut self, step: &str, place: Option<u32>) {
        push_step(&mut self.path, step);
        self.push_place(step, place);
    }

    /// Adds a step only to the path with indexes, for a node whose tag was not read.
    pub(crate) fn push_place(&mut self, step: &str, place: Option<u32>) {
        push_step(&mut self.index_path, step);
        if let Some(place) = place {
            let _ = write!(self.index_path, "[{place}]");
            self.has_index = true;
        }
    }

    /// The path with indexes, `participants > user[2] > @jid`, if it has any.
    pub(crate) fn index_path(&self) -> Option<&str> {
        self.has_index.then_some(&self.index_path)
    }
}

/// Adds a tag or `@name` to a path. Names that are long or not printable are shortened and escaped: a path is for
/// messages.
pub(crate) fn push_step(path: &mut String, step: &str) {
    const LONGEST: usize = 64;
    if !path.is_empty() {
        path.push_str(BETWEEN_STEPS);
    }
    push_shortened(path, step, LONGEST);
}
