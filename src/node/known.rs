//! Attributes that a stanza's type knows by name.

use super::tree::{Cell, TokenFilter, Tree, Word};
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
    /// Most names that are not there are not in it either, and need not be looked for.
    names: TokenFilter,
}

/// A text to compare with. What spells it is mostly its token, and then a number is compared.
pub(crate) struct KnownText {
    text: &'static str,
    /// For each dictionary.
    tokens: [u16; Dictionary::ALL.len()],
}

impl KnownText {
    /// Done at compile time. Every dictionary has a token for it.
    pub(crate) const fn new(text: &'static str) -> Self {
        let mut tokens = [0; Dictionary::ALL.len()];
        let mut dictionary = 0;
        while dictionary < tokens.len() {
            let token = Dictionary::ALL[dictionary].token(text);
            assert!(token.is_some(), "every dictionary has to have a token for it");
            if let Some(token) = token {
                tokens[dictionary] = token.id();
            }
            dictionary += 1;
        }
        Self { text, tokens }
    }

    #[inline(always)]
    fn is_token_of(&self, tree: &Tree, word: Word) -> bool {
        word == Word::from_id(self.tokens[tree.table.dictionary as usize])
    }
}

impl<'a> NodeRef<'a> {
    /// The attributes of these names.
    #[inline]
    pub(crate) fn known_attrs<const N: usize>(self, known: &'static KnownNames<N>) -> KnownAttrs<'a, N> {
        let tree = self.tree;
        // With the texts of JIDs, which are marked, so that none is a name.
        let cells = tree.cells_of(self.record);
        let names = if self.index() == 0 { tree.root_names } else { TokenFilter::default() };
        KnownAttrs { node: self, known, tokens: &known.tokens[tree.table.dictionary as usize], cells, names }
    }

    /// Whether its tag is this text.
    #[inline(always)]
    pub(crate) fn has_tag(self, known: &KnownText) -> bool {
        known.is_token_of(self.tree, self.record.tag) || self.tag() == known.text
    }
}

impl<'a, const N: usize> KnownAttrs<'a, N> {
    /// The node whose attributes these are.
    #[inline(always)]
    pub(crate) fn node(&self) -> NodeRef<'a> {
        self.node
    }

    /// The attribute whose name is at this position, with those behind it.
    #[inline(always)]
    fn find(&self, position: usize) -> Option<Attrs<'a>> {
        let token = self.tokens[position];
        if !self.names.may_have(token.into()) {
            return None;
        }
        if token == 0 {
            return self.node.attrs_from(self.known.names[position]);
        }
        let name = Word::from_id(token);
        let mut cells = self.cells;
        while let [cell, behind @ ..] = cells {
            if cell.name == name {
                return Some(Attrs { tree: self.node.tree, cells });
            }
            cells = behind;
        }
        None
    }

    /// Its value.
    #[inline(always)]
    pub(crate) fn get(&self, position: usize) -> Option<Value<'a>> {
        self.find(position)?.first_value()
    }

    /// Its value, read.
    #[inline(always)]
    pub(crate) fn read<T: FromValue<'a>>(&self, position: usize) -> Result<Option<T>, AttrError> {
        let Some(attribute) = self.find(position) else { return Ok(None) };
        match attribute.read_first() {
            Some(value) => Ok(Some(value)),
            None => Err(self.node.wrong_value(self.known.names[position], T::EXPECTED)),
        }
    }

    /// Its value, if there is one and it is of this type.
    #[inline(always)]
    pub(crate) fn value<T: FromValue<'a>>(&self, position: usize) -> Option<T> {
        self.find(position)?.read_first()
    }

    /// Whether it is this text.
    #[inline(always)]
    pub(crate) fn is(&self, position: usize, known: &KnownText) -> bool {
        let Some(attribute) = self.find(position) else { return false };
        attribute.cells.first().is_some_and(|cell| known.is_token_of(attribute.tree, cell.value))
            || attribute.read_first() == Some(known.text)
    }

    /// The attributes of other names, in order.
    pub(crate) fn others(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        let names = self.known.names();
        self.node.attrs().filter(|(name, _)| !names.contains(name))
    }
}
