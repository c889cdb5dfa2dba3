//! Finds the call that an ack belongs to.

use wabinary::NodeRef;
use wabinary::stanza::{CallAckRef, CallEvidence, NamedCall};

use crate::matching::answers;
use crate::outline::action;

/// The call that an ack belongs to: the one that it [names itself](CallAckRef::named_call), else the call of `stanza`.
/// A stanza that the ack does not [answer](answers()) does not count.
///
/// Never assume a call that nothing names: a client that took the only active call for the refused one ended the wrong
/// call.
///
/// ```
/// use wabinary::stanza::{CallAck, CallEvidence};
/// use wabinary::{Jid, Node};
/// use wabinary_calls::named_call;
///
/// let peer: Jid = "100000022222222@lid".parse()?;
/// let offer = Node::build("call").attr("to", &peer).attr("id", "A1")
///     .child("offer", |offer| offer.attr("call-id", "0123"))
///     .finish();
/// let ack = CallAck::build("A1").from_jid(&peer).error(403).finish();
/// let call = named_call(ack.as_ref(), Some(offer.as_ref())).unwrap();
/// assert_eq!((call.call_id, call.found_in), ("0123", CallEvidence::Call));
/// assert_eq!(named_call(ack.as_ref(), None), None);
/// # Ok::<(), wabinary::JidError>(())
/// ```
#[must_use]
pub fn named_call<'a>(ack: CallAckRef<'a>, stanza: Option<NodeRef<'a>>) -> Option<NamedCall<'a>> {
    ack.named_call().or_else(|| {
        let stanza = stanza.filter(|stanza| answers(ack.node(), *stanza).is_ok())?;
        NamedCall::of(action(stanza)?, CallEvidence::Call)
    })
}
