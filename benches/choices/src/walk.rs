//! The grammar's walk, reduced to what fills the same two vectors as the library's tree: lengths are held to the bounds,
//! strings are not looked at. Without the two rare forms of JIDs.

mod by_hand;
mod functions;
mod layout;

pub use by_hand::{with_index, with_rest};
pub use functions::{Alternatives, Functions, Nom, with_functions};
pub use layout::{Fields, Kinds, Layout, Word};

/// A node; see `src/node/tree.rs`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record<V> {
    pub tag: V,
    pub content: V,
    pub cells: u32,
    pub cell_count: u32,
    pub end: u32,
}

/// An attribute, or the texts of the JID in the cell before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell<V> {
    pub name: V,
    pub value: V,
}

/// What a walk fills.
#[derive(Debug, Default, PartialEq)]
pub struct Flat<V> {
    pub nodes: Vec<Record<V>>,
    pub cells: Vec<Cell<V>>,
    /// Nodes whose children are being read: index, children left.
    open: Vec<(u32, u32)>,
}

/// A value, and the texts of the JID that it is.
type Value<V> = (V, Option<Cell<V>>);

impl<V: Layout> Flat<V> {
    fn clear(&mut self) {
        self.nodes.clear();
        self.cells.clear();
        self.open.clear();
    }

    #[inline(always)]
    fn attribute(&mut self, name: V, (value, texts): Value<V>) {
        self.cells.push(Cell { name, value });
        if let Some(texts) = texts {
            self.cells.push(texts);
        }
    }

    #[inline(always)]
    fn node(&mut self, tag: V, first_cell: usize, (content, texts): Value<V>) {
        if let Some(texts) = texts {
            self.cells.push(texts);
        }
        let (cells, cell_count) = (first_cell as u32, (self.cells.len() - first_cell) as u32);
        self.nodes.push(Record { tag, content, cells, cell_count, end: self.nodes.len() as u32 + 1 });
    }

    #[inline(always)]
    fn open(&mut self, children: u32) {
        self.open.push((self.nodes.len() as u32 - 1, children));
    }

    /// After a node without children: ends those it is the last of. Gives whether there is nothing more to come.
    #[inline(always)]
    fn is_complete(&mut self) -> bool {
        loop {
            let Some((index, left)) = self.open.last_mut() else { return true };
            *left -= 1;
            if *left > 0 {
                return false;
            }
            let end = self.nodes.len() as u32;
            if let Some(node) = self.nodes.get_mut(*index as usize) {
                node.end = end;
            }
            self.open.pop();
        }
    }
}
