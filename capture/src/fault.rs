//! Why a record cannot be processed.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wabinary::{DecodeError, EncodeError, OffsetSpace, TextPlace, XmlError};

/// How much of another program's message is shown, in characters.
const LONGEST_TOLD: usize = 500;

/// Why a record cannot be processed. In JSON the value of `error`.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Failure {
    /// Found while reading. Boxed, because most records have none.
    Found(Box<Fault>),
    /// The record was an error when it was read. It is passed on as it was.
    Told(Box<RawValue>),
}

/// What is wrong with a record: a kind, a place and a message.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    kind: &'static str,
    #[serde(flatten)]
    position: Option<Position>,
    path: String,
    message: String,
    /// Of the place in a text, for stderr.
    #[serde(skip)]
    picture: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Position {
    offset: usize,
    /// What the offset counts in: `frame`, `inflated` or `line`.
    space: &'static str,
}

impl Fault {
    fn new(kind: &'static str, position: Option<Position>, path: &str, message: impl fmt::Display) -> Self {
        Self { kind, position, path: path.to_owned(), message: message.to_string(), picture: None }
    }

    /// A fault in the text of a record: of its line, where it has one.
    pub fn in_line(kind: &'static str, offset: usize, message: impl fmt::Display) -> Self {
        let position = Some(Position { offset, space: "line" });
        Self::new(kind, position, "", format_args!("{message} at offset {offset} of the line"))
    }

    /// A fault in a text that may have several lines.
    pub fn at_place(kind: &'static str, offset: usize, place: &TextPlace, message: impl fmt::Display) -> Self {
        let position = Some(Position { offset, space: "line" });
        let message = format_args!("{message} at line {}, column {}", place.line(), place.column());
        Self { picture: Some(place.picture().to_owned()), ..Self::new(kind, position, "", message) }
    }

    /// A fault in the bytes of a frame, found before decoding.
    pub fn in_frame(kind: &'static str, offset: usize, message: impl fmt::Display) -> Self {
        Self::new(kind, Some(Position { offset, space: "frame" }), "", message)
    }

    /// A fault in what a tree means, at no byte in particular.
    pub fn in_tree(kind: &'static str, path: &str, message: impl fmt::Display) -> Self {
        Self::new(kind, None, path, message)
    }

    /// Adds what to do about the fault.
    #[must_use]
    pub fn with_hint(mut self, hint: Option<&str>) -> Self {
        if let Some(hint) = hint {
            self.message = format!("{}; {hint}", self.message);
        }
        self
    }

    /// Drops the offset, for output that has none.
    #[must_use]
    pub fn without_position(self) -> Self {
        Self { position: None, ..self }
    }

    /// The stable name of what is wrong.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
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
    #[must_use]
    pub fn picture(&self) -> Option<&str> {
        match self {
            Self::Found(fault) => fault.picture.as_deref(),
            Self::Told(_) => None,
        }
    }

    /// The stable name of what is wrong; `told` for an error that another program recorded.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Found(fault) => fault.kind,
            Self::Told(_) => "told",
        }
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
                Ok(Told { message }) => message.chars().take(LONGEST_TOLD).try_for_each(|character| match character {
                    control if control.is_control() => write!(f, "{}", control.escape_default()),
                    plain => write!(f, "{plain}"),
                }),
                Err(_) => f.write_str("the record is an error"),
            },
        }
    }
}
