//! Paths of tags, for messages.
#![deny(clippy::indexing_slicing, clippy::string_slice)]

use std::fmt::Write as _;

use crate::printable::push_shortened;

/// What is between the steps of a path.
pub(crate) const BETWEEN_STEPS: &str = " > ";

/// A path of tags, and the same with the places of nodes in lists.
#[derive(Default)]
pub(crate) struct Paths {
    pub(crate) path: String,
    index_path: String,
    has_index: bool,
}

impl Paths {
    /// Adds a tag or `@name`; `place` if it is one of several in a list, from 0.
    pub(crate) fn push(&mut self, step: &str, place: Option<u32>) {
        push_step(&mut self.path, step);
        self.push_place(step, place);
    }

    /// Adds a step to the path with places alone: what has no tag yet.
    pub(crate) fn push_place(&mut self, step: &str, place: Option<u32>) {
        push_step(&mut self.index_path, step);
        if let Some(place) = place {
            let _ = write!(self.index_path, "[{place}]");
            self.has_index = true;
        }
    }

    /// The path with places, `participants > user[2] > @jid`, if there is one.
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
