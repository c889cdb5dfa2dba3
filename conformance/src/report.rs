//! The results, as data, as text and as a page.

use std::collections::BTreeMap;
use std::fmt;

use data_encoding::HEXLOWER;
use serde::Serialize;

use crate::protocol::Description;
use crate::tree::Tree;
use crate::verdict::{Class, Deviation, Probe, Signature};

mod cell;
mod html;
mod text;

pub use cell::cell_text;
pub use html::page;

/// The results for one codec.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The codec.
    pub name: String,
    /// Its version.
    pub version: String,
    /// How many requests were compared.
    pub asked: u64,
    /// How many of them were answered as this library does.
    pub conforming: u64,
    /// Of frames that were decoded.
    pub decoding: Share,
    /// Of trees that were encoded.
    pub encoding: Share,
    /// How often the adapter died.
    pub crashes: u64,
    /// How often it did not answer in time.
    pub hangs: u64,
    /// How often it died and answered the same request after a new start.
    pub deaths: u64,
    /// The number of lines that were not answers.
    pub junk: u64,
    /// How often it was started.
    pub starts: u32,
    /// Whether it died or hung so often that not all was asked.
    pub gave_up: bool,
    /// What became of each row of GRAMMAR.md.
    pub cells: Vec<Cell>,
    /// How many other inputs deviate as a row does, by row.
    pub in_rows: BTreeMap<String, u64>,
    /// Small inputs that deviate where GRAMMAR.md has no row.
    pub elsewhere: Vec<Example>,
}

/// Answers of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    /// How many requests were compared.
    pub asked: u64,
    /// How many of them were answered as this library does.
    pub conforming: u64,
}

/// A row of GRAMMAR.md.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    /// The row: `D1.1`, or a section and what is written there.
    pub row: String,
    /// The odd part.
    pub why: String,
    /// The version of the dictionary.
    pub dictionary: u8,
    /// Whether a frame was decoded, or a tree encoded.
    pub decoding: bool,
    /// The frame in hexadecimal, or the tree as XML.
    pub input: String,
    /// How the codec deviates, if it does.
    pub class: Option<Class>,
    /// Whether it refused.
    pub refused: bool,
    /// The result of this library, if the codec deviates.
    pub expected: Option<String>,
    /// The result of the codec, if it deviates.
    pub found: Option<String>,
    /// The tree that it gave, or the tree of the frame that it gave.
    #[serde(skip)]
    pub tree: Option<Tree>,
    /// The tree of this library, if there is one; the tree to encode.
    #[serde(skip)]
    pub ours: Option<Tree>,
}

/// A small input that deviates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Example {
    /// Whether it is decoded, or encoded.
    pub decoding: bool,
    /// How the codec deviates.
    pub class: Class,
    /// In which part.
    pub place: String,
    /// How many inputs deviate in this way and this part, with those of other examples.
    pub inputs: usize,
    /// The version of the dictionary.
    pub dictionary: u8,
    /// The length of the frame, which is compressed if there is a `frame`.
    pub length: usize,
    /// The frame in hexadecimal, or the tree as XML.
    pub input: String,
    /// The frame of a long tree, compressed, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<String>,
    /// The result of this library.
    pub expected: String,
    /// The result of the codec.
    pub found: String,
    #[serde(skip)]
    shape: String,
}

/// Inputs of one shape that are shown: a codec that misreads one token misreads one input of a shape.
const MOST_OF_A_SHAPE: usize = 2;

impl Serialize for Class {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Example {
    /// The example of an input.
    #[must_use]
    pub fn new(probe: &Probe, deviation: Deviation) -> Self {
        let compressed = probe.compressed();
        Self {
            decoding: deviation.signature.decoding,
            class: deviation.signature.class,
            place: deviation.signature.place,
            inputs: 1,
            dictionary: probe.dictionary().version(),
            length: compressed.as_ref().map_or_else(|| probe.length(), Vec::len),
            input: probe.input(),
            frame: compressed.map(|frame| HEXLOWER.encode(&frame)),
            expected: deviation.expected,
            found: deviation.found,
            shape: probe.shape(),
        }
    }
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn of(description: &Description) -> Self {
        Self {
            name: description.name.clone(),
            version: description.version.clone(),
            asked: 0,
            conforming: 0,
            decoding: Share::default(),
            encoding: Share::default(),
            crashes: 0,
            hangs: 0,
            deaths: 0,
            junk: 0,
            starts: 0,
            gave_up: false,
            cells: Vec::new(),
            in_rows: BTreeMap::new(),
            elsewhere: Vec::new(),
        }
    }

    /// Adds an example, unless there are some like it.
    pub fn add(&mut self, example: Example) {
        let like = self.elsewhere.iter().filter(|known| {
            (known.decoding, known.class, &known.place, &known.shape)
                == (example.decoding, example.class, &example.place, &example.shape)
        });
        if like.clone().count() < MOST_OF_A_SHAPE && !like.clone().any(|known| known.input == example.input) {
            self.elsewhere.push(example);
        }
    }

    /// Says of each example how many inputs deviate in the same way, and puts the most frequent first.
    pub(crate) fn count_examples(&mut self, inputs: &BTreeMap<Signature, usize>) {
        for example in &mut self.elsewhere {
            let Example { decoding, class, ref place, .. } = *example;
            let signature = Signature { decoding, class, place: place.clone() };
            example.inputs = inputs.get(&signature).copied().unwrap_or(1);
        }
        self.elsewhere.sort_by_key(|example| {
            let kind = (example.inputs, example.decoding, example.class, example.place.clone());
            (std::cmp::Reverse(kind), example.length)
        });
    }

    /// Whether nothing deviates but what GRAMMAR.md has a row for, and the adapter lives.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.elsewhere.is_empty() && self.crashes + self.hangs + self.deaths == 0 && !self.gave_up
    }

    /// The rows in which the codec deviates.
    pub fn deviating_rows(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.class.is_some())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::write(self, f)
    }
}

/// The first `length` characters of a text, with control characters escaped.
pub(crate) fn short(text: &str, length: usize) -> String {
    let shown: String = text.chars().take(length).collect();
    let shown = if shown.len() < text.len() { shown + "…" } else { shown };
    wabinary::Printable::new(&shown).to_string()
}

#[cfg(test)]
pub(crate) mod tests {
    use wabinary::{Dictionary, Node};

    use super::*;

    const TEXT: &str = "\
a 1: 5 of 9 answers conform (decoding 3 of 4, encoding 2 of 5)

deviates where GRAMMAR.md has a row, 2 times:
  D1.1     a flag: accepts, dictionary 3; 7 more inputs by this row
           input    01f8011b
           expected error
           found    <ack/>
  D1.1     a flag: accepts, dictionary 3
           input    04f8011b
           expected error
           found    <ack/>

deviates elsewhere, most frequent first:
  1. encoding: other-tree (tag), 2 inputs; 4 bytes, dictionary 2
     input    <ack/>
     expected this
     found    that
  2. decoding: other-tree; 4 bytes, dictionary 3
     input    00f8011b
     expected this
     found    that
  3. encoding: other-tree (content); 17 bytes, dictionary 3
     input    the tree of the frame 0278dafbc124fdc7c69902000070c21202
     expected this
     found    that

the adapter crashed 1 times, hung 0 times, and printed 0 lines that do not answer
it died 1 more times, and answered the same request after a new start

conformance/README.md has the words; GRAMMAR.md, sections 6.3, 7.2 and 9, has the rows and what others do
";

    /// The row, the odd part, the dictionary, the input if a frame was decoded, the deviation.
    type Line<'l> = (&'l str, &'l str, u8, Option<&'l str>, Option<Class>);

    /// A report with these cells.
    pub(crate) fn report(cells: &[Line<'_>]) -> Report {
        let mut report = Report::of(&serde_json::from_str(r#"{"name":"a","version":"1"}"#).unwrap());
        report.cells.extend(cells.iter().map(|&(row, why, dictionary, input, class)| Cell {
            row: row.to_owned(),
            why: why.to_owned(),
            dictionary,
            decoding: input.is_some(),
            input: input.unwrap_or(why).to_owned(),
            class,
            refused: false,
            expected: class.map(|_| "error".to_owned()),
            found: class.map(|_| "<ack/>".to_owned()),
            tree: None,
            ours: None,
        }));
        report
    }

    #[test]
    fn a_report_tells_everything_once() {
        let good = report(&[]);
        assert!(good.is_good());
        for (crashes, hangs, deaths, junk) in [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)] {
            let report = Report { crashes, hangs, deaths, junk, ..good.clone() };
            assert_eq!(report.is_good(), junk > 0, "{report}");
            assert!(report.to_string().contains("the adapter crashed"), "{report}");
        }
        assert_eq!(good.to_string(), "a 1: 0 of 0 answers conform (decoding 0 of 0, encoding 0 of 0)\n");
        let class = Some(Class::Accepts);
        let mut report = Report {
            asked: 9,
            conforming: 5,
            decoding: Share { asked: 4, conforming: 3 },
            encoding: Share { asked: 5, conforming: 2 },
            crashes: 1,
            deaths: 1,
            in_rows: BTreeMap::from([("D1.1".to_owned(), 7)]),
            ..report(&[
                ("D1.1", "a flag", 3, Some("01f8011b"), class),
                ("D1.1", "a flag", 3, Some("04f8011b"), class),
                ("D1.1", "none", 3, Some("00f8011b"), None),
            ])
        };
        assert!(!report.is_good());
        for (probe, place) in [
            (Probe::Decode(Dictionary::V3, b"\0\xf8\x01\x1b".to_vec()), ""),
            (Probe::Encode(Dictionary::V2, Node::build("ack").finish()), "tag"),
            (Probe::Encode(Dictionary::V3, Node::build("ack").bytes(vec![b'C'; 60]).finish()), "content"),
        ] {
            let signature = Signature { decoding: place.is_empty(), class: Class::OtherTree, place: place.to_owned() };
            let deviation = Deviation { signature, expected: "this".to_owned(), found: "that".to_owned() };
            report.add(Example::new(&probe, deviation));
        }
        let signature = Signature { decoding: false, class: Class::OtherTree, place: "tag".to_owned() };
        report.count_examples(&BTreeMap::from([(signature, 2)]));
        assert_eq!(report.to_string(), TEXT);
        let page = page(&[report.clone(), report]);
        for (part, times) in [
            (">D1.1<", 3),
            ("≠ accepted: <code>&lt;ack/&gt;</code>", 4),
            ("<tr class=\"bad\">", 2),
            ("<td>decoding: other-tree </td><td><code>00f8011b</code></td><td><code>this</code></td>", 2),
            ("<code>0278dafbc124fdc7c69902000070c21202</code>", 2),
        ] {
            assert_eq!(page.matches(part).count(), times, "{part}: {page}");
        }
    }
}
