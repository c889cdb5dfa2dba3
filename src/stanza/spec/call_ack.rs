//! The entry of the call acknowledgement.

use super::{AttributeSpec, ChildSpec, ExampleSpec, QuestionSpec, StanzaSpec};
use crate::stanza::Confidence::{Probable, Speculative};
use crate::stanza::Source::{self, Capture, Fixture, Implementation, NewerSpecification, WhatsAppWeb};
use crate::stanza::{AckRule, CallAck, CallAction, Confidence, ErrorCode};

impl CallAck {
    /// The specification of the stanza: the call acknowledgement entry of wacrg, and what other public material adds.
    ///
    /// ```
    /// use wabinary::stanza::CallAck;
    ///
    /// let required = CallAck::SPEC.attributes.iter().filter(|attribute| attribute.required);
    /// assert_eq!(required.map(|attribute| attribute.name).collect::<Vec<_>>(), ["id", "class"]);
    /// ```
    pub const SPEC: &'static StanzaSpec = &CALL_ACK;
}

/// An attribute of the entry: seen in captures of the WebSocket, without a named source.
const fn attribute(
    name: &'static str,
    value_type: &'static str,
    required: bool,
    confidence: Confidence,
    observed: &'static [&'static str],
    meaning: &'static str,
) -> AttributeSpec {
    let (techniques, sources) = (&["websocket-capture"], &[]);
    AttributeSpec { name, value_type, required, confidence, meaning, observed, techniques, sources }
}

/// An attribute that is not in the entry.
const fn further_attribute(
    name: &'static str,
    value_type: &'static str,
    sources: &'static [&'static str],
    meaning: &'static str,
) -> AttributeSpec {
    let (required, confidence, observed, techniques) = (false, Probable, &[], &[]);
    AttributeSpec { name, value_type, required, confidence, meaning, observed, techniques, sources }
}

/// A child that is not in the entry.
const fn further_child(
    tag: &'static str,
    confidence: Confidence,
    sources: &'static [Source],
    meaning: &'static str,
) -> ChildSpec {
    ChildSpec { tag, min: 0, max: None, confidence, meaning, attributes: &[], sources }
}

const fn question(question: &'static str, sources: &'static [Source], state: &'static str) -> QuestionSpec {
    QuestionSpec { question, state, sources }
}

const CALL_ACK: StanzaSpec = StanzaSpec {
    name: "call-ack",
    title: "Call Acknowledgement / Receipt",
    tag: "ack",
    category: "signaling",
    status: "draft",
    version: "0.1.0",
    directions: &["outgoing", "incoming"],
    references: &[],
    origin: "WhiskeySockets/wacrg spec/stanzas/call-ack.yaml",
    summary: "The server confirms that a call stanza (offer, accept, reject, terminate, transport, mute and others) has \
        arrived, by repeating its id and class; a device may be expected to confirm what it gets in the same way. Messages, \
        receipts and other stanzas have acks with the same tag: this entry is about those with class \"call\", whose \
        attributes are largely those of the others. Modelled with moderate confidence.",
    attributes: &[
        attribute(
            "id",
            "string",
            true,
            Probable,
            &[],
            "the id of the acknowledged stanza: its sender finds it by this id",
        ),
        attribute(
            "class",
            "string",
            true,
            Probable,
            &["call"],
            "the class of the stanza acknowledged; the same attribute as on acks of messages and receipts",
        ),
        attribute(
            "from",
            "jid",
            false,
            Probable,
            &["s.whatsapp.net"],
            "where the ack comes from: the server, or the device that acknowledges",
        ),
        attribute("to", "jid", false, Speculative, &[], "where the ack goes: the device that sent the stanza"),
        attribute("type", "string", false, Speculative, &[], "the kind of ack, where there is one; values unconfirmed"),
        attribute("t", "timestamp", false, Speculative, &[], "when the server made the ack, in seconds since 1970"),
    ],
    children: &[ChildSpec {
        tag: "error",
        min: 0,
        max: Some(1),
        confidence: Speculative,
        meaning: "why the stanza could not be routed or accepted; that acks of calls have it is unconfirmed",
        attributes: &[
            attribute("code", "int", false, Speculative, &["404", "503"], "the failure as a number like those of HTTP"),
            attribute("text", "string", false, Speculative, &[], "the failure as a text for people"),
        ],
        sources: &[Source::Specification],
    }],
    examples: &[
        ExampleSpec {
            title: "The server's ack of an offer",
            xml: r#"<ack id="OF-0001" class="call" from="s.whatsapp.net" t="1700000000"/>"#,
            synthetic: true,
            sanitized: true,
            remark: None,
        },
        ExampleSpec {
            title: "An ack with an error of routing",
            xml: "<ack id=\"OF-0002\" class=\"call\" from=\"s.whatsapp.net\">\n  \
                <error code=\"503\" text=\"service unavailable\"/>\n</ack>",
            synthetic: true,
            sanitized: true,
            remark: Some("the framing of errors on acks of calls is unconfirmed"),
        },
    ],
    notes: &[
        "Acks are what call signaling relies on: a client sends an offer or another stanza again if its ack does not come \
            within a timeout.",
        "The tag is `ack`, not `call`: this answers a call stanza and is none.",
    ],
    open_questions: &[
        question(
            "Do devices acknowledge the call stanzas they get, or only the server?",
            &[WhatsAppWeb, Capture, Implementation],
            "Both. Every client studied answers an incoming call stanza by an ack, a receipt or both. The ack of a client's \
             own stanza has the address of the peer; that does not show whether the peer made it.",
        ),
        question(
            "Which call stanzas beside the offer are acknowledged?",
            &[WhatsAppWeb],
            "All. WhatsApp Web waits for an ack of every call stanza it sends; of what it gets, it answers offer, accept, \
             reject and enc_rekey by a receipt and the rest by an ack.",
        ),
        question(
            "Do acks of calls have `<error>`, and with which codes?",
            &[WhatsAppWeb, Capture, Implementation],
            "Yes, but the code is the attribute `error` of the ack, while the child names the call and the device. There may \
             be several, one for each device refused.",
        ),
        question(
            "Is there a receipt for calls beside the ack?",
            &[WhatsAppWeb, Implementation, NewerSpecification],
            "Yes: `<receipt>` with one child that is named after the action and has only `call-id` and `call-creator`.",
        ),
    ],
    further_attributes: &[
        further_attribute(
            "participant",
            "jid",
            &["WhatsApp Web WAAckParser"],
            "the device concerned, where the address is that of a group or call",
        ),
        further_attribute("recipient", "jid", &["WhatsApp Web WAAckParser"], "the user the stanza was for"),
        further_attribute(
            "error",
            "int",
            &["purpshell/meowcaller issue 35", "WhatsApp Web", "Auties00/Cobalt"],
            "the code of a refusal; absent, empty and 0 mean none. With 304 the offer is known already, and the call goes on. A text \
             that is not a number refuses too",
        ),
    ],
    further_children: &[
        further_child(
            "relay",
            Probable,
            &[Capture, Implementation, NewerSpecification],
            "the relays of the call with keys and tokens; in the ack of a refused offer only the name of the call",
        ),
        further_child(
            "user",
            Speculative,
            &[Capture, Implementation],
            "a user whose devices the server used, and their hash; with `error`, also inside another child: the stanza is \
             refused for this user. If that is everybody it is for, or this device's user, the whole is refused, else a part. \
             Beside a usable `<relay>` a part is refused, whatever its address: the server has set up media",
        ),
        further_child(
            "device",
            Speculative,
            &[Capture, Implementation],
            "a device that the server used; with `error`, refused for this device and not for its user",
        ),
        further_child(
            "to",
            Speculative,
            &[Implementation],
            "with `error`, by analogy with `<user>`: refused for this user, or this device if its `jid` has a device number",
        ),
        further_child(
            "participant",
            Speculative,
            &[Implementation],
            "with `error`, by analogy with `<user>`: refused for this user, or this device if its `jid` has a device number",
        ),
        further_child("voip_settings", Speculative, &[Implementation], "settings for media"),
        further_child("rte", Speculative, &[Implementation], "the address that the server sees this device at"),
        further_child("group_info", Probable, &[Implementation, Fixture], "who is in the group call"),
        further_child("waiting_room", Speculative, &[Implementation, Fixture], "whether one waits to be let in"),
        further_child("link_create", Speculative, &[Implementation], "the link that was made"),
        further_child("link_query", Speculative, &[Implementation], "what a link leads to"),
        further_child(
            "meta",
            Probable,
            &[WhatsAppWeb, Implementation],
            "of a refusal with 491, the reason as a number",
        ),
    ],
    actions: CallAction::KNOWN,
    codes: ErrorCode::KNOWN,
    findings: AckRule::ALL,
};
