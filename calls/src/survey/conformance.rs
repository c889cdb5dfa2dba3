//! Compares captures with the claims of a description.

use std::collections::BTreeMap;

use wabinary::{Content, NodeRef, UnixSeconds, Value};

use super::description::{Attribute, Child, Description};

/// The most unknown names, and the most values of an attribute, that are kept. The others are counted.
const MOST_NAMES: usize = 64;

/// Times in stanzas are plausible between 2009 and 2100.
const PLAUSIBLE: std::ops::RangeInclusive<u64> = 1_230_768_000..=4_133_980_800;

/// Compares the nodes of captures with a description.
///
/// ```
/// use wabinary::Node;
/// use wabinary::stanza::CallAck;
/// use wabinary_calls::survey::{Conformance, Description};
///
/// let mut conformance = Conformance::new(Description::from(CallAck::SPEC));
/// let ack = Node::build("ack").attr("id", "A1").attr("class", "call").attr("t", "soon").finish();
/// conformance.add(ack.as_ref());
/// let id = &conformance.attributes()[0];
/// assert_eq!((id.present, id.of, id.contradictions), (1, 1, 0));
/// assert_eq!(conformance.attributes()[5].contradictions, 1);
/// ```
#[derive(Debug)]
pub struct Conformance {
    description: Description,
    nodes: u64,
    attributes: Vec<Counts>,
    children: Vec<ChildCounts>,
    unknown: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, Default)]
struct Counts {
    present: u64,
    contradictions: u64,
    values: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, Default)]
struct ChildCounts {
    nodes_with: u64,
    total: u64,
    most: u64,
    attributes: Vec<Counts>,
}

/// The observations of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ObservedAttribute {
    /// The attribute's name. For an attribute of a child, the child's tag and a point come before it.
    pub name: String,
    /// The type that the description claims.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub value_type: String,
    /// Whether the description claims that it is always present.
    pub required: bool,
    /// The confidence of the description in it.
    pub confidence: String,
    /// How many nodes have it.
    pub present: u64,
    /// How many nodes there are.
    pub of: u64,
    /// How many values are not of the type.
    pub contradictions: u64,
    /// For an attribute with known values or with addresses: how often each value, or each server, was seen.
    pub values: BTreeMap<String, u64>,
    /// The values that the description does not have.
    pub new_values: Vec<String>,
}

/// The observations of a child.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ObservedChild {
    /// Its tag.
    pub tag: String,
    /// How often the description says that it occurs.
    pub occurrence: String,
    /// How many nodes have it.
    pub present: u64,
    /// How many nodes there are.
    pub of: u64,
    /// The most that one node has.
    pub most: u64,
    /// Whether a node has fewer or more than the description says.
    pub contradicts: bool,
}

impl Conformance {
    /// A comparison with a description.
    #[must_use]
    pub fn new(description: Description) -> Self {
        let counts = |attributes: &[Attribute]| vec![Counts::default(); attributes.len()];
        let of_child = |child: &Child| ChildCounts { attributes: counts(&child.attributes), ..ChildCounts::default() };
        Self {
            nodes: 0,
            attributes: counts(&description.attributes),
            children: description.children.iter().map(of_child).collect(),
            unknown: BTreeMap::new(),
            description,
        }
    }

    /// Adds a stanza. Counts the nodes with the tag of the description, at any depth; for an acknowledgement, only
    /// those with its class.
    pub fn add(&mut self, stanza: NodeRef<'_>) {
        for node in std::iter::once(stanza).chain(stanza.descendants()) {
            if node.tag() == self.description.tag && self.has_class(node) {
                self.count(node);
            }
        }
    }

    /// Whether a node has the class that the description names, if it names one.
    fn has_class(&self, node: NodeRef<'_>) -> bool {
        let class =
            self.description.attributes.iter().find(|attribute| attribute.name == "class" && attribute.required);
        class.is_none_or(|class| {
            let value = node.get_opt::<&str>("class").ok().flatten();
            class.observed.is_empty() || value.is_some_and(|value| class.observed.iter().any(|known| known == value))
        })
    }

    fn count(&mut self, node: NodeRef<'_>) {
        let Self { description, nodes, attributes, children, unknown } = self;
        *nodes = nodes.saturating_add(1);
        count_attributes(node, "", &description.attributes, attributes, unknown);
        for (child, counts) in description.children.iter().zip(children.iter_mut()) {
            let found = node.children().filter(|one| one.tag() == child.tag);
            let mut total = 0_u64;
            for one in found {
                total = total.saturating_add(1);
                count_attributes(one, &child.tag, &child.attributes, &mut counts.attributes, unknown);
            }
            counts.nodes_with = counts.nodes_with.saturating_add(u64::from(total > 0));
            counts.total = counts.total.saturating_add(total);
            counts.most = counts.most.max(total);
        }
        for child in node.children().filter(|one| description.children.iter().all(|known| known.tag != one.tag())) {
            count_name(unknown, format!("<{}>", child.tag()));
        }
        if matches!(node.content(), Content::Bytes(_) | Content::Text(_) | Content::Jid(_)) {
            count_name(unknown, "content".to_owned());
        }
    }

    /// How many nodes were compared.
    #[must_use]
    pub fn nodes(&self) -> u64 {
        self.nodes
    }

    /// The description that nodes are compared with.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The observations of each attribute of the description. Those of children come last.
    #[must_use]
    pub fn attributes(&self) -> Vec<ObservedAttribute> {
        let own = self.description.attributes.iter().zip(&self.attributes);
        let mut observed: Vec<_> = own.map(|(claim, counts)| counts.observed(claim, "", self.nodes)).collect();
        for (child, counts) in self.description.children.iter().zip(&self.children) {
            let of_child = child.attributes.iter().zip(&counts.attributes);
            let prefix = format!("{}.", child.tag);
            observed.extend(of_child.map(|(claim, seen)| seen.observed(claim, &prefix, counts.total)));
        }
        observed
    }

    /// The observations of each child of the description.
    #[must_use]
    pub fn children(&self) -> Vec<ObservedChild> {
        let children = self.description.children.iter().zip(&self.children);
        let observed = children.map(|(claim, counts)| {
            let (least, most) = claim.occurrence;
            let lacks = least > 0 && counts.nodes_with < self.nodes;
            ObservedChild {
                tag: claim.tag.clone(),
                occurrence: format!("{least}..{}", most.map_or_else(|| "n".to_owned(), |most| most.to_string())),
                present: counts.nodes_with,
                of: self.nodes,
                most: counts.most,
                contradicts: lacks || most.is_some_and(|most| counts.most > most),
            }
        });
        observed.collect()
    }

    /// Attributes and children that the description lacks, with how often they were seen.
    #[must_use]
    pub fn unknown(&self) -> &BTreeMap<String, u64> {
        &self.unknown
    }
}

impl Counts {
    fn observed(&self, claim: &Attribute, prefix: &str, of: u64) -> ObservedAttribute {
        let is_new = |value: &&String| !claim.observed.is_empty() && !claim.observed.contains(value);
        ObservedAttribute {
            name: format!("{prefix}{}", claim.name),
            value_type: claim.value_type.clone(),
            required: claim.required,
            confidence: claim.confidence.clone(),
            present: self.present,
            of,
            contradictions: self.contradictions,
            values: self.values.clone(),
            new_values: self.values.keys().filter(is_new).cloned().collect(),
        }
    }
}

fn count_attributes(
    node: NodeRef<'_>,
    tag: &str,
    claims: &[Attribute],
    counts: &mut [Counts],
    unknown: &mut BTreeMap<String, u64>,
) {
    for (claim, counts) in claims.iter().zip(counts.iter_mut()) {
        let Some(value) = node.attr(&claim.name) else { continue };
        counts.present = counts.present.saturating_add(1);
        counts.contradictions = counts.contradictions.saturating_add(u64::from(!is_of_type(value, &claim.value_type)));
        if let Some(value) = shown(value, claim) {
            count_name(&mut counts.values, value);
        }
    }
    for (name, _) in node.attrs().filter(|(name, _)| claims.iter().all(|claim| claim.name != *name)) {
        let dot = if tag.is_empty() { "" } else { "." };
        count_name(unknown, format!("{tag}{dot}{name}"));
    }
}

fn count_name(counts: &mut BTreeMap<String, u64>, name: String) {
    if counts.len() < MOST_NAMES || counts.contains_key(&name) {
        let count = counts.entry(name).or_default();
        *count = count.saturating_add(1);
    }
}

/// The part of a value that may be shown: the server of an address, and other values only if they are in a vocabulary.
fn shown(value: Value<'_>, claim: &Attribute) -> Option<String> {
    match value {
        Value::Jid(jid) if jid.user().is_none() => Some(jid.to_string()),
        Value::Jid(jid) => Some(format!("user@{}", jid.server().as_str())),
        Value::Text(text) if !claim.observed.is_empty() || claim.name == "type" => Some(text.to_owned()),
        Value::Text(_) | Value::Null => None,
    }
}

fn is_of_type(value: Value<'_>, value_type: &str) -> bool {
    use wabinary::FromValue;
    match value_type {
        "jid" => wabinary::JidRef::from_value(value).is_some(),
        "int" | "integer" => i64::from_value(value).is_some(),
        "timestamp" => UnixSeconds::from_value(value).is_some_and(|time| PLAUSIBLE.contains(&time.0)),
        _ => matches!(value, Value::Text(_)),
    }
}
