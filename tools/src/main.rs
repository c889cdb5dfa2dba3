//! `cargo tools`: what the developers of wabinary run beside cargo's own commands.

#![forbid(unsafe_code)]

mod captures;
mod compare;
mod large_capture;
mod lines;
mod measure_tool;
mod mutants;
mod planted;
mod process;
mod results;
mod scaling;

use std::path::Path;
use std::{env, fs};

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Generators, measurements, mutation tests and fuzzing campaigns
#[derive(Parser)]
#[command(name = "cargo tools")]
struct Tools {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Count code lines, of the product and of everything else
    Lines,
    /// Write the captures of tests/data/captures again
    Captures,
    /// Write a capture of many small frames to standard output
    LargeCapture(large_capture::LargeCapture),
    /// Put known faults into a copy, and show what finds each: tests, or else fuzzing
    Planted(planted::Planted),
    /// Change one thing at a time and see whether the tests notice
    Mutants(mutants::Mutants),
    /// Compare this codec with others, on the same frames
    Compare(compare::Compare),
    /// Measure the tool on captures of up to a million frames
    MeasureTool(measure_tool::MeasureTool),
    /// Measure what a node, an attribute or a byte takes; needs valgrind
    Scaling(scaling::Scaling),
}

fn main() -> Result<()> {
    // Every command works on the whole checkout, wherever it is called.
    env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
    match Tools::parse().command {
        Command::Lines => lines::run(),
        Command::Captures => write_captures(),
        Command::LargeCapture(capture) => capture.run(),
        Command::Planted(planted) => planted.run(),
        Command::Mutants(mutants) => mutants.run(),
        Command::Compare(compare) => compare.run(),
        Command::MeasureTool(measure) => measure.run(),
        Command::Scaling(scaling) => scaling.run(),
    }
}

fn write_captures() -> Result<()> {
    for (name, content) in captures::captures() {
        fs::write(Path::new("tests/data/captures").join(&name), &content)?;
        println!("{name}: {} bytes", content.len());
    }
    Ok(())
}
