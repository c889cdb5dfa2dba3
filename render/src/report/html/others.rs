//! What is said of other classes, of near misses, and of ends of the stream.

use maud::{Markup, html};
use wabinary_calls::report::{ClassCounts, ClassReport, Report};

use super::tables::ROWS;
use crate::counted::counted;
use crate::report::{failures as in_words, words};
use crate::shown::Shown;

/// What failed beside the calls.
pub(super) fn failures(report: &Report) -> Markup {
    let near = || report.unmatched.iter().filter_map(|stray| Some((stray, stray.nearly.as_ref()?)));
    let more = near().count().saturating_sub(ROWS)
        + (report.totals.refused_others as usize).saturating_sub(report.refused_others.len().min(ROWS));
    html! {
        @if near().next().is_some() || in_words::naming_another(report).next().is_some() || !report.refused_others.is_empty() || !report.stream_ends.is_empty() {
            ul.told {
                @for (stray, nearly) in near().take(ROWS) {
                    li {
                        (stray.answer.kind.name()) " " code { (Shown(&stray.id)) } " answers nothing here"
                        span.why { (Shown(&words::nearly_answers(nearly, &stray.id))) }
                    }
                }
                @for (stanza, answer) in in_words::naming_another(report).take(ROWS) {
                    li { "another type: " (Shown(&in_words::taken_as(stanza, answer))) }
                }
                @for refusal in report.refused_others.iter().take(ROWS) {
                    li.error { "refused" (Shown(&in_words::other_code(&refusal.code))) ": " (Shown(&in_words::other_refusal(refusal))) }
                }
                @for end in &report.stream_ends {
                    li.error { "the server ended the stream over the ack of " code { (Shown(&end.id)) } }
                }
                @if more > 0 { li { (counted(more, "more failure")) } }
            }
        }
    }
}

/// What was sent and answered, by class, and what this device never answered.
pub(super) fn classes(report: &Report) -> Markup {
    let more = report.never_acked.len().saturating_sub(ROWS);
    html! {
        @if !report.classes.is_empty() {
            section #classes {
                h2 { "By class" }
                div.scroll {
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
