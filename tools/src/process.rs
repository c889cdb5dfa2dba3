//! Runs other programs. Their failure is an error.

use std::process::{Command, Output, Stdio};

use anyhow::{Context, Result, ensure};

/// A command line. Its words contain no blanks.
pub(crate) fn command(line: &str) -> Command {
    let mut words = line.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

/// Runs a command that prints for the user itself.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(())
}

/// The standard output of a command.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let Output { status, stdout, .. } =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "{command:?}: {status}");
    Ok(String::from_utf8(stdout)?)
}

/// Whether a program is installed.
pub(crate) fn exists(program: &str) -> bool {
    Command::new("which").arg(program).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|it| it.success())
}

/// Installs a crate's program if it is missing. `version` is the version of the crate, or empty for the newest.
pub(crate) fn install(program: &str, version: &str) -> Result<()> {
    if exists(program) { Ok(()) } else { run(&mut command(&format!("cargo install --locked {program}{version}"))) }
}
