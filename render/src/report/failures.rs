//! Texts about failures that do not belong to single stanzas.

use wabinary::stanza::Direction;
use wabinary_calls::Code;
use wabinary_calls::report::{AnswerReport, OtherRefusal, Report, StanzaReport, Totals};

use super::words::{meaning_name, shown_code};
use crate::counted::counted;

/// `: 2 of 12 calls`, and the failures without a call.
pub(super) fn failed_calls(report: &Report, failed: usize) -> String {
    let Totals { calls, failed_calls, .. } = report.totals;
    let of_calls = format!("{failed_calls} of {}", counted(calls as usize, "call"));
    match (failed, failed.saturating_sub(failed_calls as usize)) {
        (0, _) => String::new(),
        (_, 0) => format!(": {of_calls}"),
        (_, _) if failed_calls == 0 => ": what belongs to no call".to_owned(),
        (_, _) => format!(": {of_calls}, and what belongs to no call"),
    }
}

/// `message 3EB0 to 1000…@lid`: a refused stanza of another class.
pub(super) fn other_refusal(refusal: &OtherRefusal) -> String {
    let OtherRefusal { class, id, direction, from, to, participant, .. } = refusal;
    let of_peer = match direction {
        // The server refuses a stanza of this device.
        Some(Direction::Receive) => from.as_deref().map(|from| format!(" to {from}")),
        Some(Direction::Send) | None => to.as_deref().map(|to| format!(" from {to}, refused by this device")),
    };
    let device = participant.as_deref().map(|device| format!(", device {device}")).unwrap_or_default();
    format!("{class} {id}{}{device}", of_peer.unwrap_or_default())
}

/// The code of an ack of another class. Its meaning for calls may not apply.
pub(super) fn other_code(code: &Code) -> String {
    let is_general = |code: u16| matches!(code, 400 | 421 | 463 | 475 | 479 | 487..=500 | 503 | 550..=552);
    match code.number().is_some_and(is_general) {
        true => meaning_name(code),
        false => format!(" {}", shown_code(code)),
    }
}

/// The answers that are matched to a stanza though they name another action.
pub(super) fn naming_another(report: &Report) -> impl Iterator<Item = (&StanzaReport, &AnswerReport)> {
    let stanzas = report.calls.iter().flat_map(|call| &call.stanzas);
    stanzas.flat_map(|stanza| stanza.naming_another().map(move |answer| (stanza, answer)))
}

/// `ack preaccept 1, taken as the answer to the accept`.
pub(super) fn taken_as(stanza: &StanzaReport, answer: &AnswerReport) -> String {
    let typed = answer.typed.as_deref().map(|typed| format!(" {typed}")).unwrap_or_default();
    let (id, action) = (stanza.id.as_deref().unwrap_or("-"), stanza.action.as_deref().unwrap_or("stanza"));
    format!("{}{typed} {id}, taken as the answer to the {action}", answer.kind.name())
}
