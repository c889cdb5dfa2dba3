//! `acks`: selection, memory for large captures, several files, and colours.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::collections::BTreeSet;

use serde_json::Value as Json;
use tool::{command, in_pieces, run};

const CAPTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/captures/call.jsonl");

fn report(arguments: &[&str]) -> Json {
    let ran = run(&[&["acks", "--format", "json"], arguments].concat(), "");
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    serde_json::from_str(ran.text()).unwrap()
}

/// The stanzas of a report, as `call-id action outcome`.
fn stanzas(report: &Json) -> Vec<String> {
    let stanzas = report["calls"].as_array().unwrap().iter().flat_map(|call| call["stanzas"].as_array().unwrap());
    let text = |value: &Json| value.as_str().unwrap_or("-").to_owned();
    let described = stanzas.map(|stanza| {
        let call_id = text(&stanza["call_id"]);
        format!("{} {} {}", &call_id[30..], text(&stanza["action"]), text(&stanza["outcome"]))
    });
    described.collect()
}

#[test]
fn filters_hold_together() {
    let all = stanzas(&report(&[CAPTURE]));
    assert_eq!(all.len(), 39);
    let failed: Vec<_> =
        all.iter().filter(|stanza| !stanza.ends_with("accepted") && !stanza.ends_with("pending")).collect();
    assert_eq!(stanzas(&report(&["--errors", CAPTURE])).iter().collect::<Vec<_>>(), failed);
    assert_eq!(failed.len(), 6);

    let call = "0123456789ABCDEF0123456789ABCD07";
    assert_eq!(
        stanzas(&report(&["--call-id", call, CAPTURE])),
        ["07 offer accepted", "07 accept refused", "07 terminate accepted"]
    );
    assert_eq!(stanzas(&report(&["--call-id", call, "--errors", CAPTURE])), ["07 accept refused"]);
    assert_eq!(stanzas(&report(&["--call-id", call, "--id", "41.17-17", CAPTURE])), [""; 0]);
    assert_eq!(stanzas(&report(&["--id", "41.17-17", CAPTURE])), ["08 reject accepted"]);
    // Bob's desktop sent some of these stanzas, and answered the others.
    let desktop = ["--peer", "100000033333333:12@lid", CAPTURE];
    assert_eq!(stanzas(&report(&desktop)), ["08 offer accepted", "08 reject accepted"]);
    // Answers that are asked for by their tag choose the stanzas that they answer.
    let answered: Vec<_> =
        all.iter().filter(|stanza| !stanza.ends_with("pending") && !stanza.ends_with("unanswered")).collect();
    let acks = stanzas(&report(&["--tag", "ack,receipt", CAPTURE]));
    assert_eq!(acks.iter().collect::<Vec<_>>(), answered);
    // A user includes all their devices.
    let bob = stanzas(&report(&["--peer", "100000033333333@lid", CAPTURE]));
    assert_eq!(bob, ["04 offer refused", "08 offer accepted", "08 reject accepted", "0C offer pending"]);
    // A user whose device refuses another user's call.
    let refusal =
        "00f80a1b08fb01a1156406faff88100000022222222f7604ec1cf801f8050e0cf70102ff88100000033333333fa8ff82403f\n";
    for (peer, is_found) in [("100000033333333@lid", true), ("100000033333333:3@lid", false)] {
        assert_eq!(run(&["decode", "--peer", peer], refusal).text().contains("<user"), is_found, "{peer}");
    }
}

/// Selected acks are those of the selected stanzas.
#[test]
fn records_are_those_of_the_stanzas_selected() {
    for filter in [
        &["--errors"][..],
        &["--call-id", "0123456789ABCDEF0123456789ABCD09"],
        &["--id", "41.17-18"],
        &["--peer", "100000022222222@lid"],
        &["--peer", "100000033333333@lid", "--errors"],
    ] {
        let report = report(&[filter, &[CAPTURE]].concat());
        let frames =
            |values: Vec<&Json>| values.iter().map(|value| value["frame"].as_u64().unwrap()).collect::<BTreeSet<_>>();
        let stanzas = report["calls"].as_array().unwrap().iter().flat_map(|call| call["stanzas"].as_array().unwrap());
        let answers = stanzas.flat_map(|stanza| stanza["answers"].as_array().unwrap());
        let records = frames(report["records"].as_array().unwrap().iter().collect());
        assert!(!records.is_empty(), "{filter:?}");
        assert_eq!(records, frames(answers.collect()), "{filter:?}");
    }
}

/// Every file is a separate capture: a stanza may be answered in another file, but by another clock.
#[test]
fn each_file_has_its_own_clock() {
    let text = std::fs::read_to_string(CAPTURE).unwrap();
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let [sent, received] = ["send", "receive"].map(|direction| {
        let path = folder.join(format!("acks-{direction}.jsonl"));
        let marked = format!("\"direction\": \"{direction}\"");
        let lines: Vec<_> = text.lines().filter(|line| line.contains(&marked)).collect();
        std::fs::write(&path, lines.join("\n")).unwrap();
        path.to_str().unwrap().to_owned()
    });
    let (both, whole) = (report(&[&sent, &received]), report(&[CAPTURE]));
    let count = |report: &Json, name: &str| report["totals"][name].as_u64().unwrap();
    for name in ["stanzas", "accepted", "refused", "partly_refused", "receipt_acks"] {
        assert_eq!(count(&both, name), count(&whole, name), "{name}");
    }
    assert_eq!((count(&both, "clocks"), count(&whole, "clocks")), (2, 1));
    assert_eq!((both["latencies"].as_array().unwrap().len(), whole["latencies"].as_array().unwrap().len()), (0, 22));
    // The stanzas that the device answers are in the first file.
    assert_eq!(count(&both, "unmatched"), 0);
}

#[test]
fn colour_is_where_it_is_asked_for() {
    let plain = run(&["acks", CAPTURE], "");
    assert!(!plain.text().contains('\u{1b}'));
    assert_eq!(run(&["acks", "--color", "never", CAPTURE], "").stdout, plain.stdout);
    let colored = run(&["acks", "--color", "always", CAPTURE], "");
    assert!(colored.text().contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(colored.text()).to_string(), plain.text());
    let mut quiet = command(&["acks", CAPTURE]);
    quiet.env("NO_COLOR", "1").env("CLICOLOR_FORCE", "0");
    assert_eq!(in_pieces(quiet, &[]).stdout, plain.stdout);
}

#[test]
fn no_line_is_wider_than_80_columns() {
    let ran = run(&["acks", CAPTURE], "");
    for line in ran.text().lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

/// A capture of calls with ten stanzas each. The first stanza of every tenth call is refused.
fn large_capture(stanzas: usize) -> String {
    let mut text = String::new();
    for number in 0..stanzas / 2 {
        let (call, time) = (number / 10, 1_700_000_000_000 + number * 7);
        let (from, to) = (time, time + 5);
        let peer = format!(r#"{{"jid": "1000000{call:08}@lid"}}"#);
        let action = if number % 10 == 0 { "offer" } else { "transport" };
        let error = if number % 100 == 0 { r#", ["error", "403"]"# } else { "" };
        text += &format!(
            concat!(
                r#"{{"time": {}.{:03}, "direction": "send", "node": {{"tag": "call", "attrs": [["to", {}], ["id", "41.17-{}"]], "#,
                r#""content": {{"nodes": [{{"tag": "{}", "attrs": [["call-id", "{:032X}"]]}}]}}}}}}"#,
                "\n"
            ),
            from / 1000,
            from % 1000,
            peer,
            number,
            action,
            call
        );
        text += &format!(
            concat!(
                r#"{{"time": {}.{:03}, "direction": "receive", "node": {{"tag": "ack", "attrs": [["from", {}], "#,
                r#"["class", "call"], ["type", "transport"], ["id", "41.17-{}"]{}]}}}}"#,
                "\n"
            ),
            to / 1000,
            to % 1000,
            peer,
            number,
            error
        );
    }
    text
}

/// A row takes about a kibibyte, and a stanza without a row nothing.
#[cfg(target_os = "linux")]
#[test]
fn memory_is_for_rows_and_rows_have_a_limit() {
    let capture = large_capture(110_000);
    for (arguments, mebibytes, status, found) in [
        ("--format text", 192, 4, "55000 stanzas of 5500 calls: 54450 accepted, 550 refused"),
        (
            "--format json",
            192,
            0,
            "\"stanzas\":55000,\"all_stanzas\":55000,\"accepted\":54450,\"accepted_with_relay\":0,\"refused\":550",
        ),
        ("--format jsonl", 64, 0, "\"id\":\"41.17-54999\",\"action\":\"transport\""),
        ("--errors", 64, 0, "550 stanzas (of 55000 in the capture) of 550 calls: 550 refused"),
    ] {
        let mut shell = std::process::Command::new("sh");
        let limited = format!("ulimit -v {} && exec \"$0\" acks --from jsonl {arguments}", mebibytes << 10);
        shell.args(["-c", &limited, env!("CARGO_BIN_EXE_wabinary")]);
        shell
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let ran = in_pieces(shell, &[capture.as_bytes()]);
        assert_eq!(ran.status, Some(status), "{arguments}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("stanzas without a row: 5000"), status == 4, "{}", ran.stderr);
        assert!(ran.text().contains(found), "{arguments}: {:?}", ran.text().lines().rev().take(3).collect::<Vec<_>>());
    }
}

/// Equal ids, equal stanzas, and many acks of one stanza.
#[test]
fn repetition_is_counted_and_not_searched_through() {
    let mut capture = String::new();
    for number in 0..20_000 {
        let call = number % 10_000;
        capture += &format!(
            "{{\"tag\":\"call\",\"attrs\":[[\"to\",\"a\"],[\"id\",\"1\"]],\"content\":{{\"nodes\":[{{\"tag\":\"offer\",\"attrs\":[[\"call-id\",\"{call}\"]]}}]}}}}\n"
        );
        capture += "{\"tag\":\"ack\",\"attrs\":[[\"from\",\"a\"],[\"id\",\"1\"],[\"class\",\"call\"]]}\n";
    }
    let ran = run(&["acks", "--from", "jsonl", "--format", "json"], &capture);
    let report: Json = serde_json::from_str(ran.text()).unwrap();
    let totals = &report["totals"];
    // A stanza that was first seen too long ago counts as new.
    assert_eq!((totals["stanzas"].as_u64(), totals["acks"].as_u64()), (Some(20_000), Some(20_000)));
    assert_eq!(totals["accepted"].as_u64(), Some(20_000));
}
