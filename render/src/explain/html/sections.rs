//! The sections of a page: the first as markup, the others packed until they come into view.

use std::io::Write as _;

use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use maud::{Markup, PreEscaped, Render, html};

/// The most bytes of sections that stay markup. A browser reads them before it paints anything.
const MARKUP: usize = 256 << 10;

/// The bytes of bodies in a block. A browser unpacks a block in a few milliseconds.
const BLOCK: usize = 256 << 10;

/// Takes sections of up to `room` bytes in total.
pub(super) struct Sections {
    room: usize,
    html: String,
    /// The number of sections that are markup.
    first: usize,
    block: Block,
}

/// Sections with their bodies packed together: their heads, and their bodies, each with a NUL at its end. Markup has no
/// NUL.
#[derive(Default)]
struct Block {
    heads: String,
    bodies: String,
    count: usize,
}

impl Sections {
    pub(super) fn new(room: usize) -> Self {
        Self { room, html: String::new(), first: 0, block: Block::default() }
    }

    pub(super) fn is_full(&self) -> bool {
        self.html.len() > self.room
    }

    /// The number of sections that are markup, if others are packed.
    pub(super) fn first_if_not_all(&self) -> Option<usize> {
        (self.html.len() >= MARKUP).then_some(self.first)
    }

    pub(super) fn add(&mut self, id: &str, head: &Markup, body: Markup) {
        if self.html.len() < MARKUP {
            html! { section.frame id=(id) { h2 { (head) } (body) } }.render_to(&mut self.html);
            self.first += 1;
            return;
        }
        let Block { heads, bodies, count } = &mut self.block;
        html! { section.frame.packed id=(id) data-part=(count) { h2 { (head) } } }.render_to(heads);
        bodies.push_str(&body.into_string());
        bodies.push('\0');
        *count += 1;
        if bodies.len() > BLOCK {
            self.pack();
        }
    }

    fn pack(&mut self) {
        let Block { heads, bodies, count } = std::mem::take(&mut self.block);
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::default());
        // Writing to memory does not fail.
        let packed = deflate.write_all(bodies.as_bytes()).and_then(|()| deflate.finish()).unwrap_or_default();
        html! { div.block style={ "--frames:" (count) } { (PreEscaped(heads)) template { (BASE64.encode(&packed)) } } }
            .render_to(&mut self.html);
    }

    /// The sections.
    pub(super) fn finish(mut self) -> String {
        if self.block.count > 0 {
            self.pack();
        }
        self.html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_the_same() {
        let mut sections = Sections::new(usize::MAX);
        let body = |number: usize| html! { p { (number) " é " (number.pow(3).to_string().repeat(3000)) } };
        for number in 0..100 {
            sections.add(&format!("f{number}"), &html! { (number) }, body(number));
        }
        let first = sections.first_if_not_all().unwrap();
        assert!((5..60).contains(&first), "{first}");
        let html = sections.finish();
        let blocks = html.split("<template>").skip(1).map(|block| {
            let packed = BASE64.decode(block.split('<').next().unwrap().as_bytes()).unwrap();
            std::io::read_to_string(flate2::read::DeflateDecoder::new(&packed[..])).unwrap()
        });
        let blocks: Vec<_> = blocks.collect();
        assert!(blocks.len() > 2);
        let bodies: Vec<_> = blocks.iter().flat_map(|block| block.split_terminator('\0')).collect();
        assert_eq!(bodies, (first..100).map(|number| body(number).into_string()).collect::<Vec<_>>());
        let last = blocks[blocks.len() - 1].matches('\0').count() - 1;
        assert!(html.contains(&format!("id=\"f99\" data-part=\"{last}\"")));
    }

    #[test]
    fn pages_are_full_at_some_time() {
        let mut sections = Sections::new(1000);
        sections.add("f0", &html! {}, html! { p {} });
        assert!(!sections.is_full());
        sections.add("f1", &html! {}, html! { p { ("x".repeat(1000)) } });
        assert!(sections.is_full());
    }
}
