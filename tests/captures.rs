//! The captures in `tests/data/captures` have the contents that their README describes.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use wabinary::explain::{FindingKind, findings};
use wabinary::stanza::CallAckRef;
use wabinary::stream::FrameReader;
use wabinary::{Decoder, Dictionary, Encoder, Node, NodeRef, Server, Value, decode};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures")
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

/// A line of a capture.
struct Record {
    /// Milliseconds since the capture began.
    time: u64,
    sent: bool,
    frame: Vec<u8>,
}

fn records(name: &str) -> Vec<Record> {
    let text = String::from_utf8(file(name)).unwrap();
    assert!(text.starts_with("# Synthetic"), "{name}");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| record(&serde_json::from_str(line).unwrap())).collect()
}

fn record(line: &serde_json::Value) -> Record {
    let seconds = match &line["time"] {
        serde_json::Value::Number(seconds) => seconds.as_f64().unwrap() - 1_700_000_000.0,
        // The same moment as text; a capture of this kind ends within a minute.
        text => {
            text.as_str().unwrap()["2023-11-14T22:13:".len()..].trim_end_matches('Z').parse::<f64>().unwrap() - 20.0
        }
    };
    let sent = match line["direction"].as_str().unwrap() {
        "send" => true,
        "receive" => false,
        other => panic!("{other}"),
    };
    let frame = HEXLOWER.decode(line["hex"].as_str().unwrap().as_bytes()).unwrap();
    Record { time: (seconds * 1000.0).round() as u64, sent, frame }
}

/// The names in `scenarios/` with this ending, without it.
fn scenarios(ending: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder().join("scenarios")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter_map(|name| name.strip_suffix(ending).map(str::to_owned)).collect();
    names.sort_unstable();
    names
}

#[test]
fn each_scenario_has_what_is_expected_of_it_and_a_report() {
    let captures = scenarios(".jsonl");
    assert!(captures.len() > 50, "{}", captures.len());
    assert_eq!((scenarios(".expected.json"), scenarios(".report.json")), (captures.clone(), captures));
}

#[test]
fn every_frame_is_read_and_written_back() {
    for (name, dictionary) in [("call.jsonl", Dictionary::V3), ("call-v2.jsonl", Dictionary::V2)] {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        let mut encoder = Encoder::new().with_dictionary(dictionary);
        let mut last = 0;
        let mut compressed = 0;
        for Record { time, frame, .. } in records(name) {
            assert!(time >= last, "{name}: time goes back to {time}");
            last = time;
            let node = decoder.decode_slice(&frame).unwrap().to_node();
            if frame[0] == 0 {
                assert_eq!(encoder.encode_slice(&node).unwrap(), frame, "{node}");
            } else {
                compressed += 1;
                let found = findings(&frame).unwrap();
                assert_eq!(found.iter().map(|finding| finding.kind).collect::<Vec<_>>(), [FindingKind::Compressed]);
            }
        }
        assert_eq!(compressed, usize::from(dictionary == Dictionary::V3));
    }
    assert_eq!((records("call.jsonl").len(), records("call-v2.jsonl").len()), (103, 10));
}

#[test]
fn the_streams_hold_the_frames_of_either_direction() {
    for (name, sent) in [("call.stream", true), ("call-receive.stream", false)] {
        let mut reader = FrameReader::new();
        reader.feed(&file(name));
        for record in records("call.jsonl").iter().filter(|record| record.sent == sent) {
            assert_eq!(reader.next_frame().unwrap().unwrap(), record.frame);
        }
        assert_eq!((reader.next_frame(), reader.finish()), (Ok(None), Ok(())), "{name}");
        let dictionary = reader.prologue().map(|prologue| prologue.dictionary());
        assert_eq!(dictionary, sent.then_some(Some(Dictionary::V3)), "{name}");
    }
}

/// Direction, id, `type`, `error` and the number of `<error>` children.
type Ack = (char, &'static str, Option<&'static str>, Option<u16>, usize);

/// Every call ack of the capture. Acks of receipts are not among them.
const CALL_ACKS: [Ack; 32] = [
    ('<', "OF-0001", None, None, 0),
    ('<', "41.17-2", Some("terminate"), None, 0),
    ('<', "OF-0002", None, None, 1),
    ('<', "41.17-3", Some("offer"), None, 0),
    ('>', "FEDCBA98765432100000000000A00002", Some("preaccept"), None, 0),
    ('<', "41.17-4", Some("relaylatency"), None, 0),
    ('>', "FEDCBA98765432100000000000A00003", None, None, 0),
    ('<', "41.17-5", Some("terminate"), None, 0),
    ('<', "41.17-6", Some("transport"), None, 0),
    ('>', "FEDCBA98765432100000000000A00006", Some("transport"), None, 0),
    ('<', "41.17-7", Some("heartbeat"), None, 0),
    ('<', "41.17-8", Some("mute_v2"), None, 0),
    ('>', "FEDCBA98765432100000000000A00007", None, None, 0),
    ('>', "FEDCBA98765432100000000000A00008", Some("video"), None, 0),
    ('<', "41.17-9", Some("video"), None, 0),
    ('>', "FEDCBA98765432100000000000A00009", Some("terminate"), None, 0),
    ('<', "41.17-11", Some("offer"), Some(403), 1),
    ('<', "41.17-12", Some("offer"), Some(463), 1),
    ('<', "41.17-13", Some("preaccept"), None, 0),
    ('<', "41.17-14", Some("accept"), None, 0),
    ('>', "FEDCBA98765432100000000000A0000B", None, None, 0),
    ('<', "41.17-15", Some("terminate"), None, 0),
    ('<', "41.17-16", Some("accept"), Some(500), 1),
    ('>', "FEDCBA98765432100000000000A0000D", Some("terminate"), None, 0),
    ('>', "FEDCBA98765432100000000000A0000E", Some("offer"), None, 0),
    ('<', "41.17-17", Some("reject"), None, 0),
    ('<', "41.17-18", Some("offer"), None, 1),
    ('>', "FEDCBA98765432100000000000A0000F", Some("group_update"), None, 0),
    ('<', "41.17-19", Some("terminate"), None, 0),
    ('<', "41.17-20", Some("accept"), None, 0),
    ('>', "FEDCBA98765432100000000000A00012", Some("terminate"), None, 0),
    ('<', "41.17-22", Some("terminate"), None, 0),
];

#[test]
fn the_call_acks_are_those_of_the_capture() {
    let mut expected = CALL_ACKS.iter();
    for Record { sent, frame, .. } in records("call.jsonl") {
        let node = decode(frame).unwrap();
        if let Ok(ack) = CallAckRef::try_from(&node) {
            let direction = if sent { '>' } else { '<' };
            let found = (direction, ack.id(), ack.kind().unwrap(), ack.error().unwrap(), ack.errors().count());
            assert_eq!(Some(&found), expected.next());
            // An ack names only one side, which shows who wrote it.
            assert_eq!((ack.from_jid().unwrap().is_some(), ack.to_jid().unwrap().is_some()), (!sent, sent), "{node}");
        }
    }
    assert_eq!(expected.next(), None);
}

#[test]
fn acks_answer_what_was_sent_before() {
    let mut ids = HashSet::new();
    for Record { sent, frame, .. } in records("call.jsonl") {
        let node = decode(frame).unwrap();
        let Ok(id) = node.get::<&str>("id") else { continue };
        match node.tag() {
            "ack" => assert!(ids.contains(&(!sent, id.to_owned())), "{node}"),
            _ => drop(ids.insert((sent, id.to_owned()))),
        }
    }
}

/// Decoding under the other dictionary causes no error. `call` and `receipt` have the same number in both dictionaries,
/// other tags differ.
#[test]
fn under_the_other_dictionary_it_is_another_text() {
    let read =
        |dictionary, frame: &[u8]| Decoder::new().with_dictionary(dictionary).decode_slice(frame).map(Node::from);
    for Record { frame, .. } in records("call-v2.jsonl") {
        let right = read(Dictionary::V2, &frame).unwrap();
        let wrong = read(Dictionary::V3, &frame).unwrap();
        assert_ne!(right, wrong);
        assert_eq!(right.tag() == wrong.tag(), matches!(right.tag(), "call" | "receipt"), "{right}");
        assert!(CallAckRef::try_from(&wrong).is_err());
    }
}

/// All numbers and ids are synthetic.
#[test]
fn nobody_is_in_the_captures() {
    for (name, dictionary) in [("call.jsonl", Dictionary::V3), ("call-v2.jsonl", Dictionary::V2)] {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        for Record { frame, .. } in records(name) {
            check_addresses(decoder.decode_slice(&frame).unwrap());
        }
    }
    for name in scenarios(".jsonl") {
        let text = String::from_utf8(file(&format!("scenarios/{name}.jsonl"))).unwrap();
        assert!(text.starts_with("# Synthetic"), "{name}");
        let lines = text.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        for frame in lines.filter_map(|line| HEXLOWER.decode(line["hex"].as_str()?.as_bytes()).ok()) {
            // Some frames are cut on purpose.
            if let Ok(node) = decode(frame) {
                check_addresses(node.as_ref());
            }
        }
    }
}

fn check_addresses(node: NodeRef<'_>) {
    for (name, value) in node.attrs() {
        if let Value::Jid(jid) = value {
            let start = match jid.server() {
                Server::Whatsapp | Server::Hosted => "1555000",
                Server::Lid | Server::HostedLid => "1000000",
                Server::Group => "1203630000000000",
                Server::Call => "0123456789ABCDEF",
                other => panic!("{name}: {other:?}"),
            };
            assert!(jid.user().is_none_or(|user| user.starts_with(start)), "{name}: {jid}");
        }
    }
    node.children().for_each(check_addresses);
}

#[test]
fn the_readme_lists_the_scenarios() {
    let readme = String::from_utf8(file("README.md")).unwrap();
    let scenarios = scenarios(".expected.json");
    for name in &scenarios {
        let content = file(&format!("scenarios/{name}.expected.json"));
        let expected: serde_json::Value = serde_json::from_slice(&content).unwrap();
        let line = format!("| `{name}` | {} |\n", expected["about"].as_str().unwrap());
        assert!(readme.contains(&line), "{line}");
    }
    assert_eq!(readme.matches("\n| `").count() - 4, scenarios.len(), "beside the four captures above");
}
