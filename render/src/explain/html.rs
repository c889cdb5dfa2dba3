//! Explained frames as a page: bytes and tree side by side.

use std::fmt::Display;

use maud::{Markup, PreEscaped, html};
use wabinary::explain::{Explanation, Finding, Severity};
use wabinary::stanza::Direction;
use wabinary::{NodeRef, Value};
use wabinary_calls::report::Record;

mod bytes;
mod sections;
mod tree;
mod view;
mod xml;

use super::purpose::Purpose;
use super::terms::Terms;
use super::{Explained, message};
use crate::counted::counted;
use crate::page::{Badge, Capture, Document, Entry, Index};
use crate::shown::{Shown, printable};
use crate::tone::Tone;
use bytes::offsets;
use sections::Sections;
use view::{Title, View};

/// A page takes frames until it has this many bytes. Most frames are packed, and a browser opens the page in a second.
/// Further frames are counted.
const LARGEST: usize = 48 << 20;

/// The most findings that are listed for one frame.
const MOST_FINDINGS: usize = 50;

/// The most characters of a code in a badge.
const LONGEST_CODE: usize = 12;

/// Collects explained frames for a page: bytes and tree side by side.
///
/// The page is one file that loads nothing. Without its script it has an index of all frames and the bytes of the first.
pub struct Page {
    index: Vec<Entry>,
    sections: Sections,
    /// The title of the first frame.
    title: Title,
    bytes: usize,
    findings: usize,
    failed: usize,
    terms: Terms,
    /// Frames that are not on the page.
    left_out: usize,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            index: Vec::new(),
            sections: Sections::new(LARGEST),
            title: Title::default(),
            bytes: 0,
            findings: 0,
            failed: 0,
            terms: Terms::default(),
            left_out: 0,
        }
    }
}

impl Page {
    /// A page without frames.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a record.
    pub fn add<F: Display>(&mut self, explained: &Explained<'_, F>) {
        self.failed += usize::from(explained.failure.is_some());
        self.bytes += explained.size;
        let findings = explained.explanation.map_or(&[][..], Explanation::findings);
        self.findings += findings.len();
        if self.sections.is_full() {
            self.left_out += 1;
            return;
        }
        match explained.explanation {
            Some(explanation) => self.frame(explained, explanation),
            None => self.failure(explained),
        }
    }

    /// The number of records that were added after the page was full, and are not on it.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Adds a frame, good or bad.
    fn frame<F>(&mut self, explained: &Explained<'_, F>, explanation: &Explanation) {
        self.terms.note(explanation);
        let view = View::new(explained.record.frame, explanation);
        let (title, badge) = (view.title(), badge(explanation, explained.node));
        let section = of_frame(explained, &view, &title, &badge);
        let body = html! { (section.facts) (section.told) (section.stanza) (section.panes) };
        self.sections.add(&section.id, &section.head, body);
        let start = title.start().to_owned();
        if self.index.is_empty() {
            self.title = title;
        }
        self.index.push(Entry { id: section.id, number: explained.record.frame, title: start, badge });
    }

    /// Adds a record without an explanation of its bytes.
    fn failure<F: Display>(&mut self, explained: &Explained<'_, F>) {
        let message = message(explained.failure.as_ref());
        let badge = Badge { tone: Tone::Bad, text: "not explained".to_owned() };
        let Section { id, head, facts, told, stanza, .. } = of_failure(explained, &message, &badge);
        self.sections.add(&id, &head, html! { (facts) (told) (stanza) });
        self.index.push(Entry { id, number: explained.record.frame, title: message, badge });
    }

    /// The title of the page: the name of its frame, if there is only one.
    fn title(&self) -> String {
        match self.index.len() + self.left_out {
            1 if self.title.is_empty() => "A frame, byte by byte".to_owned(),
            1 => format!("{}, byte by byte", self.title.name()),
            frames => format!("{frames} frames, byte by byte"),
        }
    }

    /// The HTML file.
    #[must_use]
    pub fn render(self, capture: &Capture) -> String {
        let title = self.title();
        let about = html! {
            p.soft {
                (counted(self.bytes, "byte")) ", "
                (counted(self.findings, "finding")) ", "
                (counted(self.failed, "error")) "."
            }
            @if self.left_out > 0 {
                p.note { strong { (Tone::Warning.sign()) " " (counted(self.left_out, "frame")) " left out" } ": the page is full." }
            }
            @if let Some(first) = self.sections.first_if_not_all().filter(|first| *first < self.index.len()) {
                p.note.scriptless { (Tone::Warning.sign()) " Only the first " (counted(first, "frame")) " show without a script." }
            }
        };
        let index = Index {
            entries: &self.index,
            unit: "frame",
            hint: "tag, id, address, error …",
            groups: ["Errors", "Refusals and findings", "Without findings"],
        };
        Document {
            title: &title,
            capture,
            style: STYLE,
            script: concat!(include_str!("../assets/explain.js"), include_str!("../assets/frames.js")),
            about,
            index,
            beside: html! {},
            legend: legend(&self.terms),
            body: html! { (PreEscaped(self.sections.finish())) (words(&self.terms)) },
            dock: dock(self.index.len()),
        }
        .render()
    }
}

/// The styles of sections.
pub const STYLE: &str = include_str!("../assets/explain.css");

/// The script that moves through the bytes and the tree of sections, and fills the panel.
pub const SCRIPT: &str = include_str!("../assets/explain.js");

/// An explained record as parts of another page, which has [`STYLE`], [`SCRIPT`] and [`furniture`].
///
/// They belong in one `<section class="frame">` with the `id`.
#[derive(Clone, Debug)]
pub struct Section {
    /// The element's `id`, which the parts refer to.
    pub id: String,
    /// The heading.
    pub head: Markup,
    /// Size, direction, time.
    pub facts: Markup,
    /// The error and the findings.
    pub told: Markup,
    /// The stanza as XML, with buttons that copy it and its bytes.
    pub stanza: Markup,
    /// Bytes and tree side by side.
    pub panes: Markup,
}

impl Section {
    /// The parts of a record.
    ///
    /// ```
    /// use wabinary_calls::report::Record;
    /// use wabinary_render::explain::{Explained, Section};
    ///
    /// let explanation = wabinary::explain::explain(&[0x00, 0xf8, 0x01, 0x1b]);
    /// let record = Record::default();
    /// let explained = Explained { record: &record, explanation: Some(&explanation), size: 4, node: None, failure: None::<&str> };
    /// assert!(Section::of(&explained).panes.into_string().contains("single-byte token 27"));
    /// ```
    #[must_use]
    pub fn of<F: Display>(explained: &Explained<'_, F>) -> Self {
        match explained.explanation {
            Some(explanation) => {
                let view = View::new(explained.record.frame, explanation);
                of_frame(explained, &view, &view.title(), &badge(explanation, explained.node))
            }
            None => {
                let code = explained.node.and_then(refused);
                let (tone, text) = match (&explained.failure, code) {
                    (Some(_), _) => (Tone::Bad, "not explained".to_owned()),
                    (None, Some(code)) => (Tone::Warning, format!("refused {code}")),
                    (None, None) => (Tone::Plain, "no bytes".to_owned()),
                };
                of_failure(explained, &message(explained.failure.as_ref()), &Badge { tone, text })
            }
        }
    }
}

/// The parts that a page with [`Section`]s has once: the legend of colours, the glossary, and the panel below.
#[must_use]
pub fn furniture() -> [Markup; 3] {
    let terms = Terms::all();
    [legend(&terms), words(&terms), dock(1)]
}

fn of_frame<F>(explained: &Explained<'_, F>, view: &View<'_>, title: &Title, badge: &Badge) -> Section {
    let (record, explanation) = (explained.record, view.explanation);
    let number = record.frame;
    Section {
        id: view.id(),
        head: html! { "Frame " (number) @if !title.is_empty() { " " code { (Shown(title.start())) } } " " (badge) },
        facts: facts(record, explanation),
        told: told(view),
        stanza: xml::stanza(number, explained.node, explanation.frame()),
        panes: html! {
            div.panes {
                div.bytes { (view.bytes()) }
                div.tree role="tree" tabindex="0" aria-label={ "Parts of frame " (number) } { (view.tree()) }
            }
        },
    }
}

/// A record without explained bytes. Shows its tree, if it has one.
fn of_failure<F>(explained: &Explained<'_, F>, message: &str, badge: &Badge) -> Section {
    let &Explained { record, size, node, .. } = explained;
    Section {
        id: format!("f{}", record.frame),
        head: html! { "Record " (record.frame) @if let Some(node) = node { " " code { (Shown(node.tag())) } } " " (badge) },
        facts: html! { p.facts { @if size > 0 { span { (counted(size, "byte")) } } (facts_of_input(record)) } },
        told: html! {
            @if !message.is_empty() {
                ul.told { li.error { strong.bad { (Tone::Bad.sign()) " Not explained" } ": " (Shown(message)) } }
            }
        },
        stanza: html! { @if node.is_some() { (xml::stanza(record.frame, node, &[])) } },
        panes: html! {},
    }
}

fn legend(terms: &Terms) -> Markup {
    html! {
        ul.legend {
            @for purpose in Purpose::LEGEND { li class=(purpose.class()) { span {} (purpose.name()) } }
        }
        p.help.soft.screen {
            "Point at a byte or a line, or tap it. With the keyboard: " kbd { "Tab" }
            " into the bytes or the tree, then the arrow keys. A click holds a place, " kbd { "Esc" } " releases it. "
            @if terms.occurred().next().is_some() { a href="#words" { "The words" } " are explained at the end." }
        }
    }
}

/// The glossary.
fn words(terms: &Terms) -> Markup {
    html! {
        @if terms.occurred().next().is_some() {
            section.words #words {
                h2 { "Words" }
                dl { @for (term, meaning) in terms.occurred() { dt { (term) } dd { (meaning) } } }
            }
        }
    }
}

/// The panel for the meaning of the current bytes: next to the bytes, never before them.
fn dock(frames: usize) -> Markup {
    html! {
        aside.dock.scripted aria-label="Meaning" {
            div.meaning aria-live="polite" { p.soft { "Point at a byte to see what it means." } }
            @if frames > 1 {
                p.steps {
                    button type="button" data-step="-1" { "‹ Previous frame" } " "
                    button type="button" data-step="1" { "Next frame ›" }
                }
            }
        }
    }
}

fn facts(record: &Record, explanation: &Explanation) -> Markup {
    html! {
        p.facts {
            span { (counted(explanation.frame().len(), "byte")) }
            @if let Some(inflated) = explanation.inflated() { span { "inflated " (counted(inflated.len(), "byte")) } }
            (facts_of_input(record))
        }
    }
}

fn facts_of_input(record: &Record) -> Markup {
    html! {
        @match record.direction {
            Some(Direction::Send) => span { "sent" },
            Some(Direction::Receive) => span { "received" },
            None => {},
        }
        @if let Some(time) = &record.time { span { "time " (Shown(time.as_text())) } }
        @if let Some(line) = record.line { span { "line " (line) } }
    }
}

/// The error, and rewritten or unusual parts: above the bytes, where people see them at once.
fn told(view: &View<'_>) -> Markup {
    let findings = view.explanation.findings();
    let listed = findings.iter().take(MOST_FINDINGS);
    let more = findings.len().saturating_sub(MOST_FINDINGS);
    html! {
        @if view.explanation.error().is_some() || !findings.is_empty() {
            ul.told {
                @if let Some(error) = view.explanation.error() {
                    li.error {
                        strong.bad { (Tone::Bad.sign()) " Error" } ": " (Shown(&error.to_string())) ". "
                        @if let Some(range) = view.error_range() { (view.link(range, html! { "Show the place" })) }
                    }
                }
                @for finding in listed { (told_finding(view, finding)) }
                @if more > 0 { li { (counted(more, "more finding")) } }
            }
        }
    }
}

fn told_finding(view: &View<'_>, finding: &Finding) -> Markup {
    let place = html! { (offsets(finding.start, finding.end)) };
    let is_rewritten = finding.kind.severity() == Severity::Rewritten;
    let severity = finding.kind.severity().name();
    html! {
        li {
            (Badge { tone: Tone::Warning, text: severity.to_owned() }) " "
            (finding.kind.name()) ": " (finding.kind.text())
            @if let Some(range) = view.range_around(finding) {
                " At " (view.link(range, place)) ": " code { (bytes::hex(view.bytes_of(finding), 24)) }
            }
            @if !finding.canonical.is_empty() {
                ", for which " @if !is_rewritten { "most " } "encoders write "
                code { (bytes::hex(&finding.canonical, 24)) }
            }
        }
    }
}

/// The badge of a frame; for a refusing ack, its code.
fn badge(explanation: &Explanation, node: Option<NodeRef<'_>>) -> Badge {
    let findings = explanation.findings().len();
    let (tone, text) = match (explanation.error(), node.and_then(refused)) {
        (Some(error), _) => (Tone::Bad, error.kind().name().to_owned()),
        (None, Some(code)) => (Tone::Warning, format!("refused {code}")),
        (None, None) if findings > 0 => (Tone::Warning, counted(findings, "finding")),
        (None, None) => (Tone::Good, "no findings".to_owned()),
    };
    Badge { tone, text }
}

/// The code of an ack that refuses all or some: its own, that of its `<error>`, or the first one of an entry.
#[must_use]
pub fn refused(node: NodeRef<'_>) -> Option<String> {
    if node.tag() != "ack" {
        return None;
    }
    let code = |node: NodeRef<'_>, name| match node.attr(name)? {
        Value::Text(code) if !matches!(code, "" | "0") => Some(printable(code, LONGEST_CODE)),
        _ => None,
    };
    let of_child = |child: NodeRef<'_>| code(child, if child.tag() == "error" { "code" } else { "error" });
    code(node, "error").or_else(|| node.children().find_map(of_child))
}
