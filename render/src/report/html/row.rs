//! An arrow of a ladder; a click shows its details.

use maud::{Markup, html};
use wabinary::stanza::Direction;
use wabinary_calls::report::Seen;
use wabinary_calls::{AnswerKind, Outcome};

use super::ties::Tie;
use crate::report::words::Note;
use crate::shown::{Lines, Shown};
use crate::tone::Tone;

/// Facts, each with its name.
pub(super) type Facts = Vec<(&'static str, String)>;

/// An arrow for a stanza.
pub(super) struct Row<'a> {
    /// The call stanza that it shows or answers.
    pub(super) stanza: Option<usize>,
    pub(super) way: Way,
    /// Whether it goes on to the peer, or comes from the peer.
    pub(super) is_passed_on: bool,
    pub(super) is_lost: bool,
    pub(super) tone: Outcome,
    pub(super) seen: &'a Seen,
    /// `None` for a call stanza.
    pub(super) answer: Option<AnswerKind>,
    pub(super) name: &'a str,
    pub(super) id: Option<&'a str>,
    pub(super) label: String,
    pub(super) notes: Vec<Note>,
    pub(super) facts: Facts,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Out,
    In,
    Unknown,
}

impl Way {
    pub(super) fn of(direction: Option<Direction>) -> Self {
        match direction {
            Some(Direction::Send) => Self::Out,
            Some(Direction::Receive) => Self::In,
            None => Self::Unknown,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
            Self::Unknown => "unknown",
        }
    }

    /// The words for readers who do not see arrows.
    fn words(self) -> &'static str {
        match self {
            Self::Out => "sent",
            Self::In => "received",
            Self::Unknown => "of unknown direction",
        }
    }
}

impl Row<'_> {
    pub(super) fn render(&self, call: u64, pieces: &[Tie]) -> Markup {
        let group = self.stanza.map(|stanza| format!("c{call}s{stanza}"));
        html! {
            li.row.(self.way.class()).(self.answer.map_or("call", AnswerKind::name)).(self.look()) id={ "f" (self.seen.frame) } data-with=[group] {
                span.ties aria-hidden="true" { @for piece in pieces { i.(piece.class()) {} } }
                div.stage {
                    details {
                        summary {
                            span.lanes {
                                @if let Some(micros) = self.seen.since_start { span.time { (format!("{:.3}", micros as f64 / 1e6)) } " " }
                                span.wire.near {} @if self.is_passed_on { span.wire.far {} }
                                @if self.is_lost { span.cross aria-hidden="true" { "✕" } }
                                span.label {
                                    span.hidden { (self.way.words()) ": " }
                                    b { (Shown(self.name)) } " "
                                    @if let (None, Some(id)) = (self.answer, self.id) { code { (Shown(id)) } " " }
                                    @if !self.label.is_empty() { (self.shown_label()) }
                                }
                            }
                        }
                        div.detail {
                            dl {
                                @for (name, value) in &self.facts { dt { (name) } dd { (Shown(value)) } }
                                @if let Some(time) = &self.seen.time { dt { "time" } dd { (Shown(time.as_text())) } }
                                dt { "frame" } dd { (self.seen.frame) @if let Some(line) = self.seen.line { ", line " (line) } }
                            }
                            @if let Some(xml) = &self.seen.xml { pre { code { (Lines(xml)) } } }
                        }
                    }
                    @if !self.notes.is_empty() {
                        ul.notes { @for note in &self.notes { li class=(note.tone.class()) { (Shown(&note.text)) } } }
                    }
                }
            }
        }
    }

    /// The style of the arrow.
    fn look(&self) -> &'static str {
        match self.tone {
            Outcome::Accepted => "taken",
            Outcome::Pending => "pending",
            Outcome::PartlyRefused => "partly",
            Outcome::Unanswered => "lost",
            Outcome::Refused | Outcome::AckRefused => "refused",
        }
    }

    /// The label, with a sign if a person must look.
    fn shown_label(&self) -> Markup {
        let tone = match self.tone {
            Outcome::Refused | Outcome::AckRefused | Outcome::Unanswered => Some(Tone::Bad),
            Outcome::PartlyRefused | Outcome::Pending => Some(Tone::Warning),
            Outcome::Accepted => None,
        };
        // A refusal is shown at the answer, not at the refused stanza.
        match tone.filter(|_| self.answer.is_some() || self.is_lost) {
            Some(tone) => html! { strong.(tone.class()) { (tone.sign()) " " (Shown(&self.label)) } },
            None => html! { span.soft { (Shown(&self.label)) } },
        }
    }
}
