//! `decode`: frames to XML or JSON.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use wabinary::NodeRef;
use wabinary_render::shown::printable;

use crate::choice::Choice;
use crate::json_output::{Layout, Projected, Projection};
use crate::options::Frames;
use crate::pipeline::{self, Output};
use crate::record::{Failure, Payload, Record};
use crate::status::Status;
use crate::stdout::{Stdout, stdout};

const EXAMPLES: &str = "\
Examples:
  echo 00f8031b04ec0b | wabinary decode
  wabinary decode --format jsonl capture.hex > capture.jsonl
  wabinary decode --tag ack --attr class=call --since 22:13 capture.jsonl
  wabinary decode --dictionary 2 --from stream old-capture.bin";

/// Decode frames and print them as XML or JSON
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    frames: Frames,

    #[command(flatten)]
    choice: Choice,

    /// The output format
    #[arg(long, value_enum, default_value = "xml", value_name = "FORMAT")]
    format: Format,

    /// Of a frame that is refused, also write what is read of it before the error: in JSON as "partial" beside "error", in XML
    /// behind a comment
    #[arg(long)]
    partial: bool,
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
    let Args { frames, choice, format, partial } = args;
    match format {
        Format::Xml => pipeline::run_chosen(frames, choice, Xml { out: stdout(), text: String::new(), partial }),
        Format::Json => pipeline::run_chosen(frames, choice, Projected::<Tree>::new(Layout::Array, partial)),
        Format::Jsonl => pipeline::run_chosen(frames, choice, Projected::<Tree>::new(Layout::Lines, partial)),
    }
}

/// Of a comment, in characters.
const LONGEST_COMMENT: usize = 1_000;

struct Xml {
    out: Stdout,
    /// Memory for what is written.
    text: String,
    partial: bool,
}

impl Output for Xml {
    const VERB: &'static str = "decoded";

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        self.text.clear();
        // A text takes single characters at a fraction of what the output would.
        match &record.read.payload {
            Payload::Tree(tree) => writeln!(self.text, "{tree:#}"),
            _ => writeln!(self.text, "{node:#}"),
        }
        .map_err(io::Error::other)?;
        self.out.write_all(self.text.as_bytes()).map(Ok)
    }

    fn wants_parts(&self) -> bool {
        self.partial
    }

    fn failure(&mut self, _: &Record, failure: &Failure, part: Option<NodeRef<'_>>) -> io::Result<bool> {
        if let Some(part) = part {
            // A comment has no two hyphens, and does not end in one. A path may.
            let told = printable(&failure.message(), LONGEST_COMMENT).replace("--", "- -").replace("--", "- -");
            writeln!(self.out, "<!-- partial, of a frame that is refused: {told} -->\n{part:#}")?;
        }
        Ok(false)
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A tree, which may lack some of its content.
#[derive(Serialize)]
#[serde(untagged)]
enum Whole<'a> {
    Tree(&'a wabinary_capture::Tree),
    Node(NodeRef<'a>),
}

/// The tree as it is.
struct Tree;

impl Projection for Tree {
    const VERB: &'static str = Xml::VERB;
    const NAME: &'static str = "node";

    fn of<'a>(record: &'a Record, node: NodeRef<'a>) -> Result<Option<impl Serialize>, Failure> {
        Ok(Some(match &record.read.payload {
            Payload::Tree(tree) => Whole::Tree(tree),
            _ => Whole::Node(node),
        }))
    }
}
