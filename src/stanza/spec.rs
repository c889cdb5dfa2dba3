//! A stanza's entry in the specification, as data.

mod call_ack;

use super::{AckRule, Confidence, KnownAction, KnownCode, Source};

/// A stanza's entry in the wacrg specification, with additions from other public material.
///
/// Names and values are the entry's own; sentences are not.
///
/// ```
/// use wabinary::stanza::CallAck;
///
/// for attribute in CallAck::SPEC.attributes {
///     println!("{}: {} ({:?})", attribute.name, attribute.meaning, attribute.confidence);
/// }
/// assert_eq!(CallAck::SPEC.tag, "ack");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StanzaSpec {
    /// The name in the tool: `call-ack`.
    pub name: &'static str,
    /// The title of the entry.
    pub title: &'static str,
    /// The stanza's tag.
    pub tag: &'static str,
    /// Its category.
    pub category: &'static str,
    /// The status of the entry: `draft`.
    pub status: &'static str,
    /// The version of the specification.
    pub version: &'static str,
    /// The directions of the stanza, as seen from the client.
    pub directions: &'static [&'static str],
    /// The references of the entry.
    pub references: &'static [&'static str],
    /// The place of the entry.
    pub origin: &'static str,
    /// A summary of the stanza.
    pub summary: &'static str,
    /// The entry's attributes.
    pub attributes: &'static [AttributeSpec],
    /// The entry's children.
    pub children: &'static [ChildSpec],
    /// The entry's examples.
    pub examples: &'static [ExampleSpec],
    /// The entry's notes.
    pub notes: &'static [&'static str],
    /// The entry's open questions.
    pub open_questions: &'static [QuestionSpec],
    /// Attributes that are in other public material only.
    pub further_attributes: &'static [AttributeSpec],
    /// Children that are in other public material only.
    pub further_children: &'static [ChildSpec],
    /// The known values of `type`, from other public material.
    pub actions: &'static [KnownAction],
    /// The known codes, from other public material.
    pub codes: &'static [KnownCode],
    /// The rules for findings in the stanza.
    pub findings: &'static [AckRule],
}

/// An attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttributeSpec {
    /// Its name.
    pub name: &'static str,
    /// The type of its values: `string`, `jid`, `timestamp`, `int`.
    pub value_type: &'static str,
    /// Whether it must be present.
    pub required: bool,
    /// The confidence in it.
    pub confidence: Confidence,
    /// The meaning.
    pub meaning: &'static str,
    /// Values that were seen.
    pub observed: &'static [&'static str],
    /// How it was observed.
    pub techniques: &'static [&'static str],
    /// The sources; the entry names none.
    pub sources: &'static [&'static str],
}

/// A child node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildSpec {
    /// Its tag.
    pub tag: &'static str,
    /// The least number of occurrences.
    pub min: u32,
    /// The greatest number of occurrences, if known.
    pub max: Option<u32>,
    /// The confidence in it.
    pub confidence: Confidence,
    /// The meaning.
    pub meaning: &'static str,
    /// Its attributes, if the specification has them.
    pub attributes: &'static [AttributeSpec],
    /// The sources for it.
    pub sources: &'static [Source],
}

/// An example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExampleSpec {
    /// What the example shows, as a title.
    pub title: &'static str,
    /// The stanza.
    pub xml: &'static str,
    /// Whether it is synthetic.
    pub synthetic: bool,
    /// Whether private data was removed.
    pub sanitized: bool,
    /// A remark.
    pub remark: Option<&'static str>,
}

/// A question that the entry leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuestionSpec {
    /// The question.
    pub question: &'static str,
    /// The current state of the answer.
    pub state: &'static str,
    /// The sources for it.
    pub sources: &'static [Source],
}
