//! Options that several commands share.

use std::fs::File;
use std::path::PathBuf;

use anyhow::Context;
use clap::ValueEnum;
use wabinary::Dictionary;

use wabinary_capture::{Allow, Form, Keys};
use wabinary_render::shown::printable;

use crate::help::OneOf;
use crate::input::Input;
use crate::progress::{self, Progress};
use crate::status::Status;

/// The help lists these options after those for input and output.
pub(crate) const LAST: usize = 100;

/// Files with frames, and how to read them.
#[derive(clap::Args)]
pub(crate) struct Frames {
    /// Files with frames; `-` or no file reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// What the files hold
    #[arg(long, value_enum, default_value = "auto", value_name = "FORM")]
    pub(crate) from: FrameForm,

    #[command(flatten)]
    pub(crate) keys: KeyFile,

    #[command(flatten)]
    pub(crate) reading: FrameReading,

    #[command(flatten)]
    pub(crate) progress: ProgressBar,

    /// Print on stderr how long reading, decoding and printing took
    #[arg(long, display_order = LAST)]
    pub(crate) timings: bool,
}

impl Frames {
    /// Files in any form.
    pub(crate) fn of_files(files: Vec<PathBuf>, reading: FrameReading) -> Self {
        let progress = ProgressBar { when: progress::When::Auto };
        Self { files, from: FrameForm::Auto, keys: KeyFile::default(), reading, progress, timings: false }
    }
}

/// Keys for encrypted recordings.
#[derive(clap::Args, Default)]
pub(crate) struct KeyFile {
    /// Keys that open encrypted recordings
    ///
    /// Recordings of the network (HAR, devtools events) have encrypted frames. The hook for keys saves the keys of their
    /// connections in such a file.
    #[arg(long, value_name = "KEYS")]
    keys: Option<PathBuf>,

    /// How many missing frames in a row to look past when decrypting
    #[arg(long, value_name = "N", default_value_t = 4096, display_order = LAST)]
    counter_window: u32,
}

impl KeyFile {
    pub(crate) fn read(&self) -> anyhow::Result<Keys> {
        let Some(path) = &self.keys else { return Ok(Keys::default()) };
        let keys =
            File::open(path).and_then(Keys::read).with_context(|| printable(&path.to_string_lossy(), usize::MAX))?;
        Ok(keys.with_window(self.counter_window))
    }
}

#[derive(clap::Args)]
pub(crate) struct ProgressBar {
    /// When to show a progress bar on stderr. auto: if that is a terminal and stdout is a file
    #[arg(long = "progress", value_enum, default_value = "auto", value_name = "WHEN", display_order = LAST)]
    when: progress::When,
}

impl ProgressBar {
    /// The state of a run with this input. Shows no progress for typed input.
    pub(crate) fn start(&self, input: &Input) -> Status {
        let when = if input.is_typed() { progress::When::Never } else { self.when };
        Status::new(Progress::new(when, || input.length()))
    }
}

/// When to colour text.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl From<Color> for anstream::ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

/// When to print something for a person.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal
    Auto,
    Always,
    Never,
}

#[derive(clap::Args)]
pub(crate) struct FrameReading {
    /// Dictionary version. Default: the one that a stream announces, otherwise 3
    #[arg(long, value_name = "N", value_parser = DICTIONARIES)]
    pub(crate) dictionary: Option<Dictionary>,

    /// Whether frames start with a flag byte. auto: a first byte f8 or f9 means no
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) flag_byte: FlagByte,

    #[command(flatten)]
    pub(crate) leniency: Leniencies,
}

/// The values of `--allow`.
const ALLOWED: OneOf<Allow> = OneOf {
    values: &[
        ("real-clients", "jid-text, empty-tag and interop-by-direction: what frames of real clients need"),
        ("duplicate-keys", "Two attributes of one name"),
        ("flag-bits", "A flag byte with bits of no known meaning"),
        ("pad-nibble", "Padding of packed text that is not 15"),
        ("length-bits", "Lengths with unused bits set"),
        ("ad-domain", "Domain bytes of no known server"),
        ("interop-no-server", "Interop addresses without a server"),
        ("jid-text", "Texts that are written as an address"),
        ("empty-tag", "Nodes without a tag"),
        ("interop-by-direction", "interop-no-server in what this device sent, as WhatsApp Web does"),
    ],
    read: str::parse,
};

#[derive(clap::Args)]
pub(crate) struct Leniencies {
    /// Accept frames that break these rules; real-clients: all that real clients break
    ///
    /// Put commas between names. Without this option every such frame is an error, which names the option
    /// that accepts it.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = ALLOWED)]
    allow: Vec<Allow>,
}

impl Leniencies {
    pub(crate) fn allow(&self) -> Allow {
        self.allow.iter().fold(Allow::default(), |all, one| all.and(*one))
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FrameForm {
    /// Detected from the first 64 KiB
    Auto,
    /// One frame a line, in any spelling; dumps of xxd, hexdump, od and hexyl are one frame
    Hex,
    /// One frame a line; standard or URL alphabet, padded or not
    Base64,
    /// The whole file is one frame
    Raw,
    /// Frames with 24-bit lengths, with or without the intro header
    Stream,
    /// {"time"?, "direction"?, "hex" | "base64" | "node"} on each line
    #[value(alias = "tshark")]
    Jsonl,
    /// YAML records or the text of an issue of the public call research group
    Wacrg,
    /// What a client logged: lines of text, JSON objects and frames, mixed
    Log,
    /// A browser's recording of the network, with messages of websockets
    Har,
}

impl From<FrameForm> for Form {
    fn from(form: FrameForm) -> Self {
        match form {
            FrameForm::Auto => Self::Auto,
            FrameForm::Hex => Self::Hex,
            FrameForm::Base64 => Self::Base64,
            FrameForm::Raw => Self::Raw,
            FrameForm::Stream => Self::Stream,
            FrameForm::Jsonl => Self::JsonLines,
            FrameForm::Log => Self::Log,
            FrameForm::Har => Self::Har,
            FrameForm::Wacrg => Self::Wacrg,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FlagByte {
    Yes,
    No,
    Auto,
}

pub(crate) const DICTIONARIES: OneOf<Dictionary> = OneOf { values: &[("2", ""), ("3", "")], read: dictionary };

fn dictionary(version: &str) -> Result<Dictionary, String> {
    let known = version.parse().ok().and_then(Dictionary::from_version);
    known.ok_or_else(|| "unknown dictionary; expected 2 or 3".to_owned())
}
