//! Tags and attribute names as XML names.
//!
//! `:` has no special meaning. A character that XML names cannot have is `_xHHHH_`, with four to six digits of its
//! number; `_x` itself is `_x005F_x`, and an empty name is `_x_`. The names of a node's attributes must differ: each
//! repetition of a name escapes one more character, and once all are escaped, it ends in `_xn1_`, `_xn2_` and so on,
//! which are read as nothing. A text that only starts like an escape is literal.

use std::fmt::{self, Write};

use crate::printable::Printable;

/// Writes a tag or attribute name; `repeated` is how often its node already has the name.
pub(super) fn write_name(out: &mut impl Write, name: &str, repeated: usize) -> fmt::Result {
    let mut left = repeated;
    for (at, character) in name.char_indices() {
        // A joiner too: what is beside it may be escaped.
        let acts = !character.is_ascii() && !Printable::new(character.encode_utf8(&mut [0; 4])).shows_as_it_is();
        let is_escape = name.get(at..).is_some_and(|rest| rest.starts_with(ESCAPE));
        let needs_escape = acts || is_escape || !is_of_name(at, character);
        if needs_escape {
            write!(out, "{ESCAPE}{:04X}_", u32::from(character))?;
        } else if left > 0 {
            left -= 1;
            write!(out, "{ESCAPE}{:04X}_", u32::from(character))?;
        } else {
            out.write_char(character)?;
        }
    }
    if name.is_empty() {
        write!(out, "{ESCAPE}_")?;
    }
    if left > 0 { write!(out, "{ESCAPE}n{left}_") } else { Ok(()) }
}

/// The start of an escape.
const ESCAPE: &str = "_x";

/// The name in an XML name. `None` if an escape's number is not a character.
#[cfg(feature = "xml")]
pub(super) fn read_name(written: &str) -> Option<std::borrow::Cow<'_, str>> {
    let Some((start, mut rest)) = written.split_once(ESCAPE) else { return Some(written.into()) };
    let mut name = start.to_owned();
    loop {
        // An escape, or a text that looks like one.
        let escape = rest.split_once('_').and_then(|(escape, behind)| Some((Escape::read(escape)?, behind)));
        match escape {
            Some((Escape::Number(number), _)) if char::from_u32(number).is_none() => return None,
            Some((Escape::Number(number), behind)) => {
                name.extend(char::from_u32(number));
                rest = behind;
            }
            Some((Escape::Nothing, behind)) => rest = behind,
            None => name.push_str(ESCAPE),
        }
        let Some((plain, behind)) = rest.split_once(ESCAPE) else { break };
        name.push_str(plain);
        rest = behind;
    }
    name.push_str(rest);
    Some(name.into())
}

/// The meaning of an escape.
#[cfg(feature = "xml")]
enum Escape {
    Number(u32),
    Nothing,
}

#[cfg(feature = "xml")]
impl Escape {
    /// Reads the part between `_x` and `_`.
    fn read(escape: &str) -> Option<Self> {
        let are_digits = |text: &str, radix| text.chars().all(|digit| digit.is_digit(radix));
        match escape.strip_prefix('n') {
            _ if escape.is_empty() => Some(Self::Nothing),
            Some(count) if !count.is_empty() && are_digits(count, 10) => Some(Self::Nothing),
            _ if (4..=6).contains(&escape.len()) && are_digits(escape, 16) => {
                u32::from_str_radix(escape, 16).ok().map(Self::Number)
            }
            _ => None,
        }
    }
}

/// The first character that keeps a text from being an XML name, unless it is empty. Source: productions 4 and 5 of XML
/// 1.0.
#[cfg(feature = "xml")]
pub(super) fn first_not_of_name(text: &str) -> Option<(usize, char)> {
    text.char_indices().find(|(at, character)| !is_of_name(*at, *character))
}

fn is_of_name(at: usize, character: char) -> bool {
    is_name_start(character) || (at > 0 && is_name_rest(character))
}

fn is_name_start(character: char) -> bool {
    matches!(character,
        ':' | 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn is_name_rest(character: char) -> bool {
    is_name_start(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str, repeated: usize) -> String {
        let mut out = String::new();
        write_name(&mut out, name, repeated).unwrap();
        out
    }

    #[test]
    fn names_that_are_no_xml_names_are_escaped() {
        assert_eq!(written("stream:error", 0), "stream:error");
        assert_eq!(written("0a b", 0), "_x0030_a_x0020_b");
        assert_eq!(written("a_xb_y", 0), "a_x005F_xb_y");
        assert_eq!(written("", 0), "_x_");
        assert_eq!(written("\u{1F980}", 0), "\u{1F980}");
        assert_eq!(written("\u{f0000}", 0), "_xF0000_");
        assert_eq!(written("a\u{61c}\u{feff}", 0), "a_x061C__xFEFF_");
    }

    #[test]
    fn repeated_names_are_told_apart() {
        for (name, names) in [
            ("id", &["id", "_x0069_d", "_x0069__x0064_", "_x0069__x0064__xn1_", "_x0069__x0064__xn2_"][..]),
            ("1", &["_x0031_", "_x0031__xn1_"]),
            ("1a", &["_x0031_a", "_x0031__x0061_"]),
            ("a b", &["a_x0020_b", "_x0061__x0020_b", "_x0061__x0020__x0062_"]),
            ("", &["_x_", "_x__xn1_"]),
        ] {
            for (repeated, expected) in names.iter().enumerate() {
                assert_eq!(written(name, repeated), *expected);
            }
        }
    }

    #[cfg(feature = "xml")]
    #[test]
    fn what_is_written_is_an_xml_name_and_reads_back() {
        let names =
            ["a", "", "_", "_x", "__x", "_xx_x", "_x_", "_x0041_", "_xn1_", "0", "-.:", "é\u{301}", "\u{0}\u{10ffff}"];
        for name in names {
            for repeated in 0..8 {
                let written = written(name, repeated);
                assert_eq!(first_not_of_name(&written), None, "{written}");
                assert_eq!(read_name(&written).as_deref(), Some(name), "{written}");
            }
        }
    }

    #[cfg(feature = "xml")]
    #[test]
    fn what_only_starts_like_an_escape_stands_for_itself() {
        for (written, name) in [
            ("voip_xml_ack", "voip_xml_ack"),
            ("_x", "_x"),
            ("_x41_", "_x41_"),
            ("_x0000041_", "_x0000041_"),
            ("_xn_", "_xn_"),
            ("_x+041_", "_x+041_"),
            ("_x_x0041_", "x0041_"),
            ("_xx0041_", "_xx0041_"),
            ("_x_x_x_x0041_", "xx0041_"),
            ("_X0041_", "_X0041_"),
            ("_x00e9_", "é"),
        ] {
            assert_eq!(read_name(written).as_deref(), Some(name), "{written}");
        }
        for no_character in ["_xD800_", "a_xFFFFFF_", "_x110000_"] {
            assert_eq!(read_name(no_character), None, "{no_character}");
        }
    }

    #[cfg(feature = "xml")]
    #[test]
    fn names_are_those_of_xml() {
        for name in ["a:b-c.1", ":", "_", "é", "a\u{301}"] {
            assert_eq!(first_not_of_name(name), None, "{name}");
        }
        for (no_name, at) in [("1a", 0), ("-", 0), ("\u{301}", 0), ("a b", 1), ("é<", 2), ("a\u{d7}", 1)] {
            assert_eq!(first_not_of_name(no_name).map(|(at, _)| at), Some(at), "{no_name}");
        }
    }
}
