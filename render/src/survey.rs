//! A survey as text and as Markdown.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::counted::counted;
use crate::shown::printable;
use wabinary::stanza::CallAck;
use wabinary_calls::survey::{Conformance, Fidelity, Finding, Survey};

mod forms;

/// The limits of every survey.
pub const SURVEY_NOTE: &str = "A capture shows what happened while it was taken. \"not-seen\" is not \"never\", and no capture confirms a rule. Made-up captures test this tool, not the protocol.";

/// The most characters of a name from a capture that are shown.
const LONGEST_NAME: usize = 200;

/// Writes a survey for a terminal: a paragraph for each finding.
#[must_use]
pub fn survey_text(survey: &Survey) -> String {
    let mut text = format!("{}\n{SURVEY_NOTE}\n", heading(survey));
    let mut asked = None;
    for finding in survey.findings() {
        let question = finding.question.of_specification();
        if asked != Some(question) {
            _ = writeln!(text, "\n{}", specification_question(question));
            asked = Some(question);
        }
        _ = writeln!(text, "\n{}: {}", id(&finding), sentence(&finding));
        _ = writeln!(text, "  {}", finding.question.text());
        if let Some(line) = detail(&finding) {
            _ = writeln!(text, "  {line}");
        }
    }
    text
}

/// The open question of the specification that findings are about.
fn specification_question(question: Option<usize>) -> String {
    let open = question.and_then(|at| Some((at + 1, CallAck::SPEC.open_questions.get(at)?.question)));
    match open {
        Some((number, question)) => format!("QUESTION {number} OF THE SPECIFICATION: {question}"),
        None => "NOT A QUESTION OF THE SPECIFICATION".to_owned(),
    }
}

/// Writes a survey as Markdown: a table, then the fields of an issue for each finding, and for each disagreement.
#[must_use]
pub fn survey_markdown(survey: &Survey) -> String {
    let mut text =
        format!("{}\n\n{SURVEY_NOTE}\n\n| finding | verdict | n | counts | captures | confidence |\n", heading(survey));
    text.push_str("|---|---|--:|---|--:|---|\n");
    let findings = survey.findings();
    for finding in &findings {
        let confidence = finding.confidence.map_or("-", |confidence| confidence.name());
        let cells = [&cell(&id(finding)), finding.verdict.name(), &finding.n.to_string(), &cell(&counts(finding))];
        _ = writeln!(text, "| {} | {} | {confidence} |", cells.join(" | "), finding.captures);
    }
    for finding in findings.iter().filter(|finding| finding.confidence.is_some()) {
        text.push_str(&forms::finding_form(finding));
        text.push_str(&forms::discrepancy_form(finding).unwrap_or_default());
    }
    text
}

/// The first line with the totals; then, once for all findings, how the captures were recorded.
fn heading(survey: &Survey) -> String {
    let findings = survey.findings();
    let names = |of: fn(&Finding) -> &BTreeSet<String>| {
        let names: BTreeSet<_> = findings.iter().flat_map(of).map(|name| printable(name, LONGEST_NAME)).collect();
        names.into_iter().collect::<Vec<_>>().join("; ")
    };
    let fidelity = Fidelity::ALL.iter().map(|&fidelity| (fidelity.name(), survey.fidelity(fidelity)));
    let fidelity: Vec<_> = fidelity.filter(|(_, n)| *n > 0).map(|(name, n)| format!("{n} with {name}")).collect();
    let captures = counted(survey.captures(), "capture");
    let fidelity = if fidelity.is_empty() { "none".to_owned() } else { fidelity.join(", ") };
    let mut heading = format!("{captures}, {} records: {fidelity}", survey.records());
    let (techniques, clients) = (names(|finding| &finding.techniques), names(|finding| &finding.clients));
    if !techniques.is_empty() {
        _ = write!(heading, "\nrecorded as: {techniques}");
    }
    if !clients.is_empty() {
        _ = write!(heading, "\nacks sent by the recording clients have these attributes: {clients}");
    }
    heading
}

/// The name of a finding.
fn id(finding: &Finding) -> String {
    printable(&finding.id, LONGEST_NAME)
}

/// The verdict with its evidence.
fn sentence(finding: &Finding) -> String {
    let verdict = finding.verdict.name();
    let limit = finding.why.as_deref().map(|why| format!(" ({why})")).unwrap_or_default();
    match finding.confidence {
        Some(confidence) => format!("{verdict}, {}{limit}", confidence.name()),
        None => format!("{verdict}{limit}"),
    }
}

/// The counts that led to the verdict.
fn detail(finding: &Finding) -> Option<String> {
    let captures = counted(finding.captures as usize, "capture");
    let detail = || format!("{}: {} in {captures} ({})", finding.question.counted(), finding.n, counts(finding));
    (finding.n > 0).then(detail)
}

fn counts(finding: &Finding) -> String {
    let counts = finding.counts.iter().map(|(name, n)| format!("{} {n}", printable(name, LONGEST_NAME)));
    counts.collect::<Vec<_>>().join(", ")
}

/// Escapes a text from a capture, which may contain Markdown.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Writes the comparison of captures with a description as a Markdown table that is readable on a terminal too.
#[must_use]
pub fn conformance_text(conformance: &Conformance) -> String {
    let description = conformance.description();
    let nodes = counted(conformance.nodes() as usize, "node");
    let mut text = format!("{}: {nodes} <{}>\n\n", shown(&description.id), shown(&description.tag));
    text.push_str("| attribute | claim | seen | values | contradicts |\n|---|---|---|---|---|\n");
    for seen in conformance.attributes() {
        let need = if seen.required { "required" } else { "optional" };
        let claim = format!("{}, {need}, {}", shown(&seen.value_type), shown(&seen.confidence));
        let lacks = seen.required && seen.present < seen.of;
        let contradicts = match (seen.contradictions, lacks) {
            (0, false) => "no".to_owned(),
            (0, true) => format!("missing in {}", seen.of - seen.present),
            (wrong, _) => format!("{wrong} not a {}", shown(&seen.value_type)),
        };
        let values = seen.values.iter().map(|(value, n)| {
            let mark = if seen.new_values.contains(value) { " (new)" } else { "" };
            format!("{} {n}{mark}", shown(value))
        });
        let values = values.collect::<Vec<_>>().join(", ");
        _ = writeln!(
            text,
            "| {} | {claim} | {} of {} | {values} | {contradicts} |",
            shown(&seen.name),
            seen.present,
            seen.of
        );
    }
    text.push_str("\n| child | claim | seen | most in one | contradicts |\n|---|---|---|---|---|\n");
    for seen in conformance.children() {
        let contradicts = if seen.contradicts { "yes" } else { "no" };
        let (tag, claim) = (shown(&seen.tag), shown(&seen.occurrence));
        _ = writeln!(text, "| <{tag}> | {claim} | {} of {} | {} | {contradicts} |", seen.present, seen.of, seen.most);
    }
    if !conformance.unknown().is_empty() {
        text.push_str("\nnot in the description:\n");
        for (name, n) in conformance.unknown() {
            _ = writeln!(text, "- {}: {n}", shown(name));
        }
    }
    _ = writeln!(text, "\n{SURVEY_NOTE}");
    text
}

/// A text from a capture or a description, for a cell.
fn shown(text: &str) -> String {
    printable(text, LONGEST_NAME).replace('|', "\\|")
}
