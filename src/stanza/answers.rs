//! Whether an ack or a receipt answers a call stanza.

use super::{CallAckRef, CallReceiptRef, CallStanzaRef, Direction, text};
use crate::jid::JidRef;
use crate::node::{FromValue, NodeRef, Value};

/// By what an answer belongs to a call stanza, beside its `id`; the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MatchedBy {
    /// It comes from the address that the stanza was sent to, or goes to the one that it came from.
    Address,
    /// From another device of the user addressed.
    User,
    /// The call is the same: the receipt of a device in a group call.
    CallId,
    /// The bare server answers, as in the specification's examples.
    BareServer,
    /// One of the two has no address to go by.
    IdAlone,
}

impl MatchedBy {
    /// The name used in JSON and in documents; stable across versions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::User => "user",
            Self::CallId => "call-id",
            Self::BareServer => "bare-server",
            Self::IdAlone => "id",
        }
    }
}

/// Why an answer does not belong to a call stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mismatch {
    /// The stanza has another `id`, or none.
    Id,
    /// Both go the same way.
    Direction,
    /// The answer is from someone else, or for someone else.
    Address,
}

impl Mismatch {
    /// The name used in JSON and in documents; stable across versions.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Direction => "direction",
            Self::Address => "address",
        }
    }
}

impl CallAckRef<'_> {
    /// Whether this ack answers that call stanza: the `id` is the same, and the address is the stanza's, reversed.
    ///
    /// An ack from the server is from whom the stanza was sent to (`from` = `to`); one from a client goes to whom it came
    /// from (`to` = `from`). Addresses are compared as JIDs, so that a bare user is device 0. WhatsApp Web asks for just
    /// this; here another device of the same user will do, and the bare server, which the specification's examples have.
    /// A phone number and a hidden id of the same user are different addresses. `call-id` does not count.
    ///
    /// # Errors
    /// What does not fit.
    ///
    /// ```
    /// use wabinary::stanza::{CallAck, CallStanza, MatchedBy, Mismatch};
    /// use wabinary::{Jid, Node};
    ///
    /// let peer: Jid = "100000022222222@lid".parse()?;
    /// let offer = Node::build("call").attr("to", &peer).attr("id", "A1").child("offer", |_| {}).finish();
    /// let offer = CallStanza::try_from(offer).unwrap();
    /// let answers = |from: &str, id: &str| {
    ///     CallAck::build(id).from(from).finish().as_ref().answers(offer.as_ref())
    /// };
    /// assert_eq!(answers("100000022222222@lid", "A1"), Ok(MatchedBy::Address));
    /// assert_eq!(answers("100000022222222:3@lid", "A1"), Ok(MatchedBy::User));
    /// assert_eq!(answers("s.whatsapp.net", "A1"), Ok(MatchedBy::BareServer));
    /// assert_eq!(answers("100000033333333@lid", "A1"), Err(Mismatch::Address));
    /// assert_eq!(answers("100000022222222@lid", "A2"), Err(Mismatch::Id));
    /// # Ok::<(), wabinary::JidError>(())
    /// ```
    pub fn answers(self, call: CallStanzaRef<'_>) -> Result<MatchedBy, Mismatch> {
        answers(self.node(), call)
    }
}

impl CallReceiptRef<'_> {
    /// Whether this is the receipt of that call stanza: the `id` is the same, and the address is the stanza's, reversed,
    /// or the call is the same. See [`CallAckRef::answers`].
    ///
    /// # Errors
    /// What does not fit.
    pub fn answers(self, call: CallStanzaRef<'_>) -> Result<MatchedBy, Mismatch> {
        match answers(self.node(), call) {
            Err(Mismatch::Address) | Ok(MatchedBy::BareServer) if call.call_id() == Some(self.call_id()) => {
                Ok(MatchedBy::CallId)
            }
            other => other,
        }
    }
}

fn answers(answer: NodeRef<'_>, call: CallStanzaRef<'_>) -> Result<MatchedBy, Mismatch> {
    if call.id().is_none() || text(answer, "id") != call.id() {
        return Err(Mismatch::Id);
    }
    // A stanza that its client stamps with both addresses has two that may be reversed.
    let pairs = [("to", "from"), ("from", "to")];
    let addresses = pairs.map(|(of_call, of_answer)| call.node().attr(of_call).zip(answer.attr(of_answer)));
    let matches = addresses.into_iter().flatten().map(|(addressed, own)| same_address(addressed, own));
    let best = matches.min_by_key(|matched| (matched.is_err(), matched.ok()));
    best.unwrap_or_else(|| match (call.direction(), Direction::of(answer)) {
        (Direction::Unknown, _) | (_, Direction::Unknown) => Ok(MatchedBy::IdAlone),
        _ => Err(Mismatch::Direction),
    })
}

fn same_address(addressed: Value<'_>, own: Value<'_>) -> Result<MatchedBy, Mismatch> {
    match (JidRef::from_value(addressed), JidRef::from_value(own)) {
        (Some(addressed), Some(own)) if addressed == own => Ok(MatchedBy::Address),
        (Some(addressed), Some(own)) if addressed.same_user(&own) => Ok(MatchedBy::User),
        (_, Some(own)) if own == JidRef::SERVER => Ok(MatchedBy::BareServer),
        _ if addressed == own => Ok(MatchedBy::Address),
        _ => Err(Mismatch::Address),
    }
}
