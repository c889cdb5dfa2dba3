//! One record of the input: a frame, a tree, or what went wrong.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wabinary::{DecodeError, EncodeError, Node, OffsetSpace, TextPlace, XmlError};
use wabinary_calls::report;
use wabinary_render::shown::printable;

/// A record, in the order of the input.
pub(crate) struct Record {
    /// Number, file, line, time and direction.
    pub(crate) head: report::Record,
    /// What the intro header of a stream announced.
    pub(crate) dictionary_version: Option<u8>,
    /// What in the text of the tree may not be meant.
    pub(crate) warnings: Vec<XmlError>,
    pub(crate) payload: Payload,
}

pub(crate) enum Payload {
    /// A frame, with flag byte or without.
    Frame(Bytes),
    Node(Box<Node>),
    Failed(Failure),
}

impl From<Payload> for Record {
    fn from(payload: Payload) -> Self {
        Self { head: report::Record::default(), dictionary_version: None, warnings: Vec::new(), payload }
    }
}

impl Record {
    /// The same record at a line of its input.
    pub(crate) fn at_line(mut self, line: u64) -> Self {
        self.head.line = Some(line);
        self
    }
}

impl From<Fault> for Payload {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.into())
    }
}

/// How much of another program's message is shown, in characters.
const LONGEST_TOLD: usize = 500;

/// Why a record cannot be processed. In JSON the value of `error`.
#[derive(Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum Failure {
    /// Boxed, for most records have none.
    Found(Box<Fault>),
    /// The record was an error when it was read; it is passed on as it was.
    Told(Box<RawValue>),
}

/// What is wrong, found here.
#[derive(Clone, Serialize)]
pub(crate) struct Fault {
    kind: &'static str,
    #[serde(flatten)]
    position: Option<Position>,
    path: String,
    message: String,
    /// Of the place in a text, for stderr.
    #[serde(skip)]
    picture: Option<String>,
}

#[derive(Clone, Copy, Serialize)]
struct Position {
    offset: usize,
    /// What the offset counts in: `frame`, `inflated` or `line`.
    space: &'static str,
}

impl Fault {
    fn new(kind: &'static str, position: Option<Position>, path: &str, message: impl fmt::Display) -> Self {
        Self {
            kind,
            position,
            path: path.to_owned(),
            message: printable(&message.to_string(), usize::MAX),
            picture: None,
        }
    }

    /// A fault in the text of a record: of its line, where it has one.
    pub(crate) fn in_line(kind: &'static str, offset: usize, message: impl fmt::Display) -> Self {
        let position = Some(Position { offset, space: "line" });
        Self::new(kind, position, "", format_args!("{message} at offset {offset} of the line"))
    }

    /// A fault in a text that may have several lines.
    pub(crate) fn at_place(kind: &'static str, offset: usize, place: &TextPlace, message: impl fmt::Display) -> Self {
        let position = Some(Position { offset, space: "line" });
        let message = format_args!("{message} at line {}, column {}", place.line(), place.column());
        Self { picture: Some(place.picture().to_owned()), ..Self::new(kind, position, "", message) }
    }

    /// A fault in the bytes of a frame, found before decoding.
    pub(crate) fn in_frame(kind: &'static str, offset: usize, message: impl fmt::Display) -> Self {
        Self::new(kind, Some(Position { offset, space: "frame" }), "", message)
    }

    /// A fault in what a tree means, at no byte in particular.
    pub(crate) fn in_tree(kind: &'static str, path: &str, message: impl fmt::Display) -> Self {
        Self::new(kind, None, path, message)
    }

    /// The same, with what to do about it.
    pub(crate) fn with_hint(mut self, hint: Option<&str>) -> Self {
        if let Some(hint) = hint {
            self.message = format!("{}; {hint}", self.message);
        }
        self
    }

    /// The same for output that has no offsets.
    pub(crate) fn without_position(self) -> Self {
        Self { position: None, ..self }
    }
}

impl From<&DecodeError> for Fault {
    fn from(error: &DecodeError) -> Self {
        let space = if error.space() == OffsetSpace::Inflated { "inflated" } else { "frame" };
        let position = Some(Position { offset: error.offset(), space });
        Self::new(error.kind().name(), position, error.path(), error)
    }
}

impl From<XmlError> for Fault {
    fn from(error: XmlError) -> Self {
        let picture = Some(error.place().picture().to_owned());
        Self { picture, ..Self::in_tree("xml", error.path(), &error) }
    }
}

impl From<EncodeError> for Fault {
    fn from(error: EncodeError) -> Self {
        Self::in_tree(error.kind().name(), error.path(), &error)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Found(Box::new(fault))
    }
}

impl Failure {
    /// Two lines that show the place in a text, where there is one.
    pub(crate) fn picture(&self) -> Option<&str> {
        match self {
            Self::Found(fault) => fault.picture.as_deref(),
            Self::Told(_) => None,
        }
    }

    /// The failure without the text around its place.
    pub(crate) fn without_picture(mut self) -> Self {
        if let Self::Found(fault) = &mut self {
            fault.picture = None;
        }
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[derive(Deserialize)]
        struct Told {
            message: String,
        }

        match self {
            Self::Found(fault) => f.write_str(&fault.message),
            Self::Told(error) => match serde_json::from_str::<Told>(error.get()) {
                // The text of another program: nothing in it may act on the terminal.
                Ok(Told { message }) => f.write_str(&printable(&message, LONGEST_TOLD)),
                Err(_) => f.write_str("the record is an error"),
            },
        }
    }
}
