//! Times for people.

use jiff::{Timestamp, Unit};
use wabinary_calls::report::{Clock, Stamp};

/// The start of a capture, as a date with its zone: `2023-11-14 22:13:20.123 UTC`. Needs a clock that knows the date.
#[must_use]
pub fn date(start: Stamp) -> String {
    let Ok(moment) = Timestamp::from_microsecond(start.micros) else { return "unknown".to_owned() };
    let moment = moment.round(Unit::Millisecond).unwrap_or(moment).to_string().replacen('T', " ", 1);
    let zone = if start.clock == Clock::Local { ", zone unknown" } else { " UTC" };
    format!("{}{zone}", moment.trim_end_matches('Z'))
}
