//! Options that several commands have.

use std::path::PathBuf;

use clap::ValueEnum;
use wabinary::{Dictionary, Leniency};

use crate::input::{Form, Input};
use crate::progress::{Progress, When};
use crate::status::Status;

/// In the help, behind what a command reads and writes.
pub(crate) const LAST: usize = 100;

/// Where frames come from and how they are read.
#[derive(clap::Args)]
pub(crate) struct Frames {
    /// Files with frames; `-` or no file reads standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// What the files hold
    #[arg(long, value_enum, default_value = "auto", value_name = "FORM")]
    pub(crate) from: FrameForm,

    #[command(flatten)]
    pub(crate) reading: FrameReading,

    #[command(flatten)]
    pub(crate) progress: ProgressBar,

    /// Print on stderr how long reading, decoding and printing took
    #[arg(long, display_order = LAST)]
    pub(crate) timings: bool,
}

#[derive(clap::Args)]
pub(crate) struct ProgressBar {
    /// Show a progress bar on stderr, if that is a terminal and stdout is not
    #[arg(long = "progress", value_enum, default_value = "auto", value_name = "WHEN", display_order = LAST)]
    when: When,
}

impl ProgressBar {
    /// The state of a run that has this input before it. Who types it sees how far it is.
    pub(crate) fn start(&self, input: &Input) -> Status {
        let when = if input.is_typed() { When::Never } else { self.when };
        Status::new(Progress::new(when, || input.length()))
    }
}

/// When text is coloured.
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

#[derive(clap::Args)]
pub(crate) struct FrameReading {
    /// Dictionary version: 2 or 3. Default: the one that a stream announces, otherwise 3
    #[arg(long, value_name = "N", value_parser = dictionary)]
    pub(crate) dictionary: Option<Dictionary>,

    /// Whether frames start with a flag byte. auto: a first byte f8 or f9 means no
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub(crate) flag_byte: FlagByte,

    #[command(flatten)]
    pub(crate) leniency: Leniencies,
}

#[derive(clap::Args)]
pub(crate) struct Leniencies {
    /// Leniencies: duplicate-keys, flag-bits, pad-nibble, length-bits, ad-domain, interop-no-server
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    allow: Vec<Leniency>,
}

impl Leniencies {
    pub(crate) fn allow(&self) -> Leniency {
        self.allow.iter().fold(Leniency::NONE, |all, one| all | *one)
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum FrameForm {
    /// Found out from the first 64 KiB
    Auto,
    /// One frame a line; spaces, 0x and colons may stand between bytes
    Hex,
    /// One frame a line; standard or URL alphabet, padded or not
    Base64,
    /// The whole file is one frame
    Raw,
    /// Frames with 24-bit lengths, with or without the intro header
    Stream,
    /// {"time"?, "direction"?, "hex" | "base64" | "node"} on each line
    Jsonl,
}

impl From<FrameForm> for Form {
    fn from(form: FrameForm) -> Self {
        match form {
            FrameForm::Auto => Self::Auto,
            FrameForm::Hex => Self::Hex,
            FrameForm::Base64 => Self::Base64,
            FrameForm::Raw => Self::Raw,
            FrameForm::Stream => Self::Stream,
            FrameForm::Jsonl => Self::JsonLinesOrArray,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FlagByte {
    Yes,
    No,
    Auto,
}

pub(crate) fn dictionary(version: &str) -> Result<Dictionary, String> {
    let known = version.parse().ok().and_then(Dictionary::from_version);
    known.ok_or_else(|| "unknown dictionary; expected 2 or 3".to_owned())
}
