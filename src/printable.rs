//! Control and formatting characters: the one place that decides which characters need escapes.
#![deny(clippy::indexing_slicing, clippy::string_slice)]

use std::fmt::{self, Display, Formatter, Write};

/// A text of unknown origin, for a terminal, a page or a message. It cannot affect the text around it.
///
/// `Display` writes escapes such as `\u{1b}` for characters that act: control characters, line and paragraph
/// separators, and characters that change the direction of a text or are invisible. A joiner or non-joiner between two
/// other characters beyond ASCII is kept: emoji and many scripts need it.
///
/// ```
/// use wabinary::Printable;
///
/// assert_eq!(Printable::new("\u{1b}[2J\u{202e}\r").to_string(), "\\u{1b}[2J\\u{202e}\\r");
/// assert_eq!(Printable::new("Zoë 👩\u{200d}🚀").to_string(), "Zoë 👩\u{200d}🚀");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printable<'t>(&'t str);

impl<'t> Printable<'t> {
    /// The original text.
    #[must_use]
    pub const fn new(text: &'t str) -> Self {
        Self(text)
    }

    /// Whether the text has no character that acts.
    #[must_use]
    pub fn shows_as_it_is(self) -> bool {
        first_acting(self.0, None).is_none()
    }

    /// The text in pieces, for an output with different escapes: visible characters, and the acting one after them.
    ///
    /// ```
    /// use wabinary::Printable;
    ///
    /// let pieces: Vec<_> = Printable::new("a\tb").pieces().collect();
    /// assert_eq!(pieces, [("a", Some('\t')), ("b", None)]);
    /// ```
    pub fn pieces(self) -> impl Iterator<Item = (&'t str, Option<char>)> {
        let (mut rest, mut before) = (Some(self.0), None);
        std::iter::from_fn(move || {
            let text = rest.take()?;
            let Some((at, acting)) = first_acting(text, before) else { return Some((text, None)) };
            let (plain, behind) = text.split_at_checked(at)?;
            rest = behind.get(acting.len_utf8()..);
            before = Some(acting);
            Some((plain, Some(acting)))
        })
    }
}

impl Display for Printable<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (plain, acting) in self.pieces() {
            f.write_str(plain)?;
            match acting {
                Some(acting @ ('\t' | '\r' | '\n')) => write!(f, "{}", acting.escape_default())?,
                Some(acting) => write!(f, "{}", acting.escape_unicode())?,
                None => {}
            }
        }
        Ok(())
    }
}

/// The first character that acts, in a text after the character `before`.
fn first_acting(text: &str, mut before: Option<char>) -> Option<(usize, char)> {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~');
    let start = text.as_bytes().iter().position(|byte| !is_plain(byte))?;
    before = text.as_bytes().get(start.wrapping_sub(1)).map(|byte| char::from(*byte)).or(before);
    let mut characters = text.get(start..)?.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let behind = characters.peek().map(|(_, behind)| *behind);
        if acts(character) && !(is_joiner(character) && joins(before) && joins(behind)) {
            return Some((start + at, character));
        }
        before = Some(character);
    }
    None
}

/// The zero-width joiner and non-joiner.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Whether a joiner next to this character is part of its spelling.
fn joins(neighbour: Option<char>) -> bool {
    neighbour.is_some_and(|neighbour| !neighbour.is_ascii() && !acts(neighbour))
}

/// Control characters, line separators, and Unicode's format characters and tags. Source: Unicode 16.0, general
/// categories Cc, Cf, Zl and Zp; UAX #9, table 1.
fn acts(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'..='\u{891}'
                | '\u{8e2}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{110bd}'
                | '\u{110cd}'
                | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0001}'..='\u{e007f}'
        )
}

/// Adds at most `longest` characters of a text, printable, and `…` if there are more.
pub(crate) fn push_shortened(out: &mut String, text: &str, longest: usize) {
    let end = text.char_indices().nth(longest).map(|(end, _)| end);
    let _ = write!(out, "{}", Printable(end.and_then(|end| text.get(..end)).unwrap_or(text)));
    if end.is_some() {
        out.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joiners_show_between_characters_beyond_ascii() {
        for (text, shown) in [
            ("👨\u{200d}👩\u{200d}👧", "👨\u{200d}👩\u{200d}👧"),
            ("می\u{200c}خواهم x", "می\u{200c}خواهم x"),
            ("a\u{200d}é", "a\\u{200d}é"),
            ("é\u{200d}", "é\\u{200d}"),
            ("\u{200c}é", "\\u{200c}é"),
            ("é\u{202e}é", "é\\u{202e}é"),
            ("é\u{200d}\u{200d}é", "é\\u{200d}\\u{200d}é"),
            ("x\u{9b}31m\u{7f}\u{feff}\u{e0041}", "x\\u{9b}31m\\u{7f}\\u{feff}\\u{e0041}"),
        ] {
            assert_eq!(Printable(text).to_string(), shown);
            assert_eq!(Printable(text).shows_as_it_is(), text == shown);
        }
    }
}
