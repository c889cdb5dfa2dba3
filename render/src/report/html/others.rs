//! Counts of stanzas of other classes.

use maud::{Markup, html};
use wabinary_calls::report::{ClassCounts, ClassReport, Report};

use super::tables::{ROWS, sideways};
use crate::counted::counted;
use crate::report::words;
use crate::shown::Shown;

/// How many stanzas were sent and answered, by class, and the stanzas that this device never answered.
pub(super) fn classes(report: &Report) -> Markup {
    let more = report.never_acked.len().saturating_sub(ROWS);
    html! {
        @if !report.classes.is_empty() {
            section #classes {
                h2 { "By class" }
                (sideways()) div.scroll role="region" aria-label="By class" {
                    table {
                        thead {
                            tr {
                                th.text scope="col" { "class" } th scope="col" { "stanzas" } th scope="col" { "acked" }
                                th scope="col" { "refused" } th scope="col" { "pending" } th scope="col" { "never acked" }
                            }
                        }
                        tbody {
                            @for ClassReport { class, sent, received } in &report.classes {
                                (row(&format!("{}, sent", class.name()), sent))
                                (row(&format!("{}, received", class.name()), received))
                            }
                        }
                    }
                }
                @if !report.never_acked.is_empty() {
                    p { "Never acked by this device:" }
                    ul.strays {
                        @for never in report.never_acked.iter().take(ROWS) {
                            li {
                                b { (never.class.name()) } " " code { (Shown(never.id.as_deref().unwrap_or("-"))) }
                                span.why { (words::server_then(never.then)) }
                            }
                        }
                        @if more > 0 { li.soft { (counted(more, "more")) } }
                    }
                }
            }
        }
    }
}

fn row(name: &str, counts: &ClassCounts) -> Markup {
    let ClassCounts { stanzas, acked, refused, pending, never_acked } = counts;
    html! {
        @if *stanzas > 0 {
            tr {
                th.text scope="row" { (name) }
                @for count in [stanzas, acked, refused, pending, never_acked] { td.zero[*count == 0] { (count) } }
            }
        }
    }
}
