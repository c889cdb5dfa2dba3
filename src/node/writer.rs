//! Writing into the flat storage of a tree: what builders, edits and rewriting share.

use super::record::{Cell, RECORD, Record, shift};
use super::tree::{TokenFilter, Tree};
use super::word::{Kind, Word};
use super::{NewContent, NewValue, Node, NodeRef};

/// A tree that is written, and the node that is open. Every node after it is below it.
///
/// How many cells are below an open node is not known yet. Until it is closed its record holds the place of its parent there.
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

/// The place of a node, or outside of closures [`NO_FLOOR`].
pub(super) type Floor = u32;
/// No node has this place: `finish` refuses so large a tree.
pub(super) const NO_FLOOR: Floor = u32::MAX;

/// Where a closure was entered, to go back to.
#[derive(Clone, Copy)]
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

    /// For a tree of the dictionary of another one.
    pub(super) fn beside(other: &Tree) -> Self {
        let tree = Tree { table: other.table, overflow: other.overflow, ..Tree::default() };
        Self { tree, ..Self::default() }
    }

    /// Goes on with a tree: its root is open.
    pub(super) fn reopening(tree: Tree) -> Self {
        let tree = Tree { is_frame: false, root_names: TokenFilter::default(), names_are_unique: false, ..tree };
        Self { tree, ..Self::default() }
    }

    pub(super) fn retag(&mut self, tag: &str) {
        let tag = self.tree.put_text(tag);
        if let Some(head) = self.tree.cells.get_mut(self.current as usize) {
            head.name = tag;
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
        if let Some(children) = content.children() {
            if self.tree.cells.is_empty() {
                return;
            }
            self.empty_nodes();
            return children.for_each(|child| self.copy(child));
        }
        self.drop_content();
        let (word, texts) = self.tree.put_content(content);
        if let Some(texts) = texts {
            self.is_last = false;
            let at = self.end_of_attributes();
            self.splice_cells(at, 0, &[texts]);
        }
        self.set_content(word);
    }

    pub(super) fn empty_nodes(&mut self) {
        self.drop_content();
        self.set_content(Word::range(Kind::NODES, 0, 0));
    }

    /// Opens a new child of the open node. Returns the node's content before, if it was nodes.
    #[inline(always)]
    pub(super) fn begin(&mut self, tag: &str) -> Word {
        let content = self.count_child();
        let tag = self.tree.put_text(tag);
        let (place, parent) = (self.tree.cells.len(), self.current);
        self.tree.begin(tag, Cell::foot(Word::NONE, place + RECORD, parent as usize));
        self.current = place as u32;
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

    /// Lets a caller's code add to the open node, which it cannot close. Returns what to leave with.
    #[inline(always)]
    pub(super) fn enter_here(&mut self) -> Floor {
        std::mem::replace(&mut self.floor, self.current)
    }

    #[inline(always)]
    pub(super) fn leave_here(&mut self, floor: Floor) {
        self.end_all();
        self.floor = floor;
    }

    /// Closes what a closure left open.
    #[inline(always)]
    fn end_all(&mut self) {
        while self.current > self.floor {
            self.close();
        }
    }

    /// Leaves as [`leave`](Self::leave) does, and takes the node away again.
    pub(super) fn abandon(&mut self, entered: Entered) {
        let child = self.floor;
        let content = entered.content;
        self.leave(entered);
        self.truncate(child);
        self.set_content(content);
    }

    /// Takes the tree, all of which is closed then. Inside a closure: a copy of the open node. No tree is without a root.
    pub(super) fn finish(&mut self) -> Node {
        if self.tree.cells.is_empty() {
            self.begin_without_tag();
        }
        if self.floor != NO_FLOOR {
            let end = self.tree.cells.len() as u32;
            let parent = self.foot().map_or(0, |foot| foot.close(end));
            let copy = NodeRef::at(&self.tree, self.current).to_node();
            if let Some(foot) = self.foot() {
                foot.replace_below(parent);
            }
            return copy;
        }
        while self.current != 0 {
            self.close();
        }
        // What a root's `end` was does not matter.
        self.close();
        self.current = 0;
        self.tree.overflow |= self.tree.cells.len() >= NO_FLOOR as usize;
        // Packing the last text is faster with some bytes after it (`kernel::packed`), if there is room already.
        const BEHIND: &str = "                ";
        if self.tree.text.capacity() - self.tree.text.len() >= BEHIND.len() {
            self.tree.text.push_str(BEHIND);
        }
        Node::from_tree(std::mem::take(&mut self.tree))
    }

    #[cold]
    fn begin_without_tag(&mut self) {
        self.begin("");
    }

    /// The second half of the open node's record.
    #[inline(always)]
    pub(super) fn foot(&mut self) -> Option<&mut Cell> {
        self.tree.cells.get_mut(self.current as usize + 1)
    }

    #[inline(always)]
    pub(super) fn set_content(&mut self, content: Word) {
        if let Some(foot) = self.foot() {
            foot.name = content;
        }
    }

    /// Removes the nodes from a place on.
    pub(super) fn truncate(&mut self, place: u32) {
        if let Some(record) = self.tree.record(place) {
            self.tree.count = record.index();
            self.tree.cells.truncate(place as usize);
        }
    }

    /// The open node, whose `end` is not known.
    pub(super) fn view(&self) -> Option<NodeRef<'_>> {
        self.tree.record(self.current).map(|record| NodeRef { tree: &self.tree, record })
    }

    /// Closes the open node, and goes back to its parent.
    #[inline(always)]
    fn close(&mut self) {
        let end = self.tree.cells.len() as u32;
        if let Some(foot) = self.foot() {
            self.current = foot.close(end);
            // The node closed comes after it.
            self.is_last = false;
        }
    }

    /// Counts one more child of the open node, whose content is nodes then. Returns the content before, if it was nodes. An
    /// empty tree has no node to count for.
    #[inline(always)]
    fn count_child(&mut self) -> Word {
        if self.foot().is_some_and(|foot| foot.name.kind() != Kind::NODES) {
            self.drop_content();
        }
        let Some(foot) = self.foot() else { return Word::NONE };
        let before = foot.name;
        foot.name = if before == Word::NONE { Word::range(Kind::NODES, 0, 1) } else { before.one_more() };
        before
    }

    /// Removes the content of the open node, with all nodes below.
    #[inline(always)]
    pub(super) fn drop_content(&mut self) {
        if self.foot().is_some_and(|foot| foot.name != Word::NONE) {
            self.drop_some_content();
        }
    }

    #[inline(never)]
    fn drop_some_content(&mut self) {
        let Some(foot) = self.foot() else { return };
        let was_jid = foot.name.is_jid();
        foot.name = Word::NONE;
        let end = foot.cells_end() - u32::from(was_jid);
        foot.set_cells_end(end);
        self.tree.count = self.tree.record(self.current).map_or(0, Record::index) + 1;
        self.tree.cells.truncate(end as usize);
    }

    /// Adds a copy of a node with all below it, as a child of the open node or as the root.
    pub(super) fn copy(&mut self, node: NodeRef<'_>) {
        self.count_child();
        self.is_last = false;
        let other = node.tree;
        if self.tree.count == 0 {
            self.tree.table = other.table;
        }
        let same_dictionary = self.tree.table.dictionary == other.table.dictionary;
        let shares = !self.copies_bytes;
        self.tree.overflow |= other.overflow;
        let moved = (self.tree.cells.len() as u32).wrapping_sub(node.record.start());
        let moved_nodes = self.tree.count.wrapping_sub(node.index());
        let mut source = other.run_of(node.record);
        self.tree.cells.reserve(source.len());
        if node.index() == 0 {
            self.tree.text.reserve(other.text.len());
        }
        while let Some((record, cells, behind)) = Record::split_first(source) {
            let tag = self.tree.put_word(other, record.tag(), same_dictionary, shares);
            let content = self.tree.put_word(other, record.content(), same_dictionary, shares);
            self.tree.cells.extend_from_slice(&record.moved(tag, content, moved, moved_nodes));
            for cell in cells {
                let name = self.tree.put_word(other, cell.name.plain(), same_dictionary, shares);
                let value = self.tree.put_word(other, cell.value, same_dictionary, shares);
                let of_jid = cell.name.is_of_jid();
                self.tree.cells.push(Cell { name: if of_jid { name.of_jid() } else { name }, value });
            }
            self.tree.count += 1;
            source = behind;
        }
    }

    /// Where the next attribute's cell belongs: before the cell of a content JID.
    fn end_of_attributes(&mut self) -> usize {
        let Some(record) = self.tree.record(self.current) else { return 0 };
        record.cells_end() as usize - usize::from(record.content().is_jid())
    }

    /// The first cell of the first attribute of this name, and how many cells it has.
    fn find_attribute(&mut self, name: &str) -> Option<(usize, usize)> {
        let end = self.end_of_attributes();
        let start = self.current as usize + RECORD;
        let cells = self.tree.cells.get(start..end)?;
        let is_name = |cell: &Cell| !cell.name.is_of_jid() && self.tree.text_of(cell.name) == name;
        let at = cells.iter().position(is_name)?;
        let count = if cells[at].value.is_jid() { 2 } else { 1 };
        Some((start + at, count))
    }

    /// Adds an attribute after the others. A builder is usually at the end of the storage.
    #[inline(always)]
    fn add_cells(&mut self, attribute: Cell, texts: Option<Cell>) {
        if !self.is_last {
            let at = self.end_of_attributes();
            return self.replace_cells(at, 0, attribute, texts);
        }
        self.tree.add_attribute(attribute, texts);
        let end = self.tree.cells.len() as u32;
        if let Some(foot) = self.foot() {
            foot.set_cells_end(end);
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
        let Some(foot) = self.foot() else { return };
        let moved = (new.len() as u32).wrapping_sub(old as u32);
        let end = foot.cells_end().wrapping_add(moved);
        foot.set_cells_end(end);
        if at + old == self.tree.cells.len() {
            self.tree.cells.truncate(at);
            self.tree.cells.extend_from_slice(new);
        } else {
            self.tree.cells.splice(at..at + old, new.iter().copied());
        }
        shift(self.tree.cells.get_mut(end as usize..).unwrap_or_default(), moved, 0);
    }
}
