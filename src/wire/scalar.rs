//! List heads and lengths.

use nom::Parser;
use nom::error::ErrorKind;
use nom::number::complete::{be_u16, be_u24, be_u32};

use super::{Claimed, Input, Parsed, Problem, Rules, tag};
use crate::error::{DecodeErrorKind, Field};
use crate::options::Allow;

/// Sizes from here on need `LIST_16`; lengths `BINARY_20`.
const EIGHT_BITS: usize = 1 << 8;
/// Lengths from here on need `BINARY_32`.
const TWENTY_BITS: usize = 1 << 20;

/// The size behind a list head whose first byte, `head`, was read: `LIST_8 u8` or `LIST_16 u16`.
#[inline(always)]
pub(crate) fn list_size<'a, P: Problem<'a>>(input: Input<'a>, head: u8) -> Parsed<'a, usize, P> {
    let at = input.len().wrapping_add(1);
    if head == tag::LIST_8 {
        byte(input).map(|(rest, length)| (rest, usize::from(length))).claimed(Field::ListHead, at, 1)
    } else {
        be_u16.map(usize::from).parse(input).claimed(Field::ListHead, at, 2)
    }
}

/// Writes the shortest list head, unless the size is above 65,535. An empty list of children is `LIST_EMPTY`.
#[inline]
pub(crate) fn write_list_head(out: &mut Vec<u8>, size: usize) -> bool {
    match (size, u8::try_from(size), u16::try_from(size)) {
        (0, ..) => out.push(tag::LIST_EMPTY),
        (_, Ok(size), _) => out.extend_from_slice(&[tag::LIST_8, size]),
        (_, _, Ok(size)) => {
            let [high, low] = size.to_be_bytes();
            out.extend_from_slice(&[tag::LIST_16, high, low]);
        }
        _ => return false,
    }
    true
}

/// The bytes behind `BINARY_8 u8`, `BINARY_20 u20` or `BINARY_32 u32`, whose first byte, `form`, was read.
#[inline(always)]
pub(crate) fn binary<'a, P: Problem<'a>>(input: Input<'a>, form: u8, rules: &Rules) -> Parsed<'a, Input<'a>, P> {
    let (rest, length) = if form == tag::BINARY_8 {
        byte(input).map(|(rest, length)| (rest, usize::from(length))).claimed(
            Field::BinaryByte,
            input.len().wrapping_add(1),
            1,
        )?
    } else {
        long_length(input, form, rules)?
    };
    bytes(length)(rest).claimed(Field::BinaryLength, input.len(), length)
}

#[inline(never)]
fn long_length<'a, P: Problem<'a>>(input: Input<'a>, form: u8, rules: &Rules) -> Parsed<'a, usize, P> {
    let at = input.len().wrapping_add(1);
    if form == tag::BINARY_32 {
        return be_u32.map(|length| length as usize).parse(input).claimed(Field::BinaryByte, at, 4);
    }
    let (rest, length) = be_u24.parse(input).claimed(Field::BinaryByte, at, 3)?;
    if length >> 20 != 0 && !rules.allow.contains(Allow::LENGTH_BITS) {
        return Err(P::at(input.len(), DecodeErrorKind::LengthBits));
    }
    Ok((rest, (length & 0x000f_ffff) as usize))
}

/// One byte. (`nom::number::complete::be_u8` is a loop over as many bytes as a number has.)
#[inline(always)]
pub(crate) fn byte<'a, P: Problem<'a>>(input: Input<'a>) -> Parsed<'a, u8, P> {
    match input.split_first() {
        Some((byte, rest)) => Ok((rest, *byte)),
        None => Err(nom::Err::Error(P::from_error_kind(input, ErrorKind::Eof))),
    }
}

/// So many bytes. (`nom::bytes::complete::take` counts how many are missing, which costs more than the rest of it.)
#[inline(always)]
pub(crate) fn bytes<'a, P: Problem<'a>>(count: usize) -> impl Fn(Input<'a>) -> Parsed<'a, Input<'a>, P> {
    move |input| match input.split_at_checked(count) {
        Some((bytes, rest)) => Ok((rest, bytes)),
        None => Err(nom::Err::Error(P::from_error_kind(input, ErrorKind::Eof))),
    }
}

/// Writes bytes behind the shortest length. Nothing is longer than 32 bits: trees keep lengths in 29.
#[inline]
pub(crate) fn write_binary(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = bytes.len();
    let [_, _, _, _, a, b, c, d] = (length as u64).to_be_bytes();
    if length < EIGHT_BITS {
        out.extend_from_slice(&[tag::BINARY_8, d]);
    } else if length < TWENTY_BITS {
        out.extend_from_slice(&[tag::BINARY_20, b, c, d]);
    } else {
        out.extend_from_slice(&[tag::BINARY_32, a, b, c, d]);
    }
    out.extend_from_slice(bytes);
}
