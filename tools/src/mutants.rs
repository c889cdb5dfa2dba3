//! Mutation testing by cargo-mutants: what quick tests do not notice is tried again with all.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};
use clap::Args;

use crate::process::{exists, install};

/// Tests that are done in a second or two and notice most.
const QUICK: [&str; 6] =
    ["--lib", "--test=vectors", "--test=limits", "--test=leniencies", "--test=explain", "--test=jids"];

/// Of 100 mutants that compile, so many have to be noticed.
const FLOOR: usize = 95;

#[derive(Args)]
pub(crate) struct Mutants {
    /// Leave it at the quick tests, which notice less in a fraction of the time
    #[arg(long)]
    quick: bool,
    /// What to hand to cargo-mutants: `--file src/frame.rs` tries one file, `--shard 0/50` a sample
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Mutants {
    pub(crate) fn run(&self) -> Result<()> {
        install("cargo-mutants", "")?;
        // A body of half a GiB and a million nodes take most of the time, and notice little.
        self.try_with(60, &QUICK, &[], &["any_other", "a_body_", "1048576"])?;
        if !self.quick {
            self.try_with(300, &["--tests"], &["--iterate"], &["any_other"])?;
        }
        let count = |kind: &str| {
            fs::read_to_string(format!("target/mutants.out/{kind}.txt")).unwrap_or_default().lines().count()
        };
        let missed = count("missed");
        let noticed = count("caught") + count("previously_caught") + count("timeout");
        println!("{noticed} mutants noticed, {missed} missed: target/mutants.out/missed.txt");
        ensure!(noticed * 100 >= (noticed + missed) * FLOOR, "fewer than {FLOOR} of 100 mutants are noticed");
        Ok(())
    }

    /// Tries mutants with some tests, each program of which may work for so many seconds.
    fn try_with(&self, seconds: u32, tests: &[&str], more: &[&str], skipped: &[&str]) -> Result<()> {
        let mut mutants = Command::new("cargo");
        if exists("prlimit") {
            // A mutant may loop or fill the memory. Seconds of work are the same on a busy machine; all tests can do with 6 GiB.
            mutants = Command::new("prlimit");
            mutants.arg(format!("--cpu={seconds}")).args(["--as=6442450944", "--core=0", "cargo"]);
        }
        mutants.args(["mutants", "--output=target", "--no-shuffle", "--colors=never"]).args(more).args(&self.arguments);
        mutants.args(tests.iter().map(|test| format!("--cargo-arg={test}"))).args(["--", "--"]);
        mutants.args(skipped.iter().flat_map(|test| ["--skip", test]));
        let status = mutants.status()?;
        // 2: some were missed. 3: some ran into the timeout, which notices them.
        ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo mutants: {status}");
        Ok(())
    }
}
