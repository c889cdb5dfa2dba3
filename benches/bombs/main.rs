//! Whether hostile frames take time in proportion to their bytes: instructions as callgrind counts them, for frames of
//! each kind and for ones eight times as large. Prints a table in Markdown, and fails if a byte of a larger frame takes
//! half as much again. Run by `scripts/bombs`.

#[path = "../callgrind/mod.rs"]
#[expect(dead_code, reason = "profiles are for the instruction counts")]
mod callgrind;
#[path = "../measured/mod.rs"]
mod work;

use std::env;
use std::io::Write;
use std::process::ExitCode;
use std::slice;

use bytes::Bytes;
use callgrind::{Failure, FramesFile};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use wabinary::Limits;
use work::Work;

/// What is hostile, and a frame of that kind of a size.
struct Bomb {
    name: &'static str,
    frame_of: fn(usize) -> Vec<u8>,
    /// In units of the kind; the larger frame has eight times as many.
    size: usize,
}

const BOMBS: [Bomb; 12] = [
    Bomb { name: "list sizes that claim 65,535 children, at each level", frame_of: claims, size: 15 },
    Bomb { name: "nodes inside each other, far deeper than the limit", frame_of: nested, size: 10_000 },
    Bomb { name: "nodes of three bytes", frame_of: |count| copies(&[0xf8, 0x01, 0x07], count), size: 8_000 },
    Bomb {
        name: "the same, wrong at the end",
        frame_of: |count| wrong(copies(&[0xf8, 0x01, 0x07], count)),
        size: 8_000,
    },
    Bomb { name: "distinct attribute names", frame_of: |count| wide(count, distinct), size: 4_000 },
    Bomb {
        name: "attribute names of one length, first and last letter",
        frame_of: |count| wide(count, alike),
        size: 4_000,
    },
    Bomb { name: "attribute names, the last one twice", frame_of: twice, size: 4_000 },
    Bomb { name: "nodes with 200 distinct attribute names", frame_of: many_wide, size: 30 },
    Bomb { name: "packed texts of 254 characters", frame_of: |count| copies(&packed(), count), size: 1_000 },
    Bomb {
        name: "the same, a nibble wrong at the end",
        frame_of: |count| wrong_nibble(copies(&packed(), count)),
        size: 1_000,
    },
    Bomb { name: "zeros compressed a thousand times", frame_of: |count| deflated(&zeros(count)), size: 1 << 18 },
    Bomb { name: "a zlib stream of stored blocks without a byte", frame_of: empty_blocks, size: 20_000 },
];

/// A byte of the larger frame may take so much more: vectors grow, caches are cold.
const MORE: f64 = 1.5;
/// Instructions for what does not depend on the size.
const FIXED: f64 = 1_000.0;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, Failure> {
    callgrind::work_if_counted()?;
    let only_tested =
        !env::args().any(|argument| argument == "--bench") || env::args().any(|argument| argument == "--test");
    if only_tested {
        for Bomb { frame_of, size, .. } in BOMBS {
            let frame = Bytes::from(frame_of(size));
            Work::DecodeAnything.prepare(slice::from_ref(&frame), Limits::default())();
        }
        return Ok(true);
    }
    println!("| hostile frame | bytes | of which inflate | instructions a byte | of one eight times as large |");
    println!("|---|--:|--:|--:|--:|");
    let mut are_linear = true;
    for Bomb { name, frame_of, size } in BOMBS {
        let mut costs = [0.0; 2];
        let mut sizes = (0, 0);
        for (cost, size) in costs.iter_mut().zip([size, 8 * size]) {
            let frame = Bytes::from(frame_of(size));
            let inflated = if frame[0] == 2 && name.starts_with("zeros") { size } else { 0 };
            let file = FramesFile::create(slice::from_ref(&frame), Limits::default())?;
            *cost = (file.count(Work::DecodeAnything)? as f64 - FIXED).max(0.0) / (frame.len() + inflated) as f64;
            if sizes.0 == 0 {
                sizes = (frame.len(), inflated);
            }
        }
        println!("| {name} | {} | {} | {:.2} | {:.2} |", sizes.0, sizes.1, costs[0], costs[1]);
        if costs[1] > MORE * costs[0] + 0.5 {
            eprintln!("{name}: a byte takes more among many");
            are_linear = false;
        }
    }
    Ok(are_linear)
}

fn with_content(content: &[u8]) -> Vec<u8> {
    [&[0x00, 0xf8, 0x02, 0x1b], content].concat()
}

fn copies(node: &[u8], count: usize) -> Vec<u8> {
    let mut content = vec![0xf9];
    content.extend((count as u16).to_be_bytes());
    content.extend(node.repeat(count));
    with_content(&content)
}

fn wrong(mut frame: Vec<u8>) -> Vec<u8> {
    frame.push(0xf0);
    frame
}

fn wrong_nibble(mut frame: Vec<u8>) -> Vec<u8> {
    if let Some(last) = frame.last_mut() {
        *last = 0xee;
    }
    frame
}

fn claims(levels: usize) -> Vec<u8> {
    let mut frame = vec![0x00];
    frame.extend([0xf8, 0x02, 0x07, 0xf9, 0xff, 0xff].repeat(levels));
    frame
}

fn nested(levels: usize) -> Vec<u8> {
    let mut frame = vec![0x00];
    frame.extend([0xf8, 0x02, 0x07, 0xf8, 0x01].repeat(levels));
    frame
}

fn distinct(number: usize) -> String {
    format!("name {number:05}")
}

/// What differs is in the middle, so that a filter by first letter, last letter and length sees one name.
fn alike(number: usize) -> String {
    format!("a{number:05}z")
}

fn attributes(names: &[String]) -> Vec<u8> {
    let mut node = vec![0xf9];
    node.extend((1 + 2 * names.len() as u16).to_be_bytes());
    node.push(0x1b);
    for name in names {
        node.extend([0xfc, name.len() as u8]);
        node.extend(name.as_bytes());
        node.push(0x00);
    }
    node
}

fn wide(count: usize, name: fn(usize) -> String) -> Vec<u8> {
    let names: Vec<String> = (0..count.min(32_767)).map(name).collect();
    [&[0x00], attributes(&names).as_slice()].concat()
}

fn twice(count: usize) -> Vec<u8> {
    let mut names: Vec<String> = (0..count.min(32_767)).map(alike).collect();
    if let Some(last) = names.last_mut() {
        *last = alike(0);
    }
    [&[0x00], attributes(&names).as_slice()].concat()
}

fn many_wide(count: usize) -> Vec<u8> {
    let mut content = vec![0xf9];
    content.extend((count as u16).to_be_bytes());
    for node in 0..count {
        let names: Vec<String> = (node * 200..(node + 1) * 200).map(alike).collect();
        content.extend(attributes(&names));
    }
    with_content(&content)
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
