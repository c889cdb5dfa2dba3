//! Selects the stanzas to report.

use std::collections::BTreeSet;

use wabinary::stanza::CallStanzaRef;

use super::{AnswerReport, Seen, StanzaReport};
use crate::Outcome;

/// Criteria for reported stanzas; by default all are reported. A stanza must meet every given one.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The call.
    pub call_id: Option<String>,
    /// The stanza, with its answers.
    pub id: Option<String>,
    /// The numbers of records: those of the stanza, or of an answer. See [`ReportBuilder::choose`](super::ReportBuilder::choose).
    pub frames: Option<BTreeSet<u64>>,
    /// Only refused stanzas, in part or as a whole, and unanswered ones.
    pub errors: bool,
}

impl Selection {
    /// Whether every stanza is selected.
    #[must_use]
    pub fn is_all(&self) -> bool {
        matches!(self, Self { call_id: None, id: None, frames: None, errors: false })
    }

    /// Whether every failure is selected.
    #[must_use]
    pub fn is_all_errors(&self) -> bool {
        matches!(self, Self { call_id: None, id: None, frames: None, errors: true })
    }

    /// A refused ack of another class.
    pub(super) fn other(&self, id: &str, seen: &Seen) -> bool {
        self.call_id.is_none() && self.has_id(Some(id)) && self.has_frame([seen])
    }

    /// A stream error that names an ack.
    pub(super) fn stream_end(&self, id: &str, seen: &Seen) -> bool {
        self.call_id.is_none() && self.has_id(Some(id)) && self.has_frame([seen])
    }

    pub(super) fn stanza(&self, stanza: &StanzaReport) -> bool {
        let named = stanza.answers.iter().filter_map(|answer| answer.evidence.call_id.as_deref());
        let answers = stanza.answers.iter().map(|answer| &answer.seen);
        self.has_call_id(stanza.call_id.as_deref().into_iter().chain(named))
            && self.has_id(stanza.id.as_deref())
            && self.has_frame([&stanza.seen].into_iter().chain(&stanza.resent).chain(answers))
            && (!self.errors || !matches!(stanza.outcome, Outcome::Accepted | Outcome::Pending))
    }

    /// An answer, and its stanza with its sendings. `is_near`: the stanza is only the nearest one.
    pub(super) fn answer(
        &self,
        id: &str,
        answer: &AnswerReport,
        stanza: Option<CallStanzaRef<'_>>,
        sent: &[Seen],
        is_near: bool,
    ) -> bool {
        let of_stanza = stanza.and_then(CallStanzaRef::call_id);
        self.has_call_id(answer.evidence.call_id.as_deref().into_iter().chain(of_stanza))
            && self.has_id(Some(id))
            && self.has_frame([&answer.seen].into_iter().chain(sent))
            && (!self.errors || is_near || answer.outcome != Outcome::Accepted)
    }

    fn has_call_id<'a>(&self, mut call_ids: impl Iterator<Item = &'a str>) -> bool {
        self.call_id.as_deref().is_none_or(|wanted| call_ids.any(|call_id| call_id == wanted))
    }

    fn has_id(&self, id: Option<&str>) -> bool {
        self.id.is_none() || self.id.as_deref() == id
    }

    fn has_frame<'a>(&self, seen: impl IntoIterator<Item = &'a Seen>) -> bool {
        self.frames.as_ref().is_none_or(|frames| seen.into_iter().any(|seen| frames.contains(&seen.frame)))
    }
}
