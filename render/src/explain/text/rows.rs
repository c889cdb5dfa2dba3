//! Rows of offset, bytes and meaning.

use std::borrow::Cow;
use std::fmt::Display;
use std::io::{self, Write};

use anstyle::Style;

use crate::tone::Tone;

/// Columns of a line.
pub(super) const WIDTH: usize = 80;
/// Bytes on a line.
const BYTES: usize = 8;
/// Columns that they take.
const HEX: usize = 3 * BYTES - 1;
/// Lines of bytes of one row. Of more bytes the first are shown, and how many there are.
const LINES: usize = 3;
/// Between the columns.
const GAP: &str = "  ";

pub(super) struct Row<'a> {
    /// Offset, or a mark.
    pub(super) at: String,
    pub(super) bytes: &'a [u8],
    /// What is before the meaning.
    pub(super) indent: &'a str,
    pub(super) style: Style,
    pub(super) text: String,
}

/// Writes rows in columns.
pub(super) struct Rows<'o, W> {
    out: &'o mut W,
    /// Columns of the offset.
    width: usize,
}

impl<'o, W: Write> Rows<'o, W> {
    /// `longest`: the largest offset.
    pub(super) fn new(out: &'o mut W, longest: usize) -> Self {
        let width = longest.to_string().len().max(2);
        Self { out, width }
    }

    pub(super) fn write_heading(&mut self) -> io::Result<()> {
        self.write_line("at", "bytes", "", Tone::Dim.style(), "meaning")
    }

    pub(super) fn write_title(&mut self, title: &str) -> io::Result<()> {
        write_styled(self.out, Tone::Heading.style(), title)
    }

    pub(super) fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        let bytes = hex_lines(row.bytes);
        let text = wrapped(&row.text, self.left_for_text(row.indent));
        for line in 0..bytes.len().max(text.len()) {
            let at = if line == 0 { &row.at } else { "" };
            let (bytes, text) = (bytes.get(line).map_or("", |line| line), text.get(line).map_or("", |line| line));
            self.write_line(at, bytes, row.indent, row.style, text)?;
        }
        Ok(())
    }

    /// The same below so many bytes, with a mark.
    pub(super) fn write_marked(&mut self, count: usize, indent: &str, text: &str) -> io::Result<()> {
        let mark = vec!["^^"; count.clamp(1, BYTES)].join(" ");
        for (line, text) in wrapped(text, self.left_for_text(indent)).iter().enumerate() {
            self.write_line("", if line == 0 { &mark } else { "" }, indent, Tone::Bad.style(), text)?;
        }
        Ok(())
    }

    fn left_for_text(&self, indent: &str) -> usize {
        WIDTH - self.width - GAP.len() - HEX - GAP.len() - textwrap::core::display_width(indent)
    }

    fn write_line(&mut self, at: &str, bytes: &str, indent: &str, style: Style, text: &str) -> io::Result<()> {
        let (at_width, bytes_width) = (self.width - width_of(at), HEX - width_of(bytes));
        let indent = if text.is_empty() { indent.trim_end() } else { indent };
        write!(self.out, "{:at_width$}{}{GAP}{}", "", painted(Tone::Dim.style(), at), painted(style, bytes))?;
        if !(indent.is_empty() && text.is_empty()) {
            write!(self.out, "{:bytes_width$}{GAP}{}{}", "", painted(Tone::Dim.style(), indent), painted(style, text))?;
        }
        writeln!(self.out)
    }
}

/// Writes a line of one style.
pub(super) fn write_styled(out: &mut impl Write, style: Style, text: &str) -> io::Result<()> {
    writeln!(out, "{style}{text}{style:#}")
}

fn painted(style: Style, text: &str) -> impl Display {
    let style = if text.is_empty() { Style::new() } else { style };
    format!("{style}{text}{style:#}")
}

/// Lines of the full width.
pub(super) fn write_wrapped(out: &mut impl Write, style: Style, text: &str) -> io::Result<()> {
    wrapped(text, WIDTH).iter().try_for_each(|line| write_styled(out, style, line))
}

/// Writes a term of so many columns, and what it means.
pub(super) fn write_term(out: &mut impl Write, term: &str, width: usize, meaning: &str) -> io::Result<()> {
    for (line, text) in textwrap::wrap(meaning, WIDTH - width - GAP.len()).iter().enumerate() {
        let term = if line == 0 { term } else { "" };
        writeln!(out, "{term:width$}{GAP}{text}")?;
    }
    Ok(())
}

fn wrapped(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    // No text has more columns than bytes.
    if text.len() <= width {
        return vec![text.into()];
    }
    textwrap::wrap(text, textwrap::Options::new(width).subsequent_indent("  "))
}

fn width_of(text: &str) -> usize {
    textwrap::core::display_width(text)
}

fn hex_lines(bytes: &[u8]) -> Vec<String> {
    let line = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    if bytes.len() <= LINES * BYTES {
        return bytes.chunks(BYTES).map(line).collect();
    }
    let mut lines: Vec<String> = bytes.chunks(BYTES).take(LINES - 1).map(line).collect();
    lines.push(format!("… {} bytes", bytes.len()));
    lines
}
