//! Decimal numbers, read and written.

use super::all;

/// Reads a number in decimal. Returns `None` unless the text is ASCII digits and nothing else, at least one of them, and
/// the number fits 64 bits.
///
/// Computes what `str::parse` does, but refuses a `+`, and takes the first eight digits as one word. With `str::parse`,
/// reading every field of a call acknowledgement takes 5 % more instructions (`cargo counts instructions 'every field'`).
#[inline(never)]
pub(crate) fn read(text: &str) -> Option<u64> {
    // With more digits it may be too large.
    if text.len() > 19 {
        return if text.starts_with('+') { None } else { text.parse().ok() };
    }
    let (mut number, rest) = match text.as_bytes().split_first_chunk() {
        Some((eight, rest)) => (eight_digits(u64::from_le_bytes(*eight))?, rest),
        None if text.is_empty() => return None,
        None => (0, text.as_bytes()),
    };
    for character in rest {
        let digit = character.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.wrapping_mul(10).wrapping_add(digit.into());
    }
    Some(number)
}

/// Reads eight digits, the first of them in the lowest byte. Returns `None` if one byte is not a digit.
#[inline]
fn eight_digits(word: u64) -> Option<u64> {
    let digits = word ^ all(b'0');
    // Adding 6 carries a digit above 9 into its upper half. Any other byte has a bit there already.
    if (digits | digits.wrapping_add(all(6))) & all(0xf0) != 0 {
        return None;
    }
    // Neighbours become one number: digits, then pairs, then fours.
    let pairs = digits.wrapping_mul(10 << 8 | 1) >> 8 & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100 << 16 | 1) >> 16 & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul(10_000 << 32 | 1) >> 32)
}

/// Room for a number, which has up to 20 characters. The rest lets a check for UTF-8 take whole words.
pub(crate) const ROOM: [u8; 32] = [b'0'; 32];

/// Writes a number in decimal at the end of `room`, and returns where it starts.
///
/// Writes what `to_string` returns, two digits at a time. `to_string` takes a tenth of the instructions that build a stanza
/// with a number (`cargo counts instructions 'build'`).
#[inline(always)]
pub(crate) fn write(negative: bool, mut magnitude: u64, room: &mut [u8; ROOM.len()]) -> usize {
    let mut start = room.len();
    for pair in room.as_chunks_mut().0.iter_mut().rev() {
        *pair = digits_below_100(magnitude % 100);
        start = start.wrapping_sub(pair.len());
        magnitude /= 100;
        if magnitude == 0 {
            start = start.wrapping_add(usize::from(pair[0] == b'0'));
            break;
        }
    }
    if negative {
        start = start.wrapping_sub(1);
        if let Some(sign) = room.get_mut(start) {
            *sign = b'-';
        }
    }
    start
}

#[inline(always)]
#[expect(clippy::indexing_slicing, reason = "the caller took the rest of a division by 100")]
fn digits_below_100(number: u64) -> [u8; 2] {
    PAIRS[number as usize]
}

/// The digits of the numbers below 100.
#[expect(clippy::indexing_slicing, reason = "at compile time")]
static PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut number = 0;
    while number < pairs.len() {
        pairs[number] = [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
        number += 1;
    }
    pairs
};

#[cfg(test)]
mod tests {
    use arbtest::arbtest;

    use super::*;

    fn naive_read(text: &str) -> Option<u64> {
        let mut number = 0_u64;
        for character in text.chars() {
            number = number.checked_mul(10)?.checked_add(character.to_digit(10)?.into())?;
        }
        (!text.is_empty()).then_some(number)
    }

    #[test]
    fn reads_as_digit_by_digit() {
        let mut texts = vec![String::new()];
        for length in 1..=40 {
            for at in 0..length {
                for other in ["/", ":", "+", "-", " ", "a", "0", "9", "\u{7f}", "\u{660}", "\u{bf}"] {
                    let mut text = "1".repeat(length);
                    text.replace_range(at..=at, other);
                    texts.push(text);
                }
            }
            texts.extend(["0", "1", "9"].map(|digit| digit.repeat(length)));
        }
        texts.extend([0, 1, u64::MAX - 1, u64::MAX].map(|number| number.to_string()));
        texts.extend(["18446744073709551616", "00018446744073709551615", "98765432101234567890"].map(str::to_owned));
        for text in &texts {
            assert_eq!(read(text), naive_read(text), "{text:?}");
        }
        arbtest(|u| {
            let number: u64 = u.arbitrary::<u64>()? >> u.int_in_range(0..=63)?;
            let text = format!("{number:0>width$}", width = u.int_in_range(1..=24)?);
            assert_eq!(read(&text), Some(number), "{text:?}");
            let text: &str = u.arbitrary()?;
            assert_eq!(read(text), naive_read(text), "{text:?}");
            Ok(())
        });
    }

    #[test]
    fn eight_bytes_are_a_number_if_all_are_digits() {
        for around in *b"059" {
            for (at, byte) in (0..8).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
                let mut bytes = [around; 8];
                bytes[at] = byte;
                let expected = std::str::from_utf8(&bytes).ok().and_then(naive_read);
                assert_eq!(eight_digits(u64::from_le_bytes(bytes)), expected, "{bytes:?}");
            }
        }
    }

    #[test]
    fn writes_as_the_standard_library_does() {
        let check = |number: i128| {
            let mut room = ROOM;
            let start = write(number < 0, number.unsigned_abs() as u64, &mut room);
            assert_eq!(std::str::from_utf8(&room[start..]), Ok(&*number.to_string()));
        };
        let edges = (0..20).map(|power| 10_i128.pow(power)).flat_map(|power| [power - 1, power, power + 1]);
        for number in (0..20_000).chain(edges).chain([u64::MAX.into(), u64::MAX as i128 - 1]) {
            check(number);
            if number <= 1 << 63 {
                check(-number);
            }
        }
        arbtest(|u| {
            check((u.arbitrary::<u64>()? >> u.int_in_range(0..=63)?).into());
            check(u.arbitrary::<i64>()?.into());
            Ok(())
        });
    }
}
