//! Laws for the ranges of any explanation.

use wabinary::explain::{Explanation, Range, RangeKind};
use wabinary::{Content, NodeRef, OffsetSpace, Value};

/// Leaves tile each space, the other ranges nest around them, and every range has its texts.
pub fn are_in_order(explanation: &Explanation) {
    let (of_frame, of_inflated): (Vec<&Range>, Vec<&Range>) =
        explanation.ranges().iter().partition(|range| range.space == OffsetSpace::Frame);
    space_is_tiled(&of_frame, explanation.frame().len());
    space_is_tiled(&of_inflated, explanation.inflated().map_or(0, <[u8]>::len));
    let first_inflated = explanation.ranges().iter().position(|range| range.space == OffsetSpace::Inflated);
    assert_eq!(first_inflated.unwrap_or(of_frame.len()), of_frame.len(), "one space after the other");
    for range in explanation.ranges() {
        assert_eq!(explanation.bytes(range).len(), range.end - range.start);
        let (text, path) = (explanation.text(range), explanation.path(range));
        assert!(!text.is_empty() && !text.contains(char::is_control), "{text:?}");
        assert!(text.len() < 700, "{text:?}");
        assert!(path.len() < 700 || range.kind == RangeKind::Error, "{path:?}");
        assert_eq!(range.leaf, !CONTAINERS.contains(&range.kind));
        assert!(range.leaf || explanation.string(range).is_none());
    }
    error_is_marked(explanation);
}

const CONTAINERS: [RangeKind; 4] = [RangeKind::Node, RangeKind::Attribute, RangeKind::Jid, RangeKind::Children];

fn space_is_tiled(ranges: &[&Range], length: usize) {
    let mut at = 0;
    let mut around: Vec<&Range> = Vec::new();
    for range in ranges {
        assert!(range.start < range.end, "{range:?}");
        assert_eq!(range.start, at, "{range:?}");
        around.truncate(range.depth as usize);
        assert_eq!(around.len(), range.depth as usize, "{range:?} is deeper than the ranges around it");
        for outer in &around {
            assert!(outer.start <= range.start && range.end <= outer.end && !outer.leaf, "{range:?} in {outer:?}");
        }
        around.push(range);
        if range.leaf {
            at = range.end;
        }
    }
    assert_eq!(at, length);
    // Each range with inner ranges ends where one of its leaves ends.
    let ends: Vec<usize> = ranges.iter().filter(|range| range.leaf).map(|range| range.end).collect();
    assert!(ranges.iter().all(|range| ends.binary_search(&range.end).is_ok()));
}

/// At most one leaf is wrong: the one with the error's offset and path. Only unread bytes follow in its space.
fn error_is_marked(explanation: &Explanation) {
    let leaves = || explanation.ranges().iter().filter(|range| range.leaf);
    let Some(error) = explanation.error() else {
        let bad = [RangeKind::Error, RangeKind::Incomplete, RangeKind::Unread];
        assert!(leaves().all(|range| !bad.contains(&range.kind)));
        return;
    };
    let in_space: Vec<&Range> = leaves().filter(|range| range.space == error.space()).collect();
    let wrong = in_space.iter().position(|range| range.kind == RangeKind::Error);
    let end = in_space.last().map_or(0, |range| range.end);
    match wrong {
        None => assert_eq!(error.offset(), end, "no byte is wrong"),
        Some(at) => {
            assert_eq!(in_space[at].start, error.offset());
            assert_eq!(explanation.path(in_space[at]), error.path());
            assert!(in_space[at + 1..].iter().all(|range| range.kind == RangeKind::Unread));
            assert!(in_space[..at].iter().all(|range| !matches!(range.kind, RangeKind::Error | RangeKind::Unread)));
            assert!(in_space.len() <= at + 2);
        }
    }
}

/// The leaves of a frame that decodes have the texts of its tree.
pub fn say_what_the_tree_says(explanation: &Explanation, node: NodeRef<'_>) {
    let mut by_tree = Vec::new();
    said_by_tree(node, &mut by_tree);
    let by_ranges = said_by_ranges(explanation);
    assert_eq!(by_ranges.len(), by_tree.len());
    for (said, of_tree) in by_ranges.iter().zip(&by_tree) {
        // A long address is cut, and control characters are escaped.
        let shown = String::from_utf8_lossy(&said.1);
        let is_abridged = said.0 == RangeKind::Jid && (shown.is_empty() || shown.contains(['…', '\\']));
        // A leniency reads an address as the text that was meant.
        let is_kind = said.0 == of_tree.0
            || (said.0 == RangeKind::Jid && matches!(of_tree.0, RangeKind::AttributeValue | RangeKind::Content));
        assert!(is_kind && (is_abridged || said.1 == of_tree.1), "{said:?} {of_tree:?}");
    }
}

/// The texts of a tree, in wire order.
fn said_by_tree(node: NodeRef<'_>, said: &mut Vec<(RangeKind, Vec<u8>)>) {
    let text = |kind, text: &str| (kind, text.as_bytes().to_vec());
    said.push(text(RangeKind::Tag, node.tag()));
    for (name, value) in node.attrs() {
        said.push(text(RangeKind::AttributeName, name));
        match value {
            Value::Text(value) => said.push(text(RangeKind::AttributeValue, value)),
            Value::Jid(jid) => said.push(text(RangeKind::Jid, &jid.wire_text().to_string())),
            Value::Null => said.push((RangeKind::Null, vec![])),
        }
    }
    match node.content() {
        Content::Bytes(bytes) => said.push((RangeKind::Content, bytes.to_vec())),
        Content::Text(content) => said.push(text(RangeKind::Content, content)),
        Content::Jid(jid) => said.push(text(RangeKind::Jid, &jid.wire_text().to_string())),
        _ => node.children().for_each(|child| said_by_tree(child, said)),
    }
}

/// The texts of the ranges, in wire order.
fn said_by_ranges(explanation: &Explanation) -> Vec<(RangeKind, Vec<u8>)> {
    let ranges = explanation.ranges();
    let said = ranges.iter().enumerate().filter_map(|(at, range)| {
        let in_jid = explanation.parent(range).is_some_and(|parent| parent.kind == RangeKind::Jid);
        let string = || explanation.string(range).map(String::into_bytes);
        match range.kind {
            RangeKind::Jid => {
                // Parts of a text that make no address are only `JID`.
                let jid = explanation.text(range);
                Some((range.kind, jid.strip_prefix("JID ").unwrap_or_default().as_bytes().to_vec()))
            }
            _ if in_jid => None,
            RangeKind::Null => Some((range.kind, vec![])),
            // Empty content is only a head.
            RangeKind::ContentHead if ranges.get(at + 1).is_none_or(|next| next.kind != RangeKind::Content) => {
                Some((RangeKind::Content, vec![]))
            }
            RangeKind::Content | RangeKind::ContentText => {
                Some((RangeKind::Content, string().unwrap_or_else(|| explanation.bytes(range).to_vec())))
            }
            RangeKind::Tag | RangeKind::AttributeName | RangeKind::AttributeValue => {
                Some((range.kind, string().unwrap()))
            }
            _ => None,
        }
    });
    said.collect()
}
