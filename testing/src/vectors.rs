//! The vector files of `tests/data/vectors`, and the trees in their JSON.
//!
//! Trees are built and compared part by part, without the crate's own JSON reader: the two could be wrong together.

use std::fs;

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value as Json, json};
use wabinary::explain::{Finding, Severity};
use wabinary::{Builder, Content, Dictionary, JidError, JidRef, NewContent, Node, NodeRef, Value};

/// The files of frames that other encoders wrote, with the dictionary of each.
pub const PEER_ENCODED: [(&str, Dictionary); 2] =
    [("peer-encoded", Dictionary::V3), ("v2-peer-encoded", Dictionary::V2)];

/// A line of a vector file.
pub struct Vector {
    pub name: String,
    pub json: Json,
}

impl Vector {
    /// The bytes of the field `hex`.
    pub fn frame(&self) -> Vec<u8> {
        hex(text(&self.json["hex"]))
    }

    /// The tree of the field `node`.
    pub fn node(&self) -> &Json {
        &self.json["node"]
    }
}

/// All lines of a vector file.
pub fn read(file: &str) -> Vec<Vector> {
    let path = crate::project().join(format!("tests/data/vectors/{file}.jsonl"));
    let content = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let vector = |line: &str| {
        // Some trees have 128 levels, each of which is three levels of JSON.
        let mut reader = serde_json::Deserializer::from_str(line);
        reader.disable_recursion_limit();
        let json: Json = reader.into_iter().next().expect("no line is empty").expect("every line is JSON");
        Vector { name: text(&json["name"]).to_owned(), json }
    };
    content.lines().map(vector).collect()
}

/// The bytes of lower-case hex digits.
pub fn hex(digits: &str) -> Vec<u8> {
    HEXLOWER.decode(digits.as_bytes()).unwrap_or_else(|error| panic!("{digits}: {error}"))
}

/// A JSON string.
pub fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_else(|| panic!("not a string: {json}"))
}

/// Builds the tree of a node's JSON. Some vectors have JID texts that are wrong on purpose.
pub fn build(json: &Json) -> Result<Node, JidError> {
    let builder = Node::build(text(&json["tag"]));
    fill(&builder, json)?;
    Ok(builder.finish())
}

fn fill(node: &Builder, json: &Json) -> Result<(), JidError> {
    for attribute in json["attrs"].as_array().expect("attrs is a list") {
        let name = text(&attribute[0]);
        match &attribute[1] {
            Json::Null => node.attr(name, Value::Null),
            Json::String(value) => node.attr(name, value),
            jid => node.attr(name, JidRef::parse(text(&jid["jid"]))?),
        };
    }
    let Some((kind, content)) = content_of(json) else { return Ok(()) };
    match kind {
        "bytes" => node.bytes(BASE64.decode(text(content).as_bytes()).expect("base64")),
        "repeat" => node.bytes(repeated_bytes(content)),
        "text" => node.content(NewContent::coded(text(content))),
        "jid" => node.content(JidRef::parse(text(content))?),
        _ => {
            node.empty_nodes();
            for child in children_of(kind, content) {
                let mut result = Ok(());
                node.child(text(&child["tag"]), |node| result = fill(node, child));
                result?;
            }
            node
        }
    };
    Ok(())
}

/// Compares a tree with a node's JSON, one tag, attribute and content after the other.
///
/// The JSON has no wire forms of JIDs, so JIDs are compared by address.
pub fn assert_stands_for(node: NodeRef<'_>, json: &Json, place: &str) {
    assert_eq!(node.tag(), text(&json["tag"]), "{place}: tag");
    let place = format!("{place} > {}", node.tag());
    let expected = json["attrs"].as_array().expect("attrs is a list");
    for (at, ((name, value), expected)) in node.attrs().zip(expected).enumerate() {
        assert_eq!(json!([name, value_json(value)]), *expected, "{place}: attribute {at}");
    }
    assert_eq!(node.attrs().len(), expected.len(), "{place}: number of attributes");

    let content = node.content();
    match (content_of(json), content) {
        (None, Content::None) => {}
        (Some(("bytes", expected)), Content::Bytes(bytes)) => {
            assert_eq!(BASE64.encode(bytes), text(expected), "{place}: bytes");
        }
        (Some(("repeat", expected)), Content::Bytes(bytes)) => {
            assert!(bytes == repeated_bytes(expected), "{place}: bytes differ from {expected}");
        }
        (Some(("text", expected)), Content::Text(found)) => assert_eq!(found, text(expected), "{place}: text"),
        (Some(("jid", expected)), Content::Jid(jid)) => assert_eq!(jid.to_string(), text(expected), "{place}: JID"),
        (Some((kind @ ("nodes" | "repeat_nodes"), expected)), Content::Nodes(children)) => {
            let expected = children_of(kind, expected);
            assert_eq!(children.len(), expected.len(), "{place}: number of children");
            children.zip(expected).for_each(|(child, expected)| assert_stands_for(child, expected, &place));
        }
        (expected, found) => panic!("{place}: content is {found:?}, expected {expected:?}"),
    }
}

fn value_json(value: Value<'_>) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Jid(jid) => json!({ "jid": jid.to_string() }),
        Value::Null => Json::Null,
    }
}

/// Kind and value of a node's content.
fn content_of(json: &Json) -> Option<(&str, &Json)> {
    let content = json["content"].as_object()?;
    assert_eq!(content.len(), 1, "content has one kind");
    content.iter().next().map(|(kind, content)| (kind.as_str(), content))
}

fn children_of<'a>(kind: &str, content: &'a Json) -> Vec<&'a Json> {
    match kind {
        "nodes" => content.as_array().expect("nodes is a list").iter().collect(),
        "repeat_nodes" => vec![&content["node"]; count(content)],
        other => panic!("content of kind {other}"),
    }
}

fn repeated_bytes(content: &Json) -> Vec<u8> {
    let byte = content["byte"].as_u64().and_then(|byte| byte.try_into().ok());
    vec![byte.expect("a byte"); count(content)]
}

fn count(content: &Json) -> usize {
    content["count"].as_u64().expect("a count") as usize
}

/// A plain frame after each part with a rewritten finding is replaced by its canonical bytes.
pub fn with_findings_applied(frame: &[u8], findings: &[Finding]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    for finding in findings.iter().filter(|finding| finding.kind.severity() == Severity::Rewritten) {
        out.extend_from_slice(&frame[at..finding.start]);
        out.extend_from_slice(&finding.canonical);
        at = finding.end;
    }
    out.extend_from_slice(&frame[at..]);
    out
}
