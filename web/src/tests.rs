//! What the page asks, on captures that are shipped, without a browser.

use serde_json::{Value, json};

use super::Session;

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data");

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{TESTS}/{name}")).unwrap()
}

fn parsed(answer: &str) -> Value {
    serde_json::from_str(answer).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

/// A session with files, and its summary.
fn given(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> (Session, Value) {
    let mut session = Session::new();
    session.start(0, false);
    files.into_iter().for_each(|(name, file)| session.take(&name, file));
    let summary = parsed(&session.read());
    (session, summary)
}

fn opened(files: &[&str]) -> (Session, Value) {
    given(files.iter().map(|name| (name.rsplit('/').next().unwrap().to_owned(), file(name))))
}

/// Whether a value has these parts, and texts in it have these texts in them.
fn has(value: &Value, parts: &Value) -> bool {
    match (value, parts) {
        (Value::Object(value), Value::Object(parts)) => {
            parts.iter().all(|(name, part)| value.get(name).is_some_and(|value| has(value, part)))
        }
        (Value::Array(values), Value::Array(parts)) => {
            values.len() == parts.len() && values.iter().zip(parts).all(|(value, part)| has(value, part))
        }
        (Value::String(value), Value::String(part)) if !part.is_empty() => value.contains(part.as_str()),
        _ => value == parts,
    }
}

#[track_caller]
fn assert_has(value: &Value, parts: Value) {
    assert!(has(value, &parts), "{value:#}\nexpected {parts:#}");
}

#[test]
fn files_have_summaries_rows_and_notes() {
    let cases = [
        (
            "captures/scenarios/accept-refused.jsonl",
            [7, 0, 1, 0],
            json!({"class": "offer", "direction": "received", "state": "good"}),
        ),
        ("captures/scenarios/broken-lines.jsonl", [7, 4, 0, 0], json!({"tag": "call", "class": "offer", "time": "0"})),
        ("hooks/websocket/recording.har", [36, 36, 0, 36], json!({"badge": "encrypted", "tag": "", "state": "failed"})),
        ("../../cli/tests/captures/no-frames.hex", [13, 10, 0, 1], json!({"direction": null, "time": null})),
        ("../../cli/tests/captures/client.log", [3, 0, 0, 0], json!({"tag": "ack", "class": "call"})),
        ("captures/call.jsonl", [103, 0, 5, 0], json!({"tag": "iq", "class": "get", "direction": "sent"})),
    ];
    for (name, [records, failed, refused, locked], row) in cases {
        let (session, summary) = opened(&[name]);
        let size = file(name).len();
        assert_has(
            &summary,
            json!({
                "records": records, "failed": failed, "refused": refused, "locked": locked,
                "files": [{"name": name.rsplit('/').next(), "size": size, "records": records}],
            }),
        );
        assert_has(&parsed(&session.rows(0, 1)), json!([row]));
    }
    let (session, summary) =
        opened(&["../../cli/tests/captures/bare-cut.bin", "captures/scenarios/accept-refused.jsonl"]);
    assert_has(
        &summary["files"],
        json!([
            {"records": 2, "start": null, "form": "stream", "notes": [{"text": "assuming frames with 24-bit lengths", "needs_person": false}]},
            {"records": 7, "start": "2023-11-14 22:13:20 UTC", "notes": []},
        ]),
    );
    assert_has(&parsed(&session.rows(8, 5)), json!([{"frame": 8, "tag": "ack", "badge": ""}]));
    // Told of the page's button, not of the tool's option.
    let (_, summary) = opened(&["hooks/websocket/recording.har"]);
    assert_has(&summary["files"][0]["notes"][1], json!({"text": "give the keys with the button Give keys, if"}));
}

#[test]
fn recordings_open_with_keys_and_the_files_that_they_name() {
    let keys = "hooks/websocket/keys.jsonl";
    let mut session = Session::new();
    assert_has(&parsed(&session.take_keys(b"{\"key\": \"0707\"}".to_vec())), json!({"error": "a key of 2 bytes"}));
    let count = parsed(&session.take_keys(file(keys)));
    assert!(count["keys"].as_u64() > Some(1), "{count}");
    let recording = "hooks/websocket/recording.har";
    for (forgets, locked) in [(false, 0), (true, 36)] {
        if forgets {
            session.forget_keys();
        }
        session.start(3, false);
        session.take("recording.har", file(recording));
        assert_has(&parsed(&session.read()), json!({"records": 36, "locked": locked}));
    }
    // The recording comes first, packed or not, and the files that it names are not captures.
    for name in ["recording.har", "recording.har.gz"] {
        let mut session = Session::new();
        session.take_keys(file("hooks/websocket/attached/keys.jsonl"));
        let folder = format!("{TESTS}/hooks/websocket/attached");
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        for own in names.iter().map(|name| name.to_str().unwrap()).filter(|name| *name != "keys.jsonl") {
            let taken = if own == "recording.har" { name } else { own };
            session.take(taken, file(&format!("hooks/websocket/attached/{own}")));
        }
        let summary = parsed(&session.read());
        assert_has(&summary, json!({"failed": 0, "files": [{"name": name}]}));
    }
    let (_, summary) = opened(&["hooks/websocket/attached/recording.har"]);
    assert!(summary.to_string().contains("give both at once"), "{summary}");
}

#[test]
fn records_are_filtered_and_found() {
    let (mut session, _) = opened(&["captures/scenarios/accept-refused.jsonl"]);
    for (filter, answer, place_of_3) in [
        (json!({}), json!({"count": 7}), 3),
        (json!({"tag": " call, ack,"}), json!({"count": 6}), 2),
        (json!({"exceptions": true}), json!({"count": 1}), 0),
        (json!({"direction": "send"}), json!({"count": 3}), 1),
        (json!({"frame": "1,3"}), json!({"count": 2}), 1),
        (json!({"id": "x"}), json!({"count": 0}), 0),
        (json!({"attr": "class=call"}), json!({"count": 2}), 0),
        (json!({"since": "2020-01-01"}), json!({"count": 7}), 3),
        (json!({"until": "2020-01-01"}), json!({"count": 0}), 0),
        (json!({"until": "2023-11-14"}), json!({"count": 7}), 3),
        (json!({"grep": "offer"}), json!({"count": 2}), 2),
        // A filter that cannot be read changes nothing.
        (json!({"direction": "x"}), json!({"field": "direction", "error": "expected send or receive"}), 2),
        (json!({"frame": "x"}), json!({"field": "frame", "error": "expected a number like 12"}), 2),
        (json!({"grep": "("}), json!({"field": "grep", "error": "not a regular expression: unclosed group"}), 2),
        (json!({"since": "x"}), json!({"field": "since", "error": "not a time"}), 2),
        (json!({"attr": "="}), json!({"field": "attr", "error": "the name is missing"}), 2),
    ] {
        assert_has(&parsed(&session.choose(&filter.to_string())), answer);
        assert_eq!(session.place(3), place_of_3, "{filter}");
    }
    let (mut session, _) = opened(&["captures/scenarios/broken-lines.jsonl"]);
    assert_has(&parsed(&session.choose("{\"exceptions\": true}")), json!({"count": 4}));
    assert_has(
        &parsed(&session.rows(0, 2)),
        json!([{"frame": 1, "badge": "json"}, {"frame": 2, "badge": "truncated"}]),
    );
    assert_eq!([1, 2, 3].map(|frame| session.place(frame)), [0, 1, 2]);
    assert_has(
        &parsed(&session.show(0)),
        json!({"picture": "4 | this is no record", "editable": false, "hex": null, "stanza": ""}),
    );
}

#[test]
fn a_record_is_explained_edited_reported_and_shared() {
    let (mut session, _) = opened(&["captures/scenarios/accept-refused.jsonl"]);
    let shown = json!({
        "id": "f6", "head": "&lt;", "facts": "bytes", "stanza": "class=\"stanza\"", "panes": "class=\"panes\"",
        "hex": "00f8", "code": null, "editable": true, "dictionary": 3, "lost": null, "place": null,
    });
    assert_has(&parsed(&session.show(6)), shown);
    assert_has(&parsed(&session.show(7)), json!({"error": "there is no such record"}));
    for (xml, answer) in [
        ("", json!({"error": "no stanza; expected one"})),
        ("<ack/><ack/>", json!({"error": "a second stanza; expected one"})),
        ("<ack", json!({"error": "tag that does not end", "picture": "1 | <ack"})),
        ("<ack id=\"1\"/>", json!({"hex": "00f8031b0855", "facts": "line 3", "editable": true, "warnings": []})),
    ] {
        assert_has(&parsed(&session.edit(0, xml)), answer);
    }
    assert_has(&parsed(&session.calls()), json!({"calls": 1, "left_out": 0, "html": "FEDCBA9876543210"}));
    assert_has(&parsed(&session.sanitize()), json!({"records": 7, "lines": "\"hex\":\"00f8091b156408", "residue": []}));
    session.choose("{}");
    let html = session.calls();
    assert!(!html.contains("in the capture"), "{html}");
    session.choose("{\"exceptions\": true}");
    assert_has(&parsed(&session.show(0)), json!({"code": "500", "head": "refused 500"}));
    session.choose("{\"tag\": \"receipt\"}");
    assert_has(&parsed(&session.calls()), json!({"calls": 1, "html": "1 stanza (of 3 in the capture) of 1 call"}));
    assert_has(&parsed(&session.sanitize()), json!({"records": 1}));
    let lines = parsed(&session.sanitize())["lines"].as_str().unwrap().lines().count();
    assert_eq!(lines, 1);
    // Bytes that cannot be read, a tree without bytes, and a message of a recording.
    for (name, place, parts) in [
        (
            "captures/scenarios/broken-lines.jsonl",
            2,
            json!({"hex": "00f8", "facts": "2 bytes", "told": "truncated", "panes": "panes"}),
        ),
        (
            "../../cli/tests/captures/client.log",
            0,
            json!({"hex": null, "told": "", "lost": "attr-order, value-types", "editable": true}),
        ),
        ("hooks/websocket/recording.har", 1, json!({"place": "entry 3, message 4", "told": "encrypted", "lost": null})),
        (
            "../../cli/tests/captures/interop-trees.jsonl",
            0,
            json!({"hex": "00f8031b11f5ff02123500050007", "lost": null}),
        ),
    ] {
        let (mut session, _) = opened(&[name]);
        assert_has(&parsed(&session.show(place)), parts);
    }
}

#[test]
fn what_no_capture_has_is_shown_too() {
    let call = "<call type=\"1\" id=\"1\" to=\"5@lid\"><offer call-id=\"A\" call-creator=\"6@lid\"/></call>";
    let tree = "{\"node\": {\"tag\": \"ack\"}, \"fidelity\": \"bytes\", \"lost\": [\"attr-order\"]}";
    let named = |files: &[(&str, &str)]| {
        given(files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect::<Vec<_>>()).0
    };
    assert_has(&parsed(&named(&[("a.xml", call)]).rows(0, 1)), json!([{"class": "offer"}]));
    assert_has(&parsed(&named(&[("a.jsonl", tree)]).show(0)), json!({"lost": "attr-order"}));
    // In several files an ack may be far before its stanza.
    let far = format!("<ack class=\"call\" id=\"1\" from=\"5@lid\" type=\"offer\"/>{}{call}", "<iq/>".repeat(70));
    for (files, result) in
        [(&[("a.xml", far.as_str())][..], "unanswered"), (&[("a.xml", &far), ("b.xml", "<iq/>")], "accepted")]
    {
        let html = format!("1 stanza of 1 call: 1 {result}");
        assert_has(&parsed(&named(files).calls()), json!({ "html": html }));
    }
}
