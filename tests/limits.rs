//! Limits, in decoding and encoding: the greatest allowed value is accepted, and one more is refused.

use bytes::Bytes;
use wabinary::{
    Builder, Content, DecodeError, DecodeErrorKind, Decoder, Dictionary, EncodeError, Encoder, Leniency, Limits, Node,
    OffsetSpace, Rewrite, decode, decode_body, decode_slice, encode,
};

/// `depth` nested nodes, as bytes assembled by hand.
fn nested_frame(depth: usize) -> Vec<u8> {
    let mut frame = vec![0x00];
    frame.extend([0xf8, 0x02, 0x07, 0xf8, 0x01].repeat(depth - 1));
    frame.extend([0xf8, 0x01, 0x07]);
    frame
}

/// `depth` nested nodes, from the builder.
fn nested(depth: usize) -> Node {
    fn fill(node: &Builder, below: usize) {
        if below > 0 {
            node.child("receipt", |child| fill(child, below - 1));
        }
    }
    let root = Node::build("receipt");
    fill(&root, depth - 1);
    root.finish()
}

fn decode_error(result: Result<impl Sized, DecodeError>) -> (&'static str, usize, OffsetSpace) {
    let error = result.map(drop).unwrap_err();
    (error.kind().name(), error.offset(), error.space())
}

fn encode_error(result: Result<Bytes, EncodeError>) -> (&'static str, String) {
    let error = result.map(drop).unwrap_err();
    (error.kind().name(), error.path().to_owned())
}

#[test]
fn nodes_may_be_nested_to_the_limit_in_both_directions() {
    let deepest = decode(nested_frame(128)).unwrap();
    assert_eq!(deepest, nested(128));
    assert_eq!(encode(&deepest).unwrap(), nested_frame(128));
    assert_eq!(decode_error(decode(nested_frame(129))), ("too-deep", 1 + 5 * 128, OffsetSpace::Frame));
    assert_eq!(encode_error(encode(&nested(129))), ("too-deep", ["receipt"; 129].join(" > ")));
}

#[test]
fn the_depth_limit_can_be_set() {
    for depth in [1, 2, 3, 200] {
        let limits = Limits { depth, ..Limits::default() };
        let mut decoder = Decoder::new().with_limits(limits);
        let mut encoder = Encoder::new().with_limits(limits);
        let node = decoder.decode(nested_frame(depth)).unwrap();
        assert_eq!(encoder.encode(node).unwrap(), nested_frame(depth));
        let (kind, offset, _) = decode_error(decoder.decode(nested_frame(depth + 1)));
        assert_eq!((kind, offset), ("too-deep", 1 + 5 * depth));
        assert_eq!(encode_error(encoder.encode(&nested(depth + 1))).0, "too-deep");
    }
    let none = Limits { depth: 0, ..Limits::default() };
    assert_eq!(
        decode_error(Decoder::new().with_limits(none).decode(nested_frame(1))),
        ("too-deep", 1, OffsetSpace::Frame)
    );
    assert_eq!(encode_error(Encoder::new().with_limits(none).encode(&nested(1))).0, "too-deep");
}

#[test]
fn siblings_do_not_count_as_depth() {
    let limits = Limits { depth: 3, ..Limits::default() };
    let node = Node::build("a")
        .child("b", |b| b.child("c", |_| {}).child("c", |_| {}))
        .child("b", |b| b.child("c", |_| {}))
        .child("b", |_| {})
        .finish();
    let frame = Encoder::new().with_limits(limits).encode(&node).unwrap();
    assert_eq!(Decoder::new().with_limits(limits).decode(frame).unwrap(), node);
}

#[test]
fn nesting_costs_no_program_stack() {
    const DEPTH: usize = 100_000;
    let work = || {
        let limits = Limits { depth: DEPTH, ..Limits::default() };
        let frame = nested_frame(DEPTH);
        let mut decoder = Decoder::new().with_limits(limits);
        decoder.decode(frame.clone()).unwrap();
        let node = decoder.take().unwrap();
        assert_eq!(Encoder::new().with_limits(limits).encode(&node).unwrap(), frame);
        assert!(node == node.clone() && node == node.edit().finish() && node == node.clone().detach());
        assert_eq!(node.to_string().len(), (DEPTH - 1) * "<receipt></receipt>".len() + "<receipt/>".len());
        assert_eq!(decoder.findings(&frame), Ok(vec![]));
        drop(node);
        // A frame that is refused at the bottom has a long path, but nothing worse.
        let mut cut = frame;
        cut.pop();
        let path = decoder.decode(cut).unwrap_err().path().len();
        assert_eq!(path, (DEPTH - 1) * "receipt > ".len() - " > ".len());
    };
    // A tenth of a thread's usual stack.
    std::thread::Builder::new().stack_size(200_000).spawn(work).unwrap().join().unwrap();
}

/// `<ack>bytes</ack>` whose body takes this many bytes.
fn body_of_length(length: usize) -> Vec<u8> {
    let mut body = vec![0xf8, 0x02, 0x1b, 0xfe];
    body.extend(u32::to_be_bytes(u32::try_from(length - 8).unwrap()));
    body.resize(length, 0);
    body
}

fn deflated(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(vec![0x02], flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, body).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_body_may_inflate_to_the_limit() {
    for limit in [8, 9, 255, 256, 257, 1_000, 16_384, 16_385, 100_000] {
        let frame = deflated(&body_of_length(limit));
        let mut decoder = Decoder::new().with_limits(Limits { inflated: limit, ..Limits::default() });
        let node = decoder.decode_slice(&frame).unwrap_or_else(|error| panic!("{limit}: {error}"));
        assert_eq!(node.bytes().len(), limit - 8);
        let mut decoder = Decoder::new().with_limits(Limits { inflated: limit - 1, ..Limits::default() });
        let error = decoder.decode_slice(&frame).unwrap_err();
        assert_eq!((error.kind().name(), error.space()), ("inflated-too-large", OffsetSpace::Frame), "{limit}");
        assert!(error.offset() <= frame.len());
        assert_eq!(
            error.to_string().split(" at ").next(),
            Some(format!("inflates to more than the limit of {} bytes", limit - 1).as_str())
        );
    }
}

#[test]
fn where_a_stream_inflates_to_too_much_does_not_depend_on_the_room_there_is() {
    for limit in [8, 255, 1_000, 16_384, 100_000] {
        let mut body = body_of_length(4 * limit);
        let mut number = 1_u32;
        // No run of bytes is repeated, so compression does not shrink it.
        body.iter_mut().skip(8).for_each(|byte| {
            number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (number >> 24) as u8;
        });
        let frame = deflated(&body);
        let decoder = || Decoder::new().with_limits(Limits { inflated: limit, ..Limits::default() });
        let error = decoder().decode_slice(&frame).unwrap_err();
        assert!((1..frame.len()).contains(&error.offset()), "{limit}: {error}");
        let mut with_room = decoder();
        with_room.decode_slice(&[&[0x00], &body_of_length(1_000_000)[..]].concat()).unwrap();
        assert_eq!(with_room.decode_slice(&frame).unwrap_err(), error, "{limit}");
    }
}

#[test]
fn a_body_may_inflate_to_16_mebibytes_by_default() {
    let frame = deflated(&body_of_length(16_777_216));
    assert_eq!(decode(frame).unwrap().bytes().len(), 16_777_216 - 8);
    let frame = deflated(&body_of_length(16_777_217));
    assert_eq!(decode_error(decode(frame)).0, "inflated-too-large");
}

#[test]
fn the_inflated_limit_holds_when_compressing_and_nowhere_else() {
    let limits = Limits { inflated: 1_000, ..Limits::default() };
    let (fits, exceeds) = (body_of_length(1_000), body_of_length(1_001));
    // Shorter length fields make the canonical body a byte smaller.
    let trees = [fits, exceeds].map(|body| decode_body(body).unwrap().edit().attr("x", "").finish());
    let lengths = trees.each_ref().map(|tree| encode(tree).unwrap().len() - 1);
    assert_eq!(lengths, [1_004, 1_005]);
    let limits_at = |inflated| Limits { inflated, ..limits };
    for (tree, length) in trees.iter().zip(lengths) {
        let encoder = |inflated| Encoder::new().with_limits(limits_at(inflated));
        assert!(encoder(length).with_zlib(6).encode(tree).is_ok());
        let refused = encoder(length - 1).with_zlib(6).encode(tree);
        assert_eq!(encode_error(refused), ("inflated-too-large", String::new()));
        // The length of a plain frame is known in advance.
        let plain = encoder(0).encode(tree).unwrap();
        assert!(Decoder::new().with_limits(limits_at(0)).decode(plain).is_ok());
    }
}

/// A root with `count - 1` children.
fn nodes_frame(count: usize) -> Vec<u8> {
    let children = u16::try_from(count - 1).unwrap().to_be_bytes();
    let mut frame = vec![0x00, 0xf8, 0x02, 0x1b, 0xf9, children[0], children[1]];
    frame.extend([0xf8, 0x01, 0x07].repeat(count - 1));
    frame
}

#[test]
fn there_may_be_as_many_nodes_as_the_limit_says() {
    for nodes in [2, 300, 65_536] {
        let limits = Limits { nodes, ..Limits::default() };
        let (mut decoder, mut encoder) = (Decoder::new().with_limits(limits), Encoder::new().with_limits(limits));
        let node = decoder.decode(nodes_frame(nodes)).unwrap();
        assert!(encoder.encode(node).is_ok());
        let limits = Limits { nodes: nodes - 1, ..limits };
        let (mut decoder, mut encoder) = (Decoder::new().with_limits(limits), Encoder::new().with_limits(limits));
        let frame = nodes_frame(nodes);
        let last = frame.len() - 3;
        assert_eq!(decode_error(decoder.decode(frame.clone())), ("too-many-nodes", last, OffsetSpace::Frame));
        let tree = decode(frame).unwrap();
        assert_eq!(encode_error(encoder.encode(&tree)), ("too-many-nodes", "ack > receipt".to_owned()));
    }
    let none = Limits { nodes: 0, ..Limits::default() };
    let refused = Decoder::new().with_limits(none).decode(nested_frame(1)).map(drop);
    assert_eq!(decode_error(refused), ("too-many-nodes", 1, OffsetSpace::Frame));
}

#[test]
fn there_may_be_1048576_nodes_by_default() {
    // A root, 16 lists, and in them 16 times 65,535 nodes but one: 1,048,576.
    let list = |count: u16| {
        let [high, low] = count.to_be_bytes();
        let mut list = vec![0xf8, 0x02, 0x1b, 0xf9, high, low];
        list.extend([0xf8, 0x01, 0x07].repeat(count.into()));
        list
    };
    let frame = |last: u16| {
        let mut frame = vec![0x00, 0xf8, 0x02, 0x1b, 0xf8, 16];
        (0..15).for_each(|_| frame.extend(list(65_535)));
        frame.extend(list(last));
        frame
    };
    let most = decode(frame(65_534)).unwrap();
    assert_eq!(most.children().map(|list| 1 + list.children().len()).sum::<usize>() + 1, 1_048_576);
    assert_eq!(encode(&most).unwrap(), frame(65_534));
    let too_many = frame(65_535);
    let last = too_many.len() - 3;
    assert_eq!(decode_error(decode(too_many)), ("too-many-nodes", last, OffsetSpace::Frame));
    let one_more = most.edit().child("receipt", |_| {}).finish();
    assert_eq!(encode_error(encode(&one_more)), ("too-many-nodes", "ack > receipt".to_owned()));
}

/// A name that is not a token and does not pack, of six bytes.
fn name(number: usize) -> String {
    format!("k{number:05}")
}

/// A node with these names, each with the value `""`, and optional content.
fn attributes_frame(names: &[String], content: &[u8]) -> Vec<u8> {
    let size = 1 + 2 * names.len() + usize::from(!content.is_empty());
    let [high, low] = u16::try_from(size).unwrap().to_be_bytes();
    let mut frame = vec![0x00, 0xf9, high, low, 0x1b];
    for name in names {
        frame.extend([0xfc, name.len() as u8]);
        frame.extend(name.as_bytes());
        frame.extend([0xfc, 0x00]);
    }
    frame.extend(content);
    frame
}

fn with_attributes(names: &[String]) -> Builder {
    let builder = Node::build("ack");
    for name in names {
        builder.attr(name, "");
    }
    builder
}

const MOST: usize = 32_767;

#[test]
fn a_node_may_have_32767_attributes_or_one_less_beside_content() {
    let names: Vec<_> = (0..MOST).map(name).collect();
    let frame = attributes_frame(&names, &[]);
    let node = decode(frame.clone()).unwrap();
    assert_eq!(node.attrs().len(), MOST);
    assert_eq!(node, with_attributes(&names).finish());
    assert_eq!(encode(&node).unwrap(), frame);
    assert_eq!(encode(&with_attributes(&names).finish()).unwrap(), frame);

    let names = &names[1..];
    let frame = attributes_frame(names, &[0xfc, 0x01, 0xaa]);
    let node = decode(frame.clone()).unwrap();
    assert_eq!((node.attrs().len(), node.bytes()), (MOST - 1, &[0xaa][..]));
    assert_eq!(encode(&node).unwrap(), frame);
}

#[test]
fn more_attributes_than_a_list_can_count_are_refused() {
    let names: Vec<_> = (0..=MOST).map(name).collect();
    let too_many = ("too-many-attributes", "ack".to_owned());
    assert_eq!(encode_error(encode(&with_attributes(&names).finish())), too_many);
    // With content, the list has 65,536 elements.
    let names = &names[1..];
    assert!(encode(&with_attributes(names).finish()).is_ok());
    assert_eq!(encode_error(encode(&with_attributes(names).bytes("x").finish())), too_many);
    assert_eq!(encode_error(encode(&with_attributes(names).child("a", |_| {}).finish())), too_many);
}

#[test]
fn a_duplicate_is_found_wherever_it_is_among_32767_attributes() {
    let distinct: Vec<_> = (0..MOST).map(name).collect();
    let places = [(0, 1), (0, MOST - 1), (MOST - 2, MOST - 1), (16_000, 16_001), (5, 20_000), (14, 17), (15, 16)];
    for (first, second) in places {
        let mut names = distinct.clone();
        names[second] = names[first].clone();
        let error = decode(attributes_frame(&names, &[])).unwrap_err();
        // Each attribute takes ten bytes; the head and the tag five.
        assert_eq!((error.kind().name(), error.offset()), ("duplicate-key", 5 + 10 * second), "{first} and {second}");
        assert_eq!(error.path(), format!("ack > @{}", names[first]));
        let refused = encode(&with_attributes(&names).finish());
        assert_eq!(encode_error(refused), ("duplicate-key", format!("ack > @{}", names[first])));
    }
}

#[test]
fn a_duplicate_is_found_however_it_is_spelled() {
    // "type" as token 04 and raw, "503" as token and packed, "12345" packed and raw, "AB" packed and raw.
    let spellings = [
        ("04", "fc0474797065"),
        ("eed0", "ff82503f"),
        ("ff8312345f", "fc053132333435"),
        ("fb01ab", "fc024142"),
        ("fc00", "ff00"),
    ];
    for many in [0, 40] {
        let between: String = (0..many).map(|at| format!("fc026b{:02x}fc00", b'0' + at)).collect();
        for (one, other) in spellings.into_iter().flat_map(|(one, other)| [(one, other), (other, one), (one, one)]) {
            let size = 1 + 2 * (2 + many);
            let hex = format!("00f8{size:02x}1b{one}fc00{between}{other}fc00");
            let frame = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
            let at = frame.len() - other.len() / 2 - 2;
            assert_eq!(decode_error(decode_slice(&frame)), ("duplicate-key", at, OffsetSpace::Frame), "{hex}");
        }
    }
    // A name that occurs only as a value, user or server is not a duplicate.
    let node = Node::build("a")
        .attr("x", "12@lid".parse::<wabinary::Jid>().unwrap())
        .attr("12", "x")
        .attr("lid", "y")
        .finish();
    assert_eq!(decode(encode(&node).unwrap()).unwrap(), node);
}

#[test]
fn a_list_may_have_65535_children() {
    let frame = nodes_frame(65_536);
    let node = decode(frame.clone()).unwrap();
    assert_eq!(node.children().len(), 65_535);
    assert_eq!(encode(&node).unwrap(), frame);
    let one_more = node.edit().child("receipt", |_| {}).finish();
    assert_eq!(encode_error(encode(&one_more)), ("too-many-children", "ack".to_owned()));
    let below = Node::build("iq").append(one_more).finish();
    assert_eq!(encode_error(encode(&below)), ("too-many-children", "iq > ack".to_owned()));
}

struct Unchanged;
impl Rewrite for Unchanged {}

/// The largest body that can be read or written: 2^29 - 1 bytes.
const LARGEST: usize = 536_870_911;

#[test]
fn a_body_may_have_536870911_bytes() {
    // Untouched zeros take no memory.
    let mut body = vec![0; LARGEST];
    body[..8].copy_from_slice(&body_of_length(8)[..8]);
    body[4..8].copy_from_slice(&u32::to_be_bytes((LARGEST - 8) as u32));
    let node = decode_body(body).unwrap();
    assert!(matches!(node.content(), Content::Bytes(bytes) if bytes.len() == LARGEST - 8));
    assert_eq!(decode_error(decode_body(vec![0; LARGEST + 1])), ("frame-too-large", 0, OffsetSpace::Frame));
    assert_eq!(decode_error(decode(vec![0; LARGEST + 2])), ("frame-too-large", 1, OffsetSpace::Frame));
}

#[test]
fn a_tree_that_would_encode_to_more_is_refused() {
    let one = Node::build("ack").bytes(vec![0; LARGEST + 1]).finish();
    // Neither can any tree that is made from it.
    let made = [one.edit().finish(), one.rewrite(&mut Unchanged), Node::build("iq").append(&one).finish(), one];
    for tree in &made {
        assert_eq!(encode_error(encode(tree)), ("too-large", String::new()));
    }
    // It fits alone, but not with the tag.
    let below = |ack: &Builder| {
        ack.bytes(vec![0; LARGEST]);
    };
    let one = Node::build("iq").child("ack", below).finish();
    assert_eq!(encode_error(encode(&one)), ("too-large", "iq > ack".to_owned()));
}

#[test]
fn a_body_of_536870911_bytes_may_be_written() {
    let mut encoder = Encoder::new();
    let mut written = |length| {
        let ack = Node::build("ack").bytes(vec![0; length]).finish();
        encoder.encode_slice(&ack).map(<[u8]>::len).map_err(|error| (error.kind().name(), error.path().to_owned()))
    };
    // A list head, the tag, and five bytes before the content.
    assert_eq!(written(LARGEST - 8), Ok(1 + LARGEST));
    assert_eq!(written(LARGEST - 7), Err(("too-large", "ack".to_owned())));
}

/// Above sixteen names the search works differently; the names of one node must not count in the next.
#[test]
fn wide_nodes_are_searched_each_for_itself() {
    let names: Vec<&str> = Dictionary::V3.tokens().map(|(_, text)| text).take(100).collect();
    for repeated in [None, Some(99), Some(20), Some(3)] {
        let parent = Node::build("ack");
        for repeated in [None, repeated] {
            parent.child("ack", |node| {
                for name in names.iter().copied().chain(repeated.map(|index: usize| names[index])) {
                    node.attr(name, "");
                }
            });
        }
        let parent = parent.finish();
        let lenient = Encoder::new().allow(Leniency::DUPLICATE_NAMES).encode(&parent).unwrap();
        let decoded = decode(lenient).map_err(|error| error.kind());
        match repeated {
            None => assert_eq!(decoded, Ok(parent.clone())),
            Some(_) => assert_eq!(decoded, Err(DecodeErrorKind::DuplicateName)),
        }
        assert_eq!(encode(&parent).is_err(), repeated.is_some());
    }
}
