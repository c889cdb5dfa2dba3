//! Strings: a token, packed text, or raw UTF-8.

use nom::Parser;
use nom::number::complete::be_u8;

use super::{Claimed, Fault, Input, Packed, Parsed, Rules, packed, scalar, tag};
use crate::error::{DecodeErrorKind, Field};
use crate::token::{Dictionary, Token};

/// A string as it stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireStr<'a> {
    Token(Token),
    Packed(Packed<'a>),
    /// Valid UTF-8 if the rules say that text is checked; else it does not start inside a character.
    Raw(&'a [u8]),
}

impl WireStr<'_> {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Token(_) => false,
            Self::Packed(packed) => packed.len() == 0,
            Self::Raw(bytes) => bytes.is_empty(),
        }
    }

    /// Whether the text has the byte, which is neither a digit nor `-`, `.` or a capital.
    #[inline]
    pub(crate) fn contains(&self, separator: u8, dictionary: Dictionary) -> bool {
        match self {
            Self::Token(token) => dictionary.text(*token).as_bytes().contains(&separator),
            Self::Packed(_) => false,
            Self::Raw(bytes) => bytes.contains(&separator),
        }
    }

    /// Whether the text is `text`.
    #[inline]
    pub(crate) fn is(&self, text: &str, dictionary: Dictionary) -> bool {
        match self {
            Self::Token(token) => dictionary.text(*token) == text,
            Self::Raw(bytes) => *bytes == text.as_bytes(),
            Self::Packed(packed) => {
                let mut unpacked = Vec::new();
                packed.unpack(&mut unpacked);
                unpacked == text.as_bytes()
            }
        }
    }
}

/// Any string.
#[inline]
pub(crate) fn string<'a>(input: Input<'a>, rules: &Rules) -> Parsed<'a, WireStr<'a>> {
    let (rest, first) = be_u8(input)?;
    string_after(rest, first, input, rules)
}

/// A string whose first byte `first`, at `at`, was read.
#[inline]
pub(crate) fn string_after<'a>(
    input: Input<'a>,
    first: u8,
    at: Input<'a>,
    rules: &Rules,
) -> Parsed<'a, WireStr<'a>> {
    match first {
        tag::TOKEN_FIRST..=tag::TOKEN_LAST => Ok((input, WireStr::Token(Token::single(first)))),
        tag::DICTIONARY_0..=tag::DICTIONARY_3 => {
            let dictionary = first.wrapping_sub(tag::DICTIONARY_0);
            be_u8
                .map(|index| WireStr::Token(Token::double(dictionary, index)))
                .parse(input)
                .claimed(Field::DictionaryByte, at, 1)
        }
        tag::NIBBLE_8 | tag::HEX_8 => {
            let (rest, packed) = packed::packed(input, first, at, rules)?;
            Ok((rest, WireStr::Packed(packed)))
        }
        tag::BINARY_8..=tag::BINARY_32 => {
            let (rest, bytes) = scalar::binary(input, first, at, rules)?;
            raw(bytes, rest, rules)
        }
        tag::UNASSIGNED_FIRST..=tag::UNASSIGNED_LAST => {
            Err(Fault::at(at, DecodeErrorKind::UnassignedByte(first)))
        }
        _ => Err(Fault::at(at, DecodeErrorKind::NotAString(first))),
    }
}

#[inline]
fn raw<'a>(bytes: &'a [u8], rest: Input<'a>, rules: &Rules) -> Parsed<'a, WireStr<'a>> {
    let continues = |byte: &u8| byte & 0xc0 == 0x80;
    let valid = if rules.check_text {
        std::str::from_utf8(bytes).map(drop).map_err(|error| error.valid_up_to())
    } else if bytes.first().is_some_and(continues) {
        Err(0)
    } else {
        Ok(())
    };
    match valid {
        Ok(()) => Ok((rest, WireStr::Raw(bytes))),
        Err(valid) => {
            let left = rest.len().wrapping_add(bytes.len()).wrapping_sub(valid);
            Err(nom::Err::Error(Fault { kind: DecodeErrorKind::InvalidUtf8, left, claim: None }))
        }
    }
}

/// Writes a text in its canonical form: token, packed, raw.
#[inline]
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str, dictionary: Dictionary) {
    if !write_coded(out, text, dictionary) {
        scalar::write_binary(out, text.as_bytes());
    }
}

/// Writes a text as token or packed, if it has such a form.
#[inline]
pub(crate) fn write_coded(out: &mut Vec<u8>, text: &str, dictionary: Dictionary) -> bool {
    match dictionary.find(text) {
        Some(token) => {
            write_token(out, token);
            true
        }
        None => packed::write_packed(out, text.as_bytes()),
    }
}

/// Writes a token in one or two bytes.
#[inline]
pub(crate) fn write_token(out: &mut Vec<u8>, token: Token) {
    match token.dictionary() {
        None => out.push(token.index()),
        Some(dictionary) => out.extend_from_slice(&[tag::DICTIONARY_0.wrapping_add(dictionary), token.index()]),
    }
}
