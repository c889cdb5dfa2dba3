//! `acks`: what became of the call stanzas of a capture.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Duration;

use anstream::ColorChoice;
use anyhow::Result;
use clap::ValueEnum;
use wabinary::{NodeRef, StanzaError};
use wabinary_calls::report::{self, Decided, Report, ReportBuilder, Selection};
use wabinary_calls::{Class, Timeouts};
use wabinary_render::report::{Json, Layout, page, write_text};

use crate::capture::CaptureFacts;
use crate::choice::Choice;
use crate::frame_decoder::ReadAs;
use crate::options::{Color, FrameForm, FrameReading, Frames, KeyFile, LAST, ProgressBar};
use crate::pipeline::{self, Output};
use crate::record::{Failure, Fault, Record};
use crate::status::{self, Status};
use crate::stdout::{Stdout, columns, stdout, styled_stdout};

const EXAMPLES: &str = "\
Examples:
  wabinary acks capture.jsonl
  wabinary acks --errors --peer 100000022222222@lid capture.jsonl
  wabinary acks --format json capture.jsonl |
    jq '.calls[] | select(.outcome == \"refused\")'
  wabinary acks --format jsonl capture.jsonl |
    jq 'select(.stanza == \"ack\") | .ack'
  wabinary acks --format html capture.jsonl > calls.html

A capture with times and directions shows most. Outcomes of a stanza:
  accepted        by an ack, or a received stanza by this device's receipt
  refused         by all; a refusal is a result, so the exit status stays 0
  partly-refused  accepted for some devices, refused for others
  unanswered      when the capture ends
  ack-refused     this device acked it, and the server then ended the stream
  pending         unanswered, but sent less than the timeout before the end
The first ack decides. For a received stanza without one, the receipt does.

A latency is given where both times are by one clock of one file. Those of
stanzas that were sent again are in no statistics. Keys, tokens and addresses
of relays are never shown; `wabinary decode` shows them.

In JSON, a value of the wrong type is {\"invalid\": what it should be}.";

/// Show what became of call stanzas: acknowledged, refused, never answered
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Files with frames; `-` or no file reads standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// What the files hold
    #[arg(long, value_enum, default_value = "auto", value_name = "FORM")]
    from: FrameForm,

    #[command(flatten)]
    keys: KeyFile,

    #[command(flatten)]
    reading: FrameReading,

    #[command(flatten)]
    progress: ProgressBar,

    /// Print on stderr how long reading, decoding and printing took
    #[arg(long, display_order = LAST)]
    timings: bool,

    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,

    /// Only the call with this call-id
    #[arg(long, value_name = "ID")]
    call_id: Option<String>,

    #[command(flatten)]
    choice: Choice,

    /// Count the stanzas of this class too, or of `all`: sent, acked, refused, never acked. Refused acks of every class are
    /// always named
    #[arg(long, value_name = "CLASS", value_parser = classes)]
    class: Option<Classes>,

    /// Only stanzas that were refused, even in part, or never answered
    #[arg(long)]
    errors: bool,

    /// Also show remarks: findings of severity info
    #[arg(long)]
    remarks: bool,

    /// How long an answer may take. Default: 20 for an offer, as on Android, otherwise 10
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    timeout: Option<Duration>,

    /// When to colour text. auto: on a terminal, unless NO_COLOR is set
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    color: Color,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// Tables for people, calls first, failures at the end
    Text,
    /// One object: records, calls, unmatched, peers, latencies, refused_others, totals; with --class also classes,
    /// never_acked
    Json,
    /// A line for each ack, each receipt and each failed record, then for each call stanza, then for each refused ack of
    /// another class
    Jsonl,
    /// One self-contained page for a browser: a ladder of each call
    Html,
}

/// The classes to count beside the calls.
#[derive(Clone, Copy)]
struct Classes(&'static [Class]);

fn classes(text: &str) -> Result<Classes, String> {
    const CALLS: &[Class] = &[];
    const OTHERS: &[Class] = &[Class::Message, Class::Notification, Class::Receipt, Class::Status];
    if text == "all" {
        return Ok(Classes(OTHERS));
    }
    match Class::from_name(text) {
        Some(Class::Call) => Ok(Classes(CALLS)),
        Some(class) => {
            Ok(Classes(OTHERS.split_at(OTHERS.iter().position(|other| *other == class).unwrap_or(0)).1.split_at(1).0))
        }
        None => Err("expected all, call, message, notification, receipt or status".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| "not a number of seconds".to_owned())
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args {
        files,
        from,
        keys,
        reading,
        progress,
        timings,
        format,
        call_id,
        mut choice,
        class,
        errors,
        remarks,
        timeout,
        color,
    } = args;
    let has_many_files = files.len() > 1;
    let frames = Frames { files, from, keys, reading, progress, timings };
    // The report finds an id by itself, in answers too.
    let id = choice.id.take();
    let frames_chosen = (!choice.is_everything()).then(BTreeSet::new);
    let selection = Selection { call_id, id, frames: frames_chosen, errors };
    let of_stanzas = choice.is_by_direction_alone();
    let timeouts = timeout.map_or_else(Timeouts::default, |timeout| Timeouts { offer: timeout, other: timeout });
    let builder = ReportBuilder::new(selection, timeouts).with_remarks(remarks).with_many_files(has_many_files);
    let builder = match class {
        Some(Classes(classes)) => builder.with_classes(classes),
        None => builder,
    };
    match format {
        Format::Text => {
            pipeline::run_chosen(frames, choice, Acks { of_stanzas, builder, form: Text { color: color.into() } })
        }
        Format::Json => pipeline::run_chosen(
            frames,
            choice,
            Acks { of_stanzas, builder, form: Json::new(stdout(), Layout::Document) },
        ),
        Format::Jsonl => {
            pipeline::run_chosen(frames, choice, Acks { of_stanzas, builder, form: Json::new(stdout(), Layout::Lines) })
        }
        Format::Html => {
            let form = Html(CaptureFacts::of(&frames.files));
            pipeline::run_chosen(frames, choice, Acks { of_stanzas, builder: builder.with_xml(), form })
        }
    }
}

/// Builds the report, and writes it in a form.
struct Acks<F> {
    /// Whether answers do not count as chosen: the direction is that of stanzas.
    of_stanzas: bool,
    builder: ReportBuilder,
    form: F,
}

/// What a report is written as.
trait Form {
    /// Hears of each record before it is read.
    fn record(&mut self, _: &Record, _: ReadAs) {}

    /// Writes an answer as soon as it is known what it answers.
    fn decided(&mut self, _: Decided<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Writes a record that failed; false if the output has no place for it.
    fn failure(&mut self, _: &report::Record, _: &Failure) -> io::Result<bool> {
        Ok(false)
    }

    fn finish(self, report: &Report) -> io::Result<()>;
}

impl<F: Form> Output for Acks<F> {
    const VERB: &'static str = "read";
    const SHOWS_INPUT: bool = false;
    // What is chosen changes what is shown, and not what is so.
    const HEARS_ALL: bool = true;

    fn chosen(&mut self, record: &Record, node: NodeRef<'_>) {
        let is_answer = node.tag() == "receipt"
            || (node.tag() == "ack" && node.attr("class").is_some_and(|class| class.to_text() == "call"));
        if !(is_answer && self.of_stanzas) {
            self.builder.choose(record.head.frame);
        }
    }

    fn read_as(&mut self, record: &Record, read_as: ReadAs) {
        self.form.record(record, read_as);
    }

    fn tree(&mut self, record: &Record, node: NodeRef<'_>) -> io::Result<Result<(), Failure>> {
        let Self { builder, form, .. } = self;
        builder.add(&record.head, node, &mut |decided| form.decided(decided)).map(failure_of)
    }

    fn failure(&mut self, record: &Record, failure: &Failure, _: Option<NodeRef<'_>>) -> io::Result<bool> {
        let Self { builder, form, .. } = self;
        builder.failed(&record.head, &mut |decided| form.decided(decided))?;
        form.failure(&record.head, failure)
    }

    fn finish(self) -> io::Result<()> {
        let Self { builder, mut form, .. } = self;
        let report = builder.finish(&mut |decided| form.decided(decided))?;
        form.finish(&report)
    }
}

struct Text {
    color: ColorChoice,
}

impl Form for Text {
    fn finish(self, report: &Report) -> io::Result<()> {
        write_text(report, styled_stdout(self.color), columns(60..=140))
    }
}

impl Form for Json<Stdout> {
    fn decided(&mut self, decided: Decided<'_>) -> io::Result<()> {
        self.answer(&decided)
    }

    fn failure(&mut self, record: &report::Record, failure: &Failure) -> io::Result<bool> {
        self.failed(record, failure).map(|()| true)
    }

    fn finish(self, report: &Report) -> io::Result<()> {
        self.finish(report).map(drop)
    }
}

struct Html(CaptureFacts);

impl Form for Html {
    fn record(&mut self, record: &Record, read_as: ReadAs) {
        self.0.note(record, read_as);
    }

    fn finish(self, report: &Report) -> io::Result<()> {
        let page = page(report, &self.0.finish());
        if page.left_out > 0 {
            status::say_page_is_full(page.left_out, "call");
        }
        let mut out = stdout();
        writeln!(out, "{}", page.html)?;
        out.flush()
    }
}

/// An ack of a call without an id is an error: nobody can tell what it answers.
fn failure_of(added: Result<(), StanzaError>) -> Result<(), Failure> {
    added.map_err(|error| {
        let path = match &error {
            StanzaError::Attr(error) => format!("{} > @id", error.path()),
            _ => String::new(),
        };
        Fault::in_tree("not-a-call-ack", &path, &error).into()
    })
}
