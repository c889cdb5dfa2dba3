//! What `scripts/fuzz` makes of targets that end well, find something, or die, with a `cargo` that only says so.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::{env, fs, process};

/// Called as `cargo fuzz run --sanitizer none TARGET …`. One target ends well, one finds something, one dies and says
/// nothing, and the log of one is gone.
const CARGO: &str = r##"#!/usr/bin/env bash
[[ "$2" == run ]] || exit 0
case "$5" in
decode)
    echo "$*" >"$(dirname "$0")/arguments"
    echo '#200	NEW    cov: 70 ft: 80 corp: 9/90b lim: 4 exec/s: 0 rss: 30Mb'
    echo 'stat::number_of_executed_units: 200' ;;
jid)
    echo "thread panicked at 'x'"
    echo 'Test unit written to crash-1'
    echo 'stat::number_of_executed_units: 7'
    exit 1 ;;
xml) exit 1 ;;
json) rm "$logs/json.0" ;;
esac
"##;

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs the script for a second that nobody waits for, on these targets. Gives what it says and how cargo was called.
fn fuzz(name: &str, targets: &[&str]) -> (Output, Option<String>) {
    let folder = Folder(env::temp_dir().join(format!("wabinary-fuzz-{name}-{}", process::id())));
    fs::create_dir_all(&folder.0).unwrap();
    for (name, text) in [("cargo", CARGO), ("cargo-fuzz", ""), ("nproc", "#!/bin/sh\necho 1\n")] {
        let path = folder.0.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let before = env::var_os("PATH").unwrap();
    let path = env::join_paths([folder.0.clone()].into_iter().chain(env::split_paths(&before))).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/fuzz");
    let output = Command::new(script).arg("1").args(targets).env("PATH", path).output().unwrap();
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
    let (output, arguments) = fuzz("well", &["decode"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(rows(&output), [row(["decode", "200", "70", "0"])]);
    // A unit that is slow because the machine stalls is none.
    let arguments = arguments.unwrap();
    assert!(arguments.contains(" -timeout=20 -report_slow_units=20 "), "{arguments}");
}

#[test]
fn targets_that_die_hide_no_row_of_the_others_and_are_a_failure() {
    let (output, _) = fuzz("dead", &["xml", "jid", "decode", "json"]);
    assert!(!output.status.success());
    let expected =
        [["xml", "0", "0", "1"], ["jid", "7", "0", "1"], ["decode", "200", "70", "0"], ["json", "0", "0", "1"]];
    assert_eq!(rows(&output), expected.map(row), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("xml did not run to its end") && said.contains("json did not run to its end"), "{said}");
    assert!(said.contains("thread panicked at 'x'") && said.contains("Test unit written to crash-1"), "{said}");
}
