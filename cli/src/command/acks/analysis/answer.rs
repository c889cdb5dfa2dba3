//! What is reported of an answer.

use wabinary::stanza::{
    AckSeverity, CallAckRef, CallEvidence, CallReceiptRef, CallStanza, CallStanzaRef, Direction as Addressed,
    MatchedBy, Outcome as AckOutcome,
};
use wabinary::{AttrError, JidRef, Node, NodeRef};

use super::View;
use crate::command::acks::report::{Answer, ErrorEntry, Event, Evidence, Finding, Kind, Outcome};
use crate::record::Direction;

/// A node that was taken for an answer before.
pub(super) fn view(node: NodeRef<'_>) -> Option<View<'_>> {
    CallAckRef::try_from(node).map(View::Ack).or_else(|_| CallReceiptRef::try_from(node).map(View::Receipt)).ok()
}

impl<'a> View<'a> {
    pub(super) fn node(self) -> NodeRef<'a> {
        match self {
            Self::Ack(ack) => ack.node(),
            Self::Receipt(receipt) => receipt.node(),
        }
    }
}

/// As the device that captures sees it.
pub(super) fn of_addresses(direction: Addressed) -> Option<Direction> {
    match direction {
        Addressed::ToServer => Some(Direction::Send),
        Addressed::FromServer => Some(Direction::Receive),
        Addressed::Unknown => None,
    }
}

pub(super) fn direction(view: View<'_>) -> Option<Direction> {
    of_addresses(match view {
        View::Ack(ack) => ack.direction(),
        View::Receipt(receipt) => receipt.direction(),
    })
}

/// As much of a call stanza as answers and findings are looked at beside.
pub(super) fn outline(call: CallStanzaRef<'_>) -> CallStanza {
    let node = call.node();
    let mut outline = Node::build("call");
    for name in ["id", "from", "to", "participant", "recipient"] {
        outline.attr_opt(name, node.attr(name));
    }
    if let Some(action) = call.action_node() {
        outline.child(action.tag(), |child| {
            for name in ["call-id", "call-creator"] {
                child.attr_opt(name, action.attr(name));
            }
        });
    }
    // Copied, for the builder leaves room for more.
    CallStanza::try_from(outline.finish().as_ref().to_node()).unwrap_or_else(|_| call.to_owned())
}

impl Answer {
    pub(super) fn of(
        view: View<'_>,
        stanza: Option<(CallStanzaRef<'_>, MatchedBy)>,
        event: Event,
        with_remarks: bool,
    ) -> Self {
        let matched_by = stanza.map(|(_, matched_by)| matched_by.name());
        let stanza = stanza.map(|(stanza, _)| stanza);
        match view {
            View::Ack(ack) => Self::of_ack(ack, stanza, matched_by, event, with_remarks),
            View::Receipt(receipt) => Self {
                kind: Kind::Receipt,
                event,
                from: address(receipt.from(), receipt.node(), "from"),
                to: address(receipt.to(), receipt.node(), "to"),
                typed: receipt.kind().ok().flatten().map(Box::from),
                outcome: Outcome::Accepted,
                error: None,
                errors: Box::default(),
                relay: false,
                latency: None,
                evidence: Evidence {
                    matched_by,
                    call_id: Some(receipt.call_id().into()),
                    call_found_in: Some(CallEvidence::Receipt.name()),
                },
                findings: Box::default(),
            },
        }
    }

    fn of_ack(
        ack: CallAckRef<'_>,
        stanza: Option<CallStanzaRef<'_>>,
        matched_by: Option<&'static str>,
        event: Event,
        with_remarks: bool,
    ) -> Self {
        let errors = ack.errors().map(|entry| ErrorEntry {
            code: entry.code().ok().flatten(),
            text: entry.text().ok().flatten().map(Box::from),
            jid: address(entry.jid(), entry.node(), "jid"),
            call_id: entry.call_id().ok().flatten().map(Box::from),
        });
        let (outcome, error) = match ack.outcome() {
            AckOutcome::Accepted => (Outcome::Accepted, None),
            AckOutcome::Refused(code) => (Outcome::Refused, code.map(|code| code.number())),
            AckOutcome::PartlyRefused => (Outcome::PartlyRefused, ack.error().ok().flatten()),
        };
        let named = ack.call(stanza);
        let findings = ack.findings(stanza);
        let is_shown = |severity| with_remarks || severity != AckSeverity::Info;
        Self {
            kind: Kind::Ack,
            event,
            from: address(ack.from(), ack.node(), "from"),
            to: address(ack.to(), ack.node(), "to"),
            typed: ack.kind().ok().flatten().map(Box::from),
            outcome,
            error,
            errors: errors.collect(),
            relay: ack.relay().is_some_and(|relay| relay.is_usable()),
            latency: None,
            evidence: Evidence {
                matched_by,
                call_id: named.map(|call| call.call_id.into()),
                call_found_in: named.map(|call| call.found_in.name()),
            },
            findings: findings
                .iter()
                .filter(|finding| is_shown(finding.severity()))
                .map(|finding| Finding {
                    rule: finding.rule().code(),
                    severity: finding.severity().name(),
                    message: finding.message().into(),
                })
                .collect(),
        }
    }
}

/// An address as text; one that is no JID as it stands.
pub(super) fn address(jid: Result<Option<JidRef<'_>>, AttrError>, node: NodeRef<'_>, name: &str) -> Option<Box<str>> {
    match jid {
        Ok(jid) => jid.map(|jid| jid.to_string().into()),
        Err(_) => node.get_opt::<&str>(name).ok().flatten().map(Box::from),
    }
}
