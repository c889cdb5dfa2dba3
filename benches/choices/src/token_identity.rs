//! Whether tokens stay numbers from decoding to encoding.

use wabinary::{Builder, Content, Decoder, Dictionary, Encoder, NewContent, Node, NodeRef, Value};

use crate::frames;
use crate::table::Table;
use crate::texts::read;
use crate::timing::{Effort, Work, work};

pub fn measure(effort: Effort) -> Table {
    let columns = ["decoded tree", "tree of another dictionary", "tree from `Node::build`"];
    let about = "Encoding the same stanza three times, to the same bytes. The words of a decoded tree say what is a token and \
                 what is packed. In a tree that was decoded with dictionary version 2 and is written with version 3, each \
                 text is looked up, and looked at whether it packs, as if no words said so. A built tree is looked through \
                 for names that are there twice. Time per frame.";
    let mut table = Table::new("Token numbers from decoding to encoding", about, &columns, effort).with_mean();
    for frames in frames::all() {
        let decode = |body: &Vec<u8>| wabinary::decode_body(body.clone()).expect("the corpus decodes");
        let decoded: Vec<Node> = frames.bodies.iter().map(decode).collect();
        let of_another: Vec<Node> = decoded.iter().map(with_another_dictionary).collect();
        let built: Vec<Node> = decoded.iter().map(|node| from_texts(node.as_ref())).collect();
        for trees in [&decoded, &of_another, &built] {
            for (tree, body) in trees.iter().zip(&frames.bodies) {
                assert_eq!(wabinary::encode(tree).expect("it encodes")[1..], body[..], "{}", frames.name);
            }
        }
        let contenders = [decoded, of_another, built].map(|trees| Some(encoder(trees)));
        table.row(frames.name, frames.bodies.len(), contenders.into());
    }
    table
}

fn with_another_dictionary(node: &Node) -> Node {
    let other = Dictionary::V2;
    let frame = Encoder::new().with_dictionary(other).encode(node).expect("it encodes");
    let mut decoder = Decoder::new().with_dictionary(other);
    decoder.decode(frame).expect("it decodes");
    decoder.take()
}

fn encoder(nodes: Vec<Node>) -> Work<'static> {
    let mut encoder = Encoder::new();
    work(move || nodes.iter().map(|node| read(encoder.encode_slice(node).unwrap_or(&[]))).sum())
}

/// The same tree without what decoding found out about its texts.
fn from_texts(node: NodeRef<'_>) -> Node {
    let mut builder = Node::build(node.tag());
    fill(&mut builder, node);
    builder.finish()
}

fn fill(builder: &mut Builder, node: NodeRef<'_>) {
    for (name, value) in node.attrs() {
        match value {
            Value::Text(text) => builder.attr(name, text),
            Value::Jid(jid) => builder.attr(name, jid),
            Value::Null => panic!("the corpus has no nulls"),
        };
    }
    match node.content() {
        Content::None => {}
        Content::Nodes(children) if children.len() == 0 => _ = builder.empty_nodes(),
        Content::Nodes(children) => {
            children.for_each(|child| _ = builder.child(child.tag(), |builder| fill(builder, child)));
        }
        Content::Bytes(bytes) => _ = builder.content(bytes),
        Content::Text(text) => _ = builder.content(NewContent::coded(text)),
        Content::Jid(jid) => _ = builder.content(jid),
    }
}
