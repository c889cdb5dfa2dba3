//! `encode`: trees as Encode XML or JSON as frames.

use std::io::Write;

use anyhow::Result;
use clap::ValueEnum;
use data_encoding::{BASE64, HEXLOWER};
use wabinary::stanza::Direction;
use wabinary::stream::{Prologue, write_frame};
use wabinary::{Dictionary, Encoder};
use wabinary_capture::{Fidelity, Form};

use crate::input::Input;
use crate::json_output::{ERROR, JsonOutput, Layout, Outcome};
use crate::options::{DICTIONARIES, Leniencies, ProgressBar};
use crate::record::{Failure, Fault, Payload, Record};
use crate::status::{Status, Usage};
use crate::stdout::stdout;

const EXAMPLES: &str = "\
Examples:
  echo '<ack id=\"OF-0001\" class=\"call\" to=\"12@lid\"/>' | wabinary encode
  wabinary decode capture.hex > capture.xml    # edit it, and then
  wabinary encode capture.xml > edited.hex
  echo '{\"tag\": \"ack\", \"attrs\": [[\"id\", \"1\"]]}' | wabinary encode
  wabinary decode --format jsonl capture.hex |
    wabinary encode --format stream > capture.bin";

/// Encode XML or JSON as frames
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files with trees; `-` or no file reads standard input
    #[arg(value_name = "FILE")]
    files: Vec<std::path::PathBuf>,

    /// What the files hold: trees, or JSON objects with a tree under "node"
    #[arg(long, value_enum, default_value = "auto", value_name = "FORM")]
    from: TreeForm,

    /// The output format
    #[arg(long, value_enum, default_value = "hex", value_name = "FORMAT")]
    format: Format,

    /// Dictionary version
    #[arg(long, value_name = "N", default_value = "3", value_parser = DICTIONARIES)]
    dictionary: Dictionary,

    /// Compress bodies, at level 0 to 9
    #[arg(long, value_name = "LEVEL", value_parser = clap::value_parser!(u8).range(..=9))]
    zlib: Option<u8>,

    /// Start the stream with an intro header
    #[arg(long)]
    intro: bool,

    #[command(flatten)]
    leniency: Leniencies,

    #[command(flatten)]
    progress: ProgressBar,
}

#[derive(Clone, Copy, ValueEnum)]
enum TreeForm {
    /// Detected from the first 64 KiB: what starts with < is XML
    Auto,
    /// What decode prints: nodes one after another, over any number of lines
    Xml,
    /// Objects one after another or in arrays, over any number of lines
    Json,
    /// One object a line
    Jsonl,
    /// What a client logged: lines of text and JSON objects, mixed
    Log,
}

impl From<TreeForm> for Form {
    fn from(form: TreeForm) -> Self {
        match form {
            TreeForm::Auto => Self::AutoTrees,
            TreeForm::Xml => Self::Xml,
            TreeForm::Json => Self::Json,
            TreeForm::Jsonl => Self::JsonLines,
            TreeForm::Log => Self::Log,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One frame a line
    Hex,
    /// One frame a line, standard alphabet, padded
    Base64,
    /// One frame, as plain bytes
    Raw,
    /// Frames with 24-bit lengths
    Stream,
    /// One array with the objects that jsonl writes
    Json,
    /// A line for each record, with "hex" or "error"
    Jsonl,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { files, from, format, dictionary, zlib, intro, leniency, progress } = args;
    if intro && format != Format::Stream {
        return Err(Usage("--intro needs --format stream".to_owned()).into());
    }
    let input = Input::new(files, from);
    let status = progress.start(&input);
    let encoders = leniency.allow().each().map(|allow| {
        let encoder = Encoder::new().with_dictionary(dictionary).allow(allow);
        match zlib {
            Some(level) => encoder.with_zlib(level),
            None => encoder,
        }
    });
    match format {
        Format::Hex => to_frames(input, encoders, status, &[], |frame| Ok((HEXLOWER.encode(frame) + "\n").into())),
        Format::Base64 => to_frames(input, encoders, status, &[], |frame| Ok((BASE64.encode(frame) + "\n").into())),
        Format::Raw => to_raw(input, encoders, status),
        Format::Stream => {
            let mut start = Vec::new();
            Prologue::new(dictionary).write(&mut start)?;
            to_frames(input, encoders, status, if intro { &start } else { &[] }, framed)
        }
        Format::Json => to_json(input, encoders, status, Layout::Array),
        Format::Jsonl => to_json(input, encoders, status, Layout::Lines),
    }
}

/// The encoder for sent records, after the one for the others.
type Encoders = [Encoder; 2];

/// The frame of a record.
fn encode<'e>(encoders: &'e mut Encoders, record: &Record, status: &mut Status) -> Result<&'e [u8], Failure> {
    let is_sent = record.head.direction == Some(Direction::Send);
    match &record.read.payload {
        Payload::Tree(tree) => {
            if let Some(path) = tree.first_missing() {
                let message =
                    format_args!("content is missing in {path}: its logger left it out, so no frame can hold it");
                return Err(Fault::in_tree("content-missing", &path, message).into());
            }
            if record.read.fidelity == Fidelity::Text {
                status.warn_lossy(record);
            }
            encoders[usize::from(is_sent)].encode_slice(tree.node()).map_err(|error| Fault::from(error).into())
        }
        Payload::Frame(_) => Err(Fault::in_tree("no-node", "", "expected a tree, found a frame").into()),
        Payload::Failed(failure) => Err(failure.clone()),
    }
}

/// Writes each frame in the spelling that `form` gives it.
fn to_frames(
    mut input: Input,
    mut encoders: Encoders,
    mut status: Status,
    start: &[u8],
    form: impl Fn(&[u8]) -> Result<Vec<u8>, Fault>,
) -> Result<Status> {
    let mut out = stdout();
    out.write_all(start)?;
    while let Some(record) = input.next(&mut status) {
        match encode(&mut encoders, &record, &mut status).and_then(|frame| Ok(form(frame)?)) {
            Ok(bytes) => {
                status.succeeded();
                out.write_all(&bytes)?;
            }
            Err(failure) => status.failed(input.place(&record), &failure),
        }
    }
    out.flush()?;
    status.end_file();
    Ok(status)
}

fn framed(frame: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::with_capacity(frame.len() + 3);
    match write_frame(frame, &mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(Fault::in_tree("stream-too-long", "", error)),
    }
}

/// Writes the only frame, once no other follows.
fn to_raw(mut input: Input, mut encoders: Encoders, mut status: Status) -> Result<Status> {
    let mut only = None;
    while let Some(record) = input.next(&mut status) {
        match encode(&mut encoders, &record, &mut status) {
            Ok(_) if only.is_some() => {
                let message = "raw frames do not say where they end, and there is more than one: use --format stream";
                return Err(Usage(message.to_owned()).into());
            }
            Ok(frame) => only = Some(frame.to_vec()),
            Err(failure) => status.failed(input.place(&record), &failure),
        }
    }
    let mut out = stdout();
    out.write_all(&only.unwrap_or_default())?;
    out.flush()?;
    Ok(status)
}

fn to_json(mut input: Input, mut encoders: Encoders, mut status: Status, layout: Layout) -> Result<Status> {
    let mut out = JsonOutput::new(layout);
    while let Some(record) = input.next(&mut status) {
        let record = &record;
        match encode(&mut encoders, record, &mut status) {
            Ok(frame) => {
                out.write(&Outcome { record, line: None, name: "hex", value: HEXLOWER.encode(frame), part: None })?
            }
            Err(failure) => {
                status.count_failed();
                let value = match failure {
                    Failure::Found(fault) => fault.without_position().into(),
                    told => told,
                };
                out.write(&Outcome { record, line: None, name: ERROR, value, part: None })?;
            }
        }
    }
    out.finish()?;
    status.end_progress();
    status.sum_up("encoded");
    Ok(status)
}
