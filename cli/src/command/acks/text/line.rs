//! Lines of text in columns, with colours where there are some.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSplitter, wrap};

use crate::status::printable;

/// How a piece of text looks. Colour repeats what the words say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Heading,
    Good,
    Dim,
    Warning,
    Bad,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Heading => Style::new().bold(),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Dim => Style::new().dimmed(),
            Self::Warning => AnsiColor::Yellow.on_default(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
        }
    }
}

/// Pieces of one line.
#[derive(Default)]
pub(super) struct Line {
    pieces: Vec<(String, Tone)>,
}

impl Line {
    /// Adds a text, in which nothing acts on a terminal.
    pub(super) fn push(&mut self, text: &str, tone: Tone) -> &mut Self {
        let shows_as_it_is = !text.contains(char::is_control);
        self.pieces.push((if shows_as_it_is { text.to_owned() } else { printable(text, usize::MAX) }, tone));
        self
    }

    pub(super) fn width(&self) -> usize {
        self.pieces.iter().map(|(text, _)| width(text)).sum()
    }

    /// Without blanks at its end.
    pub(super) fn rendered(mut self, in_color: bool) -> String {
        while let Some((last, _)) = self.pieces.last_mut() {
            last.truncate(last.trim_end().len());
            if !last.is_empty() {
                break;
            }
            self.pieces.pop();
        }
        let mut text = String::new();
        for (piece, tone) in self.pieces {
            let style = tone.style();
            let written = match in_color && tone != Tone::Plain {
                true => write!(text, "{style}{piece}{style:#}"),
                false => write!(text, "{piece}"),
            };
            let _ = written;
        }
        text
    }
}

/// In characters: what is wider on the terminal moves its line, and no other.
pub(super) fn width(text: &str) -> usize {
    text.chars().count()
}

/// As it is, or without its middle: ids that belong together often differ at their ends alone.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    let text = printable(text, usize::MAX);
    let length = width(&text);
    if length <= longest {
        return text;
    }
    let kept = longest.saturating_sub(1);
    let (start, end) = (kept / 2, kept - kept / 2);
    text.chars().take(start).chain(['…']).chain(text.chars().skip(length - end)).collect()
}

/// Broken between words.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(20)).word_splitter(WordSplitter::NoHyphenation);
    wrap(text, options).into_iter().map(String::from).collect()
}

/// What a row says of a stanza.
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
    /// 0 where no record has a time.
    time: usize,
    action: usize,
    id: usize,
    answer: usize,
    after: usize,
}

const SIGN: usize = 2;
const DIRECTION: usize = 4;
/// What an id has at most in all clients seen.
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
        line.push(&self.text(&cells), Tone::Dim);
        line
    }

    /// A row; its sign and its answer have the tone.
    pub(super) fn row(&self, cells: Cells, tone: Tone) -> Line {
        let sign = match tone {
            Tone::Bad => "✗",
            Tone::Warning => "!",
            _ => " ",
        };
        let mut line = Line::default();
        let text = self.text(&cells);
        let start =
            SIGN + self.time + if self.time > 0 { 2 } else { 0 } + DIRECTION + 1 + self.action + 2 + self.id + 2;
        let rest: String = text.chars().skip(start).collect();
        let head: String = text.chars().skip(SIGN).take(start - SIGN).collect();
        line.push(sign, tone).push(" ", Tone::Plain).push(&head, Tone::Plain);
        let answer: String = rest.chars().take(self.answer).collect();
        let after: String = rest.chars().skip(self.answer).collect();
        line.push(&answer, tone).push(&after, Tone::Plain);
        line
    }

    fn text(&self, cells: &Cells) -> String {
        let Cells { time, direction, action, id, answer, after } = cells;
        let (action, id) = (shortened(action, self.action), shortened(id, self.id));
        let answer = shortened(answer, self.answer);
        let mut text = " ".repeat(SIGN);
        if self.time > 0 {
            let _ = write!(text, "{time:>width$}  ", width = self.time);
        }
        let _ = write!(text, "{direction:<DIRECTION$} ");
        let _ = write!(text, "{action:<width$}  ", width = self.action);
        let _ = write!(text, "{id:<width$}  ", width = self.id);
        let _ = write!(text, "{answer:<width$}", width = self.answer);
        if self.after > 0 {
            let _ = write!(text, "{after:>width$}", width = self.after + 2);
        }
        text
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
                assert_eq!(columns.row(cells, Tone::Bad).width(), width, "{width} {has_times}");
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
    fn without_colour_the_words_are_the_same() {
        let line = || {
            let mut line = Line::default();
            line.push("REFUSED", Tone::Bad).push(" offer  ", Tone::Plain);
            line
        };
        assert_eq!(line().rendered(false), "REFUSED offer");
        let colored = line().rendered(true);
        assert_eq!(anstream::adapter::strip_str(&colored).to_string(), "REFUSED offer");
        assert!(colored.contains("\u{1b}["));
    }
}
