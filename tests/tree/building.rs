//! Building: the tree has everything that was added, in the same order.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use wabinary::stanza::CallAckRef;
use wabinary::{
    Builder, Content, Decoder, Dictionary, Element, Encoder, Jid, JidRef, NewContent, NewValue, Node, NodeRef,
    UnixSeconds, Value, decode, decode_slice, encode,
};

fn jid(text: &str) -> Jid {
    text.parse().unwrap()
}

#[test]
fn values_are_made_from_texts_numbers_and_addresses() {
    let text = String::from("t");
    let address = jid("15550001111:5@s.whatsapp.net");
    let values: Vec<NewValue<'_>> = vec![
        "t".into(),
        (&text).into(),
        text.clone().into(),
        Cow::Borrowed("t").into(),
        0_u8.into(),
        u16::MAX.into(),
        u32::MAX.into(),
        u64::MAX.into(),
        7_usize.into(),
        i8::MIN.into(),
        (-1_i16).into(),
        i32::MIN.into(),
        i64::MIN.into(),
        UnixSeconds(10).into(),
        (&address).into(),
        address.clone().into(),
        address.as_ref().into(),
        Value::Text("t").into(),
        Value::Jid(address.as_ref()).into(),
        Value::Null.into(),
    ];
    let builder = Node::build("a");
    for (at, value) in values.into_iter().enumerate() {
        builder.attr(&at.to_string(), value);
    }
    let node = builder.finish();
    let texts =
        ["t", "t", "t", "t", "0", "65535", "4294967295", "18446744073709551615", "7", "-128", "-1", "-2147483648"];
    let (typed, untyped) = (Value::Jid(address.as_ref()), Value::Text("t"));
    let mut expected: Vec<Value<'_>> = texts.map(Value::Text).to_vec();
    expected.extend([
        Value::Text("-9223372036854775808"),
        Value::Text("10"),
        typed,
        typed,
        typed,
        untyped,
        typed,
        Value::Null,
    ]);
    assert_eq!(node.attrs().map(|(_, value)| value).collect::<Vec<_>>(), expected);
}

#[test]
fn a_number_is_written_as_its_text_is() {
    for number in [0, 9, 10, 200, 404, 1000, 2000, 9999, 10_000, 99_999, 100_000, i64::MAX, -1, -999, -1000, i64::MIN] {
        let [from_number, from_text] = [number.into(), NewValue::from(number.to_string())]
            .map(|value: NewValue<'_>| Node::build("a").attr("t", value).finish());
        assert_eq!(from_number, from_text);
        for &dictionary in Dictionary::ALL {
            let write = |node: &Node| Encoder::new().with_dictionary(dictionary).encode(node).unwrap();
            assert_eq!(write(&from_number), write(&from_text), "{number}");
        }
    }
}

#[test]
fn contents_are_made_from_bytes_texts_and_addresses() {
    let with = |content: NewContent<'_>| Node::build("a").content(content).finish();
    let as_bytes = [
        with(Bytes::from_static(b"type").into()),
        with(b"type".to_vec().into()),
        with((&b"type"[..]).into()),
        with((&b"type".to_vec()).into()),
        with(b"type".into()),
        with("type".into()),
        with(String::from("type").into()),
        with(Content::Bytes(b"type").into()),
        Node::build("a").bytes("type").finish(),
    ];
    for node in as_bytes {
        assert!(matches!(node.content(), Content::Bytes(b"type")));
        assert!(encode(&node).unwrap().ends_with(b"\xfc\x04type"));
    }
    for node in [with(NewContent::coded("type")), with(Content::Text("type").into())] {
        assert!(matches!(node.content(), Content::Text("type")));
        assert_eq!(encode(&node).unwrap()[..], [0x00, 0xf8, 0x02, 0xfc, 0x01, b'a', 0x04]);
    }
    let address = jid("12@lid");
    for node in [with((&address).into()), with(address.as_ref().into()), with(address.clone().into())] {
        assert!(matches!(node.content(), Content::Jid(found) if found == address));
    }
    for node in [with(NewContent::NONE), with(Content::None.into())] {
        assert!(matches!(node.content(), Content::None));
    }
}

#[test]
fn text_content_without_a_coded_form_is_written_as_bytes() {
    let node = Node::build("a").content(NewContent::coded("no token, not packable")).finish();
    assert!(matches!(node.content(), Content::Text(_)));
    let again = decode(encode(&node).unwrap()).unwrap();
    assert!(matches!(again.content(), Content::Bytes(b"no token, not packable")));
    // A token of one dictionary only.
    let node = Node::build("a").content(NewContent::coded("screen_height")).finish();
    for &dictionary in Dictionary::ALL {
        let frame = Encoder::new().with_dictionary(dictionary).encode(&node).unwrap();
        let again = Decoder::new().with_dictionary(dictionary).decode(frame).unwrap().to_node();
        assert_eq!(again == node, dictionary.find("screen_height").is_some(), "{dictionary:?}");
        assert_eq!(again.text(), Some("screen_height"));
    }
}

#[test]
fn optional_attributes_are_there_when_they_have_a_value() {
    let node = Node::build("a").attr_opt("x", Some(5)).attr_opt("y", None::<&str>).attr_opt("z", Some("")).finish();
    assert_eq!(node.attrs().collect::<Vec<_>>(), [("x", Value::Text("5")), ("z", Value::Text(""))]);
}

#[test]
fn attributes_may_be_added_at_any_time() {
    let node = Node::build("a")
        .child("b", |b| b.bytes("of b").attr("x", jid("1@lid")))
        .attr("late", jid("2@lid"))
        .child("c", |c| {
            c.content(jid("3@lid")).attr("x", "1").attr("y", jid("4@lid")).set("x", jid("5@lid")).remove("y")
        })
        .attr("later", "6")
        .finish();
    let xml = concat!(
        r#"<a late="{jid}2@lid" later="6"><b x="{jid}1@lid">of b</b>"#,
        r#"<c x="{jid}5@lid">{jid}3@lid</c></a>"#
    );
    assert_eq!(node.to_string(), xml);
    assert_eq!(decode(encode(&node).unwrap()).unwrap(), node);
}

#[test]
fn the_content_given_last_is_the_content() {
    let builder = Node::build("a");
    builder.attr("x", jid("1@lid"));
    let shown = |builder: &Builder| {
        let xml = builder.finish().to_string();
        builder.child("a", |_| {}).attr("x", jid("1@lid"));
        xml
    };
    assert_eq!(shown(builder.bytes("1").child("b", |_| {})), r#"<a x="{jid}1@lid"><b/></a>"#);
    assert_eq!(shown(builder.child("b", |b| b.child("c", |_| {})).bytes("2")), r#"<a x="{jid}1@lid">2</a>"#);
    assert_eq!(shown(builder.content(jid("3@lid")).child("b", |_| {})), r#"<a x="{jid}1@lid"><b/></a>"#);
    assert_eq!(shown(builder.child("b", |_| {}).content(jid("4@lid"))), r#"<a x="{jid}1@lid">{jid}4@lid</a>"#);
    assert_eq!(shown(builder.content(jid("4@lid")).content(jid("5@lid"))), r#"<a x="{jid}1@lid">{jid}5@lid</a>"#);
    assert_eq!(shown(builder.content(jid("4@lid")).empty_nodes()), r#"<a x="{jid}1@lid">{nodes}</a>"#);
    assert_eq!(shown(builder.child("b", |_| {}).empty_nodes()), r#"<a x="{jid}1@lid">{nodes}</a>"#);
    assert_eq!(shown(builder.empty_nodes().child("b", |_| {})), r#"<a x="{jid}1@lid"><b/></a>"#);
    assert_eq!(shown(builder.child("b", |_| {}).content(NewContent::NONE)), r#"<a x="{jid}1@lid"/>"#);
}

#[test]
fn a_builder_that_ended_starts_again_with_the_next_node() {
    let builder = Node::build("a");
    let first = builder.attr("x", 1).finish();
    let second = builder.child("b", |b| b.attr("y", 2)).child("c", |_| {}).finish();
    assert_eq!((first.to_string(), second.to_string()), (r#"<a x="1"/>"#.into(), r#"<b y="2"><c/></b>"#.into()));
    // Without a node to open, nothing can be written.
    assert_eq!(encode(&builder.attr("z", 3).finish()).unwrap_err().kind().name(), "empty-tag");
}

#[test]
fn a_second_finish_gives_a_node_that_no_encoder_writes() {
    let builder = Node::build("x");
    builder.finish();
    let empty = builder.finish();
    assert_eq!(
        builder.content(Node::build("x").child("a", |_| ()).child("b", |_| ()).finish().content()).finish(),
        empty
    );
    assert_eq!((empty.tag(), empty.to_string().as_str(), empty.as_ref().to_node()), ("", "<_x_/>", empty.clone()));
    for parent in [
        Node::build("a").append(&empty).append(&empty).child("b", |_| ()).finish(),
        Node::build("a").children([&empty, &empty]).child("b", |_| ()).finish(),
        Node::build("a").child("b", |_| ()).insert(0, &empty).insert(0, &empty).finish(),
    ] {
        assert_eq!(parent.children().map(NodeRef::tag).collect::<Vec<_>>(), ["", "", "b"]);
        assert_eq!(encode(&parent).unwrap_err().kind().name(), "empty-tag");
    }
}

#[test]
fn an_element_can_neither_close_its_parent_nor_stay_open() {
    struct Careless;
    impl Element for Careless {
        fn append_to(&self, parent: &Builder) {
            parent.end_child().begin_child("open").begin_child("deeper");
        }
    }
    let node = Node::build("a")
        .child("b", |b| {
            b.begin_child("c").append(Careless).attr("x", 1).children([Careless, Careless]).attr("y", 2).end_child()
        })
        .append(Careless)
        .attr("z", 3)
        .finish();
    let open = "<open><deeper/></open>";
    assert_eq!(node.to_string(), format!(r#"<a z="3"><b><c x="1" y="2">{open}{open}{open}</c></b>{open}</a>"#));
}

#[test]
fn the_content_of_another_node_is_copied_with_its_children() {
    let (jid, shared) = (jid("15550001111:5@s.whatsapp.net"), Bytes::from_static(b"1"));
    for content in [
        Node::build("x").child("b", |b| b.attr("jid", &jid).bytes(vec![1])).child("c", |_| ()).finish(),
        Node::build("x").empty_nodes().finish(),
        Node::build("x").content(&jid).finish(),
        Node::build("x").content(&shared).finish(),
        Node::build("x").content(NewContent::coded("type")).finish(),
        Node::build("x").finish(),
    ] {
        let copy = Node::build("x").child("old", |_| ()).content(content.content()).finish();
        assert_eq!(copy, content);
    }
}

#[test]
fn finish_inside_a_closure_gives_a_copy_of_the_open_node() {
    let mut copy = None;
    let node = Node::build("a")
        .child("b", |b| {
            copy = Some(b.attr("x", 1).child("c", |_| {}).finish());
            b.attr("y", 2);
        })
        .child("d", |_| {})
        .finish();
    assert_eq!(copy.unwrap().to_string(), r#"<b x="1"><c/></b>"#);
    assert_eq!(node.to_string(), r#"<a><b x="1" y="2"><c/></b><d/></a>"#);
}

/// `<item n="…" jid="…">bytes</item>` in its own frame.
fn item(number: u8) -> Node {
    let node =
        Node::build("item").attr("n", number).attr("jid", jid("15550001111:5@lid")).bytes(vec![number; 3]).finish();
    decode(encode(&node).unwrap()).unwrap()
}

#[test]
fn nodes_of_many_frames_are_put_together() {
    let list = Node::build("list");
    for number in 0..5 {
        // Whole trees, views of parts, and nodes built in place.
        let borrowed = item(number);
        list.append(item(number))
            .append(&borrowed)
            .append(Node::build("outer").append(item(number)).finish().child("item").unwrap());
        list.child("own", |own| own.bytes(vec![number; 3]));
    }
    let node = list.finish();
    assert_eq!(node.children().len(), 20);
    for (at, child) in node.children().enumerate() {
        let number = (at / 4) as u8;
        assert_eq!(child.bytes(), [number; 3], "{at}");
        assert_eq!(child == item(number), at % 4 < 3, "{at}");
    }
    assert_eq!(decode(encode(&node).unwrap()).unwrap(), node);
}

#[test]
fn nodes_of_compressed_frames_and_of_slices_are_put_together() {
    let sources = [
        decode(Encoder::new().with_zlib(6).encode(&item(1)).unwrap()).unwrap(),
        decode_slice(&encode(&item(2)).unwrap()).unwrap(),
        item(3),
        item(4).detach(),
    ];
    for first in &sources {
        for second in &sources {
            let node = Node::build("list").append(first).bytes("gives way").append(second).append(first).finish();
            assert_eq!(node.children().collect::<Vec<_>>(), [second.as_ref(), first.as_ref()]);
            let node =
                Node::build("list").child("own", |own| own.content(b"own")).append(first).append(second).finish();
            let bytes: Vec<_> = node.children().map(|child| child.bytes()).collect();
            assert_eq!(bytes, [b"own", first.bytes(), second.bytes()]);
        }
    }
}

#[test]
fn a_node_of_another_dictionary_is_taken_in_by_its_text() {
    // <ack id="type">screen_height</ack>, in tokens of version 3; then words that are tokens of version 2 only.
    let of_v3 = decode(vec![0x00, 0xf8, 0x04, 0x1b, 0x08, 0x04, 0xeb]).unwrap();
    let built = Node::build("participants").attr("mediatype", "presence").content(NewContent::coded("12345")).finish();
    let frame = Encoder::new().with_dictionary(Dictionary::V2).encode(&built).unwrap();
    let of_v2 = Decoder::new().with_dictionary(Dictionary::V2).decode(frame.clone()).unwrap().to_node();
    assert_eq!(of_v2, built);
    assert_eq!(frame[3], 0x1b, "what is ack in version 3");
    // A name that is a token in version 3 alone is one there, so that views find it.
    let ack = Node::build("ack").attr("id", "A").attr("class", "call").attr("recipient", "1@lid").finish();
    let frame_of_ack = Encoder::new().with_dictionary(Dictionary::V2).encode(&ack).unwrap();
    let mut decoder = Decoder::new().with_dictionary(Dictionary::V2);
    let list = Node::build("list").append(decoder.decode(frame_of_ack).unwrap()).finish();
    let recipient = CallAckRef::try_from(list.child("ack").unwrap()).unwrap().recipient().unwrap();
    assert_eq!(recipient.map(|jid| jid.to_string()).as_deref(), Some("1@lid"));

    for (outer, inner) in [(&of_v3, &of_v2), (&of_v2, &of_v3)] {
        let both = Node::build("list").append(outer).append(inner).finish();
        assert_eq!(both.tag(), "list", "it stays in the dictionary that it was begun with");
        assert_eq!(both.children().collect::<Vec<_>>(), [outer.as_ref(), inner.as_ref()]);
        let expected = Node::build("list").append(outer.clone().detach()).append(inner.clone().detach()).finish();
        assert_eq!(both, expected);
        let frame = encode(&both).unwrap();
        let again = decode(frame).unwrap();
        let texts: Vec<_> = again.children().map(|child| (child.tag(), child.attrs().count(), child.text())).collect();
        let expected: Vec<_> =
            [outer, inner].iter().map(|node| (node.tag(), node.attrs().count(), node.text())).collect();
        assert_eq!(texts, expected);
    }
    // The plain encoder writes a version 2 tree in version 3, not in its own bytes.
    assert_eq!(decode(encode(&of_v2).unwrap()).unwrap(), of_v2);
    assert_eq!(Encoder::new().with_dictionary(Dictionary::V2).encode(&of_v2).unwrap(), frame);
}

#[test]
fn what_writes_itself_is_appended_like_a_node() {
    struct Participants<'a>(&'a [Jid]);
    impl Element for Participants<'_> {
        fn append_to(&self, parent: &Builder) {
            parent.child("participants", |participants| {
                for jid in self.0 {
                    participants.child("to", |to| to.attr("jid", jid));
                }
            });
        }
    }
    let devices = [jid("1:2@lid"), jid("3@lid")];
    let shared = Participants(&devices);
    let node = Node::build("message").append(&shared).append(Participants(&[])).finish();
    let xml = r#"<message><participants><to jid="1:2@lid"/><to jid="3@lid"/></participants><participants/></message>"#;
    assert_eq!(node.to_string(), xml);
}

#[test]
fn a_tree_can_be_put_into_itself() {
    let node = Node::build("a").child("b", |b| b.bytes("x")).finish();
    let twice = node.edit().append(&node).at("b", |b| b.append(node.child("b").unwrap())).finish();
    assert_eq!(twice.to_string(), "<a><b><b>x</b></b><a><b>x</b></a></a>");
}

#[test]
fn what_cannot_be_written_is_refused_with_its_path() {
    let domain = JidRef::parse_as("12:5@ad:2", wabinary::JidForm::AdDomain(2)).unwrap();
    let refused = |node: &Node| {
        let error = encode(node).unwrap_err();
        (error.kind().name(), error.to_string())
    };
    let node = Node::build("a").child("", |_| {}).finish();
    assert_eq!(refused(&node), ("empty-tag", "empty tag, in a > ".to_owned()));
    let node = Node::build("").finish();
    assert_eq!(refused(&node), ("empty-tag", "empty tag".to_owned()));
    let node = Node::build("a").child("b", |b| b.attr("id", 1).attr("x", 2).attr("id", 3)).finish();
    assert_eq!(refused(&node), ("duplicate-key", "attribute name occurs twice, in a > b > @id".to_owned()));
    let node = Node::build("a").attr("from", domain).finish();
    assert_eq!(refused(&node), ("unknown-domain", "JID domain byte 2 is undefined, in a > @from".to_owned()));
    let node = Node::build("a").child("b", |b| b.content(domain)).finish();
    assert_eq!(refused(&node), ("unknown-domain", "JID domain byte 2 is undefined, in a > b".to_owned()));
    // The second of two equal tags, by its own path.
    let node = Node::build("a").child("b", |_| {}).child("b", |b| b.child("", |_| {})).finish();
    assert_eq!(refused(&node), ("empty-tag", "empty tag, in a > b > ".to_owned()));
}

/// The tags of the children of the root and of `at`, if it exists.
fn order(node: &Node) -> String {
    let tags = |node: NodeRef<'_>| node.children().map(|child| child.tag().to_owned()).collect::<Vec<_>>().join(" ");
    node.children().fold(tags(node.as_ref()), |all, child| match child.children().len() {
        0 => all,
        _ => format!("{all} {}({})", child.tag(), tags(child)),
    })
}

#[test]
fn children_are_inserted_replaced_and_removed_at_their_places() {
    let list = Node::build("list")
        .child("a", |a| a.attr("jid", "1@lid").child("in", |x| x.bytes(vec![1])))
        .child("b", |_| ())
        .child("c", |c| c.attr("x", 1))
        .finish();
    let new = Node::build("new").attr("y", 2).child("of", |of| of.attr("jid", Jid::SERVER)).finish();
    type Edit<'n> = Box<dyn Fn(&Builder) + 'n>;
    let cases: Vec<(Edit<'_>, &str)> = vec![
        (Box::new(|list| _ = list.insert_child(0, "new", |new| new.attr("y", 2))), "new a b c a(in)"),
        (Box::new(|list| _ = list.insert(1, &new)), "a new b c a(in) new(of)"),
        (Box::new(|list| _ = list.insert_child(9, "new", |_| ())), "a b c new a(in)"),
        (Box::new(|list| _ = list.replace(0, &new)), "new b c new(of)"),
        (Box::new(|list| _ = list.replace_child(1, "new", |new| new.child("in", |_| ()))), "a new c a(in) new(in)"),
        (Box::new(|list| _ = list.replace_child(9, "new", |_| ())), "a b c new a(in)"),
        (Box::new(|list| _ = list.remove_child(0)), "b c"),
        (Box::new(|list| _ = list.remove_child(2).remove_child(2)), "a b a(in)"),
        (Box::new(|list| _ = list.remove_child(0).remove_child(0).remove_child(0)), ""),
        (Box::new(|list| _ = list.at("a", |a| a.insert_child(0, "new", |_| ()))), "a b c a(new in)"),
        (Box::new(|list| _ = list.children([&new, &new]).remove_child(1)), "a c new new a(in) new(of) new(of)"),
        // An open element is closed, and an element that takes the tree gets a copy.
        (
            Box::new(|list| _ = list.insert_child(1, "new", |new| new.begin_child("open").begin_child("x"))),
            "a new b c a(in) new(open)",
        ),
        (Box::new(|list| _ = list.insert(1, Taker)), "a b c a(in)"),
    ];
    for (edit, expected) in cases {
        let edited = list.edit();
        edit(&edited);
        let edited = edited.attr("last", 1).finish();
        assert_eq!(order(&edited), expected);
        assert_eq!(decode(encode(&edited).unwrap()).unwrap(), edited, "{edited}");
        // The same edit in a part of a tree, with nodes after it.
        let outer = Node::build("outer").append(&list).child("end", |end| end.attr("z", 3)).finish();
        let inner = outer.into_builder().at("list", edit).finish();
        assert_eq!(order(&inner.child("list").unwrap().to_node()), expected);
        assert_eq!(inner.child("end").map(|end| end.get("z")), Some(Ok(3)));
        assert_eq!(decode(encode(&inner).unwrap()).unwrap(), inner, "{inner}");
    }
}

struct Taker;

impl Element for Taker {
    fn append_to(&self, parent: &Builder) {
        assert_eq!(parent.end_child().end_child().finish().tag(), "list");
    }
}

/// Whatever an element does in the middle of a list, what comes out is a tree, and the nodes after the place are kept.
#[test]
fn an_element_in_the_middle_of_a_list_does_what_it_does_at_the_end() {
    type Write = fn(&Builder);
    struct Writes(Write);

    impl Element for Writes {
        fn append_to(&self, parent: &Builder) {
            (self.0)(parent);
        }
    }

    let cases: [(Write, &str); 9] = [
        (|list| _ = list.content("text"), "b c b(in)"),
        (|list| _ = list.content(Jid::SERVER), "b c b(in)"),
        (|list| _ = list.empty_nodes(), "b c b(in)"),
        (|list| _ = list.content("text").child("new", |_| ()), "new b c b(in)"),
        (|list| _ = list.set("jid", Jid::SERVER).child("new", |_| ()).begin_child("open"), "a new open b c b(in)"),
        (|list| _ = list.append(list.finish()), "a list b c list(a) b(in)"),
        (|list| _ = list.remove_child(1).remove_child(0), "b c b(in)"),
        (
            |list| _ = list.insert(0, Writes(|list| _ = list.child("new", |_| ()))).insert_child(9, "last", |_| ()),
            "new a last b c b(in)",
        ),
        (|list| _ = list.at("b", |b| b.set("x", 1)).replace_child(0, "new", |_| ()), "new b b c b(in)"),
    ];
    for (writes, expected) in cases {
        let fill = |list: &Builder| {
            list.child("a", |_| ()).child("b", |b| b.child("in", |_| ())).child("c", |_| ());
            list.insert(1, Writes(writes));
        };
        let outer = Node::build("outer").child("list", fill).child("end", |_| ()).finish();
        assert_eq!(order(&outer.child("list").unwrap().to_node()), expected);
        assert_eq!(decode(encode(&outer).unwrap()).unwrap(), outer, "{outer}");
        let replaced = Node::build("list");
        fill(&replaced);
        let replaced = replaced.replace(9, Writes(writes)).finish();
        assert_eq!(decode(encode(&replaced).unwrap()).unwrap(), replaced, "{replaced}");
    }
}

#[test]
fn a_child_that_fails_leaves_nothing() {
    for content in [None, Some("kept")] {
        let builder = Node::build("message");
        if content.is_some() {
            builder.child("kept", |_| ());
        }
        let failed = builder.try_child("to", |to| {
            to.attr("jid", Jid::SERVER).child("enc", |_| ()).begin_child("open");
            Err::<(), _>("no session")
        });
        assert_eq!(failed.unwrap_err(), "no session");
        builder.try_child("ok", |ok| Ok::<_, ()>(ok.attr("x", 1))).unwrap().attr("id", 1);
        assert_eq!(builder.finish().children().count(), 1 + usize::from(content.is_some()));
    }
    let message = Node::build("message");
    let empty = message.try_child("to", |_| Err::<(), ()>(())).err();
    assert_eq!((empty, message.finish().to_string().as_str()), (Some(()), "<message/>"));
}

#[test]
fn a_panic_that_is_caught_leaves_the_builder_at_the_node_that_was_open() {
    fn caught(write: impl FnOnce(&Builder) -> &Builder) -> String {
        let builder = Node::build("list").child("a", |_| ()).child("b", |_| ()).finish().into_builder();
        catch_unwind(AssertUnwindSafe(|| drop(write(&builder).finish()))).unwrap_err();
        builder.attr("id", 1).finish().to_string()
    }
    let fail = |node: &Builder| {
        node.attr("x", 1).begin_child("open");
        panic!("no session");
    };
    let list = r#"<list id="1"><a/><b/></list>"#;
    assert_eq!(caught(|list| list.child("c", fail)), list);
    assert_eq!(caught(|list| list.child("c", |c| c.child("d", fail))), list);
    assert_eq!(caught(|list| list.insert_child(1, "c", fail)), list);
    assert_eq!(caught(|list| list.replace_child(0, "c", fail)), r#"<list id="1"><b/></list>"#);
    // What is edited stays, as far as the edit went.
    assert_eq!(caught(|list| list.at("a", fail)), r#"<list id="1"><a x="1"><open/></a><b/></list>"#);
}

#[test]
fn open_nodes_are_ended_one_by_one_and_by_the_end() {
    let builder = Node::build("a");
    builder.begin_child("b").attr("x", 1).begin_child("c").end_child().attr("y", 2).end_child().attr("z", 3);
    builder.end_child().child("d", |d| d.end_child().end_child().attr("w", 4)).begin_child("e").begin_child("f");
    let node = builder.finish();
    assert_eq!(node.to_string(), r#"<a z="3"><b x="1" y="2"><c/></b><d w="4"/><e><f/></e></a>"#);
    assert_eq!(decode(encode(&node).unwrap()).unwrap(), node);
}
