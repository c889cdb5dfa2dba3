//! Reports as a page: the corners by implementation, then what deviates elsewhere.

use std::fmt::{self, Write as _};

use super::{Report, cell_text, short};

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}\
table{border-collapse:collapse}th,td{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top}\
thead th{position:sticky;top:0;background:#f4f4f4}code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}\
.bad{background:#fdeaea}.row{background:#fff8e5}\
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}thead th{background:#2a2a2a}\
.bad{background:#4a2626}.row{background:#443a1c}th,td{border-color:#555}}";

/// A page about these codecs.
#[must_use]
pub fn page(reports: &[Report]) -> String {
    let mut page = String::new();
    // Writing to a string does not fail.
    let _ = write(&mut page, reports);
    page
}

fn write(page: &mut String, reports: &[Report]) -> fmt::Result {
    write!(page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Conformance</title>")?;
    write!(page, "<meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>")?;
    write!(
        page,
        "<h1>Conformance</h1><table><thead><tr><th>codec<th>answers<th>conform<th>rows<th>elsewhere<th>died<th>hung</tr></thead>"
    )?;
    for report in reports {
        let class = if report.is_good() { "" } else { " class=\"bad\"" };
        let (rows, elsewhere) = (report.deviating_rows().count(), report.elsewhere.len());
        let Report { asked, conforming, crashes, hangs, .. } = report;
        write!(page, "<tr{class}><th>{}<td>{asked}<td>{conforming}<td>{rows}", title(report))?;
        writeln!(page, "<td>{elsewhere}<td>{crashes}<td>{hangs}</tr>")?;
    }
    write!(
        page,
        "</table><h2>Corners</h2><p>Rows of GRAMMAR.md. A coloured cell deviates from this project's codec.</p>"
    )?;
    write!(page, "<table><thead><tr><th>row<th>case<th>input")?;
    for report in reports {
        write!(page, "<th>{}", title(report))?;
    }
    write!(page, "</tr></thead>")?;
    for cell in reports.iter().max_by_key(|report| report.cells.len()).into_iter().flat_map(|report| &report.cells) {
        write!(
            page,
            "<tr><th>{}<td>{}<td><code>{}</code>",
            escape(&cell.row),
            escape(&cell.why),
            escape(&short(&cell.input, 90))
        )?;
        for report in reports {
            let own = report
                .cells
                .iter()
                .find(|own| (&own.row, &own.input, own.dictionary) == (&cell.row, &cell.input, cell.dictionary));
            match own {
                None => write!(page, "<td>")?,
                Some(own) => {
                    let class = if own.class.is_some() { " class=\"row\"" } else { "" };
                    write!(page, "<td{class}><code>{}</code>", escape(&cell_text(own)))?;
                }
            }
        }
        writeln!(page, "</tr>")?;
    }
    write!(page, "</table><h2>Elsewhere</h2>")?;
    for report in reports.iter().filter(|report| !report.elsewhere.is_empty()) {
        write!(
            page,
            "<h3>{}</h3><table><thead><tr><th>deviates<th>input<th>expected<th>found</tr></thead>",
            title(report)
        )?;
        for example in &report.elsewhere {
            let direction = if example.decoding { "decoding" } else { "encoding" };
            let cells = [example.frame.as_ref().unwrap_or(&example.input), &example.expected, &example.found];
            write!(page, "<tr><td>{direction}: {} {}", example.class.name(), escape(&example.place))?;
            for cell in cells {
                write!(page, "<td><code>{}</code>", escape(&short(cell, 400)))?;
            }
            writeln!(page, "</tr>")?;
        }
        write!(page, "</table>")?;
    }
    writeln!(page, "</body></html>")
}

fn title(report: &Report) -> String {
    escape(&short(&format!("{} {}", report.name, report.version), 80))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
