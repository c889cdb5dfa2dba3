//! Sanitized captures give the same reports as the captures, and can be read by anyone.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

fn captures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/captures");
    let scenarios = std::fs::read_dir(folder.join("scenarios")).unwrap().map(|file| file.unwrap().path());
    let is_capture = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "jsonl");
    let mut captures: Vec<_> = scenarios.filter(is_capture).collect();
    captures.extend(["call.jsonl", "call-receive.stream", "call-v2.jsonl"].map(|name| folder.join(name)));
    captures
}

/// The report of `acks`, without the parts that sanitizing changes: addresses, ids and texts.
fn said(capture: &[u8]) -> Json {
    let run = tool::run(&["acks", "--format", "json"], capture);
    let report: Json = serde_json::from_str(run.text()).unwrap();
    let answer = |answer: &Json| {
        json!([answer["stanza"], answer["outcome"], answer["error"], answer["latency_s"], answer["relay"]])
    };
    let list = |value: &Json| value.as_array().cloned().unwrap_or_default();
    let stanza = |stanza: &Json| {
        let answers: Vec<_> = list(&stanza["answers"]).iter().map(answer).collect();
        json!([
            stanza["action"],
            stanza["outcome"],
            stanza["error"],
            stanza["latency_s"],
            stanza["evidence"]["matched_by"],
            answers
        ])
    };
    let call = |call: &Json| {
        json!([call["outcome"], call["direction"], list(&call["stanzas"]).iter().map(stanza).collect::<Vec<_>>()])
    };
    let mut totals = report["totals"].clone();
    // Times count from 0, which is not plausible for a server.
    totals.as_object_mut().unwrap().remove("warnings");
    json!([list(&report["calls"]).iter().map(call).collect::<Vec<_>>(), totals])
}

#[test]
fn acks_says_the_same_of_a_sanitized_capture() {
    let captures = captures();
    assert!(captures.len() > 50, "{}", captures.len());
    for path in captures {
        let capture = std::fs::read(&path).unwrap();
        let sanitized = tool::run(&["sanitize"], &capture);
        assert_eq!(sanitized.stdout, tool::run(&["sanitize"], &capture).stdout, "{}", path.display());
        assert_eq!(said(&sanitized.stdout), said(&capture), "{}", path.display());
    }
}

#[test]
fn records_of_the_research_group_read_back() {
    let path = captures().pop().unwrap().with_file_name("call.jsonl");
    let capture = std::fs::read(path).unwrap();
    let xml = |form: &str| {
        tool::run(&["decode", "--from", form], tool::run(&["sanitize", "--format", form], &capture).stdout)
    };
    let yaml = tool::run(&["sanitize", "--format", "wacrg-yaml", "--reviewed"], &capture);
    let read = tool::run(&["decode"], &yaml.stdout);
    assert_eq!(read.text(), xml("hex").text());
    assert_eq!(yaml.text().matches("sanitized: true").count(), 103);
    // An issue has one stanza.
    let issues = tool::run(&["sanitize", "--format", "wacrg-issue"], &capture);
    assert_eq!((issues.status, issues.text()), (Some(2), ""));
    let issue =
        tool::run(&["sanitize", "--format", "wacrg-issue", "--frame", "2", "--technique", "mitm-tls"], &capture);
    let read = tool::run(&["decode"], &issue.stdout);
    assert_eq!(read.text(), "<presence type=\"available\" name=\"NAME-1\"/>\n");
    assert!(issue.text().contains("### Capture technique\n\nmitm-tls\n"), "{}", issue.text());
}

#[test]
fn lossy_records_are_not_written_as_bytes() {
    let log = "22:13:20.822 [Client/Recv DEBUG] <ack class=\"call\" from=\"100000022222222@lid\" id=\"A1\"/>\n";
    let run = tool::run(&["sanitize", "--format", "hex"], log);
    assert_eq!((run.status, run.text()), (Some(2), ""));
    assert!(run.stderr.contains("fidelity"), "{}", run.stderr);
    let run = tool::run(&["sanitize"], log);
    let record: Json = serde_json::from_str(run.text()).unwrap();
    let written = ["time", "fidelity", "source"].map(|name| &record[name]);
    assert_eq!(written, [&json!(0), &json!("text"), &json!("whatsmeow")]);
    assert_eq!(record["node"]["attrs"], json!([["class", "call"], ["from", {"jid": "A@lid"}], ["id", "ID-1"]]));
}

#[test]
fn an_error_keeps_its_place_and_loses_its_message() {
    let run = tool::run(&["sanitize", "--from", "jsonl"], "{\"hex\":\"00f803\"}\n{\"hex\":\"SECRET15550001111\"}\n");
    assert!(!run.text().contains("SECRET") && !run.stderr.contains("SECRET"), "{}{}", run.text(), run.stderr);
    let records: Vec<Json> = run.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records[0]["error"]["offset"], 3);
    assert_eq!((run.status, records.len()), (Some(1), 2));
    // The record may or may not have the wanted id.
    let run = tool::run(&["sanitize", "--id", "A1"], "{\"hex\":\"00f803\", \"source\":\"SECRET\"}\n00f803 SECRET\n");
    assert!(run.text().is_empty() && !run.stderr.contains("SECRET"), "{}{}", run.text(), run.stderr);
    assert!(run.stderr.contains("truncated at offset 3 of the frame"), "{}", run.stderr);
    assert!(!run.stderr.contains("still shows"), "{}", run.stderr);
}
