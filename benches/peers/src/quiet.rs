//! Whether the core was ours alone while something was timed.
//!
//! The two threads of a core share what it can do in a nanosecond, and who has the other one (on a virtual machine mostly
//! somebody else's) is not seen from here. Code that keeps all of a core busy then takes twice as long, code that waits
//! for memory or for the heap does not; so a ratio of the two would say more about the neighbour than about the code.

use std::hint::black_box;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How much of the best pace a round has to have had, before and after it. Where the core is shared, it is some 0.6.
const ENOUGH: f64 = 0.8;

/// Steps of the measuring loop, which take some ten microseconds.
const STEPS: u32 = 20_000;

/// What the core does in a nanosecond, at its best: six chains of sums that do not wait for each other.
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

/// Waits for the core to be ours alone.
pub struct Patience {
    /// The best pace there was.
    best: f64,
    /// How long is still waited, in all.
    left: Duration,
}

impl Patience {
    /// That waits for so long in all. Finds out the best pace in a few seconds, within which a neighbour mostly pauses.
    pub fn new(left: Duration) -> Self {
        let mut patience = Self { best: 0.0, left };
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(3) {
            patience.pace();
            sleep(SHORTLY);
        }
        patience
    }

    /// The pace now.
    pub fn pace(&mut self) -> f64 {
        let pace = pace();
        self.best = self.best.max(pace);
        pace
    }

    /// The pace when the core is ours alone, or when patience is over.
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

    /// Whether the core was ours alone at this pace.
    pub fn is_alone(&self, pace: f64) -> bool {
        pace >= ENOUGH * self.best
    }
}

const SHORTLY: Duration = Duration::from_millis(2);
