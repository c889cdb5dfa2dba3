//! The texts of a body, joined while it is walked.

#[cfg(feature = "simdutf8")]
use simdutf8::basic::from_utf8;
#[cfg(not(feature = "simdutf8"))]
use std::str::from_utf8;

use crate::kernel::BLOCK;
use crate::kernel::packed::{self, Alphabet, Marks, Packed};
use crate::kernel::short_copy::{Text, copy};
use crate::kernel::word::short_word;
use crate::node::word::{Kind, Word};
use crate::options::Leniency;
use crate::token::LONGEST_PACKABLE;

/// Texts, one after the other, and their words. The memory exists before it is written, so writers can write pieces of
/// fixed size whose end does not count.
#[derive(Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    /// Where the last text ends.
    end: usize,
    /// The faults of packed texts.
    wrong: Marks,
    /// The string that the memory was swapped for, until the next body, and how much memory that was.
    replaced: Option<(String, usize)>,
}

/// The smallest growth of the memory, in bytes.
const STEP: usize = 512;
/// What follows the last text.
const BLANKS: [u8; 2 * BLOCK] = [b' '; 2 * BLOCK];
/// The index of the last of them.
const LAST_BLANK: usize = 2 * BLOCK - 1;
/// Texts that are longer in total are not copied: the tree takes their memory.
const COPIED: usize = 1 << 12;

impl Texts {
    /// Drops the texts and keeps the memory. `joined` has the previous texts.
    #[inline(always)]
    pub(super) fn begin(&mut self, joined: &mut String) {
        self.end = 0;
        self.wrong = Marks::default();
        // Without memory, a tree has it, or it was never allocated.
        if self.bytes.is_empty() {
            self.take_back(joined);
        }
    }

    #[inline(never)]
    fn take_back(&mut self, joined: &mut String) {
        if let Some((replaced, size)) = self.replaced.take() {
            self.bytes = std::mem::replace(joined, replaced).into_bytes();
            if self.bytes.capacity() == 0 {
                // An owned tree took it.
                self.bytes.reserve_exact(size);
            }
        }
    }

    #[inline(always)]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.end).unwrap_or(&[])
    }

    /// The memory held, in bytes.
    pub(super) fn memory(&self) -> usize {
        self.bytes.capacity()
    }

    /// Returns a place of this size where the next text starts, if the memory reaches.
    #[inline(always)]
    fn place<const SIZE: usize>(&mut self) -> Option<&mut [u8; SIZE]> {
        self.bytes.get_mut(self.end..self.end.wrapping_add(SIZE))?.first_chunk_mut()
    }

    /// Grows the memory after the last text if it is too little.
    #[cold]
    #[inline(never)]
    fn make_room(&mut self, size: usize) {
        let end = self.end.saturating_add(size);
        self.bytes.reserve(end.saturating_sub(self.bytes.len()).max(STEP));
        // Grows in steps: memory that comes back from a tree is usually of exact size.
        self.bytes.resize(end.saturating_add(STEP).min(self.bytes.capacity()), 0);
    }

    /// Returns the word of a text that was written at the end.
    #[inline(always)]
    fn written(&mut self, kind: Kind, length: usize) -> Word {
        let start = self.end;
        self.end = start.wrapping_add(length);
        Word::range(kind, start, length)
    }

    /// Adds a raw text.
    #[inline(always)]
    pub(super) fn raw(&mut self, text: Text<'_>) -> Word {
        self.raw_at(text.and_behind, text.bytes.len())
    }

    /// Adds a raw text that is passed in parts which fit registers.
    #[inline(never)]
    fn raw_at(&mut self, text: &[u8], length: usize) -> Word {
        match (text.first_chunk::<BLOCK>(), self.place()) {
            (Some(bytes), Some(place)) if length <= BLOCK => {
                *place = *bytes;
                self.written(Kind::TEXT, length)
            }
            _ => self.long_raw(text.get(..length).unwrap_or(text)),
        }
    }

    #[inline(never)]
    fn long_raw(&mut self, text: &[u8]) -> Word {
        let end = self.end.wrapping_add(text.len());
        match self.bytes.get_mut(self.end..end) {
            Some(place) => copy(place, text),
            None => self.append(text),
        }
        self.written(Kind::TEXT, text.len())
    }

    /// Copies a text to memory that was not yet written.
    #[cold]
    fn append(&mut self, text: &[u8]) {
        self.bytes.truncate(self.end);
        self.bytes.extend_from_slice(text);
    }

    /// Adds a packed text.
    #[inline(always)]
    pub(super) fn packed(&mut self, packed: Packed<'_>) -> Word {
        match packed.alphabet {
            Alphabet::Nibble => self.packed_at::<false>(packed.octets, packed.length),
            Alphabet::Hex => self.packed_at::<true>(packed.octets, packed.length),
        }
    }

    #[inline(never)]
    fn packed_at<const HEX: bool>(&mut self, octets: &[u8], length: u8) -> Word {
        let packed = packed_in::<HEX>(octets, length);
        let Some(short) = packed.short() else { return self.longer_packed::<HEX>(octets, length) };
        let Some(piece) = octets.first_chunk() else { return self.packed_at_the_end::<HEX>(octets, length) };
        let Some(place) = self.place() else { return self.longer_packed::<HEX>(octets, length) };
        let marks = short.unpack(packed.alphabet, piece, place);
        match SHORT_NIBBLES.get(packed.short_index()) {
            Some(word) if !HEX => {
                self.wrong.add(marks, Alphabet::Nibble);
                let start = self.end;
                self.end = start.wrapping_add(short.len);
                word.starting_at(start)
            }
            _ => self.unpacked(packed.alphabet, short.len, marks),
        }
    }

    /// Adds a short text at the end of the body, from memory where eight octets can be read.
    #[inline(never)]
    fn packed_at_the_end<const HEX: bool>(&mut self, octets: &[u8], length: u8) -> Word {
        self.packed_at::<HEX>(&short_word(octets).to_le_bytes(), length)
    }

    /// Adds a text of two pieces, such as an id.
    #[inline(never)]
    fn longer_packed<const HEX: bool>(&mut self, octets: &[u8], length: u8) -> Word {
        let packed = packed_in::<HEX>(octets, length);
        if let Some(two) = octets.first_chunk::<BLOCK>()
            && let Some(place) = self.place::<{ 2 * BLOCK }>()
            && let (Some(octets), Some(characters)) =
                (two.as_chunks().0.first_chunk(), place.as_chunks_mut().0.first_chunk_mut())
            && let Some(marks) = packed.unpack_two(octets, characters)
        {
            return self.unpacked(packed.alphabet, packed.len(), marks);
        }
        self.long_packed::<HEX>(octets, length)
    }

    #[inline(never)]
    fn long_packed<const HEX: bool>(&mut self, octets: &[u8], length: u8) -> Word {
        let packed = packed_in::<HEX>(octets, length);
        let Some(place) = self.place() else { return self.make_room_for_packed::<HEX>(octets, length) };
        let marks = packed.unpack(place);
        self.unpacked(packed.alphabet, packed.len(), marks)
    }

    #[cold]
    fn make_room_for_packed<const HEX: bool>(&mut self, octets: &[u8], length: u8) -> Word {
        self.make_room(packed::LONGEST_UNPACKED);
        self.long_packed::<HEX>(octets, length)
    }

    /// The word of a packed text. Its kind records how the text packs, so that the encoder need not check. It is
    /// `TEXT` if the text could be a token or was packed in an unusual way.
    #[inline(always)]
    fn unpacked(&mut self, alphabet: Alphabet, length: usize, marks: Marks) -> Word {
        self.wrong.add(marks, alphabet);
        let kind = match (kind_of_nibbles(length), alphabet) {
            // Digits alone go as nibbles.
            (Kind::NIBBLE, Alphabet::Hex) => {
                if marks.has_high() {
                    Kind::HEX
                } else {
                    Kind::TEXT
                }
            }
            (kind, _) => kind,
        };
        self.written(kind, length)
    }

    /// Joins all texts into a string. Returns `false` if one of them is invalid.
    #[inline(always)]
    pub(super) fn join(&mut self, allow: Leniency, joined: &mut String) -> bool {
        if self.wrong.has_high() || (self.wrong.has_wrong_padding() && !allow.contains(Leniency::PAD_NIBBLE)) {
            return false;
        }
        if self.end > 0 {
            // Checking whole pieces takes fewer steps than single bytes. One more piece after the last text lets the
            // encoder pack that text as a whole piece too.
            match self.place() {
                Some(place) => *place = BLANKS,
                None => self.append(&BLANKS),
            }
            self.end = self.end.wrapping_add(LAST_BLANK) & !(BLOCK - 1);
        }
        // Only the standard library makes a string of memory that is moved, and it checks it itself.
        if self.end > COPIED && cfg!(not(feature = "simdutf8")) {
            return self.lend(joined);
        }
        let Ok(texts) = from_utf8(self.as_bytes()) else { return false };
        if joined.capacity() < texts.len() {
            // Of exact size, so that an owned tree takes it as it is.
            *joined = texts.to_owned();
        } else {
            joined.clear();
            joined.push_str(texts);
        }
        true
    }

    /// Moves the memory out instead of copying it.
    #[inline(never)]
    fn lend(&mut self, joined: &mut String) -> bool {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.truncate(self.end);
        match String::from_utf8(bytes) {
            Ok(texts) => {
                let size = texts.capacity();
                self.replaced = Some((std::mem::replace(joined, texts), size));
                true
            }
            Err(error) => {
                self.bytes = error.into_bytes();
                false
            }
        }
    }
}

/// The kind of a text that was packed in nibbles. It records how the text packs, so that the encoder need not check,
/// unless the text could be a token or was packed in an unusual way.
const fn kind_of_nibbles(length: usize) -> Kind {
    if length <= LONGEST_PACKABLE || length > packed::LONGEST { Kind::TEXT } else { Kind::NIBBLE }
}

/// The words of short texts in nibbles that start at 0, by [`Packed::short_index`].
#[expect(clippy::indexing_slicing, reason = "at compile time")]
static SHORT_NIBBLES: [Word; packed::SHORT_LENGTHS] = {
    let mut all = [Word::NONE; packed::SHORT_LENGTHS];
    let mut at = 0;
    while at < all.len() {
        if at != 1 {
            let length = packed::short_len(at);
            all[at] = Word::range(kind_of_nibbles(length), 0, length);
        }
        at += 1;
    }
    all
};

#[inline(always)]
fn packed_in<const HEX: bool>(octets: &[u8], length: u8) -> Packed<'_> {
    Packed { alphabet: if HEX { Alphabet::Hex } else { Alphabet::Nibble }, length, octets }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_text_is_followed_by_a_piece_of_blanks_and_what_completes_its_own() {
        for length in 1..100 {
            let (mut texts, mut joined) = (Texts::default(), String::new());
            let text = "x".repeat(length);
            texts.raw(Text::of(text.as_bytes()));
            assert!(texts.join(Leniency::NONE, &mut joined));
            assert_eq!(joined, text + &" ".repeat(length.next_multiple_of(BLOCK) - length + BLOCK), "{length}");
        }
    }
}
