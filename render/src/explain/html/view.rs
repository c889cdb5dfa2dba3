//! One frame as drawn: the ranges that are shown, and the marks in them.

use maud::{Markup, html};
use wabinary::OffsetSpace;
use wabinary::explain::{Explanation, Finding, Range, RangeKind};

use crate::explain::purpose::Purpose;
use crate::shown::printable;

/// The most first ranges of a frame that are drawn, and the most last ones, which include an error.
const FIRST: usize = 1500;
const LAST: usize = 500;
/// The most characters of a title.
const TITLE: usize = 96;
/// The most characters of a tag or an id in the title of a page.
const NAME: usize = 64;

/// A frame to draw.
pub(super) struct View<'a> {
    frame: u64,
    pub(super) explanation: &'a Explanation,
    /// The bytes of findings, by offset and without overlap: in the frame, and in the inflated body.
    found: [Vec<(usize, usize)>; 2],
    error: Option<usize>,
}

/// The title of a frame.
#[derive(Default)]
pub(super) struct Title {
    tag: String,
    id: Option<String>,
    start: String,
}

impl Title {
    /// `ack OF-0002`; tag and id as far as they were read.
    pub(super) fn name(&self) -> String {
        let name = match &self.id {
            Some(id) => format!("{} {id}", self.tag),
            None => self.tag.clone(),
        };
        printable(&name, NAME)
    }

    /// `<ack id="OF-0002" class="call">`.
    pub(super) fn start(&self) -> &str {
        &self.start
    }

    pub(super) fn is_empty(&self) -> bool {
        self.start.is_empty()
    }
}

/// Consecutive ranges, and how many ranges and bytes are left out after them.
pub(super) struct Run<'a> {
    pub(super) first: usize,
    pub(super) ranges: &'a [Range],
    pub(super) left_out: usize,
    pub(super) bytes_left_out: usize,
}

impl<'a> View<'a> {
    pub(super) fn new(frame: u64, explanation: &'a Explanation) -> Self {
        let found = [OffsetSpace::Frame, OffsetSpace::Inflated].map(|space| found_in(explanation, space));
        let mut view = Self { frame, explanation, found, error: None };
        view.error = view.find_error();
        view
    }

    /// The section's `id`, a prefix of the ids of its parts.
    pub(super) fn id(&self) -> String {
        format!("f{}", self.frame)
    }

    /// The start of the root's XML, as far as it was read. The id comes first.
    pub(super) fn title(&self) -> Title {
        let ranges = self.explanation.ranges();
        let mut title = Title::default();
        let Some(root) = ranges.iter().position(|range| range.kind == RangeKind::Node) else { return title };
        let depth = ranges.get(root).map_or(0, |root| root.depth);
        let of_attribute = depth + 2;
        let inside = ranges.iter().skip(root + 1);
        let (mut attributes, mut name) = (String::new(), String::new());
        // The root's attributes come before its children.
        for part in inside.take_while(|part| part.depth > depth && part.kind != RangeKind::Children) {
            let value = match part.kind {
                RangeKind::Tag => {
                    title.tag = self.string(part);
                    continue;
                }
                RangeKind::AttributeName => {
                    name = self.string(part);
                    continue;
                }
                RangeKind::AttributeValue => self.string(part),
                RangeKind::Null if part.depth == of_attribute => "{null}".to_owned(),
                RangeKind::Jid => self.explanation.text(part).trim_start_matches("JID ").to_owned(),
                _ => continue,
            };
            if name == "id" && title.id.is_none() {
                title.id = Some(value);
            } else if attributes.len() <= TITLE * 4 {
                attributes.push_str(&format!(" {name}=\"{value}\""));
            }
        }
        if !title.tag.is_empty() {
            let id = title.id.as_ref().map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
            let end = if self.explanation.error().is_some() { "…" } else { ">" };
            let start = format!("<{}{id}{attributes}{end}", title.tag);
            let is_long = start.chars().nth(TITLE).is_some();
            title.start = if is_long { start.chars().take(TITLE).chain(['…']).collect() } else { start };
        }
        title
    }

    /// The purpose of a range.
    pub(super) fn purpose(&self, range: &Range) -> Purpose {
        Purpose::of(range.kind, self.explanation.parent(range).map(|around| around.kind))
    }

    fn string(&self, range: &Range) -> String {
        let text = self.explanation.string(range).unwrap_or_default();
        printable(&text, TITLE)
    }

    /// The drawn ranges of a space.
    pub(super) fn runs(&self, space: OffsetSpace) -> Vec<Run<'a>> {
        let all = self.explanation.ranges();
        let first =
            all.iter().take_while(|range| space == OffsetSpace::Inflated && range.space == OffsetSpace::Frame).count();
        let behind = all.get(first..).unwrap_or(&[]);
        let count = behind.iter().take_while(|range| range.space == space).count();
        let ranges = behind.get(..count).unwrap_or(&[]);
        if count <= FIRST + LAST {
            return vec![Run { first, ranges, left_out: 0, bytes_left_out: 0 }];
        }
        let (head, rest) = ranges.split_at(FIRST);
        let (middle, tail) = rest.split_at(rest.len() - LAST);
        let is_leaf = |range: &&Range| range.leaf;
        let from = head.iter().rfind(is_leaf).map_or(0, |last| last.end);
        let to = tail.iter().find(is_leaf).map_or(from, |first| first.start);
        let bytes_left_out = to.saturating_sub(from);
        let head = Run { first, ranges: head, left_out: middle.len(), bytes_left_out };
        let first = first + FIRST + middle.len();
        vec![head, Run { first, ranges: tail, left_out: 0, bytes_left_out: 0 }]
    }

    /// Whether a range is drawn.
    fn is_drawn(&self, index: usize) -> bool {
        let space = self.explanation.ranges().get(index).map_or(OffsetSpace::Frame, |range| range.space);
        self.runs(space).iter().any(|run| (run.first..run.first + run.ranges.len()).contains(&index))
    }

    /// A link to a range, if it is drawn.
    pub(super) fn link(&self, range: usize, text: Markup) -> Markup {
        if self.is_drawn(range) {
            html! { button type="button" data-r=(range) { (text) } }
        } else {
            text
        }
    }

    /// Whether a finding covers this range.
    pub(super) fn is_found(&self, range: &Range) -> bool {
        let [frame, inflated] = &self.found;
        let found = if range.space == OffsetSpace::Inflated { inflated } else { frame };
        let behind = found.partition_point(|(_, end)| *end <= range.start);
        found.get(behind).is_some_and(|(start, _)| *start < range.end)
    }

    /// The wrong byte, if it is in this space; the end of the bytes if the rest is missing.
    pub(super) fn wrong_byte(&self, space: OffsetSpace) -> Option<usize> {
        self.explanation.error().filter(|error| error.space() == space).map(|error| error.offset())
    }

    /// The wrong range, or the incomplete one.
    pub(super) fn error_range(&self) -> Option<usize> {
        self.error
    }

    fn find_error(&self) -> Option<usize> {
        let error = self.explanation.error()?;
        let mut leaves = self.explanation.ranges().iter().enumerate();
        let is_last = |range: &Range| range.end >= error.offset() && range.kind != RangeKind::Unread;
        leaves
            .rfind(|(_, range)| {
                range.leaf && range.space == error.space() && is_last(range) && range.start <= error.offset()
            })
            .map(|(index, _)| index)
    }

    /// The smallest range around a finding; `None` if the finding is about the whole frame.
    pub(super) fn range_around(&self, finding: &Finding) -> Option<usize> {
        let ranges = self.explanation.ranges().iter().enumerate();
        let holds =
            |range: &Range| range.space == finding.space && range.start <= finding.start && range.end >= finding.end;
        ranges.rev().find(|(_, range)| holds(range)).map(|(index, _)| index)
    }

    pub(super) fn bytes_of(&self, finding: &Finding) -> &[u8] {
        self.space(finding.space).get(finding.start..finding.end).unwrap_or(&[])
    }

    pub(super) fn space(&self, space: OffsetSpace) -> &'a [u8] {
        match space {
            OffsetSpace::Inflated => self.explanation.inflated().unwrap_or(&[]),
            OffsetSpace::Frame => self.explanation.frame(),
        }
    }
}

/// The bytes of findings. The finding that a body is compressed marks no bytes.
fn found_in(explanation: &Explanation, space: OffsetSpace) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let is_all = |finding: &&Finding| finding.end - finding.start == explanation.frame().len();
    for finding in explanation.findings().iter().filter(|finding| finding.space == space && !is_all(finding)) {
        match found.last_mut() {
            Some((_, end)) if finding.start < *end => *end = finding.end.max(*end),
            _ => found.push((finding.start, finding.end)),
        }
    }
    found
}
