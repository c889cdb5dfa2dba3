//! Guesses the client from the encoding of sent frames: a hint, with its evidence. GRAMMAR.md, section 7.2, lists where
//! encoders differ; clients choose the order of attributes in an ack.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use wabinary::explain::FindingKind;
use wabinary::stanza::Direction;
use wabinary::{Decoder, Dictionary, NodeRef};

use crate::frame_decoder::ReadAs;
use crate::record::{Payload, Record};

/// The first attributes in acks of these clients. Sources: `WAWebHandleVoipCall`, zapo `src/client/events/incoming.ts`,
/// Cobalt `ack/AckBuilder`, Baileys `src/Utils/stanza-ack.ts`, whatsapp-rust `src/client.rs`.
const ORDERS: [([&str; 3], &str); 5] = [
    (["to", "id", "class"], "WhatsApp Web"),
    (["class", "to", "id"], "zapo"),
    (["id", "class", "to"], "Cobalt"),
    (["id", "to", "class"], "Baileys"),
    (["class", "id", "to"], "whatsapp-rust"),
];

/// If the same attributes have this many orders, the client has no order.
const RANDOM: usize = 3;
/// whatsmeow keeps attributes in a map.
const WITHOUT_ORDER: &str = "whatsmeow";

/// The most sent frames that are checked byte by byte.
const LOOKED_AT: u64 = 10_000;

/// A hint.
#[derive(Serialize)]
pub(super) struct Hint {
    pub(super) client: &'static str,
    pub(super) evidence: String,
    pub(super) count: u64,
    /// The first frame with this evidence.
    pub(super) frame: u64,
}

/// How often something was seen, and its first frame.
#[derive(Clone, Copy)]
struct Seen {
    count: u64,
    frame: u64,
}

/// Collects evidence.
#[derive(Default)]
pub(super) struct Clients {
    acks: BTreeMap<[&'static str; 3], Seen>,
    orders: BTreeSet<[&'static str; 3]>,
    spelled: BTreeMap<(&'static str, &'static str), Seen>,
    looked_at: u64,
    decoder: Option<(Dictionary, Decoder)>,
}

impl Clients {
    /// Checks a stanza. Only sent frames show the client: the server encoded the others.
    pub(super) fn see(&mut self, record: &Record, node: NodeRef<'_>, read_as: ReadAs) {
        if record.head.direction.or_else(|| Direction::of(node)) != Some(Direction::Send) {
            return;
        }
        let has_order = !record.read.lost.names().any(|lost| lost == "attr-order");
        if node.tag() == "ack" && has_order {
            self.ack(node, record.head.frame);
        }
        if let Payload::Frame(frame) = &record.read.payload
            && self.looked_at < LOOKED_AT
            && read_as.has_flag_byte
        {
            self.looked_at += 1;
            self.bytes(frame, record.head.frame, read_as);
        }
    }

    fn ack(&mut self, node: NodeRef<'_>, frame: u64) {
        let mut names = node.attrs().filter_map(|(name, _)| ["to", "id", "class"].into_iter().find(|own| *own == name));
        if let (Some(one), Some(two), Some(three)) = (names.next(), names.next(), names.next()) {
            self.orders.insert([one, two, three]);
            self.acks.entry([one, two, three]).or_insert(Seen { count: 0, frame }).count += 1;
        }
    }

    fn bytes(&mut self, bytes: &[u8], frame: u64, read_as: ReadAs) {
        let dictionary = read_as.dictionary;
        if self.decoder.as_ref().is_none_or(|(known, _)| *known != dictionary) {
            self.decoder = Some((dictionary, Decoder::new().with_dictionary(dictionary).allow(read_as.allow)));
        }
        let Some((_, decoder)) = &mut self.decoder else { return };
        let kinds: BTreeSet<_> = decoder
            .findings(bytes)
            .unwrap_or_default()
            .into_iter()
            .filter_map(|finding| match finding.kind {
                FindingKind::EmptyListHead => Some(("zapo", "empty lists of children with a list head, f8 00")),
                FindingKind::Unpacked => Some(("Cobalt", "digits that are not packed")),
                FindingKind::PackedLength if bytes.get(finding.start..finding.end) == Some(&[0xff, 0]) => {
                    Some((WITHOUT_ORDER, "empty texts as packed, ff 00"))
                }
                _ => None,
            })
            .collect();
        for kind in kinds {
            self.spelled.entry(kind).or_insert(Seen { count: 0, frame }).count += 1;
        }
    }

    /// The hints, the one with the most evidence first.
    pub(super) fn hints(&self) -> Vec<Hint> {
        let spelled = self.spelled.iter().map(|((client, evidence), seen)| Hint {
            client,
            evidence: (*evidence).to_owned(),
            count: seen.count,
            frame: seen.frame,
        });
        let mut hints: Vec<_> = spelled.collect();
        if self.orders.len() >= RANDOM {
            let count = self.acks.values().map(|seen| seen.count).sum();
            let frame = self.acks.values().map(|seen| seen.frame).min().unwrap_or(0);
            let evidence = format!("acks with id, to and class in {} orders", self.orders.len());
            hints.push(Hint { client: WITHOUT_ORDER, evidence, count, frame });
        } else {
            hints.extend(self.acks.iter().filter_map(|(order, seen)| {
                let (names, client) = ORDERS.iter().find(|(names, _)| names == order)?;
                let evidence = format!("acks with {} in this order", names.join(", "));
                Some(Hint { client, evidence, count: seen.count, frame: seen.frame })
            }));
        }
        hints.sort_by_key(|hint| std::cmp::Reverse(hint.count));
        hints
    }
}
