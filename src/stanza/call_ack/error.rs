//! `<error>`, an entry of a call acknowledgement.

use std::fmt;

use crate::error::AttrError;
use crate::node::{Attrs, Children, KnownAttrs, KnownNames, NodeRef, Value};

/// An `<error>` child of a call acknowledgement: why the stanza could not be routed or accepted.
#[derive(Clone, Copy)]
pub struct CallError<'a> {
    node: NodeRef<'a>,
    attrs: KnownAttrs<'a, 2>,
}

/// Its attributes that have a getter.
static KNOWN_OF_ERROR: KnownNames<2> = KnownNames::new(["code", "text"]);
const CODE: usize = 0;
const TEXT: usize = 1;

impl<'a> CallError<'a> {
    pub(super) fn new(node: NodeRef<'a>) -> Self {
        Self { node, attrs: node.known_attrs(&KNOWN_OF_ERROR) }
    }

    /// The node itself.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.node
    }

    /// `code`: a number like those of HTTP.
    ///
    /// Required: no. Confidence: speculative. Observed: 404, 503. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is no number from 0 to 65,535.
    pub fn code(self) -> Result<Option<u16>, AttrError> {
        self.attrs.get(CODE).map(|value| self.node.read("code", value)).transpose()
    }

    /// `text`: a text for people.
    ///
    /// Required: no. Confidence: speculative. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is no text.
    pub fn text(self) -> Result<Option<&'a str>, AttrError> {
        self.attrs.get(TEXT).map(|value| self.node.read("text", value)).transpose()
    }

    /// The other attributes, in order. A captured refusal had `call-creator`, `call-id` and `jid`, and neither code nor
    /// text (`purpshell/meowcaller` issue 35).
    pub fn rest(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        self.node.attrs().filter(|(name, _)| !KNOWN_OF_ERROR.names().contains(name))
    }

    /// What is in the entry, in order; none was seen.
    #[must_use]
    pub fn children(self) -> Children<'a> {
        self.node.children()
    }
}

impl fmt::Debug for CallError<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |attrs: Attrs<'_>| attrs.map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
        let mut fields = f.debug_struct("CallError");
        fields.field("code", &self.code().ok().flatten()).field("text", &self.text().ok().flatten());
        fields.field("attrs", &names(self.node.attrs())).finish()
    }
}
