//! Runs targets side by side, and prints a row for each.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Result, ensure};

use super::cargo_fuzz::CargoFuzz;
use super::corpus::Corpus;
use super::log::Figures;

/// Fuzzes each target for `seconds`, in `jobs` processes at a time. With fewer targets than jobs, several processes
/// work on each. Findings, and targets that do not finish, are an error after all rows are printed.
pub(crate) fn run(cargo: &CargoFuzz, targets: &[String], seconds: u64, jobs: usize) -> Result<()> {
    let copies = (jobs / targets.len()).max(1);
    let corpora = targets.iter().map(|target| Corpus::unpack(&cargo.folder(), target)).collect::<Result<Vec<_>>>()?;
    let turns: Vec<usize> = (0..targets.len()).flat_map(|target| vec![target; copies]).collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut logs = Vec::new();
        while let Some(&at) = turns.get(next.fetch_add(1, Ordering::Relaxed)) {
            logs.push((at, fuzz(cargo, &targets[at], &corpora[at], seconds)?));
        }
        anyhow::Ok(logs)
    };
    let logs = thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|worker| worker.join().expect("a worker does not panic"));
        joined.collect::<Result<Vec<_>>>()
    })?;

    println!(
        "| target | executions | a second | edges | edges after half of them | growth since | inputs | findings |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    let mut findings = 0;
    for (at, target) in targets.iter().enumerate() {
        let of_target = logs.iter().flatten().filter(|(of, _)| *of == at).map(|(_, log)| log.as_str());
        findings += report(target, &of_target.collect::<Vec<_>>(), seconds);
    }
    ensure!(findings == 0, "{findings} findings; inputs that break something are in fuzz/artifacts");
    Ok(())
}

/// Fuzzes one target in one process, and returns its log.
pub(super) fn fuzz(cargo: &CargoFuzz, target: &str, corpus: &Corpus, seconds: u64) -> Result<String> {
    let mut folders = vec![corpus.found.clone(), corpus.unpacked.clone()];
    folders.extend(corpus.regressions.exists().then(|| corpus.regressions.clone()));
    let options =
        [format!("-max_total_time={seconds}"), "-dict=fuzz/wabinary.dict".into(), "-print_final_stats=1".into()];
    let output = cargo.run(target, &folders, &options)?;
    Ok(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

/// Prints the row of a target, and what broke to stderr. Returns the number of findings: a target that dies without a
/// finding counts as one.
fn report(target: &str, logs: &[&str], seconds: u64) -> u64 {
    for log in logs {
        if !Figures::of(log).ended {
            eprint!("{log}");
            eprintln!("{target} did not run to its end");
        }
        let of_findings = ["panicked", "Test unit written to", "ERROR: libFuzzer"];
        for line in log.lines().filter(|line| of_findings.iter().any(|of| line.contains(of))) {
            eprintln!("{target}: {line}");
        }
    }
    let all = logs.iter().map(|log| Figures::of(log)).reduce(|all, one| all.and(&one)).unwrap_or_default();
    let findings = all.findings.max(u64::from(!all.ended));
    let Figures { executions, edges, edges_at_half, inputs, .. } = all;
    let growth = 100.0 * (edges - edges_at_half) as f64 / edges_at_half.max(1) as f64;
    let speed = executions / seconds;
    println!(
        "| {target} | {executions} | {speed} | {edges} | {edges_at_half} | {growth:.1} % | {inputs} | {findings} |"
    );
    findings
}
