//! Short names as two words, for comparing and hashing.

/// A name of 4 to 16 bytes: its first and its last eight bytes, or four of a name shorter than eight. They may overlap.
///
/// Two names are equal if and only if their `ShortName`s are. Comparing those takes three words and no call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ShortName {
    first: u64,
    last: u64,
    length: usize,
}

/// The number of buckets for names.
pub(crate) const BUCKETS: usize = 16;

impl ShortName {
    /// Returns `None` if the name is shorter or longer.
    #[inline(always)]
    pub(crate) fn of(name: &[u8]) -> Option<Self> {
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

    /// The name's bucket, from 0 to [`BUCKETS`] - 1.
    #[inline(always)]
    pub(crate) fn bucket(self) -> usize {
        // The lowest bytes are the first and the last character. The product carries them to the top.
        let mixed = (self.first.rotate_left(3) ^ self.last ^ self.length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 60) as usize & (BUCKETS - 1)
    }
}

#[cfg(test)]
mod tests {
    use arbtest::arbtest;

    use super::*;

    /// Compares names as words with names as bytes.
    fn check(one: &[u8], other: &[u8]) {
        let [words, other_words] = [one, other].map(ShortName::of);
        let has_words = |name: &[u8]| (4..=16).contains(&name.len());
        assert_eq!((words.is_some(), other_words.is_some()), (has_words(one), has_words(other)));
        if let (Some(words), Some(other_words)) = (words, other_words) {
            assert_eq!(words == other_words, one == other, "{one:?} {other:?}");
            assert!(words.bucket() < BUCKETS && (one != other || words.bucket() == other_words.bucket()));
        }
    }

    #[test]
    fn names_are_equal_as_words_if_they_are_as_bytes() {
        let names: Vec<Vec<u8>> = (0..=18).flat_map(|length| [0, 1, b'a'].map(|byte| vec![byte; length])).collect();
        for name in &names {
            names.iter().for_each(|other| check(name, other));
            for (at, byte) in (0..name.len()).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
                let mut other = name.clone();
                other[at] = byte;
                check(name, &other);
            }
        }
        arbtest(|u| {
            let name: Vec<u8> = u.arbitrary()?;
            check(&name, &name.clone());
            check(&name, u.arbitrary()?);
            Ok(())
        });
    }

    #[test]
    fn names_are_spread_over_the_buckets() {
        let names = (0..1_000).map(|number| format!("name-{number}"));
        let mut counts = [0; BUCKETS];
        names.for_each(|name| counts[ShortName::of(name.as_bytes()).unwrap().bucket()] += 1);
        assert!(counts.iter().all(|count| (20..200).contains(count)), "{counts:?}");
    }
}
