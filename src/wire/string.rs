//! Strings: a token, packed text, or raw UTF-8.

use super::room::{Room, put};
use super::{Claimed, Input, Parsed, Problem, Role, Rules, Sink, Span, Walk, WirePart, packed, scalar, tag};
use crate::error::{DecodeErrorKind, LengthField};
use crate::kernel::packed::{LONGEST, Packed, alphabet_of, may_pack};
use crate::kernel::short_copy::Text;
use crate::options::Leniency;
use crate::token::{Dictionary, Token};

/// A string in its wire form.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WireStr<'a> {
    Token(Token),
    Packed(Packed<'a>),
    /// Checked to the extent that [`Problem::IS_CAREFUL`] says.
    Raw(Text<'a>),
}

impl WireStr<'_> {
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Token(_) => false,
            Self::Packed(packed) => packed.len() == 0,
            Self::Raw(text) => text.bytes.is_empty(),
        }
    }

    /// Whether the text has this separator. Packed texts cannot have one, and tokens have no `@` (`build.rs` checks
    /// that).
    #[inline(always)]
    fn contains(&self, separator: u8, dictionary: Dictionary) -> bool {
        match self {
            Self::Token(token) => separator != b'@' && dictionary.text(*token).as_bytes().contains(&separator),
            Self::Packed(_) => false,
            Self::Raw(text) => text.bytes.contains(&separator),
        }
    }

    /// The text.
    pub(crate) fn to_text(self, dictionary: Dictionary) -> String {
        match self {
            Self::Token(token) => dictionary.text(token).to_owned(),
            Self::Raw(text) => String::from_utf8_lossy(text.bytes).into_owned(),
            Self::Packed(packed) => packed.to_text(),
        }
    }
}

impl<'a, S: Sink<'a>> Walk<'_, S> {
    /// `string = coded / bytes`: reads a string and passes it to the sink. Most are tokens of one byte.
    #[inline(always)]
    pub(crate) fn string<P: Problem<'a>>(&mut self, input: Input<'a>, role: Role) -> Parsed<'a, S::Text, P> {
        let (rest, first) = scalar::byte(input)?;
        // Each result is taken apart, so that the parts are passed in registers.
        let (rest, text) = match first {
            tag::TOKEN_FIRST..=tag::TOKEN_LAST => self.string_after(rest, first, role)?,
            tag::DICTIONARY_0..=tag::DICTIONARY_3 => self.string_after(rest, first, role)?,
            _ => self.other_string(rest, first, role)?,
        };
        Ok((rest, text))
    }

    /// Reads the user of a JID, whose first byte is `first`, and passes it to the sink. Most are digits.
    #[inline(always)]
    pub(crate) fn user<P: Problem<'a>>(&mut self, input: Input<'a>, first: u8, role: Role) -> Parsed<'a, S::Text, P> {
        match first {
            tag::NIBBLE_8 => self.string_after(input, tag::NIBBLE_8, role),
            _ => self.other_string(input, first, role),
        }
    }

    /// Reads a string whose first byte is `first` and passes it to the sink.
    #[inline(always)]
    pub(crate) fn string_after<P: Problem<'a>>(
        &mut self,
        input: Input<'a>,
        first: u8,
        role: Role,
    ) -> Parsed<'a, S::Text, P> {
        let at = input.len().wrapping_add(1);
        self.sink.string_begins(role);
        match first {
            tag::TOKEN_FIRST..=tag::DICTIONARY_3 => self.token(input, first, role),
            tag::NIBBLE_8 | tag::HEX_8 => {
                let (rest, packed) =
                    packed::packed(input, first, self.rules, |left| self.sink.piece(WirePart::PackedHead, left))?;
                self.hand_over(rest, WireStr::Packed(packed), at, role)
            }
            tag::BINARY_8..=tag::BINARY_32 => {
                let (rest, text) = self.binary(input, first)?;
                check_text(text.bytes, rest)?;
                self.hand_over(rest, WireStr::Raw(text), at, role)
            }
            tag::UNASSIGNED_FIRST..=tag::UNASSIGNED_LAST => Err(P::at(at, DecodeErrorKind::UnassignedByte(first))),
            _ => Err(P::at(at, DecodeErrorKind::NotAString(first))),
        }
    }

    /// Reads a string out of line, for places where forms other than one-byte tokens are rare.
    #[inline(never)]
    pub(crate) fn other_string<P: Problem<'a>>(
        &mut self,
        input: Input<'a>,
        first: u8,
        role: Role,
    ) -> Parsed<'a, S::Text, P> {
        self.string_after(input, first, role)
    }

    /// `token / dict-token`: reads a token whose first byte is `first` and passes it to the sink.
    #[inline(always)]
    fn token<P: Problem<'a>>(&mut self, input: Input<'a>, first: u8, role: Role) -> Parsed<'a, S::Text, P> {
        let at = input.len().wrapping_add(1);
        if first <= tag::TOKEN_LAST {
            return self.hand_over(input, WireStr::Token(Token::single(first)), at, role);
        }
        let (rest, index) = scalar::byte(input).claimed(LengthField::DictionaryByte, at, 1)?;
        let token = Token::double(first.wrapping_sub(tag::DICTIONARY_0), index);
        self.hand_over(rest, WireStr::Token(token), at, role)
    }

    /// Checks a string against its role and passes it to the sink. `at` is the number of bytes left at its first byte.
    #[inline(always)]
    fn hand_over<P: Problem<'a>>(
        &mut self,
        rest: Input<'a>,
        string: WireStr<'a>,
        at: usize,
        role: Role,
    ) -> Parsed<'a, S::Text, P> {
        self.sink.piece(WirePart::String, rest.len());
        match role.forbids(&string, self.rules) {
            None => Ok((rest, self.sink.text(role, string, Span { before: at, after: rest.len() }))),
            Some(kind) => Err(P::at(at, kind)),
        }
    }
}

/// Checks that bytes, which end where `rest` begins, are text.
#[inline(always)]
fn check_text<'a, P: Problem<'a>>(bytes: &[u8], rest: Input<'a>) -> Result<(), nom::Err<P>> {
    let wrong = if P::IS_CAREFUL {
        std::str::from_utf8(bytes).err().map(|error| error.valid_up_to())
    } else {
        bytes.first().is_some_and(|first| first & 0xc0 == 0x80).then_some(0)
    };
    match wrong {
        None => Ok(()),
        Some(valid) => {
            let left = rest.len().wrapping_add(bytes.len()).wrapping_sub(valid);
            Err(P::at(left, DecodeErrorKind::InvalidUtf8))
        }
    }
}

impl Role {
    /// The error of a string in this role. An `@` inside a part, or a `:` inside a user that a device follows, would
    /// make the JID read as another address.
    #[inline(always)]
    fn forbids(self, string: &WireStr<'_>, rules: &Rules) -> Option<DecodeErrorKind> {
        let empty = match self {
            Self::Name | Self::Value | Self::Content | Self::TextUser | Self::TextServer => return None,
            Self::Tag => {
                let is_forbidden = string.is_empty() && !rules.allow.contains(Leniency::EMPTY_TAG);
                return is_forbidden.then_some(DecodeErrorKind::EmptyTag);
            }
            Self::PairUser => None,
            Self::DeviceUser => Some(DecodeErrorKind::EmptyUser),
            Self::Server => Some(DecodeErrorKind::EmptyServer),
        };
        if string.is_empty() {
            return empty;
        }
        let separated = string.contains(b'@', rules.dictionary)
            || (matches!(self, Self::DeviceUser) && string.contains(b':', rules.dictionary));
        separated.then_some(DecodeErrorKind::JidSeparator)
    }
}

/// Writes a text in its canonical form: token, packed, raw.
#[inline(always)]
pub(crate) fn write_string<'o>(room: Room<'o>, text: Text<'_>, dictionary: Dictionary) -> Room<'o> {
    if text.len() > LONGEST {
        write_raw(room, text.bytes)
    } else if dictionary.may_have(text.bytes) {
        write_looked_up(room, text.and_behind, text.len(), dictionary)
    } else {
        write_no_token(room, text)
    }
}

#[inline(never)]
fn write_looked_up<'o>(room: Room<'o>, text: &[u8], length: usize, dictionary: Dictionary) -> Room<'o> {
    let text = Text::within(text, 0, length);
    match dictionary.find_bytes(text.bytes) {
        Some(token) => write_token(room, token),
        None => write_no_token(room, text),
    }
}

#[inline(always)]
fn write_no_token<'o>(room: Room<'o>, text: Text<'_>) -> Room<'o> {
    if may_pack(text.bytes) {
        write_packed_or_raw(room, text.and_behind, text.len())
    } else {
        write_raw(room, text.bytes)
    }
}

#[inline(never)]
fn write_packed_or_raw<'o>(room: Room<'o>, text: &[u8], length: usize) -> Room<'o> {
    let text = Text::within(text, 0, length);
    match alphabet_of(text.bytes) {
        Some(alphabet) => packed::write_packed(room, text, alphabet),
        None => write_raw(room, text.bytes),
    }
}

#[inline(never)]
fn write_raw<'o>(room: Room<'o>, text: &[u8]) -> Room<'o> {
    scalar::write_binary(room, text)
}

/// Writes a token in one or two bytes.
#[inline(always)]
pub(crate) fn write_token(room: Room<'_>, token: Token) -> Room<'_> {
    match token.dictionary() {
        None => put(room, [token.index()]),
        Some(dictionary) => put(room, [tag::DICTIONARY_0.wrapping_add(dictionary), token.index()]),
    }
}

impl Token {
    /// Returns the one or two bytes that spell the token on the wire.
    ///
    /// ```
    /// use wabinary::Dictionary;
    ///
    /// let bytes = |text| Dictionary::V3.find(text).unwrap().wire_bytes().collect::<Vec<_>>();
    /// assert_eq!((bytes("ack"), bytes("retry")), (vec![0x1b], vec![0xec, 0x0b]));
    /// ```
    pub fn wire_bytes(self) -> impl Iterator<Item = u8> + Clone {
        let first = self.dictionary().map(|dictionary| tag::DICTIONARY_0.wrapping_add(dictionary));
        first.into_iter().chain([self.index()])
    }
}

#[cfg(test)]
mod tests {
    use crate::{DecodeErrorKind, decode_slice};

    /// The texts are checked together, and joined the two bytes would be an `é`.
    #[test]
    fn a_character_is_not_begun_in_one_text_and_ended_in_the_next() {
        let error = decode_slice(b"\x00\xf8\x05\x1b\x08\xfc\x02x\xc3\x04\xfc\x02\xa9x").unwrap_err();
        assert_eq!((error.kind(), error.offset()), (DecodeErrorKind::InvalidUtf8, 8));
        // A byte that is not inside a character may be the first.
        for first in ["@", "x", "\u{7f}", "é", "\u{800}", "\u{10ffff}"] {
            let text = [&[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xfc, first.len() as u8], first.as_bytes()].concat();
            assert_eq!(decode_slice(&text).unwrap().get("id"), Ok(first));
        }
    }
}
