//! The time that an answer may take.

use std::time::Duration;

use wabinary::NodeRef;

use crate::outline::action;

/// The time after its last sending when an unanswered stanza is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For an offer: by default 20 seconds. The Android client waits that long unless the server's settings say
    /// otherwise (preference `call_offer_ack_timeout`); then its call ends.
    pub offer: Duration,
    /// For everything else: by default 10 seconds. `oxidezap/whatsapp-rust` waits that long for the answer to a request
    /// about a call, and `vinikjkkj/zapo` for the ack of a message. WhatsApp Web has no timeout: it waits until the
    /// connection ends, and sends again.
    pub other: Duration,
}

impl Timeouts {
    /// The time for a stanza.
    #[must_use]
    pub fn of<'a>(&self, stanza: impl Into<NodeRef<'a>>) -> Duration {
        let stanza = stanza.into();
        let is_offer = stanza.tag() == "call" && action(stanza).is_some_and(|action| action.tag() == "offer");
        if is_offer { self.offer } else { self.other }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { offer: Duration::from_secs(20), other: Duration::from_secs(10) }
    }
}
