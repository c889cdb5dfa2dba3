//! The layout of nodes and attributes: cells of two words.
#![deny(clippy::string_slice)]

use super::word::Word;

/// A node: a head, which has what is known when the node begins, and a foot, which has what is known when its attributes
/// and content were read. A place is an index of `cells`.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a>(pub(super) &'a [Cell; RECORD]);

impl<'a> Record<'a> {
    /// A node that has nothing.
    pub(crate) const NONE: Record<'static> = Record(&[Cell { name: Word::NONE, value: Word::NONE }; RECORD]);

    #[inline]
    pub(crate) const fn tag(self) -> Word {
        self.0[0].name
    }

    /// Where it is.
    #[inline]
    pub(crate) const fn start(self) -> u32 {
        self.0[0].value.low()
    }

    /// The number of nodes before it.
    #[inline]
    pub(crate) const fn index(self) -> u32 {
        self.0[0].value.high()
    }

    /// `NONE`, text, `JID`, `BYTES`, `COPIED`, `BLOB`, or `NODES` with the number of children.
    #[inline]
    pub(crate) const fn content(self) -> Word {
        self.0[1].name
    }

    /// Where its attributes, and the cell of a content JID, end, and its first child is. 0 if that is not known yet.
    #[inline]
    pub(crate) const fn cells_end(self) -> u32 {
        self.0[1].value.low()
    }

    /// How many cells the nodes below it have. Of a node that a writer has open: what [`Cell::replace_below`] put there.
    #[inline]
    pub(crate) const fn below(self) -> u32 {
        self.0[1].value.high()
    }

    /// Where its last descendant ends.
    #[inline]
    pub(crate) const fn end(self) -> u32 {
        self.cells_end().wrapping_add(self.below())
    }

    /// The record of the same node with another tag and content, `cells` cells and `nodes` nodes further back.
    #[inline(always)]
    pub(crate) const fn moved(self, tag: Word, content: Word, cells: u32, nodes: u32) -> [Cell; RECORD] {
        let start = self.start().wrapping_add(cells) as usize;
        let (cells_end, below) = (self.cells_end().wrapping_add(cells) as usize, self.below() as usize);
        [Cell::head(tag, start, self.index().wrapping_add(nodes) as usize), Cell::foot(content, cells_end, below)]
    }

    /// How many cells it and its attributes have.
    #[inline]
    const fn cell_count(self) -> usize {
        self.cells_end().wrapping_sub(self.start()) as usize
    }

    /// The first node of a run of cells, its cells, and the run after them.
    #[inline(always)]
    pub(crate) fn split_first(run: &'a [Cell]) -> Option<(Self, &'a [Cell], &'a [Cell])> {
        let record = Record(run.first_chunk()?);
        let (node, behind) = run.split_at_checked(record.cell_count())?;
        Some((record, node.get(RECORD..)?, behind))
    }
}

/// Moves the nodes of a run, all of which are closed, by `cells` cells and `nodes` nodes (to the front if they wrap).
pub(crate) fn shift(mut run: &mut [Cell], cells: u32, nodes: u32) {
    while let Some(record) = run.first_chunk_mut() {
        let node = Record(record);
        let count = node.cell_count();
        *record = node.moved(node.tag(), node.content(), cells, nodes);
        run = run.get_mut(count.max(RECORD)..).unwrap_or_default();
    }
}

/// The cells of a record.
pub(crate) const RECORD: usize = 2;

/// An attribute, or the texts of the JID in the cell before (of the content JID: the node's last cell). Or half a
/// [`Record`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    /// The attribute's name; of a JID its user, marked with [`Word::of_jid`].
    pub(crate) name: Word,
    /// The attribute's value; of a JID its server, unless the JID's word says it.
    pub(crate) value: Word,
}

impl Cell {
    /// The first half of a record.
    #[inline(always)]
    pub(super) const fn head(tag: Word, start: usize, index: usize) -> Self {
        Self { name: tag, value: Word::pair(start, index) }
    }

    /// The second half of a record.
    #[inline(always)]
    pub(crate) const fn foot(content: Word, cells_end: usize, below: usize) -> Self {
        Self { name: content, value: Word::pair(cells_end, below) }
    }

    /// Of a second half: where attributes end.
    #[inline(always)]
    pub(super) const fn cells_end(self) -> u32 {
        self.value.low()
    }

    #[inline(always)]
    pub(super) const fn set_cells_end(&mut self, end: u32) {
        self.value = Word::pair(end as usize, self.value.high() as usize);
    }

    /// Of a second half: sets what [`Record::below`] returns, and returns what it returned.
    #[inline(always)]
    pub(super) const fn replace_below(&mut self, below: u32) -> u32 {
        let before = self.value.high();
        self.value = Word::pair(self.cells_end() as usize, below as usize);
        before
    }

    /// Of a second half: sets where the last descendant ends, and returns what [`Record::below`] returned.
    #[inline(always)]
    pub(crate) const fn close(&mut self, end: u32) -> u32 {
        self.replace_below(end.wrapping_sub(self.cells_end()))
    }
}
