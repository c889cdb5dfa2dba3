//! Values in the output of consoles.

use crate::draft::DEEPEST;
use crate::json::ordered::Json;
use crate::json::tree;

/// Why a text is not a value.
#[derive(Debug)]
pub(in crate::log) enum Stop {
    /// It ends too early.
    End,
    /// At an offset: what was expected.
    Bad(usize, &'static str),
}

/// Reads the value that a text starts with.
pub(super) fn read(text: &str) -> Result<Json, Stop> {
    let mut reader = Reader { text, at: 0 };
    reader.value(0)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_blank(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, text: &str) -> bool {
        let is_there = self.rest().starts_with(text);
        self.at += if is_there { text.len() } else { 0 };
        is_there
    }

    fn bad<T>(&self, expected: &'static str) -> Result<T, Stop> {
        if self.rest().is_empty() { Err(Stop::End) } else { Err(Stop::Bad(self.at, expected)) }
    }

    fn value(&mut self, depth: usize) -> Result<Json, Stop> {
        if depth > 2 * DEEPEST {
            return self.bad("at most 256 nested nodes");
        }
        self.skip_blank();
        let rest = self.rest();
        for left_out in ["[Object]", "[Array]", "[Object: null prototype]", "[Circular", "{…}", "[…]", "{...}", "[...]"]
        {
            if rest.starts_with(left_out) && !rest.starts_with("[Object: null prototype] {") {
                self.at += left_out.len();
                if left_out == "[Circular" {
                    self.at += self.rest().find(']').map_or(0, |at| at + 1);
                }
                return Ok(Json::LeftOut);
            }
        }
        match rest.chars().next() {
            None => Err(Stop::End),
            Some('{') => self.object(depth),
            Some('[') if self.take("[Object: null prototype]") => self.value(depth),
            Some('[') => self.list(depth),
            Some('"' | '\'' | '`') => self.texts(),
            Some('<') => self.buffer(),
            Some(_) => self.word(depth),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, Stop> {
        self.at += 1;
        let mut members = Vec::new();
        loop {
            self.skip_blank();
            if self.take("}") {
                return Ok(Json::Object(members));
            }
            if self.take(",") {
                continue;
            }
            if self.rest().starts_with(['…']) || self.rest().starts_with("...") {
                return self.bad("every member: the console left some out");
            }
            let name = match self.rest().chars().next() {
                Some('"' | '\'') => match self.text()? {
                    Json::Text(name) => name,
                    _ => return self.bad("a name"),
                },
                _ => self.name()?.to_owned(),
            };
            self.skip_blank();
            if !self.take(":") {
                return self.bad("a colon");
            }
            let value = self.value(depth + 1)?;
            members.push((name, value));
        }
    }

    fn name(&mut self) -> Result<&'t str, Stop> {
        let rest = self.rest();
        let is_of_name = |character: char| character.is_alphanumeric() || "_$-".contains(character);
        let length = rest.find(|character: char| !is_of_name(character)).ok_or(Stop::End)?;
        if length == 0 {
            return self.bad("a name");
        }
        self.at += length;
        rest.get(..length).ok_or(Stop::End)
    }

    fn list(&mut self, depth: usize) -> Result<Json, Stop> {
        self.at += 1;
        let mut values = Vec::new();
        loop {
            self.skip_blank();
            if self.take("]") {
                return Ok(Json::List(values));
            }
            if self.take(",") {
                continue;
            }
            if self.rest().starts_with("...") || self.rest().starts_with('…') {
                return self.bad("every item: the console left some out");
            }
            values.push(self.value(depth + 1)?);
        }
    }

    /// Texts joined by `+`: consoles print long texts like this.
    fn texts(&mut self) -> Result<Json, Stop> {
        let mut whole = String::new();
        loop {
            if let Json::Text(text) = self.text()? {
                whole.push_str(&text);
            }
            let before = self.at;
            self.skip_blank();
            let goes_on = self.take("+");
            self.skip_blank();
            if !goes_on {
                self.at = before;
                return Ok(Json::Text(whole));
            }
        }
    }

    fn text(&mut self) -> Result<Json, Stop> {
        let rest = self.rest();
        let Some(quote) = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`')) else {
            return self.bad("a quote");
        };
        let mut text = String::new();
        let mut characters = rest.char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => {
                    let (escape_at, escape) = characters.next().ok_or(Stop::End)?;
                    let mut of_digits = |start: usize, length: usize| {
                        let digits = rest.get(start..start + length);
                        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                        for _ in 0..length {
                            characters.next();
                        }
                        number.and_then(char::from_u32).unwrap_or('\u{fffd}')
                    };
                    text.push(match escape {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'v' => '\u{b}',
                        '0' => '\0',
                        'x' => of_digits(escape_at + 1, 2),
                        'u' => of_digits(escape_at + 1, 4),
                        same => same,
                    });
                }
                end if end == quote => {
                    self.at += at + 1;
                    return Ok(Json::Text(text));
                }
                plain => text.push(plain),
            }
        }
        Err(Stop::End)
    }

    /// `<Buffer 00 f8>`, `<ref *1> {..}`.
    fn buffer(&mut self) -> Result<Json, Stop> {
        let Some((inside, _)) = self.rest().split_once('>') else { return Err(Stop::End) };
        let Some(digits) = inside.strip_prefix("<Buffer") else {
            self.at += inside.len() + 1;
            return self.value(1);
        };
        match crate::bytes_text::hex(digits.as_bytes()) {
            Ok(bytes) => {
                self.at += inside.len() + 1;
                Ok(Json::Bytes(bytes))
            }
            Err(_) => self.bad("all bytes: the console left some out; print them as hex"),
        }
    }

    /// A number, a word, or a value after the name of its class.
    fn word(&mut self, depth: usize) -> Result<Json, Stop> {
        let rest = self.rest();
        let is_of_word = |character: char| character.is_alphanumeric() || "_$.-()".contains(character);
        let length = rest.find(|character: char| !is_of_word(character)).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or("");
        if word.is_empty() {
            return self.bad("a value");
        }
        self.at += length;
        match word {
            "null" | "undefined" => return Ok(Json::Null),
            "true" | "false" => return Ok(Json::Bool(word == "true")),
            number if number.trim_end_matches('n').parse::<f64>().is_ok() => {
                return Ok(Json::Number(number.trim_end_matches('n').to_owned()));
            }
            _ => {}
        }
        self.skip_blank();
        if self.rest().starts_with(['{', '[', '<']) {
            let value = self.value(depth + 1)?;
            // `Uint8Array(2) [ 0, 248 ]`
            let bytes = word.contains("Array(").then(|| tree::bytes(&value)).flatten();
            return Ok(bytes.filter(|bytes| !bytes.is_empty()).map_or(value, Json::Bytes));
        }
        // A preview shows only the class and its size.
        if word.ends_with(')') && word.contains('(') { Ok(Json::LeftOut) } else { self.bad("a value") }
    }
}
