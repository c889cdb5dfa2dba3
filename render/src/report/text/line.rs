//! Lines of text in columns, with colours if wanted.

use textwrap::core::display_width;
use textwrap::{Options, WordSplitter, wrap};

use crate::shown::printable;
use crate::tone::Tone;

/// Pieces of one line.
#[derive(Default)]
pub(super) struct Line {
    pieces: Vec<(String, Tone)>,
}

impl From<String> for Line {
    /// A heading.
    fn from(text: String) -> Self {
        let mut line = Self::default();
        line.push(&text, Tone::Heading);
        line
    }
}

impl Line {
    /// Adds a text without control characters.
    pub(super) fn push(&mut self, text: &str, tone: Tone) -> &mut Self {
        self.pieces.push((printable(text, usize::MAX), tone));
        self
    }

    pub(super) fn width(&self) -> usize {
        self.pieces.iter().map(|(text, _)| display_width(text)).sum()
    }

    /// The line with its colours, without trailing blanks.
    pub(super) fn rendered(mut self) -> String {
        while let Some((last, _)) = self.pieces.last_mut() {
            last.truncate(last.trim_end().len());
            if !last.is_empty() {
                break;
            }
            self.pieces.pop();
        }
        let styled = self.pieces.into_iter().map(|(piece, tone)| {
            let style = tone.style();
            if tone == Tone::Plain { piece } else { format!("{style}{piece}{style:#}") }
        });
        styled.collect()
    }
}

/// The text, or its two ends: related ids often differ only at their ends.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    let text = printable(text, usize::MAX);
    if display_width(&text) <= longest {
        return text;
    }
    let kept = longest.saturating_sub(1);
    let start = taken(text.chars(), kept / 2);
    let end: String = taken(text.chars().rev(), kept - kept / 2).chars().rev().collect();
    format!("{start}…{end}")
}

/// As many characters as fit.
fn taken(text: impl Iterator<Item = char>, longest: usize) -> String {
    let mut left = longest;
    text.take_while(|character| {
        let fits = left.checked_sub(display_width(character.encode_utf8(&mut [0; 4])));
        left = fits.unwrap_or(0);
        fits.is_some()
    })
    .collect()
}

/// The text in a column of this width, cut if it is wider.
pub(super) fn padded(text: &str, width: usize) -> String {
    let text = shortened(text, width);
    let blanks = width.saturating_sub(display_width(&text));
    text + &" ".repeat(blanks)
}

/// The text broken between words.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(20)).word_splitter(WordSplitter::NoHyphenation);
    wrap(text, options).into_iter().map(String::from).collect()
}

/// The cells of a stanza's row.
pub(super) struct Cells {
    pub(super) time: String,
    pub(super) direction: &'static str,
    pub(super) action: String,
    pub(super) id: String,
    pub(super) answer: String,
    pub(super) after: String,
}

/// The widths of columns.
pub(super) struct Columns {
    /// 0 if no record has a time.
    time: usize,
    action: usize,
    id: usize,
    answer: usize,
    after: usize,
}

const SIGN: usize = 2;
const DIRECTION: usize = 4;
/// The longest id of all known clients.
const LONGEST_ID: usize = 32;

impl Columns {
    pub(super) fn new(width: usize, has_times: bool) -> Self {
        let (time, after) = if has_times { (10, 9) } else { (0, 0) };
        let gaps = if has_times { 9 } else { 5 };
        let left = width.saturating_sub(SIGN + time + DIRECTION + after + gaps);
        let action = (left * 3 / 10).clamp(7, 18);
        let id = (left * 3 / 10).clamp(7, LONGEST_ID);
        let answer = left.saturating_sub(action + id);
        Self { time, action, id, answer, after }
    }

    pub(super) fn heading(&self) -> Line {
        let cells = Cells {
            time: "seconds".to_owned(),
            direction: "",
            action: "stanza".to_owned(),
            id: "id".to_owned(),
            answer: "answer".to_owned(),
            after: "after".to_owned(),
        };
        let mut line = Line::default();
        line.push(&" ".repeat(SIGN), Tone::Plain).push(&self.start(&cells), Tone::Dim);
        line.push(&padded(&cells.answer, self.answer), Tone::Dim).push(&self.end(&cells), Tone::Dim);
        line
    }

    /// A row. The tone applies to its sign and its answer.
    pub(super) fn row(&self, cells: &Cells, tone: Tone) -> Line {
        let sign = match tone {
            Tone::Bad => "✗ ",
            Tone::Warning => "! ",
            Tone::Plain | Tone::Heading | Tone::Dim | Tone::Good => "  ",
        };
        let mut line = Line::default();
        line.push(sign, tone).push(&self.start(cells), Tone::Plain);
        line.push(&padded(&cells.answer, self.answer), tone).push(&self.end(cells), Tone::Plain);
        line
    }

    /// The cells before the answer.
    fn start(&self, cells: &Cells) -> String {
        let Cells { time, direction, action, id, .. } = cells;
        let time = if self.time > 0 { format!("{time:>width$}  ", width = self.time) } else { String::new() };
        let (action, id) = (padded(action, self.action), padded(id, self.id));
        format!("{time}{direction:<DIRECTION$} {action}  {id}  ")
    }

    fn end(&self, cells: &Cells) -> String {
        if self.after > 0 { format!("{:>width$}", cells.after, width = self.after + 2) } else { String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_as_wide_as_the_terminal() {
        for width in [60, 80, 100, 140] {
            for has_times in [true, false] {
                let columns = Columns::new(width, has_times);
                let long = || "x".repeat(200);
                let cells = Cells {
                    time: "123456.789".to_owned(),
                    direction: "send",
                    action: long(),
                    id: long(),
                    answer: long(),
                    after: "123.456 s".to_owned(),
                };
                assert_eq!(columns.row(&cells, Tone::Bad).width(), width, "{width} {has_times}");
            }
        }
    }

    #[test]
    fn the_middle_is_what_is_cut() {
        assert_eq!(shortened("0123456789ABCDEF", 16), "0123456789ABCDEF");
        assert_eq!(shortened("0123456789ABCDEF", 8), "012…CDEF");
        assert_eq!(shortened("\u{1b}[2J", 20), "\\u{1b}[2J");
    }

    #[test]
    fn columns_are_counted_as_a_terminal_does() {
        assert_eq!(padded("日本", 5), "日本 ");
        assert_eq!(padded("日本日本", 5), "日…本");
        assert_eq!(padded("e\u{301}", 3), "e\u{301}  ");
    }

    #[test]
    fn without_colour_the_words_are_the_same() {
        let mut line = Line::default();
        line.push("REFUSED", Tone::Bad).push(" offer  ", Tone::Plain);
        let rendered = line.rendered();
        assert_eq!(rendered, "\u{1b}[1m\u{1b}[31mREFUSED\u{1b}[0m offer");
    }
}
