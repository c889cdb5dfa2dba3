//! Each finding with its wording, and acks without findings.

use wabinary::stanza::{AckRule, AckSeverity, CallAck, ack_findings};
use wabinary::{Jid, Node, UnixSeconds, Value};

use wabinary_testing::made::{ALICE, CALL, ack_node, child, node, relay};

/// Code, severity and fixed wording of each rule.
const RULES: [(&str, AckSeverity, &str); 24] = [
    ("CA01", AckSeverity::Error, r#"not an ack: tag is "{tag}""#),
    ("CA02", AckSeverity::Error, r#"ack class is {class}, expected "call""#),
    ("CA03", AckSeverity::Error, "ack has no id; it cannot be matched to a call stanza"),
    ("CA04", AckSeverity::Warning, "ack has neither from nor to; direction unknown"),
    ("CA05", AckSeverity::Warning, r#"{name} is not a JID: "{value}""#),
    ("CA06", AckSeverity::Warning, r#"t is not a plausible epoch time in seconds: "{value}""#),
    ("CA07", AckSeverity::Warning, r#"{name} is not a number: "{value}""#),
    ("CA08", AckSeverity::Info, "unknown call error code {code}"),
    ("CA09", AckSeverity::Info, r#"unknown ack type "{value}""#),
    ("CA10", AckSeverity::Warning, "error child without error attribute (the specification's framing)"),
    ("CA11", AckSeverity::Warning, "error attribute {attribute} disagrees with <error code={code}>"),
    ("CA12", AckSeverity::Info, "{count} error entries; the specification allows one"),
    ("CA13", AckSeverity::Warning, "offer ack carries no relay; media cannot start"),
    ("CA14", AckSeverity::Warning, "children name different calls: {one}, {other}"),
    ("CA15", AckSeverity::Warning, "recipient looks copied from participant"),
    ("CA16", AckSeverity::Warning, "untyped ack of a video request; the peer is known to revert"),
    ("CA17", AckSeverity::Info, r#"kept unknown {kind} "{name}""#),
    ("CA18", AckSeverity::Warning, "ack has unexpected content of {count} bytes"),
    ("CA19", AckSeverity::Warning, r#"<{tag}> has error "{value}"; what that refuses is not known"#),
    ("CA20", AckSeverity::Warning, "{kind} names {named}, but the stanza is {action}"),
    ("CA21", AckSeverity::Warning, "ack leaves out the recipient; the server is known to end the stream over that"),
    ("CA22", AckSeverity::Info, "ack leaves out the participant {participant}"),
    ("CA23", AckSeverity::Warning, "the stanza came again {how}; the server does not seem to have this {kind}"),
    ("CA24", AckSeverity::Warning, "the server ended the stream and named this {kind}"),
];

#[test]
fn the_rules_are_these() {
    let rules: Vec<_> = AckRule::ALL.iter().map(|rule| (rule.code(), rule.severity(), rule.wording())).collect();
    assert_eq!(rules, RULES);
}

fn found(node: &Node) -> Vec<String> {
    let findings = ack_findings(node);
    let is_error = findings.iter().any(|finding| finding.severity() == AckSeverity::Error);
    assert_eq!(CallAck::try_from(node.clone()).is_err(), is_error, "{node}");
    for finding in &findings {
        assert_eq!(finding.to_string(), format!("{}: {}", finding.rule().code(), finding.message()));
    }
    findings.iter().map(ToString::to_string).collect()
}

#[track_caller]
fn finds(node: &Node, expected: &[&str]) {
    assert_eq!(found(node), expected, "{node}");
}

#[test]
fn the_examples_of_the_specification() {
    for from in [Value::Jid(Jid::SERVER.as_ref()), Value::Text("s.whatsapp.net")] {
        let first = CallAck::build("OF-0001").from_jid(from).t(UnixSeconds(1_700_000_000)).finish();
        finds(first.node(), &[]);
        let second = CallAck::build("OF-0002").from_jid(from).error_entry(503, "service unavailable").finish();
        finds(second.node(), &["CA10: error child without error attribute (the specification's framing)"]);
    }
}

#[test]
fn what_is_no_call_ack_is_told_and_nothing_else() {
    let of = |tag, attrs| node(tag, attrs, |_| {});
    finds(&of("receipt", &[("t", "x")]), &[r#"CA01: not an ack: tag is "receipt""#]);
    finds(&of("ack", &[("id", "A"), ("t", "x")]), &[r#"CA02: ack class is missing, expected "call""#]);
    finds(&of("ack", &[("id", "A"), ("class", "message")]), &[r#"CA02: ack class is message, expected "call""#]);
    let no_id = "CA03: ack has no id; it cannot be matched to a call stanza";
    finds(&of("ack", &[("class", "call")]), &[no_id]);
    finds(&of("ack", &[("class", "call"), ("id", "")]), &[no_id]);
    finds(&of("ack", &[("class", "")]), &[r#"CA02: ack class is , expected "call""#, no_id]);
}

#[test]
fn addresses() {
    finds(&ack_node(&[], |_| {}), &["CA04: ack has neither from nor to; direction unknown"]);
    let all = [("from", "a@b@c"), ("to", ""), ("participant", "@lid"), ("recipient", "1:x@lid")];
    let node = ack_node(&all, |ack| {
        child(ack, "group_info", &[("call-creator", ":1@lid")]);
        ack.child("user", |user| child(user, "device", &[("jid", "a@@")]));
    });
    finds(
        &node,
        &[
            r#"CA05: from is not a JID: "a@b@c""#,
            r#"CA05: to is not a JID: """#,
            r#"CA05: participant is not a JID: "@lid""#,
            r#"CA05: recipient is not a JID: "1:x@lid""#,
            r#"CA05: call-creator is not a JID: ":1@lid""#,
            r#"CA05: jid is not a JID: "a@@""#,
        ],
    );
}

#[test]
fn times() {
    let of = |t: &str| found(&ack_node(&[("from", ALICE), ("t", t)], |_| {}));
    for plausible in ["1230768000", "1700000000", "4133980799"] {
        assert_eq!(of(plausible), [""; 0], "{plausible}");
    }
    for implausible in ["1230767999", "4133980800", "1700000000000", "-1", "+1700000000", "1.7e9", "0x65", ""] {
        let expected = format!(r#"CA06: t is not a plausible epoch time in seconds: "{implausible}""#);
        assert_eq!(of(implausible), [expected], "{implausible}");
    }
}

#[test]
fn codes() {
    let of_ack = |code: &str| found(&ack_node(&[("from", ALICE), ("error", code)], |_| {}));
    for fine in ["", "0", "403", "439", "500"] {
        assert_eq!(of_ack(fine), [""; 0], "{fine}");
    }
    assert_eq!(of_ack("many"), [r#"CA07: error is not a number: "many""#]);
    for unknown in ["408", "429", "418", "70000", "-1"] {
        assert_eq!(of_ack(unknown), [format!("CA08: unknown call error code {unknown}")]);
    }
    let of_entry = ack_node(&[("from", ALICE), ("error", "500")], |ack| child(ack, "error", &[("code", "bad")]));
    finds(&of_entry, &[r#"CA07: code is not a number: "bad""#]);
}

#[test]
fn types() {
    let of = |kind: &str| found(&ack_node(&[("from", ALICE), ("type", kind)], |_| {}));
    assert_eq!(of("preaccept"), [""; 0]);
    assert_eq!(of("retry"), [r#"CA09: unknown ack type "retry""#]);
    // Control characters are escaped, and at most 64 characters are shown.
    let long = format!("\u{1b}[1m{}", "x".repeat(100));
    assert_eq!(of(&long), [format!(r#"CA09: unknown ack type "\u{{1b}}[1m{}…""#, "x".repeat(60))]);
}

#[test]
fn errors_beside_each_other() {
    let of = |attrs: &[(&str, &str)], entries: &[&[(&str, &str)]], has_relay: bool| {
        let attrs = [&[("from", ALICE), ("type", "accept")], attrs].concat();
        let node = ack_node(&attrs, |ack| {
            entries.iter().for_each(|attrs| child(ack, "error", attrs));
            if has_relay {
                relay(ack);
            }
        });
        found(&node)
    };
    let seed = "CA10: error child without error attribute (the specification's framing)";
    assert_eq!(of(&[], &[&[]], false), [seed]);
    assert_eq!(of(&[("error", "0")], &[&[("code", "503")]], false), [seed]);
    assert_eq!(of(&[("error", "434")], &[&[]], true), [""; 0]);
    let reverse = "CA10: error attribute without error child beside a usable relay";
    assert_eq!(of(&[("error", "434")], &[], true), [reverse]);
    assert_eq!(of(&[("error", "434")], &[], false), [""; 0]);
    assert_eq!(of(&[("error", "434")], &[&[("code", "434")]], false), [""; 0]);
    let disagrees = "CA11: error attribute 434 disagrees with <error code=404>";
    assert_eq!(of(&[("error", "434")], &[&[("code", "404")]], false), [disagrees]);
    assert_eq!(of(&[("error", "434")], &[&[], &[]], false), ["CA12: 2 error entries; the specification allows one"]);
    // A call cannot continue with a relay that only names the call.
    let refused = ack_node(&[("from", ALICE), ("type", "offer"), ("error", "403")], |ack| {
        child(ack, "relay", &[("call-id", CALL), ("call-creator", ALICE)]);
    });
    finds(&refused, &[]);
}

#[test]
fn offers_without_a_relay() {
    let missing = "CA13: offer ack carries no relay; media cannot start";
    let offer = [("from", ALICE), ("type", "offer")];
    finds(&ack_node(&offer, |_| {}), &[missing]);
    finds(&ack_node(&offer, relay), &[]);
    finds(&ack_node(&offer, |ack| child(ack, "group_info", &[])), &[]);
    finds(&ack_node(&[("from", ALICE), ("type", "offer"), ("error", "403")], |_| {}), &[]);
    finds(&ack_node(&[("to", ALICE), ("type", "offer")], |_| {}), &[]);
    finds(&ack_node(&[("from", ALICE), ("type", "accept")], |_| {}), &[]);
}

#[test]
fn calls_that_differ() {
    let names_two = ack_node(&[("from", ALICE), ("error", "403")], |ack| {
        child(ack, "error", &[("call-id", CALL)]);
        child(ack, "relay", &[("call-id", "C2")]);
        child(ack, "group_info", &[("call-id", "C3")]);
    });
    finds(&names_two, &[&format!("CA14: children name different calls: {CALL}, C2")]);
}

#[test]
fn unknown_parts_and_contents() {
    let node = ack_node(&[("from", ALICE), ("phash", "2:x"), ("call-id", CALL)], |ack| {
        child(ack, "applause", &[("token", "SECRET")]);
        child(ack, "rte", &[]);
    });
    finds(&node, &[r#"CA17: kept unknown attribute "phash""#, r#"CA17: kept unknown child "applause""#]);
    let with_content = |content: &[u8]| ack_node(&[("from", ALICE)], |ack| _ = ack.content(content));
    finds(&with_content(b"SECRET"), &["CA18: ack has unexpected content of 6 bytes"]);
    finds(&with_content(b""), &["CA18: ack has unexpected content of 0 bytes"]);
    finds(&ack_node(&[("from", ALICE)], |ack| _ = ack.empty_nodes()), &[]);
}
