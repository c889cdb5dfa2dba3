//! The grammar, once: readers (nom parsers) and writers of each form side by side.
//!
//! [`walk()`] reads one node and tells a [`Sink`] what it meets; the tree, the findings and every other reader are sinks.
//! GRAMMAR.md has the grammar as ABNF.
#![deny(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

pub(crate) mod jid;
pub(crate) mod packed;
pub(crate) mod scalar;
pub(crate) mod string;
pub(crate) mod tag;
mod walk;

pub(crate) use jid::{JidWriter, WireJid, WireServer};
pub(crate) use packed::{Alphabet, Packed};
pub(crate) use string::WireStr;
pub(crate) use walk::{Content, Open, Sink, Span, Value, walk};

use nom::error::{ErrorKind, ParseError};

use crate::error::{DecodeErrorKind, Field};
use crate::options::{Allow, Limits};
use crate::token::Dictionary;

/// The body not yet read.
pub(crate) type Input<'a> = &'a [u8];

/// What a parser of the grammar gives.
pub(crate) type Parsed<'a, T> = nom::IResult<Input<'a>, T, Fault>;

/// What a reader holds a frame to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) dictionary: Dictionary,
    pub(crate) allow: Allow,
    pub(crate) limits: Limits,
    /// Whether each raw string is validated where it stands. If not, the sink has to validate the texts it keeps: a
    /// raw string that starts with a continuation byte is refused here, so the texts may be joined and checked in one
    /// go.
    pub(crate) check_text: bool,
}

/// An error inside a parser. Places are told as the number of bytes left, which needs no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: DecodeErrorKind,
    /// Bytes left at the byte that is wrong.
    pub(crate) left: usize,
    /// Of a truncation: who claimed more, bytes left there, how much.
    pub(crate) claim: Option<(Field, usize, usize)>,
}

impl Fault {
    /// `kind`, at the first byte of `at`.
    #[cold]
    pub(crate) fn at(at: Input<'_>, kind: DecodeErrorKind) -> nom::Err<Self> {
        nom::Err::Error(Self { kind, left: at.len(), claim: None })
    }

    /// The input ends, though `field` at `at` claims `count` more bytes or elements.
    #[cold]
    pub(crate) fn truncated(field: Field, at: Input<'_>, count: usize) -> nom::Err<Self> {
        nom::Err::Error(Self { kind: DecodeErrorKind::Truncated, left: 0, claim: Some((field, at.len(), count)) })
    }

    pub(crate) fn from_nom(error: nom::Err<Self>) -> Self {
        match error {
            nom::Err::Error(fault) | nom::Err::Failure(fault) => fault,
            nom::Err::Incomplete(_) => Self { kind: DecodeErrorKind::Truncated, left: 0, claim: None },
        }
    }
}

/// The parsers of nom that are used here fail for one reason only: the input ends.
impl ParseError<Input<'_>> for Fault {
    fn from_error_kind(_: Input<'_>, _: ErrorKind) -> Self {
        Self { kind: DecodeErrorKind::Truncated, left: 0, claim: None }
    }

    fn append(_: Input<'_>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// Names the field that claims the bytes a parser did not find.
trait Claimed {
    fn claimed(self, field: Field, at: Input<'_>, count: usize) -> Self;
}

impl<T> Claimed for Parsed<'_, T> {
    #[inline]
    fn claimed(self, field: Field, at: Input<'_>, count: usize) -> Self {
        self.map_err(|_| Fault::truncated(field, at, count))
    }
}
