//! Whether an ack or a receipt answers a stanza.

use wabinary::stanza::Direction;
use wabinary::{FromValue, JidRef, NodeRef, Value};

use crate::Class;
use crate::answer::{AnswerKind, AnswerRef, text};
use crate::outline::call_id;

/// What an answer and its stanza have in common beside class and `id`; the strongest evidence first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchedBy {
    /// The answer comes from the address that the stanza was sent to, or goes to the one that it came from.
    Address,
    /// It comes from another device of the user addressed.
    User,
    /// It names the same call: the receipt of a device in a group call.
    CallId,
    /// It comes from the bare server, as in the examples of the specification.
    BareServer,
    /// One of the two has no address to compare.
    IdAlone,
}

named! { MatchedBy {
    Address => "address",
    User => "user",
    CallId => "call-id",
    BareServer => "bare-server",
    IdAlone => "id",
} }

/// Why an answer does not belong to a stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mismatch {
    /// The stanza has another `id`, or none.
    Id,
    /// The answer is for a stanza of another class.
    Class,
    /// Both go the same way.
    Direction,
    /// The answer is from someone else, or for someone else.
    Address,
}

named! { Mismatch {
    Id => "id",
    Class => "class",
    Direction => "direction",
    Address => "address",
} }

/// Whether an ack or a receipt answers a stanza: class and `id` are the same, and the address is the stanza's, reversed.
///
/// An ack from the server comes from the address that the stanza was sent to (`from` = `to`); one from a client goes to
/// the address that the stanza came from (`to` = `from`). Addresses are compared as JIDs, so that a bare user is device 0.
/// WhatsApp Web requires just this; here another device of the same user matches too, and so does the bare server, which
/// the specification's examples have. A phone number and a hidden id of the same user are different addresses. `call-id`
/// does not count, except for the receipt of a device in a group call.
///
/// # Errors
/// What does not fit; [`Mismatch::Class`] also for a node that answers nothing.
///
/// ```
/// use wabinary::{Jid, Node, stanza::CallAck};
/// use wabinary_calls::{MatchedBy, Mismatch, answers};
///
/// let peer: Jid = "100000022222222@lid".parse()?;
/// let offer = Node::build("call").attr("to", &peer).attr("id", "A1").child("offer", |_| {}).finish();
/// let ack = |from: &str, id: &str| CallAck::build(id).from_jid(from).finish();
/// assert_eq!(answers(&ack("100000022222222@lid", "A1"), &offer), Ok(MatchedBy::Address));
/// assert_eq!(answers(&ack("100000022222222:3@lid", "A1"), &offer), Ok(MatchedBy::User));
/// assert_eq!(answers(&ack("s.whatsapp.net", "A1"), &offer), Ok(MatchedBy::BareServer));
/// assert_eq!(answers(&ack("100000033333333@lid", "A1"), &offer), Err(Mismatch::Address));
/// assert_eq!(answers(&ack("100000022222222@lid", "A2"), &offer), Err(Mismatch::Id));
/// # Ok::<(), wabinary::JidError>(())
/// ```
pub fn answers<'a, 's>(answer: impl Into<NodeRef<'a>>, stanza: impl Into<NodeRef<'s>>) -> Result<MatchedBy, Mismatch> {
    let (answer, stanza) = (AnswerRef::of(answer.into()).ok_or(Mismatch::Class)?, stanza.into());
    let id = text(stanza, "id").ok_or(Mismatch::Id)?;
    if answer.ids().all(|answered| answered != id) {
        return Err(Mismatch::Id);
    }
    matched(answer, stanza)
}

/// The same for an answer that is known to have the stanza's id.
pub(crate) fn matched(answer: AnswerRef<'_>, stanza: NodeRef<'_>) -> Result<MatchedBy, Mismatch> {
    if Class::of(stanza) != Some(answer.class) {
        return Err(Mismatch::Class);
    }
    let by_address = by_address(answer.node, stanza);
    let is_call_receipt = answer.kind == AnswerKind::Receipt && answer.class == Class::Call;
    match by_address {
        Err(Mismatch::Address) | Ok(MatchedBy::BareServer)
            if is_call_receipt && call_id(stanza).is_some() && call_id(stanza) == call_id(answer.node) =>
        {
            Ok(MatchedBy::CallId)
        }
        other => other,
    }
}

fn by_address(answer: NodeRef<'_>, stanza: NodeRef<'_>) -> Result<MatchedBy, Mismatch> {
    // A stanza that its client stamps with both addresses has two that may be reversed.
    let pairs = [("to", "from"), ("from", "to")];
    let addresses = pairs.map(|(of_stanza, of_answer)| stanza.attr(of_stanza).zip(answer.attr(of_answer)));
    let matches = addresses.into_iter().flatten().map(|(addressed, own)| same_address(addressed, own));
    let best = matches.min_by_key(|matched| (matched.is_err(), matched.ok()));
    best.unwrap_or_else(|| match (Direction::of(stanza), Direction::of(answer)) {
        (None, _) | (_, None) => Ok(MatchedBy::IdAlone),
        _ => Err(Mismatch::Direction),
    })
}

fn same_address(addressed: Value<'_>, own: Value<'_>) -> Result<MatchedBy, Mismatch> {
    match (JidRef::from_value(addressed), JidRef::from_value(own)) {
        (Some(addressed), Some(own)) if addressed == own => Ok(MatchedBy::Address),
        (Some(addressed), Some(own)) if addressed.same_user(own) => Ok(MatchedBy::User),
        (_, Some(own)) if own == JidRef::SERVER => Ok(MatchedBy::BareServer),
        _ if addressed == own => Ok(MatchedBy::Address),
        _ => Err(Mismatch::Address),
    }
}
