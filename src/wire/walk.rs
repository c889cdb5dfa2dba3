//! One node and everything in it, told to a sink.

use nom::number::complete::be_u8;

use super::jid::jid;
use super::string::{string, string_after};
use super::{Fault, Input, Parsed, Rules, WireJid, WireStr, scalar, tag};
use crate::error::{DecodeErrorKind, Field};

/// What an attribute value is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Str(WireStr<'a>),
    Jid(WireJid<'a>),
}

/// What the content of a node without children is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Content<'a> {
    Bytes(&'a [u8]),
    Str(WireStr<'a>),
    Jid(WireJid<'a>),
}

/// Where something stands: the input before it and after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    pub(crate) before: Input<'a>,
    pub(crate) after: Input<'a>,
}

/// Hears what a walk meets, in wire order.
pub(crate) trait Sink<'a> {
    /// The list head of a node.
    fn head(&mut self, size: usize, span: Span<'a>);
    /// Its tag, which opens the node.
    fn tag(&mut self, tag: WireStr<'a>, span: Span<'a>);
    /// An attribute's name. `false` if the node has one of this name already and may not.
    fn name(&mut self, name: WireStr<'a>, span: Span<'a>) -> bool;
    /// The attribute's value.
    fn value(&mut self, value: Value<'a>, span: Span<'a>);
    /// Content other than nodes.
    fn content(&mut self, content: Content<'a>, span: Span<'a>);
    /// The list head of the children, which follow if there are any.
    fn children(&mut self, count: usize, span: Span<'a>);
    /// The end of the node opened last.
    fn close(&mut self);
}

/// A list of children being read: how many are left, and for errors where its head stands and what it claims.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Open {
    children_left: usize,
    head_left: usize,
    children: usize,
}

/// Reads one node. `open` is memory to reuse; it is left empty if all is well.
///
/// The nodes still open are on a stack of their own, so that nesting costs no program stack.
pub(crate) fn walk<'a, S: Sink<'a>>(
    body: Input<'a>,
    rules: &Rules,
    open: &mut Vec<Open>,
    sink: &mut S,
) -> Result<Input<'a>, Fault> {
    open.clear();
    let mut nodes_left = rules.limits.nodes;
    let mut input = body;
    loop {
        if open.len() >= rules.limits.depth {
            return Err(Fault::from_nom(Fault::at(input, DecodeErrorKind::TooDeep(rules.limits.depth))));
        }
        let Some(left) = nodes_left.checked_sub(1) else {
            return Err(Fault::from_nom(Fault::at(input, DecodeErrorKind::TooManyNodes(rules.limits.nodes))));
        };
        nodes_left = left;
        let (rest, children) = node(input, rules, open.last(), sink).map_err(Fault::from_nom)?;
        input = rest;
        if let Some(children) = children {
            open.push(children);
            continue;
        }
        sink.close();
        loop {
            let Some(parent) = open.last_mut() else { return Ok(input) };
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
fn node<'a, S: Sink<'a>>(
    input: Input<'a>,
    rules: &Rules,
    parent: Option<&Open>,
    sink: &mut S,
) -> Parsed<'a, Option<Open>> {
    let (at_tag, size) = node_head(input, parent)?;
    sink.head(size, Span { before: input, after: at_tag });
    let missing = |error| element_missing(error, input, size);

    let (mut rest, tag) = string(at_tag, rules).map_err(missing)?;
    if tag.is_empty() {
        return Err(Fault::at(at_tag, DecodeErrorKind::EmptyTag));
    }
    sink.tag(tag, Span { before: at_tag, after: rest });

    let attributes = size.wrapping_sub(1) >> 1;
    for _ in 0..attributes {
        let (at_value, name) = string(rest, rules).map_err(missing)?;
        if !sink.name(name, Span { before: rest, after: at_value }) {
            return Err(Fault::at(rest, DecodeErrorKind::DuplicateKey));
        }
        let (after, value) = value(at_value, rules).map_err(missing)?;
        sink.value(value, Span { before: at_value, after });
        rest = after;
    }
    if size & 1 == 1 { Ok((rest, None)) } else { content(rest, rules, sink).map_err(missing) }
}

/// The list head of a node, which has at least a tag.
#[inline]
fn node_head<'a>(input: Input<'a>, parent: Option<&Open>) -> Parsed<'a, usize> {
    let Some((&first, rest)) = input.split_first() else { return Err(node_missing(input, parent)) };
    let (rest, size) = match first {
        tag::LIST_8 | tag::LIST_16 => scalar::list_size(rest, first, input)?,
        tag::LIST_EMPTY => (rest, 0),
        tag::UNASSIGNED_FIRST..=tag::UNASSIGNED_LAST => {
            return Err(Fault::at(input, DecodeErrorKind::UnassignedByte(first)));
        }
        _ => return Err(Fault::at(input, DecodeErrorKind::NotANode(first))),
    };
    if size == 0 { Err(Fault::at(input, DecodeErrorKind::EmptyNode)) } else { Ok((rest, size)) }
}

/// An attribute value.
#[inline]
fn value<'a>(input: Input<'a>, rules: &Rules) -> Parsed<'a, Value<'a>> {
    let (rest, first) = be_u8(input)?;
    match first {
        tag::LIST_EMPTY => Ok((rest, Value::Null)),
        tag::JID_PAIR | tag::AD_JID | tag::FB_JID | tag::INTEROP_JID => {
            let (rest, jid) = jid(rest, first, input, rules)?;
            Ok((rest, Value::Jid(jid)))
        }
        tag::LIST_8 | tag::LIST_16 => Err(Fault::at(input, DecodeErrorKind::NotAValue(first))),
        _ => {
            let (rest, text) = string_after(rest, first, input, rules)?;
            Ok((rest, Value::Str(text)))
        }
    }
}

/// The content of a node up to its first child, if it has one.
#[inline]
fn content<'a, S: Sink<'a>>(input: Input<'a>, rules: &Rules, sink: &mut S) -> Parsed<'a, Option<Open>> {
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
            let (rest, jid) = jid(rest, first, input, rules)?;
            (rest, Content::Jid(jid))
        }
        _ => {
            let (rest, text) = string_after(rest, first, input, rules)?;
            (rest, Content::Str(text))
        }
    };
    sink.content(content, Span { before: input, after: rest });
    Ok((rest, None))
}

/// A parser that found no first byte at all lacks the next element of the node's list.
#[cold]
fn element_missing(error: nom::Err<Fault>, head: Input<'_>, size: usize) -> nom::Err<Fault> {
    match error {
        nom::Err::Error(Fault { kind: DecodeErrorKind::Truncated, claim: None, .. }) => {
            Fault::truncated(Field::NodeSize, head, size)
        }
        other => other,
    }
}

/// The input ends where a node should start.
#[cold]
fn node_missing(input: Input<'_>, parent: Option<&Open>) -> nom::Err<Fault> {
    match parent {
        None => Fault::truncated(Field::Body, input, 1),
        Some(open) => {
            let kind = DecodeErrorKind::Truncated;
            nom::Err::Error(Fault { kind, left: 0, claim: Some((Field::ChildCount, open.head_left, open.children)) })
        }
    }
}
