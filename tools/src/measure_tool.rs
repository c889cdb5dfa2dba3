//! How fast the tool is, where the time goes, and how much memory it takes, by the number of frames.

use std::fs::{self, File};
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value as Json;

use crate::large_capture::{Form, LargeCapture};
use crate::process::{command, install, run};
use crate::results::Results;

const COMMANDS: [&str; 4] =
    ["decode --format xml", "decode --format jsonl", "acks --format text", "acks --format jsonl"];
pub(crate) const TOOL: &str = "target/release/wabinary";

#[derive(Args)]
pub(crate) struct MeasureTool {
    #[command(flatten)]
    results: Results,
    /// Numbers of frames
    #[arg(long, value_delimiter = ',', default_values_t = [10_000, 100_000, 1_000_000])]
    counts: Vec<u64>,
}

impl MeasureTool {
    pub(crate) fn run(&self) -> Result<()> {
        // The first version that needs a newer compiler is 2.0.
        install("hyperfine", "@1.20.0")?;
        run(&mut command("cargo build --quiet --release -p wabinary-cli --target-dir target"))?;
        let folder = "target/measure-tool";
        fs::create_dir_all(folder)?;
        let mut table =
            "| input | command | frames | seconds | frames/s | reading | decoding | printing | peak, MiB |\n\
                         |---|---|--:|--:|--:|--:|--:|--:|--:|\n"
                .to_owned();
        for (name, form) in [("jsonl", Form::Jsonl), ("stream", Form::Stream)] {
            for &count in &self.counts {
                let capture = format!("{folder}/{count}.{name}");
                LargeCapture { count, form }.write(File::create(&capture)?)?;
                for command in COMMANDS {
                    let (seconds, peak) = measure(&format!("{TOOL} {command} {capture}"), folder)?;
                    let [reading, decoding, printing] = shares(command, &capture)?;
                    table += &format!(
                        "| {name} | `{command}` | {count} | {seconds:.3} | {:.0} | {reading:.0} % | {decoding:.0} % | {printing:.0} % | \
                         {peak:.1} |\n",
                        count as f64 / seconds,
                    );
                }
                fs::remove_file(capture)?;
            }
        }
        let about = "[BENCHMARKING.md](../../BENCHMARKING.md#the-tool) says what the columns are.";
        self.results.publish("measure-tool", "The tool on large captures", &format!("{about}\n\n{table}"))
    }
}

/// The least of the seconds that five runs take, and the most memory in MiB.
pub(crate) fn measure(line: &str, folder: &str) -> Result<(f64, f64)> {
    let json = format!("{folder}/hyperfine.json");
    let mut hyperfine = command("hyperfine --shell none --warmup 1 --runs 5 --style none --export-json");
    run(hyperfine.arg(&json).arg(line))?;
    let json: Json = serde_json::from_str(&fs::read_to_string(json)?)?;
    let result = &json["results"][0];
    let peaks = result["memory_usage_byte"].as_array().context("hyperfine gives no memory")?;
    let peak = peaks.iter().filter_map(Json::as_f64).fold(0.0, f64::max);
    Ok((result["min"].as_f64().context("hyperfine gives no time")?, peak / 1024.0 / 1024.0))
}

/// How much of the shortest of five runs is reading, decoding and printing, in percent.
pub(crate) fn shares(line: &str, capture: &str) -> Result<[f64; 3]> {
    let run = |_| {
        let output = Command::new(TOOL).args(line.split(' ')).args(["--timings", capture]).output()?;
        let said = String::from_utf8(output.stderr)?;
        // "…: reading 0.0686 s, decoding 0.0131 s, printing 0.0971 s"
        let seconds = |stage: &str| said.rsplit_once(stage)?.1.split(' ').next()?.parse::<f64>().ok();
        let stages = [seconds("reading "), seconds("decoding "), seconds("printing ")];
        let [Some(reading), Some(decoding), Some(printing)] = stages else { bail!("no timings: {said}") };
        Ok([reading, decoding, printing])
    };
    let runs = (0..5).map(run).collect::<Result<Vec<[f64; 3]>>>()?;
    let all = |run: &[f64; 3]| run.iter().sum::<f64>();
    let shortest = runs.into_iter().min_by(|one, other| all(one).total_cmp(&all(other))).unwrap_or_default();
    Ok(shortest.map(|stage| 100.0 * stage / all(&shortest)))
}
