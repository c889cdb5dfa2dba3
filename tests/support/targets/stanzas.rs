//! Typed views of any tree.

use wabinary::stanza::{
    Ack, AckSeverity, CallAck, CallReceipt, CallStanza, ErrorCode, Replier, ReplyPolicy, SECRET_CONTENTS, Timeouts,
    Tracker, ack_findings, redacted,
};
use wabinary::{Decoder, Node, NodeRef};

use super::checks::Setup;

const POLICIES: [ReplyPolicy; 3] = [ReplyPolicy::Web, ReplyPolicy::WacrgSpec, ReplyPolicy::AckOnly];

/// Whatever decodes can be viewed as each stanza: what is no such stanza comes back as it was, what is one keeps all of
/// its node, has every field read, and is answered and tracked.
pub(crate) fn any_frame(data: &[u8]) {
    let Some((&options, frame)) = data.split_first() else { return };
    let mut decoder: Decoder = Setup::of(options).decoder();
    let Ok(node) = decoder.decode_slice(frame).map(|node| node.to_node()) else { return };
    any_tree(&node);
    for child in node.children().take(8) {
        any_tree(&child.to_node());
    }
}

fn any_tree(node: &Node) {
    let call = CallStanza::try_from(node.clone()).ok();
    let is_call_ack = call_ack(node, call.as_ref());
    let is_refused = ack_findings(node, None).iter().any(|finding| finding.severity() == AckSeverity::Error);
    assert_eq!(is_call_ack, !is_refused);
    let hidden = redacted(node);
    assert_eq!((hidden.tag(), hidden.attrs().len()), (node.tag(), node.attrs().len()));
    let is_shown = |child: NodeRef<'_>| !child.bytes().is_empty() && !child.bytes().starts_with(b"[redacted");
    assert!(!hidden.children().any(|child| SECRET_CONTENTS.contains(&child.tag()) && is_shown(child)));
    match Ack::try_from(node.clone()) {
        Ok(ack) => assert_eq!((format!("{ack:?}").is_empty(), &ack.into_node()), (false, node)),
        Err((same, _)) => assert_eq!(same, *node),
    }
    let mut tracker = Tracker::new(Timeouts::default(), 4);
    let now = std::time::Duration::from_secs(1);
    if let Some(call) = &call {
        assert!(!format!("{call:?}").is_empty());
        assert_eq!(tracker.register(call, now).is_ok(), call.as_ref().id().is_some());
        for replier in POLICIES.map(Replier::new) {
            let reply = replier.reply(call.as_ref());
            assert_eq!(reply.is_ok(), replier.refuse(call.as_ref(), ErrorCode::from(488)).is_ok());
            for sent in reply.iter().flat_map(|reply| reply.stanzas()) {
                assert_eq!(sent.attr("id").map(|id| format!("{id:?}")), node.attr("id").map(|id| format!("{id:?}")));
                tracker.receive(sent, now);
            }
        }
    }
    if let Ok(receipt) = CallReceipt::try_from(node.clone()) {
        assert!(!receipt.as_ref().id().is_empty() && !receipt.as_ref().call_id().is_empty());
        tracker.receive(&receipt, now);
        assert_eq!(receipt.into_node(), *node);
    }
    tracker.receive(node, now);
    assert!(tracker.pending().count() <= 1);
}

/// Whether a tree is a call ack.
fn call_ack(node: &Node, call: Option<&CallStanza>) -> bool {
    let ack = match CallAck::try_from(node.clone()) {
        Ok(ack) => ack,
        Err((same, _)) => {
            assert_eq!(same, *node);
            return false;
        }
    };
    let view = ack.as_ref();
    assert!(!view.id().is_empty());
    let _ = (view.from(), view.to(), view.participant(), view.recipient(), view.kind(), view.t(), view.error());
    let _ = (view.direction(), view.action(), view.outcome(), view.call(call.map(CallStanza::as_ref)));
    let _ = view.relay().map(|relay| format!("{relay:?}"));
    assert!(view.errors().all(|error| !format!("{error:?}").is_empty()));
    assert!(view.unknown_attrs().count() <= node.attrs().len());
    assert!(view.unknown_children().count() <= node.children().len());
    assert!(!format!("{ack:?}").is_empty());
    assert_eq!(ack.into_node(), *node);
    true
}
