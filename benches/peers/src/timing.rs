//! Taking turns.

use std::time::{Duration, Instant};

use crate::case::{Case, Run};
use crate::quiet::Patience;
use crate::results::{Timed, TimedCase};

/// How much is measured. Turns are short, so that few of them are hit by what else the machine does.
#[derive(Clone, Copy)]
pub struct Effort {
    /// How often everything is gone through from the start.
    pub passes: usize,
    /// Rounds of a case in a pass that have the core to themselves; in each every contender has a turn.
    pub rounds: usize,
    /// How long a turn is, in nanoseconds.
    pub turn: f64,
    /// How long is waited in all for others to leave the core.
    pub patience: Duration,
}

/// How many rounds there are at most for each that is wanted.
const ATTEMPTS: usize = 3;

impl Effort {
    pub const FULL: Self = Self { passes: 5, rounds: 21, turn: 5e5, patience: Duration::from_secs(300) };
    pub const QUICK: Self = Self { passes: 1, rounds: 11, turn: 3e5, patience: Duration::from_secs(60) };
}

/// Measures a case in one pass, and adds what it took to `timed`.
pub fn time(case: &mut Case, mut effort: Effort, patience: &mut Patience, timed: &mut TimedCase) {
    if case.is_on_threads {
        // Threads take a while to get going.
        effort.turn *= 8.0;
        effort.rounds = effort.rounds.div_ceil(4);
    }
    let frames = case.frames as f64;
    let counts: Vec<u32> = case.contenders.iter_mut().map(|one| repetitions(&mut one.run, effort.turn)).collect();
    let mut rounds = vec![Vec::new(); counts.len()];
    let mut paces: Vec<f64> = Vec::new();
    let mut alone = 0;
    while alone < effort.rounds && paces.len() < effort.rounds * ATTEMPTS {
        let before = patience.await_quiet();
        // Whoever comes first in a round, comes last in the next.
        for step in 0..counts.len() {
            let at = (paces.len() + step) % counts.len();
            rounds[at].push(run(&mut case.contenders[at].run, counts[at]) / frames);
        }
        let pace = before.min(patience.pace());
        paces.push(pace);
        alone += usize::from(patience.is_alone(pace));
    }
    timed.paces.push(paces);
    for (contender, rounds) in timed.contenders.iter_mut().zip(rounds) {
        contender.passes.push(rounds);
    }
}

/// Where the times of a case go.
pub fn untimed(case: &Case) -> TimedCase {
    let contenders =
        case.contenders.iter().map(|contender| Timed { name: contender.name.to_owned(), passes: Vec::new() });
    let Case { kind, frame, bytes, .. } = *case;
    TimedCase {
        kind: kind.to_owned(),
        frame: frame.to_owned(),
        bytes,
        paces: Vec::new(),
        contenders: contenders.collect(),
    }
}

/// How often the work is done in a turn. It has been done a while then, so memory to be used again is there.
fn repetitions(work: &mut Run, turn: f64) -> u32 {
    let mut count = 1;
    loop {
        let taken = run(work, count);
        if taken * f64::from(count) > turn / 4.0 || count > 1 << 20 {
            return (turn / taken).clamp(1.0, 1e6) as u32;
        }
        count *= 4;
    }
}

fn run(work: &mut Run, count: u32) -> f64 {
    let start = Instant::now();
    work(count);
    start.elapsed().as_nanos() as f64 / f64::from(count)
}
