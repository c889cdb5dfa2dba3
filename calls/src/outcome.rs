//! What became of a stanza.

use wabinary::NodeRef;
use wabinary::stanza::{AckRef, CallAckRef, ErrorCode, ErrorEntry};

/// What became of a stanza, or of the stanzas of a call; the worst last.
///
/// A refusal with [`ErrorCode::OfferKnown`] (304) does not end a call: the server has the offer already, and the Android
/// client goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was taken.
    Accepted,
    /// It has no answer yet, and an answer may still come.
    Pending,
    /// It was taken for some and refused for others: the ack carries a usable `<relay>` or `<group_info>`, and errors.
    PartlyRefused,
    /// No answer came.
    Unanswered,
    /// It was refused.
    Refused,
}

named! { Outcome {
    Accepted => "accepted",
    Pending => "pending",
    PartlyRefused => "partly-refused",
    Unanswered => "unanswered",
    Refused => "refused",
} }

impl Outcome {
    /// Every outcome, the worst last.
    pub const ALL: &'static [Self] =
        &[Self::Accepted, Self::Pending, Self::PartlyRefused, Self::Unanswered, Self::Refused];
}

/// What an answer says became of its stanza.
///
/// ```
/// use wabinary::stanza::{CallAck, ErrorCode};
/// use wabinary_calls::{Outcome, Verdict};
///
/// let verdict = |ack: CallAck| Verdict::of(ack.node());
/// assert_eq!(verdict(CallAck::build("A").finish()).outcome, Outcome::Accepted);
/// let refused = verdict(CallAck::build("A").error(403).finish());
/// assert_eq!((refused.outcome, refused.code), (Outcome::Refused, Some(ErrorCode::NotEnabled)));
/// // As the specification draws it, with an <error> child.
/// let drawn = verdict(CallAck::build("A").error_entry(503, "service unavailable").finish());
/// assert_eq!((drawn.outcome, drawn.code), (Outcome::Refused, Some(ErrorCode::ServiceUnavailable)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// [`Accepted`](Outcome::Accepted), [`PartlyRefused`](Outcome::PartlyRefused) or [`Refused`](Outcome::Refused).
    pub outcome: Outcome,
    /// The code of a refusal, if there is one that is a number: that of the ack, or the first of an entry.
    pub code: Option<ErrorCode>,
}

impl Verdict {
    /// Nothing is refused.
    pub const ACCEPTED: Self = Self { outcome: Outcome::Accepted, code: None };

    /// What an ack or a receipt says. A receipt refuses nothing.
    ///
    /// An ack refuses by its attribute `error`, which is how refusals were captured, or by an `<error>` child, which is
    /// how the specification draws them. `error` absent, empty or `0` refuses nothing, nor does a child with code 0.
    #[must_use]
    pub fn of<'a>(answer: impl Into<NodeRef<'a>>) -> Self {
        let answer = answer.into();
        match (CallAckRef::try_from(answer), AckRef::try_from(answer)) {
            (Ok(ack), _) => Self::of_call_ack(ack),
            (Err(_), Ok(ack)) => match ack.error() {
                Ok(None) => Self::ACCEPTED,
                error => Self { outcome: Outcome::Refused, code: error.ok().flatten().map(ErrorCode::from) },
            },
            (Err(_), Err(_)) => Self::ACCEPTED,
        }
    }

    fn of_call_ack(ack: CallAckRef<'_>) -> Self {
        if !ack.is_refused() {
            return Self::ACCEPTED;
        }
        let of_ack = ack.error().ok().flatten();
        if can_go_on(ack) {
            return Self { outcome: Outcome::PartlyRefused, code: of_ack.map(ErrorCode::from) };
        }
        let code_of = |entry: ErrorEntry<'_>| entry.code().ok().flatten();
        let of_entries = || ack.errors().filter(|entry| entry.is_refusal()).find_map(code_of);
        Self { outcome: Outcome::Refused, code: of_ack.or_else(of_entries).map(ErrorCode::from) }
    }
}

/// Whether an ack carries what a call can go on with: a relay with keys or endpoints, or a group with a user.
fn can_go_on(ack: CallAckRef<'_>) -> bool {
    let has_user = |group: NodeRef<'_>| group.child("user").is_some();
    ack.relay().is_some_and(|relay| relay.is_usable()) || ack.group_info().is_some_and(has_user)
}
