//! Writing the nodes of a tree, one by one.

use crate::error::EncodeErrorKind;
use crate::jid::{JidForm, token_of_server};
use crate::kernel::filter::{Filter, mark};
use crate::kernel::packed::Alphabet;
use crate::kernel::short_copy::Text;
use crate::node::record::{Cell, Record};
use crate::node::tree::Tree;
use crate::node::word::{Kind, Word};
use crate::node::{Names, SeenNames};
use crate::options::Leniency;
use crate::token::{Dictionary, Token};
use crate::wire::{JidShape, Room, packed, put, scalar, string, write_jid, write_pair};

/// Why a node cannot be written, and its attribute if the problem is one.
pub(super) struct Failure {
    pub(super) kind: EncodeErrorKind,
    /// `NONE` if none is.
    pub(super) attribute: Word,
}

impl From<EncodeErrorKind> for Failure {
    fn from(kind: EncodeErrorKind) -> Self {
        Self { kind, attribute: Word::NONE }
    }
}

/// A large content that the writer left out.
pub(super) struct LeftOut {
    /// The number of bytes before it.
    pub(super) at: usize,
    pub(super) content: Word,
}

/// Leaves out contents of at least `large` bytes.
pub(super) struct Leaving<'a> {
    pub(super) large: usize,
    pub(super) left_out: &'a mut Vec<LeftOut>,
    /// The size of the whole room.
    pub(super) all: usize,
}

/// Writes nodes. A failure leaves no room.
pub(super) struct Writer<'a> {
    tree: &'a Tree,
    seen_names: &'a mut SeenNames,
    dictionary: Dictionary,
    /// Words below this are tokens of one byte, or null. It is 0 if the tree has another dictionary.
    tokens: u64,
    /// Words below this are tokens, or null. It is 0 if the tree has another dictionary.
    all_tokens: u64,
    check_names: bool,
    /// The names of the node so far, by the [`mark`] of their written form: a token of one byte is its own mark.
    names: Filter<4>,
    allow: Leniency,
    failure: Option<Failure>,
    leaving: Leaving<'a>,
}

impl<'a> Writer<'a> {
    #[inline]
    pub(super) fn new(
        tree: &'a Tree,
        seen_names: &'a mut SeenNames,
        dictionary: Dictionary,
        allow: Leniency,
        leaving: Leaving<'a>,
    ) -> Self {
        let check_names = !allow.contains(Leniency::DUPLICATE_NAMES) && !tree.names_are_unique;
        let is_same = dictionary == tree.table.dictionary;
        let (tokens, all_tokens) = if is_same { (1 << u8::BITS, tree.table.texts.len() as u64) } else { (0, 0) };
        let (names, failure) = (Filter::EMPTY, None);
        Self { tree, seen_names, dictionary, tokens, all_tokens, check_names, names, allow, failure, leaving }
    }

    /// The reason why no room is left, unless the room was too small.
    pub(super) fn failure(self) -> Option<Failure> {
        self.failure
    }

    /// Records a failure, unless an earlier part had no room: then that part is not known to be valid.
    #[cold]
    fn fail<'o>(&mut self, kind: EncodeErrorKind, attribute: Word, room: Room<'_>) -> Room<'o> {
        if !room.is_empty() {
            self.failure.get_or_insert(Failure { kind, attribute });
        }
        &mut []
    }

    /// Writes a node up to its first child.
    #[inline(always)]
    pub(super) fn node<'o>(&mut self, record: Record<'_>, cells: &[Cell], room: Room<'o>) -> Room<'o> {
        let content = record.content();
        let has_content = usize::from(content != Word::NONE);
        let room = if cells.is_empty() {
            let room = put(room, scalar::short_list_head(1 + has_content as u8));
            self.tag(record.tag(), room)
        } else if cells.len() < scalar::LARGEST_SHORT_LIST / 2 {
            // The head is filled in when the attributes are counted.
            let Some((head, room)) = room.split_first_chunk_mut() else { return &mut [] };
            let room = self.tag(record.tag(), room);
            let (count, room) = self.attributes(cells, room);
            *head = scalar::short_list_head((1 + 2 * count + has_content) as u8);
            room
        } else {
            self.many_attributes(record, cells, room)
        };
        if content == Word::NONE {
            return room;
        }
        if content.kind() == Kind::NODES {
            let children = content.length();
            if children > scalar::LARGEST_LIST {
                return self.fail(EncodeErrorKind::TooManyChildren(children), Word::NONE, room);
            }
            return scalar::write_list_head(room, children);
        }
        match content.kind() {
            Kind::BYTES | Kind::COPIED | Kind::BLOB => {
                let bytes = self.tree.bytes_of(content);
                if bytes.len() < self.leaving.large {
                    return scalar::write_binary(room, bytes);
                }
                self.leave_out(content, scalar::write_binary_head(room, bytes.len()))
            }
            Kind::JID => self.jid(content, cells.last(), Word::NONE, room),
            _ => self.string(content, room),
        }
    }

    #[inline(never)]
    fn leave_out<'o>(&mut self, content: Word, room: Room<'o>) -> Room<'o> {
        let Leaving { left_out, all, .. } = &mut self.leaving;
        left_out.push(LeftOut { at: *all - room.len(), content });
        room
    }

    /// Writes the head, tag and attributes of a node whose list head may be long.
    #[inline(never)]
    fn many_attributes<'o>(&mut self, record: Record<'_>, cells: &[Cell], room: Room<'o>) -> Room<'o> {
        let count = cells.iter().filter(|cell| !cell.name.is_of_jid()).count();
        let size = 1 + 2 * count + usize::from(record.content() != Word::NONE);
        if size > scalar::LARGEST_LIST {
            return self.fail(EncodeErrorKind::TooManyAttributes(count), Word::NONE, room);
        }
        let room = self.tag(record.tag(), scalar::write_list_head(room, size));
        self.attributes(cells, room).1
    }

    #[inline(always)]
    fn tag<'o>(&mut self, tag: Word, room: Room<'o>) -> Room<'o> {
        match tag.as_byte(self.tokens) {
            Some(byte @ 1..) => put(room, [byte]),
            _ if tag == Word::NONE || tag.is_empty_text() => self.empty_tag(room),
            _ => self.other_string(tag, room),
        }
    }

    #[cold]
    fn empty_tag<'o>(&mut self, room: Room<'o>) -> Room<'o> {
        if self.allow.contains(Leniency::EMPTY_TAG) {
            return string::write_string(room, Text::of(b""), self.dictionary);
        }
        self.fail(EncodeErrorKind::EmptyTag, Word::NONE, room)
    }

    /// Writes attributes and returns their number.
    #[inline(always)]
    fn attributes<'o>(&mut self, cells: &[Cell], mut room: Room<'o>) -> (usize, Room<'o>) {
        if self.check_names {
            self.seen_names.begin();
            self.names = Filter::EMPTY;
        }
        let mut count = cells.len();
        let mut left = cells.iter();
        while let Some(cell) = left.next() {
            room = match cell.name.as_byte(self.tokens) {
                Some(byte) if self.check_names => self.check_key(cells, left.len(), byte.into(), put(room, [byte])),
                Some(byte) => put(room, [byte]),
                // This cell has the texts of the JID before it, which are already written.
                None if cell.name.is_of_jid() => {
                    count -= 1;
                    continue;
                }
                None if self.check_names => self.other_name(cells, left.len(), room),
                None => self.other_string(cell.name, room),
            };
            room = match cell.value.as_byte(self.tokens) {
                Some(byte) => put(room, [byte]),
                None if cell.value.is_below(self.all_tokens) => string::write_token(room, cell.value.as_token()),
                None => self.other_value(cell, left.as_slice().first(), room),
            };
        }
        (count, room)
    }

    /// Writes and checks a name that is not a token of one byte.
    #[inline(never)]
    fn other_name<'o>(&mut self, cells: &[Cell], left: usize, room: Room<'o>) -> Room<'o> {
        let Some((name, _)) = key_of(cells, left) else { return room };
        let behind = self.other_string(name, &mut *room).len();
        let (written, room) = room.split_at_mut(room.len() - behind);
        // Equal names are written with equal bytes, however their token was spelled.
        self.check_key(cells, left, mark(written), room)
    }

    /// Fails if the name after which `left` cells remain repeats an earlier one. Equal names have equal `mark`s.
    #[inline(always)]
    fn check_key<'o>(&mut self, cells: &[Cell], left: usize, mark: usize, room: Room<'o>) -> Room<'o> {
        if self.names.add(mark) { self.compare_keys(cells, left, room) } else { room }
    }

    #[inline(never)]
    fn compare_keys<'o>(&mut self, cells: &[Cell], left: usize, room: Room<'o>) -> Room<'o> {
        let tree = self.tree;
        let text_of = |name| tree.text_of(name).as_bytes();
        let Some((name, before)) = key_of(cells, left) else { return room };
        if self.seen_names.has(&Names { cells: before, text_of, dictionary: tree.table.dictionary }, name) {
            return self.fail(EncodeErrorKind::DuplicateName, name, room);
        }
        room
    }

    #[inline(always)]
    fn string<'o>(&self, word: Word, room: Room<'o>) -> Room<'o> {
        match word.as_byte(self.tokens) {
            Some(byte) => put(room, [byte]),
            None => self.other_string(word, room),
        }
    }

    #[inline(never)]
    fn other_value<'o>(&mut self, cell: &Cell, behind: Option<&Cell>, room: Room<'o>) -> Room<'o> {
        match cell.value.kind() {
            _ if cell.value == Word::NONE => scalar::write_list_head(room, 0),
            Kind::JID => self.jid(cell.value, behind, cell.name, room),
            _ => self.other_string(cell.value, room),
        }
    }

    /// Writes a text. Of a decoded text the word says whether it packs.
    #[inline(never)]
    fn other_string<'o>(&self, word: Word, room: Room<'o>) -> Room<'o> {
        let text = || Text::within(self.tree.text.as_bytes(), word.start(), word.length());
        match word.kind() {
            Kind::NIBBLE => packed::write_packed(room, text(), Alphabet::Nibble),
            Kind::HEX => packed::write_packed(room, text(), Alphabet::Hex),
            Kind::TEXT => string::write_string(room, text(), self.dictionary),
            Kind::TOKEN if self.tokens > 0 => string::write_token(room, word.as_token()),
            _ => string::write_string(room, Text::of(self.tree.text_of(word).as_bytes()), self.dictionary),
        }
    }

    /// Writes a JID, the value of the attribute of this name or, without a name, content.
    #[inline(never)]
    fn jid<'o>(&mut self, word: Word, texts: Option<&Cell>, name: Word, room: Room<'o>) -> Room<'o> {
        let Some(texts) = texts else { return room };
        let server = match (word.pair_server(), texts.value.as_byte(self.tokens)) {
            (Some(_), Some(byte @ 1..)) => Some(Token::single(byte)),
            (Some(code), _) => token_of_server(self.dictionary, code),
            (None, _) => None,
        };
        match server {
            Some(server) => write_pair(room, self.user(texts), server),
            None => self.other_jid(word, texts, name, room),
        }
    }

    #[inline(never)]
    fn other_jid<'o>(&mut self, word: Word, texts: &Cell, name: Word, room: Room<'o>) -> Room<'o> {
        let numbers = word.jid_numbers();
        if let JidForm::AdDomain(domain) = numbers.form()
            && !self.allow.contains(Leniency::AD_DOMAIN)
        {
            return self.fail(EncodeErrorKind::UnknownDomain(domain), name, room);
        }
        let server = self.tree.server_of(word, *texts);
        let shape = JidShape { numbers, server };
        write_jid(room, shape, self.user(texts), self.dictionary, self.allow)
    }

    /// Writes the user of a JID, if it has one.
    #[inline(always)]
    fn user<'o>(&self, texts: &Cell) -> Option<impl FnOnce(Room<'o>) -> Room<'o>> {
        let user = texts.name.plain();
        (user != Word::NONE).then_some(move |room| self.string(user, room))
    }
}

/// The name after which `left` cells remain, and the cells before it.
fn key_of(cells: &[Cell], left: usize) -> Option<(Word, &[Cell])> {
    let (cell, before) = cells.get(..cells.len().checked_sub(left)?)?.split_last()?;
    Some((cell.name, before))
}
