//! The tree as a beginner would write it: a value for each node, which owns all its parts. It is easy to read and to
//! build, and slow.

use wabinary::{Builder, Content, JidError, JidForm, JidRef, NewContent, Node, NodeRef, Value};

/// A node with all below it.
///
/// ```
/// use wabinary::Node;
/// use wabinary_generate::plain::PlainNode;
///
/// let ack = Node::build("ack").attr("id", "A1").finish();
/// let mut plain = PlainNode::from(ack.as_ref());
/// plain.attrs[0].1 = wabinary_generate::plain::PlainValue::Null;
/// assert_eq!(plain.to_node()?.to_string(), r#"<ack id="{null}"/>"#);
/// # Ok::<(), wabinary::JidError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PlainNode {
    /// The tag.
    pub tag: String,
    /// Names and values, in wire order.
    pub attrs: Vec<(String, PlainValue)>,
    /// The content.
    pub content: PlainContent,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum PlainValue {
    /// Null.
    Null,
    /// A text.
    Text(String),
    /// An address.
    Jid(PlainJid),
}

/// The content of a node.
#[derive(Clone, Debug, PartialEq)]
pub enum PlainContent {
    /// Nothing.
    None,
    /// Child nodes; the list may be empty.
    Nodes(Vec<PlainNode>),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A text that is a token or packed.
    Text(String),
    /// An address.
    Jid(PlainJid),
}

/// Text and wire form, which together say all about a JID.
pub type PlainJid = (String, JidForm);

impl PlainNode {
    /// A node with this tag and nothing else.
    #[must_use]
    pub fn new(tag: &str) -> Self {
        Self { tag: tag.to_owned(), attrs: Vec::new(), content: PlainContent::None }
    }

    /// Gives the first attribute of this name a value, or adds one.
    pub fn set(&mut self, name: &str, value: PlainValue) {
        match self.attrs.iter_mut().find(|(found, _)| found == name) {
            Some((_, old)) => *old = value,
            None => self.attrs.push((name.to_owned(), value)),
        }
    }

    /// Removes the attributes of this name.
    pub fn remove(&mut self, name: &str) {
        self.attrs.retain(|(found, _)| found != name);
    }

    /// Its children; they take the place of any other content.
    pub fn children_mut(&mut self) -> &mut Vec<PlainNode> {
        loop {
            match self.content {
                PlainContent::Nodes(ref mut children) => return children,
                _ => self.content = PlainContent::Nodes(Vec::new()),
            }
        }
    }

    /// The first child with this tag; adds one if there is none.
    pub fn at(&mut self, tag: &str) -> &mut PlainNode {
        let children = self.children_mut();
        let at = children.iter().position(|child| child.tag == tag).unwrap_or_else(|| {
            children.push(PlainNode::new(tag));
            children.len() - 1
        });
        &mut children[at]
    }

    /// Builds the tree.
    ///
    /// # Errors
    /// The text of an address does not read under its form.
    pub fn to_node(&self) -> Result<Node, JidError> {
        let root = Node::build(&self.tag);
        self.fill(&root)?;
        Ok(root.finish())
    }

    fn fill(&self, node: &Builder) -> Result<(), JidError> {
        for (name, value) in &self.attrs {
            match value {
                PlainValue::Null => node.attr(name, Value::Null),
                PlainValue::Text(text) => node.attr(name, text),
                PlainValue::Jid((text, form)) => node.attr(name, JidRef::parse_as(text, *form)?),
            };
        }
        match &self.content {
            PlainContent::None => {}
            PlainContent::Bytes(bytes) => _ = node.bytes(bytes.clone()),
            PlainContent::Text(text) => _ = node.content(NewContent::coded(text)),
            PlainContent::Jid((text, form)) => _ = node.content(JidRef::parse_as(text, *form)?),
            PlainContent::Nodes(children) => {
                node.empty_nodes();
                for child in children {
                    node.try_child(&child.tag, |node| child.fill(node))?;
                }
            }
        }
        Ok(())
    }

    /// The number of its nodes, attributes, and bytes of texts and content; at least 1.
    pub(crate) fn size(&self) -> usize {
        let content = match &self.content {
            PlainContent::None => 0,
            PlainContent::Nodes(nodes) => nodes.iter().map(Self::size).sum(),
            PlainContent::Bytes(bytes) => bytes.len(),
            PlainContent::Text(text) | PlainContent::Jid((text, _)) => text.len(),
        };
        let value = |value: &PlainValue| match value {
            PlainValue::Null => 0,
            PlainValue::Text(text) | PlainValue::Jid((text, _)) => text.len(),
        };
        let attrs: usize = self.attrs.iter().map(|(name, of_name)| 1 + name.len() + value(of_name)).sum();
        1 + self.tag.len() + attrs + content
    }

    /// Its children; other content has none.
    #[must_use]
    pub fn children(&self) -> &[PlainNode] {
        match &self.content {
            PlainContent::Nodes(children) => children,
            _ => &[],
        }
    }
}

impl From<NodeRef<'_>> for PlainNode {
    fn from(node: NodeRef<'_>) -> Self {
        let attrs = node.attrs().map(|(name, value)| (name.to_owned(), value.into())).collect();
        Self { tag: node.tag().to_owned(), attrs, content: node.content().into() }
    }
}

impl From<Value<'_>> for PlainValue {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Text(text) => Self::Text(text.to_owned()),
            Value::Jid(jid) => Self::Jid(plain_jid(&jid)),
        }
    }
}

impl From<Content<'_>> for PlainContent {
    fn from(content: Content<'_>) -> Self {
        match content {
            Content::None => Self::None,
            Content::Nodes(children) => Self::Nodes(children.map(PlainNode::from).collect()),
            Content::Bytes(bytes) => Self::Bytes(bytes.to_vec()),
            Content::Text(text) => Self::Text(text.to_owned()),
            Content::Jid(jid) => Self::Jid(plain_jid(&jid)),
        }
    }
}

/// The text and the form of an address.
#[must_use]
pub fn plain_jid(jid: &JidRef<'_>) -> PlainJid {
    (jid.wire_text().to_string(), jid.form())
}
