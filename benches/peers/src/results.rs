//! What a run gives, as the report reads it.

use serde::{Deserialize, Serialize};

use crate::quiet::Patience;

/// Times of one build of the peer, taken in one process.
#[derive(Serialize, Deserialize)]
pub struct Times {
    /// The peer's features.
    pub variant: String,
    pub passes: usize,
    pub rounds: usize,
    /// Nanoseconds.
    pub turn: f64,
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

/// What a contender takes from the heap for one frame, in steady state.
#[derive(Serialize, Deserialize)]
pub struct Counted {
    pub kind: String,
    pub frame: String,
    pub name: String,
    pub calls: f64,
    pub bytes: f64,
}

/// What the npm script gives.
#[derive(Deserialize)]
pub struct Npm {
    /// Of node.
    pub node: String,
    pub peers: Vec<NpmPeer>,
}

#[derive(Deserialize)]
pub struct NpmPeer {
    pub name: String,
    pub version: String,
    pub frames: Vec<NpmFrame>,
}

#[derive(Deserialize)]
pub struct NpmFrame {
    pub frame: String,
    /// Nanoseconds for a frame; absent where the decoded tree is not the expected one.
    pub decode: Option<f64>,
    pub encode: Option<f64>,
    /// Whether encoding gave the bytes of the frame.
    pub same_bytes: bool,
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
    pub fn contender(&self, name: &str) -> Option<&Timed> {
        self.contenders.iter().find(|contender| contender.name == name)
    }
}

impl Timed {
    /// Median of all rounds.
    pub fn median(&self) -> f64 {
        median(self.passes.iter().flatten().copied().collect())
    }

    /// Median of the rounds of one pass; of all, where none of this pass counts.
    pub fn of_pass(&self, pass: usize) -> f64 {
        match &self.passes[pass][..] {
            [] => self.median(),
            rounds => median(rounds.to_vec()),
        }
    }
}

fn median(mut list: Vec<f64>) -> f64 {
    list.sort_by(f64::total_cmp);
    list[list.len() / 2]
}
