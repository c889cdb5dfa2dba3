//! Building call acknowledgements.

use super::{CLASS, CallAck, ERROR, TAG};
use crate::{Builder, NewValue, Node, UnixSeconds};

/// Writes a call acknowledgement. [`CallAck::build`] starts it.
///
/// Works like [`Builder`]: methods return the builder, and [`finish`](Self::finish) leaves it empty. Every method for
/// an attribute sets it; an attribute that exists keeps its place.
///
/// This is a refusal as the server sends it. The ack of a client has `to`, the `from` of the call, and no `from`; `Replier` of the
/// crate `wabinary-calls` makes one from a call.
///
/// ```
/// use wabinary::{Jid, stanza::CallAck};
///
/// let refusal = CallAck::build("A1").from_jid(Jid::SERVER).error_entry(503, "service unavailable").finish();
/// assert_eq!(
///     refusal.node().to_string(),
///     r#"<ack id="A1" class="call" from="s.whatsapp.net"><error code="503" text="service unavailable"/></ack>"#,
/// );
/// ```
#[derive(Debug)]
pub struct CallAckBuilder {
    builder: Builder,
}

impl CallAckBuilder {
    pub(super) fn new(id: &str) -> Self {
        let builder = Node::build(TAG);
        builder.attr("id", id).attr("class", CLASS);
        Self { builder }
    }

    /// Sets `from`. See [`CallAckRef::from_jid`](super::CallAckRef::from_jid).
    pub fn from_jid<'v>(&self, jid: impl Into<NewValue<'v>>) -> &Self {
        self.attr("from", jid)
    }

    /// Sets `to`. See [`CallAckRef::to_jid`](super::CallAckRef::to_jid).
    pub fn to_jid<'v>(&self, jid: impl Into<NewValue<'v>>) -> &Self {
        self.attr("to", jid)
    }

    /// Sets `type`. See [`CallAckRef::kind`](super::CallAckRef::kind).
    pub fn kind(&self, kind: &str) -> &Self {
        self.attr("type", kind)
    }

    /// Sets `t`. See [`CallAckRef::t`](super::CallAckRef::t).
    pub fn t(&self, time: UnixSeconds) -> &Self {
        self.attr("t", time)
    }

    /// Sets `participant`. See [`CallAckRef::participant`](super::CallAckRef::participant).
    pub fn participant<'v>(&self, jid: impl Into<NewValue<'v>>) -> &Self {
        self.attr("participant", jid)
    }

    /// Sets `recipient`. See [`CallAckRef::recipient`](super::CallAckRef::recipient).
    pub fn recipient<'v>(&self, jid: impl Into<NewValue<'v>>) -> &Self {
        self.attr("recipient", jid)
    }

    /// Sets `error`. See [`CallAckRef::error`](super::CallAckRef::error).
    pub fn error(&self, code: u16) -> &Self {
        self.attr("error", code)
    }

    /// Adds an `<error>` child with code and text. See [`CallAckRef::errors`](super::CallAckRef::errors).
    pub fn error_entry(&self, code: u16, text: &str) -> &Self {
        self.child(ERROR, |error| error.attr("code", code).attr("text", text))
    }

    /// Adds any other child: a captured `<error>`, a `<relay>`.
    pub fn child<'s, R>(&'s self, tag: &str, fill: impl FnOnce(&'s Builder) -> R) -> &'s Self {
        self.builder.child(tag, fill);
        self
    }

    /// Sets any other attribute.
    pub fn attr<'v>(&self, name: &str, value: impl Into<NewValue<'v>>) -> &Self {
        self.builder.set(name, value);
        self
    }

    /// Ends the ack.
    ///
    /// An empty id is not refused here, nor an `id` or `class` that [`attr`](Self::attr) changed: the ack encodes, but does not
    /// read back as a call ack.
    #[must_use]
    pub fn finish(&self) -> CallAck {
        CallAck { node: self.builder.finish() }
    }
}
