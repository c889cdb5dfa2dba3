//! The durations of the stages of a run.

use std::fmt;
use std::time::{Duration, Instant};

/// The stages of a record, in order.
#[derive(Clone, Copy)]
pub(crate) enum Stage {
    /// From the input to a frame.
    Reading,
    /// From a frame to a tree.
    Decoding,
    /// From a tree to the output.
    Printing,
}

/// The time of each stage. It includes reading the clock after each stage of each record.
pub(crate) struct Timings {
    /// When the last stage ended.
    last: Instant,
    spent: [Duration; 3],
}

impl Timings {
    pub(crate) fn start() -> Self {
        Self { last: Instant::now(), spent: [Duration::ZERO; 3] }
    }

    /// Counts the time since the end of the previous stage for this stage.
    pub(crate) fn ended(&mut self, stage: Stage) {
        let now = Instant::now();
        self.spent[stage as usize] += now - self.last;
        self.last = now;
    }
}

impl fmt::Display for Timings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [reading, decoding, printing] = self.spent.map(|time| time.as_secs_f64());
        write!(f, "reading {reading:.4} s, decoding {decoding:.4} s, printing {printing:.4} s")
    }
}
