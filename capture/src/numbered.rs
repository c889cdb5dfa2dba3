//! A record with its number over all files of a run.

use crate::record::Record;
use crate::records::Form;
use crate::time;
use serde::ser::SerializeMap;
use wabinary_calls::report::{self, Clock, Stamp, Time};

/// A record with its number over all files of a run, and the data that reports need.
#[derive(Debug)]
pub struct Numbered {
    /// Number, file, line, time and direction.
    pub head: report::Record,
    /// The record as it was read.
    pub read: Record,
    /// The form of its file.
    pub form: Form,
}

impl Numbered {
    /// A record with its number over all files, and the number of its file.
    #[must_use]
    pub fn new(frame: u64, file: u32, form: Form, read: Record) -> Self {
        let time = read.time.as_ref().map(|time| Time::from_json(time.as_json()));
        let stamp = read.time.as_ref().and_then(stamp);
        let head = report::Record { frame, file, line: read.line, time, stamp, direction: read.direction };
        Self { head, read, form }
    }

    /// Writes the first members of every JSON object of a record. `line`: if the output has the lines of its input.
    ///
    /// # Errors
    /// The error of the serializer.
    pub fn serialize_members<M: SerializeMap>(&self, line: Option<u64>, map: &mut M) -> Result<(), M::Error> {
        fn member<M: SerializeMap, T: serde::Serialize>(
            map: &mut M,
            name: &'static str,
            value: Option<T>,
        ) -> Result<(), M::Error> {
            value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
        }

        let read = &self.read;
        map.serialize_entry("frame", &self.head.frame)?;
        member(map, "line", line)?;
        member(map, "source", read.source.as_deref())?;
        member(map, "socket", read.noted.socket)?;
        member(map, "time", self.head.time.as_ref())?;
        let clock = read.time.as_ref().map(time::Time::clock);
        member(map, "clock", clock.filter(|clock| *clock != time::Clock::Unix).map(time::Clock::name))?;
        member(map, "direction", self.head.direction)?;
        member(map, "counter", read.noted.counter)?;
        member(map, "missing_before", read.noted.missing_before)?;
        member(map, "fidelity", read.fidelity.name())?;
        let lost: Vec<_> = read.lost.names().collect();
        member(map, "lost", (!lost.is_empty()).then_some(lost))
    }
}

/// A time for a report, if it can be read.
fn stamp(time: &time::Time) -> Option<Stamp> {
    let clock = match time.clock() {
        time::Clock::Unix => Clock::Unix,
        time::Clock::Local => Clock::Local,
        time::Clock::Day => Clock::Day,
        time::Clock::Monotonic => Clock::Monotonic,
    };
    time.micros().map(|micros| Stamp { clock, micros })
}
