//! Writes a synthetic capture of as many small frames as asked for: the 1024 of the benchmarks, over and over. Without
//! chance or clock: the same bytes every time.
//!
//! `cargo run --release --example make_large_capture -- 1000000 > large.jsonl`, or `-- 1000000 stream > large.stream`,
//! or `-- 1000000 hex > large.hex`.

use std::io::{self, BufWriter, Write};

use data_encoding::HEXLOWER;
use wabinary::stream::write_frame;

#[allow(dead_code, reason = "the benchmarks use the rest")]
#[path = "../benches/corpus/mod.rs"]
mod corpus;

/// What a client sends before its first frame: protocol 6, dictionary 3.
const INTRO: &[u8] = b"WA\x06\x03";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().ok_or("expected the number of frames, then perhaps jsonl, stream or hex")?.parse()?;
    let mut out = BufWriter::with_capacity(64 * 1024, io::stdout().lock());
    match arguments.next().as_deref() {
        None | Some("jsonl") => jsonl(count, &mut out)?,
        Some("stream") => stream(count, &mut out)?,
        Some("hex") => hex(count, &mut out)?,
        Some(_) => return Err("expected jsonl, stream or hex".into()),
    }
    Ok(out.flush()?)
}

/// A frame each second, the directions in turn.
fn jsonl(count: u64, out: &mut impl Write) -> io::Result<()> {
    let frames: Vec<_> = corpus::stream().iter().map(|frame| HEXLOWER.encode(frame)).collect();
    (0..count).zip(frames.iter().cycle()).try_for_each(|(n, hex)| {
        let direction = if n % 2 == 0 { "receive" } else { "send" };
        writeln!(out, r#"{{"time": {}, "direction": "{direction}", "hex": "{hex}"}}"#, 1_700_000_000 + n)
    })
}

fn hex(count: u64, out: &mut impl Write) -> io::Result<()> {
    let frames: Vec<_> = corpus::stream().iter().map(|frame| HEXLOWER.encode(frame)).collect();
    (0..count).zip(frames.iter().cycle()).try_for_each(|(_, hex)| writeln!(out, "{hex}"))
}

fn stream(count: u64, out: &mut impl Write) -> Result<(), Box<dyn std::error::Error>> {
    out.write_all(INTRO)?;
    let mut framed = Vec::new();
    for (_, frame) in (0..count).zip(corpus::stream().iter().cycle()) {
        framed.clear();
        write_frame(frame, &mut framed)?;
        out.write_all(&framed)?;
    }
    Ok(())
}
