//! `decode`: frames to XML or JSON.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use wabinary::NodeRef;
use wabinary_render::xml;

use crate::choice::Choice;
use crate::frame_decoder::ReadAs;
use crate::json_output::{Layout, Projected, Projection};
use crate::options::{Color, Frames, When};
use crate::pipeline::{self, Output};
use crate::record::{Failure, Payload, Record};
use crate::status::Status;
use crate::stdout::{shows_styles, text_stdout};

mod header;

use header::{Headers, comment};

const EXAMPLES: &str = "\
Examples:
  echo 00f8031b04ec0b | wabinary decode
  wabinary decode --format jsonl capture.hex > capture.jsonl
  wabinary decode --tag ack --attr class=call --since 22:13 capture.jsonl
  wabinary decode --header always --color always capture.jsonl | less -R
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

    /// Of a frame that is refused, also write what is read of it before the error
    ///
    /// In JSON it is "partial" beside "error", in XML a tree after a comment.
    #[arg(long)]
    partial: bool,

    /// When to write a comment with number, time, direction and size before each tree of XML
    ///
    /// The time counts from the first record of a file, which is named if there are several. encode passes over it.
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    header: When,

    /// When to colour XML. auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    color: Color,
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
    let Args { frames, choice, format, partial, header, color } = args;
    match format {
        Format::Xml => {
            let has_headers = match header {
                When::Auto => io::stdout().is_terminal(),
                When::Always => true,
                When::Never => false,
            };
            let headers = has_headers.then(|| Headers::of(&frames.files));
            let (out, is_styled) = (text_stdout(color.into()), shows_styles(color.into()));
            let (text, styled) = (String::new(), String::new());
            pipeline::run_chosen(frames, choice, Xml { out, headers, is_styled, text, styled, partial })
        }
        Format::Json => pipeline::run_chosen(frames, choice, Projected::<Tree>::new(Layout::Array, partial)),
        Format::Jsonl => pipeline::run_chosen(frames, choice, Projected::<Tree>::new(Layout::Lines, partial)),
    }
}

struct Xml {
    out: Box<dyn Write>,
    headers: Option<Headers>,
    is_styled: bool,
    /// A buffer for the output.
    text: String,
    styled: String,
    partial: bool,
}

impl Xml {
    /// Writes the text. A single character costs much less in the buffer than in the output.
    fn write(&mut self) -> io::Result<()> {
        if !self.is_styled {
            return self.out.write_all(self.text.as_bytes());
        }
        self.styled.clear();
        xml::push_styled(&mut self.styled, &self.text);
        self.out.write_all(self.styled.as_bytes())
    }
}

impl Output for Xml {
    const VERB: &'static str = "decoded";

    fn read_as(&mut self, record: &Record, _: ReadAs) {
        self.headers.iter_mut().for_each(|headers| headers.see(record));
    }

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        self.text.clear();
        if let Some(headers) = &self.headers {
            headers.push(&mut self.text, record);
        }
        match &record.read.payload {
            Payload::Tree(tree) => writeln!(self.text, "{tree:#}"),
            _ => writeln!(self.text, "{node:#}"),
        }
        .map_err(io::Error::other)?;
        self.write().map(Ok)
    }

    fn wants_parts(&self) -> bool {
        self.partial
    }

    fn failure(&mut self, _: &Record, failure: &Failure, part: Option<NodeRef<'_>>) -> io::Result<bool> {
        if let Some(part) = part {
            self.text.clear();
            let told = comment(&failure.message());
            writeln!(self.text, "<!-- partial, of a frame that is refused: {told} -->\n{part:#}")
                .map_err(io::Error::other)?;
            self.write()?;
        }
        Ok(false)
    }

    fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A tree, possibly without some of its content.
#[derive(Serialize)]
#[serde(untagged)]
enum Whole<'a> {
    Tree(&'a wabinary_capture::Tree),
    Node(NodeRef<'a>),
}

/// The complete tree.
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
