//! What a root may not mean, though it can be read.

use super::error::Problem;

/// What a comment in the place of content is, and what should be there.
pub(super) const COMMENT: (&str, &str) =
    ("comment in the place of content, read as no content", "the content, or the comment beside the node");
/// What should be in the place of content that is missing.
pub(super) const MISSING_CONTENT: &str = "the content, which the log that this comes from left out";

/// Whether a comment stands for content that is missing: `missing 176 bytes`, as it is written for a log that left it out.
pub(super) fn is_missing_content(comment: &str) -> bool {
    let mut words = comment.split_ascii_whitespace().peekable();
    let is_first = words.next() == Some("missing");
    words.next_if(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    words.next_if(|word| matches!(*word, "byte" | "bytes"));
    is_first && words.next().is_none()
}

/// The warnings of a root: the first ones, and how many more there are.
#[derive(Default)]
pub(super) struct Warnings {
    first: Vec<Problem>,
    more: usize,
}

/// More would take longer to show than to read the root.
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
