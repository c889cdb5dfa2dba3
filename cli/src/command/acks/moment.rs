//! When records were taken, and by which clock.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::record::Record;

/// A time by one of the clocks of a capture. Two can be subtracted if their clock is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    clock: u32,
    /// In microseconds, since whatever the clock counts from.
    micros: i64,
}

impl Moment {
    /// From an earlier moment until this one, in microseconds; `None` if the clocks differ or time went backwards.
    pub(crate) fn since(self, earlier: Self) -> Option<u64> {
        let elapsed = self.micros.checked_sub(earlier.micros)?;
        u64::try_from(elapsed).ok().filter(|_| self.clock == earlier.clock)
    }
}

/// What a time is written as. Nothing tells that two of these are by the same clock, so they are taken for different
/// ones, as are the times of two files.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Notation {
    /// A number of seconds since 1970.
    SinceEpoch,
    /// A number of seconds too small for that: since the capture, the app or the device began.
    SinceStart,
    /// RFC 3339.
    Text,
}

/// From here on, a number of seconds is one since 1970: 2001-09-09. A device that has been up for as long is not known.
const EPOCH_FROM: f64 = 1e9;

/// The clocks of a capture.
#[derive(Default)]
pub(crate) struct Clocks {
    numbers: HashMap<(u32, Notation), u32>,
    /// The first and the last time by each, in microseconds.
    spans: Vec<(i64, i64)>,
}

impl Clocks {
    /// When a record was taken, if it tells.
    pub(crate) fn read(&mut self, record: &Record) -> Option<Moment> {
        let (notation, micros) = read(record.time.as_ref()?.get())?;
        let next = u32::try_from(self.spans.len()).ok()?;
        let clock = *self.numbers.entry((record.input, notation)).or_insert(next);
        match self.spans.get_mut(clock as usize) {
            Some((first, last)) => (*first, *last) = ((*first).min(micros), (*last).max(micros)),
            None => self.spans.push((micros, micros)),
        }
        Some(Moment { clock, micros })
    }

    pub(crate) fn count(&self) -> usize {
        self.spans.len()
    }

    /// From the first time by the same clock until this one, in microseconds.
    pub(crate) fn since_start(&self, moment: Moment) -> u64 {
        let start = self.spans.get(moment.clock as usize).map_or(moment.micros, |(first, _)| *first);
        moment.since(Moment { micros: start, ..moment }).unwrap_or(0)
    }

    /// From this moment until the last time by the same clock, in microseconds.
    pub(crate) fn until_end(&self, moment: Moment) -> u64 {
        let end = self.spans.get(moment.clock as usize).map_or(moment.micros, |(_, last)| *last);
        Moment { micros: end, ..moment }.since(moment).unwrap_or(0)
    }
}

/// `time` of a record: a JSON number, or a text.
fn read(time: &str) -> Option<(Notation, i64)> {
    if let Some(text) = time.strip_prefix('"') {
        let time: Timestamp = text.strip_suffix('"')?.parse().ok()?;
        return Some((Notation::Text, time.as_microsecond()));
    }
    // Numbers of seconds since 1970 are exact to a quarter of a microsecond.
    let seconds: f64 = time.parse().ok()?;
    let notation = if seconds < EPOCH_FROM { Notation::SinceStart } else { Notation::SinceEpoch };
    let micros = (seconds * 1e6).round();
    (micros.abs() < i64::MAX as f64).then_some((notation, micros as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_microsecond() {
        let micros = |time: &str| read(time).map(|(_, micros)| micros);
        assert_eq!(micros("1700000000.091"), Some(1_700_000_000_091_000));
        assert_eq!(micros("1700000000.123456"), Some(1_700_000_000_123_456));
        assert_eq!(micros("1.7e9"), Some(1_700_000_000_000_000));
        assert_eq!(micros("\"2023-11-14T22:13:20.091Z\""), Some(1_700_000_000_091_000));
        assert_eq!(micros("\"2023-11-14T23:13:20.091+01:00\""), Some(1_700_000_000_091_000));
        for bad in ["\"yesterday\"", "\"\"", "\"", "1e300", "-1e300", "\"2023-11-14\""] {
            assert_eq!(micros(bad), None, "{bad}");
        }
    }

    #[test]
    fn different_notations_are_different_clocks() {
        let record = |input, time: &str| Record {
            input,
            time: Some(serde_json::value::RawValue::from_string(time.to_owned()).unwrap()),
            ..crate::record::Payload::Frame(bytes::Bytes::new()).into()
        };
        let mut clocks = Clocks::default();
        let mut read = |input, time| clocks.read(&record(input, time)).unwrap();
        let first = read(0, "1700000000.5");
        assert_eq!(read(0, "1700000001").since(first), Some(500_000));
        for (input, time) in [(0, "12.5"), (0, "\"2023-11-14T22:13:20.091Z\""), (1, "1700000001"), (0, "1700000000")] {
            assert_eq!(read(input, time).since(first), None, "{input} {time}");
        }
        assert_eq!(clocks.count(), 4);
        assert_eq!(clocks.since_start(first), 500_000);
        assert_eq!(clocks.until_end(first), 500_000);
    }
}
