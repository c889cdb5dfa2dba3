//! The tables below the ladders.

use maud::{Markup, html};
use wabinary::stanza::Direction;
use wabinary_calls::report::{Latencies, Peer, Report};

use super::distribution::{Scale, strip};
use crate::counted::counted;
use crate::report::words::{self, direction, duration};
use crate::shown::Shown;
use crate::tone::Tone;

/// The most rows of a table.
pub(super) const ROWS: usize = 200;

/// Answers without a stanza and without a call.
pub(super) fn unmatched(report: &Report) -> Markup {
    let strays = report.unmatched.iter().filter(|stray| stray.answer.evidence.call_id.is_none());
    let of_calls = report.unmatched.iter().filter(|stray| stray.answer.evidence.call_id.is_some()).count();
    let shown: Vec<_> = strays.take(ROWS).collect();
    let more = (report.totals.unmatched as usize).saturating_sub(shown.len() + of_calls);
    html! {
        @if !shown.is_empty() {
            section #unmatched {
                h2 { "Acks and receipts that answer nothing here" }
                ul.strays {
                    @for stray in shown {
                        li {
                            span.soft { (direction(stray.direction)) " " }
                            b { (stray.answer.kind.name()) } " "
                            @if let Some(typed) = &stray.answer.typed { (Shown(typed)) " " }
                            code { (Shown(&stray.id)) }
                            @for note in words::stray_notes(stray) {
                                span.why.bad[note.tone == Tone::Bad] { (Shown(&note.text)) }
                            }
                        }
                    }
                    @if more > 0 { li.soft { (counted(more, "more")) } }
                }
            }
        }
    }
}

pub(super) fn latencies(report: &Report) -> Markup {
    let scale = Scale::of(&report.latencies);
    html! {
        @if !report.latencies.is_empty() {
            section #latencies {
                h2 { "Latencies" }
                p.soft {
                    "From sending a stanza to its first answer. "
                    @if report.totals.sent_again > 0 { "Stanzas that were sent again are left out. " }
                    @if report.totals.clocks > 1 { "Times are by " (report.totals.clocks) " clocks; only those by one are compared." }
                }
                (sideways())
                div.scroll role="region" aria-label="Latencies" {
                    table {
                        thead {
                            tr {
                                th.text scope="col" { "stanza" } th scope="col" { "count" } th scope="col" { "min" }
                                th scope="col" { "median" } th scope="col" { "p95" } th scope="col" { "max" }
                                th.plot scope="col" { (scale.axis()) }
                            }
                        }
                        tbody { @for latencies in &report.latencies { (row(latencies, &scale)) } }
                    }
                }
                p.key { span { b {} "median" } span { b.p95 {} "95 % within" } }
            }
        }
    }
}

fn row(latencies: &Latencies, scale: &Scale) -> Markup {
    let shown = |micros: Option<u64>| micros.map(duration).unwrap_or_default();
    let whose = match latencies.direction {
        Direction::Send => "to the server",
        Direction::Receive => "by this device",
    };
    html! {
        tr.all[latencies.action.is_none()] {
            th.text scope="row" {
                @match &latencies.action { Some(action) => (Shown(action)), None => { "all " (whose) } }
            }
            td { (latencies.count) } td { (shown(latencies.min)) } td { (shown(latencies.median)) }
            td { (shown(latencies.p95)) } td { (shown(latencies.max)) }
            td.plot { (strip(latencies, scale)) }
        }
    }
}

pub(super) fn peers(report: &Report) -> Markup {
    let more = report.peers.len().saturating_sub(ROWS);
    html! {
        @if !report.peers.is_empty() {
            section #peers {
                h2 { "Who answers how" }
                (sideways())
                div.scroll role="region" aria-label="Who answers how" {
                    table {
                        thead {
                            tr {
                                th.text scope="col" { "stanzas to" } th scope="col" { "stanzas" } th scope="col" { "ack" }
                                th scope="col" { "receipt" } th scope="col" { "both" } th scope="col" { "neither" }
                                th scope="col" { "acks with type" } th scope="col" { "acks without type" } th scope="col" { "refused" }
                                th.text scope="col" { "receipts for" }
                            }
                        }
                        tbody { @for peer in report.peers.iter().take(ROWS) { (peer_row(peer)) } }
                    }
                }
                @if more > 0 { p.soft { (counted(more, "more")) } }
            }
        }
    }
}

fn peer_row(peer: &Peer) -> Markup {
    let Peer { stanzas, ack, receipt, both, neither, typed_acks, untyped_acks, refused, receipts_for, .. } = peer;
    let actions: Vec<_> = receipts_for.iter().map(|action| &**action).collect();
    html! {
        tr {
            th.text scope="row" { @match &peer.address { Some(address) => (Shown(address)), None => "this device" } }
            @for count in [stanzas, ack, receipt, both, neither, typed_acks, untyped_acks, refused] {
                td.zero[*count == 0] { (count) }
            }
            td.text { (Shown(&actions.join(", "))) }
        }
    }
}

/// A hint above a table that it has more columns than the screen shows. The script shows it if needed.
pub(super) fn sideways() -> Markup {
    html! { p.sideways.soft.scripted { "Scroll this table sideways →" } }
}

/// The rest of the report.
pub(super) fn rest(report: &Report) -> Markup {
    let totals = &report.totals;
    html! {
        p.rest.soft {
            @if totals.unreadable > 0 {
                strong.bad { (Tone::Bad.sign()) " " (counted(totals.unreadable as usize, "record")) " could not be read. " }
            }
            (words::rest(totals).join("; ")) "."
        }
    }
}
