//! Encoding a part of a tree, also into the caller's memory.

use wabinary::{Encoder, Limits, Node, NodeRef, decode, encode};

/// Three levels, with JIDs, bytes and siblings on both sides of the part.
fn whole() -> Node {
    Node::build("iq")
        .attr("to", wabinary::Jid::SERVER)
        .child("first", |first| first.attr("jid", "1@lid".parse::<wabinary::Jid>().unwrap()).bytes("before"))
        .child("list", |list| {
            list.attr("n", 2).child("item", |item| item.attr("jid", "2@lid".parse::<wabinary::Jid>().unwrap()));
            list.child("item", |item| item.bytes(vec![0; 300]));
        })
        .child("last", |last| last.content("3:4@lid".parse::<wabinary::Jid>().unwrap()))
        .finish()
}

fn every_node<'a>(node: NodeRef<'a>, found: &mut Vec<NodeRef<'a>>) {
    found.push(node);
    node.children().for_each(|child| every_node(child, found));
}

#[test]
fn every_part_of_a_tree_encodes_like_a_tree_of_its_own() {
    let built = whole();
    for tree in [&built, &decode(encode(&built).unwrap()).unwrap()] {
        let mut nodes = Vec::new();
        every_node(tree.as_ref(), &mut nodes);
        assert_eq!(nodes.len(), 6);
        for node in nodes {
            let frame = encode(node).unwrap();
            assert_eq!(frame, encode(&node.to_node()).unwrap(), "{node}");
            let again = decode(frame.clone()).unwrap();
            assert_eq!(again, node, "{node}");
            // The part has the same bytes as inside the whole.
            let outer = encode(tree).unwrap();
            assert!(outer.windows(frame.len() - 1).any(|window| window == &frame[1..]), "{node}");
        }
    }
}

/// The length of a part's frame is not known in advance.
#[test]
fn a_part_with_a_mebibyte_of_content_encodes_like_a_tree_of_its_own() {
    let node = Node::build("iq").child("list", |list| list.bytes(vec![7; 1 << 20])).finish();
    let part = Encoder::new().encode(node.child("list").unwrap()).unwrap();
    // A list head, the tag, and the length in 32 bits.
    assert_eq!(part[..9], [0x00, 0xf8, 0x02, 0x71, 0xfe, 0x00, 0x10, 0x00, 0x00]);
    assert_eq!(part[9..], vec![7; 1 << 20]);
}

#[test]
fn limits_and_paths_of_a_part_count_from_its_root() {
    let tree = Node::build("a").child("b", |b| b.child("c", |c| c.child("", |_| {}))).finish();
    let error = encode(tree.child("b").unwrap()).unwrap_err();
    assert_eq!((error.kind().name(), error.path()), ("empty-tag", "b > c > "));
    let mut shallow = Encoder::new().with_limits(Limits { depth: 2, ..Limits::default() });
    let error = shallow.encode(tree.child("b").unwrap()).unwrap_err();
    assert_eq!((error.kind().name(), error.path()), ("too-deep", "b > c > "));
    let mut few = Encoder::new().with_limits(Limits { nodes: 1, ..Limits::default() });
    let leaf = whole();
    assert!(few.encode(leaf.child("first").unwrap()).is_ok());
    assert_eq!(few.encode(leaf.child("list").unwrap()).unwrap_err().path(), "list > item");
}

#[test]
fn frames_are_appended_to_a_buffer_and_errors_leave_it_as_it_was() {
    let good = Node::build("ack").finish();
    let bad = Node::build("ack").child("error", |error| error.attr("a", 1).attr("a", 2)).finish();
    let mut encoder = Encoder::new();
    let mut buffer = vec![0xaa];
    encoder.encode_into(&good, &mut buffer).unwrap();
    let error = encoder.encode_into(&bad, &mut buffer).unwrap_err();
    assert_eq!(error.to_string(), "attribute name occurs twice, in ack > error > @a");
    encoder.encode_into(&good, &mut buffer).unwrap();
    assert_eq!(buffer, [0xaa, 0x00, 0xf8, 0x01, 0x1b, 0x00, 0xf8, 0x01, 0x1b]);
    let mut pieces = bytes::BytesMut::new();
    encoder.encode_into(&good, &mut pieces).unwrap();
    assert_eq!(pieces, encoder.encode_slice(&good).unwrap());
}

#[test]
fn an_encoder_that_compresses_does_so_at_every_level() {
    let tree = Node::build("a").bytes(vec![7; 5_000]).finish();
    let plain = encode(&tree).unwrap();
    for level in 0..=10 {
        let frame = Encoder::new().with_zlib(level).encode(&tree).unwrap();
        assert_eq!(frame[0], 2);
        assert_eq!(frame.len() < 100, level > 0, "level {level}: {} bytes", frame.len());
        let node = decode(frame).unwrap();
        assert_eq!((&node, encode(&node).unwrap()), (&tree, plain.clone()));
    }
}
