//! The specification of a stanza as a page: its codes and the actions that it answers, each with an anchor.

use maud::{Markup, html};
use wabinary::stanza::{AckRule, AckSeverity, Confidence, Direction, KnownAction, KnownCode, Source, StanzaSpec};

use crate::page::{Badge, Capture, Document, Index};
use crate::tone::Tone;

/// The styles of [`tables`].
pub const STYLE: &str = include_str!("assets/spec.css");

/// The page of a stanza. The anchors of a code are its number (`#427`) and its name, that of an action is its name
/// (`#offer`), that of a finding its code.
///
/// ```
/// use wabinary::stanza::CallAck;
///
/// let page = wabinary_render::spec::page(CallAck::SPEC);
/// assert!(page.contains("id=\"427\"") && page.contains("id=\"offer\""));
/// ```
#[must_use]
pub fn page(spec: &StanzaSpec) -> String {
    let title = format!("What <{} error=\"…\"> means: the codes of call acks, and the actions of calls", spec.tag);
    let about = html! {
        p { (spec.summary) }
        p.note { (Tone::Warning.sign()) " The numbers look like those of HTTP and do not always mean what those mean. WhatsApp has not published \
            them: each entry says who says so, and how sure it is." }
        nav.parts aria-label="Parts" {
            a href="#codes" { "Codes" } " " a href="#actions" { "Actions" } " " a href="#findings" { "Findings" }
        }
    };
    Document {
        title: &title,
        capture: &Capture { name: spec.origin.to_owned(), ..Capture::default() },
        style: STYLE,
        script: "",
        about,
        index: Index { entries: &[], unit: "entry", hint: "", groups: [""; 3] },
        beside: html! {},
        legend: html! {},
        body: tables(spec),
        dock: html! {},
    }
    .render()
}

/// The tables of codes, actions and findings, for any page.
#[must_use]
pub fn tables(spec: &StanzaSpec) -> Markup {
    html! {
        section #codes {
            h2 { "Codes" }
            p.soft { "The attribute " code { "error" } " of an " code { "<ack class=\"call\">" } ", or " code { "code" } " of an "
                code { "<error>" } " in it." }
            ul.entries { @for known in spec.codes { (code(spec.tag, known)) } }
        }
        section #actions {
            h2 { "Actions" }
            p.soft { "The child of a " code { "<call>" } ", and " code { "type" } " of the ack that answers it." }
            ul.entries { @for known in spec.actions { (action(known)) } }
        }
        section #findings {
            h2 { "Findings" }
            p.soft { "What " code { "wabinary acks" } " says of an ack that is unusual or wrong." }
            ul.entries { @for rule in spec.findings { (finding(*rule)) } }
        }
    }
}

fn code(tag: &str, known: &KnownCode) -> Markup {
    let KnownCode { code, name, meaning, confidence, sources, direction, .. } = known;
    let sender = match direction {
        Direction::Receive => "sent by the server",
        Direction::Send => "sent by clients",
    };
    let sure = match confidence {
        Confidence::Probable => Tone::Plain,
        Confidence::Speculative => Tone::Warning,
    };
    html! {
        li id=(code) {
            h3 id=(name) { a href={ "#" (code) } { span.soft { (tag) " error " } (code) } ": " (name) }
            p { (sentence(meaning)) }
            p.facts { (Badge { tone: sure, text: confidence.name().to_owned() }) span { (sender) } (said_by(sources)) }
        }
    }
}

fn action(known: &KnownAction) -> Markup {
    let KnownAction { name, meaning, sources, .. } = known;
    html! {
        li id=(name) {
            h3 { a href={ "#" (name) } { (name) } }
            p { (sentence(meaning)) }
            p.facts { (said_by(sources)) }
        }
    }
}

fn finding(rule: AckRule) -> Markup {
    let tone = match rule.severity() {
        AckSeverity::Error => Tone::Bad,
        AckSeverity::Warning => Tone::Warning,
        AckSeverity::Info => Tone::Plain,
    };
    html! {
        li id=(rule.code()) {
            h3 { a href={ "#" (rule.code()) } { (rule.code()) } }
            p { (sentence(rule.when())) }
            p.facts { (Badge { tone, text: rule.severity().name().to_owned() }) span { "\u{201c}" (rule.wording()) "\u{201d}" } }
        }
    }
}

fn said_by(sources: &[Source]) -> Markup {
    let names: Vec<_> = sources.iter().map(|source| source.name()).collect();
    html! { span { "source: " (names.join(", ")) } }
}

/// A clause of the tables as a sentence.
fn sentence(clause: &str) -> String {
    let mut characters = clause.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}
