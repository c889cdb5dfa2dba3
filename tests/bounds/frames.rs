//! Frames that take as much memory as possible.

use std::hint::black_box;
use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use wabinary::{Encoder, Node, Value};

use wabinary_testing::exhaustive;

use crate::{Bounds, peak, stays_below, vectors};

#[test]
fn frames_of_the_vectors_and_what_is_left_of_them() {
    let bounds = Bounds::documented();
    for file in ["peer-encoded", "v2-peer-encoded", "noncanonical", "malformed"] {
        for vector in vectors::read(file) {
            let frame = vector.frame();
            stays_below(&bounds, &vector.name, &frame);
            for eighth in 1..8 {
                stays_below(&bounds, &vector.name, &frame[..frame.len() * eighth / 8]);
            }
        }
    }
}

/// A plain frame of one node with this content.
fn with_content(content: &[u8]) -> Vec<u8> {
    [&[0x00, 0xf8, 0x02, 0x1b], content].concat()
}

fn list_head(count: usize) -> [u8; 3] {
    let [high, low] = u16::try_from(count).unwrap().to_be_bytes();
    [0xf9, high, low]
}

/// `count` copies of a node, in lists that are as long as possible.
fn copies(node: &[u8], count: usize) -> Vec<u8> {
    let lists = count.div_ceil(65_535);
    let mut content = list_head(lists).to_vec();
    for list in 0..lists {
        let nodes = (count - list * 65_535).min(65_535);
        content.extend([0xf8, 0x02, 0x1b]);
        content.extend(list_head(nodes));
        content.extend(node.repeat(nodes));
    }
    with_content(&content)
}

fn deflated(body: &[u8], level: Compression) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(vec![2], level);
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn sizes_and_lengths_that_claim_what_is_not_there() {
    let bounds = Bounds::documented();
    let heads: [&[u8]; 9] = [
        &[0xf9, 0xff, 0xff],
        &[0xf9, 0xff, 0xff, 0x1b],
        &[0xf8, 0xff, 0x1b],
        &[0xf8, 0x02, 0x1b, 0xf9, 0xff, 0xff],
        &[0xf8, 0x02, 0x1b, 0xfd, 0x0f, 0xff, 0xff],
        &[0xf8, 0x02, 0x1b, 0xfe, 0xff, 0xff, 0xff, 0xff],
        &[0xf8, 0x03, 0x1b, 0x08, 0xfe, 0x7f, 0xff, 0xff, 0xff],
        &[0xf8, 0x03, 0x1b, 0x08, 0xff, 0x7f],
        &[0xf8, 0x03, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00],
    ];
    for head in heads {
        let frame = [&[0x00], head].concat();
        stays_below(&bounds, &format!("{frame:02x?}"), &frame);
        stays_below(&bounds, &format!("{frame:02x?}, compressed"), &deflated(head, Compression::best()));
        // The same frame below the greatest number of levels, each of which claims as much as it can.
        let levels = [0xf8, 0x02, 0x07, 0xf9, 0xff, 0xff].repeat(127);
        stays_below(&bounds, &format!("127 levels, then {head:02x?}"), &[&[0x00], levels.as_slice(), head].concat());
    }
}

#[test]
fn nodes_of_every_small_kind_in_every_number_at_which_a_vector_grows() {
    let bounds = Bounds::documented();
    // Bare nodes; with an empty list, a null value, a JID, and empty texts; with packed contents of no length and of
    // one that no encoder writes; with a text that is not ASCII.
    let long_packed = [&[0xf8, 0x02, 0x07, 0xff, 0x40], [0x11; 64].as_slice()].concat();
    let nodes: [&[u8]; 9] = [
        &[0xf8, 0x01, 0x07],
        &[0xf8, 0x02, 0x07, 0x00],
        &[0xf8, 0x03, 0x07, 0x08, 0x00],
        &[0xf8, 0x03, 0x07, 0x08, 0xfa, 0x00, 0x03],
        &[0xf8, 0x04, 0x07, 0xfc, 0x00, 0xfc, 0x00, 0xfc, 0x00],
        &[0xf8, 0x02, 0x07, 0xff, 0x00],
        &long_packed,
        &[0xf8, 0x03, 0x07, 0x08, 0xfc, 0x02, 0xc3, 0xa9],
        &[0xf8, 0x02, 0x07, 0xff, 0x01, 0x12],
    ];
    for (number, node) in nodes.into_iter().enumerate() {
        // Only some of the largest ones.
        let most = if number % exhaustive::step(4) == 0 { 65_536 } else { 4_097 };
        for count in [1, 2, 3, 100, 4_096, 4_097, 65_536].into_iter().filter(|count| *count <= most) {
            let frame = copies(node, count);
            let name = format!("{count} of {:02x?}", &node[..node.len().min(9)]);
            stays_below(&bounds, &name, &frame);
            if count == 65_536 {
                stays_below(&bounds, &format!("{name}, compressed"), &deflated(&frame[1..], Compression::best()));
                // Cut, and wrong at the end: the slow reader reads them again, and a part is kept.
                stays_below(&bounds, &format!("{name}, cut"), &frame[..frame.len() - 1]);
                stays_below(&bounds, &format!("{name}, with more"), &[frame.as_slice(), &[0xf0]].concat());
            }
        }
    }
}

#[test]
fn more_nodes_than_the_limit() {
    let frame = copies(&[0xf8, 0x01, 0x07], 1_048_577);
    let bounds = Bounds::documented();
    stays_below(&bounds, "nodes", &frame);
    stays_below(&bounds, "nodes, compressed", &deflated(&frame[1..], Compression::best()));
}

#[test]
fn nesting() {
    let bounds = Bounds::documented();
    for levels in [128, 129, 5_000, 200_000] {
        let frame = [&[0x00], [0xf8, 0x02, 0x07, 0xf8, 0x01].repeat(levels).as_slice()].concat();
        stays_below(&bounds, &format!("{levels} levels"), &frame);
    }
    // Tags that make the path of the error as long as the frame.
    let tag = [&[0xf8, 0x02, 0xfd, 0x01, 0x00, 0x00], vec![b'x'; 65_536].as_slice(), &[0xf8, 0x01]].concat();
    stays_below(&bounds, "long tags", &[&[0x00], tag.repeat(127).as_slice(), &[0xf0]].concat());
}

/// A node with `count` attributes whose names differ, numbered from `from`.
fn wide(from: usize, count: usize, value: &[u8]) -> Vec<u8> {
    let mut node = vec![0xf9];
    node.extend(u16::try_from(1 + 2 * count).unwrap().to_be_bytes());
    node.push(0x1b);
    for number in from..from + count {
        let name = format!("{number:x}k");
        node.extend([0xfc, name.len() as u8]);
        node.extend(name.as_bytes());
        node.extend(value);
    }
    node
}

#[test]
fn many_nodes_with_32767_distinct_attributes_each() {
    let bounds = Bounds::documented();
    for (name, fresh) in [("the same names in each", false), ("new names in each, cut", true)] {
        let nodes = 100 / exhaustive::step(10);
        let mut content = list_head(nodes).to_vec();
        for node in 0..nodes {
            content.extend(wide(if fresh { node * 32_767 } else { 0 }, 32_767, &[0x00]));
        }
        let frame = with_content(&content);
        assert_eq!(wabinary::decode(frame.clone()).unwrap().children().last().unwrap().attrs().len(), 32_767);
        let length = frame.len() - usize::from(fresh);
        stays_below(&bounds, name, &frame[..length]);
    }
    // Many nodes, each with attributes of two bytes, one for each token.
    let mut node = list_head(1 + 2 * 235).to_vec();
    node.push(0x1b);
    (1..=235).for_each(|token| node.extend([token, 0x00]));
    stays_below(&bounds, "every token as a name", &copies(&node, 1_000));
    // JIDs, which take two places each.
    stays_below(&bounds, "JIDs", &[&[0x00], wide(0, 32_767, &[0xfa, 0x00, 0x03]).as_slice()].concat());
}

#[test]
fn long_runs_of_packed_text() {
    let bounds = Bounds::documented();
    for (form, octet) in [(0xff, 0x19), (0xfb, 0xaf)] {
        let text = [&[form, 127], [octet; 127].as_slice()].concat();
        stays_below(&bounds, "packed values", &[&[0x00], wide(0, 32_767, &text).as_slice()].concat());
        let node = [&[0xf8, 0x02, 0x07], text.as_slice()].concat();
        stays_below(&bounds, "packed contents", &copies(&node, 8_193));
        // The last text has a wrong nibble.
        let mut frame = copies(&[&[0xf8, 0x03, 0x07, 0x08], text.as_slice()].concat(), 8_193);
        *frame.last_mut().unwrap() = 0xee;
        stays_below(&bounds, "packed values, the last one wrong", &frame);
    }
}

/// A zlib stream of stored blocks of `block` bytes.
fn stored(body: &[u8], block: usize) -> Vec<u8> {
    let mut frame = vec![2, 0x78, 0x01];
    let blocks: Vec<&[u8]> = if block == 0 { vec![&[]; body.len()] } else { body.chunks(block).collect() };
    for block in blocks {
        let length = u16::try_from(block.len()).unwrap();
        frame.push(0);
        frame.extend(length.to_le_bytes());
        frame.extend((!length).to_le_bytes());
        frame.extend(block);
    }
    // The last block is empty.
    frame.extend([1, 0, 0, 0xff, 0xff]);
    let body: &[u8] = if block == 0 { &[] } else { body };
    let (a, b) = body.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    frame.extend((b << 16 | a).to_be_bytes());
    frame
}

#[test]
fn zlib_streams() {
    let bounds = Bounds::documented();
    let zeros = |length: usize| {
        let mut body = vec![0xf8, 0x02, 0x1b, 0xfe];
        body.extend(u32::to_be_bytes(u32::try_from(length - 8).unwrap()));
        body.resize(length, 0);
        body
    };
    for length in [1_000, 16_383, 16_384, 16_385, 1 << 20, 16_777_216, 16_777_217] {
        let frame = deflated(&zeros(length), Compression::best());
        assert_eq!(wabinary::decode(frame.clone()).is_ok(), length <= 16_777_216);
        stays_below(&bounds, &format!("{length} zeros"), &frame);
        stays_below(&bounds, &format!("{length} zeros, cut"), &frame[..frame.len() / 2]);
    }
    // Blocks of one byte, and a million empty blocks.
    let body = zeros(200_000);
    let frame = stored(&body, 1);
    assert_eq!(wabinary::decode(frame.clone()).unwrap().bytes().len(), body.len() - 8);
    stays_below(&bounds, "blocks of one byte", &frame);
    let frame = stored(&vec![0; 1_000_000], 0);
    assert_eq!(wabinary::decode(frame.clone()).unwrap_err().kind().name(), "truncated");
    stays_below(&bounds, "blocks of no byte", &frame);
}

#[test]
fn trees_that_are_built_encode_within_the_bound() {
    let bounds = Bounds::documented();
    let wide = Node::build("a");
    (0..32_767).for_each(|number| _ = wide.attr(&format!("name {number}"), Value::Null));
    let list = Node::build("a");
    (0..65_535).for_each(|_| _ = list.child("b", |_| {}));
    for node in [wide.finish(), list.finish(), Node::build("a").bytes(vec![7; 1 << 20]).finish()] {
        let length = Encoder::new().encode(&node).unwrap().len() as u64;
        let peak = peak(|| drop(black_box(Encoder::new().encode(&node))));
        assert!(peak <= bounds.encode.constant + bounds.encode.times * length, "{peak} bytes for {length}");
    }
}
