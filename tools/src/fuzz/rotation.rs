//! A campaign of hours: the targets that find most get the turns, and a file records every turn.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use serde_json::{Value as Json, json};

use super::campaign;
use super::cargo_fuzz::CargoFuzz;
use super::corpus::Corpus;
use super::log::Figures;

/// A turn of a target.
#[derive(Clone, Debug, PartialEq)]
struct Turn {
    target: String,
    seconds: u64,
    executions: u64,
    edges: u64,
    findings: u64,
}

/// Fuzzes in turns of `seconds`, until all turns together took `hours` on each of `jobs` processes. Earlier turns of these
/// targets in the file count, so an interrupted campaign continues. Inputs that break a target are made smaller; they do not end
/// the campaign.
pub(crate) fn run(
    cargo: &CargoFuzz,
    targets: &[String],
    hours: f64,
    seconds: u64,
    jobs: usize,
    file: &Path,
) -> Result<()> {
    ensure!(hours > 0.0, "--hours is {hours}; expected more than 0");
    let mut turns = read(file)?;
    turns.retain(|turn| targets.contains(&turn.target));
    let mut log =
        OpenOptions::new().create(true).append(true).open(file).with_context(|| file.display().to_string())?;
    let wanted = (hours * 3600.0) as u64 * jobs as u64;
    let jobs = jobs.min(targets.len());
    let fuzzed = |turns: &[Turn]| turns.iter().map(|turn| turn.seconds).sum::<u64>();
    if fuzzed(&turns) > 0 {
        let (seconds, file) = (fuzzed(&turns), file.display());
        eprintln!("{file} has {seconds} of {wanted} seconds; delete it or name another --state to start again");
    }
    while fuzzed(&turns) < wanted {
        let mut chosen: Vec<&String> = Vec::new();
        for _ in 0..jobs {
            chosen.extend(next(targets, &turns, &chosen));
        }
        let started = SystemTime::now();
        let made = thread::scope(|scope| {
            let workers: Vec<_> = chosen.iter().map(|target| scope.spawn(|| turn(cargo, target, seconds))).collect();
            workers
                .into_iter()
                .map(|worker| worker.join().expect("a worker does not panic"))
                .collect::<Result<Vec<_>>>()
        })?;
        for turn in made {
            writeln!(log, "{}", turn.json())?;
            if turn.findings > 0 {
                shrink(cargo, &turn.target, started)?;
            }
            turns.push(turn);
        }
    }
    report(targets, &turns)
}

/// The next target: one without a turn, else the one that gained most edges in its last turn, or waits longest.
fn next<'t>(targets: &'t [String], turns: &[Turn], chosen: &[&String]) -> Option<&'t String> {
    let worth = |target: &&String| {
        let of_target: Vec<_> = turns.iter().enumerate().filter(|(_, turn)| turn.target == **target).collect();
        let Some((at, last)) = of_target.last() else { return u64::MAX };
        let before = of_target.iter().rev().nth(1).map_or(0, |(_, turn)| turn.edges);
        // A target that has waited for twice as many turns as there are targets is next, whatever others gain.
        let waited = 1_000 * (turns.len() - at) as u64 / (2 * targets.len()) as u64;
        (last.edges.saturating_sub(before)).min(999) + waited
    };
    targets.iter().filter(|target| !chosen.contains(target)).max_by_key(worth)
}

fn turn(cargo: &CargoFuzz, target: &str, seconds: u64) -> Result<Turn> {
    let corpus = Corpus::unpack(&cargo.folder(), target)?;
    let log = campaign::fuzz(cargo, target, &corpus, seconds)?;
    let Figures { executions, edges, findings, ended, .. } = Figures::of(&log);
    let findings = findings.max(u64::from(!ended));
    if findings > 0 {
        eprint!("{log}");
    }
    Ok(Turn { target: target.to_owned(), seconds, executions, edges, findings })
}

/// Makes each input that broke a target since then smaller. libFuzzer writes the result next to the input.
fn shrink(cargo: &CargoFuzz, target: &str, since: SystemTime) -> Result<()> {
    let folder = cargo.folder().join("artifacts").join(target);
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        let is_new = fs::metadata(&path)?.modified()? >= since;
        if is_new && !path.to_string_lossy().contains("minimized") {
            cargo.shrink(target, &path)?;
            eprintln!("{target}: {}; keep it as fuzz/regressions/{target}/WHAT-WAS-WRONG", path.display());
        }
    }
    Ok(())
}

/// Prints each target's edges after each quarter of its turns. Findings are an error.
fn report(targets: &[String], turns: &[Turn]) -> Result<()> {
    println!(
        "| target | turns | seconds | executions | edges after a quarter | half | three quarters | all | flat | findings |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|---|--:|");
    let mut findings = 0;
    for target in targets {
        let own: Vec<_> = turns.iter().filter(|turn| turn.target == *target).collect();
        let sum = |of: fn(&Turn) -> u64| own.iter().map(|turn| of(turn)).sum::<u64>();
        let edges = |quarters: usize| {
            own.iter().take((own.len() * quarters).div_ceil(4)).map(|turn| turn.edges).max().unwrap_or(0)
        };
        let [one, two, three, all] = [1, 2, 3, 4].map(edges);
        // Maps hash with random keys, so a few edges vary between runs.
        let flat = if all <= three + 2 { "yes" } else { "no" };
        findings += sum(|turn| turn.findings);
        println!(
            "| {target} | {} | {} | {} | {one} | {two} | {three} | {all} | {flat} | {} |",
            own.len(),
            sum(|turn| turn.seconds),
            sum(|turn| turn.executions),
            sum(|turn| turn.findings)
        );
    }
    ensure!(findings == 0, "{findings} turns found something; the inputs are in fuzz/artifacts");
    Ok(())
}

impl Turn {
    fn json(&self) -> Json {
        let Self { target, seconds, executions, edges, findings } = self;
        json!({ "target": target, "seconds": seconds, "executions": executions, "edges": edges, "findings": findings })
    }

    fn of(line: &str) -> Option<Self> {
        let json: Json = serde_json::from_str(line).ok()?;
        let number = |name: &str| json[name].as_u64();
        Some(Self {
            target: json["target"].as_str()?.to_owned(),
            seconds: number("seconds")?,
            executions: number("executions")?,
            edges: number("edges")?,
            findings: number("findings")?,
        })
    }
}

/// The turns of an interrupted campaign. A truncated line does not count.
fn read(file: &Path) -> Result<Vec<Turn>> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let text = if file.exists() { fs::read_to_string(file)? } else { String::new() };
    if !text.is_empty() && !text.ends_with('\n') {
        OpenOptions::new().append(true).open(file).and_then(|mut file: File| file.write_all(b"\n"))?;
    }
    Ok(text.lines().filter_map(Turn::of).collect())
}

/// The default file for turns.
pub(crate) fn default_file(fuzz: &Path) -> PathBuf {
    fuzz.join("target/campaign.jsonl")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(of: &[(&str, u64)]) -> Vec<Turn> {
        let turn = |(target, edges): &(&str, u64)| Turn {
            target: (*target).to_owned(),
            seconds: 60,
            executions: 1,
            edges: *edges,
            findings: 0,
        };
        of.iter().map(turn).collect()
    }

    #[test]
    fn turns_go_to_what_gains_most_and_nobody_waits_for_ever() {
        let targets = ["a", "b", "c"].map(str::to_owned);
        let next = |of: &[(&str, u64)]| super::next(&targets, &turns(of), &[]).unwrap().clone();
        assert_eq!(next(&[("a", 9), ("b", 9)]), "c");
        assert_eq!(next(&[("a", 9), ("b", 9), ("c", 9), ("c", 500), ("b", 10), ("a", 9)]), "c");
        assert_eq!(next(&[("a", 9), ("b", 9), ("b", 500), ("c", 9), ("b", 999), ("b", 1500), ("b", 2400)]), "a");
        assert_eq!(turns(&[("a", 7)])[0], Turn::of(&turns(&[("a", 7)])[0].json().to_string()).unwrap());
    }
}
