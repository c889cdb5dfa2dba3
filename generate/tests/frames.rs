//! What each recipe makes.

use std::collections::BTreeSet;

use wabinary::explain::Severity;
use wabinary::stanza::{CallAck, CallAction, CallStanza};
use wabinary::{Content, Decoder, Dictionary, Leniency, NodeRef, encode};
use wabinary_generate::{Damage, Frames, Recipe, Spelling, Stanza, mutate_frame};

const COUNT: usize = 300;

#[test]
fn frames_decode_to_their_tree_in_every_spelling_and_dictionary() {
    let mut rewritten = BTreeSet::new();
    for stanza in Stanza::ALL {
        for (spelling, dictionary) in [
            (Spelling::Canonical, Dictionary::V3),
            (Spelling::Canonical, Dictionary::V2),
            (Spelling::Odd, Dictionary::V3),
            (Spelling::Odd, Dictionary::V2),
        ] {
            let recipe = Recipe { stanza, spelling, dictionary, damage: Damage::None };
            let mut decoder = Decoder::new().with_dictionary(dictionary);
            for made in Frames::new(recipe, 5).take(COUNT) {
                assert_eq!(decoder.decode_slice(&made.frame).unwrap(), made.node, "{stanza} {spelling:?}");
                let found = decoder.findings(&made.frame).unwrap();
                let found = found.iter().filter(|finding| finding.kind.severity() == Severity::Rewritten);
                let before = rewritten.len();
                rewritten.extend(found.map(|finding| finding.kind.name()));
                assert!(spelling == Spelling::Odd || rewritten.len() == before);
                let is_known = !matches!(stanza, Stanza::Any | Stanza::Tree | Stanza::Stream);
                assert!(!is_known || made.node.tag() == stanza.name(), "{}", made.node);
            }
        }
    }
    let expected = [
        "compressed",
        "empty-list-head",
        "hex-digits",
        "long-length",
        "long-list-head",
        "packed-length",
        "token-spelled",
        "unpacked",
    ];
    assert_eq!(rewritten, BTreeSet::from(expected));
}

#[test]
fn acks_and_calls_use_the_whole_vocabulary_of_the_specification() {
    let made = |stanza| Frames::new(Recipe { stanza, ..Recipe::default() }, 1).take(3000).map(|made| made.node);
    let acks: Vec<_> = made(Stanza::Ack).collect();
    let attributes = CallAck::SPEC.attributes.iter().chain(CallAck::SPEC.further_attributes).map(|it| it.name);
    let children = CallAck::SPEC.children.iter().chain(CallAck::SPEC.further_children).map(|it| it.tag);
    for name in attributes {
        assert!(acks.iter().any(|ack| ack.attr(name).is_some()), "{name}");
    }
    for tag in children {
        assert!(acks.iter().any(|ack| ack.child(tag).is_some()), "{tag}");
    }
    assert!(acks.iter().filter(|ack| CallAck::try_from((*ack).clone()).is_ok()).count() > 1000);
    let calls: Vec<_> = made(Stanza::Call).filter_map(|node| CallStanza::try_from(node).ok()).collect();
    assert!(calls.len() > 2500, "{}", calls.len());
    for action in CallAction::KNOWN {
        let mut made = calls.iter().filter_map(|call| call.node().child(action.name));
        assert!(made.any(|made| made.attr("call-id").is_some()), "{}", action.name);
    }
}

#[test]
fn damaged_trees_are_refused_for_every_reason_that_a_short_frame_can_have() {
    let recipe = Recipe { damage: Damage::Tree, ..Recipe::default() };
    let mut kinds = BTreeSet::new();
    for made in Frames::new(recipe, 2).take(6000) {
        assert!(made.broken.is_some());
        kinds.insert(wabinary::decode(made.frame).expect_err("it is damaged").kind().name());
    }
    let source = include_str!("../../src/error/decode.rs").lines().filter_map(|line| line.split(" => (\"").nth(1));
    let too_large = ["too-many-nodes", "inflated-too-large", "frame-too-large"];
    let known = source.filter_map(|rest| rest.split('"').next()).filter(|kind| !too_large.contains(kind));
    assert_eq!(kinds, known.collect());
}

#[test]
fn mutations_decode_and_differ() {
    let mut changed = 0;
    for (seed, made) in (0..).zip(Frames::new(Recipe::default(), 3).take(COUNT)) {
        let Some(mutated) = mutate_frame(&made.frame, seed, Dictionary::V3) else { continue };
        let mut decoder = Decoder::new().allow(Leniency::DUPLICATE_NAMES);
        changed += usize::from(decoder.decode_slice(&mutated).unwrap() != made.node);
        assert!(encode(&made.node).is_ok());
    }
    assert!(changed > COUNT / 2, "{changed}");
}

#[test]
fn damaged_bytes_are_fewer_more_and_others() {
    let recipe = Recipe { damage: Damage::Bytes, ..Recipe::default() };
    let (mut orders, mut places) = (BTreeSet::new(), BTreeSet::new());
    for made in Frames::new(recipe, 4).take(COUNT) {
        let whole = encode(&made.node).unwrap();
        orders.insert(made.frame.len().cmp(&whole.len()));
        if made.frame.len() == whole.len() {
            places.extend((0..whole.len()).filter(|at| made.frame[*at] != whole[*at]));
        }
    }
    assert_eq!(orders.len(), 3);
    assert!(places.len() > 30, "{places:?}");
}

fn depth(node: NodeRef<'_>) -> usize {
    1 + node.children().map(depth).max().unwrap_or(0)
}

#[test]
fn mutations_reach_corners_of_the_format() {
    let made = Frames::new(Recipe { stanza: Stanza::Call, ..Recipe::default() }, 3).next().unwrap();
    let before = made.node.as_ref().descendants().count();
    let (mut reached, mut tags) = (BTreeSet::new(), BTreeSet::new());
    let mut decoder = Decoder::new().allow(Leniency::DUPLICATE_NAMES);
    for seed in 0..2000 {
        let Some(frame) = mutate_frame(&made.frame, seed, Dictionary::V3) else { continue };
        let root = decoder.decode_slice(&frame).unwrap();
        tags.insert(root.tag().to_owned());
        let nodes: Vec<_> = std::iter::once(root).chain(root.descendants()).collect();
        let is_any = |is: fn(&NodeRef<'_>) -> bool| nodes.iter().any(is);
        let facts = [
            ("deep", depth(root) > 100),
            ("fewer nodes", nodes.len() <= before),
            ("many attributes", is_any(|node| node.attrs().count() > 126)),
            ("many children", is_any(|node| node.children().count() > 254)),
            ("long bytes", is_any(|node| matches!(node.content(), Content::Bytes(bytes) if bytes.len() == 1000))),
            ("text", is_any(|node| matches!(node.content(), Content::Text(_)))),
            ("address", is_any(|node| matches!(node.content(), Content::Jid(_)))),
            ("empty children", is_any(|node| matches!(node.content(), Content::Nodes(nodes) if nodes.len() == 0))),
        ];
        reached.extend(facts.into_iter().filter(|(_, is_it)| *is_it).map(|(name, _)| name));
    }
    assert_eq!(reached.len(), 8, "{reached:?}");
    assert!(tags.len() > 20, "{tags:?}");
}
