//! Fills findings and discrepancies into the issue forms of the public call research group.
//!
//! Source: `WhiskeySockets/wacrg` `.github/ISSUE_TEMPLATE/protocol_finding.yml` at 46c1adb and `discrepancy.yml` at 88505d0.

use std::collections::BTreeSet;

use wabinary_calls::survey::{Finding, Verdict};

use super::{SURVEY_NOTE, capitalized, cell, detail, id, sentence};

/// The form of a finding.
pub(super) fn finding_form(finding: &Finding) -> String {
    let summary = cell(&format!("{} {}.", finding.question.text(), capitalized(&sentence(finding))));
    let confidence = finding.confidence.map_or("unknown", |confidence| confidence.name());
    let fields = [
        ("Area", "signaling".to_owned()),
        ("Summary", summary),
        ("Evidence", fenced(&evidence(finding))),
        ("Technique(s)", techniques(finding)),
        ("Confidence", confidence.to_owned()),
        ("Affects which stanzas/flows", "stanzas: call-ack".to_owned()),
        ("Open questions", SURVEY_NOTE.to_owned()),
    ];
    form(&format!("[finding]: {}", cell(&id(finding))), &fields)
}

/// The form of a discrepancy, if the captures disagree with each other or with the specification.
pub(super) fn discrepancy_form(finding: &Finding) -> Option<String> {
    let (conflict, [one, other], resolution) = disagreement(finding)?;
    let seen = techniques(finding);
    let source = |evidence: String| fenced(&format!("Technique: {seen}\nEvidence: {evidence}"));
    let fields = [
        ("What conflicts", cell(&format!("{} {conflict}", finding.question.text()))),
        ("Source A (technique + evidence)", source(one)),
        ("Source B (technique + evidence)", source(other)),
        ("Proposed resolution", resolution.to_owned()),
    ];
    Some(form(&format!("[discrepancy]: {}", cell(&id(finding))), &fields))
}

/// The conflict, the evidence of both sides, and how to settle it.
fn disagreement(finding: &Finding) -> Option<(&'static str, [String; 2], &'static str)> {
    let mut counts: Vec<_> = finding.counts.iter().filter(|(_, n)| **n > 0).collect();
    counts.sort_by(|one, other| other.1.cmp(one.1));
    let side = |at: usize| counts.get(at).map(|(name, n)| format!("{}: {n} of {}", super::shown(name), finding.n));
    match finding.verdict {
        Verdict::Mixed | Verdict::Varies => Some((
            "The captures show both.",
            [side(0)?, side(1)?],
            "Both may be true under different conditions. Compare the client, the action and the direction of the stanzas.",
        )),
        Verdict::Attribute | Verdict::Both => Some((
            "The specification has it in an <error> child; the captures have it in the attribute `error` of the ack.",
            ["specification of call-ack, version 0.1.0: <error code>, confidence speculative".to_owned(), side(0)?],
            "Add the attribute `error` to the specification. Keep the child if another capture shows it.",
        )),
        _ => None,
    }
}

fn evidence(finding: &Finding) -> String {
    let mut evidence = detail(finding).unwrap_or_default();
    if !finding.clients.is_empty() {
        let clients: Vec<_> = finding.clients.iter().map(|client| super::shown(client)).collect();
        evidence += &format!("\nacks of the recording clients have these attributes: {}", clients.join("; "));
    }
    evidence
}

/// The techniques of the forms. Baileys logs the stanzas that it handles; all other supported captures were taken at a
/// websocket.
fn techniques(finding: &Finding) -> String {
    let of =
        |source: &String| if source.starts_with("baileys") { "baileys-instrumentation" } else { "websocket-capture" };
    finding.techniques.iter().map(of).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ")
}

/// A text that Markdown shows unchanged. No line of a capture can end the fence: each is on one line.
fn fenced(text: &str) -> String {
    format!("```text\n{}\n```", text.replace("```", "'''"))
}

fn form(title: &str, fields: &[(&str, String)]) -> String {
    let fields = fields.iter().map(|(heading, text)| format!("### {heading}\n\n{text}\n"));
    format!("\n## {title}\n\n{}", fields.collect::<Vec<_>>().join("\n"))
}
