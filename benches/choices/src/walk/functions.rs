//! The walk as functions that give an `IResult`, as the library has them, over several sets of primitives.

use nom::branch::alt;
use nom::bytes::complete::{tag, take};
use nom::combinator::{map, verify};
use nom::error::{ErrorKind, ParseError};
use nom::number::complete::{be_u8, be_u16, be_u24, be_u32};
use nom::{IResult, Parser};

use super::{Cell, Flat, Layout, Value};

type Input<'a> = &'a [u8];
pub type Parsed<'a, T> = IResult<Input<'a>, T, Refused>;

/// There is a problem; as in `src/wire.rs`.
#[derive(Clone, Copy, Debug)]
pub struct Refused;

impl ParseError<Input<'_>> for Refused {
    fn from_error_kind(_: Input<'_>, _: ErrorKind) -> Self {
        Self
    }

    fn append(_: Input<'_>, _: ErrorKind, other: Self) -> Self {
        other
    }
}

fn refused<T>() -> Result<T, nom::Err<Refused>> {
    Err(nom::Err::Error(Refused))
}

/// What the functions are built of. `total`: length of the body.
pub trait Primitives {
    fn byte(input: Input<'_>) -> Parsed<'_, u8>;
    fn bytes(input: Input<'_>, count: usize) -> Parsed<'_, Input<'_>>;

    #[inline(always)]
    fn string<V: Layout>(input: Input<'_>, total: usize) -> Parsed<'_, V> {
        string::<Self, V>(input, total)
    }
}

/// Those of nom.
pub struct Nom;

impl Primitives for Nom {
    #[inline(always)]
    fn byte(input: Input<'_>) -> Parsed<'_, u8> {
        be_u8(input)
    }

    #[inline(always)]
    fn bytes(input: Input<'_>, count: usize) -> Parsed<'_, Input<'_>> {
        take(count).parse(input)
    }
}

/// A byte and bytes over the slice's own functions, as in `src/wire/scalar.rs`.
pub struct Functions;

impl Primitives for Functions {
    #[inline(always)]
    fn byte(input: Input<'_>) -> Parsed<'_, u8> {
        match input.split_first() {
            Some((byte, rest)) => Ok((rest, *byte)),
            None => refused(),
        }
    }

    #[inline(always)]
    fn bytes(input: Input<'_>, count: usize) -> Parsed<'_, Input<'_>> {
        match input.split_at_checked(count) {
            Some((bytes, rest)) => Ok((rest, bytes)),
            None => refused(),
        }
    }
}

/// Those of nom, and strings as `alt` of their forms.
pub struct Alternatives;

impl Primitives for Alternatives {
    #[inline(always)]
    fn byte(input: Input<'_>) -> Parsed<'_, u8> {
        Nom::byte(input)
    }

    #[inline(always)]
    fn bytes(input: Input<'_>, count: usize) -> Parsed<'_, Input<'_>> {
        Nom::bytes(input, count)
    }

    #[inline(always)]
    fn string<V: Layout>(input: Input<'_>, total: usize) -> Parsed<'_, V> {
        let packed = |input| {
            let (rest, (_, length)) = (alt((tag(&[0xff][..]), tag(&[0xfb][..]))), be_u8).parse(input)?;
            packed_behind::<Nom, V>(rest, length, total)
        };
        let raw = |input| {
            let short = (tag(&[0xfc][..]), map(be_u8, u32::from));
            let long = (tag(&[0xfd][..]), map(be_u24, |length| length & 0x000f_ffff));
            let longest = (tag(&[0xfe][..]), be_u32);
            let (rest, (_, length)) = alt((short, long, longest)).parse(input)?;
            raw_behind::<Nom, V>(rest, length as usize, total)
        };
        let single = map(verify(be_u8, |byte| matches!(byte, 1..=0xeb)), |byte| V::token(byte.into()));
        let double = map((verify(be_u8, |byte| matches!(byte, 0xec..=0xef)), be_u8), |(dictionary, index)| {
            V::token(double_token(dictionary, index))
        });
        alt((single, double, packed, raw)).parse(input)
    }
}

/// Fills `flat` with the one node of `body`.
pub fn with_functions<P: Primitives, V: Layout>(body: &[u8], flat: &mut Flat<V>) -> bool {
    flat.clear();
    let mut input = body;
    loop {
        let Ok((rest, children)) = node::<P, V>(input, body.len(), flat) else { return false };
        input = rest;
        match children {
            0 if flat.is_complete() => return input.is_empty(),
            0 => {}
            _ => flat.open(children),
        }
    }
}

/// A node up to its first child; gives the number of children.
#[inline(always)]
fn node<'a, P: Primitives, V: Layout>(input: Input<'a>, total: usize, flat: &mut Flat<V>) -> Parsed<'a, u32> {
    let (rest, head) = P::byte(input)?;
    let (rest, size) = list_size::<P>(rest, head)?;
    if size == 0 {
        return refused();
    }
    let (mut rest, tag) = P::string::<V>(rest, total)?;
    let first_cell = flat.cells.len();
    for _ in 0..(size - 1) / 2 {
        let (at_value, name) = P::string::<V>(rest, total)?;
        let (behind, value) = value::<P, V>(at_value, total)?;
        flat.attribute(name, value);
        rest = behind;
    }
    if size % 2 == 1 {
        flat.node(tag, first_cell, (V::NONE, None));
        return Ok((rest, 0));
    }
    match rest.first() {
        Some(0xf8 | 0xf9) => {
            let (rest, head) = P::byte(rest)?;
            let (rest, count) = list_size::<P>(rest, head)?;
            flat.node(tag, first_cell, (V::nodes(count), None));
            Ok((rest, count as u32))
        }
        Some(0) => {
            let (rest, _) = P::byte(rest)?;
            flat.node(tag, first_cell, (V::nodes(0), None));
            Ok((rest, 0))
        }
        Some(0xfc..=0xfe) => {
            let (rest, form) = P::byte(rest)?;
            let (rest, length) = length::<P>(rest, form)?;
            let (rest, bytes) = P::bytes(rest, length)?;
            flat.node(tag, first_cell, (V::bytes(total - rest.len() - bytes.len(), bytes.len()), None));
            Ok((rest, 0))
        }
        _ => {
            let (rest, content) = value::<P, V>(rest, total)?;
            flat.node(tag, first_cell, content);
            Ok((rest, 0))
        }
    }
}

#[inline(always)]
fn value<P: Primitives, V: Layout>(input: Input<'_>, total: usize) -> Parsed<'_, Value<V>> {
    match input.first() {
        Some(0) => P::byte(input).map(|(rest, _)| (rest, (V::NONE, None))),
        Some(0xf7) => {
            let (rest, _) = P::byte(input)?;
            let (rest, domain) = P::byte(rest)?;
            let (rest, device) = P::byte(rest)?;
            let (rest, name) = P::string::<V>(rest, total)?;
            Ok((rest, (V::jid(domain, device), Some(Cell { name, value: V::NONE }))))
        }
        Some(0xfa) => {
            let (rest, _) = P::byte(input)?;
            let (rest, name) = match rest.first() {
                Some(0) => P::byte(rest).map(|(rest, _)| (rest, V::NONE))?,
                _ => P::string::<V>(rest, total)?,
            };
            let (rest, value) = P::string::<V>(rest, total)?;
            Ok((rest, (V::jid(128, 0), Some(Cell { name, value }))))
        }
        _ => P::string::<V>(input, total).map(|(rest, text)| (rest, (text, None))),
    }
}

#[inline(always)]
fn string<P: Primitives + ?Sized, V: Layout>(input: Input<'_>, total: usize) -> Parsed<'_, V> {
    let (rest, first) = P::byte(input)?;
    match first {
        1..=0xeb => Ok((rest, V::token(first.into()))),
        0xec..=0xef => P::byte(rest).map(|(rest, index)| (rest, V::token(double_token(first, index)))),
        0xfb | 0xff => P::byte(rest).and_then(|(rest, length)| packed_behind::<P, V>(rest, length, total)),
        0xfc..=0xfe => length::<P>(rest, first).and_then(|(rest, length)| raw_behind::<P, V>(rest, length, total)),
        _ => refused(),
    }
}

pub(super) const fn double_token(dictionary: u8, index: u8) -> u16 {
    ((dictionary & 3) as u16 + 1) << 8 | index as u16
}

#[inline(always)]
fn packed_behind<P: Primitives + ?Sized, V: Layout>(input: Input<'_>, length: u8, total: usize) -> Parsed<'_, V> {
    let (rest, octets) = P::bytes(input, usize::from(length & 0x7f))?;
    Ok((rest, V::packed(total - rest.len() - octets.len(), octets.len())))
}

#[inline(always)]
fn raw_behind<P: Primitives + ?Sized, V: Layout>(input: Input<'_>, length: usize, total: usize) -> Parsed<'_, V> {
    let (rest, bytes) = P::bytes(input, length)?;
    Ok((rest, V::text(total - rest.len() - bytes.len(), bytes.len())))
}

#[inline(always)]
fn list_size<P: Primitives>(input: Input<'_>, head: u8) -> Parsed<'_, usize> {
    match head {
        0xf8 => P::byte(input).map(|(rest, size)| (rest, usize::from(size))),
        0xf9 => be_u16(input).map(|(rest, size)| (rest, usize::from(size))),
        _ => refused(),
    }
}

#[inline(always)]
fn length<P: Primitives + ?Sized>(input: Input<'_>, form: u8) -> Parsed<'_, usize> {
    match form {
        0xfc => P::byte(input).map(|(rest, length)| (rest, usize::from(length))),
        0xfd => be_u24(input).map(|(rest, length)| (rest, (length & 0x000f_ffff) as usize)),
        _ => be_u32(input).map(|(rest, length)| (rest, length as usize)),
    }
}
