//! Writing trees: `Display`.

use std::collections::HashMap;
use std::fmt::{self, Display, Formatter, Write};

use super::chars::{Place, is_in_xml, write_content, write_escaped};
use super::names::write_name;
use super::prefix::{Prefix, Spelling, plain_content, plain_value};
use crate::jid::JidRef;
use crate::node::{Content, Node, NodeRef, Value};
use crate::text::base64::write_base64;

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
/// let ack = Node::build("ack").attr("id", "1").child("error", |e| e.attr("code", 503)).finish();
/// assert_eq!(ack.to_string(), r#"<ack id="1"><error code="503"/></ack>"#);
/// assert_eq!(format!("{ack:#}"), "<ack id=\"1\">\n  <error code=\"503\"/>\n</ack>");
/// ```
///
/// Bytes that are text are written as text, others after `{base64}`; control characters are references. A text that
/// would be read differently, or would cause a warning, has one of the prefixes `{text}`, `{utf8}`, `{jid}`, `{null}`,
/// `{nodes}`, or a wire form of a JID such as `{ad}`.
impl Display for NodeRef<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write_xml(f, usize::MAX)
    }
}

impl NodeRef<'_> {
    /// Writes at most `limit` bytes of each content.
    fn write_xml(&self, f: &mut Formatter<'_>, limit: usize) -> fmt::Result {
        let indented = f.alternate();
        // The open nodes, and how many of their children are not written yet.
        let mut open: Vec<(NodeRef<'_>, usize)> = Vec::new();
        let mut node = *self;
        loop {
            start_tag(f, node, limit)?;
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
            node = node.next_in_order();
        }
    }
}

/// The bytes of a content that `Debug` shows.
const DEBUG_BYTES: usize = 64;

/// The XML of `Display`. If a content has more than 64 bytes, shows its start and its length.
///
/// ```
/// let key = wabinary::Node::build("key").bytes(vec![b'x'; 100]).finish();
/// assert_eq!(format!("{key:?}"), format!("<key>{}… of 100 bytes</key>", "x".repeat(64)));
/// ```
impl fmt::Debug for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.as_ref(), f)
    }
}

/// See [`Node`].
impl fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write_xml(f, DEBUG_BYTES)
    }
}

fn new_line(f: &mut Formatter<'_>, indented: bool, depth: usize) -> fmt::Result {
    if indented { write!(f, "\n{:width$}", "", width = 2 * depth) } else { Ok(()) }
}

/// Writes a node up to its first child; the whole node if it has none.
fn start_tag(f: &mut Formatter<'_>, node: NodeRef<'_>, limit: usize) -> fmt::Result {
    f.write_char('<')?;
    write_name(f, node.tag(), 0)?;
    let mut times_seen = HashMap::new();
    for (name, value) in node.attrs() {
        let repeated =
            if node.tree.names_are_unique { 0 } else { *times_seen.entry(name).and_modify(|n| *n += 1).or_insert(0) };
        f.write_char(' ')?;
        write_name(f, name, repeated)?;
        f.write_str("=\"")?;
        attribute_value(f, name, value)?;
        f.write_char('"')?;
    }
    match node.content() {
        Content::None => return f.write_str("/>"),
        Content::Nodes(children) if children.len() > 0 => return f.write_char('>'),
        other => {
            f.write_char('>')?;
            content(f, node.tag(), other, limit)?;
        }
    }
    end_tag(f, node)
}

fn end_tag(f: &mut Formatter<'_>, node: NodeRef<'_>) -> fmt::Result {
    f.write_str("</")?;
    write_name(f, node.tag(), 0)?;
    f.write_char('>')
}

fn attribute_value(f: &mut Formatter<'_>, name: &str, value: Value<'_>) -> fmt::Result {
    match value {
        Value::Null => write!(f, "{}", Prefix::Null),
        Value::Text(text) if !text.chars().all(is_in_xml) => base64(f, Prefix::Base64, text.as_bytes()),
        Value::Text(text) => {
            if plain_value(name, text) != Some((value, None)) {
                write!(f, "{}", Prefix::Text(Spelling::Plain))?;
            }
            write_escaped(f, text, Place::Attribute)
        }
        Value::Jid(jid) => {
            let text = jid.wire_text().to_string();
            let is_plain = Spelling::of(&text) == Spelling::Plain && plain_value(name, &text) == Some((value, None));
            let write = |f: &mut Formatter<'_>, text: &str| write_escaped(f, text, Place::Attribute);
            if is_plain { write(f, &text) } else { spelled(f, &text, jid_prefix(jid), write) }
        }
    }
}

/// Writes content other than children, at most `limit` bytes of it.
fn content(f: &mut Formatter<'_>, tag: &str, content: Content<'_>, limit: usize) -> fmt::Result {
    let write = |f: &mut Formatter<'_>, text: &str| write_content(f, text);
    let length = match content {
        Content::None => return Ok(()),
        Content::Nodes(_) => return write!(f, "{}", Prefix::Nodes),
        Content::Text(text) => {
            spelled(f, start(text, limit), Prefix::Text, write)?;
            text.len()
        }
        Content::Jid(jid) => {
            let text = jid.wire_text().to_string();
            spelled(f, start(&text, limit), jid_prefix(jid), write)?;
            text.len()
        }
        Content::Bytes(bytes) => {
            let text = std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty() && text.chars().all(is_in_xml));
            match text {
                Some(text) => {
                    // Not every brace needs a prefix, but then the text inside would decide.
                    if text.starts_with('{') || plain_content(tag, text) != Some((bytes, None)) {
                        write!(f, "{}", Prefix::Utf8)?;
                    }
                    write_content(f, start(text, limit))?;
                }
                None => base64(f, Prefix::Base64, bytes.get(..limit).unwrap_or(bytes))?,
            }
            bytes.len()
        }
    };
    if length > limit { write!(f, "… of {length} bytes") } else { Ok(()) }
}

/// The start of a text, at most `limit` bytes.
fn start(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or(text)
}

/// The prefix of a JID, with its wire form if it does not follow from the text.
fn jid_prefix(jid: JidRef<'_>) -> impl FnOnce(Spelling) -> Prefix {
    move |spelling| Prefix::Jid(jid.form_beside_text(), spelling)
}

/// Writes a text after the prefix for it.
fn spelled(
    f: &mut Formatter<'_>,
    text: &str,
    prefix: impl FnOnce(Spelling) -> Prefix,
    plain: impl FnOnce(&mut Formatter<'_>, &str) -> fmt::Result,
) -> fmt::Result {
    match Spelling::of(text) {
        Spelling::Plain => {
            write!(f, "{}", prefix(Spelling::Plain))?;
            plain(f, text)
        }
        Spelling::Base64 => base64(f, prefix(Spelling::Base64), text.as_bytes()),
    }
}

fn base64(f: &mut Formatter<'_>, prefix: Prefix, bytes: &[u8]) -> fmt::Result {
    write!(f, "{prefix}")?;
    write_base64(f, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Jid, JidForm, NewContent};

    #[track_caller]
    fn attribute<'v>(name: &str, value: impl Into<crate::NewValue<'v>>, expected: &str) {
        let node = Node::build("a").attr(name, value).finish();
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
        attribute("to", "@s.whatsapp.net", r#"to="{text}@s.whatsapp.net""#);
        attribute("to", "12:256@lid", r#"to="{text}12:256@lid""#);
        attribute("id", "12:256@lid", r#"id="12:256@lid""#);
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
        assert_eq!(content("<\"b\" > ]]>".into()), "<a>&lt;\"b\" > ]]&gt;</a>");
        assert_eq!(content("a\r\n\tb\u{85}\u{202e}".into()), "<a>a&#xD;&#xA;&#x9;b&#x85;&#x202E;</a>");
        assert_eq!(content(" a b\u{a0}".into()), "<a>&#x20;a b&#xA0;</a>");
        assert_eq!(content("\n".into()), "<a>&#xA;</a>");
        assert_eq!(content("{\"a\": 1}".into()), "<a>{utf8}{\"a\": 1}</a>");
        assert_eq!(content("{".into()), "<a>{utf8}{</a>");
        assert_eq!(content("0123456789abcdef".into()), "<a>{utf8}0123456789abcdef</a>");
        for plain in ["0123456789abcde", "0123456789abcdeF", "0123456789012345", "0123456789abcdefg"] {
            assert_eq!(content(plain.into()), format!("<a>{plain}</a>"));
        }
        assert_eq!(Node::build("enc").content("42").finish().to_string(), "<enc>{utf8}42</enc>");
        assert_eq!(content("a\u{1}".into()), "<a>{base64}YQE=</a>");
        assert_eq!(content("a\u{ffff}".into()), "<a>{base64}Ye+/vw==</a>");
        assert_eq!(content("".into()), "<a>{base64}</a>");
        assert_eq!(content((&[0xff, 0][..]).into()), "<a>{base64}/wA=</a>");
        assert_eq!(content(NewContent::coded("type")), "<a>{text}type</a>");
        assert_eq!(content(Jid::SERVER.into()), "<a>{jid}s.whatsapp.net</a>");
        assert_eq!(content(NewContent::NONE), "<a/>");
        assert_eq!(Node::build("a").empty_nodes().finish().to_string(), "<a>{nodes}</a>");
    }

    #[test]
    fn no_control_character_is_written() {
        for control in ('\0'..='\u{a0}').filter(|character| character.is_control()) {
            let text = format!("a{control}b");
            let node = Node::build("a");
            node.attr("id", &*text).attr(&text, "").child("b", |b| _ = b.bytes(text.clone()));
            let node = node.child("c", |c| _ = c.content(NewContent::coded(&text))).finish();
            for shown in [node.to_string(), format!("{node:?}")] {
                assert!(!shown.contains(char::is_control), "{control:?}: {shown:?}");
            }
        }
    }

    #[test]
    fn debug_cuts_contents() {
        let shown = |content: NewContent<'_>| format!("{:?}", Node::build("a").content(content).finish());
        let (fits, longer) = ("x".repeat(64), "x".repeat(63) + "é");
        assert_eq!(shown((*fits).into()), format!("<a>{fits}</a>"));
        let cut = "x".repeat(63);
        assert_eq!(shown((*longer).into()), format!("<a>{cut}… of 65 bytes</a>"));
        assert_eq!(shown(NewContent::coded(&longer)), format!("<a>{{text}}{cut}… of 65 bytes</a>"));
        assert_eq!(shown((&[0; 65][..]).into()), format!("<a>{{base64}}{}==… of 65 bytes</a>", "A".repeat(86)));
        let jid = Jid::from(JidRef::new(&longer, crate::Server::Lid).unwrap());
        assert_eq!(shown((&jid).into()), format!("<a>{{jid}}{cut}… of 69 bytes</a>"));
        let node = Node::build("b").child("a", |a| _ = a.bytes(vec![b'y'; 65])).finish();
        assert_eq!(format!("{node:#?}"), format!("<b>\n  <a>{}… of 65 bytes</a>\n</b>", "y".repeat(64)));
    }

    #[test]
    fn repeated_names_are_told_apart() {
        let node = Node::build("a").attr("id", "1").attr("t", "").attr("id", "2").attr("id", "3").finish();
        assert_eq!(node.to_string(), r#"<a id="1" t="" _x0069_d="2" _x0069__x0064_="3"/>"#);
    }

    #[test]
    fn what_has_characters_that_xml_has_not_is_base64() {
        let jid = Jid::from(JidRef::parse("\u{1}@lid").unwrap());
        attribute("to", &jid, r#"to="{jid;base64}AUBsaWQ=""#);
        let ad = jid.as_ref().with_form(JidForm::Ad).map(Jid::from).unwrap();
        attribute("to", &ad, r#"to="{ad;base64}AUBsaWQ=""#);
        assert_eq!(Node::build("a").content(&jid).finish().to_string(), "<a>{jid;base64}AUBsaWQ=</a>");
        assert_eq!(Node::build("a").content(NewContent::coded("\0")).finish().to_string(), "<a>{text;base64}AA==</a>");
    }

    #[test]
    fn a_blank_around_content_is_a_reference() {
        let written = |text: &str| Node::build("a").content(NewContent::coded(text)).finish().to_string();
        assert_eq!(written(" a b "), "<a>{text}&#x20;a b&#x20;</a>");
        assert_eq!(written(" \t"), "<a>{text}&#x20;&#x9;</a>");
        assert_eq!(written(""), "<a>{text}</a>");
    }

    #[test]
    fn indentation_follows_the_nesting() {
        let node = Node::build("a")
            .child("b", |b| b.child("c", |_| {}).child("d", |d| d.bytes("x")))
            .child("e", |_| {})
            .finish();
        assert_eq!(format!("{node:#}"), "<a>\n  <b>\n    <c/>\n    <d>x</d>\n  </b>\n  <e/>\n</a>");
        assert_eq!(format!("{}", node.child("b").unwrap()), "<b><c/><d>x</d></b>");
    }
}
