//! `cargo tools`: what the developers of wabinary run beside cargo's own commands.

#![forbid(unsafe_code)]

mod fuzz;
mod lines;

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
}

fn main() -> Result<()> {
    match Tools::parse().command {
        Command::Fuzz(options) => fuzz::run(options),
        Command::Lines => lines::run(),
    }
}
