//! Frames full of texts of one kind and length, to measure what a text costs by its length.

use std::iter;

use wabinary::{Encoder, Node};

use super::{SCRIPTS, bytes, scramble};

/// What a text is made of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Digits with a point here and there: packed as nibbles.
    Digits,
    /// Hexadecimal digits: packed as such.
    Hexadecimal,
    /// Letters and blanks of one byte each.
    Ascii,
    /// Letters of one to four bytes in turn.
    ManyScripts,
}

/// A frame of 256 nodes, each with a text of `length` bytes, or a little below where its characters are longer.
pub(crate) fn frame_of_texts(kind: Kind, length: usize) -> Vec<u8> {
    let mut node = Node::build("list");
    for n in 0..256 {
        node.child("item", |item| _ = item.attr("value", text(kind, n, length)));
    }
    Encoder::new().encode(&node.finish()).expect("the corpus encodes").to_vec()
}

fn text(kind: Kind, n: u64, length: usize) -> String {
    let of = |characters: &[u8]| -> String {
        bytes(n, length).iter().map(|byte| char::from(characters[usize::from(*byte) % characters.len()])).collect()
    };
    match kind {
        Kind::Digits => of(b"012345678901234567890123456789.-"),
        // A digit alone would be packed as a nibble.
        Kind::Hexadecimal => format!("F{}", &of(b"0123456789ABCDEF")[1..]),
        Kind::Ascii => cut(SCRIPTS[0].chars().cycle().skip(n as usize % 40), length),
        Kind::ManyScripts => {
            let turns = (0..).map(|turn| scramble(n << 20 | turn) as usize);
            let words = turns.flat_map(|turn| SCRIPTS[turn % SCRIPTS.len()].split_inclusive(' ').nth(turn / 8 % 2));
            cut(words.flat_map(str::chars), length)
        }
    }
}

/// The first characters, as many as have room in `length` bytes.
fn cut(mut characters: impl Iterator<Item = char>, length: usize) -> String {
    let mut left = length;
    let next = || {
        let character = characters.next()?;
        left = left.checked_sub(character.len_utf8())?;
        Some(character)
    };
    iter::from_fn(next).collect()
}
