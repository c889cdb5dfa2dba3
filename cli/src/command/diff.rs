//! `diff`: two frames, byte by byte and as trees.

use std::fs;
use std::io::{self, Cursor};
use std::path::Path;

use anyhow::Result;
use clap::{ValueEnum, ValueHint};
use serde::Serialize;
use wabinary::Node;
use wabinary::explain::Explanation;
use wabinary_capture::Explainer;
use wabinary_render::shown::printable;

mod bytes;
mod text;
mod tree;

use bytes::ByteChange;
use tree::TreeChange;

use crate::frame_decoder::FrameDecoder;
use crate::input::{Input, is_frame_in_hex};
use crate::json_output::{JsonOutput, Layout};
use crate::options::{Color, FrameForm, FrameReading, KeyFile};
use crate::record::{Failure, Payload};
use crate::status::{Status, Usage};
use crate::stdout::{columns, styled_stdout};

const EXAMPLES: &str = "\
Examples:
  wabinary diff mine.hex theirs.hex
  wabinary diff capture.jsonl#12 capture.jsonl#31
  wabinary diff 00f8031b1aff811f 00f8031b1afc0131
  wabinary diff --format json mine.hex theirs.hex | jq '.tree[]'

An attribute is moved if the others keep their order without it. Only frames
have bytes to compare; a record that is a tree is compared as a tree.

The exit status is 0 if the frames are the same, and 4 if they differ. It is
not 1, which says that a frame could not be read: nothing was compared then.";

/// Compare two frames, byte by byte and as trees
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// A frame: a file, FILE#N for its frame N (from 0), - for standard input, or the frame in hex
    #[arg(value_name = "A", value_hint = ValueHint::FilePath)]
    a: String,

    /// The frame to compare it with
    #[arg(value_name = "B", value_hint = ValueHint::FilePath)]
    b: String,

    /// What the files hold
    #[arg(long, value_enum, default_value = "auto", value_name = "FORM")]
    from: FrameForm,

    #[command(flatten)]
    keys: KeyFile,

    #[command(flatten)]
    reading: FrameReading,

    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,

    /// When to colour text. auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    color: Color,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// What only A has, after -; what only B has, after +
    Text,
    /// One object: a, b, same_bytes, same_tree, bytes, tree
    Json,
    /// The same object on one line
    Jsonl,
}

/// One of the two frames.
#[derive(Serialize)]
struct Side {
    name: String,
    frame: u64,
    /// `None` if the record is a tree.
    size: Option<usize>,
    #[serde(skip)]
    explanation: Option<Explanation>,
    #[serde(skip)]
    bytes: Option<Vec<u8>>,
    #[serde(skip)]
    node: Option<Node>,
    error: Option<Failure>,
}

/// The differences.
#[derive(Serialize)]
struct Diff {
    a: Side,
    b: Side,
    /// `None` if one of the frames has no bytes.
    same_bytes: Option<bool>,
    /// `None` if one of the frames has no tree.
    same_tree: Option<bool>,
    bytes: Vec<ByteChange>,
    tree: Vec<TreeChange>,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let mut status = Status::default();
    if args.a == "-" && args.b == "-" {
        return Err(Usage("standard input is one of both frames; name a file for the other".to_owned()).into());
    }
    let (a, b) = (side(&args.a, &args, &mut status)?, side(&args.b, &args, &mut status)?);
    let (Some(a), Some(b)) = (a, b) else { return Ok(status) };
    let diff = Diff::of(a, b);
    match args.format {
        Format::Text => text::write(&diff, styled_stdout(args.color.into()), columns(40..=200))?,
        Format::Json | Format::Jsonl => {
            let mut out = JsonOutput::new(Layout::Lines);
            out.write(&diff)?;
            out.finish()?;
        }
    }
    if diff.same_bytes == Some(false) || diff.same_tree == Some(false) {
        status.needs_person();
    }
    Ok(status)
}

/// Reads a frame; `None` if there is none, which it reports.
fn side(named: &str, args: &Args, status: &mut Status) -> Result<Option<Side>> {
    let (file, number) = match named.rsplit_once('#') {
        Some((file, number)) if !Path::new(named).exists() => match number.parse() {
            Ok(number) => (file, Some(number)),
            Err(_) => return Err(Usage(format!("{}: expected the number of a frame after #", shown(named))).into()),
        },
        _ => (named, None),
    };
    let mut input = if is_frame_in_hex(file) && fs::metadata(file).is_err() {
        Input::of_text("argument", Cursor::new(file.to_owned()))?
    } else {
        Input::new(vec![file.into()], args.from).with_keys(args.keys.read()?)
    };
    let name = if is_frame_in_hex(file) { "argument".to_owned() } else { shown(file) };
    let mut decoder = FrameDecoder::new(&args.reading);
    let mut found = None;
    let mut count: u64 = 0;
    while let Some(record) = input.next(status) {
        count += 1;
        if record.head.frame != number.unwrap_or(0) {
            // Read on only to count the frames.
            if number.is_some() && found.is_some() { break } else { continue }
        }
        let read_as = decoder.read_as(&record, status);
        let node = decoder.decode(&record, read_as).map(|node| node.to_node());
        let bytes = match &record.read.payload {
            Payload::Frame(frame) => Some(frame.to_vec()),
            Payload::Tree(_) | Payload::Failed(_) => None,
        };
        let explanation = bytes.as_deref().and_then(|frame| Explainer::new().frame(frame, read_as).ok());
        if let Err(failure) = &node {
            status.failed(input.place(&record), failure);
        }
        let (node, error) = node.map_or_else(|error| (None, Some(error)), |node| (Some(node), None));
        let size = bytes.as_ref().map(Vec::len);
        found = Some(Side { name: name.clone(), frame: record.head.frame, size, explanation, bytes, node, error });
    }
    decoder.finish(status);
    if found.is_none() && !status.is_unreadable() {
        let missing = match number {
            Some(number) => {
                format!("there is no frame {number}; the frames are numbered from 0, and there are {count}")
            }
            None => "there is no frame in it".to_owned(),
        };
        status.unreadable(&name, &io::Error::other(missing));
    }
    if found.is_some() && number.is_none() && count > 1 {
        status.say(format_args!("{name}: it has {count} frames and the first is compared; {name}#1 is the next"));
    }
    Ok(found)
}

fn shown(name: &str) -> String {
    if name == "-" { "stdin".to_owned() } else { printable(name, usize::MAX) }
}

impl Diff {
    fn of(a: Side, b: Side) -> Self {
        let same_bytes = a.bytes.as_ref().zip(b.bytes.as_ref()).map(|(a, b)| a == b);
        let trees = a.node.as_ref().zip(b.node.as_ref());
        let same_tree = trees.map(|(a, b)| a == b);
        let tree = trees.filter(|_| same_tree == Some(false)).map(|(a, b)| tree::changes(a.as_ref(), b.as_ref()));
        let explained = a.explanation.as_ref().zip(b.explanation.as_ref());
        let bytes = explained.filter(|_| same_bytes == Some(false)).map(|(a, b)| bytes::changes(a, b));
        Self { same_bytes, same_tree, bytes: bytes.unwrap_or_default(), tree: tree.unwrap_or_default(), a, b }
    }
}
