//! Times that count from the first one.

use std::collections::HashMap;

use serde_json::value::RawValue;
use wabinary_capture::Clock;

use crate::record::Record;

/// The first time of each clock of each file, in microseconds.
#[derive(Default)]
pub(super) struct Clocks(HashMap<(u32, Clock), i64>);

impl Clocks {
    /// The seconds since the first time by the clock of a record, as JSON has them.
    pub(super) fn since_start(&mut self, record: &Record) -> Option<Box<RawValue>> {
        let time = record.read.time.as_ref()?;
        let micros = time.micros()?;
        let first = *self.0.entry((record.head.file, time.clock())).or_insert(micros);
        RawValue::from_string(seconds(micros.saturating_sub(first))).ok()
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
