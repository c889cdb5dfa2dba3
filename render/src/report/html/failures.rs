//! The failures, the worst first and equal ones together, so that people see them at once.

use maud::{Markup, html};
use wabinary_calls::report::{CallReport, Cause, OtherRefusal, Report};
use wabinary_calls::{Code, Outcome};

use super::{badge, call_peer_shown, tone};
use crate::counted::counted;
use crate::report::{failures as in_words, words};
use crate::shown::Shown;
use crate::tone::Tone;

/// The most open failures; the others are folded.
const OPEN: usize = 6;
const FOLDED: usize = 200;

/// The most calls that are named for equal failures; the index has all calls.
const NAMED: usize = 100;

/// Calls that failed for the same reason.
struct Alike<'a> {
    cause: Option<&'a Cause>,
    /// The calls with their numbers.
    calls: Vec<(u64, &'a CallReport)>,
}

/// The failed calls, and why they failed. Calls from `shown` on are not on the page.
pub(super) fn calls(report: &Report, shown: usize) -> Markup {
    let numbered = (1..).zip(&report.calls);
    let mut failed: Vec<(u64, &CallReport)> = numbered.filter(|(_, call)| call.has_failed()).collect();
    failed.sort_by_key(|(_, call)| std::cmp::Reverse(call.outcome));
    list(alike(failed).iter().map(|alike| alike.render(shown)).collect())
}

/// Groups calls by their failure, in the order of the first call of each group.
fn alike<'a>(failed: Vec<(u64, &'a CallReport)>) -> Vec<Alike<'a>> {
    let key = |call: &'a CallReport| {
        let cause = call.cause.as_ref();
        (call.outcome, call.error.as_ref(), cause.map(|cause| (&cause.action, &cause.codes)))
    };
    let mut places = std::collections::HashMap::new();
    let mut groups: Vec<Alike<'a>> = Vec::new();
    for (number, call) in failed {
        let place = *places.entry(key(call)).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.calls.push((number, call)),
            None => groups.push(Alike { cause: call.cause.as_ref(), calls: vec![(number, call)] }),
        }
    }
    groups
}

impl Alike<'_> {
    fn render(&self, shown: usize) -> Markup {
        let link = |number: u64| (number <= shown as u64).then(|| format!("#c{number}"));
        let action = html! { @if let Some(cause) = self.cause { (Shown(&cause.action)) " " } };
        let Some((number, first)) = self.calls.first() else { return html! {} };
        let more = self.calls.len().saturating_sub(NAMED);
        let codes: &[Code] = self.cause.map_or(&[], |cause| &cause.codes);
        html! {
            li.error[tone(first.outcome) == Tone::Bad] {
                (badge(first)) " "
                @if self.calls.len() == 1 {
                    a href=[link(*number)] { (action) "of the call" (call_peer_shown(first)) }
                } @else {
                    b { (action) "of " (counted(self.calls.len(), "call")) }
                }
                @for code in codes { span.why { (words::meaning(code)) } }
                @if let (1, Outcome::Unanswered, Some(cause)) = (self.calls.len(), first.outcome, self.cause) {
                    span.why { "nobody answered " code { (Shown(&cause.id)) } }
                }
                @if self.calls.len() > 1 {
                    details {
                        summary { "Show the calls" }
                        ul.alike {
                            @for (number, call) in self.calls.iter().take(NAMED) {
                                li { a href=[link(*number)] { (number) (call_peer_shown(call)) } }
                            }
                            @if more > 0 { li { "and " (more) " more" } }
                        }
                    }
                }
            }
        }
    }
}

/// The failures other than calls.
pub(super) fn others(report: &Report) -> Markup {
    let mut items = Vec::new();
    for (stray, nearly) in report.unmatched.iter().filter_map(|stray| Some((stray, stray.nearly.as_ref()?))) {
        items.push(html! {
            li {
                (stray.answer.kind.name()) " " code { (Shown(&stray.id)) } " answers nothing here"
                span.why { (Shown(&words::nearly_answers(nearly, &stray.id))) }
            }
        });
    }
    for (stanza, answer) in in_words::naming_another(report) {
        items.push(html! { li { "another type: " (Shown(&in_words::taken_as(stanza, answer))) } });
    }
    items.extend(refused_alike(report));
    for end in &report.stream_ends {
        items.push(html! { li.error { "the server ended the stream over the ack of " code { (Shown(&end.id)) } } });
    }
    let more = (report.totals.refused_others as usize).saturating_sub(report.refused_others.len());
    html! {
        (list(items))
        @if more > 0 { p.soft { (counted(more, "more refusal")) " of other classes" } }
    }
}

/// Refusals of other classes, grouped by class and code.
fn refused_alike(report: &Report) -> Vec<Markup> {
    let mut groups: Vec<(&OtherRefusal, Vec<String>)> = Vec::new();
    for refusal in &report.refused_others {
        let words = in_words::other_refusal(refusal);
        let is_alike = |other: &OtherRefusal| {
            (&other.class, &other.code, other.direction) == (&refusal.class, &refusal.code, refusal.direction)
        };
        match groups.iter_mut().find(|(first, _)| is_alike(first)) {
            Some((_, all)) => all.push(words),
            None => groups.push((refusal, vec![words])),
        }
    }
    let item = |(first, all): (&OtherRefusal, Vec<String>)| {
        let more = all.len().saturating_sub(NAMED);
        html! {
            li.error {
                "refused" (Shown(&in_words::other_code(&first.code))) ": "
                @match &all[..] {
                    [one] => (Shown(one)),
                    all => {
                        b { (counted(all.len(), &first.class)) }
                        details {
                            summary { "Show them" }
                            ul.alike {
                                @for words in all.iter().take(NAMED) { li { (Shown(words)) } }
                                @if more > 0 { li { "and " (more) " more" } }
                            }
                        }
                    }
                }
            }
        }
    };
    groups.into_iter().map(item).collect()
}

/// Shows the first items and folds the others, so that a long list does not hide the index.
fn list(items: Vec<Markup>) -> Markup {
    let (open, folded) = items.split_at(items.len().min(OPEN));
    let more = folded.len().saturating_sub(FOLDED);
    html! {
        @if !open.is_empty() {
            ul.told {
                @for item in open { (item) }
                @if !folded.is_empty() {
                    li.folded {
                        details {
                            summary { (counted(folded.len(), "further kind")) " of failure" }
                            ul.told {
                                @for item in folded.iter().take(FOLDED) { (item) }
                                @if more > 0 { li { (counted(more, "more failure")) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
