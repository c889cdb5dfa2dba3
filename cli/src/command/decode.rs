//! `decode`: frames to XML or JSON.

use std::io::Write;

use anyhow::Result;
use clap::ValueEnum;

use crate::frame_decoder::FrameDecoder;
use crate::input::Input;
use crate::json_output::{JsonOutput, Layout, Outcome, stdout};
use crate::options::Frames;
use crate::status::Status;

const EXAMPLES: &str = "\
Examples:
  echo 00f8031b04ec0b | wabinary decode
  wabinary decode --format jsonl capture.hex > capture.jsonl";

/// Frames to XML or JSON
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    frames: Frames,

    /// What to write
    #[arg(long, value_enum, default_value = "xml", value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Trees, indented, one after another; what fails is on stderr only
    Xml,
    /// One array of what jsonl writes
    Json,
    /// For each record a line with "node" or "error"
    Jsonl,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { frames: Frames { files, from, reading }, format } = args;
    let input = Input::new(files, from);
    let decoder = FrameDecoder::new(&reading);
    match format {
        Format::Xml => to_xml(input, decoder),
        Format::Json => to_json(input, decoder, Layout::Array),
        Format::Jsonl => to_json(input, decoder, Layout::Lines),
    }
}

fn to_xml(mut input: Input, mut decoder: FrameDecoder) -> Result<Status> {
    let mut status = Status::default();
    let mut out = stdout();
    while let Some(record) = input.next(&mut status)? {
        match decoder.decode(&record, &mut status) {
            Ok(node) => writeln!(out, "{node:#}")?,
            Err(failure) => status.failed(input.place(&record), &failure),
        }
    }
    out.flush()?;
    decoder.finish(&mut status);
    Ok(status)
}

fn to_json(mut input: Input, mut decoder: FrameDecoder, layout: Layout) -> Result<Status> {
    let mut status = Status::default();
    let mut out = JsonOutput::new(layout);
    while let Some(record) = input.next(&mut status)? {
        let (record, line) = (&record, record.line);
        match decoder.decode(record, &mut status) {
            Ok(value) => out.write(&Outcome { record, line, name: "node", value })?,
            Err(value) => {
                status.count_failed();
                out.write(&Outcome { record, line, name: "error", value })?;
            }
        }
    }
    out.finish()?;
    status.sum_up("decoded");
    decoder.finish(&mut status);
    Ok(status)
}
