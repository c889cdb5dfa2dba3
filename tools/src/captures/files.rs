//! The forms that captures are kept in.

use data_encoding::HEXLOWER;
use wabinary::stream::write_frame;
use wabinary::{Dictionary, Encoder};

use super::recording::{Direction, Record, Recording, START, Stanza};

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
pub(crate) fn jsonl(recording: &Recording, dictionary: Dictionary, form: Form) -> Vec<u8> {
    let line = |record: &Record| match record {
        Record::Line(line) => format!("{line}\n"),
        Record::Stanza(stanza) => {
            let time = (form.time)(stanza.time, stanza.direction);
            let time = time.map_or_else(String::new, |time| format!(r#""time": {time}, "#));
            let direction = match stanza.direction {
                _ if !form.with_direction => "",
                Direction::Send => r#""direction": "send", "#,
                Direction::Receive => r#""direction": "receive", "#,
            };
            format!("{{{time}{direction}\"hex\": \"{}\"}}\n", HEXLOWER.encode(&encode(stanza, dictionary)))
        }
    };
    recording.records.iter().map(line).collect::<String>().into_bytes()
}

/// The frames of one direction behind their lengths, as they would go over the socket if it were not encrypted. Only
/// what a client sends begins with an intro header.
pub(crate) fn stream(recording: &Recording, wanted: Direction) -> Vec<u8> {
    let mut stream = if wanted == Direction::Send { INTRO.to_vec() } else { Vec::new() };
    for record in &recording.records {
        if let Record::Stanza(stanza) = record
            && stanza.direction == wanted
        {
            write_frame(&encode(stanza, Dictionary::V3), &mut stream).expect("a frame of a stream");
        }
    }
    stream
}

fn encode(stanza: &Stanza, dictionary: Dictionary) -> Vec<u8> {
    let encoder = Encoder::new().with_dictionary(dictionary);
    let mut encoder = if stanza.compressed { encoder.with_zlib(6) } else { encoder };
    encoder.encode(&stanza.node).expect("a stanza of the captures encodes").to_vec()
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
