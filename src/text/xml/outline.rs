//! Finds where roots start and end.
//!
//! Looks only at tags: their names and where they end. So a root that cannot be read ends in the right place, and later
//! roots are still read. For well-formed text the outline is exact; for malformed text it is a guess.

use std::io::{self, BufRead};

use super::error::{Problem, XmlError};
use crate::text::DEEPEST;
use crate::text::place::Origin;

/// The next item in the text.
pub(super) enum Found {
    Root,
    /// Text in the place of a root, and what was expected.
    Bad(&'static str, &'static str),
    /// A root that was skipped.
    TooLong(XmlError),
}

/// The most bytes that are read at a time, and how many bytes before the root are kept for pictures.
const WINDOW: usize = 64 << 10;
const KEPT: usize = 256;

/// Finds roots. Holds no more of the text than one root.
pub(super) struct Outline<R> {
    input: R,
    longest: usize,
    text: Vec<u8>,
    /// The offset of the next byte to look at.
    at: usize,
    /// The start of the item found last.
    start: Origin,
    line: u64,
    /// Whether all text from the start on is kept.
    keeps: bool,
    too_long: Option<XmlError>,
    /// An offset to return to, if needed.
    mark: Option<usize>,
}

/// An item that starts with `<`.
enum Markup {
    Start {
        node: OpenTag,
        is_empty: bool,
    },
    End(OpenTag),
    /// A comment, CDATA section, instruction or declaration, and whether it ends.
    Other {
        ends: bool,
    },
}

/// The tag of a node that may be open.
#[derive(Clone, Copy)]
struct OpenTag {
    name: Name,
    /// The width of the white space before it, if the tag is the first in its line.
    indent: Option<usize>,
}

/// A hash of a name. Equal names have equal hashes.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Name(u64);

impl Name {
    const EMPTY: Self = Self(0xcbf2_9ce4_8422_2325);

    /// FNV-1a.
    fn with(self, byte: u8) -> Self {
        Self((self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}

impl<R: BufRead> Outline<R> {
    /// Finds roots of up to `longest` bytes.
    pub(super) fn new(input: R, longest: usize) -> Self {
        let start = Origin { offset: 0, line: 1, column: 1 };
        let text = Vec::new();
        Self { input, longest, text, at: 0, start, line: 1, keeps: false, too_long: None, mark: None }
    }

    /// The text of the item found last.
    pub(super) fn found(&self) -> &[u8] {
        self.text.get(self.start.offset..self.at).unwrap_or(&[])
    }

    /// The line in which it starts.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// The error for a problem in that item.
    pub(super) fn error(&self, problem: Problem) -> XmlError {
        problem.placed(self.text.get(..self.at).unwrap_or(&self.text), self.start.offset, self.start)
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Found>> {
        loop {
            self.begin();
            self.keeps = false;
            let Some(byte) = self.peek()? else {
                self.begin();
                return Ok(None);
            };
            match byte {
                byte if byte.is_ascii_whitespace() => self.at += 1,
                0xef if self.ahead(3)? == b"\xef\xbb\xbf" => self.at += 3,
                b'#' => _ = self.skip_past(b"\n")?,
                _ => {
                    self.begin();
                    self.keeps = true;
                    let found = self.something(byte)?;
                    self.refuse_too_long();
                    match self.too_long.take() {
                        Some(error) => return Ok(Some(Found::TooLong(error))),
                        None if found.is_some() => return Ok(found),
                        None => {}
                    }
                }
            }
        }
    }

    /// Moves to the end of the item that starts here with `first`, which is not white space. `None` if the item has no
    /// meaning.
    fn something(&mut self, first: u8) -> io::Result<Option<Found>> {
        if first != b'<' {
            self.skip_to(b'<')?;
            return Ok(Some(Found::Bad("text outside of a node", "<")));
        }
        let ahead = self.ahead(4)?;
        let (is_comment, is_instruction) = (ahead == b"<!--", ahead.starts_with(b"<?"));
        if !ahead.starts_with(b"<!") && !ahead.starts_with(b"</") && !is_instruction {
            self.root()?;
            return Ok(Some(Found::Root));
        }
        Ok(match self.markup()? {
            Markup::Other { ends: true } if is_comment || is_instruction => None,
            Markup::Other { .. } if is_comment => Some(Found::Bad("comment that does not end", "-->")),
            Markup::Other { .. } if is_instruction => Some(Found::Bad("instruction that does not end", "?>")),
            Markup::Other { .. } => {
                Some(Found::Bad("declaration", "a node: there are no entities beside those of XML"))
            }
            _ => Some(Found::Bad("end tag without a start tag", "a node")),
        })
    }

    /// Moves to the end of the root that starts here, or of the text.
    fn root(&mut self) -> io::Result<()> {
        let mut open = Vec::new();
        // The number of open nodes that are too deep to be read.
        let mut deeper = 0_u64;
        loop {
            match self.markup()? {
                Markup::Start { is_empty: true, .. } => {}
                Markup::Start { .. } if open.len() == DEEPEST => deeper += 1,
                Markup::Start { node, .. } => open.push(node),
                Markup::End(_) if deeper > 0 => deeper -= 1,
                Markup::End(end) => match open.iter().rposition(|start| start.name == end.name) {
                    // If end tags are missing, the next one that matches closes all those nodes.
                    Some(start) => open.truncate(start),
                    // An end tag with the same indentation may be mistyped.
                    None => _ = open.pop_if(|start| start.indent.is_some() && start.indent == end.indent),
                },
                Markup::Other { .. } => {}
            }
            if open.is_empty() || !self.skip_to(b'<')? {
                return Ok(());
            }
        }
    }

    /// Moves to the end of the markup that starts here.
    fn markup(&mut self) -> io::Result<Markup> {
        let ahead = self.ahead(9)?;
        let (start, end): (usize, &[u8]) = match ahead {
            [b'<', b'!', b'-', b'-', ..] => (4, b"-->"),
            b"<![CDATA[" => (9, b"]]>"),
            [b'<', b'?', ..] => (2, b"?>"),
            [b'<', b'!', ..] => return self.declaration(),
            [b'<', b'/', ..] => {
                let indent = self.indent();
                self.at += 2;
                let name = self.name()?;
                self.tag_end()?;
                return Ok(Markup::End(OpenTag { name, indent }));
            }
            _ => {
                let indent = self.indent();
                self.at += 1;
                let name = self.name()?;
                let is_empty = self.tag_end()?;
                return Ok(Markup::Start { node: OpenTag { name, indent }, is_empty });
            }
        };
        self.at += start;
        Ok(Markup::Other { ends: self.skip_past(end)? })
    }

    /// Moves past `>`; a `>` inside brackets belongs to an inner declaration.
    fn declaration(&mut self) -> io::Result<Markup> {
        let mut brackets = 0_u64;
        while let Some(byte) = self.peek()? {
            self.at += 1;
            match byte {
                b'[' => brackets += 1,
                b']' => brackets = brackets.saturating_sub(1),
                b'>' if brackets == 0 => return Ok(Markup::Other { ends: true }),
                _ => {}
            }
        }
        Ok(Markup::Other { ends: false })
    }

    /// The indentation of the current position, if it is the first in its line.
    fn indent(&self) -> Option<usize> {
        let before = self.text.get(..self.at).unwrap_or(&[]);
        let near = before.get(before.len().saturating_sub(KEPT)..).unwrap_or(before);
        let blanks = near.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let is_first = before.len() == blanks || before.get(before.len() - blanks - 1) == Some(&b'\n');
        is_first.then_some(blanks)
    }

    fn name(&mut self) -> io::Result<Name> {
        let mut name = Name::EMPTY;
        while let Some(byte) = self.peek()?
            && !byte.is_ascii_whitespace()
            && !matches!(byte, b'/' | b'<' | b'>')
        {
            self.at += 1;
            name = name.with(byte);
        }
        Ok(name)
    }

    /// Moves to the end of a tag. Returns whether its node ends there too.
    ///
    /// No tag contains `<`. A `<` in quotes counts as a mistyped character if the quotes seem to close later in the
    /// same line. Otherwise something is missing before it, and the tag ends there.
    fn tag_end(&mut self) -> io::Result<bool> {
        let mut quote = None;
        // The last bytes other than white space, and those before the mark.
        let mut last = [0; 2];
        let mut last_before_mark = last;
        let is_cut = loop {
            let looked_ahead = self.mark.map_or(0, |mark| self.at - mark);
            let byte = match self.peek()? {
                Some(b'\n') | None if self.mark.is_some() => break true,
                Some(_) if looked_ahead > WINDOW => break true,
                Some(byte) => byte,
                None => return Ok(true),
            };
            match (byte, quote) {
                (b'<', None) => break true,
                (b'>', None) => break false,
                (b'<', Some(_)) if self.mark.is_none() => {
                    self.mark = Some(self.at);
                    last_before_mark = last;
                }
                (b'"' | b'\'', None) => quote = Some(byte),
                (byte, Some(open)) if byte == open => {
                    quote = None;
                    let closes = self.ahead(2)?.get(1).is_none_or(|next| b" \t\r\n/>".contains(next));
                    match self.mark {
                        Some(_) if !closes => break true,
                        _ => self.mark = None,
                    }
                }
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                last = [last[1], byte];
            }
            self.at += 1;
        };
        match (is_cut, self.mark.take()) {
            (false, _) => {
                self.at += 1;
                Ok(last[1] == b'/')
            }
            (true, None) => Ok(last[1] == b'/'),
            (true, Some(mark)) => {
                self.at = mark;
                Ok(last_before_mark == *b"/>")
            }
        }
    }

    /// Moves to a byte; false if it does not occur.
    fn skip_to(&mut self, byte: u8) -> io::Result<bool> {
        let found = self.skip_past(&[byte])?;
        self.at -= usize::from(found);
        Ok(found)
    }

    /// Moves past some bytes; false if they do not occur.
    fn skip_past(&mut self, bytes: &[u8]) -> io::Result<bool> {
        loop {
            let rest = self.text.get(self.at..).unwrap_or(&[]);
            if let Some(found) = memchr::memmem::find(rest, bytes) {
                self.at += found + bytes.len();
                return Ok(true);
            }
            // The text may end with a part of them.
            self.at += (rest.len() + 1).saturating_sub(bytes.len());
            if !self.read()? {
                self.at = self.text.len();
                return Ok(false);
            }
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        while self.at >= self.text.len() {
            if !self.read()? {
                return Ok(None);
            }
        }
        Ok(self.text.get(self.at).copied())
    }

    /// The next `count` bytes, or as many as the input has.
    fn ahead(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.text.len() < self.at + count && self.read()? {}
        let rest = self.text.get(self.at..).unwrap_or(&[]);
        Ok(rest.get(..count).unwrap_or(rest))
    }

    /// Starts the next item at the current position.
    fn begin(&mut self) {
        self.start = self.start.moved(&self.text, self.at);
        self.line = self.start.line;
    }

    /// Stops keeping the text of the item if it is too long.
    fn refuse_too_long(&mut self) {
        if self.keeps && self.at - self.start.offset > self.longest {
            let message = format!("more than {} bytes", self.longest);
            self.too_long = Some(self.error(Problem::new(0, message, "")));
            self.keeps = false;
        }
    }

    /// Reads a piece; false at the end of the input.
    fn read(&mut self) -> io::Result<bool> {
        self.refuse_too_long();
        if !self.keeps {
            self.start = self.start.moved(&self.text, self.at);
        }
        self.forget();
        loop {
            let piece = match self.input.fill_buf() {
                Ok(piece) => piece,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let length = piece.len().min(WINDOW);
            self.text.extend_from_slice(piece.get(..length).unwrap_or(piece));
            self.input.consume(length);
            return Ok(length > 0);
        }
    }

    /// Drops the text before the item, except for a part of its line.
    fn forget(&mut self) {
        let needed = self.start.offset.min(self.mark.unwrap_or(usize::MAX));
        let behind = needed.saturating_sub(KEPT);
        // Drops rarely, because the rest must be moved.
        if behind >= self.text.len() / 2 {
            self.text.drain(..behind);
            self.start.offset -= behind;
            self.at -= behind;
            self.mark = self.mark.map(|mark| mark - behind);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of all items.
    fn outlined(input: impl BufRead) -> Vec<String> {
        let mut outline = Outline::new(input, usize::MAX);
        let mut all = Vec::new();
        while outline.next().unwrap().is_some() {
            all.push(String::from_utf8_lossy(outline.found()).into_owned());
        }
        all
    }

    #[test]
    fn a_mistyped_end_tag_ends_the_node_that_is_as_far_indented() {
        assert_eq!(outlined(&b"<a>\n <a>\n </d>\n</a>\n<c/>"[..]), ["<a>\n <a>\n </d>\n</a>", "<c/>"]);
        assert_eq!(outlined(&b"<a>\n <a>\n  </d>\n</a>\n<c/>"[..]), ["<a>\n <a>\n  </d>\n</a>\n<c/>"]);
    }

    #[test]
    fn a_quote_that_does_not_close_in_its_line_ends_before_the_first_tag_behind_it() {
        assert_eq!(outlined(&b"<a b='1><e/>\n</a>\n<c d=' '/>"[..]), ["<a b='1><e/>\n</a>", "<c d=' '/>"]);
        assert_eq!(outlined(&b"<a b='1></a><c/>\n<d/>"[..]), ["<a b='1></a>", "<c/>", "<d/>"]);
    }

    /// The text before the tag is dropped when the reader must read more to find the quote's end.
    #[test]
    fn a_quote_that_does_not_close_ends_there_wherever_the_input_is_cut() {
        let before = format!("<!--{}-->", "x".repeat(1_000));
        let first = [before.as_bytes(), b"<a b='1><e/>"].concat();
        let input = io::Read::chain(&first[..], &b"<f/>\n</a>\n<c/>"[..]);
        assert_eq!(outlined(input), ["<a b='1><e/><f/>\n</a>", "<c/>"]);
    }

    #[test]
    fn what_is_behind_is_dropped() {
        let xml = "<a/>\n".repeat(100_000);
        let mut outline = Outline::new(xml.as_bytes(), usize::MAX);
        while outline.next().unwrap().is_some() {
            assert!(outline.text.len() < 4 * (KEPT + WINDOW), "{}", outline.text.len());
        }
    }

    #[test]
    fn a_quote_is_looked_for_64_kib_behind_the_first_tag_in_it() {
        for (length, roots) in [(1, 2), (65_535, 2), (65_536, 1)] {
            let before = format!("<!--{}-->", "x".repeat(40_000));
            let xml = format!("{before}<a b='x<{}'/><c/>", "y".repeat(length));
            assert_eq!(outlined(xml.as_bytes()).len(), roots, "{length}");
        }
    }

    #[test]
    fn a_root_may_have_as_many_bytes_as_was_asked_for() {
        let found = |longest| {
            let mut outline = Outline::new(&b"<aaa/>\n<bbb/><cc/>"[..], longest);
            let mut all = Vec::new();
            while let Some(found) = outline.next().unwrap() {
                all.push(match found {
                    Found::TooLong(error) => (error.to_string(), error.place().line()),
                    _ => (String::from_utf8_lossy(outline.found()).into_owned(), outline.line()),
                });
            }
            all
        };
        let roots = ["<aaa/>", "<bbb/>", "<cc/>"].map(str::to_owned);
        assert_eq!(found(6), [(roots[0].clone(), 1), (roots[1].clone(), 2), (roots[2].clone(), 2)]);
        let refused = |line, column| format!("more than 5 bytes at line {line}, column {column}");
        assert_eq!(found(5), [(refused(1, 1), 1), (refused(2, 1), 2), (roots[2].clone(), 2)]);
    }

    /// Fails once, and then is at its end.
    struct Failing(bool);

    impl io::Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.0, false) { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(0) }
        }
    }

    #[test]
    fn an_input_that_fails_is_not_one_that_ends() {
        let input = io::Read::chain(&b"<a/><b>and its text"[..], Failing(true));
        let mut outline = Outline::new(io::BufReader::new(input), usize::MAX);
        assert!(matches!(outline.next(), Ok(Some(Found::Root))));
        assert_eq!(outline.next().map(|_| ()).unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    }
}
