//! Call acknowledgements of the wacrg entry, and captured ones.

use data_encoding::HEXLOWER;
use wabinary::stanza::{CallAck, CallAckRef};
use wabinary::{Decoder, Dictionary, Encoder, Jid, JidRef, Node, UnixSeconds, Value, decode, encode};

/// The entry's first example: its bytes with a typed JID, as WhatsApp Web, whatsmeow and wacore-binary write it, and
/// with a plain text, as WhatsApp Web, Baileys, wacore-binary and zapo do.
const FIRST: [&str; 2] = [
    "00f8091b08fc074f462d30303031156406fa00031aff051700000000",
    "00f8091b08fc074f462d303030311564 06031aff051700000000",
];
/// The second, with an error.
const SECOND: [&str; 2] = [
    "00f8081b08fc074f462d30303032156406fa0003f801f805a870eed038fc137365727669636520756e617661696c61626c65",
    "00f8081b08fc074f462d30303032156406 03f801f805a870eed038fc137365727669636520756e617661696c61626c65",
];

fn bytes(hex: &str) -> Vec<u8> {
    HEXLOWER.decode(hex.replace(' ', "").as_bytes()).unwrap()
}

#[test]
fn the_first_example_projects_in_both_spellings_of_its_address() {
    for hex in FIRST {
        let node = decode(bytes(hex)).unwrap();
        let ack = CallAckRef::try_from(&node).unwrap();
        assert_eq!((ack.id(), ack.class()), ("OF-0001", "call"));
        assert_eq!(ack.from_jid().unwrap(), Some(JidRef::SERVER));
        assert_eq!(ack.t().unwrap(), Some(UnixSeconds(1_700_000_000)));
        assert_eq!((ack.to_jid().unwrap(), ack.kind().unwrap(), ack.error().unwrap()), (None, None, None));
        assert_eq!((ack.participant().unwrap(), ack.recipient().unwrap()), (None, None));
        assert_eq!(ack.errors().count() + ack.unknown_attrs().count() + ack.unknown_children().count(), 0);
        assert_eq!(encode(&ack.to_owned()).unwrap(), bytes(hex));
    }
}

#[test]
fn the_second_example_projects_with_its_error() {
    for hex in SECOND {
        let node = decode(bytes(hex)).unwrap();
        let ack = CallAck::try_from(node).unwrap();
        let errors: Vec<_> = ack.as_ref().errors().collect();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].code().unwrap(), Some(503));
        assert_eq!(errors[0].text().unwrap(), Some("service unavailable"));
        assert_eq!(errors[0].rest().count(), 0);
        assert_eq!(encode(&ack).unwrap(), bytes(hex));
    }
}

#[test]
fn the_examples_build_to_the_same_bytes() {
    let time = UnixSeconds(1_700_000_000);
    let first = CallAck::build("OF-0001");
    let first = first.from_jid(Jid::SERVER).t(time).finish();
    assert_eq!(first.as_ref().id(), "OF-0001");
    assert_eq!(encode(&first).unwrap(), bytes(FIRST[0]));
    let first = CallAck::build("OF-0001");
    assert_eq!(encode(&first.from_jid("s.whatsapp.net").t(time).finish()).unwrap(), bytes(FIRST[1]));
    for (hex, from) in SECOND.into_iter().zip([Value::Jid(JidRef::SERVER), Value::Text("s.whatsapp.net")]) {
        let second = CallAck::build("OF-0002");
        second.from_jid(from).error_entry(503, "service unavailable");
        assert_eq!(encode(&second.finish()).unwrap(), bytes(hex));
    }
}

#[test]
fn everything_not_modelled_is_kept_in_order() {
    let node = Node::build("ack")
        .attr("zeta", "1")
        .attr("class", "call")
        .attr("id", "A")
        .attr("phash", "2:x")
        .child("relay", |relay| relay.child("key", |key| key.bytes(vec![0x5e; 16])))
        .child("error", |error| {
            error.attr("jid", "15550001111:3@s.whatsapp.net").attr("code", 434).attr("call-id", "C1")
        })
        .child("applause", |_| {})
        .child("error", |error| error.attr("tone", "harsh"))
        .finish();
    let ack = CallAckRef::try_from(&node).unwrap();
    let names: Vec<_> = ack.unknown_attrs().map(|(name, _)| name).collect();
    assert_eq!(names, ["zeta", "phash"]);
    assert_eq!(ack.unknown_children().map(|child| child.tag()).collect::<Vec<_>>(), ["applause"]);
    let codes: Vec<_> = ack.errors().map(|error| error.code().unwrap()).collect();
    assert_eq!(codes, [Some(434), None]);
    let rest: Vec<_> = ack.errors().flat_map(|error| error.rest()).map(|(name, _)| name).collect();
    assert_eq!(rest, ["tone"]);
    let first = ack.errors().next().unwrap();
    assert_eq!(first.jid().unwrap().map(|jid| jid.device()), Some(3));
    assert_eq!((first.call_id(), first.call_creator()), (Ok(Some("C1")), Ok(None)));
    assert_eq!(ack.to_owned().into_node(), node);

    // A positive ack of an offer is as secret as a key file.
    let shown = format!("{ack:?}");
    assert!(shown.contains("relay") && shown.contains("434"), "{shown}");
    assert!(!shown.contains("Xl5e") && !shown.contains("key") && !shown.contains("2:x"), "{shown}");
}

/// The built node, and the node decoded under each dictionary. (Version 2 has no token for `recipient`.)
fn built_and_decoded(node: &Node) -> impl Iterator<Item = Node> {
    let decoded = [Dictionary::V2, Dictionary::V3].map(|dictionary| {
        let frame = Encoder::new().with_dictionary(dictionary).encode(node).unwrap();
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        decoder.decode(frame).unwrap();
        decoder.take().unwrap()
    });
    [node.clone()].into_iter().chain(decoded)
}

/// Names are searched by a few bits of their tokens' numbers, which other tokens share.
#[test]
fn an_attribute_is_found_whatever_other_token_is_a_name() {
    let known = ["from", "to", "participant", "recipient", "id", "class", "type", "t", "error"];
    for (_, other) in Dictionary::V3.tokens().filter(|(_, text)| !known.contains(text)) {
        let ack = Node::build("ack");
        ack.attr(other, "x")
            .attr("id", "A")
            .attr("class", "call")
            .attr("type", "offer")
            .attr("t", 7)
            .attr("error", 434);
        for address in &known[..4] {
            ack.attr(address, JidRef::SERVER);
        }
        for node in built_and_decoded(&ack.finish()) {
            let ack = CallAckRef::try_from(&node).unwrap();
            let addresses = [ack.from_jid(), ack.to_jid(), ack.participant(), ack.recipient()];
            assert_eq!(addresses, [const { Ok(Some(JidRef::SERVER)) }; 4], "{other}");
            assert_eq!((ack.id(), ack.t(), ack.error()), ("A", Ok(Some(UnixSeconds(7))), Ok(Some(434))), "{other}");
            assert!(ack.kind().is_ok_and(|kind| kind.is_some()), "{other}");
        }
    }
}

#[test]
fn what_is_below_the_ack_or_has_another_name_is_no_attribute_of_it() {
    let node = Node::build("ack")
        .attr("class", "call")
        .attr("id", "A")
        .attr("x-from", "s.whatsapp.net")
        .child("error", |error| {
            error.attr("code", 503).attr("from", Jid::SERVER).attr("t", 7).attr("x-text", "x").attr("error", 434)
        })
        .child("error", |error| error.attr("text", "gone").attr("jid", Jid::SERVER))
        .finish();
    for node in built_and_decoded(&node) {
        let ack = CallAckRef::try_from(&node).unwrap();
        assert_eq!([ack.from_jid(), ack.to_jid(), ack.participant(), ack.recipient()], [const { Ok(None) }; 4]);
        assert_eq!((ack.kind(), ack.t(), ack.error()), (Ok(None), Ok(None), Ok(None)));
        let errors: Vec<_> = ack.errors().map(|error| (error.code(), error.text(), error.jid())).collect();
        let expected = [(Ok(Some(503)), Ok(None), Ok(None)), (Ok(None), Ok(Some("gone")), Ok(Some(JidRef::SERVER)))];
        assert_eq!(errors, expected);
    }
}

/// Tag and class are compared by number if they are tokens. They may be texts too, but not JIDs.
#[test]
fn tag_and_class_may_be_spelled_out() {
    let spelled: &[u8] = b"\0\xf8\x05\xfc\x03ack\x15\xfc\x04call\x08\xfc\x01A";
    let node = decode(spelled).unwrap();
    assert_eq!(CallAckRef::try_from(&node).map(|ack| (ack.id(), ack.class())).ok(), Some(("A", "call")));
    let server: &[u8] = b"\0\xf8\x05\x1b\x15\xfa\0\xfc\x04call\x08\xfc\x01A";
    let node = decode(server).unwrap();
    assert_eq!(node.to_string(), r#"<ack class="{jid}call" id="A"/>"#);
    assert!(CallAckRef::try_from(&node).is_err());
}

#[test]
fn values_that_are_there_but_not_of_their_type_are_errors_of_their_getter_only() {
    let node = Node::build("ack")
        .attr("id", "A")
        .attr("class", "call")
        .attr("from", "a@b@c")
        .attr("t", "-1")
        .attr("error", "many")
        .finish();
    let ack = CallAckRef::try_from(&node).unwrap();
    assert_eq!(ack.from_jid().unwrap_err().to_string(), "ack > @from: expected a JID");
    assert_eq!(ack.t().unwrap_err().to_string(), "ack > @t: expected a time in whole seconds since 1970");
    assert_eq!(ack.error().unwrap_err().to_string(), "ack > @error: expected an integer from 0 to 65535");
    assert_eq!(ack.node().attr("t"), Some(Value::Text("-1")));
}

#[test]
fn no_error_is_spelled_in_three_ways() {
    for none in ["", "0", "000"] {
        let ack = CallAck::build("A").attr("error", none).finish();
        assert_eq!(ack.as_ref().error(), Ok(None), "{none}");
    }
    assert_eq!(CallAck::build("A").finish().as_ref().error(), Ok(None));
    assert_eq!(CallAck::build("A").error(403).finish().as_ref().error(), Ok(Some(403)));
}

#[test]
fn what_is_no_call_ack_is_given_back() {
    let cases = [
        (Node::build("receipt").attr("id", "A").finish(), "tag is \"receipt\", expected \"ack\""),
        (Node::build("ack").attr("id", "A").finish(), "ack > @class: expected \"call\", found no such attribute"),
        (Node::build("ack").attr("id", "A").attr("class", "message").finish(), "ack > @class: expected \"call\""),
        (
            Node::build("ack").attr("class", "call").finish(),
            "ack > @id: expected the id of a call stanza, found no such attribute",
        ),
        (
            Node::build("ack").attr("class", "call").attr("id", "").finish(),
            "ack > @id: expected the id of a call stanza",
        ),
    ];
    for (node, message) in cases {
        let error = CallAck::try_from(node.clone()).unwrap_err();
        assert_eq!((error.to_string().as_str(), error.stanza_error().to_string().as_str()), (message, message));
        assert_eq!(error.into_node(), node);
    }
}
