//! Attributes that a stanza's type knows by name, found in one pass over a node.

use super::tree::{Cell, kind};
use super::{Attrs, FromValue, NodeRef, Value};
use crate::error::AttrError;
use crate::token::Dictionary;

/// Names to look for; they are asked for by their position.
pub(crate) struct KnownNames<const N: usize> {
    names: [&'static str; N],
    /// By the number of a single-byte token of each dictionary: the position of its name, or `N`.
    by_token: [[u8; 256]; Dictionary::ALL.len()],
}

impl<const N: usize> KnownNames<N> {
    /// Done at compile time.
    pub(crate) const fn new(names: [&'static str; N]) -> Self {
        let mut by_token = [[N as u8; 256]; Dictionary::ALL.len()];
        let mut dictionary = 0;
        while dictionary < by_token.len() {
            let mut position = 0;
            while position < N {
                if let Some(byte) = Dictionary::ALL[dictionary].single_byte_token(names[position]) {
                    by_token[dictionary][byte as usize] = position as u8;
                }
                position += 1;
            }
            dictionary += 1;
        }
        Self { names, by_token }
    }

    pub(crate) const fn names(&self) -> &[&'static str; N] {
        &self.names
    }
}

/// The attributes of a node, and where those of some names are: for each the cell of the first.
#[derive(Clone, Copy)]
pub(crate) struct KnownAttrs<'a, const N: usize> {
    node: NodeRef<'a>,
    known: &'static KnownNames<N>,
    cells: &'a [Cell],
    at: [usize; N],
}

/// Of a name that is not there: a node has fewer cells.
const ABSENT: usize = usize::MAX;

impl<'a> NodeRef<'a> {
    /// Finds the attributes of these names.
    #[inline]
    pub(crate) fn known_attrs<const N: usize>(self, known: &'static KnownNames<N>) -> KnownAttrs<'a, N> {
        let Attrs { tree, cells } = self.attrs();
        let by_token = &known.by_token[tree.table.dictionary as usize];
        let position = |cell: &Cell| match cell.name.kind() {
            kind::TOKEN if cell.name.as_token().dictionary().is_none() => {
                usize::from(by_token[usize::from(cell.name.as_token().index())])
            }
            of_jid if of_jid & kind::OF_JID != 0 => N,
            _ => known.names.iter().position(|name| *name == tree.text_of(cell.name)).unwrap_or(N),
        };
        let mut at = [ABSENT; N];
        // From behind, so that the first of a name is the one that stays.
        for (index, cell) in cells.iter().enumerate().rev() {
            if let Some(place) = at.get_mut(position(cell)) {
                *place = index;
            }
        }
        KnownAttrs { node: self, known, cells, at }
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
        let cells = self.cells.get(self.at[position]..)?;
        Attrs { tree: self.node.tree, cells }.first_value()
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
