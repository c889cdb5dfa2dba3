//! Texts about other classes, near misses, and ends of the stream.

use std::io::{self, Write};

use wabinary_calls::report::{ClassReport, NeverAcked, Report, StreamEnd};

use super::Page;
use super::line::{Line, shortened};
use super::rows::{self, time};
use super::sections::ROWS;
use crate::report::failures::{naming_another, other_code, other_refusal, taken_as};
use crate::report::words::{nearly_answers, server_then};
use crate::tone::Tone;

impl<W: Write> Page<W> {
    /// How many stanzas were sent and answered, by class, and the stanzas that this device never answered.
    pub(super) fn classes(&mut self, report: &Report) -> io::Result<()> {
        if report.classes.is_empty() {
            return Ok(());
        }
        self.blank()?;
        for (side, title) in [(0, "sent by this device"), (1, "received by this device")] {
            let mut line = Line::default();
            line.push(&format!("{title:<24}"), Tone::Heading);
            line.push("stanzas  acked  refused  pending  never acked", Tone::Dim);
            self.line(line)?;
            for ClassReport { class, sent, received } in &report.classes {
                let counts = if side == 0 { sent } else { received };
                if counts.stanzas == 0 {
                    continue;
                }
                let text = format!(
                    "  {:<22}{:>7}  {:>5}  {:>7}  {:>7}  {:>11}",
                    class.name(),
                    counts.stanzas,
                    counts.acked,
                    counts.refused,
                    counts.pending,
                    counts.never_acked
                );
                self.line_as_it_is(&text)?;
            }
        }
        if report.never_acked.is_empty() {
            return Ok(());
        }
        self.blank()?;
        self.heading("never acked by this device")?;
        for NeverAcked { class, seen, id, from, then, sends } in report.never_acked.iter().take(ROWS) {
            let id = shortened(id.as_deref().unwrap_or("without an id"), 36);
            let from = from.as_deref().map(|from| format!(" from {from}")).unwrap_or_default();
            self.line_as_it_is(&format!("  {:>10}  {} {id}{from}", time(seen), class.name()))?;
            let times = if *sends > 1 { format!("; it came {sends} times") } else { String::new() };
            self.note(&format!("{}{times}", server_then(*then)), Tone::Plain)?;
        }
        self.more(report.never_acked.len().saturating_sub(ROWS) as u64)
    }

    /// The failures other than calls.
    pub(super) fn other_failures(&mut self, report: &Report) -> io::Result<()> {
        let near = report.unmatched.iter().filter_map(|stray| Some((stray, stray.nearly.as_ref()?)));
        for (stray, nearly) in near.clone().take(ROWS) {
            let (cells, tone) = rows::stray(stray);
            let sender = stray.answer.from.as_ref().map(|from| format!(", from {from}"));
            let sender = sender.or_else(|| stray.answer.to.as_ref().map(|to| format!(", to {to}"))).unwrap_or_default();
            self.failure(&cells.answer, tone, &format!("{} {}{sender}", cells.action, stray.id))?;
            self.note(&nearly_answers(nearly, &stray.id), Tone::Plain)?;
        }
        self.more(near.count().saturating_sub(ROWS) as u64)?;
        for (stanza, answer) in naming_another(report).take(ROWS) {
            self.failure("another type", Tone::Warning, &taken_as(stanza, answer))?;
        }
        self.more(naming_another(report).count().saturating_sub(ROWS) as u64)?;
        for refusal in report.refused_others.iter().take(ROWS) {
            let what = format!("REFUSED{}", other_code(&refusal.code));
            self.failure(&what, Tone::Bad, &other_refusal(refusal))?;
        }
        let refused = report.totals.refused_others as usize;
        self.more(refused.saturating_sub(report.refused_others.len().min(ROWS)) as u64)?;
        for StreamEnd { id, class, .. } in report.stream_ends.iter().take(ROWS) {
            let class = class.as_deref().map(|class| format!("{class} ")).unwrap_or_default();
            self.failure("STREAM ENDED", Tone::Bad, &format!("over the ack of {class}{id}"))?;
        }
        self.more(report.stream_ends.len().saturating_sub(ROWS) as u64)
    }

    fn failure(&mut self, what: &str, tone: Tone, of: &str) -> io::Result<()> {
        let mut line = Line::default();
        line.push("  ", Tone::Plain).push(&format!("{what:<18}  "), tone);
        let left = self.width.saturating_sub(line.width());
        line.push(&shortened(of, left), Tone::Plain);
        self.line(line)
    }

    fn line_as_it_is(&mut self, text: &str) -> io::Result<()> {
        let mut line = Line::default();
        line.push(&shortened(text, self.width), Tone::Plain);
        self.line(line)
    }
}
