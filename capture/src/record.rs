//! One record of a capture: a frame, a tree, or the reason why it has neither.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use wabinary::XmlError;
use wabinary::stanza::Direction;

use crate::fault::{Failure, Fault};
use crate::time::Time;
use crate::tree::Tree;

/// A record, in the order of the input.
#[derive(Debug)]
pub struct Record {
    /// Its number within the input, from 0.
    pub index: u64,
    /// The line where it begins, from 1, if the input has lines.
    pub line: Option<u64>,
    /// The dialect of the record, if it is not this project's own form.
    pub source: Option<Cow<'static, str>>,
    /// When it was taken, and by which clock.
    pub time: Option<Time>,
    /// Its direction, as seen from the device that captured, if the capture says so.
    pub direction: Option<Direction>,
    /// How exactly the record shows the bytes on the wire.
    pub fidelity: Fidelity,
    /// What the recorder may have changed or omitted.
    pub lost: Lost,
    /// The place of its message in a network recording, if that has no lines.
    pub place: Option<MessagePlace>,
    /// Notes from an earlier reading of the capture.
    pub noted: Noted,
    /// The dictionary version in the intro header of a stream.
    pub dictionary_version: Option<u8>,
    /// Places in the text of the tree that may be mistakes.
    pub warnings: Vec<XmlError>,
    /// The frame or tree.
    pub payload: Payload,
    /// How its logger wrote it, if that logger may write it twice.
    pub(crate) manner: Option<Manner>,
}

/// The place of a message in a network recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessagePlace {
    /// The entry of its websocket in `log.entries`, from 0.
    pub entry: u64,
    /// The message in its entry, from 0. It completes the frame; earlier ones may hold a part of it.
    pub message: u64,
}

/// The content of a record.
#[derive(Clone, Debug)]
pub enum Payload {
    /// A frame, with flag byte or without.
    Frame(Bytes),
    /// A tree. Boxed, because most records are frames.
    Tree(Box<Tree>),
    /// The reason why the record has neither.
    Failed(Failure),
}

/// How exactly a record shows the bytes on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fidelity {
    /// The bytes, or a tree that was made from them.
    #[default]
    Bytes,
    /// The exact structure. Its encoding is unknown.
    Tree,
    /// The output of a logger. [`Lost`] says what may differ.
    Text,
}

impl Fidelity {
    /// Its name in JSON, except for [`Bytes`](Self::Bytes), which is the default.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Bytes => None,
            Self::Tree => Some("tree"),
            Self::Text => Some("text"),
        }
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        [Self::Tree, Self::Text].into_iter().find(|one| one.name() == Some(name))
    }
}

/// The parts that a lossy record may have lost, as a set.
///
/// ```
/// use wabinary_capture::Lost;
///
/// assert!(Lost::NOTHING.is_nothing() && !Lost::ATTR_ORDER.is_nothing());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost(u8);

impl Lost {
    /// The empty set.
    pub const NOTHING: Self = Self(0);
    /// The order of attributes.
    pub const ATTR_ORDER: Self = Self(1);
    /// Whether a value was a JID or a text.
    pub const VALUE_TYPES: Self = Self(2);
    /// Whether content was bytes or a text.
    pub const CONTENT_TYPE: Self = Self(4);
    /// Content that was left out.
    pub const CONTENT: Self = Self(8);

    const NAMES: [(Self, &'static str); 4] = [
        (Self::ATTR_ORDER, "attr-order"),
        (Self::VALUE_TYPES, "value-types"),
        (Self::CONTENT_TYPE, "content-type"),
        (Self::CONTENT, "content"),
    ];

    /// The union of both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// Whether this set includes another one.
    #[must_use]
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names of the lost parts in JSON.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(one, _)| self.has(*one)).map(|(_, name)| name)
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(_, one)| *one == name).map(|(lost, _)| lost)
    }
}

impl fmt::Display for Lost {
    /// Writes the names, separated by commas.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(", "))
    }
}

/// The way in which a logger writes a stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manner {
    Xml,
    Tree,
    /// In a line that says that an ack was sent.
    AckLine,
}

/// Notes from an earlier reading of the capture, to be passed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Noted {
    /// The number of its websocket.
    pub socket: Option<u64>,
    /// The counter that it was decrypted with.
    pub counter: Option<u64>,
    /// How many frames before it are missing.
    pub missing_before: Option<u64>,
}

impl From<Payload> for Record {
    fn from(payload: Payload) -> Self {
        Self {
            index: 0,
            line: None,
            source: None,
            time: None,
            direction: None,
            fidelity: Fidelity::Bytes,
            lost: Lost::NOTHING,
            place: None,
            noted: Noted::default(),
            dictionary_version: None,
            warnings: Vec::new(),
            payload,
            manner: None,
        }
    }
}

impl From<Fault> for Payload {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

impl From<Fault> for Record {
    fn from(fault: Fault) -> Self {
        Payload::from(fault).into()
    }
}

impl From<Tree> for Payload {
    fn from(tree: Tree) -> Self {
        Self::Tree(Box::new(tree))
    }
}

impl Record {
    /// The record at a line of its input; 0 if that has none.
    #[must_use]
    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.line = (line > 0).then_some(line);
        self
    }

    /// The record with its dialect, fidelity and losses.
    #[must_use]
    pub(crate) fn told_by(mut self, source: &'static str, fidelity: Fidelity, lost: Lost) -> Self {
        (self.source, self.fidelity, self.lost) = (Some(source.into()), fidelity, lost);
        if let Payload::Tree(tree) = &self.payload
            && tree.has_missing()
        {
            (self.fidelity, self.lost) = (Fidelity::Text, self.lost.and(Lost::CONTENT));
        }
        self
    }
}
