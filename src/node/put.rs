//! Storing texts, values and contents in a tree.

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;

use super::record::{Cell, RECORD};
use super::tree::Tree;
use super::word::{Kind, LENGTH_END, TEXT_END, Word};
use super::{Children, Content, UnixSeconds, Value};
use crate::jid::{Jid, JidForm, JidRef, Server, address_text};
use crate::kernel::{decimal, name_hash};
use crate::token::{LONGEST_PACKABLE, Table};

/// A value for an attribute: made `From` a text, an integer (written in decimal), a JID, a [`Value`] or
/// [`UnixSeconds`]. Not from `bool`: the protocol has both `1` and `true`.
#[derive(Clone, Debug)]
pub struct NewValue<'a>(ValueParts<'a>);

#[derive(Clone, Debug)]
enum ValueParts<'a> {
    Text(Cow<'a, str>),
    Unsigned(u64),
    Signed(i64),
    Jid(JidRef<'a>),
    OwnedJid(Jid),
    Null,
}

impl<'a> NewValue<'a> {
    /// A JID if [`address_text`] reads the text as one, else the text: for texts of which a caller does not know.
    ///
    /// A text by itself is never made a JID. The two differ on the wire.
    ///
    /// ```
    /// use wabinary::{NewValue, Node};
    ///
    /// let node = Node::build("to")
    ///     .attr("jid", NewValue::address("15550001111@s.whatsapp.net"))
    ///     .attr("server", NewValue::address("s.whatsapp.net"))
    ///     .attr("text", NewValue::address("participant"))
    ///     .finish();
    /// assert_eq!(node.attrs().map(|(_, value)| value.as_jid().is_some()).collect::<Vec<_>>(), [true, true, false]);
    /// ```
    #[must_use]
    pub fn address(text: impl Into<Cow<'a, str>>) -> Self {
        match text.into() {
            Cow::Borrowed(text) => address_text(text).map_or_else(|_| text.into(), Self::from),
            Cow::Owned(text) => match address_text(&text).map(Jid::from) {
                Ok(jid) => jid.into(),
                Err(_) => text.into(),
            },
        }
    }
}

/// Content for a node: made `From` bytes, a text (as bytes, which is how clients write it), a JID, or the [`Content`] of
/// another node, whose child nodes are copied.
#[derive(Clone, Debug)]
pub struct NewContent<'a>(ContentParts<'a>);

#[derive(Clone, Debug)]
enum ContentParts<'a> {
    None,
    Bytes(Bytes),
    Copied(&'a [u8]),
    Coded(Cow<'a, str>),
    Jid(JidRef<'a>),
    OwnedJid(Jid),
    Nodes(Children<'a>),
}

impl<'a> NewContent<'a> {
    /// No content.
    pub const NONE: Self = Self(ContentParts::None);

    /// A text to be written as a token or packed. One that has no such form is written as bytes.
    pub fn coded(text: impl Into<Cow<'a, str>>) -> Self {
        Self(ContentParts::Coded(text.into()))
    }

    /// The child nodes, if it is nodes.
    pub(super) fn children(&self) -> Option<Children<'a>> {
        if let ContentParts::Nodes(children) = &self.0 { Some(children.clone()) } else { None }
    }
}

macro_rules! new_value_from {
    ($($from:ty, $value:ident => $parts:expr;)*) => {$(
        impl<'a> From<$from> for NewValue<'a> {
            #[inline]
            fn from($value: $from) -> Self {
                #[allow(unused_imports, clippy::useless_conversion, reason = "not every case needs each")]
                use ValueParts::*;
                Self($parts)
            }
        }
    )*};
}

new_value_from! {
    &'a str, text => Text(Cow::Borrowed(text));
    &&'a str, text => Text(Cow::Borrowed(text));
    &'a String, text => Text(Cow::Borrowed(text));
    String, text => Text(Cow::Owned(text));
    Cow<'a, str>, text => Text(text);
    JidRef<'a>, jid => Jid(jid);
    &JidRef<'a>, jid => Jid(*jid);
    &'a Jid, jid => Jid(jid.as_ref());
    Jid, jid => OwnedJid(jid);
    UnixSeconds, time => Unsigned(time.0);
    u8, number => Unsigned(number.into());
    u16, number => Unsigned(number.into());
    u32, number => Unsigned(number.into());
    u64, number => Unsigned(number);
    usize, number => Unsigned(number as u64);
    i8, number => Signed(number.into());
    i16, number => Signed(number.into());
    i32, number => Signed(number.into());
    i64, number => Signed(number);
    Value<'a>, value => match value {
        Value::Text(text) => Text(Cow::Borrowed(text)),
        Value::Jid(jid) => Jid(jid),
        Value::Null => Null,
    };
}

macro_rules! new_content_from {
    ($($from:ty, $content:ident => $parts:expr;)*) => {$(
        impl<'a> From<$from> for NewContent<'a> {
            #[inline]
            fn from($content: $from) -> Self {
                Self($parts)
            }
        }
    )*};
}

new_content_from! {
    Bytes, bytes => ContentParts::Bytes(bytes);
    &Bytes, bytes => ContentParts::Bytes(bytes.clone());
    Vec<u8>, bytes => ContentParts::Bytes(bytes.into());
    &'a [u8], bytes => ContentParts::Copied(bytes);
    &'a Vec<u8>, bytes => ContentParts::Copied(bytes);
    &'a str, text => ContentParts::Copied(text.as_bytes());
    String, text => ContentParts::Bytes(text.into());
    JidRef<'a>, jid => ContentParts::Jid(jid);
    &'a Jid, jid => ContentParts::Jid(jid.as_ref());
    Jid, jid => ContentParts::OwnedJid(jid);
    Content<'a>, content => match content {
        Content::None => ContentParts::None,
        Content::Nodes(children) => ContentParts::Nodes(children),
        Content::Bytes(bytes) => ContentParts::Copied(bytes),
        Content::Text(text) => ContentParts::Coded(Cow::Borrowed(text)),
        Content::Jid(jid) => ContentParts::Jid(jid),
    };
}

impl<'a, const N: usize> From<&'a [u8; N]> for NewContent<'a> {
    #[inline]
    fn from(bytes: &'a [u8; N]) -> Self {
        Self(ContentParts::Copied(bytes))
    }
}

/// Adds characters to the text of a tree. `None` if their place or length is too great for a word.
#[inline(always)]
fn push_characters(text: &mut String, characters: &str) -> Option<Word> {
    let start = text.len();
    if start >= TEXT_END || characters.len() >= LENGTH_END {
        return None;
    }
    text.push_str(characters);
    Some(Word::range(Kind::TEXT, start, characters.len()))
}

/// What a usual stanza needs, got at once rather than bit by bit.
mod room {
    pub(super) const CELLS: usize = 64;
    pub(super) const TEXT: usize = 256;
}

impl Tree {
    /// A tree that is a root without anything below. It is made in one expression, so that it is made where it is
    /// wanted, and not moved there.
    #[inline]
    pub(crate) fn with_root(tag: &str) -> Self {
        let table = <&'static Table>::default();
        let mut text = String::with_capacity(room::TEXT);
        let tag = table.find(tag.as_bytes()).map(Word::token).or_else(|| push_characters(&mut text, tag));
        let cells = Vec::with_capacity(room::CELLS);
        let mut tree = Self { cells, text, overflow: tag.is_none(), ..Self::default() };
        tree.begin(tag.unwrap_or_default(), Cell::foot(Word::NONE, RECORD, 0));
        tree
    }

    /// Allocates memory for a usual stanza, and for some more than `cells` cells, in a tree that has none yet.
    pub(crate) fn make_room(&mut self, cells: usize) {
        self.cells = Vec::with_capacity(room::CELLS.max(cells + room::CELLS / 4));
        self.text = String::with_capacity(room::TEXT);
    }

    /// A copy with room for a usual stanza more.
    pub(crate) fn clone_with_room(&self) -> Self {
        let mut cells = Vec::with_capacity(self.cells.len() + room::CELLS / 2);
        cells.extend_from_slice(&self.cells);
        let mut text = String::with_capacity(self.text.len() + room::TEXT);
        text.push_str(&self.text);
        let (owned, shared, blobs) = (self.owned.clone(), self.shared.clone(), self.blobs.clone());
        Self { cells, text, owned, shared, blobs, ..*self }
    }

    /// Stores a text: the token that it is, or its characters.
    #[inline(never)]
    pub(crate) fn put_text(&mut self, text: &str) -> Word {
        // Names and most values: a lookup that calls nothing.
        if text.len() >= name_hash::SHORT {
            return self.put_longer_text(text);
        }
        match self.table.find_short(text.as_bytes()) {
            Some(token) => Word::token(token),
            None => self.put_characters(text),
        }
    }

    #[inline(never)]
    fn put_longer_text(&mut self, text: &str) -> Word {
        match self.table.find(text.as_bytes()) {
            Some(token) => Word::token(token),
            None => self.put_characters(text),
        }
    }

    /// Stores a text that is not a token, or that may be spelled out.
    #[inline(never)]
    fn put_characters(&mut self, text: &str) -> Word {
        match push_characters(&mut self.text, text) {
            Some(word) => word,
            None => self.put_nothing(),
        }
    }

    /// Stores a number in decimal. It is known to be packed, unless it may be a token.
    fn put_decimal(&mut self, negative: bool, magnitude: u64) -> Word {
        let mut room = decimal::ROOM;
        let start = decimal::write(negative, magnitude, &mut room);
        let is_short = room.len() - start <= LONGEST_PACKABLE;
        if is_short && let Some(token) = self.table.find_short(&room[start..]) {
            return Word::token(token);
        }
        let number = std::str::from_utf8(&room).ok().and_then(|room| room.get(start..));
        let text = self.put_characters(number.unwrap_or_default());
        if is_short { text } else { Word::range(Kind::NIBBLE, text.start(), text.length()) }
    }

    /// Notes that something did not fit.
    #[cold]
    fn put_nothing(&mut self) -> Word {
        self.overflow = true;
        Word::range(Kind::TEXT, 0, 0)
    }

    /// Stores a JID: its word, and the cell with its texts.
    pub(crate) fn put_jid(&mut self, jid: &JidRef<'_>) -> (Word, Cell) {
        let user = jid.user.map_or(Word::NONE, |user| self.put_text(user));
        let (server, name) = match jid.server {
            _ if matches!(jid.form(), JidForm::AdDomain(_)) => (Server::Other(""), Word::NONE),
            // A caller may have put a known name into `Other`.
            Server::Other(name) => match Server::known(name) {
                Some(known) => (known, Word::NONE),
                None => (Server::Other(""), self.put_text(name)),
            },
            known => (known, Word::NONE),
        };
        let word = Word::jid(jid.numbers, server.code());
        (word, Cell { name: user.of_jid(), value: name })
    }

    /// Stores a value: its word, and for a JID the next cell. Inlined where the compiler knows the type of the value.
    #[inline(always)]
    pub(crate) fn put_value(&mut self, value: NewValue<'_>) -> (Word, Option<Cell>) {
        let jid = |(word, texts)| (word, Some(texts));
        match value.0 {
            ValueParts::Text(text) => (self.put_text(&text), None),
            ValueParts::Unsigned(number) => (self.put_decimal(false, number), None),
            ValueParts::Signed(number) => (self.put_decimal(number < 0, number.unsigned_abs()), None),
            ValueParts::Jid(value) => jid(self.put_jid(&value)),
            ValueParts::OwnedJid(value) => jid(self.put_jid(&value.as_ref())),
            ValueParts::Null => (Word::NONE, None),
        }
    }

    /// Stores content other than nodes, for which it stores none.
    #[inline(always)]
    pub(crate) fn put_content(&mut self, content: NewContent<'_>) -> (Word, Option<Cell>) {
        match content.0 {
            ContentParts::None | ContentParts::Nodes(_) => (Word::NONE, None),
            ContentParts::Bytes(bytes) => (self.put_blob(bytes), None),
            ContentParts::Copied(bytes) => (self.put_bytes(bytes), None),
            ContentParts::Coded(text) => (self.put_text(&text), None),
            ContentParts::Jid(jid) => self.put_value(jid.into()),
            ContentParts::OwnedJid(jid) => self.put_value(jid.into()),
        }
    }

    /// Stores a copy of bytes.
    pub(crate) fn put_bytes(&mut self, bytes: &[u8]) -> Word {
        let start = self.owned.len();
        if start >= TEXT_END || bytes.len() >= LENGTH_END {
            return self.put_nothing();
        }
        self.owned.extend_from_slice(bytes);
        Word::range(Kind::COPIED, start, bytes.len())
    }

    /// Stores a handle to bytes.
    pub(crate) fn put_blob(&mut self, bytes: Bytes) -> Word {
        let index = self.blobs.as_ref().map_or(0, |blobs| blobs.len());
        if index >= TEXT_END || bytes.len() >= LENGTH_END {
            return self.put_nothing();
        }
        Arc::make_mut(self.blobs.get_or_insert_default()).push(bytes);
        Word::range(Kind::BLOB, index, 0)
    }

    /// Stores the text or bytes of a word of another tree. `same_dictionary`: whether tokens mean the same in both;
    /// `shares`: whether the bytes of `other` may be shared.
    #[inline(always)]
    pub(crate) fn put_word(&mut self, other: &Self, word: Word, same_dictionary: bool, shares: bool) -> Word {
        match word.kind() {
            Kind::TOKEN if same_dictionary || word == Word::NONE => word,
            Kind::NODES => word,
            _ => self.put_other_word(other, word, same_dictionary, shares),
        }
    }

    #[inline(never)]
    fn put_other_word(&mut self, other: &Self, word: Word, same_dictionary: bool, shares: bool) -> Word {
        match word.kind() {
            // No dictionary has them as tokens.
            Kind::NIBBLE | Kind::HEX => {
                let text = self.put_characters(other.text_of(word));
                Word::range(word.kind(), text.start(), text.length())
            }
            Kind::TEXT if same_dictionary => self.put_characters(other.text_of(word)),
            Kind::TOKEN | Kind::TEXT => self.put_text(other.text_of(word)),
            Kind::COPIED => self.put_bytes(other.bytes_of(word)),
            Kind::BYTES | Kind::BLOB if !shares => self.put_bytes(other.bytes_of(word)),
            Kind::BYTES => {
                if self.shared.is_empty() {
                    self.shared = other.shared.clone();
                }
                let same = self.shared.as_ptr() == other.shared.as_ptr() && self.shared.len() == other.shared.len();
                if same { word } else { self.put_blob(other.shared_bytes_of(word)) }
            }
            Kind::BLOB => self.put_blob(other.shared_bytes_of(word)),
            _ => word,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Node;

    #[test]
    fn numbers_are_written_as_the_standard_library_does() {
        for number in (0..1_100).chain([99_999, u64::MAX / 2, u64::MAX]) {
            let node = Node::build("x").attr("unsigned", number).attr("signed", number as i64).finish();
            assert_eq!(node.get::<&str>("unsigned"), Ok(&*number.to_string()));
            assert_eq!(node.get::<&str>("signed"), Ok(&*(number as i64).to_string()));
            let negative = (number as i64).wrapping_neg();
            let node = Node::build("x").attr("signed", negative).finish();
            assert_eq!(node.get::<&str>("signed"), Ok(&*negative.to_string()));
            assert_eq!(node.get("signed"), Ok(negative));
        }
    }
}
