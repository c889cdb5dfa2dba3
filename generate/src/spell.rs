//! An encoder that spells each part of a tree in any legal way, written from the grammar alone.
//!
//! It shares nothing with the crate's encoder but the token tables, and knows for each part which spelling is canonical.

use std::io::Write;

use arbitrary::{Result, Unstructured};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use wabinary::{Content, Dictionary, JidForm, JidRef, Leniency, NodeRef, Value};

/// A frame, and whether every part of it is spelled as encoders spell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelled {
    /// The frame.
    pub frame: Vec<u8>,
    /// Whether it is what an encoder writes.
    pub canonical: bool,
}

/// How often a part is spelled in another way than encoders do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Care(u8);

impl Care {
    /// On average `deviations` of 255 parts deviate. With 0 the frame is canonical.
    #[must_use]
    pub const fn of(deviations: u8) -> Self {
        Self(deviations)
    }
}

/// Spells a tree in any way, also compressed. The looser the rules (`allow`), the more ways there are.
///
/// ```
/// use arbitrary::Unstructured;
/// use wabinary::{Dictionary, Leniency, Node};
///
/// let ack = Node::build("ack").attr("id", "A1").finish();
/// let bytes = wabinary_generate::random_bytes(3, 100);
/// let mut u = Unstructured::new(&bytes);
/// let spelled = wabinary_generate::spell(&mut u, ack.as_ref(), Dictionary::V3, Leniency::NONE)?;
/// assert_eq!(wabinary::decode(spelled.frame).unwrap(), ack);
/// # Ok::<(), arbitrary::Error>(())
/// ```
///
/// # Errors
/// The choices are used up.
pub fn spell(u: &mut Unstructured<'_>, node: NodeRef<'_>, dictionary: Dictionary, allow: Leniency) -> Result<Spelled> {
    // Some frames are canonical, and some nearly so.
    let care = Care(*u.choose(&[0, 1, 30, 255])?);
    let Spelled { mut frame, mut canonical } = spell_with(u, node, dictionary, allow, care)?;
    let mut is_careless = || Ok(care.0 > 0 && u.ratio(care.0, 255)?);
    let (compressed, flagged) = (is_careless()?, is_careless()?);
    if compressed {
        canonical = false;
        frame = compress(&frame, u.int_in_range(0..=9)?);
    }
    if let Some(flag) = frame.first_mut()
        && allow.contains(Leniency::FLAG_BITS)
        && flagged
    {
        canonical = false;
        *flag |= *u.choose(&[0x01, 0x04, 0x80, 0xfd])?;
    }
    Ok(Spelled { frame, canonical })
}

/// Spells a tree in a plain frame, with so much care.
///
/// # Errors
/// The choices are used up.
pub fn spell_with(
    u: &mut Unstructured<'_>,
    node: NodeRef<'_>,
    dictionary: Dictionary,
    allow: Leniency,
    care: Care,
) -> Result<Spelled> {
    let mut speller = Speller { u, dictionary, allow, care, out: vec![0], canonical: true };
    speller.node(node)?;
    Ok(Spelled { frame: speller.out, canonical: speller.canonical })
}

/// The frame with its body as a zlib stream, at a level from 0 to 9. A frame that is compressed already stays as it is.
#[must_use]
pub fn compress(frame: &[u8], level: u8) -> Vec<u8> {
    let Some((0, body)) = frame.split_first() else { return frame.to_vec() };
    let mut encoder = ZlibEncoder::new(vec![2], Compression::new(u32::from(level.min(9))));
    // Memory takes everything.
    let written = encoder.write_all(body).and_then(|()| encoder.finish());
    written.unwrap_or_else(|_| frame.to_vec())
}

struct Speller<'u, 'd> {
    u: &'u mut Unstructured<'d>,
    dictionary: Dictionary,
    allow: Leniency,
    care: Care,
    out: Vec<u8>,
    canonical: bool,
}

impl Speller<'_, '_> {
    fn node(&mut self, node: NodeRef<'_>) -> Result<()> {
        let content = node.content();
        let has_content = !matches!(content, Content::None);
        self.list_head(1 + 2 * node.attrs().len() + usize::from(has_content))?;
        self.string(node.tag())?;
        for (name, value) in node.attrs() {
            self.string(name)?;
            match value {
                Value::Null => self.out.push(0),
                Value::Text(text) => self.string(text)?,
                Value::Jid(jid) => self.jid(jid)?,
            }
        }
        match content {
            Content::None => {}
            Content::Bytes(bytes) => {
                let mut spellings = vec![binary(bytes)];
                spellings.extend(self.longer_binaries(bytes));
                // Packed text that encoders do not pack is bytes to a decoder.
                if matches!(bytes.len(), 0 | 128..=254) {
                    spellings.extend(std::str::from_utf8(bytes).into_iter().flat_map(packed));
                }
                self.one_of(spellings)?;
            }
            Content::Text(text) => {
                let mut spellings: Vec<_> = self.dictionary.find(text).map(token).into_iter().collect();
                spellings.extend(packed(text));
                // Text without a coded form goes out as bytes.
                if !matches!(text.len(), 1..=127) || spellings.is_empty() {
                    spellings = vec![binary(text.as_bytes())];
                }
                self.one_of(spellings)?;
            }
            Content::Jid(jid) => self.jid(jid)?,
            Content::Nodes(children) if children.len() == 0 => {
                self.one_of(vec![vec![0], vec![0xf8, 0], vec![0xf9, 0, 0]])?;
            }
            Content::Nodes(children) => {
                self.list_head(children.len())?;
                for child in children {
                    self.node(child)?;
                }
            }
        }
        Ok(())
    }

    fn list_head(&mut self, size: usize) -> Result<()> {
        let long = vec![0xf9, (size >> 8) as u8, size as u8];
        self.one_of(if size < 256 { vec![vec![0xf8, size as u8], long] } else { vec![long] })
    }

    fn jid(&mut self, jid: JidRef<'_>) -> Result<()> {
        let user = jid.user().unwrap_or("");
        let text = jid.wire_text().to_string();
        match jid.form() {
            JidForm::Pair | JidForm::PairEmpty => {
                self.out.push(0xfa);
                match text.split_once('@') {
                    Some((user, _)) => self.string(user)?,
                    None if jid.form() == JidForm::Pair => self.out.push(0),
                    None => self.string("")?,
                }
                self.string(jid.server().as_str())
            }
            JidForm::Ad | JidForm::AdDomain(_) => {
                let domain = match (jid.form(), jid.server().as_str()) {
                    (JidForm::AdDomain(domain), _) => domain,
                    (_, "s.whatsapp.net") => 0,
                    (_, "lid") => 1,
                    (_, "hosted") => 128,
                    _ => 129,
                };
                self.out.extend([0xf7, domain, jid.device() as u8]);
                self.string(user)
            }
            JidForm::Fb => {
                self.out.push(0xf6);
                self.string(user)?;
                self.out.extend(jid.device().to_be_bytes());
                self.string("msgr")
            }
            _ => {
                self.out.push(0xf5);
                self.string(user)?;
                self.out.extend(jid.device().to_be_bytes());
                self.out.extend(jid.integrator().to_be_bytes());
                if self.allow.contains(Leniency::INTEROP_NO_SERVER) { Ok(()) } else { self.string("interop") }
            }
        }
    }

    /// A string in its place: token, packed, raw.
    fn string(&mut self, text: &str) -> Result<()> {
        let mut spellings: Vec<_> = self.dictionary.find(text).map(token).into_iter().collect();
        if matches!(text.len(), 1..=127) {
            spellings.extend(packed(text));
        }
        spellings.push(binary(text.as_bytes()));
        spellings.extend(self.longer_binaries(text.as_bytes()));
        if matches!(text.len(), 0 | 128..=254) {
            spellings.extend(packed(text));
        }
        self.one_of(spellings)
    }

    /// Lengths in more bits than are needed.
    fn longer_binaries(&self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let length = bytes.len() as u32;
        let [a, b, c, d] = length.to_be_bytes();
        let mut heads = Vec::new();
        if length < 1 << 8 {
            heads.push(vec![0xfd, 0, 0, d]);
        }
        if length < 1 << 20 {
            heads.push(vec![0xfe, a, b, c, d]);
            if self.allow.contains(Leniency::LENGTH_BITS) {
                heads.push(vec![0xfd, 0xf0 | b, c, d]);
                heads.push(vec![0xfd, 0x10 | b, c, d]);
            }
        }
        heads.into_iter().map(|head| [head.as_slice(), bytes].concat()).collect()
    }

    /// Writes one of several spellings. The first is the canonical one. A wrong padding of a packed text
    /// is one more spelling.
    fn one_of(&mut self, mut spellings: Vec<Vec<u8>>) -> Result<()> {
        if self.allow.contains(Leniency::PAD_NIBBLE) {
            let odd = |spelling: &&Vec<u8>| matches!(spelling[..], [0xfb | 0xff, 0x81..=0xff, ..]);
            let padded = spellings.iter().filter(odd).map(|spelling| {
                let mut padded = spelling.clone();
                if let Some(last) = padded.last_mut() {
                    *last &= 0xf3;
                }
                padded
            });
            let padded: Vec<_> = padded.collect();
            spellings.extend(padded);
        }
        let which = if self.is_careless()? { self.u.choose_index(spellings.len())? } else { 0 };
        self.canonical &= which == 0;
        self.out.extend_from_slice(&spellings[which]);
        Ok(())
    }

    fn is_careless(&mut self) -> Result<bool> {
        Ok(self.care.0 > 0 && self.u.ratio(self.care.0, 255)?)
    }
}

pub(crate) fn token(token: wabinary::Token) -> Vec<u8> {
    match token.dictionary() {
        None => vec![token.index()],
        Some(dictionary) => vec![0xec + dictionary, token.index()],
    }
}

/// The text packed: with the alphabet that encoders prefer, then with the other.
fn packed(text: &str) -> Vec<Vec<u8>> {
    let pack = |(form, alphabet): (u8, &str)| {
        let mut nibbles: Vec<u8> = text.chars().map(|c| alphabet.find(c).map(|at| at as u8)).collect::<Option<_>>()?;
        let odd = nibbles.len() % 2 == 1;
        nibbles.extend(odd.then_some(15));
        let octets = nibbles.chunks(2).map(|pair| pair[0] << 4 | pair[1]);
        let length = u8::try_from(nibbles.len() / 2).ok().filter(|length| *length < 128)?;
        Some([form, length | if odd { 0x80 } else { 0 }].into_iter().chain(octets).collect())
    };
    [(0xff, "0123456789-."), (0xfb, "0123456789ABCDEF")].into_iter().filter_map(pack).collect()
}

/// Bytes after the shortest length.
fn binary(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u32;
    let [a, b, c, d] = length.to_be_bytes();
    let head = match length {
        0..0x100 => vec![0xfc, d],
        0x100..0x10_0000 => vec![0xfd, b, c, d],
        _ => vec![0xfe, a, b, c, d],
    };
    [head.as_slice(), bytes].concat()
}
