//! Counts code lines: lines that are neither empty nor only a comment.

use std::collections::BTreeMap;
use std::process::Command;
use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

/// Folders and files of the published crates, without their tests.
const PRODUCT: [&str; 11] = [
    "src/",
    "calls/src/",
    "render/src/",
    "capture/src/",
    "cli/src/",
    "web/src/",
    "web/page/",
    "generate/src/",
    "conformance/src/",
    "conformance/adapters/",
    "build.rs",
];

/// The purpose of a source line.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Purpose {
    /// The published crates.
    Product,
    /// Examples, from which users learn the library.
    Examples,
    /// Tests, benches and tools.
    Apparatus,
}

/// Code lines of each part of the repository, by purpose.
type Counts = BTreeMap<Purpose, BTreeMap<String, usize>>;

/// Prints a table: code lines of each part, product first.
pub(crate) fn run() -> Result<()> {
    for (purpose, parts) in counts()? {
        println!("{:>7}  {purpose:?}", parts.values().sum::<usize>());
        for (part, lines) in parts.iter().filter(|(_, lines)| **lines > 0) {
            println!("{lines:>7}    {part}");
        }
    }
    Ok(())
}

fn counts() -> Result<Counts> {
    let mut counts = Counts::new();
    let mut add = |purpose, part: String, lines| *counts.entry(purpose).or_default().entry(part).or_default() += lines;
    for file in files()? {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        if !is_code(&file, &text) {
            continue;
        }
        let part = file.rsplit_once('/').map_or(file.as_str(), |(folder, _)| folder);
        let part = part.split('/').take(2).collect::<Vec<_>>().join("/");
        if PRODUCT.iter().any(|start| file.starts_with(start)) {
            let (code, tests) = split_off_tests(&text);
            add(Purpose::Product, part.clone(), count(code));
            add(Purpose::Apparatus, format!("{part} (tests)"), count(tests));
        } else if file.starts_with("hooks/") && !file.contains("/tests/") {
            add(Purpose::Product, part, count(&text));
        } else if file.starts_with("examples/") || file.starts_with("calls/examples/") {
            add(Purpose::Examples, part, count(&text));
        } else {
            add(Purpose::Apparatus, part, count(&text));
        }
    }
    Ok(counts)
}

/// The files that git tracks or would add.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_benches_and_tools_stay_smaller_than_the_product() {
        std::env::set_current_dir("..").expect("the tools lie in a folder of the repository");
        let counts = counts().expect("git lists the files");
        let sum = |purpose| counts[&purpose].values().sum::<usize>();
        let (product, apparatus) = (sum(Purpose::Product), sum(Purpose::Apparatus));
        assert!(apparatus <= product, "{apparatus} code lines of tests, benches and tools; {product} of product");
        let files = files().expect("git lists the files").len();
        assert!(files <= 1500, "{files} tracked files; 1,500 at most");
    }
}
