//! A node is unchanged after it was a typed stanza.

use arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use wabinary::generate::{Extras, jid, text, tree};
use wabinary::stanza::{
    Ack, AckRef, CallAck, CallAckRef, CallReceipt, CallReceiptRef, CallStanza, CallStanzaRef, FromNodeError, RelayRef,
    ack_findings,
};
use wabinary::{Builder, Node, NodeRef, encode};

/// A tree of any shape. It probably has the attributes and tags of these stanzas, in any order and among others.
fn stanza(u: &mut Unstructured<'_>) -> Result<Node> {
    let classes = ["call", "call", "call", "receipt", ""];
    let names = ["id", "class", "from", "to", "type", "t", "participant", "recipient", "error", "call-id", "x"];
    let children =
        ["error", "relay", "group_info", "waiting_room", "link_query", "meta", "user", "offer", "enc_rekey", "x"];
    let tag = *u.choose(&["ack", "ack", "call", "receipt"])?;
    let node = Node::build(tag);
    // The required attributes, in any place, unless chance omits one.
    let mut needed = vec!["id", "class"];
    for _ in 0..u.int_in_range(2..=9)? {
        let name = if u.ratio(1, 2)? { needed.pop() } else { None };
        let name = name.map_or_else(|| u.choose(&names).copied(), Ok)?;
        match name {
            "class" => node.attr(name, *u.choose(&classes)?),
            "from" | "to" if u.ratio(2, 3)? => node.attr(name, jid(u, false)?),
            _ => node.attr(name, text(u)?),
        };
    }
    let extras = Extras { duplicate_keys: true, undefined_domains: false };
    if u.ratio(1, 8)? {
        node.content(u.arbitrary::<&[u8]>()?);
        return Ok(node.finish());
    }
    for count in 0..u.int_in_range(0..=4)? {
        let mut filled = Ok(());
        if u.ratio(1, 3)? && !(tag == "receipt" && count == 0) {
            node.append(tree(u, extras)?);
        } else {
            node.child(u.choose(&children)?, |child| filled = child_attributes(u, child));
        }
        filled?;
    }
    Ok(node.finish())
}

fn child_attributes(u: &mut Unstructured<'_>, child: &Builder) -> Result<()> {
    let names = ["call-id", "call-id", "call-creator", "jid", "code", "text", "uuid", "token", "state"];
    for _ in 0..u.int_in_range(0..=4)? {
        child.attr(u.choose(&names)?, text(u)?);
    }
    if u.arbitrary()? {
        child.append(tree(u, Extras::default())?);
    }
    Ok(())
}

/// Converts there and back, also if the conversion fails, and compares with the result of the view.
fn there_and_back<T>(node: &Node, is_stanza: bool) -> bool
where
    T: TryFrom<Node, Error = FromNodeError> + Into<Node>,
{
    let (back, converted) = match T::try_from(node.clone()) {
        Ok(stanza) => (stanza.into(), true),
        Err(error) => (error.into_node(), false),
    };
    assert_eq!(converted, is_stanza, "{node}");
    assert_eq!(&back, node);
    assert_eq!(encode(&back).ok(), encode(node).ok());
    converted
}

#[test]
fn a_node_is_the_same_before_and_after() {
    let mut converted = [0; 4];
    arbtest(|u| {
        let node = stanza(u)?;
        let conversions = [
            there_and_back::<CallAck>(&node, CallAckRef::try_from(&node).is_ok()),
            there_and_back::<Ack>(&node, AckRef::try_from(&node).is_ok()),
            there_and_back::<CallStanza>(&node, CallStanzaRef::try_from(&node).is_ok()),
            there_and_back::<CallReceipt>(&node, CallReceiptRef::try_from(&node).is_ok()),
        ];
        for (count, conversion) in converted.iter_mut().zip(conversions) {
            *count += u32::from(conversion);
        }
        everything_reads(&node);
        Ok(())
    })
    .size_min(256)
    .size_max(4096)
    .budget_ms(3_000);
    assert!(converted.iter().all(|count| *count > 0), "{converted:?}");
}

/// Calls every getter of every view.
fn everything_reads(node: &Node) {
    if let Ok(ack) = CallAckRef::try_from(node) {
        let _ = (ack.direction(), ack.action(), ack.is_refused(), ack.named_call(), ack_findings(ack.node()));
        let _ = (ack.group_info(), ack.waiting_room(), ack.link(), ack.unknown_attrs().count());
        assert!(ack.unknown_children().count() + ack.errors().count() <= node.children().len());
        assert_eq!(node, &ack.node());
        // Found in one pass or requested by name, the first of its name counts.
        assert_eq!((ack.from_jid(), ack.to_jid()), (node.get_opt("from"), node.get_opt("to")));
        assert_eq!((ack.kind(), ack.t()), (node.get_opt("type"), node.get_opt("t")));
        assert_eq!((ack.participant(), ack.recipient()), (node.get_opt("participant"), node.get_opt("recipient")));
        for error in ack.errors() {
            assert_eq!((error.code(), error.text()), (error.node().get_opt("code"), error.node().get_opt("text")));
            assert_eq!((error.jid(), error.call_id()), (error.node().get_opt("jid"), error.node().get_opt("call-id")));
        }
        assert_eq!(CallAck::try_from(node.clone()).unwrap().as_ref().node(), *node);
    }
    for relay in std::iter::once(node.as_ref()).chain(node.children()).filter_map(|node| RelayRef::try_from(node).ok())
    {
        for endpoint in relay.endpoints() {
            assert_eq!(endpoint.reveal_address().is_some(), matches!(endpoint.node().bytes().len(), 6 | 18));
        }
    }
    if let Ok(call) = CallStanzaRef::try_from(node) {
        let _ = (
            call.id(),
            call.from_jid(),
            call.to_jid(),
            call.e(),
            call.offline(),
            call.call_creator(),
            call.direction(),
        );
        assert_eq!(call.action_node().map(NodeRef::tag), call.action().map(|action| action.name()));
    }
    if let Ok(receipt) = CallReceiptRef::try_from(node) {
        assert!(!receipt.id().is_empty() && !receipt.call_id().is_empty());
        let _ = (receipt.from_jid(), receipt.kind(), receipt.call_creator());
    }
}
