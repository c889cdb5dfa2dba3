//! The answers of each side.

use std::collections::{BTreeMap, BTreeSet};

use wabinary::stanza::Direction;

use super::StanzaReport;
use crate::{AnswerKind, Outcome};

/// How the stanzas to one address were answered, or the stanzas that this device received.
#[derive(Debug, Default)]
pub struct Peer {
    /// The address that the stanzas were sent to; `None` for this device.
    pub address: Option<Box<str>>,
    /// The number of stanzas.
    pub stanzas: u64,
    /// Stanzas answered only by acks.
    pub ack: u64,
    /// Stanzas answered only by receipts.
    pub receipt: u64,
    /// Stanzas answered by both.
    pub both: u64,
    /// Stanzas with neither that are not pending.
    pub neither: u64,
    /// Acks that name the action.
    pub typed_acks: u64,
    /// Acks that do not name the action.
    pub untyped_acks: u64,
    /// Stanzas refused, also in part.
    pub refused: u64,
    /// The actions that were answered by a receipt.
    pub receipts_for: BTreeSet<Box<str>>,
}

impl Peer {
    /// Counts a stanza: this device comes first, then others by address.
    pub(super) fn count(peers: &mut BTreeMap<Option<Box<str>>, Self>, stanza: &StanzaReport) {
        let address = match stanza.direction {
            Some(Direction::Receive) => None,
            Some(Direction::Send) => Some(stanza.to.clone().unwrap_or_else(|| "-".into())),
            None => return,
        };
        let peer = peers.entry(address.clone()).or_insert_with(|| Self { address, ..Self::default() });
        peer.add(stanza);
    }

    fn add(&mut self, stanza: &StanzaReport) {
        let add = |count: &mut u64, is_counted: bool| *count = count.saturating_add(u64::from(is_counted));
        add(&mut self.stanzas, true);
        let has = |kind| stanza.count(kind) > 0;
        match (has(AnswerKind::Ack), has(AnswerKind::Receipt)) {
            (true, false) => add(&mut self.ack, true),
            (false, true) => add(&mut self.receipt, true),
            (true, true) => add(&mut self.both, true),
            (false, false) => add(&mut self.neither, stanza.outcome != Outcome::Pending),
        }
        for answer in stanza.answers.iter().filter(|answer| answer.kind == AnswerKind::Ack) {
            add(if answer.typed.is_some() { &mut self.typed_acks } else { &mut self.untyped_acks }, true);
        }
        add(&mut self.refused, matches!(stanza.outcome, Outcome::Refused | Outcome::PartlyRefused));
        if has(AnswerKind::Receipt) {
            let action = stanza.action.as_ref().filter(|action| !self.receipts_for.contains(*action));
            self.receipts_for.extend(action.cloned());
        }
    }
}
