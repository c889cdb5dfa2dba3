//! A time given by the user, and its order with the times of records.

use std::cmp::Ordering;
use std::collections::HashMap;

use wabinary_calls::report::{Clock as RecordClock, Stamp};

use crate::numbered::Numbered;
use crate::time::{Clock, Time};

/// A day, in microseconds.
const DAY: i64 = 86_400_000_000;

/// A time given by the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Microseconds since 1970.
    Date(i64),
    /// Microseconds since midnight.
    OfDay(i64),
    /// Microseconds since the first record of the clock and file.
    SinceStart(i64),
}

impl Moment {
    /// Reads the start of a range of time.
    ///
    /// # Errors
    /// The expected forms.
    pub fn start(text: &str) -> Result<Self, String> {
        read(text)
    }

    /// Reads the end of a range of time. A day, minute or second ends after its last moment.
    ///
    /// # Errors
    /// The expected forms.
    pub fn end(text: &str) -> Result<Self, String> {
        read_end(text)
    }
}

fn read(text: &str) -> Result<Moment, String> {
    const EXPECTED: &str = "not a time; expected one like 2023-11-14T22:13:20Z, 2023-11-14, 22:13:20 or 66.5 (seconds)";
    let time = Time::read(text).ok_or_else(|| EXPECTED.to_owned())?;
    let micros = time.micros().ok_or_else(|| EXPECTED.to_owned())?;
    Ok(match time.clock() {
        Clock::Unix | Clock::Local => Moment::Date(micros),
        Clock::Day => Moment::OfDay(micros),
        Clock::Monotonic => Moment::SinceStart(micros),
    })
}

fn read_end(text: &str) -> Result<Moment, String> {
    const SECOND: i64 = 1_000_000;
    let length = match text.rsplit(['T', ' ']).next().unwrap_or_default() {
        date if date.len() == "2023-11-14".len() && date.contains('-') && !date.contains(':') => DAY,
        time if time.matches(':').count() == 1 => 60 * SECOND,
        time if time.contains(':') && !time.contains(['.', ',']) => SECOND,
        _ => 1,
    };
    let last = |micros: i64| micros.saturating_add(length - 1);
    Ok(match read(text)? {
        Moment::Date(micros) => Moment::Date(last(micros)),
        Moment::OfDay(micros) => Moment::OfDay(last(micros)),
        Moment::SinceStart(micros) => Moment::SinceStart(micros),
    })
}

/// The first time of each clock in each file.
#[derive(Debug, Default)]
pub(super) struct Starts(HashMap<(u32, RecordClock), i64>);

impl Starts {
    pub(super) fn see(&mut self, record: &Numbered) {
        if let Some(Stamp { clock, micros }) = record.head.stamp {
            self.0.entry((record.head.file, clock)).or_insert(micros);
        }
    }

    /// The order of a record's time and a given one; `None` if they cannot be compared.
    pub(super) fn compare(&self, record: &Numbered, stamp: Option<Stamp>, with: Moment) -> Option<Ordering> {
        let Stamp { clock, micros } = stamp?;
        match (with, clock) {
            (Moment::SinceStart(with), _) => {
                let start = self.0.get(&(record.head.file, clock))?;
                Some(micros.saturating_sub(*start).cmp(&with))
            }
            (Moment::Date(with), RecordClock::Unix | RecordClock::Local) => Some(micros.cmp(&with)),
            (Moment::OfDay(with), RecordClock::Unix | RecordClock::Local | RecordClock::Day) => {
                Some(micros.rem_euclid(DAY).cmp(&with))
            }
            (Moment::Date(_), RecordClock::Day | RecordClock::Monotonic)
            | (Moment::OfDay(_), RecordClock::Monotonic) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_includes_the_day_or_minute_that_is_given() {
        for (text, start, end) in [
            ("2023-11-14", Moment::Date(1_699_920_000_000_000), Moment::Date(1_700_006_399_999_999)),
            ("2023-11-14T22:13:20Z", Moment::Date(1_700_000_000_000_000), Moment::Date(1_700_000_000_999_999)),
            ("22:13", Moment::OfDay(79_980_000_000), Moment::OfDay(80_039_999_999)),
            ("22:13:20.5", Moment::OfDay(80_000_500_000), Moment::OfDay(80_000_500_000)),
            ("66.5", Moment::SinceStart(66_500_000), Moment::SinceStart(66_500_000)),
            ("1700000000", Moment::Date(1_700_000_000_000_000), Moment::Date(1_700_000_000_000_000)),
        ] {
            assert_eq!((read(text), read_end(text)), (Ok(start), Ok(end)), "{text}");
        }
    }
}
