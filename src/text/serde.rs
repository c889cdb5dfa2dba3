//! The JSON form of trees (feature `serde`).
//!
//! A node is `{"tag": "ack", "attrs": [["id", "1"], ["from", {"jid": "s.whatsapp.net"}], ["x", null]], "content": null}`.
//! Content is `null`, `{"nodes": [..]}`, `{"bytes": "<base64>"}`, `{"text": ".."}` or `{"jid": ".."}`. A JID whose wire
//! form does not follow from its text carries it: `{"jid": "15550001111@s.whatsapp.net", "form": "ad"}`; so does a server
//! without a user that is not known: `{"jid": "example.net", "form": "pair"}`.

use std::borrow::Cow;
use std::fmt;

use data_encoding::BASE64;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, SerializeMap, SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

use super::base64::write_base64;
use super::{DEEPEST, TOO_DEEP};
use crate::jid::{Jid, JidForm, JidRef, Server};
use crate::node::{Attrs, Builder, Children, Content, NewContent, NewValue, Node, NodeRef, Value};

/// In the JSON form that docs/formats.md describes.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().serialize(serializer)
    }
}

/// In the JSON form that docs/formats.md describes.
impl Serialize for NodeRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        At { part: *self, depth: 1 }.serialize(serializer)
    }
}

/// A part of a tree, with its depth; the root has depth 1.
struct At<T> {
    part: T,
    depth: usize,
}

impl Serialize for At<NodeRef<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { part: node, depth } = *self;
        if depth > DEEPEST {
            return Err(S::Error::custom(TOO_DEEP));
        }
        let mut fields = serializer.serialize_struct("Node", 3)?;
        fields.serialize_field("tag", node.tag())?;
        fields.serialize_field("attrs", &At { part: node.attrs(), depth })?;
        fields.serialize_field("content", &At { part: node.content(), depth })?;
        fields.end()
    }
}

impl Serialize for At<Attrs<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.part.clone())
    }
}

impl Serialize for At<Content<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.part.clone() {
            Content::None => serializer.serialize_none(),
            Content::Nodes(part) => serializer.collect_map([("nodes", At { part, depth: self.depth })]),
            Content::Bytes(bytes) => serializer.collect_map([("bytes", Base64(bytes))]),
            Content::Text(text) => serializer.collect_map([("text", text)]),
            Content::Jid(jid) => InTree(jid).serialize(serializer),
        }
    }
}

impl Serialize for At<Children<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.part.clone().map(|part| At { part, depth: self.depth + 1 }))
    }
}

struct Base64<'a>(&'a [u8]);

impl fmt::Display for Base64<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_base64(f, self.0)
    }
}

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A text, `{"jid": ..}`, or null.
impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Jid(jid) => InTree(*jid).serialize(serializer),
            Value::Null => serializer.serialize_none(),
        }
    }
}

/// `{"jid": ..}`, with `"form"` if the text alone would be read as another form.
struct InTree<'a>(JidRef<'a>);

impl Serialize for InTree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let jid = self.0;
        // A server that is not known is not read without its form.
        let is_unknown_server = jid.user.is_none() && matches!(jid.server, Server::Other(_));
        let form = jid.form_beside_text().or_else(|| is_unknown_server.then(|| jid.form()));
        let mut map = serializer.serialize_map(Some(1 + usize::from(form.is_some())))?;
        map.serialize_entry("jid", &format_args!("{}", jid.wire_text()))?;
        if let Some(form) = form {
            map.serialize_entry("form", &format_args!("{form}"))?;
        }
        map.end()
    }
}

/// From the JSON form that docs/formats.md describes.
impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut builder = Node::build("");
        NodeSeed { builder: &mut builder, depth: 1 }.deserialize(deserializer)?;
        Ok(builder.finish())
    }
}

/// Reads a node: at depth 1 into the root of a builder, deeper as a child of the open node.
struct NodeSeed<'b> {
    builder: &'b Builder,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.depth > DEEPEST {
            return Err(de::Error::custom(TOO_DEEP));
        }
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a node: an object with tag, attrs and content")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let Self { builder, depth } = self;
        if depth == 1 {
            return read_node(builder, depth, map);
        }
        let mut result = Ok(());
        builder.child("", |child| result = read_node(child, depth, map));
        result
    }
}

/// Reads tag, attributes and content, in any order, into the open node.
fn read_node<'de, A: MapAccess<'de>>(builder: &Builder, depth: usize, mut map: A) -> Result<(), A::Error> {
    let mut seen = [false; 3];
    while let Some(key) = map.next_key::<Cow<'_, str>>()? {
        const FIELDS: [&str; 3] = ["tag", "attrs", "content"];
        let fields = FIELDS.iter().zip(&mut seen).enumerate();
        let Some((field, (name, was_seen))) = fields.into_iter().find(|(_, (name, _))| **name == key) else {
            return Err(de::Error::unknown_field(&key, &FIELDS));
        };
        if std::mem::replace(was_seen, true) {
            return Err(de::Error::duplicate_field(name));
        }
        match field {
            0 => {
                builder.retag(&map.next_value::<Cow<'_, str>>()?);
            }
            1 => map.next_value_seed(AttrsSeed(builder))?,
            _ => map.next_value_seed(ContentSeed { builder, depth })?,
        }
    }
    if seen[0] { Ok(()) } else { Err(de::Error::missing_field("tag")) }
}

struct AttrsSeed<'b>(&'b Builder);

impl<'de> DeserializeSeed<'de> for AttrsSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for AttrsSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of pairs of name and value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some((name, AttrValue(value))) = list.next_element::<(Cow<'_, str>, AttrValue)>()? {
            self.0.attr(&name, value);
        }
        Ok(())
    }
}

struct AttrValue(NewValue<'static>);

impl<'de> Deserialize<'de> for AttrValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AttrValueVisitor).map(Self)
    }
}

struct AttrValueVisitor;

impl<'de> Visitor<'de> for AttrValueVisitor {
    type Value = NewValue<'static>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, {\"jid\": ..} or null")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.to_owned().into())
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null.into())
    }

    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        self.visit_unit()
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Ok(read_jid(None, map)?.into())
    }
}

/// Usually a user whose server was forgotten.
const UNKNOWN_SERVER: &str = "jid that has no @ and names no known server (write user@server, or add \"form\": \"pair\" for \
                              another server)";

/// Reads the rest of `{"jid": .., "form": ..}`. `first` is a key that was already read.
fn read_jid<'de, A: MapAccess<'de>>(first: Option<&str>, mut map: A) -> Result<Jid, A::Error> {
    let (mut text, mut form) = (None::<String>, None::<String>);
    let mut key = match first {
        Some(first) => Some(Cow::Owned(first.to_owned())),
        None => map.next_key::<Cow<'_, str>>()?,
    };
    while let Some(name) = key {
        let field = match &*name {
            "jid" => &mut text,
            "form" => &mut form,
            other => return Err(de::Error::unknown_field(other, &["jid", "form"])),
        };
        if field.replace(map.next_value()?).is_some() {
            return Err(de::Error::custom(format_args!("duplicate field `{name}`")));
        }
        key = map.next_key()?;
    }
    let text = text.ok_or_else(|| de::Error::missing_field("jid"))?;
    let jid = match form {
        None if !text.contains('@') && Server::known(&text).is_none() => {
            return Err(de::Error::custom(UNKNOWN_SERVER));
        }
        None => JidRef::parse(&text),
        Some(form) => form.parse::<JidForm>().and_then(|form| JidRef::parse_as(&text, form)),
    };
    jid.map(Jid::from).map_err(de::Error::custom)
}

struct ContentSeed<'b> {
    builder: &'b Builder,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for ContentSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ContentSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, {\"nodes\": [..]}, {\"bytes\": base64}, {\"text\": ..} or {\"jid\": ..}")
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { builder, depth } = self;
        let Some(key) = map.next_key::<Cow<'_, str>>()? else {
            return Err(de::Error::custom("empty object as content"));
        };
        match &*key {
            "nodes" => map.next_value_seed(NodesSeed { builder, depth })?,
            "bytes" => {
                let text = map.next_value::<Cow<'_, str>>()?;
                let bytes = BASE64.decode(text.as_bytes());
                builder.bytes(bytes.map_err(|error| de::Error::custom(format_args!("bytes: {error}")))?);
            }
            "text" => {
                builder.content(NewContent::coded(map.next_value::<String>()?));
            }
            "jid" | "form" => {
                builder.content(read_jid(Some(&key), map)?);
                return Ok(());
            }
            other => return Err(de::Error::unknown_field(other, &["nodes", "bytes", "text", "jid", "form"])),
        }
        match map.next_key::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(de::Error::custom("content of two kinds")),
        }
    }
}

struct NodesSeed<'b> {
    builder: &'b Builder,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for NodesSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for NodesSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of nodes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { builder, depth } = self;
        builder.empty_nodes();
        while list.next_element_seed(NodeSeed { builder, depth: depth + 1 })?.is_some() {}
        Ok(())
    }
}
