//! Rewriting values and contents throughout a tree.

use super::tree::{Cell, Tree, Word, kind};
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

/// Nodes stay where they are, so only words and cells are made anew.
pub(super) fn rewrite(root: NodeRef<'_>, rewrite: &mut impl Rewrite) -> Node {
    let mut tree = Tree { table: root.tree.table, overflow: root.tree.overflow, ..Tree::default() };
    let (start, end) = (root.index(), root.record.end);
    for index in start..end {
        let node = NodeRef::at(root.tree, index);
        let record = node.record;
        let tag = tree.put_word(root.tree, record.tag, true, true);
        let at = tree.begin(tag, record.end - start) as usize;
        for (name, value) in node.attrs() {
            let name_word = tree.put_text(name);
            let (value, texts) = tree.put_value(rewrite.value(node, name, value));
            tree.cells.push(Cell { name: name_word, value });
            tree.cells.extend(texts);
        }
        let content = match node.content() {
            Content::Nodes(children) => Word::range(kind::NODES, 0, children.len()),
            content => {
                let (word, texts) = tree.put_content(rewrite.content(node, content));
                tree.cells.extend(texts);
                word
            }
        };
        let cells = tree.cells.len() as u32;
        if let Some(record) = tree.nodes.get_mut(at) {
            (record.content, record.cell_count) = (content, cells - record.cells);
        }
    }
    Node::from_tree(tree)
}
