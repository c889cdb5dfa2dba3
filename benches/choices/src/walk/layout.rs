//! Three layouts of a value.

use std::fmt::Debug;

/// What a value is made of, and what is read of it.
pub trait Layout: Copy + Debug + PartialEq {
    const NONE: Self;
    fn token(id: u16) -> Self;
    fn text(start: usize, length: usize) -> Self;
    fn packed(start: usize, length: usize) -> Self;
    fn bytes(start: usize, length: usize) -> Self;
    fn nodes(count: usize) -> Self;
    fn jid(form: u8, device: u8) -> Self;

    /// A number for what is read: a token's text out of `tokens`, or characters out of `body`.
    fn read(self, tokens: &[&str; 1280], body: &[u8]) -> u64;
}

#[inline(always)]
fn of_bytes(bytes: &[u8]) -> u64 {
    bytes.len() as u64 + u64::from(bytes.first().copied().unwrap_or(0))
}

#[inline(always)]
fn of_range(body: &[u8], start: usize, length: usize) -> u64 {
    of_bytes(body.get(start..start + length).unwrap_or(&[]))
}

#[inline(always)]
fn of_token(tokens: &[&str; 1280], id: u16) -> u64 {
    of_bytes(tokens.get(usize::from(id)).map_or(&[], |text| text.as_bytes()))
}

mod kind {
    pub(super) const NONE: u64 = 0;
    pub(super) const TOKEN: u64 = 1;
    pub(super) const TEXT: u64 = 2;
    pub(super) const PACKED: u64 = 3;
    pub(super) const BYTES: u64 = 4;
    pub(super) const NODES: u64 = 5;
    pub(super) const JID: u64 = 6;
}

/// One word, as in `src/node/tree.rs`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Word(u64);

impl Word {
    #[inline(always)]
    fn range(kind: u64, start: usize, length: usize) -> Self {
        Self(kind | (start as u64) << 4 | (length as u64) << 35)
    }
}

impl Layout for Word {
    const NONE: Self = Self(kind::NONE);

    #[inline(always)]
    fn token(id: u16) -> Self {
        Self(kind::TOKEN | u64::from(id) << 4)
    }

    #[inline(always)]
    fn text(start: usize, length: usize) -> Self {
        Self::range(kind::TEXT, start, length)
    }

    #[inline(always)]
    fn packed(start: usize, length: usize) -> Self {
        Self::range(kind::PACKED, start, length)
    }

    #[inline(always)]
    fn bytes(start: usize, length: usize) -> Self {
        Self::range(kind::BYTES, start, length)
    }

    #[inline(always)]
    fn nodes(count: usize) -> Self {
        Self::range(kind::NODES, 0, count)
    }

    #[inline(always)]
    fn jid(form: u8, device: u8) -> Self {
        Self(kind::JID | u64::from(form) << 4 | u64::from(device) << 12)
    }

    #[inline(always)]
    fn read(self, tokens: &[&str; 1280], body: &[u8]) -> u64 {
        match self.0 & 15 {
            kind::TOKEN => of_token(tokens, (self.0 >> 4) as u16),
            kind::TEXT | kind::PACKED | kind::BYTES => {
                of_range(body, (self.0 >> 4) as usize & 0x7fff_ffff, (self.0 >> 35) as usize)
            }
            kind::NODES => self.0 >> 35,
            kind::JID => (self.0 >> 4 & 255) + (self.0 >> 12 & 255),
            _ => 0,
        }
    }
}

/// Two fields of 32 bits: kind and start, length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fields {
    kind_and_start: u32,
    length: u32,
}

impl Fields {
    #[inline(always)]
    fn range(kind: u64, start: usize, length: usize) -> Self {
        Self { kind_and_start: kind as u32 | (start as u32) << 4, length: length as u32 }
    }
}

impl Layout for Fields {
    const NONE: Self = Self { kind_and_start: kind::NONE as u32, length: 0 };

    #[inline(always)]
    fn token(id: u16) -> Self {
        Self::range(kind::TOKEN, usize::from(id), 0)
    }

    #[inline(always)]
    fn text(start: usize, length: usize) -> Self {
        Self::range(kind::TEXT, start, length)
    }

    #[inline(always)]
    fn packed(start: usize, length: usize) -> Self {
        Self::range(kind::PACKED, start, length)
    }

    #[inline(always)]
    fn bytes(start: usize, length: usize) -> Self {
        Self::range(kind::BYTES, start, length)
    }

    #[inline(always)]
    fn nodes(count: usize) -> Self {
        Self::range(kind::NODES, 0, count)
    }

    #[inline(always)]
    fn jid(form: u8, device: u8) -> Self {
        Self::range(kind::JID, usize::from(form), usize::from(device))
    }

    #[inline(always)]
    fn read(self, tokens: &[&str; 1280], body: &[u8]) -> u64 {
        let start = self.kind_and_start >> 4;
        match u64::from(self.kind_and_start & 15) {
            kind::TOKEN => of_token(tokens, start as u16),
            kind::TEXT | kind::PACKED | kind::BYTES => of_range(body, start as usize, self.length as usize),
            kind::NODES => self.length.into(),
            kind::JID => u64::from(start) + u64::from(self.length),
            _ => 0,
        }
    }
}

/// An enum, as one would write it first: 12 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Kinds {
    #[default]
    None,
    Token(u16),
    Text {
        start: u32,
        length: u32,
    },
    Packed {
        start: u32,
        length: u32,
    },
    Bytes {
        start: u32,
        length: u32,
    },
    Nodes(u32),
    Jid {
        form: u8,
        device: u8,
    },
}

impl Layout for Kinds {
    const NONE: Self = Self::None;

    #[inline(always)]
    fn token(id: u16) -> Self {
        Self::Token(id)
    }

    #[inline(always)]
    fn text(start: usize, length: usize) -> Self {
        Self::Text { start: start as u32, length: length as u32 }
    }

    #[inline(always)]
    fn packed(start: usize, length: usize) -> Self {
        Self::Packed { start: start as u32, length: length as u32 }
    }

    #[inline(always)]
    fn bytes(start: usize, length: usize) -> Self {
        Self::Bytes { start: start as u32, length: length as u32 }
    }

    #[inline(always)]
    fn nodes(count: usize) -> Self {
        Self::Nodes(count as u32)
    }

    #[inline(always)]
    fn jid(form: u8, device: u8) -> Self {
        Self::Jid { form, device }
    }

    #[inline(always)]
    fn read(self, tokens: &[&str; 1280], body: &[u8]) -> u64 {
        match self {
            Self::None => 0,
            Self::Token(id) => of_token(tokens, id),
            Self::Text { start, length } | Self::Packed { start, length } | Self::Bytes { start, length } => {
                of_range(body, start as usize, length as usize)
            }
            Self::Nodes(count) => count.into(),
            Self::Jid { form, device } => u64::from(form) + u64::from(device),
        }
    }
}
