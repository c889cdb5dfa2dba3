//! The sink that stores a walk as a tree.

use bytes::Bytes;

use super::Task;
use super::recent_names::RecentNames;
use super::texts::Texts;
use crate::error::Paths;
use crate::jid::{JidNumbers, Server, numbers_of_pair};
use crate::kernel::filter::{Filter, mark};
use crate::kernel::packed::Packed;
use crate::kernel::short_copy::Text;
use crate::kernel::short_name::ShortName;
use crate::node::record::{Cell, Record};
use crate::node::tree::{TokenFilter, Tree};
use crate::node::word::{Kind, Word};
use crate::node::{Names, SeenNames};
use crate::options::Leniency;
use crate::token::Table;
use crate::wire::{JidServer, OpenNode, Role, Rules, Sink, Span, WireContent, WireJid, WireStr, WireValue};

/// Where the bytes of contents are once the tree is complete.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Source {
    /// In the tree's `shared`, whose end is the body.
    Shared,
    /// In the tree's `owned`, which is the body.
    Inflated,
    /// In the tree's `owned`, copied one by one.
    #[default]
    Copied,
}

/// Builds a tree from a walk.
#[derive(Default)]
pub(crate) struct TreeSink {
    /// The tree; while a body is walked its texts are in `texts`.
    pub(crate) tree: Tree,
    /// The walk ensures that each starts at a character, so all are valid if the joined text is.
    texts: Texts,
    seen_names: SeenNames,
    /// The node that `seen_names` was asked about last.
    searched: Option<usize>,
    recent_names: RecentNames,
    allow: Leniency,
    source: Source,
    /// Where the body ends in the bytes that it is a part of.
    end: usize,
    /// The place of the last node's foot.
    last: usize,
    /// The name of the attribute whose value comes next.
    name: Word,
    /// The names so far of the last node: tokens, and other texts by their [`mark`].
    token_names: TokenFilter,
    text_names: Filter<1>,
}

impl TreeSink {
    /// Sets the rules for the next trees, and drops the last one, which has another dictionary perhaps.
    pub(super) fn follow(&mut self, rules: &Rules) {
        self.tree.clear();
        self.tree.table = rules.dictionary.table();
        self.tree.names_are_unique = !rules.allow.contains(Leniency::DUPLICATE_NAMES);
        self.allow = rules.allow;
    }

    /// Drops nodes, cells and texts of the tree and begins another, of a body of `length` bytes.
    #[inline(always)]
    pub(super) fn begin(&mut self, length: usize, task: Task) {
        self.tree.cells.clear();
        self.tree.count = 0;
        self.last = 0;
        self.searched = None;
        self.texts.begin(&mut self.tree.text);
        self.recent_names.begin();
        self.source = task.source;
        self.end = task.base.wrapping_add(length);
    }

    /// Puts the texts into the tree. Returns `false` if one of them is invalid.
    #[inline(always)]
    pub(super) fn finish(&mut self) -> bool {
        self.keep_root_names();
        self.texts.join(self.allow, &mut self.tree.text)
    }

    /// Roughly the memory held, in bytes.
    pub(super) fn memory(&self) -> usize {
        self.tree.memory().saturating_add(self.texts.memory())
    }

    /// Closes the open nodes at an error, with what they have.
    pub(super) fn keep_part(&mut self, open: &[OpenNode<u32>]) {
        let mut is_begun = u32::from(self.incomplete().is_some());
        if is_begun == 1 {
            self.complete(Word::NONE);
        }
        for parent in open.iter().rev() {
            let children = parent.read().wrapping_add(is_begun) as usize;
            if let Some(foot) = self.tree.cells.get_mut(parent.node as usize) {
                foot.name = Word::range(Kind::NODES, 0, children);
            }
            self.close(parent.node);
            is_begun = 1;
        }
        if !self.finish() {
            // The careful pass checked each text at its place, so together they are valid.
            self.tree.clear();
        }
    }

    /// The place being read: the enclosing nodes, the tag, and the attribute whose value comes next.
    ///
    /// `around`: each node, and the place of the child being read if it is one of several.
    pub(super) fn paths(&self, around: impl Iterator<Item = (u32, Option<u32>)>) -> Paths {
        let mut paths = Paths::default();
        let step = |word: Word| String::from_utf8_lossy(self.text_of(word)).into_owned();
        let mut place = None;
        for (node, of_child) in around {
            if let Some(record) = self.tree.record_of_foot(node as usize) {
                paths.push(&step(record.tag()), place);
            }
            place = of_child;
        }
        match self.incomplete() {
            Some(record) => paths.push(&step(record.tag()), place),
            None if place.is_some() => paths.push_place("", place),
            None => {}
        }
        if self.name != Word::NONE {
            paths.push(&format!("@{}", step(self.name)), None);
        }
        paths
    }

    fn text_of(&self, word: Word) -> &[u8] {
        text_of(self.tree.table, self.texts.as_bytes(), word)
    }

    #[inline(always)]
    fn packed(&mut self, packed: Packed<'_>, role: Role) -> Word {
        if role == Role::Content && !packed.has_packable_length() {
            // No encoder writes this text in a coded form, so the tree keeps it as bytes.
            return self.packed_bytes(packed);
        }
        self.texts.packed(packed)
    }

    #[cold]
    fn packed_bytes(&mut self, packed: Packed<'_>) -> Word {
        let word = self.texts.packed(packed);
        let text = Bytes::copy_from_slice(self.text_of(word));
        self.tree.put_blob(text)
    }

    /// The incomplete node: it has its tag and the attributes so far.
    fn incomplete(&self) -> Option<Record<'_>> {
        self.tree.record_of_foot(self.last).filter(|record| record.cells_end() == 0)
    }

    /// Ends the attributes and content of the last node. Its children, if any, follow.
    #[inline(always)]
    fn complete(&mut self, content: Word) {
        let end = self.tree.cells.len();
        if let Some(foot) = self.tree.cells.get_mut(self.last) {
            *foot = Cell::foot(content, end, 0);
        }
    }

    /// Must be called when the root's attributes are complete and no other node is stored.
    #[inline(always)]
    fn keep_root_names(&mut self) {
        // The root's foot is the second cell.
        if self.last == 1 {
            self.tree.root_names = self.token_names;
        }
    }

    /// Stores a spelled-out name. If it could be a token it is stored as that token, so that a token and a text are
    /// never equal names.
    #[inline(always)]
    fn store_name(&mut self, name: Text<'_>) -> Word {
        let Some(short) = ShortName::of(name.bytes) else { return self.store_new_name(name) };
        if let Some(word) = self.recent_names.find(short) {
            return word;
        }
        let word = self.store_new_name(name);
        self.recent_names.add(short, word);
        word
    }

    fn store_new_name(&mut self, name: Text<'_>) -> Word {
        match self.tree.table.find(name.bytes) {
            Some(token) => Word::token(token),
            None => self.texts.raw(name),
        }
    }

    /// Stores a packed name likewise.
    #[cold]
    fn packed_name(&mut self, name: Word) -> Word {
        self.tree.table.find(self.text_of(name)).map_or(name, Word::token)
    }

    /// Whether `name` repeats a name of the last node although the rules forbid that.
    #[cold]
    fn is_repeated(&mut self, name: Word) -> bool {
        if !self.tree.names_are_unique {
            return false;
        }
        if self.searched.replace(self.last) != Some(self.last) {
            self.seen_names.begin();
        }
        let cells = self.tree.cells.get(self.last.saturating_add(1)..).unwrap_or(&[]);
        let table = self.tree.table;
        let text_of = |word| text_of(table, self.texts.as_bytes(), word);
        self.seen_names.has(&Names { cells, text_of, dictionary: table.dictionary }, name)
    }

    #[inline(always)]
    fn bytes(&mut self, bytes: &[u8], span: Span) -> Word {
        let start = self.end.wrapping_sub(span.after).wrapping_sub(bytes.len());
        match self.source {
            Source::Shared => Word::range(Kind::BYTES, start, bytes.len()),
            Source::Inflated => Word::range(Kind::COPIED, start, bytes.len()),
            Source::Copied => {
                let start = self.tree.owned.len();
                self.tree.owned.extend_from_slice(bytes);
                Word::range(Kind::COPIED, start, bytes.len())
            }
        }
    }
}

/// The text of a token or text word, while `texts` are not yet checked.
#[inline]
fn text_of<'t>(table: &'static Table, texts: &'t [u8], word: Word) -> &'t [u8] {
    match table.texts.get(word.id()) {
        Some(text) => text.as_bytes(),
        None => texts.get(word.start()..word.start().saturating_add(word.length())).unwrap_or(&[]),
    }
}

impl<'a> Sink<'a> for TreeSink {
    type Text = Word;
    /// The word of a JID, and the cell with its texts.
    type Jid = (Word, Cell);
    /// The place of its foot.
    type Node = u32;

    #[inline(always)]
    fn text(&mut self, role: Role, string: WireStr<'a>, _: Span) -> Word {
        match string {
            WireStr::Token(token) => Word::token(token),
            WireStr::Packed(packed) => {
                let word = self.packed(packed, role);
                if role == Role::Name { self.packed_name(word) } else { word }
            }
            WireStr::Raw(text) if role == Role::Name => self.store_name(text),
            WireStr::Raw(text) => self.texts.raw(text),
        }
    }

    #[inline(always)]
    fn is(&self, text: Word, expected: &str) -> bool {
        if expected.is_empty() { text.is_empty_text() } else { self.text_of(text) == expected.as_bytes() }
    }

    fn spell(&self, text: Word, to: &mut String) {
        to.push_str(&String::from_utf8_lossy(self.text_of(text)));
    }

    #[cold]
    fn spelled(&mut self, role: Role, text: &str, _: Span, _: usize) -> Word {
        // No text with an `@` has a coded form, so as content it is bytes.
        match role {
            Role::Content => self.tree.put_blob(Bytes::copy_from_slice(text.as_bytes())),
            _ => self.texts.raw(Text::of(text.as_bytes())),
        }
    }

    fn numbers_of_pair(&self, user: Word, server: Word) -> JidNumbers {
        let text = |word| std::str::from_utf8(self.text_of(word)).unwrap_or("");
        numbers_of_pair(text(user), Server::from_text(text(server)))
    }

    #[inline(always)]
    fn jid(&mut self, jid: WireJid<Word>, _: Span) -> (Word, Cell) {
        let (server, server_text) = match jid.server {
            JidServer::Known(server) => (server.code(), Word::NONE),
            JidServer::Named(name) => (None, name),
            JidServer::Domain => (None, Word::NONE),
        };
        let word = Word::jid(jid.numbers, server);
        (word, Cell { name: jid.user.unwrap_or(Word::NONE).of_jid(), value: server_text })
    }

    #[inline(always)]
    fn head(&mut self, _: usize, _: Span) {}

    #[inline(always)]
    fn tag(&mut self, tag: Word) {
        self.last = self.tree.cells.len().wrapping_add(1);
        self.tree.begin(tag, Cell::foot(Word::NONE, 0, 0));
        self.token_names = TokenFilter::EMPTY;
        self.text_names = Filter::EMPTY;
    }

    #[inline(always)]
    fn name(&mut self, name: Word) -> bool {
        let may_be_repeated = if name.kind() == Kind::TOKEN {
            self.token_names.add(name.id())
        } else {
            self.token_names.add(0);
            self.text_names.add(mark(text_of(self.tree.table, self.texts.as_bytes(), name)))
        };
        !(may_be_repeated && self.is_repeated(name))
    }

    fn expect_value_of(&mut self, name: Option<Word>) {
        self.name = name.unwrap_or(Word::NONE);
    }

    #[inline(always)]
    fn value(&mut self, name: Word, value: WireValue<Word, (Word, Cell)>) {
        let (value, texts) = match value {
            WireValue::Null => (Word::NONE, None),
            WireValue::Text(value) => (value, None),
            WireValue::Jid((value, texts)) => (value, Some(texts)),
        };
        self.tree.add_attribute(Cell { name, value }, texts);
    }

    #[inline(always)]
    fn content(&mut self, content: WireContent<'a, Word, (Word, Cell)>, span: Span) {
        let word = match content {
            WireContent::None => Word::NONE,
            WireContent::Bytes(bytes) => self.bytes(bytes, span),
            WireContent::Text(text) => text,
            WireContent::Jid((word, texts)) => {
                self.tree.cells.push(texts);
                word
            }
        };
        self.complete(word);
    }

    #[inline(always)]
    fn children(&mut self, count: usize, _: Span) -> u32 {
        self.complete(Word::range(Kind::NODES, 0, count));
        self.keep_root_names();
        self.last as u32
    }

    #[inline(always)]
    fn close(&mut self, node: u32) {
        let end = self.tree.cells.len() as u32;
        if let Some(foot) = self.tree.cells.get_mut(node as usize) {
            foot.close(end);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Decoder;

    #[test]
    fn a_root_knows_which_names_it_does_not_have() {
        let mut decoder = Decoder::new();
        // <ack id="type"/>
        decoder.decode_slice(&[0x00, 0xf8, 0x03, 0x1b, 0x08, 0x04]).unwrap();
        let names = decoder.sink.tree.root_names;
        assert_eq!([0x08, 0x15].map(|token| names.may_have(token)), [true, false]);
    }
}
