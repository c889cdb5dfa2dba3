//! `sanitize`: captures without persons and secrets.

use std::io::{self, Write};
use std::iter::once;

use anyhow::Result;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use wabinary::stanza::CallStanzaRef;
use wabinary::{Dictionary, NodeRef};
use wabinary_capture::sanitize::{STILL_SHOWS, SanitizedLines, sanitized_frame};
use wabinary_capture::wacrg::{CONFIDENCES, Submission, TECHNIQUES};
use wabinary_capture::{Fidelity, Form, Residue, Tree};
use wabinary_render::shown::printable;

use crate::choice::{Choice, FINDING};
use crate::frame_decoder::ReadAs;
use crate::options::Frames;
use crate::pipeline::{self, Output};
use crate::record::{Failure, Record};
use crate::status::{self, Status, Usage};
use crate::stdout::stdout;

const EXAMPLES: &str = "\
Examples:
  wabinary sanitize capture.jsonl > shared.jsonl
  wabinary sanitize --call-id 0123ABCD --format wacrg-yaml capture.jsonl
  wabinary sanitize --frame 12 --format wacrg-issue capture.jsonl

The wacrg formats are records and issues of the public call research group,
https://github.com/WhiskeySockets/wacrg.

Users become letters, the same person the same letter in all files. Ids, keys
and contents become placeholders that keep equality, times count from 0. What
is not known to be harmless is replaced. `acks` of the result shows the same
outcomes and latencies; dates, texts and warnings about times may differ.

Exit status 4: words on stderr must be checked before anyone else gets the
result.";

/// The most output that is held back, for formats that may turn out not to fit.
const KEPT_BACK: usize = 64 << 20;

/// The most words that are listed for a person to check.
const LISTED: usize = 20;

/// Replace persons and secrets in a capture, so that it can be shared
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    frames: Frames,

    /// What to write. Default: the form of the input
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,

    #[command(flatten)]
    choice: Choice,

    /// Only stanzas of the call with this call-id
    #[arg(long, help_heading = FINDING, value_name = "ID")]
    call_id: Option<String>,

    /// For wacrg: how the capture was taken
    #[arg(long, default_value = "websocket-capture", value_name = "NAME", value_parser = PossibleValuesParser::new(TECHNIQUES))]
    technique: String,

    /// For wacrg: the tools that took the capture, with commas between
    #[arg(long, value_delimiter = ',', value_name = "NAMES")]
    tools: Vec<String>,

    /// For wacrg: the client that sent or received the stanzas
    #[arg(long, value_name = "TEXT")]
    client: Option<String>,

    /// For wacrg: how far you trust the capture
    #[arg(long, default_value = "unknown", value_name = "NAME", value_parser = PossibleValuesParser::new(CONFIDENCES))]
    confidence: String,

    /// For wacrg: you have read the result, and it has no person and no secret in it
    #[arg(long)]
    reviewed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One array with the objects that jsonl writes
    Json,
    /// An object for each record, with "hex", "node" or "error"
    Jsonl,
    /// Trees, indented, one after another
    Xml,
    /// A frame a line
    Hex,
    /// A frame a line
    Base64,
    /// A YAML document for each stanza
    WacrgYaml,
    /// The text of an issue, for one stanza
    WacrgIssue,
}

impl Format {
    /// The format for an input.
    fn of(form: Form) -> Self {
        match form {
            Form::Hex | Form::Raw | Form::Stream => Self::Hex,
            Form::Base64 => Self::Base64,
            Form::Xml => Self::Xml,
            _ => Self::Jsonl,
        }
    }
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { frames, format, choice, call_id, technique, tools, client, confidence, reviewed } = args;
    let labels = Labels { technique, tools, client, confidence, reviewed };
    let sanitized = Sanitized {
        format,
        call_id,
        labels,
        lines: SanitizedLines::new(),
        dictionary: Dictionary::default(),
        kept_back: Vec::new(),
        is_begun: false,
        written: 0,
    };
    pipeline::run_chosen(frames, choice, sanitized)
}

/// Whether a stanza belongs to the call with this call-id.
fn is_of_call(node: NodeRef<'_>, call_id: &str) -> bool {
    once(node).chain(node.descendants()).any(|node| node.get_opt::<&str>("call-id") == Ok(Some(call_id)))
}

/// The fields of a submission besides the stanza.
struct Labels {
    technique: String,
    tools: Vec<String>,
    client: Option<String>,
    confidence: String,
    reviewed: bool,
}

struct Sanitized {
    format: Option<Format>,
    call_id: Option<String>,
    labels: Labels,
    lines: SanitizedLines,
    /// The dictionary of the next record.
    dictionary: Dictionary,
    /// Output that is held back.
    kept_back: Vec<u8>,
    /// Whether the array of JSON has begun.
    is_begun: bool,
    /// The number of written stanzas.
    written: u64,
}

impl Sanitized {
    fn write(&mut self, text: &str) -> io::Result<()> {
        self.kept_back.extend(text.as_bytes());
        self.kept_back.push(b'\n');
        // Residue at the end withholds an issue, so all of it has to be here then.
        let is_whole = self.format == Some(Format::WacrgIssue);
        if !is_whole && self.kept_back.len() > KEPT_BACK {
            self.flush()?;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut out = stdout();
        out.write_all(&self.kept_back)?;
        self.kept_back.clear();
        out.flush()
    }

    /// The frame of a sanitized tree as hex or base64.
    fn frame(&mut self, node: NodeRef<'_>, format: Format) -> Result<String, Failure> {
        let frame = sanitized_frame(node, self.dictionary)?;
        Ok(match format {
            Format::Base64 => data_encoding::BASE64.encode(&frame),
            _ => data_encoding::HEXLOWER.encode(&frame),
        })
    }

    fn submission(&mut self, record: &Record, tree: &Tree, format: Format) -> Result<String, Failure> {
        let node = tree.node();
        let is_exact = record.read.fidelity != Fidelity::Text;
        let hex = if is_exact && format == Format::WacrgYaml { Some(self.frame(node, Format::Hex)?) } else { None };
        let tag =
            CallStanzaRef::try_from(node).ok().and_then(CallStanzaRef::action_node).map_or(node.tag(), NodeRef::tag);
        let (xml, id) = (format!("{tree:#}"), format!("{tag}-{}", record.head.frame));
        let labels = &self.labels;
        let submission = Submission {
            id: &id,
            technique: &labels.technique,
            tools: &labels.tools,
            client: labels.client.as_deref(),
            stanza_tag: node.tag(),
            direction: record.head.direction,
            confidence: &labels.confidence,
            hex: hex.as_deref(),
            xml: &xml,
            is_reviewed: labels.reviewed,
        };
        Ok(if format == Format::WacrgYaml { submission.yaml() } else { submission.issue() })
    }
}

impl Sanitized {
    /// Writes an item of the array.
    fn item(&mut self, line: &str) -> io::Result<()> {
        let before = if std::mem::replace(&mut self.is_begun, true) { ',' } else { '[' };
        self.write(&format!("{before}{}", line.trim_end()))
    }
}

impl Output for Sanitized {
    const VERB: &'static str = "sanitized";

    fn told(failure: &Failure) -> Failure {
        failure.without_message()
    }

    fn read_as(&mut self, _: &Record, read_as: ReadAs) {
        self.dictionary = read_as.dictionary;
    }

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        let format = *self.format.get_or_insert_with(|| Format::of(record.form));
        if self.call_id.as_deref().is_some_and(|call_id| !is_of_call(node, call_id)) {
            return Ok(Ok(()));
        }
        self.written += 1;
        if format == Format::WacrgIssue && self.written > 1 {
            return Err(usage(
                "the text of an issue has one stanza, and a stanza and its answers have the same id; choose one with --frame",
            ));
        }
        let is_bytes = matches!(format, Format::Hex | Format::Base64);
        if is_bytes && record.read.fidelity == Fidelity::Text {
            return Err(usage(
                "a record of text fidelity has no bytes to write: its logger lost some of them; use --format jsonl or xml",
            ));
        }
        let tree = self.lines.sanitize(record, node);
        let text = match format {
            Format::Hex | Format::Base64 => self.frame(tree.node(), format),
            Format::Xml => Ok(format!("{tree:#}")),
            Format::WacrgYaml | Format::WacrgIssue => self.submission(record, &tree, format),
            Format::Json | Format::Jsonl => self.lines.line(record, &tree, self.dictionary),
        };
        match text {
            Ok(text) if format == Format::Json => self.item(&text).map(Ok),
            Ok(text) => self.write(text.trim_end()).map(Ok),
            Err(failure) => Ok(Err(failure)),
        }
    }

    fn failure(&mut self, record: &Record, failure: &Failure, _: Option<NodeRef<'_>>) -> io::Result<bool> {
        let format = *self.format.get_or_insert_with(|| Format::of(record.form));
        let line = self.lines.failure(record, failure);
        match format {
            Format::Json => self.item(&line)?,
            Format::Jsonl => self.write(&line)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn finish(mut self) -> io::Result<()> {
        if self.format == Some(Format::Json) {
            self.write(if self.is_begun { "]" } else { "[]" })?;
        }
        let found = self.lines.residue();
        if self.format != Some(Format::WacrgIssue) || found.is_empty() {
            self.flush()?;
        }
        say_residue(&found);
        match &self.call_id {
            Some(call_id) if self.written == 0 => {
                status::say(format_args!("no stanza has the call-id {}", printable(call_id, 60)))
            }
            _ if self.written > 0 => status::say(STILL_SHOWS),
            _ => {}
        }
        if found.is_empty() { Ok(()) } else { Err(io::Error::other(pipeline::NeedsPerson)) }
    }
}

fn usage(message: &str) -> io::Error {
    io::Error::other(Usage(message.to_owned()))
}

fn say_residue(found: &[Residue]) {
    if found.is_empty() {
        return;
    }
    status::say(format_args!("look at these words of the result before you share it:"));
    for Residue { kind, word, frame, path } in found.iter().take(LISTED) {
        let [word, path] = [word, path].map(|text| printable(text, 60));
        status::say(format_args!("  {word}: {kind}, first in frame {frame}, {path}"));
    }
    if let Some(more) = found.len().checked_sub(LISTED).filter(|more| *more > 0) {
        status::say(format_args!("  and {more} more"));
    }
}
