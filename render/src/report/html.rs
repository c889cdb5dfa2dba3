//! Reports as a page: failures first, a ladder of each call, answers to nothing, who answers how, latencies.

use maud::{Markup, PreEscaped, Render, html};
use wabinary_calls::Outcome;
use wabinary_calls::report::{CallReport, Report};

mod distribution;
mod failures;
mod ladder;
mod others;
mod row;
mod tables;
mod ties;
mod timeline;

use super::words::{self, all_confirmed, call_peer, outcome, outcomes};
use crate::counted::counted;
use crate::page::{Badge, Capture, Document, Entry, Index};
use crate::shown::Shown;
use crate::tone::Tone;

/// The most bytes of ladders, so that a browser can open the page. Further calls are counted.
const LARGEST: usize = 16 << 20;

/// A page with a report.
#[derive(Debug)]
pub struct Page {
    /// The HTML file. It loads nothing, and works without its script.
    pub html: String,
    /// The number of calls for which the page has no room.
    pub left_out: usize,
}

/// The styles of [`sections`].
pub const STYLE: &str = include_str!("../assets/acks.css");

/// The script that highlights rows of ladders, and opens them.
pub const SCRIPT: &str = include_str!("../assets/acks.js");

/// Renders a report as a page.
#[must_use]
pub fn page(report: &Report, capture: &Capture) -> Page {
    let title = title(report);
    let Parts { about, index, beside, body, left_out } = Parts::of(report);
    let document = Document {
        title: &title,
        capture,
        style: STYLE,
        script: SCRIPT,
        about,
        index: index_of(&index),
        beside,
        legend: legend(),
        body,
        dock: html! {},
    };
    Page { html: document.render(), left_out }
}

/// A report as a part of another page, which has [`STYLE`] and [`SCRIPT`].
#[must_use]
pub fn sections(report: &Report) -> Page {
    let Parts { about, index, beside, body, left_out } = Parts::of(report);
    let html = html! {
        h2 { (title(report)) }
        (about)
        div.overview { (index_of(&index).render()) (beside) }
        (legend())
        (body)
    };
    Page { html: html.into_string(), left_out }
}

struct Parts {
    about: Markup,
    index: Vec<Entry>,
    beside: Markup,
    body: Markup,
    left_out: usize,
}

impl Parts {
    fn of(report: &Report) -> Self {
        let (mut sections, mut index) = (String::new(), Vec::new());
        let mut left_out = 0;
        for (number, call) in (1..).zip(&report.calls) {
            if sections.len() > LARGEST {
                left_out += 1;
                continue;
            }
            section(number, call, report).render_to(&mut sections);
            let title =
                format!("{} {}", call_peer(call), call.call_id.as_deref().unwrap_or_default()).trim().to_owned();
            index.push(Entry { id: format!("c{number}"), number, title, badge: badge(call) });
        }
        let totals = &report.totals;
        let about = html! {
            p.soft { @match words::nothing(report) { Some(nothing) => (nothing), None => (outcomes(totals)) } }
            @if left_out > 0 {
                p.note { strong { (Tone::Warning.sign()) " " (counted(left_out, "call")) " left out" } ": the page is full." }
            }
            (timeline::timeline(report, index.len()))
        };
        let failures = html! { (failures::calls(report, index.len())) (failures::others(report)) };
        let beside = html! { @if !failures.0.is_empty() { aside aria-label="Failures" { (failures) } } };
        let body = html! {
            (PreEscaped(sections))
            (tables::unmatched(report))
            (tables::latencies(report))
            (tables::peers(report))
            (others::classes(report))
            (tables::rest(report))
        };
        Self { about, index, beside, body, left_out }
    }
}

fn index_of(entries: &[Entry]) -> Index<'_> {
    Index {
        entries,
        unit: "call",
        hint: "address, call-id, outcome …",
        groups: ["Failed", "Refused in part, or pending", "All acked"],
    }
}

/// `12 calls, 6 with failures`.
fn title(report: &Report) -> String {
    let calls = counted(report.totals.calls as usize, "call");
    match report.totals.failed_calls {
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

/// The outcome of a call in a word.
fn badge(call: &CallReport) -> Badge {
    let (words, _) = outcome(call.outcome, call.error.as_ref());
    match call.outcome {
        Outcome::Accepted => Badge { tone: Tone::Good, text: all_confirmed(call).to_owned() },
        worse => Badge { tone: tone(worse), text: words.to_lowercase() },
    }
}

fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Accepted => Tone::Good,
        Outcome::Pending | Outcome::PartlyRefused => Tone::Warning,
        Outcome::Unanswered | Outcome::AckRefused | Outcome::Refused => Tone::Bad,
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
            button #all.scripted type="button" { "Open all" }
        }
    }
}
