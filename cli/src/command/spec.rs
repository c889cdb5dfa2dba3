//! `spec`: the specification of a stanza.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::ValueEnum;
use textwrap::{Options, WordSplitter, wrap};
use wabinary::stanza::{AttributeSpec, CallAck, ChildSpec, Direction, Source, StanzaSpec};
use wabinary_calls::survey::Description;

use crate::command::conforming;
use crate::options::{FrameReading, Frames};
use crate::status::Status;
use crate::stdout::{Stdout, stdout};

const EXAMPLES: &str = "\
Examples:
  wabinary spec call-ack
  wabinary spec call-ack --observed capture.jsonl
  wabinary spec call-ack --format json | jq '.codes[] | {code, meaning}'
  wabinary spec --format html > codes.html   # then codes.html#427

Names in brackets say who a fact is from: whatsapp-web and android, the code of
these clients; capture, a stanza that somebody captured and published;
implementation, another client; specification and newer-specification, the
public call research group; fixture, only a test of another client. A code is
received from the server or sent by clients.";

/// Print the specification of a stanza: attributes, children, vocabulary, codes, findings, open questions
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The stanza
    #[arg(value_enum, value_name = "STANZA", default_value = "call-ack")]
    stanza: Stanza,

    /// Print what these captures show next to what the specification claims
    #[arg(long, num_args = 1.., value_name = "CAPTURE")]
    observed: Vec<PathBuf>,

    #[command(flatten)]
    reading: FrameReading,

    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Stanza {
    /// The acknowledgement of a call stanza
    CallAck,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// For people, in 80 columns
    Text,
    /// One object
    Json,
    /// The same object on one line
    Jsonl,
    /// One page for a browser, with nothing from elsewhere: codes and actions, each with an anchor
    Html,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let spec = match args.stanza {
        Stanza::CallAck => CallAck::SPEC,
    };
    if !args.observed.is_empty() {
        let frames = Frames::of_files(args.observed, args.reading);
        let form = if matches!(args.format, Format::Json | Format::Jsonl) {
            conforming::Form::Json
        } else {
            conforming::Form::Text
        };
        return conforming::run(frames, Description::from(spec), form);
    }
    let mut out = stdout();
    match args.format {
        Format::Text => Page { out: &mut out }.write(spec)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, spec).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Jsonl => {
            serde_json::to_writer(&mut out, spec).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Format::Html => writeln!(out, "{}", wabinary_render::spec::page(spec))?,
    }
    out.flush()?;
    Ok(Status::default())
}

struct Page<'a> {
    out: &'a mut Stdout,
}

impl Page<'_> {
    fn write(&mut self, spec: &StanzaSpec) -> io::Result<()> {
        self.line(0, spec.title)?;
        self.line(0, spec.origin)?;
        self.gap()?;
        self.line(2, &format!("tag           <{}>", spec.tag))?;
        self.line(2, &format!("category      {}", spec.category))?;
        self.line(2, &format!("status        {}", spec.status))?;
        self.line(2, &format!("spec version  {}", spec.version))?;
        self.line(2, &format!("direction     {}", spec.directions.join(", ")))?;
        self.line(2, &format!("references    {}", or_none(spec.references)))?;
        self.gap()?;
        self.line(0, spec.summary)?;
        self.heading("Attributes")?;
        self.attributes(2, spec.attributes)?;
        self.heading("Children")?;
        self.children(spec.children)?;
        self.heading("Examples")?;
        for example in spec.examples {
            let marks = [(example.synthetic, "synthetic"), (example.sanitized, "sanitized")];
            let marks: Vec<_> = marks.iter().filter(|(marked, _)| *marked).map(|(_, mark)| *mark).collect();
            let remark = example.remark.map_or_else(String::new, |remark| format!("; {remark}"));
            self.line(2, &format!("{} ({}{remark})", example.title, marks.join(", ")))?;
            for line in example.xml.lines() {
                writeln!(self.out, "    {line}")?;
            }
        }
        self.heading("Notes")?;
        self.each_line(spec.notes)?;
        self.heading("Open questions, and what is known by now")?;
        for question in spec.open_questions {
            self.line(2, question.question)?;
            self.line(6, &format!("{} ({})", question.state, names(question.sources)))?;
        }
        self.heading("Attributes in other public material")?;
        self.attributes(2, spec.further_attributes)?;
        self.heading("Children in other public material")?;
        self.children(spec.further_children)?;
        self.heading("Known values of type")?;
        for action in spec.actions {
            self.entry(action.name, 21, &format!("{} ({})", action.meaning, names(action.sources)))?;
        }
        self.heading("Known codes")?;
        for code in spec.codes {
            let direction = match code.direction {
                Direction::Send => "sent",
                Direction::Receive => "received",
            };
            let known = format!("{}; {}, {direction}", code.meaning, code.confidence.name());
            self.entry(&code.code.to_string(), 5, &format!("{known} ({})", names(code.sources)))?;
        }
        self.heading("Findings")?;
        for rule in spec.findings {
            let found = format!("{}: {}", rule.severity().name(), rule.when());
            self.entry(rule.code(), 6, &found)?;
            self.line(8, rule.wording())?;
        }
        Ok(())
    }

    fn attributes(&mut self, indent: usize, attributes: &[AttributeSpec]) -> io::Result<()> {
        for attribute in attributes {
            let required = if attribute.required { "required" } else { "optional" };
            let facts = [attribute.name, attribute.value_type, required, attribute.confidence.name()];
            let observed = match attribute.observed {
                [] => String::new(),
                values => format!(", observed: {}", values.join(", ")),
            };
            self.line(indent, &format!("{}{observed}", facts.join(", ")))?;
            self.line(indent + 4, attribute.meaning)?;
            let techniques = or_none(attribute.techniques);
            self.line(indent + 4, &format!("techniques: {techniques}; sources: {}", or_none(attribute.sources)))?;
        }
        Ok(())
    }

    fn children(&mut self, children: &[ChildSpec]) -> io::Result<()> {
        for child in children {
            let max = child.max.map_or_else(|| "n".to_owned(), |max| max.to_string());
            let (tag, min, confidence) = (child.tag, child.min, child.confidence.name());
            self.line(2, &format!("<{tag}>, {min}..{max}, {confidence} ({})", names(child.sources)))?;
            self.line(6, child.meaning)?;
            self.attributes(6, child.attributes)?;
        }
        Ok(())
    }

    fn each_line(&mut self, lines: &[&str]) -> io::Result<()> {
        lines.iter().try_for_each(|line| self.line(2, line))
    }

    fn heading(&mut self, heading: &str) -> io::Result<()> {
        writeln!(self.out, "\n{heading}")
    }

    fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// Writes a name, and its text in the next column.
    fn entry(&mut self, name: &str, column: usize, text: &str) -> io::Result<()> {
        let first = format!("  {name:column$}");
        let rest = " ".repeat(2 + column);
        self.wrapped(text, &first, &rest)
    }

    fn line(&mut self, indent: usize, text: &str) -> io::Result<()> {
        let indent = " ".repeat(indent);
        self.wrapped(text, &indent, &indent)
    }

    fn wrapped(&mut self, text: &str, first: &str, rest: &str) -> io::Result<()> {
        let options =
            Options::new(80).initial_indent(first).subsequent_indent(rest).word_splitter(WordSplitter::NoHyphenation);
        wrap(text, options).iter().try_for_each(|line| writeln!(self.out, "{line}"))
    }
}

fn or_none(list: &[&str]) -> String {
    if list.is_empty() { "none".to_owned() } else { list.join(", ") }
}

fn names(sources: &[Source]) -> String {
    sources.iter().map(|source| source.name()).collect::<Vec<_>>().join(", ")
}
