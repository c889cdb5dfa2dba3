//! Lets contenders take turns, and collects their times.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::case::{Case, Run};
use crate::quiet::Patience;

/// How much is measured. Turns are short, so that other work on the machine hits few of them.
#[derive(Clone, Copy)]
pub struct Effort {
    /// The number of passes over all cases.
    pub passes: usize,
    /// The rounds of a case in a pass that have the core to themselves; in each, every contender has a turn.
    pub rounds: usize,
    /// The length of a turn, in nanoseconds.
    pub turn: f64,
    /// The total time to wait for others to leave the core.
    pub patience: Duration,
}

/// The most rounds that are tried for each wanted one.
const ATTEMPTS: usize = 3;

impl Effort {
    pub const FULL: Self = Self { passes: 5, rounds: 21, turn: 5e5, patience: Duration::from_secs(300) };
    pub const QUICK: Self = Self { passes: 1, rounds: 11, turn: 3e5, patience: Duration::from_secs(60) };
}

/// Times of one build of the peer, taken in one process.
#[derive(Serialize, Deserialize)]
pub struct Times {
    /// The peer's features.
    pub variant: String,
    /// The share of the rounds that had the core to themselves.
    pub alone: f64,
    /// In how many cases there were so few of them that the others count too.
    pub shared: usize,
    pub cases: Vec<TimedCase>,
}

#[derive(Serialize, Deserialize)]
pub struct TimedCase {
    pub kind: String,
    pub frame: String,
    pub bytes: usize,
    /// The pace of the core: for each pass, for each round.
    #[serde(skip)]
    pub paces: Vec<Vec<f64>>,
    pub contenders: Vec<Timed>,
}

#[derive(Serialize, Deserialize)]
pub struct Timed {
    pub name: String,
    /// Nanoseconds for a frame: for each pass, for each round.
    pub passes: Vec<Vec<f64>>,
}

/// Rounds that are enough for a median.
const ENOUGH: usize = 9;

impl Times {
    /// Keeps the rounds that had the core to themselves, in cases that have enough of them in all passes together.
    pub fn keep_alone(&mut self, patience: &Patience) {
        let (mut all, mut alone) = (0, 0);
        for case in &mut self.cases {
            let is_alone = |pace: &f64| patience.is_alone(*pace);
            let of_case = case.paces.iter().flatten().filter(|pace| is_alone(pace)).count();
            all += case.paces.iter().map(Vec::len).sum::<usize>();
            alone += of_case;
            if of_case < ENOUGH {
                self.shared += 1;
                continue;
            }
            for contender in &mut case.contenders {
                for (rounds, paces) in contender.passes.iter_mut().zip(&case.paces) {
                    let mut paces = paces.iter();
                    rounds.retain(|_| paces.next().is_some_and(is_alone));
                }
            }
        }
        self.alone = alone as f64 / all as f64;
    }
}

impl TimedCase {
    pub fn new(case: &Case) -> Self {
        let names = case.contenders.iter().map(|contender| contender.name.to_owned());
        let contenders = names.map(|name| Timed { name, passes: Vec::new() }).collect();
        let (kind, frame) = (case.kind.to_owned(), case.frame.to_owned());
        Self { kind, frame, bytes: case.bytes, paces: Vec::new(), contenders }
    }

    /// The median of the fastest contender whose name begins so: of one pass, or of all.
    pub fn fastest(&self, name: &str, pass: Option<usize>) -> Option<f64> {
        self.ways(name).map(|contender| contender.median(pass)).reduce(f64::min)
    }

    /// The contenders whose names begin so.
    pub fn ways(&self, name: &str) -> impl Iterator<Item = &Timed> {
        self.contenders.iter().filter(move |contender| contender.name.starts_with(name))
    }
}

impl Timed {
    /// The median of the counted rounds: of one pass, or of all.
    fn median(&self, pass: Option<usize>) -> f64 {
        let of_pass = pass.map(|pass| &self.passes[pass]).filter(|rounds| !rounds.is_empty());
        let mut rounds = of_pass.cloned().unwrap_or_else(|| self.passes.concat());
        rounds.sort_by(f64::total_cmp);
        rounds[rounds.len() / 2]
    }
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
        // Anyone who comes first in a round, comes last in the next.
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

/// The repetitions of the work in a turn. The work runs for a while first, so reused memory is allocated.
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
