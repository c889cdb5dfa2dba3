//! What the authors of the scenario captures say is in them, against the library's rules: which ack or receipt answers which
//! call stanza, what became of it, which call is named by what, and the findings.
//!
//! Answers are looked for in the plainest way, everywhere in the capture. Sends and answers of one stanza are put together
//! by id, addresses, action and call.

use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde_json::Value as Json;
use wabinary::stanza::{CallAckRef, CallReceiptRef, CallStanzaRef, MatchedBy, Mismatch, Outcome, ack_findings};
use wabinary::{Node, decode};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/captures/scenarios")
}

/// The names of all scenarios.
fn names() -> Vec<String> {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = files.filter_map(|file| Some(file.strip_suffix(".jsonl")?.to_owned())).collect();
    names.sort();
    assert!(names.len() > 50, "{}", names.len());
    names
}

struct Record {
    direction: Option<String>,
    node: Node,
}

/// The records that can be read.
fn records(name: &str) -> Vec<Record> {
    let text = std::fs::read_to_string(folder().join(format!("{name}.jsonl"))).unwrap();
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
    let record = |line: Json| {
        let direction = line["direction"].as_str().filter(|direction| ["send", "receive"].contains(direction));
        let node = decode(HEXLOWER.decode(line["hex"].as_str()?.as_bytes()).ok()?).ok()?;
        Some(Record { direction: direction.map(str::to_owned), node })
    };
    lines.filter_map(record).collect()
}

fn expected(name: &str) -> Json {
    serde_json::from_str(&std::fs::read_to_string(folder().join(format!("{name}.expected.json"))).unwrap()).unwrap()
}

fn sorted(values: &Json) -> Vec<String> {
    let mut values: Vec<_> = values.as_array().unwrap().iter().map(Json::to_string).collect();
    values.sort();
    values
}

fn sorted_texts(values: Vec<Json>) -> Vec<String> {
    sorted(&Json::Array(values))
}

/// An ack or a receipt.
#[derive(Clone, Copy)]
enum Answer<'a> {
    Ack(CallAckRef<'a>),
    Receipt(CallReceiptRef<'a>),
}

impl<'a> Answer<'a> {
    fn of(node: &'a Node) -> Option<Self> {
        CallAckRef::try_from(node).map(Self::Ack).or_else(|_| CallReceiptRef::try_from(node).map(Self::Receipt)).ok()
    }

    fn answers(self, call: CallStanzaRef<'_>) -> Result<MatchedBy, Mismatch> {
        match self {
            Self::Ack(ack) => ack.answers(call),
            Self::Receipt(receipt) => receipt.answers(call),
        }
    }
}

/// The number of the record with the call stanza that an answer belongs to, and by what; or what does not fit.
fn answered(records: &[Record], answer: &Record) -> Result<(usize, MatchedBy), Mismatch> {
    let view = Answer::of(&answer.node).unwrap();
    let mut mismatch = Mismatch::Id;
    let mut found: Vec<_> = Vec::new();
    for (number, record) in records.iter().enumerate() {
        let Ok(call) = CallStanzaRef::try_from(&record.node) else { continue };
        match view.answers(call) {
            Ok(by) => found.push((by, number)),
            Err(Mismatch::Id) => {}
            Err(reason) => mismatch = reason,
        }
    }
    found.sort_unstable();
    found.first().map(|(by, number)| (*number, *by)).ok_or(mismatch)
}

fn is_same(one: CallStanzaRef<'_>, other: CallStanzaRef<'_>) -> bool {
    let node = |call: CallStanzaRef<'_>| {
        [call.node().attr("id"), call.node().attr("from"), call.node().attr("to")].map(|value| format!("{value:?}"))
    };
    node(one) == node(other) && one.action() == other.action() && one.call_id() == other.call_id() && one.id().is_some()
}

#[test]
fn what_became_of_each_stanza_is_what_its_author_says() {
    for name in names() {
        let expected = expected(&name);
        let records = records(&name);
        let calls: Vec<_> = records.iter().map(|record| CallStanzaRef::try_from(&record.node).ok()).collect();
        let mut found = Vec::new();
        for (number, call) in calls.iter().enumerate() {
            let Some(call) = *call else { continue };
            let same = |other: &usize| calls[*other].is_some_and(|other| is_same(call, other));
            if (0..number).any(|earlier| same(&earlier)) {
                continue;
            }
            let sends = if call.id().is_some() { (0..calls.len()).filter(same).count() } else { 1 };
            let mut acks = Vec::new();
            let mut receipts = Vec::new();
            for record in records.iter().filter(|record| Answer::of(&record.node).is_some()) {
                let Ok((answers, by)) = answered(&records, record) else { continue };
                // In `ids-used-again` two stanzas are alike but for their calls, and only their order tells.
                if name != "ids-used-again" && (answers == number || same(&answers)) {
                    match Answer::of(&record.node).unwrap() {
                        Answer::Ack(ack) => acks.push((ack, by)),
                        Answer::Receipt(receipt) => receipts.push((receipt, by)),
                    }
                }
            }
            let is_received = call.direction() == wabinary::stanza::Direction::FromServer;
            let (outcome, by, found_in) = match (acks.first(), receipts.first()) {
                (Some((ack, by)), _) => {
                    let outcome = match ack.outcome() {
                        Outcome::Refused(Some(code)) => format!("refused {code}"),
                        other => other.name().to_owned(),
                    };
                    (outcome, *by, ack.call(Some(call)).map_or("nowhere", |call| call.found_in.name()))
                }
                (None, Some((_, by))) if is_received => ("accepted".to_owned(), *by, "receipt"),
                _ => ("none".to_owned(), MatchedBy::Address, "call"),
            };
            let mut outcome = outcome;
            if by != MatchedBy::Address {
                outcome += &format!(", by {}", by.name());
            }
            match found_in {
                "call" => {}
                "nowhere" => outcome += ", call nowhere",
                place => outcome += &format!(", call in {place}"),
            }
            let stanza = format!("{} {}", call.id().unwrap_or("-"), call.action().map_or("-", |action| action.name()));
            found.push(serde_json::json!({
                "stanza": stanza, "outcome": outcome, "sent": sends, "acks": acks.len(), "receipts": receipts.len(),
            }));
        }
        if name == "ids-used-again" {
            assert_eq!(found.len(), expected["stanzas"].as_array().unwrap().len(), "{name}");
            continue;
        }
        // Whether something that is not answered still may be, only times tell.
        let without_times = |stanza: &Json| {
            let mut stanza = stanza.clone();
            if ["unanswered", "pending"].contains(&stanza["outcome"].as_str().unwrap()) {
                stanza["outcome"] = "none".into();
            }
            stanza
        };
        let stanzas = expected["stanzas"].as_array().unwrap().iter().map(without_times).collect();
        assert_eq!(sorted_texts(found), sorted_texts(stanzas), "{name}");
    }
}

#[test]
fn what_answers_nothing_is_what_its_author_says() {
    for name in names() {
        let records = records(&name);
        let mut found = Vec::new();
        for record in &records {
            let stanza = match Answer::of(&record.node) {
                Some(Answer::Ack(ack)) => format!("ack {}", ack.id()),
                Some(Answer::Receipt(receipt)) => format!("receipt {}", receipt.id()),
                None => continue,
            };
            if let Err(mismatch) = answered(&records, record) {
                found.push(serde_json::json!({ "stanza": stanza, "mismatch": mismatch.name() }));
            }
        }
        assert_eq!(sorted_texts(found), sorted(&expected(&name)["unmatched"]), "{name}");
    }
}

#[test]
fn the_findings_are_those_its_author_says() {
    for name in names() {
        let records = records(&name);
        let mut found = Vec::new();
        for record in records.iter().filter(|record| record.node.tag() == "ack") {
            // Acks of receipts are no call acks, and that is no finding.
            if record.node.get_opt::<&str>("class").unwrap() == Some("receipt") {
                continue;
            }
            let call = Answer::of(&record.node).and_then(|_| answered(&records, record).ok());
            let call = call.and_then(|(number, _)| CallStanzaRef::try_from(&records[number].node).ok());
            let findings: Vec<_> = ack_findings(&record.node, call).iter().map(ToString::to_string).collect();
            if !findings.is_empty() {
                let id = record.node.get_opt::<&str>("id").unwrap().unwrap_or("-");
                found.push(serde_json::json!({ "ack": id, "findings": findings }));
            }
        }
        assert_eq!(sorted_texts(found), sorted(&expected(&name)["findings"]), "{name}");
    }
}

#[test]
fn directions_are_those_of_the_addresses() {
    for name in names() {
        for Record { direction, node } in records(&name) {
            let Some(direction) = direction else { continue };
            let of_addresses = match node.tag() {
                "call" => CallStanzaRef::try_from(&node).unwrap().direction(),
                "ack" if CallAckRef::try_from(&node).is_ok() => CallAckRef::try_from(&node).unwrap().direction(),
                _ => continue,
            };
            let expected = if direction == "send" { "to-server" } else { "from-server" };
            assert_eq!(of_addresses.name(), expected, "{name}: {node}");
        }
    }
}
