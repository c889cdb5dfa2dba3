//! XML and JSON as input.

use std::hint::black_box;

use wabinary::{Decoder, Node};

use crate::{Bound, corpora, peak, vectors};

/// Trees of the vectors that decode.
fn trees() -> Vec<(String, Node)> {
    let decoded = |vector: vectors::Vector| {
        let node = Decoder::new().decode_slice(&vector.frame()).ok()?.to_node();
        Some((vector.name, node))
    };
    ["peer-encoded", "noncanonical"].into_iter().flat_map(vectors::read).filter_map(decoded).collect()
}

/// Names of one to three letters, all distinct.
fn short_names(count: usize) -> impl Iterator<Item = String> {
    let letters = || ('a'..='z').chain('A'..='Z');
    let one = letters().map(String::from);
    let two = letters().flat_map(move |a| letters().map(move |b| format!("{a}{b}")));
    let three = letters().flat_map(move |a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))));
    one.chain(two).chain(three).take(count)
}

/// Counts of elements at which vectors grow.
const COUNTS: [usize; 6] = [1, 100, 4_097, 30_000, 32_769, 200_000];

#[cfg(feature = "xml")]
mod xml {
    use std::io::{self, BufReader, Read};

    use wabinary::XmlReader;

    use super::*;

    fn stays_below(name: &str, xml: &[u8]) {
        let bound = Bound::of("`Node::from_xml`, and `XmlReader` of a root");
        if let Ok(text) = std::str::from_utf8(xml) {
            let peak = peak(|| drop(black_box(Node::from_xml(text))));
            bound.hold(xml.len(), peak, || format!("{name}, read as one"));
        }
        let peak = peak(|| XmlReader::new(xml).for_each(|read| drop(black_box(read.unwrap()))));
        bound.hold(xml.len(), peak, || format!("{name}, read one by one"));
    }

    #[test]
    fn trees_as_xml() {
        for (name, node) in trees() {
            stays_below(&name, node.to_string().as_bytes());
            stays_below(&name, format!("{node:#}").as_bytes());
        }
    }

    #[test]
    fn xml_that_takes_much() {
        for count in COUNTS {
            for (name, before, element, after) in [
                ("nodes", "<a>", "<b/>", "</a>"),
                ("nodes that end wrongly", "<a>", "<b/>", "</b>"),
                ("nodes without an end", "", "<a>", ""),
                ("roots", "", "<a/>", ""),
                ("comments", "<a>", "<!---->", "</a>"),
                ("references", "<a>", "&lt;", "</a>"),
                ("values of references", "<a b='", "&lt;", "'/>"),
                ("line breaks", "<a>b", "\r\n", "b</a>"),
                ("digits", "<a>{text}", "1", "</a>"),
                ("base64", "<a>{base64}", "AAAA", "</a>"),
                ("JIDs", "<a>", "<a a='{jid}a@b'/>", "</a>"),
                ("long name", "<", "b", "/>"),
                ("escapes in a name", "<a", "_x0020_", "/>"),
                ("text outside", "", "b", ""),
                ("brackets", "<![", "[", ""),
            ] {
                stays_below(&format!("{count} {name}"), [before, &element.repeat(count), after].concat().as_bytes());
            }
            let attributes: String = short_names(count).map(|name| format!(" {name}=''")).collect();
            stays_below(&format!("{count} attributes"), format!("<a{attributes}/>").as_bytes());
        }
        // Tags that make the path of the error as long as the text.
        let long = format!("<{}>", "b".repeat(10_000)).repeat(257);
        stays_below("long tags, too deep", long.as_bytes());
    }

    #[test]
    fn xml_that_was_fuzzed_with() {
        let inputs = corpora::corpus("xml");
        assert!(inputs.len() > 150, "{}", inputs.len());
        inputs.iter().chain(&corpora::regressions("xml")).for_each(|xml| stays_below(&xml.name, &xml.bytes));
    }

    #[test]
    fn a_root_without_an_end_is_held_up_to_64_mib_and_roots_behind_each_other_one_by_one() {
        let bound = Bound::of("`Node::from_xml`, and `XmlReader` of a root");
        let read = |input: &mut dyn Read| {
            let mut refused = 0;
            let peak = peak(|| {
                for read in XmlReader::new(BufReader::new(input)) {
                    refused += usize::from(read.unwrap().is_err());
                }
            });
            (refused, peak)
        };
        let (refused, peak) = read(&mut (&b"<a>"[..]).chain(io::repeat(b'b').take(200 << 20)));
        assert_eq!(refused, 1);
        bound.hold(64 << 20, peak, || "a root of 200 MiB".to_owned());
        // Only the text's part of the bound.
        assert!(peak < 260 << 20, "{peak}");
        let roots = "<a b='c'/>\n".repeat(500_000);
        let (refused, peak) = read(&mut roots.as_bytes());
        assert_eq!(refused, 0);
        bound.hold(11, peak, || "roots behind each other".to_owned());
    }
}

#[cfg(feature = "serde")]
mod json {
    use super::*;

    fn stays_below(name: &str, json: &[u8]) {
        let bound = Bound::of("a `Node` from JSON, of the text");
        let by_slice = peak(|| drop(black_box(serde_json::from_slice::<Node>(json))));
        bound.hold(json.len(), by_slice, || format!("{name}, of a slice"));
        let by_reader = peak(|| drop(black_box(serde_json::from_reader::<_, Node>(json))));
        bound.hold(json.len(), by_reader, || format!("{name}, of a reader"));
    }

    #[test]
    fn trees_as_json() {
        for (name, node) in trees() {
            let Ok(json) = serde_json::to_vec(&node) else { continue };
            stays_below(&name, &json);
        }
    }

    #[test]
    fn json_that_takes_much() {
        for count in COUNTS {
            for (name, before, element, after) in [
                ("nodes", r#"{"tag":"a","content":{"nodes":["#, r#"{"tag":"b"}"#, "]}}"),
                ("attributes", r#"{"tag":"a","attrs":["#, r#"["",""]"#, "]}"),
                ("nulls", r#"{"tag":"a","attrs":["#, r#"["",null]"#, "]}"),
                ("JIDs", r#"{"tag":"a","attrs":["#, r#"["",{"jid":"a@b"}]"#, "]}"),
                ("no nodes", r#"{"tag":"a","content":{"nodes":["#, "[]", "]}}"),
            ] {
                let elements = vec![element; count].join(",");
                stays_below(&format!("{count} {name}"), [before, &elements, after].concat().as_bytes());
                stays_below(&format!("{count} {name}, cut"), [before, &elements].concat().as_bytes());
            }
            for (name, before, element, after) in [
                ("letters", r#"{"tag":""#, "a", r#""}"#),
                ("escapes", r#"{"tag":""#, r"\n", r#""}"#),
                ("digits", r#"{"tag":"a","content":{"text":""#, "1", r#""}}"#),
                ("base64", r#"{"tag":"a","content":{"bytes":""#, "AAAA", r#""}}"#),
                ("a field", r#"{""#, "a", r#"":1}"#),
            ] {
                stays_below(&format!("{count} {name}"), [before, &element.repeat(count), after].concat().as_bytes());
            }
            let names: Vec<String> = short_names(count).map(|name| format!(r#"["{name}",""]"#)).collect();
            let json = format!(r#"{{"tag":"a","attrs":[{}]}}"#, names.join(","));
            stays_below(&format!("{count} distinct attributes"), json.as_bytes());
        }
        let nested = |levels: usize| r#"{"tag":"a","content":{"nodes":["#.repeat(levels);
        stays_below("levels", nested(100_000).as_bytes());
    }

    #[test]
    fn json_that_was_fuzzed_with() {
        let inputs = corpora::corpus("json");
        assert!(inputs.len() > 250, "{}", inputs.len());
        inputs.iter().for_each(|json| stays_below(&json.name, &json.bytes));
    }
}
