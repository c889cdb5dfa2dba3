//! The layout of nodes and attributes: cells of two words.
#![deny(clippy::string_slice)]

use super::word::Word;

/// A node: its tag and content, and where it and its parts are. A place is an index of `cells`.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a>(pub(super) &'a [Cell; 2]);

impl<'a> Record<'a> {
    /// A node that has nothing.
    pub(crate) const NONE: Record<'static> = Record(&[Cell { name: Word::NONE, value: Word::NONE }; 2]);

    #[inline]
    pub(crate) const fn tag(self) -> Word {
        self.0[0].name
    }

    /// `NONE`, text, `JID`, `BYTES`, `COPIED`, `BLOB`, or `NODES` with the number of children.
    #[inline]
    pub(crate) const fn content(self) -> Word {
        self.0[0].value
    }

    /// Where it is.
    #[inline]
    pub(crate) const fn start(self) -> u32 {
        self.0[1].name.low()
    }

    /// The number of nodes before it.
    #[inline]
    pub(crate) const fn index(self) -> u32 {
        self.0[1].name.high()
    }

    /// Where its attributes, and the cell of a content JID, end, and its first child is.
    #[inline]
    pub(crate) const fn cells_end(self) -> u32 {
        self.0[1].value.low()
    }

    /// Where its last descendant ends.
    #[inline]
    pub(crate) const fn end(self) -> u32 {
        self.0[1].value.high()
    }

    /// The second half of a record that is so many cells and so many nodes further back.
    #[inline(always)]
    pub(crate) const fn moved_places(self, cells: u32, nodes: u32) -> Cell {
        Cell::places(
            self.start().wrapping_add(cells),
            self.index().wrapping_add(nodes),
            self.cells_end().wrapping_add(cells),
            self.end().wrapping_add(cells),
        )
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

/// A node that is written.
pub(crate) struct RecordMut<'a>(pub(super) &'a mut [Cell; 2]);

impl RecordMut<'_> {
    #[inline(always)]
    pub(crate) fn read(&self) -> Record<'_> {
        Record(self.0)
    }

    pub(crate) fn set_tag(&mut self, tag: Word) {
        self.0[0].name = tag;
    }

    #[inline(always)]
    pub(crate) fn set_content(&mut self, content: Word) {
        self.0[0].value = content;
    }

    #[inline(always)]
    pub(crate) fn set_cells_end(&mut self, end: u32) {
        self.0[1].value = Word::pair(end, self.read().end());
    }

    /// Sets the end, and returns what was there.
    #[inline(always)]
    pub(crate) fn replace_end(&mut self, end: u32) -> u32 {
        let before = self.read().end();
        self.0[1].value = Word::pair(self.read().cells_end(), end);
        before
    }

    /// Sets both ends: of a node that nothing is below yet.
    #[inline(always)]
    pub(crate) fn complete(&mut self, end: u32) {
        self.0[1].value = Word::pair(end, end);
    }
}

/// Moves the nodes of a run, all of which are closed, by so many cells and so many nodes (to the front if they wrap).
pub(crate) fn shift(mut run: &mut [Cell], cells: u32, nodes: u32) {
    while let Some(record) = run.first_chunk_mut() {
        let count = Record(record).cell_count();
        record[1] = Record(record).moved_places(cells, nodes);
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
    /// The second half of a record.
    #[inline(always)]
    pub(super) const fn places(start: u32, index: u32, cells_end: u32, end: u32) -> Self {
        Self { name: Word::pair(start, index), value: Word::pair(cells_end, end) }
    }
}
