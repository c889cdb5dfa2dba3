//! When records were taken, and by which clock.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::temporal::DateTimeParser;

mod decimal;

use decimal::Decimal;

/// When a record was taken: the time in JSON, the clock, and the microseconds if the time can be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    json: Box<str>,
    clock: Clock,
    micros: Option<i64>,
    unit: Option<Unit>,
}

/// The origin of times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Clock {
    /// 1970-01-01 00:00 UTC.
    #[default]
    Unix,
    /// 1970-01-01 00:00 of a date without a zone, counted as UTC.
    Local,
    /// Midnight of an unknown day.
    Day,
    /// The start of a device or of a program.
    Monotonic,
}

impl Clock {
    const ALL: [Self; 4] = [Self::Unix, Self::Local, Self::Day, Self::Monotonic];

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unix => "unix",
            Self::Local => "local",
            Self::Day => "day",
            Self::Monotonic => "monotonic",
        }
    }

    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|clock| clock.name() == name)
    }
}

/// The unit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl Unit {
    const ALL: [Self; 4] = [Self::Seconds, Self::Milliseconds, Self::Microseconds, Self::Nanoseconds];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }

    /// The number of decimal places of this unit in seconds.
    fn digits(self) -> i32 {
        self as i32 * 3
    }
}

/// Below this, a number of seconds is by a monotonic clock. No device is known to have been up for 31 years.
const MONOTONIC_BELOW: i128 = 1_000_000_000;
/// The years 2009, when WhatsApp began, to 2100, in seconds since 1970.
const YEARS: std::ops::Range<i128> = 1_230_768_000..4_102_444_800;
const MICROS: i64 = 1_000_000;
const DAY: i64 = 86_400;

impl Time {
    /// The time as JSON: a number of seconds, or the given text.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// The clock of the time.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// Microseconds since the clock's origin; `None` if the time cannot be read.
    #[must_use]
    pub fn micros(&self) -> Option<i64> {
        self.micros
    }

    /// Reads a time that a person wrote: a number in seconds to nanoseconds, a date, a time of day, or both, in RFC
    /// 3339 or in a form of logs. Seconds are optional.
    ///
    /// ```
    /// use wabinary_capture::{Clock, Time};
    ///
    /// let time = Time::read("22:13").unwrap();
    /// assert_eq!((time.clock(), time.micros()), (Clock::Day, Some(79_980_000_000)));
    /// assert_eq!(Time::read("yesterday"), None);
    /// ```
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let number = Decimal::read(text).map(|_| Self::from_number(text, None));
        let filled = || ["", ":00", " 00:00:00"].iter().find_map(|rest| Self::from_text(&format!("{text}{rest}")));
        number.or_else(filled).filter(|time| time.micros.is_some())
    }

    /// Reads a JSON value: a number in seconds to nanoseconds, or text. A given clock is not doubted.
    pub(crate) fn from_json(json: &str, clock: Option<Clock>) -> Self {
        match json.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(text) => {
                let known = Self::from_text(text).filter(|time| clock.is_none_or(|clock| clock == time.clock));
                known.unwrap_or_else(|| Self::unread(json, clock.unwrap_or_default()))
            }
            None => Self::from_number(json, clock),
        }
    }

    fn unread(json: &str, clock: Clock) -> Self {
        Self { json: json.into(), clock, micros: None, unit: None }
    }

    fn from_number(json: &str, clock: Option<Clock>) -> Self {
        let Some(number) = Decimal::read(json) else { return Self::unread(json, clock.unwrap_or_default()) };
        let seconds = |unit: Unit| number.shifted(-unit.digits()).floor();
        let lands = |unit: &Unit| seconds(*unit).is_some_and(|seconds| YEARS.contains(&seconds));
        let unit = match clock {
            Some(Clock::Monotonic | Clock::Day) => Some(Unit::Seconds),
            Some(Clock::Unix | Clock::Local) | None => Unit::ALL.into_iter().find(lands),
        };
        let is_small = seconds(Unit::Seconds).is_some_and(|seconds| seconds < MONOTONIC_BELOW);
        match (unit, clock) {
            (None, None) if is_small => Self::counted(json, &number, Clock::Monotonic, Unit::Seconds),
            (Some(unit), clock) => Self::counted(json, &number, clock.unwrap_or_default(), unit),
            (None, Some(clock)) if is_small => Self::counted(json, &number, clock, Unit::Seconds),
            (None, clock) => Self::unread(json, clock.unwrap_or_default()),
        }
    }

    /// A number as given, or converted from its unit to seconds.
    fn counted(json: &str, number: &Decimal, clock: Clock, unit: Unit) -> Self {
        let seconds = number.shifted(-unit.digits());
        let json = if unit == Unit::Seconds { json.into() } else { seconds.to_string().into() };
        let micros = seconds.shifted(6).rounded().and_then(|micros| i64::try_from(micros).ok());
        Self { json, clock, micros, unit: (clock == Clock::Unix).then_some(unit) }
    }

    /// The time by the wall clock. `start` is the wall time of the monotonic clock's 0, in microseconds.
    pub(crate) fn at_wall(&self, start: i64) -> Option<Self> {
        let micros = self.micros.filter(|_| self.clock == Clock::Monotonic)?.checked_add(start)?;
        let json = Decimal::read(&micros.to_string())?.shifted(-6).to_string().into();
        Some(Self { json, clock: Clock::Unix, micros: Some(micros), unit: Some(Unit::Seconds) })
    }

    /// Milliseconds by a monotonic clock.
    pub(crate) fn monotonic_milliseconds(json: &str) -> Option<Self> {
        Some(Self::counted(json, &Decimal::read(json)?, Clock::Monotonic, Unit::Milliseconds))
    }

    /// Reads a date with or without a zone, a time of day, or a number.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let as_given = || format!("\"{text}\"").into();
        if let Ok(time) = text.parse::<Timestamp>() {
            return Some(Self {
                json: as_given(),
                clock: Clock::Unix,
                micros: Some(time.as_microsecond()),
                unit: None,
            });
        }
        if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.len() > 8 {
            return Some(Self::from_number(text, None)).filter(|time| time.micros.is_some());
        }
        if let Some(time) = time_of_day(text) {
            return Some(time);
        }
        local(text)
    }

    /// The time `days` days later, for a clock that restarts at midnight.
    fn later(&self, days: i64) -> Self {
        let (seconds, fraction) = self.json.split_once('.').map_or((&*self.json, None), |(a, b)| (a, Some(b)));
        let Ok(seconds) = seconds.parse::<i64>() else { return self.clone() };
        let added = days.saturating_mul(DAY);
        let json = match fraction {
            Some(fraction) => format!("{}.{fraction}", seconds.saturating_add(added)),
            None => seconds.saturating_add(added).to_string(),
        };
        let micros = self.micros.and_then(|micros| micros.checked_add(added.saturating_mul(MICROS)));
        Self { json: json.into(), micros, ..self.clone() }
    }
}

/// `22:13:20`, `22:13:20.123` or `22:13:20,123`, in seconds since midnight.
fn time_of_day(text: &str) -> Option<Time> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let (seconds, is_exact) = clock_face(whole)?;
    (is_exact && fraction.bytes().all(|byte| byte.is_ascii_digit())).then(|| of_parts(Clock::Day, seconds, fraction))
}

/// The seconds of `HH:MM:SS`, with any number of digits in the hour, and whether the text ends there.
fn clock_face(text: &str) -> Option<(i64, bool)> {
    let mut parts = text.split(':');
    let mut part = |below: i64| {
        let part = parts.next()?;
        let is_number = matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<i64>().ok().filter(|number| is_number && *number < below)
    };
    let seconds = part(24)? * 3600 + part(60)? * 60 + part(61)?;
    Some((seconds, parts.next().is_none()))
}

fn of_parts(clock: Clock, seconds: i64, fraction: &str) -> Time {
    let json = if fraction.is_empty() { seconds.to_string() } else { format!("{seconds}.{fraction}") };
    let micros = Decimal::read(&json).and_then(|number| number.shifted(6).rounded());
    Time { json: json.into(), clock, micros: micros.and_then(|micros| i64::try_from(micros).ok()), unit: None }
}

/// A date and a time without a zone: `2025-11-06 19:16:27.5`, `Nov  6, 2025 19:16:27`, `11/6/2025, 7:16:27 PM`.
fn local(text: &str) -> Option<Time> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    let (whole, fraction) = match text.rsplit_once(['.', ',']) {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            (whole, fraction)
        }
        _ => (text, ""),
    };
    let iso = || {
        let has_time = whole.len() > 11 && matches!(whole.as_bytes().get(10), Some(b' ' | b'T'));
        has_time.then(|| PARSER.parse_datetime(whole).ok()).flatten()
    };
    let moment = iso().or_else(|| with_month_name(whole))?;
    let seconds = moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
    Some(of_parts(Clock::Local, seconds, fraction))
}

/// `Nov  6, 2025 19:16:27` or `6 Nov 2025 19:16:27`.
fn with_month_name(text: &str) -> Option<DateTime> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let mut words = text.split([' ', ',']).filter(|word| !word.is_empty());
    let (first, second, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = |word: &str| MONTHS.iter().position(|month| word.to_ascii_lowercase().starts_with(month));
    let (month, day) = month(first).map(|month| (month, second)).or_else(|| Some((month(second)?, first)))?;
    let (seconds, is_exact) = clock_face(time)?;
    let date = Date::new(year.parse().ok()?, i8::try_from(month).ok()? + 1, day.parse().ok()?).ok()?;
    let time = jiff::SignedDuration::from_secs(seconds);
    (is_exact && words.next().is_none()).then(|| date.at(0, 0, 0, 0).checked_add(time).ok()).flatten()
}

/// Follows the times of one input.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// The last time of day, in microseconds, and the number of days that passed.
    day: Option<i64>,
    days: i64,
    unit: Option<Unit>,
    told_mixed: bool,
    told_unread: bool,
}

impl Watch {
    /// The time with the days that passed, and a note for the user.
    pub(crate) fn follow(&mut self, time: Time) -> (Time, Option<String>) {
        if time.clock == Clock::Day
            && let Some(micros) = time.micros
        {
            let fell = self.day.is_some_and(|last| last.saturating_sub(micros) > DAY / 2 * MICROS);
            self.days += i64::from(fell);
            self.day = Some(micros);
            return (if self.days > 0 { time.later(self.days) } else { time }, None);
        }
        let mut told = None;
        if time.micros.is_none() && !std::mem::replace(&mut self.told_unread, true) {
            told = Some(match time.json.starts_with('"') {
                true => "warning: a time is neither a number nor RFC 3339: no latencies for it".to_owned(),
                false => "warning: a time is not a date from 2009 to 2100 in any unit from seconds to nanoseconds: \
                          no latencies for it"
                    .to_owned(),
            });
        }
        if let Some(unit) = time.unit {
            match self.unit {
                Some(first) if first != unit && !std::mem::replace(&mut self.told_mixed, true) => {
                    let (first, unit) = (first.name(), unit.name());
                    told = Some(format!("warning: times are in {first} and in {unit}: each is read by its size"));
                }
                Some(_) => {}
                None => self.unit = Some(unit),
            }
        }
        (time, told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_unit_that_lands_in_the_years_of_the_protocol() {
        for (json, seconds, clock, micros) in [
            ("1700000000.091", "1700000000.091", Clock::Unix, Some(1_700_000_000_091_000)),
            ("1.7e9", "1.7e9", Clock::Unix, Some(1_700_000_000_000_000)),
            ("1700000000123", "1700000000.123", Clock::Unix, Some(1_700_000_000_123_000)),
            ("1700000000123.5", "1700000000.1235", Clock::Unix, Some(1_700_000_000_123_500)),
            ("1700000000123456", "1700000000.123456", Clock::Unix, Some(1_700_000_000_123_456)),
            ("1700000000123456789", "1700000000.123456789", Clock::Unix, Some(1_700_000_000_123_457)),
            ("1.700000000123e12", "1700000000.123", Clock::Unix, Some(1_700_000_000_123_000)),
            ("66.5", "66.5", Clock::Monotonic, Some(66_500_000)),
            ("999999999", "999999999", Clock::Monotonic, Some(999_999_999_000_000)),
            ("1000000000", "1000000000", Clock::Unix, None),
            ("9e30", "9e30", Clock::Unix, None),
            ("1e999999999", "1e999999999", Clock::Unix, None),
        ] {
            let time = Time::from_json(json, None);
            assert_eq!((time.as_json(), time.clock(), time.micros()), (seconds, clock, micros), "{json}");
        }
    }

    #[test]
    fn texts_are_dates_or_times_of_day() {
        for (text, json, clock, micros) in [
            ("2023-11-14T22:13:20.091Z", "\"2023-11-14T22:13:20.091Z\"", Clock::Unix, 1_700_000_000_091_000),
            ("2023-11-14T23:13:20+01:00", "\"2023-11-14T23:13:20+01:00\"", Clock::Unix, 1_700_000_000_000_000),
            ("2023-11-14 22:13:20.5", "1700000000.5", Clock::Local, 1_700_000_000_500_000),
            ("2023-11-14T22:13:20", "1700000000", Clock::Local, 1_700_000_000_000_000),
            ("Nov 14, 2023 22:13:20", "1700000000", Clock::Local, 1_700_000_000_000_000),
            ("22:13:20.123", "80000.123", Clock::Day, 80_000_123_000),
            ("1700000000123", "1700000000.123", Clock::Unix, 1_700_000_000_123_000),
        ] {
            let time = Time::from_json(&format!("\"{text}\""), None);
            assert_eq!((time.as_json(), time.clock(), time.micros()), (json, clock, Some(micros)), "{text}");
        }
        for bad in ["yesterday", "", "2023-11-14", "24:00:00", "12:00", "1:2:3:4"] {
            assert_eq!(Time::from_json(&format!("\"{bad}\""), None).micros(), None, "{bad}");
        }
    }

    #[test]
    fn times_of_day_go_on_after_midnight() {
        let mut watch = Watch::default();
        let mut next = |text: &str| watch.follow(Time::from_text(text).unwrap()).0.as_json().to_owned();
        assert_eq!(next("23:59:59.5"), "86399.5");
        assert_eq!(next("00:00:00.500"), "86400.500");
        // Lines of two threads are not always in order.
        assert_eq!(next("00:00:00.4"), "86400.4");
    }
}
