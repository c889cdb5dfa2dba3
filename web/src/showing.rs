//! An explained record; the report on the calls.

use serde::Serialize;
use wabinary::Node;
use wabinary::explain::Explanation;
use wabinary_calls::Timeouts;
use wabinary_calls::report::{self, ReportBuilder, Selection};
use wabinary_capture::{Failure, Fidelity, Payload};
use wabinary_render::explain::{Explained, Section, refused};

use crate::capture::Capture;

/// A record as markup.
#[derive(Default, Serialize)]
pub(crate) struct Shown {
    pub(crate) id: String,
    pub(crate) head: String,
    pub(crate) facts: String,
    pub(crate) told: String,
    pub(crate) stanza: String,
    pub(crate) panes: String,
    /// Two lines that show the place of an error in a text. Not markup.
    picture: Option<String>,
    /// The place of its message in a recording. Not markup.
    place: Option<String>,
    /// The parts that its logger may have lost. Not markup.
    lost: Option<String>,
    /// The frame in hexadecimal, if there is one.
    pub(crate) hex: Option<String>,
    pub(crate) dictionary: u8,
    /// The code of a refusing ack.
    code: Option<String>,
    /// Whether there is a stanza to edit.
    pub(crate) editable: bool,
}

/// The report as markup.
#[derive(Serialize)]
pub(crate) struct Calls {
    html: String,
    calls: usize,
    left_out: usize,
}

impl Capture {
    pub(crate) fn show(&mut self, place: usize) -> Option<Shown> {
        let item = self.items.get(*self.chosen.get(place)?)?;
        let decoded = self.decoder.0.decode(&item.record, item.read_as);
        let node: Option<Node> = decoded.as_ref().ok().map(|node| node.to_node());
        let mut failure = decoded.err();
        let explained = match (&node, &item.record.read.payload) {
            (Some(node), _) => self.explainer.record(&item.record, node.as_ref(), item.read_as),
            (None, Payload::Frame(frame)) => self.explainer.frame(frame, item.read_as),
            (None, _) => Err(failure.clone()?),
        };
        let explanation = match explained {
            Ok(explanation) => Some(explanation),
            // The page says so above the stanza. It is not a failure.
            Err(why) if why.kind() == "fidelity" => None,
            Err(why) => {
                failure.get_or_insert(why);
                None
            }
        };
        let size = match &item.record.read.payload {
            Payload::Frame(frame) => frame.len(),
            _ => 0,
        };
        let mut shown = shown(&item.record.head, explanation.as_ref(), size, node.as_ref(), failure.as_ref());
        shown.dictionary = item.read_as.dictionary.version();
        shown.picture = failure.as_ref().and_then(Failure::picture).map(str::to_owned);
        let read = &item.record.read;
        shown.place = read.place.map(|at| format!("entry {}, message {}", at.entry, at.message));
        shown.lost = (read.fidelity == Fidelity::Text || !read.lost.is_nothing()).then(|| read.lost.to_string());
        Some(shown)
    }

    pub(crate) fn calls(&mut self) -> Calls {
        let frames = self.is_filtered.then(|| self.chosen.iter().map(|place| *place as u64).collect());
        let selection = Selection { frames, ..Selection::default() };
        let many = self.files.len() > 1;
        let mut builder = ReportBuilder::new(selection, Timeouts::default()).with_many_files(many).with_xml();
        let quiet = &mut |_: report::Decided<'_>| Ok::<(), std::convert::Infallible>(());
        for item in &self.items {
            // An ack without an id answers no stanza; its row says so.
            let _ = match self.decoder.0.decode(&item.record, item.read_as) {
                Ok(node) => builder.add(&item.record.head, node, quiet).map(drop),
                Err(_) => builder.failed(&item.record.head, quiet),
            };
        }
        let Ok(report) = builder.finish(quiet);
        let page = wabinary_render::report::sections(&report);
        Calls { html: page.html, calls: report.calls.len(), left_out: page.left_out }
    }
}

/// The markup of a record.
pub(crate) fn shown(
    head: &report::Record,
    explanation: Option<&Explanation>,
    size: usize,
    node: Option<&Node>,
    failure: Option<&Failure>,
) -> Shown {
    let size = explanation.map_or(size, |explanation| explanation.frame().len());
    let explained = Explained { record: head, explanation, size, node: node.map(Node::as_ref), failure };
    let Section { id, head, facts, told, stanza, panes } = Section::of(&explained);
    Shown {
        id,
        head: head.into_string(),
        facts: facts.into_string(),
        told: told.into_string(),
        stanza: stanza.into_string(),
        panes: panes.into_string(),
        hex: explanation.map(|explanation| hex(explanation.frame())),
        code: node.and_then(|node| refused(node.as_ref())),
        editable: node.is_some(),
        ..Shown::default()
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
