//! Characters of XML 1.0, and references to them.

use std::fmt::{self, Write};

use crate::printable::Printable;

/// Whether XML 1.0 has the character, directly or as a reference. Source: production 2 of the specification.
pub(super) fn is_in_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r') || !matches!(character, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a character is white space in XML. Source: production 3.
#[cfg(feature = "xml")]
pub(super) fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// The entities that are defined without a DOCTYPE.
const ENTITIES: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

/// Writes the text of an attribute or of content: markup as entities, and control characters as references.
pub(super) fn write_escaped(out: &mut impl Write, text: &str, place: Place) -> fmt::Result {
    for (plain, acting) in Printable::new(text).pieces() {
        write_markup(out, plain, place)?;
        if let Some(acting) = acting {
            write_reference(out, acting)?;
        }
    }
    Ok(())
}

/// The place of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Attribute,
    Content,
}

fn write_markup(out: &mut impl Write, text: &str, place: Place) -> fmt::Result {
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Quotes are special only in tags, and so are brackets, except at the end of a CDATA section.
        let is_markup = match byte {
            b'&' | b'<' => true,
            b'"' => place == Place::Attribute,
            b'>' => place == Place::Attribute || text.get(..at).is_some_and(|before| before.ends_with("]]")),
            _ => false,
        };
        if is_markup && let Some((name, _)) = ENTITIES.iter().find(|(_, entity)| *entity == char::from(byte)) {
            write!(out, "{}&{name};", text.get(start..at).unwrap_or(""))?;
            start = at + 1;
        }
    }
    out.write_str(text.get(start..).unwrap_or(""))
}

/// Writes content. A blank at its start or end is written as a reference, or it would count as the space around it.
pub(super) fn write_content(out: &mut impl Write, text: &str) -> fmt::Result {
    let mut behind_first = text.chars();
    let first = behind_first.next().filter(|first| first.is_whitespace());
    let mut inner = if first.is_some() { behind_first.as_str() } else { text }.chars();
    let last = inner.clone().next_back().filter(|last| last.is_whitespace());
    if last.is_some() {
        inner.next_back();
    }
    first.map_or(Ok(()), |first| write_reference(out, first))?;
    write_escaped(out, inner.as_str(), Place::Content)?;
    last.map_or(Ok(()), |last| write_reference(out, last))
}

/// Writes a reference to a character by its number.
pub(super) fn write_reference(out: &mut impl Write, character: char) -> fmt::Result {
    write!(out, "&#x{:X};", u32::from(character))
}

/// The character of a reference; `reference` is the part between `&` and `;`.
#[cfg(feature = "xml")]
pub(super) fn referenced(reference: &str) -> Option<char> {
    let Some(number) = reference.strip_prefix('#') else {
        return ENTITIES.iter().find(|(name, _)| *name == reference).map(|(_, character)| *character);
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    // Parsing a number accepts a sign too.
    let number = digits.chars().all(|digit| digit.is_digit(radix)).then(|| u32::from_str_radix(digits, radix));
    number?.ok().and_then(char::from_u32).filter(|character| is_in_xml(*character))
}

#[cfg(test)]
#[cfg(feature = "xml")]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_reads_back() {
        for character in ('\0'..='\u{ffff}').filter(|character| is_in_xml(*character)).chain(['\u{10ffff}']) {
            for place in [Place::Attribute, Place::Content] {
                let mut written = String::new();
                write_escaped(&mut written, &character.to_string(), place).unwrap();
                assert!(!written.contains(char::is_control), "{character:?}");
                match written.strip_prefix('&').and_then(|written| written.strip_suffix(';')) {
                    Some(reference) => assert_eq!(referenced(reference), Some(character), "{written}"),
                    None => assert_eq!(written, character.to_string()),
                }
            }
        }
    }

    #[test]
    fn references_are_five_entities_and_characters_of_xml() {
        for (reference, character) in [
            ("apos", '\''),
            ("#38", '&'),
            ("#x26", '&'),
            ("#x0000041", 'A'),
            ("#xe9", 'é'),
            ("#xE9", 'é'),
            ("#9", '\t'),
        ] {
            assert_eq!(referenced(reference), Some(character), "{reference}");
        }
        for none in ["", "nbsp", "AMP", "#", "#x", "#X41", "#+65", "#-1", "#0", "#x1F", "#xD800", "#xFFFE", "#x110000"]
        {
            assert_eq!(referenced(none), None, "{none}");
        }
        assert_eq!(referenced("#99999999999999999999"), None);
    }
}
