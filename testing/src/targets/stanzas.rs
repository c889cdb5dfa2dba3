//! Typed views of any tree.

use wabinary::stanza::{
    Ack, AckSeverity, CallAck, CallReceipt, CallStanza, Direction, ErrorCode, SECRET_CONTENTS, redacted,
};
use wabinary::{Decoder, Node, NodeRef};
use wabinary_calls::{
    Class, Event, Ledger, Replier, ReplyPolicy, Timeouts, Tracker, Verdict, ack_findings, acknowledge, named_call,
};

use crate::checks::Setup;

const POLICIES: [ReplyPolicy; 3] = [ReplyPolicy::Web, ReplyPolicy::WacrgSpec, ReplyPolicy::AckOnly];

/// Any tree can be tried as each stanza. A node that is another stanza comes back unchanged; a matching one keeps all
/// of its node, and every field is read, answered and tracked.
pub fn any_frame(data: &[u8]) {
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
        Err(error) => assert_eq!(error.into_node(), *node),
    }
    let mut tracker = Tracker::new(Timeouts::default(), 4).watching(Class::ALL);
    let now = std::time::Duration::from_secs(1);
    let received = tracker.receive(node, now);
    let is_opened = received.iter().any(|event| matches!(event, Event::Opened(_)));
    let is_acknowledged =
        Class::of(node).is_some() && node.get_opt::<&str>("id").is_ok_and(|id| id.is_some_and(|id| !id.is_empty()));
    assert_eq!(is_opened, is_acknowledged);
    assert_eq!(tracker.unacknowledged().count(), usize::from(is_opened));
    if let Ok(ack) = acknowledge(node) {
        tracker.send(&ack, now);
        assert_eq!(tracker.unacknowledged().count(), 0, "what acknowledges a stanza settles it");
    }
    let mut ledger = Ledger::new();
    let seen = ledger.see(node, Some(Direction::Send), || ());
    assert!(seen.len() >= ledger.len());
    if let Some(call) = &call {
        assert!(!format!("{call:?}").is_empty());
        for replier in POLICIES.map(Replier::new) {
            let reply = replier.reply(call.as_ref());
            assert_eq!(reply.is_ok(), replier.refuse(call.as_ref(), ErrorCode::from(488)).is_ok());
            for sent in reply.iter().flat_map(|reply| reply.stanzas()) {
                assert_eq!(sent.attr("id").map(|id| format!("{id:?}")), node.attr("id").map(|id| format!("{id:?}")));
                tracker.send(sent, now);
            }
        }
    }
    if let Ok(receipt) = CallReceipt::try_from(node.clone()) {
        assert!(!receipt.as_ref().id().is_empty() && !receipt.as_ref().call_id().is_empty());
        assert_eq!(receipt.into_node(), *node);
    }
}

/// Whether a tree is a call ack.
fn call_ack(node: &Node, call: Option<&CallStanza>) -> bool {
    let ack = match CallAck::try_from(node.clone()) {
        Ok(ack) => ack,
        Err(error) => {
            assert_eq!(error.into_node(), *node);
            return false;
        }
    };
    let view = ack.as_ref();
    assert!(!view.id().is_empty());
    let _ = (view.from_jid(), view.to_jid(), view.participant(), view.recipient(), view.kind(), view.t(), view.error());
    let _ = (
        view.direction(),
        view.action(),
        Verdict::of(ack.node()),
        named_call(view, call.map(CallStanza::node).map(Node::as_ref)),
    );
    let _ = view.relay().map(|relay| format!("{relay:?}"));
    assert!(view.errors().all(|error| !format!("{error:?}").is_empty()));
    assert!(view.unknown_attrs().count() <= node.attrs().len());
    assert!(view.unknown_children().count() <= node.children().len());
    assert!(!format!("{ack:?}").is_empty());
    assert_eq!(ack.into_node(), *node);
    true
}
