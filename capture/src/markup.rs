//! The XML of loggers, which do not escape.
//!
//! A value ends at the quote before another attribute or before the end of the tag. Content that is not markup ends at
//! its end tag.

use data_encoding::{BASE64, HEXLOWER};

use crate::draft::{DEEPEST, Draft, Told};
use crate::fault::Fault;

/// How a logger writes XML.
#[derive(Debug)]
pub(crate) struct Style {
    /// Whether the logger writes `&lt;` for `<`.
    pub(crate) has_entities: bool,
    /// How the logger writes bytes in content.
    pub(crate) bytes: Bytes,
}

/// How a logger prints bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bytes {
    /// As lower-case hex.
    Hex,
    /// As lower-case hex, unless they are printable.
    HexUnlessPrintable,
    Base64,
    /// Only their number.
    Size,
}

/// Source: `tulir/whatsmeow` `binary/xml.go`.
pub(crate) const WHATSMEOW: Style = Style { has_entities: false, bytes: Bytes::HexUnlessPrintable };
/// Source: `WhiskeySockets/Baileys` `src/WABinary/generic-utils.ts`.
pub(crate) const BAILEYS: Style = Style { has_entities: false, bytes: Bytes::Hex };
/// Source: `vinikjkkj/zapo` `src/transport/node/xml.ts`.
pub(crate) const ZAPO: Style = Style { has_entities: true, bytes: Bytes::Base64 };
/// Source: `jlucaso1/whatsapp-rust` `wacore/src/xml.rs`.
pub(crate) const WHATSAPP_RUST: Style = Style { has_entities: false, bytes: Bytes::Size };

/// The result of reading a text that starts with a tag.
#[derive(Debug)]
pub(crate) enum Parsed {
    /// A stanza, and its length in bytes.
    Whole(Draft, usize),
    /// The start of a stanza. More text may complete it.
    Open(usize),
    /// Not a stanza: the offset and what was expected.
    Bad(usize, &'static str),
}

impl Parsed {
    /// The fault of a text that is not a stanza.
    pub(crate) fn fault(&self) -> Fault {
        match self {
            Self::Bad(offset, expected) => {
                Fault::in_tree("log-xml", "", format_args!("expected {expected} at offset {offset} of the stanza"))
            }
            Self::Open(length) => {
                let message =
                    format_args!("the stanza that begins here does not end: its {length} bytes hold no end tag");
                Fault::in_tree("log-cut", "", message)
            }
            Self::Whole(..) => Fault::in_tree("log-xml", "", "more than a stanza"),
        }
    }
}

/// Whether a text starts with a tag of a node.
pub(crate) fn starts(text: &str) -> bool {
    let Some(name) = text.strip_prefix('<') else { return false };
    let length = name_length(name);
    let behind = name.get(length..).unwrap_or("").chars().next();
    length > 0
        && name.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && matches!(behind, None | Some(' ' | '/' | '>' | '\t' | '\n'))
        && !name.starts_with("Buffer ")
}

fn name_length(text: &str) -> usize {
    let is_of_name = |character: char| character.is_alphanumeric() || "-_.:@".contains(character);
    text.find(|character: char| !is_of_name(character)).unwrap_or(text.len())
}

/// Reads the stanza that a text starts with.
pub(crate) fn parse(text: &str, style: &Style) -> Parsed {
    let mut reader = Reader { text, at: 0, style };
    match reader.node() {
        Ok(draft) => Parsed::Whole(draft, reader.at),
        Err(Stop::End) => Parsed::Open(text.len()),
        Err(Stop::Bad(expected)) => Parsed::Bad(reader.at, expected),
    }
}

enum Stop {
    /// The text ends before the stanza does.
    End,
    Bad(&'static str),
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    style: &'t Style,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, text: &str) -> bool {
        let is_there = self.rest().starts_with(text);
        self.at += if is_there { text.len() } else { 0 };
        is_there
    }

    /// Reads a node and all its descendants. Open nodes are in a list, because hostile input may nest them deeply.
    fn node(&mut self) -> Result<Draft, Stop> {
        let mut open: Vec<Draft> = Vec::new();
        loop {
            let (node, is_open) = self.start_tag()?;
            open.push(node);
            if open.len() > DEEPEST {
                return Err(Stop::Bad("at most 256 nested nodes"));
            }
            let mut is_done = !is_open;
            if is_open {
                is_done = self.content(open.last_mut().ok_or(Stop::Bad("a node"))?)?;
            }
            // Add each node that ends here to its parent.
            while is_done {
                let Some(node) = open.pop() else { return Err(Stop::Bad("a node")) };
                let Some(around) = open.last_mut() else { return Ok(node) };
                match &mut around.content {
                    Told::Nodes(nodes) => nodes.push(node),
                    content => *content = Told::Nodes(vec![node]),
                }
                self.skip_blank();
                is_done = self.end_tag(&around.tag)?;
            }
        }
    }

    /// Reads a start tag, and whether content follows.
    fn start_tag(&mut self) -> Result<(Draft, bool), Stop> {
        if !self.take("<") {
            return Err(if self.rest().is_empty() { Stop::End } else { Stop::Bad("a start tag") });
        }
        let length = name_length(self.rest());
        let mut node = Draft::named(self.rest().get(..length).unwrap_or(""));
        self.at += length;
        loop {
            self.skip_blank();
            if self.take("/>") {
                return Ok((node, false));
            }
            if self.take(">") {
                return Ok((node, true));
            }
            let rest = self.rest();
            if rest.is_empty() || rest == "/" {
                return Err(Stop::End);
            }
            let Some((name, _)) = rest.split_once('=') else {
                return Err(if rest.len() < 100 && !rest.contains(['<', '>', '\n']) {
                    Stop::End
                } else {
                    BAD_ATTRIBUTE
                });
            };
            if name.is_empty()
                || name.contains(|character: char| character.is_whitespace() || "<>\"'/".contains(character))
            {
                return Err(BAD_ATTRIBUTE);
            }
            self.at += name.len() + 1;
            let value = self.value()?;
            node.attr(name, &value);
        }
    }

    fn value(&mut self) -> Result<String, Stop> {
        let Some(quote) = self.rest().chars().next() else { return Err(Stop::End) };
        if !matches!(quote, '"' | '\'') {
            return Err(Stop::Bad("a quote"));
        }
        self.at += 1;
        let rest = self.rest();
        let mut ends = rest.match_indices(quote).map(|(at, _)| at);
        let end = ends.find(|at| self.style.has_entities || ends_value(rest.get(at + 1..).unwrap_or(""), quote));
        let Some(end) = end else { return Err(Stop::End) };
        let value = rest.get(..end).unwrap_or("");
        self.at += end + 1;
        Ok(if self.style.has_entities { unescaped(value) } else { value.to_owned() })
    }

    /// Reads content, and whether its node ends here. If not, a child starts.
    fn content(&mut self, node: &mut Draft) -> Result<bool, Stop> {
        let rest = self.rest();
        let text = rest.trim_start();
        if self.end_tag_ahead(text, &node.tag) {
            self.skip_blank();
            // Blanks are content if they are on one line.
            let blanks = rest.get(..rest.len() - text.len()).unwrap_or("");
            if !blanks.is_empty() && !blanks.contains('\n') {
                node.content = Told::Text(blanks.to_owned());
            }
            return self.end_tag(&node.tag);
        }
        if let Some(comment) = text.strip_prefix("<!--") {
            let Some((comment, behind)) = comment.split_once("-->") else { return Err(Stop::End) };
            let size = comment.split_whitespace().find_map(|word| word.parse().ok());
            if self.end_tag_ahead(behind.trim_start(), &node.tag) {
                node.content = Told::Missing(size);
                self.at = self.text.len() - behind.len();
                self.skip_blank();
                return self.end_tag(&node.tag);
            }
        }
        if starts(text) && self.is_child(text, &node.tag) {
            self.skip_blank();
            return Ok(false);
        }
        let end = format!("</{}>", node.tag);
        let Some((content, _)) = rest.split_once(&*end) else { return Err(Stop::End) };
        self.at += content.len() + end.len();
        node.content = told(content, self.style);
        Ok(true)
    }

    /// Whether an apparent start tag is one: a text may look like a tag.
    fn is_child(&self, text: &'t str, around: &str) -> bool {
        let mut child = Reader { text, at: 0, style: self.style };
        match child.start_tag() {
            Ok((_, false)) => true,
            Ok((node, true)) => {
                child.rest().contains(&format!("</{}>", node.tag)) || !text.contains(&format!("</{around}>"))
            }
            Err(Stop::End) => true,
            Err(Stop::Bad(_)) => false,
        }
    }

    fn end_tag_ahead(&self, text: &str, tag: &str) -> bool {
        text.strip_prefix("</").and_then(|text| text.strip_prefix(tag)).is_some_and(|text| text.starts_with('>'))
    }

    /// Whether the end tag of a node is here. If not, another child must start.
    fn end_tag(&mut self, tag: &str) -> Result<bool, Stop> {
        let rest = self.rest();
        if self.end_tag_ahead(rest, tag) {
            self.at += tag.len() + 3;
            return Ok(true);
        }
        if starts(rest) {
            return Ok(false);
        }
        let end = format!("</{tag}>");
        Err(if end.starts_with(rest) { Stop::End } else { Stop::Bad("an end tag or another node") })
    }
}

const BAD_ATTRIBUTE: Stop = Stop::Bad("an attribute or the end of the tag");

/// Whether a value has ended before this text: another attribute or the end of the tag follows.
fn ends_value(rest: &str, quote: char) -> bool {
    let behind = rest.trim_start();
    if behind.is_empty() || behind.starts_with("/>") || behind.starts_with('>') {
        return true;
    }
    let length = name_length(behind);
    let follows = behind.get(length..).and_then(|behind| behind.strip_prefix('='));
    behind.len() < rest.len() && length > 0 && follows.is_some_and(|behind| behind.starts_with(quote))
}

fn unescaped(text: &str) -> String {
    const ENTITIES: [(&str, &str); 5] =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    ENTITIES.iter().fold(text.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

/// Reads the content that a logger printed.
fn told(content: &str, style: &Style) -> Told {
    // Loggers that indent put content on separate lines.
    let text = if content.starts_with(['\n', '\r']) { content.trim() } else { content };
    let hex = || {
        let digits: String = text.split('\n').map(str::trim).collect();
        HEXLOWER.decode(digits.as_bytes()).ok().filter(|bytes| !bytes.is_empty())
    };
    match style.bytes {
        Bytes::Hex => hex().map_or_else(|| Told::Text(text.to_owned()), Told::Bytes),
        Bytes::HexUnlessPrintable => {
            hex().filter(|bytes| !is_printable(bytes)).map_or_else(|| Told::Text(text.to_owned()), Told::Bytes)
        }
        Bytes::Base64 => {
            let text = unescaped(text);
            let bytes = BASE64.decode(text.as_bytes()).ok().filter(|bytes| !bytes.is_empty());
            bytes.map_or(Told::Text(text), Told::Bytes)
        }
        Bytes::Size => Told::Text(text.to_owned()),
    }
}

/// Whether whatsmeow prints the bytes as text.
fn is_printable(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| text.chars().all(|character| !character.is_control()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(style: &Style, text: &str, xml: &str) {
        match parse(text, style) {
            Parsed::Whole(draft, length) => {
                assert_eq!(draft.into_tree().to_string(), xml, "{text}");
                assert_eq!(length, text.len(), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn values_end_where_another_attribute_or_the_tag_ends() {
        reads(&WHATSMEOW, r#"<a b="x"y" c="1"/>"#, r#"<a b="x&quot;y" c="1"/>"#);
        reads(&BAILEYS, "<a b='it's' c='d > e' >\n\t<b />\n</a>", r#"<a b="it's" c="d &gt; e"><b/></a>"#);
        reads(&BAILEYS, "<a />", "<a/>");
        reads(&ZAPO, "<a b='x&apos;&lt;&amp;lt;'/>", r#"<a b="x'&lt;&amp;lt;"/>"#);
    }

    #[test]
    fn content_is_bytes_where_the_logger_prints_them_so() {
        reads(&WHATSMEOW, "<a>0a01</a>", "<a>{base64}CgE=</a>");
        reads(&WHATSMEOW, "<a>3132</a>", "<a>{text}3132</a>");
        reads(&BAILEYS, "<a >\n\t3132\n</a>", "<a>12</a>");
        reads(&BAILEYS, "<a >\n\thello\n</a>", "<a>{text}hello</a>");
        reads(&ZAPO, "<a>CgE=</a>", "<a>{base64}CgE=</a>");
        reads(&WHATSAPP_RUST, "<a>0a01</a>", "<a>{text}0a01</a>");
        reads(&WHATSMEOW, "<a><!-- 182 bytes --></a>", "<a><!-- missing 182 bytes --></a>");
        reads(&WHATSMEOW, "<a><b>1 < 2 <c></b></a>", "<a><b>{text}1 &lt; 2 &lt;c></b></a>");
        reads(&WHATSMEOW, "<a><b c></a>", "<a>{text}&lt;b c></a>");
        reads(&WHATSMEOW, "<a>\n  <b>\n    0a01\n    02ff\n  </b>\n</a>", "<a><b>{base64}CgEC/w==</b></a>");
    }

    #[test]
    fn nodes_may_be_nested_256_deep() {
        for (depth, is_read) in [(DEEPEST, true), (DEEPEST + 1, false)] {
            let text = "<a>".repeat(depth) + &"</a>".repeat(depth);
            assert_eq!(matches!(parse(&text, &WHATSMEOW), Parsed::Whole(..)), is_read, "{depth}");
        }
    }

    #[test]
    fn what_does_not_end_is_open() {
        let whole = "<a b=\"1\"><c d=\"2\"/><e>xyz</e></a>";
        for length in 3..whole.len() {
            let cut = whole.get(..length).unwrap();
            assert!(matches!(parse(cut, &WHATSMEOW), Parsed::Open(_)), "{cut}: {:?}", parse(cut, &WHATSMEOW));
        }
        assert!(matches!(parse("<a b=c/>", &WHATSMEOW), Parsed::Bad(5, _)));
        assert!(!starts("<- x") && !starts("<Buffer 00>") && !starts("< a") && starts("<stream:error>"));
    }
}
