//! The examples do what they promise, in the expected number of allocations.

use std::collections::HashMap;

use allocation_counter::measure;
use wabinary::stream::FrameReader;
use wabinary::{Builder, Decoder, Encoder, Jid, JidRef, Node, UnixSeconds, decode, encode};

#[allow(dead_code, unreachable_pub, reason = "an example, whose main is not called here")]
#[path = "../examples/ack_builder.rs"]
mod ack_builder;
#[allow(dead_code, unreachable_pub, reason = "an example, whose main is not called here")]
#[path = "../examples/add_participants.rs"]
mod add_participants;
#[allow(dead_code, unreachable_pub, reason = "an example, whose main is not called here")]
#[path = "../examples/call_action.rs"]
mod call_action;

use ack_builder::ack;
use add_participants::{add_participants, group_message, made_up_devices};
use call_action::{Action, Call, Media, Reason, read_call};

fn jid(text: &str) -> JidRef<'_> {
    JidRef::parse(text).unwrap()
}

/// A `<call>` from Alice as the server delivers it, with an action of this tag.
fn call(action: &str) -> Node {
    call_with(action, |_| {})
}

/// Such a `<call>`, with the additions of `fill` to the action.
fn call_with(action: &str, fill: impl FnOnce(&Builder)) -> Node {
    Node::build("call")
        .attr("from", jid("100000022222222:3@lid"))
        .attr("id", "A1B2")
        .attr("t", 1_700_000_000)
        .child(action, |action| {
            fill(action.attr("call-id", "0123456789ABCDEF").attr("call-creator", jid("100000022222222@lid")));
        })
        .finish()
}

#[test]
fn an_ack_names_the_sender_and_the_action() {
    let ack = ack(call("video").as_ref(), None).unwrap();
    assert_eq!(ack.to_string(), r#"<ack class="call" id="A1B2" to="100000022222222:3@lid" type="video"/>"#);
    // ack, class call, id A1B2 packed, to an AD_JID of domain 1 and device 3, type video
    let expected =
        b"\x00\xf8\x09\x1b\x15\x64\x08\xfb\x02\xa1\xb2\x11\xf7\x01\x03\xff\x88\x10\x00\x00\x02\x22\x22\x22\x2f";
    assert_eq!(&encode(&ack).unwrap()[..expected.len()], expected);
}

#[test]
fn an_ack_repeats_participant_and_recipient_where_they_say_something() {
    let acked = |participant| {
        let stanza = call("group_update").edit();
        stanza.set("participant", jid(participant)).set("recipient", jid("15550001111@s.whatsapp.net"));
        ack(stanza.finish().as_ref(), None).unwrap().to_string()
    };
    let start = r#"<ack class="call" id="A1B2" to="100000022222222:3@lid" type="group_update""#;
    let end = r#" recipient="15550001111@s.whatsapp.net"/>"#;
    assert_eq!(acked("100000022222222:3@lid"), format!("{start}{end}"));
    assert_eq!(acked("100000033333333@lid"), format!(r#"{start} participant="100000033333333@lid"{end}"#));
}

#[test]
fn an_ack_of_another_class_has_the_type_of_its_stanza() {
    let stanza = |tag| Node::build(tag).attr("from", JidRef::SERVER).attr("id", "1").attr("type", "retry").finish();
    let acked = |tag, refusal| ack(stanza(tag).as_ref(), refusal).unwrap().to_string();
    assert_eq!(acked("receipt", None), r#"<ack class="receipt" id="1" to="s.whatsapp.net" type="retry"/>"#);
    assert_eq!(acked("message", Some(487)), r#"<ack class="message" id="1" to="s.whatsapp.net" error="487"/>"#);
}

#[test]
fn what_cannot_be_acked_is_told() {
    let error = |stanza: Node| ack(stanza.as_ref(), None).unwrap_err().to_string();
    assert_eq!(error(call("offer").edit().set("id", "").finish()), "call > @id: expected the id of a stanza");
    assert_eq!(
        error(call("offer").edit().remove("from").finish()),
        "call > @from: expected a JID, found no such attribute"
    );
}

/// For each ack of the captured session with a type, the example makes the same bytes.
#[test]
fn acks_are_those_of_the_capture() {
    let frames = |stream: &[u8]| {
        let mut reader = FrameReader::new();
        reader.feed(stream);
        std::iter::from_fn(move || reader.next_frame().unwrap()).collect::<Vec<_>>()
    };
    let mut received = HashMap::new();
    for frame in frames(include_bytes!("data/captures/call-receive.stream")) {
        let node = decode(frame).unwrap();
        if node.tag() == "call" {
            received.insert(node.get::<&str>("id").unwrap().to_owned(), node);
        }
    }
    let mut compared = 0;
    for frame in frames(include_bytes!("data/captures/call.stream")) {
        let sent = decode(frame.clone()).unwrap();
        if sent.tag() == "ack" && sent.attr("type").is_some() {
            let call = &received[sent.get::<&str>("id").unwrap()];
            assert_eq!(encode(&ack(call.as_ref(), None).unwrap()).unwrap(), frame, "{sent}");
            compared += 1;
        }
    }
    assert_eq!(compared, 8);
}

fn message() -> Node {
    group_message(&Jid::from(jid("120363000000000001@g.us")), "3EB0", &[7; 3])
}

#[test]
fn participants_are_added_in_their_place() {
    let devices = made_up_devices(2).unwrap();
    let once = add_participants(message().as_ref(), &devices[..1], "2:AAAA", &[]);
    let twice = add_participants(once.as_ref(), &devices[1..], "2:BBBB", &[9; 3]);
    let enc = |kind| format!(r#"<enc v="2" type="{kind}">{{base64}}{}</enc>"#, "wcHB".repeat(21) + "wQ==");
    let expected = [
        r#"<message id="3EB0" type="text" to="120363000000000001@g.us" phash="2:BBBB"><participants>"#,
        &format!(r#"<to jid="100000000000000@lid">{}</to>"#, enc("msg")),
        &format!(r#"<to jid="100000000000001@lid">{}</to>"#, enc("pkmsg")),
        r#"</participants><enc v="2" type="skmsg">{base64}BwcH</enc><device-identity>&#x9;&#x9;&#x9;</device-identity>"#,
        "</message>",
    ];
    assert_eq!(twice.to_string(), expected.concat());
    assert_eq!(decode(encode(&twice).unwrap()).unwrap(), twice);
}

#[test]
fn a_call_is_read_with_its_action() {
    let call = call_with("terminate", |terminate| {
        terminate.attr("caller_pn", jid("15550002222@s.whatsapp.net"));
        terminate.attr("reason", "timeout").attr("duration", 42);
    });
    let call = call.edit().set("platform", "android").set("offline", 0).finish();
    let expected = Call {
        stanza_id: Some("A1B2"),
        from: jid("100000022222222:3@lid"),
        time: UnixSeconds(1_700_000_000),
        offline: true,
        platform: Some("android"),
        version: None,
        call_id: "0123456789ABCDEF",
        creator: jid("100000022222222@lid"),
        creator_alt: Some(jid("15550002222@s.whatsapp.net")),
        group: None,
        action: Action::Terminate(Some(Reason::Timeout), Some(42)),
    };
    assert_eq!(read_call(call.as_ref()), Ok(Some(expected)));
}

/// A `<call>` whose action has one more attribute.
fn call_and(action: &str, attribute: &str, value: &str) -> Node {
    call_with(action, |action| _ = action.attr(attribute, value))
}

#[test]
fn actions_are_read_with_their_types() {
    let with_camera = call_with("offer", |offer| _ = offer.child("video", |_| {}));
    let cases = [
        (call("offer"), Action::Offer(Media::Audio)),
        (with_camera, Action::Offer(Media::Video)),
        (call_and("offer_notice", "media", "video"), Action::OfferNotice(Media::Video)),
        (call_and("transport", "p2p-cand-round", "2"), Action::Transport(Some(2))),
        (call_and("mute_v2", "mute-state", "1"), Action::Mute(true)),
        (call_and("video", "state", "11"), Action::Video(11)),
        (call_and("reject", "reason", "uncallable"), Action::Reject(Some(Reason::Other("uncallable")))),
        (call("raise_hand"), Action::Other("raise_hand")),
    ];
    for (node, expected) in cases {
        assert_eq!(read_call(node.as_ref()).unwrap().unwrap().action, expected);
    }
}

#[test]
fn what_is_wrong_in_a_call_is_told_with_its_place() {
    let error = |node: Node| read_call(node.as_ref()).unwrap_err().to_string();
    let video = call_and("video", "state", "on");
    assert_eq!(error(video), "call > video > @state: expected an integer from 0 to 255");
    let notice = call_and("offer_notice", "media", "fax");
    assert_eq!(error(notice), "call > offer_notice > @media: expected \"audio\" or \"video\"");
    assert_eq!(error(Node::build("receipt").finish()), "tag is \"receipt\", expected \"call\"");
    let two = call("offer").edit().child("offer", |_| {}).finish();
    assert_eq!(read_call(two.as_ref()), Ok(None));
}

/// The number of allocations of `run`, reallocations included.
fn allocations(run: impl FnOnce()) -> u64 {
    measure(run).count_total
}

#[test]
fn reading_a_call_allocates_nothing() {
    let frame = encode(&call_and("video", "state", "11")).unwrap();
    let mut decoder = Decoder::new();
    let mut read = || {
        let call = read_call(decoder.decode(frame.clone()).unwrap()).unwrap().unwrap();
        assert_eq!(call.action, Action::Video(11));
    };
    // The decoder allocates its memory once.
    read();
    assert_eq!(allocations(read), 0);
}

#[test]
fn an_ack_allocates_the_vectors_of_its_tree() {
    let call = call("video");
    let mut encoder = Encoder::new();
    let mut socket = Vec::with_capacity(4096);
    let mut answer = || encoder.encode_into(&ack(call.as_ref(), None).unwrap(), &mut socket).unwrap();
    answer();
    // Nodes with attributes, and text. Encoding needs no more.
    assert_eq!(allocations(answer), 2);
}

#[test]
fn participants_cost_no_allocation_each() {
    let message = message();
    let added = |count| {
        let devices = made_up_devices(count).unwrap();
        allocations(|| drop(add_participants(message.as_ref(), &devices, "2:AAAA", &[1; 40])))
    };
    let thousand = added(1_000);
    assert!(thousand <= 40, "{thousand}");
    // Twice as many nodes double the three vectors of a tree once more.
    assert_eq!(added(2_000), thousand + 3);
}
