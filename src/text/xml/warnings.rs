//! Doubts about a root that can be read.

use super::error::Problem;

/// The warning for a comment in the place of content, and what is expected.
pub(super) const COMMENT: (&str, &str) =
    ("comment in the place of content, read as no content", "the content, or the comment beside the node");
/// The expectation in the place of missing content.
pub(super) const MISSING_CONTENT: &str = "the content, which the log that this comes from left out";

/// Whether a comment replaces missing content: `missing 176 bytes`, as in records from a log that omitted it.
pub(super) fn is_missing_content(comment: &str) -> bool {
    let mut words = comment.split_ascii_whitespace().peekable();
    let is_first = words.next() == Some("missing");
    words.next_if(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    words.next_if(|word| matches!(*word, "byte" | "bytes"));
    is_first && words.next().is_none()
}

/// The first warnings of a root, and the number of further ones.
#[derive(Default)]
pub(super) struct Warnings {
    first: Vec<Problem>,
    more: usize,
}

/// Showing more would take longer than reading the root.
const MOST: usize = 16;

impl Warnings {
    pub(super) fn add(&mut self, (what, expected): (&'static str, &'static str), start: usize, path: String) {
        if self.first.len() <= MOST {
            self.first.push(Problem { path, ..Problem::new(start, what, expected) });
        } else {
            self.more += 1;
        }
    }

    pub(super) fn finish(mut self) -> Vec<Problem> {
        if let Some(last) = self.first.last_mut().filter(|_| self.more > 0) {
            last.what = format!("{}; {} more like it", last.what, self.more).into();
        }
        self.first
    }
}
