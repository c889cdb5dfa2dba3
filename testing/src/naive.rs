//! A second reader of the grammar, for tests: slow, simple, one function for each rule of GRAMMAR.md, section 4, and
//! written only from that text. It supports neither options nor zlib, and reads the dictionaries from `tokens/` itself.

use std::fs;

use data_encoding::BASE64;
use serde_json::{Value as Json, json};

/// Kind and offset of the first error, by sections 4 and 10 of GRAMMAR.md.
pub type Refusal = (&'static str, usize);

/// The single-byte list and the four dictionaries.
pub struct Tokens([Vec<String>; 5]);

impl Tokens {
    /// The tokens of dictionary version 2 or 3.
    pub fn of_version(version: u8) -> Self {
        let names = ["single-byte", "double-byte-0", "double-byte-1", "double-byte-2", "double-byte-3"];
        Self(names.map(|name| {
            let path = crate::project().join(format!("tokens/v{version}/{name}.txt"));
            fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
        }))
    }

    /// Reads a plain frame, flag byte included, as the JSON of the vector files.
    pub fn read(&self, frame: &[u8]) -> Result<Json, Refusal> {
        let mut reader = Reader { tokens: &self.0, frame, at: 0, depth: 0, structure: None };
        let flag = reader.byte()?;
        assert_ne!(flag, 2, "this reader does not inflate");
        if flag != 0 {
            return Err(("unknown-flag-bits", 0));
        }
        let node = reader.node()?;
        if reader.at < frame.len() { Err(("trailing-bytes", reader.at)) } else { Ok(node) }
    }
}

impl Tokens {
    /// The offsets of structural bytes in a plain frame: all bytes except those of raw texts, contents and packed
    /// texts. Up to the first error.
    pub fn structure(&self, frame: &[u8]) -> Vec<usize> {
        let mut reader = Reader { tokens: &self.0, frame, at: 1, depth: 0, structure: Some(vec![0]) };
        let _ = reader.node();
        reader.structure.unwrap_or_default()
    }
}

struct Reader<'a> {
    tokens: &'a [Vec<String>; 5],
    frame: &'a [u8],
    at: usize,
    depth: usize,
    structure: Option<Vec<usize>>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Refusal> {
        let taken = self.frame[self.at..].get(..count).ok_or(("truncated", self.frame.len()))?;
        self.at += count;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, Refusal> {
        self.number(1).map(|byte| byte as u8)
    }

    fn number(&mut self, bytes: usize) -> Result<usize, Refusal> {
        if let Some(structure) = &mut self.structure {
            structure.extend(self.at..self.at + bytes);
        }
        Ok(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    fn node(&mut self) -> Result<Json, Refusal> {
        let head = self.at;
        if self.depth == 128 {
            return Err(("too-deep", head));
        }
        let size = match self.byte()? {
            0xf8 => self.number(1)?,
            0xf9 => self.number(2)?,
            0x00 => 0,
            0xf0..=0xf4 => return Err(("unassigned-byte", head)),
            _ => return Err(("not-a-node", head)),
        };
        if size == 0 {
            return Err(("empty-node", head));
        }
        let at_tag = self.at;
        let tag = self.string()?;
        if tag.is_empty() {
            return Err(("empty-tag", at_tag));
        }
        let mut attrs: Vec<(String, Json)> = Vec::new();
        for _ in 0..(size - 1) / 2 {
            let at_key = self.at;
            let key = self.string()?;
            if attrs.iter().any(|(other, _)| *other == key) {
                return Err(("duplicate-key", at_key));
            }
            let value = self.value()?;
            attrs.push((key, value));
        }
        let content = if size % 2 == 0 { self.content()? } else { Json::Null };
        Ok(json!({ "tag": tag, "attrs": attrs, "content": content }))
    }

    fn value(&mut self) -> Result<Json, Refusal> {
        let at = self.at;
        match self.byte()? {
            0x00 => Ok(Json::Null),
            0xf8 | 0xf9 => Err(("not-a-value", at)),
            form @ (0xf5..=0xf7 | 0xfa) => self.jid(form),
            _ => {
                self.at = at;
                self.string().map(Json::from)
            }
        }
    }

    fn content(&mut self) -> Result<Json, Refusal> {
        let at = self.at;
        match self.byte()? {
            0x00 => Ok(json!({ "nodes": [] })),
            list @ (0xf8 | 0xf9) => {
                let count = self.number(if list == 0xf8 { 1 } else { 2 })?;
                self.depth += 1;
                let nodes = (0..count).map(|_| self.node()).collect::<Result<Vec<_>, _>>()?;
                self.depth -= 1;
                Ok(json!({ "nodes": nodes }))
            }
            form @ 0xfc..=0xfe => Ok(json!({ "bytes": BASE64.encode(self.bytes(form)?) })),
            form @ (0xf5..=0xf7 | 0xfa) => self.jid(form),
            first => {
                self.at = at;
                let text = self.string()?;
                // No encoder packs these lengths, so such a text could not be written again.
                let is_bytes = matches!(first, 0xfb | 0xff) && !(1..=127).contains(&text.len());
                Ok(if is_bytes { json!({ "bytes": BASE64.encode(text.as_bytes()) }) } else { json!({ "text": text }) })
            }
        }
    }

    fn string(&mut self) -> Result<String, Refusal> {
        let at = self.at;
        match self.byte()? {
            token @ 0x01..=0xeb => Ok(self.tokens[0][usize::from(token)].clone()),
            dictionary @ 0xec..=0xef => {
                let index = self.number(1)?;
                Ok(self.tokens[usize::from(dictionary - 0xeb)][index].clone())
            }
            form @ (0xfb | 0xff) => self.packed(form),
            form @ 0xfc..=0xfe => {
                let bytes = self.bytes(form)?;
                let start = self.at - bytes.len();
                let text = std::str::from_utf8(bytes);
                text.map(str::to_owned).map_err(|error| ("invalid-utf8", start + error.valid_up_to()))
            }
            0xf0..=0xf4 => Err(("unassigned-byte", at)),
            _ => Err(("not-a-string", at)),
        }
    }

    fn bytes(&mut self, form: u8) -> Result<&'a [u8], Refusal> {
        let at = self.at;
        let length = self.number([1, 3, 4][usize::from(form - 0xfc)])?;
        if form == 0xfd && length >= 1 << 20 {
            return Err(("length-bits", at));
        }
        self.take(length)
    }

    fn packed(&mut self, form: u8) -> Result<String, Refusal> {
        let at = self.at;
        let length = self.byte()?;
        let (is_odd, count) = (length & 0x80 != 0, usize::from(length & 0x7f));
        if is_odd && count == 0 {
            return Err(("odd-empty-packed", at));
        }
        let octets = self.take(count)?;
        let alphabet: &[u8] = if form == 0xff { b"0123456789-." } else { b"0123456789ABCDEF" };
        let mut text = String::new();
        for (octet, at) in octets.iter().zip(at + 1..) {
            for (half, is_low) in [(octet >> 4, false), (octet & 15, true)] {
                if is_odd && is_low && at == self.at - 1 {
                    if half != 15 {
                        return Err(("invalid-padding", at));
                    }
                } else {
                    let character = alphabet.get(usize::from(half)).ok_or(("invalid-nibble", at))?;
                    text.push(char::from(*character));
                }
            }
        }
        Ok(text)
    }

    fn jid(&mut self, form: u8) -> Result<Json, Refusal> {
        let text = match form {
            0xfa => self.pair()?,
            0xf7 => {
                let at = self.at;
                let (domain, device) = (self.number(2)? >> 8, usize::from(self.frame[at + 1]));
                let server = match domain {
                    0 => "s.whatsapp.net",
                    1 => "lid",
                    128 => "hosted",
                    129 => "hosted.lid",
                    _ => return Err(("unknown-domain", at)),
                };
                format!("{}@{server}", with_device(self.device_user()?, device))
            }
            0xf6 => {
                let user = self.device_user()?;
                let device = self.number(2)?;
                self.fixed_server("msgr")?;
                format!("{}@msgr", with_device(user, device))
            }
            _ => {
                let user = self.device_user()?;
                let (device, integrator) = (self.number(2)?, self.number(2)?);
                self.fixed_server("interop")?;
                format!("{integrator}-{}@interop", with_device(user, device))
            }
        };
        Ok(json!({ "jid": text }))
    }

    fn pair(&mut self) -> Result<String, Refusal> {
        let user = self.jid_part(&['@'])?;
        let at_server = self.at;
        match self.jid_part(&['@'])?.filter(|server| !server.is_empty()) {
            None => Err(("empty-server", at_server)),
            Some(server) => Ok(match user.filter(|user| !user.is_empty()) {
                None => server,
                Some(user) => format!("{user}@{server}"),
            }),
        }
    }

    fn device_user(&mut self) -> Result<String, Refusal> {
        let at = self.at;
        self.jid_part(&['@', ':'])?.filter(|user| !user.is_empty()).ok_or(("empty-user", at))
    }

    fn fixed_server(&mut self, expected: &str) -> Result<(), Refusal> {
        let at = self.at;
        match self.jid_part(&['@'])?.as_deref() {
            None | Some("") => Err(("empty-server", at)),
            Some(server) if server == expected => Ok(()),
            Some(_) => Err(("wrong-server", at)),
        }
    }

    /// A string, or `None` for LIST_EMPTY.
    fn jid_part(&mut self, separators: &[char]) -> Result<Option<String>, Refusal> {
        let at = self.at;
        if self.frame.get(at) == Some(&0) {
            self.at += 1;
            return Ok(None);
        }
        let text = self.string()?;
        if text.contains(separators) { Err(("jid-separator", at)) } else { Ok(Some(text)) }
    }
}

fn with_device(user: String, device: usize) -> String {
    if device == 0 { user } else { format!("{user}:{device}") }
}
