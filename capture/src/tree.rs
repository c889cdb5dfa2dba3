//! Trees that may lack parts of their content.

use std::fmt::{self, Display, Write};

use serde::ser::{Serialize, SerializeStruct, Serializer};
use wabinary::{Content, Node, NodeRef};

/// A tree, and the places where its source omitted content.
///
/// ```
/// use wabinary_capture::{Form, Payload, Records};
///
/// let log = "22:13:20.394 [Client/Recv DEBUG] <message id=\"1\"><enc v=\"2\"><!-- 182 bytes --></enc></message>\n";
/// let record = Records::new(log.as_bytes(), Form::Auto)?.next().unwrap()?;
/// let Payload::Tree(tree) = record.payload else { panic!() };
/// assert!(tree.has_missing());
/// assert_eq!(tree.to_string(), "<message id=\"1\"><enc v=\"2\"><!-- missing 182 bytes --></enc></message>");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tree {
    node: Node,
    /// The indexes of nodes with missing content, in the order of start tags, and the size of the content.
    missing: Vec<(usize, Option<u64>)>,
}

impl From<Node> for Tree {
    fn from(node: Node) -> Self {
        Self { node, missing: Vec::new() }
    }
}

impl Tree {
    pub(crate) fn new(node: Node, missing: Vec<(usize, Option<u64>)>) -> Self {
        Self { node, missing }
    }

    /// The tree. A node with missing content has no content here.
    #[must_use]
    pub fn node(&self) -> NodeRef<'_> {
        self.node.as_ref()
    }

    /// Another tree of the same shape, with the gaps of this one.
    #[must_use]
    pub fn with_node(&self, node: Node) -> Self {
        Self { node, missing: self.missing.clone() }
    }

    /// Whether content is missing somewhere.
    #[must_use]
    pub fn has_missing(&self) -> bool {
        !self.missing.is_empty()
    }

    /// The path of the first node with missing content.
    #[must_use]
    pub fn first_missing(&self) -> Option<String> {
        let (wanted, _) = *self.missing.first()?;
        let mut path = vec![self.node.as_ref()];
        let mut next = 1;
        // The path down to the node with the wanted index.
        'down: while next <= wanted {
            let parent = *path.last()?;
            for child in parent.children() {
                let behind = next + count(child);
                if wanted < behind {
                    path.push(child);
                    next += 1;
                    continue 'down;
                }
                next = behind;
            }
            return None;
        }
        Some(path.iter().map(|node| node.tag()).collect::<Vec<_>>().join(" > "))
    }
}

/// The nodes of a tree.
fn count(node: NodeRef<'_>) -> usize {
    let mut waiting = vec![node];
    let mut count = 0;
    while let Some(node) = waiting.pop() {
        count += 1;
        waiting.extend(node.children());
    }
    count
}

/// XML, on one line or with `{:#}` indented. A comment replaces missing content.
impl Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.missing.is_empty() {
            return Display::fmt(&self.node, f);
        }
        let mut xml = String::new();
        if f.alternate() {
            write!(xml, "{:#}", self.node)?
        } else {
            write!(xml, "{}", self.node)?
        }
        let mut missing = self.missing.iter().peekable();
        let (mut rest, mut number) = (xml.as_str(), 0);
        // No value or content has a bare `<`, so each one that is not an end tag starts the next node.
        while let Some(at) = rest.find('<') {
            let (before, tag) = rest.split_at(at);
            f.write_str(before)?;
            let end = tag_end(tag);
            let (tag, behind) = tag.split_at(end);
            rest = behind;
            let is_start = !tag.starts_with("</");
            match (missing.peek(), tag.strip_suffix("/>")) {
                (Some((wanted, size)), Some(start)) if is_start && *wanted == number => {
                    missing.next();
                    let name = start.get(1..).unwrap_or("").split([' ', '\n']).next().unwrap_or("");
                    match size {
                        Some(size) => write!(f, "{start}><!-- missing {size} bytes --></{name}>")?,
                        None => write!(f, "{start}><!-- missing --></{name}>")?,
                    }
                }
                _ => f.write_str(tag)?,
            }
            number += usize::from(is_start);
        }
        f.write_str(rest)
    }
}

/// The end of a tag. Only `>` outside quotes ends it.
fn tag_end(tag: &str) -> usize {
    let mut is_quoted = false;
    let end = tag.find(|character| {
        is_quoted ^= character == '"';
        character == '>' && !is_quoted
    });
    end.map_or(tag.len(), |end| end + 1)
}

/// The JSON of trees. `{"missing": 182}` replaces missing content, with null for an unknown size.
impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.missing.is_empty() {
            return self.node.serialize(serializer);
        }
        At { node: self.node.as_ref(), number: 0, missing: &self.missing }.serialize(serializer)
    }
}

/// A node with its index, in the order of start tags.
struct At<'a> {
    node: NodeRef<'a>,
    number: usize,
    missing: &'a [(usize, Option<u64>)],
}

impl Serialize for At<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { node, number, missing } = *self;
        let is_below = |wanted: usize| (number..number + count(node)).contains(&wanted);
        if !missing.iter().any(|(wanted, _)| is_below(*wanted)) {
            return node.serialize(serializer);
        }
        let mut fields = serializer.serialize_struct("Node", 3)?;
        fields.serialize_field("tag", node.tag())?;
        fields.serialize_field("attrs", &Attrs(node))?;
        match node.content() {
            Content::Nodes(children) => {
                let mut next = number + 1;
                let children: Vec<_> = children
                    .map(|node| {
                        let number = next;
                        next += count(node);
                        At { node, number, missing }
                    })
                    .collect();
                fields.serialize_field("content", &Nodes { nodes: children })?;
            }
            _ => {
                let size = missing.iter().find(|(wanted, _)| *wanted == number).and_then(|(_, size)| *size);
                fields.serialize_field("content", &Missing { missing: size })?;
            }
        }
        fields.end()
    }
}

#[derive(serde::Serialize)]
struct Nodes<'a> {
    nodes: Vec<At<'a>>,
}

#[derive(serde::Serialize)]
struct Missing {
    missing: Option<u64>,
}

struct Attrs<'a>(NodeRef<'a>);

impl Serialize for Attrs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.attrs())
    }
}
