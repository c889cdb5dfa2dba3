//! Trees of every shape that the builder can make, from arbitrary bytes.
//!
//! Everything that the wire distinguishes has a fair chance: each kind of token, packed texts of every length, texts
//! that are nearly tokens or packable, each form of JID, each kind of content, and the sizes at which heads and lengths
//! grow a byte. After the last byte the source returns zeros, which end a tree quickly.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::{Builder, Dictionary, Jid, JidForm, JidRef, NewContent, NewValue, Node, Value};
use arbitrary::{Result, Unstructured};

/// Extra parts of a tree, which an encoder accepts only with a leniency.
#[derive(Clone, Copy, Debug, Default)]
pub struct Extras {
    /// Attribute names that occur twice.
    pub duplicate_keys: bool,
    /// JIDs with an undefined domain byte.
    pub undefined_domains: bool,
}

/// Makes a tree. A few do not encode: they have an empty tag, or are too deep.
///
/// ```
/// use arbitrary::Unstructured;
/// use wabinary::generate::{Extras, tree};
///
/// let bytes: Vec<u8> = (0..=255).collect();
/// let node = tree(&mut Unstructured::new(&bytes), Extras::default())?;
/// assert!(node.to_string().starts_with('<'));
/// # Ok::<(), arbitrary::Error>(())
/// ```
pub fn tree(u: &mut Unstructured<'_>, extras: Extras) -> Result<Node> {
    let mut maker = Maker { u, extras, nodes_left: 600, bulk_left: 1 << 21 };
    let tag = maker.tag()?;
    let root = Node::build(&tag);
    maker.fill(&root, 12)?;
    Ok(root.finish())
}

/// Makes a text of any kind that the wire distinguishes.
pub fn text(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=15)? {
        0..=3 => token(u)?.to_owned(),
        4 => u.choose(&PACKABLE_TOKENS)?.to_string(),
        5 | 6 => packable(u, b"0123456789-.")?,
        7 => packable(u, b"0123456789ABCDEF")?,
        8 => packable(u, b"0123456789")?,
        // In neither alphabet, or only in both together.
        9 => packable(u, b"0123456789abcdef")?,
        10 => packable(u, b"0123456789-.ABCDEF")?,
        11 => nearly_token(u)?,
        12 => format!("\u{feff}{}", u.arbitrary::<&str>()?),
        13 => raw_of_edge_length(u)?,
        14 => u.arbitrary::<&str>()?.to_owned(),
        _ => u.choose(&ODDITIES)?.to_string(),
    })
}

/// Makes an address in any wire form.
pub fn jid(u: &mut Unstructured<'_>, undefined_domains: bool) -> Result<Jid> {
    let domains = u8::from(undefined_domains);
    let (text, form) = match u.int_in_range(0..=10 + domains)? {
        0 => (server(u)?, JidForm::Pair),
        1 => (server(u)?, JidForm::PairEmpty),
        2 | 3 => (format!("{}@{}", user(u)?, server(u)?), JidForm::Pair),
        4 => (format!("{}:{}@{}", user(u)?, text_without(u, "@")?, server(u)?), JidForm::Pair),
        5 | 6 => {
            let server = *u.choose(&["s.whatsapp.net", "lid", "hosted", "hosted.lid"])?;
            (format!("{}:{}@{server}", user(u)?, edge(u, &[0, 1, 99, 254, 255])?), JidForm::Ad)
        }
        7 | 8 => (format!("{}:{}@msgr", user(u)?, edge(u, &DEVICES)?), JidForm::Fb),
        9 | 10 => {
            let (integrator, device) = (edge(u, &DEVICES)?, edge(u, &DEVICES)?);
            (format!("{integrator}-{}:{device}@interop", user(u)?), JidForm::Interop)
        }
        _ => {
            let domain = *u.choose(&[2, 3, 127, 130, 254, 255])?;
            (format!("{}:{}@ad:{domain}", user(u)?, u.arbitrary::<u8>()?), JidForm::AdDomain(domain))
        }
    };
    // Each text above reads as its form.
    JidRef::parse_as(&text, form).map(Jid::from).map_err(|_| arbitrary::Error::IncorrectFormat)
}

/// Devices and integrators at the limits of their forms.
const DEVICES: [u16; 7] = [0, 1, 9, 10, 255, 256, 65_535];

/// Texts that look like something else.
const ODDITIES: [&str; 22] = [
    "",
    "\u{feff}",
    "@",
    ":",
    "15550001111@s.whatsapp.net",
    "15550001111:5@s.whatsapp.net",
    "s.whatsapp.net",
    "{jid}",
    "{\"a\": [1]}",
    "12:256@s.whatsapp.net",
    "0a1b2c3d4e5f6071",
    "a\r\n\tb",
    "\u{9b}2J\u{202e}",
    "\u{1f469}\u{200d}\u{1f680}",
    " padded ",
    "\0",
    "<&>\"'",
    "Zoë",
    "\u{1f600}",
    "\u{10ffff}",
    "null",
    "é\u{301}",
];

/// The tokens of each list of each dictionary.
static TOKENS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let list = |dictionary: Dictionary, list: Option<u8>| {
        let tokens = dictionary.tokens().filter(|(token, _)| token.dictionary() == list);
        tokens.map(|(_, text)| text).collect()
    };
    let lists = [None, Some(0), Some(1), Some(2), Some(3)];
    Dictionary::ALL.iter().rev().flat_map(|&dictionary| lists.map(|which| list(dictionary, which))).collect()
});

/// The tokens that would pack if they were not tokens.
static PACKABLE_TOKENS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let is_packable = |text: &&str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'.'));
    TOKENS.iter().flatten().copied().filter(is_packable).collect()
});

fn token(u: &mut Unstructured<'_>) -> Result<&'static str> {
    let list = u.choose(&TOKENS)?;
    u.choose(list).copied()
}

/// A token with a character more, one less, or in capitals.
fn nearly_token(u: &mut Unstructured<'_>) -> Result<String> {
    let token = token(u)?;
    Ok(match u.int_in_range(0..=2)? {
        0 => format!("{token}s"),
        1 => token[..token.len() - 1].to_owned(),
        _ => token.to_uppercase(),
    })
}

/// Characters of an alphabet: mostly as many as encoders pack, sometimes as many as decoders read, or more.
fn packable(u: &mut Unstructured<'_>, alphabet: &[u8]) -> Result<String> {
    let length = match u.int_in_range(0..=3)? {
        0 => *u.choose(&[1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33])?,
        1 => *u.choose(&[126, 127, 128, 129, 253, 254, 255, 256])?,
        _ => u.int_in_range(1..=130)?,
    };
    (0..length).map(|_| Ok(char::from(*u.choose(alphabet)?))).collect()
}

/// A raw text whose length is near one that needs a longer length field.
fn raw_of_edge_length(u: &mut Unstructured<'_>) -> Result<String> {
    let length = *u.choose(&[1, 127, 128, 254, 255, 256, 257])?;
    let end = *u.choose(&["x", "é", "\u{1f600}"])?;
    Ok(format!("{}{end}", "y".repeat(usize::saturating_sub(length, end.len()))))
}

fn text_without(u: &mut Unstructured<'_>, separators: &str) -> Result<String> {
    Ok(text(u)?.chars().filter(|character| !separators.contains(*character)).collect())
}

/// A user that every form can carry.
fn user(u: &mut Unstructured<'_>) -> Result<String> {
    let user = match u.int_in_range(0..=3)? {
        0 => format!("1555000{:04}", u.int_in_range(0..=9999)?),
        1 => format!("1000000{:08}", u.int_in_range(0..=99_999_999)?),
        _ => text_without(u, "@:")?,
    };
    Ok(if user.is_empty() { "15550001111".to_owned() } else { user })
}

/// A known server, a token that is not a server, or any other name.
fn server(u: &mut Unstructured<'_>) -> Result<String> {
    const KNOWN: [&str; 12] = [
        "s.whatsapp.net",
        "lid",
        "g.us",
        "broadcast",
        "newsletter",
        "call",
        "bot",
        "hosted",
        "hosted.lid",
        "msgr",
        "interop",
        "c.us",
    ];
    let server = match u.int_in_range(0..=3)? {
        0..=2 => u.choose(&KNOWN)?.to_string(),
        _ => text_without(u, "@")?,
    };
    Ok(if server.is_empty() { "example.net".to_owned() } else { server })
}

/// One of `edges`, or any number.
fn edge(u: &mut Unstructured<'_>, edges: &[u16]) -> Result<u16> {
    let last = edges.last().copied().unwrap_or(0);
    if u.arbitrary()? { u.int_in_range(0..=last) } else { u.choose(edges).copied() }
}

/// Makes one tree, and limits its size.
struct Maker<'u, 'd> {
    u: &'u mut Unstructured<'d>,
    extras: Extras,
    nodes_left: usize,
    /// Bytes of large contents.
    bulk_left: usize,
}

impl Maker<'_, '_> {
    /// A tag; rarely the empty one, which does not encode.
    fn tag(&mut self) -> Result<String> {
        let tag = text(self.u)?;
        Ok(if tag.is_empty() && !self.u.ratio(1, 8)? { "ack".to_owned() } else { tag })
    }

    /// Gives the open node attributes and content. Attributes may also come last.
    fn fill(&mut self, node: &Builder, depth_left: usize) -> Result<()> {
        if self.u.ratio(1, 8)? {
            self.content(node, depth_left)?;
            self.attributes(node)
        } else {
            self.attributes(node)?;
            self.content(node, depth_left)
        }
    }

    fn attributes(&mut self, node: &Builder) -> Result<()> {
        let count = match self.u.int_in_range(0..=31)? {
            few @ 0..=23 => few / 4,
            // Names are compared one by one up to 16, or hashed; a list head has a second byte from 128.
            24..=29 => *self.u.choose(&[8, 15, 16, 17, 18, 33])?,
            _ => *self.u.choose(&[126, 127, 128, 129])?,
        };
        let mut names = HashSet::new();
        for number in 0..count {
            let mut name = text(self.u)?;
            let may_repeat = self.extras.duplicate_keys && self.u.arbitrary()?;
            while !names.insert(name.clone()) && !may_repeat {
                name.push_str(&number.to_string());
            }
            let value = self.value()?;
            node.attr(&name, value);
        }
        Ok(())
    }

    fn value(&mut self) -> Result<NewValue<'static>> {
        Ok(match self.u.int_in_range(0..=7)? {
            0 => Value::Null.into(),
            1 => self.u.arbitrary::<i64>()?.into(),
            2 => self.u.arbitrary::<u8>()?.into(),
            3 | 4 => jid(self.u, self.extras.undefined_domains)?.into(),
            _ => text(self.u)?.into(),
        })
    }

    fn content(&mut self, node: &Builder, depth_left: usize) -> Result<()> {
        match self.u.int_in_range(0..=15)? {
            0 | 1 => {}
            2 => {
                node.empty_nodes();
            }
            3 | 4 => {
                node.content(NewContent::coded(text(self.u)?));
            }
            5 | 6 => {
                node.content(jid(self.u, self.extras.undefined_domains)?);
            }
            7 => {
                node.content(text(self.u)?);
            }
            // Bytes that a sloppy encoder may pack.
            8 => {
                node.content(packable(self.u, b"0123456789")?);
            }
            9 => {
                let bytes = self.bulk()?;
                node.bytes(bytes);
            }
            10 => {
                node.content(self.u.arbitrary::<&[u8]>()?);
            }
            11 => self.many_children(node)?,
            12 => self.chain(node)?,
            _ => {
                let children = self.u.int_in_range(1..=4)?;
                self.children(node, children, depth_left)?;
            }
        }
        Ok(())
    }

    /// Children of all kinds.
    fn children(&mut self, node: &Builder, count: usize, depth_left: usize) -> Result<()> {
        if depth_left == 0 || self.nodes_left < count {
            return Ok(());
        }
        self.nodes_left -= count;
        for _ in 0..count {
            let tag = self.tag()?;
            let mut filled = Ok(());
            node.child(&tag, |child| filled = self.fill(child, depth_left - 1));
            filled?;
        }
        Ok(())
    }

    /// A number of children near a change of the list head.
    fn many_children(&mut self, node: &Builder) -> Result<()> {
        let count = *self.u.choose(&[5, 254, 255, 256, 257])?;
        if self.nodes_left < count {
            return Ok(());
        }
        self.nodes_left -= count;
        let tag = self.tag()?;
        let child = Node::build(&tag).attr("jid", self.value()?).finish();
        (0..count).for_each(|_| {
            node.append(&child);
        });
        Ok(())
    }

    /// Nested nodes, up to and beyond the default limit.
    fn chain(&mut self, node: &Builder) -> Result<()> {
        let depth = *self.u.choose(&[2, 10, 60, 115, 126, 127, 128])?;
        let tag = self.tag()?;
        self.link(node, &tag, depth)
    }

    fn link(&mut self, node: &Builder, tag: &str, depth_left: usize) -> Result<()> {
        if depth_left == 0 {
            return self.attributes(node);
        }
        let mut linked = Ok(());
        node.child(tag, |child| linked = self.link(child, tag, depth_left - 1));
        linked
    }

    /// Content bytes whose length is near one that needs a longer length field.
    fn bulk(&mut self) -> Result<Vec<u8>> {
        let length = match self.u.int_in_range(0..=31)? {
            0 => *self.u.choose(&[(1 << 20) - 1, 1 << 20, (1 << 20) + 1])?,
            1..=3 => *self.u.choose(&[65_535, 65_536])?,
            _ => *self.u.choose(&[0, 1, 127, 128, 254, 255, 256, 257])?,
        };
        let length = length.min(self.bulk_left);
        self.bulk_left -= length;
        Ok(vec![self.u.arbitrary()?; length])
    }
}
