//! The index of a page: what needs attention first, with a filter.

use maud::{Markup, html};

use super::Badge;
use crate::counted::counted;
use crate::shown::Shown;
use crate::tone::Tone;

/// The least number of entries for a filter.
const FILTERED: usize = 8;

/// The entries of one list. A browser only lays out the lists on the screen.
const CHUNK: usize = 50;

/// A line of the index.
pub(crate) struct Entry {
    /// The section's `id`.
    pub(crate) id: String,
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) badge: Badge,
}

/// Links to the sections of a page.
pub(crate) struct Index<'a> {
    pub(crate) entries: &'a [Entry],
    /// The name of a section: `frame`.
    pub(crate) unit: &'static str,
    /// A hint in the filter.
    pub(crate) hint: &'static str,
    /// The names of the groups: entries that failed, that need a look, and all others.
    pub(crate) groups: [&'static str; 3],
}

impl Index<'_> {
    /// A single section needs no index.
    pub(crate) fn render(&self) -> Markup {
        let Self { entries, unit, hint, groups } = self;
        let groups = groups.iter().enumerate().map(|(group, name)| {
            (name, entries.iter().filter(|entry| group_of(entry.badge.tone) == group).collect::<Vec<_>>())
        });
        let groups: Vec<_> = groups.filter(|(_, entries)| !entries.is_empty()).collect();
        html! {
            @if entries.len() > 1 {
                nav.index aria-label={ (unit) "s" } {
                    @if entries.len() >= FILTERED {
                        p.tools.scripted {
                            label for="filter" { "Filter" }
                            input #filter type="search" autocomplete="off" spellcheck="false" placeholder=(hint);
                            output for="filter" aria-live="polite" data-unit=(unit) { (counted(entries.len(), unit)) }
                        }
                    }
                    div.list {
                        @for (name, entries) in &groups {
                            div.group {
                                @if groups.len() > 1 { p.name { (name) " " span.soft { (entries.len()) } } }
                                @for chunk in entries.chunks(CHUNK) { ol { @for entry in chunk { (entry.render()) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Entry {
    fn render(&self) -> Markup {
        let Self { id, number, title, badge } = self;
        html! { li { a href={ "#" (id) } { b { (number) } span.title { (Shown(title)) } (badge) } } }
    }
}

fn group_of(tone: Tone) -> usize {
    match tone {
        Tone::Bad => 0,
        Tone::Warning => 1,
        Tone::Plain | Tone::Heading | Tone::Dim | Tone::Good => 2,
    }
}
