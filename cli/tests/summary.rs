//! What `summary` and `diff` print that no transcript shows.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tool::run;

#[test]
fn what_was_sent_points_to_a_client_and_what_was_received_does_not() {
    let ack = |names: &[&str]| {
        let attrs: Vec<String> = names.iter().map(|name| format!("[\"{name}\",\"1\"]")).collect();
        format!("\"node\":{{\"tag\":\"ack\",\"attrs\":[{}]}}", attrs.join(","))
    };
    let [baileys, cobalt, zapo] =
        [["id", "to", "class"], ["id", "class", "to"], ["class", "to", "id"]].map(|names| ack(&names));
    for (records, expected) in [
        (vec![&*baileys, &*baileys], "Baileys"),
        (vec![&*cobalt], "Cobalt"),
        (vec![&*baileys, &*cobalt, &*zapo], "whatsmeow"),
        // An empty list of children with a head, raw digits, an empty packed text.
        (vec!["\"hex\":\"00f8021bf800\""], "zapo"),
        (vec!["\"hex\":\"00f8031b08fc03313233\""], "Cobalt"),
        (vec!["\"hex\":\"00f8031b08ff00\""], "whatsmeow"),
        // An empty text as packed digits: no known client writes it so.
        (vec!["\"hex\":\"00f8031b08fb00\""], ""),
        (vec!["\"hex\":\"00f8011b\""], ""),
        (vec![&*format!("{cobalt},\"lost\":[\"value-types\"]")], "Cobalt"),
        (vec![&*format!("{cobalt},\"lost\":[\"attr-order\"]")], ""),
    ] {
        for (direction, expected) in [("send", expected), ("receive", "")] {
            let input: String =
                records.iter().map(|record| format!("{{\"direction\":\"{direction}\",{record}}}\n")).collect();
            let ran = run(&["summary", "--format", "json"], input);
            assert_eq!(ran.status, Some(0), "{}", ran.stderr);
            let summary: Value = serde_json::from_str(ran.text()).unwrap();
            assert_eq!(summary["clients"][0]["client"].as_str().unwrap_or(""), expected, "{records:?} {summary}");
        }
    }
}

/// Files with these texts.
fn files<const N: usize>(name: &str, texts: [String; N]) -> [String; N] {
    let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    let mut number = 0;
    texts.map(|text| {
        number += 1;
        let path = folder.join(number.to_string());
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    })
}

#[test]
fn each_file_has_clocks_of_its_own() {
    let line = |time: u32| format!("{{\"time\":{time},\"hex\":\"00f8011b\"}}\n");
    let [a, b] = files("summary", [5, 1000].map(|start| line(start) + &line(start + 7)));
    let ran = run(&["summary", "--format", "json", &a, &b], "");
    let summary: Value = serde_json::from_str(ran.text()).unwrap();
    let spans = summary["spans"].as_array().unwrap().iter();
    let spans: Vec<_> = spans.map(|span| (span["file"].as_u64(), span["seconds"].as_f64())).collect();
    assert_eq!(spans, [(Some(0), Some(7.0)), (Some(1), Some(7.0))], "{summary}");
}

#[test]
fn of_kinds_and_sources_500_are_counted_apart() {
    let record = |at| format!("{{\"source\":\"{at}\",\"node\":{{\"tag\":\"{at}\"}}}}\n");
    let ran = run(&["summary", "--format", "json"], (0..502).map(record).collect::<String>());
    let summary: Value = serde_json::from_str(ran.text()).unwrap();
    let sources = summary["sources"].as_object().unwrap();
    assert_eq!((sources.len(), &sources["(others)"]), (501, &2.into()));
    let kinds = summary["stanzas"].as_array().unwrap();
    assert_eq!((kinds.len(), &kinds[0]["tag"], &kinds[0]["count"]), (501, &"(others)".into(), &2.into()));
}

#[test]
fn children_that_differ_are_compared_in_their_order() {
    let tree = |jids: [u8; 3]| format!("<x>{}</x>", jids.map(|jid| format!("<a jid=\"{jid}\"/>")).concat());
    let [a, b] = files("diff", [tree([1, 2, 3]), tree([4, 5, 6])]);
    let ran = run(&["diff", "--format", "json", &a, &b], "");
    let found: Value = serde_json::from_str(ran.text()).unwrap();
    let changes = found["tree"].as_array().unwrap().iter();
    let changes: Vec<_> = changes.map(|it| (it["a"].as_str().unwrap(), it["b"].as_str().unwrap())).collect();
    assert_eq!(changes, [("\"1\"", "\"4\""), ("\"2\"", "\"5\""), ("\"3\"", "\"6\"")]);
}
