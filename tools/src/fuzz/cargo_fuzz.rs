//! Builds and runs targets through cargo-fuzz.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, ensure};

/// libFuzzer's options for every run. An input is slow after 20 seconds: below that, the machine may have stalled.
const LIMITS: [&str; 3] = ["-timeout=20", "-report_slow_units=20", "-max_len=8192"];

/// The targets, built.
pub(crate) struct CargoFuzz {
    root: PathBuf,
    sanitizer: String,
}

impl CargoFuzz {
    /// Builds every target of the project at `root`, and installs cargo-fuzz first if it is missing.
    pub(crate) fn build(root: &Path, sanitizer: String) -> Result<Self> {
        let version = Command::new("cargo").args(["fuzz", "--version"]).output().context("cargo cannot be run")?;
        if !version.status.success() {
            let status = Command::new("cargo").args(["install", "cargo-fuzz", "--locked"]).status()?;
            ensure!(status.success(), "cargo-fuzz cannot be installed");
        }
        let this = Self { root: root.to_owned(), sanitizer };
        ensure!(this.command("build").status()?.success(), "the fuzz targets cannot be built");
        Ok(this)
    }

    /// The folder `fuzz` of the project.
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.join("fuzz")
    }

    /// Runs a target on folders of inputs, waits for its end, and returns its output. libFuzzer writes to the first folder.
    pub(crate) fn run(&self, target: &str, folders: &[PathBuf], options: &[String]) -> Result<Output> {
        let mut command = self.command("run");
        command.arg(target).args(folders).arg("--").args(LIMITS).args(options);
        command.output().with_context(|| format!("cargo fuzz run {target} cannot be started"))
    }

    /// Makes an input that breaks a target smaller. If that is not possible, the input stays.
    pub(crate) fn shrink(&self, target: &str, input: &Path) -> Result<()> {
        let mut command = self.command("tmin");
        command.args(["--runs", "20000"]).arg(target).arg(input);
        command.output().with_context(|| format!("cargo fuzz tmin {target} cannot be started"))?;
        Ok(())
    }

    fn command(&self, verb: &str) -> Command {
        let mut command = Command::new("cargo");
        // The flags for coverage are unstable, but the stable compiler has them.
        command.env("RUSTC_BOOTSTRAP", "1").current_dir(&self.root);
        command.args(["fuzz", verb, "--sanitizer", &self.sanitizer]);
        command
    }
}
