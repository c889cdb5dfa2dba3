//! The columns of GRAMMAR.md, section 9, for codecs that were run.

use anyhow::{Result, ensure};
use jiff::Timestamp;

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
                Timestamp::now().strftime("%F")
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
