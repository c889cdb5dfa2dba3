//! Tracks the shipped capture with a tracker.

use std::time::Duration;

use data_encoding::HEXLOWER;
use wabinary::stanza::{AckSeverity, CallAckRef, ErrorCode};
use wabinary::{Node, decode};
use wabinary_calls::{Event, MatchedBy, Outcome, Timeouts, Tracker, ack_findings};

/// The time, whether the device sent it, and the stanza.
fn records() -> Vec<(Duration, bool, Node)> {
    let path = wabinary_testing::project().join("tests/data/captures/call.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let record = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let frame = HEXLOWER.decode(record["hex"].as_str().unwrap().as_bytes()).unwrap();
        let time = Duration::from_secs_f64(record["time"].as_f64().unwrap());
        (time, record["direction"] == "send", decode(frame).unwrap())
    };
    lines.map(record).collect()
}

#[test]
fn all_but_two_stanzas_are_answered_and_the_refusals_are_told() {
    let mut tracker = Tracker::new(Timeouts::default(), 256);
    let (mut answered, mut refused, mut by_server, mut slowest) = (0, Vec::new(), 0, Duration::ZERO);
    for (time, is_sent, node) in records() {
        let events = if is_sent { tracker.send(&node, time) } else { tracker.receive(&node, time) };
        for event in events {
            match event {
                Event::Answered(answer) => {
                    answered += 1;
                    by_server += u32::from(answer.matched_by == MatchedBy::BareServer);
                    slowest = slowest.max(answer.since_last_send);
                    if answer.verdict.outcome == Outcome::Refused {
                        let id = answer.stanza.get::<&str>("id").unwrap().to_owned();
                        refused.push((id, answer.verdict.code.unwrap(), answer.found_in.unwrap().name()));
                    }
                }
                Event::Unmatched(mismatch) => panic!("{mismatch:?}: {node}"),
                Event::Evicted(_) | Event::WithoutId(_) => panic!("{event:?}"),
                Event::Opened(_) | Event::Resent(_) | Event::Repeated(_) | Event::Delivered(_) => {}
            }
        }
    }
    let expected = [
        ("OF-0002", ErrorCode::ServiceUnavailable, "call"),
        ("41.17-11", ErrorCode::NotEnabled, "error"),
        ("41.17-12", ErrorCode::ReachOutLocked, "call"),
        ("41.17-16", ErrorCode::InternalError, "error"),
    ];
    assert_eq!(refused, expected.map(|(id, code, found_in)| (id.to_owned(), code.into(), found_in)));
    assert_eq!((answered, by_server), (37, 2));
    let waiting: Vec<_> =
        tracker.pending().map(|pending| pending.stanza.get::<&str>("id").unwrap().to_owned()).collect();
    assert_eq!(waiting, ["41.17-21", "41.17-23"]);
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
}

#[test]
fn the_acks_have_these_findings() {
    let mut found = Vec::new();
    for (_, _, node) in records() {
        let Ok(ack) = CallAckRef::try_from(&node) else { continue };
        let findings =
            ack_findings(ack.node(), None).into_iter().filter(|finding| finding.severity() > AckSeverity::Info);
        found.extend(findings.map(|finding| (ack.id().to_owned(), finding.rule().code())));
    }
    // The specification's example, and a group with a user who is not on WhatsApp.
    assert_eq!(found, [("OF-0002".to_owned(), "CA10"), ("41.17-18".to_owned(), "CA10")]);
}
