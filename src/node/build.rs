//! Building a tree, straight into its flat storage.

use std::cell::{RefCell, RefMut};
use std::convert::Infallible;

use bytes::Bytes;

use super::writer::TreeWriter;
use super::{NewContent, NewValue, Node, NodeRef};

/// Writes a tree, or edits one: the same methods, on the node that is open.
///
/// [`Node::build`] and [`Node::edit`] begin one. Every method works on the open node and returns the builder, so calls
/// chain. Closures open the nodes below, and may return anything: mostly what the last method returns, or nothing after a
/// loop. A builder checks nothing: [`encode`](crate::encode()) refuses a tree that cannot be written. What is replaced or
/// removed stays in its memory, and in that of the tree, until that is copied ([`NodeRef::to_node`]). If a closure or an
/// [`Element`] panics and somebody catches that, the node that was open before is open again: [`child`](Self::child) takes
/// the new node away, every other call leaves what was done so far.
///
/// ```
/// use wabinary::{Jid, Node, Server};
///
/// let user = Jid::new("15550001111", Server::Whatsapp)?;
/// let message = Node::build("message")
///     .attr("to", &user)
///     .child("participants", |participants| {
///         for key in [[7; 16], [8; 16]] {
///             participants.child("to", |to| to.attr("jid", &user).child("enc", |enc| enc.attr("v", 2).content(&key)));
///         }
///     })
///     .finish();
/// assert_eq!(message.descend(["participants"]).unwrap().children().len(), 2);
/// # Ok::<(), wabinary::JidError>(())
/// ```
///
/// A builder can wait: nodes that [`begin_child`](Self::begin_child) opens stay open across an `await`. Methods take
/// `&self`, so a future may hold a `Builder` between threads, but not the reference in the middle of a chain: await a value
/// before the chain that needs it.
///
/// ```
/// use wabinary::Node;
/// # async fn encrypt(device: &str) -> Vec<u8> { device.into() }
///
/// async fn message(devices: Vec<String>) -> Node {
///     let message = Node::build("message");
///     message.attr("id", "1").begin_child("participants");
///     for device in &devices {
///         let ciphertext = encrypt(device).await;
///         message.child("to", |to| to.attr("jid", device).child("enc", |enc| enc.bytes(ciphertext)));
///     }
///     message.end_child();
///     message.finish()
/// }
/// fn spawn(_: impl Future<Output = Node> + Send + 'static) {}
/// spawn(message(vec!["15550001111:1@s.whatsapp.net".to_owned()]));
/// ```
// Shared, not exclusive, references: a closure that takes `&Builder` cannot return it, as its type would have to
// depend on the reference's lifetime.
pub struct Builder(RefCell<TreeWriter>);

/// Something that writes itself as a node into a parent.
///
/// ```
/// use wabinary::{Builder, Element, Node};
///
/// struct Ping;
///
/// impl Element for Ping {
///     fn append_to(&self, parent: &Builder) {
///         parent.child("ping", |_| {});
///     }
/// }
///
/// let iq = Node::build("iq").attr("xmlns", "w:p").append(&Ping).finish();
/// assert_eq!(iq.to_string(), r#"<iq xmlns="w:p"><ping/></iq>"#);
/// ```
pub trait Element {
    /// Adds itself to the open node of `parent`.
    fn append_to(&self, parent: &Builder);
}

impl<T: Element + ?Sized> Element for &T {
    fn append_to(&self, parent: &Builder) {
        (**self).append_to(parent);
    }
}

impl Element for Node {
    fn append_to(&self, parent: &Builder) {
        self.as_ref().append_to(parent);
    }
}

impl Element for NodeRef<'_> {
    fn append_to(&self, parent: &Builder) {
        parent.writer().copy(*self);
    }
}

impl Builder {
    pub(super) fn new(tag: &str) -> Self {
        Self(RefCell::new(TreeWriter::with_root(tag)))
    }

    /// With a copy of `node` as the root, which is open.
    pub(super) fn copying(node: NodeRef<'_>) -> Self {
        // A tree as it was decoded has no text that nothing refers to, so it need not be copied text by text.
        if node.index() == 0 && node.tree.names_are_unique {
            return Self(RefCell::new(TreeWriter::reopening(node.tree.clone_with_room())));
        }
        let mut writer = TreeWriter::default();
        writer.tree.make_room(node.tree.run_of(node.record).len());
        writer.copy(node);
        Self(RefCell::new(writer))
    }

    /// With the nodes of `node`, whose root is open.
    pub(super) fn reopening(node: Node) -> Self {
        Self(RefCell::new(TreeWriter::reopening(node.tree)))
    }

    /// While this is held no code of a caller runs, but a `From` in [`attr`](Self::attr).
    #[inline(always)]
    fn writer(&self) -> RefMut<'_, TreeWriter> {
        self.0.borrow_mut()
    }

    /// Does this to the writer when the guard that it returns is dropped: also if a caller's code panics, so that whoever
    /// catches that can go on building.
    #[inline(always)]
    fn at_end<F: FnMut(&mut TreeWriter)>(&self, end: F) -> AtEnd<'_, F> {
        AtEnd { builder: self, end }
    }

    /// Gives the node another tag.
    pub fn retag(&self, tag: &str) -> &Self {
        self.writer().retag(tag);
        self
    }

    /// Adds an attribute after the others.
    ///
    /// # Panics
    /// If a `From` of your own, which makes the value, uses this builder.
    // The value is made last, so that it does not wait in memory while the name is stored: 6 % of building.
    pub fn attr<'v>(&self, name: &str, value: impl Into<NewValue<'v>>) -> &Self {
        let mut writer = self.writer();
        let name = writer.name(name);
        writer.attribute(name, value.into());
        drop(writer);
        self
    }

    /// Adds an attribute if there is a value for it.
    pub fn attr_opt<'v>(&self, name: &str, value: Option<impl Into<NewValue<'v>>>) -> &Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Gives an attribute a value: in its place if there is one of this name, else after the others.
    pub fn set<'v>(&self, name: &str, value: impl Into<NewValue<'v>>) -> &Self {
        let value = value.into();
        self.writer().set(name, value);
        self
    }

    /// Removes every attribute of this name.
    pub fn remove(&self, name: &str) -> &Self {
        self.writer().remove(name);
        self
    }

    /// Adds a child node, which is open inside `fill`. Content other than nodes gives way.
    ///
    /// What `fill` returns is dropped. If it can fail, use [`try_child`](Self::try_child).
    pub fn child<'s, R>(&'s self, tag: &str, fill: impl FnOnce(&'s Self) -> R) -> &'s Self {
        match self.try_child(tag, |child| Ok::<_, Infallible>(fill(child))) {
            Ok(builder) => builder,
            Err(never) => match never {},
        }
    }

    /// Adds a child node, which is open inside `fill`, and takes it away again if `fill` fails. Content other than nodes
    /// gives way in any case.
    ///
    /// # Errors
    /// That of `fill`.
    ///
    /// ```
    /// use wabinary::{Jid, Node};
    ///
    /// let message = Node::build("message");
    /// for jid in ["15550001111@s.whatsapp.net", "1@2@3"] {
    ///     let added = message.try_child("to", |to| Ok::<_, wabinary::JidError>(to.attr("jid", jid.parse::<Jid>()?)));
    ///     assert_eq!(added.is_ok(), jid != "1@2@3");
    /// }
    /// assert_eq!(message.finish().children().len(), 1);
    /// ```
    pub fn try_child<'s, R, E>(
        &'s self,
        tag: &str,
        fill: impl FnOnce(&'s Self) -> Result<R, E>,
    ) -> Result<&'s Self, E> {
        let entered = self.writer().enter(tag);
        let undo = self.at_end(|writer| writer.abandon(entered));
        fill(self)?;
        // Nothing is undone, and nothing is kept: the guard owns no memory.
        std::mem::forget(undo);
        self.writer().leave(entered);
        Ok(self)
    }

    /// Adds a child node and leaves it open, until [`end_child`](Self::end_child) or [`finish`](Self::finish): for what no
    /// closure can span, like an `await`.
    pub fn begin_child(&self, tag: &str) -> &Self {
        self.writer().begin(tag);
        self
    }

    /// Closes the node that [`begin_child`](Self::begin_child) opened last, and goes back to its parent. Without one, and at
    /// the node that a closure was given, it does nothing.
    pub fn end_child(&self) -> &Self {
        self.writer().end();
        self
    }

    /// Adds a node, or anything that writes itself as one. Content other than nodes gives way.
    ///
    /// What an [`Element`] leaves open is closed after it, and it cannot close the node that it is added to.
    pub fn append(&self, element: impl Element) -> &Self {
        self.add(&element);
        self
    }

    #[inline(always)]
    fn add(&self, element: &impl Element) {
        let floor = self.writer().enter_here();
        let end = self.at_end(|writer| writer.leave_here(floor));
        element.append_to(self);
        drop(end);
    }

    /// Adds these nodes, or whatever writes itself as one. Content other than nodes gives way, if there are any.
    ///
    /// ```
    /// use wabinary::Node;
    ///
    /// let old = Node::build("list").child("a", |_| ()).child("b", |b| b.attr("x", 1)).finish();
    /// let new = Node::build("list").children(old.children().filter(|child| child.attrs().len() > 0)).finish();
    /// assert_eq!(new.to_string(), r#"<list><b x="1"/></list>"#);
    /// ```
    pub fn children(&self, elements: impl IntoIterator<Item: Element>) -> &Self {
        elements.into_iter().for_each(|element| self.add(&element));
        self
    }

    /// Opens the first child with this tag inside `edit`; adds one if there is none.
    pub fn at<'s, R>(&'s self, tag: &str, edit: impl FnOnce(&'s Self) -> R) -> &'s Self {
        let found = self.writer().reenter(tag);
        let Some((entered, mut later)) = found else { return self.child(tag, edit) };
        let end = self.at_end(|writer| {
            writer.leave(entered);
            writer.put_back(&mut later);
        });
        drop(edit(self));
        drop(end);
        self
    }

    /// Adds a child before the one at this place, counted from 0, or after all if there are fewer.
    ///
    /// ```
    /// use wabinary::Node;
    ///
    /// let status = Node::build("message").child("enc", |enc| enc.attr("type", "skmsg")).finish();
    /// let sent = status.edit().insert_child(0, "participants", |list| list.child("to", |_| ())).finish();
    /// assert_eq!(sent.children().map(|child| child.tag()).collect::<Vec<_>>(), ["participants", "enc"]);
    /// ```
    pub fn insert_child<'s, R>(&'s self, place: usize, tag: &str, fill: impl FnOnce(&'s Self) -> R) -> &'s Self {
        self.in_gap(place, false, || self.child(tag, fill))
    }

    /// Puts a child in the place of the one there, counted from 0, or after all if there are fewer.
    pub fn replace_child<'s, R>(&'s self, place: usize, tag: &str, fill: impl FnOnce(&'s Self) -> R) -> &'s Self {
        self.in_gap(place, true, || self.child(tag, fill))
    }

    /// Adds a node, or anything that writes itself as one, before the child at this place. An [`Element`] finds only the
    /// children before that place; the others follow when it is done.
    pub fn insert(&self, place: usize, element: impl Element) -> &Self {
        self.in_gap(place, false, || self.append(element))
    }

    /// Puts a node, or anything that writes itself as one, in the place of the child there.
    pub fn replace(&self, place: usize, element: impl Element) -> &Self {
        self.in_gap(place, true, || self.append(element))
    }

    /// Removes the child at this place, counted from 0, if there is one. An empty list of nodes is left of the last.
    pub fn remove_child(&self, place: usize) -> &Self {
        self.in_gap(place, true, || ())
    }

    fn in_gap<R>(&self, place: usize, replaces: bool, add: impl FnOnce() -> R) -> &Self {
        let mut later = self.writer().open_gap(place, replaces);
        let end = self.at_end(|writer| writer.close_gap(&mut later));
        drop(add());
        drop(end);
        self
    }

    /// Gives the node bytes as content, without a copy. Text content is bytes too for every client.
    pub fn bytes(&self, bytes: impl Into<Bytes>) -> &Self {
        self.content(bytes.into())
    }

    /// Gives the node content: bytes to be copied, a text as bytes, a JID, a coded text ([`NewContent::coded`]), or that of
    /// another node. It replaces the content that the node had.
    pub fn content<'c>(&self, content: impl Into<NewContent<'c>>) -> &Self {
        let content = content.into();
        self.writer().content(content);
        self
    }

    /// Gives the node an empty list of nodes as content, which is not the same as none. It replaces the content that the
    /// node had.
    pub fn empty_nodes(&self) -> &Self {
        self.writer().empty_nodes();
        self
    }

    /// Returns the tree, and leaves the builder without one. Nodes that are still open are closed. Inside a closure: a copy
    /// of the open node. A second `finish` returns a node with an empty tag, which [`encode`](crate::encode()) refuses.
    pub fn finish(&self) -> Node {
        self.writer().finish()
    }
}

/// Does something to the writer when it is dropped.
struct AtEnd<'b, F: FnMut(&mut TreeWriter)> {
    builder: &'b Builder,
    end: F,
}

impl<F: FnMut(&mut TreeWriter)> Drop for AtEnd<'_, F> {
    #[inline(always)]
    fn drop(&mut self) {
        (self.end)(&mut self.builder.writer());
    }
}

impl std::fmt::Debug for Builder {
    /// Shows the tag of the open node and the number of nodes, not the values: those may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let writer = self.0.borrow();
        let open = writer.view().map(NodeRef::tag);
        f.debug_struct("Builder").field("open", &open).field("nodes", &writer.tree.count).finish()
    }
}
