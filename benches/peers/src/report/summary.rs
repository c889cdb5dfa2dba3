//! A line for each kind of work, with what was aimed at.

use super::comparison::{Comparison, Measure, Of};
use super::markdown::{Table, amount, ratio};
use super::npm;
use crate::case::OURS;
use crate::work::{BUILD, CALL_ACK, DECODE, DECODE_STREAM, ENCODE, OWNED, OWNED_ELSEWHERE, READ, ZLIB};

/// A kind of work, as it is summed up.
struct Line {
    work: &'static str,
    kinds: &'static [&'static str],
    measure: Measure,
    goal: f64,
    floor: Option<f64>,
    /// The kind whose heap calls are counted, and how many a frame may take.
    heap: Option<(&'static str, f64)>,
}

const fn against_peer(work: &'static str, kinds: &'static [&'static str], goal: f64, floor: f64) -> Line {
    Line { work, kinds, measure: Measure::Peer, goal, floor: Some(floor), heap: None }
}

impl Line {
    const fn with_heap(self, kind: &'static str, most: f64) -> Self {
        Self { heap: Some((kind, most)), ..self }
    }

    fn meets(&self, measured: f64, aim: f64) -> bool {
        if self.measure == Measure::Peer { measured >= aim } else { measured <= aim }
    }

    fn show(&self, number: f64) -> String {
        if self.measure == Measure::Peer { format!("{number:.2}x") } else { ratio(number) }
    }

    fn aim(&self, aim: f64) -> String {
        if self.measure == Measure::Peer { format!("{aim}x") } else { format!("≤ {aim}") }
    }
}

const LINES: [Line; 11] = [
    against_peer("decode into a decoder used again", &[DECODE], 5.0, 4.0).with_heap(DECODE, 0.0),
    against_peer("the same, 1024 different small frames", &[DECODE_STREAM], 4.0, 3.0).with_heap(DECODE_STREAM, 0.0),
    against_peer("decode to an owned tree, dropped on another thread", &[OWNED_ELSEWHERE], 4.0, 2.5)
        .with_heap(OWNED, 3.0),
    against_peer("the same, dropped at once", &[OWNED], 4.0, 2.5).with_heap(OWNED, 3.0),
    against_peer("decode and read everything", &[READ], 4.0, 3.0).with_heap(READ, 0.0),
    against_peer("encode a decoded tree", &[ENCODE], 4.0, 3.0).with_heap(ENCODE, 0.0),
    against_peer("build from plain values and encode", &[BUILD], 3.0, 2.0).with_heap(BUILD, 40.0),
    against_peer("inflate and decode", &[ZLIB], 2.0, 1.5).with_heap(ZLIB, 0.0),
    Line {
        work: "the same: time / (inflate alone + 1.6 bare walks)",
        kinds: &[ZLIB],
        measure: Measure::Bound,
        goal: 1.0,
        floor: None,
        heap: None,
    },
    Line {
        work: "decode: time / bare walk",
        kinds: &[DECODE, DECODE_STREAM],
        measure: Measure::Walk,
        goal: 1.3,
        floor: Some(1.6),
        heap: None,
    },
    Line {
        work: "call ack, every field read: time / decode alone",
        kinds: &[CALL_ACK],
        measure: Measure::Alone,
        goal: 1.3,
        floor: Some(1.6),
        heap: Some((CALL_ACK, 0.0)),
    },
];

/// For the README.
pub(super) fn short(comparison: &Comparison) -> String {
    format!("{}\n{} {}", table(comparison, false), circumstances(comparison), npm::sentence(comparison))
}

/// For BENCHMARKING.md.
pub(super) fn full(comparison: &Comparison) -> String {
    let missing = match &comparison.npm {
        Some(_) => "",
        None => " The codecs of npm were not run.",
    };
    let times = &comparison.processes[0];
    format!(
        "## Summary\n\n{}\n{}{missing} {} passes of {} rounds, {} ms a turn. {}\n",
        table(comparison, true),
        circumstances(comparison),
        times.passes,
        times.rounds,
        times.turn / 1e6,
        alone(comparison),
    )
}

fn table(comparison: &Comparison, with_range: bool) -> String {
    let peer = format!("against wacore-binary {}", comparison.facts.wacore);
    let mut columns = vec!["work", &peer, "goal", "floor", "holds", "heap calls, plain frame", "at most"];
    if with_range {
        columns.insert(2, "single passes");
    }
    let mut table = Table::new(&columns.into_iter().map(str::to_owned).collect::<Vec<_>>());
    for line in &LINES {
        let Some(measured) = comparison.mean(line.kinds, line.measure, Of::All) else { continue };
        let holds = match line.floor {
            _ if line.meets(measured, line.goal) => "goal",
            Some(floor) if line.meets(measured, floor) => "floor",
            _ => "no",
        };
        let calls = line.heap.and_then(|(kind, most)| Some((most_calls(comparison, kind)?, most)));
        let (calls, most) = calls.map_or_else(Default::default, |(calls, most)| (amount(calls), amount(most)));
        let floor = line.floor.map(|floor| line.aim(floor)).unwrap_or_default();
        let mut cells =
            vec![line.work.to_owned(), line.show(measured), line.aim(line.goal), floor, holds.to_owned(), calls, most];
        if with_range {
            let range = comparison.range(line.kinds, line.measure);
            let show = |(low, high)| format!("{} – {}", line.show(low), line.show(high));
            cells.insert(2, range.map(show).unwrap_or_default());
        }
        table.row(&cells);
    }
    table.finish()
}

/// The most that this codec takes from the heap for a frame of the kind; for a plain one, unless all are compressed.
fn most_calls(comparison: &Comparison, kind: &str) -> Option<f64> {
    let is_compressed = |frame: &str| comparison.counted.iter().any(|one| one.kind == ZLIB && one.frame == frame);
    let ours = comparison.counted.iter().filter(|one| one.kind == kind && one.name == OURS);
    ours.filter(|one| kind == ZLIB || !is_compressed(&one.frame)).map(|one| one.calls).reduce(f64::max)
}

/// How much of the time the core was shared.
fn alone(comparison: &Comparison) -> String {
    let shares = comparison.processes.iter().map(|times| format!("{:.0} %", times.alone * 100.0));
    let cases: usize = comparison.processes.iter().map(|times| times.cases.len()).sum();
    format!(
        "The core was not shared in {} of the rounds, which alone count; in {} of {cases} cases there were too few of \
         them, and all count.",
        shares.collect::<Vec<_>>().join(" and "),
        comparison.processes.iter().map(|times| times.shared).sum::<usize>(),
    )
}

fn circumstances(comparison: &Comparison) -> String {
    let facts = &comparison.facts;
    let builds = comparison.processes.iter().map(|times| match times.variant.as_str() {
        "simd" => "with its feature `simd`",
        _ => "without features",
    });
    let builds = builds.collect::<Vec<_>>().join(" and ");
    format!(
        "{}, wabinary {}, wacore-binary {} {builds}, {}, {} ({} cores).",
        facts.date, facts.wabinary, facts.wacore, facts.rustc, facts.cpu, facts.cores
    )
}
