//! Trees as adapters give them, and what of them can be compared.

use std::fmt::{self, Write as _};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use wabinary::{JidForm, JidRef, Node, NodeRef};

/// A tree in the JSON of this project. An adapter may put anything into it, also addresses that there are not.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Tree {
    /// The tag.
    pub tag: String,
    /// Names and values, in wire order.
    #[serde(default)]
    pub attrs: Vec<(String, Value)>,
    /// The content, if there is one.
    #[serde(default)]
    pub content: Option<Content>,
}

/// The value of an attribute.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A text.
    Text(String),
    /// An address.
    Jid(Address),
    /// Null.
    Null,
}

/// An address by its text; the form on the wire if the text does not imply it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Address {
    jid: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    form: Option<String>,
}

/// The content of a node.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Content {
    /// Children; the list may be empty.
    Nodes {
        /// The children.
        nodes: Vec<Tree>,
    },
    /// Bytes, in base64.
    Bytes {
        /// The bytes.
        bytes: String,
    },
    /// A text that is a token or packed.
    Text {
        /// The text.
        text: String,
    },
    /// An address.
    Jid(Address),
}

/// What the trees of a codec keep apart. A difference that they do not keep does not count as a deviation.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "Vec<String>")]
pub struct Keeps {
    attr_order: bool,
    jid: bool,
    jid_form: bool,
    null: bool,
    empty_children: bool,
    text_content: bool,
}

impl Default for Keeps {
    fn default() -> Self {
        Self { attr_order: true, jid: true, jid_form: true, null: true, empty_children: true, text_content: true }
    }
}

impl TryFrom<Vec<String>> for Keeps {
    type Error = String;

    fn try_from(names: Vec<String>) -> Result<Self, String> {
        const NAMES: [&str; 6] = ["attr-order", "jid", "jid-form", "null", "empty-children", "text-content"];
        if let Some(unknown) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
            return Err(format!("keeps: unknown {unknown:?}; expected some of {}", NAMES.join(", ")));
        }
        let [attr_order, jid, jid_form, null, empty_children, text_content] =
            NAMES.map(|name| names.iter().any(|found| found == name));
        Ok(Self { attr_order, jid, jid_form, null, empty_children, text_content })
    }
}

impl Tree {
    /// The tree of a node.
    #[must_use]
    pub fn of(node: NodeRef<'_>) -> Self {
        let json = serde_json::to_value(node).unwrap_or_default();
        Self::deserialize(json).unwrap_or(Self { tag: node.tag().to_owned(), attrs: Vec::new(), content: None })
    }

    /// What a codec that keeps so much apart can be compared by.
    #[must_use]
    pub fn kept(mut self, keeps: Keeps) -> Self {
        for (_, value) in &mut self.attrs {
            *value = match std::mem::replace(value, Value::Null) {
                Value::Jid(address) if !keeps.jid => Value::Text(address.jid),
                Value::Jid(address) => Value::Jid(address.kept(keeps)),
                Value::Null if !keeps.null => Value::Text(String::new()),
                value => value,
            };
            if let Value::Text(text) = value
                && !keeps.jid
            {
                *text = server_alone(text).to_owned();
            }
        }
        if !keeps.attr_order {
            self.attrs.sort();
        }
        self.content = self.content.and_then(|content| content.kept(keeps));
        self
    }
}

impl Tree {
    /// Sorts the attributes, if the codec does not keep their order.
    #[must_use]
    pub fn ordered(mut self, keeps: Keeps) -> Self {
        if !keeps.attr_order {
            self.attrs.sort();
        }
        if let Some(Content::Nodes { nodes }) = self.content {
            self.content = Some(Content::Nodes { nodes: nodes.into_iter().map(|node| node.ordered(keeps)).collect() });
        }
        self
    }
}

impl Address {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.jid
    }

    /// The name of its form.
    #[must_use]
    pub fn form(&self) -> String {
        self.form.clone().unwrap_or_else(|| self.implied())
    }

    /// An address without a form has the one that its text implies, or is a pair.
    fn implied(&self) -> String {
        JidRef::parse(&self.jid).map_or(JidForm::Pair, |jid| jid.form()).to_string()
    }

    fn kept(mut self, keeps: Keeps) -> Self {
        let implied = self.implied();
        self.form = self.form.filter(|form| keeps.jid_form && *form != implied);
        self
    }
}

impl Content {
    fn kept(self, keeps: Keeps) -> Option<Self> {
        let of_text = |text: String| {
            let text = if keeps.jid { text } else { server_alone(&text).to_owned() };
            match keeps.text_content {
                true => Self::Text { text },
                false => Self::Bytes { bytes: BASE64.encode(text.as_bytes()) },
            }
        };
        Some(match self {
            Self::Nodes { nodes } if nodes.is_empty() && !keeps.empty_children => return None,
            Self::Nodes { nodes } => Self::Nodes { nodes: nodes.into_iter().map(|node| node.kept(keeps)).collect() },
            Self::Text { text } => of_text(text),
            Self::Jid(address) if !keeps.jid => of_text(address.jid),
            Self::Jid(address) => Self::Jid(address.kept(keeps)),
            Self::Bytes { bytes } => Self::Bytes { bytes },
        })
    }
}

/// Codecs whose addresses are texts write a server alone with an `@` before it, or without.
fn server_alone(text: &str) -> &str {
    text.strip_prefix('@').filter(|server| !server.contains('@')).unwrap_or(text)
}

/// The kind of the first part in which two trees differ.
#[must_use]
pub fn difference(expected: &Tree, found: &Tree) -> Option<&'static str> {
    if expected.tag != found.tag {
        return Some("tag");
    }
    if expected.attrs.len() != found.attrs.len() {
        return Some("number of attributes");
    }
    for ((name, value), (found_name, found_value)) in expected.attrs.iter().zip(&found.attrs) {
        match (value, found_value) {
            _ if name != found_name => {
                let is_order = found.attrs.iter().any(|(other, _)| other == name);
                return Some(if is_order { "order of attributes" } else { "name of an attribute" });
            }
            (one, other) if one == other => {}
            (Value::Jid(_), Value::Jid(_)) => return Some("address"),
            (Value::Text(_), Value::Text(_)) => return Some("value"),
            _ => return Some("kind of a value"),
        }
    }
    match (&expected.content, &found.content) {
        (Some(Content::Nodes { nodes }), Some(Content::Nodes { nodes: found })) => {
            if nodes.len() != found.len() {
                return Some("number of children");
            }
            nodes.iter().zip(found).find_map(|(node, found)| difference(node, found))
        }
        (one, other) if one == other => None,
        (Some(one), Some(other)) if std::mem::discriminant(one) == std::mem::discriminant(other) => Some("content"),
        _ => Some("kind of the content"),
    }
}

/// A tree on one line, for reports: in the XML of this project, or like it if the project has no such tree.
impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(node) = serde_json::to_value(self).ok().and_then(|json| Node::deserialize(json).ok()) {
            return node.fmt(f);
        }
        write!(f, "<{}", self.tag.escape_debug())?;
        for (name, value) in &self.attrs {
            write!(f, " {}={value}", name.escape_debug())?;
        }
        match &self.content {
            None => f.write_str("/>"),
            Some(Content::Nodes { nodes }) if nodes.is_empty() => f.write_str(">[]</>"),
            Some(Content::Nodes { nodes }) => {
                f.write_char('>')?;
                nodes.iter().take(20).try_for_each(|node| write!(f, "{node}"))?;
                f.write_str("</>")
            }
            Some(content) => write!(f, ">{content}</>"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Jid(address) => write!(f, "{address}"),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "jid {:?}", self.jid)?;
        self.form.iter().try_for_each(|form| write!(f, " ({form})"))
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nodes { nodes } => write!(f, "{} nodes", nodes.len()),
            Self::Bytes { bytes } => match BASE64.decode(bytes.as_bytes()) {
                Ok(bytes) => write!(f, "bytes {}", data_encoding::HEXLOWER.encode(&bytes)),
                Err(_) => write!(f, "bytes that are not base64: {bytes:?}"),
            },
            Self::Text { text } => write!(f, "text {text:?}"),
            Self::Jid(address) => write!(f, "{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_codec_does_not_keep_apart_is_no_difference() {
        let read = |json: &str| serde_json::from_str::<Tree>(json).unwrap();
        let cases = [
            (r#"{"tag":"a","attrs":[["x",null]]}"#, r#"{"tag":"a","attrs":[["x",""]]}"#, "null", "kind of a value"),
            (
                r#"{"tag":"a","attrs":[["x",{"jid":"lid"}]]}"#,
                r#"{"tag":"a","attrs":[["x","@lid"]]}"#,
                "jid",
                "kind of a value",
            ),
            (
                r#"{"tag":"a","attrs":[["x",{"jid":"lid","form":"pair-empty"}]]}"#,
                r#"{"tag":"a","attrs":[["x",{"jid":"lid"}]]}"#,
                "jid-form",
                "address",
            ),
            (r#"{"tag":"a","content":{"nodes":[]}}"#, r#"{"tag":"a"}"#, "empty-children", "kind of the content"),
            (
                r#"{"tag":"a","content":{"text":"x"}}"#,
                r#"{"tag":"a","content":{"bytes":"eA=="}}"#,
                "text-content",
                "kind of the content",
            ),
            (
                r#"{"tag":"a","attrs":[["x","1"],["y","1"]]}"#,
                r#"{"tag":"a","attrs":[["y","1"],["x","1"]]}"#,
                "attr-order",
                "order of attributes",
            ),
        ];
        let names = cases.map(|(_, _, name, _)| name.to_owned());
        for (one, other, name, place) in cases {
            let (one, other) = (read(one), read(other));
            let without = |left_out| names.iter().filter(|kept| *kept != left_out).cloned().collect::<Vec<_>>();
            let keeps = Keeps::try_from(without(name)).unwrap();
            assert_eq!(difference(&one.clone().kept(keeps), &other.clone().kept(keeps)), None, "{name}");
            assert_eq!(difference(&one, &other), Some(place), "{name}");
        }
        // One without addresses and without texts may give either as bytes.
        let [address, bytes] =
            [r#"{"tag":"a","content":{"jid":"5@lid"}}"#, r#"{"tag":"a","content":{"bytes":"NUBsaWQ="}}"#].map(read);
        for (left_out, is_equal) in
            [(&["jid", "text-content"][..], true), (&["jid"], false), (&["text-content"], false)]
        {
            let names = names.iter().filter(|name| !left_out.contains(&name.as_str())).cloned().collect::<Vec<_>>();
            let keeps = Keeps::try_from(names).unwrap();
            let difference = difference(&address.clone().kept(keeps), &bytes.clone().kept(keeps));
            assert_eq!(difference.is_none(), is_equal, "{left_out:?}");
        }
        let contents = [address, bytes].map(|tree| tree.content.unwrap().to_string());
        assert_eq!(contents, [r#"jid "5@lid""#, "bytes 35406c6964"]);
        let family = read(r#"{"tag":"a","content":{"nodes":[{"tag":"b"}]}}"#);
        assert_eq!(family.clone().kept(Keeps::try_from(Vec::new()).unwrap()), family);
        assert!(Keeps::try_from(vec!["order".to_owned()]).is_err_and(|told| told.contains("attr-order")));
    }

    #[test]
    fn a_tree_that_no_node_is_like_is_shown_too() {
        let address = r#"{"jid":"1:256@lid","form":"ad"}"#;
        for (content, shown) in [
            ("null", "/>"),
            (r#"{"nodes":[]}"#, ">[]</>"),
            (r#"{"nodes":[{"tag":"b"}]}"#, "><b/></>"),
            (r#"{"text":"x"}"#, ">text \"x\"</>"),
            (r#"{"bytes":"?"}"#, ">bytes that are not base64: \"?\"</>"),
        ] {
            let json = format!(r#"{{"tag":"a","attrs":[["x",{address}],["y",null]],"content":{content}}}"#);
            let tree: Tree = serde_json::from_str(&json).unwrap();
            assert_eq!(tree.to_string(), format!("<a x=jid \"1:256@lid\" (ad) y=null{shown}"));
        }
    }
}
