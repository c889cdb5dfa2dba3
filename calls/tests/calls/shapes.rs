//! Reads the shapes that clients and the server are known to send.

use wabinary::stanza::{
    AckRef, CallAck, CallAckRef, CallAction, CallEvidence, CallReceipt, CallStanza, Direction, ErrorCode,
};
use wabinary::{Builder, Decoder, Dictionary, Encoder, JidRef, Node, UnixSeconds, decode, encode};
use wabinary_calls::{Code, MatchedBy, Outcome, Verdict, ack_findings, answers, named_call};
use wabinary_testing::made::{
    ALICE, ALICES_PHONE, ALICES_SECOND, BOB, CALL, GROUP_CALL, ME, ack_node, call, child, node, relay, set,
};

const ACCEPTED: Verdict = Verdict::ACCEPTED;

fn refused(code: impl Into<Option<ErrorCode>>) -> Verdict {
    Verdict { outcome: Outcome::Refused, code: code.into().map(Code::from) }
}

/// The ack after encoding and decoding.
fn over_the_wire(node: &Node) -> CallAck {
    let frame = encode(node).unwrap();
    let ack = CallAck::try_from(decode(frame.clone()).unwrap()).unwrap();
    assert_eq!(encode(&ack).unwrap(), frame);
    ack
}

fn codes(ack: &CallAck, call: Option<&CallStanza>) -> Vec<&'static str> {
    ack_findings(ack, call.map(CallStanza::as_ref)).iter().map(|finding| finding.rule().code()).collect()
}

/// A client's ack of an incoming call stanza: the sender, the action, the rest of the stanza, the ack's attributes in
/// order, its type, the findings.
type OfClient = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static [(&'static str, &'static str)],
    Option<CallAction<'static>>,
    &'static [&'static str],
);

const FROM_ALICE: &[(&str, &str)] = &[("from", ALICES_SECOND)];
const FROM_GROUP: &[(&str, &str)] = &[("from", GROUP_CALL), ("participant", ALICE), ("recipient", ALICES_PHONE)];
const GROUP_ONLY: &[(&str, &str)] = &[("from", GROUP_CALL), ("participant", ALICE)];

const OF_CLIENTS: [OfClient; 16] = [
    (
        "WhatsApp Web",
        "video",
        FROM_ALICE,
        &[("to", ALICES_SECOND), ("id", "A"), ("class", "call"), ("type", "video")],
        Some(CallAction::Video),
        &[],
    ),
    (
        "zapo",
        "transport",
        FROM_ALICE,
        &[("class", "call"), ("to", ALICES_SECOND), ("id", "A"), ("type", "transport")],
        Some(CallAction::Transport),
        &[],
    ),
    (
        "zapo's plugin for calls",
        "offer",
        FROM_ALICE,
        &[("class", "call"), ("to", ALICES_SECOND), ("id", "A"), ("type", "offer")],
        Some(CallAction::Offer),
        &[],
    ),
    (
        "Cobalt",
        "mute_v2",
        FROM_ALICE,
        &[("id", "A"), ("class", "call"), ("to", ALICES_SECOND), ("type", "mute_v2")],
        Some(CallAction::MuteV2),
        &[],
    ),
    (
        "Cobalt, before",
        "group_update",
        GROUP_ONLY,
        &[("id", "A"), ("class", "call"), ("to", GROUP_CALL), ("recipient", ALICE)],
        None,
        &["CA15"],
    ),
    ("whatsmeow", "terminate", FROM_ALICE, &[("to", ALICES_SECOND), ("class", "call"), ("id", "A")], None, &[]),
    (
        "whatsmeow, in another order",
        "group_update",
        FROM_GROUP,
        &[("recipient", ALICES_PHONE), ("id", "A"), ("participant", ALICE), ("to", GROUP_CALL), ("class", "call")],
        None,
        &[],
    ),
    (
        "whatsmeow, refusing",
        "applause",
        FROM_ALICE,
        &[("error", "488"), ("class", "call"), ("id", "A"), ("to", ALICES_SECOND)],
        None,
        &[],
    ),
    (
        "whatsmeow, asked for video",
        "video",
        FROM_ALICE,
        &[("class", "call"), ("id", "A"), ("to", ALICES_SECOND)],
        None,
        &["CA16"],
    ),
    (
        "Baileys",
        "group_update",
        FROM_GROUP,
        &[("id", "A"), ("to", GROUP_CALL), ("class", "call"), ("participant", ALICE), ("recipient", ALICES_PHONE)],
        None,
        &[],
    ),
    ("whatsapp-rust", "offer", FROM_ALICE, &[("class", "call"), ("id", "A"), ("to", ALICES_SECOND)], None, &[]),
    (
        "whatsapp-rust, typed",
        "waiting_room_update",
        FROM_GROUP,
        &[
            ("class", "call"),
            ("id", "A"),
            ("to", GROUP_CALL),
            ("type", "waiting_room_update"),
            ("participant", ALICE),
            ("recipient", ALICES_PHONE),
        ],
        Some(CallAction::WaitingRoomUpdate),
        &[],
    ),
    (
        "whatsapp-rust, a hand",
        "user_action",
        FROM_ALICE,
        &[("class", "call"), ("id", "A"), ("to", ALICES_SECOND), ("type", "user_action")],
        Some(CallAction::UserAction),
        &[],
    ),
    (
        "meowcaller",
        "enc_rekey",
        FROM_ALICE,
        &[("type", "enc_rekey"), ("to", ALICES_SECOND), ("id", "A"), ("class", "call")],
        Some(CallAction::EncRekey),
        &[],
    ),
    (
        "meowcaller, a group",
        "group_update",
        GROUP_ONLY,
        &[("to", GROUP_CALL), ("type", "group_update"), ("participant", ALICE), ("class", "call"), ("id", "A")],
        Some(CallAction::GroupUpdate),
        &[],
    ),
    ("yowsup", "relaylatency", FROM_ALICE, &[("class", "call"), ("id", "A"), ("to", ALICES_SECOND)], None, &[]),
];

#[test]
fn acks_of_clients() {
    for (client, action, call_attrs, attrs, kind, findings) in OF_CLIENTS {
        let call = call(action, call_attrs);
        let ack = over_the_wire(&node("ack", attrs, |_| {}));
        let names: Vec<_> = ack.node().attrs().map(|(name, _)| name).collect();
        assert_eq!(names, attrs.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "{client}");
        assert_eq!((ack.as_ref().direction(), ack.as_ref().action()), (Some(Direction::Send), kind), "{client}");
        assert_eq!(answers(&ack, &call), Ok(MatchedBy::Address), "{client}");
        assert_eq!(codes(&ack, Some(&call)), findings, "{client}");
        let expected = if client.ends_with("refusing") { refused(ErrorCode::UnrecognizedStanza) } else { ACCEPTED };
        assert_eq!(Verdict::of(&ack), expected, "{client}");
    }
}

#[test]
fn receipts_of_clients() {
    // WhatsApp Web and others send it instead of the ack; whatsapp-rust sends both.
    for (action, attrs) in [
        ("offer", &[("to", ALICES_SECOND), ("id", "A"), ("from", ME)][..]),
        ("accept", &[("to", ALICES_SECOND), ("id", "A")]),
        ("reject", &[("to", ALICES_SECOND), ("id", "A")]),
        ("enc_rekey", &[("to", ALICES_SECOND), ("id", "A"), ("type", "enc_rekey_retry")]),
    ] {
        let receipt = node("receipt", attrs, |receipt| {
            child(receipt, action, &[("call-id", CALL), ("call-creator", ALICE)]);
        });
        let receipt = CallReceipt::try_from(decode(encode(&receipt).unwrap()).unwrap()).unwrap();
        let view = receipt.as_ref();
        assert_eq!((view.action().name(), view.call_id(), view.direction()), (action, CALL, Some(Direction::Send)));
        assert_eq!(view.call_creator(), Ok(Some(JidRef::parse(ALICE).unwrap())));
        assert_eq!(answers(&receipt, &call(action, FROM_ALICE)), Ok(MatchedBy::Address));
    }
    // The server's answer to these receipts has another class.
    let answer = node("ack", &[("class", "receipt"), ("id", "A"), ("from", ALICE)], |_| {});
    assert!(CallAck::try_from(answer.clone()).is_err());
    assert_eq!(AckRef::try_from(&answer).unwrap().class(), "receipt");
    // The receipt of a message is not a call receipt.
    for other in [node("receipt", &[("id", "A")], |_| {}), node("receipt", &[("id", "A")], |it| child(it, "list", &[]))]
    {
        let error = CallReceipt::try_from(other.clone()).unwrap_err();
        assert_eq!(error.to_string(), "content of \"receipt\" is not an action with a call-id");
        assert_eq!(error.into_node(), other);
    }
}

/// The server's answer to our stanza with this action.
fn of_server(action: &str, attrs: &[(&str, &str)], fill: impl FnOnce(&Builder)) -> CallAck {
    let addressed = attrs.iter().find(|(name, _)| *name == "from").map_or(ALICE, |(_, from)| *from);
    let from: &[(&str, &str)] = if attrs.iter().any(|(name, _)| *name == "from") { &[] } else { &[("from", ALICE)] };
    let ack = over_the_wire(&ack_node(&[from, &[("type", action)], attrs].concat(), fill));
    assert_eq!(answers(&ack, &call(action, &[("to", addressed)])), Ok(MatchedBy::Address));
    assert_eq!((ack.as_ref().direction(), ack.as_ref().action().unwrap().name()), (Some(Direction::Receive), action));
    ack
}

#[test]
fn an_offer_that_is_taken_has_a_relay() {
    let ack = of_server("offer", &[], |ack| {
        relay(ack);
        child(ack, "voip_settings", &[]);
        child(ack, "rte", &[]);
        ack.child("user", |user| {
            set(user, &[("jid", ALICE), ("phash", "2:abc")]);
            child(user, "device", &[("jid", ALICES_SECOND)]);
        });
        child(ack, "device", &[("jid", ALICES_SECOND)]);
    });
    assert_eq!((Verdict::of(&ack), codes(&ack, None)), (ACCEPTED, vec![]));
    let relay = ack.as_ref().relay().unwrap();
    assert_eq!((relay.uuid(), relay.self_pid(), relay.peer_pid()), (Ok(Some("1")), Ok(Some(1)), Ok(Some(2))));
    assert_eq!((relay.call_id(), relay.joinable(), relay.warp_mi_tag_len()), (Some(CALL), Ok(None), Ok(None)));
    let participants: Vec<_> = relay.participants().map(|it| (it.pid(), it.jid().unwrap().unwrap().device())).collect();
    assert_eq!(participants, [(Ok(Some(1)), 7), (Ok(Some(2)), 0)]);
    assert!(relay.has_keys() && relay.is_usable());
    assert_eq!((relay.reveal_key(), relay.reveal_hbh_key()), (Some(&[0x22; 16][..]), Some(&[0x11; 16][..])));
    assert_eq!(relay.reveal_tokens().collect::<Vec<_>>(), [(Some(0), &[0x33; 16][..])]);
    assert_eq!(relay.reveal_auth_tokens().collect::<Vec<_>>(), [(Some(0), &[0x44; 16][..])]);
    let addresses: Vec<_> = relay.endpoints().map(|it| it.reveal_address().unwrap().to_string()).collect();
    assert_eq!(addresses, ["192.0.2.10:3478", "[2001:db8::10]:3478"]);
    let endpoint = relay.endpoints().next().unwrap();
    assert_eq!(
        (endpoint.relay_name(), endpoint.reveal_domain_name()),
        (Ok(Some("xyz1c01")), Ok(Some("relay.example.net")))
    );
    assert_eq!((endpoint.c2r_rtt(), endpoint.is_fna(), endpoint.protocol()), (Ok(Some(20)), Ok(Some(1)), Ok(Some(0))));
    assert_eq!(
        (endpoint.relay_id(), endpoint.token_id(), endpoint.auth_token_id()),
        (Ok(Some(0)), Ok(Some(0)), Ok(Some(0)))
    );
    assert_eq!(ack.as_ref().named_call().unwrap().found_in, CallEvidence::Relay);
}

#[test]
fn an_accept_that_is_taken_may_have_a_new_key() {
    let ack = of_server("accept", &[], |ack| {
        _ = ack.child("relay", |relay| relay.child("hbh_key", |key| key.bytes(vec![0x55; 30])))
    });
    let relay = ack.as_ref().relay().unwrap();
    assert_eq!((relay.reveal_key(), relay.reveal_hbh_key()), (None, Some(&[0x55; 30][..])));
    assert_eq!((relay.endpoints().count(), relay.is_usable(), Verdict::of(&ack)), (0, true, ACCEPTED));
}

#[test]
fn an_offer_that_is_refused_has_a_relay_that_only_names_the_call() {
    let ack = of_server("offer", &[("error", "403")], |ack| {
        child(ack, "relay", &[("call-id", CALL), ("call-creator", ME)]);
        child(ack, "error", &[("call-id", CALL), ("call-creator", ME), ("jid", ALICE)]);
    });
    assert_eq!(Verdict::of(&ack), refused(ErrorCode::NotEnabled));
    assert!(!ack.as_ref().relay().unwrap().is_usable());
    assert_eq!(codes(&ack, None), [""; 0]);
}

#[test]
fn the_refusal_that_was_captured() {
    let ack = over_the_wire(&node(
        "ack",
        &[("class", "call"), ("error", "500"), ("from", ALICE), ("id", "A"), ("type", "accept")],
        |ack| child(ack, "error", &[("call-creator", ALICE), ("call-id", CALL), ("jid", ME)]),
    ));
    let view = ack.as_ref();
    assert_eq!(Verdict::of(&ack), refused(ErrorCode::InternalError));
    let named = view.named_call().unwrap();
    assert_eq!((named.call_id, named.found_in), (CALL, CallEvidence::Error));
    let entry = view.errors().next().unwrap();
    assert_eq!(entry.jid().unwrap().map(|jid| jid.to_string()).as_deref(), Some(ME));
    assert_eq!((entry.code(), entry.text(), entry.rest().count()), (Ok(None), Ok(None), 0));
    assert_eq!(codes(&ack, None), [""; 0]);
}

#[test]
fn a_refusal_that_names_no_call() {
    let ack = of_server("offer", &[("error", "463")], |ack| child(ack, "error", &[("jid", ALICE)]));
    assert_eq!(Verdict::of(&ack), refused(ErrorCode::ReachOutLocked));
    assert_eq!(ack.as_ref().named_call(), None);
    let offer = call("offer", &[("to", ALICE)]);
    let named = named_call(ack.as_ref(), Some(offer.node().as_ref())).unwrap();
    assert_eq!((named.call_id, named.found_in), (CALL, CallEvidence::Call));
}

#[test]
fn a_group_is_refused_in_part() {
    let group_info = |ack: &Builder| {
        ack.child("group_info", |group| {
            set(group, &[("call-id", CALL), ("call-creator", ME), ("media", "audio"), ("transaction-id", "1")]);
            set(group, &[("connected-limit", "32"), ("joinable", "1"), ("group-jid", "120363000000000001@g.us")]);
            group.child("user", |user| {
                set(user, &[("jid", ALICE), ("state", "ringing")]);
                child(user, "device", &[("jid", ALICE), ("pid", "2")]);
            });
        });
    };
    let from_group = [("from", GROUP_CALL)];
    let all = of_server("offer", &from_group, group_info);
    assert_eq!((Verdict::of(&all), codes(&all, None)), (ACCEPTED, vec![]));
    assert_eq!(all.as_ref().group_info().unwrap().get::<&str>("media"), Ok("audio"));
    assert_eq!(all.as_ref().named_call().unwrap().found_in, CallEvidence::GroupInfo);

    let some = of_server("offer", &from_group, |ack| {
        group_info(ack);
        child(ack, "error", &[("code", "404"), ("jid", BOB)]);
        child(ack, "error", &[("code", "427"), ("jid", ALICE)]);
    });
    assert_eq!(
        (Verdict::of(&some), codes(&some, None)),
        (Verdict { outcome: Outcome::PartlyRefused, code: None }, vec!["CA10", "CA12"])
    );
    let codes_of_entries: Vec<_> =
        some.as_ref().errors().map(|entry| entry.code().unwrap().map(ErrorCode::from)).collect();
    assert_eq!(codes_of_entries, [Some(ErrorCode::NotFound), Some(ErrorCode::NoGroupCalls)]);

    // A group without members only names the call.
    let none = of_server("offer", &[("from", GROUP_CALL), ("error", "404")], |ack| {
        child(ack, "group_info", &[("call-id", CALL)]);
    });
    assert_eq!(Verdict::of(&none), refused(ErrorCode::NotFound));
}

#[test]
fn an_entry_refuses_unless_its_code_is_zero() {
    let outcome = |attrs: &[(&str, &str)]| {
        Verdict::of(&over_the_wire(&ack_node(&[("from", ALICE)], |ack| child(ack, "error", attrs))))
    };
    assert_eq!(outcome(&[("code", "0")]), ACCEPTED);
    assert_eq!(outcome(&[("code", "503")]), refused(ErrorCode::ServiceUnavailable));
    assert_eq!(outcome(&[]), refused(None));
    let with_text = |text: &str| Verdict { outcome: Outcome::Refused, code: Some(Code::Text(text.into())) };
    assert_eq!(outcome(&[("code", "bad")]), with_text("bad"));
    let of_ack = |code: &str| Verdict::of(&over_the_wire(&ack_node(&[("from", ALICE), ("error", code)], |_| {})));
    assert_eq!(of_ack("many"), with_text("many"));
    assert_eq!(of_ack("418"), refused(ErrorCode::Other(418)));
    for none in ["", "0"] {
        assert_eq!(of_ack(none), ACCEPTED);
    }
}

#[test]
fn answers_about_links() {
    let at_call = [("from", "call")];
    let create = of_server("link_create", &at_call, |ack| {
        child(ack, "link_create", &[("token", "abc"), ("media", "video")]);
    });
    assert_eq!(create.as_ref().link().unwrap().get::<&str>("token"), Ok("abc"));
    let query = of_server("link_query", &at_call, |ack| {
        child(ack, "link_query", &[("token", "abc"), ("media", "video"), ("link_creator", ALICE)]);
    });
    assert_eq!(query.as_ref().link().map(|link| link.tag()), Some("link_query"));
    let join = of_server("link_join", &at_call, |ack| {
        child(ack, "waiting_room", &[("call-id", CALL), ("link-token", "abc"), ("enabled", "1"), ("is_admin", "0")]);
    });
    assert_eq!(join.as_ref().waiting_room().unwrap().get::<u8>("enabled"), Ok(1));
    assert_eq!(join.as_ref().named_call().unwrap().found_in, CallEvidence::WaitingRoom);
    for ack in [create, query, join] {
        assert_eq!((Verdict::of(&ack), codes(&ack, None)), (ACCEPTED, vec![]));
    }
}

#[test]
fn what_the_server_may_add() {
    // An answer to a device, with attributes of message acks.
    let attrs = [("t", "1700000000"), ("participant", ALICES_SECOND), ("recipient", ALICE), ("sync", "1")];
    let ack = of_server("terminate", &attrs, |_| {});
    assert_eq!(ack.as_ref().participant().unwrap().map(|jid| jid.device()), Some(3));
    assert_eq!((ack.as_ref().t().unwrap().map(|t| t.0), codes(&ack, None)), (Some(1_700_000_000), vec!["CA17"]));
}

#[test]
fn a_call_stanza() {
    let stanza = node(
        "call",
        &[("from", GROUP_CALL), ("id", "A"), ("t", "1700000000"), ("e", "1700000060"), ("participant", ALICE)],
        |call| {
            set(call, &[("recipient", ALICES_PHONE), ("offline", "0")]);
            child(call, "offer", &[("call-id", CALL), ("call-creator", ALICE)]);
            child(call, "second", &[("call-id", "C2")]);
        },
    );
    let stanza = CallStanza::try_from(decode(encode(&stanza).unwrap()).unwrap()).unwrap();
    let call = stanza.as_ref();
    assert_eq!((call.id(), call.action(), call.call_id()), (Some("A"), Some(CallAction::Offer), Some(CALL)));
    assert_eq!((call.t().unwrap().unwrap().0, call.e().unwrap().unwrap().0), (1_700_000_000, 1_700_000_060));
    assert!(call.offline() && call.participant().unwrap().is_some() && call.recipient().unwrap().is_some());
    assert_eq!(call.call_creator().unwrap().map(|jid| jid.to_string()).as_deref(), Some(ALICE));

    let bare = CallStanza::try_from(node("call", &[("id", "")], |_| {})).unwrap();
    let call = bare.as_ref();
    assert_eq!((call.id(), call.action(), call.call_id(), call.offline()), (None, None, None, false));
    assert_eq!((call.call_creator(), call.direction()), (Ok(None), None));
    let error = CallStanza::try_from(node("ack", &[], |_| {})).unwrap_err();
    assert_eq!(error.to_string(), "tag is \"ack\", expected \"call\"");
}

#[test]
fn each_getter_reads_its_attribute_under_either_dictionary() {
    let attrs = [("from", ALICE), ("to", ME), ("participant", BOB), ("recipient", ALICES_PHONE), ("type", "offer")];
    let node = ack_node(&[&attrs[..], &[("t", "1700000000"), ("error", "403")]].concat(), |ack| {
        let attrs = [("code", "404"), ("text", "gone"), ("jid", BOB), ("call-id", CALL), ("call-creator", ME)];
        child(ack, "error", &attrs);
    });
    for &dictionary in Dictionary::ALL {
        let frame = Encoder::new().with_dictionary(dictionary).encode(&node).unwrap();
        let mut decoder = Decoder::new().with_dictionary(dictionary);
        let ack = CallAckRef::try_from(decoder.decode(frame).unwrap()).unwrap();
        let text = |jid: Option<JidRef<'_>>| jid.map(|jid| jid.to_string());
        assert_eq!((ack.id(), ack.kind(), ack.error()), ("A", Ok(Some("offer")), Ok(Some(403))));
        assert_eq!(ack.t(), Ok(Some(UnixSeconds(1_700_000_000))));
        let addresses =
            [ack.from_jid(), ack.to_jid(), ack.participant(), ack.recipient()].map(|jid| text(jid.unwrap()));
        assert_eq!(addresses, [ALICE, ME, BOB, ALICES_PHONE].map(|jid| Some(jid.to_owned())));
        assert_eq!(ack.unknown_attrs().count(), 0);
        let error = ack.errors().next().unwrap();
        assert_eq!((error.code(), error.text(), error.call_id()), (Ok(Some(404)), Ok(Some("gone")), Ok(Some(CALL))));
        let addresses = [error.jid(), error.call_creator()].map(|jid| text(jid.unwrap()));
        assert_eq!(addresses, [BOB, ME].map(|jid| Some(jid.to_owned())));
        assert_eq!(error.rest().count(), 0);
    }
}
