//! The sink that gives each byte of a frame its range.

use super::range::{Form, Range, RangeKind};
use crate::error::{DecodeError, OffsetSpace};
use crate::jid::{JidForm, JidNumbers};
use crate::wire::{Role, Sink, Span, WireContent, WireJid, WirePart, WireStr, WireValue, tag};

/// Lays out a space from front to back. Each range starts where the one before it ends, so there is no gap.
pub(super) struct Layout<'a> {
    bytes: &'a [u8],
    space: OffsetSpace,
    ranges: Vec<Range>,
    /// The ranges that enclose the next one.
    open: Vec<u32>,
    /// The offset up to which the space is laid out.
    at: usize,
    /// The role of the string being read. `None` for content, and between strings.
    role: Option<Role>,
    /// The form of the text whose head was reported last.
    form: Form,
}

impl<'a> Layout<'a> {
    /// Lays out a space after the ranges of another.
    pub(super) fn new(space: OffsetSpace, bytes: &'a [u8], ranges: Vec<Range>) -> Self {
        Self { bytes, space, ranges, open: Vec::new(), at: 0, role: None, form: Form::None }
    }

    /// Names the bytes up to `end`.
    pub(super) fn leaf(&mut self, kind: RangeKind, end: usize) {
        self.formed_leaf(kind, Form::None, end);
    }

    fn formed_leaf(&mut self, kind: RangeKind, form: Form, end: usize) {
        if end > self.at {
            self.push(kind, form, end, true);
            self.at = end;
        }
    }

    fn open(&mut self, kind: RangeKind) {
        let index = self.push(kind, Form::None, self.at, false);
        self.open.push(index);
    }

    fn close(&mut self) {
        let at = self.at;
        if let Some(range) = self.open.pop().and_then(|index| self.ranges.get_mut(index as usize)) {
            range.end = at;
        }
    }

    fn push(&mut self, kind: RangeKind, form: Form, end: usize, leaf: bool) -> u32 {
        let index = self.ranges.len() as u32;
        let parent = self.open.last().copied().unwrap_or(index);
        let (start, space, depth) = (self.at, self.space, self.open.len() as u32);
        self.ranges.push(Range { start, end, space, leaf, depth, kind, form, index, parent });
        index
    }

    /// The offset with `left` bytes after it.
    fn offset(&self, left: usize) -> usize {
        self.bytes.len().saturating_sub(left)
    }

    fn head(&mut self, kind: RangeKind, form: Form, end: usize) {
        self.form = form;
        self.leaf(kind, end);
    }

    /// Lays out a string or content, whose head, if any, is already laid out.
    fn text(&mut self, end: usize) {
        let kind = self.role.take().map_or(RangeKind::Content, kind_of);
        match (std::mem::replace(&mut self.form, Form::None), self.ranges.last_mut()) {
            (Form::None, _) => self.formed_leaf(kind, Form::Token, end),
            (_, _) if end == self.at && kind == RangeKind::Content => {}
            (_, Some(head)) if end == self.at => (head.kind, head.form) = (kind, Form::Empty),
            (form, _) => self.formed_leaf(kind, form, end),
        }
    }

    /// Returns the ranges when the walk has ended.
    pub(super) fn finish(mut self, error: Option<&DecodeError>) -> Vec<Range> {
        if let Some(error) = error.filter(|error| error.space() == self.space) {
            self.mark(error.offset());
        }
        while !self.open.is_empty() {
            self.close();
        }
        self.leaf(RangeKind::Unread, self.bytes.len());
        self.ranges
    }

    /// Marks the error: everything reported from the wrong byte on, and at least that byte.
    fn mark(&mut self, wrong: usize) {
        let told = self.at;
        while let Some(last) = self.ranges.last_mut().filter(|last| last.space == self.space && last.end > wrong) {
            if !last.leaf {
                break;
            }
            if last.start < wrong {
                last.end = wrong;
                break;
            }
            self.ranges.pop();
        }
        self.at = told.min(wrong);
        // The good part of the text, or of bytes that have no name yet.
        match self.form {
            Form::None => self.leaf(RangeKind::Incomplete, wrong),
            form => {
                let kind = self.role.map_or(RangeKind::Content, kind_of);
                self.formed_leaf(kind, form.cut(), wrong);
            }
        }
        self.leaf(RangeKind::Error, told.max(wrong.saturating_add(1)).min(self.bytes.len()));
    }
}

fn kind_of(role: Role) -> RangeKind {
    match role {
        Role::Tag => RangeKind::Tag,
        Role::Name => RangeKind::AttributeName,
        Role::Value => RangeKind::AttributeValue,
        Role::Content => RangeKind::ContentText,
        Role::PairUser | Role::DeviceUser | Role::TextUser => RangeKind::JidUser,
        Role::Server | Role::TextServer => RangeKind::JidServer,
    }
}

impl<'a> Sink<'a> for Layout<'_> {
    type Text = ();
    type Jid = ();
    type Node = ();

    fn string_begins(&mut self, role: Role) {
        self.role = Some(role);
        if role == Role::Name {
            self.open(RangeKind::Attribute);
        }
    }

    fn piece(&mut self, piece: WirePart, left: usize) {
        let end = self.offset(left);
        match piece {
            WirePart::BinaryHead if self.role.is_none() => self.head(RangeKind::ContentHead, Form::Raw, end),
            WirePart::BinaryHead => self.head(RangeKind::RawHead, Form::Raw, end),
            WirePart::PackedHead => {
                let form = match self.bytes.get(self.at..end) {
                    Some([tag::NIBBLE_8, 0x80..=0xff]) => Form::OddNibble,
                    Some([tag::NIBBLE_8, ..]) => Form::Nibble,
                    Some([_, 0x80..=0xff]) => Form::OddHex,
                    _ => Form::Hex,
                };
                self.head(RangeKind::PackedHead, form, end);
            }
            WirePart::String => self.text(end),
            WirePart::Null => self.leaf(RangeKind::Null, end),
            WirePart::JidForm => {
                self.open(RangeKind::Jid);
                self.leaf(RangeKind::JidForm, end);
            }
            WirePart::JidDomain => self.leaf(RangeKind::JidDomain, end),
            WirePart::JidDevice => self.leaf(RangeKind::JidDevice, end),
            WirePart::JidIntegrator => self.leaf(RangeKind::JidIntegrator, end),
        }
    }

    fn text(&mut self, _: Role, _: WireStr<'a>, _: Span) {}

    fn is(&self, (): (), _: &str) -> bool {
        false
    }

    fn retract(&mut self, left: usize) {
        let at = self.offset(left);
        while self.ranges.last().is_some_and(|last| last.space == self.space && last.start >= at) {
            self.ranges.pop();
        }
        let count = self.ranges.len();
        self.open.retain(|index| (*index as usize) < count);
        (self.at, self.role, self.form) = (at, None, Form::None);
    }

    fn spell(&self, (): (), _: &mut String) {}

    fn spelled(&mut self, _: Role, _: &str, _: Span, depth: usize) {
        (0..depth).for_each(|_| self.close());
    }

    fn numbers_of_pair(&self, _: (), _: ()) -> JidNumbers {
        JidNumbers::new(JidForm::Pair, 0, 0)
    }

    fn jid(&mut self, _: WireJid<()>, _: Span) {
        self.close();
    }

    fn head(&mut self, _: usize, span: Span) {
        self.open(RangeKind::Node);
        self.leaf(RangeKind::ListHead, self.offset(span.after));
    }

    fn tag(&mut self, (): ()) {}

    fn name(&mut self, (): ()) -> bool {
        true
    }

    fn expect_value_of(&mut self, _: Option<()>) {}

    fn value(&mut self, (): (), _: WireValue<(), ()>) {
        self.close();
    }

    fn content(&mut self, content: WireContent<'a, (), ()>, span: Span) {
        if let WireContent::Bytes(_) = content {
            self.text(self.offset(span.after));
        }
        self.close();
    }

    fn children(&mut self, count: usize, span: Span) {
        if count > 0 {
            self.open(RangeKind::Children);
        }
        self.leaf(RangeKind::ChildrenHead, self.offset(span.after));
        if count == 0 {
            self.close();
        }
    }

    fn close(&mut self, (): ()) {
        self.close();
        self.close();
    }
}
