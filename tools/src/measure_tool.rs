//! Measures the tool's speed, its stages and its memory, by the number of frames.

use std::fs::{self, File};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::Value as Json;

use crate::large_capture::{Form, LargeCapture};
use crate::process::{command, install, run};
use crate::results::Results;

const COMMANDS: [&str; 5] =
    ["decode --format xml", "decode --format jsonl", "explain", "acks --format text", "acks --format jsonl"];
/// The greatest ratio of a command's time to that of decoding.
const MOST_TIMES: [(&str, f64); 1] = [("explain", 6.0)];
/// The most additional MiB of a command for a capture of twice the length.
const MOST_MORE: f64 = 8.0;
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
        // Version 2.0 and later need a newer compiler.
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
        table += &ratios(folder)?;
        let about = "[BENCHMARKING.md](../../BENCHMARKING.md#the-tool) says what the columns are.";
        self.results.publish("measure-tool", "The tool on large captures", &format!("{about}\n\n{table}"))
    }
}

/// The guarded ratios, as a table: the time of explaining relative to decoding, and the cost of more stanzas.
fn ratios(folder: &str) -> Result<String> {
    let mut table = "\n| capture | command | is | at most |\n|---|---|--:|--:|\n".to_owned();
    let mut worse = Vec::new();
    let mut row = |capture: &str, command: &str, is: f64, most: f64, unit: &str| {
        table += &format!("| {capture} | `{command}` | {is:.1} {unit} | {most:.1} {unit} |\n");
        if is > most {
            worse.push(format!("{command} ({capture}): {is:.1} {unit}, at most {most:.1}"));
        }
    };
    let capture = format!("{folder}/frames");
    LargeCapture { count: 20_000, form: Form::Hex }.write(File::create(&capture)?)?;
    let (decoding, _) = measure(&format!("{TOOL} decode {capture}"), folder)?;
    for (command, most) in MOST_TIMES {
        let (seconds, _) = measure(&format!("{TOOL} {command} {capture}"), folder)?;
        row("20000 frames", command, seconds / decoding, most, "times decode");
    }
    for form in [Form::Calls, Form::OneId] {
        let name = if let Form::Calls = form { "calls" } else { "calls of one id" };
        for command in ["acks --errors", "acks --format jsonl"] {
            let of = |count| {
                LargeCapture { count, form }.write(File::create(&capture)?)?;
                measure(&format!("{TOOL} {command} {capture}"), folder)
            };
            let ((few_seconds, few), (seconds, many)) = (of(200_000)?, of(400_000)?);
            row(&format!("400000 records, {name}"), command, many - few, MOST_MORE, "MiB more than 200000");
            row(&format!("400000 records, {name}"), command, seconds / few_seconds, 2.6, "times 200000");
        }
    }
    fs::remove_file(capture)?;
    ensure!(worse.is_empty(), "worse than it may be: {}", worse.join("; "));
    Ok(table)
}

/// The least seconds of five runs, and the most memory in MiB.
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

/// The shares of reading, decoding and printing in the shortest of five runs, in percent.
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
