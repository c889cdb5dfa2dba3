//! The specification as data agrees with the specification, and so does the documentation.

use std::fs;
use std::path::Path;

use wabinary::stanza::{AckRule, AttributeSpec, CallAck, CallAction, Confidence, ErrorCode, Source};

/// Name, type, required, confidence, observed.
type Row = (&'static str, &'static str, bool, Confidence, &'static [&'static str]);

const PROBABLE: Confidence = Confidence::Probable;
const SPECULATIVE: Confidence = Confidence::Speculative;

fn rows(attributes: &[AttributeSpec]) -> Vec<Row> {
    let row = |it: &AttributeSpec| (it.name, it.value_type, it.required, it.confidence, it.observed);
    attributes.iter().map(row).collect()
}

#[test]
fn the_page_says_this() {
    let spec = CallAck::SPEC;
    assert_eq!((spec.title, spec.tag), ("Call Acknowledgement / Receipt", "ack"));
    assert_eq!((spec.category, spec.status, spec.version), ("signaling", "draft", "0.1.0"));
    assert_eq!((spec.directions, spec.references), (&["outgoing", "incoming"][..], &[][..]));
    let attributes: [Row; 6] = [
        ("id", "string", true, PROBABLE, &[]),
        ("class", "string", true, PROBABLE, &["call"]),
        ("from", "jid", false, PROBABLE, &["s.whatsapp.net"]),
        ("to", "jid", false, SPECULATIVE, &[]),
        ("type", "string", false, SPECULATIVE, &[]),
        ("t", "timestamp", false, SPECULATIVE, &[]),
    ];
    assert_eq!(rows(spec.attributes), attributes);
    let [error] = spec.children else { panic!("one child") };
    assert_eq!((error.tag, error.min, error.max, error.confidence), ("error", 0, Some(1), SPECULATIVE));
    let attributes: [Row; 2] =
        [("code", "int", false, SPECULATIVE, &["404", "503"]), ("text", "string", false, SPECULATIVE, &[])];
    assert_eq!(rows(error.attributes), attributes);
    for attribute in spec.attributes.iter().chain(error.attributes) {
        assert_eq!((attribute.techniques, attribute.sources), (&["websocket-capture"][..], &[][..]));
    }
    let examples: Vec<_> = spec.examples.iter().map(|it| (it.xml, it.synthetic, it.sanitized)).collect();
    let first = r#"<ack id="OF-0001" class="call" from="s.whatsapp.net" t="1700000000"/>"#;
    let second = concat!(
        r#"<ack id="OF-0002" class="call" from="s.whatsapp.net">"#,
        "\n  ",
        r#"<error code="503" text="service unavailable"/>"#,
        "\n</ack>"
    );
    assert_eq!(examples, [(first, true, true), (second, true, true)]);
    assert!(spec.examples[0].remark.is_none() && spec.examples[1].remark.unwrap().contains("unconfirmed"));
    // The remark says that the framing is unconfirmed. The notes say that clients send again after a timeout, and that
    // the tag is not `call`.
    assert!(spec.notes.len() == 2 && spec.notes[0].contains("timeout") && spec.notes[1].contains("`ack`, not `call`"));
    let questions: Vec<_> = spec.open_questions.iter().map(|it| it.question).collect();
    assert_eq!(questions.len(), 4);
    for (question, about) in questions.iter().zip(["only the server", "beside the offer", "`<error>`", "receipt"]) {
        assert!(question.contains(about), "{question}");
    }
    assert!(spec.open_questions.iter().all(|it| !it.state.is_empty() && it.sources.is_sorted()));
}

#[test]
fn the_examples_are_what_the_library_writes() {
    use wabinary::{Jid, UnixSeconds};
    let first = CallAck::build("OF-0001").from_jid(Jid::SERVER).t(UnixSeconds(1_700_000_000)).finish();
    let second = CallAck::build("OF-0002").from_jid(Jid::SERVER).error_entry(503, "service unavailable").finish();
    for (ack, example) in [first, second].iter().zip(CallAck::SPEC.examples) {
        assert_eq!(format!("{:#}", ack.node()), example.xml);
    }
}

#[test]
fn what_else_is_known_is_in_it() {
    let spec = CallAck::SPEC;
    let further: Vec<_> = spec.further_attributes.iter().map(|it| it.name).collect();
    assert_eq!(further, ["participant", "recipient", "error"]);
    assert!(spec.further_attributes.iter().all(|it| it.techniques.is_empty() && !it.sources.is_empty()));
    assert!(spec.further_children.iter().all(|it| !it.sources.is_empty() && it.sources.is_sorted()));
    assert!(spec.further_children.iter().all(|it| !it.sources.contains(&Source::Specification)));
    assert_eq!((spec.actions, spec.codes, spec.findings), (CallAction::KNOWN, ErrorCode::KNOWN, AckRule::ALL));
}

/// The documentation of a method, as one text.
fn documentation(file: &str, method: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/stanza").join(file);
    let source = fs::read_to_string(path).unwrap();
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.starts_with(&format!("pub fn {method}("))).unwrap();
    let before = lines[..at].iter().rev().take_while(|line| line.starts_with("///") || line.starts_with("#["));
    let mut docs: Vec<_> = before.filter_map(|line| line.strip_prefix("///")).map(str::trim).collect();
    docs.reverse();
    docs.join(" ")
}

#[test]
fn the_documentation_of_each_field_says_the_same() {
    let spec = CallAck::SPEC;
    let of_ack = spec.attributes.iter().map(|attribute| ("call_ack.rs", attribute));
    let of_error = spec.children[0].attributes.iter().map(|attribute| ("call_ack/entry.rs", attribute));
    for (file, attribute) in of_ack.chain(of_error) {
        let getter = match attribute.name {
            "type" => "kind",
            "from" => "from_jid",
            "to" => "to_jid",
            name => name,
        };
        let docs = documentation(file, getter);
        let required = if attribute.required { "yes" } else { "no" };
        let confidence = attribute.confidence.name();
        let observed: Vec<_> = attribute.observed.iter().map(|value| format!("`{value}`")).collect();
        let observed = if observed.is_empty() { String::new() } else { format!(" Observed: {}.", observed.join(", ")) };
        let facts = format!("Required: {required}. Confidence: {confidence}.{observed} Provenance: websocket capture.");
        assert!(docs.contains(&facts), "{}: {docs}", attribute.name);
    }
    let errors = documentation("call_ack.rs", "errors");
    assert!(errors.contains("Occurrence: 0 to 1. Confidence: speculative"), "{errors}");
}

#[cfg(feature = "serde")]
#[test]
fn the_json_has_all_of_it() {
    let json = serde_json::to_value(CallAck::SPEC).unwrap();
    assert_eq!(json["attributes"][1]["observed"], serde_json::json!(["call"]));
    assert_eq!(json["children"][0]["attributes"][0]["type"], "int");
    assert_eq!(json["codes"].as_array().unwrap().len(), ErrorCode::KNOWN.len());
    assert_eq!(json["actions"].as_array().unwrap().len(), CallAction::KNOWN.len());
    let rule = serde_json::json!({
        "code": "CA12", "severity": "info", "when": "more than one `<error>`",
        "wording": "{count} error entries; the specification allows one",
    });
    assert_eq!(json["findings"][11], rule);
    assert_eq!(json["open_questions"][1]["sources"], serde_json::json!(["whatsapp-web"]));
}
