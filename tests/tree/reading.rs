//! Tags, attributes read with types, children, content.

use wabinary::{
    AttrError, Content, FromValue, Jid, JidRef, KnownNames, Node, NodeRef, Server, UnixSeconds, Value, decode, encode,
};

/// `<a x=value/>`.
fn with<'v>(value: impl Into<wabinary::NewValue<'v>>) -> Node {
    Node::build("a").attr("x", value).finish()
}

/// Whether the value reads as a `T`, and the message if not.
fn read<T: for<'a> FromValue<'a>>(value: &str) -> Result<T, String> {
    with(value).get::<T>("x").map_err(|error| error.to_string())
}

#[test]
fn integers_are_read_within_the_range_of_their_type() {
    assert_eq!((read("0"), read("255")), (Ok(0_u8), Ok(255_u8)));
    assert_eq!(read::<u8>("256"), Err("a > @x: expected an integer from 0 to 255".to_owned()));
    assert_eq!(read("65535"), Ok(65_535_u16));
    assert_eq!(read::<u16>("65536"), Err("a > @x: expected an integer from 0 to 65535".to_owned()));
    assert_eq!(read("4294967295"), Ok(u32::MAX));
    assert_eq!(read::<u32>("4294967296"), Err("a > @x: expected an integer from 0 to 4294967295".to_owned()));
    assert_eq!(read("18446744073709551615"), Ok(u64::MAX));
    assert_eq!(
        read::<u64>("18446744073709551616"),
        Err("a > @x: expected an integer of 64 bits, not negative".to_owned())
    );
    assert_eq!(read(&usize::MAX.to_string()), Ok(usize::MAX));
    assert_eq!(read::<usize>("-1"), Err("a > @x: expected an integer, not negative".to_owned()));
    assert_eq!((read("-128"), read("127")), (Ok(i8::MIN), Ok(i8::MAX)));
    assert_eq!(read::<i8>("128"), Err("a > @x: expected an integer from -128 to 127".to_owned()));
    assert_eq!((read("-32768"), read("32767")), (Ok(i16::MIN), Ok(i16::MAX)));
    assert_eq!(read::<i16>("-32769"), Err("a > @x: expected an integer from -32768 to 32767".to_owned()));
    assert_eq!((read("-2147483648"), read("2147483647")), (Ok(i32::MIN), Ok(i32::MAX)));
    assert_eq!(read::<i32>("2147483648"), Err("a > @x: expected an integer from -2147483648 to 2147483647".to_owned()));
    assert_eq!((read("-9223372036854775808"), read("9223372036854775807")), (Ok(i64::MIN), Ok(i64::MAX)));
    assert_eq!(read::<i64>("9223372036854775808"), Err("a > @x: expected an integer of 64 bits".to_owned()));
}

#[test]
fn only_plain_decimal_digits_are_an_integer() {
    assert_eq!(read("007"), Ok(7_u32));
    for text in ["", " 5", "5 ", "+5", "--5", "-", "5.0", "0x5", "1e3", "\u{0665}", "5\0", "five"] {
        assert!(read::<u32>(text).is_err(), "{text:?} as u32");
        assert!(read::<i64>(text).is_err(), "{text:?} as i64");
    }
    assert!(read::<u32>("-5").is_err());
}

#[test]
fn texts_are_read_from_texts_alone() {
    assert_eq!(with("").get("x"), Ok(""));
    assert_eq!(with("s.whatsapp.net").get("x"), Ok("s.whatsapp.net"));
    for node in [with(Jid::SERVER), with(Value::Null)] {
        assert_eq!(node.get::<&str>("x").unwrap_err().to_string(), "a > @x: expected a text");
        assert_eq!(node.get::<u32>("x").unwrap_err().to_string(), "a > @x: expected an integer from 0 to 4294967295");
    }
}

#[test]
fn times_are_whole_seconds() {
    assert_eq!(read("1700000000"), Ok(UnixSeconds(1_700_000_000)));
    assert_eq!(read("18446744073709551615"), Ok(UnixSeconds(u64::MAX)));
    for text in ["-1", "1700000000.5", "", "tomorrow"] {
        let message = "a > @x: expected a time in whole seconds since 1970";
        assert_eq!(read::<UnixSeconds>(text), Err(message.to_owned()), "{text}");
    }
}

#[test]
fn addresses_are_read_from_typed_jids_and_from_text_alike() {
    let device: Jid = "15550001111:5@s.whatsapp.net".parse().unwrap();
    for node in [with(&device), with("15550001111:5@s.whatsapp.net")] {
        assert_eq!(node.get::<Jid>("x"), Ok(device.clone()));
        let read = node.get::<JidRef<'_>>("x").unwrap();
        assert_eq!((read.user(), read.server(), read.device()), (Some("15550001111"), Server::Whatsapp, 5));
    }
    assert_eq!(with("g.us").get::<JidRef<'_>>("x").map(|jid| (jid.user(), jid.server())), Ok((None, Server::Group)));
    // Clients print the server so.
    assert_eq!(with("@s.whatsapp.net").get("x"), Ok(JidRef::SERVER));
    // A word alone could be a server, and is more likely a value in the wrong place.
    let wrong = ["", "x@", "a@b@c", "15550001111:256@lid", "participant", "15550001111"].map(with);
    for node in wrong.into_iter().chain([with(Value::Null)]) {
        assert_eq!(node.get::<Jid>("x").unwrap_err().to_string(), "a > @x: expected a JID");
        assert_eq!(node.get::<JidRef<'_>>("x").unwrap_err().to_string(), "a > @x: expected a JID");
    }
}

#[test]
fn an_empty_name_is_found_like_any_other() {
    static NAMES: KnownNames<1> = KnownNames::new([""]);
    let node = Node::build("a").attr("id", 1).attr("", "x").finish();
    assert_eq!(node.as_ref().known_attrs(&NAMES).read(0), Ok(Some("x")));
    assert_eq!(decode(encode(&node).unwrap()).unwrap().as_ref().known_attrs(&NAMES).read(0), Ok(Some("x")));
}

#[test]
fn values_are_read_as_they_stand() {
    let node =
        Node::build("a").attr("text", "s.whatsapp.net").attr("jid", Jid::SERVER).attr("null", Value::Null).finish();
    assert_eq!(node.get("text"), Ok(Value::Text("s.whatsapp.net")));
    assert_eq!(node.get("jid"), Ok(Value::Jid(JidRef::SERVER)));
    assert_eq!(node.get("null"), Ok(Value::Null));
    assert_eq!(node.get_opt::<Value<'_>>("none"), Ok(None));
    assert_eq!((node.attr("null"), node.attr("none")), (Some(Value::Null), None));
}

#[test]
fn an_absent_attribute_is_an_error_only_where_it_is_required() {
    let node = with("1");
    assert_eq!(node.get_opt::<u32>("y"), Ok(None));
    let error = node.get::<u32>("y").unwrap_err();
    assert_eq!((error.path(), error.attribute(), error.is_missing()), ("a", "y", true));
    assert_eq!(error.expected(), "an integer from 0 to 4294967295");
    let message = "a > @y: expected an integer from 0 to 4294967295, found no such attribute";
    assert_eq!(error.to_string(), message);
    // Names are compared exactly.
    assert_eq!((node.attr("X"), node.attr("x "), node.attr("")), (None, None, None));
}

#[test]
fn a_wrong_value_is_an_error_also_where_the_attribute_may_be_absent() {
    let node = Node::build("a").attr("t", "secret").attr("null", Value::Null).finish();
    let error: AttrError = node.get_opt::<UnixSeconds>("t").unwrap_err();
    assert_eq!((error.path(), error.attribute(), error.is_missing()), ("a", "t", false));
    assert_eq!(node.get_opt::<&str>("null").unwrap_err().to_string(), "a > @null: expected a text");
}

#[test]
fn errors_name_the_path_and_never_the_value() {
    let call = Node::build("call")
        .attr("from", "15550001111")
        .child("offer", |offer| offer.child("audio", |_| {}).child("enc", |enc| enc.attr("v", "15550002222")))
        .child("offer", |_| {})
        .finish();
    let enc = call.descend(["offer", "enc"]).unwrap();
    let error = enc.get::<u8>("v").unwrap_err();
    assert_eq!(error.path(), "call > offer > enc");
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(shown.contains("offer") && !shown.contains("1555"), "{shown}");
    }
    assert_eq!(call.children().nth(1).unwrap().get::<u8>("v").unwrap_err().path(), "call > offer");
}

#[test]
fn paths_stay_readable_with_names_that_are_not() {
    let node = Node::build("a\nb\u{1b}").child(&"x".repeat(100), |_| {}).finish();
    let path = node.children().next().unwrap().path();
    assert_eq!(path, format!("a\\nb\\u{{1b}} > {}…", "x".repeat(64)));
}

#[test]
fn a_type_of_ones_own_is_read_like_those_of_the_crate() {
    #[derive(Debug, PartialEq)]
    struct Flag(bool);
    impl FromValue<'_> for Flag {
        const EXPECTED: &'static str = "0 or 1";
        fn from_value(value: Value<'_>) -> Option<Self> {
            match value {
                Value::Text("0") => Some(Self(false)),
                Value::Text("1") => Some(Self(true)),
                _ => None,
            }
        }
    }
    assert_eq!(with("1").get_opt("x"), Ok(Some(Flag(true))));
    assert_eq!(with("true").get::<Flag>("x").unwrap_err().expected(), "0 or 1");
}

#[test]
fn attributes_keep_their_order_and_count() {
    let names = ["b", "2", "1", "id", "a"];
    let builder = Node::build("n");
    for name in names {
        // JIDs take more room in a tree than texts.
        builder.attr(name, if name.len() == 1 { Value::Jid(JidRef::SERVER) } else { Value::Text(name) });
    }
    let node = builder.finish();
    let mut attrs = node.attrs();
    assert_eq!(attrs.len(), 5);
    assert_eq!(attrs.next(), Some(("b", Value::Jid(JidRef::SERVER))));
    assert_eq!(attrs.len(), 4);
    assert_eq!(attrs.map(|(name, _)| name).collect::<Vec<_>>(), ["2", "1", "id", "a"]);
    assert_eq!(Node::build("n").finish().attrs().len(), 0);
}

#[test]
fn of_two_attributes_of_one_name_the_first_is_read() {
    let node = Node::build("a").attr("x", "1").attr("y", "2").attr("x", "3").finish();
    assert_eq!(node.get::<u32>("x"), Ok(1));
    assert_eq!(node.attrs().filter(|(name, _)| *name == "x").count(), 2);
}

fn tags<'a>(nodes: impl Iterator<Item = NodeRef<'a>>) -> Vec<&'a str> {
    nodes.map(NodeRef::tag).collect()
}

/// `<r><a/><b><a n="1"/><c/></b><b/><a/></r>`
fn family() -> Node {
    Node::build("r")
        .child("a", |_| {})
        .child("b", |b| {
            b.child("a", |a| a.attr("n", 1));
            b.child("c", |_| {});
        })
        .child("b", |_| {})
        .child("a", |_| {})
        .finish()
}

#[test]
fn children_come_in_order_without_what_is_below_them() {
    let node = family();
    assert_eq!(tags(node.children()), ["a", "b", "b", "a"]);
    assert_eq!(tags(node.children().nth(1).unwrap().children()), ["a", "c"]);
    let mut children = node.children();
    for left in (0..4).rev() {
        assert!(children.next().is_some());
        assert_eq!(children.len(), left);
    }
    assert!(children.next().is_none() && children.next().is_none());
}

#[test]
fn the_first_child_of_a_tag_is_found_and_only_among_children() {
    let node = family();
    assert_eq!(node.child("b").map(|b| b.children().len()), Some(2));
    assert!(node.child("c").is_none() && node.child("r").is_none());
    let below = node.descend(["b", "a"]).unwrap();
    assert_eq!((below.get::<u32>("n"), below.path()), (Ok(1), "r > b > a".to_owned()));
    assert!(node.descend(["b", "d"]).is_none());
    // `descend` takes the first <b> and tries no other.
    assert!(node.descend(["b", "c", "d"]).is_none());
    assert_eq!(node.descend([]), Some(node.as_ref()));
}

#[test]
fn contents_differ_as_they_do_on_the_wire() {
    // No content, no children, children, bytes, no bytes, a token, packed text, a JID.
    let decoded = |hex| wabinary::decode(data_encoding::HEXLOWER.decode(str::as_bytes(hex)).unwrap()).unwrap();
    let none = decoded("00f8011b");
    assert!(matches!(none.content(), Content::None));
    let no_children = decoded("00f8021b00");
    assert!(matches!(no_children.content(), Content::Nodes(nodes) if nodes.len() == 0));
    let children = decoded("00f8021bf801f80107");
    assert!(matches!(children.content(), Content::Nodes(nodes) if tags(nodes.clone()) == ["receipt"]));
    let bytes = decoded("00f8021bfc0474797065");
    assert!(matches!(bytes.content(), Content::Bytes(b"type")));
    let no_bytes = decoded("00f8021bfc00");
    assert!(matches!(no_bytes.content(), Content::Bytes(b"")));
    let token = decoded("00f8021b04");
    assert!(matches!(token.content(), Content::Text("type")));
    let packed = decoded("00f8021bfb82abcf");
    assert!(matches!(packed.content(), Content::Text("ABC")));
    let jid = decoded("00f8021bfa0003");
    assert!(matches!(jid.content(), Content::Jid(jid) if jid == JidRef::SERVER));

    let (texts, raw): (Vec<_>, Vec<_>) = [&none, &no_children, &children, &bytes, &no_bytes, &token, &packed, &jid]
        .map(|node| (node.text(), node.bytes()))
        .into_iter()
        .unzip();
    assert_eq!(texts, [None, None, None, Some("type"), Some(""), Some("type"), Some("ABC"), None]);
    assert_eq!(raw, [&b""[..], b"", b"", b"type", b"", b"type", b"ABC", b""]);
}

#[test]
fn bytes_that_are_no_utf8_are_no_text() {
    let node = Node::build("a").bytes(vec![0xff, 0x41]).finish();
    assert_eq!((node.text(), node.bytes()), (None, &[0xff, 0x41][..]));
}

#[test]
fn any_value_has_a_text_and_booleans_have_two_spellings() {
    let device: Jid = "15550001111:5@s.whatsapp.net".parse().unwrap();
    let node = Node::build("a").attr("text", "1").attr("jid", &device).attr("null", Value::Null).finish();
    for (name, text, is_text, is_jid) in
        [("text", "1", true, false), ("jid", "15550001111:5@s.whatsapp.net", false, true), ("null", "", false, false)]
    {
        let value = node.attr(name).unwrap();
        assert_eq!((&*value.to_text(), value.to_string().as_str()), (text, text));
        assert_eq!((value == text, value.as_text().is_some(), value.as_jid().is_some()), (is_text, is_text, is_jid));
        assert_eq!(node.get::<String>(name).ok(), (!value.is_null()).then(|| text.to_owned()), "{name}");
        assert_eq!(value.read::<std::borrow::Cow<'_, str>>().as_deref(), (!value.is_null()).then_some(text));
    }
    for (text, expected) in
        [("1", Some(true)), ("true", Some(true)), ("0", Some(false)), ("false", Some(false)), ("yes", None), ("", None)]
    {
        assert_eq!(Value::Text(text).read::<bool>(), expected, "{text}");
    }
    assert_eq!(Value::Jid(device.as_ref()).read::<bool>(), None);
}

#[test]
fn an_address_is_a_jid_if_it_is_one() {
    use wabinary::NewValue;
    for (text, is_jid) in [
        ("15550001111:5@s.whatsapp.net", true),
        ("g.us", true),
        ("status@broadcast", true),
        ("unknown.example", false),
        ("u@unknown.example", true),
        ("a@b@c", false),
        ("1:300@lid", false),
        ("", false),
    ] {
        for value in [NewValue::address(text), NewValue::address(text.to_owned())] {
            let node = Node::build("to").attr("jid", value).finish();
            assert_eq!(
                node.attr("jid").map(|value| (value.as_jid().is_some(), value.to_text())),
                Some((is_jid, text.into()))
            );
        }
    }
}
