//! The different bytes. Frames are compared part by part, because a part has one meaning.

use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices_deadline};
use wabinary::OffsetSpace;
use wabinary::explain::{Explanation, Range};

/// Longer comparisons get coarse.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes that only one of the frames has at this place.
#[derive(Serialize)]
pub(super) struct ByteChange {
    /// `-` in A, `+` in B.
    pub(super) side: char,
    /// The offset in its frame, or in the inflated body.
    pub(super) at: usize,
    pub(super) space: &'static str,
    pub(super) hex: String,
    pub(super) path: String,
    pub(super) meaning: String,
}

pub(super) fn changes(a: &Explanation, b: &Explanation) -> Vec<ByteChange> {
    let (leaves_a, leaves_b) = (leaves(a), leaves(b));
    let keys_a: Vec<_> = leaves_a.iter().map(|leaf| key(a, leaf)).collect();
    let keys_b: Vec<_> = leaves_b.iter().map(|leaf| key(b, leaf)).collect();
    let deadline = Some(Instant::now() + PATIENCE);
    let mut changes = Vec::new();
    for change in capture_diff_slices_deadline(Algorithm::Myers, &keys_a, &keys_b, deadline) {
        let (tag, of_a, of_b) = change.as_tag_tuple();
        if tag != DiffTag::Equal {
            changes.extend(leaves_a.get(of_a).unwrap_or_default().iter().map(|leaf| change_of('-', a, leaf)));
            changes.extend(leaves_b.get(of_b).unwrap_or_default().iter().map(|leaf| change_of('+', b, leaf)));
        }
    }
    changes
}

fn leaves(explanation: &Explanation) -> Vec<&Range> {
    explanation.ranges().iter().filter(|range| range.leaf).collect()
}

/// The key of a part. Parts with equal keys are equal.
fn key<'e>(explanation: &'e Explanation, leaf: &Range) -> (bool, &'static str, u32, &'e [u8]) {
    (leaf.space == OffsetSpace::Inflated, leaf.kind.name(), leaf.depth, explanation.bytes(leaf))
}

fn change_of(side: char, explanation: &Explanation, leaf: &Range) -> ByteChange {
    ByteChange {
        side,
        at: leaf.start,
        space: if leaf.space == OffsetSpace::Inflated { "inflated" } else { "frame" },
        hex: HEXLOWER.encode(explanation.bytes(leaf)),
        path: explanation.path(leaf),
        meaning: explanation.text(leaf),
    }
}
