//! Which stanzas are reported.

use wabinary::stanza::CallStanzaRef;
use wabinary::{Jid, JidRef};

use super::{AnswerReport, StanzaReport};
use crate::Outcome;

/// Which stanzas are reported: by default all. A stanza has to fit everything that is given.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The call.
    pub call_id: Option<String>,
    /// The stanza, with its answers.
    pub id: Option<String>,
    /// The sender of the stanza or of an answer. A user without a device stands for all devices.
    pub from: Option<Jid>,
    /// Only what was refused, in part or as a whole, or not answered.
    pub errors: bool,
}

impl Selection {
    /// Whether everything is selected.
    #[must_use]
    pub fn is_all(&self) -> bool {
        matches!(self, Self { call_id: None, id: None, from: None, errors: false })
    }

    /// Whether everything that failed is selected.
    #[must_use]
    pub fn is_all_errors(&self) -> bool {
        matches!(self, Self { call_id: None, id: None, from: None, errors: true })
    }

    /// A refused ack of another class.
    pub(super) fn other(&self, id: &str, from: Option<&str>) -> bool {
        self.call_id.is_none() && self.has_id(Some(id)) && self.has_sender(from.into_iter())
    }

    /// An end of the stream that names an ack.
    pub(super) fn stream_end(&self, id: &str) -> bool {
        self.call_id.is_none() && self.from.is_none() && self.has_id(Some(id))
    }

    pub(super) fn stanza(&self, stanza: &StanzaReport) -> bool {
        let named = stanza.answers.iter().filter_map(|answer| answer.evidence.call_id.as_deref());
        let senders = stanza.from.iter().chain(stanza.answers.iter().filter_map(|answer| answer.from.as_ref()));
        self.has_call_id(stanza.call_id.as_deref().into_iter().chain(named))
            && self.has_id(stanza.id.as_deref())
            && self.has_sender(senders.map(|sender| &**sender))
            && (!self.errors || !matches!(stanza.outcome, Outcome::Accepted | Outcome::Pending))
    }

    /// An answer, and the stanza that it belongs to. `is_near`: it belongs to none, and nearly to one.
    pub(super) fn answer(
        &self,
        id: &str,
        answer: &AnswerReport,
        stanza: Option<CallStanzaRef<'_>>,
        is_near: bool,
    ) -> bool {
        let of_stanza = stanza.and_then(CallStanzaRef::call_id);
        let sender = stanza.and_then(|stanza| stanza.from_jid().ok().flatten()).map(|jid| jid.to_string());
        self.has_call_id(answer.evidence.call_id.as_deref().into_iter().chain(of_stanza))
            && self.has_id(Some(id))
            && self.has_sender(answer.from.as_deref().into_iter().chain(sender.as_deref()))
            && (!self.errors || is_near || answer.outcome != Outcome::Accepted)
    }

    fn has_call_id<'a>(&self, mut call_ids: impl Iterator<Item = &'a str>) -> bool {
        self.call_id.as_deref().is_none_or(|wanted| call_ids.any(|call_id| call_id == wanted))
    }

    fn has_id(&self, id: Option<&str>) -> bool {
        self.id.is_none() || self.id.as_deref() == id
    }

    fn has_sender<'a>(&self, mut senders: impl Iterator<Item = &'a str>) -> bool {
        let Some(wanted) = &self.from else { return true };
        senders.any(|sender| {
            let Ok(sender) = JidRef::parse(sender) else { return false };
            sender == wanted.as_ref()
                || (wanted.device() == 0 && sender.user().is_some() && sender.same_user(&wanted.as_ref()))
        })
    }
}
