//! A call as a ladder: the device that captures, the server and the peer as columns, stanzas as arrows in time.

use maud::{Markup, html};
use wabinary::stanza::Direction;
use wabinary_calls::report::{AnswerReport, CallReport, Report, Seen, StanzaReport};
use wabinary_calls::{AnswerKind, Outcome};

use super::row::{Facts, Row, Way};
use super::ties::ties;
use crate::report::words::{self, duration};
use crate::shown::Shown;

/// From this many microseconds on, the time between two arrows is shown.
const LONG: u64 = 1_000_000;

pub(super) fn ladder(number: u64, call: &CallReport, report: &Report) -> Markup {
    let rows = rows(call, report);
    let pieces = ties(&rows.iter().map(|row| row.stanza).collect::<Vec<_>>());
    let before = std::iter::once(None).chain(rows.iter().map(|row| row.seen.since_start));
    let pauses: Vec<_> = before.zip(&rows).map(|(before, row)| pause(before, row.seen.since_start)).collect();
    html! {
        div.ladder {
            div.heads aria-hidden="true" {
                span { "this device" } span { "server" }
                span { @match &call.peer { Some(peer) => (Shown(peer)), None => "peer" } }
            }
            ol {
                @for ((row, pieces), pause) in rows.iter().zip(&pieces).zip(pauses) {
                    @if let Some(pause) = pause {
                        li.pause {
                            span.ties aria-hidden="true" { @for piece in pieces { i.(piece.above().class()) {} } }
                            span.stage { span { (duration(pause)) " later" } }
                        }
                    }
                    (row.render(number, pieces))
                }
            }
        }
    }
}

fn pause(before: Option<u64>, now: Option<u64>) -> Option<u64> {
    now?.checked_sub(before?).filter(|pause| *pause >= LONG)
}

/// The rows in the order of the capture.
fn rows<'a>(call: &'a CallReport, report: &'a Report) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (number, stanza) in call.stanzas.iter().enumerate() {
        rows.extend(of_stanza(number, stanza, call));
    }
    for stray in report.unmatched.iter().filter(|stray| call.unmatched.contains(&stray.answer.seen.frame)) {
        let row = of_answer(&stray.answer, stray.direction, &stray.id);
        rows.push(Row {
            label: format!("{}, answers nothing here", row.label),
            notes: words::stray_notes(stray),
            ..row
        });
    }
    rows.sort_by_key(|row| row.seen.frame);
    rows
}

fn of_stanza<'a>(number: usize, stanza: &'a StanzaReport, call: &CallReport) -> Vec<Row<'a>> {
    let action = stanza.action.as_deref().unwrap_or("-");
    let is_lost = matches!(stanza.outcome, Outcome::Unanswered | Outcome::Pending);
    let sent = Row {
        stanza: Some(number),
        way: Way::of(stanza.direction),
        is_passed_on: true,
        is_lost,
        tone: stanza.outcome,
        seen: &stanza.seen,
        answer: None,
        name: action,
        id: stanza.id.as_deref(),
        label: if is_lost { words::name(stanza.outcome) } else { String::new() },
        notes: Vec::new(),
        facts: stanza_facts(stanza),
    };
    let mut rows = vec![sent];
    for seen in &stanza.resent {
        rows.push(of_resending(number, stanza, action, seen));
    }
    for answer in &stanza.answers {
        let row = of_answer(answer, stanza.direction.map(Direction::reversed), stanza.id.as_deref().unwrap_or("-"));
        rows.push(Row { stanza: Some(number), ..row });
    }
    // Notes are at the answer that decided.
    let decided = stanza.deciding().map_or(stanza.seen.frame, |answer| answer.seen.frame);
    if let Some(row) = rows.iter_mut().find(|row| row.seen.frame == decided) {
        row.notes = words::notes(stanza, call);
    }
    rows
}

fn of_resending<'a>(number: usize, stanza: &'a StanzaReport, action: &'a str, seen: &'a Seen) -> Row<'a> {
    Row {
        stanza: Some(number),
        way: Way::of(stanza.direction),
        is_passed_on: true,
        is_lost: matches!(stanza.outcome, Outcome::Unanswered | Outcome::Pending),
        tone: stanza.outcome,
        seen,
        answer: None,
        name: action,
        id: stanza.id.as_deref(),
        label: "sent again".to_owned(),
        notes: Vec::new(),
        facts: stanza_facts(stanza),
    }
}

fn of_answer<'a>(answer: &'a AnswerReport, direction: Option<Direction>, id: &'a str) -> Row<'a> {
    let mut label = Vec::new();
    if let (AnswerKind::Receipt, Some(from)) = (answer.kind, &answer.from) {
        label.push(format!("of {from}"));
    }
    if answer.outcome != Outcome::Accepted {
        let code = answer.error.as_ref().map(words::meaning_name).unwrap_or_default();
        label.push(format!("{}{code}", words::name(answer.outcome)));
    }
    if answer.relay {
        label.push("with relay".to_owned());
    }
    if answer.kind == AnswerKind::Ack && answer.typed.is_none() {
        label.push("without type".to_owned());
    }
    label.extend(answer.latency.map(|latency| format!("after {}", duration(latency))));
    Row {
        stanza: None,
        way: Way::of(direction),
        // An ack ends at the server or comes from it; the capture does not show who caused it.
        is_passed_on: answer.kind == AnswerKind::Receipt,
        is_lost: false,
        tone: answer.outcome,
        seen: &answer.seen,
        answer: Some(answer.kind),
        name: answer.kind.name(),
        id: Some(id),
        label: label.join(", "),
        notes: Vec::new(),
        facts: answer_facts(answer),
    }
}

fn stanza_facts(stanza: &StanzaReport) -> Facts {
    let text = |value: &Option<Box<str>>| value.as_deref().map(str::to_owned);
    let facts = [
        ("outcome", Some(words::name(stanza.outcome))),
        ("id", text(&stanza.id)),
        ("from", text(&stanza.from)),
        ("to", text(&stanza.to)),
        ("participant", text(&stanza.participant)),
        ("call-id", text(&stanza.call_id)),
        ("reason", text(&stanza.action_reason)),
        ("answered after", stanza.latency.map(duration)),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn answer_facts(answer: &AnswerReport) -> Facts {
    let text = |value: &Option<Box<str>>| value.as_deref().map(str::to_owned);
    let evidence = &answer.evidence;
    let mut facts = vec![
        ("outcome", Some(words::name(answer.outcome))),
        ("code", answer.error.as_ref().map(words::meaning)),
        ("from", text(&answer.from)),
        ("to", text(&answer.to)),
        ("type", text(&answer.typed)),
        ("belongs to it by", evidence.matched_by.map(|by| format!("id and {}", words::matched_by(by)))),
        ("call-id", text(&evidence.call_id)),
        ("the call is", evidence.call_found_in.map(words::found)),
        ("latency", answer.latency.map(duration)),
    ];
    for finding in &answer.findings {
        facts.push((finding.severity().name(), Some(finding.to_string())));
    }
    facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
