//! Two sinks on one walk.

use crate::jid::JidNumbers;

use super::{JidServer, Role, Sink, Span, WireContent, WireJid, WirePart, WireStr, WireValue};

/// Two sinks on one walk. The first one answers questions.
pub(crate) struct Both<A, B>(pub(crate) A, pub(crate) B);

impl<'a, A: Sink<'a>, B: Sink<'a>> Sink<'a> for Both<A, B> {
    type Text = (A::Text, B::Text);
    type Jid = (A::Jid, B::Jid);
    type Node = (A::Node, B::Node);

    fn string_begins(&mut self, role: Role) {
        self.0.string_begins(role);
        self.1.string_begins(role);
    }

    fn piece(&mut self, piece: WirePart, left: usize) {
        self.0.piece(piece, left);
        self.1.piece(piece, left);
    }

    fn text(&mut self, role: Role, string: WireStr<'a>, span: Span) -> Self::Text {
        (self.0.text(role, string, span), self.1.text(role, string, span))
    }

    fn is(&self, text: Self::Text, expected: &str) -> bool {
        self.0.is(text.0, expected)
    }

    fn retract(&mut self, left: usize) {
        self.0.retract(left);
        self.1.retract(left);
    }

    fn spell(&self, text: Self::Text, to: &mut String) {
        self.0.spell(text.0, to);
    }

    fn spelled(&mut self, role: Role, text: &str, span: Span, depth: usize) -> Self::Text {
        (self.0.spelled(role, text, span, depth), self.1.spelled(role, text, span, depth))
    }

    fn numbers_of_pair(&self, user: Self::Text, server: Self::Text) -> JidNumbers {
        self.0.numbers_of_pair(user.0, server.0)
    }

    fn jid(&mut self, jid: WireJid<Self::Text>, span: Span) -> Self::Jid {
        (self.0.jid(jid.map(|text| text.0), span), self.1.jid(jid.map(|text| text.1), span))
    }

    fn head(&mut self, size: usize, span: Span) {
        self.0.head(size, span);
        self.1.head(size, span);
    }

    fn tag(&mut self, tag: Self::Text) {
        self.0.tag(tag.0);
        self.1.tag(tag.1);
    }

    fn name(&mut self, name: Self::Text) -> bool {
        let is_new = self.0.name(name.0);
        self.1.name(name.1);
        is_new
    }

    fn expect_value_of(&mut self, name: Option<Self::Text>) {
        self.0.expect_value_of(name.map(|name| name.0));
        self.1.expect_value_of(name.map(|name| name.1));
    }

    fn value(&mut self, name: Self::Text, value: WireValue<Self::Text, Self::Jid>) {
        let (one, other) = match value {
            WireValue::Null => (WireValue::Null, WireValue::Null),
            WireValue::Text(text) => (WireValue::Text(text.0), WireValue::Text(text.1)),
            WireValue::Jid(jid) => (WireValue::Jid(jid.0), WireValue::Jid(jid.1)),
        };
        self.0.value(name.0, one);
        self.1.value(name.1, other);
    }

    fn content(&mut self, content: WireContent<'a, Self::Text, Self::Jid>, span: Span) {
        let (one, other) = match content {
            WireContent::None => (WireContent::None, WireContent::None),
            WireContent::Bytes(bytes) => (WireContent::Bytes(bytes), WireContent::Bytes(bytes)),
            WireContent::Text(text) => (WireContent::Text(text.0), WireContent::Text(text.1)),
            WireContent::Jid(jid) => (WireContent::Jid(jid.0), WireContent::Jid(jid.1)),
        };
        self.0.content(one, span);
        self.1.content(other, span);
    }

    fn children(&mut self, count: usize, span: Span) -> Self::Node {
        (self.0.children(count, span), self.1.children(count, span))
    }

    fn close(&mut self, node: Self::Node) {
        self.0.close(node.0);
        self.1.close(node.1);
    }
}

impl<T: Copy> WireJid<T> {
    fn map<U>(self, of: impl Fn(T) -> U) -> WireJid<U> {
        let Self { numbers, user, server } = self;
        let server = match server {
            JidServer::Known(server) => JidServer::Known(server),
            JidServer::Named(name) => JidServer::Named(of(name)),
            JidServer::Domain => JidServer::Domain,
        };
        WireJid { numbers, user: user.map(of), server }
    }
}
