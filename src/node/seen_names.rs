//! Finding an attribute name that a node has twice.
#![deny(clippy::indexing_slicing, clippy::string_slice)]

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};

use super::record::Cell;
use super::word::{Kind, Word};
use crate::kernel::filter::Filter;
use crate::token::{Dictionary, Token};

/// Up to this many cells names are compared pair by pair; above, they are looked up.
const FEW: usize = 16;

/// The most names of earlier nodes that stay in memory.
const MOST_OF_OTHERS: usize = 1 << 7;

/// Memory of the search. Linear in the number of attributes, also against names that are chosen to collide: the hash is
/// keyed at random.
#[derive(Default)]
pub(crate) struct SeenNames {
    /// The tokens among the names of the current node, by their numbers. Each number has its own bit.
    tokens: Filter<20>,
    hash: RandomState,
    /// For each hash of a name that is not a token: the node it was seen in last, by `round`, and its cell.
    texts: HashMap<u64, (u32, u32), BuildHasherDefault<Hashed>>,
    /// Counts the nodes searched, so that `texts` need not be cleared for each.
    round: u32,
    /// Cells of the current node that are looked through.
    done: usize,
}

/// How the names of a node are read.
#[derive(Clone, Copy)]
pub(crate) struct Names<'t, T> {
    pub(crate) cells: &'t [Cell],
    pub(crate) text_of: T,
    pub(crate) dictionary: Dictionary,
}

impl SeenNames {
    /// Begins a node.
    #[inline]
    pub(crate) fn begin(&mut self) {
        self.done = 0;
    }

    /// Whether `name` is among the names so far of the node begun last. Need not be asked for every name.
    #[inline]
    pub(crate) fn has<'t, T: Fn(Word) -> &'t [u8]>(&mut self, names: &Names<'t, T>, name: Word) -> bool {
        if names.cells.len() > FEW {
            return self.has_among_many(names, name);
        }
        names.have(name)
    }

    fn has_among_many<'t, T: Fn(Word) -> &'t [u8]>(&mut self, names: &Names<'t, T>, name: Word) -> bool {
        if self.done == 0 {
            if self.texts.len() > MOST_OF_OTHERS {
                self.texts.clear();
            }
            self.round = self.round.wrapping_add(1);
            self.tokens = Filter::EMPTY;
        }
        for (at, cell) in names.cells.iter().enumerate().skip(self.done) {
            if !cell.name.is_of_jid() {
                self.add(names, cell.name, at as u32);
            }
        }
        self.done = names.cells.len();
        let (round, at) = (self.round, names.cells.len() as u32);
        let Some(token) = names.token_of(name) else {
            let hash = self.hash.hash_one((names.text_of)(name));
            let seen = self.texts.insert(hash, (round, at)).filter(|(seen_in, _)| *seen_in == round);
            let Some((_, seen_at)) = seen else {
                // The name's cell comes next.
                self.done += 1;
                return false;
            };
            // Two names of one hash: look at every one rather than at the last.
            let same = |cell: &Cell| (names.text_of)(cell.name) == (names.text_of)(name);
            return names.cells.get(seen_at as usize).is_some_and(same) || names.have(name);
        };
        self.tokens.may_have(token.id().into())
    }

    fn add<'t, T: Fn(Word) -> &'t [u8]>(&mut self, names: &Names<'t, T>, name: Word, at: u32) {
        match names.token_of(name) {
            Some(token) => {
                self.tokens.add(token.id().into());
            }
            None => {
                self.texts.insert(self.hash.hash_one((names.text_of)(name)), (self.round, at));
            }
        }
    }
}

impl<'t, T: Fn(Word) -> &'t [u8]> Names<'t, T> {
    /// The token that a name is, however it is spelled.
    fn token_of(&self, name: Word) -> Option<Token> {
        match name.kind() {
            Kind::TOKEN => Some(name.as_token()),
            _ => self.dictionary.find_bytes((self.text_of)(name)),
        }
    }

    fn have(&self, name: Word) -> bool {
        // A token may also be spelled out. Two tokens, or a token and a text that spells none, are never the same.
        let token = self.token_of(name);
        let text = (self.text_of)(name);
        self.cells.iter().any(|cell| match cell.name.kind() {
            Kind::TOKEN => token == Some(cell.name.as_token()),
            _ => !cell.name.is_of_jid() && (self.text_of)(cell.name) == text,
        })
    }
}

/// Takes a number that is a hash already as its own hash.
#[derive(Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
