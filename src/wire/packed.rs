//! Packed text: two characters in a byte.

use super::room::{Room, put};
use super::{Claimed, Input, Parsed, Problem, Rules, scalar, tag};
use crate::error::{DecodeErrorKind, LengthField};
use crate::kernel::packed::{Alphabet, ODD, PAD, Packed, pack};
use crate::kernel::short_copy::Text;
use crate::options::Leniency;

/// `packed`: reads the length and octets after `NIBBLE_8` or `HEX_8`, whose byte is `form`. `at_octets` gets the number of
/// bytes left after the length.
#[inline(always)]
pub(crate) fn packed<'a, P: Problem<'a>>(
    input: Input<'a>,
    form: u8,
    rules: &Rules,
    at_octets: impl FnOnce(usize),
) -> Parsed<'a, Packed<'a>, P> {
    let alphabet = if form == tag::NIBBLE_8 { Alphabet::Nibble } else { Alphabet::Hex };
    let (octets, length) = scalar::byte(input).claimed(LengthField::PackedByte, input.len().wrapping_add(1), 1)?;
    if length == ODD {
        return Err(P::at(input.len(), DecodeErrorKind::OddEmptyPacked));
    }
    at_octets(octets.len());
    let count = usize::from(length & !ODD);
    let (after, Text { and_behind: octets, .. }) =
        scalar::bytes(count)(octets).claimed(LengthField::PackedLength, input.len(), count)?;
    let packed = Packed { alphabet, length, octets };
    if P::IS_CAREFUL {
        let left = octets.len();
        check(&packed, rules.allow).map_err(|(at, kind)| P::at(left.wrapping_sub(at), kind))?;
    }
    Ok((after, packed))
}

/// Returns the first wrong octet and its error. It finds what the [`Marks`](crate::kernel::packed::Marks) of unpacking
/// find, and says where.
fn check(packed: &Packed<'_>, allow: Leniency) -> Result<(), (usize, DecodeErrorKind)> {
    let octets = packed.octets.get(..packed.count()).unwrap_or(&[]);
    let last = octets.len().wrapping_sub(1);
    if packed.alphabet == Alphabet::Nibble {
        let invalid = |nibble: u8| nibble > 11;
        let is_wrong = |(at, octet): (usize, &u8)| {
            invalid(octet >> 4) || (invalid(octet & PAD) && !(packed.is_odd() && at == last))
        };
        if let Some(at) = octets.iter().enumerate().position(is_wrong) {
            return Err((at, DecodeErrorKind::InvalidNibble));
        }
    }
    let is_padded = octets.last().is_some_and(|octet| octet & PAD == PAD);
    if packed.is_odd() && !is_padded && !allow.contains(Leniency::PAD_NIBBLE) {
        return Err((last, DecodeErrorKind::InvalidPadding));
    }
    Ok(())
}

/// Writes a text that has 1 to 127 characters of `alphabet`.
#[inline(always)]
pub(crate) fn write_packed<'o>(room: Room<'o>, text: Text<'_>, alphabet: Alphabet) -> Room<'o> {
    let form = if alphabet == Alphabet::Nibble { tag::NIBBLE_8 } else { tag::HEX_8 };
    let length = text.len();
    let room = put(room, [form, length.div_ceil(2) as u8 | (length << 7) as u8]);
    pack(room, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::packed::{LONGEST, LONGEST_UNPACKED, Marks};
    use crate::wire::{Fault, Refused, written};

    fn read<'a, P: Problem<'a>>(form: u8, input: Input<'a>, rules: &Rules) -> Parsed<'a, Packed<'a>, P> {
        packed(input, form, rules, |left| assert_eq!(Some(left), input.get(1..).map(<[u8]>::len)))
    }

    #[test]
    fn what_is_written_is_read_at_every_length() {
        let rules =
            Rules { dictionary: crate::Dictionary::V3, allow: Leniency::NONE, limits: crate::Limits::default() };
        for (alphabet, form) in [(Alphabet::Nibble, 0xff), (Alphabet::Hex, 0xfb)] {
            for length in 1..=LONGEST {
                let text = "7".repeat(length);
                let out = written(|room| write_packed(room, Text::of(text.as_bytes()), alphabet));
                let octets = length.div_ceil(2);
                assert_eq!(out[..2], [form, octets as u8 + if length % 2 == 1 { 0x80 } else { 0 }]);
                // At the end of a body, and with more after it.
                for behind in [&[][..], b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7"] {
                    let body = [&out[1..], behind].concat();
                    let (rest, packed) = read::<Fault>(form, &body, &rules).unwrap();
                    assert_eq!((rest, packed.to_text()), (behind, text.clone()));
                }
            }
        }
    }

    /// The result of the quick pass.
    fn is_fine(nibbles: &[u8], rules: &Rules) -> bool {
        let (_, read) = read::<Refused>(0xff, nibbles, rules).unwrap();
        let mut wrong = Marks::default();
        wrong.add(read.unpack(&mut [0; LONGEST_UNPACKED]), read.alphabet);
        !wrong.has_high() && (!wrong.has_wrong_padding() || rules.allow.contains(Leniency::PAD_NIBBLE))
    }

    #[test]
    fn the_first_wrong_nibble_is_found_wherever_it_stands() {
        for allow in [Leniency::NONE, Leniency::PAD_NIBBLE] {
            let rules = Rules { dictionary: crate::Dictionary::V3, allow, limits: crate::Limits::default() };
            for count in 1..40_usize {
                for wrong in 0..count {
                    for octet in [0x0c, 0xd0, 0xe1, 0xf1, 0x1f] {
                        let mut frame = vec![0xff, count as u8];
                        frame.extend((0..count).map(|at| if at == wrong { octet } else { 0xba }));
                        let fault = read::<Fault>(0xff, &frame[1..], &rules).unwrap_err();
                        let expected = <Fault as Problem>::at(count - wrong, DecodeErrorKind::InvalidNibble);
                        assert_eq!(fault, expected, "{frame:x?}");
                        assert!(!is_fine(&frame[1..], &rules), "{frame:x?}");
                    }
                }
                let mut odd = vec![0xff, 0x80 | count as u8];
                odd.extend(vec![0x12; count]);
                let padding = read::<Fault>(0xff, &odd[1..], &rules).map(|_| ());
                let refused = Err(<Fault as Problem>::at(1, DecodeErrorKind::InvalidPadding));
                assert_eq!(padding, if allow == Leniency::NONE { refused } else { Ok(()) });
                assert_eq!(is_fine(&odd[1..], &rules), allow == Leniency::PAD_NIBBLE);
            }
        }
    }
}
