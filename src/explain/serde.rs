//! `Serialize` for explanations (feature `serde`): the objects that the tool writes.

use serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};

use super::{Explanation, Finding, FindingKind, Range, RangeKind, Severity};

/// Serializes as `{"size", "ranges", "findings", "error"}`: each range with its path and meaning, and `error` null if
/// the frame decodes. Ranges are serialized one by one, so a large explanation takes no further memory.
impl Serialize for Explanation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Explanation", 4)?;
        fields.serialize_field("size", &self.frame().len())?;
        fields.serialize_field("ranges", &self.ranges_with_text())?;
        fields.serialize_field("findings", self.findings())?;
        fields.serialize_field("error", &self.error())?;
        fields.end()
    }
}

impl Explanation {
    /// Returns the ranges as an explanation serializes them, each with its path and meaning.
    #[must_use]
    pub fn ranges_with_text(&self) -> impl Serialize {
        Ranges(self)
    }
}

struct Ranges<'a>(&'a Explanation);

impl Serialize for Ranges<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(explanation) = *self;
        let mut ranges = serializer.serialize_seq(Some(explanation.ranges().len()))?;
        for range in explanation.ranges() {
            ranges.serialize_element(&Explained { range, explanation: Some(explanation) })?;
        }
        ranges.end()
    }
}

/// `{"start", "end", "space", "leaf", "depth", "kind"}`. In an [`Explanation`] also `path` and `text`.
impl Serialize for Range {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Explained { range: self, explanation: None }.serialize(serializer)
    }
}

struct Explained<'a> {
    range: &'a Range,
    explanation: Option<&'a Explanation>,
}

impl Serialize for Explained<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { range, explanation } = *self;
        let mut fields = serializer.serialize_struct("Range", if explanation.is_some() { 8 } else { 6 })?;
        fields.serialize_field("start", &range.start)?;
        fields.serialize_field("end", &range.end)?;
        fields.serialize_field("space", &range.space)?;
        fields.serialize_field("leaf", &range.leaf)?;
        fields.serialize_field("depth", &range.depth)?;
        if let Some(explanation) = explanation {
            fields.serialize_field("path", &explanation.path(range))?;
        }
        fields.serialize_field("kind", &range.kind)?;
        if let Some(explanation) = explanation {
            fields.serialize_field("text", &explanation.text(range))?;
        }
        fields.end()
    }
}

/// `{"kind", "severity", "start", "end", "space", "canonical"}`, the canonical bytes in hex.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Finding", 6)?;
        fields.serialize_field("kind", &self.kind)?;
        fields.serialize_field("severity", &self.kind.severity())?;
        fields.serialize_field("start", &self.start)?;
        fields.serialize_field("end", &self.end)?;
        fields.serialize_field("space", &self.space)?;
        fields.serialize_field("canonical", &data_encoding::HEXLOWER.encode(&self.canonical))?;
        fields.end()
    }
}

macro_rules! serialize_name {
    ($($Type:ident)*) => {$(
        /// Its name.
        impl Serialize for $Type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    )*};
}

serialize_name! { RangeKind FindingKind Severity }
