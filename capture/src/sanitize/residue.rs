//! Words in a sanitized capture that a person must check.

use std::collections::BTreeMap;
use std::fmt;

use aho_corasick::AhoCorasick;
use wabinary::{Content, JidRef, NodeRef, Value};

use super::{Sanitizer, kept};

/// The shortest replaced text that the output is searched for, in bytes. Shorter ones occur in many words.
const SHORTEST_SEARCHED: usize = 6;

const SHORTEST_NUMBER: usize = 7;
const SHORTEST_HEX: usize = 16;
const SHORTEST_BASE64: usize = 24;

/// Collects the words of an output, and reports words that may identify a person.
#[derive(Debug, Default)]
pub struct ResidueCheck {
    /// Each word, with the frame and path of its first occurrence.
    words: BTreeMap<Box<str>, (u64, Box<str>)>,
}

/// A word of the output that a person must check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residue {
    /// Why the word must be checked.
    pub kind: ResidueKind,
    /// The word as it is in the output.
    pub word: Box<str>,
    /// The first frame that has it.
    pub frame: u64,
    /// Its path in that frame: `iq > @from`, or `iq > item` for a tag, the name of an attribute or content.
    pub path: Box<str>,
}

/// Why a word must be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResidueKind {
    /// It holds a text that was replaced elsewhere.
    Replaced,
    /// It holds seven digits or more in a row.
    Digits,
    /// It is an address of a user or of the internet.
    Address,
    /// It holds a long run of hex digits.
    Hex,
    /// It holds a long run of base64.
    Base64,
}

impl fmt::Display for ResidueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Replaced => "a text that was replaced elsewhere",
            Self::Digits => "seven digits or more",
            Self::Address => "an address",
            Self::Hex => "long hex",
            Self::Base64 => "long base64",
        })
    }
}

impl ResidueCheck {
    /// A new check.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text of the output. `path` is called only if the text has a new word.
    fn see_text(&mut self, sanitizer: &Sanitizer, text: &str, frame: u64, path: impl Fn() -> String) {
        let is_of_word = |letter: char| letter.is_alphanumeric() || "_-.:@+/=".contains(letter);
        for word in text.split(|letter| !is_of_word(letter)) {
            if word.len() >= SHORTEST_SEARCHED && !sanitizer.is_placeholder(word) && !self.words.contains_key(word) {
                self.words.insert(word.into(), (frame, path().into()));
            }
        }
    }

    /// Adds the texts of a tree of the output, in the frame with this number. For hex or base64 output, pass the tree
    /// that the bytes decode to.
    pub fn see_node(&mut self, sanitizer: &Sanitizer, frame: u64, root: NodeRef<'_>) {
        for node in std::iter::once(root).chain(root.descendants()) {
            let mut see = |text: &str, path: &dyn Fn() -> String| self.see_text(sanitizer, text, frame, path);
            let here = || node.path();
            see(node.tag(), &here);
            for (name, value) in node.attrs() {
                see(name, &here);
                let at = || format!("{} > @{name}", node.path());
                match value {
                    Value::Text(text) => see(text, &at),
                    Value::Jid(jid) => see(&jid.to_string(), &at),
                    Value::Null => {}
                }
            }
            match node.content() {
                Content::Bytes(bytes) => see(&String::from_utf8_lossy(bytes), &here),
                Content::Text(text) => see(text, &here),
                Content::Jid(jid) => see(&jid.to_string(), &here),
                Content::None | Content::Nodes(_) => {}
            }
        }
    }

    /// The words that a person must check, in alphabetical order.
    #[must_use]
    pub fn finish(&self, sanitizer: &Sanitizer) -> Vec<Residue> {
        let originals = sanitizer.originals().filter(|text| text.len() >= SHORTEST_SEARCHED);
        let replaced = AhoCorasick::new(originals).ok();
        let holds_replaced = |word: &str| replaced.as_ref().is_none_or(|replaced| replaced.is_match(word));
        let kind_of =
            |word: &str| if holds_replaced(word) { Some(ResidueKind::Replaced) } else { kind_of(word, sanitizer) };
        let found = self.words.iter().filter_map(|(word, (frame, path))| {
            Some(Residue { kind: kind_of(word)?, word: word.clone(), frame: *frame, path: path.clone() })
        });
        found.collect()
    }
}

/// A kind of letters.
type Class = fn(char) -> bool;

/// Why a word that is not a replaced one must be checked.
fn kind_of(word: &str, sanitizer: &Sanitizer) -> Option<ResidueKind> {
    let longest = |is_of: Class| word.split(|letter| !is_of(letter)).max_by_key(|run| run.len()).unwrap_or("");
    let mixes = |run: &str, classes: &[Class]| classes.iter().all(|class| run.chars().any(class));
    let hex = longest(|letter| letter.is_ascii_hexdigit());
    let base64 = longest(|letter| letter.is_ascii_alphanumeric() || "+/=_-".contains(letter));
    let digit: Class = |letter| letter.is_ascii_digit();
    let (lower, upper): (Class, Class) = (|letter| letter.is_ascii_lowercase(), |letter| letter.is_ascii_uppercase());
    if is_address(word, sanitizer) {
        Some(ResidueKind::Address)
    } else if longest(digit).len() >= SHORTEST_NUMBER {
        Some(ResidueKind::Digits)
    } else if hex.len() >= SHORTEST_HEX && mixes(hex, &[digit]) {
        Some(ResidueKind::Hex)
    } else if base64.len() >= SHORTEST_BASE64 && mixes(base64, &[digit, lower, upper]) {
        Some(ResidueKind::Base64)
    } else {
        None
    }
}

fn is_address(word: &str, sanitizer: &Sanitizer) -> bool {
    let parsed = |text: &str| text.parse::<std::net::IpAddr>().is_ok() || text.parse::<std::net::SocketAddr>().is_ok();
    if parsed(word) {
        return true;
    }
    let Some((user, server)) = word.split_once('@') else { return false };
    let is_ours = match JidRef::parse(word) {
        Ok(jid) => jid.user().is_some_and(|user| {
            user.bytes().all(|byte| byte.is_ascii_uppercase())
                || sanitizer.is_placeholder(user)
                || kept::keeps("", user)
                || kept::BROADCAST_USERS.contains(&user)
        }),
        Err(_) => false,
    };
    !(is_ours || user.is_empty() || server.is_empty())
}
