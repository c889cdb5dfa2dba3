//! `cargo tools fuzz` with targets that end well, find something, or die. A fake `cargo` plays the targets.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::{env, fs, process};

/// Called as `cargo fuzz run --sanitizer none TARGET …`. Some targets end well, one finds something, two die. Each test
/// has its own targets, because the tool empties and fills the folder of a target's corpus.
const CARGO: &str = r##"#!/usr/bin/env bash
[[ "$2" == run ]] || exit 0
case "$5" in
inflate | edit | decode | encode | framing)
    echo "$*" >"$(dirname "$0")/arguments"
    echo '#200	NEW    cov: 70 ft: 80 corp: 9/90b lim: 4 exec/s: 0 rss: 30Mb' >&2
    echo 'stat::number_of_executed_units: 200' >&2 ;;
jid)
    echo "thread panicked at 'x'" >&2
    echo 'Test unit written to crash-1' >&2
    echo 'stat::number_of_executed_units: 7' >&2
    exit 1 ;;
xml) exit 1 ;;
json) kill -9 $$ ;;
esac
"##;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Fuzzes these targets. Returns the tool's output and how it called cargo for a target that ends well.
fn fuzz(name: &str, options: &[&str]) -> (Output, Option<String>) {
    let folder = Folder(env::temp_dir().join(format!("wabinary-fuzz-{name}-{}", process::id())));
    fs::create_dir_all(&folder.0).unwrap();
    let cargo = folder.0.join("cargo");
    fs::write(&cargo, CARGO).unwrap();
    fs::set_permissions(cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let before = env::var_os("PATH").unwrap();
    let path = env::join_paths([folder.0.clone()].into_iter().chain(env::split_paths(&before))).unwrap();
    let mut tool = Command::new(env!("CARGO_BIN_EXE_wabinary-tools"));
    let output = tool.args(["fuzz", "--seconds", "1"]).args(options).env("PATH", path).output().unwrap();
    (output, fs::read_to_string(folder.0.join("arguments")).ok())
}

/// The target, executions, edges and findings of each row.
fn rows(output: &Output) -> Vec<[String; 4]> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = text.lines().skip(2).map(cells);
    rows.map(|cells| [1, 2, 4, 8].map(|at| cells[at].clone())).collect()
}

fn row(cells: [&str; 4]) -> [String; 4] {
    cells.map(str::to_owned)
}

#[test]
fn a_target_without_findings_is_a_success() {
    let (output, arguments) = fuzz("well", &["--jobs", "1", "inflate"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(rows(&output), [row(["inflate", "200", "70", "0"])]);
    // An input is slow after 20 seconds: below that, the machine may have stalled.
    let arguments = arguments.unwrap();
    assert!(arguments.contains(" -timeout=20 -report_slow_units=20 "), "{arguments}");
    let folders = ["target/found/inflate", "target/corpus/inflate", "regressions/inflate"];
    assert!(folders.iter().all(|folder| arguments.contains(folder)), "{arguments}");
}

#[test]
fn several_processes_work_on_one_target() {
    let (output, _) = fuzz("several", &["--jobs", "3", "edit"]);
    assert_eq!(rows(&output), [row(["edit", "600", "70", "0"])], "{output:?}");
}

#[test]
fn targets_that_die_hide_no_row_of_the_others_and_are_a_failure() {
    let (output, _) = fuzz("dead", &["xml", "jid", "decode", "json", "--jobs", "2"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let expected =
        [["xml", "0", "0", "1"], ["jid", "7", "0", "1"], ["decode", "200", "70", "0"], ["json", "0", "0", "1"]];
    assert_eq!(rows(&output), expected.map(row), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("xml did not run to its end") && said.contains("json did not run to its end"), "{said}");
    assert!(said.contains("thread panicked at 'x'") && said.contains("Test unit written to crash-1"), "{said}");
}

#[test]
fn a_target_that_does_not_exist_is_a_failure_that_names_those_that_do() {
    let (output, _) = fuzz("unknown", &["decoed"]);
    assert!(!output.status.success());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(r#"unknown target "decoed"; expected one of decode, "#), "{said}");
}

#[test]
fn a_campaign_rotates_survives_findings_and_goes_on() {
    let state = env::temp_dir().join(format!("wabinary-campaign-{}.jsonl", process::id()));
    let campaign = |hours: &str| {
        let options = ["--hours", hours, "--state", state.to_str().unwrap(), "--jobs", "1", "encode", "jid", "framing"];
        let (output, _) = fuzz("campaign", &options);
        let turns = fs::read_to_string(&state).unwrap();
        (output, turns)
    };
    // Turns of a second: four of them, then two more.
    let (output, turns) = campaign("0.00112");
    assert!(!output.status.success() && turns.lines().count() == 4, "{output:?} {turns}");
    assert!(["encode", "jid", "framing"].iter().all(|target| turns.contains(target)), "{turns}");
    fs::write(&state, format!("{turns}{{\"target\": \"j")).unwrap();
    let (output, turns) = campaign("0.00168");
    assert_eq!(turns.lines().count(), 7, "six turns and half a line: {turns}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("| framing | 2 | 2 |"), "{turns}");
    fs::remove_file(state).unwrap();
}
