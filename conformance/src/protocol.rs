//! What the kit and an adapter say to each other: one JSON object a line. `conformance/README.md` describes it.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wabinary::Dictionary;

use crate::tree::{Keeps, Tree};

/// The kit does not read JSON that is nested deeper. A level of a tree takes three of JSON; the deepest frames have some 400.
const DEEPEST: usize = 4_000;

/// What an adapter is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Who it is.
    Describe,
    /// Decode a frame.
    Decode {
        /// The version of the dictionary.
        dictionary: u8,
        /// The frame.
        frame: Vec<u8>,
    },
    /// Encode a tree.
    Encode {
        /// The version of the dictionary.
        dictionary: u8,
        /// The tree, as JSON.
        node: Json,
    },
}

impl Request {
    /// The line that asks this, under a number that the answer repeats.
    #[must_use]
    pub fn line(&self, id: u64) -> String {
        match self {
            Self::Describe => json!({ "id": id, "op": "describe" }),
            Self::Decode { dictionary, frame } => {
                json!({ "id": id, "op": "decode", "dictionary": dictionary, "hex": HEXLOWER.encode(frame) })
            }
            Self::Encode { dictionary, node } => {
                json!({ "id": id, "op": "encode", "dictionary": dictionary, "node": node })
            }
        }
        .to_string()
    }
}

/// What an adapter answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Who it is.
    Described(Description),
    /// A tree.
    Node(Tree),
    /// A frame.
    Frame(Vec<u8>),
    /// The codec refuses, and says why.
    Error(String),
    /// An object without a part that the request asks for; what is wrong with it.
    Broken(String),
}

/// Who an adapter is.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Description {
    /// The name of the codec.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The dictionaries that it knows.
    #[serde(default = "newest")]
    pub dictionaries: BTreeSet<u8>,
    /// What its trees keep apart; everything if it says nothing.
    #[serde(default)]
    pub keeps: Keeps,
    /// The requests that it can answer; all if it has no list.
    #[serde(default = "every_op")]
    pub ops: BTreeSet<Op>,
}

/// A request that a codec can answer.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Decode frames.
    Decode,
    /// Encode trees.
    Encode,
}

fn every_op() -> BTreeSet<Op> {
    BTreeSet::from([Op::Decode, Op::Encode])
}

impl Description {
    /// Reads the answer to `describe`.
    fn read(json: &Json) -> Result<Self, String> {
        let description = Self::deserialize(json).map_err(|error| error.to_string())?;
        let unknown = description.dictionaries.iter().find(|version| Dictionary::from_version(**version).is_none());
        match unknown {
            Some(version) => Err(format!("dictionaries: unknown {version}; expected some of 2, 3")),
            None if description.dictionaries.is_empty() => Err("dictionaries: none; expected some of 2, 3".to_owned()),
            None if description.ops.is_empty() => Err("ops: none; expected decode, encode or both".to_owned()),
            None => Ok(description),
        }
    }
}

fn newest() -> BTreeSet<u8> {
    BTreeSet::from([3])
}

/// Any answer: which parts there are depends on the request.
#[derive(Deserialize)]
struct Line {
    id: u64,
    node: Option<Json>,
    hex: Option<String>,
    error: Option<Json>,
}

/// Reads a line of an adapter as the answer to a request. `None` if it is not an answer to this one.
#[must_use]
pub fn read(line: &[u8], id: u64, request: &Request) -> Option<Answer> {
    let json: Json = parse(line)?;
    let parts = Line::deserialize(&json).ok().filter(|line| line.id == id)?;
    if let Some(error) = parts.error {
        return Some(Answer::Error(error.as_str().map_or_else(|| error.to_string(), str::to_owned)));
    }
    Some(match request {
        Request::Describe => match Description::read(&json) {
            Ok(description) => Answer::Described(description),
            Err(error) => Answer::Broken(error),
        },
        Request::Decode { .. } => match parts.node.map(Tree::deserialize) {
            Some(Ok(tree)) => Answer::Node(tree),
            Some(Err(error)) => Answer::Broken(format!("node: {error}")),
            None => Answer::Broken("neither node nor error".to_owned()),
        },
        Request::Encode { .. } => match parts.hex.map(|hex| HEXLOWER.decode(hex.to_lowercase().as_bytes())) {
            Some(Ok(frame)) => Answer::Frame(frame),
            Some(Err(error)) => Answer::Broken(format!("hex: {error}")),
            None => Answer::Broken("neither hex nor error".to_owned()),
        },
    })
}

/// Parses JSON that is not nested too deep to be read with a stack.
fn parse(line: &[u8]) -> Option<Json> {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in line {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    if deepest > DEEPEST {
        return None;
    }
    let mut reader = serde_json::Deserializer::from_slice(line);
    reader.disable_recursion_limit();
    let json = Json::deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_object_with_the_number_of_the_request_answers_it() {
        let request = Request::Decode { dictionary: 3, frame: vec![0] };
        let node = json!({ "tag": "ack", "attrs": [["id", null]], "content": { "bytes": "AQ==" } });
        let good = json!({ "id": 7, "node": node }).to_string();
        assert!(matches!(read(good.as_bytes(), 7, &request), Some(Answer::Node(tree)) if tree.tag == "ack"));
        let error = |line: &str| read(line.as_bytes(), 7, &request);
        assert_eq!(error(r#"{"id":7,"error":"no"}"#), Some(Answer::Error("no".to_owned())));
        assert!(matches!(error(r#"{"id":7}"#), Some(Answer::Broken(_))));
        assert!(matches!(error(r#"{"id":7,"node":[]}"#), Some(Answer::Broken(_))));
        let deep = format!("{{\"id\":7,\"node\":{}", "[".repeat(100_000));
        for junk in ["", "warning: x", "[7]", r#"{"id":6,"error":"late"}"#, r#"{"id":7,"error":"a"} b"#, &deep] {
            assert_eq!(error(junk), None, "{:.30}", junk);
        }
    }
}
