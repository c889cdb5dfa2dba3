//! The meaning of a range, in words.

use super::range::Form;
use super::{Explanation, Range, RangeKind};
use crate::frame;
use crate::jid::{self, JidForm, JidNumbers, JidRef, Server};
use crate::printable::{Printable, push_shortened};
use crate::token::Token;
use crate::wire::{scalar, tag};

/// The number of characters shown of a text.
const SHOWN: usize = 64;
/// The number of bytes to read for that many characters.
const READ: usize = 4 * SHOWN + 4;

impl Explanation {
    /// Describes a range on one line: `value "OF-0002"`, `LIST_8 of size 3 = 1 tag + 1 attribute x 2`. Long texts and
    /// contents are cut, and their length is shown.
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

    /// A string, and its form on the wire.
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
            Some(RangeKind::Jid) if self.is_server(range) => "LIST_EMPTY: no server".to_owned(),
            Some(RangeKind::Jid) => "LIST_EMPTY: no user".to_owned(),
            _ => "LIST_EMPTY: no value (null)".to_owned(),
        }
    }

    /// Whether a part of a pair comes after its user.
    fn is_server(&self, range: &Range) -> bool {
        let parts = self.parent(range).into_iter().flat_map(|jid| self.inside(jid));
        let mut before = parts.take_while(|part| part.index < range.index);
        before.any(|part| matches!(part.kind, RangeKind::JidUser | RangeKind::Null))
    }

    /// The text of a complete JID, or of a text written as one.
    fn jid(&self, range: &Range) -> Option<String> {
        let find = |kind| self.inside(range).find(|part| part.kind == kind && !part.form.is_cut());
        let text = |kind| find(kind).and_then(|part| self.string_start(part, READ));
        let of = |kind| find(kind).map(|part| number(self.bytes(part)));
        let form = *self.bytes(find(RangeKind::JidForm)?).first()?;
        let (user, server) = (text(RangeKind::JidUser), text(RangeKind::JidServer));
        let device = of(RangeKind::JidDevice).unwrap_or(0);
        let named = server.as_deref().map(Server::from_text);
        if let Some(inner) = find(RangeKind::Jid) {
            return Some(cut(&format!("{}@{}", user.unwrap_or_default(), self.jid(inner)?)));
        }
        let (server, form) = match form {
            tag::JID_PAIR => (named?, JidForm::Pair),
            tag::AD_JID => {
                let domain = of(RangeKind::JidDomain)? as u8;
                let known = jid::ad_server(domain).map(|server| (server, JidForm::Ad));
                known.unwrap_or((jid::domain_server(domain), JidForm::AdDomain(domain)))
            }
            tag::FB_JID => (named?, JidForm::Fb),
            // A leniency allows the server to be absent.
            _ => (Server::Interop, JidForm::Interop),
        };
        if user.is_none() && form != JidForm::Pair {
            return None;
        }
        let integrator = of(RangeKind::JidIntegrator).unwrap_or(0);
        let user = user.as_deref().filter(|user| !user.is_empty());
        let jid = JidRef { user, server, numbers: JidNumbers::new(form, device, integrator) };
        Some(cut(&jid.wire_text().to_string()))
    }
}

fn flag(bytes: &[u8]) -> String {
    let flag = bytes.first().copied().unwrap_or(0);
    let body = if flag & frame::ZLIB_FLAG == 0 { "follows as it is" } else { "is compressed" };
    let ignored = if flag & !frame::ZLIB_FLAG == 0 { "" } else { "; its other bits mean nothing known" };
    format!("flag {flag:02x}: the body {body}{ignored}")
}

/// The name of a tag byte.
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

/// Reads bytes as a big-endian number.
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
        None => format!("domain {domain}, whose server is not known"),
    }
}

/// Content as text if it is readable, else its length.
fn content(bytes: &[u8], form: Form) -> String {
    let is_cut = if form.is_cut() { ", not complete" } else { "" };
    match std::str::from_utf8(bytes) {
        Ok(text) if Printable::new(text).shows_as_it_is() => format!("content {}{is_cut}", quoted(text, bytes.len())),
        _ => format!("content of {}{is_cut}", counted(bytes.len(), "byte")),
    }
}

fn counted(count: usize, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// A text in quotes, its start if it is long; `length` is that of the whole, in bytes.
fn quoted(text: &str, length: usize) -> String {
    let shown = |text: &str| format!("\"{}\"", Printable::new(&text.replace('\\', "\\\\").replace('"', "\\\"")));
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({length} bytes)", shown(text.get(..end).unwrap_or(text))),
        None => shown(text),
    }
}

/// A text without quotes, its start if it is long.
fn cut(text: &str) -> String {
    let mut shown = String::new();
    push_shortened(&mut shown, text, SHOWN);
    shown
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;
    use crate::OffsetSpace;
    use crate::explain::explain;

    fn hex(hex: &str) -> Vec<u8> {
        HEXLOWER.decode(hex.replace(' ', "").as_bytes()).unwrap()
    }

    /// The text of each range, indented by its depth.
    fn said(frame: &str) -> Vec<String> {
        let explanation = explain(&hex(frame));
        let ranges = explanation.ranges().iter();
        ranges.map(|range| format!("{}{}", " ".repeat(range.depth as usize), explanation.text(range))).collect()
    }

    #[test]
    fn every_form_of_an_address_is_told_by_its_parts() {
        let expected = r#"
flag 00: the body follows as it is
node "ack"
 LIST_16 of size 7 = 1 tag + 3 attributes x 2
 tag "ack", single-byte token 27
 attribute "from" = 12:261@msgr
  attribute name "from", single-byte token 6
  JID 12:261@msgr
   FB_JID: an address of user, device and server
   NIBBLE_8: 2 characters in 1 byte
   user "12", packed
   device 261
   server "msgr", single-byte token 204
 attribute "id" = 263-123:5@interop
  attribute name "id", single-byte token 8
  JID 263-123:5@interop
   INTEROP_JID: an address of user, device, integrator and server
   NIBBLE_8: 3 characters in 2 bytes (82 = 80 for odd + 02)
   user "123", packed
   device 5
   integrator 263
   BINARY_8: 7 bytes of text
   server "interop"
 attribute "type" = 12:3@lid
  attribute name "type", single-byte token 4
  JID 12:3@lid
   AD_JID: an address of domain, device and user
   domain 1, the server lid
   device 3
   NIBBLE_8: 2 characters in 1 byte
   user "12", packed"#;
        let frame = "00 f900071b 06f6ff01120105cc 08f5ff82123f00050107fc07696e7465726f70 04f70103ff0112";
        assert_eq!(said(frame), expected.lines().skip(1).collect::<Vec<_>>());
        assert_eq!(jid_domain(&[2]), "domain 2, whose server is not known");
    }

    #[test]
    fn nothing_long_and_binary_is_said_to_be_what_it_is() {
        let letters = "a".repeat(64);
        let expected = format!(
            r#"
flag 00: the body follows as it is
node "ack"
 LIST_8 of size 6 = 1 tag + 2 attributes x 2 + 1 content
 tag "ack", single-byte token 27
 attribute "class" = null
  attribute name "class", single-byte token 21
  LIST_EMPTY: no value (null)
 attribute "code" = "{letters}"… (259 bytes)
  attribute name "code", single-byte token 112
  BINARY_20: 259 bytes of text
  value "{letters}"… (259 bytes)
 content: BINARY_32 of 3 bytes
 content of 3 bytes"#
        );
        let frame = format!("00 f8061b 1500 70fd000103 {} fe00000003610962", "61".repeat(259));
        assert_eq!(said(&frame), expected.lines().skip(1).collect::<Vec<_>>());
    }

    /// A node whose list of children is empty ends after it.
    #[test]
    fn a_node_behind_one_without_child_nodes_is_beside_it() {
        let expected = r#"
flag 00: the body follows as it is
node "ack"
 LIST_8 of size 2 = 1 tag + 1 content
 tag "ack", single-byte token 27
 2 child nodes
  content: LIST_8 of size 2 = 2 child nodes
  node "error"
   LIST_8 of size 2 = 1 tag + 1 content
   tag "error", single-byte token 168
   content: LIST_EMPTY, no child nodes
  node "error"
   LIST_8 of size 2 = 1 tag + 1 content
   tag "error", single-byte token 168
   content: BINARY_8 of 2 bytes
   content "hi""#;
        assert_eq!(said("00 f8021b f802 f802a800 f802a8fc026869"), expected.lines().skip(1).collect::<Vec<_>>());
    }

    #[test]
    fn a_flag_says_what_follows_and_which_bits_are_unknown() {
        assert_eq!(flag(&[0x00]), "flag 00: the body follows as it is");
        assert_eq!(flag(&[0x01]), "flag 01: the body follows as it is; its other bits mean nothing known");
        assert_eq!(flag(&[0x02]), "flag 02: the body is compressed");
        assert_eq!(flag(&[0x82]), "flag 82: the body is compressed; its other bits mean nothing known");
    }

    #[test]
    fn a_length_of_20_bits_has_no_more_of_them() {
        assert_eq!(length(&hex("fc07")), 7);
        assert_eq!(length(&hex("fdf20103")), 0x2_0103);
        assert_eq!(length(&hex("fef0020103")), 0xf002_0103);
    }

    #[test]
    fn content_is_shown_as_text_if_it_seems_to_be_some() {
        assert_eq!(content("é".as_bytes(), Form::Raw), "content \"é\"");
        assert_eq!(content(b"ab", Form::RawPart), "content \"ab\", not complete");
        assert_eq!(content(b"a\tb", Form::Raw), "content of 3 bytes");
        assert_eq!(content(b"\xff", Form::RawPart), "content of 1 byte, not complete");
    }

    /// If both the stream and its inflated body are wrong, the error is that of the stream.
    #[test]
    fn what_is_wrong_says_what_was_expected_unless_something_else_is_told() {
        let body = hex("f8031b08f0");
        let wrong = |explanation: Explanation| {
            let wrong = explanation.ranges().iter().rfind(|range| range.kind == RangeKind::Error).unwrap();
            (wrong.space, explanation.text(wrong), explanation.error().unwrap().kind().name())
        };
        let unassigned = "byte 0xf0 is unassigned: expected any byte but f0 to f4".to_owned();
        let plain = [&[0x00], &body[..]].concat();
        assert_eq!(wrong(explain(&plain)), (OffsetSpace::Frame, unassigned.clone(), "unassigned-byte"));
        let mut compressed = vec![frame::ZLIB_FLAG];
        frame::deflate(&body, 6, &mut compressed);
        assert_eq!(wrong(explain(&compressed)), (OffsetSpace::Inflated, unassigned, "unassigned-byte"));
        compressed.pop();
        let told = (OffsetSpace::Inflated, "cannot be read".to_owned(), "zlib-truncated");
        assert_eq!(wrong(explain(&compressed)), told);
    }
}
