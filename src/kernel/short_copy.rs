//! Reads, copies and compares short texts in pieces of fixed size, each with one load or store.

/// A text, and the bytes after it in memory. A reader of a short text loads a piece of fixed size, and ignores the end
/// of the piece.
/// the end of the piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Text<'a> {
    /// The text alone.
    pub(crate) bytes: &'a [u8],
    /// The text and the bytes after it.
    pub(crate) and_behind: &'a [u8],
}

impl<'a> Text<'a> {
    /// The text at `start` among joined ones, or the empty text if it is out of range.
    #[inline(always)]
    pub(crate) fn within(joined: &'a [u8], start: usize, length: usize) -> Self {
        match joined.get(start..) {
            Some(and_behind) => Self { bytes: and_behind.get(..length).unwrap_or(&[]), and_behind },
            None => Self::of(&[]),
        }
    }

    /// A text without bytes after it.
    #[inline(always)]
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self { bytes, and_behind: bytes }
    }

    #[inline(always)]
    pub(crate) fn len(self) -> usize {
        self.bytes.len()
    }
}

/// Copies bytes to a place of equal length.
///
/// Does what `copy_from_slice` does. Up to 32 bytes take no call: they are two pieces, which may overlap. With calls alone,
/// encoding a call acknowledgement takes 1 % more instructions (`cargo counts instructions 'encode'`).
#[inline(always)]
pub(crate) fn copy(place: &mut [u8], bytes: &[u8]) {
    let copied = bytes.len() <= 32
        && (copy_ends::<16>(place, bytes)
            || copy_ends::<8>(place, bytes)
            || copy_ends::<4>(place, bytes)
            || copy_ends::<2>(place, bytes)
            || copy_ends::<1>(place, bytes));
    if !copied {
        place.copy_from_slice(bytes);
    }
}

/// Copies the first and the last `N` bytes. Returns `false` if there are fewer than `N`.
#[inline(always)]
fn copy_ends<const N: usize>(place: &mut [u8], bytes: &[u8]) -> bool {
    let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) else { return false };
    if let Some(start) = place.first_chunk_mut() {
        *start = *first;
    }
    if let Some(end) = place.last_chunk_mut() {
        *end = *last;
    }
    true
}

/// Whether two texts of eight bytes or more are equal.
///
/// Computes `==`. Up to sixteen bytes take no call: they are two words, which may overlap. With `==`, building a stanza
/// takes up to 2.7 % more instructions (`cargo counts instructions 'build'`).
#[inline(always)]
pub(crate) fn are_same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len()
        && one.first_chunk::<8>() == other.first_chunk()
        && one.last_chunk::<8>() == other.last_chunk()
        && (one.len() <= 16 || one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_as_the_standard_library_does() {
        for length in 0..=80 {
            let bytes: Vec<u8> = (1..).take(length).collect();
            let mut place = vec![0; length];
            copy(&mut place, &bytes);
            assert_eq!(place, bytes);
        }
    }

    #[test]
    fn texts_of_eight_bytes_or_more_are_the_same_if_every_byte_is() {
        for length in 8..=40 {
            let one: Vec<u8> = (1..).take(length).collect();
            assert!(are_same(&one, &one.clone()));
            for at in 0..length {
                let mut other = one.clone();
                other[at] ^= 0x80;
                assert!(!are_same(&one, &other), "{length}, {at}");
            }
            for other in [&one[1..], &one[..length - 1], &[&one[..], &[0]].concat()] {
                assert!(!are_same(&one, other));
            }
        }
    }

    #[test]
    fn a_text_within_others_is_known_with_what_is_behind_it() {
        let joined = b"abcdef";
        for (start, length) in (0..8).flat_map(|start| (0..8).map(move |length| (start, length))) {
            let text = Text::within(joined, start, length);
            assert_eq!(text.and_behind, joined.get(start..).unwrap_or(b""));
            assert_eq!(text.bytes, joined.get(start..start + length).unwrap_or(b""));
        }
    }
}
