//! The clients that a summary guesses.

#[allow(dead_code, reason = "other tests use the rest")]
mod tool;

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
        (vec!["\"hex\":\"00f8011b\""], ""),
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
