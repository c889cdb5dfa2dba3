//! A synthetic capture of any number of small frames: the 1024 of the benchmarks, repeated. It uses neither chance nor
//! a clock, so the bytes are equal in every run.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use clap::{Args, ValueEnum};
use data_encoding::HEXLOWER;
use wabinary::Dictionary;
use wabinary::stream::{Prologue, write_frame};
use wabinary_testing::corpus;

#[derive(Args)]
pub(crate) struct LargeCapture {
    /// Number of frames
    pub(crate) count: u64,
    #[arg(value_enum, default_value_t = Form::Jsonl)]
    pub(crate) form: Form,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Form {
    /// A JSON object a line, with time and direction
    Jsonl,
    /// Frames with 24-bit lengths, after an intro header
    Stream,
    /// A frame a line
    Hex,
    /// A stanza a line, as whatsmeow logs it
    Log,
    /// Call stanzas and their acks in turn, as jsonl: three stanzas a call
    Calls,
    /// Call stanzas and their acks in turn, all with one id
    OneId,
}

impl LargeCapture {
    pub(crate) fn run(&self) -> Result<()> {
        self.write(&mut io::stdout().lock())
    }

    pub(crate) fn write(&self, out: impl Write) -> Result<()> {
        let mut out = BufWriter::with_capacity(64 * 1024, out);
        if matches!(self.form, Form::Calls | Form::OneId) {
            return self.write_calls(out);
        }
        let frames = corpus::stream();
        let hex: Vec<String> = frames.iter().map(|frame| HEXLOWER.encode(frame)).collect();
        if let Form::Stream = self.form {
            let mut prologue = Vec::new();
            Prologue::new(Dictionary::V3).write(&mut prologue)?;
            out.write_all(&prologue)?;
        }
        let xml = frames.iter().map(|frame| Ok(wabinary::decode_slice(frame)?.to_string()));
        let xml = if let Form::Log = self.form { xml.collect::<Result<Vec<_>>>()? } else { vec![String::new()] };
        let mut framed = Vec::new();
        for ((n, frame), hex) in (0..self.count).zip(frames.iter().cycle()).zip(hex.iter().cycle()) {
            match self.form {
                Form::Jsonl => {
                    // A frame each second, in alternating directions.
                    let direction = if n % 2 == 0 { "receive" } else { "send" };
                    let time = 1_700_000_000 + n;
                    writeln!(out, r#"{{"time": {time}, "direction": "{direction}", "hex": "{hex}"}}"#)?;
                }
                Form::Hex | Form::Calls | Form::OneId => writeln!(out, "{hex}")?,
                Form::Log => {
                    let (name, second) = (if n % 2 == 0 { "Recv" } else { "Send" }, n / 100 % 86_400);
                    let (hours, minutes, second, hundredth) = (second / 3600, second / 60 % 60, second % 60, n % 100);
                    let xml = xml.iter().cycle().nth(n as usize % xml.len()).map_or("", |xml| xml);
                    writeln!(out, "{hours:02}:{minutes:02}:{second:02}.{hundredth:02}0 [Client/{name} DEBUG] {xml}")?;
                }
                Form::Stream => {
                    framed.clear();
                    write_frame(frame, &mut framed)?;
                    out.write_all(&framed)?;
                }
            }
        }
        Ok(out.flush()?)
    }

    fn write_calls(&self, mut out: impl Write) -> Result<()> {
        for n in 0..self.count {
            let (number, time) = (n / 2, 1_700_000_000.0 + n as f64 / 100.0);
            let (call, peer, action) =
                (number / 3, number / 3 % 50, ["offer", "transport", "terminate"][number as usize % 3]);
            let id = if let Form::OneId = self.form { "1".to_owned() } else { format!("41.17-{number}") };
            let (direction, node) = if n % 2 == 0 {
                (
                    "send",
                    format!(
                        r#""tag": "call", "attrs": [["to", {{"jid": "{peer}@lid"}}], ["id", "{id}"]], "content": {{"nodes": [{{"tag": "{action}", "attrs": [["call-id", "{call:032X}"]]}}]}}"#
                    ),
                )
            } else {
                (
                    "receive",
                    format!(
                        r#""tag": "ack", "attrs": [["from", {{"jid": "{peer}@lid"}}], ["id", "{id}"], ["class", "call"], ["type", "{action}"]]"#
                    ),
                )
            };
            writeln!(out, r#"{{"time": {time:.2}, "direction": "{direction}", "node": {{{node}}}}}"#)?;
        }
        Ok(out.flush()?)
    }
}
