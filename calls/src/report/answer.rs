//! The report of one answer.

use wabinary::stanza::{
    AckFinding, AckSeverity, CallAckRef, CallEvidence, CallReceiptRef, CallStanzaRef, ErrorEntry, Refusal,
};
use wabinary::{AttrError, JidRef, NodeRef};

use super::{AnswerReport, ErrorReport, Evidence, Seen};
use crate::answer::AnswerRef;
use crate::findings::names_other;
use crate::{Accounts, Code, MatchedBy, Verdict, ack_findings, named_call};

impl AnswerReport {
    pub(super) fn of(
        answer: AnswerRef<'_>,
        stanza: Option<(CallStanzaRef<'_>, MatchedBy)>,
        seen: Seen,
        accounts: &Accounts,
        with_remarks: bool,
    ) -> Self {
        let matched_by = stanza.map(|(_, matched_by)| matched_by);
        let stanza = stanza.map(|(stanza, _)| stanza);
        let Verdict { outcome, code } = Verdict::beside(answer.node, stanza.map(CallStanzaRef::node), accounts);
        let node = answer.node;
        let mut report = Self {
            kind: answer.kind,
            seen,
            from: address(node.get_opt("from"), node, "from"),
            to: address(node.get_opt("to"), node, "to"),
            typed: node.get_opt::<&str>("type").ok().flatten().map(Box::from),
            outcome,
            error: code,
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
            let findings = stanza.and_then(|stanza| names_other(answer, stanza));
            report.findings = findings.into_iter().collect();
        }
        report
    }

    fn describe_ack(&mut self, ack: CallAckRef<'_>, stanza: Option<CallStanzaRef<'_>>, with_remarks: bool) {
        self.errors = ack.errors().map(ErrorReport::from).chain(ack.refusals().map(ErrorReport::from)).collect();
        self.relay = ack.relay().is_some_and(|relay| relay.is_usable());
        let named = named_call(ack, stanza.map(CallStanzaRef::node));
        self.evidence.call_id = named.map(|call| call.call_id.into());
        self.evidence.call_found_in = named.map(|call| call.found_in);
        let findings = ack_findings(ack.node(), stanza).into_iter();
        self.findings = findings.filter(|found| with_remarks || found.severity() > AckSeverity::Info).collect();
    }
}

impl AnswerReport {
    /// Adds a finding that needs more of the capture.
    pub(super) fn add_finding(&mut self, finding: AckFinding) {
        if self.findings.iter().any(|other| other.rule() == finding.rule()) {
            return;
        }
        let mut findings = std::mem::take(&mut self.findings).into_vec();
        findings.push(finding);
        self.findings = findings.into();
    }
}

impl From<ErrorEntry<'_>> for ErrorReport {
    fn from(entry: ErrorEntry<'_>) -> Self {
        Self {
            element: entry.node().tag().into(),
            is_of_device: false,
            code: entry.node().attr("code").or_else(|| entry.node().attr("error")).and_then(Code::of),
            text: entry.text().ok().flatten().map(Box::from),
            jid: address(entry.jid(), entry.node(), "jid"),
            call_id: entry.call_id().ok().flatten().map(Box::from),
        }
    }
}

impl From<Refusal<'_>> for ErrorReport {
    fn from(refusal: Refusal<'_>) -> Self {
        Self {
            element: refusal.node().tag().into(),
            is_of_device: refusal.is_of_device(),
            code: Code::of(refusal.value()),
            text: None,
            jid: address(refusal.jid(), refusal.node(), "jid"),
            call_id: None,
        }
    }
}

/// An address as text. A value that is not a JID stays as it is.
pub(super) fn address(jid: Result<Option<JidRef<'_>>, AttrError>, node: NodeRef<'_>, name: &str) -> Option<Box<str>> {
    match jid {
        Ok(jid) => jid.map(|jid| jid.to_string().into()),
        Err(_) => node.get_opt::<&str>(name).ok().flatten().map(Box::from),
    }
}
