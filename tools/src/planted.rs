//! Puts each fault of `tests/planted` into a copy of the tree, and looks for what finds it.

use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;

use crate::lines;
use crate::process::{command, run};

/// The codec's tests. The first that fails has found the fault. The test that takes longest comes in the last.
const TESTS: [&str; 5] = [
    "-p wabinary --lib --test vectors --test limits --test leniencies --test explain",
    "-p wabinary --test partial --test jids --test call_ack --test json --test xml --test stanza --test streams \
     --test zlib --test allocations --test exhaustive_small -- --skip any_other",
    "-p wabinary-calls --test calls",
    "-p wabinary --test laws --test bounds --test corpus",
    "-p wabinary --all-targets",
];

/// What looks for a fault after the tests of its own crate: by the folder of the crate, the crates above it.
const ABOVE: [(&str, &[&str]); 6] = [
    ("calls", &["render", "cli"]),
    ("capture", &["render", "cli"]),
    ("render", &["cli"]),
    ("generate", &["cli", "conformance"]),
    ("cli", &[]),
    ("conformance", &[]),
];

/// Those that read frames first; the first that finds something ends it.
const FUZZ_TARGETS: &str = "roundtrip_bytes decode inflate framing encode jid spelled damaged roundtrip_node edit \
                            explain call_ack xml xml_tree json";

/// Those of the crates above the codec, by their folder.
const FURTHER_TARGETS: [(&str, &str); 2] =
    [("calls", "call_ack ledger"), ("capture", "capture capture_json capture_log capture_pasted sanitize sockets")];

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
            let found = self.look(tree, &crate_of(fault)?);
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

    /// What finds the fault that the tree has in a crate.
    fn look(&self, tree: &Path, folder: &str) -> Result<Option<String>> {
        if !self.fuzz {
            for line in tests(folder) {
                if let Some(output) = failed(&line, tree)? {
                    let test = output.lines().find_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"));
                    // A test that aborts, or never ends, has no such line.
                    return Ok(Some(test.unwrap_or("a test that does not end well").to_owned()));
                }
            }
        }
        let further = FURTHER_TARGETS.iter().find(|(of, _)| *of == folder).map(|(_, targets)| *targets);
        let targets = further.unwrap_or(if CODEC.contains(&folder) { FUZZ_TARGETS } else { "" });
        let targets: Vec<&str> = targets.split_whitespace().collect();
        for target in &targets {
            let line = format!("cargo tools fuzz --seconds {} {target}", (self.seconds / targets.len()).max(1));
            if failed(&line, tree)?.is_some() {
                return Ok(Some(format!("fuzzing {target}")));
            }
        }
        Ok(None)
    }
}

/// The folders of the codec.
const CODEC: [&str; 2] = ["src", "tokens"];

/// The command lines that test a crate, and then those that use it.
fn tests(folder: &str) -> Vec<String> {
    let line = |tests: &str| format!("timeout 1800 cargo test {tests}");
    if CODEC.contains(&folder) {
        return TESTS.iter().map(|tests| line(&format!("--features wabinary/serde,wabinary/xml {tests}"))).collect();
    }
    // The page is tested in a browser.
    if folder == "web" {
        return vec!["scripts/browser --test page".to_owned()];
    }
    let above = ABOVE.iter().find(|(of, _)| *of == folder).map_or(&[][..], |(_, above)| above);
    [folder].iter().chain(above).map(|of| line(&format!("--all-features -p wabinary-{of}"))).collect()
}

/// The folder of the crate whose files a fault changes.
fn crate_of(fault: &str) -> Result<String> {
    let patch = fs::read_to_string(format!("tests/planted/{fault}.patch"))?;
    let file = patch.lines().find_map(|line| line.strip_prefix("+++ b/"));
    let folder = file.and_then(|file| file.split('/').next()).with_context(|| format!("{fault} changes no file"))?;
    Ok(folder.to_owned())
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
        if let Ok(metadata) = from.symlink_metadata() {
            fs::create_dir_all(to.parent().unwrap_or(tree))?;
            if metadata.is_symlink() {
                std::os::unix::fs::symlink(fs::read_link(&from)?, &to)?;
                continue;
            }
            fs::copy(&from, &to)?;
            fs::File::options().append(true).open(&to)?.set_modified(metadata.modified()?)?;
        }
    }
    Ok(())
}
