//! `wabinary`: reads and writes captured WhatsApp frames.
//!
//! ```text
//! files ─► input    hex, base64, raw, stream, JSON, XML: one Record each
//!          │
//!          ├─► pipeline: frame_decoder ─► command::decode, command::acks, command::explain, command::summary
//!          └─► command::encode
//! ```
//!
//! Results go to stdout, everything else to stderr. A command is one file in `command/`.

#![forbid(unsafe_code)]

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

mod capture;
mod choice;
mod command;
mod frame_decoder;
mod input;
mod json_output;
mod options;
mod pipeline;
mod progress;
mod record;
mod status;
mod stdout;
mod timings;

use command::{acks, completions, decode, encode, explain, man, sanitize, spec, summary, survey, tokens};
use status::{Status, Usage};

/// Read and write captured WhatsApp frames
#[derive(Parser)]
#[command(name = "wabinary", version, after_help = EXIT_STATUS)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Decode(decode::Args),
    Encode(encode::Args),
    Acks(acks::Args),
    Explain(explain::Args),
    Summary(summary::Args),
    Sanitize(sanitize::Args),
    Survey(survey::Args),
    Tokens(tokens::Args),
    Spec(spec::Args),
    Completions(completions::Args),
    Man(man::Args),
}

const EXIT_STATUS: &str = "\
Exit status:
  0  success
  1  at least one record failed; the others were processed
  2  the command line is wrong
  3  a file could not be read, or the output could not be written
  4  done, but a warning on stderr needs your attention";

fn main() -> ExitCode {
    let ran = match Cli::parse().command {
        Command::Decode(args) => decode::run(args),
        Command::Encode(args) => encode::run(args),
        Command::Acks(args) => acks::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Summary(args) => summary::run(args),
        Command::Sanitize(args) => sanitize::run(args),
        Command::Survey(args) => survey::run(args),
        Command::Tokens(args) => tokens::run(args),
        Command::Spec(args) => spec::run(args),
        Command::Completions(args) => completions::run(&args, Cli::command()),
        Command::Man(args) => man::run(args, Cli::command()),
    };
    // What is written is seen also if the run broke off.
    stdout::flush_before_reading();
    ran.map_or_else(|error| failed(&error), |status: Status| status.exit_code())
}

/// The run could not go on: nobody reads the output, it cannot be written, or the command line does not fit the input.
fn failed(error: &anyhow::Error) -> ExitCode {
    let is_closed_pipe = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
    if error.downcast_ref().is_some_and(is_closed_pipe) {
        return ExitCode::SUCCESS;
    }
    status::say(format_args!("{error:#}"));
    let inner = error.downcast_ref().and_then(io::Error::get_ref);
    let is_usage = error.is::<Usage>() || inner.is_some_and(|inner| inner.is::<Usage>());
    ExitCode::from(if is_usage { 2 } else { 3 })
}
