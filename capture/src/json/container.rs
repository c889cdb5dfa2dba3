//! Lines of a log that a container or the journal keeps as JSON.
//!
//! Docker's `json-file` driver: `{"log": "..\n", "stream": "stdout", "time": ".."}`; the journal's export:
//! `{"MESSAGE": "..", "__REALTIME_TIMESTAMP": ".."}`.

use super::Read;
use super::object::Object;
use crate::log;
use crate::time::Time;

pub(super) fn is_one(object: &Object<'_>) -> bool {
    object.has("log") && object.has("stream") || object.has("MESSAGE")
}

pub(super) fn read(object: &Object<'_>) -> Option<Read> {
    if !is_one(object) {
        return None;
    }
    let line = object.text_of("log").or_else(|| object.text_of("MESSAGE"))?;
    let mut read = log::read_line(line.trim_end(), object.text.line);
    if let Read::Records(records) = &mut read {
        let time = object.text_of("time").or_else(|| object.text_of("__REALTIME_TIMESTAMP"));
        let time = time.and_then(|time| Time::from_text(&time));
        for record in records.iter_mut().filter(|record| record.time.is_none()) {
            record.time.clone_from(&time);
        }
    }
    Some(read)
}
