//! Finding an attribute name that a node has twice.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use super::tree::{Cell, Word, kind};

/// Up to this many cells names are compared pair by pair; above, they are hashed.
const FEW: usize = 16;

/// Memory of the search. Linear in the number of attributes, also against names that are chosen to collide: the hash is
/// keyed at random.
#[derive(Default)]
pub(crate) struct Keys {
    hash: RandomState,
    /// Hash of a name: the round it was seen in, and its cell in the node.
    seen: HashMap<u64, (u32, u32)>,
    /// Counts the nodes searched, so that the map need not be cleared for each.
    round: u32,
    /// Cells of the current node that are in `seen`.
    hashed: usize,
}

impl Keys {
    /// Forgets the names, keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.seen.clear();
        self.round = 0;
        self.hashed = 0;
    }

    /// Whether `name` is among the names of `cells`, the cells so far of a node that is gone through. Called with one
    /// more attribute each time. `text_of` gives the text of a name.
    #[inline]
    pub(crate) fn has<'t>(&mut self, cells: &[Cell], name: Word, text_of: impl Fn(Word) -> &'t [u8]) -> bool {
        if cells.len() > FEW {
            return self.has_hashed(cells, name, text_of);
        }
        self.hashed = 0;
        scan(cells, name, text_of)
    }

    #[cold]
    fn has_hashed<'t>(&mut self, cells: &[Cell], name: Word, text_of: impl Fn(Word) -> &'t [u8]) -> bool {
        if self.hashed == 0 {
            self.round = self.round.wrapping_add(1);
        }
        for (at, cell) in cells.iter().enumerate().skip(self.hashed) {
            if cell.name.kind() & kind::OF_JID == 0 {
                self.seen.insert(self.hash.hash_one(text_of(cell.name)), (self.round, at as u32));
            }
        }
        self.hashed = cells.len();
        match self.seen.get(&self.hash.hash_one(text_of(name))) {
            Some(&(round, at)) if round == self.round => {
                // Two names of one hash: look at every one rather than at the last.
                cells.get(at as usize).is_some_and(|cell| text_of(cell.name) == text_of(name))
                    || scan(cells, name, text_of)
            }
            _ => false,
        }
    }
}

#[inline]
fn scan<'t>(cells: &[Cell], name: Word, text_of: impl Fn(Word) -> &'t [u8]) -> bool {
    let is_token = name.kind() == kind::TOKEN;
    cells.iter().any(|cell| {
        // A token may also be spelled out, so only two tokens are told apart by number.
        let other = cell.name;
        other == name
            || (!(is_token && other.kind() == kind::TOKEN)
                && other.kind() & kind::OF_JID == 0
                && text_of(other) == text_of(name))
    })
}
