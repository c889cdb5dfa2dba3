//! Reports as text: calls with their stanzas, answers to nothing, who answers how, latencies, and the failures at the end,
//! where a terminal shows them.

use std::io::{self, Write};

use wabinary_calls::report::{CallReport, Report, Stray};

mod line;
mod others;
mod rows;
mod sections;

use super::words;
use crate::tone::Tone;
use line::{Columns, Line};

/// Writes a report in lines of `width` columns, with styles for a terminal, which `out` may strip.
///
/// # Errors
/// That of the output.
pub fn write_text(report: &Report, out: impl Write, width: usize) -> io::Result<()> {
    let mut page = Page { out, width };
    page.write(report)?;
    page.out.flush()
}

/// What is written to, and how.
struct Page<W> {
    out: W,
    /// In columns of the terminal.
    width: usize,
}

impl<W: Write> Page<W> {
    fn write(&mut self, report: &Report) -> io::Result<()> {
        let has_times = report.totals.clocks > 0;
        let columns = Columns::new(self.width, has_times);
        if !report.calls.is_empty() || report.totals.unmatched > 0 {
            if let Some(start) = report.start {
                let mut line = Line::default();
                line.push(&format!("starts {}", crate::date::date(start)), Tone::Plain);
                self.line(line)?;
            }
            self.line(columns.heading())?;
        }
        for call in &report.calls {
            self.call(call, report, &columns)?;
        }
        self.unmatched(report, &columns)?;
        self.peers(report)?;
        self.latencies(report)?;
        self.classes(report)?;
        self.failures(report)?;
        self.totals(report)
    }

    fn call(&mut self, call: &CallReport, report: &Report, columns: &Columns) -> io::Result<()> {
        self.blank()?;
        self.line(rows::call_title(call, self.width))?;
        for stanza in &call.stanzas {
            let (outcome, tone) = words::answer(stanza);
            self.line(columns.row(&rows::cells(stanza, outcome), tone))?;
            for note in words::notes(stanza, call) {
                self.note(&note.text, note.tone)?;
            }
        }
        for stray in &report.unmatched {
            if call.unmatched.contains(&stray.answer.seen.frame) {
                self.stray(stray, columns)?;
            }
        }
        Ok(())
    }

    fn stray(&mut self, stray: &Stray, columns: &Columns) -> io::Result<()> {
        let (cells, tone) = rows::stray(stray);
        self.line(columns.row(&cells, tone))?;
        for note in words::stray_notes(stray) {
            self.note(&note.text, note.tone)?;
        }
        Ok(())
    }

    /// Something about the line above.
    fn note(&mut self, text: &str, tone: Tone) -> io::Result<()> {
        for (number, part) in line::wrapped(text, self.width.saturating_sub(14)).into_iter().enumerate() {
            let indent = if number == 0 { 12 } else { 14 };
            let mut line = Line::default();
            line.push(&" ".repeat(indent), Tone::Plain).push(&part, tone);
            self.line(line)?;
        }
        Ok(())
    }

    fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    fn line(&mut self, line: Line) -> io::Result<()> {
        writeln!(self.out, "{}", line.rendered())
    }
}
