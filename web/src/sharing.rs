//! What can be shared: records without persons and secrets.

use serde::Serialize;
use wabinary_capture::sanitize::{STILL_SHOWS, SanitizedLines};
use wabinary_render::shown::printable;

use crate::capture::Capture;

/// How many words are listed that have to be looked at.
const LISTED: usize = 200;

/// How much of a word or a path is shown, in characters.
const LONGEST: usize = 60;

/// A sanitized capture, and what a person has to do before anyone else gets it.
#[derive(Serialize)]
pub(crate) struct Sanitized {
    lines: String,
    records: usize,
    residue: Vec<Word>,
    more: usize,
    note: &'static str,
}

/// A word to look at: why, and where it is first.
#[derive(Serialize)]
struct Word {
    word: String,
    why: String,
    frame: u64,
    path: String,
}

impl Capture {
    pub(crate) fn sanitize(&mut self) -> Sanitized {
        let mut sanitized = SanitizedLines::new();
        let mut lines = String::new();
        let items = self.chosen.iter().filter_map(|place| self.items.get(*place));
        for item in items {
            let decoded = self.decoder.0.decode(&item.record, item.read_as);
            let line = decoded.and_then(|node| {
                let tree = sanitized.sanitize(&item.record, node);
                sanitized.line(&item.record, &tree, item.read_as.dictionary)
            });
            lines += &line.unwrap_or_else(|failure| sanitized.failure(&item.record, &failure));
            lines.push('\n');
        }
        let found = sanitized.residue();
        let more = found.len().saturating_sub(LISTED);
        let residue = found.into_iter().take(LISTED).map(|it| Word {
            word: printable(&it.word, LONGEST),
            why: it.kind.to_string(),
            frame: it.frame,
            path: printable(&it.path, LONGEST),
        });
        Sanitized { lines, records: self.chosen.len(), residue: residue.collect(), more, note: STILL_SHOWS }
    }
}
