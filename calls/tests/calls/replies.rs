//! The replies of a client.

use wabinary::stanza::{CallStanza, ErrorCode};
use wabinary::{Jid, Node, Value, encode};
use wabinary_calls::{Outcome, Replier, ReplyPolicy, Verdict, ack_findings, acknowledge};
use wabinary_testing::made::{ALICE, ALICES_PHONE, ALICES_SECOND, CALL, GROUP_CALL, ME, call, child, node};

fn sent(replier: &Replier, call: &CallStanza) -> Vec<String> {
    let reply = replier.reply(call.as_ref()).unwrap();
    reply.stanzas().for_each(|node| assert!(encode(node).is_ok()));
    reply.stanzas().map(ToString::to_string).collect()
}

fn ack_of(action: &str) -> String {
    format!(r#"<ack class="call" id="A" to="{ALICE}" type="{action}"/>"#)
}

fn receipt_of(action: &str) -> String {
    let call = format!(r#"<{action} call-id="{CALL}" call-creator="{ALICE}"/>"#);
    format!(r#"<receipt to="{ALICE}" id="A">{call}</receipt>"#)
}

#[test]
fn each_policy_answers_its_way() {
    let with_receipt = ["offer", "accept", "reject", "enc_rekey"];
    let actions = ["offer", "accept", "reject", "enc_rekey", "preaccept", "terminate", "video", "applause"];
    for action in actions {
        let call = call(action, &[("from", ALICE)]);
        let of = |policy| sent(&Replier::new(policy), &call);
        let web = if with_receipt.contains(&action) { receipt_of(action) } else { ack_of(action) };
        assert_eq!(of(ReplyPolicy::Web), [web]);
        let also = (action == "offer").then(|| receipt_of(action));
        let both: Vec<_> = also.into_iter().chain([ack_of(action)]).collect();
        assert_eq!(of(ReplyPolicy::WacrgSpec), both);
        assert_eq!(of(ReplyPolicy::AckOnly), [ack_of(action)]);
    }
}

#[test]
fn what_names_no_call_gets_no_receipt() {
    let from = [("id", "A"), ("from", ALICE)];
    let without_action = node("call", &from, |_| {});
    let without_id = node("call", &from, |call| child(call, "offer", &[("call-creator", ALICE)]));
    let without_creator = node("call", &from, |call| child(call, "offer", &[("call-id", CALL)]));
    let bare_ack = format!(r#"<ack class="call" id="A" to="{ALICE}"/>"#);
    for (stanza, ack) in [(without_action, bare_ack), (without_id, ack_of("offer")), (without_creator, ack_of("offer"))]
    {
        let stanza = CallStanza::try_from(stanza).unwrap();
        assert_eq!(sent(&Replier::new(ReplyPolicy::Web), &stanza), [""; 0]);
        assert_eq!(sent(&Replier::new(ReplyPolicy::WacrgSpec), &stanza), std::slice::from_ref(&ack));
        assert_eq!(sent(&Replier::new(ReplyPolicy::AckOnly), &stanza), [ack]);
    }
}

#[test]
fn what_cannot_be_answered_is_an_error() {
    let error = |attrs: &[(&str, &str)]| {
        let stanza = node("call", attrs, |call| child(call, "offer", &[("call-id", CALL), ("call-creator", ALICE)]));
        let stanza = CallStanza::try_from(stanza).unwrap();
        let replier = Replier::new(ReplyPolicy::AckOnly);
        let error = replier.reply(stanza.as_ref()).unwrap_err();
        assert_eq!(replier.refuse(stanza.as_ref(), ErrorCode::Parsing).unwrap_err(), error);
        error.to_string()
    };
    assert_eq!(error(&[("from", ALICE)]), "call > @id: expected the id of a stanza, found no such attribute");
    assert_eq!(error(&[("from", ALICE), ("id", "")]), "call > @id: expected the id of a stanza");
    assert_eq!(error(&[("id", "A")]), "call > @from: expected a JID, found no such attribute");
    assert_eq!(error(&[("id", "A"), ("from", "")]), "call > @from: expected a JID");
}

#[test]
fn what_is_copied_and_what_is_never_set() {
    let replier = Replier::new(ReplyPolicy::AckOnly);
    let extras = [("t", "1700000000"), ("offline", "1"), ("type", "x"), ("recipient", ALICES_PHONE)];
    let group = call("group_update", &[&[("from", GROUP_CALL), ("participant", ALICES_SECOND)], &extras[..]].concat());
    let expected = format!(
        r#"<ack class="call" id="A" to="{GROUP_CALL}" type="group_update" participant="{ALICES_SECOND}" recipient="{ALICES_PHONE}"/>"#
    );
    assert_eq!(sent(&replier, &group), [expected]);
    // The sender is named once, even if it is written in two forms.
    let same = call("offer", &[("from", ALICE), ("participant", "100000022222222:0@lid")]);
    assert_eq!(sent(&replier, &same), [ack_of("offer")]);
    let device = call("offer", &[("from", ALICES_SECOND)]);
    let untyped = format!(r#"<ack class="call" id="A" to="{ALICES_SECOND}"/>"#);
    assert_eq!(sent(&replier.untyped(), &device), [untyped]);
}

#[test]
fn values_go_back_as_they_came() {
    // The sender as a text, the creator as a text, the recipient as a JID in its own form.
    let recipient = ALICES_PHONE.parse::<Jid>().unwrap();
    let recipient = Jid::from(recipient.as_ref().with_form(wabinary::JidForm::Ad).unwrap());
    let stanza = Node::build("call")
        .attr("id", "A")
        .attr("from", ALICE)
        .attr("recipient", &recipient)
        .child("offer", |offer| offer.attr("call-id", CALL).attr("call-creator", ALICE))
        .finish();
    let reply = Replier::new(ReplyPolicy::WacrgSpec).reply(CallStanza::try_from(stanza).unwrap().as_ref()).unwrap();
    let (ack, receipt) = (reply.ack.unwrap(), reply.receipt.unwrap());
    assert_eq!(ack.node().attr("to"), Some(Value::Text(ALICE)));
    assert_eq!(ack.node().attr("recipient"), Some(Value::Jid(recipient.as_ref())));
    assert_eq!(receipt.node().attr("to"), Some(Value::Text(ALICE)));
    let creator = receipt.as_ref().action_node().unwrap().attr("call-creator");
    assert_eq!(creator, Some(Value::Text(ALICE)));
}

/// Without its `recipient`, the server cannot route an ack. `participant` goes back unless it is the sender.
#[test]
fn recipient_goes_back_whatever_it_is() {
    let addresses = [None, Some(ALICE), Some(ALICES_PHONE), Some(ME)];
    for (recipient, participant) in addresses.iter().flat_map(|one| addresses.map(|other| (*one, other))) {
        let mut attrs = vec![("from", ALICE)];
        attrs.extend(recipient.map(|recipient| ("recipient", recipient)));
        attrs.extend(participant.map(|participant| ("participant", participant)));
        let call = call("video", &attrs);
        let replier = Replier::new(ReplyPolicy::AckOnly);
        let message = node("message", &[&[("id", "A")], &attrs[..]].concat(), |_| {});
        for ack in [
            replier.reply(call.as_ref()).unwrap().ack.unwrap().into_node(),
            replier.refuse(call.as_ref(), ErrorCode::InternalError).unwrap().into_node(),
            replier.refuse_protobuf(call.as_ref(), 1).unwrap().into_node(),
            acknowledge(&message).unwrap().into_node(),
        ] {
            let shown = |name| ack.get_opt::<Jid>(name).unwrap().map(|jid| jid.to_string());
            let expected = [Some(ALICE), recipient, participant.filter(|it| *it != ALICE)];
            let expected = expected.map(|jid| jid.map(str::to_owned));
            assert_eq!(["to", "recipient", "participant"].map(shown), expected, "{ack}");
        }
    }
}

#[test]
fn receipts_are_stamped_by_the_kind_of_the_sender() {
    let phone = "15550001111@s.whatsapp.net";
    let replier = Replier::new(ReplyPolicy::Web).stamp_receipts(ME.parse().unwrap(), phone.parse().unwrap());
    let from = |sender| {
        let reply = replier.reply(call("offer", &[("from", sender)]).as_ref()).unwrap();
        reply.receipt.unwrap().as_ref().from_jid().unwrap().unwrap().to_string()
    };
    assert_eq!((from(ALICE).as_str(), from(ALICES_SECOND).as_str()), (ME, ME));
    assert_eq!((from(ALICES_PHONE).as_str(), from(GROUP_CALL).as_str()), (phone, phone));
    // Acks are never answered.
    let reply = replier.reply(call("video", &[("from", ALICE)]).as_ref()).unwrap();
    assert_eq!(reply.ack.unwrap().node().attr("from"), None);
}

#[test]
fn refusals() {
    let replier = Replier::new(ReplyPolicy::Web);
    let offer = call("offer", &[("from", ALICE), ("recipient", ALICES_PHONE)]);
    let ack = replier.refuse(offer.as_ref(), ErrorCode::InternalError).unwrap();
    let expected =
        format!(r#"<ack class="call" id="A" to="{ALICE}" type="offer" recipient="{ALICES_PHONE}" error="500"/>"#);
    assert_eq!(ack.node().to_string(), expected);
    assert_eq!(Verdict::of(&ack), Verdict { outcome: Outcome::Refused, code: Some(ErrorCode::InternalError.into()) });
    let ack = replier.refuse_protobuf(call("offer", &[("from", ALICE)]).as_ref(), 7).unwrap();
    let expected =
        format!(r#"<ack class="call" id="A" to="{ALICE}" type="offer" error="491"><meta failure_reason="7"/></ack>"#);
    assert_eq!(ack.node().to_string(), expected);
    assert_eq!(ack_findings(&ack, None), []);
}

#[test]
fn stanzas_of_every_class_are_acknowledged() {
    let acked = |tag: &str, attrs: &[(&str, &str)]| {
        acknowledge(&node(tag, attrs, |stanza| child(stanza, "offer", &[("call-id", CALL)])))
            .map(|ack| ack.node().to_string())
            .map_err(|error| error.to_string())
    };
    let plain = format!(r#"<ack class="receipt" id="A" to="{ALICES_SECOND}"/>"#);
    assert_eq!(acked("receipt", &[("from", ALICES_SECOND), ("id", "A"), ("t", "1700000000")]), Ok(plain));
    let typed = format!(r#"<ack class="receipt" id="A" to="{ALICE}" type="enc_rekey_retry"/>"#);
    assert_eq!(acked("receipt", &[("id", "A"), ("from", ALICE), ("type", "enc_rekey_retry")]), Ok(typed));
    let group = [("id", "A"), ("from", "1-2@g.us"), ("participant", ALICE), ("recipient", ME), ("type", "text")];
    let message = format!(r#"<ack class="message" id="A" to="1-2@g.us" participant="{ALICE}" recipient="{ME}"/>"#);
    assert_eq!(acked("message", &group), Ok(message));
    assert!(acked("receipt", &[("id", "A")]).unwrap_err().starts_with("receipt > @from: expected a JID"));
    assert!(acked("message", &[("from", ALICE)]).unwrap_err().starts_with("message > @id: expected the id"));
    assert!(acked("iq", &group).unwrap_err().starts_with("tag is \"iq\""));
}
