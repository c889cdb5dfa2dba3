//! The sink that stores what a walk tells as a tree.

use crate::jid::{JidForm, Server};
use crate::node::tree::{Cell, Record, Tree, Word, kind};
use crate::node::{Keys, push_step};
use crate::wire::packed::LONGEST_TOKEN;
use crate::wire::{Alphabet, Content, Packed, Sink, Span, Value, WireJid, WireServer, WireStr};

/// Where the bytes of contents go.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// They stay in a buffer that the tree will keep; the body starts at this offset in it.
    Shared(usize),
    /// They are copied to `owned`.
    Copied,
}

/// Memory of the sink that is used again.
#[derive(Default)]
pub(super) struct Scratch {
    /// Nodes not yet closed.
    open: Vec<u32>,
    keys: Keys,
}

pub(super) struct TreeSink<'t> {
    tree: &'t mut Tree,
    scratch: &'t mut Scratch,
    /// The tree's texts, joined. Each starts at a character, as the walk sees to; so all are valid if the whole is.
    text: Vec<u8>,
    body_length: usize,
    source: Source,
    /// The name of the attribute whose value comes next.
    name: Word,
    /// Where the cells of the node opened last start.
    cells: usize,
}

impl<'t> TreeSink<'t> {
    /// Makes a tree of `tree`, whose nodes, cells and texts are dropped. `body_length`: of the body to be walked.
    pub(super) fn new(tree: &'t mut Tree, scratch: &'t mut Scratch, body_length: usize, source: Source) -> Self {
        tree.nodes.clear();
        tree.cells.clear();
        let mut text = std::mem::take(&mut tree.text).into_bytes();
        text.clear();
        scratch.open.clear();
        scratch.keys.clear();
        Self { tree, scratch, text, body_length, source, name: Word::NONE, cells: 0 }
    }

    /// Puts the texts into the tree. `false` if they are not UTF-8.
    pub(super) fn finish(self) -> bool {
        match String::from_utf8(self.text) {
            Ok(text) => {
                self.tree.text = text;
                true
            }
            Err(_) => false,
        }
    }

    /// What is open: tags, and the attribute whose value is awaited.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        let step = |word: Word| String::from_utf8_lossy(self.text_of(word)).into_owned();
        for &index in &self.scratch.open {
            if let Some(record) = self.tree.nodes.get(index as usize) {
                push_step(&mut path, &step(record.tag));
            }
        }
        if self.name != Word::NONE {
            push_step(&mut path, &format!("@{}", step(self.name)));
        }
        path
    }

    fn text_of(&self, word: Word) -> &[u8] {
        let end = word.start().saturating_add(word.length());
        match word.kind() {
            kind::TOKEN => self.tree.dictionary.text(word.as_token()).as_bytes(),
            _ => self.text.get(word.start()..end).unwrap_or(&[]),
        }
    }

    #[inline]
    fn string(&mut self, string: WireStr<'_>) -> Word {
        match string {
            WireStr::Token(token) => Word::token(token),
            WireStr::Packed(packed) => self.packed(packed),
            WireStr::Raw(bytes) => {
                let start = self.text.len();
                self.text.extend_from_slice(bytes);
                Word::range(kind::TEXT, start, bytes.len())
            }
        }
    }

    #[inline]
    fn packed(&mut self, packed: Packed<'_>) -> Word {
        let start = self.text.len();
        packed.unpack(&mut self.text);
        let kind = self.packed_kind(packed, start);
        Word::range(kind, start, packed.len())
    }

    /// The kind of a packed text, so that the encoder need not find out again: a text that is a token, or that is
    /// packed in a way of its own, is like any other.
    #[inline]
    fn packed_kind(&self, packed: Packed<'_>, start: usize) -> u64 {
        if packed.len() <= LONGEST_TOKEN || !packed.has_packable_length() {
            return kind::TEXT;
        }
        match packed.alphabet {
            Alphabet::Nibble => kind::NIBBLE,
            // Digits alone go as nibbles.
            Alphabet::Hex if self.text.iter().skip(start).any(|byte| byte.is_ascii_uppercase()) => kind::HEX,
            Alphabet::Hex => kind::TEXT,
        }
    }

    /// The word of a JID, and the cell with its texts.
    #[inline]
    fn jid(&mut self, jid: &WireJid<'_>) -> (Word, Cell) {
        let user = jid.user.map_or(Word::NONE, |user| self.string(user));
        let (server, name) = match jid.server {
            WireServer::Known(server) => (server, Word::NONE),
            WireServer::Named(name) => self.server(name),
            WireServer::Domain(domain) => {
                let form = JidForm::AdDomain(domain).to_string();
                (Server::Other(""), self.string(WireStr::Raw(form.as_bytes())))
            }
        };
        let word = Word::jid(jid.form, server, jid.device, jid.integrator);
        (word, Cell { name: user.of_jid(), value: name })
    }

    #[inline]
    fn server(&mut self, name: WireStr<'_>) -> (Server<'static>, Word) {
        let before = self.text.len();
        let word = self.string(name);
        match std::str::from_utf8(self.text_of(word)).ok().and_then(Server::known) {
            Some(known) => {
                self.text.truncate(before);
                (known, Word::NONE)
            }
            None => (Server::Other(""), word),
        }
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8], span: Span<'_>) -> Word {
        let start = match self.source {
            Source::Shared(base) => {
                let behind = span.after.len().saturating_add(bytes.len());
                self.body_length.saturating_add(base).saturating_sub(behind)
            }
            Source::Copied => {
                let start = self.tree.owned.len();
                self.tree.owned.extend_from_slice(bytes);
                start
            }
        };
        Word::range(kind::BYTES, start, bytes.len())
    }

    #[inline]
    fn record(&mut self) -> Option<&mut Record> {
        self.tree.nodes.last_mut()
    }

    #[inline]
    fn push_cell(&mut self, cell: Cell) {
        self.tree.cells.push(cell);
        if let Some(record) = self.record() {
            record.cell_count = record.cell_count.saturating_add(1);
        }
    }
}

impl<'a> Sink<'a> for TreeSink<'_> {
    #[inline]
    fn head(&mut self, _: usize, _: Span<'a>) {}

    #[inline]
    fn tag(&mut self, tag: WireStr<'a>, _: Span<'a>) {
        let tag = self.string(tag);
        let index = self.tree.nodes.len() as u32;
        self.cells = self.tree.cells.len();
        let (cells, end) = (self.cells as u32, index.saturating_add(1));
        self.tree.nodes.push(Record { tag, content: Word::NONE, cells, cell_count: 0, end });
        self.scratch.open.push(index);
    }

    #[inline]
    fn name(&mut self, name: WireStr<'a>, _: Span<'a>) -> bool {
        self.name = self.string(name);
        if !self.tree.keys_are_unique {
            return true;
        }
        let cells = self.tree.cells.get(self.cells..).unwrap_or(&[]);
        let text_of = |word: Word| match word.kind() {
            kind::TOKEN => self.tree.dictionary.text(word.as_token()).as_bytes(),
            _ => self.text.get(word.start()..word.start().saturating_add(word.length())).unwrap_or(&[]),
        };
        !self.scratch.keys.has(cells, self.name, text_of)
    }

    #[inline]
    fn value(&mut self, value: Value<'a>, _: Span<'a>) {
        let name = std::mem::replace(&mut self.name, Word::NONE);
        match value {
            Value::Null => self.push_cell(Cell { name, value: Word::NONE }),
            Value::Str(string) => {
                let value = self.string(string);
                self.push_cell(Cell { name, value });
            }
            Value::Jid(jid) => {
                let (value, texts) = self.jid(&jid);
                self.push_cell(Cell { name, value });
                self.push_cell(texts);
            }
        }
    }

    #[inline]
    fn content(&mut self, content: Content<'a>, span: Span<'a>) {
        let word = match content {
            Content::Bytes(bytes) => self.bytes(bytes, span),
            Content::Jid(jid) => {
                let (word, texts) = self.jid(&jid);
                self.push_cell(texts);
                word
            }
            // Such a text has no coded form that an encoder writes; it is kept as bytes of the text.
            Content::Str(WireStr::Packed(packed)) if !packed.has_packable_length() => {
                let mut text = Vec::with_capacity(packed.len());
                packed.unpack(&mut text);
                self.tree.put_blob(text.into())
            }
            Content::Str(string) => self.string(string),
        };
        if let Some(record) = self.record() {
            record.content = word;
        }
    }

    #[inline]
    fn children(&mut self, count: usize, _: Span<'a>) {
        if let Some(record) = self.record() {
            record.content = Word::range(kind::NODES, 0, count);
        }
    }

    #[inline]
    fn close(&mut self) {
        let end = self.tree.nodes.len() as u32;
        let index = self.scratch.open.pop().unwrap_or(0);
        if let Some(record) = self.tree.nodes.get_mut(index as usize) {
            record.end = end;
        }
    }
}
