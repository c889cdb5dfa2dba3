//! Which stanzas are reported.

use wabinary::stanza::CallStanzaRef;
use wabinary::{Jid, JidRef};

use super::report::{Answer, Outcome, Stanza};

/// Everything, unless told otherwise. What is told has to hold together.
#[derive(Default)]
pub(crate) struct Selection {
    pub(crate) call_id: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) from: Option<Jid>,
    pub(crate) errors: bool,
}

impl Selection {
    pub(crate) fn is_all(&self) -> bool {
        matches!(self, Self { call_id: None, id: None, from: None, errors: false })
    }

    pub(crate) fn stanza(&self, stanza: &Stanza) -> bool {
        let named = stanza.answers.iter().filter_map(|answer| answer.evidence.call_id.as_deref());
        let senders = stanza.from.iter().chain(stanza.answers.iter().filter_map(|answer| answer.from.as_ref()));
        self.has_call_id(stanza.call_id.as_deref().into_iter().chain(named))
            && self.has_id(stanza.id.as_deref())
            && self.has_sender(senders.map(|sender| &**sender))
            && (!self.errors || !matches!(stanza.outcome, Outcome::Accepted | Outcome::Pending))
    }

    /// An answer, and the stanza that it belongs to.
    pub(crate) fn answer(&self, id: &str, answer: &Answer, stanza: Option<CallStanzaRef<'_>>) -> bool {
        let of_stanza = stanza.and_then(CallStanzaRef::call_id);
        let sender = stanza.and_then(|stanza| stanza.from().ok().flatten()).map(|jid| jid.to_string());
        self.has_call_id(answer.evidence.call_id.as_deref().into_iter().chain(of_stanza))
            && self.has_id(Some(id))
            && self.has_sender(answer.from.as_deref().into_iter().chain(sender.as_deref()))
            && (!self.errors || answer.outcome != Outcome::Accepted)
    }

    fn has_call_id<'a>(&self, mut call_ids: impl Iterator<Item = &'a str>) -> bool {
        self.call_id.as_deref().is_none_or(|wanted| call_ids.any(|call_id| call_id == wanted))
    }

    fn has_id(&self, id: Option<&str>) -> bool {
        self.id.is_none() || self.id.as_deref() == id
    }

    /// A user without a device stands for all devices.
    fn has_sender<'a>(&self, mut senders: impl Iterator<Item = &'a str>) -> bool {
        let Some(wanted) = &self.from else { return true };
        senders.any(|sender| {
            let Ok(sender) = JidRef::parse(sender) else { return false };
            sender == wanted.as_ref()
                || (wanted.device() == 0 && sender.user().is_some() && sender.same_user(&wanted.as_ref()))
        })
    }
}
