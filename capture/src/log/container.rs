//! Log lines that a container or the journal stores as JSON.
//!
//! Docker's `json-file` driver: `{"log": "..\n", "stream": "stdout", "time": ".."}`; the journal's export:
//! `{"MESSAGE": "..", "__REALTIME_TIMESTAMP": ".."}`.

use super::Read;
use crate::json::{Object, Text};
use crate::time::Time;

/// Whether a text is an object with a log line.
pub(super) fn is_one(text: &str) -> bool {
    Object::read(Text { text: text.as_bytes(), line: 1, column: 1 }).is_ok_and(|object| holds_line(&object))
}

fn holds_line(object: &Object<'_>) -> bool {
    object.has("log") && object.has("stream") || object.has("MESSAGE")
}

/// Reads the line in an object.
pub(super) fn read(text: &str, number: u64) -> Option<Read> {
    let object = Object::read(Text { text: text.as_bytes(), line: number, column: 1 }).ok()?;
    if !holds_line(&object) {
        return None;
    }
    let line = object.text_of("log").or_else(|| object.text_of("MESSAGE"))?;
    let mut read = super::read_line(line.trim_end(), number);
    if let Read::Records(records) = &mut read {
        let time = object.text_of("time").or_else(|| object.text_of("__REALTIME_TIMESTAMP"));
        let time = time.and_then(|time| Time::from_text(&time));
        for record in records.iter_mut().filter(|record| record.time.is_none()) {
            record.time.clone_from(&time);
        }
    }
    Some(read)
}
