//! How each side answers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Kind, Outcome, Stanza};
use crate::record::Direction;

/// How the stanzas are answered that were sent to one address, or that this device got.
#[derive(Default, Serialize)]
pub(crate) struct Peer {
    /// Whom the stanzas were sent to; `None` for this device.
    pub(crate) address: Option<Box<str>>,
    pub(crate) stanzas: u64,
    /// Stanzas answered by acks alone, receipts alone, and both.
    pub(crate) ack: u64,
    pub(crate) receipt: u64,
    pub(crate) both: u64,
    /// Stanzas with neither that are not pending.
    pub(crate) neither: u64,
    /// Acks that name the action, and those that do not.
    pub(crate) typed_acks: u64,
    pub(crate) untyped_acks: u64,
    /// Stanzas refused, also in part.
    pub(crate) refused: u64,
    /// The actions that were answered by a receipt.
    pub(crate) receipts_for: BTreeSet<Box<str>>,
}

/// This device first, then by address.
pub(crate) fn peers<'a>(stanzas: impl Iterator<Item = &'a Stanza>) -> Vec<Peer> {
    let mut peers: BTreeMap<Option<Box<str>>, Peer> = BTreeMap::new();
    for stanza in stanzas {
        let address = match stanza.direction {
            Some(Direction::Receive) => None,
            Some(Direction::Send) => Some(stanza.to.clone().unwrap_or_else(|| "-".into())),
            None => continue,
        };
        let peer = peers.entry(address.clone()).or_insert_with(|| Peer { address, ..Peer::default() });
        peer.add(stanza);
    }
    peers.into_values().collect()
}

impl Peer {
    fn add(&mut self, stanza: &Stanza) {
        self.stanzas += 1;
        let has = |kind| stanza.answers.iter().any(|answer| answer.kind == kind);
        match (has(Kind::Ack), has(Kind::Receipt)) {
            (true, false) => self.ack += 1,
            (false, true) => self.receipt += 1,
            (true, true) => self.both += 1,
            (false, false) => self.neither += u64::from(stanza.outcome != Outcome::Pending),
        }
        for answer in stanza.answers.iter().filter(|answer| answer.kind == Kind::Ack) {
            let count = if answer.typed.is_some() { &mut self.typed_acks } else { &mut self.untyped_acks };
            *count += 1;
        }
        self.refused += u64::from(matches!(stanza.outcome, Outcome::Refused | Outcome::PartlyRefused));
        if has(Kind::Receipt) {
            self.receipts_for.extend(stanza.action.clone());
        }
    }
}
