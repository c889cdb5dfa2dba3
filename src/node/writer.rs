//! Writing into the flat storage of a tree: what builders, edits and rewriting share.

use super::tree::{Cell, Origin, Record, TokenFilter, Tree, Word, kind};
use super::{NewContent, NewValue, Node, NodeRef};

/// A tree that is written, and the node that is open. Every node after it is below it.
///
/// The `end` of an open node is not known yet. Until it is closed it holds the index of its parent.
pub(crate) struct TreeWriter {
    pub(super) tree: Tree,
    pub(super) current: u32,
    /// The node of the closure that runs, which [`end`](Self::end) does not leave.
    pub(super) floor: Floor,
    /// Whether attributes go to the end of the storage: the open node is the last one, and its content is not a JID. `false`
    /// if that is not known.
    pub(super) is_last: bool,
    copies_bytes: bool,
}

/// The index of a node, or outside of closures [`NO_FLOOR`].
pub(super) type Floor = u32;
/// No node has this index: `finish` refuses so many.
pub(super) const NO_FLOOR: Floor = u32::MAX;

/// Where a closure was entered, to go back to.
pub(super) struct Entered {
    pub(super) floor: Floor,
    /// The parent's content before, if it was none or nodes.
    pub(super) content: Word,
}

impl Default for TreeWriter {
    fn default() -> Self {
        Self { tree: Tree::default(), current: 0, floor: NO_FLOOR, is_last: false, copies_bytes: false }
    }
}

impl TreeWriter {
    #[inline]
    pub(super) fn with_root(tag: &str) -> Self {
        let tree = Tree::with_root(tag);
        Self { tree, current: 0, floor: NO_FLOOR, is_last: true, copies_bytes: false }
    }

    /// For a copy, of bytes too if they are not to be shared.
    pub(super) fn for_copy(copies_bytes: bool) -> Self {
        Self { copies_bytes, ..Self::default() }
    }

    /// Goes on with a tree: its root is open.
    pub(super) fn reopening(tree: Tree) -> Self {
        let tree =
            Tree { origin: Origin::Nowhere, root_names: TokenFilter::default(), names_are_unique: false, ..tree };
        Self { tree, ..Self::default() }
    }

    pub(super) fn retag(&mut self, tag: &str) {
        let tag = self.tree.put_text(tag);
        if let Some(record) = self.record() {
            record.tag = tag;
        }
    }

    #[inline(always)]
    pub(super) fn name(&mut self, name: &str) -> Word {
        self.tree.put_text(name)
    }

    #[inline(always)]
    pub(super) fn attribute(&mut self, name: Word, value: NewValue<'_>) {
        let (value, texts) = self.tree.put_value(value);
        self.add_cells(Cell { name, value }, texts);
    }

    pub(super) fn set(&mut self, name: &str, value: NewValue<'_>) {
        let Some((at, cells)) = self.find_attribute(name) else {
            let name = self.name(name);
            return self.attribute(name, value);
        };
        let name = self.tree.cells[at].name;
        let (value, texts) = self.tree.put_value(value);
        self.replace_cells(at, cells, Cell { name, value }, texts);
    }

    pub(super) fn remove(&mut self, name: &str) {
        while let Some((at, cells)) = self.find_attribute(name) {
            self.splice_cells(at, cells, &[]);
        }
    }

    pub(super) fn content(&mut self, content: NewContent<'_>) {
        self.drop_content();
        let (word, texts) = self.tree.put_content(content);
        if let Some(texts) = texts {
            self.is_last = false;
            let at = self.end_of_attributes();
            self.splice_cells(at, 0, &[texts]);
        }
        if let Some(record) = self.record() {
            record.content = word;
        }
    }

    pub(super) fn empty_nodes(&mut self) {
        self.drop_content();
        if let Some(record) = self.record() {
            record.content = Word::range(kind::NODES, 0, 0);
        }
    }

    /// Opens a new child of the open node. Returns the node's content before, if it was nodes.
    #[inline(always)]
    pub(super) fn begin(&mut self, tag: &str) -> Word {
        let content = self.count_child();
        let tag = self.tree.put_text(tag);
        self.current = self.tree.begin(tag, self.current);
        self.is_last = true;
        content
    }

    /// Closes the open node, unless it is the outermost one or that of a closure.
    pub(super) fn end(&mut self) {
        let outermost = if self.floor == NO_FLOOR { 0 } else { self.floor };
        if self.current != outermost {
            self.close();
        }
    }

    /// Opens a new child for a closure.
    pub(super) fn enter(&mut self, tag: &str) -> Entered {
        let content = self.begin(tag);
        Entered { floor: std::mem::replace(&mut self.floor, self.current), content }
    }

    /// Closes the node that was opened for a closure, and all that the closure left open.
    pub(super) fn leave(&mut self, entered: Entered) {
        self.end_all();
        self.close();
        self.floor = entered.floor;
    }

    /// Closes what a closure left open.
    #[inline(always)]
    pub(super) fn end_all(&mut self) {
        while self.current > self.floor {
            self.close();
        }
    }

    /// Leaves as [`leave`](Self::leave) does, and takes the node away again.
    pub(super) fn abandon(&mut self, entered: Entered) {
        let child = self.floor;
        let content = entered.content;
        self.leave(entered);
        if let Some(record) = self.tree.nodes.get(child as usize) {
            self.tree.cells.truncate(record.cells as usize);
            self.tree.nodes.truncate(child as usize);
        }
        if let Some(record) = self.record() {
            record.content = content;
        }
    }

    /// Takes the tree, all of which is closed then. Inside a closure: a copy of the open node.
    pub(super) fn finish(&mut self) -> Node {
        if self.floor != NO_FLOOR {
            let (current, end) = (self.current, self.tree.nodes.len() as u32);
            let Some(parent) = self.record().map(|record| std::mem::replace(&mut record.end, end)) else {
                return Node::from_tree(Tree::default());
            };
            let copy = NodeRef::at(&self.tree, current).to_node();
            if let Some(record) = self.record() {
                record.end = parent;
            }
            return copy;
        }
        while self.current != 0 {
            self.close();
        }
        // What a root's `end` was does not matter.
        self.close();
        self.current = 0;
        self.tree.overflow |= self.tree.nodes.len() >= NO_FLOOR as usize;
        // The last text is packed sooner with something behind it (`kernel::packed`), if there is room already.
        const BEHIND: &str = "                ";
        if self.tree.text.capacity() - self.tree.text.len() >= BEHIND.len() {
            self.tree.text.push_str(BEHIND);
        }
        Node::from_tree(std::mem::take(&mut self.tree))
    }

    pub(super) fn record(&mut self) -> Option<&mut Record> {
        self.tree.nodes.get_mut(self.current as usize)
    }

    /// The open node, whose `end` is not known.
    pub(super) fn view(&self) -> Option<NodeRef<'_>> {
        let index = self.current;
        self.tree.nodes.get(index as usize).map(|_| NodeRef::at(&self.tree, index))
    }

    /// Closes the open node, and goes back to its parent.
    #[inline(always)]
    fn close(&mut self) {
        let end = self.tree.nodes.len() as u32;
        if let Some(record) = self.record() {
            self.current = std::mem::replace(&mut record.end, end);
            // The node closed comes after it.
            self.is_last = false;
        }
    }

    /// Counts one more child of the open node, whose content is nodes then. Returns the content before, if it was nodes. An
    /// empty tree has no node to count for.
    #[inline(always)]
    fn count_child(&mut self) -> Word {
        if self.record().is_some_and(|record| record.content.kind() != kind::NODES) {
            self.drop_content();
        }
        let Some(record) = self.record() else { return Word::NONE };
        let before = record.content;
        record.content = if before == Word::NONE { Word::range(kind::NODES, 0, 1) } else { before.one_more() };
        before
    }

    /// Removes the content of the open node, with all nodes below.
    #[inline(always)]
    fn drop_content(&mut self) {
        if self.record().is_some_and(|record| record.content != Word::NONE) {
            self.drop_some_content();
        }
    }

    #[inline(never)]
    fn drop_some_content(&mut self) {
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

    /// Adds a copy of a node with all below it, as a child of the open node or as the root.
    pub(super) fn copy(&mut self, node: NodeRef<'_>) {
        self.count_child();
        self.is_last = false;
        let other = node.tree;
        if self.tree.nodes.is_empty() {
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
        match self.tree.nodes.last_mut() {
            Some(record) if self.is_last => {
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

/// How many cells nodes have that stand in a row.
fn count_cells(nodes: &[Record]) -> usize {
    let start = nodes.first().map_or(0, |first| first.cells);
    nodes.last().map_or(0, |last| (last.cells + last.cell_count - start) as usize)
}
