//! Reads one node with everything in it, and reports it to a sink.

use super::open_node::OpenNode;
use super::{Claimed, Input, Parsed, Problem, Rules, WireJid, WireStr, scalar, tag};
use crate::error::{DecodeErrorKind, LengthField};
use crate::jid::JidNumbers;

/// The role of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Tag,
    Name,
    Value,
    Content,
    /// The user of a pair.
    PairUser,
    /// The user of a form that has a device.
    DeviceUser,
    /// The server of a pair, or of a form that allows only one server.
    Server,
    /// The user or server of a text that was written as a JID.
    TextUser,
    TextServer,
}

/// A part of a string or JID, or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WirePart {
    /// `BINARY_n` and the length.
    BinaryHead,
    /// `NIBBLE_8` or `HEX_8` and the length.
    PackedHead,
    /// The characters of a string, or the whole string.
    String,
    Null,
    JidForm,
    JidDomain,
    JidDevice,
    JidIntegrator,
}

/// An attribute value. Its text or JID is what the sink made of it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WireValue<T, J> {
    Null,
    Text(T),
    Jid(J),
}

/// The content of a node without children.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WireContent<'a, T, J> {
    None,
    Bytes(&'a [u8]),
    Text(T),
    Jid(J),
}

/// The readers of the grammar: each reads its form under `rules` and reports it to `sink`.
pub(crate) struct Walk<'w, S> {
    pub(crate) rules: &'w Rules,
    pub(crate) sink: &'w mut S,
}

/// The place of an element: the number of bytes left before it and after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) before: usize,
    pub(crate) after: usize,
}

impl Span {
    #[inline(always)]
    fn between(before: Input<'_>, after: Input<'_>) -> Self {
        Self { before: before.len(), after: after.len() }
    }
}

/// Receives the elements of a walk, in wire order.
pub(crate) trait Sink<'a> {
    /// What the sink makes of a string. The walk returns it with the element that the string belongs to.
    type Text: Copy;
    /// What the sink makes of a JID.
    type Jid: Copy;
    /// What the sink keeps of a node whose children follow.
    type Node: Copy;

    /// A string begins; its first byte was read.
    #[inline(always)]
    fn string_begins(&mut self, _: Role) {}
    /// Reports a part that ends where `_left` bytes remain, before the whole string or JID is known to be valid.
    #[inline(always)]
    fn piece(&mut self, _: WirePart, _left: usize) {}
    /// Any string.
    fn text(&mut self, role: Role, string: WireStr<'a>, span: Span) -> Self::Text;
    /// Whether a string equals `expected`.
    fn is(&self, text: Self::Text, expected: &str) -> bool;
    /// Forgets the reports since `_left` bytes were left: another form of them follows.
    fn retract(&mut self, _left: usize) {}
    /// Adds the characters of a string to a text.
    fn spell(&self, text: Self::Text, to: &mut String);
    /// A text that was written as a JID, or as `depth` of them inside each other, after its strings.
    fn spelled(&mut self, role: Role, text: &str, span: Span, depth: usize) -> Self::Text;
    /// What a pair holds in its user. Asked where the user is not null or digits, or the server no token of one byte.
    fn numbers_of_pair(&self, user: Self::Text, server: Self::Text) -> JidNumbers;
    /// A JID, after its strings.
    fn jid(&mut self, jid: WireJid<Self::Text>, span: Span) -> Self::Jid;
    /// The list head of a node.
    fn head(&mut self, size: usize, span: Span);
    /// The tag, which begins the node.
    fn tag(&mut self, tag: Self::Text);
    /// An attribute's name. Returns `false` if it repeats a name and the rules forbid that.
    fn name(&mut self, name: Self::Text) -> bool;
    /// `Some`: the value of the attribute with this name comes next. `None`: it was read. Only the careful pass calls
    /// this, for the paths of errors.
    fn expect_value_of(&mut self, name: Option<Self::Text>);
    /// The attribute, with its value.
    fn value(&mut self, name: Self::Text, value: WireValue<Self::Text, Self::Jid>);
    /// Content other than nodes, which ends the node.
    fn content(&mut self, content: WireContent<'a, Self::Text, Self::Jid>, span: Span);
    /// The content is a list of `count` nodes. If that is 0 the node ends here, and `close` is not called.
    fn children(&mut self, count: usize, span: Span) -> Self::Node;
    /// All children of `node`, the innermost open node, were read.
    fn close(&mut self, node: Self::Node);
}

impl<'a, S: Sink<'a>> Walk<'_, S> {
    /// Reads one node. `open` is reused memory.
    ///
    /// It holds the open nodes, so nesting costs no program stack.
    pub(crate) fn walk<P: Problem<'a>>(
        &mut self,
        body: Input<'a>,
        open: &mut Vec<OpenNode<S::Node>>,
    ) -> Parsed<'a, (), P> {
        open.clear();
        self.check_depth(0, body)?;
        let mut input = body;
        let mut nodes_left = self.rules.limits.nodes;
        loop {
            let Some(left) = nodes_left.checked_sub(1) else {
                return Err(P::at(input.len(), DecodeErrorKind::TooManyNodes(self.rules.limits.nodes)));
            };
            nodes_left = left;
            let (rest, opened) = match self.node(input) {
                Ok(read) => read,
                Err(error) if input.is_empty() => return Err(error.map(|problem| node_missing(problem, open))),
                Err(error) => return Err(P::same(error)),
            };
            input = rest;
            if let Some(opened) = opened {
                open.push(opened);
                self.check_depth(open.len(), input)?;
                continue;
            }
            loop {
                let Some(parent) = open.last_mut() else { return Ok((input, ())) };
                parent.children_left = parent.children_left.wrapping_sub(1);
                if parent.children_left > 0 {
                    break;
                }
                self.sink.close(parent.node);
                open.pop();
            }
        }
    }

    /// Refuses a node at this depth if the rules do.
    #[inline(always)]
    fn check_depth<P: Problem<'a>>(&self, depth: usize, input: Input<'a>) -> Result<(), nom::Err<P>> {
        let limit = self.rules.limits.depth;
        if depth < limit { Ok(()) } else { Err(P::at(input.len(), DecodeErrorKind::TooDeep(limit))) }
    }

    /// `node = list-head tag *attr [content]`: reads a node up to its first child, if it has one.
    #[inline(always)]
    fn node<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, Option<OpenNode<S::Node>>, P> {
        let (rest, size) = node_head(input)?;
        self.sink.head(size, Span::between(input, rest));
        if size == 0 {
            return Err(P::at(input.len(), DecodeErrorKind::EmptyNode));
        }
        // An absent string or content is an element that the list claims.
        let left = input.len();
        let (mut rest, tag) = self.string(rest, Role::Tag).claimed(LengthField::NodeSize, left, size)?;
        self.sink.tag(tag);
        if size > 2 {
            (rest, ()) = self.attributes(rest, size.wrapping_sub(1) >> 1).claimed(LengthField::NodeSize, left, size)?;
        }
        if size & 1 == 0 {
            return self.content(rest).claimed(LengthField::NodeSize, left, size);
        }
        self.sink.content(WireContent::None, Span::between(rest, rest));
        Ok((rest, None))
    }

    /// `attr = name value`: reads `count` of them.
    #[inline(always)]
    fn attributes<P: Problem<'a>>(&mut self, mut input: Input<'a>, count: usize) -> Parsed<'a, (), P> {
        for _ in 0..count {
            let (rest, (name, first)) = self.name(input)?;
            (input, ()) = self.value(rest, first, name)?;
            if P::IS_CAREFUL {
                self.sink.expect_value_of(None);
            }
        }
        Ok((input, ()))
    }

    /// `name = string`: reads a name and the first byte of its value. Most names are tokens of one byte.
    #[inline(always)]
    fn name<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, (S::Text, u8), P> {
        match input {
            // One check shows that both bytes are there.
            [token @ tag::TOKEN_FIRST..=tag::TOKEN_LAST, form, rest @ ..] => {
                let (_, name) = self.new_name(input.get(1..).unwrap_or(rest), *token)?;
                Ok((rest, (name, *form)))
            }
            [token @ tag::DICTIONARY_0..=tag::DICTIONARY_3, rest @ ..] => {
                let (at_value, name) = self.new_name(rest, *token)?;
                scalar::byte(at_value).map(|(rest, form)| (rest, (name, form)))
            }
            _ => self.longer_name(input),
        }
    }

    #[inline(never)]
    fn longer_name<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, (S::Text, u8), P> {
        let (rest, first) = scalar::byte(input)?;
        let (at_value, name) = self.new_name(rest, first)?;
        scalar::byte(at_value).map(|(rest, form)| (rest, (name, form)))
    }

    /// Reads a name whose first byte is `first`, and refuses it if the node must not have it.
    #[inline(always)]
    fn new_name<P: Problem<'a>>(&mut self, input: Input<'a>, first: u8) -> Parsed<'a, S::Text, P> {
        let (rest, name) = self.string_after(input, first, Role::Name)?;
        let is_new = self.sink.name(name);
        if P::IS_CAREFUL {
            self.sink.expect_value_of(Some(name));
        }
        if is_new { Ok((rest, name)) } else { Err(P::at(input.len().wrapping_add(1), DecodeErrorKind::DuplicateName)) }
    }

    /// `value = null / string / jid`: reads a value whose first byte is `first`. The usual forms are compiled separately.
    #[inline(always)]
    fn value<P: Problem<'a>>(&mut self, rest: Input<'a>, first: u8, name: S::Text) -> Parsed<'a, (), P> {
        match first {
            tag::TOKEN_FIRST..=tag::TOKEN_LAST => self.value_after(rest, first, name),
            tag::DICTIONARY_0..=tag::DICTIONARY_3 => self.value_after(rest, first, name),
            tag::NIBBLE_8 => self.value_after(rest, tag::NIBBLE_8, name),
            tag::JID_PAIR => self.value_after(rest, tag::JID_PAIR, name),
            tag::BINARY_8 => self.value_after(rest, tag::BINARY_8, name),
            tag::HEX_8 => self.value_after(rest, tag::HEX_8, name),
            tag::AD_JID => self.value_after(rest, tag::AD_JID, name),
            _ => self.other_value(rest, first, name),
        }
    }

    #[inline(never)]
    fn other_value<P: Problem<'a>>(&mut self, input: Input<'a>, first: u8, name: S::Text) -> Parsed<'a, (), P> {
        self.value_after(input, first, name)
    }

    /// Reads a value whose first byte is `first`.
    #[inline(always)]
    fn value_after<P: Problem<'a>>(&mut self, input: Input<'a>, first: u8, name: S::Text) -> Parsed<'a, (), P> {
        let (rest, value) = match first {
            tag::LIST_EMPTY => {
                self.sink.piece(WirePart::Null, input.len());
                (input, WireValue::Null)
            }
            tag::JID_PAIR | tag::AD_JID | tag::FB_JID | tag::INTEROP_JID => match self.jid(input, first) {
                Ok((rest, jid)) => (rest, WireValue::Jid(jid)),
                Err(problem) => {
                    let (rest, text) = self.spelled(input, first, Role::Value, P::same(problem))?;
                    (rest, WireValue::Text(text))
                }
            },
            tag::LIST_8 | tag::LIST_16 => {
                return Err(P::at(input.len().wrapping_add(1), DecodeErrorKind::NotAValue(first)));
            }
            _ => {
                let (rest, text) = self.string_after(input, first, Role::Value)?;
                (rest, WireValue::Text(text))
            }
        };
        self.sink.value(name, value);
        Ok((rest, ()))
    }

    /// `content = children / bytes / coded / jid`: reads content up to the first child, if it has one.
    #[inline(always)]
    fn content<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, Option<OpenNode<S::Node>>, P> {
        let (rest, first) = scalar::byte(input)?;
        match first {
            tag::LIST_EMPTY | tag::LIST_8 | tag::LIST_16 => {
                let (rest, count) = if first == tag::LIST_EMPTY { (rest, 0) } else { scalar::list_size(rest, first)? };
                let node = self.sink.children(count, Span::between(input, rest));
                let children = count as u32;
                let open = OpenNode { node, children_left: children, children, head_left: input.len() as u32 };
                Ok((rest, (count > 0).then_some(open)))
            }
            tag::BINARY_8..=tag::BINARY_32 => {
                let (rest, bytes) = self.binary(rest, first)?;
                self.sink.content(WireContent::Bytes(bytes.bytes), Span::between(input, rest));
                Ok((rest, None))
            }
            _ => {
                let (rest, ()) = self.coded_content(input)?;
                Ok((rest, None))
            }
        }
    }

    /// `coded / jid`: reads content that is not children or bytes.
    #[inline(never)]
    fn coded_content<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, (), P> {
        let (rest, first) = scalar::byte(input)?;
        let (rest, content) = match first {
            tag::JID_PAIR | tag::AD_JID | tag::FB_JID | tag::INTEROP_JID => match self.jid(rest, first) {
                Ok((rest, jid)) => (rest, WireContent::Jid(jid)),
                Err(problem) => {
                    let (rest, text) = self.spelled(rest, first, Role::Content, P::same(problem))?;
                    (rest, WireContent::Text(text))
                }
            },
            _ => {
                let (rest, text) = self.string_after(rest, first, Role::Content)?;
                (rest, WireContent::Text(text))
            }
        };
        self.sink.content(content, Span::between(input, rest));
        Ok((rest, ()))
    }
}

/// The error for an input that ends where a node should start.
#[cold]
fn node_missing<'a, N, P: Problem<'a>>(problem: P, open: &[OpenNode<N>]) -> P {
    match open.last() {
        None => problem.claimed_by(LengthField::Body, 0, 1),
        Some(open) => problem.claimed_by(LengthField::ChildCount, open.head_left as usize, open.children as usize),
    }
}

/// `list-head = LIST_8 u8 / LIST_16 u16`: reads that of a node.
#[inline(always)]
fn node_head<'a, P: Problem<'a>>(input: Input<'a>) -> Parsed<'a, usize, P> {
    let (rest, first) = scalar::byte(input)?;
    match first {
        tag::LIST_8 | tag::LIST_16 => scalar::list_size(rest, first),
        tag::LIST_EMPTY => Ok((rest, 0)),
        tag::UNASSIGNED_FIRST..=tag::UNASSIGNED_LAST => Err(P::at(input.len(), DecodeErrorKind::UnassignedByte(first))),
        _ => Err(P::at(input.len(), DecodeErrorKind::NotANode(first))),
    }
}
