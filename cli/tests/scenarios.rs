//! The reports of `acks` on the scenario captures: they must agree with the descriptions of the captures' authors, and
//! with the reports in the same folder. `UPDATE_REPORTS=1 cargo test -p wabinary-cli --test scenarios` writes the
//! reports again; check what changes.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/captures/scenarios")
}

fn names() -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = files.filter_map(|file| Some(file.strip_suffix(".jsonl")?.to_owned())).collect();
    names.sort();
    assert!(names.len() > 50, "{}", names.len());
    names
}

fn acks(name: &str, arguments: &[&str]) -> tool::Run {
    let capture = std::fs::read(folder().join(format!("{name}.jsonl"))).unwrap();
    tool::run(&[&["acks", "--from", "jsonl", "--remarks"], arguments].concat(), capture)
}

fn report(name: &str) -> Json {
    serde_json::from_str(acks(name, &["--format", "json"]).text()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn expected(name: &str) -> Json {
    serde_json::from_str(&std::fs::read_to_string(folder().join(format!("{name}.expected.json"))).unwrap()).unwrap()
}

fn list<'a>(value: &'a Json, key: &str) -> &'a Vec<Json> {
    value[key].as_array().unwrap_or_else(|| panic!("no list {key} in {value}"))
}

#[track_caller]
fn assert_same(name: &str, mut found: Vec<Json>, expected: &[Json]) {
    let mut expected = expected.to_vec();
    found.sort_by_key(Json::to_string);
    expected.sort_by_key(Json::to_string);
    assert_eq!(found, expected, "{name}");
}

/// A stanza in the form of the authors' description.
fn described(stanza: &Json) -> Json {
    let answers = list(stanza, "answers");
    let count = |kind| answers.iter().filter(|answer| answer["stanza"] == kind).count();
    let mut outcome = stanza["outcome"].as_str().unwrap().to_owned();
    if let (true, Some(code)) = (outcome == "refused", stanza["error"].as_u64()) {
        outcome += &format!(" {code}");
    }
    let evidence = &stanza["evidence"];
    match evidence["matched_by"].as_str() {
        None | Some("address") => {}
        Some(by) => outcome += &format!(", by {by}"),
    }
    match (evidence.is_null(), evidence["call_found_in"].as_str()) {
        (true, _) | (_, Some("call")) => {}
        (_, None) => outcome += ", call nowhere",
        (_, Some(place)) => outcome += &format!(", call in {place}"),
    }
    let sent = 1 + stanza["resent"].as_array().map_or(0, Vec::len);
    let name = format!("{} {}", stanza["id"].as_str().unwrap_or("-"), stanza["action"].as_str().unwrap());
    json!({ "stanza": name, "outcome": outcome, "sent": sent, "acks": count("ack"), "receipts": count("receipt") })
}

#[test]
fn reports_say_what_the_authors_say() {
    for name in names() {
        let (report, expected) = (report(&name), expected(&name));
        let stanzas = list(&report, "calls").iter().flat_map(|call| list(call, "stanzas"));
        assert_same(&name, stanzas.map(described).collect(), list(&expected, "stanzas"));
        let unmatched = list(&report, "unmatched").iter().map(|stray| {
            let stanza = format!("{} {}", stray["stanza"].as_str().unwrap(), stray["id"].as_str().unwrap());
            json!({ "stanza": stanza, "mismatch": stray["mismatch"] })
        });
        assert_same(&name, unmatched.collect(), list(&expected, "unmatched"));
        let acks = list(&report, "records").iter().filter(|record| !record["ack"].is_null());
        let findings = acks.filter(|ack| !list(ack, "findings").is_empty()).map(|ack| {
            let text = |finding: &Json| {
                format!("{}: {}", finding["rule"].as_str().unwrap(), finding["message"].as_str().unwrap())
            };
            let findings: Vec<_> = list(ack, "findings").iter().map(text).collect();
            json!({ "ack": ack["ack"]["id"], "findings": findings })
        });
        // Nodes that are not call acks are reported as failed records, or not at all.
        let is_ack = |finding: &&Json| {
            let first = finding["findings"][0].as_str().unwrap();
            !["CA01", "CA02", "CA03"].iter().any(|rule| first.starts_with(rule))
        };
        let expected: Vec<_> = list(&expected, "findings").iter().filter(is_ack).cloned().collect();
        assert_same(&name, findings.collect(), &expected);
    }
}

#[test]
fn reports_are_those_kept_beside_the_captures() {
    for name in names() {
        let ran = acks(&name, &["--format", "json"]);
        let has_bad_lines = ["missing-ids", "broken-lines"].contains(&name.as_str());
        assert_eq!(ran.status, Some(i32::from(has_bad_lines)), "{name}: {}", ran.stderr);
        let path = folder().join(format!("{name}.report.json"));
        if std::env::var_os("UPDATE_REPORTS").is_some() {
            std::fs::write(path, ran.stdout).unwrap();
            continue;
        }
        let kept = std::fs::read_to_string(&path).unwrap();
        assert!(kept == ran.text(), "{name}: the report differs from {}", path.display());
    }
}

/// The same stanzas, one a line.
#[test]
fn lines_are_the_elements_of_the_document() {
    for name in names() {
        let report = report(&name);
        let lines = acks(&name, &["--format", "jsonl"]);
        let lines: Vec<Json> = lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let stanzas = list(&report, "calls").iter().flat_map(|call| list(call, "stanzas"));
        let elements: Vec<_> =
            list(&report, "records").iter().chain(stanzas).chain(list(&report, "refused_others")).cloned().collect();
        assert_eq!(lines, elements, "{name}");
    }
}

/// The marks of secrets in the captures: as text, hex and base64, and the addresses of relays.
#[test]
fn no_output_has_a_secret() {
    let secret = "SECRET-SECRET";
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let marks = ["SECRET", &hex, "U0VDUkVU", "192.0.2.", "c000020a", "wAACC"];
    for name in names() {
        for format in ["text", "json", "jsonl", "html"] {
            for filter in [&[][..], &["--errors"], &["--call-id", "0123456789ABCDEF0123456789ABCD31"]] {
                let ran = acks(&name, &[&["--format", format], filter].concat());
                let shown = format!("{}{}", ran.text(), ran.stderr).to_lowercase();
                for mark in marks {
                    assert!(!shown.contains(&mark.to_lowercase()), "{name} {format} {filter:?}: {mark}");
                }
            }
        }
    }
    // The capture has the marks, and the search finds them if secrets are shown.
    let capture = std::fs::read(folder().join("secrets.jsonl")).unwrap();
    let decoded = tool::run(&["decode"], capture);
    assert!(decoded.text().contains("SECRET") && decoded.text().contains("wAACC"), "{}", decoded.text());
}
