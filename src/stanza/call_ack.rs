//! `<ack class="call">`: the acknowledgement of a call stanza.
//!
//! Facts are from the call acknowledgement entry of the wacrg specification (`WhiskeySockets/wacrg`
//! `spec/stanzas/call-ack.yaml`, version 0.1.0, status draft, category signaling, direction incoming and outgoing); what
//! the field documentation calls required, confidence, observed and provenance is that entry's. Its provenance is
//! websocket captures without named sources throughout. Where other public material differs, the documentation says so.

use std::fmt;

mod build;
mod error;

pub use build::CallAckBuilder;
pub use error::CallError;

use crate::error::{AttrError, StanzaError};
use crate::jid::JidRef;
use crate::node::{FromValue, KnownAttrs, KnownNames, Node, NodeRef, UnixSeconds, Value};

/// A view of a call acknowledgement. `Copy`; reads the node, allocates nothing.
///
/// `id` and `class` are checked when the view is made. Every other attribute is optional; a getter gives an error only
/// for a value that is there and is not of its type, and [`node`](Self::node) gives the value as it stands.
///
/// ```
/// use wabinary::{Jid, Node, UnixSeconds, stanza::CallAckRef};
///
/// let node = Node::build("ack")
///     .attr("id", "OF-0001")
///     .attr("class", "call")
///     .attr("from", Jid::SERVER)
///     .attr("t", UnixSeconds(1_700_000_000))
///     .finish();
/// let ack = CallAckRef::try_from(&node)?;
/// assert_eq!(ack.id(), "OF-0001");
/// assert_eq!(ack.from()?, Some(Jid::SERVER.as_ref()));
/// assert_eq!(ack.t()?, Some(UnixSeconds(1_700_000_000)));
/// assert_eq!((ack.error()?, ack.errors().count()), (None, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct CallAckRef<'a> {
    node: NodeRef<'a>,
    attrs: KnownAttrs<'a, 9>,
    id: &'a str,
}

/// The stanza's tag.
const TAG: &str = "ack";
/// The only value of `class` that makes an ack a call ack.
const CLASS: &str = "call";
/// The tag of an error entry.
const ERROR: &str = "error";
/// The attributes that have a getter.
static KNOWN: KnownNames<9> =
    KnownNames::new(["id", "class", "from", "to", "type", "t", "participant", "recipient", "error"]);

/// Their positions in the list.
#[derive(Clone, Copy)]
enum Known {
    Id,
    Class,
    From,
    To,
    Type,
    T,
    Participant,
    Recipient,
    Error,
}

impl<'a> CallAckRef<'a> {
    /// The node itself.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.node
    }

    /// `id`: echoes the id of the `<call>` that is acknowledged (not its `call-id`), so that the sender can match them.
    ///
    /// Required: yes. Confidence: probable. Provenance: websocket capture.
    #[must_use]
    pub fn id(self) -> &'a str {
        self.id
    }

    /// `class`: the class of the stanza that is acknowledged; always `call` here.
    ///
    /// Required: yes. Confidence: probable. Observed: `call`. Provenance: websocket capture.
    #[must_use]
    pub fn class(self) -> &'static str {
        CLASS
    }

    /// `from`: where the ack comes from, the server or the device that acknowledges.
    ///
    /// Required: no. Confidence: probable. Observed: `s.whatsapp.net`. Provenance: websocket capture. A published live
    /// capture has the peer's address instead (`purpshell/meowcaller` issue 35).
    ///
    /// # Errors
    /// A value that is no JID.
    #[inline]
    pub fn from(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.get(Known::From)
    }

    /// `to`: where the ack goes, the device that sent the stanza.
    ///
    /// Required: no. Confidence: speculative. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is no JID.
    #[inline]
    pub fn to(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.get(Known::To)
    }

    /// `type`: the kind of ack. The entry leaves its values open; WhatsApp Web and `oxidezap/whatsapp-rust` write the
    /// tag of the action that is acknowledged (`offer`, `accept`, `video`).
    ///
    /// Required: no. Confidence: speculative. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is no text.
    #[inline]
    pub fn kind(self) -> Result<Option<&'a str>, AttrError> {
        self.get(Known::Type)
    }

    /// `t`: when the server made the ack, in seconds since 1970.
    ///
    /// Required: no. Confidence: speculative. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is no number of seconds.
    #[inline]
    pub fn t(self) -> Result<Option<UnixSeconds>, AttrError> {
        self.get(Known::T)
    }

    /// `participant`: the device concerned, where the address is that of a group or call. Not in the entry;
    /// WhatsApp Web's ack parser reads it.
    ///
    /// # Errors
    /// A value that is no JID.
    #[inline]
    pub fn participant(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.get(Known::Participant)
    }

    /// `recipient`: the user the stanza was for. Not in the entry; WhatsApp Web's ack parser reads it.
    ///
    /// # Errors
    /// A value that is no JID.
    #[inline]
    pub fn recipient(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.get(Known::Recipient)
    }

    /// `error`: the code of a refusal. Not in the entry, but where refusals were captured, this attribute has the code
    /// (`purpshell/meowcaller` issue 35). Absent, empty and `0` mean none; WhatsApp Web reads an absent one as 0.
    ///
    /// # Errors
    /// A value that is no number from 0 to 65,535.
    #[inline]
    pub fn error(self) -> Result<Option<u16>, AttrError> {
        if matches!(self.attrs.get(Known::Error as usize), Some(Value::Text(""))) {
            return Ok(None);
        }
        Ok(self.get(Known::Error)?.filter(|code| *code != 0))
    }

    /// The `<error>` children, in order.
    ///
    /// Occurrence: 0 to 1. Confidence: speculative; that calls have it is unconfirmed. WhatsApp Web and the Android
    /// client read a list of them.
    pub fn errors(self) -> impl Iterator<Item = CallError<'a>> {
        self.node.children().filter(|child| child.tag() == ERROR).map(CallError::new)
    }

    /// The attributes without a getter here, in order.
    pub fn unknown_attrs(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        self.node.attrs().filter(|(name, _)| !KNOWN.names().contains(name))
    }

    /// The children that are not `<error>`, in order.
    pub fn unknown_children(self) -> impl Iterator<Item = NodeRef<'a>> {
        self.node.children().filter(|child| child.tag() != ERROR)
    }

    /// Reads a known attribute.
    #[inline(always)]
    fn get<T: FromValue<'a>>(&self, known: Known) -> Result<Option<T>, AttrError> {
        match self.attrs.get(known as usize) {
            Some(value) => self.node.read(KNOWN.names()[known as usize], value).map(Some),
            None => Ok(None),
        }
    }

    /// An ack of its own, with a copy of the node.
    #[must_use]
    pub fn to_owned(self) -> CallAck {
        CallAck { node: self.node.to_node() }
    }
}

impl<'a> TryFrom<NodeRef<'a>> for CallAckRef<'a> {
    type Error = StanzaError;

    /// # Errors
    /// Another tag; a `class` other than `call`; no `id`, or an empty one.
    fn try_from(node: NodeRef<'a>) -> Result<Self, StanzaError> {
        if node.tag() != TAG {
            return Err(StanzaError::Tag { found: node.tag().to_owned(), expected: TAG });
        }
        let attrs = node.known_attrs(&KNOWN);
        match attrs.get(Known::Class as usize) {
            Some(Value::Text(CLASS)) => {}
            _ => return Err(node.attr_error("class", "\"call\"").into()),
        }
        match attrs.get(Known::Id as usize) {
            Some(Value::Text(id)) if !id.is_empty() => Ok(Self { node, attrs, id }),
            _ => Err(node.attr_error("id", "the id of a call stanza").into()),
        }
    }
}

impl<'a> TryFrom<&'a Node> for CallAckRef<'a> {
    type Error = StanzaError;

    /// # Errors
    /// Another tag; a `class` other than `call`; no `id`, or an empty one.
    fn try_from(node: &'a Node) -> Result<Self, StanzaError> {
        Self::try_from(node.as_ref())
    }
}

impl fmt::Debug for CallAckRef<'_> {
    /// Shows what has a getter, and the names of the rest: a positive ack of an offer carries relay keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("CallAck");
        for (name, value) in self.node.attrs().filter(|(name, _)| KNOWN.names().contains(name)) {
            match value {
                Value::Text(text) => fields.field(name, &text),
                Value::Jid(jid) => fields.field(name, &format_args!("{jid}")),
                Value::Null => fields.field(name, &format_args!("null")),
            };
        }
        fields.field("errors", &self.errors().collect::<Vec<_>>());
        fields.field("unknown_attrs", &self.unknown_attrs().map(|(name, _)| name).collect::<Vec<_>>());
        fields.field("unknown_children", &self.unknown_children().map(NodeRef::tag).collect::<Vec<_>>());
        fields.finish()
    }
}

/// A call acknowledgement that owns its node.
///
/// ```
/// use wabinary::{Jid, Node, encode, stanza::CallAck};
///
/// let ack = CallAck::build("OF-0002").from(Jid::SERVER).error_entry(503, "service unavailable").finish();
/// assert_eq!(
///     ack.node().to_string(),
///     r#"<ack id="OF-0002" class="call" from="s.whatsapp.net"><error code="503" text="service unavailable"/></ack>"#,
/// );
/// // Back: a conversion that fails gives the node back.
/// let ack = CallAck::try_from(ack.into_node()).unwrap();
/// assert_eq!(ack.as_ref().errors().next().unwrap().code()?, Some(503));
/// let (node, error) = CallAck::try_from(Node::build("receipt").finish()).unwrap_err();
/// assert_eq!((node.tag(), error.to_string().as_str()), ("receipt", "tag is \"receipt\", expected \"ack\""));
/// # Ok::<(), wabinary::AttrError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct CallAck {
    node: Node,
}

impl CallAck {
    /// Starts an ack of the call stanza with this id.
    ///
    /// The order of attributes is that in which they are set, behind `id` and `class`; it means nothing on the wire.
    #[must_use]
    pub fn build(id: &str) -> CallAckBuilder {
        CallAckBuilder::new(id)
    }

    fn from_node(node: Node) -> Self {
        Self { node }
    }

    /// The view that reads.
    #[must_use]
    pub fn as_ref(&self) -> CallAckRef<'_> {
        let node = self.node.as_ref();
        let attrs = node.known_attrs(&KNOWN);
        let id = match attrs.get(Known::Id as usize) {
            Some(Value::Text(id)) => id,
            _ => "",
        };
        CallAckRef { node, attrs, id }
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// The node, all of it as it was.
    #[must_use]
    pub fn into_node(self) -> Node {
        self.node
    }
}

impl TryFrom<Node> for CallAck {
    /// The node as it was, and why it is no call ack.
    type Error = (Node, StanzaError);

    fn try_from(node: Node) -> Result<Self, (Node, StanzaError)> {
        match CallAckRef::try_from(&node).map(drop) {
            Ok(()) => Ok(Self { node }),
            Err(error) => Err((node, error)),
        }
    }
}

impl From<CallAck> for Node {
    fn from(ack: CallAck) -> Self {
        ack.node
    }
}

impl<'a> From<&'a CallAck> for NodeRef<'a> {
    fn from(ack: &'a CallAck) -> Self {
        ack.node.as_ref()
    }
}

impl fmt::Debug for CallAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}
