//! How long an answer may take.

use std::time::Duration;

use crate::stanza::CallAction;

/// How long after it was last sent a stanza that is not answered is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Of an offer. By default 20 seconds, which the Android client waits unless the server's settings say otherwise
    /// (preference `call_offer_ack_timeout`); then its call ends.
    pub offer: Duration,
    /// Of everything else. By default 10 seconds, which `oxidezap/whatsapp-rust` waits for the answer to a request about a
    /// call. WhatsApp Web has no such time: it waits for the connection to end, and sends again.
    pub other: Duration,
}

impl Timeouts {
    pub(super) fn of(&self, action: Option<CallAction<'_>>) -> Duration {
        if action == Some(CallAction::Offer) { self.offer } else { self.other }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { offer: Duration::from_secs(20), other: Duration::from_secs(10) }
    }
}
