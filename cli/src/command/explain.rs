//! `explain`: the purpose of each byte of a frame.

use std::io::{self, IsTerminal, Write};

use anyhow::Result;
use clap::ValueEnum;
use wabinary::NodeRef;
use wabinary::explain::Explanation;
use wabinary_capture::Explainer;
use wabinary_render::explain::{self, Explained};

use crate::capture::CaptureFacts;
use crate::choice::Choice;
use crate::frame_decoder::ReadAs;
use crate::json_output::{JsonOutput, Layout};
use crate::options::{Color, Frames};
use crate::pipeline::{self, NeedsPerson, Output};
use crate::record::{Failure, Fault, Payload, Record};
use crate::status::{self, Status};
use crate::stdout::{columns, shows_styles, stdout, text_stdout};

const EXAMPLES: &str = "\
Examples:
  echo 00f8031b04ec0b | wabinary explain
  wabinary explain --id 41.17-11 capture.jsonl
  wabinary explain --color always capture.hex | less -R
  wabinary explain --format jsonl capture.hex | jq -r '.findings[].kind'
  wabinary explain --format html capture.hex > capture.html

Records that are trees are explained as the frames that encode writes.

In JSON, the leaf ranges (\"leaf\": true) cover every byte in order, in the frame
and in the inflated body (\"space\": \"inflated\"). Other ranges (node, attribute,
jid, children) come before the ranges inside them, which are one \"depth\" deeper.
A body of more than 4 MiB is not explained.";

/// Explain every byte of frames, good or bad
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

    /// When to colour text. auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    color: Color,

    /// Below the tables, explain the words in them. Without it, only below one frame on a terminal
    #[arg(long)]
    glossary: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A table for each record, as wide as the terminal: offset, bytes, meaning
    Text,
    /// One array with the objects that jsonl writes
    Json,
    /// A line for each record, with "ranges", "findings" and "error"
    Jsonl,
    /// One self-contained page for a browser: bytes and tree side by side
    Html,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { frames, choice, format, color, glossary } = args;
    match format {
        Format::Text => {
            let color = color.into();
            let text = explain::Text::new(text_stdout(color)).with_width(columns(40..=200));
            let text = if shows_styles(color) { text } else { text.without_styles() };
            let is_terminal = io::stdout().is_terminal();
            let names = frames.files.iter().map(|file| file.to_string_lossy().into_owned());
            let files = if frames.files.len() > 1 { names.collect() } else { Vec::new() };
            pipeline::run_chosen(frames, choice, Explain::new(Text { text, files, is_terminal, glossary }))
        }
        Format::Json => pipeline::run_chosen(frames, choice, Explain::new(Json(JsonOutput::new(Layout::Array)))),
        Format::Jsonl => pipeline::run_chosen(frames, choice, Explain::new(Json(JsonOutput::new(Layout::Lines)))),
        Format::Html => {
            let capture = CaptureFacts::of(&frames.files);
            pipeline::run_chosen(frames, choice, Explain::new(Html { page: explain::Page::new(), capture }))
        }
    }
}

/// The output format of explanations.
trait Form {
    /// Sees each record before it is written.
    fn record(&mut self, _: &Record, _: ReadAs) {}

    fn write(&mut self, explained: &Explained<'_, &Failure>) -> io::Result<()>;
    fn finish(self) -> io::Result<()>;
}

struct Text<W> {
    text: explain::Text<W>,
    /// The names of the files, if there are several.
    files: Vec<String>,
    is_terminal: bool,
    glossary: bool,
}

impl<W: Write> Form for Text<W> {
    fn record(&mut self, record: &Record, _: ReadAs) {
        self.text.set_file(self.files.get(record.head.file as usize).map(String::as_str));
    }

    fn write(&mut self, explained: &Explained<'_, &Failure>) -> io::Result<()> {
        self.text.write(explained)?;
        // On a terminal, a person watches.
        if self.is_terminal { self.text.get_mut().flush() } else { Ok(()) }
    }

    fn finish(mut self) -> io::Result<()> {
        // A person who explains a single frame may not know the terms.
        if self.glossary || (self.is_terminal && self.text.count() == 1) {
            self.text.write_terms()?;
        }
        self.text.finish().map(drop)
    }
}

struct Json(JsonOutput);

impl Form for Json {
    fn write(&mut self, explained: &Explained<'_, &Failure>) -> io::Result<()> {
        self.0.write(explained)
    }

    fn finish(self) -> io::Result<()> {
        self.0.finish()
    }
}

struct Html {
    page: explain::Page,
    capture: CaptureFacts,
}

impl Form for Html {
    fn record(&mut self, record: &Record, read_as: ReadAs) {
        self.capture.note(record, read_as);
    }

    fn write(&mut self, explained: &Explained<'_, &Failure>) -> io::Result<()> {
        self.page.add(explained);
        Ok(())
    }

    fn finish(self) -> io::Result<()> {
        if self.page.left_out() > 0 {
            status::say_page_is_full(self.page.left_out(), "frame");
        }
        let mut out = stdout();
        let left_out = self.page.left_out();
        writeln!(out, "{}", self.page.render(&self.capture.finish()))?;
        out.flush()?;
        if left_out > 0 { Err(io::Error::other(NeedsPerson)) } else { Ok(()) }
    }
}

struct Explain<F> {
    explainer: Explainer,
    /// How to read the next record.
    read_as: ReadAs,
    form: F,
}

impl<F: Form> Output for Explain<F> {
    const VERB: &'static str = "decoded";

    fn read_as(&mut self, record: &Record, read_as: ReadAs) {
        self.read_as = read_as;
        self.form.record(record, read_as);
    }

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        let explanation = match self.explainer.record(record, node, self.read_as) {
            Ok(explanation) => explanation,
            Err(failure) => return Ok(Err(failure)),
        };
        if let Some(error) = explanation.error() {
            return Ok(Err(Fault::from(error).into()));
        }
        self.write(record, Some(&explanation), Some(node), None).map(Ok)
    }

    fn failure(&mut self, record: &Record, failure: &Failure, _: Option<NodeRef<'_>>) -> io::Result<bool> {
        let explanation = match &record.read.payload {
            Payload::Frame(frame) => self.explainer.frame(frame, self.read_as).ok(),
            _ => None,
        };
        self.write(record, explanation.as_ref(), None, Some(failure)).map(|()| true)
    }

    fn finish(self) -> io::Result<()> {
        self.form.finish()
    }
}

impl<F: Form> Explain<F> {
    fn new(form: F) -> Self {
        Self { explainer: Explainer::new(), read_as: ReadAs::default(), form }
    }

    fn write(
        &mut self,
        record: &Record,
        explanation: Option<&Explanation>,
        node: Option<NodeRef<'_>>,
        failure: Option<&Failure>,
    ) -> io::Result<()> {
        let size = match (explanation, &record.read.payload) {
            (Some(explanation), _) => explanation.frame().len(),
            (None, Payload::Frame(frame)) => frame.len(),
            (None, Payload::Tree(_) | Payload::Failed(_)) => 0,
        };
        self.form.write(&Explained { record: &record.head, explanation, size, node, failure })
    }
}
