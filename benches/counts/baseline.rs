//! The recorded counts: `baseline.txt`, a line each.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::callgrind::Failure;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/counts/baseline.txt");

/// Starts the line that says with which compiler and libraries the counts were made.
const TOOLS: &str = "# with ";

pub(crate) struct Baseline {
    tools: String,
    pub(crate) lines: Vec<(u64, String)>,
}

impl Baseline {
    pub(crate) fn read() -> Result<Self, Failure> {
        let text = fs::read_to_string(PATH)?;
        let tools = text.lines().find_map(|line| line.strip_prefix(TOOLS)).unwrap_or("").to_owned();
        let mut lines = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (count, name) = line.trim_start().split_once("  ").ok_or_else(|| format!("{PATH}: {line}"))?;
            lines.push((count.parse()?, name.to_owned()));
        }
        Ok(Self { tools, lines })
    }

    /// Another compiler makes another program.
    pub(crate) fn warn_of_other_tools(&self) {
        let tools = tools();
        if tools != self.tools {
            println!("The baseline was recorded with {};\nthis is {tools}: changes may be theirs.\n", self.tools);
        }
    }
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

/// What counts depend on besides the code: the compiler, and the C library, whose `memcpy` is chosen by the processor.
fn tools() -> String {
    let line_of = |program: &str, argument: &str, start: &str| {
        let output = Command::new(program).arg(argument).output().map(|output| output.stdout).unwrap_or_default();
        let text = String::from_utf8_lossy(&output).into_owned();
        text.lines().find(|line| line.starts_with(start)).unwrap_or("unknown").to_owned()
    };
    let host = line_of("rustc", "-vV", "host: ");
    [line_of("rustc", "--version", "rustc"), host, line_of("ldd", "--version", "ldd")].join(", ")
}
