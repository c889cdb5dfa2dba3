//! What each recipe makes.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Unstructured;
use wabinary::explain::Severity;
use wabinary::stanza::{CallAck, CallAction, CallStanza};
use wabinary::{
    Content, Decoder, Dictionary, Encoder, JidForm, JidRef, Leniency, Node, NodeRef, Server, Value, encode,
};
use wabinary_generate::{
    Care, Damage, Frames, Recipe, Spelling, Stanza, damage, mutate_frame, plain::PlainNode, random_bytes, spell,
    spell_with,
};

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
                let is_canonical = Encoder::new().with_dictionary(dictionary).encode(&made.node).unwrap() == made.frame;
                let is_odd = !is_canonical || addresses(&made.node).any(|jid| is_odd_form(&jid));
                assert!(spelling == Spelling::Canonical || is_odd, "{stanza}: {}", made.node);
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

/// The addresses in a tree.
fn addresses(node: &Node) -> impl Iterator<Item = JidRef<'_>> {
    let nodes = std::iter::once(node.as_ref()).chain(node.as_ref().descendants());
    nodes.flat_map(|node| {
        let content = match node.content() {
            Content::Jid(jid) => Some(jid),
            _ => None,
        };
        node.attrs().filter_map(|(_, value)| value.as_jid()).chain(content)
    })
}

fn is_odd_form(jid: &JidRef<'_>) -> bool {
    matches!((jid.form(), jid.device()), (JidForm::PairEmpty, _) | (JidForm::Ad, 0))
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
    let mut by_rule: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for made in Frames::new(recipe, 2).take(6000) {
        // The compressed data are there, and only the header is not.
        assert!(made.broken != Some("zlib-stream-has-no-header") || made.frame.len() > 1, "{:?}", made.frame);
        let kind = wabinary::decode(made.frame).expect_err("it is damaged").kind().name();
        by_rule.entry(made.broken.expect("a rule")).or_default().insert(kind);
        kinds.insert(kind);
    }
    // The count of a node that claims more reaches into what follows.
    by_rule.retain(|rule, kinds| kinds.len() > 1 && *rule != "node-claims-more");
    assert_eq!(by_rule, BTreeMap::new());
    let source = include_str!("../../src/error/decode.rs").lines().filter_map(|line| line.split(" => (\"").nth(1));
    let too_large = ["too-many-nodes", "inflated-too-large", "frame-too-large"];
    let known = source.filter_map(|rest| rest.split('"').next()).filter(|kind| !too_large.contains(kind));
    assert_eq!(kinds, known.collect());
}

#[test]
fn mutations_decode_and_differ_and_reach_every_size() {
    let mut changed = 0;
    let mut reached = BTreeSet::new();
    for (seed, made) in (0..).zip(Frames::new(Recipe::default(), 3).take(COUNT)) {
        let Some(mutated) = mutate_frame(&made.frame, seed, Dictionary::V3) else { continue };
        let mut decoder = Decoder::new().allow(Leniency::DUPLICATE_NAMES);
        let node = decoder.decode_slice(&mutated).unwrap().to_node();
        changed += usize::from(node != made.node);
        assert!(encode(&made.node).is_ok());
        reached.extend((mutated[0] == 2).then_some("zlib"));
        for node in std::iter::once(node.as_ref()).chain(node.as_ref().descendants()) {
            reach(node, &mut reached);
        }
    }
    assert!(changed > COUNT / 2, "{changed}");
    let expected = ["128 attributes", "255 bytes", "255 children", "256 children", "null", "pair-empty", "zlib"];
    assert_eq!(reached, BTreeSet::from(expected));
}

/// The parts of this node that are hard to reach.
fn reach(node: NodeRef<'_>, reached: &mut BTreeSet<&'static str>) {
    let is_pair_empty = |value: Value<'_>| value.as_jid().is_some_and(|jid| jid.form() == JidForm::PairEmpty);
    let (bytes, children) = match node.content() {
        Content::Bytes(bytes) => (bytes.len(), 0),
        Content::Nodes(children) => (0, children.len()),
        _ => (0, 0),
    };
    reached.extend((node.attrs().len() >= 128).then_some("128 attributes"));
    reached.extend((bytes >= 255).then_some("255 bytes"));
    reached.extend((children == 255).then_some("255 children"));
    reached.extend((children >= 256).then_some("256 children"));
    reached.extend(node.attrs().any(|(_, value)| value == Value::Null).then_some("null"));
    reached.extend(node.attrs().any(|(_, value)| is_pair_empty(value)).then_some("pair-empty"));
}

/// FNV-1a of frames. A compressed frame depends on the compressor: of compressed frames only their number counts.
fn digest(frames: impl Iterator<Item = Vec<u8>>) -> u64 {
    frames.fold(0xcbf2_9ce4_8422_2325, |hash, frame| {
        let frame = if frame.first() == Some(&2) { &frame[..1] } else { &frame };
        frame.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
    })
}

/// The tool promises it. Where generation changes on purpose, the failure prints the new digests.
#[test]
fn a_seed_gives_the_same_frames_on_every_machine() {
    let digests = [
        (Stanza::Any, Spelling::Canonical, Damage::None),
        (Stanza::Any, Spelling::Odd, Damage::None),
        (Stanza::Tree, Spelling::Odd, Damage::Bytes),
        (Stanza::Any, Spelling::Odd, Damage::Tree),
    ]
    .map(|(stanza, spelling, damage)| {
        let recipe = Recipe { stanza, spelling, damage, dictionary: Dictionary::V3 };
        digest(Frames::new(recipe, 7).take(250).map(|made| made.frame))
    });
    let calls = Frames::new(Recipe { stanza: Stanza::Call, ..Recipe::default() }, 7);
    let mutated =
        digest((0..250).zip(calls).filter_map(|(seed, made)| mutate_frame(&made.frame, seed, Dictionary::V3)));
    let expected = [6794075976605275337, 17550311603487944260, 7583370864372562046, 15963589193531286876];
    assert_eq!((digests, mutated), (expected, 1805896893931644523));
}

#[test]
fn mutations_of_a_large_tree_stay_in_proportion() {
    let leaves = (0..4000).map(|_| Node::build("x").finish());
    let wide = Node::build("ack").children([Node::build("call").children(leaves).finish()]).finish();
    for seed in 0..400 {
        let bytes = random_bytes(seed, 512);
        let Ok(node) = wabinary_generate::mutate(&mut Unstructured::new(&bytes), &wide) else { continue };
        // Four changes that double the tree, or add 65,536 copies.
        let count = node.as_ref().descendants().count();
        assert!(count < 16 * 4_002 + 15 * 65_536, "seed {seed}: {count} nodes");
    }
}

#[test]
fn each_seed_and_each_number_gives_another_frame() {
    let recipe = Recipe { stanza: Stanza::Call, ..Recipe::default() };
    let of_seed = |seed| Frames::new(recipe, seed).map(|made| made.frame);
    let first: BTreeSet<_> = (0..64).filter_map(|seed| of_seed(seed).next()).collect();
    assert_eq!((first.len(), of_seed(1).take(64).collect::<BTreeSet<_>>().len()), (64, 64));
}

#[test]
fn with_care_a_tree_is_spelled_as_encoders_do() {
    // Around each size at which a head or a length grows, or packing ends.
    for size in [0, 1, 2, 3, 120, 126, 127, 128, 129, 250, 253, 254, 255, 256, 257, 300] {
        let of_attributes = |names: &[String], value: &str| {
            let node = Node::build("a");
            names.iter().for_each(|name| _ = node.attr(name, value));
            node.finish()
        };
        let names: Vec<_> = (0..size).map(|at| format!("n{at}")).collect();
        let texts = ["1", "A", "x", "\u{e9}"].map(|text| of_attributes(&["x".to_owned()], &text.repeat(size)));
        let trees = [
            Node::build("a").children((0..size).map(|_| Node::build("ack").finish())).finish(),
            Node::build("a").bytes(vec![1; size]).finish(),
            of_attributes(&names, "1"),
        ];
        for (tree, dictionary) in
            trees.iter().chain(&texts).flat_map(|tree| Dictionary::ALL.iter().map(move |it| (tree, *it)))
        {
            let frame = Encoder::new().with_dictionary(dictionary).encode(tree).unwrap();
            let node = Decoder::new().with_dictionary(dictionary).decode(frame.clone()).unwrap().to_node();
            let mut none = Unstructured::new(&[]);
            let spelled = spell_with(&mut none, node.as_ref(), dictionary, Leniency::NONE, Care::of(0)).unwrap();
            assert_eq!((&spelled.frame[..], spelled.canonical), (&frame[..], true), "{size}");
        }
    }
}

#[test]
fn each_leniency_is_used_in_spellings_that_it_allows() {
    let node = Node::build("ack").attr("id", "123").attr("t", "12345").child("a", |_| {}).finish();
    let allow = Leniency::FLAG_BITS | Leniency::PAD_NIBBLE;
    let [mut flags, mut both] = [Decoder::new().allow(Leniency::FLAG_BITS), Decoder::new().allow(allow)];
    let mut refused_by = [0; 3];
    for seed in 0..500 {
        let bytes = random_bytes(seed, 400);
        let Ok(spelled) = spell(&mut Unstructured::new(&bytes), node.as_ref(), Dictionary::V3, allow) else { continue };
        assert_eq!(both.decode_slice(&spelled.frame).unwrap(), node);
        refused_by[0] += usize::from(!matches!(spelled.frame[0], 0 | 2));
        refused_by[1] += usize::from(flags.decode_slice(&spelled.frame).is_err());
        refused_by[2] += usize::from(spelled.canonical && wabinary::decode(spelled.frame).is_err());
    }
    assert!(refused_by[0] > 10 && refused_by[1] > 10 && refused_by[2] == 0, "{refused_by:?}");
}

#[test]
fn stanzas_have_their_attributes_and_their_names() {
    let made = |stanza: Stanza| {
        assert_eq!(stanza.to_string().parse(), Ok(stanza));
        Frames::new(Recipe { stanza, ..Recipe::default() }, 8).take(2000).map(|made| made.node)
    };
    let groups: Vec<_> =
        made(Stanza::Iq).filter_map(|iq| Some(iq.child("group")?.attr("id")?.to_text().into_owned())).collect();
    assert!(!groups.is_empty() && groups.iter().all(|id| id.starts_with("120363")), "{groups:?}");
    let dirty: Vec<_> = made(Stanza::Stream).filter_map(|ib| Some(ib.child("dirty")?.attr("type").is_some())).collect();
    assert!(!dirty.is_empty() && !dirty.contains(&false));
    let mut plain = PlainNode::new("a");
    plain.at("b").at("c");
    plain.at("b").at("d");
    assert_eq!(plain.to_node().unwrap().to_string(), "<a><b><c/><d/></b></a>");
}

#[test]
fn odd_spellings_write_addresses_in_other_forms() {
    let count = |spelling| {
        let made = Frames::new(Recipe { stanza: Stanza::Chatstate, spelling, ..Recipe::default() }, 4).take(COUNT);
        let forms = made.flat_map(|made| {
            let jids = made.node.attrs().filter_map(|(_, value)| value.as_jid());
            jids.map(|jid| (jid.form(), jid.user().is_none(), jid.device() == 0)).collect::<Vec<_>>()
        });
        let forms: Vec<_> = forms.collect();
        let of = |form, is_bare| forms.iter().filter(|it| **it == (form, is_bare, true)).count();
        (of(JidForm::PairEmpty, true), of(JidForm::Ad, false))
    };
    let (canonical, odd) = (count(Spelling::Canonical), count(Spelling::Odd));
    assert!(odd.0 > 2 * canonical.0 && odd.1 > 2 * canonical.1, "{canonical:?} {odd:?}");
}

#[test]
fn what_a_server_adds_is_in_stanzas_that_came_in() {
    for stanza in [Stanza::Ack, Stanza::Call, Stanza::Message, Stanza::Receipt, Stanza::Notification] {
        let made = Frames::new(Recipe { stanza, ..Recipe::default() }, 6).take(COUNT);
        let nodes: Vec<_> = made.map(|made| made.node).collect();
        let came_in = nodes.iter().filter(|node| node.attr("from").is_some()).count();
        assert!(came_in > COUNT / 2, "{stanza}: {came_in}");
        // A client looks for the sender in a group and of a status.
        let needs = |node: &&Node| {
            let from = node.attr("from").and_then(Value::as_jid);
            from.is_some_and(|from| matches!(from.server(), Server::Group | Server::Broadcast))
        };
        let has =
            |node: &&Node| node.attr("participant").is_some_and(|value| value.as_jid().is_some_and(|it| it.is_user()));
        let (needed, had) = (nodes.iter().filter(needs).count(), nodes.iter().filter(needs).filter(has).count());
        let least = if matches!(stanza, Stanza::Ack | Stanza::Call) { needed / 8 } else { needed * 3 / 4 };
        assert!(had > least, "{stanza}: {had} of {needed}");
    }
}

#[test]
fn notifications_name_users_and_devices_in_their_places() {
    let recipe = Recipe { stanza: Stanza::Notification, ..Recipe::default() };
    for made in Frames::new(recipe, 7).take(COUNT) {
        for (child, inner) in [("add", "participant"), ("devices", "device")] {
            let Some(child) = made.node.child(child) else { continue };
            let jid = child.child(inner).and_then(|inner| inner.attr("jid")?.as_jid()).unwrap().to_string();
            // The digits of a phone number or a hidden id.
            assert!(matches!(jid.find([':', '@']), Some(11 | 15)), "{jid}");
        }
    }
}

#[test]
fn damaged_bytes_are_fewer_more_and_others() {
    let recipe = Recipe { damage: Damage::Bytes, ..Recipe::default() };
    let (mut orders, mut changes) = (BTreeSet::new(), Vec::new());
    for made in Frames::new(recipe, 4).take(COUNT) {
        let whole = encode(&made.node).unwrap();
        assert_ne!(whole, made.frame);
        orders.insert(made.frame.len().cmp(&whole.len()));
        let changed: Vec<_> = whole.iter().zip(&made.frame).filter(|(one, other)| one != other).collect();
        if let ([(_, changed)], true) = (&changed[..], made.frame.len() == whole.len()) {
            changes.push(**changed);
        }
    }
    assert_eq!(orders.len(), 3);
    // About half of them start a part of a frame.
    let heads = changes.iter().filter(|byte| **byte == 0 || **byte >= 0xf0).count();
    assert!(heads * 4 > changes.len() && heads * 4 < changes.len() * 3, "{heads} of {}", changes.len());
}

/// How deep nodes with a tag are in each other.
fn nested(node: NodeRef<'_>, tag: &str) -> usize {
    node.children().map(|child| nested(child, tag)).max().unwrap_or(0) + usize::from(node.tag() == tag)
}

#[test]
fn mutations_reach_corners_of_the_format() {
    let made = Frames::new(Recipe { stanza: Stanza::Call, ..Recipe::default() }, 3).next().unwrap();
    let before = made.node.as_ref().descendants().count();
    let (mut reached, mut tags) = (BTreeSet::new(), BTreeSet::new());
    let mut decoder = Decoder::new().allow(Leniency::DUPLICATE_NAMES);
    for seed in 0..6000 {
        let Some(frame) = mutate_frame(&made.frame, seed, Dictionary::V3) else { continue };
        let root = decoder.decode_slice(&frame).unwrap();
        tags.insert(root.tag().to_owned());
        let nodes: Vec<_> = std::iter::once(root).chain(root.descendants()).collect();
        let content = root.content();
        let facts = [
            ("inside itself", nested(root, made.node.tag()) > 90),
            ("fewer nodes", nodes.len() <= before),
            ("long bytes", matches!(content, Content::Bytes(bytes) if bytes.len() == 1000)),
            ("text", matches!(content, Content::Text(_))),
            ("address", matches!(content, Content::Jid(_))),
            ("empty children", matches!(content, Content::Nodes(nodes) if nodes.len() == 0)),
        ];
        reached.extend(facts.into_iter().filter(|(_, is_it)| *is_it).map(|(name, _)| name));
    }
    assert_eq!(reached.len(), 6, "{reached:?}");
    // Twenty children become as many as a list head can count, and one more; an address becomes its bytes.
    let twenty = Node::build("a").children((0..20).map(|_| Node::build("ack").finish())).finish();
    let address = Node::build("a").content("5@lid".parse::<wabinary::Jid>().unwrap()).finish();
    let mut contents = |node: &Node, is_looked_for: fn(Content<'_>) -> bool| {
        let frame = wabinary_generate::compress(&encode(node).unwrap(), 6);
        let mutated = (0..4000).filter_map(|seed| mutate_frame(&frame, seed, Dictionary::V3));
        mutated.filter(|frame| is_looked_for(decoder.decode_slice(frame).unwrap().content())).count()
    };
    assert!(contents(&twenty, |content| matches!(content, Content::Nodes(nodes) if nodes.len() == 255)) > 0);
    assert!(contents(&address, |content| matches!(content, Content::Bytes(b"5@lid"))) > 0);
    assert!(tags.len() > 20, "{tags:?}");
}

#[test]
fn the_rules_about_plain_frames_are_broken_in_plain_frames_alone() {
    let made = Frames::new(Recipe { spelling: Spelling::Odd, ..Recipe::default() }, 1);
    let compressed = made.map(|made| made.frame).find(|frame| frame[0] == 2).unwrap();
    let bytes = Frames::new(Recipe::default(), 2).take(400).map(|made| made.frame);
    let rules: BTreeSet<_> = bytes
        .filter_map(|bytes| {
            damage::production(&mut Unstructured::new(&bytes), &mut compressed.clone(), Dictionary::V3).ok()
        })
        .collect();
    assert_eq!(rules, ["bytes-after-the-node", "flag-is-unknown", "frame-is-cut", "two-nodes"].into());
}
