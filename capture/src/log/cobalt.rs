//! Cobalt: `Node[description=iq, attributes={k=v, …}, children=[Node[…]]]`, until 2025 with `content=[Node[…]]`.
//!
//! Bytes are signed decimals; those of `result`, `query` and `body` are text. The label before is the user's own. Source:
//! `Auties00/Cobalt` `node/Node.java`; lines in Auties00/Cobalt#485, #206, #642.

use super::{Begun, Dialect, Head, Progress, console, head};
use crate::direction_of_word;
use crate::draft::{DEEPEST, Draft, Told};
use crate::fault::Fault;
use crate::read::Read;
use crate::record::Lost;

const LOST: Lost = Lost::VALUE_TYPES.and(Lost::CONTENT_TYPE);
const START: &str = "Node[description=";

pub(super) const DIALECT: Dialect = Dialect {
    begins: |line| {
        let (before, stanza) = line.split_at_checked(line.find(START)?)?;
        let words = before.split([' ', '[', ']', ':', '(', ')', '\t']).filter(|word| !word.is_empty());
        let mut direction =
            words.filter(|word| word.len() > 2 || word.starts_with(['<', '>'])).filter_map(direction_of_word);
        Some(Begun { head: Head { before: before.to_owned(), direction: direction.next_back() }, stanza })
    },
    read,
    goes_on: |line| !line.trim().is_empty() && !line.contains(START) && !head::starts_entry(line),
};

fn read(stanza: &str, head: &Head) -> Progress {
    let mut reader = Reader { rest: stanza };
    let payload = match reader.node(1) {
        Ok(draft) => draft.into_tree().into(),
        Err(Stop::End) => {
            let message = "the stanza that begins here does not end: a bracket is missing";
            return Progress::Open(Fault::in_tree("log-cut", "", message));
        }
        Err(Stop::Bad(expected)) => {
            let offset = stanza.len() - reader.rest.len();
            let message = format_args!("expected {expected} at offset {offset} of the stanza");
            Fault::in_tree("log-node", "", message).into()
        }
    };
    Progress::Read(Read::one(console::told(payload, head, "cobalt", LOST)))
}

enum Stop {
    End,
    Bad(&'static str),
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The text before the first of these ends.
    fn until(&mut self, ends: &[&str]) -> Result<&'t str, Stop> {
        let mut marks = self.rest.match_indices([',', ']', '}']).map(|(at, _)| at);
        let is_end = |at: &usize| ends.iter().any(|end| self.rest.get(*at..).is_some_and(|rest| rest.starts_with(end)));
        let (before, rest) = marks.find(is_end).and_then(|at| self.rest.split_at_checked(at)).ok_or(Stop::End)?;
        self.rest = rest;
        Ok(before)
    }

    fn node(&mut self, depth: usize) -> Result<Draft, Stop> {
        if depth > DEEPEST {
            return Err(Stop::Bad("at most 256 nested nodes"));
        }
        if !self.take(START) {
            return Err(if START.starts_with(self.rest) { Stop::End } else { Stop::Bad("Node[description=") });
        }
        let mut node = Draft::named(self.until(&[", attributes={", ", content=", ", children=", "]"])?);
        if self.take(", attributes={") {
            let attributes = self.until(&["}]", "}, content=", "}, children="])?;
            self.rest = self.rest.get(1..).unwrap_or("");
            for (name, value) in entries(attributes) {
                node.attr(name, value);
            }
        }
        if self.take(", children=") || self.take(", content=") {
            node.content = self.content(depth)?;
        }
        match self.take("]") {
            true => Ok(node),
            false if self.rest.is_empty() => Err(Stop::End),
            false => Err(Stop::Bad("a closing bracket")),
        }
    }

    fn content(&mut self, depth: usize) -> Result<Told, Stop> {
        if self.take("null") {
            return Ok(Told::Nothing);
        }
        if self.rest.starts_with("[B@") {
            // The name that Java gives to an array.
            self.until(&["]"])?;
            return Ok(Told::Missing(None));
        }
        if self.rest.starts_with("Node[") {
            return Ok(Told::Nodes(vec![self.node(depth + 1)?]));
        }
        if self.rest.starts_with("[Node[") {
            self.take("[");
            let mut nodes = Vec::new();
            loop {
                nodes.push(self.node(depth + 1)?);
                if !self.take(", ") {
                    break;
                }
            }
            return match self.take("]") {
                true => Ok(Told::Nodes(nodes)),
                false if self.rest.is_empty() => Err(Stop::End),
                false => Err(Stop::Bad("another node or a closing bracket")),
            };
        }
        if let Some(list) = self.rest.strip_prefix('[')
            && let Some((list, rest)) = list.split_once(']')
            && let Some(bytes) = bytes(list)
        {
            self.rest = rest;
            return Ok(Told::Bytes(bytes));
        }
        // A text ends at the bracket before the end of a node or before the next node.
        let mut ends = self.rest.match_indices(']').map(|(at, _)| at);
        let is_end = |at: &usize| {
            let behind = self.rest.get(at + 1..).unwrap_or("");
            behind.trim_end().is_empty() || behind.starts_with([']', ',', ' ', '\n'])
        };
        let (text, rest) = ends.find(is_end).and_then(|at| self.rest.split_at_checked(at)).ok_or(Stop::End)?;
        self.rest = rest;
        Ok(Told::Text(text.to_owned()))
    }
}

/// `1, -8, 27`: bytes.
fn bytes(list: &str) -> Option<Vec<u8>> {
    if list.is_empty() {
        return Some(Vec::new());
    }
    list.split(", ").map(|number| number.parse::<i8>().ok().map(i8::cast_unsigned)).collect()
}

/// `k=v, l=w`. A value ends before the next name and `=`.
fn entries(attributes: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_:.".contains(c));
    let mut rest = attributes;
    std::iter::from_fn(move || {
        let (name, value) = rest.split_once('=')?;
        let ends = value.match_indices(", ").map(|(at, _)| at);
        let mut ends = ends.filter(|at| {
            let behind = value.get(at + 2..).and_then(|behind| behind.split_once('='));
            behind.is_some_and(|(name, _)| is_name(name))
        });
        let end = ends.next().unwrap_or(value.len());
        rest = value.get(end + 2..).unwrap_or("");
        Some((name, value.get(..end).unwrap_or("")))
    })
}
