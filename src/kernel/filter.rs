//! A filter for names that a node may already have, so that most names need no comparison.

/// A set of numbers in which numbers share a place if they are equal modulo `64 * WORDS`.
///
/// Behaves like a `HashSet` of those remainders. A node starts an empty one and asks it for each of its names, so it is a
/// few words of bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filter<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Filter<WORDS> {
    /// The filter without numbers.
    pub(crate) const EMPTY: Self = Self([0; WORDS]);

    /// Whether the number, or one with the same place, was added.
    #[inline(always)]
    pub(crate) fn may_have(&self, number: usize) -> bool {
        self.0.get(Self::word(number)).is_some_and(|word| word & Self::bit(number) != 0)
    }

    /// Adds a number. Returns what [`may_have`](Self::may_have) returned before.
    #[inline(always)]
    pub(crate) fn add(&mut self, number: usize) -> bool {
        let Some(word) = self.0.get_mut(Self::word(number)) else { return false };
        let before = *word;
        *word |= Self::bit(number);
        before & Self::bit(number) != 0
    }

    #[inline(always)]
    #[expect(clippy::arithmetic_side_effects, reason = "a filter has words")]
    const fn word(number: usize) -> usize {
        number / 64 % WORDS
    }

    #[inline(always)]
    const fn bit(number: usize) -> u64 {
        1 << (number & 63)
    }
}

/// The filter that may have every number: no name is ruled out yet.
impl<const WORDS: usize> Default for Filter<WORDS> {
    fn default() -> Self {
        Self([u64::MAX; WORDS])
    }
}

/// A number below 256 for a name, from its length and its last byte: different names of one node rarely share it. For a
/// name of one byte it is that byte.
#[inline(always)]
pub(crate) fn mark(name: &[u8]) -> usize {
    let last = name.last().copied().unwrap_or(0);
    let behind_first = (name.len() as u8).wrapping_sub(1);
    last.wrapping_add(behind_first.wrapping_mul(29)).into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use arbtest::arbtest;

    use super::*;

    /// Compares a filter of these numbers with its twin, a set.
    fn check<const WORDS: usize>(numbers: &[usize]) {
        let mut filter = Filter::<WORDS>::EMPTY;
        let mut naive = HashSet::new();
        for number in numbers {
            let is_new = naive.insert(number % (64 * WORDS));
            assert_eq!(filter.may_have(*number), !is_new, "{number} of {numbers:?}");
            assert_eq!(filter.add(*number), !is_new, "{number} of {numbers:?}");
        }
        for number in 0..2_000 {
            assert_eq!(filter.may_have(number), naive.contains(&(number % (64 * WORDS))), "{number} after {numbers:?}");
            assert!(Filter::<WORDS>::default().may_have(number));
        }
    }

    #[test]
    fn a_filter_is_a_set_of_remainders() {
        for number in 0..1_300 {
            check::<1>(&[number]);
            check::<4>(&[number]);
            check::<20>(&[number]);
        }
        arbtest(|u| {
            let numbers =
                u.arbitrary_iter::<u16>()?.map(|n| n.map(|n| usize::from(n % 1_300))).collect::<Result<Vec<_>, _>>()?;
            check::<1>(&numbers);
            check::<4>(&numbers);
            check::<20>(&numbers);
            Ok(())
        });
    }

    #[test]
    fn a_mark_is_made_of_the_length_and_the_last_byte() {
        assert_eq!(mark(b""), 227);
        for (length, last) in (1..300).flat_map(|length| (0..=u8::MAX).map(move |last| (length, last))) {
            let mut name = vec![b'x'; length];
            name[length - 1] = last;
            assert_eq!(mark(&name), (usize::from(last) + 29 * (length - 1)) % 256);
        }
    }
}
