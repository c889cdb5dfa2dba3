//! What is reported of an answer.

use wabinary::stanza::{AckSeverity, CallAckRef, CallEvidence, CallReceiptRef, CallStanzaRef};
use wabinary::{AttrError, JidRef, NodeRef};

use super::{AnswerReport, ErrorReport, Evidence, Seen};
use crate::answer::AnswerRef;
use crate::{MatchedBy, Verdict, ack_findings, named_call};

impl AnswerReport {
    pub(super) fn of(
        answer: AnswerRef<'_>,
        stanza: Option<(CallStanzaRef<'_>, MatchedBy)>,
        seen: Seen,
        with_remarks: bool,
    ) -> Self {
        let matched_by = stanza.map(|(_, matched_by)| matched_by);
        let stanza = stanza.map(|(stanza, _)| stanza);
        let Verdict { outcome, code } = Verdict::of(answer.node);
        let node = answer.node;
        let mut report = Self {
            kind: answer.kind,
            seen,
            from: address(node.get_opt("from"), node, "from"),
            to: address(node.get_opt("to"), node, "to"),
            typed: node.get_opt::<&str>("type").ok().flatten().map(Box::from),
            outcome,
            error: code.map(|code| code.number()),
            errors: Box::default(),
            relay: false,
            latency: None,
            evidence: Evidence { matched_by, ..Evidence::default() },
            findings: Box::default(),
        };
        if let Ok(ack) = CallAckRef::try_from(node) {
            report.describe_ack(ack, stanza, with_remarks);
        } else if let Ok(receipt) = CallReceiptRef::try_from(node) {
            report.evidence.call_id = Some(receipt.call_id().into());
            report.evidence.call_found_in = Some(CallEvidence::Receipt);
        }
        report
    }

    fn describe_ack(&mut self, ack: CallAckRef<'_>, stanza: Option<CallStanzaRef<'_>>, with_remarks: bool) {
        let errors = ack.errors().map(|entry| ErrorReport {
            code: entry.code().ok().flatten(),
            text: entry.text().ok().flatten().map(Box::from),
            jid: address(entry.jid(), entry.node(), "jid"),
            call_id: entry.call_id().ok().flatten().map(Box::from),
        });
        self.errors = errors.collect();
        self.relay = ack.relay().is_some_and(|relay| relay.is_usable());
        let named = named_call(ack, stanza.map(CallStanzaRef::node));
        self.evidence.call_id = named.map(|call| call.call_id.into());
        self.evidence.call_found_in = named.map(|call| call.found_in);
        let findings = ack_findings(ack.node(), stanza).into_iter();
        self.findings = findings.filter(|found| with_remarks || found.severity() > AckSeverity::Info).collect();
    }
}

/// An address as text. A value that is not a JID stays as it is.
pub(super) fn address(jid: Result<Option<JidRef<'_>>, AttrError>, node: NodeRef<'_>, name: &str) -> Option<Box<str>> {
    match jid {
        Ok(jid) => jid.map(|jid| jid.to_string().into()),
        Err(_) => node.get_opt::<&str>(name).ok().flatten().map(Box::from),
    }
}
