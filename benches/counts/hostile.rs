//! Whether all work on hostile frames takes time in proportion to their bytes: instructions for frames of each kind and
//! for ones some times as large. `cargo bench --bench hostile` needs valgrind, prints a table in Markdown, and fails if a
//! byte of a larger frame takes a tenth more; with `-- --test` it does all of the work once, without valgrind.
//!
//! A separate program: with this work in it, the compiler inlines other things into the work that `counts` compares.

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

/// A byte of the larger frame may take so much more: vectors and the allocator's lists grow. What is sorted takes more.
const MORE: f64 = 1.1;
/// Instructions for what does not depend on the size.
const FIXED: f64 = 1_000.0;

/// What works on a frame.
struct State {
    decoder: Decoder,
    encoder: Encoder,
    /// If the frame is not refused.
    node: Option<Node>,
}

/// A kind of work on a frame that may be refused: its name, whether it does more than decoding only if the frame is not,
/// and the work, which returns a number that depends on all that was done.
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

/// Whether all is linear.
fn run() -> Result<bool, Failure> {
    println!("Instructions for a byte of a hostile frame, and for a byte of a larger one.\n");
    println!("| hostile frame | bytes | of the larger one | {} |", WORKS.map(|(name, ..)| name).join(" | "));
    println!("|---|--:|--:|{}", "--:|".repeat(WORKS.len()));
    let mut is_linear = true;
    for (name, frame_of, sizes) in BOMBS {
        let [small, large] = sizes.map(|size| Bytes::from(frame_of(size)));
        let is_refused = wabinary::decode(small.clone()).is_err();
        // Each is counted in its own process, so they may run at a time.
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

/// Instructions for a byte of a frame, or of what it inflates to.
fn cost(frame: &Bytes, work: &str) -> Result<f64, String> {
    let count = || FramesFile::create(slice::from_ref(frame), Limits::default())?.count(work);
    let count = count().map_err(|failure| failure.to_string())?;
    Ok((count as f64 - FIXED).max(0.0) / bytes(frame) as f64)
}

/// How many bytes a frame has, and inflates to.
fn bytes(frame: &[u8]) -> usize {
    let inflated = match frame {
        [2, stream @ ..] => io::copy(&mut ZlibDecoder::new(stream), &mut io::sink()).unwrap_or(0),
        _ => 0,
    };
    frame.len() + inflated as usize
}
