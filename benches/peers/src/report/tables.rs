//! A table for each kind of work, with every frame.

use super::comparison::{Comparison, Measure, Of, counts, mean, ways};
use super::markdown::{Table, amount, bold, ratio};
use super::npm;
use crate::case::{DECODE_ALONE, INFLATE, OURS, PEER, WALK};
use crate::results::TimedCase;
use crate::work::{BUILD, CALL_ACK, DECODE, DECODE_STREAM, ENCODE, OWNED, OWNED_ELSEWHERE, READ, ZLIB};

/// Kinds that are held against the peer: title, kinds, and the kind whose heap calls are shown.
const AGAINST_PEER: [(&str, &[&str], Option<&str>); 7] = [
    ("Decode into a decoder used again", &[DECODE, DECODE_STREAM], Some(DECODE)),
    ("Decode to an owned tree, dropped on another thread", &[OWNED_ELSEWHERE], None),
    ("Decode to an owned tree, dropped at once", &[OWNED], Some(OWNED)),
    ("Decode and read everything", &[READ], Some(READ)),
    ("Encode a decoded tree", &[ENCODE], Some(ENCODE)),
    ("Build from plain values and encode", &[BUILD], Some(BUILD)),
    ("Inflate and decode", &[ZLIB], Some(ZLIB)),
];

pub(super) fn all(comparison: &Comparison) -> String {
    let mut text = String::new();
    let mut add = |title: &str, table: Option<String>| {
        if let Some(table) = table {
            text.push_str(&format!("## {title}\n\n{table}\n"));
        }
    };
    for (title, kinds, heap) in AGAINST_PEER {
        add(title, against_peer(comparison, kinds, heap.is_some()));
    }
    add("Inflate and decode, against inflating alone", bound(comparison));
    let walk = against_one(comparison, &[DECODE, DECODE_STREAM], WALK, Measure::Walk);
    add("Decode, against a bare walk", walk);
    let alone = against_one(comparison, &[CALL_ACK], DECODE_ALONE, Measure::Alone);
    add("Call acks, every field read, against decoding alone", alone);
    for (title, table) in npm::tables(comparison) {
        add(title, Some(table));
    }
    text
}

fn median(case: &TimedCase, name: &str) -> f64 {
    ways(case, name).map(|contender| contender.median()).reduce(f64::min).unwrap_or(f64::NAN)
}

/// What the peer takes in each build and each way, in times of what this codec takes in the same process.
fn against_peer(comparison: &Comparison, kinds: &[&str], with_heap: bool) -> Option<String> {
    let with_heap = with_heap && !comparison.counted.is_empty();
    let cases: Vec<_> = comparison.cases(kinds).collect();
    let first = cases.first()?.first()?;
    let names: Vec<&str> = ways(first, PEER).map(|contender| contender.name.as_str()).collect();
    let mut columns = ["frame", "bytes", "wabinary, ns", "wacore, ns"].map(str::to_owned).to_vec();
    for process in &comparison.processes {
        columns.extend(names.iter().map(|name| match name.strip_prefix(PEER).map(str::trim) {
            Some(way) if !way.is_empty() => format!("`{way}`, {}", process.variant),
            _ => process.variant.clone(),
        }));
    }
    columns.push("counts".to_owned());
    if with_heap {
        columns.extend(["heap calls", "wacore", "heap bytes", "wacore"].map(str::to_owned));
    }
    let mut table = Table::new(&columns);
    for processes in &cases {
        let case = processes[0];
        let mut cells = vec![case.frame.clone(), amount(case.bytes as f64)];
        cells.extend([median(case, OURS), median(case, PEER)].map(amount));
        for case in processes {
            let ours = median(case, OURS);
            let taken = names.iter().filter_map(|name| case.contender(name));
            cells.extend(taken.map(|contender| ratio(contender.median() / ours)));
        }
        cells.push(counts(processes, Measure::Peer, Of::All).map(|number| bold(&ratio(number))).unwrap_or_default());
        if with_heap {
            let heap = |name| comparison.heap(&case.kind, &case.frame, name);
            let (ours, peers) = (heap(OURS), heap(PEER));
            let cell = |number: Option<f64>| number.map(amount).unwrap_or_default();
            cells.extend([ours, peers].map(|heap| cell(heap.map(|counted| counted.calls))));
            cells.extend([ours, peers].map(|heap| cell(heap.map(|counted| counted.bytes))));
        }
        table.row(&cells);
    }
    let mut means = vec![bold("geometric mean"), String::new(), String::new(), String::new()];
    for at in 0..comparison.processes.len() {
        for name in &names {
            let of_process = cases.iter().filter_map(|processes| processes.get(at));
            let ratios = of_process.map(|case| median(case, name) / median(case, OURS));
            means.push(mean(ratios).map(ratio).unwrap_or_default());
        }
    }
    means.push(comparison.mean(kinds, Measure::Peer, Of::All).map(|number| bold(&ratio(number))).unwrap_or_default());
    means.resize(columns.len(), String::new());
    table.row(&means);
    Some(table.finish())
}

/// This codec's time in times of another's.
fn against_one(comparison: &Comparison, kinds: &[&str], other: &str, measure: Measure) -> Option<String> {
    let cases: Vec<_> = comparison.cases(kinds).collect();
    cases.first()?;
    let mut columns = vec!["frame".to_owned(), "bytes".to_owned(), format!("{other}, ns"), "wabinary, ns".to_owned()];
    columns.extend((1..=comparison.processes.len()).map(|number| format!("process {number}")));
    columns.push("counts".to_owned());
    let mut table = Table::new(&columns);
    for processes in &cases {
        let case = processes[0];
        let mut cells = vec![case.frame.clone(), amount(case.bytes as f64)];
        cells.extend([median(case, other), median(case, OURS)].map(amount));
        cells.extend(processes.iter().map(|case| ratio(median(case, OURS) / median(case, other))));
        cells.push(counts(processes, measure, Of::All).map(|number| bold(&ratio(number))).unwrap_or_default());
        table.row(&cells);
    }
    let mut means = vec![bold("geometric mean")];
    means.resize(columns.len() - 1, String::new());
    means.push(comparison.mean(kinds, measure, Of::All).map(|number| bold(&ratio(number))).unwrap_or_default());
    table.row(&means);
    Some(table.finish())
}

/// Compressed frames against what the machine allows.
fn bound(comparison: &Comparison) -> Option<String> {
    let cases: Vec<_> = comparison.cases(&[ZLIB]).collect();
    let names: Vec<&str> = ways(cases.first()?.first()?, INFLATE).map(|contender| contender.name.as_str()).collect();
    let mut columns = ["frame", "inflated bytes", "wabinary, ns"].map(str::to_owned).to_vec();
    columns.extend(names.iter().map(|name| format!("{name}, ns")));
    columns.extend(["bare walk, ns", "time / (fastest inflate + 1.6 bare walks)"].map(str::to_owned));
    let mut table = Table::new(&columns);
    for processes in &cases {
        let case = processes[0];
        let mut cells = vec![case.frame.clone(), amount(case.bytes as f64), amount(median(case, OURS))];
        cells.extend(names.iter().map(|name| amount(median(case, name))));
        let held = counts(processes, Measure::Bound, Of::All).map(|number| bold(&ratio(number))).unwrap_or_default();
        cells.extend([amount(median(case, WALK)), held]);
        table.row(&cells);
    }
    Some(table.finish())
}
