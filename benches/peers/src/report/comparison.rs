//! The runs side by side, and the ratios that count.

use std::io::{Error, ErrorKind};
use std::path::Path;

use serde::de::DeserializeOwned;

use super::facts::Facts;
use crate::case::{DECODE_ALONE, INFLATE, OURS, PEER, WALK};
use crate::results::{Counted, Npm, Timed, TimedCase, Times};

pub(super) struct Comparison {
    pub(super) facts: Facts,
    /// One process for each build of the peer.
    pub(super) processes: Vec<Times>,
    pub(super) counted: Vec<Counted>,
    pub(super) npm: Option<Npm>,
}

/// What is held against what.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Measure {
    /// How many times as long the peer takes.
    Peer,
    /// How many times a bare walk it takes.
    Walk,
    /// How many times as long as inflating alone and 1.6 bare walks it takes.
    Bound,
    /// How many times as long as decoding alone it takes.
    Alone,
}

/// What a walk may grow to, in the bound of compressed frames.
pub(super) const WALKS: f64 = 1.6;

/// Which time of a contender is taken.
#[derive(Clone, Copy)]
pub(super) enum Of {
    All,
    Pass(usize),
}

impl Comparison {
    /// Reads the results: `no-features.json`, `simd.json`, `count.json`, `npm.json`; what was not run is not there.
    pub(super) fn read(results: &Path) -> Result<Self, Error> {
        let times = ["no-features.json", "simd.json"].map(|file| optional::<Times>(&results.join(file)));
        let processes = times.into_iter().filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
        if processes.is_empty() {
            return Err(Error::other("nothing was timed"));
        }
        Ok(Self {
            facts: Facts::read(results)?,
            processes,
            counted: optional(&results.join("count.json"))?.unwrap_or_default(),
            npm: optional(&results.join("npm.json"))?,
        })
    }

    /// The cases of some kinds: each as a list of the same case in every process.
    pub(super) fn cases<'a>(&'a self, kinds: &'a [&str]) -> impl Iterator<Item = Vec<&'a TimedCase>> {
        let of_kinds = |case: &&TimedCase| kinds.contains(&case.kind.as_str());
        self.processes[0].cases.iter().filter(of_kinds).map(|case| {
            let same = |other: &&TimedCase| (&other.kind, &other.frame) == (&case.kind, &case.frame);
            self.processes.iter().filter_map(|process| process.cases.iter().find(same)).collect()
        })
    }

    /// The geometric mean over all cases of some kinds, each by what counts; `None` if there is none.
    pub(super) fn mean(&self, kinds: &[&str], measure: Measure, of: Of) -> Option<f64> {
        mean(self.cases(kinds).filter_map(|case| counts(&case, measure, of)))
    }

    /// Lowest and highest mean of a single pass.
    pub(super) fn range(&self, kinds: &[&str], measure: Measure) -> Option<(f64, f64)> {
        let passes = (0..self.processes[0].passes).filter_map(|pass| self.mean(kinds, measure, Of::Pass(pass)));
        passes.fold(None, |range, mean| {
            let (low, high) = range.unwrap_or((mean, mean));
            Some((mean.min(low), mean.max(high)))
        })
    }

    /// What contenders whose names begin so take from the heap for a frame: the fewest calls, with their bytes.
    pub(super) fn heap(&self, kind: &str, frame: &str, name: &str) -> Option<&Counted> {
        let is_it = |one: &&Counted| one.kind == kind && one.frame == frame && one.name.starts_with(name);
        self.counted.iter().filter(is_it).min_by(|one, other| one.calls.total_cmp(&other.calls))
    }
}

/// Of the processes, the ratio that is the least favourable to this codec counts. For the peer this means: the build, and
/// of the ways it has for the work the one, that is fastest on this frame.
pub(super) fn counts(processes: &[&TimedCase], measure: Measure, of: Of) -> Option<f64> {
    let ratios = processes.iter().filter_map(|case| measured(case, measure, of));
    if measure == Measure::Peer { ratios.reduce(f64::min) } else { ratios.reduce(f64::max) }
}

/// The ratio in one process.
fn measured(case: &TimedCase, measure: Measure, of: Of) -> Option<f64> {
    let time = |contender: &Timed| match of {
        Of::All => contender.median(),
        Of::Pass(pass) => contender.of_pass(pass),
    };
    let fastest = |name: &str| ways(case, name).map(time).reduce(f64::min);
    let ours = fastest(OURS)?;
    Some(match measure {
        Measure::Peer => fastest(PEER)? / ours,
        Measure::Walk => ours / fastest(WALK)?,
        Measure::Bound => ours / (fastest(INFLATE)? + WALKS * fastest(WALK)?),
        Measure::Alone => ours / fastest(DECODE_ALONE)?,
    })
}

/// The contenders whose names begin so.
pub(super) fn ways<'a>(case: &'a TimedCase, name: &'a str) -> impl Iterator<Item = &'a Timed> {
    case.contenders.iter().filter(move |contender| contender.name.starts_with(name))
}

/// The geometric mean.
pub(super) fn mean(ratios: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = ratios.fold((0.0, 0), |(sum, count), ratio| (sum + ratio.ln(), count + 1));
    (count > 0).then(|| (sum / f64::from(count)).exp())
}

fn optional<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    match std::fs::read(path) {
        Ok(json) => Ok(Some(serde_json::from_slice(&json)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
