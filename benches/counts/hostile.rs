//! Whether the time of all work on hostile frames is proportional to their bytes: compares the instructions for frames
//! of each kind with those for larger ones. `cargo bench --bench hostile` needs valgrind, prints a table in Markdown,
//! and fails if a byte of a larger frame takes a tenth more; with `-- --test` it does all work once, without valgrind.
//!
//! A separate program: with this work in it, the compiler would inline differently in the work that `counts` compares.

mod bombs;
#[expect(dead_code, reason = "profiles are for the counts that are compared")]
mod callgrind;

use std::process::ExitCode;
use std::{io, slice, thread};

use bombs::BOMBS;
use bytes::Bytes;
use callgrind::{Failure, FramesFile, Run};
use flate2::read::ZlibDecoder;
use wabinary::{Decoder, Encoder, Limits, Node};

/// The most that a byte of the larger frame may take, relative to the smaller: vectors and the allocator's lists grow,
/// and sorting takes more.
const MORE: f64 = 1.1;
/// Instructions that do not depend on the size.
const FIXED: f64 = 1_000.0;

/// The state for work on a frame.
struct State {
    decoder: Decoder,
    encoder: Encoder,
    /// `None` if the frame is refused.
    node: Option<Node>,
}

/// A kind of work: its name, whether it needs a frame that is not refused, and the work, which returns a number that
/// depends on every step.
type Work = (&'static str, bool, fn(&mut State, &Bytes) -> usize);

const WORKS: [Work; 5] = [
    ("decode", false, |State { decoder, .. }, frame| match decoder.decode(frame.clone()) {
        Ok(node) => node.tag().len(),
        Err(error) => error.offset(),
    }),
    ("decode in part", false, |State { decoder, .. }, frame| match decoder.decode_partial(frame.clone()) {
        (node, Ok(())) => node.map_or(0, |node| node.tag().len()),
        (_, Err(error)) => error.offset(),
    }),
    ("find what is unusual", true, |state, frame| state.decoder.findings(frame).map_or(0, |found| found.len())),
    ("explain", false, |state, frame| state.decoder.explain(frame).ranges().len()),
    ("encode", true, |State { encoder, node, .. }, _| {
        node.as_ref().map_or(0, |node| encoder.encode_slice(node).expect("what decodes encodes").len())
    }),
];

fn main() -> ExitCode {
    callgrind::main(prepared, if callgrind::is_test() { test } else { run })
}

fn prepared(name: &str, frames: &[Bytes], _: Limits) -> Option<Run> {
    let (_, _, work) = WORKS.into_iter().find(|(known, ..)| *known == name)?;
    let frame = frames.first()?.clone();
    let node = wabinary::decode(frame.clone()).ok();
    let mut state = State { decoder: Decoder::new(), encoder: Encoder::new(), node };
    Some(Box::new(move || work(&mut state, &frame)))
}

/// Does all work once.
fn test() -> Result<bool, Failure> {
    for (_, frame_of, sizes) in BOMBS {
        let frame = [Bytes::from(frame_of(sizes[0]))];
        for (work, ..) in WORKS {
            prepared(work, &frame, Limits::default()).ok_or("no such work")?();
        }
    }
    Ok(true)
}

/// Whether all costs are linear.
fn run() -> Result<bool, Failure> {
    println!("Instructions for a byte of a hostile frame, and for a byte of a larger one.\n");
    println!("| hostile frame | bytes | of the larger one | {} |", WORKS.map(|(name, ..)| name).join(" | "));
    println!("|---|--:|--:|{}", "--:|".repeat(WORKS.len()));
    let mut is_linear = true;
    for (name, frame_of, sizes) in BOMBS {
        let [small, large] = sizes.map(|size| Bytes::from(frame_of(size)));
        let is_refused = wabinary::decode(small.clone()).is_err();
        // Each count has its own process, so they may run in parallel.
        let costs: Vec<_> = thread::scope(|scope| {
            let cost = |work| Ok::<_, String>((cost(&small, work)?, cost(&large, work)?));
            let costs = WORKS.map(|(work, needs_a_tree, _)| {
                scope.spawn(move || (!(is_refused && needs_a_tree)).then(|| cost(work)).transpose())
            });
            costs.into_iter().map(|costs| costs.join().expect("it counts")).collect()
        });
        print!("| {name} | {} | {} |", bytes(&small), bytes(&large));
        for ((work, ..), costs) in WORKS.into_iter().zip(costs) {
            let Some((of_small, of_large)) = costs? else {
                print!(" |");
                continue;
            };
            print!(" {of_small:.2}, {of_large:.2} |");
            if of_large > MORE * of_small + 0.5 {
                eprintln!("\n{name}: to {work} takes more for a byte of many");
                is_linear = false;
            }
        }
        println!();
    }
    Ok(is_linear)
}

/// Instructions for each byte of a frame, or of its inflated body.
fn cost(frame: &Bytes, work: &str) -> Result<f64, String> {
    let count = || FramesFile::create(slice::from_ref(frame), Limits::default())?.count(work);
    let count = count().map_err(|failure| failure.to_string())?;
    Ok((count as f64 - FIXED).max(0.0) / bytes(frame) as f64)
}

/// The bytes of a frame, or of its inflated body.
fn bytes(frame: &[u8]) -> usize {
    let inflated = match frame {
        [2, stream @ ..] => io::copy(&mut ZlibDecoder::new(stream), &mut io::sink()).unwrap_or(0),
        _ => 0,
    };
    frame.len() + inflated as usize
}
