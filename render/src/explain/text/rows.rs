//! Rows of offset, bytes and meaning.

use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::Style;

use super::wrapping::{Wrapped, width_of};
use crate::tone::Tone;

/// The most lines of bytes in one row. A longer row shows the first bytes, and the number of all.
const LINES: usize = 3;
/// The gap between the columns.
const GAP: &str = "  ";
const BLANKS: &str = "                                                                ";

/// The looks of a text.
#[derive(Clone, Copy)]
pub(super) struct Looks {
    /// Columns of a line.
    pub(super) width: usize,
    /// Whether there are styles.
    pub(super) is_styled: bool,
}

impl Looks {
    /// The bytes on a line.
    fn bytes(self) -> usize {
        match self.width {
            ..60 => 4,
            60..120 => 8,
            _ => 16,
        }
    }

    /// Draws only this many of the innermost nodes around a row.
    pub(super) fn drawn(self) -> usize {
        if self.width < 60 { 3 } else { 8 }
    }
}

/// The first column of a row.
#[derive(Clone, Copy)]
pub(super) enum At {
    Offset(usize),
    Mark(&'static str),
}

pub(super) struct Row<'a> {
    pub(super) at: At,
    pub(super) bytes: &'a [u8],
    /// The indentation of the meaning.
    pub(super) indent: &'a str,
    pub(super) style: Style,
    pub(super) text: &'a str,
}

/// Writes lines, each with one call: every call to the output may be slow.
pub(super) struct Lines<W> {
    pub(super) out: W,
    pub(super) looks: Looks,
    /// A buffer for a line.
    line: String,
}

impl<W: Write> Lines<W> {
    pub(super) fn new(out: W, looks: Looks) -> Self {
        Self { out, looks, line: String::new() }
    }

    fn put(&mut self, style: Style, text: &str) {
        if self.looks.is_styled && !text.is_empty() {
            // Writing to a string does not fail.
            let _ = write!(self.line, "{style}{text}{style:#}");
        } else {
            self.line.push_str(text);
        }
    }

    fn put_blanks(&mut self, count: usize) {
        self.line.push_str(BLANKS.get(..count).unwrap_or(BLANKS));
    }

    fn end(&mut self) -> io::Result<()> {
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())?;
        self.line.clear();
        Ok(())
    }

    /// Writes a line of one style.
    pub(super) fn write(&mut self, style: Style, text: &str) -> io::Result<()> {
        self.put(style, text);
        self.end()
    }

    /// Writes lines of the full width.
    pub(super) fn write_wrapped(&mut self, style: Style, text: &str) -> io::Result<()> {
        for (indent, text) in Wrapped::new(text, self.looks.width) {
            self.put(style, indent);
            self.write(style, text)?;
        }
        Ok(())
    }

    /// Writes a term in `width` columns, and its meaning.
    pub(super) fn write_term(&mut self, term: &str, width: usize, meaning: &str) -> io::Result<()> {
        for (line, (_, text)) in Wrapped::new(meaning, self.looks.width - width - GAP.len()).enumerate() {
            let term = if line == 0 { term } else { "" };
            let _ = write!(self.line, "{term:width$}{GAP}{text}");
            self.end()?;
        }
        Ok(())
    }
}

/// Writes rows in columns.
pub(super) struct Rows<'o, W> {
    lines: &'o mut Lines<W>,
    /// Columns of the offset.
    width: usize,
    /// Columns of the bytes.
    hex: usize,
    /// Buffers for an offset and for bytes.
    at: String,
    pairs: String,
}

impl<'o, W: Write> Rows<'o, W> {
    /// `longest`: the largest offset.
    pub(super) fn new(lines: &'o mut Lines<W>, longest: usize) -> Self {
        let width = longest.checked_ilog10().map_or(1, |tens| tens as usize + 1).max(2);
        let hex = 3 * lines.looks.bytes() - 1;
        Self { lines, width, hex, at: String::new(), pairs: String::new() }
    }

    pub(super) fn write_heading(&mut self) -> io::Result<()> {
        self.write_line("at", "bytes", "", Tone::Dim.style(), ("", "meaning"))
    }

    pub(super) fn write_title(&mut self, title: &str) -> io::Result<()> {
        self.lines.write(Tone::Heading.style(), title)
    }

    pub(super) fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        let mut texts = Wrapped::new(row.text, self.left_for_text(row.indent));
        let per_line = self.lines.looks.bytes();
        let has_all = row.bytes.len() <= LINES * per_line;
        let of_bytes = row.bytes.len().div_ceil(per_line).min(LINES);
        let (mut at, mut pairs) = (std::mem::take(&mut self.at), std::mem::take(&mut self.pairs));
        at.clear();
        let _ = match row.at {
            At::Offset(offset) => write!(at, "{offset}"),
            At::Mark(mark) => at.write_str(mark),
        };
        for line in 0.. {
            let text = texts.next();
            if line > 0 && line >= of_bytes && text.is_none() {
                break;
            }
            pairs.clear();
            if line + 1 == LINES && !has_all {
                let unit = if self.hex < "… 4194304 bytes".len() { "" } else { " bytes" };
                let _ = write!(pairs, "… {}{unit}", row.bytes.len());
            } else {
                push_hex(&mut pairs, row.bytes.chunks(per_line).nth(line).unwrap_or(&[]));
            }
            let at = if line == 0 { &at } else { "" };
            self.write_line(at, &pairs, row.indent, row.style, text.unwrap_or_default())?;
        }
        (self.at, self.pairs) = (at, pairs);
        Ok(())
    }

    /// Writes a text below `count` bytes, with a mark.
    pub(super) fn write_marked(&mut self, count: usize, indent: &str, text: &str) -> io::Result<()> {
        let mark = vec!["^^"; count.clamp(1, self.lines.looks.bytes())].join(" ");
        for (line, text) in Wrapped::new(text, self.left_for_text(indent)).enumerate() {
            self.write_line("", if line == 0 { &mark } else { "" }, indent, Tone::Bad.style(), text)?;
        }
        Ok(())
    }

    fn left_for_text(&self, indent: &str) -> usize {
        self.lines.looks.width - self.width - GAP.len() - self.hex - GAP.len() - width_of(indent)
    }

    fn write_line(
        &mut self,
        at: &str,
        bytes: &str,
        indent: &str,
        style: Style,
        (further, text): (&str, &str),
    ) -> io::Result<()> {
        let lines = &mut *self.lines;
        let indent = if text.is_empty() { indent.trim_end() } else { indent };
        lines.put_blanks(self.width - at.len());
        lines.put(Tone::Dim.style(), at);
        lines.put_blanks(GAP.len());
        lines.put(style, bytes);
        if !(indent.is_empty() && text.is_empty()) {
            lines.put_blanks(self.hex - width_of(bytes) + GAP.len());
            lines.put(Tone::Dim.style(), indent);
            lines.put(Style::new(), further);
            lines.put(style, text);
        }
        lines.end()
    }
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (number, byte) in bytes.iter().enumerate() {
        if number > 0 {
            text.push(' ');
        }
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
    }
}
