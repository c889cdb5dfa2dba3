//! Deviations of a frame from the form that encoders write.

use crate::error::OffsetSpace;
use crate::frame;
use crate::jid::{JidForm, JidNumbers};
use crate::kernel::packed::Alphabet;
use crate::kernel::short_copy::Text;
use crate::wire::{
    JidServer, Role, Rules, Sink, Span, WireContent, WireJid, WireStr, WireValue, put, scalar, string, tag, written,
};

/// A part of a frame that an encoder would write differently, or rarely writes. See [`findings`](super::findings).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The kind of deviation.
    pub kind: FindingKind,
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
    /// The bytes that both offsets count in.
    pub space: OffsetSpace,
    /// The bytes that an encoder writes here. Empty for a compressed body.
    pub canonical: Vec<u8>,
}

/// Whether a finding survives decoding and encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Encoding the tree writes different bytes.
    Rewritten,
    /// Rare, but kept: encoding the tree writes the same bytes.
    Unusual,
}

impl Severity {
    /// Returns the name used in JSON and in documents: `rewritten`, `unusual`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rewritten => "rewritten",
            Self::Unusual => "unusual",
        }
    }
}

macro_rules! finding_kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident $name:literal $severity:ident;)*) => {
        /// The kind of a [`Finding`].
        ///
        /// ```
        /// use wabinary::explain::{FindingKind, Severity};
        ///
        /// let kind = FindingKind::TokenSpelled;
        /// assert_eq!((kind.name(), kind.severity()), ("token-spelled", Severity::Rewritten));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FindingKind { $($(#[doc = $doc])+ $kind,)* }

        impl FindingKind {
            /// Returns the name used in JSON and in documents. It is stable across versions.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// Describes the deviation in a sentence.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$kind => concat!($($doc),+).trim_ascii(),)* }
            }

            /// Returns whether decoding and encoding changes these bytes.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Self::$kind => Severity::$severity,)* }
            }
        }
    };
}

finding_kinds! {
    /// The body is compressed.
    Compressed "compressed" Rewritten;
    /// The flag byte has unknown bits.
    FlagBits "flag-bits" Rewritten;
    /// LIST_16 for a size below 256.
    LongListHead "long-list-head" Rewritten;
    /// An empty list of children as a list head of size 0 instead of LIST_EMPTY.
    EmptyListHead "empty-list-head" Rewritten;
    /// A length of 20 or 32 bits where fewer do, or with bits above the 20th.
    LongLength "long-length" Rewritten;
    /// A token's text, raw or packed.
    TokenSpelled "token-spelled" Rewritten;
    /// A raw text that encoders pack.
    Unpacked "unpacked" Rewritten;
    /// Digits as HEX_8.
    HexDigits "hex-digits" Rewritten;
    /// Packed text of no or of more than 127 characters.
    PackedLength "packed-length" Rewritten;
    /// A text that is not an address, written as a JID.
    JidText "jid-text" Rewritten;
    /// Packed text of odd length whose last nibble is not 15.
    PadNibble "pad-nibble" Rewritten;
    /// A pair whose user is the empty string instead of null.
    EmptyUser "empty-user" Unusual;
    /// An AD_JID of device 0, which is the bare user.
    DeviceZero "device-zero" Unusual;
    /// An AD_JID with an undefined domain byte.
    UnknownDomain "unknown-domain" Unusual;
    /// A node with an empty tag.
    EmptyTag "empty-tag" Unusual;
}

/// The sink that compares the wire form with the form that an encoder writes.
pub(super) struct Findings<'a> {
    list: Vec<Finding>,
    rules: Rules,
    space: OffsetSpace,
    body: &'a [u8],
    /// Offset of the body in its space.
    base: usize,
}

impl<'a> Findings<'a> {
    /// Creates the sink for a body, which ends where its space ends.
    pub(super) fn new(space: OffsetSpace, base: usize, body: &'a [u8], rules: Rules) -> Self {
        Self { list: Vec::new(), rules, space, base, body }
    }

    /// Returns the findings of the body, and those of the flag byte of the frame around it.
    pub(super) fn of_frame(mut self, flag: u8, length: usize) -> Vec<Finding> {
        let mut of_flag = |kind, end, canonical| {
            self.list.insert(0, Finding { kind, start: 0, end, space: OffsetSpace::Frame, canonical });
        };
        if flag & !frame::ZLIB_FLAG != 0 {
            of_flag(FindingKind::FlagBits, 1, vec![frame::PLAIN_FLAG]);
        }
        if flag & frame::ZLIB_FLAG != 0 {
            of_flag(FindingKind::Compressed, length, Vec::new());
        }
        self.list
    }

    fn add(&mut self, kind: FindingKind, span: Span, canonical: Vec<u8>) {
        let end = self.base.saturating_add(self.body.len());
        let (start, end) = (end.saturating_sub(span.before), end.saturating_sub(span.after));
        // The walk reports a JID after its strings; this one has two.
        let inside = self.list.iter().rev().take_while(|finding| finding.start > start).count();
        let at = self.list.len().saturating_sub(inside);
        self.list.insert(at, Finding { kind, start, end, space: self.space, canonical });
    }

    /// The pair that encoders write for device 0.
    fn bare_user(&self, jid: &WireJid<WireStr<'_>>) -> Vec<u8> {
        let dictionary = self.rules.dictionary;
        let (Some(user), JidServer::Known(server)) = (jid.user, jid.server) else { return Vec::new() };
        let user = user.to_text(dictionary);
        written(|room| {
            let room = put(room, [tag::JID_PAIR]);
            let room = string::write_string(room, Text::of(user.as_bytes()), dictionary);
            string::write_string(room, Text::of(server.as_str().as_bytes()), dictionary)
        })
    }

    /// Whether the bytes of a span are these.
    fn is_spelled(&self, span: Span, bytes: &[u8]) -> bool {
        let offset = |left| self.body.len().saturating_sub(left);
        self.body.get(offset(span.before)..offset(span.after)) == Some(bytes)
    }

    fn list_head(&mut self, size: usize, span: Span, kind: FindingKind) {
        let canonical = written(|room| scalar::write_list_head(room, size));
        if !self.is_spelled(span, &canonical) {
            self.add(kind, span, canonical);
        }
    }
}

impl<'a> Sink<'a> for Findings<'a> {
    type Text = WireStr<'a>;
    type Jid = ();
    type Node = ();

    fn text(&mut self, role: Role, string: WireStr<'a>, span: Span) -> WireStr<'a> {
        let text = string.to_text(self.rules.dictionary);
        // A content text of a length that encoders do not pack is bytes in the tree, which encode as raw text.
        let canonical = written(|room| string::write_string(room, Text::of(text.as_bytes()), self.rules.dictionary));
        if !self.is_spelled(span, &canonical) {
            self.add(string_finding(string, &canonical), span, canonical);
        }
        if role == Role::Tag && string.is_empty() {
            self.add(FindingKind::EmptyTag, span, Vec::new());
        }
        if role == Role::PairUser && string.is_empty() {
            self.add(FindingKind::EmptyUser, span, vec![tag::LIST_EMPTY]);
        }
        string
    }

    fn is(&self, text: WireStr<'a>, expected: &str) -> bool {
        text.to_text(self.rules.dictionary) == expected
    }

    fn spell(&self, text: WireStr<'a>, to: &mut String) {
        to.push_str(&text.to_text(self.rules.dictionary));
    }

    fn spelled(&mut self, _: Role, text: &str, span: Span, _: usize) -> WireStr<'a> {
        // Findings inside the JID do not count, because its parts are not written again.
        let start = self.base.saturating_add(self.body.len()).saturating_sub(span.before);
        self.list.retain(|finding| finding.start < start);
        self.add(FindingKind::JidText, span, written(|room| scalar::write_binary(room, text.as_bytes())));
        WireStr::Raw(Text::of(b""))
    }

    fn numbers_of_pair(&self, _: WireStr<'a>, _: WireStr<'a>) -> JidNumbers {
        JidNumbers::new(JidForm::Pair, 0, 0)
    }

    fn jid(&mut self, jid: WireJid<WireStr<'a>>, span: Span) {
        match jid.numbers.form() {
            JidForm::Ad if jid.numbers.device() == 0 => self.add(FindingKind::DeviceZero, span, self.bare_user(&jid)),
            JidForm::AdDomain(_) => self.add(FindingKind::UnknownDomain, span, Vec::new()),
            _ => {}
        }
    }

    fn head(&mut self, size: usize, span: Span) {
        self.list_head(size, span, FindingKind::LongListHead);
    }

    fn tag(&mut self, _: WireStr<'a>) {}

    fn name(&mut self, _: WireStr<'a>) -> bool {
        true
    }

    fn expect_value_of(&mut self, _: Option<WireStr<'a>>) {}

    fn value(&mut self, _: WireStr<'a>, _: WireValue<WireStr<'a>, ()>) {}

    fn content(&mut self, content: WireContent<'a, WireStr<'a>, ()>, span: Span) {
        let WireContent::Bytes(bytes) = content else { return };
        let mut canonical = written(|room| scalar::write_binary(room, bytes));
        if !self.is_spelled(span, &canonical) {
            canonical.truncate(canonical.len().saturating_sub(bytes.len()));
            let span = Span { after: span.after.saturating_add(bytes.len()), ..span };
            self.add(FindingKind::LongLength, span, canonical);
        }
    }

    fn children(&mut self, count: usize, span: Span) {
        let kind = if count == 0 { FindingKind::EmptyListHead } else { FindingKind::LongListHead };
        self.list_head(count, span, kind);
    }

    fn close(&mut self, (): ()) {}
}

/// The finding for a string that does not have its canonical form.
fn string_finding(string: WireStr<'_>, canonical: &[u8]) -> FindingKind {
    let is_token = matches!(canonical.first(), Some(&(tag::TOKEN_FIRST..=tag::DICTIONARY_3)));
    match string {
        WireStr::Packed(packed) if !packed.has_packable_length() => FindingKind::PackedLength,
        _ if is_token => FindingKind::TokenSpelled,
        WireStr::Packed(packed) if packed.alphabet == Alphabet::Hex && canonical.first() == Some(&tag::NIBBLE_8) => {
            FindingKind::HexDigits
        }
        WireStr::Packed(_) => FindingKind::PadNibble,
        _ if matches!(canonical.first(), Some(&(tag::NIBBLE_8 | tag::HEX_8))) => FindingKind::Unpacked,
        _ => FindingKind::LongLength,
    }
}
