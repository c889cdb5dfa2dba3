//! Decoding and encoding frames returns the same bytes.

mod tool;

use serde_json::Value;
use tool::{command, in_pieces, run};
use wabinary::explain::Severity;
use wabinary::{Decoder, Dictionary};

#[derive(serde::Deserialize)]
struct Vector {
    hex: Option<String>,
}

/// The `hex` of each vector that has one.
fn frames_of(file: &str) -> Vec<String> {
    let path = format!("{}/../tests/data/vectors/{file}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let records = text.lines().map(|line| serde_json::from_str::<Vector>(line).unwrap());
    records.filter_map(|record| record.hex).collect()
}

fn records_of(frames: &[String]) -> String {
    frames.iter().map(|hex| format!("{{\"hex\":\"{hex}\"}}\n")).collect()
}

/// The vector files with frames that decode, and the version of their dictionary.
const FILES: [(&str, &str); 4] =
    [("peer-encoded", "3"), ("v2-peer-encoded", "2"), ("noncanonical", "3"), ("peer-disagreements", "3")];

/// The frames of a file that are canonical: decoding and encoding returns the same bytes.
fn canonical_frames_of(file: &str, dictionary: &str) -> Vec<String> {
    let dictionary = dictionary.parse().ok().and_then(Dictionary::from_version).unwrap();
    let mut decoder = Decoder::new().with_dictionary(dictionary);
    let mut is_canonical = |hex: &String| {
        let findings = decoder.findings(&data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap());
        findings.is_ok_and(|findings| findings.iter().all(|finding| finding.kind.severity() != Severity::Rewritten))
    };
    let mut frames = frames_of(file);
    // Any other first byte looks like a frame without a flag byte.
    frames.retain(|hex| hex.starts_with('0') && is_canonical(hex));
    frames
}

#[test]
fn canonical_frames_come_back_from_every_form_of_trees() {
    let mut counts = Vec::new();
    for (file, dictionary) in FILES {
        let frames = canonical_frames_of(file, dictionary);
        counts.push(frames.len());
        let expected: String = frames.iter().map(|hex| format!("{hex}\n")).collect();
        for input in [records_of(&frames), expected.clone()] {
            for format in ["xml", "json", "jsonl"] {
                let decoded = run(&["decode", "--format", format, "--dictionary", dictionary], &input);
                assert_eq!(decoded.status, Some(0), "{file}: {}", decoded.stderr);
                for from in ["auto", format] {
                    let encoded = run(&["encode", "--from", from, "--dictionary", dictionary], &decoded.stdout);
                    assert_eq!((encoded.status, encoded.stderr.as_str()), (Some(0), ""), "{file} {format}");
                    assert!(encoded.text() == expected, "{file} {format} {from}");
                }
            }
        }
    }
    assert!(counts.iter().sum::<usize>() > 290 && counts.iter().all(|count| *count > 0), "{counts:?}");
}

#[test]
fn xml_reads_on_behind_what_is_no_tree() {
    let xml = "<?xml version='1.0'?>\n<iq/>\n# note\n<ack id=1/>\n<!-- <a> -->\n<receipt\n/>\n<_x_/>\n<ack/>";
    for input in [xml.to_owned(), format!("\u{feff}{xml}"), xml.replace('\n', "\r\n")] {
        let encoded = run(&["encode"], &input);
        assert_eq!((encoded.status, encoded.text()), (Some(1), "00f80119\n00f80107\n00f8011b\n"), "{}", encoded.stderr);
        assert!(encoded.stderr.starts_with("wabinary: stdin:4: value without quotes at line 4, column 9, in ack"));
        assert!(
            encoded.stderr.ends_with("wabinary: stdin:8: empty tag; --allow empty-tag accepts it\n"),
            "{}",
            encoded.stderr
        );
        let records = run(&["encode", "--from", "xml", "--format", "jsonl"], &input);
        let kinds: Vec<Value> = records.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let kinds: Vec<_> = kinds.iter().map(|record| record["error"]["kind"].as_str()).collect();
        assert_eq!(kinds, [None, Some("xml"), None, Some("empty-tag"), None]);
    }
    assert_eq!(run(&["encode", "--from", "xml"], "").status, Some(0));
}

#[test]
fn every_record_has_a_line_whatever_becomes_of_it() {
    for file in ["malformed", "noncanonical", "peer-disagreements"] {
        let frames = frames_of(file);
        let decoded = run(&["decode", "--format", "jsonl"], records_of(&frames));
        let records: Vec<Value> = decoded.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(records.len(), frames.len(), "{file}");
        for (number, record) in records.iter().enumerate() {
            assert_eq!((&record["frame"], &record["line"]), (&Value::from(number), &Value::from(number + 1)));
            let error = &record["error"];
            assert_ne!(record["node"].is_null(), error.is_null());
            if file == "malformed" {
                let is_placed =
                    error["offset"].is_u64() && ["frame", "inflated"].map(Value::from).contains(&error["space"]);
                assert!(is_placed && error["kind"].is_string() && error["path"].is_string(), "{error}");
            }
        }
        // The failed record is passed on, and the others are encoded.
        let encoded = run(&["encode", "--format", "jsonl"], &decoded.stdout);
        assert_eq!(encoded.text().lines().count(), frames.len());
        assert_eq!(encoded.status, decoded.status);
    }
}

#[test]
fn json_may_escape_what_frames_are_made_of() {
    for record in [
        &br#"{"hex":"00f8011b"}"#[..],
        br#"{"hex":"\u0030\u0030f8011b"}"#,
        br#"{"hex":" 0x00:f8 01\t1B"}"#,
        br#"{"base64":"APgBGw=="}"#,
        br#"{"base64":"\u0041PgBGw"}"#,
        // A member that nobody reads is not UTF-8.
        b"{\"note\":\"\xff\",\"hex\":\"00f8011b\"}",
    ] {
        let decoded = run(&["decode", "--from", "jsonl"], record);
        assert_eq!((decoded.status, decoded.text()), (Some(0), "<ack/>\n"), "{}", record.escape_ascii());
    }
}

#[test]
fn all_forms_of_frames_are_read_back() {
    let frames = "00f8011b\n00f8031b04ec0b\n";
    let trees = run(&["decode", "--format", "jsonl"], frames).stdout;
    for (options, from) in [
        (&["--format", "hex"][..], "hex"),
        (&["--format", "base64"], "base64"),
        (&["--format", "stream"], "stream"),
        (&["--format", "stream", "--intro", "--dictionary", "2"], "stream"),
        (&["--format", "jsonl"], "jsonl"),
        (&["--format", "hex", "--zlib", "9"], "hex"),
    ] {
        let encoded = run(&[&["encode"], options].concat(), &trees);
        assert_eq!((encoded.status, encoded.stderr.as_str()), (Some(0), ""), "{options:?}");
        for from in [from, "auto"] {
            let decoded = run(&["decode", "--from", from, "--format", "xml"], &encoded.stdout);
            assert_eq!(
                (decoded.status, decoded.text()),
                (Some(0), "<ack/>\n<ack type=\"retry\"/>\n"),
                "{options:?} {from}"
            );
        }
    }
    let raw = run(&["encode", "--format", "raw"], r#"{"tag":"ack"}"#);
    assert_eq!((raw.status, &raw.stdout[..]), (Some(0), &[0x00, 0xf8, 0x01, 0x1b][..]));
    assert_eq!(run(&["decode"], &raw.stdout).text(), "<ack/>\n");
}

#[test]
fn time_is_given_back_as_it_came() {
    for time in [
        "1700000000.10",
        "-0.0,\"clock\":\"monotonic\"",
        "1e400",
        "123456789012345678901234567890",
        "\"2023-11-14T22:13:20Z\"",
        "\"\\u0041\"",
    ] {
        let record = |what: &str| format!("{{\"frame\":0,\"line\":1,\"time\":{time},{what}}}\n");
        let input = record("\"node\":{\"tag\":\"ack\",\"attrs\":[],\"content\":null}");
        assert_eq!(run(&["decode", "--format", "jsonl"], &input).text(), input);
        let encoded = run(&["encode", "--format", "jsonl"], &input);
        assert_eq!(encoded.text(), record("\"hex\":\"00f8011b\"").replace("\"line\":1,", ""));
    }
    for time in ["true", "[1]", "{}"] {
        let refused = run(&["decode"], format!("{{\"time\":{time},\"hex\":\"00f8011b\"}}"));
        assert_eq!(refused.status, Some(1), "{time}");
    }
}

#[test]
fn a_stream_may_arrive_in_any_pieces() {
    let stream = b"ED\0\x01\0\0\x03xyzWA\x06\x03\0\0\x04\0\xf8\x01\x1b\0\0\x03\xf8\x01\x07";
    for size in [1, 2, 3, 5, 7] {
        for from in ["auto", "stream"] {
            let pieces: Vec<_> = stream.chunks(size).collect();
            let decoded = in_pieces(command(&["decode", "--from", from]), &pieces);
            assert_eq!((decoded.status, decoded.text()), (Some(0), "<ack/>\n<receipt/>\n"));
        }
    }
}
