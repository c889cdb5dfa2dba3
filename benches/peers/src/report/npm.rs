//! The codecs of npm, which run in a process of their own.

use super::comparison::{Comparison, mean, ways};
use super::markdown::{Table, amount, bold, ratio};
use crate::case::{OURS, PEER};
use crate::results::{NpmFrame, NpmPeer, TimedCase};
use crate::work::{DECODE, DECODE_STREAM, ENCODE};

type Taken = fn(&NpmFrame) -> Option<f64>;

const KINDS: [(&str, &[&str], Taken); 2] = [
    ("Codecs of npm, decode: time / time of wacore in another process", &[DECODE, DECODE_STREAM], |frame| frame.decode),
    ("Codecs of npm, encode: time / time of wacore in another process", &[ENCODE], |frame| frame.encode),
];

/// Titles and tables; none if node was not there.
pub(super) fn tables(comparison: &Comparison) -> impl Iterator<Item = (&'static str, String)> {
    KINDS.into_iter().filter_map(|(title, kinds, taken)| Some((title, table(comparison, kinds, taken)?)))
}

/// How much slower than the peer they decode, for the README; empty if node was not there.
pub(super) fn sentence(comparison: &Comparison) -> String {
    let Some(npm) = &comparison.npm else { return String::new() };
    let (_, kinds, taken) = KINDS[0];
    let slower = npm.peers.iter().filter_map(|npm_peer| {
        let ratios = comparison
            .cases(kinds)
            .filter_map(|case| of_frame(npm_peer, case[0]).and_then(taken).map(|time| time / fastest(&case, PEER)));
        Some(format!("{} {} {:.1} times", npm_peer.name, npm_peer.version, mean(ratios)?))
    });
    let slower = slower.collect::<Vec<_>>().join(" and ");
    format!("In a process of their own (node {}), decoding takes {slower} as long as wacore-binary takes.", npm.node)
}

fn of_frame<'a>(npm_peer: &'a NpmPeer, case: &TimedCase) -> Option<&'a NpmFrame> {
    npm_peer.frames.iter().find(|frame| frame.frame == case.frame)
}

fn table(comparison: &Comparison, kinds: &[&str], taken: Taken) -> Option<String> {
    let npm = comparison.npm.as_ref()?;
    let cases: Vec<_> = comparison.cases(kinds).collect();
    cases.first()?;
    let mut columns = vec!["frame".to_owned(), "bytes".to_owned(), "wacore, ns".to_owned()];
    columns.extend(npm.peers.iter().map(|peer| format!("{} {}", peer.name, peer.version)));
    columns.push(OURS.to_owned());
    let mut table = Table::new(&columns);
    let mut ratios = vec![Vec::new(); npm.peers.len() + 1];
    for processes in &cases {
        let case = processes[0];
        let peer = fastest(processes, PEER);
        let mut cells = vec![case.frame.clone(), amount(case.bytes as f64), amount(peer)];
        for (npm_peer, ratios) in npm.peers.iter().zip(&mut ratios) {
            let frame = of_frame(npm_peer, case);
            let time = frame.and_then(taken);
            ratios.extend(time.map(|time| time / peer));
            let other_bytes = kinds == [ENCODE] && frame.is_some_and(|frame| !frame.same_bytes);
            let mark = if other_bytes { " *" } else { "" };
            cells.push(time.map_or_else(|| "–".to_owned(), |time| format!("{}{mark}", ratio(time / peer))));
        }
        let ours = fastest(processes, OURS) / peer;
        ratios[npm.peers.len()].push(ours);
        cells.push(ratio(ours));
        table.row(&cells);
    }
    let mut means = vec![bold("geometric mean"), String::new(), String::new()];
    means.extend(ratios.into_iter().map(|list| mean(list.into_iter()).map(ratio).unwrap_or_default()));
    table.row(&means);
    let note = if kinds == [ENCODE] { "\n`*`: the same tree, in other bytes than the frame's.\n" } else { "" };
    Some(format!("On node {}.\n\n{}{note}", npm.node, table.finish()))
}

/// The fastest way in the fastest process.
fn fastest(processes: &[&TimedCase], name: &str) -> f64 {
    let times = processes.iter().flat_map(|case| ways(case, name)).map(|contender| contender.median());
    times.reduce(f64::min).unwrap_or(f64::NAN)
}
