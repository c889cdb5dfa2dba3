//! Bytes as programs print them and as people write them into source code.
//!
//! | spelling | from |
//! |---|---|
//! | `<Buffer 00 f8>`, `Uint8Array(2) [ 0, 248 ]`, `Buffer.from('00f8', 'hex')` | JavaScript |
//! | `{"type":"Buffer","data":[0,248]}`, `{"0":0,"1":248}` | JSON |
//! | `[]byte{0x0, 0xf8}`, `[0 248]`, `[]byte("\x00\xf8")` | Go |
//! | `unsigned char frame[] = { 0x00, 0xf8 };`, `"\x00\xf8"` | C, Wireshark |
//! | `vec![0x00, 0xf8]`, `&[0u8, 248]`, `b"\x00\xf8"` | Rust |
//! | `b'\x00\xf8'`, `bytearray(b'\x00\xf8')`, `bytes.fromhex('00f8')` | Python |
//! | `[0, -8]`, `new byte[] { 0, (byte) 0xf8 }`, `byteArrayOf(0, -8)` | Java, Kotlin |

use std::borrow::Cow;

use super::{BadText, base64, digits};
use crate::frame_start::starts_like_a_frame;

/// What a string in code may begin and end with.
pub(crate) const QUOTES: [char; 3] = ['"', '\'', '`'];

/// Reads a literal or list; `None` if the text is neither.
pub(crate) fn read(text: &[u8]) -> Option<Result<Vec<u8>, BadText>> {
    let text = std::str::from_utf8(text).ok()?;
    let trimmed = text.trim().trim_end_matches([';', ',', '\\']).trim_end();
    let trimmed = trimmed.strip_suffix('+').map(str::trim_end).filter(|text| text.ends_with(QUOTES)).unwrap_or(trimmed);
    if let Some(offset) = left_out(trimmed) {
        let offset = offset + (text.len() - text.trim_start().len());
        let message = "the console left out the rest of these bytes: print them as hex";
        return Some(Err(BadText { kind: "bytes-left-out", offset, message }));
    }
    if trimmed.len() < text.trim().len()
        && let Ok(bytes) = digits(trimmed.as_bytes())
    {
        return Some(Ok(bytes)).filter(|_| !trimmed.is_empty());
    }
    let read = escaped(trimmed).or_else(|| listed(trimmed)).or_else(|| quoted(trimmed))?;
    Some(Ok(read))
}

/// The number of bytes that a console left out: `… 43 more bytes>`, `... 150 more items ]`.
fn left_out(text: &str) -> Option<usize> {
    let at = ["more bytes", "more byte>", "more items", "more item"].iter().find_map(|words| text.find(words))?;
    let before = text.get(..at)?;
    let start = before.rfind("...").or_else(|| before.rfind('…'))?;
    let count = before.get(start..)?.trim_start_matches(['.', '…']).trim();
    (!count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit())).then_some(start)
}

/// Texts with escapes, `"\x00\xf8"`, one or several in a row.
fn escaped(text: &str) -> Option<Vec<u8>> {
    if !text.contains('\\') {
        return None;
    }
    let mut bytes = Vec::new();
    let Some(quote) = text.find(QUOTES) else {
        return unescape(text, None, false, &mut bytes).filter(|rest| rest.is_empty()).map(|_| bytes);
    };
    let before = text.get(..quote)?;
    if !is_declaration(before) {
        return None;
    }
    let is_go = before.trim_end().ends_with("[]byte(");
    let mut rest = text.get(quote..)?;
    while let Some(open) = rest.chars().next().filter(|open| QUOTES.contains(open)) {
        rest = unescape(rest.get(1..)?, Some(open), is_go, &mut bytes)?;
        rest = next_string(rest).unwrap_or(rest.trim_start());
    }
    rest.chars().all(|rest| matches!(rest, ')' | ']' | '}' | ';' | ',' | ' ')).then_some(bytes)
}

/// The text after a string, if another string follows: `"\x00" "\xf8"`, `b'00' + \` and `b'f8'` in the next line.
fn next_string(behind: &str) -> Option<&str> {
    let next = behind.trim_start_matches([' ', '\t', '\r', '\n', '\\', '+']).trim_start_matches(['b', '$']);
    Some(next).filter(|next| next.starts_with(QUOTES))
}

/// Reads escapes up to a closing quote, and returns the rest. In Go, `\u00f8` is a character, in JavaScript and JSON a byte.
fn unescape<'t>(text: &'t str, quote: Option<char>, is_go: bool, bytes: &mut Vec<u8>) -> Option<&'t str> {
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let behind = rest.get(character.len_utf8()..)?;
        if Some(character) == quote {
            return Some(behind);
        }
        if character != '\\' {
            // Wireshark and Python leave printable text as it is.
            bytes.extend(character.encode_utf8(&mut [0; 4]).bytes());
            rest = behind;
            continue;
        }
        let of_digits = |digits: Option<&str>, radix: u32| u8::from_str_radix(digits?, radix).ok();
        let code_digits = if behind.starts_with('U') { 8 } else { 4 };
        let code = || u32::from_str_radix(behind.get(1..=code_digits)?, 16).ok().and_then(char::from_u32);
        let octal = behind.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
        let (byte, length) = match behind.bytes().next()? {
            b'x' => (of_digits(behind.get(1..3), 16)?, 3),
            b'u' if !is_go && behind.get(1..3) == Some("00") => (of_digits(behind.get(3..5), 16)?, 5),
            b'u' | b'U' => {
                bytes.extend(code()?.encode_utf8(&mut [0; 4]).bytes());
                rest = behind.get(1 + code_digits..)?;
                continue;
            }
            b'0'..=b'7' => (of_digits(behind.get(..octal), 8)?, octal),
            b'n' => (b'\n', 1),
            b'r' => (b'\r', 1),
            b't' => (b'\t', 1),
            b'a' => (7, 1),
            b'b' => (8, 1),
            b'f' => (12, 1),
            b'v' => (11, 1),
            same @ (b'\\' | b'"' | b'\'' | b'`') => (same, 1),
            _ => return None,
        };
        bytes.push(byte);
        rest = behind.get(length..)?;
    }
    quote.is_none().then_some("")
}

/// Numbers in brackets, or with commas between them.
fn listed(text: &str) -> Option<Vec<u8>> {
    // Casts have brackets too.
    let casts = ["(byte)", "(char)", "(unsigned char)", ".toByte()"];
    let text = casts.iter().fold(Cow::Borrowed(text), |text, cast| match text.contains(cast) {
        true => text.replace(cast, "").into(),
        false => text,
    });
    let inside = inside(&text);
    let list = inside.unwrap_or(&text);
    if let Some(keyed) = by_index(list) {
        return Some(keyed);
    }
    let list = without_comments(list);
    let bare = |word: &str| {
        let word = ["_u8", "u8", "u"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
        word.to_ascii_lowercase()
    };
    let words = list.split([',', ' ', '\t', '\r', '\n', ';']).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(bare).collect();
    let is_list = inside.is_some() || list.contains(',');
    if words.is_empty() {
        return None;
    }
    let has_prefix = words.iter().any(|word| word.starts_with("0x"));
    let is_pair = |word: &String| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_decimal = |word: &String| {
        let digits = word.strip_prefix('-').unwrap_or(word);
        matches!(digits.len(), 1..=3) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if has_prefix {
        return words.iter().map(|word| hexadecimal(word)).collect();
    }
    let looks_padded = words.iter().any(|word| word.len() > 1 && word.starts_with('0'));
    if words.iter().all(is_pair) && (looks_padded || !words.iter().all(is_decimal)) {
        return is_list.then(|| words.iter().filter_map(|word| u8::from_str_radix(word, 16).ok()).collect());
    }
    // Several numbers without brackets or commas: a dump without offsets.
    let is_dump = words.len() > 1 && list.starts_with([' ', '\t', '0']) && !looks_padded;
    if !words.iter().all(is_decimal) || !(is_list || is_dump) {
        return None;
    }
    words.iter().map(|word| decimal(word)).collect()
}

/// A number after `0x`, or a zero without `0x`.
fn hexadecimal(word: &str) -> Option<u8> {
    match word.strip_prefix("0x") {
        Some(digits) if matches!(digits.len(), 1 | 2) => u8::from_str_radix(digits, 16).ok(),
        Some(_) => None,
        None => decimal(word),
    }
}

/// A byte from −128 to 255.
fn decimal(word: &str) -> Option<u8> {
    let number: i16 = word.parse().ok()?;
    u8::try_from(number).or_else(|_| i8::try_from(number).map(i8::cast_unsigned)).ok()
}

/// The text in the innermost brackets at the end, if the text before them can be the type or declaration of bytes.
fn inside(text: &str) -> Option<&str> {
    if let Some(buffer) = text.strip_prefix("<Buffer").or_else(|| text.strip_prefix("<SlowBuffer")) {
        return buffer.strip_suffix('>');
    }
    let list = text.trim_end_matches([')', ']', '}', ';', ' ', '\n', '\r', '\t']);
    if !text.get(list.len()..)?.contains([')', ']', '}']) {
        return None;
    }
    let open = list.rfind(['(', '[', '{'])?;
    is_declaration(list.get(..open)?).then_some(list.get(open + 1..)?)
}

/// Whether a text can come before the bytes of a literal: a type, a variable, a call.
fn is_declaration(before: &str) -> bool {
    let is_of_code =
        |character: char| character.is_ascii_alphanumeric() || " \t\n_=*&!<>[](){}:.,/#-$\"'".contains(character);
    let bare = before.trim();
    // In prose a blank comes before a bracket; in code a name, an equals sign or a colon.
    let is_glued = bare.len() == before.len() && !bare.contains(' ');
    bare.len() < 200
        && bare.chars().all(is_of_code)
        && (bare.is_empty() || bare.contains('=') || bare.ends_with(':') || is_glued || is_type(bare))
}

fn is_type(before: &str) -> bool {
    const TYPES: [&str; 13] = [
        "b",
        "br",
        "rb",
        "Uint8Array",
        "Int8Array",
        "Buffer",
        "bytes",
        "bytearray",
        "byteArrayOf",
        "byte",
        "u8",
        "return",
        "vec!",
    ];
    let last = before.split_whitespace().last().unwrap_or("");
    let name = last.split(['[', '(', '<']).find(|part| !part.is_empty()).unwrap_or(last);
    TYPES.iter().any(|known| name.trim_start_matches("[]").starts_with(known)) && name.len() < 16
}

/// `"0":0,"1":248`, as `JSON.stringify` prints a `Uint8Array`.
fn by_index(list: &str) -> Option<Vec<u8>> {
    let entries = list.split(',').enumerate().map(|(index, entry)| {
        let (key, value) = entry.split_once(':')?;
        let key: usize = key.trim().trim_matches(['"', '\'']).parse().ok()?;
        (key == index).then(|| decimal(value.trim())).flatten()
    });
    entries.collect()
}

fn without_comments(list: &str) -> String {
    let mut kept = String::new();
    for line in list.lines() {
        let mut rest = line.split_once("//").map_or(line, |(code, _)| code);
        while let Some((before, comment)) = rest.split_once("/*") {
            kept.push_str(before);
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
        }
        kept.push_str(rest);
        kept.push('\n');
    }
    kept
}

/// Digits in quotes: `'00f8'`, `hex::decode("00f8")`, `Buffer.from("APg=", "base64")`.
fn quoted(text: &str) -> Option<Vec<u8>> {
    let (before, mut string) = text.split_at_checked(text.find(QUOTES)?)?;
    let mut content = String::new();
    let behind = loop {
        let (part, behind) = string.get(1..)?.split_once(string.chars().next()?)?;
        content.push_str(part);
        match next_string(behind) {
            Some(next) => string = next,
            None => break behind.trim(),
        }
    };
    if !is_declaration(before) && !before.is_empty() || content.is_empty() {
        return None;
    }
    let closes = behind.chars().all(|character| character.is_ascii_alphanumeric() || ")];, ".contains(character))
        || behind.strip_prefix(',').is_some_and(|kind| {
            ["'hex'", "\"hex\"", "'base64'", "\"base64\""].iter().any(|known| kind.trim_start().starts_with(known))
        });
    let is_base64 = before.contains("64") || behind.contains("64");
    let base64 = || base64(content.as_bytes()).ok().filter(|bytes| is_base64 || starts_like_a_frame(bytes));
    let read = if is_base64 { base64() } else { digits(content.as_bytes()).ok().or_else(base64) };
    read.filter(|_| closes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: [u8; 7] = [0x00, 0xf8, 0x03, 0x1b, 0x04, 0xec, 0x0b];

    #[test]
    fn literals_of_many_languages_are_bytes() {
        for text in [
            "<Buffer 00 f8 03 1b 04 ec 0b>",
            "Uint8Array(7) [ 0, 248, 3, 27, 4, 236, 11 ]",
            "Uint8Array(7) [\n  0, 248, 3,\n  27, 4, 236, 11\n]",
            "new Uint8Array([0,248,3,27,4,236,11])",
            "const frame = Buffer.from([0x00, 0xf8, 0x03, 0x1b, 0x04, 0xec, 0x0b]);",
            "Buffer.from('00f8031b04ec0b', 'hex')",
            "Buffer.from('APgDGwTsCw==', 'base64')",
            "{\"type\":\"Buffer\",\"data\":[0,248,3,27,4,236,11]}",
            "{\"0\":0,\"1\":248,\"2\":3,\"3\":27,\"4\":4,\"5\":236,\"6\":11}",
            "[]byte{0x0, 0xf8, 0x3, 0x1b, 0x4, 0xec, 0xb}",
            "frame := []byte{0, 248, 3, 27, 4, 236, 11}",
            "[]byte(\"\\x00\\xf8\\x03\\x1b\\x04\\xec\\v\")",
            "[0 248 3 27 4 236 11]",
            "[00 f8 03 1b 04 ec 0b]",
            "[0, -8, 3, 27, 4, -20, 11]",
            "0,-8,3,27,4,-20,11",
            "0, 248, 3, 27, 4, 236, 11",
            "0 248 3 27 4 236 11",
            "0x00,0xf8,0x03,0x1b,0x04,0xec,0x0b",
            "{ 0x00, 0xf8, 0x03, 0x1b, 0x04, 0xec, 0x0b };",
            "unsigned char frame[] = {\n  0x00, 0xf8, 0x03, /* head */\n  0x1b, 0x04, 0xec, 0x0b // tag\n};",
            "static const uint8_t frame[7] = { 0x00, 0xF8, 0x03, 0x1B, 0x04, 0xEC, 0x0B };",
            "vec![0x00, 0xf8, 0x03, 0x1b, 0x04, 0xec, 0x0b]",
            "let frame: &[u8] = &[0u8, 248, 3, 27, 4, 236, 11];",
            "b\"\\x00\\xf8\\x03\\x1b\\x04\\xec\\x0b\"",
            "b'\\x00\\xf8\\x03\\x1b\\x04\\xec\\x0b'",
            "bytearray(b'\\x00\\xf8\\x03\\x1b\\x04\\xec\\x0b')",
            "bytes.fromhex('00f8031b04ec0b')",
            "bytes([0, 248, 3, 27, 4, 236, 11])",
            "\\x00\\xf8\\x03\\x1b\\x04\\xec\\x0b",
            "\"\\0\\370\\3\\033\\4\\354\\13\"",
            "\"\\x00\\xf8\\x03\" \\\n\"\\x1b\\x04\\xec\\x0b\"",
            "new byte[] { 0x00, (byte) 0xf8, 0x03, 0x1b, 0x04, (byte)0xec, 0x0b }",
            "byteArrayOf(0x00, 0xf8.toByte(), 3, 27, 4, -20, 11)",
            "\"00f8031b04ec0b\"",
            "`00 f8 03 1b 04 ec 0b`",
            "00,f8,03,1b,04,ec,0b",
            "\"APgDGwTsCw==\",",
        ] {
            assert_eq!(read(text.as_bytes()), Some(Ok(FRAME.to_vec())), "{text}");
        }
    }

    /// `%q` of Go writes printable characters as they are, and the others by their code.
    #[test]
    fn escaped_characters_are_text_in_go_and_bytes_in_javascript() {
        for (text, expected) in [
            (r#"[]byte("\x00é\u202e\U000e0001\ufeff")"#, Some("\0é\u{202e}\u{e0001}\u{feff}".as_bytes())),
            (r#"[]byte("\x00\u0081")"#, Some("\0\u{81}".as_bytes())),
            (r#""\u0000\u0081""#, Some(b"\0\x81")),
            (r#""\x00\u202e""#, Some("\0\u{202e}".as_bytes())),
            (r#"[]byte("\x00\ud800")"#, None),
            (r#"[]byte("\x00\U0011")"#, None),
        ] {
            assert_eq!(read(text.as_bytes()), expected.map(|bytes| Ok(bytes.to_vec())), "{text}");
        }
    }

    #[test]
    fn what_a_console_left_out_is_an_error() {
        for (text, offset) in [
            ("<Buffer 00 f8 ... 43 more bytes>", 14),
            (" <Buffer 00 f8 … 1 more byte>", 15),
            ("[ 0, 248,\n ... 20 more items\n]", 11),
        ] {
            let bad = read(text.as_bytes()).unwrap().unwrap_err();
            assert_eq!((bad.kind, bad.offset), ("bytes-left-out", offset), "{text}");
        }
    }

    #[test]
    fn prose_is_no_literal() {
        for text in
            ["", "see [1] and [2, 3]", "at 12:00, 7 of 9", "[300, 2]", "<ack id=\"1\"/>", "\"hello\"", "a, b", "{}"]
        {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
