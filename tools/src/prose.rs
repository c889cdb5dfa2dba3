//! Points out habits of speech in added lines. It only advises: findings are not an error.

use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use regex::Regex;

use crate::process::output;

/// Each line has a pattern and what to write instead.
const HABITS: &str = include_str!("prose/habits.txt");

/// In a line, or in the line before it, this says that the wording is deliberate.
const FINE: &str = "prose: fine";

/// Files that people read, except data and the habits themselves.
const FILES: &str = "*.md *.rs *.js *.toml scripts :!tests/data :!*/corpus :!benches/results :!tools/src/prose*";

#[derive(Args)]
pub(crate) struct Prose {
    /// Check lines added since the branch left this revision, committed or not
    #[arg(default_value = "main")]
    since: String,
    /// Check every line of the checkout
    #[arg(long, conflicts_with = "since")]
    all: bool,
}

impl Prose {
    pub(crate) fn run(&self) -> Result<()> {
        let mut habits = Vec::new();
        for line in HABITS.lines().filter(|line| !line.starts_with('#')) {
            let (pattern, advice) = line.split_once("  ").context(line)?;
            habits.push((Regex::new(&format!("(?i){pattern}"))?, advice.trim()));
        }
        let base = if self.all {
            git("hash-object -t tree /dev/null")
        } else {
            git(&format!("merge-base {} HEAD", self.since))
        }?;
        let mut lines = added(&git(&format!("diff --unified=0 --no-color --no-ext-diff {base} -- {FILES}"))?);
        if !self.all {
            let subjects = git(&format!("log --format=%h:%s {base}..HEAD"))?;
            lines.extend(
                subjects.lines().filter_map(|it| it.split_once(':')).map(|(commit, it)| (commit.into(), it.into())),
            );
        }
        let mut found = 0;
        let code = Regex::new(r"`[^`]*`|\{[^{}]*\}")?;
        for (place, text) in &lines {
            let words = code.replace_all(text, "``");
            for (_, advice) in habits.iter().filter(|(pattern, _)| pattern.is_match(&words)) {
                println!("{place}: {text}\n    write: {advice}");
                found += 1;
            }
        }
        println!("prose: {found} to look at; \"{FINE}\" in a comment keeps a line, or the next one, as written");
        Ok(())
    }
}

fn git(arguments: &str) -> Result<String> {
    Ok(output(Command::new("git").args(arguments.split_whitespace()))?.trim_end().to_owned())
}

/// Place and prose of the lines that a diff adds.
fn added(diff: &str) -> Vec<(String, String)> {
    let (mut file, mut number, mut fine, mut lines) = ("", 0, false, Vec::new());
    for line in diff.lines() {
        if let Some(path) = line.strip_prefix("+++ b/") {
            (file, fine) = (path, false);
        } else if let Some(hunk) = line.strip_prefix("@@ ") {
            let start = hunk.split('+').nth(1).and_then(|it| it.split([',', ' ']).next()?.parse().ok());
            (number, fine) = (start.unwrap_or(0), false);
        } else if let Some(text) = line.strip_prefix('+') {
            let is_fine = text.contains(FINE);
            if !fine && !is_fine {
                lines.push((format!("{file}:{number}"), prose(file, text)));
            }
            fine = is_fine;
            number += 1;
        }
    }
    lines
}

/// The text of a line: all of it in a document, comments and strings in code.
fn prose(file: &str, line: &str) -> String {
    let is_rust_or_js = file.ends_with(".rs") || file.ends_with(".js");
    let comment = if is_rust_or_js { line.split_once("//") } else { line.split_once('#') };
    match comment {
        _ if file.ends_with(".md") => line.trim().to_owned(),
        Some((_, comment)) => comment.trim_start_matches(['/', '!', ' ']).to_owned(),
        None if is_rust_or_js => line.replace("'\"'", "").split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" "),
        None => String::new(),
    }
}
