//! The ranges as nested lines: offset, bytes, meaning.

use maud::{Markup, html};
use wabinary::OffsetSpace;
use wabinary::explain::{Range, RangeKind};

use super::bytes::hex;
use super::view::{Run, View};
use crate::counted::counted;
use crate::shown::{Shown, printable};

/// The bytes shown on a line.
const SHOWN: usize = 7;

impl View<'_> {
    pub(super) fn tree(&self) -> Markup {
        html! {
            (self.part_of_tree(OffsetSpace::Frame))
            @if self.explanation.inflated().is_some() {
                p.part role="none" { "The inflated body: offsets from here on count in it" }
                (self.part_of_tree(OffsetSpace::Inflated))
            }
        }
    }

    fn part_of_tree(&self, space: OffsetSpace) -> Markup {
        html! {
            @for Run { first, ranges, left_out, .. } in self.runs(space) {
                @for (index, range) in (first..).zip(ranges) { (self.row(index, range)) }
                @if left_out > 0 {
                    p.gap.note role="none" { (counted(left_out, "part")) " left out. " code { "--format json" } " has all." }
                }
            }
        }
    }

    fn row(&self, index: usize, range: &Range) -> Markup {
        let bytes = self.explanation.bytes(range);
        let depth = range.depth;
        // The path is shown by the surrounding rows.
        let path = matches!(range.kind, RangeKind::Node | RangeKind::Attribute | RangeKind::Error)
            .then(|| self.explanation.path(range));
        let class = if range.leaf { "leaf" } else { "inner" };
        let fails = range.kind == RangeKind::Error;
        html! {
            div.row.(class).(self.purpose(range).class()).fails[fails] role="treeitem" aria-level=(depth + 1)
                id={ (self.id()) "r" (index) } data-end=(range.end) data-kind=(range.kind.name())
                data-path=[path.as_deref().map(|path| printable(path, usize::MAX))] style={ "--d:" (depth) }
            {
                span.at { (range.start) }
                span.hx { @if range.leaf { b { (hex(bytes, SHOWN)) } } }
                span.says {
                    @if fails { "✕ " }
                    (Shown(&self.explanation.text(range)))
                    @if range.leaf && self.is_found(range) { " " span.mark title="see the findings above" { "▲" } }
                }
            }
        }
    }
}
