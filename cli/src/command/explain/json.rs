//! Explanations as JSON, one object a line.

use std::io;

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use wabinary::Space;
use wabinary::explain::{Explanation, Finding, Range, RangeKind, Severity};

use super::{Explained, Page};
use crate::json_output::{JsonOutput, Layout};

pub(super) struct Json(JsonOutput);

impl Json {
    pub(super) fn new() -> Self {
        Self(JsonOutput::new(Layout::Lines))
    }
}

impl Page for Json {
    fn write(&mut self, explained: &Explained<'_>) -> io::Result<()> {
        self.0.write_in_pieces(explained)
    }

    fn finish(self) -> io::Result<()> {
        self.0.finish()
    }
}

impl Serialize for Explained<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.record.write_members(self.record.line, &mut map)?;
        map.serialize_entry("size", &self.size())?;
        map.serialize_entry("ranges", &Ranges(self))?;
        map.serialize_entry("findings", &Findings(self))?;
        map.serialize_entry("error", &self.failure)?;
        map.end()
    }
}

/// The ranges, each made when it is written: together they would take much.
struct Ranges<'a>(&'a Explained<'a>);

impl Serialize for Ranges<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(explanation) = self.0.explanation else { return serializer.collect_seq(unread(self.0.size())) };
        let mut ranges = serializer.serialize_seq(Some(explanation.ranges().len()))?;
        for range in explanation.ranges() {
            ranges.serialize_element(&RangeJson::new(explanation, range))?;
        }
        ranges.end()
    }
}

#[derive(Serialize)]
struct RangeJson {
    start: usize,
    end: usize,
    space: &'static str,
    leaf: bool,
    depth: u32,
    path: String,
    kind: &'static str,
    text: String,
}

impl RangeJson {
    fn new(explanation: &Explanation, range: &Range) -> Self {
        let &Range { start, end, leaf, depth, .. } = range;
        let (path, text) = (explanation.path(range), explanation.text(range));
        Self { start, end, space: name_of(range.space), leaf, depth, path, kind: range.kind.name(), text }
    }
}

/// The only range of a frame that is not explained.
fn unread(size: usize) -> Option<RangeJson> {
    let (kind, text) = (RangeKind::Unread.name(), format!("not read: {size} bytes"));
    let range =
        RangeJson { start: 0, end: size, space: "frame", leaf: true, depth: 0, path: String::new(), kind, text };
    (size > 0).then_some(range)
}

fn name_of(space: Space) -> &'static str {
    if space == Space::Inflated { "inflated" } else { "frame" }
}

struct Findings<'a>(&'a Explained<'a>);

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.0.explanation.map_or(&[][..], Explanation::findings);
        serializer.collect_seq(findings.iter().map(FindingJson::from))
    }
}

#[derive(Serialize)]
struct FindingJson {
    kind: &'static str,
    severity: &'static str,
    start: usize,
    end: usize,
    canonical: String,
}

impl From<&Finding> for FindingJson {
    fn from(finding: &Finding) -> Self {
        let severity = match finding.kind.severity() {
            Severity::Rewritten => "rewritten",
            Severity::Unusual => "unusual",
        };
        let &Finding { kind, start, end, .. } = finding;
        Self { kind: kind.name(), severity, start, end, canonical: HEXLOWER.encode(&finding.canonical) }
    }
}
