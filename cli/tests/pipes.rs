//! Output that nobody reads or that cannot be written.

mod tool;

use std::io::{BufRead, BufReader, Read, Write};

use tool::{command, run};

#[test]
fn a_closed_pipe_ends_quietly() {
    let frames = "00f8031b04ec0b\n".repeat(100_000);
    let trees = "{\"tag\":\"ack\"}\n".repeat(100_000);
    let roots = "<ack/>\n".repeat(100_000);
    for (arguments, input) in [
        (&["decode"][..], &frames),
        (&["decode", "--format", "json"], &frames),
        (&["decode", "--format", "jsonl"], &frames),
        (&["explain"], &frames),
        (&["explain", "--format", "json"], &frames),
        (&["encode"], &trees),
        (&["encode", "--format", "jsonl"], &trees),
        (&["encode", "--format", "stream"], &trees),
        (&["encode"], &roots),
    ] {
        let mut child = command(arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.clone();
        let feeder = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let mut first = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        // The framed stream is not a text; a byte of it is enough.
        if arguments.contains(&"stream") {
            stdout.read_exact(&mut [0]).unwrap()
        } else {
            assert!(stdout.read_line(&mut first).unwrap() > 0)
        }
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        let _ = feeder.join().unwrap();
        assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]), "{arguments:?}");
    }
}

#[test]
fn records_are_printed_as_they_arrive() {
    for (arguments, line) in [
        (&["decode"][..], "{\"hex\":\"00f8011b\"}"),
        (&["decode", "--format", "jsonl"], "{\"time\":1,\"node\":{\"tag\":\"ack\"}}"),
        (&["decode", "--from", "hex"], "00f8011b"),
        (&["decode", "--from", "log"], "<ack/>"),
        (&["explain", "--format", "jsonl"], "{\"hex\":\"00f8011b\"}"),
    ] {
        let mut child = command(arguments).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        for _ in 0..3 {
            // The input is still open: waiting for its end would take forever.
            writeln!(stdin, "{line}").unwrap();
            let mut printed = String::new();
            assert!(stdout.read_line(&mut printed).unwrap() > 0 && printed.contains("ack"), "{arguments:?}: {printed}");
        }
        drop(stdin);
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn rows_are_printed_as_stanzas_are_settled() {
    for (format, expected) in [("text", "ack without type"), ("jsonl", "\"stanza\":\"call\"")] {
        let mut child = command(&["acks", "--follow", "--format", format]).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for id in ["A1", "A2"] {
            let call = format!(
                "{{\"tag\":\"call\",\"attrs\":[[\"to\",{{\"jid\":\"1@lid\"}}],[\"id\",\"{id}\"]],\"content\":{{\"nodes\":[{{\"tag\":\"offer\"}}]}}}}"
            );
            let ack = format!(
                "{{\"tag\":\"ack\",\"attrs\":[[\"id\",\"{id}\"],[\"class\",\"call\"],[\"from\",{{\"jid\":\"1@lid\"}}]]}}"
            );
            writeln!(stdin, "{{\"direction\":\"send\",\"node\":{call}}}\n{{\"direction\":\"receive\",\"node\":{ack}}}")
                .unwrap();
            // The input is still open.
            let is_row = |line: &String| line.contains(id) && line.contains(expected);
            assert!(lines.by_ref().map(Result::unwrap).any(|line| is_row(&line)), "{format}");
        }
        drop(stdin);
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
    assert_eq!(run(&["acks", "--follow", "--format", "json"], "").status, Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_output_error() {
    for arguments in [
        &["decode"][..],
        &["decode", "--format", "json"],
        &["acks", "--format", "json"],
        &["explain"],
        &["explain", "--format", "json"],
        &["explain", "--format", "html"],
    ] {
        let mut command = command(arguments);
        command.stdout(std::fs::File::create("/dev/full").unwrap());
        let ran = tool::in_pieces(command, &[b"00f8011b\n"]);
        assert_eq!(ran.status, Some(3), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("os error"), "{}", ran.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn messages_that_nobody_reads_are_no_failure() {
    let mut command = command(&["decode"]);
    command.stderr(std::fs::File::create("/dev/full").unwrap());
    let ran = tool::in_pieces(command, &[b"00f8\n00f8011b\n"]);
    assert_eq!((ran.status, ran.text()), (Some(1), "<ack/>\n"));
}

#[test]
fn standard_input_is_one_of_the_files() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/windows.hex");
    let ran = run(&["decode", file, "-", file], "00f80119\n");
    assert_eq!((ran.status, ran.text()), (Some(0), "<ack/>\n<receipt/>\n<iq/>\n<ack/>\n<receipt/>\n"));
}
