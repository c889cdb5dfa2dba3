//! The report as text: calls with their stanzas, what matches nothing, who answers how, latencies, and at the end, where a
//! terminal stands when it is over, the failures.

use std::io::{self, BufWriter, Write};

use anstream::{AutoStream, ColorChoice};
use wabinary::NodeRef;

mod line;
mod rows;
mod sections;

use super::analysis::Analysis;
use super::failure_of;
use super::report::{Call, Report, Stray};
use super::words::{self, Tone};
use crate::pipeline::Output;
use crate::record::{Failure, Record};
use line::{Columns, Line};

/// Where the output is no terminal.
const WIDTH: usize = 80;

pub(super) struct Text {
    analysis: Analysis,
    color: ColorChoice,
}

impl Text {
    pub(super) fn new(analysis: Analysis, color: ColorChoice) -> Self {
        Self { analysis, color }
    }
}

impl Output for Text {
    const VERB: &'static str = "read";

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        let event = self.analysis.record(record, &mut |_| Ok(()))?;
        self.analysis.add(node, event, record.direction, &mut |_| Ok(())).map(failure_of)
    }

    fn failure(&mut self, record: &Record, _: &Failure) -> io::Result<bool> {
        self.analysis.failed(record, &mut |_| Ok(())).map(|()| false)
    }

    fn finish(self) -> io::Result<()> {
        let report = self.analysis.finish(&mut |_| Ok(()))?;
        let size = console::Term::stdout().size_checked();
        let width = size.map_or(WIDTH, |(_, columns)| usize::from(columns).clamp(60, 140));
        let out = BufWriter::new(AutoStream::new(io::stdout().lock(), self.color));
        let mut page = Page { out, width };
        page.write(&report)?;
        page.out.flush()
    }
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
            self.line(columns.heading())?;
        }
        for call in &report.calls {
            self.call(call, report, &columns)?;
        }
        self.unmatched(report, &columns)?;
        self.peers(report)?;
        self.latencies(report)?;
        self.failures(report)?;
        self.totals(report)
    }

    fn call(&mut self, call: &Call, report: &Report, columns: &Columns) -> io::Result<()> {
        self.blank()?;
        self.line(rows::call_title(call, self.width))?;
        for stanza in &call.stanzas {
            let (outcome, tone) = words::answer(stanza);
            self.line(columns.row(&rows::cells(stanza, outcome), tone))?;
            for note in words::notes(stanza) {
                self.note(&note.text, note.tone)?;
            }
        }
        for stray in &report.unmatched {
            if call.unmatched.contains(&stray.answer.event.frame) {
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
