//! `survey`: what captures show about the open questions of the specification.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use clap::ValueEnum;
use serde::Serialize;
use wabinary::NodeRef;
use wabinary_calls::survey::{CaptureSurvey, Fidelity, Finding, Recorded, Survey};
use wabinary_capture as capture;
use wabinary_capture::wacrg::read_description;
use wabinary_render::survey::{SURVEY_NOTE, survey_markdown, survey_text};

use crate::command::conforming;
use crate::options::Frames;
use crate::pipeline::{self, Output};
use crate::record::{Failure, Record};
use crate::status::Status;
use crate::stdout::stdout;

const EXAMPLES: &str = "\
Examples:
  wabinary survey monday.jsonl tuesday.jsonl
  wabinary survey --min 20 --format markdown *.jsonl > survey.md
  wabinary survey --spec call-ack.yaml capture.jsonl

A file is a capture. Verdicts: \"yes\" needs one example, every other verdict
needs --min stanzas, else it is \"too-few\". \"mixed\": the stanzas differ.
\"listed\": the counts are the answer. \"cannot-tell\": these captures cannot
show it. \"not-seen\" is not \"never\". Confidence: \"probable\" from --min stanzas
up, \"speculative\" below; no capture confirms a rule.";

/// Say what captures show about the open questions of the call-ack specification
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    frames: Frames,

    /// How many stanzas a verdict needs
    #[arg(long, default_value_t = 5, value_name = "N")]
    min: u64,

    /// Compare with the description of a stanza instead: a YAML file of the specification project
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,

    /// What to write
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// A paragraph for each finding
    Text,
    /// One object: captures, records, fidelity, findings
    Json,
    /// A line for each finding
    Jsonl,
    /// A table, then the fields of an issue for each finding
    Markdown,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { frames, min, spec, format } = args;
    if let Some(path) = spec {
        let yaml = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let description = read_description(&yaml).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        let form = if matches!(format, Format::Json | Format::Jsonl) {
            conforming::Form::Json
        } else {
            conforming::Form::Text
        };
        return conforming::run(frames, description, form);
    }
    let survey = Survey::new(min);
    pipeline::run(frames, Surveyed { survey, format, file: 0, capture: CaptureSurvey::default(), has_records: false })
}

struct Surveyed {
    survey: Survey,
    format: Format,
    /// The file of the capture.
    file: u32,
    capture: CaptureSurvey,
    has_records: bool,
}

impl Surveyed {
    /// Ends the capture if the record is in another file.
    fn turn_to(&mut self, record: &Record) {
        if record.head.file != self.file {
            self.end_capture();
            self.file = record.head.file;
        }
        self.has_records = true;
    }

    fn end_capture(&mut self) {
        let capture = std::mem::take(&mut self.capture);
        if std::mem::take(&mut self.has_records) {
            self.survey.add(capture);
        }
    }
}

fn recorded(record: &Record) -> Recorded<'_> {
    let fidelity = match record.read.fidelity {
        capture::Fidelity::Bytes => Fidelity::Bytes,
        capture::Fidelity::Tree => Fidelity::Tree,
        capture::Fidelity::Text => Fidelity::Text,
    };
    let source = record.read.source.as_deref();
    // This recorder writes a stanza only if it has a call action.
    let drops_acks = source.is_some_and(|source| source.starts_with("wa-voip-diag"));
    Recorded { fidelity, source, drops_acks }
}

impl Output for Surveyed {
    const VERB: &'static str = "read";

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        self.turn_to(record);
        self.capture.add(&record.head, node, recorded(record));
        Ok(Ok(()))
    }

    fn failure(&mut self, record: &Record, _: &Failure, _: Option<NodeRef<'_>>) -> io::Result<bool> {
        self.turn_to(record);
        self.capture.failed(&record.head, recorded(record));
        Ok(false)
    }

    fn finish(mut self) -> io::Result<()> {
        self.end_capture();
        let mut out = stdout();
        match self.format {
            Format::Text => write!(out, "{}", survey_text(&self.survey))?,
            Format::Markdown => write!(out, "{}", survey_markdown(&self.survey))?,
            Format::Jsonl => {
                for finding in self.survey.findings() {
                    serde_json::to_writer(&mut out, &finding)?;
                    writeln!(out)?;
                }
            }
            Format::Json => {
                serde_json::to_writer(&mut out, &Document::of(&self.survey))?;
                writeln!(out)?;
            }
        }
        out.flush()
    }
}

#[derive(Serialize)]
struct Document {
    captures: usize,
    records: u64,
    fidelity: Fidelities,
    findings: Vec<Finding>,
    note: &'static str,
}

#[derive(Serialize)]
struct Fidelities {
    bytes: u64,
    tree: u64,
    text: u64,
}

impl Document {
    fn of(survey: &Survey) -> Self {
        let [bytes, tree, text] = [Fidelity::Bytes, Fidelity::Tree, Fidelity::Text].map(|one| survey.fidelity(one));
        Self {
            captures: survey.captures(),
            records: survey.records(),
            fidelity: Fidelities { bytes, tree, text },
            findings: survey.findings(),
            note: SURVEY_NOTE,
        }
    }
}
