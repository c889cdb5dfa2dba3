//! The outcome of a stanza.

/// The outcome of a stanza, or of the stanzas of a call; the worst last.
///
/// A refusal with [`ErrorCode::OfferKnown`](wabinary::stanza::ErrorCode::OfferKnown) (304) does not end a call: the server has the offer already, and the Android
/// client goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It was accepted.
    Accepted,
    /// It has no answer yet, but one may still come.
    Pending,
    /// It was accepted for some addressees and refused for others, or refused with a usable `<relay>`, with which the
    /// call continues.
    PartlyRefused,
    /// No answer came.
    Unanswered,
    /// This device answered it, but the server ended the stream because of that answer.
    AckRefused,
    /// It was refused.
    Refused,
}

named! { Outcome {
    Accepted => "accepted",
    Pending => "pending",
    PartlyRefused => "partly-refused",
    Unanswered => "unanswered",
    AckRefused => "ack-refused",
    Refused => "refused",
} }

impl Outcome {
    /// Every outcome, the worst last.
    pub const ALL: &'static [Self] =
        &[Self::Accepted, Self::Pending, Self::PartlyRefused, Self::Unanswered, Self::AckRefused, Self::Refused];
}
