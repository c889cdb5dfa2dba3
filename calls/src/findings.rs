//! Findings in an ack and the stanza that it answers.

use wabinary::stanza::{AckFinding, AckRule, CallAckRef, CallAction, CallStanzaRef, Direction};
use wabinary::{FromValue, JidRef, NodeRef, Value};

use crate::answer::{AnswerRef, text};
use crate::matching::other_action;
use crate::outline::action;

/// Finds everything unusual or wrong in a node that should be a call ack. The rules of
/// [`wabinary::stanza::ack_findings`] need only the ack. Six rules need `call`, the stanza that it answers:
/// [`AckRule::DifferentCalls`], [`AckRule::RecipientOfParticipant`], [`AckRule::UntypedVideo`],
/// [`AckRule::OtherAction`], [`AckRule::NoRecipient`] and [`AckRule::NoParticipant`].
///
/// ```
/// use wabinary::stanza::{AckRule, CallAck, CallStanza};
/// use wabinary::{Jid, Node};
/// use wabinary_calls::ack_findings;
///
/// let video = Node::build("call").attr("from", Jid::SERVER).attr("id", "A1").child("video", |_| {}).finish();
/// let video = CallStanza::try_from(video)?;
/// let ack = CallAck::build("A1").to_jid(Jid::SERVER).finish();
/// assert_eq!(ack_findings(&ack, Some(video.as_ref()))[0].rule(), AckRule::UntypedVideo);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn ack_findings<'a>(node: impl Into<NodeRef<'a>>, call: Option<CallStanzaRef<'_>>) -> Vec<AckFinding> {
    let node = node.into();
    let mut findings = wabinary::stanza::ack_findings(node);
    if let (Ok(ack), Some(call)) = (CallAckRef::try_from(node), call) {
        if let Some(found) = different_calls(ack, call) {
            findings.retain(|other| other.rule() != AckRule::DifferentCalls);
            findings.push(found);
        }
        findings.extend(AnswerRef::of(node).and_then(|answer| names_other(answer, call)));
        if ack.direction() == Some(Direction::Send) {
            findings.extend(of_client(ack, call));
        }
        findings.sort_by_key(AckFinding::rule);
    }
    findings
}

/// The ack names another call than the stanza.
fn different_calls(ack: CallAckRef<'_>, call: CallStanzaRef<'_>) -> Option<AckFinding> {
    let one = call.call_id()?;
    let mut named = ack.node().children().filter_map(|child| text(child, "call-id"));
    let other = named.find(|other| *other != one)?;
    Some(AckFinding::new(AckRule::DifferentCalls, &[("one", &one), ("other", &other)]))
}

/// The answer names another action than its stanza has.
pub(crate) fn names_other(answer: AnswerRef<'_>, call: CallStanzaRef<'_>) -> Option<AckFinding> {
    let named = other_action(answer, call.node())?;
    let own = action(call.node())?.tag();
    let values: [(&str, &dyn std::fmt::Display); 3] =
        [("kind", &answer.kind.name()), ("named", &named), ("action", &own)];
    Some(AckFinding::new(AckRule::OtherAction, &values))
}

/// Mistakes of a client in its ack of a call stanza.
fn of_client(ack: CallAckRef<'_>, call: CallStanzaRef<'_>) -> impl Iterator<Item = AckFinding> {
    let jid = |value: Option<Value<'_>>| value.and_then(JidRef::from_value).map(|jid| jid.to_string());
    let recipient = jid(ack.node().attr("recipient"));
    let is_copied = recipient.is_some()
        && call.node().attr("recipient").is_none()
        && recipient == jid(call.node().attr("participant"));
    let has =
        |node: NodeRef<'_>, name| node.attr(name).is_some_and(|value| !matches!(value, Value::Null | Value::Text("")));
    let leaves_out = |name| has(call.node(), name) && !has(ack.node(), name);
    let participant = jid(call.node().attr("participant"))
        .filter(|participant| leaves_out("participant") && Some(participant) != jid(call.node().attr("from")).as_ref());
    let participant = participant.unwrap_or_default();
    let is_untyped = call.action() == Some(CallAction::Video) && ack.action() != Some(CallAction::Video);
    let found = [
        (is_copied, AckRule::RecipientOfParticipant),
        (is_untyped, AckRule::UntypedVideo),
        (leaves_out("recipient"), AckRule::NoRecipient),
        // An ack that copied the participant to the wrong place did not leave it out.
        (!participant.is_empty() && !is_copied, AckRule::NoParticipant),
    ];
    let found = found.into_iter().filter(|(is_found, _)| *is_found);
    found.map(move |(_, rule)| AckFinding::new(rule, &[("participant", &participant)]))
}
