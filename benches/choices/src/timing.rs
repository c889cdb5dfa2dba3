//! Taking turns.

use std::hint::black_box;
use std::time::Instant;

/// How much is measured. Turns are short, so that few of them are hit by what else the machine does.
#[derive(Clone, Copy)]
pub struct Effort {
    /// In each round every contender has a turn.
    rounds: usize,
    /// How long a turn is, in nanoseconds.
    turn: f64,
}

impl Effort {
    pub const FULL: Self = Self { rounds: 101, turn: 4e5 };
    pub const QUICK: Self = Self { rounds: 15, turn: 2e5 };
}

/// Something to be timed. It gives a number that depends on all it did, the same for every contender.
pub type Work<'w> = Box<dyn FnMut() -> u64 + 'w>;

pub fn work<'w>(work: impl FnMut() -> u64 + 'w) -> Work<'w> {
    Box::new(work)
}

/// The median time of each, in nanoseconds.
pub fn medians(contenders: &mut [Work<'_>], effort: Effort) -> Vec<f64> {
    let counts: Vec<u32> = contenders.iter_mut().map(|work| repetitions(work, effort.turn)).collect();
    let mut rounds = vec![Vec::new(); counts.len()];
    for round in 0..effort.rounds {
        // Whoever comes first in a round, comes last in the next.
        for step in 0..counts.len() {
            let at = (round + step) % counts.len();
            rounds[at].push(time(&mut contenders[at], counts[at]));
        }
    }
    rounds.into_iter().map(median).collect()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// How often the work is done in a turn. It has been done a while then, so memory to be used again is there.
fn repetitions(work: &mut Work<'_>, turn: f64) -> u32 {
    let mut count = 1;
    loop {
        let taken = time(work, count);
        if taken * f64::from(count) > turn / 4.0 {
            return (turn / taken).clamp(1.0, 1e7) as u32;
        }
        count *= 4;
    }
}

fn time(work: &mut Work<'_>, count: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..count {
        black_box(work());
    }
    start.elapsed().as_nanos() as f64 / f64::from(count)
}
