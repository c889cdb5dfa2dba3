//! The progress bar, on a terminal and without one.
#![cfg(target_os = "linux")]

#[path = "tool/terminal.rs"]
mod terminal;
#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::fs::{File, read};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use terminal::Terminal;
use tool::{command, run};

/// Eight frames, three of them bad.
const CAPTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/call.hex");
/// A text that only the bar shows.
const BAR: &str = " records, ";
/// Clears the line.
const CLEAR: &str = "\r\u{1b}[2K";

fn output_file(name: &str) -> (PathBuf, File) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.out"));
    let file = File::create(&path).unwrap();
    (path, file)
}

#[test]
fn a_bar_is_taken_away_for_messages_and_at_the_end() {
    for format in ["xml", "json", "jsonl"] {
        let arguments = ["decode", "--format", format, CAPTURE];
        let without = run(&arguments, "");
        let (path, file) = output_file(&format!("bar-{format}"));
        let mut command = command(&["decode", "--format", format, "--progress", "always"]);
        // The size of a file is known, under a name or without one.
        if format == "xml" {
            command.stdin(File::open(CAPTURE).unwrap())
        } else {
            command.arg(CAPTURE)
        };
        command.stdout(file);
        let shown = Terminal::new().shows(command).replace("stdin:", &format!("{CAPTURE}:"));
        assert!(shown.contains(BAR) && shown.contains(" of 269 B "), "{shown:?}");
        let stays: Vec<_> = shown.split("\r\n").map(|line| line.rsplit(CLEAR).next().unwrap()).collect();
        assert_eq!(stays, without.stderr.split('\n').collect::<Vec<_>>(), "{shown:?}");
        assert_eq!(read(path).unwrap(), without.stdout);
    }
}

#[test]
fn a_bar_keeps_away_from_other_output() {
    let frames = "00f8011b\n";
    // Without a terminal.
    assert_eq!(run(&["decode", "--progress", "always"], frames).stderr, "");
    // A program after a pipe may write to the terminal too.
    for (when, has_bar) in [("auto", false), ("always", true), ("never", false)] {
        let shown = Terminal::new().shows(command(&["acks", "--progress", when, CAPTURE]));
        assert_eq!(shown.contains(BAR), has_bar, "{when}: {shown:?}");
    }
    // The terminal shows the output, or typed input.
    let terminal = Terminal::new();
    let mut printing = command(&["decode", "--progress", "always", "--color", "never", CAPTURE]);
    printing.stdout(terminal.program());
    let shown = terminal.shows(printing);
    assert!(shown.contains("<ack") && !shown.contains(BAR), "{shown:?}");

    let mut terminal = Terminal::new();
    let mut typed = command(&["decode", "--progress", "always"]);
    let (path, file) = output_file("typed");
    typed.stdin(terminal.program()).stdout(file);
    // Control and D end the input.
    terminal.keyboard.write_all(b"00f8011b\n\x04").unwrap();
    let shown = terminal.shows(typed);
    assert_eq!((shown.contains(BAR), read(path).unwrap()), (false, b"<ack/>\n".to_vec()), "{shown:?}");
}

#[test]
fn only_long_runs_have_a_bar() {
    let (_, file) = output_file("short");
    let mut short = command(&["encode", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/trees.jsonl")]);
    short.stdout(file);
    assert!(!Terminal::new().shows(short).contains(BAR));

    let (_, file) = output_file("long");
    let terminal = Terminal::new();
    let mut child = command(&["decode", "--from", "hex"]).stdout(file).stderr(terminal.program()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // Waits a minute at most, and reads every hundredth of a second.
    let mut shown = (0..6_000).scan(String::new(), |shown, _| {
        stdin.write_all(b"00f8011b\n").unwrap();
        let piece = terminal.shown.recv_timeout(Duration::from_millis(10)).unwrap_or_default();
        shown.push_str(&String::from_utf8_lossy(&piece));
        Some(shown.contains(BAR))
    });
    assert!(shown.any(|has_bar| has_bar));
    drop(stdin);
    assert!(child.wait().unwrap().success());
}
