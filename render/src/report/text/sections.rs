//! The sections below the calls.

use std::io::{self, Write};

use wabinary_calls::report::{Latencies, Peer, Report, Totals};

use super::Page;
use super::line::{Columns, Line, padded, shortened};

use crate::report::failures::{failed_calls, naming_another};
use crate::report::words::{call_peer, direction, duration, meaning, nothing, outcome, outcomes, rest};
use crate::tone::Tone;

/// The most rows of a section.
pub(super) const ROWS: usize = 20;

impl<W: Write> Page<W> {
    pub(super) fn unmatched(&mut self, report: &Report, columns: &Columns) -> io::Result<()> {
        if report.totals.unmatched == 0 {
            return Ok(());
        }
        self.blank()?;
        self.heading("acks and receipts that answer nothing here")?;
        let shown = report.unmatched.iter().filter(|stray| stray.answer.evidence.call_id.is_none());
        let of_calls = report.unmatched.len() - shown.clone().count();
        for stray in shown.clone().take(ROWS) {
            self.stray(stray, columns)?;
        }
        let more = report.totals.unmatched.saturating_sub((of_calls + shown.count().min(ROWS)) as u64);
        if of_calls > 0 {
            self.note(&format!("{of_calls} that name a call: see there"), Tone::Dim)?;
        }
        self.more(more)
    }

    pub(super) fn peers(&mut self, report: &Report) -> io::Result<()> {
        if report.peers.is_empty() {
            return Ok(());
        }
        self.blank()?;
        let width = self.width.saturating_sub(COUNTS).clamp(20, 40);
        let mut line = Line::default();
        line.push(&format!("{:<width$}", "who answers how"), Tone::Heading);
        line.push("  stanzas  ack  receipt  both  none  typed  no type", Tone::Dim);
        self.line(line)?;
        for peer in report.peers.iter().take(ROWS) {
            let Peer { stanzas, ack, receipt, both, neither, typed_acks, untyped_acks, .. } = peer;
            let name = peer.address.as_deref().unwrap_or("this device");
            let mut line = Line::default();
            line.push("  ", Tone::Plain).push(&padded(name, width - 2), Tone::Plain);
            let counts = format!(
                "  {stanzas:>7}  {ack:>3}  {receipt:>7}  {both:>4}  {neither:>4}  {typed_acks:>5}  {untyped_acks:>7}"
            );
            line.push(&counts, Tone::Plain);
            self.line(line)?;
            if !peer.receipts_for.is_empty() {
                let actions: Vec<_> = peer.receipts_for.iter().map(|action| shortened(action, 24)).collect();
                self.note(&format!("receipts for {}", actions.join(", ")), Tone::Dim)?;
            }
        }
        self.more(report.peers.len().saturating_sub(ROWS) as u64)
    }

    pub(super) fn latencies(&mut self, report: &Report) -> io::Result<()> {
        let Totals { clocks, sent_again, .. } = report.totals;
        if report.latencies.is_empty() {
            return match clocks {
                2.. => {
                    self.blank()?;
                    self.note("no latencies: no stanza and its answer have times by one clock", Tone::Dim)
                }
                _ => Ok(()),
            };
        }
        self.blank()?;
        let width = self.width.saturating_sub(52).clamp(20, 40);
        let mut line = Line::default();
        line.push(&format!("{:<width$}", "latencies"), Tone::Heading);
        line.push("   count        min     median        p95        max", Tone::Dim);
        self.line(line)?;
        for latencies in &report.latencies {
            let same = |other: &&Latencies| other.direction == latencies.direction;
            if latencies.action.is_none() && report.latencies.iter().filter(same).count() == 2 {
                // With a single action, its row would repeat that of all actions.
                continue;
            }
            let action = latencies.action.as_deref().map_or("all", |action| action);
            let direction = direction(Some(latencies.direction));
            let mut text = format!("  {direction} {}{:>8}", padded(action, width - 7), latencies.count);
            for micros in [latencies.min, latencies.median, latencies.p95, latencies.max] {
                let cell = micros.map(duration).unwrap_or_default();
                text += &format!("{cell:>11}");
            }
            let mut line = Line::default();
            line.push(&text, if latencies.action.is_none() { Tone::Heading } else { Tone::Plain });
            self.line(line)?;
        }
        if sent_again > 0 {
            self.note("stanzas that were sent again are left out", Tone::Dim)?;
        }
        if clocks > 1 {
            self.note(&format!("times are by {clocks} clocks; only those by one are compared"), Tone::Dim)?;
        }
        Ok(())
    }

    /// The failed calls and why they failed, the worst first.
    pub(super) fn failures(&mut self, report: &Report) -> io::Result<()> {
        let mut failed: Vec<_> = report.calls.iter().filter(|call| call.has_failed()).collect();
        let has_others = report.unmatched.iter().any(|stray| stray.nearly.is_some())
            || naming_another(report).next().is_some()
            || !report.refused_others.is_empty()
            || !report.stream_ends.is_empty();
        if failed.is_empty() && !has_others {
            return Ok(());
        }
        failed.sort_by_key(|call| std::cmp::Reverse(call.outcome));
        self.blank()?;
        self.heading(&format!("failures{}", failed_calls(report, failed.len())))?;
        for call in failed.iter().take(ROWS) {
            let (what, tone) = outcome(call.outcome, call.error.as_ref());
            let Some(cause) = &call.cause else { continue };
            let mut line = Line::default();
            line.push("  ", Tone::Plain).push(&format!("{what:<18}  "), tone);
            let of_call = if call.call_id.is_some() { ", call" } else { "" };
            let what = format!("{}{of_call}{}", shortened(&cause.action, 24), call_peer(call));
            line.push(&shortened(&what, self.width.saturating_sub(22)), Tone::Plain);
            self.line(line)?;
            for code in &cause.codes {
                self.note(&meaning(code), tone)?;
            }
            let call_id = call.call_id.as_deref().map(|call_id| format!("call {}, ", shortened(call_id, 36)));
            let stanza = format!("{}stanza {}", call_id.unwrap_or_default(), shortened(&cause.id, 36));
            self.note(&stanza, Tone::Plain)?;
        }
        self.more(failed.len().saturating_sub(ROWS) as u64)?;
        self.other_failures(report)
    }

    pub(super) fn totals(&mut self, report: &Report) -> io::Result<()> {
        let totals = &report.totals;
        if let Some(nothing) = nothing(report) {
            if !report.classes.is_empty() || totals.refused_others > 0 {
                self.blank()?;
            }
            self.line_of(&nothing)?;
            return match totals.refused_others {
                0 => Ok(()),
                count => self
                    .line_of(&format!("{count} refused {} of other classes", if count == 1 { "ack" } else { "acks" })),
            };
        }
        self.blank()?;
        self.line_of(&outcomes(totals))?;
        self.line_of(&rest(totals).join("; "))
    }

    pub(super) fn line_of(&mut self, text: &str) -> io::Result<()> {
        for part in super::line::wrapped(text, self.width) {
            let mut line = Line::default();
            line.push(&part, Tone::Plain);
            self.line(line)?;
        }
        Ok(())
    }

    pub(super) fn heading(&mut self, text: &str) -> io::Result<()> {
        let mut line = Line::default();
        line.push(text, Tone::Heading);
        self.line(line)
    }

    pub(super) fn more(&mut self, count: u64) -> io::Result<()> {
        if count == 0 { Ok(()) } else { self.note(&format!("and {count} more"), Tone::Dim) }
    }
}

/// The width of the columns with counts.
const COUNTS: usize = 52;
