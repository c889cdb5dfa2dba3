//! The stanza as XML, and the texts to copy.

use std::fmt::{self, Write};

use data_encoding::HEXLOWER;
use maud::{Markup, html};
use wabinary::NodeRef;

use crate::shown::Lines;

/// The longest text to copy, in bytes. For longer ones, a command writes them to a file.
const LONGEST: usize = 64 << 10;

/// The stanza, and buttons that copy it and its bytes.
pub(super) fn stanza(number: u64, node: Option<NodeRef<'_>>, frame: &[u8]) -> Markup {
    let xml = node.map(xml);
    let hex = (!frame.is_empty() && frame.len() * 2 <= LONGEST).then(|| HEXLOWER.encode(frame));
    html! {
        div.stanza {
            p.copies.screen.scripted {
                @if let Some(Some(_)) = xml { button type="button" data-copy="xml" { "Copy XML" } " " }
                @if let Some(hex) = hex { button type="button" data-copy="hex" data-hex=(hex) { "Copy hex" } }
            }
            @match xml {
                Some(Some(xml)) => pre tabindex="0" role="region" aria-label={ "Frame " (number) " as XML" } { code { (Lines(&xml)) } },
                Some(None) => p.soft { "As XML it is longer than " (LONGEST) " bytes: " code { "wabinary decode" } " prints it." },
                None => {}
            }
        }
    }
}

/// A tree as XML, unless it is too long.
fn xml(node: NodeRef<'_>) -> Option<String> {
    let mut text = Short(String::new());
    write!(text, "{node:#}").is_ok().then_some(text.0)
}

/// A buffer that refuses longer texts.
struct Short(String);

impl Write for Short {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.0.len() + text.len() > LONGEST {
            return Err(fmt::Error);
        }
        self.0.push_str(text);
        Ok(())
    }
}
