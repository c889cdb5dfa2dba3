//! Rewriting values and contents throughout a tree.

use super::writer::TreeWriter;
use super::{Content, NewContent, NewValue, Node, NodeRef, Value};

/// Gives new values and contents for those of a tree; by default the same. For [`Node::rewrite`].
///
/// ```
/// use wabinary::{Content, NewContent, Node, NodeRef, Rewrite};
///
/// /// Blanks what is in `<enc>`.
/// struct Blank;
///
/// impl Rewrite for Blank {
///     fn content<'a>(&mut self, node: NodeRef<'a>, content: Content<'a>) -> NewContent<'a> {
///         if node.tag() == "enc" { b"secret".into() } else { content.into() }
///     }
/// }
///
/// let message = Node::build("message").child("enc", |enc| enc.bytes(vec![1, 2])).finish();
/// assert_eq!(message.rewrite(&mut Blank).to_string(), "<message><enc>secret</enc></message>");
/// ```
pub trait Rewrite {
    /// The value for an attribute.
    fn value<'a>(&mut self, node: NodeRef<'a>, name: &'a str, value: Value<'a>) -> NewValue<'a> {
        let _ = (node, name);
        value.into()
    }

    /// The content for a node; not called for one that has child nodes or an empty list of them.
    fn content<'a>(&mut self, node: NodeRef<'a>, content: Content<'a>) -> NewContent<'a> {
        let _ = node;
        content.into()
    }
}

pub(super) fn rewrite(root: NodeRef<'_>, rewrite: &mut impl Rewrite) -> Node {
    let mut writer = TreeWriter::beside(root.tree);
    // Where the nodes that are open end in the old tree.
    let mut ends = Vec::new();
    for node in std::iter::once(root).chain(root.descendants()) {
        while ends.last().is_some_and(|end| *end <= node.record.start()) {
            ends.pop();
            writer.end();
        }
        ends.push(node.record.end());
        writer.begin(node.tag());
        for (name, value) in node.attrs() {
            let name_word = writer.name(name);
            writer.attribute(name_word, rewrite.value(node, name, value));
        }
        match node.content() {
            Content::Nodes(children) if children.len() > 0 => {}
            Content::Nodes(_) => writer.empty_nodes(),
            content => writer.content(rewrite.content(node, content)),
        }
    }
    writer.finish()
}
