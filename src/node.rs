//! The tree: a tag, attributes, content.

mod build;
mod edit;
mod gap;
mod known;
mod path;
mod put;
mod read;
pub(crate) mod record;
mod seen_names;
pub(crate) mod tree;
mod value;
pub(crate) mod word;
mod writer;

pub use build::{Builder, Element};
pub use edit::Rewrite;
pub use known::{KnownAttrs, KnownNames, KnownText};
pub use put::{NewContent, NewValue};
pub use read::{Attrs, Children, NodeRef};
pub(crate) use seen_names::{Names, SeenNames};
pub use value::{Content, FromValue, UnixSeconds, Value};

use std::sync::Arc;

use bytes::Bytes;

use crate::error::AttrError;
use tree::Tree;

/// A node with all below it: owned, `'static`, `Send` and `Sync`.
///
/// Inside, the tree is flat: a few vectors for all of its nodes, attributes and texts. Content bytes are parts of the
/// frame they were decoded from and are not copied. Cloning takes a handful of allocations, whatever the size.
///
/// Everything is read through [`NodeRef`], a `Copy` view of any node; `Node` repeats its methods.
///
/// ```
/// use wabinary::{Jid, Node, UnixSeconds};
///
/// let ack = Node::build("ack")
///     .attr("id", "OF-0001")
///     .attr("class", "call")
///     .attr("from", Jid::SERVER)
///     .attr("t", 1_700_000_000)
///     .finish();
/// assert_eq!(ack.tag(), "ack");
/// assert_eq!(ack.get::<&str>("id")?, "OF-0001");
/// assert_eq!(ack.get::<Jid>("from")?, Jid::SERVER);
/// assert_eq!(ack.get_opt::<UnixSeconds>("t")?, Some(UnixSeconds(1_700_000_000)));
/// assert_eq!(ack.get_opt::<Jid>("participant")?, None);
/// assert_eq!(ack.to_string(), r#"<ack id="OF-0001" class="call" from="s.whatsapp.net" t="1700000000"/>"#);
/// # Ok::<(), wabinary::AttrError>(())
/// ```
#[derive(Clone)]
pub struct Node {
    pub(crate) tree: Tree,
}

impl Node {
    pub(crate) fn from_tree(tree: Tree) -> Self {
        Self { tree }
    }

    /// The view of the root.
    #[inline]
    #[must_use]
    pub fn as_ref(&self) -> NodeRef<'_> {
        NodeRef::root(&self.tree)
    }

    /// The node with this [`index`](NodeRef::index), or `None` if the tree has fewer nodes.
    ///
    /// A tree never changes, so an index stays valid as long as the tree. It is the same in every clone of it and in every
    /// equal tree. An `Arc<Node>` with an index is a node that can be stored, and sent to another task. The time that this
    /// takes grows with the number of siblings before the node, and before the nodes that it is in.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use wabinary::Node;
    ///
    /// let message = Arc::new(Node::build("message").child("enc", |enc| enc.bytes(vec![1, 2])).finish());
    /// let index = message.child("enc").unwrap().index();
    /// let job = (Arc::clone(&message), index);
    /// let decrypt = std::thread::spawn(move || {
    ///     let (tree, index) = job;
    ///     tree.at(index).map(|enc| enc.bytes().len())
    /// });
    /// assert_eq!(decrypt.join().unwrap(), Some(2));
    /// assert!(message.at(2).is_none());
    /// ```
    #[must_use]
    pub fn at(&self, index: u32) -> Option<NodeRef<'_>> {
        self.tree.record_of_index(index).map(|record| NodeRef { tree: &self.tree, record })
    }

    /// See [`NodeRef::tag`].
    #[must_use]
    pub fn tag(&self) -> &str {
        self.as_ref().tag()
    }

    /// See [`NodeRef::attrs`].
    #[must_use]
    pub fn attrs(&self) -> Attrs<'_> {
        self.as_ref().attrs()
    }

    /// See [`NodeRef::attr`].
    #[must_use]
    pub fn attr(&self, name: &str) -> Option<Value<'_>> {
        self.as_ref().attr(name)
    }

    /// See [`NodeRef::get`].
    ///
    /// # Errors
    /// The attribute is missing, or its value is not a `T`.
    pub fn get<'a, T: FromValue<'a>>(&'a self, name: &str) -> Result<T, AttrError> {
        self.as_ref().get(name)
    }

    /// See [`NodeRef::get_opt`].
    ///
    /// # Errors
    /// The value is not a `T`.
    pub fn get_opt<'a, T: FromValue<'a>>(&'a self, name: &str) -> Result<Option<T>, AttrError> {
        self.as_ref().get_opt(name)
    }

    /// See [`NodeRef::children`].
    #[must_use]
    pub fn children(&self) -> Children<'_> {
        self.as_ref().children()
    }

    /// See [`NodeRef::child`].
    #[must_use]
    pub fn child(&self, tag: &str) -> Option<NodeRef<'_>> {
        self.as_ref().child(tag)
    }

    /// See [`NodeRef::descend`].
    #[must_use]
    pub fn descend<'t>(&self, tags: impl IntoIterator<Item = &'t str>) -> Option<NodeRef<'_>> {
        self.as_ref().descend(tags)
    }

    /// See [`NodeRef::descendants`].
    pub fn descendants(&self) -> impl ExactSizeIterator<Item = NodeRef<'_>> {
        self.as_ref().descendants()
    }

    /// See [`NodeRef::content`].
    #[must_use]
    pub fn content(&self) -> Content<'_> {
        self.as_ref().content()
    }

    /// See [`NodeRef::text`].
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.as_ref().text()
    }

    /// See [`NodeRef::bytes`].
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.as_ref().bytes()
    }

    /// See [`NodeRef::shared_bytes`].
    #[must_use]
    pub fn shared_bytes(&self) -> Bytes {
        self.as_ref().shared_bytes()
    }

    /// See [`NodeRef::frame`].
    #[must_use]
    pub fn frame(&self) -> Option<&Bytes> {
        self.as_ref().frame()
    }

    /// The same tree without a hold on the frame it was decoded from: content bytes are copied.
    ///
    /// A tree keeps its frame as long as it lives, and the frame may keep a large receive buffer.
    ///
    /// ```
    /// let frame = bytes::Bytes::from_static(&[0x00, 0xf8, 0x02, 0x1b, 0xfc, 0x01, 0x2a]);
    /// let node = wabinary::decode(frame)?;
    /// let free = node.detach();
    /// assert_eq!((free.bytes(), free.frame()), (&[0x2a][..], None));
    /// # Ok::<(), wabinary::DecodeError>(())
    /// ```
    #[must_use]
    pub fn detach(self) -> Self {
        self.as_ref().detached()
    }

    /// Starts a new tree at its root.
    #[must_use]
    pub fn build(tag: &str) -> Builder {
        Builder::new(tag)
    }

    /// Starts an edited copy of this tree at its root.
    ///
    /// ```
    /// use wabinary::Node;
    ///
    /// let message = Node::build("message")
    ///     .attr("id", "1")
    ///     .attr("t", 7)
    ///     .child("participants", |_| {})
    ///     .finish();
    /// let edited = message
    ///     .edit()
    ///     .set("id", "2")
    ///     .remove("t")
    ///     .at("participants", |p| p.child("to", |to| to.attr("jid", "x")))
    ///     .finish();
    /// assert_eq!(edited.get::<&str>("id")?, "2");
    /// assert_eq!(edited.attrs().len(), 1);
    /// assert_eq!(edited.descend(["participants", "to"]).map(|to| to.attrs().len()), Some(1));
    /// # Ok::<(), wabinary::AttrError>(())
    /// ```
    #[must_use]
    pub fn edit(&self) -> Builder {
        self.as_ref().edit()
    }

    /// Goes on building this tree, at its root, without a copy. To keep the tree, [`edit`](Self::edit) a copy.
    ///
    /// ```
    /// use wabinary::Node;
    ///
    /// let iq = Node::build("iq").attr("type", "get").finish();
    /// assert_eq!(iq.into_builder().attr("id", "7").finish().to_string(), r#"<iq type="get" id="7"/>"#);
    /// ```
    #[must_use]
    pub fn into_builder(self) -> Builder {
        Builder::reopening(self)
    }

    /// A copy of this tree with values and contents as a [`Rewrite`] gives them.
    #[must_use]
    pub fn rewrite(&self, rewrite: &mut impl Rewrite) -> Self {
        self.as_ref().rewrite(rewrite)
    }
}

/// Equal trees: the same texts, bytes and JIDs in the same order and of the same kinds, wire forms of JIDs included.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.as_ref() == other.as_ref()
    }
}

impl Eq for Node {}

impl PartialEq<NodeRef<'_>> for Node {
    fn eq(&self, other: &NodeRef<'_>) -> bool {
        self.as_ref() == *other
    }
}

impl PartialEq<Node> for NodeRef<'_> {
    fn eq(&self, other: &Node) -> bool {
        *self == other.as_ref()
    }
}

impl<'a> From<&'a Node> for NodeRef<'a> {
    fn from(node: &'a Node) -> Self {
        node.as_ref()
    }
}

/// So that `encode(&stanza)` takes a shared tree too.
impl<'a> From<&'a Arc<Node>> for NodeRef<'a> {
    fn from(node: &'a Arc<Node>) -> Self {
        node.as_ref().as_ref()
    }
}

impl From<NodeRef<'_>> for Node {
    fn from(node: NodeRef<'_>) -> Self {
        node.to_node()
    }
}
