//! Trees that no frame holds, or that this project refuses to write. A codec that refuses them conforms. One that answers with
//! a frame of another tree corrupts in silence.

use crate::tree::{Content, Tree, Value};

/// A tree that this project does not encode.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// What is wrong with it.
    pub why: &'static str,
    /// The row of GRAMMAR.md that tells who writes something else.
    pub row: Option<&'static str>,
    /// The tree in a report.
    pub shown: String,
    /// The tree.
    pub tree: Tree,
}

impl Refusal {
    /// Whether a frame can hold exactly this tree and breaks a rule of GRAMMAR.md. Other trees are in no frame, or only deeper
    /// than some decoders read: what reads like them is right.
    #[must_use]
    pub fn breaks_a_rule(&self) -> bool {
        matches!(self.why, "duplicate-key" | "empty-tag")
    }
}

/// What is wrong, the row, and the tree as JSON.
const SMALL: [(&str, Option<&str>, &str); 15] = [
    ("duplicate-key", Some("D11.1"), r#"{"tag":"ack","attrs":[["id","1"],["id","2"]]}"#),
    ("duplicate-key", Some("D11.1"), r#"{"tag":"ack","attrs":[["id","1"],["id","1"]]}"#),
    ("duplicate-key", Some("D11.1"), r#"{"tag":"ack","attrs":[["id",null],["t","1"],["id","1"]]}"#),
    (
        "duplicate-key",
        Some("D11.1"),
        r#"{"tag":"ack","content":{"nodes":[{"tag":"x","attrs":[["y","1"],["y","2"]]}]}}"#,
    ),
    ("empty-tag", Some("7.2 empty tag"), r#"{"tag":"ack","content":{"nodes":[{"tag":""}]}}"#),
    ("device", Some("6.3 u:256"), r#"{"tag":"x","attrs":[["to",{"jid":"1:256@s.whatsapp.net","form":"ad"}]]}"#),
    ("device", Some("6.3 u:256"), r#"{"tag":"x","attrs":[["to",{"jid":"1:256@lid","form":"ad"}]]}"#),
    ("device", Some("6.3 u:256"), r#"{"tag":"x","attrs":[["to",{"jid":"1:355@hosted","form":"ad"}]]}"#),
    ("device", Some("6.3 u:256"), r#"{"tag":"x","attrs":[["to",{"jid":"1:355@hosted.lid","form":"ad"}]]}"#),
    ("device", Some("6.3 u:256"), r#"{"tag":"x","content":{"jid":"1:256@lid","form":"ad"}}"#),
    ("domain", Some("6.3 : in a user"), r#"{"tag":"x","attrs":[["to",{"jid":"1:5@g.us","form":"ad"}]]}"#),
    ("domain", Some("6.3 : in a user"), r#"{"tag":"x","attrs":[["to",{"jid":"1:5@bot","form":"ad"}]]}"#),
    ("device", Some("6.3 msgr"), r#"{"tag":"x","attrs":[["to",{"jid":"1:65536@msgr","form":"fb"}]]}"#),
    ("device", Some("6.3 interop"), r#"{"tag":"x","content":{"jid":"7-1:65536@interop","form":"interop"}}"#),
    ("integrator", Some("6.3 interop"), r#"{"tag":"x","attrs":[["y",{"jid":"65536-1@interop","form":"interop"}]]}"#),
];

/// More than a head of a list can count.
const TOO_MANY: usize = 65_536;

/// More levels than decoders are known to take: 128.
const TOO_DEEP: usize = 129;

/// Each of them, the small ones first.
#[must_use]
pub fn refusals() -> Vec<Refusal> {
    let small = SMALL.iter().filter_map(|(why, row, json)| {
        let tree: Tree = serde_json::from_str(json).ok()?;
        Some(Refusal { why, row: *row, shown: tree.to_string(), tree })
    });
    let ack = |attrs, content| Tree { tag: "ack".to_owned(), attrs, content };
    let deep = (1..TOO_DEEP)
        .fold(ack(Vec::new(), None), |inner, _| ack(Vec::new(), Some(Content::Nodes { nodes: vec![inner] })));
    let names = (0..TOO_MANY / 2).map(|number| (format!("a{number}"), Value::Text("1".to_owned())));
    let children = vec![ack(Vec::new(), None); TOO_MANY];
    let large = [
        ("too-deep", "129 <ack> inside each other", deep),
        ("too-many-attributes", "<ack> with 32768 attributes", ack(names.collect(), None)),
        ("too-many-children", "<ack> with 65536 <ack/>", ack(Vec::new(), Some(Content::Nodes { nodes: children }))),
    ];
    let large = large.map(|(why, shown, tree)| Refusal { why, row: None, shown: shown.to_owned(), tree });
    small.chain(large).collect()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use wabinary::{Encoder, Node};

    use super::*;

    #[test]
    fn this_library_refuses_each() {
        assert_eq!(refusals().len(), SMALL.len() + 3);
        assert!(refusals().iter().any(|refusal| refusal.tree.attrs.len() == 32_768));
        assert!(refusals().iter().all(|refusal| refusal.shown.len() < crate::verdict::LONG));
        for refusal in refusals() {
            let node = Node::deserialize(serde_json::to_value(&refusal.tree).unwrap());
            let frame = node.ok().and_then(|node| Encoder::new().encode(&node).ok());
            assert_eq!(frame, None, "{}", refusal.shown);
        }
    }
}
