//! Stanzas that clients dispatch on: the right tag, the attributes that are read first, the usual children, and odd
//! parts among them.

use std::fmt;
use std::str::FromStr;

use arbitrary::{Result, Unstructured};
use wabinary::generate::{Extras, tree};
use wabinary::{Builder, Node};

mod calls;
mod messages;
mod parts;

/// What stanza to make. Its text is the name on the command line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stanza {
    /// Any of the others.
    #[default]
    Any,
    /// An ack: of a call with the attributes, actions and codes of the specification, or of another class.
    Ack,
    /// A call with one of the known actions.
    Call,
    /// A message with ciphertexts.
    Message,
    /// A receipt: of messages, for a retry, or of a call.
    Receipt,
    /// A query or its answer.
    Iq,
    /// A notification.
    Notification,
    /// A presence.
    Presence,
    /// Somebody is typing, or no longer.
    Chatstate,
    /// What a connection begins and ends with: success, failure, stream errors, `ib`.
    Stream,
    /// A tree of any shape, which no client knows.
    Tree,
}

impl Stanza {
    /// Each of them.
    pub const ALL: [Self; 11] = [
        Self::Any,
        Self::Ack,
        Self::Call,
        Self::Message,
        Self::Receipt,
        Self::Iq,
        Self::Notification,
        Self::Presence,
        Self::Chatstate,
        Self::Stream,
        Self::Tree,
    ];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::Ack => "ack",
            Self::Call => "call",
            Self::Message => "message",
            Self::Receipt => "receipt",
            Self::Iq => "iq",
            Self::Notification => "notification",
            Self::Presence => "presence",
            Self::Chatstate => "chatstate",
            Self::Stream => "stream",
            Self::Tree => "tree",
        }
    }

    /// Makes such a stanza.
    ///
    /// ```
    /// use arbitrary::Unstructured;
    /// use wabinary_generate::Stanza;
    ///
    /// let bytes = wabinary_generate::random_bytes(1, 400);
    /// let call = Stanza::Call.make(&mut Unstructured::new(&bytes))?;
    /// assert!(wabinary::stanza::CallStanza::try_from(call).is_ok());
    /// # Ok::<(), arbitrary::Error>(())
    /// ```
    ///
    /// # Errors
    /// The bytes are used up.
    pub fn make(self, u: &mut Unstructured<'_>) -> Result<Node> {
        match self {
            Self::Any => {
                let kind = *u.choose(&Self::ALL[1..])?;
                kind.make(u)
            }
            Self::Ack => build(u, "ack", calls::ack),
            Self::Call => build(u, "call", calls::call),
            Self::Message => build(u, "message", messages::message),
            Self::Receipt => build(u, "receipt", messages::receipt),
            Self::Iq => build(u, "iq", messages::iq),
            Self::Notification => build(u, "notification", messages::notification),
            Self::Presence => build(u, "presence", messages::presence),
            Self::Chatstate => build(u, "chatstate", messages::chatstate),
            Self::Stream => {
                let tag = *u.choose(&["success", "failure", "stream:error", "ib", "xmlstreamend"])?;
                build(u, tag, |u, node| messages::of_stream(u, node, tag))
            }
            Self::Tree => tree(u, Extras::default()),
        }
    }
}

impl fmt::Display for Stanza {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Stanza {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|stanza| stanza.name() == name);
        let names = || Self::ALL.map(Self::name).join(", ");
        known.ok_or_else(|| format!("unknown stanza {name:?}; expected one of {}", names()))
    }
}

/// Builds a stanza, and rarely adds what a client does not expect.
fn build(
    u: &mut Unstructured<'_>,
    tag: &str,
    fill: impl FnOnce(&mut Unstructured<'_>, &Builder) -> Result<()>,
) -> Result<Node> {
    let node = Node::build(tag);
    fill(u, &node)?;
    if u.ratio(1, 6)? {
        parts::odd_attribute(u, &node)?;
    }
    if u.ratio(1, 8)? {
        let share = u.len() / 2;
        let mut of_child = Unstructured::new(u.bytes(share)?);
        node.append(&tree(&mut of_child, Extras::default())?);
    }
    Ok(node.finish())
}
