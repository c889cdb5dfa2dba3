//! What is said of stanzas, in words.

use jiff::{Timestamp, Unit};
use wabinary::stanza::{AckSeverity, CallEvidence, Direction, ErrorCode};
use wabinary_calls::report::{AnswerReport, CallReport, Clock, Stamp, StanzaReport, Stray, Totals};
use wabinary_calls::{AnswerKind, MatchedBy, Mismatch, Outcome};

use crate::counted::counted;
use crate::shown::printable;
use crate::tone::Tone;

/// How much is shown of the text of an error, in characters.
const LONGEST_TEXT: usize = 120;

/// When a capture starts, as a date with its zone: `2023-11-14 22:13:20.123 UTC`. `between`: date and time.
pub(super) fn date(start: Stamp, between: &str) -> String {
    let Ok(moment) = Timestamp::from_microsecond(start.micros) else { return "unknown".to_owned() };
    let moment = moment.round(Unit::Millisecond).unwrap_or(moment).to_string();
    let moment = moment.trim_end_matches('Z');
    match (start.clock, between) {
        (Clock::Local, "T") => moment.to_owned(),
        (Clock::Local, _) => format!("{}, zone unknown", moment.replacen('T', between, 1)),
        (_, "T") => format!("{moment}Z"),
        _ => format!("{} UTC", moment.replacen('T', between, 1)),
    }
}

/// A remark on a stanza.
pub(super) struct Note {
    pub(super) text: String,
    pub(super) tone: Tone,
}

fn note(text: impl Into<String>, tone: Tone) -> Note {
    Note { text: text.into(), tone }
}

/// ` to 1000…@lid`.
pub(super) fn call_peer(call: &CallReport) -> String {
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

/// The name of an outcome, in words.
pub(super) fn name(outcome: Outcome) -> String {
    outcome.name().replace('-', " ")
}

/// How a stanza was answered.
pub(super) fn answer(stanza: &StanzaReport) -> (String, Tone) {
    if stanza.outcome == Outcome::Refused && !stanza.is_failure() {
        return (format!("known already {}", stanza.error.unwrap_or(0)), Tone::Plain);
    }
    if stanza.outcome != Outcome::Accepted {
        return outcome(stanza.outcome, stanza.error);
    }
    let has = |kind| stanza.answers.iter().any(|answer| answer.kind == kind);
    let ack = stanza.deciding().filter(|answer| answer.kind == AnswerKind::Ack).map(|ack| match ack {
        AnswerReport { relay: true, .. } => "ack+relay",
        AnswerReport { typed: None, .. } => "ack, untyped",
        AnswerReport { relay: false, typed: Some(_), .. } => "ack",
    });
    let words = match (ack, has(AnswerKind::Receipt)) {
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
pub(super) fn notes(stanza: &StanzaReport) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(refusal) = stanza.deciding().filter(|answer| answer.outcome != Outcome::Accepted) {
        notes.extend(refusal_notes(refusal, stanza.call_id.as_deref()));
    }
    if !stanza.resent.is_empty() {
        let (sent, acks) = (1 + stanza.resent.len(), stanza.count(AnswerKind::Ack));
        notes.push(note(format!("sent {}, {}", times(sent), counted(acks, "ack")), Tone::Plain));
    } else if stanza.count(AnswerKind::Ack) > 1 {
        notes.push(note(format!("acked {}; the first ack counts", times(stanza.count(AnswerKind::Ack))), Tone::Plain));
    }
    if stanza.outcome == Outcome::Unanswered {
        match (stanza.id.is_some(), stanza.count(AnswerKind::Receipt)) {
            (false, _) => notes.push(note("it has no id, so nothing can answer it", Tone::Plain)),
            (true, 0) => {}
            (true, _) => notes.push(note("a receipt tells that a device has it; the ack never came", Tone::Plain)),
        }
    }
    let by = stanza.deciding().and_then(|answer| answer.evidence.matched_by);
    if let Some(answered) = by.and_then(answered) {
        notes.push(note(format!("answered {answered}"), Tone::Plain));
    }
    notes.extend(stanza.answers.iter().flat_map(finding_notes));
    notes
}

/// Why something was refused, for whom, and by what the call is known.
fn refusal_notes(refusal: &AnswerReport, call_of_stanza: Option<&str>) -> Vec<Note> {
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
    ErrorCode::from(code).known().map_or_else(|| format!(" {code}"), |known| format!(" {code} {}", known.name))
}

/// `403 not-enabled: calls are not enabled for the caller (probable)`.
pub(super) fn meaning(code: u16) -> String {
    match ErrorCode::from(code).known() {
        Some(known) => format!("{code} {}: {} ({})", known.name, known.meaning, known.confidence.name()),
        None => format!("{code}: not a known code"),
    }
}

/// What names the call.
pub(super) fn found(evidence: CallEvidence) -> String {
    match evidence {
        CallEvidence::Call => "told by the stanza with the same id".to_owned(),
        CallEvidence::Ack => "named by the ack".to_owned(),
        CallEvidence::Error
        | CallEvidence::Relay
        | CallEvidence::GroupInfo
        | CallEvidence::WaitingRoom
        | CallEvidence::Receipt => format!("named in the ack's <{}>", evidence.name()),
    }
}

/// Who answered, unless it was the address that was asked.
fn answered(by: MatchedBy) -> Option<&'static str> {
    match by {
        MatchedBy::Address => None,
        MatchedBy::User => Some("by another device of the user"),
        MatchedBy::CallId => Some("from another address; the call is the same"),
        MatchedBy::BareServer => Some("by the bare server"),
        MatchedBy::IdAlone => Some("by what has only the id in common: there is no address to go by"),
    }
}

/// What an answer has in common with its stanza beside the id.
pub(super) fn matched_by(by: MatchedBy) -> &'static str {
    match by {
        MatchedBy::Address => "address",
        MatchedBy::User => "user, though the device is another",
        MatchedBy::CallId => "call, though the address is another",
        MatchedBy::BareServer => "the bare server as address",
        MatchedBy::IdAlone => "nothing else: there is no address to go by",
    }
}

fn finding_notes(answer: &AnswerReport) -> impl Iterator<Item = Note> {
    answer.findings.iter().map(|finding| {
        let tone = if finding.severity() == AckSeverity::Info { Tone::Dim } else { Tone::Warning };
        note(format!("{} {finding}", finding.severity().name()), tone)
    })
}

pub(super) fn stray_notes(stray: &Stray) -> Vec<Note> {
    let why = match stray.mismatch {
        Mismatch::Id => "no stanza here has its id",
        Mismatch::Class => "the stanza with its id is of another class",
        Mismatch::Direction => "the stanza with its id goes the same way",
        Mismatch::Address => "the stanza with its id has another address",
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
    let parts = Outcome::ALL.iter().filter_map(|&outcome| {
        let count = totals.of(outcome);
        let relay = match (outcome, totals.accepted_with_relay) {
            (Outcome::Accepted, relay @ 1..) => format!(" ({relay} with relay)"),
            _ => String::new(),
        };
        (count > 0).then(|| format!("{count} {}{relay}", name(outcome)))
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

fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}
