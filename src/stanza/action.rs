//! The actions of call stanzas: the tag of the `<call>`'s child, and the `type` of the ack that answers it.

use super::Source;

/// A known value of an open vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownAction {
    /// The value as it is in a stanza.
    pub name: &'static str,
    /// The meaning of the value.
    pub meaning: &'static str,
    /// The sources for it.
    pub sources: &'static [Source],
}

macro_rules! call_actions {
    ($($variant:ident $name:literal $meaning:literal [$($source:ident)+];)*) => {
        /// The action of a call stanza: the tag of the `<call>`'s child, and `type` of the ack that answers it.
        ///
        /// The set is open, and unknown values are normal. Make one with [`from_name`](Self::from_name), which never
        /// returns `Other` for a known name.
        ///
        /// ```
        /// use wabinary::stanza::CallAction;
        ///
        /// assert_eq!(CallAction::from_name("offer"), CallAction::Offer);
        /// assert_eq!(CallAction::from_name("applaud"), CallAction::Other("applaud"));
        /// assert_eq!(CallAction::EncRekey.name(), "enc_rekey");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CallAction<'a> {
            $(#[doc = concat!("`", $name, "`: ", $meaning, ".")] $variant,)*
            /// Any other action.
            Other(&'a str),
        }

        impl<'a> CallAction<'a> {
            /// The known actions.
            pub const KNOWN: &'static [KnownAction] = &[$(KnownAction {
                name: $name,
                meaning: $meaning,
                sources: &[$(Source::$source),+],
            },)*];

            /// The action of this name.
            #[must_use]
            pub fn from_name(name: &'a str) -> Self {
                match name {
                    $($name => Self::$variant,)*
                    other => Self::Other(other),
                }
            }

            /// The name as it is in a stanza.
            #[must_use]
            pub const fn name(self) -> &'a str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other(name) => name,
                }
            }

            /// Whether it is one of [`KNOWN`](Self::KNOWN).
            #[must_use]
            pub const fn is_known(self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }
    };
}

call_actions! {
    Offer "offer" "a call begins" [WhatsAppWeb Capture Implementation];
    OfferNotice "offer_notice" "a call that this device can join has begun" [WhatsAppWeb Implementation];
    PreAccept "preaccept" "it rings there" [WhatsAppWeb Implementation];
    Accept "accept" "the call is answered" [WhatsAppWeb Capture Implementation];
    Reject "reject" "the call is declined" [WhatsAppWeb Implementation];
    Terminate "terminate" "the call is over" [WhatsAppWeb Implementation];
    Transport "transport" "addresses at which a device can be reached" [WhatsAppWeb Implementation];
    RelayLatency "relaylatency" "how far the relays are" [WhatsAppWeb Implementation];
    RelayElection "relay_election" "which relay is taken" [WhatsAppWeb Implementation];
    Mute "mute" "the microphone is switched, in the old form" [WhatsAppWeb Implementation];
    MuteV2 "mute_v2" "the microphone is switched" [WhatsAppWeb Implementation];
    Video "video" "the camera is switched, asked for or granted" [WhatsAppWeb Capture Implementation];
    VideoState "video_state" "the state of the camera" [WhatsAppWeb];
    GroupInfo "group_info" "who is in a group call" [WhatsAppWeb Implementation];
    GroupUpdate "group_update" "a change of who is in a group call" [WhatsAppWeb Implementation];
    EncRekey "enc_rekey" "a new key for the media of a group call" [WhatsAppWeb Implementation];
    PeerState "peer_state" "the state of a peer" [WhatsAppWeb];
    FlowControl "flow_control" "limits of what is sent" [WhatsAppWeb];
    WebClient "web_client" "of WhatsApp Web; no source says what" [WhatsAppWeb];
    Interruption "interruption" "another call interrupts this one, or no longer does" [WhatsAppWeb];
    Notify "notify" "a notification in a call; no source says of what" [WhatsAppWeb];
    Heartbeat "heartbeat" "this device is still in the group call" [WhatsAppWeb Implementation];
    UserAction "user_action" "something a user did, such as raising a hand" [Implementation];
    RaiseHand "raise_hand" "a hand is raised or lowered" [Implementation];
    ScreenShare "screen_share" "a screen is shared, or no longer" [Implementation];
    WaitingRoomUpdate "waiting_room_update" "who waits for being let into the call" [Implementation];
    WaitingRoomToggle "waiting_room_toggle" "the waiting room is switched on or off" [Implementation Fixture];
    WaitingRoomAdmit "waiting_room_admit" "somebody who waits is let in" [Implementation Fixture];
    WaitingRoomDeny "waiting_room_deny" "somebody who waits is not let in" [Implementation Fixture];
    LinkCreate "link_create" "a link to a call is asked for" [WhatsAppWeb Implementation];
    LinkQuery "link_query" "what a link to a call leads to is asked for" [WhatsAppWeb Implementation];
    LinkJoin "link_join" "a call is joined by its link" [WhatsAppWeb Implementation];
    OfferReceipt "offer_receipt" "a name of WhatsApp Web's call engine, for the receipt of an offer" [WhatsAppWeb];
    OfferAck "offer_ack" "a name of WhatsApp Web's call engine, for the ack of an offer" [WhatsAppWeb];
    OfferNack "offer_nack" "a name of WhatsApp Web's call engine, for the refusal of an offer" [WhatsAppWeb];
    AcceptAck "accept_ack" "a name of WhatsApp Web's call engine, for the ack of an accept" [WhatsAppWeb];
    AcceptReceipt "accept_receipt" "a name of WhatsApp Web's call engine, for the receipt of an accept" [WhatsAppWeb];
    VideoStateAck "video_state_ack" "a name of WhatsApp Web's call engine, for the ack of a video state" [WhatsAppWeb];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_known_name_is_read_as_what_it_names() {
        for known in CallAction::KNOWN {
            let action = CallAction::from_name(known.name);
            assert!(action.is_known() && action.name() == known.name, "{known:?}");
            assert!(known.sources.is_sorted(), "{known:?}");
        }
        assert_eq!(CallAction::KNOWN.len(), 38);
        assert!(!CallAction::from_name("").is_known());
    }
}
