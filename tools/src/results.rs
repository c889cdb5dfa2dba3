//! Measured tables, kept in `benches/results/`.

use std::fs;

use anyhow::Result;
use clap::Args;

use crate::process::{command, output};

#[derive(Args)]
pub(crate) struct Results {
    /// Print the tables instead of writing them into benches/results/
    #[arg(long)]
    pub(crate) print: bool,
}

impl Results {
    /// Writes `benches/results/<name>.md`.
    pub(crate) fn publish(&self, name: &str, title: &str, text: &str) -> Result<()> {
        let text = format!("# {title}\n\nWritten by `cargo tools {name}`. {}.\n\n{text}", circumstances()?);
        if self.print {
            print!("{text}");
        } else {
            fs::write(format!("benches/results/{name}.md"), text)?;
        }
        Ok(())
    }
}

/// Date, commit, compiler and processor.
pub(crate) fn circumstances() -> Result<String> {
    let date = output(&mut command("date -u +%F"))?;
    let commit = output(&mut command("git describe --always --dirty"))?;
    let rustc = output(&mut command("rustc --version"))?;
    let cores = std::thread::available_parallelism()?;
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processor = processor.map_or(std::env::consts::ARCH, |(_, name)| name);
    let rustc = rustc.split(" (").next().unwrap_or_default();
    Ok(format!("{}, commit {}, {rustc}, {processor} ({cores} cores)", date.trim(), commit.trim()))
}
