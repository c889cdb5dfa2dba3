//! The tree as a beginner would write it: a value for each node, owning all that is in it.

use wabinary::{Content, JidForm, JidRef, NodeRef, Value};

#[derive(Clone, Debug, PartialEq)]
pub struct PlainNode {
    pub tag: String,
    pub attrs: Vec<(String, PlainValue)>,
    pub content: PlainContent,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PlainValue {
    Null,
    Text(String),
    Jid(PlainJid),
}

#[derive(Clone, Debug, PartialEq)]
pub enum PlainContent {
    None,
    Nodes(Vec<PlainNode>),
    Bytes(Vec<u8>),
    Text(String),
    Jid(PlainJid),
}

/// Text and wire form, which together tell all of a JID.
pub type PlainJid = (String, JidForm);

impl PlainNode {
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

    pub fn remove(&mut self, name: &str) {
        self.attrs.retain(|(found, _)| found != name);
    }

    /// Adds a child; content other than nodes gives way.
    pub fn push(&mut self, child: PlainNode) -> &mut PlainNode {
        if !matches!(self.content, PlainContent::Nodes(_)) {
            self.content = PlainContent::Nodes(Vec::new());
        }
        let PlainContent::Nodes(children) = &mut self.content else { unreachable!("just made so") };
        children.push(child);
        children.last_mut().expect("just pushed")
    }

    /// The first child with this tag; adds one if there is none.
    pub fn at(&mut self, tag: &str) -> &mut PlainNode {
        match self.children().iter().position(|child| child.tag == tag) {
            Some(at) => match &mut self.content {
                PlainContent::Nodes(children) => &mut children[at],
                _ => unreachable!("it has children"),
            },
            None => self.push(PlainNode::new(tag)),
        }
    }

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

pub fn plain_jid(jid: &JidRef<'_>) -> PlainJid {
    (jid.wire_text().to_string(), jid.form())
}
