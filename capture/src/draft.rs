//! A tree of a dialect, before its addresses are recognised.

use wabinary::{Builder, Jid, NewContent, Node, Value};

use crate::tree::Tree;

/// The deepest tree that is read: as deep as the JSON and XML of trees may be.
pub(crate) const DEEPEST: usize = 256;

/// A node of a dialect. Attributes are texts; the rule of the XML decides which of them are addresses.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Draft {
    pub(crate) tag: String,
    pub(crate) attrs: Vec<(String, Attr)>,
    pub(crate) content: Told,
}

/// An attribute's value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Attr {
    /// A text, which may be an address.
    Text(String),
    /// A value that the dialect marks as an address. Boxed, because few are.
    Jid(Box<Jid>),
    Null,
}

/// The content of a node in a dialect.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Told {
    #[default]
    Nothing,
    Nodes(Vec<Draft>),
    Bytes(Vec<u8>),
    Text(String),
    Jid(Box<Jid>),
    /// Omitted content, with its size if the dialect gives it.
    Missing(Option<u64>),
}

impl Draft {
    pub(crate) fn named(tag: &str) -> Self {
        Self { tag: tag.to_owned(), ..Self::default() }
    }

    pub(crate) fn attr(&mut self, name: &str, value: &str) {
        self.attrs.push((name.to_owned(), Attr::Text(value.to_owned())));
    }

    pub(crate) fn into_tree(self) -> Tree {
        let mut missing = Vec::new();
        let builder = Node::build(&self.tag);
        self.fill(&builder, &mut 0, &mut missing);
        Tree::new(builder.finish(), missing)
    }

    fn fill(&self, node: &Builder, number: &mut usize, missing: &mut Vec<(usize, Option<u64>)>) {
        let own = *number;
        *number += 1;
        for (name, value) in &self.attrs {
            match value {
                Attr::Null => node.attr(name, Value::Null),
                Attr::Jid(jid) => node.attr(name, &**jid),
                Attr::Text(text) => node.attr(name, Value::plain(name, text)),
            };
        }
        match &self.content {
            Told::Nothing => {}
            Told::Nodes(nodes) => {
                node.empty_nodes();
                for below in nodes {
                    node.child(&below.tag, |child| below.fill(child, number, missing));
                }
            }
            Told::Bytes(bytes) => {
                node.bytes(bytes.clone());
            }
            Told::Text(text) => {
                node.content(NewContent::coded(text.as_str()));
            }
            Told::Jid(jid) => {
                node.content(&**jid);
            }
            Told::Missing(size) => missing.push((own, *size)),
        }
    }
}
