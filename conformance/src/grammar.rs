//! The columns of GRAMMAR.md for codecs that were run.

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;

use crate::report::{Cell, Report, cell_text};

const BEGIN: &str = "<!-- written by wabinary-conformance --grammar: begin -->";
const END: &str = "<!-- written by wabinary-conformance --grammar: end -->";

/// Rewrites the column of each codec in the tables whose first column is `id`, and the paragraph that says which versions
/// were run. A column is found by the name of the codec; a row by its id, or if it is about a tree, also by the tree.
///
/// # Errors
/// The text has no such table, column or paragraph.
pub fn update(text: &str, reports: &[Report]) -> Result<String> {
    let mut columns = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut in_paragraph = false;
    ensure!(text.contains(BEGIN) && text.contains(END), "the text has no line {BEGIN:?}");
    ensure!(text.lines().any(is_header), "the text has no table of corner cases");
    for line in text.lines() {
        let mut row = cells(line);
        if is_header(line) {
            columns = row;
        } else if row.len() == columns.len() && row.len() > 1 {
            for report in reports {
                let at = columns.iter().position(|column| *column == report.name);
                let at = at.with_context(|| format!("a table of corner cases has no column {:?}", report.name))?;
                if let Some(cell) = report.cells.iter().find(|cell| is_of(cell, &row)) {
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

fn is_header(line: &str) -> bool {
    line.starts_with("| id |")
}

/// Whether a cell belongs into this row.
fn is_of(cell: &Cell, row: &[String]) -> bool {
    cell.dictionary == 3 && cell.row == row[0] && (cell.decoding || row[1] == format!("`{}`", cell.why))
}

/// The cells of a line of a table.
fn cells(line: &str) -> Vec<String> {
    let inner = line.strip_prefix("| ").and_then(|line| line.strip_suffix(" |")).unwrap_or_default();
    inner.split(" | ").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::report;
    use crate::verdict::Class;

    #[test]
    fn each_row_has_the_result_of_the_newest_dictionary() {
        let table = |results: [&str; 4]| {
            let rows = ["D1.1 | x", "D2 | x", "7.2 t | `<a/>`", "7.2 t | `<b/>`"];
            let rows = rows.iter().zip(results).map(|(row, result)| format!("| {row} | {result} |\n"));
            format!("{BEGIN}\n{END}\n\n| id | what | a |\n{}\nbehind\n", rows.collect::<String>())
        };
        let class = Some(Class::Accepts);
        let report = report(&[
            ("D1.1", "y", 2, Some("00"), None),
            ("D1.1", "y", 3, Some("00"), class),
            ("7.2 t", "<b/>", 3, None, None),
        ]);
        let written = update(&table(["old; remark", "old", "old", "old"]), &[report]).unwrap();
        let (before, after) = written.split_once(END).unwrap();
        assert!(before.ends_with(": a 1.\n"), "{before}");
        let expected = table(["`<ack/>`; remark", "old", "old", "ok"]);
        assert_eq!(Some(after), expected.split_once(END).map(|(_, after)| after));
    }
}
