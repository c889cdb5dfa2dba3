//! `acks`: the call acknowledgements among frames.

use std::io::{self, Write};

use anyhow::Result;
use clap::ValueEnum;
use serde::Serialize;
use wabinary::stanza::CallAckRef;
use wabinary::{NodeRef, StanzaError};

mod ack_json;
mod table;

use crate::json_output::{Layout, Projected, Projection, Stdout, stdout};
use crate::options::Frames;
use crate::pipeline::{self, Output};
use crate::record::{Failure, Fault, Record};
use crate::status::Status;
use ack_json::AckJson;
use table::Table;

const EXAMPLES: &str = "\
Examples:
  wabinary acks capture.hex
  wabinary acks --format jsonl capture.hex |
    jq 'select(.ack.errors != [])'

In JSON, a value that is not of its type is {\"invalid\": what it should be}.";

/// Lists call acknowledgements
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    frames: Frames,

    /// What to write
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table of 80 columns; long values are cut
    Text,
    /// One array of what jsonl writes
    Json,
    /// For each ack a line with "ack", for each record that fails one with "error"
    Jsonl,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { frames, format } = args;
    match format {
        Format::Text => pipeline::run(frames, Text { out: stdout(), table: Table::default() }),
        Format::Json => pipeline::run(frames, Projected::<Ack>::new(Layout::Array)),
        Format::Jsonl => pipeline::run(frames, Projected::<Ack>::new(Layout::Lines)),
    }
}

struct Text {
    out: Stdout,
    table: Table,
}

impl Output for Text {
    const VERB: &'static str = "read";

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        match call_ack(node) {
            Ok(Some(ack)) => self.table.add(record, ack, &mut self.out).map(Ok),
            other => Ok(other.map(drop)),
        }
    }

    fn failure(&mut self, _: &Record, _: &Failure) -> io::Result<bool> {
        Ok(false)
    }

    fn finish(mut self) -> io::Result<()> {
        self.table.flush(&mut self.out)?;
        self.out.flush()
    }
}

/// The call acks among trees.
struct Ack;

impl Projection for Ack {
    const VERB: &'static str = Text::VERB;
    const NAME: &'static str = "ack";

    fn of(node: NodeRef<'_>) -> Result<Option<impl Serialize>, Failure> {
        Ok(call_ack(node)?.map(AckJson))
    }
}

/// The node as a call ack, if it is one. One without an id is nothing to pass over in silence.
fn call_ack(node: NodeRef<'_>) -> Result<Option<CallAckRef<'_>>, Failure> {
    match CallAckRef::try_from(node) {
        Ok(ack) => Ok(Some(ack)),
        Err(StanzaError::Attr(error)) if error.attribute() == "id" => {
            Err(Fault::in_tree("not-a-call-ack", &format!("{} > @id", error.path()), &error).into())
        }
        Err(_) => Ok(None),
    }
}
