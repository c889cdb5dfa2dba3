//! When records were taken, and by which clock.

use std::collections::HashMap;
use std::time::Duration;

use super::Seen;
use crate::Outcome;

/// A time as the text of the JSON number or string in the capture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time(Box<str>);

impl Time {
    /// A time from its JSON value.
    #[must_use]
    pub fn from_json(json: &str) -> Self {
        Self(json.into())
    }

    /// The JSON value. A text has quotes.
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

/// A parsed time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The clock of the time.
    pub clock: Clock,
    /// Microseconds since the clock's origin.
    pub micros: i64,
}

/// The origin of times. Times by two clocks cannot be compared, and neither can the times of two files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clock {
    /// 1970-01-01 00:00 UTC.
    Unix,
    /// 1970-01-01 00:00 of a date without a zone, counted as UTC.
    Local,
    /// Midnight of an unknown day.
    Day,
    /// The start of a device or of a program.
    Monotonic,
}

/// A time by one of the clocks of a capture. Two moments can be subtracted if their clock is the same.
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
    numbers: HashMap<(u32, Clock), usize>,
    /// The first time by a clock that knows the date.
    start: Option<Stamp>,
    /// The first and the last time by each clock, in microseconds.
    spans: Vec<(i64, i64)>,
}

impl Clocks {
    /// The moment of a record of this file.
    pub(crate) fn read(&mut self, file: u32, stamp: Stamp) -> Moment {
        let (micros, next) = (stamp.micros, self.spans.len());
        let clock = *self.numbers.entry((file, stamp.clock)).or_insert(next);
        if matches!(stamp.clock, Clock::Unix | Clock::Local) {
            let is_first = self.start.is_none_or(|start| start.clock == stamp.clock && micros < start.micros);
            self.start = if is_first { Some(stamp) } else { self.start };
        }
        match self.spans.get_mut(clock) {
            Some((first, last)) => (*first, *last) = ((*first).min(micros), (*last).max(micros)),
            None => self.spans.push((micros, micros)),
        }
        Moment { clock, micros }
    }

    /// When the capture starts, by the first clock that knows the date.
    pub(crate) fn start(&self) -> Option<Stamp> {
        self.start
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

    /// Sets the time since the start.
    pub(crate) fn set_time(&self, seen: &mut Seen) {
        seen.since_start = seen.moment.map(|moment| self.since_start(moment));
    }

    /// The outcome of a stanza without an answer: pending if the capture ends before its timeout.
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
    fn different_clocks_and_files_are_not_compared() {
        let mut clocks = Clocks::default();
        let mut read = |file, clock, micros| clocks.read(file, Stamp { clock, micros });
        let first = read(0, Clock::Unix, 1_000_000);
        assert_eq!(read(0, Clock::Unix, 1_500_000).since(first), Some(500_000));
        for (file, clock, micros) in [
            (0, Clock::Monotonic, 1_500_000),
            (0, Clock::Local, 400_000),
            (1, Clock::Unix, 1_500_000),
            (0, Clock::Unix, 500_000),
        ] {
            assert_eq!(read(file, clock, micros).since(first), None, "{file} {clock:?} {micros}");
        }
        assert_eq!(clocks.count(), 4);
        assert_eq!(clocks.start(), Some(Stamp { clock: Clock::Unix, micros: 500_000 }));
        assert_eq!(clocks.since_start(first), 500_000);
        assert_eq!(clocks.until_end(first), 500_000);
    }
}
