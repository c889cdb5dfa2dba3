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

use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

mod capture;
mod choice;
mod command;
mod frame_decoder;
mod help;
mod input;
mod json_output;
mod options;
mod pipeline;
mod progress;
mod record;
mod status;
mod stdout;
mod timings;

use command::{
    acks, completions, decode, diff, encode, explain, generate, man, page, sanitize, spec, summary, survey, tokens,
};
use status::{Status, Usage};

/// Read and write captured WhatsApp frames
#[derive(Parser)]
#[command(name = "wabinary", version, after_help = help::EXIT_STATUS)]
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
    Diff(diff::Args),
    Summary(summary::Args),
    Sanitize(sanitize::Args),
    Survey(survey::Args),
    Tokens(tokens::Args),
    Spec(spec::Args),
    Page(page::Args),
    Completions(completions::Args),
    Generate(generate::Args),
    Man(man::Args),
}

fn main() -> ExitCode {
    let matches = tool().try_get_matches().unwrap_or_else(|error| misspelt(error).exit());
    let ran = match Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()).command {
        Command::Decode(args) => decode::run(args),
        Command::Encode(args) => encode::run(args),
        Command::Acks(args) => acks::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Diff(args) => diff::run(args),
        Command::Summary(args) => summary::run(args),
        Command::Sanitize(args) => sanitize::run(args),
        Command::Survey(args) => survey::run(args),
        Command::Tokens(args) => tokens::run(args),
        Command::Spec(args) => spec::run(args),
        Command::Page(args) => page::run(args),
        Command::Generate(args) => generate::run(args),
        Command::Completions(args) => completions::run(&args, tool()),
        Command::Man(args) => man::run(args, tool()),
    };
    // Output appears even if the run failed.
    stdout::flush_before_reading();
    ran.map_or_else(|error| failed(&error), |status: Status| status.exit_code())
}

fn tool() -> clap::Command {
    help::with_short_help(Cli::command())
}

/// Suggests what a misspelt command may mean.
fn misspelt(mut error: clap::Error) -> clap::Error {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return error };
    let command = if input::is_frame_in_hex(word) {
        format!("echo {} | wabinary decode", wabinary_render::shown::printable(word, 16))
    } else if std::fs::exists(word).unwrap_or(false) {
        format!("wabinary decode {}", wabinary_render::shown::printable(word, usize::MAX))
    } else {
        return error;
    };
    let tip = format!("a command comes first; to decode it: {command}").into();
    error.remove(ContextKind::SuggestedSubcommand);
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    error
}

/// The run failed: nobody reads the output, the output cannot be written, or the command line does not fit the input.
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
