//! The classes of stanzas that are acknowledged.

use wabinary::NodeRef;

/// The class of a stanza that is acknowledged: its tag, which `class` of the ack repeats.
///
/// A client that forgets acks of any class loses its connection.
/// Sources: `tulir/whatsmeow` `receipt.go`, `WhiskeySockets/Baileys` `src/Utils/stanza-ack.ts`.
///
/// ```
/// use wabinary::Node;
/// use wabinary_calls::Class;
///
/// assert_eq!(Class::of(&Node::build("message").finish()), Some(Class::Message));
/// assert_eq!(Class::of(&Node::build("iq").finish()), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// `<call>`
    Call,
    /// `<message>`
    Message,
    /// `<notification>`
    Notification,
    /// `<receipt>`
    Receipt,
    /// `<status>`
    Status,
}

impl Class {
    /// Every class.
    pub const ALL: &'static [Self] = &[Self::Call, Self::Message, Self::Notification, Self::Receipt, Self::Status];

    /// The class of a stanza; `None` if its tag is not a class. Acks have none.
    #[must_use]
    pub fn of<'a>(stanza: impl Into<NodeRef<'a>>) -> Option<Self> {
        Self::from_name(stanza.into().tag())
    }

    /// The class of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|class| class.name() == name)
    }

    /// The name: the tag of the stanza and the `class` of its ack.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Message => "message",
            Self::Notification => "notification",
            Self::Receipt => "receipt",
            Self::Status => "status",
        }
    }
}
