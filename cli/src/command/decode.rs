//! `decode`: frames to XML or JSON.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use wabinary::NodeRef;

use crate::json_output::{Layout, Projected, Projection, Stdout, stdout};
use crate::options::Frames;
use crate::pipeline::{self, Output};
use crate::record::{Failure, Record};
use crate::status::Status;

const EXAMPLES: &str = "\
Examples:
  echo 00f8031b04ec0b | wabinary decode
  wabinary decode --format jsonl capture.hex > capture.jsonl
  wabinary decode --dictionary 2 --from stream old-capture.bin";

/// Decode frames and print them as XML or JSON
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    frames: Frames,

    /// The output format
    #[arg(long, value_enum, default_value = "xml", value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Indented trees, one after another; failures go to stderr only
    Xml,
    /// One array with the objects that jsonl writes
    Json,
    /// A line for each record, with "node" or "error"
    Jsonl,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { frames, format } = args;
    match format {
        Format::Xml => pipeline::run(frames, Xml { out: stdout(), text: String::new() }),
        Format::Json => pipeline::run(frames, Projected::<Tree>::new(Layout::Array)),
        Format::Jsonl => pipeline::run(frames, Projected::<Tree>::new(Layout::Lines)),
    }
}

struct Xml {
    out: Stdout,
    /// Memory for what is written.
    text: String,
}

impl Output for Xml {
    const VERB: &'static str = "decoded";

    fn tree(&mut self, _: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        self.text.clear();
        // A text takes single characters at a fraction of what the output would.
        writeln!(self.text, "{node:#}").map_err(io::Error::other)?;
        self.out.write_all(self.text.as_bytes()).map(Ok)
    }

    fn failure(&mut self, _: &Record, _: &Failure) -> io::Result<bool> {
        Ok(false)
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The tree as it is.
struct Tree;

impl Projection for Tree {
    const VERB: &'static str = Xml::VERB;
    const NAME: &'static str = "node";

    fn of(node: NodeRef<'_>) -> Result<Option<impl Serialize>, Failure> {
        Ok(Some(node))
    }
}
