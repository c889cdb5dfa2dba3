//! Acks of every class and receipts of calls: their requirements, and their getters.

use wabinary::stanza::{Ack, AckRef, CallAction, CallReceipt, CallReceiptRef, Direction};
use wabinary::{JidRef, Node, UnixSeconds};

use wabinary_testing::made::{ALICE, ALICES_SECOND, CALL, GROUP_CALL, ME, ack, call, child, node};

/// The error for a node that is another stanza.
fn refused<'a, T: TryFrom<wabinary::NodeRef<'a>>>(node: &'a Node) -> Option<String>
where
    T::Error: ToString,
{
    T::try_from(node.into()).err().map(|error| error.to_string())
}

#[test]
fn an_ack_needs_a_class_and_an_id() {
    let says = |attrs: &[(&str, &str)]| refused::<AckRef<'_>>(&node("ack", attrs, |_| {}));
    assert_eq!(says(&[("id", "A"), ("class", "message")]), None);
    let (no_class, no_id) = ("ack > @class: expected the class of a stanza", "ack > @id: expected the id of a stanza");
    for (attrs, error) in [
        (&[("id", "A")][..], no_class),
        (&[("id", "A"), ("class", "")], no_class),
        (&[("class", "message")], no_id),
        (&[("class", "message"), ("id", "")], no_id),
        (&[], no_class),
    ] {
        let said = says(attrs).expect("it is refused");
        assert!(said.starts_with(error), "{said}");
    }
    assert!(refused::<AckRef<'_>>(&node("receipt", &[("id", "A"), ("class", "message")], |_| {})).is_some());
}

#[test]
fn an_ack_is_read() {
    let attrs = [
        ("id", "3EB0"),
        ("class", "message"),
        ("from", GROUP_CALL),
        ("participant", ALICES_SECOND),
        ("recipient", ALICE),
        ("type", "retry"),
        ("t", "1700000000"),
        ("error", "479"),
    ];
    let ack = Ack::try_from(node("ack", &attrs, |_| {})).unwrap();
    let ack = ack.as_ref();
    let jid = |text| Ok(Some(JidRef::parse(text).unwrap()));
    assert_eq!((ack.id(), ack.class(), ack.direction()), ("3EB0", "message", Some(Direction::Receive)));
    assert_eq!((ack.from_jid(), ack.to_jid()), (jid(GROUP_CALL), Ok(None)));
    assert_eq!((ack.participant(), ack.recipient()), (jid(ALICES_SECOND), jid(ALICE)));
    assert_eq!((ack.kind(), ack.error()), (Ok(Some("retry")), Ok(Some(479))));
    assert_eq!(ack.t(), Ok(Some(UnixSeconds(1_700_000_000))));

    let sent = Ack::try_from(node("ack", &[("id", "A"), ("class", "call"), ("to", ME)], |_| {})).unwrap();
    assert_eq!((sent.as_ref().direction(), sent.as_ref().to_jid()), (Some(Direction::Send), jid(ME)));
    let neither = Ack::try_from(node("ack", &[("id", "A"), ("class", "call")], |_| {})).unwrap();
    assert_eq!((neither.as_ref().direction(), neither.as_ref().error()), (None, Ok(None)));
}

#[test]
fn a_receipt_of_a_call_needs_an_id_and_an_action_that_names_the_call() {
    let with = |attrs: &[(&str, &str)], action: &[(&str, &str)]| {
        refused::<CallReceiptRef<'_>>(&node("receipt", attrs, |receipt| child(receipt, "offer", action)))
    };
    assert_eq!(with(&[("id", "A")], &[("call-id", CALL)]), None);
    for attrs in [&[][..], &[("id", "")]] {
        let said = with(attrs, &[("call-id", CALL)]).expect("it is refused");
        assert!(said.starts_with("receipt > @id: expected the id of a call stanza"), "{said}");
    }
    for action in [&[][..], &[("call-id", "")], &[("call-creator", ALICE)]] {
        assert!(with(&[("id", "A")], action).expect("it is refused").contains("an action with a call-id"));
    }
    // The receipt of something other than a call.
    assert!(refused::<CallReceiptRef<'_>>(&node("receipt", &[("id", "A")], |_| {})).is_some());
}

#[test]
fn a_receipt_of_a_call_is_read() {
    let attrs = [("id", "A"), ("from", GROUP_CALL), ("participant", ALICE), ("type", "enc_rekey_retry"), ("t", "17")];
    let receipt = CallReceipt::try_from(node("receipt", &attrs, |receipt| {
        child(receipt, "enc_rekey", &[("call-id", CALL), ("call-creator", ME)]);
        child(receipt, "offer", &[("call-id", "another")]);
    }))
    .unwrap();
    let receipt = receipt.as_ref();
    let jid = |text| Ok(Some(JidRef::parse(text).unwrap()));
    assert_eq!((receipt.id(), receipt.call_id(), receipt.direction()), ("A", CALL, Some(Direction::Receive)));
    assert_eq!((receipt.action(), receipt.call_creator()), (CallAction::EncRekey, jid(ME)));
    assert_eq!(receipt.action_node().map(|action| action.tag()), Some("enc_rekey"));
    assert_eq!((receipt.from_jid(), receipt.participant(), receipt.to_jid()), (jid(GROUP_CALL), jid(ALICE), Ok(None)));
    assert_eq!((receipt.kind(), receipt.t()), (Ok(Some("enc_rekey_retry")), Ok(Some(UnixSeconds(17)))));
}

#[test]
fn a_refusal_is_of_a_device_if_its_address_has_one() {
    for (tag, jid, expected) in [
        ("to", ALICES_SECOND, true),
        ("to", ALICE, false),
        // No device there, and no number of one.
        ("to", "120363000000000001:5@g.us", false),
        ("user", ALICES_SECOND, false),
        ("device", ALICE, true),
    ] {
        let ack = ack(&[], |ack| child(ack, tag, &[("jid", jid), ("error", "404")]));
        let refusals: Vec<bool> = ack.as_ref().refusals().map(|refusal| refusal.is_of_device()).collect();
        assert_eq!(refusals, [expected], "{tag} {jid}");
    }
}

#[test]
fn addresses_imply_a_direction() {
    for (attrs, expected) in [
        (&[("to", ALICE)][..], Some(Direction::Send)),
        (&[("from", ALICE)], Some(Direction::Receive)),
        (&[("from", ME), ("to", ALICE)], Some(Direction::Send)),
        (&[], None),
    ] {
        assert_eq!(ack(attrs, |_| {}).as_ref().direction(), expected);
        assert_eq!(call("offer", attrs).as_ref().direction(), expected);
    }
}
