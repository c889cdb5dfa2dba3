//! Shorter frames, good or bad, with counts and lengths that fit what is left.

use wabinary::explain::{Explanation, Range, RangeKind};
use wabinary::{Decoder, Dictionary, OffsetSpace};

/// Shorter frames, the shortest attempts first.
pub(crate) fn shorter(frame: &[u8], dictionary: Dictionary) -> Vec<Vec<u8>> {
    let explanation = Decoder::new().with_dictionary(dictionary).explain(frame);
    let mut frames = Vec::new();
    if let Some(inflated) = explanation.inflated() {
        frames.push([&[0], inflated].concat());
    }
    if frame.first() == Some(&0) {
        parts(frame, &explanation, &mut frames);
    }
    let length = frame.len();
    frames.extend((1..length).filter(|kept| length - kept < 64 || kept % 7 == 0).map(|kept| frame[..kept].to_vec()));
    let mut size = length / 2;
    while size > 0 {
        frames.extend((1..length.saturating_sub(size)).step_by(size).map(|at| without(frame, at, at + size)));
        size /= 2;
    }
    if length <= 64 && length > 3 {
        // The last attributes, which nobody has read after an error, whatever they are.
        let counted = frame[2].checked_sub(2).filter(|_| frame[1] == 0xf8);
        for (from, to) in (3..length).flat_map(|from| (from + 1..=length).map(move |to| (from, to))) {
            if let Some(count) = counted {
                let mut shorter = without(frame, from, to);
                shorter[2] = count;
                frames.push(shorter);
            }
        }
    }
    frames.retain(|shorter| shorter.len() < length || shorter.first() != frame.first());
    frames
}

fn without(frame: &[u8], from: usize, to: usize) -> Vec<u8> {
    [&frame[..from], &frame[to..]].concat()
}

/// Frames without a node, an attribute or some bytes of a text, whose counts say so.
fn parts(frame: &[u8], explanation: &Explanation, frames: &mut Vec<Vec<u8>>) {
    let ranges: Vec<&Range> =
        explanation.ranges().iter().filter(|range| range.space == OffsetSpace::Frame).collect();
    for (at, range) in ranges.iter().enumerate() {
        // The head that counts this range: the last one before it, of the same depth.
        let counted_by = |kind: RangeKind| {
            ranges[..at].iter().rev().find(|head| head.kind == kind && head.depth == range.depth)
        };
        match range.kind {
            RangeKind::Node if range.start > 1 => {
                frames.push([&[0], &frame[range.start..range.end]].concat());
                frames.push([&[0], &frame[range.start..]].concat());
                if let Some(head) = counted_by(RangeKind::ChildrenHead) {
                    frames.extend(less(frame, head, 1, range.start, range.end));
                }
            }
            RangeKind::Attribute => {
                if let Some(head) = counted_by(RangeKind::ListHead) {
                    frames.extend(less(frame, head, 2, range.start, range.end));
                }
            }
            RangeKind::Children => {
                if let Some(head) = counted_by(RangeKind::ListHead) {
                    frames.extend(less(frame, head, 1, range.start, range.end));
                }
            }
            RangeKind::Content | RangeKind::AttributeValue | RangeKind::Tag | RangeKind::AttributeName | RangeKind::JidUser => {
                let Some(head) = at.checked_sub(1).map(|before| ranges[before]) else { continue };
                if range.kind == RangeKind::Content
                    && let Some(list) = counted_by(RangeKind::ListHead)
                {
                    frames.extend(less(frame, list, 1, head.start, range.end));
                }
                if matches!(head.kind, RangeKind::RawHead | RangeKind::ContentHead) && range.end > range.start + 1 {
                    for kept in [0, 1, (range.end - range.start) / 2, range.end - range.start - 1] {
                        let start = range.start + kept;
                        frames.extend(less(frame, head, range.end - start, start, range.end));
                    }
                }
            }
            _ => {}
        }
    }
}

/// Cuts a run of bytes out, and takes so many off the number in a head before it.
fn less(frame: &[u8], head: &Range, count: usize, from: usize, to: usize) -> Option<Vec<u8>> {
    let digits = head.start + 1..head.end;
    let number = frame.get(digits.clone())?.iter().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
    let number = number.checked_sub(count)?;
    let mut shorter = without(frame, from, to);
    for (place, at) in digits.rev().enumerate() {
        *shorter.get_mut(at)? = (number >> (8 * place).min(63)) as u8;
    }
    Some(shorter)
}
