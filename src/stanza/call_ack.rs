//! `<ack class="call">`: the acknowledgement of a call stanza.
//!
//! Facts are from the call acknowledgement entry of the wacrg specification (`WhiskeySockets/wacrg`
//! `spec/stanzas/call-ack.yaml`, version 0.1.0, status draft, category signaling, direction incoming and outgoing); what
//! the field documentation calls required, confidence, observed and provenance is that entry's. Its provenance is
//! websocket captures without named sources throughout. Where other public material differs, the documentation says so.

use std::fmt;

mod build;
mod entry;
mod finding;
mod named_call;
mod refusal;
mod rules;

pub use build::CallAckBuilder;
pub use entry::ErrorEntry;
pub use finding::{AckFinding, AckRule, AckSeverity};
pub use named_call::{CallEvidence, NamedCall};
pub use refusal::Refusal;
pub use rules::ack_findings;

use super::{CallAction, Direction, RefusalCode, RelayRef, redaction};
use crate::{AttrError, JidRef, KnownAttrs, KnownNames, KnownText, Node, NodeRef, StanzaError, UnixSeconds, Value};

/// A view of a call acknowledgement. `Copy`; reads the node, allocates nothing.
///
/// The view checks `id` and `class` when it is made. Every other attribute is optional; a getter returns an error only
/// for a present value of another type, and [`node`](Self::node) has the value unchanged.
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
/// assert_eq!(ack.from_jid()?, Some(Jid::SERVER.as_ref()));
/// assert_eq!(ack.t()?, Some(UnixSeconds(1_700_000_000)));
/// assert_eq!((ack.error()?, ack.errors().count()), (None, 0));
/// assert!(!ack.is_refused());
/// # Ok::<(), wabinary::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct CallAckRef<'a> {
    attrs: KnownAttrs<'a, 9>,
    id: &'a str,
}

/// The stanza's tag.
const TAG: &str = "ack";
/// The only value of `class` that makes an ack a call ack.
const CLASS: &str = "call";
/// The tag of an error entry.
const ERROR: &str = "error";
static KNOWN_TAG: KnownText = KnownText::new(TAG);
static KNOWN_CLASS: KnownText = KnownText::new(CLASS);
static KNOWN_ERROR: KnownText = KnownText::new(ERROR);
/// Attributes that name the call, also on the ack itself.
const NAMING_THE_CALL: [&str; 2] = ["call-id", "call-creator"];
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
        self.attrs.node()
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
    /// A value that is not a JID.
    #[inline]
    pub fn from_jid(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.attrs.read(Known::From as usize)
    }

    /// `to`: where the ack goes, the device that sent the stanza.
    ///
    /// Required: no. Confidence: speculative. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is not a JID.
    #[inline]
    pub fn to_jid(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.attrs.read(Known::To as usize)
    }

    /// `type`: the kind of ack. The entry leaves its values open; WhatsApp Web and `oxidezap/whatsapp-rust` write the
    /// tag of the action that is acknowledged (`offer`, `accept`, `video`); see [`action`](Self::action).
    ///
    /// Required: no. Confidence: speculative. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is not a text.
    #[inline]
    pub fn kind(self) -> Result<Option<&'a str>, AttrError> {
        self.attrs.read(Known::Type as usize)
    }

    /// `t`: when the server made the ack, in seconds since 1970.
    ///
    /// Required: no. Confidence: speculative. Provenance: websocket capture.
    ///
    /// # Errors
    /// A value that is not a number of seconds.
    #[inline]
    pub fn t(self) -> Result<Option<UnixSeconds>, AttrError> {
        self.attrs.read(Known::T as usize)
    }

    /// `participant`: the device concerned, where the address is that of a group or call. Not in the entry;
    /// WhatsApp Web's ack parser reads it.
    ///
    /// # Errors
    /// A value that is not a JID.
    #[inline]
    pub fn participant(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.attrs.read(Known::Participant as usize)
    }

    /// `recipient`: the user the stanza was for. Not in the entry; WhatsApp Web's ack parser reads it.
    ///
    /// # Errors
    /// A value that is not a JID.
    #[inline]
    pub fn recipient(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.attrs.read(Known::Recipient as usize)
    }

    /// `error`: the code of a refusal. Not in the entry, but where refusals were captured, this attribute has the code
    /// (`purpshell/meowcaller` issue 35). Absent, empty and `0` mean none; WhatsApp Web reads an absent one as 0. What a
    /// code means, [`ErrorCode`](super::ErrorCode) says. The code of an `<error>` child is in [`errors`](Self::errors).
    ///
    /// # Errors
    /// A value that is not a number from 0 to 65,535.
    #[inline]
    pub fn error(self) -> Result<Option<u16>, AttrError> {
        Ok(self.attrs.read::<RefusalCode>(Known::Error as usize)?.and_then(|RefusalCode(code)| code))
    }

    /// Whether the attribute `error`, an `<error>` child or one of the [`refusals`](Self::refusals) refuses the stanza, or a
    /// part of it. That does not always end the call: with 304 the server refuses an offer that it has already
    /// ([`ErrorCode::is_refusal`](super::ErrorCode::is_refusal)).
    ///
    /// ```
    /// use wabinary::stanza::CallAck;
    ///
    /// assert!(CallAck::build("A").error(403).finish().as_ref().is_refused());
    /// assert!(CallAck::build("A").error_entry(503, "service unavailable").finish().as_ref().is_refused());
    /// assert!(!CallAck::build("A").error(0).finish().as_ref().is_refused());
    /// ```
    #[must_use]
    pub fn is_refused(self) -> bool {
        self.error() != Ok(None) || self.errors().any(ErrorEntry::is_refusal) || self.refusals().next().is_some()
    }

    /// The `<error>` children, in order.
    ///
    /// Occurrence: 0 to 1. Confidence: speculative; that calls have it is unconfirmed. WhatsApp Web and the Android
    /// client read a list of them.
    pub fn errors(self) -> impl Iterator<Item = ErrorEntry<'a>> {
        self.node().children().filter(|child| child.has_tag(&KNOWN_ERROR)).map(ErrorEntry::new)
    }

    /// The direction of the ack, by its addresses.
    #[must_use]
    pub fn direction(self) -> Option<Direction> {
        let has = |known: Known| self.attrs.get(known as usize).is_some();
        Direction::of_addresses(has(Known::From), has(Known::To))
    }

    /// The acknowledged action, from `type`. Without `type`, which is usual, only the `<call>` has it.
    #[must_use]
    pub fn action(self) -> Option<CallAction<'a>> {
        self.attrs.read_if_valid(Known::Type as usize).map(CallAction::from_name)
    }

    /// `<relay>`: the relays of the call and their keys, in the positive ack of an offer; a new key in that of an accept;
    /// only the name of the call in the ack of a refused offer.
    #[must_use]
    pub fn relay(self) -> Option<RelayRef<'a>> {
        self.node().child("relay").and_then(|relay| RelayRef::try_from(relay).ok())
    }

    /// `<group_info>`: who is in the group call, in the ack of a group's offer and of a `link_join`.
    #[must_use]
    pub fn group_info(self) -> Option<NodeRef<'a>> {
        self.node().child("group_info")
    }

    /// `<waiting_room>`: in the ack of a `link_join`. Its `link-token` is a secret.
    #[must_use]
    pub fn waiting_room(self) -> Option<NodeRef<'a>> {
        self.node().child("waiting_room")
    }

    /// `<link_create>` or `<link_query>`: in the ack of these. Its `token` is a secret.
    #[must_use]
    pub fn link(self) -> Option<NodeRef<'a>> {
        self.node().children().find(|child| matches!(child.tag(), "link_create" | "link_query"))
    }

    /// The attributes without a getter, in order.
    pub fn unknown_attrs(self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        self.attrs.others().filter(|(name, _)| !NAMING_THE_CALL.contains(name))
    }

    /// The children with a tag that no source has, in order.
    pub fn unknown_children(self) -> impl Iterator<Item = NodeRef<'a>> {
        let spec = CallAck::SPEC;
        let is_known = |tag: &str| spec.children.iter().chain(spec.further_children).any(|child| child.tag == tag);
        self.node().children().filter(move |child| !is_known(child.tag()))
    }

    /// The view of a node that is known to be a call ack.
    fn unchecked(node: NodeRef<'a>) -> Self {
        let attrs = node.known_attrs(&KNOWN);
        Self { attrs, id: attrs.read_if_valid(Known::Id as usize).unwrap_or("") }
    }
}

impl<'a> TryFrom<NodeRef<'a>> for CallAckRef<'a> {
    type Error = StanzaError;

    /// # Errors
    /// Another tag; a `class` other than `call`; no `id`, or an empty one.
    fn try_from(node: NodeRef<'a>) -> Result<Self, StanzaError> {
        if !node.has_tag(&KNOWN_TAG) {
            return Err(StanzaError::Tag { found: node.tag().to_owned(), expected: TAG });
        }
        let attrs = node.known_attrs(&KNOWN);
        if !attrs.is(Known::Class as usize, &KNOWN_CLASS) {
            return Err(node.attr_error("class", "\"call\"").into());
        }
        match attrs.read_if_valid::<&str>(Known::Id as usize) {
            Some(id) if !id.is_empty() => Ok(Self { attrs, id }),
            _ => Err(node.attr_error("id", "the id of a call stanza").into()),
        }
    }
}

impl fmt::Debug for CallAckRef<'_> {
    /// Shows the attributes that have a getter, and the names of the rest: a positive ack of an offer carries relay
    /// keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("CallAck");
        redaction::debug_attributes(&mut fields, self.node());
        fields.field("errors", &self.errors().collect::<Vec<_>>());
        let others = self.node().children().map(NodeRef::tag).filter(|tag| *tag != ERROR);
        fields.field("other_children", &others.collect::<Vec<_>>());
        fields.finish()
    }
}

owned_stanza! {
    /// A call acknowledgement that owns its node.
    ///
    /// ```
    /// use wabinary::{Jid, stanza::CallAck};
    ///
    /// let ack = CallAck::build("OF-0002").from_jid(Jid::SERVER).error_entry(503, "service unavailable").finish();
    /// assert_eq!(
    ///     ack.node().to_string(),
    ///     r#"<ack id="OF-0002" class="call" from="s.whatsapp.net"><error code="503" text="service unavailable"/></ack>"#,
    /// );
    /// let ack = CallAck::try_from(ack.into_node())?;
    /// assert_eq!(ack.as_ref().errors().next().unwrap().code()?, Some(503));
    /// # Ok::<(), wabinary::Error>(())
    /// ```
    CallAck owns CallAckRef
}

impl CallAck {
    /// Starts an ack of the call stanza with this id.
    ///
    /// The order of attributes is that in which they are set, after `id` and `class`; it means nothing on the wire.
    #[must_use]
    pub fn build(id: &str) -> CallAckBuilder {
        CallAckBuilder::new(id)
    }
}
