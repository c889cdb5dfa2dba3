//! Encoding: trees to frames.

use std::cell::RefCell;

use bytes::{BufMut, Bytes};

use crate::error::{EncodeError, EncodeErrorKind};
use crate::frame;
use crate::jid::JidForm;
use crate::node::tree::{Cell, Record, Tree, Word, kind};
use crate::node::{Keys, Names, NodeRef, push_step};
use crate::options::{Allow, LARGEST, Limits};
use crate::token::Dictionary;
use crate::wire::{Alphabet, JidShape, packed, scalar, string, write_jid};

/// Encodes a tree as a frame, flag byte included, with dictionary version 3.
///
/// A tree that was decoded comes out as the bytes it was decoded from, unless those were written in a form that
/// encoders do not choose (GRAMMAR.md, section 7).
///
/// # Errors
/// What cannot be written, and the path to it.
///
/// ```
/// use wabinary::{Node, encode};
///
/// let frame = encode(&Node::build("iq").attr("type", "get").finish())?;
/// assert_eq!(&frame[..], [0x00, 0xf8, 0x03, 0x19, 0x04, 0x29]);
/// # Ok::<(), wabinary::EncodeError>(())
/// ```
pub fn encode<'a>(node: impl Into<NodeRef<'a>>) -> Result<Bytes, EncodeError> {
    let node = node.into();
    ENCODER.with(|encoder| match encoder.try_borrow_mut() {
        Ok(mut encoder) => {
            let frame = encoder.encode(node);
            if encoder.out.capacity() > KEPT {
                *encoder = Encoder::new();
            }
            frame
        }
        Err(_) => Encoder::new().encode(node),
    })
}

thread_local! {
    /// Memory for [`encode`]: a frame is written here and then copied at its exact size.
    static ENCODER: RefCell<Encoder> = RefCell::new(Encoder::new());
}

/// What a thread keeps at most between calls, in bytes.
const KEPT: usize = 1 << 20;

/// Encodes trees with options of its own, into memory that is used again.
///
/// ```
/// use wabinary::{Dictionary, Encoder, Node};
///
/// let mut encoder = Encoder::new().with_dictionary(Dictionary::V2);
/// let mut stream = Vec::new();
/// for tag in ["ack", "receipt"] {
///     encoder.encode_into(&Node::build(tag).finish(), &mut stream)?;
/// }
/// # Ok::<(), wabinary::EncodeError>(())
/// ```
pub struct Encoder {
    dictionary: Dictionary,
    allow: Allow,
    limits: Limits,
    zlib: Option<u8>,
    out: Vec<u8>,
    compressed: Vec<u8>,
    keys: Keys,
    /// Ends of the nodes around the one being written.
    ends: Vec<u32>,
}

impl Default for Encoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Encoder {
    /// A strict encoder for dictionary version 3 with default limits, which does not compress.
    #[must_use]
    pub fn new() -> Self {
        Self {
            dictionary: Dictionary::default(),
            allow: Allow::NOTHING,
            limits: Limits::default(),
            zlib: None,
            out: Vec::new(),
            compressed: Vec::new(),
            keys: Keys::default(),
            ends: Vec::new(),
        }
    }

    /// Writes tokens of this dictionary.
    #[must_use]
    pub fn with_dictionary(mut self, dictionary: Dictionary) -> Self {
        self.dictionary = dictionary;
        self
    }

    /// Holds trees to these limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Adds leniencies: those that concern encoding say so.
    #[must_use]
    pub fn allow(mut self, allow: Allow) -> Self {
        self.allow |= allow;
        self
    }

    /// Compresses bodies, at a zlib level from 0 to 9. Only servers do; no client was seen to.
    #[must_use]
    pub fn with_zlib(mut self, level: u8) -> Self {
        self.zlib = Some(level);
        self
    }

    /// Encodes a tree as a frame of its own memory.
    ///
    /// # Errors
    /// As [`encode`](crate::encode()).
    pub fn encode<'a>(&mut self, node: impl Into<NodeRef<'a>>) -> Result<Bytes, EncodeError> {
        self.encode_slice(node).map(Bytes::copy_from_slice)
    }

    /// Encodes a tree as a frame at the end of a buffer. After an error the buffer is as it was.
    ///
    /// # Errors
    /// As [`encode`](crate::encode()).
    pub fn encode_into<'a>(&mut self, node: impl Into<NodeRef<'a>>, out: &mut impl BufMut) -> Result<(), EncodeError> {
        self.encode_slice(node).map(|frame| out.put_slice(frame))
    }

    /// Encodes a tree as a frame in the encoder's memory.
    ///
    /// # Errors
    /// As [`encode`](crate::encode()).
    pub fn encode_slice<'a>(&mut self, node: impl Into<NodeRef<'a>>) -> Result<&[u8], EncodeError> {
        self.out.clear();
        self.out.push(frame::PLAIN_FLAG);
        self.body(node.into())?;
        let Some(level) = self.zlib else { return Ok(&self.out) };
        let body = &self.out[1..];
        if body.len() > self.limits.inflated {
            return Err(EncodeError::new(EncodeErrorKind::InflatedTooLarge(self.limits.inflated), String::new()));
        }
        self.compressed.clear();
        self.compressed.push(frame::ZLIB_FLAG);
        frame::deflate(body, level, &mut self.compressed);
        Ok(&self.compressed)
    }

    /// Writes a node and all below it. The nodes are stored in the order of the wire, so this goes straight on.
    fn body(&mut self, root: NodeRef<'_>) -> Result<(), EncodeError> {
        let tree = root.tree;
        let (start, end) = (root.index, root.record().end);
        if tree.overflow {
            return Err(EncodeError::new(EncodeErrorKind::TooLarge(LARGEST), String::new()));
        }
        let nodes = tree.nodes.get(start as usize..end as usize).unwrap_or(&[]);
        let Self { dictionary, allow, limits, ref mut out, ref mut keys, ref mut ends, .. } = *self;
        if nodes.is_empty() {
            return Err(EncodeError::new(EncodeErrorKind::EmptyTag, String::new()));
        }
        // About what is written, so that the first frames do not make the buffer grow bit by bit.
        let texts = if start == 0 { tree.text.len() + tree.owned.len() } else { 0 };
        out.reserve(8 * nodes.len() + texts);
        let mut writer = Writer {
            tree,
            out,
            keys,
            dictionary,
            same_dictionary: dictionary == tree.dictionary,
            check_keys: !allow.contains(Allow::DUPLICATE_KEYS) && !tree.keys_are_unique,
            allow,
        };
        ends.clear();
        writer.keys.clear();
        for (step, record) in nodes.iter().enumerate() {
            let index = start + step as u32;
            while ends.last().is_some_and(|end| *end <= index) {
                ends.pop();
            }
            let written = if ends.len() >= limits.depth {
                Err(EncodeErrorKind::TooDeep(limits.depth).into())
            } else if step >= limits.nodes {
                Err(EncodeErrorKind::TooManyNodes(limits.nodes).into())
            } else {
                writer.node(record)
            };
            if let Err(Failure { kind, attribute }) = written {
                let mut path = NodeRef { tree, index }.path_below(root);
                if let Some(name) = attribute {
                    push_step(&mut path, &format!("@{}", tree.text_of(name)));
                }
                return Err(EncodeError::new(kind, path));
            }
            if record.end > index + 1 {
                ends.push(record.end);
            }
        }
        Ok(())
    }
}

/// Why a node cannot be written, and the attribute concerned.
struct Failure {
    kind: EncodeErrorKind,
    attribute: Option<Word>,
}

impl From<EncodeErrorKind> for Failure {
    fn from(kind: EncodeErrorKind) -> Self {
        Self { kind, attribute: None }
    }
}

struct Writer<'a> {
    tree: &'a Tree,
    out: &'a mut Vec<u8>,
    keys: &'a mut Keys,
    dictionary: Dictionary,
    same_dictionary: bool,
    check_keys: bool,
    allow: Allow,
}

impl Writer<'_> {
    /// Writes a node up to its first child.
    #[inline]
    fn node(&mut self, record: &Record) -> Result<(), Failure> {
        let cells = self.tree.cells_of(record);
        let of_content = usize::from(record.content.kind() == kind::JID);
        let (attributes, content_texts) = cells.split_at(cells.len().saturating_sub(of_content));
        let count = attributes.iter().filter(|cell| cell.name.kind() & kind::OF_JID == 0).count();
        let has_content = record.content != Word::NONE;
        if !scalar::write_list_head(self.out, 1 + 2 * count + usize::from(has_content)) {
            return Err(EncodeErrorKind::TooManyAttributes(count).into());
        }
        if self.tree.text_of(record.tag).is_empty() {
            return Err(EncodeErrorKind::EmptyTag.into());
        }
        self.string(record.tag);
        self.attributes(attributes)?;
        match record.content.kind() {
            kind::NONE => {}
            kind::NODES => {
                let children = record.content.length();
                if !scalar::write_list_head(self.out, children) {
                    return Err(EncodeErrorKind::TooManyChildren(children).into());
                }
            }
            kind::BYTES | kind::COPIED | kind::BLOB => {
                let bytes = self.tree.bytes_of(record.content);
                // Looked at before they are copied.
                if bytes.len() > LARGEST.saturating_sub(self.out.len()) {
                    return Err(EncodeErrorKind::TooLarge(LARGEST).into());
                }
                scalar::write_binary(self.out, bytes);
            }
            kind::JID => self.jid(record.content, content_texts.first())?,
            _ => self.string(record.content),
        }
        // The flag byte is no part of the body.
        if self.out.len() > LARGEST + 1 { Err(EncodeErrorKind::TooLarge(LARGEST).into()) } else { Ok(()) }
    }

    #[inline]
    fn attributes(&mut self, cells: &[Cell]) -> Result<(), Failure> {
        self.keys.begin();
        for (at, cell) in cells.iter().enumerate() {
            if cell.name.kind() & kind::OF_JID != 0 {
                continue;
            }
            let failure = |kind| Failure { kind, attribute: Some(cell.name) };
            let tree = self.tree;
            if self.check_keys {
                let text_of = |name| tree.text_of(name).as_bytes();
                let names = Names { cells: &cells[..at], text_of, dictionary: tree.dictionary };
                if self.keys.has(&names, cell.name) {
                    return Err(failure(EncodeErrorKind::DuplicateKey));
                }
            }
            self.string(cell.name);
            match cell.value.kind() {
                kind::NONE => {
                    scalar::write_list_head(self.out, 0);
                }
                kind::JID => self.jid(cell.value, cells.get(at + 1)).map_err(failure)?,
                _ => self.string(cell.value),
            }
        }
        Ok(())
    }

    #[inline]
    fn string(&mut self, word: Word) {
        write_word(self.out, self.tree, word, self.dictionary, self.same_dictionary);
    }

    fn jid(&mut self, word: Word, texts: Option<&Cell>) -> Result<(), EncodeErrorKind> {
        let Some(texts) = texts else { return Ok(()) };
        let (tree, dictionary, same_dictionary) = (self.tree, self.dictionary, self.same_dictionary);
        let form = word.jid_form();
        if let JidForm::AdDomain(domain) = form
            && !self.allow.contains(Allow::AD_DOMAIN)
        {
            return Err(EncodeErrorKind::UnknownDomain(domain));
        }
        let server = tree.server_of(word, *texts);
        let shape = JidShape { form, server, device: word.jid_device(), integrator: word.jid_integrator() };
        let user = texts.name.plain();
        let user = (user != Word::NONE).then_some(|out: &mut Vec<u8>| {
            write_word(out, tree, user, dictionary, same_dictionary);
        });
        write_jid(self.out, shape, user, dictionary, self.allow);
        Ok(())
    }
}

/// Writes a text; one that was decoded is known to be a token or packed.
#[inline]
fn write_word(out: &mut Vec<u8>, tree: &Tree, word: Word, dictionary: Dictionary, same_dictionary: bool) {
    match word.kind() {
        kind::TOKEN if same_dictionary => string::write_token(out, word.as_token()),
        kind::NIBBLE => packed::write_packed_in(out, tree.text_of(word).as_bytes(), Alphabet::Nibble),
        kind::HEX => packed::write_packed_in(out, tree.text_of(word).as_bytes(), Alphabet::Hex),
        _ => string::write_string(out, tree.text_of(word), dictionary),
    }
}
