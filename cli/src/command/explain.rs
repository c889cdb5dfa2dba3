//! `explain`: what each byte of a frame is for.

use std::io;

use anyhow::Result;
use bytes::Bytes;
use clap::ValueEnum;
use wabinary::explain::Explanation;
use wabinary::{Allow, Decoder, Dictionary, Encoder, Limits, NodeRef};

mod html;
mod json;
mod terms;
mod text;

use crate::frame_decoder::ReadAs;
use crate::options::{Color, Frames};
use crate::pipeline::{self, Output};
use crate::record::{Failure, Fault, Payload, Record};
use crate::status::Status;
use html::Html;
use json::Json;
use text::Text;

const EXAMPLES: &str = "\
Examples:
  echo 00f8031b04ec0b | wabinary explain
  wabinary explain --color always capture.hex | less -R
  wabinary explain --format json capture.hex | jq -r '.findings[].kind'
  wabinary explain --format html capture.hex > capture.html

Records that are trees are explained as the frames that encode writes.";

/// Explains every byte of frames, of bad ones too
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    frames: Frames,

    /// What to write
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,

    /// When text is coloured. auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    color: Color,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table of 80 columns for each record: offset, bytes, meaning
    Text,
    /// For each record a line with "ranges", "findings" and "error"
    Json,
    /// One page for a browser, with nothing from elsewhere: bytes and tree side by side
    Html,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { frames, format, color } = args;
    let explainer = Explainer::new(frames.reading.leniency.allow());
    match format {
        Format::Text => pipeline::run(frames, Explain { explainer, page: Text::new(color.into()) }),
        Format::Json => pipeline::run(frames, Explain { explainer, page: Json::new() }),
        Format::Html => pipeline::run(frames, Explain { explainer, page: Html::default() }),
    }
}

/// What there is to write about a record.
struct Explained<'a> {
    record: &'a Record,
    /// None if there are no bytes to explain, or too many.
    explanation: Option<&'a Explanation>,
    /// None if the record failed.
    node: Option<NodeRef<'a>>,
    failure: Option<&'a Failure>,
}

impl Explained<'_> {
    /// The number of bytes that there are of the record, explained or not.
    fn size(&self) -> usize {
        match (self.explanation, &self.record.payload) {
            (Some(explanation), _) => explanation.frame().len(),
            (None, Payload::Frame(frame)) => frame.len(),
            (None, _) => 0,
        }
    }
}

/// What explanations are written as.
trait Page {
    fn write(&mut self, explained: &Explained<'_>) -> io::Result<()>;
    fn finish(self) -> io::Result<()>;
}

struct Explain<P> {
    explainer: Explainer,
    page: P,
}

impl<P: Page> Output for Explain<P> {
    const VERB: &'static str = "decoded";

    fn read_as(&mut self, read_as: ReadAs) {
        self.explainer.read_as = read_as;
    }

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        let explanation = match self.explainer.explain_tree(record, node) {
            Ok(explanation) => explanation,
            Err(failure) => return Ok(Err(failure)),
        };
        if let Some(error) = explanation.error() {
            return Ok(Err(Fault::from(error).into()));
        }
        let explained = Explained { record, explanation: Some(&explanation), node: Some(node), failure: None };
        self.page.write(&explained).map(Ok)
    }

    fn failure(&mut self, record: &Record, failure: &Failure) -> io::Result<bool> {
        let explanation = match &record.payload {
            Payload::Frame(frame) => self.explainer.explain(frame).ok(),
            _ => None,
        };
        let explanation = explanation.as_ref();
        self.page.write(&Explained { record, explanation, node: None, failure: Some(failure) }).map(|()| true)
    }

    fn finish(self) -> io::Result<()> {
        self.page.finish()
    }
}

/// The largest body that is explained, in bytes: ranges take some 50 times as much.
const LONGEST_EXPLAINED: usize = 4 << 20;

/// Explains the frames of all inputs.
struct Explainer {
    allow: Allow,
    /// Of the next record.
    read_as: ReadAs,
    decoders: [(Dictionary, Decoder); 2],
}

impl Explainer {
    fn new(allow: Allow) -> Self {
        let limits = Limits { inflated: LONGEST_EXPLAINED, ..Limits::default() };
        let decoder = |dictionary| Decoder::new().with_dictionary(dictionary).allow(allow).with_limits(limits);
        let decoders = Dictionary::ALL.map(|dictionary| (dictionary, decoder(dictionary)));
        let read_as = ReadAs { dictionary: Dictionary::default(), has_flag_byte: true };
        Self { allow, read_as, decoders }
    }

    fn explain(&mut self, frame: &[u8]) -> Result<Explanation, Failure> {
        if frame.len() > LONGEST_EXPLAINED {
            let message = format_args!("longer than the {LONGEST_EXPLAINED} bytes that are explained");
            return Err(Fault::in_frame("too-long", LONGEST_EXPLAINED, message).into());
        }
        let [older, newer] = &mut self.decoders;
        let (_, decoder) = if older.0 == self.read_as.dictionary { older } else { newer };
        let has_flag_byte = self.read_as.has_flag_byte;
        Ok(if has_flag_byte { decoder.explain(frame) } else { decoder.explain_body(frame) })
    }

    /// The frame of a tree is the record's own, or what encodes it.
    fn explain_tree(&mut self, record: &Record, node: NodeRef<'_>) -> Result<Explanation, Failure> {
        let frame = match &record.payload {
            Payload::Frame(frame) => frame.clone(),
            _ => self.encode(node)?,
        };
        self.explain(&frame)
    }

    fn encode(&self, node: NodeRef<'_>) -> Result<Bytes, Failure> {
        let mut encoder = Encoder::new().with_dictionary(self.read_as.dictionary).allow(self.allow);
        encoder.encode(node).map_err(|error| Fault::from(error).into())
    }
}
