//! XML with styles for a terminal.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use crate::tone::Tone;

const TAG: Style = AnsiColor::Blue.on_default().bold();
const NAME: Style = AnsiColor::Blue.on_default();
const VALUE: Style = AnsiColor::Green.on_default();

/// Adds the XML of a tree to a text, as [`Display`](std::fmt::Display) writes it, with styles for tags, names of
/// attributes, values and content. Comments are dim. Removing the styles gives the XML again.
///
/// ```
/// let mut styled = String::new();
/// wabinary_render::xml::push_styled(&mut styled, r#"<ack id="1"/>"#);
/// let plain = "<\u{1b}[1m\u{1b}[34mack\u{1b}[0m \u{1b}[34mid\u{1b}[0m=\u{1b}[32m\"1\"\u{1b}[0m/>";
/// assert_eq!(styled, plain);
/// ```
pub fn push_styled(out: &mut String, xml: &str) {
    let mut rest = xml;
    while !rest.is_empty() {
        let content = rest.split('<').next().unwrap_or_default();
        push(out, VALUE, content);
        rest = rest.get(content.len()..).unwrap_or_default();
        rest = match rest.strip_prefix("<!--") {
            Some(_) => {
                let end = rest.find("-->").map_or(rest.len(), |end| end + 3);
                let (comment, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
                push(out, Tone::Dim.style(), comment);
                behind
            }
            None => push_tag(out, rest),
        };
    }
}

/// Adds one tag, and returns the text after it.
fn push_tag<'x>(out: &mut String, xml: &'x str) -> &'x str {
    let starts = |text: &'x str, is_part: fn(char) -> bool| {
        text.split_at_checked(text.find(|character| !is_part(character)).unwrap_or(text.len())).unwrap_or((text, ""))
    };
    let (open, rest) = starts(xml, |character| matches!(character, '<' | '/'));
    out.push_str(open);
    let (tag, mut rest) = starts(rest, |character| !matches!(character, ' ' | '/' | '>'));
    push(out, TAG, tag);
    loop {
        let (blank, behind) = starts(rest, |character| character == ' ');
        out.push_str(blank);
        let (name, behind) = starts(behind, |character| !matches!(character, '=' | '/' | '>'));
        if name.is_empty() {
            let (close, behind) =
                behind.split_at_checked(behind.find('>').map_or(behind.len(), |at| at + 1)).unwrap_or((behind, ""));
            out.push_str(close);
            return behind;
        }
        push(out, NAME, name);
        let value = behind.get(2..).and_then(|value| value.find('"')).map_or(behind.len(), |end| end + 3);
        let (value, behind) = behind.split_at_checked(value).unwrap_or((behind, ""));
        out.push_str(value.get(..1).unwrap_or_default());
        push(out, VALUE, value.get(1..).unwrap_or_default());
        rest = behind;
    }
}

fn push(out: &mut String, style: Style, text: &str) {
    if text.trim().is_empty() {
        out.push_str(text);
    } else {
        // Writing to a string does not fail.
        let _ = write!(out, "{style}{text}{style:#}");
    }
}
