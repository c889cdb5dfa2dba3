//! The reason why a call failed.

use super::{AnswerReport, CallReport, StanzaReport};
use crate::{Code, Outcome};

/// The stanza because of which a call failed.
#[derive(Clone, Debug)]
pub struct Cause {
    /// Its action; for an ack without its stanza, the action that the ack names.
    pub action: Box<str>,
    /// Its `id`.
    pub id: Box<str>,
    /// The codes of the ack and of its entries.
    pub codes: Vec<Code>,
}

impl CallReport {
    /// Whether a stanza was refused or never answered.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        has_failed(self.outcome)
    }
}

/// Whether this outcome means that a stanza was refused or never answered.
pub(super) fn has_failed(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Refused | Outcome::AckRefused | Outcome::Unanswered | Outcome::PartlyRefused => true,
        Outcome::Accepted | Outcome::Pending => false,
    }
}

impl Cause {
    /// A stanza that failed.
    pub(super) fn of(stanza: &StanzaReport) -> Self {
        let or_none = |text: Option<&str>| text.unwrap_or("-").into();
        let entries = stanza.deciding().into_iter().flat_map(|answer| answer.errors.iter());
        let codes = stanza.error.iter().chain(entries.filter_map(|entry| entry.code.as_ref()));
        let mut codes: Vec<_> = codes.cloned().collect();
        codes.dedup();
        Self { action: or_none(stanza.action.as_deref()), id: or_none(stanza.id.as_deref()), codes }
    }

    /// The ack of a stanza that is not in the capture.
    pub(super) fn of_stray(answer: &AnswerReport, id: &str) -> Self {
        let action = answer.typed.clone().unwrap_or_else(|| answer.kind.name().into());
        Self { action, id: id.into(), codes: answer.error.iter().cloned().collect() }
    }
}
