//! The forms that captures are kept in.

use std::fmt::Write;

use wabinary::stream::write_frame;
use wabinary::{Dictionary, EncodeError, Encoder};

use super::recording::{Direction, Record, Recording, START};

/// What a client sends before its first frame: protocol 6, dictionary 3.
const INTRO: &[u8] = b"WA\x06\x03";

/// What stands beside a frame.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    /// The time, if there is one.
    pub(crate) time: fn(u64, Direction) -> Option<String>,
    pub(crate) with_direction: bool,
}

/// Seconds since 1970 and the direction.
pub(crate) const USUAL: Form = Form { time: |time, _| Some(seconds(time)), with_direction: true };

/// One object a line: time, direction, frame. Notes are comments, for the reader to find the way.
pub(crate) fn jsonl(recording: &Recording, dictionary: Dictionary, form: Form) -> Result<Vec<u8>, EncodeError> {
    let mut text = String::new();
    for record in &recording.records {
        let written = match record {
            Record::Note(note) => writeln!(text, "# {note}"),
            Record::Line(line) => writeln!(text, "{line}"),
            Record::Stanza { time, direction, .. } => {
                let time = (form.time)(*time, *direction).map_or(String::new(), |time| format!(r#""time": {time}, "#));
                let direction = match direction {
                    _ if !form.with_direction => "",
                    Direction::Send => r#""direction": "send", "#,
                    Direction::Receive => r#""direction": "receive", "#,
                };
                let frame = encode(record, dictionary)?;
                let hex: String = frame.iter().map(|byte| format!("{byte:02x}")).collect();
                writeln!(text, r#"{{{time}{direction}"hex": "{hex}"}}"#)
            }
        };
        written.expect("a String takes what it is given");
    }
    Ok(text.into_bytes())
}

/// The frames of one direction behind their lengths, as they would go over the socket if it were not encrypted. Only
/// what a client sends begins with an intro header.
pub(crate) fn stream(recording: &Recording, wanted: Direction) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut stream = if wanted == Direction::Send { INTRO.to_vec() } else { Vec::new() };
    for record in &recording.records {
        if matches!(record, Record::Stanza { direction, .. } if *direction == wanted) {
            write_frame(&encode(record, Dictionary::V3)?, &mut stream)?;
        }
    }
    Ok(stream)
}

fn encode(record: &Record, dictionary: Dictionary) -> Result<Vec<u8>, EncodeError> {
    let mut frame = Vec::new();
    if let Record::Stanza { node, compressed, .. } = record {
        let encoder = Encoder::new().with_dictionary(dictionary);
        let mut encoder = if *compressed { encoder.with_zlib(6) } else { encoder };
        encoder.encode_into(node, &mut frame)?;
    }
    Ok(frame)
}

/// Seconds since 1970, a number.
pub(crate) fn seconds(time: u64) -> String {
    format!("{}.{:03}", time / 1000, time % 1000)
}

/// The same as text, for connections that end within the minute they begin in.
pub(crate) fn rfc3339(time: u64) -> String {
    let milliseconds = 20_000 + time - START;
    assert!(milliseconds < 60_000, "the next minute");
    format!("\"2023-11-14T22:13:{:02}.{:03}Z\"", milliseconds / 1000, milliseconds % 1000)
}
