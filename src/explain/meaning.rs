//! What a range means, in words.

use super::range::Form;
use super::{Explanation, Range, RangeKind};
use crate::frame;
use crate::jid::{self, JidForm, JidNumbers, JidRef, Server};
use crate::token::Token;
use crate::wire::{scalar, tag};

/// What is shown of a text, in characters.
const SHOWN: usize = 64;
/// What is read of a text to show that much, in bytes.
const READ: usize = 4 * SHOWN + 4;

impl Explanation {
    /// What a range means, in a few words on one line: `value "OF-0002"`, `LIST_8 of size 3 = 1 tag + 1 attribute x 2`.
    /// Long texts and contents are cut, and their length is given.
    #[must_use]
    pub fn text(&self, range: &Range) -> String {
        let bytes = self.bytes(range);
        match range.kind {
            RangeKind::Flag => flag(bytes),
            RangeKind::Zlib => match self.inflated() {
                Some(inflated) => format!("zlib stream: {}, inflated {}", counted(bytes.len(), "byte"), inflated.len()),
                None => format!("zlib stream: {}", counted(bytes.len(), "byte")),
            },
            RangeKind::Node => self.part(range, RangeKind::Tag).map_or("node".to_owned(), |tag| format!("node {tag}")),
            RangeKind::ListHead => list_head(bytes),
            RangeKind::Tag => self.spelled("tag", range),
            RangeKind::Attribute => self.attribute(range),
            RangeKind::AttributeName => self.spelled("attribute name", range),
            RangeKind::AttributeValue => self.spelled("value", range),
            RangeKind::Null => self.null(range),
            RangeKind::RawHead => format!("{}: {} of text", form_name(bytes), counted(length(bytes), "byte")),
            RangeKind::PackedHead => packed_head(bytes),
            RangeKind::Jid => self.jid(range).map_or("JID".to_owned(), |jid| format!("JID {jid}")),
            RangeKind::JidForm => jid_form(bytes),
            RangeKind::JidDomain => jid_domain(bytes),
            RangeKind::JidDevice => format!("device {}", number(bytes)),
            RangeKind::JidIntegrator => format!("integrator {}", number(bytes)),
            RangeKind::JidUser => self.spelled("user", range),
            RangeKind::JidServer => self.spelled("server", range),
            RangeKind::ContentHead => format!("content: {} of {}", form_name(bytes), counted(length(bytes), "byte")),
            RangeKind::Content => content(bytes, range.form),
            RangeKind::ContentText => self.spelled("content", range),
            RangeKind::Children => {
                let head = self.inside(range).next().map_or(&[][..], |head| self.bytes(head));
                counted_children(list_size(head))
            }
            RangeKind::ChildrenHead => children_head(bytes),
            RangeKind::Incomplete => format!("not complete: {}", counted(bytes.len(), "byte")),
            RangeKind::Error => match self.error().filter(|error| error.space() == range.space) {
                Some(error) => format!("{}: expected {}", error.kind(), error.expected()),
                None => "cannot be read".to_owned(),
            },
            RangeKind::Unread => format!("not read: {}", counted(bytes.len(), "byte")),
        }
    }

    /// The token that a leaf is.
    pub(super) fn token(&self, range: &Range) -> Option<Token> {
        match *self.bytes(range) {
            [single] => Some(Token::single(single)),
            [first @ tag::DICTIONARY_0..=tag::DICTIONARY_3, index] => {
                Some(Token::double(first.wrapping_sub(tag::DICTIONARY_0), index))
            }
            _ => None,
        }
    }

    /// A string, and where it is from.
    fn spelled(&self, role: &str, range: &Range) -> String {
        let shown = self.shown(range);
        match range.form {
            Form::Token => match self.token(range).map(|token| (token.index(), token.dictionary())) {
                Some((index, Some(dictionary))) => format!("{role} {shown}, token {index} of dictionary {dictionary}"),
                Some((index, None)) => format!("{role} {shown}, single-byte token {index}"),
                None => format!("{role} {shown}"),
            },
            Form::Empty => format!("{role} {shown}: {} of length 0", form_name(self.bytes(range))),
            Form::RawPart => format!("{role} {shown}, not complete"),
            Form::NibblePart | Form::HexPart => format!("{role} {shown}, packed, not complete"),
            Form::None | Form::Raw => format!("{role} {shown}"),
            Form::Nibble | Form::Hex | Form::OddNibble | Form::OddHex => format!("{role} {shown}, packed"),
        }
    }

    /// A string in quotes, its start if it is long.
    fn shown(&self, range: &Range) -> String {
        quoted(&self.string_start(range, READ).unwrap_or_default(), self.bytes(range).len())
    }

    /// The string of this kind inside a range.
    fn part(&self, range: &Range, kind: RangeKind) -> Option<String> {
        self.inside(range).find(|part| part.kind == kind).map(|part| self.shown(part))
    }

    fn attribute(&self, range: &Range) -> String {
        let Some(name) = self.part(range, RangeKind::AttributeName) else { return "attribute".to_owned() };
        let value = self.inside(range).find_map(|part| match part.kind {
            RangeKind::AttributeValue => Some(self.shown(part)),
            RangeKind::Null => Some("null".to_owned()),
            RangeKind::Jid => self.jid(part),
            _ => None,
        });
        match value {
            Some(value) => format!("attribute {name} = {value}"),
            None => format!("attribute {name}"),
        }
    }

    fn null(&self, range: &Range) -> String {
        match self.parent(range).map(|parent| parent.kind) {
            Some(RangeKind::Jid) => "LIST_EMPTY: no user".to_owned(),
            _ => "LIST_EMPTY: no value (null)".to_owned(),
        }
    }

    /// The text of a JID that was read to its end.
    fn jid(&self, range: &Range) -> Option<String> {
        let find = |kind| self.inside(range).find(|part| part.kind == kind && !part.form.is_cut());
        let text = |kind| find(kind).and_then(|part| self.string_start(part, READ));
        let of = |kind| find(kind).map(|part| number(self.bytes(part)));
        let form = *self.bytes(find(RangeKind::JidForm)?).first()?;
        let (user, server) = (text(RangeKind::JidUser), text(RangeKind::JidServer));
        let device = of(RangeKind::JidDevice).unwrap_or(0);
        let named = server.as_deref().map(Server::from_text);
        let (server, form) = match form {
            tag::JID_PAIR => (named?, JidForm::Pair),
            tag::AD_JID => {
                let domain = of(RangeKind::JidDomain)? as u8;
                let known = jid::ad_server(domain).map(|server| (server, JidForm::Ad));
                known.unwrap_or((jid::domain_server(domain), JidForm::AdDomain(domain)))
            }
            tag::FB_JID => (named?, JidForm::Fb),
            // The server may be left out under a leniency.
            _ => (Server::Interop, JidForm::Interop),
        };
        if user.is_none() && form != JidForm::Pair {
            return None;
        }
        let integrator = of(RangeKind::JidIntegrator).unwrap_or(0);
        let user = user.as_deref().filter(|user| !user.is_empty());
        let text = JidRef { user, server, numbers: JidNumbers::new(form, device, integrator) }.to_string();
        Some(cut(&text))
    }
}

fn flag(bytes: &[u8]) -> String {
    let flag = bytes.first().copied().unwrap_or(0);
    let body = if flag & frame::ZLIB_FLAG == 0 { "follows as it is" } else { "is compressed" };
    let ignored = if flag & !frame::ZLIB_FLAG == 0 { "" } else { "; its other bits mean nothing known" };
    format!("flag {flag:02x}: the body {body}{ignored}")
}

/// The name of what a first byte says.
fn form_name(bytes: &[u8]) -> &'static str {
    match bytes.first() {
        Some(&tag::LIST_EMPTY) => "LIST_EMPTY",
        Some(&tag::LIST_8) => "LIST_8",
        Some(&tag::LIST_16) => "LIST_16",
        Some(&tag::JID_PAIR) => "JID_PAIR",
        Some(&tag::AD_JID) => "AD_JID",
        Some(&tag::FB_JID) => "FB_JID",
        Some(&tag::INTEROP_JID) => "INTEROP_JID",
        Some(&tag::BINARY_8) => "BINARY_8",
        Some(&tag::BINARY_20) => "BINARY_20",
        Some(&tag::BINARY_32) => "BINARY_32",
        Some(&tag::NIBBLE_8) => "NIBBLE_8",
        Some(&tag::HEX_8) => "HEX_8",
        _ => "",
    }
}

/// The number that bytes are, big-endian.
fn number(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |number, byte| number << 8 | u16::from(*byte))
}

fn list_size(head: &[u8]) -> usize {
    number(head.get(1..).unwrap_or(&[])).into()
}

/// The length in the head of a binary.
fn length(head: &[u8]) -> usize {
    let length = head.get(1..).unwrap_or(&[]).iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    if head.first() == Some(&tag::BINARY_20) { length & scalar::LARGEST_20_BITS } else { length }
}

fn list_head(bytes: &[u8]) -> String {
    let size = list_size(bytes);
    let attributes = match size.saturating_sub(1) >> 1 {
        0 => String::new(),
        count => format!(" + {} x 2", counted(count, "attribute")),
    };
    let content = if size & 1 == 0 { " + 1 content" } else { "" };
    format!("{} of size {size} = 1 tag{attributes}{content}", form_name(bytes))
}

fn children_head(bytes: &[u8]) -> String {
    match list_size(bytes) {
        0 => format!("content: {}, no child nodes", form_name(bytes)),
        count => format!("content: {} of size {count} = {}", form_name(bytes), counted_children(count)),
    }
}

fn counted_children(count: usize) -> String {
    format!("{count} child node{}", if count == 1 { "" } else { "s" })
}

fn packed_head(bytes: &[u8]) -> String {
    let (form, length) = (form_name(bytes), bytes.get(1).copied().unwrap_or(0));
    let octets = usize::from(length & 0x7f);
    let is_odd = length & 0x80 != 0;
    let characters = (2 * octets).saturating_sub(usize::from(is_odd));
    let odd = if is_odd { format!(" ({length:02x} = 80 for odd + {octets:02x})") } else { String::new() };
    format!("{form}: {} in {}{odd}", counted(characters, "character"), counted(octets, "byte"))
}

fn jid_form(bytes: &[u8]) -> String {
    let parts = match bytes.first() {
        Some(&tag::JID_PAIR) => "user and server",
        Some(&tag::AD_JID) => "domain, device and user",
        Some(&tag::FB_JID) => "user, device and server",
        _ => "user, device, integrator and server",
    };
    format!("{}: an address of {parts}", form_name(bytes))
}

fn jid_domain(bytes: &[u8]) -> String {
    let domain = bytes.first().copied().unwrap_or(0);
    match jid::ad_server(domain) {
        Some(server) => format!("domain {domain}, the server {}", server.as_str()),
        None => format!("domain {domain}, of which no server is known"),
    }
}

/// Bytes as text, if that is what they seem to be.
fn content(bytes: &[u8], form: Form) -> String {
    let is_cut = if form.is_cut() { ", not complete" } else { "" };
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains(char::is_control) => format!("content {}{is_cut}", quoted(text, bytes.len())),
        _ => format!("content of {}{is_cut}", counted(bytes.len(), "byte")),
    }
}

fn counted(count: usize, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A text in quotes, its start if it is long; `length` is that of the whole, in bytes.
fn quoted(text: &str, length: usize) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}… ({length} bytes)", text.get(..end).unwrap_or(text)),
        None => format!("{text:?}"),
    }
}

/// A text without quotes, its start if it is long.
fn cut(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if text.chars().nth(SHOWN).is_some() { format!("{shown}…") } else { shown }
}
