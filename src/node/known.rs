//! Attributes that a stanza's type knows by name.

use super::tree::{Cell, Word};
use super::{Attrs, FromValue, NodeRef, Value};
use crate::error::AttrError;
use crate::token::Dictionary;

/// Names to look for; they are asked for by their position.
pub(crate) struct KnownNames<const N: usize> {
    names: [&'static str; N],
    /// For each dictionary the names' tokens, or 0. A name that is a token is stored as one, however it was spelled.
    tokens: [[u16; N]; Dictionary::ALL.len()],
}

impl<const N: usize> KnownNames<N> {
    /// Done at compile time.
    pub(crate) const fn new(names: [&'static str; N]) -> Self {
        let mut tokens = [[0; N]; Dictionary::ALL.len()];
        let mut dictionary = 0;
        while dictionary < tokens.len() {
            let mut position = 0;
            while position < N {
                if let Some(token) = Dictionary::ALL[dictionary].token(names[position]) {
                    tokens[dictionary][position] = token.id();
                }
                position += 1;
            }
            dictionary += 1;
        }
        Self { names, tokens }
    }

    pub(crate) const fn names(&self) -> &[&'static str; N] {
        &self.names
    }
}

/// The attributes of a node, of which those of some names are read. They are looked for when they are asked for: a node
/// has a few, and each is compared with one number.
#[derive(Clone, Copy)]
pub(crate) struct KnownAttrs<'a, const N: usize> {
    node: NodeRef<'a>,
    known: &'static KnownNames<N>,
    tokens: &'static [u16; N],
    cells: &'a [Cell],
    /// A bit for each name, so that most of those that are not there need not be looked for.
    marks: u64,
}

/// The bit of a name among [`KnownAttrs::marks`].
#[inline(always)]
fn mark(name: Word) -> u64 {
    1 << (name.id() & 63)
}

impl<'a> NodeRef<'a> {
    /// The attributes of these names.
    #[inline]
    pub(crate) fn known_attrs<const N: usize>(self, known: &'static KnownNames<N>) -> KnownAttrs<'a, N> {
        let Attrs { tree, cells } = self.attrs();
        let marks = cells.iter().fold(0, |marks, cell| marks | mark(cell.name));
        KnownAttrs { node: self, known, tokens: &known.tokens[tree.table.dictionary as usize], cells, marks }
    }
}

impl<'a, const N: usize> KnownAttrs<'a, N> {
    /// The node whose attributes these are.
    #[inline(always)]
    pub(crate) fn node(&self) -> NodeRef<'a> {
        self.node
    }

    /// The value of the attribute whose name is at this position.
    #[inline(always)]
    pub(crate) fn get(&self, position: usize) -> Option<Value<'a>> {
        let token = self.tokens[position];
        if token == 0 {
            return self.node.attr(self.known.names[position]);
        }
        let name = Word::from_id(token);
        if self.marks & mark(name) == 0 {
            return None;
        }
        let at = self.cells.iter().position(|cell| cell.name == name)?;
        Attrs { tree: self.node.tree, cells: &self.cells[at..] }.first_value()
    }

    /// Reads it.
    #[inline(always)]
    pub(crate) fn read<T: FromValue<'a>>(&self, position: usize) -> Result<Option<T>, AttrError> {
        match self.get(position) {
            Some(value) => self.node.read(self.known.names[position], value).map(Some),
            None => Ok(None),
        }
    }

    /// Its value, if there is one and it is of this type.
    pub(crate) fn value<T: FromValue<'a>>(&self, position: usize) -> Option<T> {
        T::from_value(self.get(position)?)
    }

    /// The attributes of other names, in order.
    pub(crate) fn others(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        let names = self.known.names();
        self.node.attrs().filter(|(name, _)| !names.contains(name))
    }
}
