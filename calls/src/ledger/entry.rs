//! A stanza in the ledger.

use wabinary::stanza::Direction;
use wabinary::{Node, NodeRef};

use crate::Class;
use crate::answer::text;

/// A stanza that must be answered.
#[derive(Clone, Debug)]
pub struct Entry<T> {
    pub(super) outline: Node,
    pub(super) class: Class,
    pub(super) direction: Option<Direction>,
    pub(super) sends: u32,
    pub(super) acks: u32,
    pub(super) receipts: u32,
    /// The data that the ledger's owner keeps for the stanza.
    pub data: T,
}

impl<T> Entry<T> {
    /// The part of the stanza that the ledger keeps: tag, addresses, `id`, `type`, and of a call the action with the
    /// name of the call.
    #[must_use]
    pub fn outline(&self) -> NodeRef<'_> {
        self.outline.as_ref()
    }

    /// The class of the stanza.
    #[must_use]
    pub fn class(&self) -> Class {
        self.class
    }

    /// The `id` of the stanza.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        text(self.outline.as_ref(), "id")
    }

    /// The direction of the stanza, if known.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        self.direction
    }

    /// How often the stanza was sent.
    #[must_use]
    pub fn sends(&self) -> u32 {
        self.sends
    }

    /// How many acks answered it.
    #[must_use]
    pub fn acks(&self) -> u32 {
        self.acks
    }

    /// How many receipts answered it.
    #[must_use]
    pub fn receipts(&self) -> u32 {
        self.receipts
    }

    /// The number of answers that settle it: acks and, if this device received it, receipts.
    #[must_use]
    pub fn answers(&self) -> u32 {
        let receipts = if self.direction == Some(Direction::Receive) { self.receipts } else { 0 };
        self.acks.saturating_add(receipts)
    }

    /// Counts that the stanza was sent again.
    pub(crate) fn sent_again(&mut self) {
        self.sends = self.sends.saturating_add(1);
    }

    /// Whether it is answered: by an ack or, if this device received it, by its receipt.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.answers() > 0
    }
}
