//! How a tree is stored: flat, without a pointer or an allocation per node.
//!
//! Nodes are stored in wire order: a node with its attributes, then its children, each with all below it. So a sub-tree is
//! one run of `cells`, and the encoder walks it from front to back. A text or a value is one [`Word`]: a token's number, or
//! where its characters are in `text`. Content bytes stay where they came from.
#![deny(clippy::indexing_slicing, clippy::string_slice)]

use std::sync::Arc;

use bytes::Bytes;

use super::record::{Cell, RECORD, Record};
use super::word::{Kind, Word};
use crate::jid::{self, JidForm, JidRef, Server};
use crate::kernel::filter::Filter;
use crate::token::Table;

/// The storage of a tree. Its root is node 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    /// Of each node its [`Record`], two cells, then those of its attributes: one each, one more for each JID among values
    /// and content.
    pub(crate) cells: Vec<Cell>,
    /// The number of nodes.
    pub(crate) count: u32,
    /// Characters of every text that is not a token, and between them bytes that are easier to keep than to cut off.
    pub(crate) text: String,
    /// Content bytes that were copied, or the inflated body that they are parts of.
    pub(crate) owned: Vec<u8>,
    /// The frame or body that content bytes are parts of, or a compressed frame, whose inflated body is `owned`.
    pub(crate) shared: Bytes,
    /// Content bytes that callers gave as handles. Few trees have any: the others carry one word, and drop it without a
    /// call (a `Box` would need one).
    pub(crate) blobs: Option<Arc<Vec<Bytes>>>,
    /// Whether `shared` is the whole frame that the tree was decoded from, to be forwarded as it is.
    pub(crate) is_frame: bool,
    /// The dictionary that the tree's tokens are tokens of.
    pub(crate) table: &'static Table,
    /// Which tokens may be names of the root's attributes.
    pub(crate) root_names: TokenFilter,
    /// Whether it is known that no node has two attributes of one name.
    pub(crate) names_are_unique: bool,
    /// Whether a builder was given more than words can address; such a tree is incomplete and does not encode.
    pub(crate) overflow: bool,
}

/// Tokens by their numbers. 0, which no token has, is every name that is not a token.
pub(crate) type TokenFilter = Filter<1>;

impl Tree {
    /// Adds a node.
    #[inline(always)]
    pub(crate) fn begin(&mut self, tag: Word, foot: Cell) {
        self.cells.extend_from_slice(&[Cell::head(tag, self.cells.len(), self.count as usize), foot]);
        self.count = self.count.wrapping_add(1);
    }

    /// Adds an attribute to the last node, and the texts of its value if that is a JID.
    #[inline(always)]
    pub(crate) fn add_attribute(&mut self, attribute: Cell, texts: Option<Cell>) {
        self.cells.push(attribute);
        if let Some(texts) = texts {
            self.cells.push(texts);
        }
    }

    /// The node at a place.
    #[inline(always)]
    pub(crate) fn record(&self, place: u32) -> Option<Record<'_>> {
        self.cells.get(place as usize..place as usize + RECORD)?.first_chunk().map(Record)
    }

    /// The node whose foot is at a place.
    #[inline(always)]
    pub(crate) fn record_of_foot(&self, foot: usize) -> Option<Record<'_>> {
        self.cells.get(foot.checked_sub(1)?..=foot)?.first_chunk().map(Record)
    }

    /// The node that has `index` nodes before it.
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

    /// Clears the parts that a decoder does not write for every frame.
    #[inline]
    pub(crate) fn release(&mut self) {
        self.owned.clear();
        self.blobs = None;
        self.is_frame = false;
        self.overflow = false;
    }

    /// Frees unused memory.
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
        match self.cells.get(record.start() as usize + RECORD..record.cells_end() as usize) {
            Some(cells) => cells,
            None => no_cells(),
        }
    }

    /// The text of a token or text word; empty for `NONE`.
    #[inline(always)]
    pub(crate) fn text_of(&self, word: Word) -> &str {
        match self.table.texts.get(word.id()) {
            Some(text) => text,
            None => self.characters_of(word),
        }
    }

    /// The text of a word that is not a token.
    #[inline(always)]
    pub(crate) fn characters_of(&self, word: Word) -> &str {
        match self.text.get(word.start()..word.start() + word.length()) {
            Some(text) => text,
            None => no_characters(),
        }
    }

    /// The JID of a word and the next cell.
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
        match Server::from_code(word.server_code()).or_else(|| jid::server_of_token(self.table, texts.value.id())) {
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
            Kind::COPIED => self.owned.get(range()).unwrap_or(&[]),
            Kind::BYTES => self.shared.get(range()).unwrap_or(&[]),
            Kind::BLOB => self.blob(word).map_or(&[], |blob| blob),
            Kind::JID | Kind::NODES => &[],
            _ => self.text_of(word).as_bytes(),
        }
    }

    fn blob(&self, word: Word) -> Option<&Bytes> {
        self.blobs.as_ref()?.get(word.start())
    }

    /// The bytes of a content word as a handle, without a copy where they can be shared.
    pub(crate) fn shared_bytes_of(&self, word: Word) -> Bytes {
        match word.kind() {
            Kind::BYTES => {
                let end = (word.start() + word.length()).min(self.shared.len());
                self.shared.slice(word.start().min(end)..end)
            }
            Kind::BLOB => self.blob(word).cloned().unwrap_or_default(),
            _ => Bytes::copy_from_slice(self.bytes_of(word)),
        }
    }
}

/// No record of a tree points beside its cells.
#[cold]
fn no_cells() -> &'static [Cell] {
    &[]
}

/// No word of a tree points beside its text.
#[cold]
fn no_characters() -> &'static str {
    ""
}
