//! The users and devices for whom a call acknowledgement refuses the stanza.

use std::fmt;

use super::{CallAckRef, ERROR};
use crate::stanza::redaction::with_secrecy;
use crate::stanza::{ErrorCode, RefusalCode, value};
use crate::{AttrError, JidRef, NodeRef, Value};

/// The tags of users and devices that a stanza is for.
const ADDRESSEES: [&str; 4] = ["user", "device", "to", "participant"];

/// A `<user>`, `<device>`, `<to>` or `<participant>` with an `error` in a call acknowledgement: for whom the stanza is
/// refused, and why.
///
/// ```
/// use wabinary::stanza::CallAck;
/// use wabinary::{Jid, Node};
///
/// let user: Jid = "100000033333333@lid".parse()?;
/// let ack = CallAck::build("A1")
///     .child("group_info", |group| {
///         group.child("user", |node| { node.attr("jid", &user).attr("error", 427); });
///     })
///     .finish();
/// let refusal = ack.as_ref().refusals().next().unwrap();
/// assert_eq!((refusal.code()?, refusal.is_of_device()), (Some(427), false));
/// assert_eq!(refusal.jid()?, Some(user.as_ref()));
/// # Ok::<(), wabinary::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Refusal<'a> {
    node: NodeRef<'a>,
}

impl<'a> Refusal<'a> {
    /// The node itself.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.node
    }

    /// `error`: the code.
    ///
    /// # Errors
    /// A value that is not a number from 0 to 65,535. [`value`](Self::value) has it unchanged.
    pub fn code(self) -> Result<Option<u16>, AttrError> {
        self.node.get_opt("error")
    }

    /// `error` unchanged; null if the attribute vanished, which it does not.
    #[must_use]
    pub fn value(self) -> Value<'a> {
        self.node.attr("error").unwrap_or(Value::Null)
    }

    /// `jid`: the user or device.
    ///
    /// # Errors
    /// A value that is not a JID.
    pub fn jid(self) -> Result<Option<JidRef<'a>>, AttrError> {
        self.node.get_opt("jid")
    }

    /// Whether it refuses one device and not its user: a `<device>`, or a `<to>` or `<participant>` whose `jid` has a device
    /// number.
    #[must_use]
    pub fn is_of_device(self) -> bool {
        match self.node.tag() {
            "user" => false,
            "device" => true,
            _ => value(self.node, "jid").is_some_and(|jid: JidRef<'_>| jid.device() > 0),
        }
    }
}

impl fmt::Debug for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let jid = value::<JidRef<'_>>(self.node, "jid").map(|jid| jid.to_string());
        let mut fields = f.debug_struct("Refusal");
        fields
            .field("tag", &self.node.tag())
            .field("code", &value::<u16>(self.node, "error"))
            .field("jid", &jid)
            .finish()
    }
}

impl<'a> CallAckRef<'a> {
    /// The users and devices for which the ack refuses the stanza, at any depth: `<user>`, `<device>`, `<to>` or
    /// `<participant>` with an `error` that is a [refusal](ErrorCode::is_refusal). Only the stanza shows whether they
    /// refuse it as a whole: see `Verdict` in `wabinary-calls`.
    pub fn refusals(self) -> impl Iterator<Item = Refusal<'a>> {
        refusing_below(self)
            .filter(|(node, is_secret)| is_addressee(*node) && !is_secret)
            .map(|(node, _)| Refusal { node })
    }
}

/// The other elements with a refusing `error`, and whether they are below a secret.
pub(super) fn unknown_refusing(ack: CallAckRef<'_>) -> impl Iterator<Item = (NodeRef<'_>, bool)> {
    refusing_below(ack).filter(|(node, is_secret)| (!is_addressee(*node) || *is_secret) && node.tag() != ERROR)
}

fn is_addressee(node: NodeRef<'_>) -> bool {
    ADDRESSEES.contains(&node.tag())
}

/// The elements in an ack whose `error` refuses something.
fn refusing_below(ack: CallAckRef<'_>) -> impl Iterator<Item = (NodeRef<'_>, bool)> {
    with_secrecy(ack.node()).skip(1).filter(|(node, _)| node.attr("error").is_some_and(refuses))
}

/// Whether the value of an `error` refuses: it is not null, empty, `0` or a code that refuses nothing.
fn refuses(value: Value<'_>) -> bool {
    match <RefusalCode as crate::FromValue>::from_value(value) {
        Some(RefusalCode(code)) => code.is_some_and(|code| ErrorCode::from(code).is_refusal()),
        None => true,
    }
}
