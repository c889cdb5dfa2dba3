//! Puts each fault of `tests/planted` into a copy of the tree, and looks for what finds it.

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs};

use anyhow::{Result, bail, ensure};
use clap::Args;

use crate::lines;
use crate::process::{command, run};

/// The first of these that fails has found the fault. The test that takes longest comes in the last.
const TESTS: [&str; 5] = [
    "-p wabinary --lib --test vectors --test limits --test leniencies --test explain",
    "-p wabinary --test partial --test jids --test call_ack --test json --test xml --test stanza --test streams \
     --test zlib --test allocations --test exhaustive_small -- --skip any_other",
    "-p wabinary-calls --test calls",
    "-p wabinary --test laws --test bounds --test corpus",
    "-p wabinary --all-targets",
];

/// Those that read frames first; the first that finds something ends it.
const FUZZ_TARGETS: &str = "roundtrip_bytes decode inflate framing encode jid spelled damaged roundtrip_node edit \
                            explain call_ack xml xml_tree json";

#[derive(Args)]
pub(crate) struct Planted {
    /// Check only that every patch applies
    #[arg(long, conflicts_with = "fuzz")]
    check: bool,
    /// Look by fuzzing alone, without tests
    #[arg(long)]
    fuzz: bool,
    /// Fuzz for so many seconds, all targets together
    #[arg(long, default_value_t = 600)]
    seconds: usize,
    /// Faults, such as `nibble-mask`; all if none is named
    faults: Vec<String>,
}

impl Planted {
    pub(crate) fn run(&self) -> Result<()> {
        let faults = if self.faults.is_empty() { all()? } else { self.faults.clone() };
        if self.check {
            let unfit: Vec<_> =
                faults.iter().filter(|fault| apply(fault, "--check", Path::new(".")).is_err()).collect();
            ensure!(unfit.is_empty(), "these do not apply: {unfit:?}");
            return Ok(());
        }
        let tree = Path::new("target/planted/tree");
        copy_to(tree)?;
        println!("| fault | found by | seconds, build included |\n|---|---|--:|");
        let mut missed = 0;
        for fault in &faults {
            let start = Instant::now();
            apply(fault, "--apply", tree)?;
            let found = self.look(tree);
            apply(fault, "--reverse", tree)?;
            let found = match found {
                Ok(Some(finder)) => finder,
                other => {
                    missed += 1;
                    other.err().map_or_else(|| "**nothing**".to_owned(), |error| format!("**nothing**: {error}"))
                }
            };
            println!("| {fault} | {found} | {} |", start.elapsed().as_secs());
        }
        ensure!(missed == 0, "{missed} of {} faults were not found", faults.len());
        Ok(())
    }

    /// What finds the fault that the tree has.
    fn look(&self, tree: &Path) -> Result<Option<String>> {
        if !self.fuzz {
            for tests in TESTS {
                let line = format!("timeout 1800 cargo test --features wabinary/serde,wabinary/xml {tests}");
                if let Some(output) = failed(&line, tree)? {
                    let test = output.lines().find_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
                    // A test that aborts, or never ends, has no such line.
                    return Ok(Some(test.unwrap_or("a test that does not end well").to_owned()));
                }
            }
        }
        let targets: Vec<&str> = FUZZ_TARGETS.split(' ').collect();
        for target in &targets {
            let line = format!("cargo tools fuzz --seconds {} {target}", (self.seconds / targets.len()).max(1));
            if failed(&line, tree)?.is_some() {
                return Ok(Some(format!("fuzzing {target}")));
            }
        }
        Ok(None)
    }
}

/// What a command that fails in the tree says.
fn failed(line: &str, tree: &Path) -> Result<Option<String>> {
    let build = env::current_dir()?.join("target/planted/build");
    let output = command(line).current_dir(tree).env("CARGO_TARGET_DIR", build).output()?;
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    if text.contains("error: could not compile") {
        bail!("it does not compile");
    }
    // What a command line that is not understood ends with.
    ensure!(output.status.code() != Some(2), "{text}");
    Ok((!output.status.success()).then_some(text))
}

/// The names of all faults.
fn all() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir("tests/planted")? {
        names.extend(file?.file_name().to_string_lossy().strip_suffix(".patch").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// Applies the patch of a fault to a tree.
fn apply(fault: &str, how: &str, tree: &Path) -> Result<()> {
    let root = env::current_dir()?;
    let patch = root.join(format!("tests/planted/{fault}.patch"));
    let mut apply = command("git apply --recount -C1");
    // The copy is not part of the repository that it is in.
    apply.current_dir(tree).env("GIT_CEILING_DIRECTORIES", root.join("target/planted"));
    run(apply.arg(how).arg(patch))
}

/// Copies what git has or would have. Files keep their time, so that what an earlier copy was built to is still good.
pub(crate) fn copy_to(tree: &Path) -> Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree)?;
    }
    for file in lines::files()? {
        let (from, to) = (PathBuf::from(&file), tree.join(&file));
        // Not those that are deleted.
        let Ok(metadata) = from.symlink_metadata() else { continue };
        fs::create_dir_all(to.parent().unwrap_or(tree))?;
        if metadata.is_symlink() {
            run(command("cp -a").arg(&from).arg(&to))?;
        } else {
            fs::copy(&from, &to)?;
            fs::File::options().append(true).open(&to)?.set_modified(metadata.modified()?)?;
        }
    }
    Ok(())
}
