//! Parts that the dialects of text logs share.

use wabinary::stanza::Direction;

use super::{Head, Progress, head};
use crate::direction_of_word;
use crate::markup::{self, Parsed, Style};
use crate::read::Read;
use crate::record::{Fidelity, Lost, Manner, Payload, Record};

/// Reads a stanza as XML.
pub(super) fn xml(stanza: &str, head: &Head, source: &'static str, style: &Style, lost: Lost) -> Progress {
    match markup::parse(stanza, style) {
        Parsed::Whole(draft, _) => Progress::Read(Read::one(told(draft.into_tree().into(), head, source, lost))),
        open @ Parsed::Open(_) => Progress::Open(open.fault()),
        bad @ Parsed::Bad(..) => Progress::Read(Read::one(told(bad.fault().into(), head, source, lost))),
    }
}

/// A record from a line of a log.
pub(super) fn told(payload: Payload, head: &Head, source: &'static str, lost: Lost) -> Record {
    let record = Record::from(payload).told_by(source, Fidelity::Text, lost);
    Record { time: head::time(&head.before), direction: head.direction, manner: Some(Manner::Xml), ..record }
}

/// The start of a tag in a line, and the text before it.
pub(super) fn tag(line: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(at) = line.get(from..)?.find('<') {
        let at = from + at;
        if markup::starts(line.get(at..)?) {
            return line.split_at_checked(at);
        }
        from = at + 1;
    }
    None
}

/// Whether a line can continue XML: it is indented or starts with a tag, and does not start a new entry of the log.
pub(super) fn xml_goes_on(line: &str) -> bool {
    line.trim().is_empty() || (line.starts_with([' ', '\t', '<']) && !head::starts_entry(line))
}

/// The direction in the last word before a stanza: `[RECEIVED]`, `recv:`, `-->`.
pub(super) fn label(before: &str) -> Option<Direction> {
    /// These words are also common in prose, so they need a bracket or colon.
    const PROSE: [&str; 10] =
        ["in", "out", "read", "write", "server", "client", "input", "output", "upstream", "downstream"];
    let last = before.split_whitespace().last()?;
    let bare = last.trim_matches(['[', ']', '(', ')', ':', '=', '*', '%', 'c']);
    let word = if last.starts_with(['<', '>', '-', '=']) { last } else { bare };
    let is_marked = word != last || word.starts_with(['<', '>', '-', '=', '←', '→']);
    direction_of_word(word).filter(|_| is_marked || !PROSE.contains(&word))
}
