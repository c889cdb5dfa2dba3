//! Why a call failed.

use super::{CallReport, StanzaReport, Stray};
use crate::Outcome;

/// The stanza that a call failed by.
#[derive(Debug)]
pub struct Cause<'a> {
    /// Its action; of an ack without its stanza, what the ack says it answers.
    pub action: &'a str,
    /// Its `id`.
    pub id: &'a str,
    /// The codes of the ack and of its entries.
    pub codes: Vec<u16>,
}

impl CallReport {
    /// Whether something was refused or never answered.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        match self.outcome {
            Outcome::Refused | Outcome::Unanswered | Outcome::PartlyRefused => true,
            Outcome::Accepted | Outcome::Pending => false,
        }
    }

    /// The stanza that made the call's outcome what it is, or the ack of one that is not in the capture. `unmatched` is
    /// that of the report.
    #[must_use]
    pub fn cause<'a>(&'a self, unmatched: &'a [Stray]) -> Cause<'a> {
        let is_cause = |stanza: &&StanzaReport| {
            let counts = stanza.is_failure() || stanza.outcome != Outcome::Refused;
            stanza.outcome == self.outcome && stanza.error == self.error && counts
        };
        if let Some(stanza) = self.stanzas.iter().find(is_cause) {
            let entries = stanza.deciding().into_iter().flat_map(|answer| answer.errors.iter());
            let mut codes: Vec<_> = stanza.error.into_iter().chain(entries.filter_map(|entry| entry.code)).collect();
            codes.dedup();
            let (action, id) = (stanza.action.as_deref(), stanza.id.as_deref());
            return Cause { action: action.unwrap_or("-"), id: id.unwrap_or("-"), codes };
        }
        let is_of_call = |stray: &&Stray| self.unmatched.contains(&stray.answer.seen.frame);
        let mut strays = unmatched.iter().filter(is_of_call);
        match strays.find(|stray| (stray.answer.outcome, stray.answer.error) == (self.outcome, self.error)) {
            Some(Stray { answer, id, .. }) => {
                let action = answer.typed.as_deref().unwrap_or(answer.kind.name());
                Cause { action, id, codes: answer.error.into_iter().collect() }
            }
            None => Cause { action: "-", id: "-", codes: Vec::new() },
        }
    }
}
