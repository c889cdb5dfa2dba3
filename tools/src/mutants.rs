//! Mutation testing by cargo-mutants: a draw of one package's mutants, in code that changed. What quick tests miss is tried
//! again with more.

use std::collections::HashMap;
use std::path::Path;
use std::{env, fs};

use anyhow::{Result, bail, ensure};
use clap::Args;

use crate::planted::copy_to;
use crate::process::{command, exists, install, output, run};

/// What `cargo test` gets for each package: the quick tests, and the tests that try what those miss.
const TESTS: [(&str, &str, &str); 7] = [
    // At first without a body of half a GiB and a million nodes, and never each byte of each frame changed to each other.
    (
        "wabinary",
        "--features=serde,xml --lib --test=vectors --test=limits --test=leniencies --test=explain --test=jids \
         -- -- --skip any_other --skip a_body_ --skip 1048576",
        "--features=serde,xml --tests -- -- --skip any_other",
    ),
    ("wabinary-calls", "--features=serde --tests", TOOL),
    ("wabinary-capture", "--tests", TOOL),
    ("wabinary-render", "--tests", TOOL),
    ("wabinary-generate", "--tests", "--package=wabinary-cli --test=generate"),
    ("wabinary-cli", "--bins --test=transcripts --test=dialects --test=round_trips --test=shown", "--tests"),
    ("wabinary-conformance", "--tests", ""),
];

/// Tests of the tool that read captures, and explain and report what they hold. Those of memory and of sizes take minutes
/// without optimization.
const TOOL: &str = "--package=wabinary-cli --test=transcripts --test=dialects --test=acks --test=explain \
                    --test=round_trips --test=pages --test=sanitize --test=scenarios --test=hostile_input \
                    --test=readme --test=shown -- -- --skip memory_is_for --skip in_proportion --skip repetition_is \
                    --skip 512_mib";

/// Of 100 mutants that compile, so many must be noticed.
const FLOOR: usize = 95;

/// cargo-mutants changes the files of this copy.
const TREE: &str = "target/mutants/tree";
const OUT: &str = "target/mutants/mutants.out";

#[derive(Args)]
pub(crate) struct Mutants {
    /// Package to change
    #[arg(long, value_name = "NAME", default_value = "wabinary")]
    package: String,
    /// Try so many mutants, drawn by the seed; all without it
    #[arg(long, value_name = "N")]
    count: Option<usize>,
    /// Seed of the draw
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Change only lines that changed since this commit
    #[arg(long, value_name = "COMMIT", default_value = "4427330")]
    since: String,
    /// Leave it at the quick tests, which notice less in a fraction of the time
    #[arg(long)]
    quick: bool,
    /// Change only files whose path begins like this, such as `src/frame.rs`
    files: Vec<String>,
}

impl Mutants {
    pub(crate) fn run(&self) -> Result<()> {
        install("cargo-mutants", "")?;
        let Some((_, quick, more)) = TESTS.iter().find(|(package, ..)| *package == self.package) else {
            bail!("no tests are named for {}: see tools/src/mutants.rs", self.package);
        };
        copy_to(Path::new(TREE))?;
        let drawn = self.draw()?;
        println!("{} mutants of {}, drawn with seed {}", drawn.len(), self.package, self.seed);
        self.try_with(60, quick, &drawn)?;
        let (mut noticed, unviable) = (lines("caught").len() + lines("timeout").len(), lines("unviable").len());
        let mut missed = lines("missed");
        if !self.quick && !more.is_empty() && !missed.is_empty() {
            self.try_with(300, more, &missed)?;
            noticed += lines("caught").len() + lines("timeout").len();
            missed = lines("missed");
        }
        missed.iter().for_each(|mutant| println!("missed: {mutant}"));
        let compile = noticed + missed.len();
        println!("{}: {noticed} of {compile} mutants that compile noticed; {unviable} do not compile", self.package);
        ensure!(noticed * 100 >= compile * FLOOR, "fewer than {FLOOR} of 100 mutants are noticed");
        Ok(())
    }

    /// The names of the mutants to try, in the order of the files.
    fn draw(&self) -> Result<Vec<String>> {
        run(&mut command(&format!("git diff --output=target/mutants/changes.diff {} -- *.rs", self.since)))?;
        let list = format!("cargo mutants --list --in-diff=../changes.diff --colors=never --package={}", self.package);
        let list = output(command(&list).current_dir(TREE))?;
        let mut earlier = HashMap::new();
        let mut mutants = Vec::new();
        for (place, name) in list.lines().enumerate() {
            if !self.files.is_empty() && !self.files.iter().any(|file| name.starts_with(file)) {
                continue;
            }
            // Without line and column, so that a change elsewhere in the file leaves the draw as it is.
            let mut parts = name.splitn(4, ':');
            let text = [parts.next(), parts.nth(2)].map(Option::unwrap_or_default).concat();
            let alike = earlier.entry(text.clone()).and_modify(|alike| *alike += 1).or_insert(0_u64);
            // FNV-1a.
            let step = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            mutants.push((text.bytes().fold(step(self.seed ^ (*alike << 32), 0), step), place, name));
        }
        mutants.sort();
        mutants.truncate(self.count.unwrap_or(usize::MAX));
        mutants.sort_by_key(|(_, place, _)| *place);
        Ok(mutants.into_iter().map(|(.., name)| name.to_owned()).collect())
    }

    /// Tries mutants with tests, each program of which may work for so many seconds.
    fn try_with(&self, seconds: u32, tests: &str, mutants: &[String]) -> Result<()> {
        // A mutant may loop or fill the memory. Seconds of work are the same on a busy machine; 6 GiB are enough for all tests.
        let limits = format!("prlimit --cpu={seconds} --as=6442450944 --core=0");
        let limits = if exists("prlimit") { &limits } else { "" };
        let (tests, options) = tests.split_once(" -- ").unwrap_or((tests, ""));
        let tests = tests.replace("--", "--cargo-arg=--");
        let package = &self.package;
        // To iterate leaves out what is listed as caught: here all the others. `--re` lets through each deleted field.
        let others =
            output(command(&format!("cargo mutants --list --colors=never --package={package}")).current_dir(TREE))?;
        let others = others.lines().filter(|name| !mutants.iter().any(|mutant| mutant == name));
        fs::create_dir_all(OUT)?;
        fs::remove_dir_all(OUT)?;
        fs::create_dir(OUT)?;
        fs::write(format!("{OUT}/caught.txt"), others.map(|name| format!("{name}\n")).collect::<String>())?;
        let line = format!(
            "{limits} cargo mutants --in-place --iterate --output=.. --colors=never --package={package} {tests}"
        );
        let mut command = command(&line);
        if !options.is_empty() {
            command.arg("--").args(options.split(' '));
        }
        let build = env::current_dir()?.join("target/mutants/build");
        let status = command.current_dir(TREE).env("CARGO_TARGET_DIR", build).status()?;
        // 2: some were missed. 3: some ran into the timeout, which notices them.
        ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo mutants: {status}");
        Ok(())
    }
}

/// The mutants of a kind.
fn lines(kind: &str) -> Vec<String> {
    let list = fs::read_to_string(format!("{OUT}/{kind}.txt")).unwrap_or_default();
    list.lines().map(str::to_owned).collect()
}
