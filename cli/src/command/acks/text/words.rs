//! What is said of stanzas, in words.

use textwrap::core::display_width;

use super::line::{Cells, Line, Tone, shortened};
use crate::command::acks::report::{Answer, Call, Event, Kind, Outcome, Reason, Stanza, Stray};
use crate::record::Direction;

/// A remark below a row.
pub(super) struct Note {
    pub(super) text: String,
    pub(super) tone: Tone,
}

fn note(text: impl Into<String>, tone: Tone) -> Note {
    Note { text: text.into(), tone }
}

/// `call 0123…CDEF to 1000…@lid` and at the end of the line how it went.
pub(super) fn call_title(call: &Call, width: usize) -> Line {
    let (outcome, tone) = match call.outcome {
        // Whether the call was answered is another matter.
        Outcome::Accepted => ("all acked".to_owned(), Tone::Good),
        worse => outcome(worse, call.error),
    };
    let longest = width.saturating_sub(display_width(&outcome) + 2);
    let mut line = Line::default();
    line.push(&call_name(call, longest), Tone::Heading);
    let gap = width.saturating_sub(line.width() + display_width(&outcome));
    line.push(&" ".repeat(gap), Tone::Plain).push(&outcome, tone);
    line
}

/// A call with its id and the other side.
fn call_name(call: &Call, longest: usize) -> String {
    let peer = call_peer(call);
    let Some(call_id) = &call.call_id else { return shortened(&format!("no call-id,{peer}"), longest) };
    let left = longest.saturating_sub("call ".len() + display_width(&peer)).max(9);
    shortened(&format!("call {}{peer}", shortened(call_id, left)), longest)
}

/// ` to 1000…@lid`.
pub(super) fn call_peer(call: &Call) -> String {
    let way = match call.direction {
        Some(Direction::Receive) => "from",
        Some(Direction::Send) => "to",
        None => "with",
    };
    let itself = call.call_id.as_deref().map(|call_id| format!("{call_id}@call"));
    match call.peer.as_deref() {
        Some(peer) if Some(peer) == itself.as_deref() => format!(" {way} all in it"),
        Some(peer) => format!(" {way} {peer}"),
        None => String::new(),
    }
}

/// An outcome in capitals where somebody has to look.
pub(super) fn outcome(outcome: Outcome, error: Option<u16>) -> (String, Tone) {
    let code = error.map(|code| format!(" {code}")).unwrap_or_default();
    match outcome {
        Outcome::Accepted => ("accepted".to_owned(), Tone::Good),
        Outcome::Pending => ("pending".to_owned(), Tone::Plain),
        Outcome::PartlyRefused => (format!("PARTLY REFUSED{code}"), Tone::Warning),
        Outcome::Unanswered => ("UNANSWERED".to_owned(), Tone::Warning),
        Outcome::Refused => (format!("REFUSED{code}"), Tone::Bad),
    }
}

/// How a stanza was answered.
pub(super) fn answer(stanza: &Stanza) -> (String, Tone) {
    if stanza.outcome == Outcome::Refused && !stanza.is_failure() {
        return (format!("known already {}", stanza.error.unwrap_or(0)), Tone::Plain);
    }
    if stanza.outcome != Outcome::Accepted {
        return outcome(stanza.outcome, stanza.error);
    }
    let has = |kind| stanza.answers.iter().any(|answer| answer.kind == kind);
    let ack = stanza.deciding().filter(|answer| answer.kind == Kind::Ack).map(|ack| match ack {
        Answer { relay: true, .. } => "ack+relay",
        Answer { typed: None, .. } => "ack, untyped",
        _ => "ack",
    });
    let words = match (ack, has(Kind::Receipt)) {
        (Some(ack), false) => ack.to_owned(),
        (Some(ack), true) => format!("{ack}, receipt"),
        (None, _) => "receipt".to_owned(),
    };
    (words, Tone::Good)
}

pub(super) fn cells(stanza: &Stanza, answer: String) -> Cells {
    Cells {
        time: time(&stanza.event),
        direction: direction(stanza.direction),
        action: stanza.action.as_deref().unwrap_or("-").to_owned(),
        id: stanza.id.as_deref().unwrap_or("-").to_owned(),
        answer,
        after: stanza.latency.map(duration).unwrap_or_default(),
    }
}

pub(super) fn direction(direction: Option<Direction>) -> &'static str {
    match direction {
        Some(Direction::Send) => "send",
        Some(Direction::Receive) => "recv",
        None => "?",
    }
}

fn time(event: &Event) -> String {
    event.since_start.map(|micros| format!("{:.3}", micros as f64 / 1e6)).unwrap_or_default()
}

/// `0.09 ms`, `91 ms`, `1.240 s`.
pub(super) fn duration(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{:.2} ms", micros as f64 / 1e3),
        1_000..1_000_000 => format!("{:.0} ms", micros as f64 / 1e3),
        _ => format!("{:.3} s", micros as f64 / 1e6),
    }
}

/// What a row has no room for.
pub(super) fn notes(stanza: &Stanza) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(refusal) = stanza.deciding().filter(|answer| answer.outcome != Outcome::Accepted) {
        notes.extend(refusal_notes(refusal, stanza.call_id.as_deref()));
    }
    if !stanza.resent.is_empty() {
        let (sent, acks) = (1 + stanza.resent.len(), stanza.count(Kind::Ack));
        notes.push(note(format!("sent {}, {}", times(sent), counted(acks, "ack")), Tone::Plain));
    } else if stanza.count(Kind::Ack) > 1 {
        notes.push(note(format!("acked {}; the first ack counts", times(stanza.count(Kind::Ack))), Tone::Plain));
    }
    if stanza.outcome == Outcome::Unanswered {
        match (stanza.id.is_some(), stanza.count(Kind::Receipt)) {
            (false, _) => notes.push(note("it has no id, so nothing can answer it", Tone::Plain)),
            (true, 0) => {}
            (true, _) => notes.push(note("a receipt tells that a device has it; the ack never came", Tone::Plain)),
        }
    }
    if let Some(by) = stanza.deciding().and_then(|answer| answer.evidence.matched_by)
        && by != "address"
    {
        notes.push(note(format!("answered {}", matched(by)), Tone::Plain));
    }
    notes.extend(stanza.answers.iter().flat_map(finding_notes));
    notes
}

/// Why something was refused, for whom, and by what the call is known.
fn refusal_notes(refusal: &Answer, call_of_stanza: Option<&str>) -> Vec<Note> {
    let tone = if refusal.outcome == Outcome::Refused { Tone::Bad } else { Tone::Warning };
    let mut notes = Vec::new();
    if let Some(code) = refusal.error {
        notes.push(note(meaning(code), tone));
    }
    for entry in &refusal.errors {
        let code = entry.code.filter(|code| Some(*code) != refusal.error || refusal.outcome == Outcome::PartlyRefused);
        let whom = entry.jid.as_deref().map(|jid| format!("for {jid}"));
        let text = entry.text.as_deref().map(|text| format!("\"{}\"", shortened(text, 60)));
        let parts: Vec<_> = [code.map(meaning), whom, text].into_iter().flatten().collect();
        if !parts.is_empty() {
            notes.push(note(parts.join(", "), tone));
        }
    }
    if let Some(found_in) = refusal.evidence.call_found_in {
        let other = refusal.evidence.call_id.as_deref().filter(|call_id| call_of_stanza != Some(*call_id));
        let other = other.map(|call_id| format!(": {call_id}")).unwrap_or_default();
        notes.push(note(format!("the call is {}{other}", found(found_in)), Tone::Plain));
    }
    notes
}

/// `403 not-enabled: calls are not enabled for the caller (probable)`.
pub(super) fn meaning(code: u16) -> String {
    match Reason::of(code) {
        Some(Reason { name, meaning, confidence, .. }) => format!("{code} {name}: {meaning} ({confidence})"),
        None => format!("{code}: not a known code"),
    }
}

fn found(place: &str) -> String {
    match place {
        "call" => "told by the stanza with the same id".to_owned(),
        "ack" => "named by the ack".to_owned(),
        place => format!("named in the ack's <{place}>"),
    }
}

fn matched(by: &str) -> &'static str {
    match by {
        "user" => "by another device of the user",
        "call-id" => "from another address; the call is the same",
        "bare-server" => "by the bare server",
        _ => "by what has only the id in common: there is no address to go by",
    }
}

fn finding_notes(answer: &Answer) -> impl Iterator<Item = Note> {
    answer.findings.iter().map(|finding| {
        let tone = if finding.severity == "info" { Tone::Dim } else { Tone::Warning };
        note(format!("{} {}: {}", finding.severity, finding.rule, finding.message), tone)
    })
}

/// A row for what answers nothing.
pub(super) fn stray(stray: &Stray) -> (Cells, Tone) {
    let Stray { answer, direction: way, id, .. } = stray;
    let (words, tone) = match answer.outcome {
        Outcome::Accepted => ("answers nothing".to_owned(), Tone::Plain),
        refused => outcome(refused, answer.error),
    };
    let kind = answer.kind.name();
    let action = answer.typed.as_deref().map_or_else(|| kind.to_owned(), |typed| format!("{kind} {typed}"));
    let cells = Cells {
        time: time(&answer.event),
        direction: direction(*way),
        action,
        id: id.to_string(),
        answer: words,
        after: String::new(),
    };
    (cells, tone)
}

pub(super) fn stray_notes(stray: &Stray) -> Vec<Note> {
    let why = match stray.mismatch {
        "id" => "no stanza here has its id",
        "direction" => "the stanza with its id goes the same way",
        _ => "the stanza with its id has another address",
    };
    let sender = match (&stray.answer.from, &stray.answer.to) {
        (Some(from), _) => format!(", from {from}"),
        (None, Some(to)) => format!(", to {to}"),
        (None, None) => String::new(),
    };
    let mut notes = vec![note(format!("{why}{sender}"), Tone::Plain)];
    if stray.answer.outcome != Outcome::Accepted {
        notes.extend(refusal_notes(&stray.answer, stray.answer.evidence.call_id.as_deref()));
    }
    notes.extend(finding_notes(&stray.answer));
    notes
}

pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}
