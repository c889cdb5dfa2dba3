//! Why a call failed.

use super::{CallReport, StanzaReport, Stray};
use crate::{Code, Outcome};

/// The stanza that a call failed by.
#[derive(Clone, Debug)]
pub struct Cause {
    /// Its action; of an ack without its stanza, what the ack says it answers.
    pub action: Box<str>,
    /// Its `id`.
    pub id: Box<str>,
    /// The codes of the ack and of its entries.
    pub codes: Vec<Code>,
}

impl CallReport {
    /// Whether something was refused or never answered.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        match self.outcome {
            Outcome::Refused | Outcome::AckRefused | Outcome::Unanswered | Outcome::PartlyRefused => true,
            Outcome::Accepted | Outcome::Pending => false,
        }
    }

    /// The stanza that made the call's outcome what it is, or the ack of one that is not in the capture.
    pub(super) fn find_cause(&self, unmatched: &[Stray]) -> Option<Cause> {
        if !self.has_failed() {
            return None;
        }
        let is_cause = |stanza: &&StanzaReport| {
            let counts = stanza.is_failure() || stanza.outcome != Outcome::Refused;
            stanza.outcome == self.outcome && stanza.error == self.error && counts
        };
        let or_none = |text: Option<&str>| text.unwrap_or("-").into();
        if let Some(stanza) = self.stanzas.iter().find(is_cause) {
            let entries = stanza.deciding().into_iter().flat_map(|answer| answer.errors.iter());
            let codes = stanza.error.iter().chain(entries.filter_map(|entry| entry.code.as_ref()));
            let mut codes: Vec<_> = codes.cloned().collect();
            codes.dedup();
            return Some(Cause { action: or_none(stanza.action.as_deref()), id: or_none(stanza.id.as_deref()), codes });
        }
        let is_of_call = |stray: &&Stray| self.unmatched.contains(&stray.answer.seen.frame);
        let mut strays = unmatched.iter().filter(is_of_call);
        let Stray { answer, id, .. } =
            strays.find(|stray| (stray.answer.outcome, &stray.answer.error) == (self.outcome, &self.error))?;
        let action = answer.typed.clone().unwrap_or_else(|| answer.kind.name().into());
        Some(Cause { action, id: id.clone(), codes: answer.error.iter().cloned().collect() })
    }
}
