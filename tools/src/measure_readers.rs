//! Compares the time of reading with the plainest programs that read the same file.

use std::fs::{self, File};

use anyhow::Result;
use clap::Args;

use crate::large_capture::{Form, LargeCapture};
use crate::measure_tool::{TOOL, measure, shares};
use crate::process::{command, install, run};
use crate::results::Results;

/// Each form of capture, and a program that reads the same file.
const BESIDE: [(&str, Form, &str); 2] = [("jsonl", Form::Jsonl, "jq -c ."), ("log", Form::Log, "wc -l")];

#[derive(Args)]
pub(crate) struct MeasureReaders {
    #[command(flatten)]
    results: Results,
    /// Number of stanzas
    #[arg(long, default_value_t = 1_000_000)]
    count: u64,
}

impl MeasureReaders {
    pub(crate) fn run(&self) -> Result<()> {
        install("hyperfine", "@1.20.0")?;
        run(&mut command("cargo build --quiet --release -p wabinary-cli --target-dir target"))?;
        let folder = "target/measure-readers";
        fs::create_dir_all(folder)?;
        let mut table = "| file | MiB | beside | its seconds | reading | ratio | `decode` | ratio | peak, MiB |\n\
                         |---|--:|---|--:|--:|--:|--:|--:|--:|\n"
            .to_owned();
        for (name, form, other) in BESIDE {
            let capture = format!("{folder}/{}.{name}", self.count);
            LargeCapture { count: self.count, form }.write(File::create(&capture)?)?;
            let size = fs::metadata(&capture)?.len() as f64 / 1024.0 / 1024.0;
            let (beside, _) = measure(&format!("{other} {capture}"), folder)?;
            let decode = "decode --format jsonl";
            let (whole, peak) = measure(&format!("{TOOL} {decode} {capture}"), folder)?;
            let [reading, ..] = shares(decode, &capture)?;
            let reading = whole * reading / 100.0;
            table += &format!(
                "| {name} | {size:.0} | `{other}` | {beside:.3} | {reading:.3} | {:.1} | {whole:.3} | {:.1} | {peak:.1} |\n",
                reading / beside,
                whole / beside,
            );
            fs::remove_file(capture)?;
        }
        let about = "`reading` is the part of `decode` in which records are read (`--timings`).";
        self.results.publish("measure-readers", "Reading captures", &format!("{about}\n\n{table}"))
    }
}
