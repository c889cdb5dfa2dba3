//! Measures the cost of a node, an attribute or a byte, in frames from the smallest to the largest.

use anyhow::Result;
use clap::Args;

use crate::process::{command, output};
use crate::results::Results;

#[derive(Args)]
pub(crate) struct Scaling {
    #[command(flatten)]
    results: Results,
}

impl Scaling {
    pub(crate) fn run(&self) -> Result<()> {
        let valgrind = output(&mut command("valgrind --version"))?;
        let counts = output(&mut command("cargo bench --quiet --bench counts -- scaling"))?;
        let heap = output(&mut command("cargo bench --quiet --bench heap"))?;
        let about = "[BENCHMARKING.md](../../BENCHMARKING.md#scaling) says what the columns are.";
        let text = format!("{about}\n\n## Instructions ({}) and time\n{counts}\n## Heap\n{heap}", valgrind.trim());
        self.results.publish("scaling", "Scaling", &text)
    }
}
