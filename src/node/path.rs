//! Paths to nodes, for messages.
#![deny(clippy::indexing_slicing, clippy::string_slice)]

use super::NodeRef;
use crate::error::Paths;

impl NodeRef<'_> {
    /// The tags from the root to here: `call > offer`.
    #[must_use]
    pub fn path(self) -> String {
        self.paths_below(Self::root(self.tree)).path
    }

    /// The tags from `root`, this node or one above it, to here.
    pub(crate) fn paths_below(self, root: Self) -> Paths {
        let mut paths = Paths::default();
        let (mut node, mut place) = (root, None);
        loop {
            paths.push(node.tag(), place);
            if node.index() >= self.index() {
                return paths;
            }
            let siblings = node.children().len();
            let below = (0..).zip(node.children()).find(|(_, child)| self.record.start() < child.record.end());
            let Some((at, below)) = below else { return paths };
            (node, place) = (below, (siblings > 1).then_some(at));
        }
    }
}
