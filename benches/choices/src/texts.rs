//! Texts by script and length, out of the corpus.

use wabinary::{NodeRef, Value};

use crate::frames;

/// The texts of a frame that are longer than tokens, about 220 bytes each.
pub fn of_frame(name: &str) -> Vec<String> {
    let node = wabinary::decode(frames::frame(name)).expect("the corpus decodes");
    let mut texts = Vec::new();
    gather(node.as_ref(), &mut texts);
    assert!(texts.len() >= 256, "{name} is full of texts");
    texts
}

fn gather(node: NodeRef<'_>, texts: &mut Vec<String>) {
    for (_, value) in node.attrs() {
        if let Value::Text(text) = value
            && text.len() > 40
        {
            texts.push(text.to_owned());
        }
    }
    node.children().for_each(|child| gather(child, texts));
}

/// The first 8 to 40 bytes of each.
pub fn shortened(texts: &[String]) -> Vec<String> {
    let lengths = (0..texts.len() as u64).map(|n| 8 + (scramble(n) % 33) as usize);
    let shortened = texts.iter().zip(lengths).map(|(text, length)| {
        // They begin alike; their ends do not.
        let tail = text.ceil_char_boundary(text.len() - length);
        text[tail..].to_owned()
    });
    shortened.collect()
}

/// Eight at a time as one text.
pub fn lengthened(texts: &[String]) -> Vec<String> {
    texts.chunks_exact(8).map(|eight| eight.concat()).collect()
}

/// A number for what was read of a text: its length, first and last byte.
pub fn read(text: &[u8]) -> u64 {
    let [first, last] = [text.first(), text.last()].map(|byte| u64::from(*byte.unwrap_or(&0)));
    (text.len() as u64) << 16 | first << 8 | last
}

/// A number that looks like chance.
pub fn scramble(n: u64) -> u64 {
    let wide = u128::from(n + 1) * 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let mixed = (wide ^ wide >> 61) as u64;
    mixed.wrapping_mul(0xd6e8_feb8_6659_fd93) ^ (mixed >> 29)
}
