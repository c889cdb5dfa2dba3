//! Places in texts from people.

use crate::printable::Printable;

/// A place in a text: line, column, and a picture of it for a message.
///
/// The XML reader makes it ([`XmlError::place`](crate::XmlError::place)). A program that reads another text form of
/// trees can make its own.
///
/// ```
/// use wabinary::TextPlace;
///
/// let json = b"{\"tag\": \"ack\",\n \"content\": \"x\"}\n";
/// let place = TextPlace::new(json, 27, 1, 1);
/// assert_eq!((place.line(), place.column()), (2, 13));
/// assert_eq!(place.picture(), "2 |  \"content\": \"x\"}\n  |             ^");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPlace {
    line: u64,
    column: u64,
    picture: String,
}

/// The most characters of a line in a picture: before the place, and in total.
const BEFORE: usize = 40;
const WIDTH: usize = 66;
/// The most bytes of that many characters.
const BYTES: usize = 4 * WIDTH;

impl TextPlace {
    /// The place at an `offset` in bytes, in a text (or its first bytes) that starts at a line and column.
    ///
    /// An offset inside a character counts as the character's start, one after the text as its end. Bytes that are not
    /// UTF-8 show as U+FFFD.
    #[must_use]
    pub fn new(text: &[u8], offset: usize, first_line: u64, first_column: u64) -> Self {
        Self::at(text, offset, Origin { offset: 0, line: first_line, column: first_column })
    }

    /// The place at an `offset`, if the line and column of an offset not after it are known.
    pub(super) fn at(text: &[u8], offset: usize, origin: Origin) -> Self {
        let mut offset = offset.min(text.len());
        while offset > origin.offset && text.get(offset).is_some_and(|byte| is_inside_character(*byte)) {
            offset -= 1;
        }
        let Origin { line, column, .. } = origin.moved(text, offset);
        let (before, behind) = text.split_at(offset);
        Self { line, column, picture: picture(before, behind, line) }
    }

    /// The line, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The column, from 1, in characters.
    #[must_use]
    pub fn column(&self) -> u64 {
        self.column
    }

    /// Two lines: the text's line with its number, cut if it is long, and a caret below the place. Control characters
    /// show as replacements.
    #[must_use]
    pub fn picture(&self) -> &str {
        &self.picture
    }
}

/// An offset in a text whose line and column are known.
#[derive(Clone, Copy)]
pub(super) struct Origin {
    pub(super) offset: usize,
    pub(super) line: u64,
    pub(super) column: u64,
}

impl Origin {
    /// The line and column of a later offset.
    pub(super) fn moved(self, text: &[u8], offset: usize) -> Self {
        let passed = text.get(self.offset..offset).unwrap_or(&[]);
        let (lines, rest) = match passed.iter().rposition(|byte| *byte == b'\n') {
            Some(last) => (passed.iter().filter(|byte| **byte == b'\n').count(), passed.get(last + 1..).unwrap_or(&[])),
            None => (0, passed),
        };
        let column = if lines == 0 { self.column } else { 1 };
        Self { offset, line: self.line + lines as u64, column: column + count_characters(rest) as u64 }
    }
}

fn is_inside_character(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

fn count_characters(bytes: &[u8]) -> usize {
    bytes.utf8_chunks().map(|chunk| chunk.valid().chars().count() + usize::from(!chunk.invalid().is_empty())).sum()
}

fn picture(before: &[u8], behind: &[u8], line: u64) -> String {
    let of_line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or(&[]);
    // The text may begin inside a character, but that character is not shown.
    let near = of_line.get(of_line.len().saturating_sub(BYTES)..).unwrap_or(of_line);
    let near = String::from_utf8_lossy(near);
    let is_cut = near.len() < of_line.len() || near.chars().count() > BEFORE;
    let skipped = if is_cut { near.chars().count().saturating_sub(BEFORE) } else { 0 };
    let before: String = is_cut.then_some('…').into_iter().chain(shown(&near).skip(skipped)).collect();

    let of_line = behind.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    let of_line = of_line.strip_suffix(b"\r").unwrap_or(of_line);
    let start = String::from_utf8_lossy(of_line.get(..BYTES).unwrap_or(of_line));
    let room = WIDTH - before.chars().count().min(WIDTH);
    let mut behind: String = shown(&start).take(room).collect();
    if start.len() < of_line.len() || start.chars().count() > room {
        behind.push('…');
    }

    let number = line.to_string();
    let caret = " ".repeat(before.chars().count());
    let picture = format!("{number} | {before}{behind}");
    format!("{}\n{:width$} | {caret}^", picture.trim_end(), "", width = number.len())
}

/// The characters of a text. Replaces control characters by others of the same width.
fn shown(text: &str) -> impl Iterator<Item = char> {
    let pieces = Printable::new(text).pieces();
    pieces.flat_map(|(plain, acting)| plain.chars().chain(acting.map(stand_in)))
}

/// The replacement of a control character.
fn stand_in(acting: char) -> char {
    match acting {
        '\t' => ' ',
        // The picture of a control character.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(acting)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(text: impl AsRef<[u8]>, offset: usize, line: u64, column: u64, picture: &str) {
        let place = TextPlace::new(text.as_ref(), offset, 1, 1);
        assert_eq!((place.line(), place.column(), place.picture()), (line, column, picture));
    }

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        shows("abc", 0, 1, 1, "1 | abc\n  | ^");
        shows("abc", 2, 1, 3, "1 | abc\n  |   ^");
        shows("abc", 3, 1, 4, "1 | abc\n  |    ^");
        shows("abc", 9, 1, 4, "1 | abc\n  |    ^");
        shows("a\nbc\nd", 3, 2, 2, "2 | bc\n  |  ^");
        shows("a\r\nbc\r\n", 5, 2, 3, "2 | bc\n  |   ^");
        shows("a\n", 2, 2, 1, "2 |\n  | ^");
        shows("", 0, 1, 1, "1 |\n  | ^");
        shows("é\u{1f600}x", 6, 1, 3, "1 | é\u{1f600}x\n  |   ^");
        // Inside a character.
        shows("é\u{1f600}x", 4, 1, 2, "1 | é\u{1f600}x\n  |  ^");
        // Inside a character that begins before the text.
        shows(b"\x80x", 0, 1, 1, "1 | \u{fffd}x\n  | ^");
        let place = TextPlace::new(b"x\ny", 2, 99, 7);
        assert_eq!((place.line(), place.column(), place.picture()), (100, 1, "100 | y\n    | ^"));
        assert_eq!(TextPlace::new(b"xy", 1, 99, 7).column(), 8);
    }

    #[test]
    fn long_lines_are_cut() {
        let line = format!("{}é{}", "a".repeat(100), "b".repeat(100));
        let expected = format!("1 | …{}é{}…\n  | {}^", "a".repeat(40), "b".repeat(24), " ".repeat(41));
        shows(&line, 100, 1, 101, &expected);
        // One character more than there is room for.
        let expected = format!("1 | {}x\n  | {}^", "a".repeat(40), " ".repeat(40));
        shows(format!("{}x", "a".repeat(40)), 40, 1, 41, &expected);
        let expected = format!("1 | …{}x\n  | {}^", "a".repeat(40), " ".repeat(41));
        shows(format!("{}x", "a".repeat(41)), 41, 1, 42, &expected);
        // The examined bytes begin inside a character.
        let expected = format!("1 | …{}x\n  | {}^", "é".repeat(40), " ".repeat(41));
        shows(format!("{}ax", "é".repeat(200)).replace("ax", "x"), 400, 1, 201, &expected);
        let expected = format!("1 | …{}ax\n  | {}^", "é".repeat(39), " ".repeat(41));
        shows(format!("{}ax", "é".repeat(200)), 401, 1, 202, &expected);
        let longest = format!("{}\n", "é".repeat(1 << 16));
        let expected = format!("1 | …{}\n  | {}^", "é".repeat(40), " ".repeat(41));
        shows(&longest, 1 << 17, 1, 65_537, &expected);
        let expected = format!("1 | {}…\n  | ^", "é".repeat(66));
        shows(&longest, 0, 1, 1, &expected);
        // One character more than are shown, each of the greatest length.
        let widest = |count| "\u{1f600}".repeat(count);
        shows(widest(66), 0, 1, 1, &format!("1 | {}\n  | ^", widest(66)));
        shows(widest(67), 0, 1, 1, &format!("1 | {}…\n  | ^", widest(66)));
    }

    #[test]
    fn nothing_shown_acts_on_a_terminal() {
        shows("\u{1b}[2J\t\u{9b}\u{202e}\u{7f}x", 11, 1, 9, "1 | ␛[2J \u{fffd}\u{fffd}␡x\n  |         ^");
        shows(b"a\xff\xfeb\r\rc", 3, 1, 4, "1 | a\u{fffd}\u{fffd}b␍␍c\n  |    ^");
        for character in '\0'..='\u{ffff}' {
            let place = TextPlace::new(format!("{character}x").as_bytes(), 0, 1, 1);
            assert!(place.picture().chars().all(|shown| shown == '\n' || !shown.is_control()), "{character:?}");
        }
    }
}
