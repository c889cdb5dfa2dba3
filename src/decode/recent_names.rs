//! A cache of spelled-out names, which repeat: each participant of a group has a `phone_number`.

use crate::kernel::short_name::{BUCKETS, ShortName};
use crate::node::word::Word;

/// The last spelled-out names of a body, by a hash of the name.
#[derive(Default)]
pub(super) struct RecentNames {
    entries: [Entry; BUCKETS],
    /// The number of the body: entries of other bodies do not count.
    body: u64,
}

#[derive(Clone, Copy, Default)]
struct Entry {
    name: ShortName,
    word: Word,
    body: u64,
}

impl RecentNames {
    /// Starts a new body.
    #[inline(always)]
    pub(super) fn begin(&mut self) {
        self.body = self.body.wrapping_add(1);
    }

    /// The word that this name was stored as.
    #[inline(always)]
    pub(super) fn find(&self, name: ShortName) -> Option<Word> {
        let entry = self.entries.get(name.bucket())?;
        (entry.name == name && entry.body == self.body).then_some(entry.word)
    }

    #[inline(always)]
    pub(super) fn add(&mut self, name: ShortName, word: Word) {
        if let Some(entry) = self.entries.get_mut(name.bucket()) {
            *entry = Entry { name, word, body: self.body };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::word::Kind;

    #[test]
    fn a_name_is_found_in_its_body_only_and_no_other_is_taken_for_it() {
        let mut names = RecentNames::default();
        names.begin();
        let all = ["a", "b"].map(|letter| (4..=16).map(move |length| letter.repeat(length))).into_iter().flatten();
        let all: Vec<_> = all.map(|name| ShortName::of(name.as_bytes()).unwrap()).collect();
        for (at, name) in all.iter().enumerate() {
            names.add(*name, Word::range(Kind::NIBBLE, at, 1));
            assert_eq!(names.find(*name), Some(Word::range(Kind::NIBBLE, at, 1)));
            assert!(all[at + 1..].iter().all(|other| names.find(*other).is_none()));
        }
        names.begin();
        assert!(all.iter().all(|name| names.find(*name).is_none()));
    }
}
