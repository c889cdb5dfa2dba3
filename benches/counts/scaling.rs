//! The cost of a node, an attribute or a byte in frames from the smallest to the largest: instructions counted by
//! callgrind, and nanoseconds. Prints tables in Markdown.

use std::hint::black_box;
use std::slice;
use std::time::Instant;

use crate::callgrind::{Failure, FramesFile};
use crate::figures::{figure, grouped};
use wabinary_testing::measured::Work;
use wabinary_testing::shapes::{Frame, SHAPES, Shape};

/// The measured work, with the heading of its column.
const WORKS: [(&str, Work); 5] = [
    ("decode", Work::Decode),
    ("read", Work::Read),
    ("encode", Work::EncodeDecoded),
    ("build", Work::Build),
    ("edit", Work::Edit),
];

pub(crate) fn test() {
    for shape in SHAPES {
        let frame = (shape.frame_of)(shape.sizes[1]);
        WORKS.iter().for_each(|(_, work)| _ = work.prepare(slice::from_ref(&frame.bytes), frame.limits)());
    }
}

pub(crate) fn run() -> Result<(), Failure> {
    SHAPES.iter().try_for_each(print_table)
}

fn print_table(shape: &Shape) -> Result<(), Failure> {
    println!("\nMore {}. Instructions and nanoseconds per {}:\n", shape.name, shape.unit);
    let headings = WORKS.map(|(heading, _)| heading).join(" | ");
    println!("| {}s | frame, bytes | {headings} | {}, ns |", shape.unit, headings.replace(" |", ", ns |"));
    println!("|{}", "--:|".repeat(2 + 2 * WORKS.len()));
    for size in shape.sizes {
        let frame = (shape.frame_of)(*size);
        eprintln!("{}: {}", shape.name, grouped(frame.units));
        let per_unit = |cost: f64| figure(cost / frame.units as f64);
        let file = FramesFile::create(slice::from_ref(&frame.bytes), frame.limits)?;
        let mut cells = vec![grouped(frame.units), grouped(frame.bytes.len())];
        for (_, work) in WORKS {
            cells.push(per_unit(file.count(work.name())? as f64));
        }
        cells.extend(WORKS.map(|(_, work)| per_unit(nanoseconds(work, &frame))));
        println!("| {} |", cells.join(" | "));
    }
    Ok(())
}

/// The least time of the work in a few rounds.
fn nanoseconds(work: Work, frame: &Frame) -> f64 {
    const ROUNDS: u32 = 7;
    /// Nanoseconds.
    const ROUND: f64 = 30e6;
    let mut work = work.prepare(slice::from_ref(&frame.bytes), frame.limits);
    let mut run = |times: u32| {
        let start = Instant::now();
        (0..times).for_each(|_| _ = black_box(work()));
        start.elapsed().as_nanos() as f64 / f64::from(times)
    };
    run(1);
    let times = (ROUND / run(3)).max(1.0) as u32;
    (0..ROUNDS).map(|_| run(times)).fold(f64::INFINITY, f64::min)
}
