//! One node and everything in it, told to a sink.

use nom::number::complete::be_u8;

use super::jid::jid;
use super::string::{string, string_after};
use super::{Claimed, Input, Parsed, Problem, Rules, WireJid, WireStr, scalar, tag};
use crate::error::{DecodeErrorKind, Field};

/// What a string is for.
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
    /// The server of a pair, or of a form that allows one only.
    Server,
}

/// What an attribute value is; texts and JIDs are what the sink made of them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<T, J> {
    Null,
    Text(T),
    Jid(J),
}

/// What the content of a node without children is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content<'a, T, J> {
    None,
    Bytes(&'a [u8]),
    Text(T),
    Jid(J),
}

/// Where something stands: the input before it and after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    pub(crate) before: Input<'a>,
    pub(crate) after: Input<'a>,
}

/// Hears what a walk meets, in wire order.
pub(crate) trait Sink<'a> {
    /// What the sink makes of a string, and is given back for the part that the string belongs to.
    type Text: Copy;
    /// What it makes of a JID.
    type Jid: Copy;

    /// Any string.
    fn text(&mut self, role: Role, string: WireStr<'a>, span: Span<'a>) -> Self::Text;
    /// Whether a string is this one.
    fn is(&self, text: Self::Text, expected: &str) -> bool;
    /// A JID, after its strings.
    fn jid(&mut self, jid: WireJid<Self::Text>, span: Span<'a>) -> Self::Jid;
    /// The list head of a node.
    fn head(&mut self, size: usize, span: Span<'a>);
    /// The tag, which begins the node.
    fn tag(&mut self, tag: Self::Text);
    /// An attribute's name. `false` if the node has one of this name already and may not.
    fn name(&mut self, name: Self::Text) -> bool;
    /// The attribute's value.
    fn value(&mut self, value: Value<Self::Text, Self::Jid>);
    /// Content other than nodes, which ends the node.
    fn content(&mut self, content: Content<'a, Self::Text, Self::Jid>, span: Span<'a>);
    /// The list head of the children. They follow; without any the node ends.
    fn children(&mut self, count: usize, span: Span<'a>);
    /// The end of the last node that has children and is not ended.
    fn close(&mut self);
}

/// A list of children being read: how many are left, and for errors where its head stands and what it claims.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    children_left: usize,
    head_left: usize,
    children: usize,
}

/// Reads one node. `open` is memory to reuse.
///
/// The nodes still open are on a stack of their own, so that nesting costs no program stack.
pub(crate) fn walk<'a, S: Sink<'a>, P: Problem<'a>>(
    body: Input<'a>,
    rules: &Rules,
    open: &mut Vec<Open>,
    sink: &mut S,
) -> Parsed<'a, (), P> {
    open.clear();
    let mut nodes_left = rules.limits.nodes;
    let mut input = body;
    loop {
        if open.len() >= rules.limits.depth {
            return Err(P::at(input, DecodeErrorKind::TooDeep(rules.limits.depth)));
        }
        let Some(left) = nodes_left.checked_sub(1) else {
            return Err(P::at(input, DecodeErrorKind::TooManyNodes(rules.limits.nodes)));
        };
        nodes_left = left;
        let (rest, children) = node(input, rules, open, sink)?;
        input = rest;
        if let Some(children) = children {
            open.push(children);
            continue;
        }
        loop {
            let Some(parent) = open.last_mut() else { return Ok((input, ())) };
            parent.children_left = parent.children_left.wrapping_sub(1);
            if parent.children_left > 0 {
                break;
            }
            open.pop();
            sink.close();
        }
    }
}

/// A node up to its first child, if it has one.
#[inline]
fn node<'a, S: Sink<'a>, P: Problem<'a>>(
    input: Input<'a>,
    rules: &Rules,
    open: &[Open],
    sink: &mut S,
) -> Parsed<'a, Option<Open>, P> {
    let (rest, size) = node_head(input, open)?;
    sink.head(size, Span { before: input, after: rest });
    // A string or content that is not there at all is an element that the list claims.
    let (mut rest, tag) = string(rest, Role::Tag, rules, sink).claimed(Field::NodeSize, input, size)?;
    sink.tag(tag);
    for _ in 0..size.wrapping_sub(1) >> 1 {
        let (at_value, name) = string(rest, Role::Name, rules, sink).claimed(Field::NodeSize, input, size)?;
        if !sink.name(name) {
            return Err(P::at(rest, DecodeErrorKind::DuplicateKey));
        }
        (rest, ()) = value(at_value, rules, sink).claimed(Field::NodeSize, input, size)?;
    }
    if size & 1 == 0 {
        return content(rest, rules, sink).claimed(Field::NodeSize, input, size);
    }
    sink.content(Content::None, Span { before: rest, after: rest });
    Ok((rest, None))
}

/// The list head of a node, which has at least a tag.
#[inline]
fn node_head<'a, P: Problem<'a>>(input: Input<'a>, open: &[Open]) -> Parsed<'a, usize, P> {
    let (rest, first) = match be_u8(input) {
        Ok(read) => read,
        Err(error) => return Err(error.map(|problem: P| node_missing(problem, input, open))),
    };
    let (rest, size) = match first {
        tag::LIST_8 | tag::LIST_16 => scalar::list_size(rest, first, input)?,
        tag::LIST_EMPTY => (rest, 0),
        tag::UNASSIGNED_FIRST..=tag::UNASSIGNED_LAST => {
            return Err(P::at(input, DecodeErrorKind::UnassignedByte(first)));
        }
        _ => return Err(P::at(input, DecodeErrorKind::NotANode(first))),
    };
    if size == 0 { Err(P::at(input, DecodeErrorKind::EmptyNode)) } else { Ok((rest, size)) }
}

/// The input ends where a node should start.
#[cold]
fn node_missing<'a, P: Problem<'a>>(problem: P, input: Input<'a>, open: &[Open]) -> P {
    match open.last() {
        None => problem.claimed_by(Field::Body, input.len(), 1),
        Some(open) => problem.claimed_by(Field::ChildCount, open.head_left, open.children),
    }
}

/// An attribute value.
#[inline]
fn value<'a, S: Sink<'a>, P: Problem<'a>>(input: Input<'a>, rules: &Rules, sink: &mut S) -> Parsed<'a, (), P> {
    let (rest, first) = be_u8(input)?;
    match first {
        tag::LIST_EMPTY => {
            sink.value(Value::Null);
            Ok((rest, ()))
        }
        tag::JID_PAIR | tag::AD_JID | tag::FB_JID | tag::INTEROP_JID => {
            let (rest, jid) = jid(rest, first, input, rules, sink)?;
            sink.value(Value::Jid(jid));
            Ok((rest, ()))
        }
        tag::LIST_8 | tag::LIST_16 => Err(P::at(input, DecodeErrorKind::NotAValue(first))),
        _ => {
            let (rest, text) = string_after(rest, first, input, Role::Value, rules, sink)?;
            sink.value(Value::Text(text));
            Ok((rest, ()))
        }
    }
}

/// The content of a node up to its first child, if it has one.
#[inline]
fn content<'a, S: Sink<'a>, P: Problem<'a>>(
    input: Input<'a>,
    rules: &Rules,
    sink: &mut S,
) -> Parsed<'a, Option<Open>, P> {
    let (rest, first) = be_u8(input)?;
    let (rest, content) = match first {
        tag::LIST_EMPTY | tag::LIST_8 | tag::LIST_16 => {
            let (rest, count) =
                if first == tag::LIST_EMPTY { (rest, 0) } else { scalar::list_size(rest, first, input)? };
            sink.children(count, Span { before: input, after: rest });
            let open = Open { children_left: count, children: count, head_left: input.len() };
            return Ok((rest, (count > 0).then_some(open)));
        }
        tag::BINARY_8..=tag::BINARY_32 => {
            let (rest, bytes) = scalar::binary(rest, first, input, rules)?;
            (rest, Content::Bytes(bytes))
        }
        tag::JID_PAIR | tag::AD_JID | tag::FB_JID | tag::INTEROP_JID => {
            let (rest, jid) = jid(rest, first, input, rules, sink)?;
            (rest, Content::Jid(jid))
        }
        _ => {
            let (rest, text) = string_after(rest, first, input, Role::Content, rules, sink)?;
            (rest, Content::Text(text))
        }
    };
    sink.content(content, Span { before: input, after: rest });
    Ok((rest, None))
}
