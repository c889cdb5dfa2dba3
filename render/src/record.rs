//! The first members of every JSON object of a record.

use serde::ser::SerializeMap;
use wabinary_calls::report::Record;

/// Writes `frame`, and `line`, `time` and `direction` if the record has them.
///
/// # Errors
/// The error of the serializer.
pub fn serialize_members<M: SerializeMap>(record: &Record, map: &mut M) -> Result<(), M::Error> {
    map.serialize_entry("frame", &record.frame)?;
    if let Some(line) = record.line {
        map.serialize_entry("line", &line)?;
    }
    if let Some(time) = &record.time {
        map.serialize_entry("time", time)?;
    }
    if let Some(direction) = record.direction {
        map.serialize_entry("direction", &direction)?;
    }
    Ok(())
}
