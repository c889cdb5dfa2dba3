//! JSON without control characters.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;
use wabinary::Printable;

/// Writes a value as compact JSON, with `\u` escapes for control and formatting characters.
///
/// ```
/// let mut json = Vec::new();
/// wabinary_render::json::to_writer(&mut json, &"\u{9b}31m\u{202e}")?;
/// assert_eq!(json, br#""\u009b31m\u202e""#);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
/// The error of the output.
pub fn to_writer(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    Ok(value.serialize(&mut Serializer::with_formatter(out, Escaping))?)
}

/// Compact JSON that also escapes the characters that `serde_json` leaves unescaped.
struct Escaping;

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        for (plain, acting) in Printable::new(fragment).pieces() {
            out.write_all(plain.as_bytes())?;
            match acting {
                // White space between the values of raw JSON; inside texts it is already escaped.
                Some(blank) if blank.is_ascii_whitespace() => out.write_all(b" ")?,
                Some(acting) => {
                    acting.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}"))?;
                }
                None => {}
            }
        }
        Ok(())
    }

    fn write_raw_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        self.write_string_fragment(out, fragment)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn texts_and_raw_json_read_back_and_do_not_act() {
        let text: String = ('\0'..='\u{e01ff}').chain("a\u{200d}👩\u{200d}🚀".chars()).collect();
        let raw = RawValue::from_string("{\"x\":\t\r\n\"\u{7f}\u{9b}\u{1d173}\"}".to_owned()).unwrap();
        let mut json = Vec::new();
        to_writer(&mut json, &(&text, raw)).unwrap();
        let json = String::from_utf8(json).unwrap();
        assert!(Printable::new(&json).shows_as_it_is() && json.contains("👩\u{200d}🚀"));
        let (read, raw): (String, serde_json::Value) = serde_json::from_str(&json).unwrap();
        assert_eq!((read, raw["x"].as_str()), (text, Some("\u{7f}\u{9b}\u{1d173}")));
    }
}
