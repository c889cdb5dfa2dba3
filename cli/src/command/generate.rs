//! `generate`: frames for fuzzing.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::ValueEnum;
use data_encoding::HEXLOWER;
use serde::Serialize;
use wabinary::Dictionary;
use wabinary_generate::{Damage, Frames, Made, Recipe, Spelling, Stanza};

use crate::json_output::{JsonOutput, Layout};
use crate::options::DICTIONARIES;
use crate::status::{self, Status, Usage};
use crate::stdout::stdout;

const EXAMPLES: &str = "\
Examples:
  wabinary generate --count 5 --stanza call | wabinary decode
  wabinary generate --count 1000 --seed 7 --spell odd > odd.hex
  wabinary generate --count 1000 --damage tree --format jsonl > damaged.jsonl
  wabinary generate --count 500 --format go --output testdata/fuzz/FuzzHandle";

/// Generate frames for fuzzing: stanzas that get past a client's dispatch
///
/// The same options and seed give the same frames, on every machine. Everything in them is made up.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Number of frames
    #[arg(long, value_name = "N", default_value_t = 10)]
    count: u64,

    /// Number that all choices follow from
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// What to generate: any, ack, call, message, receipt, iq, notification, presence, chatstate, stream, or tree, which is of
    /// any shape; several in turn, with commas between
    #[arg(long, value_name = "STANZAS", default_value = "any", value_delimiter = ',')]
    stanza: Vec<Stanza>,

    /// How to spell it
    #[arg(long, value_enum, default_value = "canonical", value_name = "HOW")]
    spell: Spell,

    /// What to break in it
    #[arg(long, value_enum, default_value = "none", value_name = "WHAT")]
    damage: Broken,

    /// The output format
    #[arg(long, value_enum, default_value = "hex", value_name = "FORMAT")]
    format: Format,

    /// The folder for the files of raw and go; it is made if it is missing
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,

    /// Dictionary version: 2 or 3
    #[arg(long, value_name = "N", default_value = "3", value_parser = DICTIONARIES)]
    dictionary: Dictionary,
}

#[derive(Clone, Copy, ValueEnum)]
enum Spell {
    /// As an encoder writes it
    Canonical,
    /// In every way that a decoder must accept and an encoder would not choose
    Odd,
}

#[derive(Clone, Copy, ValueEnum)]
enum Broken {
    /// Nothing
    None,
    /// Bytes anywhere: changed, dropped, added or cut off. Some frames still decode
    Bytes,
    /// One rule of the grammar, in a frame that is good otherwise
    Tree,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One frame a line
    Hex,
    /// A line for each frame: {"hex"}, and "broken" with the rule that --damage tree breaks
    Jsonl,
    /// A file for each frame
    Raw,
    /// A file for each frame, as Go's fuzzing reads its corpus: testdata/fuzz/FuzzName
    Go,
}

#[derive(Serialize)]
struct Line {
    hex: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<&'static str>,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let recipe = |stanza| Recipe {
        stanza,
        spelling: match args.spell {
            Spell::Canonical => Spelling::Canonical,
            Spell::Odd => Spelling::Odd,
        },
        damage: match args.damage {
            Broken::None => Damage::None,
            Broken::Bytes => Damage::Bytes,
            Broken::Tree => Damage::Tree,
        },
        dictionary: args.dictionary,
    };
    let mut sources: Vec<_> = args.stanza.iter().map(|stanza| Frames::new(recipe(*stanza), args.seed)).collect();
    let turns = (0..sources.len()).cycle();
    let frames = (0..args.count).zip(turns).filter_map(|(number, turn)| Some((number, sources.get_mut(turn)?.next()?)));
    match (args.format, &args.output) {
        (Format::Raw | Format::Go, None) => {
            return Err(
                Usage("--format raw and go write a file for each frame: name a folder with --output".into()).into()
            );
        }
        (Format::Raw, Some(folder)) => write_files(folder, frames, |made| made.frame)?,
        (Format::Go, Some(folder)) => write_files(folder, frames, |made| go_corpus(&made.frame).into_bytes())?,
        (_, Some(_)) => return Err(Usage("--output needs --format raw or go".into()).into()),
        (Format::Hex, None) => {
            let mut out = stdout();
            for (_, made) in frames {
                writeln!(out, "{}", HEXLOWER.encode(&made.frame))?;
            }
            out.flush()?;
        }
        (Format::Jsonl, None) => {
            let mut out = JsonOutput::new(Layout::Lines);
            for (_, made) in frames {
                out.write(&Line { hex: HEXLOWER.encode(&made.frame), broken: made.broken })?;
            }
            out.finish()?;
        }
    }
    Ok(Status::default())
}

/// Writes a file for each frame, numbered from 0.
fn write_files(
    folder: &Path,
    frames: impl Iterator<Item = (u64, Made)>,
    content: impl Fn(Made) -> Vec<u8>,
) -> Result<()> {
    let at = |path: &Path| wabinary_render::shown::printable(&path.to_string_lossy(), usize::MAX);
    if folder.is_file() {
        return Err(io::Error::other("it is a file; name a folder")).with_context(|| at(folder));
    }
    fs::create_dir_all(folder).with_context(|| at(folder))?;
    let others = fs::read_dir(folder).with_context(|| at(folder))?.count();
    if others > 0 {
        status::say(format_args!(
            "{} is not empty: {others} files stay, unless a new one has the same name",
            at(folder)
        ));
    }
    for (number, made) in frames {
        let path = folder.join(format!("frame-{number:06}"));
        fs::write(&path, content(made)).with_context(|| at(&path))?;
    }
    Ok(())
}

/// A file of Go's corpus for a fuzz function that takes `[]byte`.
fn go_corpus(frame: &[u8]) -> String {
    let bytes: String = frame.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    format!("go test fuzz v1\n[]byte(\"{bytes}\")\n")
}
