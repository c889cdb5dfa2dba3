//! The frames with their trees, for codecs in other programs.

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wabinary::{Content, NodeRef, Value, decode_body};

use crate::case::Subject;

/// Name, bodies and trees of each subject.
pub fn frames(subjects: &[Subject]) -> Json {
    let subject = |subject: &Subject| {
        let bodies = subject.bodies();
        let tree = |body: &&'static [u8]| tree(decode_body(*body).expect("it decodes").as_ref());
        json!({
            "name": subject.name,
            "bodies": bodies.iter().map(|body| BASE64.encode(body)).collect::<Json>(),
            "trees": bodies.iter().map(tree).collect::<Json>(),
        })
    };
    subjects.iter().map(subject).collect()
}

/// A tree in the form of other codecs: addresses as text, content as bytes.
fn tree(node: NodeRef<'_>) -> Json {
    let text = |value: Value<'_>| match value {
        Value::Text(text) => text.to_owned(),
        Value::Jid(jid) => jid.to_string(),
        Value::Null => String::new(),
    };
    let content = match node.content() {
        Content::None => Json::Null,
        Content::Nodes(children) => children.map(tree).collect(),
        Content::Bytes(bytes) => BASE64.encode(bytes).into(),
        Content::Text(text) => BASE64.encode(text.as_bytes()).into(),
        Content::Jid(jid) => BASE64.encode(jid.to_string().as_bytes()).into(),
    };
    let attributes = node.attrs().map(|(name, value)| (name.to_owned(), text(value).into()));
    json!({ "tag": node.tag(), "attrs": Json::Object(attributes.collect()), "content": content })
}

/// The output of the npm script.
#[derive(Deserialize)]
pub struct Npm {
    /// The version of node.
    pub node: String,
    pub peers: Vec<NpmPeer>,
}

#[derive(Deserialize)]
pub struct NpmPeer {
    pub name: String,
    pub version: String,
    pub frames: Vec<NpmFrame>,
}

#[derive(Deserialize)]
pub struct NpmFrame {
    pub frame: String,
    /// Nanoseconds for a frame; absent if the decoded tree is not the expected one.
    pub decode: Option<f64>,
    pub encode: Option<f64>,
    /// Whether encoding returned the bytes of the frame.
    pub same_bytes: bool,
}
