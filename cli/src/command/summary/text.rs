//! The summary for people.

use std::fmt::Display;
use std::io::{self, Write};

use wabinary_calls::report::{Clock, Stamp};
use wabinary_render::date;
use wabinary_render::shown::printable;

use super::clients::Hint;
use super::counts::{Counts, Key, Sizes};

/// The longest name in a table, in characters.
const LONGEST: usize = 24;

pub(super) fn write(counts: &Counts, out: &mut impl Write) -> io::Result<()> {
    let Counts { records, failed, of_calls, bytes, without_time, .. } = counts;
    writeln!(out, "records     {records}, {failed} of them failed")?;
    if !counts.forms.is_empty() {
        writeln!(out, "form        {}", listed(&counts.forms))?;
    }
    writeln!(out, "calls       {of_calls} stanzas of call signalling, {:.0} %", counts.share_of_calls() * 100.0)?;
    if let Sizes { frames, total, min: Some(min), max: Some(max) } = bytes {
        writeln!(out, "bytes       {total} in {frames} frames, from {min} to {max}")?;
    }
    for ((file, clock), span) in &counts.spans {
        let seconds = span.seconds();
        match span.clock {
            Clock::Unix | Clock::Local => {
                let start = date(Stamp { clock: span.clock, micros: span.first });
                writeln!(out, "time        file {file}: {seconds:.3} s from {start}")?;
            }
            Clock::Day | Clock::Monotonic => {
                writeln!(out, "time        file {file}: {seconds:.3} s by a {clock} clock")?
            }
        }
    }
    if *without_time > 0 {
        writeln!(out, "            {without_time} records without a time that can be read")?;
    }
    if !counts.dictionaries.is_empty() {
        writeln!(out, "dictionary  {}", listed(&counts.dictionaries))?;
    }
    if !counts.fidelity.is_empty() {
        writeln!(out, "fidelity    {}", listed(&counts.fidelity))?;
    }
    if !counts.sources.is_empty() {
        writeln!(
            out,
            "sources     {}",
            listed(counts.sources.iter().map(|(name, count)| (printable(name, 60), count)))
        )?;
    }
    for Hint { client, evidence, count, frame } in counts.clients.hints() {
        let times = if count == 1 { String::new() } else { format!("{count} times, first ") };
        writeln!(out, "hint        {client}: {evidence}; {times}in frame {frame}")?;
    }
    if !counts.groups.is_empty() {
        let (stanza, class, direction) = ("stanza", "class", "direction");
        writeln!(out, "\n{stanza:<24} {class:<16} {direction:<10} {:>8} {:>10}", "count", "bytes")?;
    }
    for (Key { tag, class, direction }, group) in counts.by_count() {
        let (tag, class) = (printable(tag, LONGEST), printable(class.as_deref().unwrap_or("-"), 16));
        let direction = direction.unwrap_or("-");
        let total = if group.bytes.frames > 0 { group.bytes.total.to_string() } else { "-".to_owned() };
        writeln!(out, "{tag:<24} {class:<16} {direction:<10} {:>8} {total:>10}", group.count)?;
    }
    if !counts.errors.is_empty() {
        writeln!(out, "\n{:<24} {:>8}  first", "error", "count")?;
    }
    for error in counts.errors.values() {
        let line = error.line.map(|line| format!(", line {line}")).unwrap_or_default();
        writeln!(out, "{:<24} {:>8}  frame {}{line}", error.kind, error.count, error.frame)?;
    }
    Ok(())
}

/// Names, each with its count.
fn listed<N: Display, C: Display>(counts: impl IntoIterator<Item = (N, C)>) -> String {
    let each = counts.into_iter().map(|(name, count)| format!("{name}: {count}"));
    each.collect::<Vec<_>>().join(", ")
}
