//! The adapter of `wacore-binary`.

use std::error::Error;
use std::io::{self, BufRead, Write};

use data_encoding::{BASE64, HEXLOWER};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use wacore_binary::jid::{Jid, JidRef, Server};
use wacore_binary::marshal::{marshal, unmarshal_ref};
use wacore_binary::node::{Attrs, Node, NodeContent, NodeContentRef, NodeRef, NodeValue, ValueRef};
use wacore_binary::util::unpack;

fn to_json(node: &NodeRef<'_>) -> Json {
    let attrs: Vec<Json> = node.attrs_iter().map(|(name, value)| json!([&**name, value_to_json(value)])).collect();
    let content = node.content.as_ref().map(|content| match content {
        NodeContentRef::Bytes(bytes) => json!({ "bytes": BASE64.encode(bytes) }),
        NodeContentRef::String(text) => json!({ "text": &**text }),
        NodeContentRef::Nodes(nodes) => json!({ "nodes": nodes.iter().map(to_json).collect::<Vec<_>>() }),
    });
    json!({ "tag": &*node.tag, "attrs": attrs, "content": content })
}

fn value_to_json(value: &ValueRef<'_>) -> Json {
    match value {
        ValueRef::String(text) => json!(&**text),
        // Its text of an interop address lacks the integrator, which its type has.
        ValueRef::Jid(JidRef { user, device, integrator: integrator @ 1.., server: Server::Interop, .. }) => {
            let device = if *device > 0 { format!(":{device}") } else { String::new() };
            json!({ "jid": format!("{integrator}-{}{device}@interop", &**user) })
        }
        ValueRef::Jid(jid) => json!({ "jid": jid.to_string() }),
    }
}

fn from_json(json: &Json) -> Result<Node, Box<dyn Error>> {
    let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
    let mut attrs = Attrs::new();
    for attribute in json["attrs"].as_array().into_iter().flatten() {
        let value = match &attribute[1] {
            Json::Null => return Err("a null value cannot be expressed".into()),
            Json::String(text) => NodeValue::String(text.into()),
            jid => NodeValue::Jid(jid_of(jid["jid"].as_str().unwrap_or_default())?),
        };
        attrs.push_value(text(&attribute[0]), value);
    }
    let content = &json["content"];
    let content = if let Some(nodes) = content["nodes"].as_array() {
        Some(NodeContent::Nodes(nodes.iter().map(from_json).collect::<Result<_, _>>()?))
    } else if let Some(bytes) = content["bytes"].as_str() {
        Some(NodeContent::Bytes(BASE64.decode(bytes.as_bytes())?))
    } else {
        content["text"].as_str().or(content["jid"].as_str()).map(|text| NodeContent::String(text.into()))
    };
    Ok(Node::new(text(&json["tag"]), attrs, content))
}

fn jid_of(text: &str) -> Result<Jid, Box<dyn Error>> {
    let mut jid: Jid = text.parse()?;
    if let (Server::Interop, Some((integrator, user))) = (jid.server, jid.user.clone().split_once('-')) {
        (jid.integrator, jid.user) = (integrator.parse()?, user.into());
    }
    Ok(jid)
}

fn answer(request: &Json) -> Result<Json, Box<dyn Error>> {
    Ok(match request["op"].as_str() {
        Some("describe") => json!({
            "name": "wacore-binary", "version": "0.7.0", "dictionaries": [3], "keeps": ["attr-order", "jid", "text-content"],
        }),
        Some("decode") => {
            let frame = HEXLOWER.decode(request["hex"].as_str().unwrap_or_default().as_bytes())?;
            json!({ "node": to_json(&unmarshal_ref(&unpack(&frame)?)?) })
        }
        _ => json!({ "hex": HEXLOWER.encode(&marshal(&from_json(&request["node"])?)?) }),
    })
}

fn main() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut reader = serde_json::Deserializer::from_str(&line);
        reader.disable_recursion_limit();
        let Ok(request) = Json::deserialize(&mut reader) else { continue };
        let mut answer = answer(&request).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        answer["id"] = request["id"].clone();
        writeln!(io::stdout(), "{answer}")?;
        io::stdout().flush()?;
    }
    Ok(())
}
