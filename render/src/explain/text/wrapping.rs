//! Wraps texts. A table has very many rows. `textwrap` makes a list of words for each, and takes four times as long.

use textwrap::core::display_width;

/// The indentation of the further lines of a text.
const INDENT: &str = "  ";

/// The lines of a text, each with its indentation. A line ends at a blank or after a hyphen in a word; inside a word
/// only if the word is longer than a line.
pub(super) struct Wrapped<'t> {
    rest: Option<&'t str>,
    columns: usize,
    indent: &'static str,
}

impl<'t> Wrapped<'t> {
    pub(super) fn new(text: &'t str, columns: usize) -> Self {
        Self { rest: Some(text), columns, indent: "" }
    }
}

impl<'t> Iterator for Wrapped<'t> {
    type Item = (&'static str, &'t str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        let indent = std::mem::replace(&mut self.indent, INDENT);
        let room = self.columns.saturating_sub(indent.len());
        // No text has more columns than bytes.
        let Some(end) = Some(rest).filter(|rest| rest.len() > room).and_then(|rest| end_of_line(rest, room)) else {
            return Some((indent, rest));
        };
        let (line, behind) = rest.split_at_checked(end)?;
        let behind = behind.trim_start_matches(' ');
        self.rest = Some(behind).filter(|behind| !behind.is_empty());
        Some((indent, line.trim_end_matches(' ')))
    }
}

/// Where a line of at most `room` columns ends; `None` if the whole text fits.
fn end_of_line(text: &str, room: usize) -> Option<usize> {
    let (mut columns, mut best, mut before) = (0, None, ' ');
    for (at, character) in text.char_indices() {
        columns += width_of_character(character);
        if columns > room {
            // A blank may exceed the width. A line has at least one character.
            let end = if character == ' ' { Some(at) } else { best };
            return Some(end.unwrap_or(at.max(text.chars().next().map_or(0, char::len_utf8))));
        }
        let behind = at + character.len_utf8();
        let is_in_word = || {
            let next = text.get(behind..).and_then(|text| text.chars().next());
            before.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)
        };
        if character == ' ' || (character == '-' && is_in_word()) {
            best = Some(behind);
        }
        before = character;
    }
    None
}

fn width_of_character(character: char) -> usize {
    if character.is_ascii() { 1 } else { display_width(character.encode_utf8(&mut [0; 4])) }
}

/// Columns of a text. Most are ASCII.
pub(super) fn width_of(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { display_width(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_blanks_after_hyphens_or_where_they_must() {
        for (text, expected) in [
            ("", "|"),
            ("one two", "|one two"),
            ("one two three", "|one two|  three"),
            ("one twoo three", "|one twoo|  three"),
            ("non-empty words", "|non-|  empty|  words"),
            ("a -1 23456", "|a -1|  23456"),
            ("0123456789abcdefg", "|01234567|  89abcd|  efg"),
            ("漢字かな漢字", "|漢字かな|  漢字"),
            ("ends in blanks   ", "|ends in|  blanks"),
        ] {
            let lines: String = Wrapped::new(text, 8).map(|(indent, line)| format!("|{indent}{line}")).collect();
            assert_eq!(lines, expected);
        }
    }
}
