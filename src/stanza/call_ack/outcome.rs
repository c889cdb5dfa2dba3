//! What an ack says became of the stanza.

use super::CallAckRef;
use crate::stanza::ErrorCode;

/// What became of the stanza that an ack answers.
///
/// A refusal with [`ErrorCode::OfferKnown`] (304) is none for the caller: the server has the offer already, and the
/// Android client goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was taken.
    Accepted,
    /// It was refused; with the code, if there is one that is a number.
    Refused(Option<ErrorCode>),
    /// It was taken for some and refused for others: the ack carries a usable `<relay>` or `<group_info>`, and errors.
    /// [`CallAckRef::errors`] tells who was refused.
    PartlyRefused,
}

impl Outcome {
    /// The name used in JSON and in documents: `accepted`, `refused`, `partly_refused`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused(_) => "refused",
            Self::PartlyRefused => "partly_refused",
        }
    }
}

impl CallAckRef<'_> {
    /// What became of the stanza.
    ///
    /// It is refused by the attribute `error`, which is how refusals were captured, or by an `<error>` child, which is how
    /// the specification draws them. `error` absent, empty or `0` refuses nothing, nor does a child with code 0.
    ///
    /// ```
    /// use wabinary::stanza::{CallAck, ErrorCode, Outcome};
    ///
    /// let outcome = |ack: CallAck| ack.as_ref().outcome();
    /// assert_eq!(outcome(CallAck::build("A").finish()), Outcome::Accepted);
    /// assert_eq!(outcome(CallAck::build("A").error(403).finish()), Outcome::Refused(Some(ErrorCode::NotEnabled)));
    /// let drawn = CallAck::build("A").error_entry(503, "service unavailable").finish();
    /// assert_eq!(outcome(drawn), Outcome::Refused(Some(ErrorCode::ServiceUnavailable)));
    /// ```
    #[must_use]
    pub fn outcome(self) -> Outcome {
        let of_ack = self.error();
        let mut entries = self.errors().filter(|entry| entry.is_refusal()).peekable();
        if of_ack == Ok(None) && entries.peek().is_none() {
            return Outcome::Accepted;
        }
        if self.is_usable() {
            return Outcome::PartlyRefused;
        }
        let code = of_ack.ok().flatten().or_else(|| entries.find_map(|entry| entry.known_code()));
        Outcome::Refused(code.map(ErrorCode::from))
    }

    /// Whether it carries what a call can go on with: a relay with keys or endpoints, or a group with a user.
    fn is_usable(self) -> bool {
        let has_user = |group: crate::node::NodeRef<'_>| group.child("user").is_some();
        self.relay().is_some_and(|relay| relay.is_usable()) || self.group_info().is_some_and(has_user)
    }
}
