//! Finding attributes and tags by names that are known when the program is compiled.

use super::record::Cell;
use super::tree::{TokenFilter, Tree};
use super::word::Word;
use super::{Attrs, FromValue, NodeRef, Value};
use crate::error::AttrError;
use crate::token::Dictionary;

/// The number of a text without a token, where a tag or value is compared. No word of a tree has this number.
const NO_TOKEN: u16 = u16::MAX;

/// Attribute names that a stanza type reads, by position. Make one in a `static`: the names are looked up in the
/// dictionaries at compile time.
///
/// [`CallAckRef`](crate::stanza::CallAckRef) reads its attributes this way. A view in your own crate is as fast.
///
/// ```
/// use wabinary::{AttrError, Jid, JidRef, KnownAttrs, KnownNames, Node, NodeRef, StanzaError};
///
/// /// A view of `<presence>`.
/// struct Presence<'a>(KnownAttrs<'a, 2>);
///
/// static NAMES: KnownNames<2> = KnownNames::new(["type", "from"]);
///
/// impl<'a> TryFrom<NodeRef<'a>> for Presence<'a> {
///     type Error = StanzaError;
///
///     fn try_from(node: NodeRef<'a>) -> Result<Self, StanzaError> {
///         if node.tag() != "presence" {
///             return Err(StanzaError::Tag { found: node.tag().to_owned(), expected: "presence" });
///         }
///         Ok(Self(node.known_attrs(&NAMES)))
///     }
/// }
///
/// impl<'a> Presence<'a> {
///     /// An attribute that may be absent, with two known values.
///     fn is_available(&self) -> Result<Option<bool>, AttrError> {
///         match self.0.read(0)? {
///             None => Ok(None),
///             Some("available") => Ok(Some(true)),
///             Some("unavailable") => Ok(Some(false)),
///             Some(_) => Err(self.0.node().attr_error("type", r#""available" or "unavailable""#)),
///         }
///     }
///
///     /// An attribute that must be there.
///     fn from_jid(&self) -> Result<JidRef<'a>, AttrError> {
///         self.0.read(1)?.ok_or_else(|| self.0.node().attr_error("from", "a JID"))
///     }
/// }
///
/// let node = Node::build("presence").attr("type", "available").finish();
/// let presence = Presence::try_from(node.as_ref())?;
/// assert_eq!(presence.is_available()?, Some(true));
/// assert_eq!(presence.from_jid().unwrap_err().to_string(), "presence > @from: expected a JID, found no such attribute");
/// # Ok::<(), StanzaError>(())
/// ```
#[derive(Debug)]
pub struct KnownNames<const N: usize> {
    names: [&'static str; N],
    /// For each dictionary the names' tokens, or 0. A name that is a token is stored as one, however it was spelled.
    tokens: [[u16; N]; Dictionary::ALL.len()],
}

impl<const N: usize> KnownNames<N> {
    /// Looks the names up in every dictionary.
    #[must_use]
    pub const fn new(names: [&'static str; N]) -> Self {
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

    /// The names, by position.
    #[must_use]
    pub const fn names(&self) -> &[&'static str; N] {
        &self.names
    }
}

/// A tag or value to compare with, looked up in the dictionaries at compile time: a comparison is mostly one of two numbers.
///
/// ```
/// use wabinary::{KnownText, Node};
///
/// static ACK: KnownText = KnownText::new("ack");
///
/// assert!(Node::build("ack").finish().as_ref().has_tag(&ACK));
/// ```
#[derive(Debug)]
pub struct KnownText {
    text: &'static str,
    /// For each dictionary.
    tokens: [u16; Dictionary::ALL.len()],
}

impl KnownText {
    /// Looks the text up in every dictionary.
    #[must_use]
    pub const fn new(text: &'static str) -> Self {
        let mut tokens = [NO_TOKEN; Dictionary::ALL.len()];
        let mut dictionary = 0;
        while dictionary < tokens.len() {
            if let Some(token) = Dictionary::ALL[dictionary].token(text) {
                tokens[dictionary] = token.id();
            }
            dictionary += 1;
        }
        Self { text, tokens }
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> &'static str {
        self.text
    }

    #[inline(always)]
    fn is_token_of(&self, tree: &Tree, word: Word) -> bool {
        word == Word::from_id(self.tokens[tree.table.dictionary as usize])
    }
}

/// The attributes of a node, read by the positions of their names in a [`KnownNames`]. Made by
/// [`NodeRef::known_attrs`]; `Copy`.
///
/// A name is looked for when it is asked for: a node has a few attributes, and each is compared with one number. A
/// position that the names do not have panics.
#[derive(Clone, Copy)]
pub struct KnownAttrs<'a, const N: usize> {
    node: NodeRef<'a>,
    known: &'static KnownNames<N>,
    tokens: &'static [u16; N],
    cells: &'a [Cell],
    /// Filter of the names that are there. One that it excludes need not be looked for.
    names: TokenFilter,
}

impl<'a> NodeRef<'a> {
    /// The attributes of this node, to be read by the positions of `known`.
    #[inline]
    #[must_use]
    pub fn known_attrs<const N: usize>(self, known: &'static KnownNames<N>) -> KnownAttrs<'a, N> {
        let tree = self.tree;
        // With the texts of JIDs, which are marked, so that none is a name.
        let cells = tree.cells_of(self.record);
        let names = if self.index() == 0 { tree.root_names } else { TokenFilter::default() };
        KnownAttrs { node: self, known, tokens: &known.tokens[tree.table.dictionary as usize], cells, names }
    }

    /// Whether the tag is this text.
    #[inline(always)]
    #[must_use]
    pub fn has_tag(self, known: &KnownText) -> bool {
        known.is_token_of(self.tree, self.record.tag()) || self.tag() == known.text
    }
}

impl<'a, const N: usize> KnownAttrs<'a, N> {
    /// The node whose attributes these are.
    #[inline(always)]
    #[must_use]
    pub fn node(&self) -> NodeRef<'a> {
        self.node
    }

    /// The attribute whose name is at this position, with those after it.
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

    /// The value of the attribute at this position.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Value<'a>> {
        self.find(position)?.first_value()
    }

    /// Reads an attribute that may be absent, as [`NodeRef::get_opt`] does.
    ///
    /// # Errors
    /// A value that is not a `T`.
    #[inline(always)]
    pub fn read<T: FromValue<'a>>(&self, position: usize) -> Result<Option<T>, AttrError> {
        let Some(attribute) = self.find(position) else { return Ok(None) };
        match attribute.read_first() {
            Some(value) => Ok(Some(value)),
            None => Err(self.node.wrong_value(self.known.names[position], T::EXPECTED)),
        }
    }

    /// Reads an attribute, and gives `None` also for a value that is not a `T`.
    #[inline(always)]
    #[must_use]
    pub fn read_if_valid<T: FromValue<'a>>(&self, position: usize) -> Option<T> {
        self.find(position)?.read_first()
    }

    /// Whether the attribute at this position has this text as its value.
    #[inline(always)]
    #[must_use]
    pub fn is(&self, position: usize, known: &KnownText) -> bool {
        let Some(attribute) = self.find(position) else { return false };
        attribute.cells.first().is_some_and(|cell| known.is_token_of(attribute.tree, cell.value))
            || attribute.read_first() == Some(known.text)
    }

    /// Names and values of the attributes that are not among the known ones, in order.
    pub fn others(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        let names = self.known.names();
        self.node.attrs().filter(|(name, _)| !names.contains(name))
    }
}

impl<const N: usize> std::fmt::Debug for KnownAttrs<'_, N> {
    /// Shows the names, not the values: those may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.node.attrs().map(|(name, _)| name)).finish()
    }
}
