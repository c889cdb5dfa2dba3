//! `tokens`: the dictionaries.

use std::io::Write;

use anyhow::Result;
use clap::ValueEnum;
use data_encoding::HEXLOWER_PERMISSIVE;
use serde::Serialize;
use wabinary::{Dictionary, Token};

use crate::json_output::{JsonOutput, Layout};
use crate::options::DICTIONARIES;
use crate::status::{Status, say};
use crate::stdout::stdout;

const EXAMPLES: &str = "\
Examples:
  wabinary tokens | grep relay
  wabinary tokens ack receipt --hex ec0b";

/// List a dictionary, or look texts up in it
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Texts to look up; without a text or --hex, list every token
    #[arg(value_name = "TEXT")]
    texts: Vec<String>,

    /// Wire bytes to look up: one, or two for a token of the double-byte dictionaries
    #[arg(long, value_name = "BYTES", value_parser = wire_bytes)]
    hex: Vec<WireBytes>,

    /// Dictionary version
    #[arg(long, value_name = "N", default_value = "3", value_parser = DICTIONARIES)]
    dictionary: Dictionary,

    /// The output format
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Wire bytes, a tab and the text; unknown tokens are reported on stderr
    Text,
    /// One array of {"hex", "text"}, with null for the missing part
    Json,
    /// A line for each of them
    Jsonl,
}

#[derive(Clone)]
struct WireBytes(Vec<u8>);

/// A token, or the half that was looked up.
#[derive(Serialize)]
struct Entry {
    hex: Option<String>,
    text: Option<String>,
}

pub(crate) fn run(args: Args) -> Result<Status> {
    let Args { texts, hex, dictionary, format } = args;
    let mut status = Status::default();
    let entries: Box<dyn Iterator<Item = Entry>> = if texts.is_empty() && hex.is_empty() {
        Box::new(dictionary.tokens().map(|(token, text)| Entry::new(token, text)))
    } else {
        let of_texts = texts.into_iter().map(move |text| match dictionary.find(&text) {
            Some(token) => Entry::new(token, &text),
            None => Entry { hex: None, text: Some(text) },
        });
        let of_bytes = hex.into_iter().map(move |WireBytes(bytes)| {
            let found = dictionary.tokens().find(|(token, _)| token.wire_bytes().eq(bytes.iter().copied()));
            let missing = || Entry { hex: Some(HEXLOWER_PERMISSIVE.encode(&bytes)), text: None };
            found.map_or_else(missing, |(token, text)| Entry::new(token, text))
        });
        Box::new(of_texts.chain(of_bytes))
    };
    match format {
        Format::Text => {
            let mut out = stdout();
            for Entry { hex, text } in entries {
                match (hex, text) {
                    (Some(hex), Some(text)) => writeln!(out, "{hex}\t{text}")?,
                    (hex, text) => {
                        let what = hex.or(text).unwrap_or_default();
                        say(format_args!("{what:?} is not a token of dictionary {}", dictionary.version()));
                        status.count_failed();
                    }
                }
            }
            out.flush()?;
        }
        Format::Json | Format::Jsonl => {
            let layout = if format == Format::Json { Layout::Array } else { Layout::Lines };
            let mut out = JsonOutput::new(layout);
            for entry in entries {
                if entry.hex.is_none() || entry.text.is_none() {
                    status.count_failed();
                }
                out.write(&entry)?;
            }
            out.finish()?;
        }
    }
    Ok(status)
}

impl Entry {
    fn new(token: Token, text: &str) -> Self {
        Self {
            hex: Some(HEXLOWER_PERMISSIVE.encode(&token.wire_bytes().collect::<Vec<_>>())),
            text: Some(text.to_owned()),
        }
    }
}

fn wire_bytes(text: &str) -> Result<WireBytes, String> {
    let bytes = wabinary_capture::read_hex(text);
    bytes.map(WireBytes).ok_or_else(|| "expected two hexadecimal digits for each byte".to_owned())
}
