//! Mutation testing by cargo-mutants: what quick tests do not notice is tried again with all.

use std::fs;

use anyhow::{Result, ensure};
use clap::Args;

use crate::process::{command, exists, install, output};

/// Tests that are done in seconds and notice most; not those of a body of half a GiB and of a million nodes.
const QUICK: &str = "--cargo-arg=--lib --cargo-arg=--test=vectors --cargo-arg=--test=limits --cargo-arg=--test=leniencies \
                     --cargo-arg=--test=explain --cargo-arg=--test=jids -- -- --skip any_other --skip a_body_ --skip 1048576";
/// All, except for each byte of each frame changed to each other.
const ALL: &str = "--iterate --cargo-arg=--tests -- -- --skip any_other";

/// Of 100 mutants that compile, so many must be noticed.
const FLOOR: usize = 95;

const OUT: &str = "target/mutants.out";

#[derive(Args)]
pub(crate) struct Mutants {
    /// Leave it at the quick tests, which notice less in a fraction of the time
    #[arg(long)]
    quick: bool,
    /// Try every Nth mutant, from the Kth on, counted from 0
    #[arg(long, value_name = "K/N")]
    shard: Option<String>,
    /// Files to change, such as `src/frame.rs`; all if none is named
    files: Vec<String>,
}

impl Mutants {
    pub(crate) fn run(&self) -> Result<()> {
        install("cargo-mutants", "")?;
        let shard = self.shard.iter().map(|shard| format!("--sharding=round-robin --shard={shard} "));
        let files = self.files.iter().map(|file| format!("--file={file} "));
        try_with(60, &format!("{}{QUICK}", shard.chain(files).collect::<String>()))?;
        let mut noticed = count("caught") + count("timeout");
        if !self.quick && count("missed") > 0 {
            // To iterate leaves out what is listed as caught: here all but what was missed.
            let missed = lines("missed");
            let others = output(&mut command("cargo mutants --list --colors=never"))?;
            let others = others.lines().filter(|name| !missed.lines().any(|missed| missed == *name));
            fs::write(format!("{OUT}/caught.txt"), others.map(|name| format!("{name}\n")).collect::<String>())?;
            try_with(300, ALL)?;
            noticed += count("caught") + count("timeout");
        }
        let missed = count("missed");
        println!("{noticed} mutants noticed, {missed} missed: {OUT}/missed.txt");
        ensure!(noticed * 100 >= (noticed + missed) * FLOOR, "fewer than {FLOOR} of 100 mutants are noticed");
        Ok(())
    }
}

/// Tries mutants with tests, each program of which may work for so many seconds.
fn try_with(seconds: u32, arguments: &str) -> Result<()> {
    // A mutant may loop or fill the memory. Seconds of work are the same on a busy machine; 6 GiB are enough for all tests.
    let limits = format!("prlimit --cpu={seconds} --as=6442450944 --core=0");
    let limits = if exists("prlimit") { &limits } else { "" };
    let line = format!("{limits} cargo mutants --output=target --no-shuffle --colors=never {arguments}");
    let status = command(&line).status()?;
    // 2: some were missed. 3: some ran into the timeout, which notices them.
    ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo mutants: {status}");
    Ok(())
}

/// The mutants of a kind.
fn lines(kind: &str) -> String {
    fs::read_to_string(format!("{OUT}/{kind}.txt")).unwrap_or_default()
}

fn count(kind: &str) -> usize {
    lines(kind).lines().count()
}
