//! Rows of text: calls, their stanzas, answers without a stanza.

use textwrap::core::display_width;
use wabinary_calls::Outcome;
use wabinary_calls::report::{CallReport, Seen, StanzaReport, Stray};

use super::line::{Cells, Line, shortened};
use crate::report::words::{all_confirmed, call_peer, direction, duration, outcome};
use crate::tone::Tone;

/// `call 0123…CDEF to 1000…@lid`, and the outcome at the end of the line.
pub(super) fn call_title(call: &CallReport, width: usize) -> Line {
    let (outcome, tone) = match call.outcome {
        Outcome::Accepted => (all_confirmed(call).to_owned(), Tone::Good),
        worse => outcome(worse, call.error.as_ref()),
    };
    let longest = width.saturating_sub(display_width(&outcome) + 2);
    let mut line = Line::default();
    line.push(&call_name(call, longest), Tone::Heading);
    let gap = width.saturating_sub(line.width() + display_width(&outcome));
    line.push(&" ".repeat(gap), Tone::Plain).push(&outcome, tone);
    line
}

/// A call with its id and the other side.
pub(super) fn call_name(call: &CallReport, longest: usize) -> String {
    let peer = call_peer(call);
    let Some(call_id) = &call.call_id else { return shortened(&format!("no call-id,{peer}"), longest) };
    let left = longest.saturating_sub("call ".len() + display_width(&peer)).max(9);
    shortened(&format!("call {}{peer}", shortened(call_id, left)), longest)
}

pub(super) fn cells(stanza: &StanzaReport, answer: String) -> Cells {
    Cells {
        time: time(&stanza.seen),
        direction: direction(stanza.direction),
        action: stanza.action.as_deref().unwrap_or("-").to_owned(),
        id: stanza.id.as_deref().unwrap_or("-").to_owned(),
        answer,
        after: stanza.latency.map(duration).unwrap_or_default(),
    }
}

pub(super) fn time(seen: &Seen) -> String {
    seen.since_start.map(|micros| format!("{:.3}", micros as f64 / 1e6)).unwrap_or_default()
}

/// A row for an answer without a stanza.
pub(super) fn stray(stray: &Stray) -> (Cells, Tone) {
    let Stray { answer, direction: way, id, .. } = stray;
    let (words, tone) = match answer.outcome {
        Outcome::Accepted => ("answers nothing".to_owned(), Tone::Plain),
        refused => outcome(refused, answer.error.as_ref()),
    };
    let kind = answer.kind.name();
    let action = answer.typed.as_deref().map_or_else(|| kind.to_owned(), |typed| format!("{kind} {typed}"));
    let cells = Cells {
        time: time(&answer.seen),
        direction: direction(*way),
        action,
        id: id.to_string(),
        answer: words,
        after: String::new(),
    };
    (cells, tone)
}
