//! The sink that stores what a walk tells as a tree.

use crate::jid::Server;
use crate::node::tree::{Cell, Record, Tree, Word, kind};
use crate::node::{Keys, Names, push_step};
use crate::token::Dictionary;
use crate::wire::packed::LONGEST_TOKEN;
use crate::wire::{Alphabet, Content, JidServer, Packed, Role, Sink, Span, Value, WireJid, WireStr};

/// Where the bytes of contents are when the tree is done.
#[derive(Clone, Copy)]
pub(super) enum Source {
    /// In the tree's `shared`, where the body starts at `base`.
    Shared { base: usize },
    /// In the tree's `owned`, which is the body.
    Inflated,
    /// In the tree's `owned`, copied one by one.
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
    /// The tag of the node that is begun, until it is stored.
    tag: Word,
    /// The name of the attribute whose value comes next.
    name: Word,
    /// Where the cells of the node begun last start.
    cells: usize,
    /// The names of that node so far, as bits by token number; all bits if one is not a token.
    names: u64,
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
        let (tag, name) = (Word::NONE, Word::NONE);
        Self { tree, scratch, text, body_length, source, tag, name, cells: 0, names: 0 }
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
        if self.tag != Word::NONE {
            push_step(&mut path, &step(self.tag));
        }
        if self.name != Word::NONE {
            push_step(&mut path, &format!("@{}", step(self.name)));
        }
        path
    }

    fn text_of(&self, word: Word) -> &[u8] {
        text_of(self.tree.dictionary, &self.text, word)
    }

    #[inline]
    fn store(&mut self, bytes: &[u8]) -> Word {
        let start = self.text.len();
        self.text.extend_from_slice(bytes);
        Word::range(kind::TEXT, start, bytes.len())
    }

    #[inline(always)]
    fn packed(&mut self, packed: Packed<'_>, role: Role) -> Word {
        if role == Role::Content && !packed.has_packable_length() {
            // It has no coded form that an encoder writes, and is kept as bytes of the text.
            let mut text = Vec::with_capacity(packed.len());
            packed.unpack(&mut text);
            return self.tree.put_blob(text.into());
        }
        let start = self.text.len();
        packed.unpack(&mut self.text);
        Word::range(packed_kind(packed), start, packed.len())
    }

    /// Stores the node that is begun, all but its children.
    #[inline]
    fn push_record(&mut self, content: Word) -> u32 {
        let index = self.tree.nodes.len() as u32;
        let tag = std::mem::replace(&mut self.tag, Word::NONE);
        let cell_count = self.tree.cells.len().wrapping_sub(self.cells) as u32;
        let (cells, end) = (self.cells as u32, index.wrapping_add(1));
        self.tree.nodes.push(Record { tag, content, cells, cell_count, end });
        index
    }

    /// Whether `name` is among those of the node begun last.
    #[cold]
    fn is_repeated(&mut self, name: Word) -> bool {
        let cells = self.tree.cells.get(self.cells..).unwrap_or(&[]);
        let dictionary = self.tree.dictionary;
        let text_of = |word| text_of(dictionary, &self.text, word);
        self.scratch.keys.has(&Names { cells, text_of, dictionary }, name)
    }

    #[inline]
    fn server(&mut self, name: Word) -> (Server<'static>, Word) {
        let known = match name.kind() {
            kind::TOKEN => self.tree.dictionary.server(name.as_token()),
            _ => std::str::from_utf8(self.text_of(name)).ok().and_then(Server::known),
        };
        match known {
            Some(known) => (known, Word::NONE),
            None => (Server::Other(""), name),
        }
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8], span: Span<'_>) -> Word {
        let behind = span.after.len().wrapping_add(bytes.len());
        let in_body = self.body_length.wrapping_sub(behind);
        match self.source {
            Source::Shared { base } => Word::range(kind::BYTES, in_body.wrapping_add(base), bytes.len()),
            Source::Inflated => Word::range(kind::COPIED, in_body, bytes.len()),
            Source::Copied => {
                let start = self.tree.owned.len();
                self.tree.owned.extend_from_slice(bytes);
                Word::range(kind::COPIED, start, bytes.len())
            }
        }
    }
}

/// The text of a token or text word, where `texts` are not yet checked.
#[inline]
fn text_of(dictionary: Dictionary, texts: &[u8], word: Word) -> &[u8] {
    let end = word.start().saturating_add(word.length());
    match word.kind() {
        kind::TOKEN => dictionary.text(word.as_token()).as_bytes(),
        _ => texts.get(word.start()..end).unwrap_or(&[]),
    }
}

/// The kind of a packed text, so that the encoder need not find out again: a text that is a token, or that is packed in
/// a way of its own, is like any other.
#[inline]
fn packed_kind(packed: Packed<'_>) -> u64 {
    if packed.len() <= LONGEST_TOKEN || !packed.has_packable_length() {
        return kind::TEXT;
    }
    match packed.alphabet {
        Alphabet::Nibble => kind::NIBBLE,
        // Digits alone go as nibbles.
        Alphabet::Hex if packed.has_letters() => kind::HEX,
        Alphabet::Hex => kind::TEXT,
    }
}

impl<'a> Sink<'a> for TreeSink<'_> {
    type Text = Word;
    /// The word of a JID, and the cell with its texts.
    type Jid = (Word, Cell);

    #[inline(always)]
    fn text(&mut self, role: Role, string: WireStr<'a>, _: Span<'a>) -> Word {
        match string {
            WireStr::Token(token) => Word::token(token),
            WireStr::Packed(packed) => self.packed(packed, role),
            WireStr::Raw(bytes) => self.store(bytes),
        }
    }

    #[inline(always)]
    fn is(&self, text: Word, expected: &str) -> bool {
        self.text_of(text) == expected.as_bytes()
    }

    #[inline(always)]
    fn jid(&mut self, jid: WireJid<Word>, _: Span<'a>) -> (Word, Cell) {
        let (server, name) = match jid.server {
            JidServer::Known(server) => (server, Word::NONE),
            JidServer::Named(name) => self.server(name),
            JidServer::Domain => (Server::Other(""), Word::NONE),
        };
        let word = Word::jid(jid.form, server, jid.device, jid.integrator);
        (word, Cell { name: jid.user.unwrap_or(Word::NONE).of_jid(), value: name })
    }

    #[inline(always)]
    fn head(&mut self, _: usize, _: Span<'a>) {}

    #[inline(always)]
    fn tag(&mut self, tag: Word) {
        self.tag = tag;
        self.cells = self.tree.cells.len();
        self.names = 0;
        self.scratch.keys.begin();
    }

    #[inline(always)]
    fn name(&mut self, name: Word) -> bool {
        self.name = name;
        let bit = if name.kind() == kind::TOKEN { 1 << (name.as_token().id() & 63) } else { u64::MAX };
        let may_be_repeated = self.names & bit != 0;
        self.names |= bit;
        !(may_be_repeated && self.tree.keys_are_unique && self.is_repeated(name))
    }

    #[inline(always)]
    fn value(&mut self, value: Value<Word, (Word, Cell)>) {
        let name = std::mem::replace(&mut self.name, Word::NONE);
        match value {
            Value::Null => self.tree.cells.push(Cell { name, value: Word::NONE }),
            Value::Text(value) => self.tree.cells.push(Cell { name, value }),
            Value::Jid((value, texts)) => self.tree.cells.extend_from_slice(&[Cell { name, value }, texts]),
        }
    }

    #[inline(always)]
    fn content(&mut self, content: Content<'a, Word, (Word, Cell)>, span: Span<'a>) {
        let word = match content {
            Content::None => Word::NONE,
            Content::Bytes(bytes) => self.bytes(bytes, span),
            Content::Text(text) => text,
            Content::Jid((word, texts)) => {
                self.tree.cells.push(texts);
                word
            }
        };
        self.push_record(word);
    }

    #[inline(always)]
    fn children(&mut self, count: usize, _: Span<'a>) {
        let index = self.push_record(Word::range(kind::NODES, 0, count));
        if count > 0 {
            self.scratch.open.push(index);
        }
    }

    #[inline(always)]
    fn close(&mut self) {
        let end = self.tree.nodes.len() as u32;
        let parent = self.scratch.open.pop().and_then(|index| self.tree.nodes.get_mut(index as usize));
        if let Some(parent) = parent {
            parent.end = end;
        }
    }
}
