//! Makes tables from the results of runs.

mod table;

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use table::{Case, Column, Form, amount, mean, table};

use crate::case::{DECODE_ALONE, INFLATE, OURS, PEER, WALK};
use crate::npm::{Npm, NpmFrame};
use crate::timing::{TimedCase, Times};
use crate::work::{BUILD, CALL_ACK, DECODE, DECODE_STREAM, ENCODE, OWNED, OWNED_ELSEWHERE, READ, ZLIB};

/// The heap calls and bytes of a contender for one frame, in steady state.
#[derive(Serialize, Deserialize)]
pub struct Counted {
    pub kind: String,
    pub frame: String,
    pub name: String,
    pub calls: f64,
    pub bytes: f64,
}

/// The two times that a ratio compares.
#[derive(Clone, Copy, PartialEq)]
enum Measure {
    /// The peer's time in times of this codec's.
    Peer,
    /// The time in bare walks.
    Walk,
    /// The time in times of inflating alone and 1.6 bare walks.
    Bound,
    /// The time in times of decoding alone.
    Alone,
}

/// The walks in the bound of compressed frames.
const WALKS: f64 = 1.6;

/// A kind of work, as it is summed up: its kinds, what it is compared with, goal and floor, and the kind whose heap calls
/// are counted with how many a frame may take.
type Line = (&'static str, &'static [&'static str], Measure, (f64, Option<f64>), Option<(&'static str, f64)>);

#[rustfmt::skip]
const LINES: [Line; 11] = [
    ("decode into a reused decoder", &[DECODE], Measure::Peer, (5.0, Some(4.0)), Some((DECODE, 0.0))),
    ("decode 1024 different small frames", &[DECODE_STREAM], Measure::Peer, (4.0, Some(3.0)), Some((DECODE_STREAM, 0.0))),
    ("decode to an owned tree, drop it on another thread", &[OWNED_ELSEWHERE], Measure::Peer, (4.0, Some(2.5)), Some((OWNED, 3.0))),
    ("decode to an owned tree, drop it at once", &[OWNED], Measure::Peer, (4.0, Some(2.5)), Some((OWNED, 3.0))),
    ("decode and read everything", &[READ], Measure::Peer, (4.0, Some(3.0)), Some((READ, 0.0))),
    ("encode a decoded tree", &[ENCODE], Measure::Peer, (4.0, Some(3.0)), Some((ENCODE, 0.0))),
    ("build from plain values and encode", &[BUILD], Measure::Peer, (3.0, Some(2.0)), Some((BUILD, 40.0))),
    ("inflate and decode", &[ZLIB], Measure::Peer, (2.0, Some(1.5)), Some((ZLIB, 0.0))),
    ("inflate and decode: time / (inflate alone + 1.6 bare walks)", &[ZLIB], Measure::Bound, (1.0, None), None),
    ("decode: time / bare walk", &[DECODE, DECODE_STREAM], Measure::Walk, (1.3, Some(1.6)), None),
    ("call ack, every field read: time / decode alone", &[CALL_ACK], Measure::Alone, (1.3, Some(1.6)), Some((CALL_ACK, 0.0))),
];

impl Measure {
    fn meets(self, measured: f64, aim: f64) -> bool {
        if self == Self::Peer { measured >= aim } else { measured <= aim }
    }

    fn show(self, number: f64) -> String {
        if self == Self::Peer { format!("{number:.2}x") } else { format!("{number:.2}") }
    }

    fn aim(self, aim: f64) -> String {
        if self == Self::Peer { format!("{aim}x") } else { format!("≤ {aim}") }
    }
}

/// Kinds that are compared with the peer: title, kinds, and whether heap calls are shown.
const AGAINST_PEER: [(&str, &[&str], bool); 7] = [
    ("Decode into a decoder used again", &[DECODE, DECODE_STREAM], true),
    ("Decode to an owned tree, dropped on another thread", &[OWNED_ELSEWHERE], false),
    ("Decode to an owned tree, dropped at once", &[OWNED], true),
    ("Decode and read everything", &[READ], true),
    ("Encode a decoded tree", &[ENCODE], true),
    ("Build from plain values and encode", &[BUILD], true),
    ("Inflate and decode", &[ZLIB], true),
];

/// The runs side by side: one process for each build of the peer.
pub struct Report {
    processes: Vec<Times>,
    counted: Vec<Counted>,
    npm: Option<Npm>,
}

impl Report {
    /// Reads the results: `no-features.json`, `simd.json`, `count.json`, `npm.json`; what was not run is not there.
    ///
    /// # Errors
    /// Results that are not there or cannot be read.
    pub fn read(results: &Path) -> Result<Self, Error> {
        let times = ["no-features.json", "simd.json"].map(|file| optional::<Times>(&results.join(file)));
        let processes = times.into_iter().filter_map(Result::transpose).collect::<Result<Vec<_>, _>>()?;
        if processes.is_empty() {
            return Err(Error::other("nothing was timed"));
        }
        let counted = optional(&results.join("count.json"))?.unwrap_or_default();
        Ok(Self { processes, counted, npm: optional(&results.join("npm.json"))? })
    }

    /// For the README: one line for each kind of work that the peer does too.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut text = format!("| work | times as fast as wacore-binary {} |\n|---|--:|\n", peer_version());
        for (work, kinds, measure, ..) in LINES.iter().filter(|(_, _, measure, ..)| *measure == Measure::Peer) {
            if let Some(measured) = self.mean(kinds, *measure, None) {
                text += &format!("| {work} | {measured:.1} |\n");
            }
        }
        format!("{text}\n{}{}\n", builds(), self.npm_sentence())
    }

    /// The summary and a table for each kind of work, with every frame.
    #[must_use]
    pub fn all(&self) -> String {
        let cases: usize = self.processes.iter().map(|times| times.cases.len()).sum();
        let alone: Vec<String> = self.processes.iter().map(|times| format!("{:.0} %", times.alone * 100.0)).collect();
        let shared: usize = self.processes.iter().map(|times| times.shared).sum();
        let mut text = format!(
            "## Summary\n\n{}\n{}{} The core was not shared in {} of the rounds, which alone count; in {shared} of {cases} \
             cases there were too few of them, and all count.\n",
            self.lines(),
            builds(),
            self.npm_sentence(),
            alone.join(" and "),
        );
        let mut add = |title: &str, kinds: &[&str], columns: Vec<Column<'_>>| {
            let cases = self.cases(kinds);
            if !cases.is_empty() {
                text += &format!("\n## {title}\n\n{}", table(&cases, &columns));
            }
        };
        for (title, kinds, with_heap) in AGAINST_PEER {
            add(title, kinds, self.against_peer(kinds, with_heap));
        }
        let mut bound = vec![time_of(OURS)];
        bound.extend(self.names(&[ZLIB], INFLATE).iter().map(|name| time_of(name)));
        bound.extend([time_of(WALK), counts_as("time / (fastest inflate + 1.6 bare walks)", Measure::Bound)]);
        add("Inflate and decode, against inflating alone", &[ZLIB], bound);
        add("Decode, against a bare walk", &[DECODE, DECODE_STREAM], against_one(WALK, Measure::Walk));
        let alone = against_one(DECODE_ALONE, Measure::Alone);
        add("Call acks, every field read, against decoding alone", &[CALL_ACK], alone);
        if let Some(npm) = &self.npm {
            let title = |work: &str| format!("Codecs of npm, {work}: time / time of wacore in another process");
            add(&title("decode"), &[DECODE, DECODE_STREAM], against_npm(npm, |frame| frame.decode));
            add(&title("encode"), &[ENCODE], against_npm(npm, |frame| frame.encode));
            for peer in &npm.peers {
                let other = peer.frames.iter().filter(|frame| frame.encode.is_some() && !frame.same_bytes).count();
                let all = peer.frames.len();
                text += &format!(
                    "\n{} writes the same tree in other bytes than the frame's for {other} of {all} frames.\n",
                    peer.name
                );
            }
        }
        text
    }

    /// The cases of some kinds.
    fn cases(&self, kinds: &[&str]) -> Vec<Case<'_>> {
        let of_kinds = self.processes[0].cases.iter().filter(|case| kinds.contains(&case.kind.as_str()));
        let in_all = of_kinds.map(|case| {
            let same = |other: &&TimedCase| (&other.kind, &other.frame) == (&case.kind, &case.frame);
            self.processes.iter().filter_map(|process| process.cases.iter().find(same)).collect()
        });
        in_all.collect()
    }

    /// The names of the contenders that begin so.
    fn names(&self, kinds: &[&str], start: &str) -> Vec<String> {
        let cases = self.cases(kinds);
        let first = cases.first().and_then(|case| case.first());
        first.map(|case| case.ways(start).map(|contender| contender.name.clone()).collect()).unwrap_or_default()
    }

    /// The geometric mean over all cases of some kinds, each by what counts; `None` if there is none.
    fn mean(&self, kinds: &[&str], measure: Measure, pass: Option<usize>) -> Option<f64> {
        mean(self.cases(kinds).iter().filter_map(|case| counts(case, measure, pass)))
    }

    /// One line for each kind of work, with the spread of passes and its goal and floor.
    fn lines(&self) -> String {
        let mut text = format!(
            "| work | against wacore-binary {} | single passes | goal | floor | holds | heap calls, plain frame | at most |\n|---|{}\n",
            peer_version(),
            "--:|".repeat(7),
        );
        for (work, kinds, measure, (goal, floor), heap) in LINES {
            let Some(measured) = self.mean(kinds, measure, None) else { continue };
            let holds = match floor {
                _ if measure.meets(measured, goal) => "goal",
                Some(floor) if measure.meets(measured, floor) => "floor",
                _ => "no",
            };
            let calls = heap.and_then(|(kind, most)| Some((self.most_calls(kind)?, most)));
            let (calls, most) = calls.map_or_else(Default::default, |(calls, most)| (amount(calls), amount(most)));
            let means = (0..self.processes[0].cases[0].contenders[0].passes.len())
                .filter_map(|pass| self.mean(kinds, measure, Some(pass)));
            let (low, high) = means.fold((f64::MAX, f64::MIN), |(low, high), mean| (mean.min(low), mean.max(high)));
            text += &format!(
                "| {work} | {} | {} – {} | {} | {} | {holds} | {calls} | {most} |\n",
                measure.show(measured),
                measure.show(low),
                measure.show(high),
                measure.aim(goal),
                floor.map(|floor| measure.aim(floor)).unwrap_or_default(),
            );
        }
        text
    }

    /// The most that this codec takes from the heap for a frame of the kind; for a plain one, unless all are compressed.
    fn most_calls(&self, kind: &str) -> Option<f64> {
        let is_compressed = |frame: &str| self.counted.iter().any(|one| one.kind == ZLIB && one.frame == frame);
        let ours = self.counted.iter().filter(|one| one.kind == kind && one.name == OURS);
        ours.filter(|one| kind == ZLIB || !is_compressed(&one.frame)).map(|one| one.calls).reduce(f64::max)
    }

    /// How much slower than the peer the npm codecs decode.
    fn npm_sentence(&self) -> String {
        let Some(npm) = &self.npm else { return " The codecs of npm were not run.".to_owned() };
        let cases = self.cases(&[DECODE, DECODE_STREAM]);
        let slower = |Column(name, _, ratio): &Column<'_>| {
            Some(format!("{name} needs {:.1} times", mean(cases.iter().filter_map(ratio))?))
        };
        let columns = against_npm(npm, |frame| frame.decode);
        let slower: Vec<String> = columns[1..=npm.peers.len()].iter().filter_map(slower).collect();
        let slower = slower.join(" and ");
        format!(" In separate processes (node {}), to decode, {slower} as long as wacore-binary.", npm.node)
    }

    /// The peer's times in each build and each way, in times of this codec's in the same process.
    fn against_peer(&self, kinds: &[&str], with_heap: bool) -> Vec<Column<'_>> {
        let mut columns = vec![time_of(OURS), time_of(PEER)];
        for (at, process) in self.processes.iter().enumerate() {
            for name in self.names(kinds, PEER) {
                let way = name.strip_prefix(PEER).unwrap_or_default().trim();
                let way = if way.is_empty() { String::new() } else { format!("`{way}`, ") };
                let ratio = move |case: &Case<'_>| {
                    let case = case.get(at)?;
                    Some(case.fastest(&name, None)? / case.fastest(OURS, None)?)
                };
                columns.push(Column(format!("{way}{}", process.variant), Form::Ratio, Box::new(ratio)));
            }
        }
        columns.push(counts_as("counts", Measure::Peer));
        if with_heap && !self.counted.is_empty() {
            columns.push(self.heap("heap calls", OURS, |one| one.calls));
            columns.push(self.heap("wacore", PEER, |one| one.calls));
            columns.push(self.heap("heap bytes", OURS, |one| one.bytes));
            columns.push(self.heap("wacore", PEER, |one| one.bytes));
        }
        columns
    }

    /// The heap use of a contender; if it has several ways, of the one with the fewest calls.
    fn heap(&self, title: &str, name: &'static str, number: fn(&Counted) -> f64) -> Column<'_> {
        let heap = move |case: &Case<'_>| {
            let (kind, frame) = (&case[0].kind, &case[0].frame);
            let is_it = |one: &&Counted| one.kind == *kind && one.frame == *frame && one.name.starts_with(name);
            let ways = self.counted.iter().filter(is_it);
            ways.min_by(|one, other| one.calls.total_cmp(&other.calls)).map(number)
        };
        Column(title.to_owned(), Form::Amount, Box::new(heap))
    }
}

/// This codec's time in times of another's.
fn against_one(other: &'static str, measure: Measure) -> Vec<Column<'static>> {
    vec![time_of(other), time_of(OURS), counts_as("counts", measure)]
}

/// The time in the first process.
fn time_of(name: &str) -> Column<'static> {
    let start = name.to_owned();
    Column(format!("{name}, ns"), Form::Amount, Box::new(move |case| case[0].fastest(&start, None)))
}

fn counts_as(title: &str, measure: Measure) -> Column<'static> {
    Column(title.to_owned(), Form::Bold, Box::new(move |case| counts(case, measure, None)))
}

/// The codecs of npm and this one, in times of the peer's fastest way in its fastest process.
fn against_npm(npm: &Npm, taken: fn(&NpmFrame) -> Option<f64>) -> Vec<Column<'_>> {
    let fastest =
        |case: &Case<'_>, name: &str| case.iter().filter_map(|case| case.fastest(name, None)).reduce(f64::min);
    let mut columns =
        vec![Column("wacore, ns".to_owned(), Form::Amount, Box::new(move |case: &Case<'_>| fastest(case, PEER)))];
    for peer in &npm.peers {
        let ratio = move |case: &Case<'_>| {
            let frame = peer.frames.iter().find(|frame| frame.frame == case[0].frame)?;
            Some(taken(frame)? / fastest(case, PEER)?)
        };
        columns.push(Column(format!("{} {}", peer.name, peer.version), Form::Ratio, Box::new(ratio)));
    }
    let ours = move |case: &Case<'_>| Some(fastest(case, OURS)? / fastest(case, PEER)?);
    columns.push(Column(OURS.to_owned(), Form::Ratio, Box::new(ours)));
    columns
}

/// Of the processes, the ratio that is the least favourable to this codec counts. For the peer this means: the build, and
/// of the ways it has for the work the one, that is fastest on this frame.
fn counts(processes: &[&TimedCase], measure: Measure, pass: Option<usize>) -> Option<f64> {
    let ratios = processes.iter().filter_map(|case| ratio(case, measure, pass));
    if measure == Measure::Peer { ratios.reduce(f64::min) } else { ratios.reduce(f64::max) }
}

/// The ratio in one process.
fn ratio(case: &TimedCase, measure: Measure, pass: Option<usize>) -> Option<f64> {
    let ours = case.fastest(OURS, pass)?;
    Some(match measure {
        Measure::Peer => case.fastest(PEER, pass)? / ours,
        Measure::Walk => ours / case.fastest(WALK, pass)?,
        Measure::Bound => ours / (case.fastest(INFLATE, pass)? + WALKS * case.fastest(WALK, pass)?),
        Measure::Alone => ours / case.fastest(DECODE_ALONE, pass)?,
    })
}

fn builds() -> String {
    format!("wacore-binary {} without features and with its feature `simd`.", peer_version())
}

/// As `Cargo.toml` pins it.
fn peer_version() -> &'static str {
    let manifest = include_str!("../Cargo.toml");
    let version = manifest.split_once("wacore-binary = { version = \"=").and_then(|(_, rest)| rest.split_once('"'));
    version.map_or("", |(version, _)| version)
}

fn optional<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Error> {
    match fs::read(path) {
        Ok(json) => Ok(Some(serde_json::from_slice(&json)?)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
