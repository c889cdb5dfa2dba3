//! Paths to nodes, for messages.
#![deny(clippy::indexing_slicing, clippy::string_slice)]

use super::NodeRef;
use crate::printable::push_shortened;

impl NodeRef<'_> {
    /// The tags from the root to here: `call > offer`.
    #[must_use]
    pub fn path(self) -> String {
        self.path_below(Self::root(self.tree))
    }

    /// The tags from `root`, this node or one above it, to here.
    pub(crate) fn path_below(self, root: Self) -> String {
        let mut path = String::new();
        let mut node = root;
        loop {
            push_step(&mut path, node.tag());
            if node.index() >= self.index() {
                return path;
            }
            let below = node.children().find(|child| self.index() < child.record.end);
            let Some(below) = below else { return path };
            node = below;
        }
    }
}

/// What stands between the steps of a path.
pub(crate) const BETWEEN_STEPS: &str = " > ";

/// Adds a tag or `@name` to a path. Names that are long or not printable are shortened and escaped: a path is for
/// messages.
pub(crate) fn push_step(path: &mut String, step: &str) {
    const LONGEST: usize = 64;
    if !path.is_empty() {
        path.push_str(BETWEEN_STEPS);
    }
    push_shortened(path, step, LONGEST);
}
