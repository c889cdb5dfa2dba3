//! A stanza that is edited as XML, and its new bytes.

use std::io::Cursor;

use serde::Serialize;
use wabinary::{Dictionary, Encoder};
use wabinary_calls::report;
use wabinary_capture::{Failure, Fault, Form, Payload, ReadAs, Records, Tree};

use crate::capture::Capture;
use crate::showing::{Shown, shown};

/// The result of editing a stanza.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Edited {
    Shown {
        #[serde(flatten)]
        shown: Box<Shown>,
        /// Texts that may be mistakes.
        warnings: Vec<String>,
    },
    /// The error, and a picture of the place.
    Wrong { error: String, picture: Option<String> },
}

impl Capture {
    /// Encodes a stanza with the dictionary of a record.
    pub(crate) fn edit(&mut self, place: usize, xml: &str) -> Edited {
        let item = self.item(place);
        let dictionary = item.map_or_else(Dictionary::default, |item| item.read_as.dictionary);
        let head = item.map_or_else(report::Record::default, |item| item.record.head.clone());
        match self.encoded(head, dictionary, xml) {
            Ok(edited) => edited,
            Err(failure) => Edited::Wrong { error: failure.to_string(), picture: failure.picture().map(str::to_owned) },
        }
    }

    fn encoded(&mut self, head: report::Record, dictionary: Dictionary, xml: &str) -> Result<Edited, Failure> {
        let (tree, warnings) = one_tree(xml)?;
        if let Some(path) = tree.first_missing() {
            let message = format_args!("content is missing in {path}: put it there, or remove the comment");
            return Err(Fault::in_tree("content-missing", &path, message).into());
        }
        let frame = Encoder::new().with_dictionary(dictionary).encode(tree.node()).map_err(Fault::from)?;
        let mut read_as = ReadAs::default();
        read_as.dictionary = dictionary;
        let explanation = self.explainer.frame(&frame, read_as)?;
        let node = tree.node().to_node();
        let mut shown = Box::new(shown(&head, Some(&explanation), frame.len(), Some(&node), None));
        shown.dictionary = dictionary.version();
        Ok(Edited::Shown { shown, warnings })
    }
}

/// The only tree of a text, and warnings about it.
fn one_tree(xml: &str) -> Result<(Tree, Vec<String>), Failure> {
    let mut found = None;
    let records = Records::new(Cursor::new(xml.as_bytes().to_vec()), Form::Xml).into_iter().flatten();
    for record in records.flatten() {
        let warnings = record.warnings.iter().map(ToString::to_string).collect();
        match record.payload {
            Payload::Tree(_) if found.is_some() => {
                return Err(Fault::in_tree("xml", "", "a second stanza; expected one").into());
            }
            Payload::Tree(tree) => found = Some((*tree, warnings)),
            Payload::Failed(failure) => return Err(failure),
            Payload::Frame(_) => {}
        }
    }
    found.ok_or_else(|| Fault::in_tree("xml", "", "no stanza; expected one, like <ack id=\"1\"/>").into())
}
