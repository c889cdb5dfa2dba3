//! Writing in the middle of a tree: what follows is set aside, and put back after what is new.

use super::record::{Cell, Record, shift};
use super::word::{Kind, Word};
use super::writer::{Entered, Floor, NO_FLOOR, TreeWriter};

/// Nodes set aside while something grows before them.
pub(super) struct Later {
    cells: Vec<Cell>,
    count: u32,
    /// How many of them are children of the open node, which does not count them meanwhile.
    children: usize,
    /// Where they started, and how many nodes were before them.
    start: (u32, u32),
    floor: Floor,
}

impl TreeWriter {
    /// Opens an existing child for a closure: the first one with this tag. `None` if there is none.
    pub(super) fn reenter(&mut self, tag: &str) -> Option<(Entered, Later)> {
        let record = self.view()?.child(tag)?.record;
        let (child, end) = (record.start(), record.end());
        // What follows is set aside, so that the child can grow at the end of the storage.
        let later = self.set_aside(end);
        let parent = std::mem::replace(&mut self.current, child);
        self.foot()?.replace_below(parent);
        Some((Entered { floor: std::mem::replace(&mut self.floor, child), content: Word::NONE }, later))
    }

    /// Makes a gap before the child at this place, or at the end if there are fewer; with `replaces` in its place. Until it
    /// is closed, the open node is one that ends there.
    pub(super) fn open_gap(&mut self, place: usize, replaces: bool) -> Later {
        let child = self.view().and_then(|node| Some((node, node.children().nth(place)?.record)));
        let later = match child.map(|(node, child)| (node.children().len() - place, child.start(), child.end())) {
            Some((children, start, end)) => {
                let later = self.set_aside(if replaces { end } else { start });
                self.truncate(start);
                self.set_content(Word::range(Kind::NODES, 0, place));
                Later { children: children - usize::from(replaces), ..later }
            }
            None => self.set_aside(self.tree.cells.len() as u32),
        };
        Later { floor: self.enter_here(), ..later }
    }

    /// Closes a gap, whatever was put into it. Content other than nodes gives way to nodes that follow.
    pub(super) fn close_gap(&mut self, later: &mut Later) {
        self.leave_here(later.floor);
        if later.children > 0 {
            let before = self.view().map_or(0, |node| node.children().len());
            if before == 0 {
                self.drop_content();
            }
            self.set_content(Word::range(Kind::NODES, 0, before + later.children));
        }
        self.put_back(later);
    }

    fn set_aside(&mut self, start: u32) -> Later {
        let index = self.tree.record(start).map_or(self.tree.count, Record::index);
        let count = self.tree.count - index;
        self.tree.count = index;
        let cells = self.tree.cells.split_off(start as usize);
        Later { cells, count, children: 0, start: (start, index), floor: NO_FLOOR }
    }

    pub(super) fn put_back(&mut self, later: &mut Later) {
        let (start, index) = later.start;
        self.is_last = false;
        let (moved, moved_nodes) = (self.tree.cells.len() as u32, self.tree.count);
        shift(&mut later.cells, moved.wrapping_sub(start), moved_nodes.wrapping_sub(index));
        self.tree.cells.append(&mut later.cells);
        self.tree.count += later.count;
    }
}
