//! How a tree is stored: flat, without a pointer or an allocation per node.
//!
//! Nodes are stored in wire order: a node with its attributes, then its children, each with all below it. So a sub-tree is
//! one run of `cells`, and the encoder walks it from front to back. A text or a value is one [`Word`]: a token's number, or
//! where its characters are in `text`. Content bytes stay where they came from.
#![deny(clippy::indexing_slicing, clippy::string_slice)]

use std::sync::Arc;

use bytes::Bytes;

use crate::jid::{self, JidForm, JidNumbers, JidRef, Server};
use crate::kernel::filter::Filter;
use crate::token::{Table, Token};

/// The storage of a tree. Its root is node 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    /// Of each node its [`Record`], two cells, then those of its attributes: one each, one more for each JID among values
    /// and content.
    pub(crate) cells: Vec<Cell>,
    /// The number of nodes.
    pub(crate) count: u32,
    /// Characters of every text that is no token, and between them whatever is easier kept than cut off.
    pub(crate) text: String,
    /// Content bytes that were copied, or the inflated body that they are parts of.
    pub(crate) owned: Vec<u8>,
    /// The frame or body that content bytes are parts of.
    pub(crate) shared: Bytes,
    /// Content bytes handed over one by one. Few trees have any, so the others carry a word only, and drop it without a
    /// call (for a `Box` there would be one).
    pub(crate) blobs: Option<Arc<Vec<Bytes>>>,
    /// What the tree was decoded from, to be forwarded as it is.
    pub(crate) origin: Origin,
    /// The dictionary that the tree's tokens are tokens of.
    pub(crate) table: &'static Table,
    /// Which tokens may be names of the root's attributes.
    pub(crate) root_names: TokenFilter,
    /// Whether it is known that no node has two attributes of one name.
    pub(crate) names_are_unique: bool,
    /// Whether a builder was given more than words can address; such a tree is incomplete and does not encode.
    pub(crate) overflow: bool,
}

/// Tokens by their numbers. 0, which no token has, stands for every name that is not a token.
pub(crate) type TokenFilter = Filter<1>;

/// Where the whole frame of a tree is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Origin {
    #[default]
    Nowhere,
    /// `shared` is the frame.
    Shared,
    /// A frame whose body was inflated into `owned`.
    Compressed(Bytes),
}

/// A node: its tag and content, and where it and its parts are. A place is an index of `cells`.
#[derive(Clone, Copy)]
pub(crate) struct Record<'a>(&'a [Cell; 2]);

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

    /// Where its attributes, and the cell of a content JID, end, and its first child is.
    #[inline]
    pub(crate) const fn cells_end(self) -> u32 {
        self.0[1].name.high()
    }

    /// Where its last descendant ends.
    #[inline]
    pub(crate) const fn end(self) -> u32 {
        self.0[1].value.low()
    }

    /// The number of nodes before it.
    #[inline]
    pub(crate) const fn index(self) -> u32 {
        self.0[1].value.high()
    }

    /// How many cells it has after its record.
    #[inline]
    pub(crate) const fn cell_count(self) -> usize {
        self.cells_end().wrapping_sub(self.start()).wrapping_sub(RECORD as u32) as usize
    }

    /// The second half of a record that is so many cells and so many nodes further back.
    #[inline(always)]
    pub(crate) const fn moved_places(self, cells: u32, nodes: u32) -> Cell {
        Cell::places(
            self.start().wrapping_add(cells),
            self.cells_end().wrapping_add(cells),
            self.end().wrapping_add(cells),
            self.index().wrapping_add(nodes),
        )
    }

    /// The first node of a run of cells, its cells, and the run after them.
    #[inline(always)]
    pub(crate) fn split_first(run: &'a [Cell]) -> Option<(Self, &'a [Cell], &'a [Cell])> {
        let (record, behind) = run.split_first_chunk()?;
        let (cells, behind) = behind.split_at_checked(Record(record).cell_count())?;
        Some((Record(record), cells, behind))
    }
}

/// A node that is written.
pub(crate) struct RecordMut<'a>(&'a mut [Cell; 2]);

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
        self.0[1].name = Word::pair(self.read().start(), end);
    }

    /// Sets the end, and returns what was there.
    #[inline(always)]
    pub(crate) fn replace_end(&mut self, end: u32) -> u32 {
        let (before, index) = (self.read().end(), self.read().index());
        self.0[1].value = Word::pair(end, index);
        before
    }

    /// Sets everything but the tag: of a node that nothing is below yet.
    #[inline(always)]
    pub(crate) fn complete(&mut self, content: Word, start: u32, end: u32, index: u32) {
        self.0[0].value = content;
        self.0[1] = Cell::places(start, end, end, index);
    }
}

/// Moves the nodes of a run, all of which are closed, by so many cells and so many nodes (to the front if they wrap).
pub(crate) fn shift(mut run: &mut [Cell], cells: u32, nodes: u32) {
    while let Some((record, behind)) = run.split_first_chunk_mut() {
        let count = Record(record).cell_count();
        record[1] = Record(record).moved_places(cells, nodes);
        run = behind.get_mut(count..).unwrap_or_default();
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
    const fn places(start: u32, cells_end: u32, end: u32, index: u32) -> Self {
        Self { name: Word::pair(start, cells_end), value: Word::pair(end, index) }
    }
}

/// A value in 64 bits. Bits 60 to 63 are its kind. Of a text or bytes bits 0 to 30 are where it starts and 31 to 59 its
/// length; of a JID they are all but its texts. A token is its number alone, so that one comparison tells whether a
/// word is one, and where its text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Word(u64);

/// The kinds of words.
pub(crate) mod kind {
    /// A token, or `NONE`: the number 0 is no token's. It is null's byte on the wire.
    pub(crate) const TOKEN: u64 = 0;
    /// Characters in `text`.
    pub(crate) const TEXT: u64 = 1;
    /// The same, known to be packed when written with the tree's dictionary: `NIBBLE_8`.
    pub(crate) const NIBBLE: u64 = 2;
    /// `HEX_8`.
    pub(crate) const HEX: u64 = 3;
    /// A JID, whose texts are in the next cell.
    pub(crate) const JID: u64 = 4;
    pub(crate) const NODES: u64 = 5;
    /// A part of `shared`.
    pub(crate) const BYTES: u64 = 6;
    /// Marks the user of a JID, so that it is never taken for an attribute's name.
    pub(crate) const OF_JID: u64 = 8;
    /// A part of `owned`.
    pub(crate) const COPIED: u64 = 14;
    /// An index in `blobs`.
    pub(crate) const BLOB: u64 = 15;
}

const KIND_BITS: u32 = 60;
const START_BITS: u32 = 31;
/// Texts start below this.
pub(crate) const TEXT_END: usize = 1 << START_BITS;
/// Texts and bytes are shorter than this.
pub(crate) const LENGTH_END: usize = 1 << (KIND_BITS - START_BITS);

impl Word {
    /// No content; a null value; no user.
    pub(crate) const NONE: Self = Self(0);

    #[inline]
    pub(crate) const fn token(token: Token) -> Self {
        Self::from_id(token.id())
    }

    /// `TEXT`, `NIBBLE`, `HEX`, `BYTES`, `COPIED`, `NODES` (the count as length) or `BLOB` (the index as start).
    #[inline]
    pub(crate) const fn range(kind: u64, start: usize, length: usize) -> Self {
        Self(kind << KIND_BITS | start as u64 | (length as u64) << START_BITS)
    }

    /// The same, starting there instead of at 0.
    #[inline(always)]
    pub(crate) const fn starting_at(self, start: usize) -> Self {
        Self(self.0 | start as u64)
    }

    /// The word of a list of nodes, with one more.
    #[inline(always)]
    pub(crate) const fn one_more(self) -> Self {
        Self(self.0 + (1 << START_BITS))
    }

    #[inline]
    pub(crate) const fn kind(self) -> u64 {
        self.0 >> KIND_BITS
    }

    #[inline]
    pub(crate) const fn start(self) -> usize {
        self.0 as usize & (TEXT_END - 1)
    }

    #[inline]
    pub(crate) const fn length(self) -> usize {
        (self.0 >> START_BITS) as usize & (LENGTH_END - 1)
    }

    /// Two places, in a record.
    #[inline(always)]
    const fn pair(low: u32, high: u32) -> Self {
        Self(low as u64 | (high as u64) << 32)
    }

    #[inline(always)]
    const fn low(self) -> u32 {
        self.0 as u32
    }

    #[inline(always)]
    const fn high(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Whether this is the empty text.
    #[inline]
    pub(crate) const fn is_empty_text(self) -> bool {
        self.0 >> START_BITS == kind::TEXT << (KIND_BITS - START_BITS)
    }

    /// The token of this number.
    #[inline(always)]
    pub(crate) const fn from_id(id: u16) -> Self {
        Self(id as u64)
    }

    /// The number of a token; of `NONE` 0, of other words one that no token has.
    #[inline(always)]
    pub(crate) fn id(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// The token that a word of the kind `TOKEN` is.
    #[inline]
    pub(crate) const fn as_token(self) -> Token {
        Token::from_id(self.0 as u16)
    }

    /// The byte of a token of one byte, if words below `tokens` are tokens of one byte; or of null.
    #[inline]
    pub(crate) const fn as_byte(self, tokens: u64) -> Option<u8> {
        if self.0 < tokens { Some(self.0 as u8) } else { None }
    }

    #[inline]
    pub(crate) const fn of_jid(self) -> Self {
        Self(self.0 | kind::OF_JID << KIND_BITS)
    }

    /// The word as it was before [`of_jid`](Self::of_jid).
    #[inline]
    pub(crate) const fn plain(self) -> Self {
        Self(self.0 & !(kind::OF_JID << KIND_BITS))
    }

    /// All of a JID but its texts: its numbers, and in bits 7 to 11 the code of a known server.
    #[inline]
    pub(crate) const fn jid(numbers: JidNumbers, server: Option<u8>) -> Self {
        let server = match server {
            Some(code) => code as u64,
            None => SERVER_IN_CELL,
        };
        Self(kind::JID << KIND_BITS | numbers.bits() | server << 7)
    }

    /// The numbers of a JID.
    #[inline]
    pub(crate) const fn jid_numbers(self) -> JidNumbers {
        JidNumbers::from_bits(self.0)
    }

    /// Of a JID that is a `Pair` the code of its server, or [`SERVER_IN_CELL`].
    #[inline]
    pub(crate) const fn pair_server(self) -> Option<u8> {
        if self.0 >> 4 & 7 == 0 { Some((self.0 >> 7 & 31) as u8) } else { None }
    }
}

/// In the place of a server's code: the cell behind the word has the server.
const SERVER_IN_CELL: u64 = 31;

impl Tree {
    /// Adds a node without attributes and content, and returns where it is. Its `end` is the writer's until it is closed.
    #[inline(always)]
    pub(crate) fn begin(&mut self, tag: Word, end: u32) -> u32 {
        let start = self.cells.len() as u32;
        let places = Cell::places(start, start.wrapping_add(RECORD as u32), end, self.count);
        self.cells.extend_from_slice(&[Cell { name: tag, value: Word::NONE }, places]);
        self.count = self.count.wrapping_add(1);
        start
    }

    /// Adds a node whose places are unknown until it is [complete](RecordMut::complete): 0.
    #[inline(always)]
    pub(crate) fn begin_incomplete(&mut self, tag: Word) -> u32 {
        let start = self.cells.len() as u32;
        self.cells.extend_from_slice(&[Cell { name: tag, value: Word::NONE }, Cell::places(0, 0, 0, 0)]);
        self.count = self.count.wrapping_add(1);
        start
    }

    /// The node at a place.
    #[inline(always)]
    pub(crate) fn record(&self, place: u32) -> Option<Record<'_>> {
        self.cells.get(place as usize..place as usize + RECORD)?.first_chunk().map(Record)
    }

    #[inline(always)]
    pub(crate) fn record_mut(&mut self, place: u32) -> Option<RecordMut<'_>> {
        self.cells.get_mut(place as usize..place as usize + RECORD)?.first_chunk_mut().map(RecordMut)
    }

    /// The node before which there are so many.
    pub(crate) fn record_of_index(&self, index: u32) -> Option<Record<'_>> {
        let mut record = self.record(0)?;
        while record.index() != index {
            // The next node that is not below this one, unless the wanted one is.
            let sibling = self.record(record.end()).filter(|sibling| sibling.index() <= index);
            record = match sibling {
                Some(sibling) => sibling,
                None => self.record(record.cells_end())?,
            };
        }
        Some(record)
    }

    /// The cells of a node with all below it.
    #[inline]
    pub(crate) fn run_of(&self, record: Record<'_>) -> &[Cell] {
        self.cells.get(record.start() as usize..record.end() as usize).unwrap_or(&[])
    }

    /// How many nodes a node and all below it are.
    pub(crate) fn count_of(&self, record: Record<'_>) -> u32 {
        self.record(record.end()).map_or(self.count, Record::index) - record.index()
    }

    /// Forgets everything but the memory.
    pub(crate) fn clear(&mut self) {
        self.cells.clear();
        self.count = 0;
        self.text.clear();
        self.shared = Bytes::new();
        self.release();
    }

    /// Forgets what a decoder does not write anew for every frame.
    #[inline]
    pub(crate) fn release(&mut self) {
        self.owned.clear();
        self.blobs = None;
        self.origin = Origin::Nowhere;
        self.overflow = false;
    }

    /// Gives back memory that is not in use.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.cells.shrink_to_fit();
        self.text.shrink_to_fit();
        self.owned.shrink_to_fit();
    }

    /// Roughly the memory in use, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.cells.len() * size_of::<Cell>() + self.text.len() + self.owned.len()
    }

    /// Roughly the memory held, in bytes.
    pub(crate) fn memory(&self) -> usize {
        self.cells.capacity() * size_of::<Cell>() + self.text.capacity() + self.owned.capacity()
    }

    #[inline]
    pub(crate) fn cells_of(&self, record: Record<'_>) -> &[Cell] {
        self.cells.get(record.start() as usize + RECORD..record.cells_end() as usize).unwrap_or(&[])
    }

    /// The text of a token or text word; empty for `NONE`.
    #[inline(always)]
    pub(crate) fn text_of(&self, word: Word) -> &str {
        match self.table.texts.get(word.id()) {
            Some(text) => text,
            None => self.characters_of(word),
        }
    }

    /// The text of a word that is no token.
    #[inline(always)]
    pub(crate) fn characters_of(&self, word: Word) -> &str {
        match self.text.get(word.start()..word.start() + word.length()) {
            Some(text) => text,
            None => no_characters(),
        }
    }

    /// The JID of a word and the cell behind it.
    #[inline(always)]
    pub(crate) fn jid_of(&self, word: Word, texts: Cell) -> JidRef<'_> {
        let user = texts.name.plain();
        JidRef {
            user: (user != Word::NONE).then(|| self.text_of(user)),
            server: self.server_of(word, texts),
            numbers: word.jid_numbers(),
        }
    }

    /// The server of a JID.
    #[inline(always)]
    pub(crate) fn server_of(&self, word: Word, texts: Cell) -> Server<'_> {
        match Server::from_code((word.0 >> 7 & 31) as u8).or_else(|| jid::server_of_token(self.table, texts.value.id()))
        {
            Some(known) => known,
            None => self.other_server_of(word, texts),
        }
    }

    fn other_server_of(&self, word: Word, texts: Cell) -> Server<'_> {
        match word.jid_numbers().form() {
            JidForm::AdDomain(domain) => jid::domain_server(domain),
            _ => Server::from_text(self.text_of(texts.value)),
        }
    }

    /// The bytes of a content word.
    #[inline(always)]
    pub(crate) fn bytes_of(&self, word: Word) -> &[u8] {
        let range = || word.start()..word.start() + word.length();
        match word.kind() {
            kind::COPIED => self.owned.get(range()).unwrap_or(&[]),
            kind::BYTES => self.shared.get(range()).unwrap_or(&[]),
            kind::BLOB => self.blob(word).map_or(&[], |blob| blob),
            kind::JID | kind::NODES => &[],
            _ => self.text_of(word).as_bytes(),
        }
    }

    fn blob(&self, word: Word) -> Option<&Bytes> {
        self.blobs.as_ref()?.get(word.start())
    }

    /// The bytes of a content word as a handle, without a copy where they can be shared.
    pub(crate) fn shared_bytes_of(&self, word: Word) -> Bytes {
        match word.kind() {
            kind::BYTES => {
                let end = (word.start() + word.length()).min(self.shared.len());
                self.shared.slice(word.start().min(end)..end)
            }
            kind::BLOB => self.blob(word).cloned().unwrap_or_default(),
            _ => Bytes::copy_from_slice(self.bytes_of(word)),
        }
    }
}

/// No word of a tree points beside its text.
#[cold]
fn no_characters() -> &'static str {
    ""
}
