//! Records without persons and secrets, for sharing.

use serde::Serialize;
use wabinary_capture::sanitize::{STILL_SHOWS, SanitizedLines};
use wabinary_render::shown::printable;

use crate::capture::Capture;

/// The most words that are listed for a person to check.
const LISTED: usize = 200;

/// The most characters of a word or a path that are shown.
const LONGEST: usize = 60;

/// A sanitized capture, and what a person must do before sharing it.
#[derive(Serialize)]
pub(crate) struct Sanitized {
    lines: String,
    records: usize,
    residue: Vec<Word>,
    more: usize,
    note: &'static str,
}

/// A word to check: the reason, and its first place.
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
