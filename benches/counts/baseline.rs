//! The recorded counts: `baseline.txt`, one on each line.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::callgrind::Failure;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/counts/baseline.txt");

/// The start of the line that names the compiler and libraries of the counts.
const TOOLS: &str = "# with ";

/// The counts and their names. Reports if the compiler differs from the recorded one.
pub(crate) fn read() -> Result<Vec<(u64, String)>, Failure> {
    let text = fs::read_to_string(PATH)?;
    let (recorded, tools) = (text.lines().find_map(|line| line.strip_prefix(TOOLS)).unwrap_or(""), tools());
    if recorded != tools {
        println!("The baseline was recorded with {recorded};\nthis is {tools}: changes may be theirs.\n");
    }
    let lines = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (count, name) = line.trim_start().split_once("  ").ok_or_else(|| format!("{PATH}: {line}"))?;
        Ok((count.parse()?, name.to_owned()))
    });
    lines.collect()
}

pub(crate) fn write(counts: &[(u64, String)]) -> Result<(), Failure> {
    let mut text =
        String::from("# Instructions, as callgrind counts them. Recorded by `cargo counts instructions --record`\n");
    writeln!(text, "{TOOLS}{}", tools())?;
    for (count, name) in counts {
        writeln!(text, "{count:>10}  {name}")?;
    }
    fs::write(PATH, text)?;
    Ok(())
}

/// The tools that counts depend on besides the code: the compiler, and the C library, which chooses its `memcpy` by the
/// processor.
fn tools() -> String {
    let line_of = |program: &str, argument: &str, start: &str| {
        let output = Command::new(program).arg(argument).output().map(|output| output.stdout).unwrap_or_default();
        let text = String::from_utf8_lossy(&output).into_owned();
        text.lines().find(|line| line.starts_with(start)).unwrap_or("unknown").to_owned()
    };
    let host = line_of("rustc", "-vV", "host: ");
    [line_of("rustc", "--version", "rustc"), host, line_of("ldd", "--version", "ldd")].join(", ")
}
