//! What can be shared: records without persons and secrets.

use serde::Serialize;
use wabinary_capture::sanitize::{STILL_SHOWS, SanitizedLines};

use crate::capture::Capture;

/// How many words are listed that have to be looked at.
const LISTED: usize = 200;

/// A sanitized capture, and what a person has to do before anyone else gets it.
#[derive(Serialize)]
pub(crate) struct Sanitized {
    lines: String,
    records: usize,
    /// Words to look at, each with the reason.
    residue: Vec<(String, String)>,
    more: usize,
    note: &'static str,
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
        let residue = found.into_iter().take(LISTED).map(|it| {
            let word = it.word.chars().take(60).collect::<String>();
            (word, it.kind.to_string())
        });
        Sanitized { lines, records: self.chosen.len(), residue: residue.collect(), more, note: STILL_SHOWS }
    }
}
