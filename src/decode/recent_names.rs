//! Names that are spelled out again and again: a group's participants all have a `phone_number`.

use crate::node::tree::Word;

/// The last names of a body that were spelled out, by what they look like.
#[derive(Default)]
pub(super) struct RecentNames {
    entries: [Entry; PLACES],
    /// Counts the bodies: entries of another body are void.
    body: u64,
}

#[derive(Clone, Copy, Default)]
struct Entry {
    name: Spelling,
    word: Word,
    body: u64,
}

const PLACES: usize = 16;

/// All bytes of a name of 4 to 16 bytes: its first and last eight, or four, which may overlap.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    first: u64,
    last: u64,
    length: usize,
}

impl Spelling {
    /// `None` for names that are shorter or longer.
    #[inline(always)]
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        let length = name.len();
        match (name.first_chunk::<8>(), name.last_chunk::<8>()) {
            (Some(first), Some(last)) if length <= 16 => {
                Some(Self { first: u64::from_le_bytes(*first), last: u64::from_be_bytes(*last), length })
            }
            (Some(_), _) => None,
            _ => {
                let (first, last) = (name.first_chunk::<4>()?, name.last_chunk::<4>()?);
                Some(Self { first: u32::from_le_bytes(*first).into(), last: u32::from_be_bytes(*last).into(), length })
            }
        }
    }

    #[inline(always)]
    fn place(self) -> usize {
        // The first and last characters are the lowest; the product carries them to the top.
        let mixed = (self.first.rotate_left(3) ^ self.last ^ self.length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 60) as usize & (PLACES - 1)
    }
}

impl RecentNames {
    /// Begins a body.
    #[inline(always)]
    pub(super) fn begin(&mut self) {
        self.body = self.body.wrapping_add(1);
    }

    /// What a name of this spelling was stored as.
    #[inline(always)]
    pub(super) fn find(&self, name: Spelling) -> Option<Word> {
        let entry = self.entries.get(name.place())?;
        (entry.name == name && entry.body == self.body).then_some(entry.word)
    }

    #[inline(always)]
    pub(super) fn add(&mut self, name: Spelling, word: Word) {
        if let Some(entry) = self.entries.get_mut(name.place()) {
            *entry = Entry { name, word, body: self.body };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_its_body_only_and_no_other_is_taken_for_it() {
        let mut names = RecentNames::default();
        names.begin();
        let all: Vec<String> = (3..=18).flat_map(|length| ["a", "b"].map(|letter| letter.repeat(length))).collect();
        for (at, name) in all.iter().enumerate() {
            let Some(spelling) = Spelling::of(name.as_bytes()) else {
                assert!(!(4..=16).contains(&name.len()), "{name}");
                continue;
            };
            let others = all[at + 1..].iter().filter_map(|other| Spelling::of(other.as_bytes()));
            assert!(others.into_iter().all(|other| names.find(other).is_none()), "{name}");
            names.add(spelling, Word::range(2, at, name.len()));
            assert_eq!(names.find(spelling), Some(Word::range(2, at, name.len())));
            // One byte of it changed, wherever.
            for changed in 0..name.len() {
                let mut other = name.clone().into_bytes();
                other[changed] = b'c';
                assert_eq!(Spelling::of(&other).and_then(|other| names.find(other)), None, "{name}");
            }
        }
        names.begin();
        assert!(all.iter().filter_map(|name| Spelling::of(name.as_bytes())).all(|name| names.find(name).is_none()));
    }
}
