//! Rewrites the packed corpora: the fewest inputs that reach every edge.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use super::cargo_fuzz::CargoFuzz;
use super::corpus::{Corpus, empty_folder, inputs};
use super::log::Figures;

/// How often a folder is read to count its edges. Maps hash with random keys, so some passes reach a few edges that
/// others miss.
const PASSES: usize = 30;

/// The most rounds in which inputs are added while the chosen ones reach fewer edges than before.
const ROUNDS: usize = 20;

/// Merges the packed corpus of each target with the found inputs, and prints its size before and after. A corpus that
/// would reach fewer edges stays unchanged, and is an error after all rows are printed.
pub(crate) fn run(cargo: &CargoFuzz, targets: &[String]) -> Result<()> {
    println!("| target | inputs before | bytes | edges | inputs after | bytes | edges |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let mut short = Vec::new();
    for target in targets {
        let corpus = Corpus::unpack(&cargo.folder(), target)?;
        let mut sources = vec![corpus.unpacked.clone(), corpus.found.clone()];
        let related = related(target).map(|other| cargo.folder().join("target/found").join(other));
        sources.extend(related.filter(|folder| folder.exists()));
        let kept = cargo.folder().join("target/kept").join(target);
        let (before, after) = choose(cargo, target, &corpus.unpacked, &sources, &kept)?;
        if after >= before {
            corpus.pack(&kept)?;
        } else {
            short.push(target.as_str());
        }
        let [before, after] = [(&corpus.unpacked, before), (&kept, after)].map(|(folder, edges)| {
            let inputs = inputs(folder)?;
            anyhow::Ok(format!("{} | {} | {edges}", inputs.len(), inputs.iter().map(Vec::len).sum::<usize>()))
        });
        println!("| {target} | {} | {} |", before?, after?);
    }
    ensure!(short.is_empty(), "fewer edges than before, so not rewritten: {}", short.join(", "));
    Ok(())
}

/// Fills the folder `kept` with inputs from `sources` that reach every edge. Returns the edges of the packed corpus and
/// those of the chosen inputs.
fn choose(cargo: &CargoFuzz, target: &str, packed: &Path, sources: &[PathBuf], kept: &Path) -> Result<(u64, u64)> {
    let before = edges(cargo, target, packed)?;
    let folders: Vec<PathBuf> = [kept.to_owned()].into_iter().chain(sources.iter().cloned()).collect();
    empty_folder(kept)?;
    let mut after = 0;
    for _ in 0..ROUNDS {
        // Without counters, only whether an edge is taken counts.
        run_to_end(cargo, target, &folders, &["-set_cover_merge=1", "-use_counters=0"])?;
        after = edges(cargo, target, kept)?;
        if after >= before {
            break;
        }
    }
    Ok((before, after))
}

/// The edges that a target reaches on the inputs of a folder.
fn edges(cargo: &CargoFuzz, target: &str, folder: &Path) -> Result<u64> {
    if fs::read_dir(folder)?.next().is_none() {
        return Ok(0);
    }
    let log = run_to_end(cargo, target, &vec![folder.to_owned(); PASSES], &["-runs=0"])?;
    let edges = Figures::of(&log).edges;
    ensure!(edges > 0, "{target}: libFuzzer reports no edges:\n{log}");
    Ok(edges)
}

fn run_to_end(cargo: &CargoFuzz, target: &str, folders: &[PathBuf], options: &[&str]) -> Result<String> {
    let output = cargo.run(target, folders, &options.iter().map(|option| (*option).to_owned()).collect::<Vec<_>>())?;
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    ensure!(output.status.success(), "{target} did not run to its end:\n{log}");
    Ok(log)
}

/// Targets that read the same kind of input, so that the inputs of one are worth trying on the other.
fn related(target: &str) -> impl Iterator<Item = &'static str> {
    let targets: &[&str] = match target {
        "roundtrip_bytes" | "explain" | "call_ack" | "differential" => &["decode"],
        "damaged" => &["spelled"],
        _ => &[],
    };
    targets.iter().copied()
}
