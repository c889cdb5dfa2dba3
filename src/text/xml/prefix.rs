//! The meaning of a value or content: plain, or after a prefix such as `{jid}`.

use std::fmt::{self, Display, Formatter};

use super::chars::is_in_xml;
use super::doubt::{self, Doubt};
use crate::jid::{JidForm, address_text, is_address_attribute};
use crate::node::Value;

/// The plain reading of a value, and why it may be wrong; `None` if the value needs a prefix.
pub(super) fn plain_value<'t>(name: &str, text: &'t str) -> Option<(Value<'t>, Option<Doubt>)> {
    if text.starts_with('{') {
        return None;
    }
    if is_address_attribute(name)
        && let Ok(jid) = address_text(text)
    {
        return Some((Value::Jid(jid), None));
    }
    let is_broken = text.contains('@') && is_address_attribute(name);
    Some((Value::Text(text), is_broken.then_some(Doubt::NoAddress)))
}

impl<'a> Value<'a> {
    /// The value of a text in an attribute of this name, by the rule of the XML: a JID if the protocol addresses with
    /// the attribute and the text is an address, else the text. For sources that do not distinguish the two.
    ///
    /// ```
    /// use wabinary::Value;
    ///
    /// assert!(matches!(Value::plain("from", "100000022222222@lid"), Value::Jid(_)));
    /// assert!(matches!(Value::plain("id", "100000022222222@lid"), Value::Text(_)));
    /// ```
    #[must_use]
    pub fn plain(name: &str, text: &'a str) -> Self {
        plain_value(name, text).map_or(Self::Text(text), |(value, _)| value)
    }
}

/// The plain reading of a node's content as the bytes of its text, and why it may be wrong. `None` if the content is
/// empty or needs a prefix.
pub(super) fn plain_content<'t>(tag: &str, text: &'t str) -> Option<(&'t [u8], Option<Doubt>)> {
    (!text.is_empty() && !starts_with_word_in_braces(text)).then(|| (text.as_bytes(), doubt::of_content(tag, text)))
}

/// Whether a text starts like a prefix: an unknown one is a mistake. JSON does not start like that.
fn starts_with_word_in_braces(text: &str) -> bool {
    let word = text.strip_prefix('{').and_then(|rest| rest.split_once('}')).map_or("", |(word, _)| word);
    let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-_:;".contains(&byte);
    word.starts_with(|first: char| first.is_ascii_alphabetic()) && word.bytes().all(is_of_word)
}

/// The prefix of a value or content, in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    /// `{null}`, with nothing after.
    Null,
    /// `{nodes}`: an empty list of nodes, with nothing after.
    Nodes,
    /// `{base64}`: bytes, or a text as its bytes.
    Base64,
    /// `{utf8}`: content that is the bytes of the text after it.
    Utf8,
    /// `{text}`: a text; in content, one that is written as a token or packed.
    Text(Spelling),
    /// `{jid}`, or the JID's wire form if it does not follow from its text: `{ad}`.
    Jid(Option<JidForm>, Spelling),
}

/// The spelling of a text or JID after its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Literal.
    Plain,
    /// In base64, because XML cannot hold some of its characters: `{jid;base64}`.
    Base64,
}

impl Spelling {
    pub(super) fn of(text: &str) -> Self {
        if text.chars().all(is_in_xml) { Self::Plain } else { Self::Base64 }
    }
}

/// The end of a prefix before base64, as in a data URL (RFC 2397).
const BASE64_FOLLOWS: &str = ";base64";

impl Display for Prefix {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        let spelling = match self {
            Self::Null => return f.write_str("null}"),
            Self::Nodes => return f.write_str("nodes}"),
            Self::Base64 => return f.write_str("base64}"),
            Self::Utf8 => return f.write_str("utf8}"),
            Self::Text(spelling) => f.write_str("text").map(|()| spelling),
            Self::Jid(None, spelling) => f.write_str("jid").map(|()| spelling),
            Self::Jid(Some(form), spelling) => write!(f, "{form}").map(|()| spelling),
        };
        f.write_str(if *spelling? == Spelling::Base64 { BASE64_FOLLOWS } else { "" })?;
        f.write_str("}")
    }
}

#[cfg(feature = "xml")]
impl Prefix {
    /// Splits a text that starts with `{` after its prefix. `None` if it has none.
    pub(super) fn split(text: &str) -> Option<(Self, &str)> {
        let (name, rest) = text.strip_prefix('{')?.split_once('}')?;
        let (kind, spelling) = match name.strip_suffix(BASE64_FOLLOWS) {
            Some(kind) => (kind, Spelling::Base64),
            None => (name, Spelling::Plain),
        };
        let prefix = match (kind, spelling) {
            ("null", Spelling::Plain) => Self::Null,
            ("nodes", Spelling::Plain) => Self::Nodes,
            ("base64", Spelling::Plain) => Self::Base64,
            ("utf8", Spelling::Plain) => Self::Utf8,
            ("text", spelling) => Self::Text(spelling),
            ("jid", spelling) => Self::Jid(None, spelling),
            (form, spelling) => Self::Jid(Some(form.parse().ok()?), spelling),
        };
        Some((prefix, rest))
    }
}

#[cfg(test)]
#[cfg(feature = "xml")]
mod tests {
    use super::*;

    #[test]
    fn prefixes_read_as_they_are_written() {
        let forms =
            [None, Some(JidForm::Pair), Some(JidForm::PairEmpty), Some(JidForm::Ad), Some(JidForm::AdDomain(2))];
        let jids = forms.into_iter().chain([Some(JidForm::Fb), Some(JidForm::Interop)]);
        let with_text = jids
            .flat_map(|form| [Spelling::Plain, Spelling::Base64].map(|spelling| Prefix::Jid(form, spelling)))
            .chain([Spelling::Plain, Spelling::Base64].map(Prefix::Text));
        for prefix in with_text.chain([Prefix::Null, Prefix::Nodes, Prefix::Base64, Prefix::Utf8]) {
            assert_eq!(Prefix::split(&format!("{prefix}{{x}}")), Some((prefix, "{x}")));
        }
        assert_eq!(Prefix::Jid(Some(JidForm::AdDomain(2)), Spelling::Base64).to_string(), "{ad:2;base64}");
    }

    #[test]
    fn anything_else_in_braces_is_no_prefix() {
        for text in [
            "{",
            "{}",
            "{text",
            "{TEXT}",
            "{ text}",
            "{xml}",
            "{ad:1}",
            "{ad:256}",
            "{null;base64}",
            "{utf8;base64}",
            "{base64;base64}",
            "{;base64}",
            "x{text}",
        ] {
            assert_eq!(Prefix::split(text), None, "{text}");
        }
    }
}
