//! Counts instructions for a handful of frames and compares them with those recorded in `baseline.txt`. The counts do
//! not depend on how busy the machine is. Run by `scripts/instructions`, which says how.

#[path = "../callgrind/mod.rs"]
mod callgrind;
#[path = "../corpus/mod.rs"]
#[expect(dead_code, reason = "a handful of the frames")]
mod corpus;
#[path = "../measured/mod.rs"]
mod work;

mod baseline;
mod counted;
mod options;

use std::process::ExitCode;

use wabinary::Limits;

use baseline::Baseline;
use callgrind::{Failure, FramesFile};
use options::Options;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode, Failure> {
    callgrind::work_if_counted()?;
    let options = Options::of_command_line()?;
    let is_chosen = |name: &str| name.contains(&options.filter);
    if options.only_tested {
        for input in counted::inputs() {
            for (_, work) in input.works().filter(|(name, _)| is_chosen(name)) {
                work.prepare(&input.frames, Limits::default())();
            }
        }
        return Ok(ExitCode::SUCCESS);
    }
    if options.profile {
        for input in counted::inputs() {
            let file = FramesFile::create(&input.frames, Limits::default())?;
            for (name, work) in input.works().filter(|(name, _)| is_chosen(name)) {
                println!("{name}\n{}", file.profile(work)?);
            }
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut baseline = if options.record { Baseline::default() } else { Baseline::read()? };
    baseline.lines.retain(|(_, name)| is_chosen(name));
    if !options.record {
        baseline.warn_of_other_tools();
        println!("{:>12} {:>12} {:>9}  work: frames", "instructions", "baseline", "change");
    }
    let mut counts = Vec::new();
    for input in counted::inputs() {
        let file = FramesFile::create(&input.frames, Limits::default())?;
        for (name, work) in input.works().filter(|(name, _)| is_chosen(name)) {
            let count = file.count(work)?;
            match baseline.of(&name) {
                _ if options.record => println!("{count:>12}  {name}"),
                Some(before) => println!("{count:>12} {before:>12} {:>+8.2}%  {name}", change(before, count)),
                None => println!("{count:>12} {:>12} {:>9}  {name}", "", "new"),
            }
            counts.push((count, name));
        }
    }
    if options.record {
        baseline::write(&counts)?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(verdict(&baseline, &counts, options.threshold))
}

/// In percent of what it was before.
fn change(before: u64, now: u64) -> f64 {
    (now as f64 / before as f64 - 1.0) * 100.0
}

fn verdict(baseline: &Baseline, counts: &[(u64, String)], threshold: f64) -> ExitCode {
    for (_, name) in &baseline.lines {
        if counts.iter().all(|(_, counted)| counted != name) {
            println!("not counted any more: {name}");
        }
    }
    let changes = counts.iter().filter_map(|(now, name)| baseline.of(name).map(|before| change(before, *now)));
    let changes: Vec<f64> = changes.collect();
    let ratios: f64 = changes.iter().map(|change| (1.0 + change / 100.0).ln()).sum();
    if !changes.is_empty() {
        println!("{:>35}  geometric mean", format!("{:+.2}%", (ratios / changes.len() as f64).exp_m1() * 100.0));
    }
    let above = changes.iter().filter(|change| **change > threshold).count();
    println!("{above} of {} counts grew by more than {threshold} %", counts.len());
    if above > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
