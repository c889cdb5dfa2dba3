//! Texts about stanzas.

use wabinary::stanza::{AckSeverity, CallEvidence, Direction};
use wabinary_calls::report::{AnswerReport, CallReport, Nearly, Report, ServerThen, StanzaReport, Stray, Totals};
use wabinary_calls::{AnswerKind, Code, MatchedBy, Mismatch, Outcome};

use crate::counted::counted;
use crate::shown::printable;
use crate::tone::Tone;

/// The most characters of an error's text that are shown.
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
pub(super) fn call_peer(call: &CallReport) -> String {
    let way = match call.direction {
        Some(Direction::Receive) => "from",
        Some(Direction::Send) => "to",
        None => "with",
    };
    let itself = call.call_id.as_deref().map(|call_id| format!("{call_id}@call"));
    match call.peer.as_deref() {
        Some(peer) if Some(peer) == itself.as_deref() => format!(" {way} everyone in it"),
        Some(peer) => format!(" {way} {peer}"),
        None => String::new(),
    }
}

/// The outcome of a call whose stanzas were all accepted. This does not show whether anyone took the call.
pub(super) fn all_confirmed(call: &CallReport) -> &'static str {
    let is_acked = |stanza: &StanzaReport| stanza.answers.iter().any(|answer| answer.kind == AnswerKind::Ack);
    if call.stanzas.iter().all(is_acked) { "all acked" } else { "all answered" }
}

/// An outcome, in capitals if a person must look.
pub(super) fn outcome(outcome: Outcome, error: Option<&Code>) -> (String, Tone) {
    let code = error.map(|code| format!(" {}", shown_code(code))).unwrap_or_default();
    match outcome {
        Outcome::Accepted => ("accepted".to_owned(), Tone::Good),
        Outcome::Pending => ("pending".to_owned(), Tone::Plain),
        Outcome::PartlyRefused => (format!("PARTLY REFUSED{code}"), Tone::Warning),
        Outcome::Unanswered => ("UNANSWERED".to_owned(), Tone::Warning),
        Outcome::AckRefused => ("ACK REFUSED".to_owned(), Tone::Bad),
        Outcome::Refused => (format!("REFUSED{code}"), Tone::Bad),
    }
}

/// The name of an outcome, as words.
pub(super) fn name(outcome: Outcome) -> String {
    outcome.name().replace('-', " ")
}

/// The answer to a stanza.
pub(super) fn answer(stanza: &StanzaReport) -> (String, Tone) {
    if stanza.outcome == Outcome::Refused && !stanza.is_failure() {
        let code = stanza.error.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
        return (format!("known already{code}"), Tone::Plain);
    }
    if stanza.outcome != Outcome::Accepted {
        return outcome(stanza.outcome, stanza.error.as_ref());
    }
    let has = |kind| stanza.answers.iter().any(|answer| answer.kind == kind);
    let ack = stanza.deciding().filter(|answer| answer.kind == AnswerKind::Ack).map(|ack| match ack {
        AnswerReport { relay: true, .. } => "ack+relay",
        AnswerReport { typed: None, .. } => "ack without type",
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

/// Notes that do not fit in a row.
pub(super) fn notes(stanza: &StanzaReport, call: &CallReport) -> Vec<Note> {
    let mut notes = Vec::new();
    notes.extend(end_of_call(stanza, call));
    if let Some(refusal) = stanza.deciding().filter(|answer| answer.outcome != Outcome::Accepted) {
        notes.extend(refusal_notes(refusal, stanza.call_id.as_deref()));
    }
    if !stanza.resent.is_empty() {
        let (sent, acks) = (stanza.sends(), stanza.count(AnswerKind::Ack));
        notes.push(note(format!("sent {}, {}", times(sent), counted(acks, "ack")), Tone::Plain));
    } else if stanza.count(AnswerKind::Ack) > 1 {
        notes.push(note(format!("acked {}; the first ack counts", times(stanza.count(AnswerKind::Ack))), Tone::Plain));
    }
    if stanza.outcome == Outcome::Unanswered {
        match (stanza.id.is_some(), stanza.count(AnswerKind::Receipt)) {
            (false, _) => notes.push(note("it has no id, so nothing can answer it", Tone::Plain)),
            (true, 0) if stanza.direction == Some(Direction::Receive) => {
                let then = ServerThen::of(stanza.ended_stream, stanza.sends());
                notes.push(note(format!("this device never acked it; {}", server_then(then)), Tone::Plain));
            }
            (true, 0) => {}
            (true, _) => notes.push(note("a receipt says that a device has it; the ack never came", Tone::Plain)),
        }
    }
    let deciding = stanza.deciding();
    let by = deciding.and_then(|answer| answer.evidence.matched_by);
    let address =
        deciding.and_then(|answer| answer.from.as_deref().filter(|_| stanza.direction != Some(Direction::Receive)));
    if let Some(answered) = by.and_then(|by| answered(by, address)) {
        notes.push(note(format!("answered {answered}"), Tone::Plain));
    }
    notes.extend(stanza.answers.iter().flat_map(finding_notes));
    notes
}

/// The side that rejects or ends a call, and the reason.
fn end_of_call(stanza: &StanzaReport, call: &CallReport) -> Option<Note> {
    let verb = match stanza.action.as_deref()? {
        "reject" => "rejected",
        "terminate" => "ended",
        _ => return stanza.action_reason.as_deref().map(|reason| note(reason_of(reason), Tone::Plain)),
    };
    let reason = stanza.action_reason.as_deref().map(|reason| format!(", {}", reason_of(reason)));
    let sender = match stanza.direction {
        Some(Direction::Receive) => stanza.participant.as_deref().or(stanza.from.as_deref()),
        Some(Direction::Send) | None => stanza.from.as_deref(),
    };
    if reason.is_none() && (sender.is_none() || sender == call.peer.as_deref()) {
        return None;
    }
    let hosted = if sender.is_some_and(is_hosted) { " (a hosted device)" } else { "" };
    let by = sender.unwrap_or(if stanza.direction == Some(Direction::Send) { "this device" } else { "somebody" });
    Some(note(format!("{verb} by {by}{hosted}{}", reason.unwrap_or_default()), Tone::Plain))
}

fn reason_of(reason: &str) -> String {
    format!("reason \"{}\"", printable(reason, LONGEST_TEXT))
}

/// The server's reaction to a stanza that this device never answered.
pub(super) fn server_then(then: ServerThen) -> &'static str {
    match then {
        ServerThen::Nothing => "the capture shows nothing that the server did then",
        ServerThen::SentAgain => "the server sent it again",
        ServerThen::EndedStream => "the server ended the stream over it",
    }
}

/// Why an answer refuses, for whom, and how the call is known.
fn refusal_notes(refusal: &AnswerReport, call_of_stanza: Option<&str>) -> Vec<Note> {
    let tone = if refusal.outcome == Outcome::Refused { Tone::Bad } else { Tone::Warning };
    let mut notes = Vec::new();
    // A partial refusal is described entry by entry.
    let is_of_entry = |code: &Code| refusal.errors.iter().any(|entry| entry.code.as_ref() == Some(code));
    let is_whole = |code: &&Code| refusal.outcome == Outcome::Refused || !is_of_entry(code);
    if let Some(code) = refusal.error.as_ref().filter(is_whole) {
        notes.push(note(meaning(code), tone));
    }
    for entry in &refusal.errors {
        let is_new = |code: &&Code| Some(*code) != refusal.error.as_ref() || refusal.outcome == Outcome::PartlyRefused;
        let code = entry.code.as_ref().filter(is_new);
        let device = if entry.is_of_device { "the device " } else { "" };
        let whom = entry.jid.as_deref().map(|jid| format!("for {device}{jid}"));
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
pub(super) fn meaning_name(code: &Code) -> String {
    match code.known() {
        Some(known) => format!(" {code} {}", known.name),
        None => format!(" {}", shown_code(code)),
    }
}

/// A number, or a text without control characters.
pub(super) fn shown_code(code: &Code) -> String {
    match code {
        Code::Text(text) if text.contains(|at: char| !at.is_ascii_graphic() || at == '"') => {
            format!("\"{}\"", printable(text, LONGEST_TEXT))
        }
        Code::Number(_) | Code::Text(_) => code.to_string(),
    }
}

/// `403 not-enabled: calls are not enabled for the caller (probable)`. Says so if only acks of clients have the code.
pub(super) fn meaning(code: &Code) -> String {
    match (code.known(), code) {
        (Some(known), _) => {
            let sender = if known.direction == Direction::Send { "as clients send it, " } else { "" };
            format!("{code} {}: {sender}{} ({})", known.name, known.meaning, known.confidence.name())
        }
        (None, _) => format!("{}: not a known code", shown_code(code)),
    }
}

/// The element or attribute that names the call.
pub(super) fn found(evidence: CallEvidence) -> String {
    match evidence {
        CallEvidence::Call => "known from the stanza with the same id".to_owned(),
        CallEvidence::Ack => "named by the ack".to_owned(),
        CallEvidence::Error
        | CallEvidence::Relay
        | CallEvidence::GroupInfo
        | CallEvidence::WaitingRoom
        | CallEvidence::Receipt => format!("named in the ack's <{}>", evidence.name()),
    }
}

/// Who answered, unless it was the addressee.
fn answered(by: MatchedBy, address: Option<&str>) -> Option<String> {
    let named = |what: &str| address.map_or_else(|| what.to_owned(), |address| format!("{what}: {address}"));
    Some(match by {
        MatchedBy::Address => return None,
        MatchedBy::User => named("by another device of the user"),
        MatchedBy::Account if address.is_some_and(is_hosted) => named("by a hosted device of the user"),
        MatchedBy::Account => named("by another address of the user's account"),
        MatchedBy::Mapped => named("by the other address of the user, as the capture maps phone number and LID"),
        MatchedBy::CallId => "from another address; the call is the same".to_owned(),
        MatchedBy::BareServer => "by the bare server".to_owned(),
        MatchedBy::IdAlone => "by what has only the id in common: there is no address to go by".to_owned(),
    })
}

fn is_hosted(address: &str) -> bool {
    address.ends_with("@hosted") || address.ends_with("@hosted.lid")
}

/// What an answer and its stanza have in common besides the id.
pub(super) fn matched_by(by: MatchedBy) -> &'static str {
    match by {
        MatchedBy::Address => "address",
        MatchedBy::User => "user, though the device is another",
        MatchedBy::Account => "account, though the address is another",
        MatchedBy::Mapped => "user, as the capture maps phone number and LID",
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
        Mismatch::Action => "none of the stanzas with its id is what it names",
    };
    let sender = match (&stray.answer.from, &stray.answer.to) {
        (Some(from), _) => format!(", from {from}"),
        (None, Some(to)) => format!(", to {to}"),
        (None, None) => String::new(),
    };
    let mut notes = vec![note(format!("{why}{sender}"), Tone::Plain)];
    notes.extend(stray.nearly.as_ref().map(|nearly| note(nearly_answers(nearly, &stray.id), Tone::Plain)));
    if stray.answer.outcome != Outcome::Accepted {
        notes.extend(refusal_notes(&stray.answer, stray.answer.evidence.call_id.as_deref()));
    }
    notes.extend(finding_notes(&stray.answer));
    notes
}

/// The stanza that an answer nearly answers.
pub(super) fn nearly_answers(nearly: &Nearly, id: &str) -> String {
    let action = nearly.action.as_deref().unwrap_or("stanza");
    let peer = nearly.peer.as_deref().map(|peer| format!(" of {peer}")).unwrap_or_default();
    format!("it nearly answers the {action} {id}{peer}, in frame {}", nearly.frame)
}

/// The text for a report with nothing to show.
pub(super) fn nothing(report: &Report) -> Option<String> {
    let totals = &report.totals;
    if totals.stanzas > 0 || totals.unmatched > 0 {
        return None;
    }
    let stanzas = counted(totals.all_stanzas as usize, "call stanza");
    Some(match totals.all_stanzas {
        0 if report.selection.is_all() => format!("no call stanzas in {}", counted(totals.records as usize, "record")),
        0 => format!("no call stanzas in {}, so none matches", counted(totals.records as usize, "record")),
        _ if report.selection.is_all_errors() && totals.refused_others > 0 => format!("none of {stanzas} is refused"),
        _ if report.selection.is_all_errors() => format!("nothing is refused: {stanzas}, none refused or unanswered"),
        _ => format!("none of {stanzas} matches"),
    })
}

/// The number of stanzas with each outcome.
pub(super) fn outcomes(totals: &Totals) -> String {
    let stanzas = counted(totals.stanzas as usize, "stanza");
    let of_calls = match totals.calls {
        0 => String::new(),
        calls => format!(" of {}", counted(calls as usize, "call")),
    };
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
    let of_all = match totals.all_stanzas > totals.stanzas {
        true => format!(" (of {} in the capture)", totals.all_stanzas),
        false => String::new(),
    };
    format!("{stanzas}{of_all}{of_calls}{outcomes}")
}

/// Further counts.
pub(super) fn rest(totals: &Totals) -> Vec<String> {
    let mut rest = vec![counted(totals.acks as usize, "ack"), counted(totals.receipts as usize, "receipt")];
    for (count, one, more) in [
        (totals.unmatched, "of them answers nothing here", "of them answer nothing here"),
        (totals.answered_after_resend, "answered after a resend", "answered after a resend"),
        (totals.duplicates, "duplicate ack", "duplicate acks"),
        (totals.refused_others, "refused ack of another class", "refused acks of other classes"),
        (totals.receipt_acks, "ack of a receipt, which is not a call ack", "acks of receipts, which are not call acks"),
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
