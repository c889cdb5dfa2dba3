//! Checks whether a measurement had the core to itself.
//!
//! Two threads share the capacity of a core. This program cannot see who uses the other thread; on a virtual machine it
//! is usually another machine. Code that keeps the whole core busy then takes twice as long, but code that waits for
//! memory or for the heap does not, so a ratio of the two would measure the neighbour rather than the code.

use std::hint::black_box;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A round counts if its pace before and after is at least this part of the best pace. On a shared core the pace is
/// about 0.6.
const ENOUGH: f64 = 0.8;

/// Steps of the measuring loop, about ten microseconds.
const STEPS: u32 = 20_000;

/// The work of the core in a nanosecond, at its best: six independent chains of sums.
fn pace() -> f64 {
    let start = Instant::now();
    let [mut a, mut b, mut c, mut d, mut e, mut f] = black_box([1_u64, 2, 3, 4, 5, 6]);
    for _ in 0..STEPS {
        (a, b) = (a.wrapping_add(b), a ^ b);
        (c, d) = (c ^ d, c.wrapping_sub(d));
        (e, f) = (e | f, f.wrapping_add(e));
    }
    black_box([a, b, c, d, e, f]);
    f64::from(STEPS) / start.elapsed().as_nanos() as f64
}

/// Waits until the core is free.
pub struct Patience {
    /// The best pace so far.
    best: f64,
    /// The time that may still be spent waiting.
    left: Duration,
}

impl Patience {
    /// Waits at most `left` in total. Finds the best pace in a few seconds: a neighbour usually pauses in that time.
    pub fn new(left: Duration) -> Self {
        let mut patience = Self { best: 0.0, left };
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(3) {
            patience.pace();
            sleep(SHORTLY);
        }
        patience
    }

    /// The current pace.
    pub fn pace(&mut self) -> f64 {
        let pace = pace();
        self.best = self.best.max(pace);
        pace
    }

    /// The pace once the core is free, or once patience is over.
    pub fn await_quiet(&mut self) -> f64 {
        let begun = Instant::now();
        loop {
            let pace = self.pace();
            let waited = begun.elapsed();
            if self.is_alone(pace) || waited >= self.left {
                self.left = self.left.saturating_sub(waited);
                return pace;
            }
            sleep(SHORTLY);
        }
    }

    /// Whether this pace shows that the core was free.
    pub fn is_alone(&self, pace: f64) -> bool {
        pace >= ENOUGH * self.best
    }
}

const SHORTLY: Duration = Duration::from_millis(2);
