//! `cargo tools`: commands for the developers of wabinary.

#![forbid(unsafe_code)]

mod compare;
mod fuzz;
mod large_capture;
mod lines;
mod measure_readers;
mod measure_tool;
mod mutants;
mod page;
mod planted;
mod process;
mod prose;
mod release;
mod results;
mod scaling;

use std::env;

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
    /// Fuzz every target, or those named, and print executions, edges and findings
    Fuzz(fuzz::Options),
    /// Count code lines, of the product and of everything else
    Lines,
    /// Write a capture of many small frames to standard output
    LargeCapture(large_capture::LargeCapture),
    /// Make web/dist/wabinary.html, the page that reads captures in a browser
    Page,
    /// Put known faults into a copy, and show what finds each: tests, or else fuzzing
    Planted(planted::Planted),
    /// Change one thing at a time and see whether the tests notice
    Mutants(mutants::Mutants),
    /// Compare this codec with others, on the same frames
    Compare(compare::Compare),
    /// Measure the tool on captures of up to a million frames
    MeasureTool(measure_tool::MeasureTool),
    /// Measure how long reading takes beside jq and wc
    MeasureReaders(measure_readers::MeasureReaders),
    /// Point out habits of speech in the lines that a branch adds
    Prose(prose::Prose),
    /// Build release archives with completions, manual pages and checksums
    Release(release::Release),
    /// Measure what a node, an attribute or a byte takes; needs valgrind
    Scaling(scaling::Scaling),
}

fn main() -> Result<()> {
    // Every command works on the whole checkout, in any folder.
    env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
    match Tools::parse().command {
        Command::Fuzz(options) => fuzz::run(options),
        Command::Lines => lines::run(),
        Command::LargeCapture(capture) => capture.run(),
        Command::Page => page::build(),
        Command::Planted(planted) => planted.run(),
        Command::Mutants(mutants) => mutants.run(),
        Command::Compare(compare) => compare.run(),
        Command::MeasureTool(measure) => measure.run(),
        Command::MeasureReaders(measure) => measure.run(),
        Command::Prose(prose) => prose.run(),
        Command::Release(release) => release.run(),
        Command::Scaling(scaling) => scaling.run(),
    }
}
