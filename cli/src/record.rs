//! One record of the input, with its number over all files.

use serde::ser::SerializeMap;
use wabinary_calls::report::{self, Clock, Stamp, Time};
use wabinary_capture as capture;

pub(crate) use capture::{Failure, Fault, Payload};

/// A record, in the order of the input.
pub(crate) struct Record {
    /// Number, file, line, time and direction.
    pub(crate) head: report::Record,
    /// What was read.
    pub(crate) read: capture::Record,
    /// The form of its file.
    pub(crate) form: capture::Form,
}

impl Record {
    /// The record with a number over all files, of which it is in one.
    pub(crate) fn new(frame: u64, file: u32, form: capture::Form, read: capture::Record) -> Self {
        let time = read.time.as_ref().map(|time| Time::from_json(time.as_json()));
        let stamp = read.time.as_ref().and_then(stamp);
        let head = report::Record { frame, file, line: read.line, time, stamp, direction: read.direction };
        Self { head, read, form }
    }

    /// Writes what every JSON object of a record begins with. `line`: where the output has lines of its input.
    pub(crate) fn serialize_members<M: SerializeMap>(&self, line: Option<u64>, map: &mut M) -> Result<(), M::Error> {
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
        let clock = read.time.as_ref().map(capture::Time::clock);
        member(map, "clock", clock.filter(|clock| *clock != capture::Clock::Unix).map(capture::Clock::name))?;
        member(map, "direction", self.head.direction)?;
        member(map, "counter", read.noted.counter)?;
        member(map, "missing_before", read.noted.missing_before)?;
        member(map, "fidelity", read.fidelity.name())?;
        let lost: Vec<_> = read.lost.names().collect();
        member(map, "lost", (!lost.is_empty()).then_some(lost))
    }
}

/// A time for a report, if it can be read.
fn stamp(time: &capture::Time) -> Option<Stamp> {
    let clock = match time.clock() {
        capture::Clock::Unix => Clock::Unix,
        capture::Clock::Local => Clock::Local,
        capture::Clock::Day => Clock::Day,
        capture::Clock::Monotonic => Clock::Monotonic,
    };
    time.micros().map(|micros| Stamp { clock, micros })
}
