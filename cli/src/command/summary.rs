//! `summary`: the contents of a file, for a first look at an unknown one.

use std::io::{self, Write};

use anyhow::Result;
use clap::ValueEnum;
use wabinary::NodeRef;

use crate::choice::Choice;
use crate::frame_decoder::ReadAs;
use crate::options::Frames;
use crate::pipeline::{self, Output};
use crate::record::{Failure, Payload, Record};
use crate::status::Status;
use crate::stdout::stdout;

mod clients;
mod counts;
mod text;

use counts::{Counts, Error, Key};

const EXAMPLES: &str = "\
Examples:
  wabinary summary capture.jsonl
  wabinary summary --peer 100000022222222@lid --since 22:13 capture.jsonl
  wabinary summary --format json capture.jsonl | jq '.stanzas[0]'

Call signalling is the stanza call with its acks and receipts. A size
is that of a frame, packed as it was sent; trees have none.

A hint at a client says what points to it in what was sent. It proves
nothing: an application can change how its library writes.";

/// Say what is in a file: stanzas, sizes, times, errors
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    frames: Frames,

    #[command(flatten)]
    choice: Choice,

    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table of the stanzas, and a line for everything else
    Text,
    /// One object: records, failed, calls, bytes, spans, stanzas, errors, dictionaries, fidelity, sources, forms, clients
    Json,
    /// The same object on one line
    Jsonl,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { frames, choice, format } = args;
    pipeline::run_chosen(frames, choice, Summary { counts: Counts::default(), read_as: ReadAs::default(), format })
}

struct Summary {
    counts: Counts,
    /// How the next record is read.
    read_as: ReadAs,
    format: Format,
}

impl Summary {
    fn count(&mut self, record: &Record) -> Option<u64> {
        let size = match &record.read.payload {
            Payload::Frame(frame) => Some(frame.len() as u64),
            Payload::Tree(_) | Payload::Failed(_) => None,
        };
        self.counts.record(record, size, self.read_as.dictionary.version());
        size
    }
}

impl Output for Summary {
    const VERB: &'static str = "read";

    fn read_as(&mut self, _: &Record, read_as: ReadAs) {
        self.read_as = read_as;
    }

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        let size = self.count(record);
        self.counts.clients.see(record, node, self.read_as);
        self.counts.stanza(Key::of(record.head.direction, node), counts::is_of_call(node), size);
        Ok(Ok(()))
    }

    fn failure(&mut self, record: &Record, failure: &Failure, _: Option<NodeRef<'_>>) -> io::Result<bool> {
        self.count(record);
        let first = Error { kind: failure.kind(), count: 0, frame: record.head.frame, line: record.head.line };
        self.counts.failure(first);
        Ok(true)
    }

    fn finish(self) -> io::Result<()> {
        let mut out = stdout();
        match self.format {
            Format::Text => text::write(&self.counts, &mut out)?,
            Format::Json | Format::Jsonl => {
                serde_json::to_writer(&mut out, &self.counts)?;
                writeln!(out)?;
            }
        }
        out.flush()
    }
}
