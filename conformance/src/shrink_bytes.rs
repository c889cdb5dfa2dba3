//! Shorter frames, good or bad, with counts and lengths that fit the remaining bytes.

use anyhow::Result;
use wabinary::explain::{Explanation, Range, RangeKind};
use wabinary::{Decoder, Dictionary, OffsetSpace};
use wabinary_generate::compress;

/// Takes a frame, and returns whether it is enough.
type Emit<'e> = dyn FnMut(Vec<u8>) -> Result<bool> + 'e;

/// Tries frames that are not longer, until one is enough.
pub(crate) fn shorter(frame: &[u8], dictionary: Dictionary, emit: &mut Emit<'_>) -> Result<()> {
    let explanation = Decoder::new().with_dictionary(dictionary).explain(frame);
    if let Some(inflated) = explanation.inflated() {
        let plain = [&[0], inflated].concat();
        if emit(plain.clone())? {
            return Ok(());
        }
        for kept in [plain.len() / 2, plain.len() / 8 * 7] {
            if emit(compress(&plain[..kept], 9))? {
                return Ok(());
            }
        }
    }
    if frame.first() == Some(&0) && parts(frame, &explanation, dictionary, emit)? {
        return Ok(());
    }
    let length = frame.len();
    for kept in (1..length).filter(|kept| length - kept < 64 || kept % 7 == 0) {
        if emit(frame[..kept].to_vec())? {
            return Ok(());
        }
    }
    let mut size = length / 2;
    while size > 0 {
        for at in (1..length.saturating_sub(size)).step_by(size) {
            if emit(without(frame, at, at + size))? {
                return Ok(());
            }
        }
        size /= 2;
    }
    if let (4..=64, [_, 0xf8, count, ..]) = (length, frame)
        && *count >= 2
    {
        // The last attributes, which nobody has read after an error, whatever they are.
        for (from, to) in (3..length).flat_map(|from| (from + 1..=length).map(move |to| (from, to))) {
            let mut shorter = without(frame, from, to);
            shorter[2] = count - 2;
            if emit(shorter)? {
                return Ok(());
            }
        }
    }
    Ok(())
}

fn without(frame: &[u8], from: usize, to: usize) -> Vec<u8> {
    [&frame[..from], &frame[to..]].concat()
}

/// Tries frames without a node, an attribute or some bytes of a text, whose counts say so.
fn parts(frame: &[u8], explanation: &Explanation, dictionary: Dictionary, emit: &mut Emit<'_>) -> Result<bool> {
    let ranges: Vec<&Range> = explanation.ranges().iter().filter(|range| range.space == OffsetSpace::Frame).collect();
    for (at, range) in ranges.iter().enumerate() {
        let mut frames = Vec::new();
        // The head that counts this range: the last one before it, of the same depth.
        let counted_by =
            |kind: RangeKind| ranges[..at].iter().rev().find(|head| head.kind == kind && head.depth == range.depth);
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
            RangeKind::Content
            | RangeKind::AttributeValue
            | RangeKind::Tag
            | RangeKind::AttributeName
            | RangeKind::JidUser => {
                let plain = match range.kind {
                    RangeKind::Tag => "ack",
                    RangeKind::AttributeName => "id",
                    _ => "1",
                };
                let token = dictionary.find(plain).filter(|token| token.dictionary().is_none());
                if let Some(token) = token.filter(|_| range.kind != RangeKind::Content) {
                    let before = at.checked_sub(1).map(|before| ranges[before]);
                    let head = before.filter(|head| matches!(head.kind, RangeKind::RawHead | RangeKind::PackedHead));
                    let start = head.map_or(range.start, |head| head.start);
                    frames.push([&frame[..start], &[token.index()], &frame[range.end..]].concat());
                }
                let head = ranges[at.saturating_sub(1)];
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
        for other in frames {
            if emit(other)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Cuts a run of bytes out, and takes `count` off the number in a head before it.
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
