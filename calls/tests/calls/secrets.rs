//! No `Debug` or message of this crate shows a planted secret.

use std::time::Duration;

use wabinary::Node;
use wabinary::stanza::{CallAck, CallStanza};
use wabinary_calls::{Event, Replier, ReplyPolicy, Timeouts, Tracker, Verdict, ack_findings};
use wabinary_testing::made::ALICE;
use wabinary_testing::secrets::{acks, calls, debug_hides, hides, plant};

#[test]
fn findings_and_verdicts() {
    for ack in acks() {
        debug_hides("Verdict", &Verdict::of(&ack));
        for call in calls() {
            let call = CallStanza::try_from(call).unwrap();
            for finding in ack_findings(&ack, Some(call.as_ref())) {
                hides("AckFinding", &finding.to_string());
                debug_hides("AckFinding", &finding);
            }
        }
    }
}

#[test]
fn replies() {
    for stanza in calls() {
        let call = CallStanza::try_from(stanza).unwrap();
        for policy in [ReplyPolicy::Web, ReplyPolicy::WacrgSpec, ReplyPolicy::AckOnly] {
            let replier = Replier::new(policy);
            debug_hides("Replier", &replier);
            if let Ok(reply) = replier.reply(call.as_ref()) {
                debug_hides("Reply", &reply);
                // Replies contain no secrets.
                reply.stanzas().for_each(|node| hides("reply", &node.to_string()));
            }
        }
    }
}

#[test]
fn events_of_a_tracker() {
    for stanza in calls() {
        let is_sent = stanza.attr("to").is_some();
        let mut tracker = Tracker::new(Timeouts::default(), 1);
        let pass = |tracker: &mut Tracker, node: &Node, is_sent: bool| {
            if is_sent { tracker.send(node, Duration::ZERO) } else { tracker.receive(node, Duration::ZERO) }
        };
        debug_hides("Event", &pass(&mut tracker, &stanza, is_sent));
        let other = stanza.edit().set("id", "B").finish();
        let events = pass(&mut tracker, &other, is_sent);
        let shown: Vec<_> = events.iter().filter(|event| !matches!(event, Event::Evicted(_))).collect();
        assert!(shown.len() < events.len(), "the first stanza gives way");
        debug_hides("Event", &shown);
        debug_hides("Tracker", &tracker);
        debug_hides("Pending", &tracker.pending().collect::<Vec<_>>());
        let address = if is_sent { "from" } else { "to" };
        let ack = CallAck::build("B").attr(address, ALICE).child("relay", plant).finish();
        for _ in 0..2 {
            debug_hides("Event", &pass(&mut tracker, ack.node(), !is_sent));
        }
        debug_hides("Tracker", &tracker);
    }
}
