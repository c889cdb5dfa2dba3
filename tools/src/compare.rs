//! Compares this codec and others on the same frames. BENCHMARKING.md describes the measurements.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::process::{command, exists, output, run};
use crate::results::{Results, circumstances};

const PEERS: &str = "benches/peers";
const NPM: &str = "benches/peers/npm";
const BEGIN: &str = "<!-- written by cargo tools compare: begin -->";
const END: &str = "<!-- written by cargo tools compare: end -->";

#[derive(Args)]
pub(crate) struct Compare {
    /// A fraction of the rounds; prints the tables and writes nothing
    #[arg(long)]
    quick: bool,
    /// Kinds of work, such as `decode`; all if none is named
    #[arg(requires = "quick")]
    kinds: Vec<String>,
}

impl Compare {
    pub(crate) fn run(&self) -> Result<()> {
        // Read before a file is written: then the commit is not marked as dirty.
        let circumstances = circumstances()?;
        let results = &format!("{PEERS}/target/compare");
        if Path::new(results).exists() {
            fs::remove_dir_all(results)?;
        }
        fs::create_dir_all(results)?;
        // One build cannot contain the peer both with and without its feature.
        build("no-features", &mut command("cargo build"), "")?;
        // The feature uses unstable Rust; only that crate may.
        build("simd", command("cargo build").env("RUSTC_BOOTSTRAP", "wacore_binary"), "--features simd --bin peers")?;
        let built = |variant: &str, program: &str| Command::new(format!("{PEERS}/target/{variant}/release/{program}"));
        let keep = |command: &mut Command, file: &str| run(command.stdout(File::create(format!("{results}/{file}"))?));

        step("heap calls");
        keep(&mut built("no-features", "count"), "count.json")?;
        for variant in ["no-features", "simd"] {
            step(&format!("time: {variant}"));
            let mut peers = built(variant, "peers");
            peers.arg("time").args(self.quick.then_some("--quick")).args(&self.kinds);
            keep(&mut peers, &format!("{variant}.json"))?;
        }
        let install = || run(command("npm ci --ignore-scripts --no-audit --no-fund").current_dir(NPM));
        if !self.kinds.is_empty() {
            step("some kinds of work only: without the codecs of npm");
        } else if let Err(error) = install() {
            step(&format!("without the codecs of npm: {error}"));
        } else {
            step("time: codecs of npm");
            keep(built("no-features", "peers").arg("frames"), "frames.json")?;
            let mut node = command(&format!("node {NPM}/compare.mjs {results}/frames.json"));
            keep(node.args(self.quick.then_some("--quick")), "npm.json")?;
        }

        let report = |what: &str| output(built("no-features", "peers").arg(what).arg(results));
        Results { print: self.quick }.publish("compare", "This codec and others", &report("report")?)?;
        if !self.quick { write_summary(report("summary")?.trim(), &circumstances) } else { Ok(()) }
    }
}

fn step(text: &str) {
    eprintln!("== {text}");
}

fn build(variant: &str, cargo: &mut Command, more: &str) -> Result<()> {
    step(&format!("build: {variant}"));
    // libdeflate needs a C compiler.
    let libdeflate = if exists("cc") { "--features libdeflate" } else { "" };
    let arguments = format!(
        "--quiet --release --locked --manifest-path {PEERS}/Cargo.toml --target-dir {PEERS}/target/{variant} {libdeflate} {more}"
    );
    run(cargo.args(arguments.split_whitespace()))
}

/// Writes the summary between the marks of the README.
fn write_summary(summary: &str, circumstances: &str) -> Result<()> {
    let readme = fs::read_to_string("README.md")?;
    let marks = || Some((readme.split_once(BEGIN)?.0, readme.split_once(END)?.1));
    let (before, after) = marks().context("README.md has no marks to write between")?;
    Ok(fs::write("README.md", format!("{before}{BEGIN}\n\n{summary} {circumstances}.\n\n{END}{after}"))?)
}
