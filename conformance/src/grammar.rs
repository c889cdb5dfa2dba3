//! The columns of GRAMMAR.md, section 9, for codecs that were run.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};

use crate::report::{Cell, Report, cell_text};

const BEGIN: &str = "<!-- written by wabinary-conformance --grammar: begin -->";
const END: &str = "<!-- written by wabinary-conformance --grammar: end -->";

/// Rewrites the column of each codec in the table of corner cases, and the paragraph that says which versions were run.
/// A column is found by the name of the codec.
///
/// # Errors
/// The text has no such table, column or paragraph.
pub fn update(text: &str, reports: &[Report]) -> Result<String> {
    let header = text.lines().find(|line| line.starts_with("| id |")).unwrap_or_default();
    let columns = cells(header);
    let mut out = String::with_capacity(text.len());
    let mut in_paragraph = false;
    ensure!(text.contains(BEGIN) && text.contains(END), "the text has no line {BEGIN:?}");
    for line in text.lines() {
        let mut row = cells(line);
        if line.starts_with("| D") && row.len() == columns.len() {
            for report in reports {
                let at = columns.iter().position(|column| *column == report.name);
                let Some(at) = at else { anyhow::bail!("the table of corner cases has no column {:?}", report.name) };
                let of_row = |cell: &&Cell| cell.decoding && cell.row == row[0] && cell.dictionary == 3;
                if let Some(cell) = report.cells.iter().find(of_row) {
                    // What follows a semicolon is a remark that no run shows.
                    let remark = row[at].split_once("; ").map(|(_, remark)| format!("; {remark}"));
                    row[at] = cell_text(cell) + &remark.unwrap_or_default();
                }
            }
            out.push_str(&format!("| {} |\n", row.join(" | ")));
            continue;
        }
        if line == END {
            in_paragraph = false;
        }
        if !in_paragraph {
            out.push_str(line);
            out.push('\n');
        }
        if line == BEGIN {
            in_paragraph = true;
            let versions = reports.iter().map(|report| format!("{} {}", report.name, report.version));
            let versions = versions.collect::<Vec<_>>().join(", ");
            out.push_str(&format!(
                "The columns of these codecs were run on {} and written by `.ci/conformance`: {versions}.\n",
                today()
            ));
        }
    }
    Ok(out)
}

/// The cells of a line of a table.
fn cells(line: &str) -> Vec<String> {
    let inner = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")).unwrap_or_default();
    inner.split(" | ").map(str::to_owned).collect()
}

/// The date in UTC.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    // Days to a date, as in Howard Hinnant's "chrono-compatible low-level date algorithms".
    let days = seconds / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
