//! The addressees that an ack refuses, and the outcome of the stanza.

use wabinary::stanza::{CallAck, Direction};
use wabinary::{Builder, Jid, Node};
use wabinary_calls::{Accounts, Code, Outcome, Verdict};
use wabinary_testing::made::{ALICE, ALICES_SECOND, BOB, CALL, GROUP_CALL, ME, ack, child, node, relay};

/// An offer to these addresses.
fn offer(to: &str, addressees: &[&str]) -> Node {
    node("call", &[("id", "A"), ("to", to)], |call| {
        call.child("offer", |offer| {
            offer.attr("call-id", CALL).attr("call-creator", ME.parse::<wabinary::Jid>().unwrap());
            offer.child("destination", |list| addressees.iter().for_each(|jid| child(list, "to", &[("jid", jid)])));
        });
    })
}

fn entry(tag: &'static str, jid: &'static str, error: &'static str) -> impl Fn(&Builder) {
    move |parent| child(parent, tag, &[("jid", jid), ("error", error)])
}

fn in_group(entries: &'static [(&'static str, &'static str)]) -> impl Fn(&Builder) {
    move |ack| {
        ack.child("group_info", |group| {
            entries.iter().for_each(|(jid, error)| child(group, "user", &[("jid", jid), ("error", error)]));
        });
    }
}

/// A description, the offer, the content of the ack, the outcome.
type Case<'a> = (&'a str, &'a Node, &'a dyn Fn(&Builder), Outcome);

#[test]
fn a_stanza_is_refused_if_it_is_for_everybody_or_for_this_user() {
    use Outcome::{Accepted, PartlyRefused, Refused};
    const MY_USER: &str = "100000011111111@lid";
    let (to_group, to_both) = (offer(GROUP_CALL, &[]), offer(GROUP_CALL, &[ALICE, BOB]));
    let (to_alice, to_her_devices) = (offer(ALICE, &[]), offer(ALICE, &[ALICE, ALICES_SECOND]));
    let to_second = offer(ALICE, &[ALICES_SECOND]);
    let cases: [Case<'_>; 22] = [
        ("own user", &to_group, &entry("user", MY_USER, "427"), Refused),
        ("own device", &to_both, &entry("device", ME, "427"), Refused),
        ("another own device", &to_both, &entry("device", MY_USER, "427"), PartlyRefused),
        ("somebody of a group", &to_group, &entry("user", ALICE, "427"), PartlyRefused),
        ("one of two", &to_both, &entry("participant", BOB, "427"), PartlyRefused),
        ("the only one", &to_alice, &entry("user", ALICE, "427"), Refused),
        ("the only one, hosted", &to_alice, &entry("to", "100000022222222@hosted.lid", "427"), Refused),
        ("somebody else", &to_alice, &entry("user", BOB, "427"), PartlyRefused),
        ("a device, not its user", &to_alice, &entry("device", ALICE, "427"), PartlyRefused),
        ("a device of two", &to_her_devices, &entry("to", ALICES_SECOND, "427"), PartlyRefused),
        ("the user of two devices", &to_her_devices, &entry("user", ALICE, "427"), Refused),
        ("without a name, of one", &to_alice, &|ack| child(ack, "user", &[("error", "427")]), Refused),
        ("without a name, of a group", &to_group, &|ack| child(ack, "user", &[("error", "427")]), PartlyRefused),
        ("all in the group", &to_group, &in_group(&[(ALICE, "427"), (BOB, "428"), (MY_USER, "")]), Refused),
        ("some in the group", &to_group, &in_group(&[(ALICE, "427"), (BOB, "0")]), PartlyRefused),
        ("no refusal", &to_group, &in_group(&[(ALICE, "304"), (BOB, "0"), (MY_USER, "")]), Accepted),
        ("an unknown element", &to_alice, &entry("applause", ALICE, "427"), Accepted),
        ("a text", &to_alice, &entry("user", ALICE, "too-many"), Refused),
        ("the only device", &to_second, &entry("device", ALICES_SECOND, "427"), Refused),
        (
            "an error of nobody who is addressed",
            &to_both,
            &|ack| child(ack, "error", &[("jid", "100000099999999@lid"), ("code", "500")]),
            Refused,
        ),
        (
            "an error beside a group without users",
            &to_group,
            &|ack| {
                child(ack, "error", &[("code", "500")]);
                ack.child("group_info", |group| child(group, "link", &[]));
            },
            Refused,
        ),
        (
            "beside a relay",
            &to_alice,
            &|ack| {
                relay(ack);
                entry("user", ALICE, "427")(ack);
            },
            PartlyRefused,
        ),
    ];
    for (name, offer, fill, expected) in cases {
        let to = offer.get::<wabinary::Jid>("to").unwrap().to_string();
        let ack: CallAck = ack(&[("from", &to), ("type", "offer")], fill);
        let mut accounts = Accounts::default();
        accounts.learn(offer, Some(Direction::Send));
        let found = Verdict::beside(&ack, Some(offer.as_ref()), &accounts);
        assert_eq!(found.outcome, expected, "{name}");
        assert_eq!(found.code.is_some(), expected != Accepted, "{name}");
        let rules = wabinary_calls::ack_findings(&ack, None);
        let has = |code| rules.iter().any(|finding| finding.rule().code() == code);
        assert_eq!(has("CA13"), expected == Accepted && !name.contains("refusal"), "{name}: {rules:?}");
        assert_eq!(has("CA19"), name == "an unknown element", "{name}");
        if name == "a text" {
            assert_eq!(found.code, Some(Code::Text("too-many".into())));
        }
    }
}

#[test]
fn stanzas_tell_what_is_this_device_and_what_is_one_account() {
    let jid = |text: &str| text.parse::<Jid>().unwrap();
    let (lid, phone) = (jid("100000022222222@lid"), jid("15550002222@s.whatsapp.net"));
    for (tag, name, direction, is_own) in [
        ("call", "recipient", Direction::Receive, true),
        ("success", "lid", Direction::Receive, true),
        ("message", "recipient", Direction::Receive, false),
        ("call", "from", Direction::Receive, false),
        ("call", "from", Direction::Send, true),
    ] {
        let mut accounts = Accounts::default();
        accounts.learn(&Node::build(tag).attr(name, &lid).finish(), Some(direction));
        assert_eq!(accounts.is_own_user(lid.as_ref()), is_own, "{tag} {name}");
    }
    for (one, other) in [("jid", "phone_number"), ("from", "sender_lid"), ("to", "peer_recipient_pn"), ("jid", "to")] {
        let mut accounts = Accounts::default();
        accounts.learn(&Node::build("user").attr(one, &lid).attr(other, &phone).finish(), None);
        assert_eq!(accounts.are_mapped(lid.as_ref(), phone.as_ref()), other != "to", "{one} {other}");
    }
    // A server may name any number of addresses.
    let mut accounts = Accounts::default();
    let owns: Vec<_> = (0..20).map(|number| jid(&format!("10000002222{number:04}@lid"))).collect();
    owns.iter().for_each(|own| accounts.add_own(own.clone()));
    assert_eq!(owns.iter().filter(|own| accounts.is_own_user(own.as_ref())).count(), 16);
}
