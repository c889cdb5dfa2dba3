//! Explanations as text: offset, bytes, meaning.

use std::fmt::{self, Display, Write as _};
use std::io::{self, Write};

use wabinary::explain::{Explanation, Finding, Range, RangeKind, Severity};
use wabinary::{DecodeError, DecodeErrorKind, NodeRef, OffsetSpace};
use wabinary_calls::report::Record;

mod nesting;
mod rows;
mod wrapping;

use super::purpose::Purpose;
use super::terms::Terms;
use super::{Explained, message};
use crate::counted::counted;
use crate::shown::printable;
use crate::tone::Tone;
use nesting::Nesting;
use rows::{At, Lines, Looks, Row, Rows};

/// Columns of a term.
const TERM_WIDTH: usize = 10;

/// The default number of columns of a line.
const WIDTH: usize = 80;

/// Writes explained frames as tables with styles for a terminal, 80 columns wide.
pub struct Text<W> {
    lines: Lines<W>,
    /// The number of written records.
    written: u64,
    /// The file of the next records, if it is shown.
    file: Option<String>,
    terms: Terms,
}

impl<W: Write> Text<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        let looks = Looks { width: WIDTH, is_styled: true };
        Self { lines: Lines::new(out, looks), written: 0, file: None, terms: Terms::default() }
    }

    /// Writes lines of at most `columns` columns; fewer than 40 count as 40.
    #[must_use]
    pub fn with_width(mut self, columns: usize) -> Self {
        self.lines.looks.width = columns.max(40);
        self
    }

    /// Writes no styles.
    #[must_use]
    pub fn without_styles(mut self) -> Self {
        self.lines.looks.is_styled = false;
        self
    }

    /// The output.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.lines.out
    }

    /// Names the file of the next records before each, or no file.
    pub fn set_file(&mut self, file: Option<&str>) {
        if self.file.as_deref() != file {
            self.file = file.map(str::to_owned);
        }
    }

    /// The number of written records.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.written
    }

    /// Writes the table of a record.
    ///
    /// # Errors
    /// The error of the output.
    pub fn write<F: Display>(&mut self, explained: &Explained<'_, F>) -> io::Result<()> {
        if self.written > 0 {
            self.lines.write(Tone::Plain.style(), "")?;
        }
        self.written = self.written.saturating_add(1);
        write_record(explained, self.file.as_deref(), &mut self.lines)?;
        explained.explanation.into_iter().for_each(|explanation| self.terms.note(explanation));
        Ok(())
    }

    /// Writes the terms that occurred, with their meanings.
    ///
    /// # Errors
    /// The error of the output.
    pub fn write_terms(&mut self) -> io::Result<()> {
        let mut terms = self.terms.occurred().peekable();
        if terms.peek().is_some() {
            self.lines.write(Tone::Plain.style(), "")?;
            self.lines.write(Tone::Heading.style(), "Words")?;
        }
        terms.try_for_each(|(term, meaning)| self.lines.write_term(term, TERM_WIDTH, meaning))
    }

    /// Ends the text, and returns the output.
    ///
    /// # Errors
    /// The error of the output.
    pub fn finish(mut self) -> io::Result<W> {
        self.lines.out.flush()?;
        Ok(self.lines.out)
    }
}

fn write_record<F: Display>(
    explained: &Explained<'_, F>,
    file: Option<&str>,
    lines: &mut Lines<impl Write>,
) -> io::Result<()> {
    let &Explained { record, explanation, size, node, ref failure } = explained;
    let of_file = file.map(|file| format!("{}, ", printable(file, usize::MAX)));
    let name = of_file.unwrap_or_default() + &name_of(record);
    let Some(explanation) = explanation else {
        let head = if size == 0 { format!("{name}: no bytes to explain") } else { format!("{name}: {size} bytes") };
        lines.write_wrapped(Tone::Heading.style(), &head)?;
        return lines.write_wrapped(Tone::Bad.style(), &message(failure.as_ref()));
    };
    let head = format!("{name}: {}", counted(explanation.frame().len(), "byte"));
    lines.write_wrapped(Tone::Heading.style(), &head)?;
    let longest = explanation.frame().len().max(explanation.inflated().map_or(0, <[u8]>::len));
    let drawn = lines.looks.drawn();
    let mut rows = Rows::new(lines, longest);
    rows.write_heading()?;
    let error = explanation.error();
    Table { explanation, error, rows: &mut rows, drawn }.write()?;
    lines.write(Tone::Plain.style(), "")?;
    write_summary(explanation, node, lines)
}

/// `frame 3, line 4, 1700000000.10, receive`
fn name_of(record: &Record) -> String {
    let mut name = format!("frame {}", record.frame);
    if let Some(line) = record.line {
        let _ = write!(name, ", line {line}");
    }
    if let Some(time) = &record.time {
        // Another program wrote the text.
        let _ = write!(name, ", {}", printable(time.as_text(), 35));
    }
    if let Some(direction) = record.direction {
        let _ = write!(name, ", {}", direction.name());
    }
    name
}

/// Writes the result of the whole frame.
fn write_summary(
    explanation: &Explanation,
    node: Option<NodeRef<'_>>,
    lines: &mut Lines<impl Write>,
) -> io::Result<()> {
    if let Some(node) = node {
        // At most three lines.
        let mut start = Start { text: "as XML: ".to_owned(), width_left: 3 * lines.looks.width - 20 };
        if write!(start, "{node}").is_err() {
            start.text.push('…');
        }
        lines.write_wrapped(Tone::Plain.style(), &start.text)?;
    }
    if let Some(error) = explanation.error() {
        let (name, size) = match error.space() {
            OffsetSpace::Inflated => ("inflated body", explanation.inflated().map_or(0, <[u8]>::len)),
            OffsetSpace::Frame => ("frame", explanation.frame().len()),
        };
        let (kind, offset) = (error.kind().name(), error.offset());
        let good = format!("{} of {} read", offset.min(size), counted(size, "byte"));
        let summary = format!("not decoded: {kind} at offset {offset} of the {name}, {good}");
        lines.write_wrapped(Tone::Bad.style(), &summary)?;
    }
    let findings = explanation.findings();
    if findings.is_empty() {
        return Ok(());
    }
    let is_rewritten = findings.iter().any(|finding| finding.kind.severity() == Severity::Rewritten);
    let then = match (explanation.error(), is_rewritten) {
        (Some(_), _) => "in what is good",
        (None, true) => "encoding the tree gives other bytes",
        (None, false) => "encoding the tree gives the same bytes",
    };
    lines.write_wrapped(Tone::Warning.style(), &format!("{}: {then}", counted(findings.len(), "deviation")))
}

/// Takes a text up to a width, and then fails.
struct Start {
    text: String,
    width_left: usize,
}

impl fmt::Write for Start {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if let Some(left) = self.width_left.checked_sub(text.len()).filter(|_| text.is_ascii()) {
            self.width_left = left;
            self.text.push_str(text);
            return Ok(());
        }
        for character in text.chars() {
            let width = wrapping::width_of(character.encode_utf8(&mut [0; 4]));
            self.width_left = self.width_left.checked_sub(width).ok_or(fmt::Error)?;
            self.text.push(character);
        }
        Ok(())
    }
}

/// The rows of one explanation.
struct Table<'a, 'o, W> {
    explanation: &'a Explanation,
    error: Option<&'a DecodeError>,
    rows: &'a mut Rows<'o, W>,
    /// The most nodes around a row that are drawn.
    drawn: usize,
}

impl<W: Write> Table<'_, '_, W> {
    fn write(&mut self) -> io::Result<()> {
        let findings = self.explanation.findings();
        for space in [OffsetSpace::Frame, OffsetSpace::Inflated] {
            let ranges = self.explanation.ranges().iter().filter(|range| range.space == space);
            let mut findings: Vec<&Finding> = findings.iter().filter(|finding| finding.space == space).collect();
            findings.sort_by_key(|finding| finding.end);
            if space == OffsetSpace::Inflated {
                let Some(inflated) = self.explanation.inflated() else { continue };
                self.rows.write_title("")?;
                self.rows.write_title(&format!("inflated body: {}", counted(inflated.len(), "byte")))?;
            }
            self.write_space(ranges, findings)?;
            if let Some(error) = self.error.filter(|error| error.space() == space) {
                self.write_end(error)?;
            }
        }
        Ok(())
    }

    fn write_space<'r>(&mut self, ranges: impl Iterator<Item = &'r Range>, findings: Vec<&Finding>) -> io::Result<()> {
        let mut nesting = Nesting::new(self.drawn);
        let mut findings = findings.into_iter().peekable();
        for range in ranges {
            let begun = nesting.enter(range);
            if !range.leaf {
                continue;
            }
            self.write_leaf(range, begun, &nesting)?;
            while let Some(finding) = findings.next_if(|finding| finding.end <= range.end) {
                self.write_finding(finding, &nesting)?;
            }
        }
        Ok(())
    }

    /// A row for a leaf. Names the node or JID that begins with the leaf too.
    fn write_leaf(&mut self, range: &Range, begun: Option<&Range>, nesting: &Nesting<'_>) -> io::Result<()> {
        let mut text = self.explanation.text(range);
        if let Some(begun) = begun {
            text = format!("{}, {text}", self.explanation.text(begun));
        }
        let bytes = self.explanation.bytes(range);
        let (at, indent, style) = (At::Offset(range.start), nesting.indent(), self.purpose(range).style());
        if range.kind == RangeKind::Error {
            let wrong = in_path("wrong", &self.explanation.path(range));
            self.rows.write(&Row { at, bytes, indent, style, text: &wrong })?;
            return self.rows.write_marked(bytes.len(), indent, &text);
        }
        self.rows.write(&Row { at, bytes, indent, style, text: &text })
    }

    fn purpose(&self, range: &Range) -> Purpose {
        Purpose::of(range.kind, self.explanation.parent(range).map(|around| around.kind))
    }

    fn write_finding(&mut self, finding: &Finding, nesting: &Nesting<'_>) -> io::Result<()> {
        let &Finding { kind, start, end, .. } = finding;
        let encoders = match kind.severity() {
            Severity::Rewritten => "Encoders write this",
            Severity::Unusual => "Most encoders write this",
        };
        let mut text = format!("{} ({}): {}", kind.severity().name(), kind.name(), kind.text());
        if !finding.canonical.is_empty() {
            let place =
                if end - start == 1 { format!("byte {start}") } else { format!("bytes {start} to {}", end - 1) };
            let _ = write!(text, " {encoders} for {place}.");
        }
        let (at, bytes, indent) = (At::Mark("~"), &finding.canonical[..], nesting.indent());
        self.rows.write(&Row { at, bytes, indent, style: Tone::Warning.style(), text: &text })
    }

    /// If the input ends too soon, no byte is wrong.
    fn write_end(&mut self, error: &DecodeError) -> io::Result<()> {
        let mut of_space = self.explanation.ranges().iter().filter(|range| range.space == error.space());
        if of_space.any(|range| range.kind == RangeKind::Error) {
            return Ok(());
        }
        let is_cut = matches!(error.kind(), DecodeErrorKind::Truncated | DecodeErrorKind::ZlibTruncated);
        let text = in_path(if is_cut { "the input ends" } else { "wrong at the end" }, error.path());
        let at = At::Offset(error.offset());
        self.rows.write(&Row { at, bytes: &[], indent: "", style: Tone::Bad.style(), text: &text })?;
        self.rows.write_marked(1, "", &format!("{}: expected {}", error.kind(), error.expected()))
    }
}

/// The message with the last steps of a path.
fn in_path(what: &str, path: &str) -> String {
    const LONGEST: usize = 60;
    let start = path.char_indices().rev().nth(LONGEST).map_or(0, |(start, _)| start);
    match path.get(start..).unwrap_or(path) {
        "" => format!("{what}:"),
        path if start == 0 => format!("{what}, in {path}:"),
        path => format!("{what}, in …{path}:"),
    }
}
