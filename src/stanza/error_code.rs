//! The codes of refusals.

use std::fmt;

use super::{Confidence, Direction, Source};

/// A known code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownCode {
    /// The number.
    pub code: u16,
    /// Its name in JSON and documents. The protocol has none.
    pub name: &'static str,
    /// The meaning on a call.
    pub meaning: &'static str,
    /// The confidence in this meaning.
    pub confidence: Confidence,
    /// The sources for it.
    pub sources: &'static [Source],
    /// The direction in which it is sent: by the server, or by clients.
    pub direction: Direction,
}

macro_rules! error_codes {
    ($($code:literal $variant:ident $name:literal $direction:ident $confidence:ident $meaning:literal [$($source:ident)+];)*) => {
        /// Why a stanza was refused: `error` of an ack, or `code` of an error entry.
        ///
        /// The set is open: unknown codes are normal. The numbers resemble those of HTTP, but their meaning may differ.
        ///
        /// ```
        /// use wabinary::stanza::{Confidence, ErrorCode};
        ///
        /// let code = ErrorCode::from(403);
        /// assert_eq!((code, code.number()), (ErrorCode::NotEnabled, 403));
        /// assert_eq!(code.known().unwrap().confidence, Confidence::Probable);
        /// assert_eq!(ErrorCode::from(418).to_string(), "418");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = concat!("`", $code, "`, sent ", error_codes!(@direction $direction), ": ", $meaning, ".")]
            #[doc = ""]
            #[doc = concat!("Confidence: ", error_codes!(@confidence $confidence), ". Sources: ",
                error_codes!(@sources $($source)+), ".")]
            $variant,)*
            /// Any other code.
            Other(u16),
        }

        impl ErrorCode {
            /// The known codes, by number.
            pub const KNOWN: &'static [KnownCode] = &[$(KnownCode {
                code: $code,
                name: $name,
                meaning: $meaning,
                confidence: Confidence::$confidence,
                sources: &[$(Source::$source),+],
                direction: Direction::$direction,
            },)*];

            /// The number as it is in a stanza.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other(code) => code,
                }
            }
        }

        impl From<u16> for ErrorCode {
            fn from(code: u16) -> Self {
                match code {
                    $($code => Self::$variant,)*
                    other => Self::Other(other),
                }
            }
        }
    };
    (@direction Receive) => { "by the server" };
    (@direction Send) => { "by clients" };
    (@confidence Probable) => { "probable" };
    (@confidence Speculative) => { "speculative" };
    (@sources $($source:ident)+) => { stringify!($($source),+) };
}

error_codes! {
    304 OfferKnown "offer-known" Receive Probable
        "the server has this offer already; the caller goes on" [Android];
    400 BadRequest "bad-request" Receive Probable
        "the stanza, or the link in it, is malformed" [WhatsAppWeb Implementation];
    401 CallerCountry "caller-country" Receive Probable
        "calls are not available in the caller's country" [WhatsAppWeb Android];
    403 NotEnabled "not-enabled" Receive Probable
        "calls are not enabled for the caller" [WhatsAppWeb Capture];
    404 NotFound "not-found" Receive Probable
        "the callee is not on WhatsApp, or the link does not exist" [WhatsAppWeb Specification];
    405 CalleeCountry "callee-country" Receive Probable
        "calls are not available in the callee's country" [WhatsAppWeb];
    406 CalleePlatform "callee-platform" Receive Probable
        "the callee's platform cannot take the call" [WhatsAppWeb];
    409 UnknownReason "unknown-reason" Receive Probable
        "refused for a reason that the client does not know" [WhatsAppWeb];
    411 GroupHasCall "group-has-call" Receive Probable
        "the group has a call already" [WhatsAppWeb];
    421 StaleGroupAddressing "stale-group-addressing" Send Probable
        "the group is addressed in an outdated way" [Implementation];
    426 CalleeAppTooOld "callee-app-too-old" Receive Probable
        "the callee's app is too old" [WhatsAppWeb];
    427 NoGroupCalls "no-group-calls" Receive Probable
        "the callee or this device cannot take group calls; of a link: the app is too old" [WhatsAppWeb Android];
    428 CallFull "call-full" Receive Probable
        "the call has as many participants as it can have" [WhatsAppWeb Android];
    431 CannotBeAdded "cannot-be-added" Receive Probable
        "a participant cannot be added" [Android];
    432 NotCompatible "not-compatible" Receive Probable
        "the call ends; of a link: this device is not compatible" [WhatsAppWeb Android];
    434 AtCapacity "at-capacity" Receive Probable
        "the call is at its capacity; of offers and accepts" [WhatsAppWeb Android];
    439 OfferRefused "offer-refused" Receive Speculative
        "an offer is refused; contested: the order of its children, or a callee addressed by phone number" [Capture Implementation];
    460 CalleeSystemTooOld "callee-system-too-old" Receive Probable
        "the callee's operating system is too old" [WhatsAppWeb];
    461 AllTooOld "all-too-old" Receive Probable
        "no callee's app is new enough or compatible" [WhatsAppWeb];
    463 ReachOutLocked "reach-out-locked" Receive Probable
        "the caller may not reach out now, or the privacy token is missing" [WhatsAppWeb Capture];
    473 Unavailable "unavailable" Receive Probable
        "not available" [WhatsAppWeb];
    475 NewChatsCapped "new-chats-capped" Send Probable
        "no more new chats for now" [Implementation];
    479 BadFieldFormat "bad-field-format" Receive Speculative
        "a field is badly formed; seen on acks of messages only" [Implementation];
    487 Parsing "parsing" Send Probable
        "the stanza could not be parsed" [Implementation];
    488 UnrecognizedStanza "unrecognized-stanza" Send Probable
        "the stanza is not known" [Implementation];
    489 UnrecognizedClass "unrecognized-class" Send Probable
        "the class is not known" [Implementation];
    490 UnrecognizedType "unrecognized-type" Send Probable
        "the type is not known" [Implementation];
    491 InvalidProtobuf "invalid-protobuf" Send Probable
        "a protobuf in it is invalid; a `<meta failure_reason>` says more" [WhatsAppWeb Implementation];
    493 HostedCompanion "hosted-companion" Send Probable
        "a hosted companion device cannot take it" [Implementation];
    495 MissingSecret "missing-secret" Send Probable
        "the secret to read it with is missing" [Implementation];
    496 OldCounter "old-counter" Send Probable
        "the counter of its encryption was used before" [Implementation];
    499 DeletedOnPeer "deleted-on-peer" Send Probable
        "what it refers to was deleted on the peer" [Implementation];
    500 InternalError "internal-error" Receive Probable
        "seen on the ack of an accept: this device is refused; sent by clients: an unhandled error" [Capture Implementation];
    503 ServiceUnavailable "service-unavailable" Receive Probable
        "the service is not available" [WhatsAppWeb Specification];
    550 AdminRevoke "admin-revoke" Send Probable
        "an admin's revocation is not supported" [Implementation];
    551 LidGroup "lid-group" Send Probable
        "a group addressed by hidden ids is not supported" [Implementation];
    552 Database "database" Send Probable
        "the client's database failed" [Implementation];
}

impl ErrorCode {
    /// Whether the code refuses its stanza. `0` does not, and neither does [`OfferKnown`](Self::OfferKnown): the
    /// Android client continues the call.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        !matches!(self, Self::OfferKnown | Self::Other(0))
    }

    /// The entry of this code in [`KNOWN`](Self::KNOWN).
    #[must_use]
    pub fn known(self) -> Option<&'static KnownCode> {
        Self::KNOWN.iter().find(|known| known.code == self.number())
    }
}

/// The number.
impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_known_code_is_read_as_what_it_names() {
        assert!(ErrorCode::KNOWN.windows(2).all(|pair| pair[0].code < pair[1].code));
        for known in ErrorCode::KNOWN {
            let code = ErrorCode::from(known.code);
            assert!(!matches!(code, ErrorCode::Other(_)), "{known:?}");
            assert_eq!((code.number(), code.known()), (known.code, Some(known)));
            assert!(known.sources.is_sorted(), "{known:?}");
        }
        for unknown in [0, 408, 410, 413, 429, u16::MAX] {
            assert_eq!(ErrorCode::from(unknown), ErrorCode::Other(unknown));
            assert_eq!(ErrorCode::from(unknown).known(), None);
        }
    }
}
