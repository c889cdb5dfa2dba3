//! The differences of two trees.

use std::collections::{HashMap, HashSet};
use std::time::Instant;

use data_encoding::HEXLOWER;
use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};
use wabinary::{Content, JidRef, NodeRef, Value};
use wabinary_render::shown::printable;

use super::bytes::PATIENCE;

/// A difference.
#[derive(Serialize)]
pub(super) struct TreeChange {
    pub(super) change: Kind,
    /// The path: `participants > to[2] > @jid`, indexes from 0.
    pub(super) path: String,
    /// The value in A; for a moved attribute, its index among the attributes.
    pub(super) a: Option<String>,
    pub(super) b: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Added,
    Removed,
    Changed,
    Moved,
}

pub(super) fn changes(a: NodeRef<'_>, b: NodeRef<'_>) -> Vec<TreeChange> {
    let mut found = Found { changes: Vec::new(), deadline: Instant::now() + PATIENCE };
    // An explicit list of pairs to compare instead of recursion: trees are deep.
    let mut left = vec![(a.tag().to_owned(), a, b)];
    while let Some((path, a, b)) = left.pop() {
        let inside = found.nodes(&path, a, b);
        left.extend(inside.into_iter().rev());
    }
    found.changes
}

struct Found {
    changes: Vec<TreeChange>,
    deadline: Instant,
}

/// Two nodes to compare, with the path of the first.
type Pair<'n> = (String, NodeRef<'n>, NodeRef<'n>);

impl Found {
    fn push(&mut self, change: Kind, path: String, a: Option<String>, b: Option<String>) {
        self.changes.push(TreeChange { change, path: printable(&path, usize::MAX), a, b });
    }

    /// Compares two nodes without their children. Returns the children to compare.
    fn nodes<'n>(&mut self, path: &str, a: NodeRef<'n>, b: NodeRef<'n>) -> Vec<Pair<'n>> {
        if a == b {
            return Vec::new();
        }
        if a.tag() != b.tag() {
            self.push(Kind::Changed, path.to_owned(), Some(quoted(a.tag())), Some(quoted(b.tag())));
        }
        self.attributes(path, a, b);
        if let (Content::Nodes(_), Content::Nodes(_)) = (a.content(), b.content()) {
            return self.children(path, a, b);
        }
        let (content_a, content_b) = (content(a), content(b));
        if content_a != content_b {
            let change = match (&content_a, &content_b) {
                (None, _) => Kind::Added,
                (_, None) => Kind::Removed,
                _ => Kind::Changed,
            };
            self.push(change, format!("{path} > content"), content_a, content_b);
        }
        Vec::new()
    }

    fn attributes(&mut self, path: &str, a: NodeRef<'_>, b: NodeRef<'_>) {
        let (of_a, of_b) = (numbered(a), numbered(b));
        let values_b: HashMap<_, _> = of_b.iter().map(|(name, value)| (*name, *value)).collect();
        let names_a: HashSet<_> = of_a.iter().map(|(name, _)| *name).collect();
        let common = |of: &[(Name<'_>, Value<'_>)], others: &dyn Fn(&Name<'_>) -> bool| -> Vec<_> {
            of.iter().map(|(name, _)| (name.0.to_owned(), name.1)).filter(|(name, nth)| others(&(name, *nth))).collect()
        };
        let common_a = common(&of_a, &|name| values_b.contains_key(name));
        let common_b = common(&of_b, &|name| names_a.contains(name));
        let in_order: HashSet<&(String, usize)> = self
            .compare(&common_a, &common_b)
            .into_iter()
            .filter(|(tag, ..)| *tag == DiffTag::Equal)
            .flat_map(|(_, range, _)| common_a.get(range).unwrap_or_default())
            .collect();
        let place = |of: &[(Name<'_>, Value<'_>)], name: &Name<'_>| {
            of.iter().position(|(other, _)| other == name).map(|place| place.to_string())
        };
        for (name, value) in &of_a {
            let path = format!("{path} > @{}", name.0);
            let Some(other) = values_b.get(name) else {
                self.push(Kind::Removed, path, Some(shown(*value)), None);
                continue;
            };
            if value != other {
                self.push(Kind::Changed, path.clone(), Some(shown(*value)), Some(shown(*other)));
            }
            if !in_order.contains(&(name.0.to_owned(), name.1)) {
                self.push(Kind::Moved, path, place(&of_a, name), place(&of_b, name));
            }
        }
        for (name, value) in of_b.iter().filter(|(name, _)| !names_a.contains(name)) {
            self.push(Kind::Added, format!("{path} > @{}", name.0), None, Some(shown(*value)));
        }
    }

    /// Pairs the children, and reports those without a counterpart.
    fn children<'n>(&mut self, path: &str, a: NodeRef<'n>, b: NodeRef<'n>) -> Vec<Pair<'n>> {
        let (of_a, of_b): (Vec<_>, Vec<_>) = (a.children().collect(), b.children().collect());
        let keys = |nodes: &[NodeRef<'_>]| nodes.iter().map(|node| key(*node)).collect::<Vec<_>>();
        let name = |nodes: &[NodeRef<'_>], at: usize| {
            let tag = nodes.get(at).map_or("", |node| node.tag());
            if nodes.len() > 1 { format!("{path} > {tag}[{at}]") } else { format!("{path} > {tag}") }
        };
        let mut pairs = Vec::new();
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        for (tag, range_a, range_b) in self.compare(&keys(&of_a), &keys(&of_b)) {
            let nodes_a = range_a.filter_map(|at| Some((at, *of_a.get(at)?)));
            let nodes_b = range_b.filter_map(|at| Some((at, *of_b.get(at)?)));
            if tag == DiffTag::Equal {
                pairs.extend(nodes_a.zip(nodes_b));
                continue;
            }
            // Pairs different children with equal tags.
            let mut left: Vec<_> = nodes_b.collect();
            for (at, node) in nodes_a {
                match left.iter().position(|(_, other)| other.tag() == node.tag()) {
                    Some(found) => pairs.push(((at, node), left.remove(found))),
                    None => removed.push((at, node)),
                }
            }
            added.extend(left);
        }
        for (at, node) in removed {
            match added.iter().position(|(_, other)| *other == node) {
                Some(found) => {
                    let (to, _) = added.remove(found);
                    self.push(Kind::Moved, name(&of_a, at), Some(at.to_string()), Some(to.to_string()));
                }
                None => self.push(Kind::Removed, name(&of_a, at), Some(start_of(node)), None),
            }
        }
        for (at, node) in added {
            self.push(Kind::Added, name(&of_b, at), None, Some(start_of(node)));
        }
        pairs.into_iter().map(|((at, a), (_, b))| (name(&of_a, at), a, b)).collect()
    }

    fn compare<T: Eq + std::hash::Hash + Ord>(&self, a: &[T], b: &[T]) -> Vec<Runs> {
        let found = capture_diff_slices_deadline(Algorithm::Myers, a, b, Some(self.deadline));
        found.into_iter().map(|change| change.as_tag_tuple()).collect()
    }
}

type Runs = (DiffTag, std::ops::Range<usize>, std::ops::Range<usize>);

/// A name, and its index among equal names: a leniency allows repeated names.
type Name<'n> = (&'n str, usize);

fn numbered<'n>(node: NodeRef<'n>) -> Vec<(Name<'n>, Value<'n>)> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let numbered = |(name, value)| {
        let count = seen.entry(name).or_default();
        *count += 1;
        ((name, *count - 1), value)
    };
    node.attrs().map(numbered).collect()
}

/// The tag and id by which children are paired.
fn key(node: NodeRef<'_>) -> (String, Option<String>) {
    let named = ["jid", "id", "name"].iter().find_map(|name| node.attr(name));
    (node.tag().to_owned(), named.map(|value| value.to_text().into_owned()))
}

/// The longest value that is shown, in characters.
const LONGEST: usize = 120;

fn shown(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::Jid(jid) => address(jid),
        Value::Null => "null".to_owned(),
    }
}

fn address(jid: JidRef<'_>) -> String {
    format!("{} ({})", printable(&jid.to_string(), LONGEST), jid.form())
}

fn quoted(text: &str) -> String {
    let more = if text.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("\"{}\"{more}", printable(text, LONGEST))
}

/// Content other than nodes as text; nodes as their number.
fn content(node: NodeRef<'_>) -> Option<String> {
    match node.content() {
        Content::None => None,
        Content::Nodes(nodes) => {
            let count = nodes.count();
            Some(format!("{count} child node{}", if count == 1 { "" } else { "s" }))
        }
        Content::Bytes(bytes) => {
            let start = bytes.get(..LONGEST / 2).unwrap_or(bytes);
            let more = if start.len() < bytes.len() { "…" } else { "" };
            Some(format!("{} bytes: {}{more}", bytes.len(), HEXLOWER.encode(start)))
        }
        Content::Text(text) => Some(format!("text {}", quoted(text))),
        Content::Jid(jid) => Some(address(jid)),
    }
}

/// The start of a node as XML.
fn start_of(node: NodeRef<'_>) -> String {
    let xml = node.to_string();
    let more = if xml.chars().nth(LONGEST).is_some() { "…" } else { "" };
    format!("{}{more}", printable(&xml, LONGEST))
}
