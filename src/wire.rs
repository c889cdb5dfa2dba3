//! The grammar, once: readers (nom parsers) and writers of each form side by side.
//!
//! [`walk()`] reads one node and reports to a [`Sink`]; the tree, the findings and every other reader are sinks.
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
pub(crate) use walk::{Role, Sink, Span, Walk, WireContent, WirePart, WireValue};

use nom::error::{ErrorKind, ParseError};

use crate::error::{DecodeErrorKind, LengthField};
use crate::options::{Leniency, Limits};
use crate::token::Dictionary;

/// The rest of the body.
pub(crate) type Input<'a> = &'a [u8];

/// The result of a parser of the grammar. `P` says how much it reports of a problem.
pub(crate) type Parsed<'a, T, P> = nom::IResult<Input<'a>, T, P>;

/// The rules that a reader applies to a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) dictionary: Dictionary,
    pub(crate) allow: Leniency,
    pub(crate) limits: Limits,
}

/// How parsers report an error.
///
/// The first pass uses [`Refused`], which carries nothing and costs nothing. A refused frame is read again by the same
/// parsers with [`Fault`], which has the kind and the place.
pub(crate) trait Problem<'a>: ParseError<Input<'a>> {
    /// Whether the walk validates each string at its place. If not, the sink validates the texts that it keeps: packed
    /// texts when it unpacks them, and raw texts possibly joined, since the walk refuses a text that starts with a
    /// continuation byte in any case.
    const IS_CAREFUL: bool;

    /// Reports `kind` where `left` bytes of the body remain.
    fn at(left: usize, kind: DecodeErrorKind) -> nom::Err<Self>;

    /// Records that the input ends although `field`, at the place where `left` bytes remain, claims `count` more bytes
    /// or elements. An earlier claim stays.
    fn claimed_by(self, field: LengthField, left: usize, count: usize) -> Self;

    /// Returns the same problem. A problem without data is made again: so no value has to be kept for it.
    fn same(problem: nom::Err<Self>) -> nom::Err<Self>;

    /// Whether a JID with this problem may be a text that was written as a JID. If the problem has no reason, it may.
    fn may_be_text(problem: &nom::Err<Self>) -> bool;
}

/// An error without kind or place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refused;

/// An error and its place. A place is the number of bytes left, which needs no origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) kind: DecodeErrorKind,
    /// The number of bytes left at the wrong byte.
    pub(crate) left: usize,
    /// For a truncation: the field that claimed more, the bytes left there, and the claimed number.
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

    #[inline(always)]
    fn same(_: nom::Err<Self>) -> nom::Err<Self> {
        nom::Err::Error(Self)
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

    fn same(problem: nom::Err<Self>) -> nom::Err<Self> {
        problem
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

/// The parsers of nom used here fail for one reason only: the input ends.
impl ParseError<Input<'_>> for Fault {
    fn from_error_kind(_: Input<'_>, _: ErrorKind) -> Self {
        Self { kind: DecodeErrorKind::Truncated, left: 0, claim: None }
    }

    fn append(_: Input<'_>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

/// Names the field, at the place where `left` bytes remain, that claims the bytes which a parser did not find.
trait Claimed {
    fn claimed(self, field: LengthField, left: usize, count: usize) -> Self;
}

impl<'a, T, P: Problem<'a>> Claimed for Parsed<'a, T, P> {
    #[inline(always)]
    fn claimed(self, field: LengthField, left: usize, count: usize) -> Self {
        if !P::IS_CAREFUL {
            return self.map_err(P::same);
        }
        self.map_err(|error| error.map(|problem| problem.claimed_by(field, left, count)))
    }
}
