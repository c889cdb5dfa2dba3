//! Reading a tree.
#![deny(clippy::indexing_slicing, clippy::string_slice)]

use std::iter::FusedIterator;

use bytes::Bytes;

use super::record::{Cell, Record};
use super::tree::Tree;
use super::word::{Kind, Word};
use super::writer::TreeWriter;
use super::{Builder, Content, FromValue, Node, Rewrite, Value};
use crate::error::AttrError;

/// A view of a node in a tree. `Copy`, two words.
///
/// ```
/// use wabinary::{Content, Node};
///
/// let call = Node::build("call")
///     .child("offer", |offer| {
///         offer.attr("call-id", "0123").child("enc", |enc| {
///             enc.bytes(vec![1, 2, 3]);
///         });
///     })
///     .finish();
/// let enc = call.descend(["offer", "enc"]).unwrap();
/// assert_eq!(enc.bytes(), [1, 2, 3]);
/// assert!(matches!(enc.content(), Content::Bytes(_)));
/// assert_eq!(call.children().map(|child| child.tag()).collect::<Vec<_>>(), ["offer"]);
/// ```
#[derive(Clone, Copy)]
pub struct NodeRef<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) record: Record<'a>,
}

/// A node with an empty tag, for a place without a node. A tree that has a root never returns it.
#[cold]
fn absent() -> Record<'static> {
    Record::NONE
}

impl<'a> NodeRef<'a> {
    #[inline]
    pub(crate) fn root(tree: &'a Tree) -> Self {
        Self::at(tree, 0)
    }

    /// The node at a place.
    #[inline]
    pub(crate) fn at(tree: &'a Tree, place: u32) -> Self {
        let record = match tree.record(place) {
            Some(record) => record,
            None => absent(),
        };
        Self { tree, record }
    }

    /// The node after this one in wire order, in a tree that has one more.
    pub(crate) fn next_in_order(self) -> Self {
        Self::at(self.tree, self.record.cells_end())
    }

    /// Where the node is in its tree: 0 for the root, then in wire order, so that the nodes below a node come right after
    /// it.
    ///
    /// ```
    /// use wabinary::Node;
    ///
    /// let call = Node::build("call").child("offer", |offer| offer.child("enc", |_| {})).child("meta", |_| {}).finish();
    /// assert_eq!(call.as_ref().descendants().map(|node| node.tag()).collect::<Vec<_>>(), ["offer", "enc", "meta"]);
    /// assert_eq!(call.child("meta").map(|meta| meta.index()), Some(3));
    /// ```
    #[inline]
    #[must_use]
    pub fn index(self) -> u32 {
        self.record.index()
    }

    /// The tag.
    #[inline]
    #[must_use]
    pub fn tag(self) -> &'a str {
        self.tree.text_of(self.record.tag())
    }

    /// Names and values of the attributes, in order.
    #[inline]
    #[must_use]
    pub fn attrs(self) -> Attrs<'a> {
        let record = self.record;
        let cells = self.tree.cells_of(record);
        // The last cell is the content's if the content is a JID.
        let of_content = usize::from(record.content().is_jid());
        let of_attributes = cells.get(..cells.len().saturating_sub(of_content));
        Attrs { tree: self.tree, cells: of_attributes.unwrap_or(cells) }
    }

    /// The value of the first attribute of this name.
    #[inline]
    #[must_use]
    pub fn attr(self, name: &str) -> Option<Value<'a>> {
        self.attrs_from(name)?.first_value()
    }

    /// The first attribute of this name, with those after it.
    #[inline]
    pub(super) fn attrs_from(self, name: &str) -> Option<Attrs<'a>> {
        let Attrs { tree, cells } = self.attrs();
        let is_name = |cell: &Cell| !cell.name.is_of_jid() && tree.text_of(cell.name) == name;
        let at = cells.iter().position(is_name)?;
        Some(Attrs { tree, cells: cells.get(at..)? })
    }

    /// Reads a required attribute.
    ///
    /// # Errors
    /// The attribute is missing, or its value is not a `T`.
    pub fn get<T: FromValue<'a>>(self, name: &str) -> Result<T, AttrError> {
        match self.get_opt(name)? {
            Some(value) => Ok(value),
            None => Err(AttrError::new(self.path(), name, T::EXPECTED, true)),
        }
    }

    /// Reads an attribute that may be absent.
    ///
    /// # Errors
    /// The value is not a `T`. Null is not one, unless `T` reads nulls.
    pub fn get_opt<T: FromValue<'a>>(self, name: &str) -> Result<Option<T>, AttrError> {
        self.attr(name).map(|value| self.read(name, value)).transpose()
    }

    /// Reads a value of this node.
    #[inline]
    fn read<T: FromValue<'a>>(self, name: &str, value: Value<'a>) -> Result<T, AttrError> {
        T::from_value(value).ok_or_else(|| self.wrong_value(name, T::EXPECTED))
    }

    #[cold]
    pub(super) fn wrong_value(self, name: &str, expected: &'static str) -> AttrError {
        AttrError::new(self.path(), name, expected, false)
    }

    /// The error for an attribute of this node that is missing, or whose value your own check refuses.
    #[must_use]
    pub fn attr_error(self, name: &str, expected: &'static str) -> AttrError {
        AttrError::new(self.path(), name, expected, self.attr(name).is_none())
    }

    /// The child nodes, in order; none if the content is something else.
    #[inline]
    #[must_use]
    pub fn children(self) -> Children<'a> {
        let content = self.record.content();
        let left = if content.kind() == Kind::NODES { content.length() } else { 0 };
        Children { tree: self.tree, next: self.record.cells_end(), left }
    }

    /// The first child with this tag.
    #[inline]
    #[must_use]
    pub fn child(self, tag: &str) -> Option<Self> {
        self.children().find(|child| child.tag() == tag)
    }

    /// The first child with the first tag, in it the first child with the second, and so on.
    #[must_use]
    pub fn descend<'t>(self, tags: impl IntoIterator<Item = &'t str>) -> Option<Self> {
        tags.into_iter().try_fold(self, |node, tag| node.child(tag))
    }

    /// The content.
    #[inline(always)]
    #[must_use]
    pub fn content(self) -> Content<'a> {
        let record = self.record;
        let word = record.content();
        match word.kind() {
            _ if word == Word::NONE => Content::None,
            Kind::NODES => Content::Nodes(self.children()),
            Kind::BYTES | Kind::COPIED | Kind::BLOB => Content::Bytes(self.tree.bytes_of(word)),
            Kind::JID => match self.tree.cells_of(record).last() {
                Some(texts) => Content::Jid(self.tree.jid_of(word, *texts)),
                None => Content::None,
            },
            _ => Content::Text(self.tree.text_of(word)),
        }
    }

    /// The content as text: a coded text, or bytes that are UTF-8.
    #[must_use]
    pub fn text(self) -> Option<&'a str> {
        match self.content() {
            Content::Text(text) => Some(text),
            Content::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        }
    }

    /// The content as bytes: bytes, or those of a coded text. Empty for any other content.
    #[inline]
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        self.tree.bytes_of(self.record.content())
    }

    /// The same bytes as a handle. If the tree shares them with the frame, the handle does too; otherwise they are copied.
    #[must_use]
    pub fn shared_bytes(self) -> Bytes {
        self.tree.shared_bytes_of(self.record.content())
    }

    /// The whole frame, flag byte included, that the tree was decoded from: what a proxy forwards. `None` for a node
    /// below the root, for a tree that was built or edited, and for one decoded from a slice or a bare body.
    #[must_use]
    pub fn frame(self) -> Option<&'a Bytes> {
        (self.tree.is_frame && self.index() == 0).then_some(&self.tree.shared)
    }

    /// All nodes below this one, in wire order. See [`index`](Self::index).
    pub fn descendants(self) -> impl ExactSizeIterator<Item = Self> {
        let mut last = self;
        (1..self.tree.count_of(self.record)).map(move |_| {
            last = last.next_in_order();
            last
        })
    }

    /// Copies this node and its descendants into a new tree. Content bytes are still shared with the frame.
    #[must_use]
    pub fn to_node(self) -> Node {
        copied(self, false)
    }

    /// See [`Node::edit`]. The copy is of this node and all below it.
    #[must_use]
    pub fn edit(self) -> Builder {
        Builder::copying(self)
    }

    /// See [`Node::rewrite`].
    #[must_use]
    pub fn rewrite(self, rewrite: &mut impl Rewrite) -> Node {
        super::edit::rewrite(self, rewrite)
    }

    /// A copy that shares no memory.
    pub(crate) fn detached(self) -> Node {
        copied(self, true)
    }
}

fn copied(node: NodeRef<'_>, copies_bytes: bool) -> Node {
    let mut writer = TreeWriter::for_copy(copies_bytes);
    writer.copy(node);
    writer.finish()
}

/// Names and values of a node's attributes, in order.
#[derive(Clone)]
pub struct Attrs<'a> {
    pub(super) tree: &'a Tree,
    pub(super) cells: &'a [Cell],
}

impl<'a> Attrs<'a> {
    /// The value of the first attribute.
    #[inline(always)]
    pub(super) fn first_value(&self) -> Option<Value<'a>> {
        self.split_first().map(|(_, value, _)| value)
    }

    /// The same read as a `T`: each kind of value for itself, so that for each it is known what a `T` makes of it.
    #[inline(always)]
    pub(super) fn read_first<T: FromValue<'a>>(&self) -> Option<T> {
        let (cell, rest) = self.cells.split_first()?;
        let word = cell.value;
        match self.tree.table.texts.get(word.id()) {
            Some(_) if word == Word::NONE => T::from_value(Value::Null),
            Some(text) => T::from_value(Value::Text(text)),
            None if word.is_jid() => T::from_value(Value::Jid(self.tree.jid_of(word, *rest.first()?))),
            None => T::from_value(Value::Text(self.tree.characters_of(word))),
        }
    }

    /// The first attribute's name and value, and the cells after it.
    #[inline(always)]
    fn split_first(&self) -> Option<(Word, Value<'a>, &'a [Cell])> {
        let (cell, rest) = self.cells.split_first()?;
        let (name, word) = (cell.name, cell.value);
        Some(match self.tree.table.texts.get(word.id()) {
            Some(_) if word == Word::NONE => (name, Value::Null, rest),
            Some(text) => (name, Value::Text(text), rest),
            None if word.is_jid() => {
                let (texts, rest) = rest.split_first()?;
                (name, Value::Jid(self.tree.jid_of(word, *texts)), rest)
            }
            None => (name, Value::Text(self.tree.characters_of(word)), rest),
        })
    }
}

impl<'a> Iterator for Attrs<'a> {
    type Item = (&'a str, Value<'a>);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        let (name, value, rest) = self.split_first()?;
        self.cells = rest;
        Some((self.tree.text_of(name), value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.cells.iter().filter(|cell| !cell.name.is_of_jid()).count();
        (count, Some(count))
    }
}

impl ExactSizeIterator for Attrs<'_> {}
impl FusedIterator for Attrs<'_> {}

/// The child nodes of a node, in order.
#[derive(Clone)]
pub struct Children<'a> {
    tree: &'a Tree,
    next: u32,
    left: usize,
}

impl<'a> Iterator for Children<'a> {
    type Item = NodeRef<'a>;

    #[inline]
    fn next(&mut self) -> Option<NodeRef<'a>> {
        self.left = self.left.checked_sub(1)?;
        let node = NodeRef::at(self.tree, self.next);
        self.next = node.record.end();
        Some(node)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Children<'_> {}
impl FusedIterator for Children<'_> {}

impl std::fmt::Debug for Children<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl std::fmt::Debug for Attrs<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

impl PartialEq<NodeRef<'_>> for NodeRef<'_> {
    fn eq(&self, other: &NodeRef<'_>) -> bool {
        // Wire order is also the order of storage, so equal trees are equal node by node.
        let same = |one: NodeRef<'_>, other: NodeRef<'_>| {
            one.tag() == other.tag() && same_content(one, other) && one.attrs().eq(other.attrs())
        };
        let (below, others) = (self.descendants(), other.descendants());
        below.len() == others.len() && same(*self, *other) && below.zip(others).all(|(one, other)| same(one, other))
    }
}

impl Eq for NodeRef<'_> {}

fn same_content(one: NodeRef<'_>, other: NodeRef<'_>) -> bool {
    match (one.content(), other.content()) {
        (Content::None, Content::None) => true,
        (Content::Nodes(one), Content::Nodes(other)) => one.len() == other.len(),
        (Content::Bytes(one), Content::Bytes(other)) => one == other,
        (Content::Text(one), Content::Text(other)) => one == other,
        (Content::Jid(one), Content::Jid(other)) => one.same_wire(&other),
        _ => false,
    }
}
