//! `cargo tools fuzz`: runs the fuzz targets and keeps the packed corpora small.

mod campaign;
mod cargo_fuzz;
mod corpus;
mod keep;
mod log;
mod rotation;

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

use anyhow::{Context, Result, ensure};
use cargo_fuzz::CargoFuzz;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Targets to fuzz. Default: all
    targets: Vec<String>,
    /// Seconds for each target
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// List the targets
    #[arg(long, conflicts_with = "keep")]
    list: bool,
    /// Merge the findings of earlier runs into fuzz/corpus, as few inputs as reach every edge
    #[arg(long, conflicts_with = "seconds")]
    keep: bool,
    /// Fuzz for this many hours: turns of --seconds go to the targets that find most; an interrupted campaign continues
    #[arg(long, conflicts_with = "keep", allow_negative_numbers = true)]
    hours: Option<f64>,
    /// File for the turns of a campaign; fuzz/target/campaign.jsonl if not given
    #[arg(long, requires = "hours")]
    state: Option<PathBuf>,
    /// Processes at a time; the number of cores if not given
    #[arg(long)]
    jobs: Option<NonZeroUsize>,
    /// Sanitizer to build with; `address` checks the unsafe code of zlib-rs
    #[arg(long, default_value = "none")]
    sanitizer: String,
}

/// Does what the options say. Findings are an error, and so are targets that do not finish.
pub(crate) fn run(options: Options) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the tools have no folder above them")?;
    let known = targets(&root.join("fuzz"))?;
    if options.list {
        println!("{}", known.join("\n"));
        return Ok(());
    }
    for name in &options.targets {
        ensure!(known.contains(name), "unknown target {name:?}; expected one of {}", known.join(", "));
    }
    let targets = if options.targets.is_empty() { known } else { options.targets };
    let cargo = CargoFuzz::build(root, options.sanitizer)?;
    if options.keep {
        return keep::run(&cargo, &targets);
    }
    let jobs = options.jobs.map_or_else(available_parallelism, Ok)?;
    if let Some(hours) = options.hours {
        let state = options.state.unwrap_or_else(|| rotation::default_file(&cargo.folder()));
        return rotation::run(&cargo, &targets, hours, options.seconds, jobs.get(), &state);
    }
    campaign::run(&cargo, &targets, options.seconds, jobs.get())
}

/// The names of the programs in `fuzz/Cargo.toml`.
fn targets(fuzz: &Path) -> Result<Vec<String>> {
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).context("fuzz/Cargo.toml cannot be read")?;
    let programs = manifest.split("[[bin]]").skip(1);
    let names = programs.filter_map(|program| Some(program.split_once("name = \"")?.1.split_once('"')?.0.to_owned()));
    Ok(names.collect())
}
