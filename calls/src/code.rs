//! The code of a refusal.

use std::fmt;

use wabinary::stanza::{ErrorCode, KnownCode};
use wabinary::{FromValue, Value};

/// The most characters that are kept of a code that is not a number.
const LONGEST: usize = 64;

/// The code of a refusal: a number, or the text in its place.
///
/// ```
/// use wabinary::stanza::ErrorCode;
/// use wabinary_calls::Code;
///
/// assert_eq!(Code::from(403), Code::Number(ErrorCode::NotEnabled));
/// assert_eq!(Code::Text("rate-overlimit".into()).to_string(), "rate-overlimit");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// A number from 0 to 65,535.
    Number(ErrorCode),
    /// Any other value: its first 64 characters.
    Text(Box<str>),
}

impl Code {
    /// The code in a value; `None` for null and for an empty text.
    #[must_use]
    pub fn of(value: Value<'_>) -> Option<Self> {
        match (u16::from_value(value), value) {
            (Some(number), _) => Some(number.into()),
            (None, Value::Null | Value::Text("")) => None,
            (None, Value::Text(text)) => Some(Self::Text(text.chars().take(LONGEST).collect::<String>().into())),
            (None, Value::Jid(jid)) => {
                Some(Self::Text(jid.to_string().chars().take(LONGEST).collect::<String>().into()))
            }
        }
    }

    /// The number, if the code is one.
    #[must_use]
    pub fn number(&self) -> Option<u16> {
        match self {
            Self::Number(code) => Some(code.number()),
            Self::Text(_) => None,
        }
    }

    /// The entry of this code in the table of known codes.
    #[must_use]
    pub fn known(&self) -> Option<&'static KnownCode> {
        match self {
            Self::Number(code) => code.known(),
            Self::Text(_) => None,
        }
    }

    /// Whether the code [refuses](ErrorCode::is_refusal) the stanza. A text does.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Number(code) => code.is_refusal(),
            Self::Text(_) => true,
        }
    }
}

impl From<u16> for Code {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<ErrorCode> for Code {
    fn from(code: ErrorCode) -> Self {
        Self::Number(code)
    }
}

/// The number, or the text.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(code) => code.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Code {
    /// A number, or a text.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(code) => serializer.serialize_u16(code.number()),
            Self::Text(text) => serializer.serialize_str(text),
        }
    }
}
