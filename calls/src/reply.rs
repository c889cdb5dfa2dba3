//! Makes the replies to incoming stanzas.

use wabinary::stanza::{Ack, CallAck, CallAction, CallReceipt, CallStanzaRef, ErrorCode};
use wabinary::{AttrError, Builder, FromValue, Jid, JidRef, Node, NodeRef, Server, StanzaError, Value};

use crate::Class;
use crate::answer::text;

/// The call stanzas that an ack answers, and the call stanzas that a receipt answers.
///
/// There is no default: clients differ, and the server's preference is unknown. All three policies were in use when
/// these sources were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplyPolicy {
    /// The policy of WhatsApp Web: a receipt **instead of** an ack for offer, accept, reject and enc_rekey, an ack for
    /// everything else, nothing for a stanza without an action, `call-id` or `call-creator`.
    ///
    /// Evidence: WhatsApp Web's own module `WAWebHandleVoipCall`; `vinikjkkj/zapo` and the newer `Auties00/Cobalt` do the
    /// same. The best choice for a client that presents itself as WhatsApp Web.
    Web,
    /// The policy of the newer wacrg specification (`WhiskeySockets/wacrg` `spec/signalling/`): an ack for every
    /// stanza, and also a receipt for an offer.
    ///
    /// Evidence: the specification, and `oxidezap/whatsapp-rust`, which sends both for an offer. WhatsApp Web's module
    /// contradicts it: there other actions get receipts too.
    WacrgSpec,
    /// An ack for every stanza, and no receipt.
    ///
    /// Evidence: `tulir/whatsmeow`, `WhiskeySockets/Baileys`, `purpshell/meowcaller` and zapo's plugin for calls, in use for
    /// years. Callers get no receipt from such a device.
    AckOnly,
}

impl ReplyPolicy {
    /// Whether a stanza with this action gets a receipt, and whether it gets an ack.
    fn receipt_and_ack(self, action: Option<CallAction<'_>>) -> (bool, bool) {
        let with_receipt = match self {
            Self::Web => matches!(
                action,
                Some(CallAction::Offer | CallAction::Accept | CallAction::Reject | CallAction::EncRekey)
            ),
            Self::WacrgSpec => action == Some(CallAction::Offer),
            Self::AckOnly => false,
        };
        (with_receipt, !(with_receipt && self == Self::Web))
    }
}

/// Makes answers to call stanzas.
///
/// ```
/// use wabinary::stanza::CallStanza;
/// use wabinary::{JidRef, Node};
/// use wabinary_calls::{Replier, ReplyPolicy};
///
/// let call = |action: &str| -> Result<CallStanza, Box<dyn std::error::Error>> {
///     let call = Node::build("call").attr("from", JidRef::parse("100000022222222@lid")?).attr("id", "A1")
///         .child(action, |action| action.attr("call-id", "0123").attr("call-creator", "100000022222222@lid"))
///         .finish();
///     Ok(CallStanza::try_from(call)?)
/// };
/// let replier = Replier::new(ReplyPolicy::Web);
/// let sent = |action| -> Result<Vec<String>, Box<dyn std::error::Error>> {
///     let reply = replier.reply(call(action)?.as_ref())?;
///     Ok(reply.stanzas().map(|node| node.to_string()).collect())
/// };
/// assert_eq!(sent("video")?, [r#"<ack class="call" id="A1" to="100000022222222@lid" type="video"/>"#]);
/// assert_eq!(sent("offer")?, [concat!(
///     r#"<receipt to="100000022222222@lid" id="A1">"#,
///     r#"<offer call-id="0123" call-creator="{text}100000022222222@lid"/></receipt>"#
/// )]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A client that cannot take a stanza does not have to [refuse](Self::refuse) it: the server delivers an unanswered one
/// again, with `offline`. WhatsApp Web leaves unanswered what it cannot parse, a group call that it cannot handle, and an
/// enc_rekey that failed.
#[derive(Clone, Debug)]
pub struct Replier {
    policy: ReplyPolicy,
    own: Option<(Jid, Jid)>,
    typed: bool,
}

/// The reply, in the order to send it. It may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The receipt.
    pub receipt: Option<CallReceipt>,
    /// The ack.
    pub ack: Option<CallAck>,
}

impl Reply {
    /// The stanzas, in the order to send them.
    pub fn stanzas(&self) -> impl Iterator<Item = &Node> {
        let receipt = self.receipt.as_ref().map(CallReceipt::node);
        receipt.into_iter().chain(self.ack.as_ref().map(CallAck::node))
    }
}

impl Replier {
    /// A replier that follows a policy.
    #[must_use]
    pub fn new(policy: ReplyPolicy) -> Self {
        Self { policy, own: None, typed: true }
    }

    /// Sets `from` of receipts: this device's `lid` for a sender with a hidden id, else this user's `phone` address.
    ///
    /// Older versions of WhatsApp Web, `oxidezap/whatsapp-rust` and `vinikjkkj/zapo` set it; the current WhatsApp Web does
    /// not. Both work.
    #[must_use]
    pub fn stamp_receipts(self, lid: Jid, phone: Jid) -> Self {
        Self { own: Some((lid, phone)), ..self }
    }

    /// Omits `type` from acks, like `tulir/whatsmeow` and `WhiskeySockets/Baileys`. A peer that asks for video takes
    /// such an ack for a refusal and reverts after about 5 seconds (`purpshell/meowcaller` `CHANGELOG.md`).
    #[must_use]
    pub fn untyped(self) -> Self {
        Self { typed: false, ..self }
    }

    /// The reply to an incoming call stanza.
    ///
    /// `id`, the sender's address and `recipient` are copied unchanged, down to the wire form, and so is `participant`
    /// if it is not the sender. The server fills in `from` and `t` of an ack. Without `recipient` it could not route
    /// the ack.
    ///
    /// # Errors
    /// A stanza without `id` or `from`, which cannot be answered.
    pub fn reply(&self, call: CallStanzaRef<'_>) -> Result<Reply, StanzaError> {
        let envelope = Envelope::of(call.node())?;
        let (with_receipt, with_ack) = self.policy.receipt_and_ack(call.action());
        let receipt = if with_receipt { self.receipt(&envelope, call)? } else { None };
        if self.policy == ReplyPolicy::Web && !names_its_call(call) {
            return Ok(Reply::default());
        }
        let ack = if with_ack { Some(CallAck::try_from(self.ack(&envelope, call).finish())?) } else { None };
        Ok(Reply { receipt, ack })
    }

    /// The ack that refuses a call stanza, under any policy.
    ///
    /// # Errors
    /// A stanza without `id` or `from`.
    ///
    /// ```
    /// use wabinary::stanza::{CallStanza, ErrorCode};
    /// use wabinary::{Jid, Node};
    /// use wabinary_calls::{Replier, ReplyPolicy};
    ///
    /// let call = Node::build("call").attr("from", Jid::SERVER).attr("id", "A1").child("waltz", |_| {}).finish();
    /// let call = CallStanza::try_from(call)?;
    /// let ack = Replier::new(ReplyPolicy::Web).refuse(call.as_ref(), ErrorCode::UnrecognizedStanza)?;
    /// assert_eq!(ack.node().to_string(), r#"<ack class="call" id="A1" to="s.whatsapp.net" type="waltz" error="488"/>"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn refuse(&self, call: CallStanzaRef<'_>, code: ErrorCode) -> Result<CallAck, StanzaError> {
        let ack = self.ack(&Envelope::of(call.node())?, call);
        Ok(CallAck::try_from(ack.attr("error", code.number()).finish())?)
    }

    /// The ack that refuses a call stanza whose protobuf is invalid ([`ErrorCode::InvalidProtobuf`]), with the reason in a
    /// `<meta failure_reason>`.
    ///
    /// # Errors
    /// A stanza without `id` or `from`.
    pub fn refuse_protobuf(&self, call: CallStanzaRef<'_>, failure_reason: u32) -> Result<CallAck, StanzaError> {
        let ack = self.ack(&Envelope::of(call.node())?, call);
        ack.attr("error", ErrorCode::InvalidProtobuf.number())
            .child("meta", |meta| meta.attr("failure_reason", failure_reason));
        Ok(CallAck::try_from(ack.finish())?)
    }

    fn ack(&self, envelope: &Envelope<'_>, call: CallStanzaRef<'_>) -> Builder {
        let node = call.node();
        let action = call.action_node().filter(|_| self.typed).map(NodeRef::tag);
        let ack = Node::build("ack");
        ack.attr("class", "call")
            .attr("id", envelope.id)
            .attr("to", envelope.from)
            .attr_opt("type", action)
            .attr_opt("participant", envelope.participant(node))
            .attr_opt("recipient", node.attr("recipient"));
        ack
    }

    fn receipt(&self, envelope: &Envelope<'_>, call: CallStanzaRef<'_>) -> Result<Option<CallReceipt>, StanzaError> {
        let Some(action) = call.action_node().filter(|_| names_its_call(call)) else { return Ok(None) };
        let has_lid = |jid: JidRef<'_>| matches!(jid.server(), Server::Lid | Server::HostedLid);
        let own = self.own.as_ref().map(|(lid, phone)| match JidRef::from_value(envelope.from) {
            Some(sender) if has_lid(sender) => lid,
            _ => phone,
        });
        let receipt = Node::build("receipt");
        receipt.attr("to", envelope.from).attr("id", envelope.id).attr_opt("from", own).child(action.tag(), |child| {
            child.attr_opt("call-id", action.attr("call-id")).attr_opt("call-creator", action.attr("call-creator"))
        });
        Ok(Some(CallReceipt::try_from(receipt.finish())?))
    }
}

/// The ack of an incoming stanza of any class: a message, a receipt, a notification. A `<call>` gets an ack without
/// `type`, as from whatsmeow; a [`Replier`] chooses between ack and receipt.
///
/// `id`, the sender's address, `participant` and `recipient` are copied unchanged, and `type` unless the stanza is a
/// message. Source: `tulir/whatsmeow` `receipt.go`.
///
/// # Errors
/// A tag that is not acknowledged; a stanza without `id` or `from`.
///
/// ```
/// use wabinary::{Jid, Node};
///
/// let receipt = Node::build("receipt").attr("from", Jid::SERVER).attr("id", "A1").attr("type", "read").finish();
/// let ack = wabinary_calls::acknowledge(&receipt)?;
/// assert_eq!(ack.node().to_string(), r#"<ack class="receipt" id="A1" to="s.whatsapp.net" type="read"/>"#);
/// # Ok::<(), wabinary::StanzaError>(())
/// ```
pub fn acknowledge<'a>(stanza: impl Into<NodeRef<'a>>) -> Result<Ack, StanzaError> {
    let stanza = stanza.into();
    let expected = "call, message, notification, receipt or status";
    let class = Class::of(stanza).ok_or_else(|| StanzaError::Tag { found: stanza.tag().to_owned(), expected })?;
    let envelope = Envelope::of(stanza)?;
    let ack = Node::build("ack");
    ack.attr("class", class.name())
        .attr("id", envelope.id)
        .attr("to", envelope.from)
        .attr_opt("type", stanza.attr("type").filter(|_| class != Class::Message))
        .attr_opt("participant", envelope.participant(stanza))
        .attr_opt("recipient", stanza.attr("recipient"));
    Ok(Ack::try_from(ack.finish())?)
}

/// Whether a call stanza has the attributes that WhatsApp Web requires.
fn names_its_call(call: CallStanzaRef<'_>) -> bool {
    call.call_id().is_some() && matches!(call.call_creator(), Ok(Some(_)))
}

/// The addresses of an answer.
struct Envelope<'a> {
    id: &'a str,
    from: Value<'a>,
}

impl<'a> Envelope<'a> {
    fn of(node: NodeRef<'a>) -> Result<Self, AttrError> {
        let id = text(node, "id").ok_or_else(|| node.attr_error("id", "the id of a stanza"))?;
        let _: JidRef<'_> = node.get("from")?;
        Ok(Self { id, from: node.get("from")? })
    }

    /// The `participant` of the answer: that of the stanza, unless it is the sender.
    fn participant(&self, stanza: NodeRef<'a>) -> Option<Value<'a>> {
        let is_sender = |value: &Value<'_>| JidRef::from_value(*value) == JidRef::from_value(self.from);
        stanza.attr("participant").filter(|value| !is_sender(value))
    }
}
