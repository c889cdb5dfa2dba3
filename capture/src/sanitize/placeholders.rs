//! Placeholders for values.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Longer values, in bytes, are stored as hashes, so that large contents take no memory.
const LONGEST_KEPT: usize = 256;

/// A placeholder for each value: a name and a number.
#[derive(Debug, Default)]
pub(super) struct Placeholders {
    given: HashMap<Key, String>,
    /// The number of values for each name.
    counts: HashMap<String, u64>,
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Whole(Box<[u8]>),
    /// The length, and two hashes.
    Long(usize, u64, u64),
}

impl Placeholders {
    /// The placeholder for a value: `NAME-1` for the first with that name. A value keeps the name of its first
    /// placeholder.
    pub(super) fn of(&mut self, name: &str, value: &[u8]) -> String {
        let Self { given, counts } = self;
        let placeholder = given.entry(Key::of(value)).or_insert_with(|| {
            let name = name.to_uppercase();
            let count = counts.entry(name.clone()).or_default();
            *count = count.saturating_add(1);
            format!("{name}-{count}")
        });
        placeholder.clone()
    }

    /// Whether this is one of the placeholders.
    pub(super) fn has_given(&self, word: &str) -> bool {
        let Some((name, number)) = word.rsplit_once('-') else { return false };
        let count = self.counts.get(name).copied().unwrap_or(0);
        !number.starts_with(['0', '+']) && number.parse().is_ok_and(|number: u64| number <= count)
    }

    /// The replaced values, except long ones.
    pub(super) fn originals(&self) -> impl Iterator<Item = &[u8]> {
        self.given.keys().filter_map(|key| match key {
            Key::Whole(value) => Some(&**value),
            Key::Long(..) => None,
        })
    }
}

impl Key {
    fn of(value: &[u8]) -> Self {
        if value.len() <= LONGEST_KEPT {
            return Self::Whole(value.into());
        }
        let hash = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, value).hash(&mut hasher);
            hasher.finish()
        };
        Self::Long(value.len(), hash(0), hash(1))
    }
}
