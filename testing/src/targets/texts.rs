//! XML and JSON as input.

use arbitrary::{Result, Unstructured};
use wabinary::generate::{self, Extras};
use wabinary::{NewContent, Node, Printable, XmlReader};

/// A text reads, or is refused at a place inside it. A tree that reads obeys the [laws](xml_laws) of XML. Several roots
/// read like each one alone.
pub fn xml(data: &[u8]) {
    for read in XmlReader::new(data).take(64) {
        match read.expect("a slice can be read") {
            Ok(node) => xml_laws(&node),
            Err(error) => assert!(!error.to_string().is_empty() && !format!("{error:#}").is_empty()),
        }
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Node::from_xml(text) {
        Ok(node) => xml_laws(&node),
        Err(error) => {
            let (line, column) = (error.place().line(), error.place().column());
            assert!(line >= 1 && column >= 1, "{error}");
            assert!(line <= 1 + text.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u64, "{error}");
        }
    }
}

/// The laws of XML, for any tree: its XML, on one line or indented, reads as the same tree without a warning, and
/// contains no control characters.
pub fn xml_laws(node: &Node) {
    for text in [node.to_string(), format!("{node:#}")] {
        let mut roots = XmlReader::new(text.as_bytes());
        let read = roots.next().expect("a root").expect("a slice can be read");
        assert_eq!(read.as_ref(), Ok(node), "{text}");
        assert_eq!(roots.warnings(), [], "{text}");
        assert!(text.lines().all(|line| Printable::new(line).shows_as_it_is()), "{text:?}");
        assert!(roots.next().is_none(), "{text}");
    }
}

/// Any tree, and one with texts that a reader could misread: both obey the [laws](xml_laws) of XML.
pub fn xml_tree(u: &mut Unstructured<'_>) -> Result<()> {
    let (value, content) = (odd_text(u)?, odd_text(u)?);
    let odd = Node::build(if u.arbitrary()? { "enc" } else { "query" });
    odd.attr("id", &*content).attr("to", &*value);
    odd.content(if u.ratio(1, 4)? { NewContent::coded(&*content) } else { content.as_bytes().into() });
    xml_laws(&odd.finish());
    xml_laws(&generate::tree(u, Extras { duplicate_keys: true, undefined_domains: true })?);
    Ok(())
}

fn odd_text(u: &mut Unstructured<'_>) -> Result<String> {
    const PIECES: [&str; 22] = [
        "{",
        "}",
        "utf8",
        "text",
        "\"",
        "]]>",
        "&",
        "<!--",
        "@",
        ":256",
        "12",
        "s.whatsapp.net",
        "0a1b2c3d4e5f6071",
        "ff",
        " ",
        "\r\n",
        "\t",
        "\u{9b}",
        "\u{202e}",
        "\u{200d}",
        "é",
        "\0",
    ];
    (0..u.int_in_range(0..=5)?).map(|_| u.choose(&PIECES).copied()).collect()
}

/// Any bytes: a tree that reads is written as JSON that reads as the same tree.
pub fn json(data: &[u8]) {
    let Ok(node) = serde_json::from_slice::<Node>(data) else { return };
    let written = serde_json::to_vec(&node).expect("a tree that was read is no deeper than one that is written");
    assert_eq!(serde_json::from_slice::<Node>(&written).expect("what was written reads"), node);
}
