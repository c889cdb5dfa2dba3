//! The forms of the public call research group: capture records as YAML, and the text of an issue.
//!
//! Source: `WhiskeySockets/wacrg` `corpus/schema/capture.schema.json`, `.github/ISSUE_TEMPLATE/stanza_capture.yml` and
//! `scripts/ingest-issue.ts` at 3fc770f.

use std::fmt::Write as _;

use wabinary::stanza::Direction;

mod description;
pub(crate) mod read;

pub use description::read_description;

/// The techniques that the schema knows.
pub const TECHNIQUES: &[&str] = &[
    "websocket-capture",
    "baileys-instrumentation",
    "frida-hooking",
    "mitm-tls",
    "static-smali-analysis",
    "memory-dump",
    "wasm-analysis",
];

/// The confidences that the schema knows.
pub const CONFIDENCES: &[&str] = &["confirmed", "probable", "speculative", "unknown"];

/// The text of an empty field of an issue.
pub(crate) const NO_RESPONSE: &str = "_No response_";

/// The start of an issue.
pub(crate) const ISSUE_START: &str = "### Stanza tag";

/// A stanza with the data for its forms. All texts are written unchanged: pass sanitized ones.
#[derive(Clone, Debug)]
pub struct Submission<'a> {
    /// The name of the record: `offer-1`.
    pub id: &'a str,
    /// One of [`TECHNIQUES`].
    pub technique: &'a str,
    /// The tools that took the capture.
    pub tools: &'a [String],
    /// The client that sent or received the stanza.
    pub client: Option<&'a str>,
    /// The tag of the stanza.
    pub stanza_tag: &'a str,
    /// The direction of the stanza; without it the record says both.
    pub direction: Option<Direction>,
    /// One of [`CONFIDENCES`].
    pub confidence: &'a str,
    /// The frame as hex; without it the record has the XML.
    pub hex: Option<&'a str>,
    /// The stanza as XML.
    pub xml: &'a str,
    /// Whether a person confirms that the text is free of persons and secrets.
    pub is_reviewed: bool,
}

impl Submission<'_> {
    /// The record as a YAML document.
    #[must_use]
    pub fn yaml(&self) -> String {
        let mut yaml =
            format!("---\nid: {}\nstatus: draft\nsource:\n  technique: {}\n", quoted(self.id), self.technique);
        if !self.tools.is_empty() {
            yaml.push_str("  tools:\n");
            for tool in self.tools {
                _ = writeln!(yaml, "    - {}", quoted(tool));
            }
        }
        _ = writeln!(yaml, "stanza_tag: {}", quoted(self.stanza_tag));
        _ = writeln!(yaml, "direction: {}\nconfidence: {}\nraw:", self.direction_name(), self.confidence);
        match self.hex {
            Some(hex) => _ = writeln!(yaml, "  format: hex\n  body: {}", quoted(hex)),
            None => _ = writeln!(yaml, "  format: xml\n  body: {}", quoted(self.xml.trim_end())),
        }
        if let Some(client) = self.client {
            _ = writeln!(yaml, "notes: {}", quoted(&format!("Client / platform: {client}")));
        }
        if self.is_reviewed {
            yaml.push_str("sanitized: true\n");
        }
        yaml
    }

    /// The text of an issue: eleven headings.
    #[must_use]
    pub fn issue(&self) -> String {
        let tools = self.tools.join(", ");
        let fenced = format!("```text\n{}\n```", self.xml.trim_end());
        let sections = [
            ("Stanza tag", self.stanza_tag),
            ("Direction", self.direction_name()),
            ("Client / platform", self.client.unwrap_or("")),
            ("Capture technique", self.technique),
            ("Tools used", &tools),
            ("Confidence", self.confidence),
            ("Raw stanza", &fenced),
            ("Decoded structure", ""),
            ("Observed attributes", ""),
            ("Provenance", ""),
            ("Notes / open questions", ""),
        ];
        let mut issue = String::new();
        for (heading, text) in sections {
            let text = if text.is_empty() { NO_RESPONSE } else { text };
            _ = writeln!(issue, "### {heading}\n\n{text}\n");
        }
        issue
    }

    fn direction_name(&self) -> &'static str {
        match self.direction {
            Some(Direction::Send) => "outgoing",
            Some(Direction::Receive) => "incoming",
            None => "bidirectional",
        }
    }
}

/// A text in double quotes, as in JSON, which YAML can read.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() => _ = write!(quoted, "\\u{:04x}", u32::from(letter)),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
