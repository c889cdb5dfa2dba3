//! List heads and lengths.

use nom::Parser;
use nom::error::ErrorKind;
use nom::number::complete::{be_u16, be_u24, be_u32};

use super::room::{Room, put, put_all};
use super::{Claimed, Input, Parsed, Problem, Rules, Sink, Walk, WirePart, tag};
use crate::error::{DecodeErrorKind, LengthField};
use crate::kernel::short_copy::Text;
use crate::options::Leniency;

/// Sizes from here on need `LIST_16`; lengths need `BINARY_20`.
const EIGHT_BITS: usize = 1 << 8;
/// Lengths from here on need `BINARY_32`.
const TWENTY_BITS: usize = 1 << 20;
/// The largest length after a `BINARY_20`. Its other bits do not count.
pub(crate) const LARGEST_20_BITS: usize = TWENTY_BITS - 1;
/// The largest size after a `LIST_8`.
pub(crate) const LARGEST_SHORT_LIST: usize = EIGHT_BITS - 1;
/// The largest size of a list.
pub(crate) const LARGEST_LIST: usize = 0xffff;

/// Reads the size after the first byte, `head`, of a list head: `LIST_8 u8` or `LIST_16 u16`.
#[inline(always)]
pub(crate) fn list_size<'a, P: Problem<'a>>(input: Input<'a>, head: u8) -> Parsed<'a, usize, P> {
    let at = input.len().wrapping_add(1);
    if head == tag::LIST_8 {
        byte(input).map(|(rest, length)| (rest, usize::from(length))).claimed(LengthField::ListHead, at, 1)
    } else {
        be_u16.map(usize::from).parse(input).claimed(LengthField::ListHead, at, 2)
    }
}

/// Writes a list head in the shortest form. An empty list of children is `LIST_EMPTY`. `size` must be at most
/// [`LARGEST_LIST`].
#[inline(always)]
pub(crate) fn write_list_head(room: Room<'_>, size: usize) -> Room<'_> {
    match size.to_be_bytes() {
        _ if size == 0 => put(room, [tag::LIST_EMPTY]),
        _ if size <= LARGEST_SHORT_LIST => put(room, short_list_head(size as u8)),
        [.., high, low] => put(room, [tag::LIST_16, high, low]),
    }
}

/// The head of a list of 1 to [`LARGEST_SHORT_LIST`] elements.
#[inline(always)]
pub(crate) fn short_list_head(size: u8) -> [u8; 2] {
    [tag::LIST_8, size]
}

impl<'a, S: Sink<'a>> Walk<'_, S> {
    /// `bytes`: reads the octets after `BINARY_8 u8`, `BINARY_20 u20` or `BINARY_32 u32`, whose first byte is `form`.
    /// Returns them together with the bytes that follow.
    #[inline(always)]
    pub(crate) fn binary<P: Problem<'a>>(&mut self, input: Input<'a>, form: u8) -> Parsed<'a, Text<'a>, P> {
        let (and_behind, length) = if form == tag::BINARY_8 {
            byte(input).map(|(rest, length)| (rest, usize::from(length))).claimed(
                LengthField::BinaryByte,
                input.len().wrapping_add(1),
                1,
            )?
        } else {
            long_length(input, form, self.rules)?
        };
        self.sink.piece(WirePart::BinaryHead, and_behind.len());
        bytes(length)(and_behind).claimed(LengthField::BinaryLength, input.len(), length)
    }
}

#[inline(never)]
fn long_length<'a, P: Problem<'a>>(input: Input<'a>, form: u8, rules: &Rules) -> Parsed<'a, usize, P> {
    let at = input.len().wrapping_add(1);
    if form == tag::BINARY_32 {
        return be_u32.map(|length| length as usize).parse(input).claimed(LengthField::BinaryByte, at, 4);
    }
    let (rest, length) = be_u24.parse(input).claimed(LengthField::BinaryByte, at, 3)?;
    if length >> 20 != 0 && !rules.allow.contains(Leniency::LENGTH_BITS) {
        return Err(P::at(input.len(), DecodeErrorKind::LengthBits));
    }
    Ok((rest, length as usize & LARGEST_20_BITS))
}

/// Reads one byte. (`nom::number::complete::be_u8` loops over the bytes of a number.)
#[inline(always)]
pub(crate) fn byte<'a, P: Problem<'a>>(input: Input<'a>) -> Parsed<'a, u8, P> {
    match input.split_first() {
        Some((byte, rest)) => Ok((rest, *byte)),
        None => Err(nom::Err::Error(P::from_error_kind(input, ErrorKind::Eof))),
    }
}

/// Reads `count` bytes. (`nom::bytes::complete::take` counts the missing bytes, which costs more than its other work.)
#[inline(always)]
pub(crate) fn bytes<'a, P: Problem<'a>>(count: usize) -> impl Fn(Input<'a>) -> Parsed<'a, Text<'a>, P> {
    move |input| match input.split_at_checked(count) {
        Some((bytes, rest)) => Ok((rest, Text { bytes, and_behind: input })),
        None => Err(nom::Err::Error(P::from_error_kind(input, ErrorKind::Eof))),
    }
}

/// Writes bytes after the shortest length. Their length fits 32 bits, because trees keep lengths in 29.
#[inline(always)]
pub(crate) fn write_binary<'o>(room: Room<'o>, bytes: &[u8]) -> Room<'o> {
    put_all(write_binary_head(room, bytes.len()), bytes)
}

/// Writes the head of binary content of `length` bytes.
#[inline(always)]
pub(crate) fn write_binary_head(room: Room<'_>, length: usize) -> Room<'_> {
    match length.to_be_bytes() {
        _ if length < EIGHT_BITS => put(room, [tag::BINARY_8, length as u8]),
        [.., a, b, c] if length < TWENTY_BITS => put(room, [tag::BINARY_20, a, b, c]),
        [.., a, b, c, d] => put(room, [tag::BINARY_32, a, b, c, d]),
    }
}
