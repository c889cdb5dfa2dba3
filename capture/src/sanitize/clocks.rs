//! Times since the first time of their clock.

use std::collections::HashMap;

use serde_json::value::RawValue;

use crate::numbered::Numbered;
use crate::time::Clock;

/// The names that distinguish the clocks of one file, in order of appearance. Small numbers without a name are by a
/// monotonic clock.
const NAMES: [Option<&str>; 4] = [None, Some("day"), Some("local"), Some("unix")];

/// The clocks of each file: the first time of each, in microseconds, and the index of its name.
#[derive(Debug, Default)]
pub struct Clocks(HashMap<u32, Vec<(Clock, i64)>>);

/// A time since the first time of its clock.
#[derive(Debug)]
pub struct SinceStart {
    /// The seconds, as JSON.
    pub seconds: Box<RawValue>,
    /// The name of the clock, if the file has several.
    pub clock: Option<&'static str>,
}

impl Clocks {
    /// The time of a record since the first time of its clock.
    pub fn since_start(&mut self, record: &Numbered) -> Option<SinceStart> {
        let time = record.read.time.as_ref()?;
        let (micros, clock) = (time.micros()?, time.clock());
        let clocks = self.0.entry(record.head.file).or_default();
        let at = clocks.iter().position(|(known, _)| *known == clock).unwrap_or(clocks.len());
        if at == clocks.len() {
            clocks.push((clock, micros));
        }
        let (_, first) = *clocks.get(at)?;
        let seconds = RawValue::from_string(seconds(micros.saturating_sub(first))).ok()?;
        Some(SinceStart { seconds, clock: NAMES.get(at).copied().flatten() })
    }
}

fn seconds(micros: i64) -> String {
    let (sign, micros) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
    let text = format!("{sign}{whole}.{rest:06}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn seconds_have_the_digits_that_they_need() {
        assert_eq!([0, 250_000, 10_000_000, -1_500_001].map(seconds), ["0", "0.25", "10", "-1.500001"]);
    }
}
