//! Counts code lines: not empty, and more than a comment.

use std::collections::BTreeMap;
use std::process::Command;
use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

/// Folders and files of the crates that users get, without their tests.
const PRODUCT: [&str; 6] = ["src/", "calls/src/", "render/src/", "capture/src/", "cli/src/", "build.rs"];

/// Prints a table: code lines of each part, product first.
pub(crate) fn run() -> Result<()> {
    let mut product: BTreeMap<String, usize> = BTreeMap::new();
    let mut rest: BTreeMap<String, usize> = BTreeMap::new();
    for file in files()? {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        if !is_code(&file, &text) {
            continue;
        }
        let part = file.rsplit_once('/').map_or(file.as_str(), |(folder, _)| folder);
        let part = part.split('/').take(2).collect::<Vec<_>>().join("/");
        let (code, tests) = split_off_tests(&text);
        if PRODUCT.iter().any(|start| file.starts_with(start)) {
            *product.entry(part.clone()).or_default() += count(code);
            *rest.entry(format!("{part} (tests)")).or_default() += count(tests);
        } else {
            *rest.entry(part).or_default() += count(&text);
        }
    }
    for (title, parts) in [("product", product), ("everything else", rest)] {
        println!("{:>7}  {title}", parts.values().sum::<usize>());
        for (part, lines) in parts.iter().filter(|(_, lines)| **lines > 0) {
            println!("{lines:>7}    {part}");
        }
    }
    Ok(())
}

/// The files that git has or would have.
pub(crate) fn files() -> Result<Vec<String>> {
    let listed = Command::new("git").args(["ls-files", "--cached", "--others", "--exclude-standard"]).output();
    let listed = listed.context("git cannot be run")?;
    ensure!(listed.status.success(), "git ls-files failed: {}", String::from_utf8_lossy(&listed.stderr));
    Ok(String::from_utf8(listed.stdout)?.lines().map(str::to_owned).collect())
}

fn is_code(file: &str, text: &str) -> bool {
    let extension = Path::new(file).extension().and_then(|extension| extension.to_str()).unwrap_or("");
    matches!(extension, "rs" | "js" | "mjs" | "css" | "py") || text.starts_with("#!")
}

/// The code of a file, and the tests at its end.
fn split_off_tests(text: &str) -> (&str, &str) {
    let start = text.find("\n#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text.split_at(start)
}

fn count(text: &str) -> usize {
    let is_comment = |line: &str| {
        line.starts_with("//") || (line.starts_with('#') && !line.starts_with("#[") && !line.starts_with("#!["))
    };
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line)).count()
}
