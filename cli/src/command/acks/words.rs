//! What is said of stanzas, in words.

use super::report::{Answer, Call, Kind, Outcome, Reason, Stanza, Stray, Totals};
use crate::record::Direction;
use crate::status::printable;

/// How much something is to be looked at. Colour repeats what the words say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Heading,
    Good,
    Dim,
    Warning,
    Bad,
}

/// How much is shown of the text of an error, in characters.
const LONGEST_TEXT: usize = 120;

/// A remark on a stanza.
pub(super) struct Note {
    pub(super) text: String,
    pub(super) tone: Tone,
}

fn note(text: impl Into<String>, tone: Tone) -> Note {
    Note { text: text.into(), tone }
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

pub(super) fn direction(direction: Option<Direction>) -> &'static str {
    match direction {
        Some(Direction::Send) => "send",
        Some(Direction::Receive) => "recv",
        None => "?",
    }
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
        let text = entry.text.as_deref().map(|text| format!("\"{}\"", printable(text, LONGEST_TEXT)));
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

/// ` 403 not-enabled`.
pub(super) fn meaning_name(code: u16) -> String {
    Reason::of(code).map_or_else(|| format!(" {code}"), |reason| format!(" {code} {}", reason.name))
}

/// `403 not-enabled: calls are not enabled for the caller (probable)`.
pub(super) fn meaning(code: u16) -> String {
    match Reason::of(code) {
        Some(Reason { name, meaning, confidence, .. }) => format!("{code} {name}: {meaning} ({confidence})"),
        None => format!("{code}: not a known code"),
    }
}

pub(super) fn found(place: &str) -> String {
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

/// Beside the id.
pub(super) fn matched_by(by: &str) -> &'static str {
    match by {
        "address" => "address",
        "user" => "user, though the device is another",
        "call-id" => "call, though the address is another",
        "bare-server" => "the bare server as address",
        _ => "nothing else: there is no address to go by",
    }
}

fn finding_notes(answer: &Answer) -> impl Iterator<Item = Note> {
    answer.findings.iter().map(|finding| {
        let tone = if finding.severity == "info" { Tone::Dim } else { Tone::Warning };
        note(format!("{} {}: {}", finding.severity, finding.rule, finding.message), tone)
    })
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

/// How many stanzas had which outcome.
pub(super) fn outcomes(totals: &Totals) -> String {
    let (stanzas, calls) = (counted(totals.stanzas as usize, "stanza"), counted(totals.calls as usize, "call"));
    let parts = Outcome::ALL.into_iter().filter_map(|outcome| {
        let count = totals.of(outcome);
        let relay = match (outcome, totals.accepted_with_relay) {
            (Outcome::Accepted, relay @ 1..) => format!(" ({relay} with relay)"),
            _ => String::new(),
        };
        (count > 0).then(|| format!("{count} {}{relay}", outcome.name().replace('_', " ")))
    });
    let parts: Vec<_> = parts.collect();
    let outcomes = if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) };
    format!("{stanzas} of {calls}{outcomes}")
}

/// What else there is.
pub(super) fn rest(totals: &Totals) -> Vec<String> {
    let mut rest = vec![counted(totals.acks as usize, "ack"), counted(totals.receipts as usize, "receipt")];
    for (count, one, more) in [
        (totals.unmatched, "of them answers nothing here", "of them answer nothing here"),
        (totals.answered_after_resend, "answered after a resend", "answered after a resend"),
        (totals.duplicates, "duplicate ack", "duplicate acks"),
        (totals.receipt_acks, "ack of a receipt, which is no call ack", "acks of receipts, which are no call acks"),
        (totals.warnings, "warning", "warnings"),
        (totals.unreadable, "record could not be read", "records could not be read"),
    ] {
        if count > 0 {
            rest.push(format!("{count} {}", if count == 1 { one } else { more }));
        }
    }
    rest
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
