//! Hostile frames of several kinds and sizes.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// The name of the kind, a function that makes a frame of a size, and the sizes of a smaller and a larger frame, in
/// units of the kind.
type Bomb = (&'static str, fn(usize) -> Vec<u8>, [usize; 2]);

const fn eight_times(size: usize) -> [usize; 2] {
    [size, 8 * size]
}

/// A node with only a tag.
const TINY: &[u8] = &[0xf8, 0x01, 0x07];
/// A node with an address. The finding of the address comes after those of its parts.
const SPELLED_OUT: &[u8] = &[0xf8, 0x03, 0x07, 0x08, 0xf7, 0x00, 0x00, 0xfc, 0x02, b'1', b'7'];

#[rustfmt::skip]
pub(crate) const BOMBS: [Bomb; 15] = [
    ("list sizes that claim 65,535 children, at each level", |levels| flagged([0xf8, 0x02, 0x07, 0xf9, 0xff, 0xff].repeat(levels)), eight_times(15)),
    ("nodes inside each other, far deeper than the limit", |levels| flagged([0xf8, 0x02, 0x07, 0xf8, 0x01].repeat(levels)), eight_times(10_000)),
    ("nodes of three bytes", |count| copies(TINY, count), eight_times(2_000)),
    ("the same, wrong at the end", |count| ending(copies(TINY, count), 0, 0xf0), eight_times(2_000)),
    ("distinct attribute names", |count| flagged(attributes((0..count).map(distinct))), eight_times(4_000)),
    ("attribute names of one length, first and last letter", |count| flagged(attributes((0..count).map(alike))), eight_times(4_000)),
    ("attribute names, the last one twice", |count| flagged(attributes((0..count - 1).chain([0]).map(alike))), eight_times(4_000)),
    ("nodes with 200 distinct attribute names", |count| many_wide(count, 200, alike), eight_times(10)),
    ("nodes with 32,767 distinct attribute names", |count| many_wide(count, 32_767, short), [1, 3]),
    ("addresses whose parts are all spelled out", |count| copies(SPELLED_OUT, count), [1_000, 32_000]),
    ("packed texts of 254 characters", |count| copies(&packed(), count), eight_times(250)),
    ("the same, a nibble wrong at the end", |count| ending(copies(&packed(), count), 1, 0xee), eight_times(250)),
    ("zeros compressed a thousand times", |count| deflated(&zeros(count)), eight_times(1 << 16)),
    ("a zlib stream of stored blocks without a byte", empty_blocks, eight_times(5_000)),
    ("a zlib stream of stored blocks of one byte", |count| one_by_one(&zeros(count)), eight_times(2_000)),
];

/// A frame of an uncompressed body.
fn flagged(body: Vec<u8>) -> Vec<u8> {
    [vec![0x00], body].concat()
}

/// A node with `count` children.
fn parent(count: usize, children: &[u8]) -> Vec<u8> {
    let [high, low] = (count as u16).to_be_bytes();
    flagged([&[0xf8, 0x02, 0x1b, 0xf9, high, low], children].concat())
}

fn copies(node: &[u8], count: usize) -> Vec<u8> {
    parent(count, &node.repeat(count))
}

/// The frame with another end.
fn ending(mut frame: Vec<u8>, cut: usize, end: u8) -> Vec<u8> {
    frame.truncate(frame.len() - cut);
    frame.push(end);
    frame
}

fn distinct(number: usize) -> String {
    format!("name {number:05}")
}

fn short(number: usize) -> String {
    format!("{number:04x}k")
}

/// The names differ in the middle, so that a filter by first letter, last letter and length sees one name.
fn alike(number: usize) -> String {
    format!("a{number:05}z")
}

/// A node with attributes of these names.
fn attributes(names: impl Iterator<Item = String>) -> Vec<u8> {
    let names: Vec<String> = names.collect();
    let [high, low] = (1 + 2 * names.len() as u16).to_be_bytes();
    let mut node = vec![0xf9, high, low, 0x1b];
    for name in names {
        node.extend([&[0xfc, name.len() as u8], name.as_bytes(), &[0x00]].concat());
    }
    node
}

fn many_wide(count: usize, width: usize, name: fn(usize) -> String) -> Vec<u8> {
    let nodes = (0..count).flat_map(|node| attributes((node * width..(node + 1) * width).map(name)));
    parent(count, &nodes.collect::<Vec<u8>>())
}

fn packed() -> Vec<u8> {
    [&[0xf8, 0x03, 0x07, 0x08, 0xff, 127], [0x19; 127].as_slice()].concat()
}

fn zeros(length: usize) -> Vec<u8> {
    let mut body = vec![0xf8, 0x02, 0x1b, 0xfe];
    body.extend((length as u32 - 8).to_be_bytes());
    body.resize(length, 0);
    body
}

fn deflated(body: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(vec![2], Compression::best());
    encoder.write_all(body).and_then(|()| encoder.finish()).expect("memory takes everything")
}

fn empty_blocks(count: usize) -> Vec<u8> {
    let mut frame = vec![2, 0x78, 0x01];
    frame.extend([0, 0, 0, 0xff, 0xff].repeat(count));
    frame.extend([1, 0, 0, 0xff, 0xff, 0, 0, 0, 1]);
    frame
}

fn one_by_one(body: &[u8]) -> Vec<u8> {
    let mut frame = vec![2, 0x78, 0x01];
    body.iter().for_each(|byte| frame.extend([0, 1, 0, 0xfe, 0xff, *byte]));
    frame.extend([1, 0, 0, 0xff, 0xff]);
    let sums = body.iter().fold([1, 0], |[one, two], byte| {
        let one = (one + u32::from(*byte)) % 65_521;
        [one, (one + two) % 65_521]
    });
    frame.extend((sums[1] << 16 | sums[0]).to_be_bytes());
    frame
}
