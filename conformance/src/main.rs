//! `wabinary-conformance`: tests codecs and reports.

#![forbid(unsafe_code)]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use wabinary::Printable;
use wabinary_conformance::adapter::Adapter;
use wabinary_conformance::campaign::{Effort, run_and_tell};
use wabinary_conformance::grammar;
use wabinary_conformance::report::{Report, page};

const AFTER: &str = "\
Examples:
  wabinary-conformance --command 'node my-codec.mjs'
  wabinary-conformance --command wabinary-adapter --random 20000 --seed 7
  wabinary-conformance --command 'node a.mjs' --command 'node b.mjs' \\
    --format html --output corners.html

Exit status:
  0  nothing deviates but what GRAMMAR.md has a row for, or nothing with --strict
  1  something deviates elsewhere (anywhere with --strict), or an adapter died or hung
  2  the command line is wrong
  3  an adapter does not start, or the report could not be written";

/// Test codecs of WhatsApp's binary nodes against the grammar
#[derive(Parser)]
#[command(name = "wabinary-conformance", version, after_help = AFTER)]
struct Args {
    /// The command of an adapter, which a shell reads; several test several codecs
    #[arg(long, value_name = "COMMAND", required = true)]
    command: Vec<String>,

    /// Random frames for each dictionary
    #[arg(long, value_name = "N", default_value_t = Effort::default().random)]
    random: usize,

    /// Number that the random frames follow from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,

    /// Tries to make one input smaller
    #[arg(long, value_name = "N", default_value_t = Effort::default().tries)]
    tries: u32,

    /// Fail also if something deviates where GRAMMAR.md has a row
    #[arg(long)]
    strict: bool,

    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,

    /// File for the report; standard output if not given
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// File for the page with the corners by implementation, beside the report
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,

    /// A copy of GRAMMAR.md, whose columns for these codecs are rewritten
    #[arg(long, value_name = "FILE")]
    grammar: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One array of reports
    Json,
    /// A page with the corners by implementation
    Html,
}

fn main() -> ExitCode {
    let args = Args::parse();
    // Trees are nested deeply, and serde calls itself.
    let work = thread::Builder::new().stack_size(512 << 20).spawn(move || test(&args));
    let ended = work.map_err(anyhow::Error::from).map(thread::JoinHandle::join);
    match ended {
        Ok(Ok(Ok(true))) => ExitCode::SUCCESS,
        Ok(Ok(Ok(false))) => ExitCode::from(1),
        Ok(Ok(Err(error))) | Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::from(3)
        }
        Ok(Err(_)) => ExitCode::from(3),
    }
}

/// Tests each codec. Returns whether all are good.
fn test(args: &Args) -> Result<bool> {
    let effort = Effort { random: args.random, seed: args.seed, tries: args.tries, ..Effort::default() };
    let mut reports = Vec::new();
    for command in &args.command {
        let adapter = Adapter::new(command, Duration::from_secs(args.timeout));
        reports.push(run_and_tell(adapter, effort, say)?);
    }
    let report = match args.format {
        Format::Text => reports.iter().map(Report::to_string).collect::<Vec<_>>().join("\n"),
        Format::Json => serde_json::to_string_pretty(&reports)? + "\n",
        Format::Html => page(&reports),
    };
    match &args.output {
        Some(path) => fs::write(path, report).with_context(|| path.display().to_string())?,
        None => std::io::stdout().write_all(report.as_bytes()).or_else(closed)?,
    }
    if let Some(path) = &args.page {
        fs::write(path, page(&reports)).with_context(|| path.display().to_string())?;
    }
    if let Some(path) = &args.grammar {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        fs::write(path, grammar::update(&text, &reports)?).with_context(|| path.display().to_string())?;
    }
    let strictly = |report: &Report| !args.strict || report.deviating_rows().next().is_none();
    Ok(reports.iter().all(|report| report.is_good() && strictly(report)))
}

/// What an adapter writes must not act on the terminal.
fn say(text: &str) {
    eprintln!("wabinary-conformance: {}", Printable::new(text));
}

/// If the reader closed the pipe, the program did not fail.
fn closed(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}
