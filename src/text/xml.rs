//! XML, for people: what `Display` writes.
//!
//! It is written so that it can be read back. A value or content carries a prefix such as `{jid}` only where reading it
//! plainly would give something else; the writer decides that by calling the rule of the reader ([`plain_value`],
//! [`plain_content`]).

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter, Write};

use super::base64::write_base64;
use crate::jid::{JidRef, Server};
use crate::node::{Content, Node, NodeRef, Value};

/// The attributes that the protocol addresses with: without a prefix, a text in one of them that looks like an address
/// is a JID. Sources: the attributes that `tulir/whatsmeow` and `oxidezap/whatsapp-rust` read as JIDs.
const ADDRESS_ATTRIBUTES: [&str; 30] = [
    "author",
    "call-creator",
    "caller_lid",
    "caller_pn",
    "creator",
    "from",
    "group-jid",
    "group_jid",
    "jid",
    "lid",
    "link_creator",
    "link_creator_pn",
    "new_lid",
    "old_lid",
    "participant",
    "participant_lid",
    "participant_pn",
    "peer_recipient_lid",
    "peer_recipient_pn",
    "phone_number",
    "pn",
    "recipient",
    "recipient_lid",
    "recipient_pn",
    "s_o",
    "sender",
    "sender_lid",
    "sender_pn",
    "to",
    "user_pn",
];

/// How a value without a prefix reads; `None` where a prefix has to stand.
fn plain_value<'t>(name: &str, text: &'t str) -> Option<Value<'t>> {
    if text.starts_with('{') {
        return None;
    }
    let is_address = text.contains('@') || Server::known(text).is_some();
    if is_address
        && ADDRESS_ATTRIBUTES.contains(&name)
        && let Ok(jid) = JidRef::parse(text)
    {
        return Some(Value::Jid(jid));
    }
    Some(Value::Text(text))
}

/// The text that without a prefix reads as content of these bytes, if there is one.
fn plain_content(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?;
    let plain = !text.is_empty() && text.trim() == text && !text.starts_with('{') && text.chars().all(is_printable);
    plain.then_some(text)
}

/// Whether a character shows in content as itself; a line break does, as a reference.
fn is_printable(character: char) -> bool {
    matches!(character, '\t' | '\n') || !(character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}'))
}

/// Whether XML 1.0 has the character at all, if only as a reference.
fn is_in_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r') || !matches!(character, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

impl Display for Node {
    /// See [`NodeRef`].
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.as_ref(), f)
    }
}

/// One line of XML, or with `{:#}` an indented document.
///
/// ```
/// use wabinary::Node;
///
/// let ack = Node::build("ack").attr("id", "1").child("error", |e| { e.attr("code", 503); }).finish();
/// assert_eq!(ack.to_string(), r#"<ack id="1"><error code="503"/></ack>"#);
/// assert_eq!(format!("{ack:#}"), "<ack id=\"1\">\n  <error code=\"503\"/>\n</ack>");
/// ```
///
/// Bytes that are printable text stand as they are, others behind `{base64}`. What would be taken for something else
/// has one of the prefixes `{text}`, `{jid}`, `{null}`, `{nodes}`, or a wire form of a JID such as `{ad}`.
impl Display for NodeRef<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let indented = f.alternate();
        // Nodes whose end tag is not written yet, and how many of their children are not.
        let mut open: Vec<(NodeRef<'_>, usize)> = Vec::new();
        let mut node = *self;
        loop {
            start_tag(f, node)?;
            let children = node.children();
            if children.len() > 0 {
                open.push((node, children.len()));
            }
            // Wire order: the next node to write is the next one stored, once finished ones are closed.
            if children.len() == 0 {
                loop {
                    let Some((parent, left)) = open.last_mut() else { return Ok(()) };
                    *left -= 1;
                    if *left > 0 {
                        break;
                    }
                    let parent = *parent;
                    open.pop();
                    new_line(f, indented, open.len())?;
                    end_tag(f, parent)?;
                    if open.is_empty() {
                        return Ok(());
                    }
                }
            }
            new_line(f, indented, open.len())?;
            node = NodeRef::at(node.tree, node.index + 1);
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.as_ref(), f)
    }
}

impl fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

fn new_line(f: &mut Formatter<'_>, indented: bool, depth: usize) -> fmt::Result {
    if indented { write!(f, "\n{:width$}", "", width = 2 * depth) } else { Ok(()) }
}

/// Writes a node up to its first child; all of it if it has none.
fn start_tag(f: &mut Formatter<'_>, node: NodeRef<'_>) -> fmt::Result {
    f.write_char('<')?;
    name(f, node.tag(), 0)?;
    let mut times_seen = HashMap::new();
    for (key, value) in node.attrs() {
        let repeated =
            if node.tree.keys_are_unique { 0 } else { *times_seen.entry(key).and_modify(|n| *n += 1).or_insert(0) };
        f.write_char(' ')?;
        name(f, key, repeated)?;
        f.write_str("=\"")?;
        attribute_value(f, key, value)?;
        f.write_char('"')?;
    }
    match node.content() {
        Content::None => return f.write_str("/>"),
        Content::Nodes(children) if children.len() == 0 => f.write_str(">{nodes}")?,
        Content::Nodes(_) => return f.write_char('>'),
        Content::Text(text) if text.chars().all(is_in_xml) => {
            f.write_str(">{text}")?;
            escaped(f, text)?;
        }
        Content::Text(text) => base64(f, text.as_bytes())?,
        Content::Jid(value) => {
            f.write_char('>')?;
            jid(f, value)?;
        }
        Content::Bytes(bytes) => match plain_content(bytes) {
            Some(text) => {
                f.write_char('>')?;
                escaped(f, text)?;
            }
            None => base64(f, bytes)?,
        },
    }
    end_tag(f, node)
}

fn base64(f: &mut Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    f.write_str(">{base64}")?;
    write_base64(f, bytes)
}

fn end_tag(f: &mut Formatter<'_>, node: NodeRef<'_>) -> fmt::Result {
    f.write_str("</")?;
    name(f, node.tag(), 0)?;
    f.write_char('>')
}

fn attribute_value(f: &mut Formatter<'_>, name: &str, value: Value<'_>) -> fmt::Result {
    match value {
        Value::Null => f.write_str("{null}"),
        Value::Text(text) if !text.chars().all(is_in_xml) => {
            f.write_str("{base64}")?;
            write_base64(f, text.as_bytes())
        }
        Value::Text(text) => {
            if plain_value(name, text) != Some(value) {
                f.write_str("{text}")?;
            }
            escaped(f, text)
        }
        Value::Jid(address) => {
            let text = address.to_string();
            if plain_value(name, &text) == Some(value) { escaped(f, &text) } else { jid(f, address) }
        }
    }
}

/// A JID behind a prefix: its wire form, where that does not follow from the text.
fn jid(f: &mut Formatter<'_>, jid: JidRef<'_>) -> fmt::Result {
    match jid.form_beside_text() {
        None => f.write_str("{jid}")?,
        Some(form) => write!(f, "{{{form}}}")?,
    }
    escaped(f, &jid.to_string())
}

/// Character data, the same in attributes and content.
fn escaped(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let mut rest = text;
    while let Some(at) =
        rest.find(|character: char| matches!(character, '&' | '<' | '>' | '"') || character.is_control())
    {
        f.write_str(&rest[..at])?;
        let mut behind = rest[at..].chars();
        match behind.next() {
            Some('&') => f.write_str("&amp;")?,
            Some('<') => f.write_str("&lt;")?,
            Some('>') => f.write_str("&gt;")?,
            Some('"') => f.write_str("&quot;")?,
            Some(control) => write!(f, "&#x{:X};", u32::from(control))?,
            None => {}
        }
        rest = behind.as_str();
    }
    f.write_str(rest)
}

/// A tag or attribute name. What XML names cannot have is `_xHHHH_`, `_x` itself `_x005F_x`, an empty name `_x_`. A
/// name that was `repeated` so many times in its node escapes that many more of its first characters, and once those
/// are used up ends in `_xn1_`, `_xn2_` and so on, which stands for nothing, so that no two are alike.
fn name(f: &mut Formatter<'_>, name: &str, repeated: usize) -> fmt::Result {
    let needs_escape = |(at, character): (usize, char)| {
        let rest = &name[at..];
        !(is_name_start(character) || (at > 0 && is_name_rest(character))) || rest.starts_with("_x")
    };
    if repeated == 0 && !name.is_empty() && name.char_indices().all(|indexed| !needs_escape(indexed)) {
        return f.write_str(name);
    }
    let escaped_anyway = name.char_indices().take_while(|indexed| needs_escape(*indexed)).count();
    let forced = if repeated == 0 { 0 } else { escaped_anyway + repeated };
    let mut count = 0;
    for (at, character) in name.char_indices() {
        if count < forced || needs_escape((at, character)) {
            write!(f, "_x{:04X}_", u32::from(character))?;
        } else {
            f.write_char(character)?;
        }
        count += 1;
    }
    if count == 0 {
        f.write_str("_x_")?;
    }
    match forced.saturating_sub(count) {
        0 => Ok(()),
        further => write!(f, "_xn{further}_"),
    }
}

fn is_name_start(character: char) -> bool {
    matches!(character,
        ':' | 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn is_name_rest(character: char) -> bool {
    is_name_start(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Jid, JidForm, NewContent};

    #[track_caller]
    fn attribute<'v>(key: &str, value: impl Into<crate::NewValue<'v>>, expected: &str) {
        let node = Node::build("a").attr(key, value).finish();
        assert_eq!(node.to_string(), format!("<a {expected}/>"));
    }

    #[test]
    fn an_attribute_has_a_prefix_only_where_it_would_read_otherwise() {
        let jid = |text: &str| text.parse::<Jid>().unwrap();
        attribute("from", jid("s.whatsapp.net"), r#"from="s.whatsapp.net""#);
        attribute("from", "s.whatsapp.net", r#"from="{text}s.whatsapp.net""#);
        attribute("id", "s.whatsapp.net", r#"id="s.whatsapp.net""#);
        attribute("id", jid("s.whatsapp.net"), r#"id="{jid}s.whatsapp.net""#);
        attribute("from", jid("example.net"), r#"from="{jid}example.net""#);
        attribute("from", "OF-1", r#"from="OF-1""#);
        attribute("to", "@s.whatsapp.net", r#"to="@s.whatsapp.net""#);
        attribute("to", "u@example.net", r#"to="{text}u@example.net""#);
        attribute("to", jid("15550001111:5@s.whatsapp.net"), r#"to="15550001111:5@s.whatsapp.net""#);
        let ad = jid("12@lid").as_ref().with_form(JidForm::Ad).map(Jid::from).unwrap();
        attribute("to", ad, r#"to="{ad}12@lid""#);
        attribute("id", "{x", r#"id="{text}{x""#);
        attribute("id", Value::Null, r#"id="{null}""#);
        attribute("id", "a\tb\u{85}\"<&>'", r#"id="a&#x9;b&#x85;&quot;&lt;&amp;&gt;'""#);
        attribute("id", "a\u{1}", r#"id="{base64}YQE=""#);
    }

    #[test]
    fn content_has_a_prefix_unless_it_is_printable_bytes() {
        let content = |content: NewContent<'_>| Node::build("a").content(content).finish().to_string();
        assert_eq!(content("Zoë & co".into()), "<a>Zoë &amp; co</a>");
        assert_eq!(content("a\nb".into()), "<a>a&#xA;b</a>");
        assert_eq!(content(" a".into()), "<a>{base64}IGE=</a>");
        assert_eq!(content("{a".into()), "<a>{base64}e2E=</a>");
        assert_eq!(content("".into()), "<a>{base64}</a>");
        assert_eq!(content((&[0xff, 0][..]).into()), "<a>{base64}/wA=</a>");
        assert_eq!(content(NewContent::coded("type")), "<a>{text}type</a>");
        assert_eq!(content(Jid::SERVER.into()), "<a>{jid}s.whatsapp.net</a>");
        assert_eq!(content(NewContent::NONE), "<a/>");
        assert_eq!(Node::build("a").empty_nodes().finish().to_string(), "<a>{nodes}</a>");
    }

    #[test]
    fn names_that_are_no_xml_names_are_escaped() {
        let written = |tag: &str| Node::build(tag).finish().to_string();
        assert_eq!(written("stream:error"), "<stream:error/>");
        assert_eq!(written("0a b"), "<_x0030_a_x0020_b/>");
        assert_eq!(written("a_xb_y"), "<a_x005F_xb_y/>");
        assert_eq!(written(""), "<_x_/>");
        assert_eq!(written("\u{1F980}"), "<\u{1F980}/>");
        assert_eq!(written("\u{f0000}"), "<_xF0000_/>");
    }

    #[test]
    fn repeated_names_are_told_apart() {
        let mut node = Node::build("a");
        for key in ["id", "id", "id", "id", "1", "1", "", ""] {
            node.attr(key, "");
        }
        let names =
            ["id", "_x0069_d", "_x0069__x0064_", "_x0069__x0064__xn1_", "_x0031_", "_x0031__xn1_", "_x_", "_x__xn1_"];
        let attributes: String = names.iter().map(|name| format!(" {name}=\"\"")).collect();
        assert_eq!(node.finish().to_string(), format!("<a{attributes}/>"));
    }

    #[test]
    fn indentation_follows_the_nesting() {
        let node = Node::build("a")
            .child("b", |b| {
                b.child("c", |_| {}).child("d", |d| {
                    d.bytes("x");
                });
            })
            .child("e", |_| {})
            .finish();
        assert_eq!(format!("{node:#}"), "<a>\n  <b>\n    <c/>\n    <d>x</d>\n  </b>\n  <e/>\n</a>");
        assert_eq!(format!("{}", node.child("b").unwrap()), "<b><c/><d>x</d></b>");
    }
}
