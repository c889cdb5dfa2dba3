//! Two trees are equal if they mean the same, however they are stored. Trees that the wire distinguishes differ.

use wabinary::{
    Decoder, Dictionary, Encoder, Jid, JidForm, JidRef, NewContent, Node, NodeRef, Value, decode, decode_slice,
};

fn decoded(hex: &str) -> Node {
    decode(data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()).unwrap()
}

fn with<'v>(value: impl Into<wabinary::NewValue<'v>>) -> Node {
    Node::build("ack").attr("id", value).finish()
}

#[test]
fn the_spelling_does_not_count() {
    // Token, raw, packed, HEX_8, with long lengths and heads.
    let spellings = [
        "00f8031b08eed0",
        "00f8031b08fc03353033",
        "00f8031b08ff82503f",
        "00f8031b08fb82503f",
        "00f90003fc0361636b08fd000003353033",
    ];
    for hex in spellings {
        assert_eq!(decoded(hex), with("503"), "{hex}");
    }
    assert_eq!(with(503), with("503"));
}

#[test]
fn the_storage_does_not_count() {
    let built = Node::build("call")
        .attr("from", Jid::SERVER)
        .child("offer", |offer| offer.attr("call-id", "0123456789ABCDEF").bytes(vec![7; 300]))
        .finish();
    let frame = wabinary::encode(&built).unwrap();
    let compressed = Encoder::new().with_zlib(6).encode(&built).unwrap();
    let trees = [
        decode(frame.clone()).unwrap(),
        decode_slice(&frame).unwrap(),
        decode(compressed).unwrap(),
        decode(frame.clone()).unwrap().detach(),
        decode(frame.clone()).unwrap().edit().finish(),
        Node::build("outer").append(decode(frame).unwrap()).finish().child("call").unwrap().to_node(),
    ];
    for tree in &trees {
        assert_eq!(tree, &built);
    }
    // Copied bytes, and bytes passed by value.
    assert_eq!(Node::build("a").content(&[1, 2]).finish(), Node::build("a").bytes(vec![1, 2]).finish());
}

#[test]
fn the_dictionary_does_not_count() {
    let mut of_v2 = Decoder::new().with_dictionary(Dictionary::V2);
    // <ack id="type"/> with the tokens of version 2.
    let ack = of_v2.decode_slice(&[0x00, 0xf8, 0x03, 0x1c, 0x08, 0x04]).unwrap();
    assert_eq!(ack, decoded("00f8031b0804"));
    assert_ne!(ack, decoded("00f8031c0804"));
}

#[test]
fn views_compare_like_the_trees_they_show() {
    let node = decoded("00f8021bf801f80307041b");
    let child = node.child("receipt").unwrap();
    let alone = Node::build("receipt").attr("type", "ack").finish();
    assert_eq!(child, alone.as_ref());
    assert_eq!(alone, child);
    assert_eq!(child, alone);
    assert_eq!(child, child.to_node());
    assert_ne!(node.as_ref(), child);
    assert_ne!(node, child);
    assert_ne!(child, node);
    assert_eq!(NodeRef::from(&alone), child);
    assert_eq!(Node::from(child), alone);
}

#[test]
fn every_part_counts() {
    let node = Node::build("a").attr("x", "1").attr("y", "2").child("b", |_| {}).child("c", |_| {}).finish();
    let differing = [
        node.edit().retag("A").finish(),
        node.edit().set("x", "2").finish(),
        node.edit().remove("y").finish(),
        node.edit().attr("z", "").finish(),
        node.edit().at("b", |b| b.attr("x", "")).finish(),
        node.edit().child("d", |_| {}).finish(),
        node.edit().at("c", |c| c.bytes("")).finish(),
        node.edit().at("c", |c| c.child("d", |_| {})).finish(),
        // The same attributes and the same children in another order.
        Node::build("a").attr("y", "2").attr("x", "1").child("b", |_| {}).child("c", |_| {}).finish(),
        Node::build("a").attr("x", "1").attr("y", "2").child("c", |_| {}).child("b", |_| {}).finish(),
        // The same nodes in another nesting.
        Node::build("a").attr("x", "1").attr("y", "2").child("b", |b| b.child("c", |_| {})).finish(),
    ];
    for (at, other) in differing.iter().enumerate() {
        assert_ne!(&node, other, "{at}");
        assert_eq!(other, &other.clone(), "{at}");
    }
}

#[test]
fn null_empty_text_and_jid_are_three_values() {
    let values = [with(Value::Null), with(""), with("s.whatsapp.net"), with(Jid::SERVER)];
    for (at, one) in values.iter().enumerate() {
        for (other_at, other) in values.iter().enumerate() {
            assert_eq!(one == other, at == other_at, "{one} and {other}");
        }
    }
}

#[test]
fn contents_of_different_kinds_are_different() {
    let contents = [
        Node::build("a").finish(),
        Node::build("a").empty_nodes().finish(),
        Node::build("a").bytes("").finish(),
        Node::build("a").bytes("lid").finish(),
        Node::build("a").content(NewContent::coded("lid")).finish(),
        Node::build("a").content("lid".parse::<Jid>().unwrap()).finish(),
        Node::build("a").child("lid", |_| {}).finish(),
    ];
    for (at, one) in contents.iter().enumerate() {
        for (other_at, other) in contents.iter().enumerate() {
            assert_eq!(one == other, at == other_at, "{one} and {other}");
        }
    }
}

#[test]
fn the_wire_form_of_a_jid_counts_in_trees_though_not_among_addresses() {
    let pair = JidRef::parse("12@lid").unwrap();
    let ad = pair.with_form(JidForm::Ad).unwrap();
    assert_eq!(pair, ad);
    assert_ne!(Value::Jid(pair), Value::Jid(ad));
    assert_ne!(with(pair), with(ad));
    assert_ne!(Node::build("a").content(pair).finish(), Node::build("a").content(ad).finish());
    let (bare, empty) = (JidRef::SERVER, JidRef::SERVER.with_form(JidForm::PairEmpty).unwrap());
    assert_eq!(bare, empty);
    assert_ne!(with(bare), with(empty));
    // Both values read as the same address.
    assert_eq!(with(ad).get::<Jid>("id"), with(pair).get::<Jid>("id"));
}
