//! The columns of GRAMMAR.md, section 9, for codecs that were run.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, ensure};
use data_encoding::BASE64;

use crate::report::{Cell, Report, short};
use crate::tree::{Content, Tree, Value, difference};
use crate::verdict::Class;

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

/// What a codec makes of a row, in a few words: `ok`, `error`, or what comes out.
#[must_use]
pub fn cell_text(cell: &Cell) -> String {
    match (cell.class, &cell.tree) {
        (Some(Class::Crashes), _) => "dies".to_owned(),
        (Some(Class::Hangs), _) => "hangs".to_owned(),
        (Some(Class::BreaksProtocol), _) => "no answer".to_owned(),
        (_, _) if cell.refused => "error".to_owned(),
        (_, Some(found)) => match &cell.ours {
            Some(ours) if difference(&texts(ours), &texts(found)).is_none() => "ok".to_owned(),
            _ => tree_text(found),
        },
        (None, None) => "ok".to_owned(),
        (Some(_), None) => format!("`{}`", short(cell.found.as_deref().unwrap_or_default(), 60)),
    }
}

/// The tree with addresses as their texts: whether they are typed is a row of its own.
fn texts(tree: &Tree) -> Tree {
    let keeps = ["attr-order", "null", "empty-children", "text-content"].map(str::to_owned).to_vec();
    tree.clone().kept(keeps.try_into().unwrap_or_default())
}

/// The part of a small tree that a row is about.
fn tree_text(tree: &Tree) -> String {
    let code = |text: &str| {
        let shown = short(text, 40).replace("\\u{0}", "NUL").replace('\u{fffd}', "U+FFFD").replace('|', "\\|");
        format!("`{shown}`")
    };
    match (&tree.attrs[..], &tree.content) {
        ([(name, Value::Text(text))], None) if !name.is_empty() && text.is_empty() => code("\"\""),
        ([(name, Value::Text(text))], None) if !name.is_empty() && !name.contains('@') => code(text),
        ([(name, Value::Jid(address))], None) if !name.is_empty() => code(address.text()),
        ([(_, Value::Null)], None) => "null".to_owned(),
        ([(name, value)], None) if name.is_empty() => code(&format!("\"\"={value}")),
        ([(name, value)], None) => code(&format!("{name}={value}")),
        ([], None) => code(&format!("<{}/>", tree.tag)),
        ([], Some(Content::Nodes { nodes })) if nodes.is_empty() => code("[]"),
        ([], Some(Content::Text { text })) if text.is_empty() => "empty text".to_owned(),
        ([], Some(Content::Bytes { bytes })) if bytes.is_empty() => "empty bytes".to_owned(),
        ([], Some(Content::Text { text })) => format!("text {}", code(text)),
        ([], Some(Content::Bytes { bytes })) => {
            let bytes = BASE64.decode(bytes.as_bytes()).unwrap_or_default();
            match str::from_utf8(&bytes) {
                Ok(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()) => {
                    format!("bytes of {}", code(text))
                }
                _ => format!("bytes {}", code(&data_encoding::HEXLOWER.encode(&bytes))),
            }
        }
        _ => code(&tree.to_string()),
    }
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
