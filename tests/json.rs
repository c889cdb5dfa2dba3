//! The JSON form of trees (feature `serde`) is that of the vector files.

use serde_json::{Value as Json, json};
use wabinary::{Decoder, JidForm, JidRef, NewContent, Node, Value};

use wabinary_testing::vectors;

use vectors::{PEER_ENCODED, build, read};

/// Vectors of a depth that JSON readers accept by default, with their content written out.
fn is_usual(node: &Json) -> bool {
    let text = node.to_string();
    text.matches("\"nodes\"").count() < 40 && !text.contains("\"repeat")
}

#[test]
fn the_trees_of_the_vectors_read_and_write_as_they_stand() {
    for (file, dictionary) in PEER_ENCODED {
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        let mut compared = 0;
        for vector in read(file).into_iter().filter(|vector| is_usual(vector.node())) {
            let node = decoder.decode_slice(&vector.frame()).unwrap();
            assert_eq!(serde_json::to_value(node).unwrap(), *vector.node(), "{}", vector.name);
            let read: Node = serde_json::from_value(vector.node().clone()).unwrap();
            assert_eq!(read, node, "{}", vector.name);
            assert_eq!(read, build(vector.node()).unwrap(), "{}", vector.name);
            compared += 1;
        }
        assert!(compared > 110, "{compared} of {file}");
    }
}

#[test]
fn fields_stand_in_order_and_may_come_in_any() {
    let node = Node::build("ack").attr("id", "1").attr("x", Value::Null).child("a", |_| {}).finish();
    let text =
        r#"{"tag":"ack","attrs":[["id","1"],["x",null]],"content":{"nodes":[{"tag":"a","attrs":[],"content":null}]}}"#;
    assert_eq!(serde_json::to_string(&node).unwrap(), text);
    let shuffled = r#"{"content":{"nodes":[{"tag":"a"}]},"attrs":[["id","1"],["x",null]],"tag":"ack"}"#;
    assert_eq!(serde_json::from_str::<Node>(shuffled).unwrap(), node);
}

#[test]
fn the_wire_form_of_a_jid_is_written_where_its_text_does_not_say_it() {
    let ad = JidRef::parse("12@lid").and_then(|jid| jid.with_form(JidForm::Ad)).unwrap();
    let empty = JidRef::SERVER.with_form(JidForm::PairEmpty).unwrap();
    let literal = JidRef::parse_as("12:5@lid", JidForm::Pair).unwrap();
    let zero = JidRef::parse_as("12:0@lid", JidForm::Pair).unwrap();
    let server = JidRef::parse("unknown.example").unwrap();
    let domain = JidRef::parse_as("12:5@ad:2", JidForm::AdDomain(2)).unwrap();
    let node = Node::build("a")
        .attr("ad", ad)
        .attr("empty", empty)
        .attr("literal", literal)
        .attr("zero", zero)
        .attr("server", server)
        .content(domain)
        .finish();
    let expected = json!({
        "tag": "a",
        "attrs": [
            ["ad", { "jid": "12@lid", "form": "ad" }],
            ["empty", { "jid": "s.whatsapp.net", "form": "pair-empty" }],
            ["literal", { "jid": "12:5@lid", "form": "pair" }],
            ["zero", { "jid": "12:0@lid", "form": "pair" }],
            ["server", { "jid": "unknown.example", "form": "pair" }],
        ],
        "content": { "jid": "12:5@ad:2", "form": "ad:2" },
    });
    assert_eq!(serde_json::to_value(&node).unwrap(), expected);
    // In text, the number of entries is known in advance.
    let text = serde_json::to_string(&node).unwrap();
    assert_eq!(serde_json::from_str::<Json>(&text).ok().as_ref(), Some(&expected), "{text}");
    assert_eq!(serde_json::from_value::<Node>(expected).unwrap(), node);
}

#[test]
fn contents_of_every_kind_read_back() {
    for (node, content) in [
        (Node::build("a").finish(), json!(null)),
        (Node::build("a").empty_nodes().finish(), json!({ "nodes": [] })),
        (Node::build("a").bytes(vec![0xff, 0]).finish(), json!({ "bytes": "/wA=" })),
        (Node::build("a").bytes("").finish(), json!({ "bytes": "" })),
        (Node::build("a").content(NewContent::coded("type")).finish(), json!({ "text": "type" })),
        (Node::build("a").content(JidRef::SERVER).finish(), json!({ "jid": "s.whatsapp.net" })),
    ] {
        let expected = json!({ "tag": "a", "attrs": [], "content": content });
        assert_eq!(serde_json::to_value(&node).unwrap(), expected);
        let text = serde_json::to_string(&node).unwrap();
        assert_eq!(serde_json::from_str::<Json>(&text).ok().as_ref(), Some(&expected), "{text}");
        assert_eq!(serde_json::from_value::<Node>(expected).unwrap(), node);
    }
}

#[test]
fn json_that_is_no_tree_is_refused() {
    for text in [
        "null",
        "[]",
        "{}",
        r#"{"attrs":[]}"#,
        r#"{"tag":1}"#,
        r#"{"tag":"a","tag":"a"}"#,
        r#"{"tag":"a","colour":"red"}"#,
        r#"{"tag":"a","attrs":{"id":"1"}}"#,
        r#"{"tag":"a","attrs":[["id"]]}"#,
        r#"{"tag":"a","attrs":[["id","1","2"]]}"#,
        r#"{"tag":"a","attrs":[["id",1]]}"#,
        r#"{"tag":"a","attrs":[["id",true]]}"#,
        r#"{"tag":"a","attrs":[["id",{"jid":"x@"}]]}"#,
        r#"{"tag":"a","attrs":[["id",{"jid":"15550001111"}]]}"#,
        r#"{"tag":"a","attrs":[["id",{"jid":"@s.whatsapp.net"}]]}"#,
        r#"{"tag":"a","attrs":[["id",{"jid":"12@g.us","form":"ad"}]]}"#,
        r#"{"tag":"a","attrs":[["id",{"jid":"12@lid","form":"AD"}]]}"#,
        r#"{"tag":"a","attrs":[["id",{"form":"ad"}]]}"#,
        r#"{"tag":"a","attrs":[["id",{"jid":"12@lid","jid":"12@lid"}]]}"#,
        r#"{"tag":"a","content":"text"}"#,
        r#"{"tag":"a","content":{}}"#,
        r#"{"tag":"a","content":{"bytes":"/wA"}}"#,
        r#"{"tag":"a","content":{"bytes":"_wA="}}"#,
        r#"{"tag":"a","content":{"text":"a","bytes":""}}"#,
        r#"{"tag":"a","content":{"nodes":{}}}"#,
        r#"{"tag":"a","content":{"nodes":[null]}}"#,
    ] {
        assert!(serde_json::from_str::<Node>(text).is_err(), "{text}");
    }
    // The message has what was expected.
    for (text, expected) in [
        ("5", "expected a node"),
        (r#"{"tag":"a","attrs":5}"#, "expected a list of pairs of name and value"),
        (r#"{"tag":"a","attrs":[["id",5]]}"#, "expected a text, {\"jid\": ..} or null"),
        (r#"{"tag":"a","content":{"nodes":5}}"#, "expected a list of nodes"),
        (r#"{"tag":"a","content":{"jid":"15550001111"}}"#, "has no @ and names no known server"),
        (r#"{"tag":"a","content":5}"#, "expected null, {\"nodes\": [..]}, {\"bytes\": base64}, {\"text\": ..}"),
    ] {
        let error = serde_json::from_str::<Node>(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn trees_deeper_than_256_nodes_are_refused_in_both_directions() {
    let nested = |depth: usize| {
        let (open, close) = (r#"{"tag":"a","attrs":[],"content":{"nodes":["#, "]}}");
        let leaf = r#"{"tag":"a","attrs":[],"content":null}"#;
        format!("{}{leaf}{}", open.repeat(depth - 1), close.repeat(depth - 1))
    };
    let read = |text: &str| {
        let mut reader = serde_json::Deserializer::from_str(text);
        reader.disable_recursion_limit();
        reader.into_iter::<Node>().next().unwrap()
    };
    let deepest = read(&nested(256)).unwrap();
    assert_eq!(serde_json::to_string(&deepest).unwrap(), nested(256));
    assert!(read(&nested(257)).unwrap_err().to_string().starts_with("more than 256 nested nodes"));
    let deeper = Node::build("a").append(deepest).finish();
    assert!(serde_json::to_string(&deeper).unwrap_err().to_string().starts_with("more than 256 nested nodes"));
}

#[test]
fn errors_name_what_would_accept() {
    let error = serde_json::to_value(wabinary::encode(&wabinary::Node::build("").finish()).unwrap_err()).unwrap();
    assert_eq!((&error["kind"], &error["allow"]), (&"empty-tag".into(), &"empty-tag".into()));
    assert_eq!(error.get("index_path"), None);
}
