//! The statements of this project for the public call research group are true.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use std::io::Cursor;

use wabinary::Node;
use wabinary::stanza::{CallAck, Direction};
use wabinary_capture::wacrg::{CONFIDENCES, Submission, TECHNIQUES, read_description};
use wabinary_capture::{Form, Payload, Records};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn a_submission_reads_back_as_the_stanza_that_it_has() {
    let text: String = (' '..='\u{17f}').chain(['\n', '\t', '\u{2028}', '\u{1f600}']).collect();
    let node = Node::build("ack").attr("id", text).finish();
    let xml = format!("{node:#}");
    for hex in [None, Some("00f8031b0804")] {
        let submission = Submission {
            id: "a\\b\"c",
            technique: TECHNIQUES[0],
            tools: &["x: y".to_owned()],
            client: Some("#1 \\"),
            stanza_tag: "ack",
            direction: Some(Direction::Receive),
            confidence: CONFIDENCES[0],
            hex,
            xml: &xml,
            is_reviewed: true,
        };
        for text in [submission.yaml(), submission.issue()] {
            let mut records = Records::new(Cursor::new(text.clone()), Form::Wacrg).unwrap().map(Result::unwrap);
            let record = records.next().unwrap();
            assert_eq!((record.direction, records.next().is_none()), (Some(Direction::Receive), true));
            match record.payload {
                Payload::Frame(frame) => assert_eq!(frame, &[0, 0xf8, 3, 0x1b, 8, 4][..]),
                Payload::Tree(tree) => assert_eq!(tree.node(), node),
                Payload::Failed(failure) => panic!("{failure}: {text}"),
            }
        }
    }
}

#[test]
fn a_description_in_yaml_reads_as_the_built_in_specification() {
    let read = read_description(&read("tests/data/wacrg/call-ack.yaml")).unwrap();
    let built_in = CallAck::SPEC;
    assert_eq!((read.id.as_str(), read.tag.as_str()), (built_in.name, built_in.tag));
    let attributes = |of: &[wabinary_calls::survey::Attribute]| {
        of.iter()
            .map(|it| format!("{} {} {} {} {:?}", it.name, it.value_type, it.required, it.confidence, it.observed))
            .collect::<Vec<_>>()
    };
    let built_in_attributes = |of: &[wabinary::stanza::AttributeSpec]| {
        of.iter()
            .map(|it| {
                format!("{} {} {} {} {:?}", it.name, it.value_type, it.required, it.confidence.name(), it.observed)
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(attributes(&read.attributes), built_in_attributes(built_in.attributes));
    let ([child], [built_in]) = (read.children.as_slice(), built_in.children) else { panic!("one child each") };
    assert_eq!(
        (child.tag.as_str(), child.occurrence),
        (built_in.tag, (built_in.min.into(), built_in.max.map(Into::into)))
    );
    assert_eq!(attributes(&child.attributes), built_in_attributes(built_in.attributes));
}

#[derive(Deserialize)]
struct Map {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    spec: Spec,
    code: Code,
    validation: Validation,
}

#[derive(Deserialize)]
struct Spec {
    label: String,
}

#[derive(Deserialize)]
struct Code {
    url: String,
    symbol: String,
}

#[derive(Deserialize)]
struct Validation {
    kat: Option<String>,
    status: String,
}

#[test]
fn the_map_of_the_implementation_names_code_and_vectors_that_exist() {
    let map: Map = serde_saphyr::from_str(&read("docs/wacrg/wabinary.map.yaml")).unwrap();
    let vectors =
        ["peer-encoded", "v2-peer-encoded"].map(|name| read(&format!("tests/data/vectors/{name}.jsonl"))).concat();
    for Entry { spec, code, validation } in &map.entries {
        let path = code.url.strip_prefix("REPOSITORY/blob/REVISION/").expect("a path to fill in");
        let source = read(path);
        let is_defined =
            ["fn", "struct", "enum"].iter().any(|kind| source.contains(&format!("pub {kind} {}", code.symbol)));
        assert!(is_defined, "{path} has no {}", code.symbol);
        assert_eq!(validation.kat.is_some(), validation.status == "verified", "{}", spec.label);
        if let Some(kat) = &validation.kat {
            assert!(vectors.contains(&format!("\"name\":\"{kat}\"")), "no vector {kat}");
        }
    }
    let labels: BTreeSet<_> = map.entries.iter().map(|entry| entry.spec.label.as_str()).collect();
    for row in CallAck::SPEC.attributes {
        assert!(labels.contains(format!("attribute {}", row.name).as_str()), "no entry for {}", row.name);
    }
}
