//! Descriptions of stanzas, to compare captures with.

use wabinary::stanza::{AttributeSpec, ChildSpec, StanzaSpec};

/// The description of a stanza in a specification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The name of the specification.
    pub id: String,
    /// The tag of the nodes that it describes.
    pub tag: String,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
    /// Its children.
    pub children: Vec<Child>,
}

/// The description of an attribute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// The type of its values: `jid`, `int`, `timestamp`; any other type is any text.
    pub value_type: String,
    /// Whether it is always present.
    pub required: bool,
    /// The author's confidence in it.
    pub confidence: String,
    /// Observed values.
    pub observed: Vec<String>,
}

/// The description of a child.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Child {
    /// Its tag.
    pub tag: String,
    /// How often it occurs: the least number, and the greatest, if there is one.
    pub occurrence: (u64, Option<u64>),
    /// The author's confidence in it.
    pub confidence: String,
    /// Its attributes.
    pub attributes: Vec<Attribute>,
}

impl From<&StanzaSpec> for Description {
    fn from(spec: &StanzaSpec) -> Self {
        let attributes = |attributes: &[AttributeSpec]| attributes.iter().map(Attribute::from).collect::<Vec<_>>();
        let child = |child: &ChildSpec| Child {
            tag: child.tag.to_owned(),
            occurrence: (child.min.into(), child.max.map(u64::from)),
            confidence: child.confidence.name().to_owned(),
            attributes: attributes(child.attributes),
        };
        Self {
            id: spec.name.to_owned(),
            tag: spec.tag.to_owned(),
            attributes: attributes(spec.attributes),
            children: spec.children.iter().map(child).collect(),
        }
    }
}

impl From<&AttributeSpec> for Attribute {
    fn from(spec: &AttributeSpec) -> Self {
        Self {
            name: spec.name.to_owned(),
            value_type: spec.value_type.to_owned(),
            required: spec.required,
            confidence: spec.confidence.name().to_owned(),
            observed: spec.observed.iter().map(|&value| value.to_owned()).collect(),
        }
    }
}
