//! XML and JSON as input.

use wabinary::{Node, XmlReader};

/// Any text: it reads or is refused at a place that it has; what reads is displayed and reads as the same tree. Several
/// roots read as each by itself.
pub fn xml(data: &[u8]) {
    for read in XmlReader::new(data).take(64) {
        match read.expect("a slice can be read") {
            Ok(node) => reads_back(&node),
            Err(error) => assert!(!error.to_string().is_empty() && !format!("{error:#}").is_empty()),
        }
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Node::from_xml(text) {
        Ok(node) => reads_back(&node),
        Err(error) => {
            let (line, column) = (error.place().line(), error.place().column());
            assert!(line >= 1 && column >= 1, "{error}");
            assert!(line <= 1 + text.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64, "{error}");
        }
    }
}

fn reads_back(node: &Node) {
    for text in [node.to_string(), format!("{node:#}")] {
        assert_eq!(Node::from_xml(&text).as_ref(), Ok(node), "{text}");
    }
}

/// Any bytes: what reads as a tree is written as JSON that reads as the same tree.
pub fn json(data: &[u8]) {
    let Ok(node) = serde_json::from_slice::<Node>(data) else { return };
    let written = serde_json::to_vec(&node).expect("a tree that was read is no deeper than one that is written");
    assert_eq!(serde_json::from_slice::<Node>(&written).expect("what was written reads"), node);
}
