//! A report as text.

use std::collections::BTreeSet;
use std::fmt;

use super::{Report, short};

/// What of a result is shown.
const SHOWN: usize = 200;

pub(super) fn write(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Report { name, version, asked, conforming, decoding, encoding, crashes, hangs, deaths, junk, .. } = report;
    write!(f, "{} {}: {conforming} of {asked} answers conform", short(name, 60), short(version, 60))?;
    writeln!(
        f,
        " (decoding {} of {}, encoding {} of {})",
        decoding.conforming, decoding.asked, encoding.conforming, encoding.asked
    )?;
    let rows: Vec<_> = report.deviating_rows().collect();
    if !rows.is_empty() {
        writeln!(f, "\ndeviates where GRAMMAR.md has a row, {} times:", rows.len())?;
    }
    let mut told = BTreeSet::new();
    for cell in rows {
        let class = cell.class.map_or("", |class| class.name());
        // Inputs belong to a row, which may have several cells.
        let others = report.in_rows.get(&cell.row).filter(|_| told.insert(&cell.row));
        let more = others.map(|count| format!("; {count} more inputs by this row")).unwrap_or_default();
        writeln!(f, "  {:<8} {}: {class}, dictionary {}{more}", cell.row, cell.why, cell.dictionary)?;
        writeln!(f, "           input    {}", short(&cell.input, SHOWN))?;
        writeln!(f, "           expected {}", short(cell.expected.as_deref().unwrap_or_default(), SHOWN))?;
        writeln!(f, "           found    {}", short(cell.found.as_deref().unwrap_or_default(), SHOWN))?;
    }
    if !report.elsewhere.is_empty() {
        writeln!(f, "\ndeviates elsewhere, most frequent first:")?;
    }
    for (number, example) in (1..).zip(&report.elsewhere) {
        let direction = if example.decoding { "decoding" } else { "encoding" };
        let place = if example.place.is_empty() { String::new() } else { format!(" ({})", example.place) };
        let (class, length, dictionary) = (example.class.name(), example.length, example.dictionary);
        let inputs = if example.inputs > 1 { format!(", {} inputs", example.inputs) } else { String::new() };
        writeln!(f, "  {number}. {direction}: {class}{place}{inputs}; {length} bytes, dictionary {dictionary}")?;
        match &example.frame {
            Some(frame) => writeln!(f, "     input    the tree of the frame {frame}")?,
            None => writeln!(f, "     input    {}", short(&example.input, SHOWN))?,
        }
        writeln!(f, "     expected {}", short(&example.expected, SHOWN))?;
        writeln!(f, "     found    {}", short(&example.found, SHOWN))?;
    }
    if crashes + hangs + deaths + junk > 0 {
        writeln!(
            f,
            "\nthe adapter crashed {crashes} times, hung {hangs} times, and printed {junk} lines that do not answer"
        )?;
    }
    if *deaths > 0 {
        writeln!(f, "it died {deaths} more times, and answered the same request after a new start")?;
    }
    if report.gave_up {
        writeln!(f, "it crashed or hung so often that the rest was not asked")?;
    }
    if asked > conforming {
        writeln!(
            f,
            "\nconformance/README.md has the words; GRAMMAR.md, sections 6.3, 7.2 and 9, has the rows and what others do"
        )?;
    }
    Ok(())
}
