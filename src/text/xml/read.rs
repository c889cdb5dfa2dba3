//! Reading one root: from its `<` to the end of its end tag.

use std::borrow::Cow;
use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesStart, Event};

use super::chars::{is_blank, is_in_xml, referenced};
use super::error::Problem;
use super::names::{first_not_of_name, read_name, write_name};
use super::prefix::{plain_content, plain_value};
use super::prefixed::{prefixed_content, prefixed_value};
use super::warnings::{self, Warnings};
use crate::node::{Builder, Node};
use crate::text::{DEEPEST, TOO_DEEP};

/// The default node limit of decoders and encoders.
const MOST_NODES: usize = 1 << 20;
/// More attributes than a list size can count.
const MOST_ATTRIBUTES: usize = 1 << 16;

const NO_CHARACTER: &str = "character that XML does not have";

/// Reads the node that spans all of `xml`, and the doubts about it. Offsets of problems are in bytes from its start.
pub(super) fn read_root(xml: &str) -> Result<(Node, Vec<Problem>), Problem> {
    let mut events = Reader::from_str(xml);
    let config = events.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let (open, warnings) = (Vec::new(), Warnings::default());
    let mut root = Root { xml, builder: Node::build(""), open, nodes: 0, text: Text::default(), warnings };
    loop {
        let start = events.buffer_position() as usize;
        let event = events.read_event().map_err(|error| syntax(&error, events.error_position() as usize));
        let read = event.and_then(|event| root.event(start, event));
        read.map_err(|problem| Problem { path: root.path(&problem.path), ..problem })?;
        if root.open.is_empty() {
            let end = events.buffer_position() as usize;
            let is_all = xml.get(end..).is_none_or(str::is_empty);
            let read = (root.builder.finish(), root.warnings.finish());
            return if is_all { Ok(read) } else { Err(Problem::new(end, "text after the node", "")) };
        }
    }
}

/// The state of reading a root.
struct Root<'x> {
    xml: &'x str,
    builder: Builder,
    open: Vec<OpenElement<'x>>,
    nodes: usize,
    /// The text inside the node opened last, or after the node closed last.
    text: Text,
    warnings: Warnings,
}

/// A node whose end tag is to come.
struct OpenElement<'x> {
    name: &'x str,
    start: usize,
    has_children: bool,
    /// The first comment directly inside.
    comment: Option<Comment>,
}

/// A comment in a node that has no content so far.
struct Comment {
    start: usize,
    /// Whether it says that the content is missing.
    is_missing_content: bool,
}

/// Text between tags, without the white space around it.
#[derive(Default)]
struct Text {
    text: String,
    /// White space before this offset is kept: it comes from references and CDATA.
    kept: usize,
    /// The offset of the first character.
    start: Option<usize>,
}

impl<'x> Root<'x> {
    fn event(&mut self, start: usize, event: Event<'x>) -> Result<(), Problem> {
        match event {
            Event::Start(tag) => self.open(start, &tag),
            Event::Empty(tag) => {
                self.open(start, &tag)?;
                self.close()
            }
            Event::End(tag) => {
                let open = self.open.last().map_or("", |open| open.name);
                if tag.name().as_ref() != open {
                    return Err(Problem::new(start, "end tag of another node", format!("</{open}>")));
                }
                self.close()
            }
            Event::Text(text) => {
                let text = text.into_inner();
                if let Some((at, _)) = text.char_indices().find(|(_, character)| !is_in_xml(*character)) {
                    return Err(Problem::new(start + at, NO_CHARACTER, ""));
                }
                self.add_text(start, &text, false)
            }
            Event::CData(text) => {
                let text = text.into_inner();
                match text.find(|character| !is_in_xml(character)) {
                    Some(at) => Err(Problem::new(start + "<![CDATA[".len() + at, NO_CHARACTER, "")),
                    None => self.add_text(start, &text, true),
                }
            }
            Event::GeneralRef(reference) => {
                let character = resolved(&reference.into_inner(), start)?;
                self.add_text(start, character.encode_utf8(&mut [0; 4]), true)
            }
            Event::Comment(comment) => {
                let is_missing_content = warnings::is_missing_content(&comment.into_inner());
                if let Some(open) = self.open.last_mut() {
                    open.comment.get_or_insert(Comment { start, is_missing_content });
                }
                Ok(())
            }
            Event::PI(_) | Event::Decl(_) => Ok(()),
            Event::DocType(_) => Err(Problem::new(start, "DOCTYPE inside a node", "")),
            Event::Eof => {
                let (name, start) = self.open.last().map_or(("", 0), |open| (open.name, open.start));
                Err(Problem::new(start, "node without an end tag", format!("</{name}>")))
            }
        }
    }

    fn open(&mut self, start: usize, tag: &BytesStart<'_>) -> Result<(), Problem> {
        if let Some(open) = self.open.last_mut() {
            open.has_children = true;
        }
        self.no_text_beside_nodes()?;
        if self.open.len() >= DEEPEST {
            return Err(Problem::new(start, TOO_DEEP, ""));
        }
        if self.nodes >= MOST_NODES {
            return Err(Problem::new(start, format!("more than {MOST_NODES} nodes"), ""));
        }
        let name = self.xml.get(start + 1..).and_then(|rest| rest.get(..tag.name().as_ref().len())).unwrap_or("");
        let read = read_tag_or_name(name, start + 1)?;
        match self.open.is_empty() {
            true => self.builder.retag(&read),
            false => self.builder.begin_child(&read),
        };
        self.nodes += 1;
        self.open.push(OpenElement { name, start, has_children: false, comment: None });
        self.attributes(start + 1, tag)
    }

    fn attributes(&mut self, start: usize, tag: &BytesStart<'_>) -> Result<(), Problem> {
        let mut names = HashSet::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| bad_attribute(&error, start))?;
            let Cow::Borrowed(raw) = attribute.value else { continue };
            let written = attribute.key.into_inner();
            let (at, value_at) = (self.offset_of(written), self.offset_of(raw));
            if !self.xml.get(..at).is_some_and(|before| before.ends_with(is_blank)) {
                return Err(Problem::new(at, "attribute directly after another", "a blank"));
            }
            let name = read_tag_or_name(written, at)?;
            if !names.insert(written) {
                let mut again = String::new();
                let _ = write_name(&mut again, &name, 1);
                let expected = format!("another name, or for the same one again {again}");
                return Err(Problem::new(at, "attribute for the second time", expected));
            }
            if names.len() > MOST_ATTRIBUTES {
                return Err(Problem::new(at, format!("more than {MOST_ATTRIBUTES} attributes"), ""));
            }
            let in_attribute = |problem| Problem { path: format!(" > @{written}"), ..problem };
            let text = attribute_text(raw, value_at).map_err(in_attribute)?;
            match plain_value(&name, &text) {
                Some((value, doubt)) => {
                    self.builder.attr(&name, value);
                    if let Some(doubt) = doubt {
                        let path = self.path(&format!(" > @{written}"));
                        self.warnings.add(doubt.message(), value_at, path);
                    }
                }
                None => _ = self.builder.attr(&name, prefixed_value(&text, value_at).map_err(in_attribute)?),
            }
        }
        Ok(())
    }

    /// Adds to the text; `kept`: its white space is kept.
    fn add_text(&mut self, start: usize, text: &str, kept: bool) -> Result<(), Problem> {
        let skipped = if kept || self.text.start.is_some() { text } else { text.trim_start_matches(is_blank) };
        if skipped.is_empty() {
            return Ok(());
        }
        self.text.start.get_or_insert(start + text.len() - skipped.len());
        if kept {
            self.text.text.push_str(skipped);
            self.text.kept = self.text.text.len();
        } else {
            // A line break is one character in any spelling. Source: section 2.11 of XML 1.0.
            self.text.text.push_str(&skipped.replace("\r\n", "\n").replace('\r', "\n"));
        }
        if self.open.last().is_some_and(|open| open.has_children) { self.no_text_beside_nodes() } else { Ok(()) }
    }

    fn no_text_beside_nodes(&mut self) -> Result<(), Problem> {
        match self.text.start {
            Some(start) => Err(Problem::new(start, "text beside nodes", "text or nodes as content, not both")),
            None => Ok(()),
        }
    }

    /// Closes the node opened last.
    fn close(&mut self) -> Result<(), Problem> {
        let Text { text, kept, start } = std::mem::take(&mut self.text);
        if let Some(start) = start {
            let (meant, rest) = text.split_at(kept);
            let content = text.get(..meant.len() + rest.trim_end_matches(is_blank).len()).unwrap_or(&text);
            let tag = self.open.last().and_then(|open| read_name(open.name)).unwrap_or_default();
            match plain_content(&tag, content) {
                Some((bytes, doubt)) => {
                    self.builder.content(bytes);
                    if let Some(doubt) = doubt {
                        self.warnings.add(doubt.message(), start, self.path(""));
                    }
                }
                None => prefixed_content(&self.builder, content, start)?,
            }
        } else if let Some(OpenElement { comment: Some(comment), has_children: false, .. }) = self.open.last() {
            if comment.is_missing_content {
                return Err(Problem::new(
                    comment.start,
                    "comment in the place of content that is missing",
                    warnings::MISSING_CONTENT,
                ));
            }
            self.warnings.add(warnings::COMMENT, comment.start, self.path(""));
        }
        self.open.pop();
        self.builder.end_child();
        Ok(())
    }

    /// The offset of a part of the text.
    fn offset_of(&self, part: &str) -> usize {
        (part.as_ptr() as usize).saturating_sub(self.xml.as_ptr() as usize)
    }

    /// The path of open nodes, and `behind` after it.
    fn path(&self, behind: &str) -> String {
        let names: Vec<&str> = self.open.iter().map(|open| open.name).collect();
        names.join(" > ") + behind
    }
}

/// The tag or attribute name in an XML name.
fn read_tag_or_name(written: &str, at: usize) -> Result<Cow<'_, str>, Problem> {
    if written.is_empty() {
        return Err(Problem::new(at, "no name", "a name"));
    }
    match first_not_of_name(written) {
        Some((offset, '<')) => Err(Problem::new(at + offset, "tag that does not end", "> before it")),
        Some((offset, character)) => {
            let mut escape = String::new();
            let _ = write_name(&mut escape, character.encode_utf8(&mut [0; 4]), 0);
            Err(Problem::new(at + offset, "character that no name has there", format!("its number, as {escape}")))
        }
        None => read_name(written)
            .ok_or_else(|| Problem::new(at, "escape without a character", "_xHHHH_ with a character's number")),
    }
}

/// The text of an attribute. Source for white space: section 3.3.3 of XML 1.0.
fn attribute_text(raw: &str, start: usize) -> Result<Cow<'_, str>, Problem> {
    let is_special = |character: char| {
        matches!(character, '&' | '<') || (character != ' ' && is_blank(character)) || !is_in_xml(character)
    };
    let Some(first) = raw.find(is_special) else { return Ok(raw.into()) };
    let (plain, mut rest) = raw.split_at(first);
    let mut text = plain.to_owned();
    while let Some(character) = rest.chars().next() {
        let at = start + raw.len() - rest.len();
        let length = match character {
            '&' => {
                let Some((reference, _)) = rest.get(1..).and_then(|behind| behind.split_once(';')) else {
                    return Err(no_reference(at));
                };
                text.push(resolved(reference, at)?);
                reference.len() + 2
            }
            '<' => return Err(Problem::new(at, "< inside of a tag", "a quote or > before it; &lt; for the character")),
            '\r' if rest.starts_with("\r\n") => {
                text.push(' ');
                2
            }
            blank if is_blank(blank) => {
                text.push(' ');
                1
            }
            other if !is_in_xml(other) => return Err(Problem::new(at, NO_CHARACTER, "")),
            _ => {
                let plain = rest.get(..rest.find(is_special).unwrap_or(rest.len())).unwrap_or(rest);
                text.push_str(plain);
                plain.len()
            }
        };
        rest = rest.get(length..).unwrap_or("");
    }
    Ok(text.into())
}

fn resolved(reference: &str, start: usize) -> Result<char, Problem> {
    let expected = "&amp;, &lt;, &gt;, &quot;, &apos; or the number of a character of XML, as &#x41;";
    referenced(reference).ok_or_else(|| Problem::new(start, "unknown reference", expected))
}

fn no_reference(start: usize) -> Problem {
    Problem::new(start, "& without a reference", "&amp; for the character itself")
}

fn bad_attribute(error: &AttrError, start: usize) -> Problem {
    let (at, what, expected) = match error {
        AttrError::ExpectedEq(at) => (*at, "attribute without a value", "= and a value in quotes"),
        AttrError::ExpectedValue(at) | AttrError::UnquotedValue(at) => (*at, "value without quotes", "a quote"),
        AttrError::ExpectedQuote(at, _) => (*at, "value that does not end", "a quote"),
        AttrError::Duplicated(at, _) => (*at, "attribute for the second time", ""),
    };
    Problem::new(start + at, what, expected)
}

fn syntax(error: &Error, start: usize) -> Problem {
    let (what, expected) = match error {
        Error::Syntax(SyntaxError::UnclosedTag) => ("tag that does not end", ">"),
        Error::Syntax(
            SyntaxError::UnclosedSingleQuotedAttributeValue | SyntaxError::UnclosedDoubleQuotedAttributeValue,
        ) => ("tag with a value that does not end", "a quote"),
        Error::Syntax(SyntaxError::UnclosedComment) => ("comment that does not end", "-->"),
        Error::Syntax(SyntaxError::UnclosedCData) => ("CDATA section that does not end", "]]>"),
        Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => {
            ("instruction that does not end", "?>")
        }
        Error::IllFormed(IllFormedError::UnclosedReference) => return no_reference(start),
        _ => ("unknown markup", "a tag, a comment or a CDATA section"),
    };
    Problem::new(start, what, expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More attributes than a list of a frame can count, so that an encoder has something to refuse.
    #[test]
    fn a_node_may_have_65536_attributes() {
        let with = |count| (0..count).fold("<a".to_owned(), |xml, number| xml + &format!(" a{number}=''")) + "/>";
        assert_eq!(Node::from_xml(&with(65_536)).map(|node| node.attrs().count()), Ok(65_536));
        let error = Node::from_xml(&with(65_537)).unwrap_err();
        assert!(error.to_string().starts_with("more than 65536 attributes at line 1"), "{error}");
    }

    /// Section 3.3.3 of XML 1.0, after section 2.11.
    #[test]
    fn each_line_break_and_tab_in_an_attribute_is_a_space() {
        assert_eq!(attribute_text("a\rb\r\nc\nd\te\r\rf\r", 0).unwrap(), "a b c d e  f ");
        assert_eq!(attribute_text("&#xD;\r&#xA;", 0).unwrap(), "\r \n");
    }
}
