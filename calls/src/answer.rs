//! Stanzas that answer others.

use wabinary::NodeRef;
use wabinary::stanza::CallReceiptRef;

use crate::Class;

/// The kind of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerKind {
    /// An `<ack>`.
    Ack,
    /// A `<receipt>`. It says that a device has the stanza; it refuses nothing.
    Receipt,
}

named! { AnswerKind {
    Ack => "ack",
    Receipt => "receipt",
} }

/// A view of a stanza that answers another: an ack, the receipt of a call, or the receipt of messages.
#[derive(Clone, Copy)]
pub(crate) struct AnswerRef<'a> {
    pub(crate) node: NodeRef<'a>,
    pub(crate) kind: AnswerKind,
    /// The class of the stanza it answers.
    pub(crate) class: Class,
}

impl<'a> AnswerRef<'a> {
    /// The view; `None` for a stanza that is not an answer, or an ack of an unknown class.
    pub(crate) fn of(node: NodeRef<'a>) -> Option<Self> {
        let (kind, class) = match node.tag() {
            "ack" => (AnswerKind::Ack, Class::from_name(text(node, "class")?)?),
            "receipt" if CallReceiptRef::try_from(node).is_ok() => (AnswerKind::Receipt, Class::Call),
            "receipt" => (AnswerKind::Receipt, Class::Message),
            _ => return None,
        };
        Some(Self { node, kind, class })
    }

    /// The ids of the answered stanzas. The receipt of several messages lists the others in `<list><item id>`.
    pub(crate) fn ids(self) -> impl Iterator<Item = &'a str> {
        let list = (self.class == Class::Message).then(|| self.node.child("list")).flatten();
        let items = list.into_iter().flat_map(NodeRef::children).filter_map(|item| text(item, "id"));
        text(self.node, "id").into_iter().chain(items)
    }
}

/// The text of an attribute that is present and not empty.
pub(crate) fn text<'a>(node: NodeRef<'a>, name: &str) -> Option<&'a str> {
    node.get_opt::<&str>(name).ok().flatten().filter(|text| !text.is_empty())
}
