//! `acks`: the outcomes of the call stanzas of a capture.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use anstream::ColorChoice;
use anyhow::Result;
use clap::ValueEnum;
use wabinary::{NodeRef, StanzaError};
use wabinary_calls::report::{self, Decided, Report, ReportBuilder, Rows, Selection, StanzaReport};
use wabinary_calls::{Class, Timeouts};
use wabinary_render::report::{Json, Layout, LiveText, page, write_text};

use crate::capture::CaptureFacts;
use crate::choice::Choice;
use crate::frame_decoder::ReadAs;
use crate::help::OneOf;
use crate::options::{Color, FrameForm, FrameReading, Frames, KeyFile, LAST, ProgressBar};
use crate::pipeline::{self, NeedsPerson, Output};
use crate::record::{Failure, Fault, Record};
use crate::status::{self, Status, Usage};
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
  tail -n +1 -f capture.jsonl | wabinary acks --follow

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

    /// Count the stanzas of this class too: sent, acked, refused, never acked
    ///
    /// Refused acks of every class are named in any case.
    #[arg(long, value_name = "CLASS", value_parser = CLASSES)]
    class: Option<Classes>,

    /// Only stanzas that were refused, even in part, or never answered
    #[arg(long)]
    errors: bool,

    /// Also show remarks: findings of severity info
    #[arg(long)]
    remarks: bool,

    /// Print a row as soon as its stanza is settled
    ///
    /// In text or jsonl. Answers that come later are in no row of text, and in jsonl on lines of their own.
    #[arg(long)]
    follow: bool,

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

/// The classes to count besides calls.
#[derive(Clone, Copy)]
struct Classes(&'static [Class]);

const CLASSES: OneOf<Classes> = OneOf {
    values: &[("all", ""), ("call", ""), ("message", ""), ("notification", ""), ("receipt", ""), ("status", "")],
    read: classes,
};

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
        follow,
        timeout,
        color,
    } = args;
    if follow && matches!(format, Format::Json | Format::Html) {
        return Err(
            Usage("--follow prints rows one by one, which json and html are not; use text or jsonl".into()).into()
        );
    }
    let has_many_files = files.len() > 1;
    let frames = Frames { files, from, keys, reading, progress, timings };
    // The report selects by id itself, because answers count too.
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
    let builder = builder.with_rows(match format {
        Format::Text | Format::Jsonl if follow => Rows::TakenAtOnce,
        Format::Text | Format::Html => Rows::Kept(MOST_ROWS),
        Format::Json => Rows::Kept(usize::MAX),
        Format::Jsonl => Rows::Taken,
    });
    let json = |layout| Json::new(stdout(), layout);
    match format {
        Format::Text if follow => {
            let form = LiveText::new(styled_stdout(color.into()), columns(WIDTHS));
            pipeline::run_chosen(frames, choice, Acks { of_stanzas, builder, form })
        }
        Format::Text => {
            pipeline::run_chosen(frames, choice, Acks { of_stanzas, builder, form: Text { color: color.into() } })
        }
        Format::Json => {
            pipeline::run_chosen(frames, choice, Acks { of_stanzas, builder, form: json(Layout::Document) })
        }
        Format::Jsonl => pipeline::run_chosen(frames, choice, Acks { of_stanzas, builder, form: json(Layout::Lines) }),
        Format::Html => {
            let form = Html(CaptureFacts::of(&frames.files));
            pipeline::run_chosen(frames, choice, Acks { of_stanzas, builder: builder.with_xml(), form })
        }
    }
}

/// The most rows of a table or a page. A row takes about a kibibyte.
const MOST_ROWS: usize = 50_000;

/// The range of line widths, in columns.
const WIDTHS: RangeInclusive<usize> = 60..=140;

/// Builds the report, and writes it in a form.
struct Acks<F> {
    /// Whether the direction selects stanzas only, not answers.
    of_stanzas: bool,
    builder: ReportBuilder,
    form: F,
}

/// The output format of a report.
trait Form {
    /// Sees each record before it is read.
    fn record(&mut self, _: &Record, _: ReadAs) {}

    /// Writes an answer once its stanza is known.
    fn decided(&mut self, _: Decided<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Writes a settled stanza, if the format does not wait for the report.
    fn settled(&mut self, _: &StanzaReport) -> io::Result<()> {
        Ok(())
    }

    /// Writes a record that failed; false if the output has no place for it.
    fn failure(&mut self, _: &report::Record, _: &Failure) -> io::Result<bool> {
        Ok(false)
    }

    /// Writes the rest of the report; false if something was left out for lack of room, which it reports.
    fn finish(self, report: &Report) -> io::Result<bool>;
}

impl<F: Form> Output for Acks<F> {
    const VERB: &'static str = "read";
    // A selection changes which rows are shown, and not the outcomes.
    const HEARS_ALL: bool = true;

    fn told(failure: &Failure) -> Failure {
        failure.without_picture()
    }

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
        let added = builder.add(&record.head, node, &mut |decided| form.decided(decided))?;
        builder.take_settled().iter().try_for_each(|stanza| form.settled(stanza))?;
        Ok(failure_of(added))
    }

    fn failure(&mut self, record: &Record, failure: &Failure, _: Option<NodeRef<'_>>) -> io::Result<bool> {
        let Self { builder, form, .. } = self;
        builder.failed(&record.head, &mut |decided| form.decided(decided))?;
        form.failure(&record.head, failure)
    }

    fn finish(self) -> io::Result<()> {
        let Self { builder, mut form, .. } = self;
        let report = builder.finish(&mut |decided| form.decided(decided))?;
        let is_complete = form.finish(&report)?;
        if report.rows_left_out > 0 {
            status::say(format_args!(
                "stanzas without a row: {}, since there are {MOST_ROWS} rows at most; --errors selects what failed, \
                 --format jsonl has them all",
                report.rows_left_out
            ));
        }
        if report.given_up > 0 {
            status::say(format_args!(
                "stanzas taken for unanswered: {}, since too many others waited too; an answer that came later matches nothing",
                report.given_up
            ));
        }
        if is_complete && report.rows_left_out == 0 && report.given_up == 0 {
            return Ok(());
        }
        Err(io::Error::other(NeedsPerson))
    }
}

struct Text {
    color: ColorChoice,
}

impl Form for Text {
    fn finish(self, report: &Report) -> io::Result<bool> {
        write_text(report, styled_stdout(self.color), columns(WIDTHS))?;
        Ok(true)
    }
}

impl<W: Write> Form for LiveText<W> {
    fn settled(&mut self, stanza: &StanzaReport) -> io::Result<()> {
        self.row(stanza)
    }

    fn finish(self, report: &Report) -> io::Result<bool> {
        self.finish(report)?;
        Ok(true)
    }
}

impl Form for Json<Stdout> {
    fn decided(&mut self, decided: Decided<'_>) -> io::Result<()> {
        self.answer(&decided)
    }

    fn settled(&mut self, stanza: &StanzaReport) -> io::Result<()> {
        self.stanza(stanza)
    }

    fn failure(&mut self, record: &report::Record, failure: &Failure) -> io::Result<bool> {
        self.failed(record, failure).map(|()| true)
    }

    fn finish(self, report: &Report) -> io::Result<bool> {
        self.finish(report)?;
        Ok(true)
    }
}

struct Html(CaptureFacts);

impl Form for Html {
    fn record(&mut self, record: &Record, read_as: ReadAs) {
        self.0.note(record, read_as);
    }

    fn finish(self, report: &Report) -> io::Result<bool> {
        let page = page(report, &self.0.finish());
        if page.left_out > 0 {
            status::say_page_is_full(page.left_out, "call");
        }
        let mut out = stdout();
        writeln!(out, "{}", page.html)?;
        out.flush()?;
        Ok(page.left_out == 0)
    }
}

/// An ack of a call without an id is an error: it cannot be matched to a stanza.
fn failure_of(added: Result<(), StanzaError>) -> Result<(), Failure> {
    added.map_err(|error| {
        let path = match &error {
            StanzaError::Attr(error) => format!("{} > @id", error.path()),
            _ => String::new(),
        };
        Fault::in_tree("not-a-call-ack", &path, &error).into()
    })
}
