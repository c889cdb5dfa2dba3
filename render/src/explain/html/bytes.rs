//! The bytes as a grid, eight or sixteen in a row, whichever fits the screen.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use wabinary::OffsetSpace;
use wabinary::explain::{Range, RangeKind};

use super::view::{Run, View};
use crate::counted::counted;

/// A range with more bytes than the second number shows about as many as the first and folds the rest. All numbers are
/// multiples of the longest row, so that a fold starts a row.
const FOLD: (usize, usize) = (32, 96);
/// The fold of a zlib stream, which nobody can read.
const FOLD_ZLIB: (usize, usize) = (16, 32);
/// The most bytes in a fold; the rest is left out.
const MOST_IN_FOLD: usize = 1024;
/// The most bytes in all folds of a frame.
const MOST_IN_FOLDS: usize = 16 * 1024;
/// Every eighth byte has an offset before it; a narrow grid shows them all, a wide one every second.
const ROW: usize = 8;

impl View<'_> {
    pub(super) fn bytes(&self) -> Markup {
        let mut grid = Grid { html: String::new(), folded: 0, starts_row: false };
        html! {
            (grid.space(self, OffsetSpace::Frame))
            @if self.explanation.inflated().is_some() { (grid.space(self, OffsetSpace::Inflated)) }
        }
    }
}

struct Grid {
    html: String,
    /// The bytes in folds so far.
    folded: usize,
    /// The next byte starts a row, at any offset.
    starts_row: bool,
}

impl Grid {
    fn space(&mut self, view: &View<'_>, space: OffsetSpace) -> Markup {
        let wrong = view.wrong_byte(space);
        self.starts_row = false;
        for Run { first, ranges, left_out, bytes_left_out } in view.runs(space) {
            for (index, range) in (first..).zip(ranges).filter(|(_, range)| range.leaf) {
                self.range(view, index, range, wrong);
            }
            if left_out > 0 {
                self.gap(&format!("… {} left out", counted(bytes_left_out, "byte")));
            }
        }
        if wrong.is_some_and(|wrong| wrong >= view.space(space).len()) {
            self.html.push_str("<i class=\"missing fails\">end</i>");
        }
        let html = PreEscaped(std::mem::take(&mut self.html));
        let label = if space == OffsetSpace::Inflated { "Inflated body" } else { "Bytes" };
        html! {
            h3 { (label) }
            div.hex role="listbox" tabindex="0" aria-label=(label) { (html) }
        }
    }

    fn range(&mut self, view: &View<'_>, index: usize, range: &Range, wrong: Option<usize>) {
        let bytes = view.explanation.bytes(range);
        let (least, most) = if range.kind == RangeKind::Zlib { FOLD_ZLIB } else { FOLD };
        let cut = if bytes.len() > most {
            (range.start + least).next_multiple_of(2 * ROW) - range.start
        } else {
            bytes.len()
        };
        let (shown, rest) = bytes.split_at(cut.min(bytes.len()));
        let (id, class) = (view.id(), view.purpose(range).class());
        let found = if view.is_found(range) { " found" } else { "" };
        // The offset before a range is not part of it.
        self.label(range.start);
        self.push(format_args!(
            "<span class=\"{class}{found}\" role=\"option\" id=\"{id}b{index}\" aria-describedby=\"{id}r{index}\">"
        ));
        self.cells(shown, range.start, range, wrong);
        if !rest.is_empty() {
            self.fold(rest, range.start + cut, range, wrong);
        }
        self.html.push_str("</span>");
    }

    /// The rest of a long range.
    fn fold(&mut self, bytes: &[u8], start: usize, range: &Range, wrong: Option<usize>) {
        let most = MOST_IN_FOLD.min(MOST_IN_FOLDS.saturating_sub(self.folded));
        let (folded, left_out) = bytes.split_at(bytes.len().min(most));
        self.folded += folded.len();
        if !folded.is_empty() {
            self.push(format_args!("<em class=\"more\">… {}</em>", counted(bytes.len(), "more byte")));
            self.html.push_str("<span class=\"fold\" hidden>");
            self.starts_row = true;
            self.label(start);
            self.cells(folded, start, range, wrong);
            self.html.push_str("</span>");
        }
        if !left_out.is_empty() {
            self.gap(&format!("… {} left out", counted(left_out.len(), "byte")));
        }
        self.starts_row = true;
    }

    fn cells(&mut self, bytes: &[u8], start: usize, range: &Range, wrong: Option<usize>) {
        for (at, byte) in (start..).zip(bytes) {
            if at > start {
                self.label(at);
            }
            let class = match (at == range.start, at + 1 == range.end, Some(at) == wrong) {
                (false, false, false) => "",
                (true, false, false) => " class=\"a\"",
                (false, true, false) => " class=\"z\"",
                (true, true, false) => " class=\"a z\"",
                (true, false, true) => " class=\"a fails\"",
                (false, _, true) => " class=\"z fails\"",
                (true, true, true) => " class=\"a z fails\"",
            };
            self.push(format_args!("<i{class}>{byte:02x}</i>"));
        }
    }

    /// The offset before a row.
    fn label(&mut self, at: usize) {
        let is_forced = std::mem::take(&mut self.starts_row);
        if is_forced || at.is_multiple_of(ROW) {
            let class = if is_forced || at.is_multiple_of(2 * ROW) { "" } else { " class=\"odd\"" };
            self.push(format_args!("<u{class} aria-hidden=\"true\">{at}</u>"));
        }
    }

    fn gap(&mut self, text: &str) {
        self.push(format_args!("<em class=\"gap\">{text}</em>"));
        self.starts_row = true;
    }

    fn push(&mut self, html: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.html.write_fmt(html);
    }
}

/// The first bytes in hex.
pub(super) fn hex(bytes: &[u8], most: usize) -> String {
    let shown: Vec<String> = bytes.iter().take(most).map(|byte| format!("{byte:02x}")).collect();
    let more = if bytes.len() > most { " …" } else { "" };
    shown.join(" ") + more
}

/// The place of bytes, in words, with the last byte included.
pub(super) fn offsets(start: usize, end: usize) -> String {
    if end <= start + 1 { format!("byte {start}") } else { format!("bytes {start}–{}", end - 1) }
}
