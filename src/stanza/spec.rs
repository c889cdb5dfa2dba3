//! What the specification says of a stanza, as data.

mod call_ack;

use super::{AckRule, Confidence, KnownAction, KnownCode, Source};

/// A stanza's entry in the wacrg specification, and what other public material adds to it.
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
    /// What the tool calls it: `call-ack`.
    pub name: &'static str,
    /// The title of the entry.
    pub title: &'static str,
    /// The stanza's tag.
    pub tag: &'static str,
    /// The category it is in.
    pub category: &'static str,
    /// How far the entry is: `draft`.
    pub status: &'static str,
    /// The version of the specification.
    pub version: &'static str,
    /// Which ways the stanza goes, as seen from the client.
    pub directions: &'static [&'static str],
    /// What the entry refers to.
    pub references: &'static [&'static str],
    /// Where the entry is.
    pub origin: &'static str,
    /// What the stanza is.
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
    /// What is looked for in the stanza.
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
    /// Whether it must be there.
    pub required: bool,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it means.
    pub meaning: &'static str,
    /// Values that were seen.
    pub observed: &'static [&'static str],
    /// How it was detected.
    pub techniques: &'static [&'static str],
    /// Who says so; in the entry, nobody by name.
    pub sources: &'static [&'static str],
}

/// A child node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChildSpec {
    /// Its tag.
    pub tag: &'static str,
    /// How often it is there at least.
    pub min: u32,
    /// How often it is there at most, if that is known.
    pub max: Option<u32>,
    /// How sure it is.
    pub confidence: Confidence,
    /// What it means.
    pub meaning: &'static str,
    /// Its attributes, where the specification has them.
    pub attributes: &'static [AttributeSpec],
    /// Who says so.
    pub sources: &'static [Source],
}

/// An example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExampleSpec {
    /// What it shows.
    pub title: &'static str,
    /// The stanza.
    pub xml: &'static str,
    /// Whether it was made up.
    pub synthetic: bool,
    /// Whether it was cleaned of what is private.
    pub sanitized: bool,
    /// What is to be said about it.
    pub remark: Option<&'static str>,
}

/// A question that the entry leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuestionSpec {
    /// The question.
    pub question: &'static str,
    /// What is known by now.
    pub state: &'static str,
    /// Who says so.
    pub sources: &'static [Source],
}
