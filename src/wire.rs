//! The grammar, once: readers (nom parsers) and writers of each form side by side.
//!
//! [`walk()`] reads one node and tells a [`Sink`] what it meets; the tree, the findings and every other reader are sinks.
//! GRAMMAR.md has the grammar as ABNF.
#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

mod both;
pub(crate) mod jid;
mod open_node;
pub(crate) mod packed;
mod room;
pub(crate) mod scalar;
mod spelled;
pub(crate) mod string;
pub(crate) mod tag;
mod walk;

pub(crate) use both::Both;
pub(crate) use jid::{JidServer, JidShape, WireJid, write_jid, write_pair};
pub(crate) use open_node::OpenNode;
pub(crate) use room::{Room, put, written};
pub(crate) use string::WireStr;
pub(crate) use walk::{Role, Sink, Span, WireContent, WirePart, WireValue, walk};

use nom::error::{ErrorKind, ParseError};

use crate::error::{DecodeErrorKind, LengthField};
use crate::options::{Leniency, Limits};
use crate::token::Dictionary;

/// The body not yet read.
pub(crate) type Input<'a> = &'a [u8];

/// What a parser of the grammar gives. `P` says what it tells of a problem.
pub(crate) type Parsed<'a, T, P> = nom::IResult<Input<'a>, T, P>;

/// What a reader holds a frame to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) dictionary: Dictionary,
    pub(crate) allow: Leniency,
    pub(crate) limits: Limits,
}

/// How parsers tell what is wrong.
///
/// A frame is read with [`Refused`] first, which tells nothing and costs nothing. One that is refused is read again with
/// [`Fault`], by the same parsers, to find out what and where.
pub(crate) trait Problem<'a>: ParseError<Input<'a>> {
    /// Whether each string is validated where it stands. If not, the sink validates the texts it keeps: packed ones when
    /// it unpacks them; raw ones may be joined and checked in one go, since one that starts with a continuation byte is
    /// refused all the same.
    const IS_CAREFUL: bool;

    /// `kind`, where `left` bytes of the body are left.
    fn at(left: usize, kind: DecodeErrorKind) -> nom::Err<Self>;

    /// The input ends, though `field`, with `left` bytes left, claims `count` more bytes or elements; unless the problem
    /// is told already.
    fn claimed_by(self, field: LengthField, left: usize, count: usize) -> Self;

    /// Whether a JID with this problem may be a text that was written as one; if nothing is told, it may.
    fn may_be_text(problem: &nom::Err<Self>) -> bool;
}

/// There is a problem.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused;

/// A problem and its place. Places are told as the number of bytes left, which needs no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: DecodeErrorKind,
    /// Bytes left at the byte that is wrong.
    pub(crate) left: usize,
    /// Of a truncation: who claimed more, bytes left there, how much.
    pub(crate) claim: Option<(LengthField, usize, usize)>,
}

impl<'a> Problem<'a> for Refused {
    const IS_CAREFUL: bool = false;

    #[inline(always)]
    fn at(_: usize, _: DecodeErrorKind) -> nom::Err<Self> {
        nom::Err::Error(Self)
    }

    #[inline(always)]
    fn claimed_by(self, _: LengthField, _: usize, _: usize) -> Self {
        self
    }

    fn may_be_text(_: &nom::Err<Self>) -> bool {
        true
    }
}

impl<'a> Problem<'a> for Fault {
    const IS_CAREFUL: bool = true;

    fn at(left: usize, kind: DecodeErrorKind) -> nom::Err<Self> {
        nom::Err::Error(Self { kind, left, claim: None })
    }

    fn claimed_by(self, field: LengthField, left: usize, count: usize) -> Self {
        let told = self.kind != DecodeErrorKind::Truncated || self.claim.is_some();
        if told { self } else { Self { claim: Some((field, left, count)), ..self } }
    }

    fn may_be_text(problem: &nom::Err<Self>) -> bool {
        let (nom::Err::Error(fault) | nom::Err::Failure(fault)) = problem else { return false };
        matches!(
            fault.kind,
            DecodeErrorKind::EmptyServer | DecodeErrorKind::JidSeparator | DecodeErrorKind::NotAString(_)
        )
    }
}

impl ParseError<Input<'_>> for Refused {
    fn from_error_kind(_: Input<'_>, _: ErrorKind) -> Self {
        Self
    }

    fn append(_: Input<'_>, _: ErrorKind, other: Self) -> Self {
        other
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

/// Names the field, where `left` bytes are left, that claims the bytes a parser did not find.
trait Claimed {
    fn claimed(self, field: LengthField, left: usize, count: usize) -> Self;
}

impl<'a, T, P: Problem<'a>> Claimed for Parsed<'a, T, P> {
    #[inline(always)]
    fn claimed(self, field: LengthField, left: usize, count: usize) -> Self {
        self.map_err(|error| error.map(|problem| problem.claimed_by(field, left, count)))
    }
}
