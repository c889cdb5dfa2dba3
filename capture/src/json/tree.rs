//! Trees in other programs' JSON: `BinaryNode` of JavaScript clients, `Node` of Go programs, recorders.

use data_encoding::BASE64;
use wabinary::{Jid, JidForm, JidRef};

use super::ordered::Json;
use crate::bytes_text;
use crate::draft::{Attr, DEEPEST, Draft, Told};

/// The meaning of a text in the place of content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texts {
    /// A text.
    Text,
    /// Bytes if it is canonical base64, as written by Go.
    MaybeBase64,
}

/// Reads a tree. The error has what was expected.
pub(crate) fn read(json: &Json, texts: Texts) -> Result<Draft, String> {
    node(json, texts, 1)
}

/// Whether a value can be a node.
pub(crate) fn is_node(json: &Json) -> bool {
    json.first(&["tag", "Tag"]).is_some()
}

fn node(json: &Json, texts: Texts, depth: usize) -> Result<Draft, String> {
    if depth > DEEPEST {
        return Err(format!("expected at most {DEEPEST} nested nodes"));
    }
    let Some(Json::Text(tag)) = json.first(&["tag", "Tag"]) else {
        return Err("expected a node: an object with tag, attrs and content".to_owned());
    };
    let at = |problem: String| format!("{problem}, in {tag}");
    let attrs = json.first(&["attrs", "Attrs", "attributes"]).map_or(Ok(Vec::new()), attrs).map_err(at)?;
    let told = json.first(&["content", "Content", "children"]);
    let content = told.map_or(Ok(Told::Nothing), |told| content(told, texts, depth)).map_err(at)?;
    Ok(Draft { tag: tag.clone(), attrs, content })
}

/// Attributes: an object, or a list of pairs.
pub(crate) fn attrs(json: &Json) -> Result<Vec<(String, Attr)>, String> {
    match json {
        Json::Null => Ok(Vec::new()),
        Json::Object(members) => members.iter().map(|(name, value)| Ok((name.clone(), attr(value)?))).collect(),
        Json::List(pairs) => {
            let pairs = pairs.iter().map(|pair| match pair {
                Json::List(pair) => match &**pair {
                    [Json::Text(name), value] => Ok((name.clone(), attr(value)?)),
                    _ => Err("expected a pair of name and value".to_owned()),
                },
                _ => Err("expected a pair of name and value".to_owned()),
            });
            pairs.collect()
        }
        Json::LeftOut => Err("the console left the attributes out: print them with depth".to_owned()),
        _ => Err("expected attributes: an object, or a list of pairs".to_owned()),
    }
}

fn attr(json: &Json) -> Result<Attr, String> {
    match json {
        Json::Null => Ok(Attr::Null),
        Json::Text(text) | Json::Number(text) => Ok(Attr::Text(text.clone())),
        Json::Bool(value) => Ok(Attr::Text(value.to_string())),
        Json::Object(_) => jid(json)
            .map(|jid| Attr::Jid(Box::new(jid)))
            .ok_or_else(|| "expected an attribute: a text, {\"jid\": ..} or null".to_owned()),
        _ => Err("expected an attribute: a text, {\"jid\": ..} or null".to_owned()),
    }
}

/// An address as an object: our form, or user and server.
fn jid(json: &Json) -> Option<Jid> {
    let text = |name: &str| match json.get(name)? {
        Json::Text(text) | Json::Number(text) => Some(text.as_str()),
        _ => None,
    };
    if let Some(jid) = text("jid").or_else(|| text("_serialized")) {
        let form = text("form").map(str::parse::<JidForm>);
        return match form {
            Some(form) => JidRef::parse_as(jid, form.ok()?).ok().map(Jid::from),
            None => JidRef::parse(jid).ok().map(Jid::from),
        };
    }
    let server = text("server").or_else(|| text("Server"))?;
    let device = text("device").or_else(|| text("Device")).filter(|device| *device != "0");
    let address = match (text("user").or_else(|| text("User")).filter(|user| !user.is_empty()), device) {
        (Some(user), Some(device)) => format!("{user}:{device}@{server}"),
        (Some(user), None) => format!("{user}@{server}"),
        (None, _) => server.to_owned(),
    };
    address.parse().ok()
}

fn content(json: &Json, texts: Texts, depth: usize) -> Result<Told, String> {
    match json {
        Json::Null => Ok(Told::Nothing),
        Json::LeftOut => Ok(Told::Missing(None)),
        Json::Bytes(bytes) => Ok(Told::Bytes(bytes.clone())),
        Json::Text(text) => Ok(self::text(text, texts)),
        Json::Number(number) => Ok(Told::Text(number.clone())),
        Json::List(values) if matches!(values.first(), Some(Json::Number(_))) => {
            bytes(json).map(Told::Bytes).ok_or_else(|| "expected numbers from -128 to 255".to_owned())
        }
        Json::List(values) if matches!(values.first(), Some(Json::LeftOut)) => Ok(Told::Missing(None)),
        Json::List(values) => nodes(values, texts, depth),
        Json::Object(_) => object(json, texts, depth),
        Json::Bool(_) => Err("expected content: nodes, bytes or a text".to_owned()),
    }
}

fn nodes(values: &[Json], texts: Texts, depth: usize) -> Result<Told, String> {
    values.iter().map(|value| node(value, texts, depth + 1)).collect::<Result<_, _>>().map(Told::Nodes)
}

fn object(json: &Json, texts: Texts, depth: usize) -> Result<Told, String> {
    if is_node(json) {
        return Ok(Told::Nodes(vec![node(json, texts, depth + 1)?]));
    }
    match (json.get("nodes"), json.get("missing"), json.get("text")) {
        (Some(Json::List(values)), ..) => return nodes(values, texts, depth),
        (_, Some(Json::Null), _) => return Ok(Told::Missing(None)),
        (_, Some(Json::Number(size)), _) => {
            return size.parse().map(|size| Told::Missing(Some(size))).map_err(|_| "expected a size".to_owned());
        }
        (.., Some(Json::Text(text))) => return Ok(Told::Text(text.clone())),
        _ => {}
    }
    if let Some(jid) = json.get("jid").and_then(|_| jid(json)) {
        return Ok(Told::Jid(Box::new(jid)));
    }
    bytes(json).map(Told::Bytes).ok_or_else(|| "expected content: nodes, bytes or a text".to_owned())
}

/// Bytes as JSON: a list of numbers, `{"type": "Buffer", "data": ..}`, `{"0": 1, ..}`, `{"$binary": {"hex": ..}}`.
pub(crate) fn bytes(json: &Json) -> Option<Vec<u8>> {
    let byte = |json: &Json| match json {
        Json::Number(number) => {
            let number: i16 = number.parse().ok()?;
            u8::try_from(number).or_else(|_| i8::try_from(number).map(i8::cast_unsigned)).ok()
        }
        _ => None,
    };
    match json {
        Json::Bytes(bytes) => Some(bytes.clone()),
        Json::List(numbers) => numbers.iter().map(byte).collect(),
        Json::Object(members) => {
            let text = |read: fn(&[u8]) -> Option<Vec<u8>>, name: &str| match json.get(name)? {
                Json::Text(text) => read(text.as_bytes()),
                list @ (Json::List(_) | Json::Object(_)) => bytes(list),
                _ => None,
            };
            let base64 = |text: &[u8]| bytes_text::base64(text).ok();
            let hex = |text: &[u8]| bytes_text::hex(text).ok();
            let inner = json.first(&["$binary", "$bytes", "binary"]);
            let is_indexed = members.iter().enumerate().all(|(at, (name, _))| name.parse() == Ok(at));
            inner
                .and_then(bytes)
                .or_else(|| text(hex, "hex"))
                .or_else(|| text(base64, "base64"))
                .or_else(|| text(base64, "bytes"))
                .or_else(|| text(base64, "data"))
                .or_else(|| is_indexed.then(|| members.iter().map(|(_, value)| byte(value)).collect()).flatten())
        }
        _ => None,
    }
}

fn text(text: &str, texts: Texts) -> Told {
    let decoded = (texts == Texts::MaybeBase64 && !text.is_empty()).then(|| BASE64.decode(text.as_bytes()).ok());
    decoded.flatten().map_or_else(|| Told::Text(text.to_owned()), Told::Bytes)
}
