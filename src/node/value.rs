//! What attributes and nodes hold.

use std::borrow::Cow;
use std::fmt;

use crate::jid::{Jid, JidRef, address_text};
use crate::kernel::decimal;
use crate::node::Children;

/// An attribute's value. Text and JID differ on the wire, so they differ here: `s.whatsapp.net` is spelled in two ways.
// The kind has its own byte, rather than a place in the JID's server. So a match on a value made just before costs
// nothing.
#[derive(Clone, Copy, Debug)]
#[repr(u8)]
pub enum Value<'a> {
    /// A text.
    Text(&'a str),
    /// An address.
    Jid(JidRef<'a>),
    /// Null (`LIST_EMPTY`), which is not the empty text.
    Null,
}

/// A node's content.
#[derive(Clone, Debug)]
pub enum Content<'a> {
    /// None at all.
    None,
    /// Child nodes, or an empty list of them.
    Nodes(Children<'a>),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A text written as a token or packed.
    Text(&'a str),
    /// An address.
    Jid(JidRef<'a>),
}

impl<'a> Value<'a> {
    /// The text, if it is one. That of any value: [`to_text`](Self::to_text).
    #[inline]
    #[must_use]
    pub fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The address, if it is a typed one. One that may be a text too: [`read`](Self::read).
    #[inline]
    #[must_use]
    pub fn as_jid(self) -> Option<JidRef<'a>> {
        match self {
            Self::Jid(jid) => Some(jid),
            _ => None,
        }
    }

    /// Whether it is null.
    #[inline]
    #[must_use]
    pub fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// Reads it as a `T`, as [`get`](crate::NodeRef::get) does.
    #[inline]
    #[must_use]
    pub fn read<T: FromValue<'a>>(self) -> Option<T> {
        T::from_value(self)
    }

    /// The text of any value, as `Display` writes it: a text, the text of a JID, and nothing for null. Texts are borrowed.
    ///
    /// ```
    /// use wabinary::{Jid, Node, Value};
    ///
    /// let ack = Node::build("ack").attr("id", "1").attr("from", Jid::SERVER).attr("x", Value::Null).finish();
    /// let texts: Vec<_> = ack.attrs().map(|(_, value)| value.to_text()).collect();
    /// assert_eq!(texts, ["1", "s.whatsapp.net", ""]);
    /// ```
    #[must_use]
    pub fn to_text(self) -> Cow<'a, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Jid(jid) => Cow::Owned(jid.to_string()),
            Self::Null => Cow::Borrowed(""),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.pad(text),
            Self::Jid(jid) => jid.fmt(f),
            Self::Null => f.pad(""),
        }
    }
}

/// Equal if it is this text. A JID is not its text.
impl PartialEq<str> for Value<'_> {
    fn eq(&self, text: &str) -> bool {
        self.as_text() == Some(text)
    }
}

impl PartialEq<&str> for Value<'_> {
    fn eq(&self, text: &&str) -> bool {
        self == *text
    }
}

/// Equal down to the wire form of JIDs.
impl PartialEq<Value<'_>> for Value<'_> {
    fn eq(&self, other: &Value<'_>) -> bool {
        match (self, other) {
            (Self::Text(one), Value::Text(other)) => one == other,
            (Self::Jid(one), Value::Jid(other)) => one.same_wire(other),
            (Self::Null, Value::Null) => true,
            _ => false,
        }
    }
}

impl Eq for Value<'_> {}

/// A type that an attribute is read as, by [`get`](crate::NodeRef::get) and [`get_opt`](crate::NodeRef::get_opt).
///
/// | `T` | reads |
/// |---|---|
/// | `&str` | a text; not a JID |
/// | `Cow<str>`, `String` | a text, or a JID as its text |
/// | `JidRef`, `Jid` | a JID, or a text that [`address_text`](crate::address_text) reads as one |
/// | integers, [`UnixSeconds`] | a decimal number in range |
/// | `bool` | `1`, `true`, `0`, `false` |
/// | [`Value`] | anything, null too |
///
/// A type of one's own:
///
/// ```
/// use wabinary::{FromValue, Node, Value};
///
/// #[derive(Debug, PartialEq)]
/// enum Media { Audio, Video }
///
/// impl FromValue<'_> for Media {
///     const EXPECTED: &'static str = "\"audio\" or \"video\"";
///
///     fn from_value(value: Value<'_>) -> Option<Self> {
///         match value {
///             Value::Text("audio") => Some(Self::Audio),
///             Value::Text("video") => Some(Self::Video),
///             _ => None,
///         }
///     }
/// }
///
/// let node = Node::build("offer").attr("media", "video").attr("bad", "x").finish();
/// assert_eq!(node.get("media"), Ok(Media::Video));
/// assert_eq!(node.get::<Media>("bad").unwrap_err().to_string(), "offer > @bad: expected \"audio\" or \"video\"");
/// ```
pub trait FromValue<'a>: Sized {
    /// What a value should be, for the error: "a JID".
    const EXPECTED: &'static str;

    /// Reads the value, or gives `None` if it is something else.
    fn from_value(value: Value<'a>) -> Option<Self>;
}

/// A time in whole seconds since 1970-01-01 00:00 UTC, as stanzas carry it in `t`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(
    /// The seconds.
    pub u64,
);

impl<'a> FromValue<'a> for Value<'a> {
    const EXPECTED: &'static str = "a value";

    #[inline]
    fn from_value(value: Value<'a>) -> Option<Self> {
        Some(value)
    }
}

impl<'a> FromValue<'a> for &'a str {
    const EXPECTED: &'static str = "a text";

    #[inline]
    fn from_value(value: Value<'a>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The text of a value that has one.
impl<'a> FromValue<'a> for Cow<'a, str> {
    const EXPECTED: &'static str = "a text or a JID";

    #[inline]
    fn from_value(value: Value<'a>) -> Option<Self> {
        if value.is_null() { None } else { Some(value.to_text()) }
    }
}

impl<'a> FromValue<'a> for String {
    const EXPECTED: &'static str = <Cow<'a, str>>::EXPECTED;

    #[inline]
    fn from_value(value: Value<'a>) -> Option<Self> {
        Cow::from_value(value).map(Cow::into_owned)
    }
}

/// Clients write both digits and words.
impl<'a> FromValue<'a> for bool {
    const EXPECTED: &'static str = "\"1\", \"true\", \"0\" or \"false\"";

    #[inline]
    fn from_value(value: Value<'a>) -> Option<Self> {
        match value.as_text()? {
            "1" | "true" => Some(true),
            "0" | "false" => Some(false),
            _ => None,
        }
    }
}

impl<'a> FromValue<'a> for JidRef<'a> {
    const EXPECTED: &'static str = "a JID";

    #[inline]
    fn from_value(value: Value<'a>) -> Option<Self> {
        match value {
            Value::Jid(jid) => Some(jid),
            Value::Text(text) => address_text(text).ok(),
            Value::Null => None,
        }
    }
}

impl<'a> FromValue<'a> for Jid {
    const EXPECTED: &'static str = JidRef::EXPECTED;

    #[inline]
    fn from_value(value: Value<'a>) -> Option<Self> {
        JidRef::from_value(value).map(Self::from)
    }
}

impl<'a> FromValue<'a> for UnixSeconds {
    const EXPECTED: &'static str = "a time in whole seconds since 1970";

    #[inline]
    fn from_value(value: Value<'a>) -> Option<Self> {
        u64::from_value(value).map(Self)
    }
}

macro_rules! integer_from_value {
    ($($integer:ident $expected:literal $read:expr;)*) => {$(
        impl<'a> FromValue<'a> for $integer {
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn from_value(value: Value<'a>) -> Option<Self> {
                match value {
                    Value::Text(text) => $read(text),
                    _ => None,
                }
            }
        }
    )*};
}

/// A number that fits.
fn unsigned<T: TryFrom<u64>>(text: &str) -> Option<T> {
    T::try_from(decimal::read(text)?).ok()
}

fn signed<T: TryFrom<i64>>(text: &str) -> Option<T> {
    // `str::parse` reads a leading `+` too.
    if text.starts_with('+') { None } else { T::try_from(text.parse().ok()?).ok() }
}

integer_from_value! {
    u8 "an integer from 0 to 255" unsigned;
    u16 "an integer from 0 to 65535" unsigned;
    u32 "an integer from 0 to 4294967295" unsigned;
    u64 "an integer of 64 bits, not negative" unsigned;
    usize "an integer, not negative" unsigned;
    i8 "an integer from -128 to 127" signed;
    i16 "an integer from -32768 to 32767" signed;
    i32 "an integer from -2147483648 to 2147483647" signed;
    i64 "an integer of 64 bits" signed;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_standard_library_does_but_without_a_plus() {
        let mut texts: Vec<String> = (0..200).flat_map(|number| [format!("{number}"), format!("-{number}")]).collect();
        texts.extend(
            ["", "+", "-", "+1", "--1", "1a", "007", "255", "256", "65535", "65536", "-129"].map(str::to_owned),
        );
        texts.extend([u64::MAX.to_string(), "18446744073709551616".to_owned(), "0".repeat(40), "0".repeat(39) + "1"]);
        texts.extend([i64::MIN.to_string(), "-9223372036854775809".to_owned(), i64::MAX.to_string()]);
        for text in &texts {
            fn parsed<T: std::str::FromStr>(text: &str) -> Option<T> {
                if text.starts_with('+') { None } else { text.parse().ok() }
            }
            let value = Value::Text(text);
            assert_eq!(u64::from_value(value), parsed(text), "{text:?}");
            assert_eq!(u16::from_value(value), parsed(text), "{text:?}");
            assert_eq!(u8::from_value(value), parsed(text), "{text:?}");
            assert_eq!(i64::from_value(value), parsed(text), "{text:?}");
            assert_eq!(i8::from_value(value), parsed(text), "{text:?}");
        }
    }
}
