//! Writing in the middle of a tree: what follows is set aside, and put back after what is new.

use super::tree::{Cell, Record, Word, kind};
use super::writer::{Entered, Floor, NO_FLOOR, TreeWriter};

/// Nodes set aside while something grows before them.
pub(super) struct Later {
    nodes: Vec<Record>,
    cells: Vec<Cell>,
    /// Where both started.
    start: (u32, u32),
    floor: Floor,
}

impl TreeWriter {
    /// Opens an existing child for a closure: the first one with this tag. `None` if there is none.
    pub(super) fn reenter(&mut self, tag: &str) -> Option<(Entered, Later)> {
        let child = self.view()?.child(tag)?.index();
        let end = self.tree.nodes[child as usize].end;
        // What follows is set aside, so that the child can grow at the end of the storage.
        let later = self.set_aside(end);
        self.tree.nodes[child as usize].end = std::mem::replace(&mut self.current, child);
        Some((Entered { floor: std::mem::replace(&mut self.floor, child), content: Word::NONE }, later))
    }

    /// Makes a gap before the child at this place, or at the end if there are fewer; with `replaces` in its place.
    pub(super) fn open_gap(&mut self, place: usize, replaces: bool) -> Later {
        let child = self.view().and_then(|node| node.children().nth(place)).map(|child| *child.record);
        let later = match child {
            Some(child) if replaces => {
                let later = self.set_aside(child.end);
                self.tree.nodes.truncate(child.index as usize);
                self.tree.cells.truncate(child.cells as usize);
                if let Some(record) = self.record() {
                    record.content = Word::range(kind::NODES, 0, record.content.length() - 1);
                }
                later
            }
            Some(child) => self.set_aside(child.index),
            None => self.set_aside(self.tree.nodes.len() as u32),
        };
        Later { floor: std::mem::replace(&mut self.floor, self.current), ..later }
    }

    /// Closes a gap, whatever was put into it.
    pub(super) fn close_gap(&mut self, later: Later) {
        self.end_all();
        self.floor = later.floor;
        self.put_back(later);
    }

    fn set_aside(&mut self, start: u32) -> Later {
        let nodes = self.tree.nodes.split_off(start as usize);
        let cells_start = nodes.first().map_or(self.tree.cells.len(), |record| record.cells as usize);
        let cells = self.tree.cells.split_off(cells_start);
        Later { nodes, cells, start: (start, cells_start as u32), floor: NO_FLOOR }
    }

    pub(super) fn put_back(&mut self, mut later: Later) {
        let (start, cells_start) = later.start;
        self.is_last = false;
        let (moved, moved_cells) = (self.tree.nodes.len() as u32, self.tree.cells.len() as u32);
        for record in &mut later.nodes {
            record.end = record.end - start + moved;
            record.index = record.index - start + moved;
            record.cells = record.cells - cells_start + moved_cells;
        }
        self.tree.nodes.append(&mut later.nodes);
        self.tree.cells.append(&mut later.cells);
    }
}
