//! Reading the times of records.

use jiff::Timestamp;
use wabinary_calls::report::{Notation, Stamp, Time};

/// From this number on, seconds count from 1970: 2001-09-09. No device is known to have been up that long.
const EPOCH_FROM: f64 = 1e9;

/// Reads a time: a JSON number of seconds, or RFC 3339 text.
pub(crate) fn stamp(time: &Time) -> Option<Stamp> {
    let json = time.as_json();
    if let Some(text) = json.strip_prefix('"') {
        let time: Timestamp = text.strip_suffix('"')?.parse().ok()?;
        return Some(Stamp { notation: Notation::Text, micros: time.as_microsecond() });
    }
    // Seconds since 1970 are exact to a quarter of a microsecond.
    let seconds: f64 = json.parse().ok()?;
    let notation = if seconds < EPOCH_FROM { Notation::SinceStart } else { Notation::SinceEpoch };
    let micros = (seconds * 1e6).round();
    (micros.abs() < i64::MAX as f64).then_some(Stamp { notation, micros: micros as i64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_microsecond() {
        let micros = |json: &str| stamp(&Time::from_json(json)).map(|stamp| stamp.micros);
        assert_eq!(micros("1700000000.091"), Some(1_700_000_000_091_000));
        assert_eq!(micros("1700000000.123456"), Some(1_700_000_000_123_456));
        assert_eq!(micros("1.7e9"), Some(1_700_000_000_000_000));
        assert_eq!(micros("\"2023-11-14T22:13:20.091Z\""), Some(1_700_000_000_091_000));
        assert_eq!(micros("\"2023-11-14T23:13:20.091+01:00\""), Some(1_700_000_000_091_000));
        for bad in ["\"yesterday\"", "\"\"", "\"", "1e300", "-1e300", "\"2023-11-14\""] {
            assert_eq!(micros(bad), None, "{bad}");
        }
    }
}
