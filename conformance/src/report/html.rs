//! Reports as a page: the corners by implementation, then what deviates elsewhere.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{Cell, Report, cell_text, short};
use crate::verdict::Class;

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}\
table{border-collapse:collapse}th,td{border:1px solid #ccc;padding:.2rem .5rem;text-align:left;vertical-align:top}\
thead th{position:sticky;top:0;background:#f4f4f4}code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}\
.bad{background:#fdeaea}.row{background:#fff8e5}\
@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}thead th{background:#2a2a2a}\
.bad{background:#4a2626}.row{background:#443a1c}th,td{border-color:#555}}";

/// A page about these codecs.
#[must_use]
pub fn page(reports: &[Report]) -> String {
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { "Conformance" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "Conformance" }
                (totals(reports))
                h2 { "Corners" }
                p {
                    "Rows of GRAMMAR.md. ≠ marks a cell in which a codec deviates from this project's codec. "
                    "This project refuses a frame that is marked as accepted."
                }
                (corners(reports))
                h2 { "Elsewhere" }
                @for report in reports.iter().filter(|report| !report.elsewhere.is_empty()) {
                    (elsewhere(report))
                }
            }
        }
    };
    markup.into_string()
}

fn totals(reports: &[Report]) -> Markup {
    html! {
        table {
            (heads(&["codec", "answers", "conform", "rows", "elsewhere", "died", "hung", "died, then answered"], &[]))
            @for report in reports {
                tr.bad[!report.is_good()] {
                    th scope="row" { (title(report)) }
                    td { (report.asked) }
                    td { (report.conforming) }
                    td { (report.deviating_rows().count()) }
                    td { (report.elsewhere.len()) }
                    td { (report.crashes) }
                    td { (report.hangs) }
                    td { (report.deaths) }
                }
            }
        }
    }
}

/// A row for each corner, whatever the dictionary: a codec that knows several has its first one shown.
fn corners(reports: &[Report]) -> Markup {
    let mut rows: Vec<&Cell> = Vec::new();
    for cell in reports.iter().flat_map(|report| &report.cells) {
        if !rows.iter().any(|row| is_same_corner(row, cell)) {
            rows.push(cell);
        }
    }
    html! {
        table {
            (heads(&["row", "case", "input"], reports))
            @for cell in rows {
                tr {
                    th scope="row" { (cell.row) }
                    td { (cell.why.replace('`', "")) }
                    td { code { (short(&cell.input, 90)) } }
                    @for report in reports {
                        @let own = report.cells.iter().find(|own| is_same_corner(own, cell));
                        td.row[own.is_some_and(|own| own.class.is_some())] {
                            @if let Some(own) = own {
                                @if own.class == Some(Class::Accepts) { "≠ accepted: " } @else if own.class.is_some() { "≠ " }
                                code { (cell_text(own).trim_matches('`')) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn is_same_corner(one: &Cell, other: &Cell) -> bool {
    (&one.row, &one.input) == (&other.row, &other.input)
}

fn elsewhere(report: &Report) -> Markup {
    html! {
        h3 { (title(report)) }
        table {
            (heads(&["deviates", "input", "expected", "found"], &[]))
            @for example in &report.elsewhere {
                tr {
                    td {
                        (if example.decoding { "decoding" } else { "encoding" })
                        ": " (example.class.name()) " " (example.place)
                    }
                    @for cell in [example.frame.as_ref().unwrap_or(&example.input), &example.expected, &example.found] {
                        td { code { (short(cell, 400)) } }
                    }
                }
            }
        }
    }
}

fn heads(names: &[&str], reports: &[Report]) -> Markup {
    html! {
        thead {
            tr {
                @for name in names { th scope="col" { (name) } }
                @for report in reports { th scope="col" { (title(report)) } }
            }
        }
    }
}

fn title(report: &Report) -> String {
    short(&format!("{} {}", report.name, report.version), 80)
}
