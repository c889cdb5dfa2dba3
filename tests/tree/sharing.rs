//! The memory that a tree shares with its frame, and how to release it.

use bytes::Bytes;
use wabinary::{
    Decoder, Dictionary, Encoder, NewContent, Node, NodeRef, Rewrite, decode, decode_body, decode_first, decode_slice,
};

/// `<message id="A1"><enc v="2">(100 bytes)</enc></message>`, with a JID and packed text in it too.
fn message() -> Node {
    Node::build("message")
        .attr("id", "A1")
        .attr("to", wabinary::Jid::SERVER)
        .child("enc", |enc| enc.attr("v", 2).bytes((0..100).collect::<Vec<u8>>()))
        .child("body", |body| body.content(NewContent::coded("12345")))
        .finish()
}

fn plain() -> Bytes {
    wabinary::encode(&message()).unwrap()
}

fn compressed() -> Bytes {
    Encoder::new().with_zlib(9).encode(&message()).unwrap()
}

fn is_inside(part: &[u8], whole: &Bytes) -> bool {
    let (part, whole) = (part.as_ptr_range(), whole.as_ptr_range());
    whole.start <= part.start && part.end <= whole.end
}

fn enc(node: &Node) -> NodeRef<'_> {
    node.child("enc").unwrap()
}

#[test]
fn content_bytes_are_the_bytes_of_the_frame() {
    let frame = plain();
    let node = decode(frame.clone()).unwrap();
    let shared = enc(&node).shared_bytes();
    assert_eq!(shared, (0..100).collect::<Vec<u8>>());
    assert!(is_inside(&shared, &frame) && is_inside(enc(&node).bytes(), &frame));
    // Also through a sub-tree, an edited tree, a tree that includes it, and a body.
    assert!(is_inside(&enc(&node).to_node().shared_bytes(), &frame));
    assert!(is_inside(&enc(&node.edit().set("id", "2").finish()).shared_bytes(), &frame));
    let outer = Node::build("outer").append(enc(&node)).finish();
    assert!(is_inside(&enc(&outer).shared_bytes(), &frame));
    let of_body = decode_body(frame.slice(1..)).unwrap();
    assert!(is_inside(&enc(&of_body).shared_bytes(), &frame));
}

#[test]
fn shared_bytes_outlive_the_tree() {
    let node = decode(plain()).unwrap();
    let shared = enc(&node).shared_bytes();
    drop(node);
    assert_eq!(shared[..3], [0, 1, 2]);
}

#[test]
fn shared_bytes_of_other_content_are_a_copy_or_empty() {
    let node = decode(plain()).unwrap();
    assert_eq!(node.child("body").unwrap().shared_bytes(), "12345");
    assert_eq!(node.shared_bytes(), "");
    let given = Bytes::from_static(b"given");
    let built = Node::build("a").bytes(given.clone()).finish();
    assert_eq!(built.shared_bytes().as_ptr(), given.as_ptr());
}

#[test]
fn bytes_of_slices_and_of_compressed_frames_are_the_trees_own() {
    let expected: Vec<u8> = (0..100).collect();
    let frame = plain();
    let of_slice = decode_slice(&frame).unwrap();
    assert_eq!(enc(&of_slice).shared_bytes(), expected);
    assert!(!is_inside(enc(&of_slice).bytes(), &frame));
    let of_zlib = decode(compressed()).unwrap();
    assert_eq!(enc(&of_zlib).shared_bytes(), expected);
    drop(frame);
    assert_eq!(enc(&of_slice).bytes(), expected);
}

#[test]
fn the_frame_is_there_to_be_forwarded() {
    for frame in [plain(), compressed()] {
        let node = decode(frame.clone()).unwrap();
        let forwarded = node.frame().unwrap();
        assert_eq!((forwarded.as_ptr(), forwarded.len()), (frame.as_ptr(), frame.len()));
        assert_eq!(node.clone().frame(), Some(&frame));
        assert_eq!(node.as_ref().frame(), Some(&frame));
    }
}

struct Unchanged;
impl Rewrite for Unchanged {}

#[test]
fn what_is_not_the_whole_of_a_frame_has_none_to_forward() {
    for frame in [plain(), compressed()] {
        let node = decode(frame.clone()).unwrap();
        assert_eq!(enc(&node).frame(), None);
        assert_eq!(enc(&node).to_node().frame(), None);
        assert_eq!(node.as_ref().to_node().frame(), None);
        assert_eq!(node.edit().finish().frame(), None);
        assert_eq!(node.rewrite(&mut Unchanged).frame(), None);
        assert_eq!(node.clone().detach().frame(), None);
        assert_eq!(Node::build("a").append(&node).finish().frame(), None);
        assert_eq!(decode_slice(&frame).unwrap().frame(), None);
    }
    assert_eq!(message().frame(), None);
    assert_eq!(decode_body(plain().slice(1..)).unwrap().frame(), None);
}

#[test]
fn a_tree_keeps_its_frame_until_detached() {
    for frame in [plain(), compressed()] {
        let node = decode(frame.clone()).unwrap();
        assert!(!frame.is_unique(), "the tree holds the frame");
        let free = node.detach();
        assert!(frame.is_unique(), "a detached tree does not");
        assert_eq!(free, message());
        assert_eq!(wabinary::encode(&free).unwrap(), plain());
    }
    // Detaching also releases bytes that a builder was given.
    let given = Bytes::from(vec![1, 2, 3]);
    let free = Node::build("a").bytes(given.clone()).finish().detach();
    assert!(given.is_unique());
    assert_eq!(free.bytes(), [1, 2, 3]);
}

#[test]
fn nothing_holds_a_frame_whose_tree_is_gone_or_was_never_made() {
    let frame = Bytes::from(plain().to_vec());
    drop(decode(frame.clone()).unwrap());
    assert!(frame.is_unique());
    drop(decode_first(frame.clone()).unwrap());
    assert!(frame.is_unique());
    drop(decode_body(frame.slice(1..)).unwrap());
    assert!(frame.is_unique());
    let cut = frame.slice(..frame.len() - 1);
    assert!(decode(cut.clone()).is_err() && decode_body(cut.clone()).is_err() && decode_first(cut.clone()).is_err());
    drop(cut);
    assert!(frame.is_unique());
}

#[test]
fn a_decoder_gives_away_what_it_decoded_and_starts_anew() {
    let mut decoder = Decoder::new();
    let borrowed = decoder.decode(plain()).unwrap();
    assert_eq!(borrowed, message());
    let first = decoder.take().unwrap();
    decoder.decode(vec![0x00, 0xf8, 0x01, 0x07]).unwrap();
    let second = decoder.take().unwrap();
    assert_eq!(first, message());
    assert_eq!(second.tag(), "receipt");
    assert_eq!(first.frame(), Some(&plain()));
    // A second take returns nothing, and neither does one after an error.
    assert_eq!(decoder.take(), None);
    decoder.decode(plain()).unwrap();
    decoder.decode_slice(&[0, 0xf8]).unwrap_err();
    assert_eq!(decoder.take(), None);
    decoder.decode(plain()).unwrap();
    decoder.decode(Bytes::from_static(&[0xff])).unwrap_err();
    assert_eq!(decoder.take(), None);
    assert_eq!(Decoder::new().take(), None);
    // Under another dictionary it would be another tree.
    decoder.decode(plain()).unwrap();
    assert_eq!(decoder.with_dictionary(Dictionary::V2).take(), None);
}

#[test]
fn the_first_of_several_nodes_comes_with_the_rest() {
    let both = Bytes::from([&plain()[..], &[0xf8, 0x01, 0x1b, 0xff]].concat());
    let (node, rest) = decode_first(both.clone()).unwrap();
    assert_eq!((&node, &rest[..]), (&message(), &[0xf8, 0x01, 0x1b, 0xff][..]));
    assert!(is_inside(&rest, &both) && is_inside(enc(&node).bytes(), &both));
    assert_eq!(node.frame(), Some(&plain()), "the frame of the first node alone");

    let (second, rest) = decode_first(Bytes::from([&[0][..], &rest].concat())).unwrap();
    assert_eq!((second.tag(), &rest[..]), ("ack", &[0xff][..]));
    assert_eq!(decode(both).unwrap_err().kind().name(), "trailing-bytes");
    assert_eq!(decode_first(vec![0, 0xff]).unwrap_err().kind().name(), "not-a-node");
}

#[test]
fn the_rest_of_a_compressed_frame_is_inflated() {
    let body = [&plain()[1..], &[0xf8, 0x01, 0x1b]].concat();
    let mut frame = vec![2];
    let mut encoder = flate2::write::ZlibEncoder::new(&mut frame, flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, &body).unwrap();
    encoder.finish().unwrap();
    let (node, rest) = decode_first(frame).unwrap();
    assert_eq!((&node, &rest[..]), (&message(), &[0xf8, 0x01, 0x1b][..]));
    // The frame has more than this node, so it is not the node's own frame.
    assert_eq!(node.frame(), None);
    assert_eq!(decode_first(compressed()).unwrap().0.frame(), Some(&compressed()));
}

#[test]
fn offsets_in_a_body_count_from_its_first_byte() {
    let error = decode_body(vec![0xf8, 0x01, 0xf0]).unwrap_err();
    assert_eq!(
        (error.kind().name(), error.offset(), error.space()),
        ("unassigned-byte", 2, wabinary::OffsetSpace::Frame)
    );
    // A body never counts as a frame, not even as a compressed one.
    assert_eq!(decode_body(plain()).unwrap_err().offset(), 0);
    assert_eq!(decode_body(compressed()).unwrap_err().kind().name(), "not-a-node");
}
