//! When records were taken, and by which clock.

use std::collections::HashMap;
use std::time::Duration;

use super::Seen;
use crate::Outcome;

/// A time, as a record of the capture gives it: the text of a JSON number or string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time(Box<str>);

impl Time {
    /// A time that is given as this JSON value.
    #[must_use]
    pub fn from_json(json: &str) -> Self {
        Self(json.into())
    }

    /// The JSON value: quotes stand around a text.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// The value for people, without quotes.
    #[must_use]
    pub fn as_text(&self) -> &str {
        self.0.trim_matches('"')
    }
}

/// A time that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// How it is written.
    pub notation: Notation,
    /// Microseconds since whatever the clock counts from.
    pub micros: i64,
}

/// How a time is written. Nothing says that two notations are by one clock, so they count as different clocks, and so do
/// the times of two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notation {
    /// A number of seconds since 1970.
    SinceEpoch,
    /// A number of seconds too small for that: since the capture, the app or the device began.
    SinceStart,
    /// RFC 3339.
    Text,
}

/// A time by one of the clocks of a capture. Two can be subtracted if their clock is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    clock: usize,
    micros: i64,
}

impl Moment {
    /// From an earlier moment until this one, in microseconds; `None` if the clocks differ or time went backwards.
    pub(crate) fn since(self, earlier: Self) -> Option<u64> {
        let elapsed = self.micros.checked_sub(earlier.micros)?;
        u64::try_from(elapsed).ok().filter(|_| self.clock == earlier.clock)
    }
}

/// The clocks of a capture.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    numbers: HashMap<(u32, Notation), usize>,
    /// The first and the last time by each, in microseconds.
    spans: Vec<(i64, i64)>,
}

impl Clocks {
    /// The moment of a record of this file.
    pub(crate) fn read(&mut self, file: u32, Stamp { notation, micros }: Stamp) -> Moment {
        let next = self.spans.len();
        let clock = *self.numbers.entry((file, notation)).or_insert(next);
        match self.spans.get_mut(clock) {
            Some((first, last)) => (*first, *last) = ((*first).min(micros), (*last).max(micros)),
            None => self.spans.push((micros, micros)),
        }
        Moment { clock, micros }
    }

    pub(crate) fn count(&self) -> usize {
        self.spans.len()
    }

    /// From the first time by the same clock until this one, in microseconds.
    pub(crate) fn since_start(&self, moment: Moment) -> u64 {
        let start = self.spans.get(moment.clock).map_or(moment.micros, |(first, _)| *first);
        moment.since(Moment { micros: start, ..moment }).unwrap_or(0)
    }

    /// From this moment until the last time by the same clock, in microseconds.
    pub(crate) fn until_end(&self, moment: Moment) -> u64 {
        let end = self.spans.get(moment.clock).map_or(moment.micros, |(_, last)| *last);
        Moment { micros: end, ..moment }.since(moment).unwrap_or(0)
    }
}

impl Clocks {
    /// Where something was seen, with its time since the start.
    pub(crate) fn timed(&self, seen: Seen) -> Seen {
        Seen { since_start: seen.moment.map(|moment| self.since_start(moment)), ..seen }
    }

    /// What became of a stanza that nobody answered: it is pending if the capture ends before its time is over.
    pub(crate) fn without_answer(&self, last_sent: &Seen, timeout: Duration) -> Outcome {
        match last_sent.moment.map(|moment| self.until_end(moment)) {
            Some(age) if u128::from(age) < timeout.as_micros() => Outcome::Pending,
            _ => Outcome::Unanswered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_notations_and_files_are_different_clocks() {
        let mut clocks = Clocks::default();
        let mut read = |file, notation, micros| clocks.read(file, Stamp { notation, micros });
        let first = read(0, Notation::SinceEpoch, 1_000_000);
        assert_eq!(read(0, Notation::SinceEpoch, 1_500_000).since(first), Some(500_000));
        for (file, notation, micros) in [
            (0, Notation::SinceStart, 1_500_000),
            (0, Notation::Text, 1_500_000),
            (1, Notation::SinceEpoch, 1_500_000),
            (0, Notation::SinceEpoch, 500_000),
        ] {
            assert_eq!(read(file, notation, micros).since(first), None, "{file} {notation:?} {micros}");
        }
        assert_eq!(clocks.count(), 4);
        assert_eq!(clocks.since_start(first), 500_000);
        assert_eq!(clocks.until_end(first), 500_000);
    }
}
