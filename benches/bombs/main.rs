//! Whether all work on hostile frames takes time in proportion to their bytes: instructions as callgrind counts them, for
//! frames of each kind and for ones some times as large. Prints a table in Markdown, and fails if a byte of a larger frame
//! takes a tenth more. Run by `scripts/bombs`.

#[path = "../callgrind/mod.rs"]
#[expect(dead_code, reason = "profiles are for the instruction counts")]
mod callgrind;
mod work;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;
use std::slice;
use std::thread;

use bytes::Bytes;
use callgrind::{Failure, FramesFile};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use wabinary::Limits;
use work::Work;

/// What is hostile, and a frame of that kind of a size.
struct Bomb {
    name: &'static str,
    frame_of: fn(usize) -> Vec<u8>,
    /// Of the smaller and of the larger frame, in units of the kind.
    sizes: [usize; 2],
}

const fn eight_times(size: usize) -> [usize; 2] {
    [size, 8 * size]
}

const BOMBS: [Bomb; 15] = [
    Bomb { name: "list sizes that claim 65,535 children, at each level", frame_of: claims, sizes: eight_times(15) },
    Bomb { name: "nodes inside each other, far deeper than the limit", frame_of: nested, sizes: eight_times(10_000) },
    Bomb {
        name: "nodes of three bytes",
        frame_of: |count| copies(&[0xf8, 0x01, 0x07], count),
        sizes: eight_times(2_000),
    },
    Bomb {
        name: "the same, wrong at the end",
        frame_of: |count| wrong(copies(&[0xf8, 0x01, 0x07], count)),
        sizes: eight_times(2_000),
    },
    Bomb { name: "distinct attribute names", frame_of: |count| wide(count, distinct), sizes: eight_times(4_000) },
    Bomb {
        name: "attribute names of one length, first and last letter",
        frame_of: |count| wide(count, alike),
        sizes: eight_times(4_000),
    },
    Bomb { name: "attribute names, the last one twice", frame_of: twice, sizes: eight_times(4_000) },
    Bomb { name: "nodes with 200 distinct attribute names", frame_of: many_wide, sizes: eight_times(10) },
    Bomb { name: "nodes with 32,767 distinct attribute names", frame_of: many_widest, sizes: [1, 3] },
    Bomb { name: "addresses whose parts are all spelled out", frame_of: spelled_out, sizes: [1_000, 32_000] },
    Bomb {
        name: "packed texts of 254 characters",
        frame_of: |count| copies(&packed(), count),
        sizes: eight_times(250),
    },
    Bomb {
        name: "the same, a nibble wrong at the end",
        frame_of: |count| wrong_nibble(copies(&packed(), count)),
        sizes: eight_times(250),
    },
    Bomb {
        name: "zeros compressed a thousand times",
        frame_of: |count| deflated(&zeros(count)),
        sizes: eight_times(1 << 16),
    },
    Bomb { name: "a zlib stream of stored blocks without a byte", frame_of: empty_blocks, sizes: eight_times(5_000) },
    Bomb {
        name: "a zlib stream of stored blocks of one byte",
        frame_of: |count| one_by_one(&zeros(count)),
        sizes: eight_times(2_000),
    },
];

/// A byte of the larger frame may take so much more: vectors and the allocator's lists grow. What is sorted takes more.
const MORE: f64 = 1.1;
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
        for Bomb { frame_of, sizes, .. } in BOMBS {
            let frame = Bytes::from(frame_of(sizes[0]));
            Work::ALL.into_iter().for_each(|work| _ = work.prepare(slice::from_ref(&frame), Limits::default())());
        }
        return Ok(true);
    }
    let works: Vec<&str> = Work::ALL.into_iter().map(Work::name).collect();
    println!("Instructions for a byte of a hostile frame, and for a byte of a larger one.\n");
    println!("| hostile frame | bytes | inflated | of the larger one | inflated | {} |", works.join(" | "));
    println!("|---|--:|--:|--:|--:|{}", "--:|".repeat(works.len()));
    let mut are_linear = true;
    for Bomb { name, frame_of, sizes } in BOMBS {
        let [small, large] = sizes.map(|size| Bytes::from(frame_of(size)));
        print!("| {name}");
        [&small, &large].iter().for_each(|frame| print!(" | {} | {}", frame.len(), inflated(frame)));
        let is_refused = wabinary::decode(small.clone()).is_err();
        let costs_of = |work: Work| match is_refused && work.needs_a_tree() {
            true => Ok(None),
            false => Ok(Some((cost(&small, work)?, cost(&large, work)?))),
        };
        // Each is counted in a process of its own, so they may run at a time.
        let costs: Vec<_> = thread::scope(|scope| {
            let costs = Work::ALL.map(|work| scope.spawn(move || costs_of(work).map_err(|e: Failure| e.to_string())));
            costs.into_iter().map(|costs| costs.join().expect("it counts")).collect()
        });
        for (work, costs) in Work::ALL.into_iter().zip(costs) {
            let Some((of_small, of_large)) = costs? else {
                print!(" |");
                continue;
            };
            print!(" | {of_small:.2}, {of_large:.2}");
            if of_large > MORE * of_small + 0.5 {
                eprintln!("\n{name}: to {} takes more for a byte of many", work.name());
                are_linear = false;
            }
        }
        println!(" |");
    }
    Ok(are_linear)
}

/// Instructions for a byte of a frame, or of what it inflates to.
fn cost(frame: &Bytes, work: Work) -> Result<f64, Failure> {
    let file = FramesFile::create(slice::from_ref(frame), Limits::default())?;
    Ok((file.count(work)? as f64 - FIXED).max(0.0) / (frame.len() + inflated(frame)) as f64)
}

/// How many bytes a frame inflates to, all of it.
fn inflated(frame: &[u8]) -> usize {
    let Some((2, stream)) = frame.split_first().map(|(flag, stream)| (*flag, stream)) else { return 0 };
    io::copy(&mut ZlibDecoder::new(stream), &mut io::sink()).map_or(0, |bytes| bytes as usize)
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

fn many_widest(count: usize) -> Vec<u8> {
    const MOST: usize = 32_767;
    let mut content = vec![0xf8, count as u8];
    for node in 0..count {
        let names: Vec<String> = (node * MOST..(node + 1) * MOST).map(|number| format!("{number:04x}k")).collect();
        content.extend(attributes(&names));
    }
    with_content(&content)
}

/// What is unusual in an address is told after what is in its parts.
fn spelled_out(count: usize) -> Vec<u8> {
    copies(&[0xf8, 0x03, 0x07, 0x08, 0xf7, 0x00, 0x00, 0xfc, 0x02, b'1', b'7'], count)
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
