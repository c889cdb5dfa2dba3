//! The dictionaries: texts that take one or two bytes on the wire.
//!
//! A frame does not say which dictionary it was written with; the connection does. The first bytes a client sends are
//! `57 41 06 03` for version 3 and `57 41 06 02` for version 2 (last byte of the intro header). Under the wrong
//! dictionary a frame decodes to wrong text without an error.
//!
//! The lists are in `tokens/`, with their sources.

use std::fmt;

use crate::kernel::name_hash;
use crate::kernel::short_copy::are_same;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The tables of a dictionary, made by `build.rs`.
pub(crate) struct Table {
    pub(crate) dictionary: Dictionary,
    /// Texts by [`Token`] id; empty if no token has the id.
    pub(crate) texts: [&'static str; 1280],
    /// Keys by slot; 0 if the slot is free.
    keys: [u64; name_hash::SLOTS],
    ids: [u16; name_hash::SLOTS],
    /// For each first byte, the lengths of the tokens that begin with it, as bits.
    lengths: [u64; 128],
}

impl Default for &'static Table {
    fn default() -> Self {
        Dictionary::default().table()
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.dictionary.fmt(f)
    }
}

impl Table {
    /// Whether a token has this text's first byte and length. Ids, numbers and sentences rarely pass.
    #[inline(always)]
    fn may_have(&self, text: &[u8]) -> bool {
        let lengths = text.first().and_then(|first| self.lengths.get(usize::from(*first)));
        // Tokens have fewer than 63 bytes.
        lengths.is_some_and(|lengths| lengths >> text.len().min(63) & 1 != 0)
    }

    #[inline(always)]
    pub(crate) fn find(&self, text: &[u8]) -> Option<Token> {
        if text.len() < name_hash::SHORT { self.find_short(text) } else { self.find_long(text) }
    }

    /// The token of a text shorter than [`name_hash::SHORT`], whose key is the whole text.
    #[inline(always)]
    pub(crate) fn find_short(&self, text: &[u8]) -> Option<Token> {
        self.id_of(name_hash::key(text)).map(Token)
    }

    #[inline(always)]
    fn find_long(&self, text: &[u8]) -> Option<Token> {
        if !self.may_have(text) {
            return None;
        }
        let id = self.id_of(name_hash::key(text))?;
        are_same(self.texts.get(usize::from(id))?.as_bytes(), text).then_some(Token(id))
    }

    #[inline(always)]
    fn id_of(&self, key: u64) -> Option<u16> {
        let mut slot = name_hash::first_slot(key);
        while self.keys[slot] != key {
            if self.keys[slot] == 0 {
                return None;
            }
            slot = name_hash::next_slot(slot);
        }
        Some(self.ids[slot])
    }
}

/// A packable text above this length is not a token of any dictionary; a test checks that.
pub(crate) const LONGEST_PACKABLE: usize = 4;

/// A dictionary: the list of tokens that a frame was written with.
///
/// The connection announces its version in the last byte of the intro header.
///
/// ```
/// use wabinary::Dictionary;
///
/// assert_eq!(Dictionary::default(), Dictionary::V3);
/// assert_eq!(Dictionary::from_version(2), Some(Dictionary::V2));
/// // In another version the same wire byte means another text:
/// let token = Dictionary::V3.find("ack").unwrap();
/// assert_eq!(Dictionary::V3.text(token), "ack");
/// assert_eq!(Dictionary::V2.text(token), "participants");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dictionary {
    /// Version 2: clients before December 2023, and Baileys 6. Source: `baileys` 6.17.16, equal entry by entry to
    /// `tulir/whatsmeow` before commit 7067ff4.
    V2,
    /// Version 3, in use since December 2023. Source: `tulir/whatsmeow` `binary/token/token.go`, equal entry by entry
    /// to six more implementations.
    #[default]
    V3,
}

/// A token of a dictionary: the number that one byte (1 to 235) or two bytes (236 to 239, then an index) spell.
///
/// ```
/// use wabinary::{Dictionary, Token};
///
/// let token = Dictionary::V3.find("retry").unwrap();
/// assert_eq!((token.dictionary(), token.index()), (Some(0), 0x0b));
/// assert_eq!(Dictionary::V3.text(token), "retry");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(u16);

impl Dictionary {
    /// Every known dictionary, oldest first.
    pub const ALL: &'static [Self] = &[Self::V2, Self::V3];

    /// Returns the dictionary of a version number, the last byte of a connection's intro header.
    #[must_use]
    pub const fn from_version(version: u8) -> Option<Self> {
        match version {
            2 => Some(Self::V2),
            3 => Some(Self::V3),
            _ => None,
        }
    }

    /// Returns the version number: 2 or 3.
    #[must_use]
    pub const fn version(self) -> u8 {
        match self {
            Self::V2 => 2,
            Self::V3 => 3,
        }
    }

    /// Returns the text of a token.
    #[inline]
    #[must_use]
    pub fn text(self, token: Token) -> &'static str {
        self.table().texts.get(usize::from(token.0)).copied().unwrap_or("")
    }

    /// Returns the token of exactly this text, if there is one.
    #[inline]
    #[must_use]
    pub fn find(self, text: &str) -> Option<Token> {
        self.find_bytes(text.as_bytes())
    }

    #[inline(always)]
    pub(crate) fn find_bytes(self, text: &[u8]) -> Option<Token> {
        self.table().find(text)
    }

    /// Whether the text may have a token, by a quick check. `false` is certain.
    #[inline(always)]
    pub(crate) fn may_have(self, text: &[u8]) -> bool {
        self.table().may_have(text)
    }

    /// Returns the token of this text, at compile time.
    pub(crate) const fn token(self, text: &str) -> Option<Token> {
        let texts = match self {
            Self::V2 => V2.texts,
            Self::V3 => V3.texts,
        };
        // Numbers without a token have no text.
        let mut id = if text.is_empty() { texts.len() } else { 1 };
        while id < texts.len() {
            if same_bytes(texts[id].as_bytes(), text.as_bytes()) {
                return Some(Token(id as u16));
            }
            id += 1;
        }
        None
    }

    /// Iterates over every token with its text, in wire order.
    ///
    /// ```
    /// # use wabinary::Dictionary;
    /// assert_eq!(Dictionary::V3.tokens().count(), 235 + 4 * 256);
    /// ```
    pub fn tokens(self) -> impl Iterator<Item = (Token, &'static str)> {
        let texts = self.table().texts.iter().enumerate();
        texts.filter(|(_, text)| !text.is_empty()).map(|(id, text)| (Token(id as u16), *text))
    }

    #[inline]
    pub(crate) fn table(self) -> &'static Table {
        match self {
            Self::V2 => &V2,
            Self::V3 => &V3,
        }
    }
}

impl Token {
    /// The token of the single byte `byte` (1 to 235).
    #[inline]
    pub(crate) const fn single(byte: u8) -> Self {
        Self(byte as u16)
    }

    /// The token at `index` of double-byte dictionary `dictionary` (0 to 3).
    #[inline]
    pub(crate) const fn double(dictionary: u8, index: u8) -> Self {
        Self(((dictionary as u16 & 3) + 1) << 8 | index as u16)
    }

    #[inline]
    pub(crate) const fn from_id(id: u16) -> Self {
        Self(id)
    }

    #[inline]
    pub(crate) const fn id(self) -> u16 {
        self.0
    }

    /// Returns the number of the double-byte dictionary (0 to 3), or `None` for a single-byte token.
    #[must_use]
    pub const fn dictionary(self) -> Option<u8> {
        ((self.0 >> 8) as u8).checked_sub(1)
    }

    /// Returns the index in its list: the wire byte of a single-byte token, or the second byte of a double-byte token.
    #[must_use]
    pub const fn index(self) -> u8 {
        self.0 as u8
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<String> = self.wire_bytes().map(|byte| format!("{byte:#04x}")).collect();
        write!(f, "Token({})", bytes.join(" "))
    }
}

/// Compares two texts at compile time.
pub(crate) const fn same_bytes(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_token_is_found_and_every_miss_is_a_miss() {
        for &dictionary in Dictionary::ALL {
            for (token, text) in dictionary.tokens() {
                assert_eq!(dictionary.find(text), Some(token), "{text}");
                assert_eq!(dictionary.text(token), text);
                assert_eq!(dictionary.find(&format!("{text}\u{0}")), None);
            }
            for miss in ["", "acks", "Ack", "\u{0}", "multi_scanX_enabled", &"a".repeat(300)] {
                assert_eq!(dictionary.find(miss), None, "{miss}");
            }
        }
    }

    #[test]
    fn a_token_with_a_byte_changed_is_no_token() {
        for &dictionary in Dictionary::ALL {
            for (_, text) in dictionary.tokens() {
                for at in 0..text.len() {
                    let mut changed = text.as_bytes().to_vec();
                    changed[at] ^= 0x80;
                    assert_eq!(dictionary.find_bytes(&changed), None, "{text}, byte {at}");
                }
            }
        }
    }

    #[test]
    fn a_text_may_be_a_token_if_one_has_its_first_byte_and_its_length() {
        for &dictionary in Dictionary::ALL {
            let tokens: HashSet<_> = dictionary.tokens().map(|(_, text)| (text.as_bytes()[0], text.len())).collect();
            assert!(!dictionary.may_have(b""));
            for (first, length) in (0..=255).flat_map(|first| (1..70).map(move |length| (first, length))) {
                let text = vec![first; length];
                assert_eq!(
                    dictionary.may_have(&text),
                    tokens.contains(&(first, length)),
                    "{length} times {first:#04x}"
                );
            }
        }
    }

    #[test]
    fn tokens_are_known_when_the_program_is_compiled() {
        for &dictionary in Dictionary::ALL {
            for (token, text) in dictionary.tokens() {
                assert_eq!(dictionary.token(text), Some(token), "{text}");
            }
            assert_eq!(dictionary.token("acks"), None);
        }
    }

    /// The hash has no secret, so an attacker can make texts with equal hashes: change one word and compensate in the
    /// next.
    #[test]
    fn a_text_made_to_have_the_key_of_a_token_is_no_token() {
        let mixed = |key: u64, word: u64| {
            let product = u128::from(key ^ word) * 0x9e37_79b9_7f4a_7c15;
            product as u64 ^ (product >> 64) as u64
        };
        let mut made = 0;
        for &dictionary in Dictionary::ALL {
            for (_, text) in dictionary.tokens() {
                let words = text.as_bytes().as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
                let (words, mut key) = (words.collect::<Vec<_>>(), text.len() as u64);
                // The last eight bytes stay unchanged, since the key has them twice.
                for at in (0..words.len()).take_while(|at| 8 * at + 24 <= text.len()) {
                    let change = 1 << at;
                    let next = words[at + 1] ^ mixed(key, words[at]) ^ mixed(key, words[at] ^ change);
                    let mut forged = text.as_bytes().to_vec();
                    forged[8 * at..][..8].copy_from_slice(&(words[at] ^ change).to_le_bytes());
                    forged[8 * at + 8..][..8].copy_from_slice(&next.to_le_bytes());
                    assert_eq!(name_hash::key(&forged), name_hash::key(text.as_bytes()), "{text}");
                    assert_eq!(dictionary.find_bytes(&forged), None, "{text}, from byte {}", 8 * at);
                    key = mixed(key, words[at]);
                    made += 1;
                }
            }
        }
        assert!(made > 500, "{made} texts");
    }

    #[test]
    fn wire_bytes_are_where_other_implementations_have_them() {
        let v3 = Dictionary::V3;
        assert_eq!(v3.text(Token::single(0x1b)), "ack");
        assert_eq!(v3.text(Token::double(0, 0x0b)), "retry");
        assert_eq!(v3.text(Token::double(2, 0xd0)), "503");
        assert_eq!(Dictionary::V2.text(Token::single(0x1b)), "participants");
        // A slot that no frame can name.
        assert_eq!(v3.text(Token::single(236)), "");
    }

    /// The packer skips the lookup because of this rule: a text that packs and is longer than four characters, or that
    /// has a letter, is not a token.
    #[test]
    fn packable_tokens_are_short_and_have_no_letters() {
        for &dictionary in Dictionary::ALL {
            for (_, text) in dictionary.tokens() {
                if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'.')) {
                    assert!(text.len() <= LONGEST_PACKABLE, "{text}");
                } else {
                    assert!(!text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F')), "{text}");
                }
            }
        }
    }

    #[test]
    fn texts_are_the_same_if_every_byte_is() {
        let texts: [&[u8]; 8] = [b"", b"a", b"b", b"ab", b"aa", b"bb", b"ba", b"aba"];
        for (one, other) in texts.iter().flat_map(|one| texts.map(|other| (*one, other))) {
            assert_eq!(same_bytes(one, other), one == other, "{one:?} {other:?}");
        }
    }
}
