//! `acks`: the call acknowledgements among frames.

use std::io::Write;

use anyhow::Result;
use clap::ValueEnum;
use wabinary::stanza::CallAckRef;
use wabinary::{NodeRef, StanzaError};

mod ack_json;
mod table;

use crate::frame_decoder::FrameDecoder;
use crate::input::Input;
use crate::json_output::{JsonOutput, Layout, Outcome, stdout};
use crate::options::Frames;
use crate::record::{Failure, Fault};
use crate::status::Status;
use ack_json::AckJson;
use table::Table;

const EXAMPLES: &str = "\
Examples:
  wabinary acks capture.hex
  wabinary acks --format jsonl capture.hex | jq 'select(.ack.errors != [])'

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
    let Args { frames: Frames { files, from, reading }, format } = args;
    let input = Input::new(files, from);
    let decoder = FrameDecoder::new(&reading);
    match format {
        Format::Text => to_table(input, decoder),
        Format::Json => to_json(input, decoder, Layout::Array),
        Format::Jsonl => to_json(input, decoder, Layout::Lines),
    }
}

fn to_table(mut input: Input, mut decoder: FrameDecoder) -> Result<Status> {
    let mut status = Status::default();
    let mut out = stdout();
    let mut table = Table::default();
    while let Some(record) = input.next(&mut status)? {
        match decoder.decode(&record, &mut status).and_then(call_ack) {
            Ok(Some(ack)) => table.add(&record, ack, &mut out)?,
            Ok(None) => {}
            Err(failure) => status.failed(input.place(&record), &failure),
        }
    }
    table.flush(&mut out)?;
    out.flush()?;
    decoder.finish(&mut status);
    Ok(status)
}

fn to_json(mut input: Input, mut decoder: FrameDecoder, layout: Layout) -> Result<Status> {
    let mut status = Status::default();
    let mut out = JsonOutput::new(layout);
    while let Some(record) = input.next(&mut status)? {
        let (record, line) = (&record, record.line);
        match decoder.decode(record, &mut status).and_then(call_ack) {
            Ok(Some(ack)) => out.write(&Outcome { record, line, name: "ack", value: AckJson(ack) })?,
            Ok(None) => {}
            Err(value) => {
                status.count_failed();
                out.write(&Outcome { record, line, name: "error", value })?;
            }
        }
    }
    out.finish()?;
    status.sum_up("read");
    decoder.finish(&mut status);
    Ok(status)
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
