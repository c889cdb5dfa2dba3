//! Why a record cannot be processed.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use wabinary::{DecodeError, EncodeError, Leniency, OffsetSpace, Printable, TextPlace, XmlError};

/// The most characters of another program's message that are shown.
const LONGEST_TOLD: usize = 500;

/// Why a record cannot be processed: the value of `error` in JSON.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Failure {
    /// Found by this program. Boxed, because most records have none.
    Found(Box<Fault>),
    /// The record was already an error in the input. It is passed on unchanged.
    Told(Box<RawValue>),
}

/// An error in a record: a kind, a place and a message.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    kind: &'static str,
    #[serde(flatten)]
    position: Option<Position>,
    path: Box<str>,
    /// The path with indexes. On stderr it follows the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    index_path: Option<Box<str>>,
    message: Box<str>,
    /// The leniency that accepts the record. On stderr it follows the message too.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    allow: Option<Leniency>,
    /// Shows the place in a text, on stderr.
    #[serde(skip)]
    picture: Option<String>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Position {
    offset: usize,
    /// The origin of the offset: `frame`, `inflated` or `line`.
    space: &'static str,
}

impl Fault {
    fn new(kind: &'static str, position: Option<Position>, path: &str, message: impl fmt::Display) -> Self {
        let message = Printable::new(&message.to_string()).to_string().into();
        Self { kind, position, path: path.into(), index_path: None, message, allow: None, picture: None }
    }

    /// A fault in the text of a record. The offset counts from the start of the line.
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

    /// A fault in the meaning of a tree, at no particular byte.
    pub fn in_tree(kind: &'static str, path: &str, message: impl fmt::Display) -> Self {
        Self::new(kind, None, path, message)
    }

    /// Adds advice on what to do about the fault.
    #[must_use]
    pub fn with_hint(mut self, hint: Option<&str>) -> Self {
        if let Some(hint) = hint {
            self.message = format!("{}; {hint}", self.message).into();
        }
        self
    }

    /// Adds the index path and the leniency of an error of the codec.
    fn offering(self, index_path: Option<&str>, allow: Option<Leniency>) -> Self {
        Self { index_path: index_path.map(Box::from), allow, ..self }
    }

    /// Drops the offset, for output that has none.
    #[must_use]
    pub fn without_position(self) -> Self {
        Self { position: None, ..self }
    }

    /// The stable name of this kind of fault.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

fn as_text<S: Serializer>(allow: &Option<Leniency>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&allow.unwrap_or_default())
}

impl From<&DecodeError> for Fault {
    fn from(error: &DecodeError) -> Self {
        let space = if error.space() == OffsetSpace::Inflated { "inflated" } else { "frame" };
        let position = Some(Position { offset: error.offset(), space });
        Self::new(error.kind().name(), position, error.path(), error).offering(error.index_path(), error.allow())
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
        let fault = Self::in_tree(error.kind().name(), error.path(), &error);
        fault.offering(error.index_path(), error.allow())
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Found(Box::new(fault))
    }
}

impl Failure {
    /// The fault and its place.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Self::Found(fault) => fault.message.to_string(),
            Self::Told(_) => self.to_string(),
        }
    }

    /// Two lines that show the place in a text, if the fault has one.
    #[must_use]
    pub fn picture(&self) -> Option<&str> {
        match self {
            Self::Found(fault) => fault.picture.as_deref(),
            Self::Told(_) => None,
        }
    }

    /// The failure without a picture of its place, for output that must not show the input.
    #[must_use]
    pub fn without_picture(&self) -> Self {
        match self {
            Self::Found(fault) => Self::Found(Box::new(Fault { picture: None, ..(**fault).clone() })),
            Self::Told(told) => Self::Told(told.clone()),
        }
    }

    /// The failure with only its kind and its place, for output that must not show the input.
    #[must_use]
    pub fn without_message(&self) -> Self {
        match self {
            Self::Found(fault) => {
                let place =
                    fault.position.map(|Position { offset, space }| format!(" at offset {offset} of the {space}"));
                let message = format_args!("{}{}", fault.kind, place.unwrap_or_default()).to_string();
                Fault::new(fault.kind, fault.position, &fault.path, message).into()
            }
            Self::Told(_) => Fault::in_tree("told", "", "the record is an error").into(),
        }
    }

    /// The stable name of this kind of failure; `told` for an error that another program recorded.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Found(fault) => fault.kind(),
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
            Self::Found(fault) => {
                f.write_str(&fault.message)?;
                fault.index_path.as_ref().map_or(Ok(()), |path| write!(f, "; at {path}"))?;
                fault.allow.map_or(Ok(()), |allow| write!(f, "; --allow {allow} accepts it"))
            }
            Self::Told(error) => match serde_json::from_str::<Told>(error.get()) {
                // Another program wrote the text: escape control characters.
                Ok(Told { message }) => {
                    let end = message.char_indices().nth(LONGEST_TOLD).map_or(message.len(), |(end, _)| end);
                    write!(f, "{}", Printable::new(message.get(..end).unwrap_or_default()))
                }
                Err(_) => f.write_str("the record is an error"),
            },
        }
    }
}
