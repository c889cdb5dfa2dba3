//! The walk as a loop without nom.

use super::functions::double_token;
use super::{Cell, Flat, Layout, Value};

/// Where a reader is.
trait Cursor<'a> {
    fn at_start_of(body: &'a [u8]) -> Self;
    fn left(&self) -> usize;
    fn peek(&self) -> Option<u8>;
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]>;
    /// Where so many bytes start, which are skipped.
    fn skip(&mut self, count: usize) -> Option<usize>;
    /// Skips the byte that was peeked at.
    fn advance(&mut self);
}

/// An index into the body.
struct Index<'a> {
    body: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> for Index<'a> {
    #[inline(always)]
    fn at_start_of(body: &'a [u8]) -> Self {
        Self { body, at: 0 }
    }

    #[inline(always)]
    fn left(&self) -> usize {
        self.body.len() - self.at
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.body.get(self.at).copied()
    }

    #[inline(always)]
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let bytes = *self.body.get(self.at..)?.first_chunk()?;
        self.at += N;
        Some(bytes)
    }

    #[inline(always)]
    fn skip(&mut self, count: usize) -> Option<usize> {
        let start = self.at;
        if count > self.left() {
            return None;
        }
        self.at += count;
        Some(start)
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.at += 1;
    }
}

/// The part of the body that is not yet read, as parsers have it.
struct Rest<'a> {
    rest: &'a [u8],
    total: usize,
}

impl<'a> Cursor<'a> for Rest<'a> {
    #[inline(always)]
    fn at_start_of(body: &'a [u8]) -> Self {
        Self { rest: body, total: body.len() }
    }

    #[inline(always)]
    fn left(&self) -> usize {
        self.rest.len()
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    #[inline(always)]
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(*bytes)
    }

    #[inline(always)]
    fn skip(&mut self, count: usize) -> Option<usize> {
        let start = self.total - self.rest.len();
        self.rest = self.rest.get(count..)?;
        Some(start)
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or(&[]);
    }
}

struct Reader<C>(C);

/// Fills `flat` with the one node of `body`.
pub fn with_index<V: Layout>(body: &[u8], flat: &mut Flat<V>) -> bool {
    walk::<Index<'_>, V>(body, flat)
}

pub fn with_rest<V: Layout>(body: &[u8], flat: &mut Flat<V>) -> bool {
    walk::<Rest<'_>, V>(body, flat)
}

#[inline(always)]
fn walk<'a, C: Cursor<'a>, V: Layout>(body: &'a [u8], flat: &mut Flat<V>) -> bool {
    flat.clear();
    let mut reader = Reader(C::at_start_of(body));
    loop {
        match reader.node(flat) {
            None => return false,
            Some(0) if flat.is_complete() => return reader.0.left() == 0,
            Some(0) => {}
            Some(children) => flat.open(children),
        }
    }
}

impl<'a, C: Cursor<'a>> Reader<C> {
    #[inline(always)]
    fn byte(&mut self) -> Option<u8> {
        let byte = self.0.peek()?;
        self.0.advance();
        Some(byte)
    }

    /// A node up to its first child; gives the number of children.
    #[inline(always)]
    fn node<V: Layout>(&mut self, flat: &mut Flat<V>) -> Option<u32> {
        let head = self.byte()?;
        let size = self.list_size(head)?;
        if size == 0 {
            return None;
        }
        let tag = self.string::<V>()?;
        let first_cell = flat.cells.len();
        for _ in 0..(size - 1) / 2 {
            let name = self.string::<V>()?;
            let value = self.value::<V>()?;
            flat.attribute(name, value);
        }
        if size % 2 == 1 {
            flat.node(tag, first_cell, (V::NONE, None));
            return Some(0);
        }
        match self.0.peek()? {
            head @ (0xf8 | 0xf9) => {
                self.0.advance();
                let count = self.list_size(head)?;
                flat.node(tag, first_cell, (V::nodes(count), None));
                Some(count as u32)
            }
            0 => {
                self.0.advance();
                flat.node(tag, first_cell, (V::nodes(0), None));
                Some(0)
            }
            form @ 0xfc..=0xfe => {
                self.0.advance();
                let length = self.length(form)?;
                let start = self.0.skip(length)?;
                flat.node(tag, first_cell, (V::bytes(start, length), None));
                Some(0)
            }
            _ => {
                let content = self.value::<V>()?;
                flat.node(tag, first_cell, content);
                Some(0)
            }
        }
    }

    #[inline(always)]
    fn value<V: Layout>(&mut self) -> Option<Value<V>> {
        match self.0.peek()? {
            0 => {
                self.0.advance();
                Some((V::NONE, None))
            }
            0xf7 => {
                self.0.advance();
                let [domain, device] = self.0.bytes()?;
                let name = self.string::<V>()?;
                Some((V::jid(domain, device), Some(Cell { name, value: V::NONE })))
            }
            0xfa => {
                self.0.advance();
                let name = if self.0.peek()? == 0 {
                    self.0.advance();
                    V::NONE
                } else {
                    self.string::<V>()?
                };
                let value = self.string::<V>()?;
                Some((V::jid(128, 0), Some(Cell { name, value })))
            }
            _ => Some((self.string::<V>()?, None)),
        }
    }

    #[inline(always)]
    fn string<V: Layout>(&mut self) -> Option<V> {
        match self.byte()? {
            single @ 1..=0xeb => Some(V::token(single.into())),
            dictionary @ 0xec..=0xef => {
                let index = self.byte()?;
                Some(V::token(double_token(dictionary, index)))
            }
            0xfb | 0xff => {
                let length = usize::from(self.byte()? & 0x7f);
                Some(V::packed(self.0.skip(length)?, length))
            }
            form @ 0xfc..=0xfe => {
                let length = self.length(form)?;
                Some(V::text(self.0.skip(length)?, length))
            }
            _ => None,
        }
    }

    #[inline(always)]
    fn list_size(&mut self, head: u8) -> Option<usize> {
        match head {
            0xf8 => self.byte().map(usize::from),
            0xf9 => self.0.bytes().map(|size| usize::from(u16::from_be_bytes(size))),
            _ => None,
        }
    }

    #[inline(always)]
    fn length(&mut self, form: u8) -> Option<usize> {
        match form {
            0xfc => self.byte().map(usize::from),
            0xfd => self.0.bytes().map(|[high, middle, low]| u32::from_be_bytes([0, high & 15, middle, low]) as usize),
            _ => self.0.bytes().map(|length| u32::from_be_bytes(length) as usize),
        }
    }
}
