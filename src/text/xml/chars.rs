//! Characters of XML 1.0, and the references that stand for some of them.

use std::fmt::{self, Write};

/// Whether XML 1.0 has the character at all, if only as a reference. Source: production 2 of the specification.
pub(super) fn is_in_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r') || !matches!(character, '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a character is what XML takes for white space. Source: production 3.
pub(super) fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// The entities that are defined without a DOCTYPE.
const ENTITIES: [(&str, char); 5] = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')];

/// Writes character data, the same in attributes and content: what is markup as an entity, control characters as
/// references to their number.
pub(super) fn write_escaped(out: &mut impl Write, text: &str) -> fmt::Result {
    let is_markup = |character: char| matches!(character, '&' | '<' | '>' | '"');
    let mut rest = text;
    while let Some(at) = rest.find(|character: char| is_markup(character) || character.is_control()) {
        let (plain, behind) = rest.split_at(at);
        out.write_str(plain)?;
        let mut behind = behind.chars();
        if let Some(character) = behind.next() {
            match ENTITIES.iter().find(|(_, entity)| *entity == character) {
                Some((name, _)) => write!(out, "&{name};")?,
                None => write_reference(out, character)?,
            }
        }
        rest = behind.as_str();
    }
    out.write_str(rest)
}

/// Writes a reference to a character by its number.
pub(super) fn write_reference(out: &mut impl Write, character: char) -> fmt::Result {
    write!(out, "&#x{:X};", u32::from(character))
}

/// The character that a reference stands for, of which the part between `&` and `;` is given.
#[cfg(feature = "xml")]
pub(super) fn referenced(reference: &str) -> Option<char> {
    let Some(number) = reference.strip_prefix('#') else {
        return ENTITIES.iter().find(|(name, _)| *name == reference).map(|(_, character)| *character);
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    // Reading a number takes a sign too.
    let number = digits.chars().all(|digit| digit.is_digit(radix)).then(|| u32::from_str_radix(digits, radix));
    number?.ok().and_then(char::from_u32).filter(|character| is_in_xml(*character))
}

#[cfg(test)]
#[cfg(feature = "xml")]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_reads_back() {
        for character in ('\0'..='\u{ff}').filter(|character| is_in_xml(*character)).chain(['\u{10ffff}', '\u{fffd}']) {
            let mut written = String::new();
            write_escaped(&mut written, &character.to_string()).unwrap();
            assert!(!written.contains(char::is_control), "{character:?}");
            match written.strip_prefix('&').and_then(|written| written.strip_suffix(';')) {
                Some(reference) => assert_eq!(referenced(reference), Some(character), "{written}"),
                None => assert_eq!(written, character.to_string()),
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
