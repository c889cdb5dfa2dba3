//! Whether an ack or a receipt answers a stanza.

use wabinary::stanza::{CallAction, Direction};
use wabinary::{FromValue, JidRef, NodeRef, Value};

use crate::answer::{AnswerKind, AnswerRef, text};
use crate::outline::{action, call_id};
use crate::{Accounts, Class};

/// What an answer and its stanza have in common besides class and `id`; the strongest evidence first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchedBy {
    /// The answer comes from the address that the stanza was sent to, or goes to the address that the stanza came from.
    Address,
    /// The answer comes from another device of that user.
    User,
    /// The answer comes from another address of that account: a hosted device, or `@c.us` for `@s.whatsapp.net`.
    Account,
    /// The answer comes from the hidden id of that phone number, or the reverse; another stanza mapped them.
    Mapped,
    /// The answer names the same call: the receipt of a device in a group call.
    CallId,
    /// The answer comes from the bare server, as in the examples of the specification.
    BareServer,
    /// One of the two has no address to compare.
    IdAlone,
}

named! { MatchedBy {
    Address => "address",
    User => "user",
    Account => "account",
    Mapped => "mapped",
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
    /// Several stanzas have its id, but none has the action that it names.
    Action,
}

named! { Mismatch {
    Id => "id",
    Class => "class",
    Direction => "direction",
    Address => "address",
    Action => "action",
} }

/// Whether an ack or a receipt answers a stanza: class and `id` are the same, and the address is the stanza's, reversed.
///
/// An ack from the server comes from the address that the stanza was sent to (`from` = `to`); one from a client goes to
/// the address that the stanza came from (`to` = `from`). Addresses are compared as JIDs, so that a bare user is device 0.
/// WhatsApp Web requires only this; here, another device of the same [account](JidRef::same_account) matches too, and so
/// does the bare server, as in the specification's examples. A phone number and a hidden id of the same user are different
/// addresses, unless a [`Ledger`](crate::Ledger) learned that they are one. `call-id` does not count, except for the
/// receipt of a device in a group call. `type` does not count either: see [`Ledger`](crate::Ledger).
///
/// # Errors
/// The reason why they do not match; [`Mismatch::Class`] also for a node that is not an answer.
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
    matched(answer, stanza, &Accounts::default())
}

/// Whether an answer with the stanza's id belongs to the stanza.
pub(crate) fn matched(answer: AnswerRef<'_>, stanza: NodeRef<'_>, accounts: &Accounts) -> Result<MatchedBy, Mismatch> {
    if Class::of(stanza) != Some(answer.class) {
        return Err(Mismatch::Class);
    }
    match by_address(answer.node, stanza, accounts) {
        Err(Mismatch::Address) | Ok(MatchedBy::BareServer)
            // Of answers, only receipts for calls have a call id.
            if call_id(stanza).is_some() && call_id(stanza) == call_id(answer.node) =>
        {
            Ok(MatchedBy::CallId)
        }
        other => other,
    }
}

fn by_address(answer: NodeRef<'_>, stanza: NodeRef<'_>, accounts: &Accounts) -> Result<MatchedBy, Mismatch> {
    // A stanza with both addresses has two that its answer may reverse.
    let pairs = [("to", "from"), ("from", "to")];
    let addresses = pairs.map(|(of_stanza, of_answer)| stanza.attr(of_stanza).zip(answer.attr(of_answer)));
    let matches = addresses.into_iter().flatten().map(|(addressed, own)| same_address(addressed, own, accounts));
    let best = matches.min_by_key(|matched| (matched.is_err(), matched.ok()));
    best.unwrap_or_else(|| match (Direction::of(stanza), Direction::of(answer)) {
        (None, _) | (_, None) => Ok(MatchedBy::IdAlone),
        _ => Err(Mismatch::Direction),
    })
}

fn same_address(addressed: Value<'_>, own: Value<'_>, accounts: &Accounts) -> Result<MatchedBy, Mismatch> {
    match (JidRef::from_value(addressed), JidRef::from_value(own)) {
        (Some(addressed), Some(own)) if addressed == own => Ok(MatchedBy::Address),
        (Some(addressed), Some(own)) if addressed.same_user(own) => Ok(MatchedBy::User),
        (Some(addressed), Some(own)) if addressed.same_account(own) => Ok(MatchedBy::Account),
        (Some(addressed), Some(own)) if accounts.are_mapped(addressed, own) => Ok(MatchedBy::Mapped),
        (_, Some(own)) if own == JidRef::SERVER => Ok(MatchedBy::BareServer),
        _ if addressed == own => Ok(MatchedBy::Address),
        _ => Err(Mismatch::Address),
    }
}

/// The known action that an answer names, if the stanza has another. An ack names it in `type`, a receipt by the tag of
/// its child.
pub(crate) fn other_action<'a>(answer: AnswerRef<'a>, stanza: NodeRef<'_>) -> Option<&'a str> {
    let named = match answer.kind {
        AnswerKind::Ack => text(answer.node, "type"),
        AnswerKind::Receipt => action(answer.node).map(NodeRef::tag),
    };
    let named = named.filter(|named| answer.class == Class::Call && CallAction::from_name(plain(named)).is_known())?;
    let own = action(stanza)?.tag();
    let is_same = same_action(named, own) || text(stanza, "type").is_some_and(|kind| same_action(named, kind));
    (!is_same).then_some(named)
}

fn same_action(one: &str, other: &str) -> bool {
    one == other || plain(one) == plain(other)
}

/// The usual name of an action. Actions also have old names, and WhatsApp Web's call engine has names for their
/// answers.
fn plain(name: &str) -> &str {
    let of_answer = ["_ack", "_nack", "_receipt"].into_iter().find_map(|suffix| name.strip_suffix(suffix));
    match of_answer.unwrap_or(name) {
        "raise_hand" => "user_action",
        "mute" => "mute_v2",
        name => name,
    }
}
