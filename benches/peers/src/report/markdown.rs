//! Tables, numbers, and places in documents.

use std::fs;
use std::io::Error;
use std::path::Path;

const BEGIN: &str = "<!-- written by scripts/compare: begin -->";
const END: &str = "<!-- written by scripts/compare: end -->";

/// Replaces what stands between the marks in a document.
pub(super) fn replace(document: &Path, text: &str) -> Result<(), Error> {
    let old = fs::read_to_string(document)?;
    let no_mark = || Error::other(format!("{}: no marks to write between", document.display()));
    let (before, rest) = old.split_once(BEGIN).ok_or_else(no_mark)?;
    let (_, after) = rest.split_once(END).ok_or_else(no_mark)?;
    fs::write(document, format!("{before}{BEGIN}\n\n{}\n\n{END}{after}", text.trim()))
}

/// A table; all columns but the first are numbers.
pub(super) struct Table {
    lines: Vec<String>,
}

impl Table {
    pub(super) fn new(columns: &[String]) -> Self {
        let numbers = "--:|".repeat(columns.len() - 1);
        Self { lines: vec![line(columns), format!("|---|{numbers}")] }
    }

    pub(super) fn row(&mut self, cells: &[String]) {
        self.lines.push(line(cells));
    }

    pub(super) fn finish(self) -> String {
        self.lines.join("\n") + "\n"
    }
}

fn line(cells: &[String]) -> String {
    format!("| {} |", cells.join(" | "))
}

/// Nanoseconds, or bytes, with about three digits.
pub(super) fn amount(number: f64) -> String {
    match number {
        0.0..9.95 => format!("{number:.1}").trim_end_matches(".0").to_owned(),
        9.95..9999.5 => format!("{number:.0}"),
        9999.5..99_950.0 => format!("{:.1}k", number / 1e3),
        99_950.0..999_500.0 => format!("{:.0}k", number / 1e3),
        _ => format!("{:.2}M", number / 1e6),
    }
}

pub(super) fn ratio(number: f64) -> String {
    format!("{number:.2}")
}

pub(super) fn bold(text: &str) -> String {
    format!("**{text}**")
}
