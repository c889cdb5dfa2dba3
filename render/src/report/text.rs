//! Reports as text: calls with their stanzas, answers to nothing, who answers how, latencies, and the failures at the end,
//! where a terminal shows them.

use std::io::{self, Write};

use wabinary_calls::report::{CallReport, Report, StanzaReport, Stray};

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
/// The error of the output.
pub fn write_text(report: &Report, out: impl Write, width: usize) -> io::Result<()> {
    let mut page = Page { out, width };
    page.write(report)?;
    page.out.flush()
}

/// Writes rows one by one, when their stanzas are settled.
pub struct LiveText<W> {
    page: Page<W>,
    /// Set by the first row.
    columns: Option<Columns>,
    /// The call of the last row.
    call_id: Option<Box<str>>,
}

impl<W: Write> LiveText<W> {
    /// Writes lines of `width` columns.
    pub fn new(out: W, width: usize) -> Self {
        Self { page: Page { out, width }, columns: None, call_id: None }
    }

    /// Writes a stanza, below the name of its call if the previous stanza belongs to another.
    ///
    /// # Errors
    /// The error of the output.
    pub fn row(&mut self, stanza: &StanzaReport) -> io::Result<()> {
        let Self { page, columns, call_id } = self;
        let is_first = columns.is_none();
        let columns = columns.get_or_insert_with(|| Columns::new(page.width, stanza.seen.time.is_some()));
        if is_first {
            page.line(columns.heading())?;
        }
        let call = CallReport::of(stanza);
        if is_first || *call_id != call.call_id {
            page.blank()?;
            page.line(rows::call_name(&call, page.width).into())?;
            call_id.clone_from(&call.call_id);
        }
        page.stanza(stanza, &call, columns)
    }

    /// Writes the stanzas that were never settled, and the totals.
    ///
    /// # Errors
    /// The error of the output.
    pub fn finish(mut self, report: &Report) -> io::Result<()> {
        report.calls.iter().flat_map(|call| &call.stanzas).try_for_each(|stanza| self.row(stanza))?;
        self.page.totals(report)?;
        self.page.out.flush()
    }
}

/// The output and its width.
struct Page<W> {
    out: W,
    /// The width in columns.
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
            self.stanza(stanza, call, columns)?;
        }
        for stray in &report.unmatched {
            if call.unmatched.contains(&stray.answer.seen.frame) {
                self.stray(stray, columns)?;
            }
        }
        Ok(())
    }

    fn stanza(&mut self, stanza: &StanzaReport, call: &CallReport, columns: &Columns) -> io::Result<()> {
        let (outcome, tone) = words::answer(stanza);
        self.line(columns.row(&rows::cells(stanza, outcome), tone))?;
        words::notes(stanza, call).iter().try_for_each(|note| self.note(&note.text, note.tone))
    }

    fn stray(&mut self, stray: &Stray, columns: &Columns) -> io::Result<()> {
        let (cells, tone) = rows::stray(stray);
        self.line(columns.row(&cells, tone))?;
        for note in words::stray_notes(stray) {
            self.note(&note.text, note.tone)?;
        }
        Ok(())
    }

    /// Writes a note on the line above.
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
