//! Reports as a page: failures first, a ladder of each call, answers to nothing, who answers how, latencies.

use maud::{Markup, PreEscaped, Render, html};
use wabinary_calls::Outcome;
use wabinary_calls::report::{CallReport, Report};

mod distribution;
mod ladder;
mod row;
mod tables;
mod ties;

use super::words::{self, call_peer, outcome, outcomes};
use crate::counted::counted;
use crate::page::{Badge, Capture, Document, Entry, Index};
use crate::shown::Shown;
use crate::tone::Tone;

/// The ladders take no more than this, in bytes, so that a browser still opens the page. Further calls are counted.
const LARGEST: usize = 16 << 20;

/// The number of failures listed.
const MOST_FAILURES: usize = 50;

/// A page with a report.
#[derive(Debug)]
pub struct Page {
    /// The HTML file. It loads nothing, and works without its script.
    pub html: String,
    /// The number of calls that are not on the page because it is full.
    pub left_out: usize,
}

/// Renders a report as a page.
#[must_use]
pub fn page(report: &Report, capture: &Capture) -> Page {
    let (mut sections, mut index) = (String::new(), Vec::new());
    let mut left_out = 0;
    for (number, call) in (1..).zip(&report.calls) {
        if sections.len() > LARGEST {
            left_out += 1;
            continue;
        }
        section(number, call, report).render_to(&mut sections);
        let title = call_peer(call).trim_start().to_owned();
        index.push(Entry { id: format!("c{number}"), number, title, badge: badge(call) });
    }
    let totals = &report.totals;
    let title = title(report);
    let about = html! {
        p.soft { (outcomes(totals)) }
        @if left_out > 0 {
            p.note { strong { (Tone::Warning.sign()) " " (counted(left_out, "call")) " left out" } ": the page is full." }
        }
        (failures(report, index.len()))
    };
    let body = html! {
        (PreEscaped(sections))
        (tables::unmatched(report))
        (tables::latencies(report))
        (tables::peers(report))
        (tables::rest(report))
    };
    let document = Document {
        title: &title,
        capture,
        style: include_str!("../assets/acks.css"),
        script: include_str!("../assets/acks.js"),
        about,
        index: Index { entries: &index, unit: "call", groups: ["Failed", "Refused in part, or pending", "All acked"] },
        legend: legend(),
        body,
        dock: html! {},
    };
    Page { html: document.render(), left_out }
}

/// `12 calls, 6 with failures`.
fn title(report: &Report) -> String {
    let calls = counted(report.calls.len(), "call");
    match report.calls.iter().filter(|call| call.has_failed()).count() {
        0 => calls,
        1 => format!("{calls}, 1 with a failure"),
        failed => format!("{calls}, {failed} with failures"),
    }
}

/// A call with its ladder.
fn section(number: u64, call: &CallReport, report: &Report) -> Markup {
    html! {
        section.call id={ "c" (number) } {
            h2 {
                @if call.call_id.is_some() { "Call" } @else { "No call-id," }
                (call_peer_shown(call))
                " " (badge(call))
            }
            p.facts {
                @if let Some(call_id) = &call.call_id { span { "call-id " code { (Shown(call_id)) } } }
                @if let Some(creator) = &call.call_creator { span { "begun by " code { (Shown(creator)) } } }
                span { (counted(call.stanzas.len(), "stanza")) }
            }
            (ladder::ladder(number, call, report))
        }
    }
}

fn call_peer_shown(call: &CallReport) -> Markup {
    html! { " " (Shown(call_peer(call).trim_start())) }
}

/// How a call went, in a word.
fn badge(call: &CallReport) -> Badge {
    let (words, _) = outcome(call.outcome, call.error);
    match call.outcome {
        Outcome::Accepted => Badge { tone: Tone::Good, text: "all acked".to_owned() },
        worse => Badge { tone: tone(worse), text: words.to_lowercase() },
    }
}

fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Accepted => Tone::Good,
        Outcome::Pending | Outcome::PartlyRefused => Tone::Warning,
        Outcome::Unanswered | Outcome::Refused => Tone::Bad,
    }
}

/// Which calls failed and why, the worst first: nobody should have to look for it.
fn failures(report: &Report, shown: usize) -> Markup {
    let numbered = (1..).zip(&report.calls);
    let mut failed: Vec<(u64, &CallReport)> = numbered.filter(|(_, call)| call.has_failed()).collect();
    failed.sort_by_key(|(_, call)| std::cmp::Reverse(call.outcome));
    let more = failed.len().saturating_sub(MOST_FAILURES);
    html! {
        @if !failed.is_empty() {
            ul.told {
                @for (number, call) in failed.iter().take(MOST_FAILURES) {
                    @let cause = call.cause(&report.unmatched);
                    li.error[tone(call.outcome) == Tone::Bad] {
                        (badge(call)) " "
                        a href=[(*number <= shown as u64).then(|| format!("#c{number}"))] {
                            (Shown(cause.action)) " of the call" (call_peer_shown(call))
                        }
                        @for code in &cause.codes { span.why { (words::meaning(*code)) } }
                        @if call.outcome == Outcome::Unanswered { span.why { "nobody answered " code { (Shown(cause.id)) } } }
                    }
                }
                @if more > 0 { li { (counted(more, "more failure")) } }
            }
        }
    }
}

fn legend() -> Markup {
    html! {
        ul.legend {
            li.out { span.wire.near {} "seen here" }
            li.out { span.wire.far {} "passed on, not seen" }
            li.in { span.wire.near.refused {} "refused" }
            li.out { span.wire.near.lost {} "not answered" }
            li { span.tie {} "belong together" }
        }
        p.help.soft.screen {
            "Click an arrow, or go there with " kbd { "Tab" } " and press " kbd { "Enter" } ", for all that is known of it. "
            button #all type="button" hidden { "Open all" }
        }
    }
}
