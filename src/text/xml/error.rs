//! Errors in the XML of a tree.

use std::borrow::Cow;
use std::fmt;

use crate::printable::Printable;
use crate::text::place::{Origin, TextPlace};

/// A text is not XML, or not the XML of a tree. Has the place of the error.
///
/// ```
/// use wabinary::Node;
///
/// let error = Node::from_xml("<ack id=\"1\">\n  <error code=\"{number}503\"/>\n</ack>").unwrap_err();
/// assert_eq!((error.place().line(), error.place().column(), error.path()), (2, 16, "ack > error > @code"));
/// assert_eq!(
///     error.to_string(),
///     "unknown prefix at line 2, column 16, in ack > error > @code: expected {text}, {jid}, {pair}, {pair-empty}, {ad}, \
///      {fb}, {interop}, {null}, {base64} or {nodes}; before a text that starts with a brace, {text}",
/// );
/// assert_eq!(error.place().picture(), "2 |   <error code=\"{number}503\"/>\n  |                ^");
/// ```
///
/// `{:#}` adds the picture below the message. The message shows no value; the picture shows a part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError(Box<Parts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    what: Cow<'static, str>,
    expected: Cow<'static, str>,
    path: String,
    place: TextPlace,
}

impl XmlError {
    /// The place of the problem.
    #[must_use]
    pub fn place(&self) -> &TextPlace {
        &self.0.place
    }

    /// The node or attribute: `call > offer > @call-id`, with names as written. Empty outside of nodes.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The text that was expected at the place; empty if none was.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.0.expected
    }
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { what, expected, path, place } = &*self.0;
        write!(f, "{what} at line {}, column {}", place.line(), place.column())?;
        if !path.is_empty() {
            write!(f, ", in {path}")?;
        }
        if !expected.is_empty() {
            write!(f, ": expected {expected}")?;
        }
        if f.alternate() { write!(f, "\n{}", place.picture()) } else { Ok(()) }
    }
}

impl std::error::Error for XmlError {}

/// A problem, at an offset in the text.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) offset: usize,
    pub(super) what: Cow<'static, str>,
    pub(super) expected: Cow<'static, str>,
    pub(super) path: String,
}

impl Problem {
    pub(super) fn new(
        offset: usize,
        what: impl Into<Cow<'static, str>>,
        expected: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { offset, what: what.into(), expected: expected.into(), path: String::new() }
    }

    /// The error, for a text that starts at `start` of another one.
    pub(super) fn placed(self, text: &[u8], start: usize, origin: Origin) -> XmlError {
        let Self { offset, what, expected, path } = self;
        // It may contain names from the text.
        let expected = if expected.is_ascii() { expected } else { Printable::new(&expected).to_string().into() };
        let path = Printable::new(&path).to_string();
        XmlError(Box::new(Parts { what, expected, path, place: TextPlace::at(text, start + offset, origin) }))
    }
}
