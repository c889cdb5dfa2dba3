//! Building a tree, straight into its flat storage.

use bytes::Bytes;

use super::tree::{Cell, Record, Tree, Word, kind};
use super::{NewContent, NewValue, Node, NodeRef};

/// Writes a tree, or edits one: the same methods, on the node that is open.
///
/// Begun by [`Node::build`] or [`Node::edit`]; closures open the nodes below. Nothing is checked here; what cannot be
/// written is an error of [`encode`](crate::encode()).
///
/// ```
/// use wabinary::{Jid, Node, Server};
///
/// let devices = [0, 3].map(|device| Jid::from(Jid::new("15550001111", Server::Whatsapp).unwrap().as_ref().with_device(device).unwrap()));
/// let message = Node::build("message")
///     .attr("to", "x")
///     .child("participants", |participants| {
///         for device in &devices {
///             participants.child("to", |to| {
///                 to.attr("jid", device).child("enc", |enc| {
///                     enc.attr("v", 2).bytes(vec![7; 16]);
///                 });
///             });
///         }
///     })
///     .finish();
/// assert_eq!(message.descend(["participants"]).unwrap().children().len(), 2);
/// ```
pub struct Builder {
    tree: Tree,
    /// The node that is open. Every node behind it is below it.
    current: u32,
    /// Whether there are nodes, so that the tree's dictionary is settled.
    has_dictionary: bool,
    pub(super) copies_bytes: bool,
}

/// Something that writes itself as a node into a parent.
///
/// ```
/// use wabinary::{Builder, Element, Node};
///
/// struct Ping;
///
/// impl Element for Ping {
///     fn append_to(&self, parent: &mut Builder) {
///         parent.child("ping", |_| {});
///     }
/// }
///
/// let iq = Node::build("iq").attr("xmlns", "w:p").append(&Ping).finish();
/// assert_eq!(iq.to_string(), r#"<iq xmlns="w:p"><ping/></iq>"#);
/// ```
pub trait Element {
    /// Adds itself to the open node of `parent`.
    fn append_to(&self, parent: &mut Builder);
}

impl<T: Element + ?Sized> Element for &T {
    fn append_to(&self, parent: &mut Builder) {
        (**self).append_to(parent);
    }
}

impl Element for Node {
    fn append_to(&self, parent: &mut Builder) {
        self.as_ref().append_to(parent);
    }
}

impl Element for NodeRef<'_> {
    fn append_to(&self, parent: &mut Builder) {
        parent.add_to_children(|builder| builder.copy(*self));
    }
}

impl Builder {
    pub(super) fn empty() -> Self {
        Self { tree: Tree::default(), current: 0, has_dictionary: false, copies_bytes: false }
    }

    pub(super) fn new(tag: &str) -> Self {
        Self { tree: Tree::with_root(tag), current: 0, has_dictionary: true, copies_bytes: false }
    }

    /// With a copy of `node` as the root, which is open.
    pub(super) fn reopening(node: NodeRef<'_>) -> Self {
        let mut builder = Self::empty();
        builder.tree.make_room();
        builder.copy(node);
        builder
    }

    /// Gives the node another tag.
    pub fn retag(&mut self, tag: &str) -> &mut Self {
        let tag = self.tree.put_text(tag);
        if let Some(record) = self.record() {
            record.tag = tag;
        }
        self
    }

    /// Adds an attribute behind the others.
    pub fn attr<'v>(&mut self, name: &str, value: impl Into<NewValue<'v>>) -> &mut Self {
        let name = self.tree.put_text(name);
        let (value, texts) = self.tree.put_value(value.into());
        self.add_cells(Cell { name, value }, texts);
        self
    }

    /// Adds an attribute if there is a value for it.
    pub fn attr_opt<'v>(&mut self, name: &str, value: Option<impl Into<NewValue<'v>>>) -> &mut Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Gives an attribute a value: in its place if there is one of this name, else behind the others.
    pub fn set<'v>(&mut self, name: &str, value: impl Into<NewValue<'v>>) -> &mut Self {
        let Some((at, cells)) = self.find_attribute(name) else { return self.attr(name, value) };
        let name = self.tree.cells[at].name;
        let (value, texts) = self.tree.put_value(value.into());
        self.replace_cells(at, cells, Cell { name, value }, texts);
        self
    }

    /// Removes every attribute of this name.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        while let Some((at, cells)) = self.find_attribute(name) {
            self.splice_cells(at, cells, &[]);
        }
        self
    }

    /// Adds a child node, which is open inside `fill`. Content other than nodes gives way.
    pub fn child(&mut self, tag: &str, fill: impl FnOnce(&mut Self)) -> &mut Self {
        let parent = self.begin_child(tag);
        fill(self);
        self.end_child(parent);
        self
    }

    /// Adds a child node and leaves it open: what [`child`](Self::child) does before its closure. Gives the node to go
    /// back to.
    pub(crate) fn begin_child(&mut self, tag: &str) -> u32 {
        let parent = self.current;
        let mut child = parent;
        self.add_to_children(|builder| child = builder.open(tag));
        self.current = child;
        parent
    }

    /// Goes back from the node that is open, behind which nothing is open.
    pub(crate) fn end_child(&mut self, parent: u32) {
        self.close();
        self.current = parent;
    }

    /// Adds a node, or anything that writes itself as one. Content other than nodes gives way.
    pub fn append(&mut self, element: impl Element) -> &mut Self {
        element.append_to(self);
        self
    }

    /// Opens the first child with this tag inside `edit`; adds one if there is none.
    pub fn at(&mut self, tag: &str, edit: impl FnOnce(&mut Self)) -> &mut Self {
        let found = self.view().and_then(|node| node.child(tag)).map(|child| child.index());
        let Some(child) = found else { return self.child(tag, edit) };
        // What follows the child is set aside, so that the child can grow at the end of the storage.
        let old_end = self.tree.nodes[child as usize].end;
        let mut later = self.tree.nodes.split_off(old_end as usize);
        let cells_end = later.first().map_or(self.tree.cells.len(), |record| record.cells as usize);
        let mut later_cells = self.tree.cells.split_off(cells_end);
        let parent = std::mem::replace(&mut self.current, child);
        edit(self);
        self.close();
        self.current = parent;
        let moved = self.tree.nodes.len() as u32;
        let moved_cells = self.tree.cells.len() as u32;
        for record in &mut later {
            record.end = record.end - old_end + moved;
            record.index = record.index - old_end + moved;
            record.cells = record.cells - cells_end as u32 + moved_cells;
        }
        self.tree.nodes.append(&mut later);
        self.tree.cells.append(&mut later_cells);
        self
    }

    /// Gives the node bytes as content, without a copy. Text content is bytes too for every client.
    pub fn bytes(&mut self, bytes: impl Into<Bytes>) -> &mut Self {
        self.content(bytes.into())
    }

    /// Gives the node content other than nodes: bytes to be copied, a text as bytes, a JID, a coded text
    /// ([`NewContent::coded`]). What was there gives way.
    pub fn content<'c>(&mut self, content: impl Into<NewContent<'c>>) -> &mut Self {
        self.drop_content();
        let (word, texts) = self.tree.put_content(content.into());
        if let Some(texts) = texts {
            let at = self.end_of_attributes();
            self.splice_cells(at, 0, &[texts]);
        }
        if let Some(record) = self.record() {
            record.content = word;
        }
        self
    }

    /// Gives the node an empty list of nodes as content, which is not the same as none. What was there gives way.
    pub fn empty_nodes(&mut self) -> &mut Self {
        self.drop_content();
        if let Some(record) = self.record() {
            record.content = Word::range(kind::NODES, 0, 0);
        }
        self
    }

    /// Gives the tree, and leaves the builder without one. Inside a closure: a copy of the open node.
    pub fn finish(&mut self) -> Node {
        self.close();
        if self.current != 0 {
            return NodeRef::at(&self.tree, self.current).to_node();
        }
        self.has_dictionary = false;
        // The last text is packed sooner with something behind it (`kernel::packed`), if there is room already.
        const BEHIND: &str = "                ";
        if self.tree.text.capacity() - self.tree.text.len() >= BEHIND.len() {
            self.tree.text.push_str(BEHIND);
        }
        Node::from_tree(std::mem::take(&mut self.tree))
    }

    fn record(&mut self) -> Option<&mut Record> {
        self.tree.nodes.get_mut(self.current as usize)
    }

    /// The open node; its `end` may be out of date.
    fn view(&self) -> Option<NodeRef<'_>> {
        let index = self.current;
        self.tree.nodes.get(index as usize).map(|_| NodeRef::at(&self.tree, index))
    }

    fn open(&mut self, tag: &str) -> u32 {
        let index = self.tree.nodes.len();
        if index >= u32::MAX as usize {
            self.tree.overflow = true;
        }
        self.has_dictionary = true;
        let tag = self.tree.put_text(tag);
        let cells = self.tree.cells.len() as u32;
        // Where it ends is told when it is closed.
        self.tree.nodes.push(Record { tag, content: Word::NONE, cells, cell_count: 0, end: 0, index: index as u32 });
        index as u32
    }

    fn close(&mut self) {
        let end = self.tree.nodes.len() as u32;
        if let Some(record) = self.record() {
            record.end = end;
        }
    }

    /// Lets `add` put one node behind the children of the open node.
    fn add_to_children(&mut self, add: impl FnOnce(&mut Self)) {
        // An empty builder takes the node as its root.
        if self.record().is_some_and(|record| record.content.kind() != kind::NODES) {
            self.drop_content();
        }
        if let Some(record) = self.record() {
            record.content = Word::range(kind::NODES, 0, record.content.length() + 1);
        }
        add(self);
    }

    fn drop_content(&mut self) {
        let current = self.current as usize;
        let Some(record) = self.tree.nodes.get_mut(current) else { return };
        let content = std::mem::replace(&mut record.content, Word::NONE);
        if content.kind() == kind::JID {
            record.cell_count -= 1;
        }
        let cells = (record.cells + record.cell_count) as usize;
        self.tree.nodes.truncate(current + 1);
        self.tree.cells.truncate(cells);
    }

    /// Copies a node and all below it to the end of the storage.
    fn copy(&mut self, node: NodeRef<'_>) {
        let other = node.tree;
        if !std::mem::replace(&mut self.has_dictionary, true) {
            self.tree.table = other.table;
        }
        let same_dictionary = self.tree.table.dictionary == other.table.dictionary;
        let shares = !self.copies_bytes;
        self.tree.overflow |= other.overflow;
        let first = self.tree.nodes.len() as u32;
        let source = other.nodes.get(node.index() as usize..node.record.end as usize).unwrap_or(&[]);
        self.tree.nodes.reserve(source.len());
        self.tree.cells.reserve(count_cells(source));
        if node.index() == 0 {
            self.tree.text.reserve(other.text.len());
        }
        for record in source {
            let cells = self.tree.cells.len() as u32;
            for cell in other.cells_of(record) {
                let name = self.tree.put_word(other, cell.name.plain(), same_dictionary, shares);
                let value = self.tree.put_word(other, cell.value, same_dictionary, shares);
                let of_jid = cell.name.kind() & kind::OF_JID != 0;
                self.tree.cells.push(Cell { name: if of_jid { name.of_jid() } else { name }, value });
            }
            let tag = self.tree.put_word(other, record.tag, same_dictionary, shares);
            let content = self.tree.put_word(other, record.content, same_dictionary, shares);
            let [end, index] = [record.end, record.index].map(|index| index - node.index() + first);
            self.tree.nodes.push(Record { tag, content, cells, cell_count: record.cell_count, end, index });
        }
    }

    /// Where the next attribute's cell belongs: before the cell of a content JID.
    fn end_of_attributes(&mut self) -> usize {
        let Some(record) = self.record() else { return 0 };
        let of_content = u32::from(record.content.kind() == kind::JID);
        (record.cells + record.cell_count - of_content) as usize
    }

    /// The first cell of the first attribute of this name, and how many cells it has.
    fn find_attribute(&mut self, name: &str) -> Option<(usize, usize)> {
        let end = self.end_of_attributes();
        let start = self.record()?.cells as usize;
        let cells = self.tree.cells.get(start..end)?;
        let is_name = |cell: &Cell| cell.name.kind() & kind::OF_JID == 0 && self.tree.text_of(cell.name) == name;
        let at = cells.iter().position(is_name)?;
        let count = if cells[at].value.kind() == kind::JID { 2 } else { 1 };
        Some((start + at, count))
    }

    /// Adds an attribute behind the others. A builder mostly is at the end of the storage.
    #[inline(always)]
    fn add_cells(&mut self, attribute: Cell, texts: Option<Cell>) {
        let is_last = self.current as usize + 1 == self.tree.nodes.len();
        match self.tree.nodes.last_mut() {
            Some(record) if is_last && record.content.kind() != kind::JID => {
                record.cell_count += 1 + u32::from(texts.is_some());
                self.tree.cells.push(attribute);
                self.tree.cells.extend(texts);
            }
            _ => {
                let at = self.end_of_attributes();
                self.replace_cells(at, 0, attribute, texts);
            }
        }
    }

    /// Puts an attribute in the place of `old` cells.
    #[inline(never)]
    fn replace_cells(&mut self, at: usize, old: usize, attribute: Cell, texts: Option<Cell>) {
        match texts {
            Some(texts) => self.splice_cells(at, old, &[attribute, texts]),
            None => self.splice_cells(at, old, &[attribute]),
        }
    }

    /// Replaces cells of the open node. Quick at the end of the storage, which is where a builder mostly is.
    fn splice_cells(&mut self, at: usize, old: usize, new: &[Cell]) {
        let current = self.current as usize;
        let Some((record, below)) = self.tree.nodes.get_mut(current..).and_then(<[Record]>::split_first_mut) else {
            return;
        };
        record.cell_count = record.cell_count - old as u32 + new.len() as u32;
        if at + old == self.tree.cells.len() {
            self.tree.cells.truncate(at);
            self.tree.cells.extend_from_slice(new);
        } else {
            self.tree.cells.splice(at..at + old, new.iter().copied());
        }
        // Also those without cells: they may be given some.
        for record in below {
            record.cells = record.cells - old as u32 + new.len() as u32;
        }
    }
}

impl std::fmt::Debug for Builder {
    /// Shows the tag of the open node and the number of nodes, not the values: those may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open = self.view().map(NodeRef::tag);
        f.debug_struct("Builder").field("open", &open).field("nodes", &self.tree.nodes.len()).finish()
    }
}

/// How many cells nodes have that stand in a row.
fn count_cells(nodes: &[Record]) -> usize {
    let start = nodes.first().map_or(0, |first| first.cells);
    nodes.last().map_or(0, |last| (last.cells + last.cell_count - start) as usize)
}
