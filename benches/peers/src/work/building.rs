//! Building a stanza from values and encoding it, with each library's own builder and types.

use std::hint::black_box;
use std::rc::Rc;

use wabinary::{Builder, Encoder, Jid, JidRef, Node, Server};
use wacore_binary::builder::NodeBuilder;
use wacore_binary::jid::{Jid as PeerJid, Server as PeerServer};
use wacore_binary::marshal::{marshal_auto, marshal_to_vec};
use wacore_binary::node::Node as PeerNode;

use crate::case::{Case, Contender, OURS};

const GROUP: &str = "120363000000000001";
const ID: &str = "3EB0A9C1D27F40B6E85113";
const TIME: u64 = 1_700_000_000;

/// The other values in the stanzas.
struct Values<J> {
    server: J,
    group: J,
    device: J,
    participants: Vec<J>,
    key: Vec<u8>,
    content: Vec<u8>,
}

impl<J> Values<J> {
    /// `device` makes a device of a phone number.
    fn new(device: impl Fn(&str, u16) -> J, group: J, server: J) -> Rc<Self> {
        let device = |n: u16, number: u16| device(&format!("1555000{n:04}"), number);
        let participants = (0..1000).map(|n| device(n, if n % 3 == 0 { 0 } else { n % 90 })).collect();
        let key = (0..96).map(|n: u8| n.wrapping_mul(151)).collect();
        let content = (0..300_u32).map(|n| (n * 199 % 251) as u8).collect();
        Rc::new(Self { server, group, device: device(1, 5), participants, key, content })
    }
}

type Stanza<J, N> = fn(&Values<J>) -> N;

pub(super) fn cases() -> Vec<Case> {
    let device = |user: &str, device: u16| {
        Jid::from(JidRef::new(user, Server::Whatsapp).and_then(|jid| jid.with_device(device)).expect("a device"))
    };
    let values = Values::new(device, Jid::new(GROUP, Server::Group).expect("a group"), Jid::SERVER);
    let server = PeerJid::new("", PeerServer::Pn);
    let peer_device = |user: &str, device: u16| PeerJid::pn_device(user, device);
    let peer_values = Values::new(peer_device, PeerJid::group(GROUP), server);

    vec![
        case("message to 1000 participants", (&values, message), (&peer_values, peer_message)),
        case("call ack", (&values, call_ack), (&peer_values, peer_call_ack)),
        case("receipt", (&values, receipt), (&peer_values, peer_receipt)),
        case("upload of 30 prekeys", (&values, prekeys), (&peer_values, peer_prekeys)),
        case("message to 5 devices", (&values, direct), (&peer_values, peer_direct)),
        case("status to 200 devices", (&values, status), (&peer_values, peer_status)),
    ]
}

fn case(
    name: &'static str,
    (values, build): (&Rc<Values<Jid>>, Stanza<Jid, Node>),
    (peer_values, peer_build): (&Rc<Values<PeerJid>>, Stanza<PeerJid, PeerNode>),
) -> Case {
    let (mut encoder, mut out) = (Encoder::new(), Vec::new());
    let frame = encoder.encode(&build(values)).expect("it encodes");
    assert!(frame == marshal_auto(&peer_build(peer_values)).expect("it encodes"), "{name}: the bytes differ");
    marshal_to_vec(&peer_build(peer_values), &mut out).expect("it encodes");
    assert!(frame == out, "{name}: the bytes differ");

    let contenders = vec![
        Contender::new(OURS, vec![values.clone()], move |values| {
            black_box(encoder.encode_slice(&build(values)).expect("it encodes"));
        }),
        Contender::new("wacore marshal_to_vec", vec![peer_values.clone()], move |values| {
            out.clear();
            marshal_to_vec(&peer_build(values), &mut out).expect("it encodes");
            black_box(&out);
        }),
        Contender::new("wacore marshal_auto", vec![peer_values.clone()], move |values| {
            black_box(&marshal_auto(&peer_build(values)).expect("it encodes"));
        }),
    ];
    Case { kind: super::BUILD, frame: name, bytes: frame.len() - 1, frames: 1, is_on_threads: false, contenders }
}

fn message(values: &Values<Jid>) -> Node {
    let message = Node::build("message");
    message.attr("id", ID).attr("type", "text").attr("to", &values.group).attr("t", TIME);
    message.child("participants", |list| {
        for participant in &values.participants {
            list.child("to", |to| to.attr("jid", participant).child("enc", |enc| cipher(enc, "msg", &values.key)));
        }
    });
    message.child("enc", |enc| cipher(enc, "skmsg", &values.content)).finish()
}

fn cipher<'b>(enc: &'b Builder, kind: &str, bytes: &[u8]) -> &'b Builder {
    enc.attr("v", 2).attr("type", kind).content(bytes)
}

fn peer_message(values: &Values<PeerJid>) -> PeerNode {
    let enc = NodeBuilder::new("enc").attr("v", 2).attr("type", "skmsg").bytes(&values.content[..]).build();
    let message = NodeBuilder::new("message").attr("id", ID).attr("type", "text");
    message.attr("to", &values.group).attr("t", TIME).children([peer_participants(values, 1000), enc]).build()
}

fn call_ack(values: &Values<Jid>) -> Node {
    let ack = Node::build("ack");
    ack.attr("id", ID).attr("class", "call").attr("from", &values.server).attr("t", TIME).finish()
}

fn peer_call_ack(values: &Values<PeerJid>) -> PeerNode {
    let ack = NodeBuilder::new("ack").attr("id", ID).attr("class", "call");
    ack.attr("from", &values.server).attr("t", TIME).build()
}

fn receipt(values: &Values<Jid>) -> Node {
    let receipt = Node::build("receipt");
    receipt.attr("from", &values.device).attr("id", ID).attr("type", "read").attr("t", TIME).finish()
}

fn peer_receipt(values: &Values<PeerJid>) -> PeerNode {
    let receipt = NodeBuilder::new("receipt").attr("from", &values.device).attr("id", ID);
    receipt.attr("type", "read").attr("t", TIME).build()
}

fn prekeys(values: &Values<Jid>) -> Node {
    let iq = Node::build("iq");
    iq.attr("id", ID).attr("xmlns", "encrypt").attr("type", "set").attr("to", &values.server);
    iq.child("registration", |node| node.content(&values.key[..4])).child("type", |node| node.content(&[5]));
    iq.child("identity", |node| node.content(&values.key[..32])).child("list", |list| {
        for id in 0..30_u8 {
            list.child("key", |key| {
                key.child("id", |node| node.content(&[0, 0, id]))
                    .child("value", |node| node.content(&values.key[usize::from(id)..][..32]))
            });
        }
    });
    iq.child("skey", |skey| {
        skey.child("id", |node| node.content(&[0, 0, 1]))
            .child("value", |node| node.content(&values.key[..32]))
            .child("signature", |node| node.content(&values.key[..64]))
    });
    iq.finish()
}

fn peer_prekeys(values: &Values<PeerJid>) -> PeerNode {
    let leaf = |tag, bytes: &[u8]| NodeBuilder::new(tag).bytes(bytes).build();
    let keys = (0..30_u8).map(|id| {
        let value = leaf("value", &values.key[usize::from(id)..][..32]);
        NodeBuilder::new("key").children([leaf("id", &[0, 0, id]), value]).build()
    });
    let signed = [leaf("id", &[0, 0, 1]), leaf("value", &values.key[..32]), leaf("signature", &values.key[..64])];
    let iq = NodeBuilder::new("iq").attr("id", ID).attr("xmlns", "encrypt").attr("type", "set");
    iq.attr("to", &values.server)
        .children([
            leaf("registration", &values.key[..4]),
            leaf("type", &[5]),
            leaf("identity", &values.key[..32]),
            NodeBuilder::new("list").children(keys).build(),
            NodeBuilder::new("skey").children(signed).build(),
        ])
        .build()
}

/// Built while each ciphertext is awaited.
fn direct(values: &Values<Jid>) -> Node {
    let message = Node::build("message");
    message.attr("id", ID).attr("type", "text").attr("to", &values.device).begin_child("participants");
    for device in &values.participants[..5] {
        message.child("to", |to| to.attr("jid", device).child("enc", |enc| cipher(enc, "msg", &values.key)));
    }
    message.end_child().finish()
}

fn peer_direct(values: &Values<PeerJid>) -> PeerNode {
    let message = NodeBuilder::new("message").attr("id", ID).attr("type", "text").attr("to", &values.device);
    message.children([peer_participants(values, 5)]).build()
}

/// The content is known before the participants, which come first.
fn status(values: &Values<Jid>) -> Node {
    let message = Node::build("message");
    message.attr("id", ID).attr("type", "text").attr("to", STATUS);
    message.child("enc", |enc| cipher(enc, "skmsg", &values.content)).insert_child(0, "participants", |list| {
        for device in &values.participants[..200] {
            list.child("to", |to| to.attr("jid", device).child("enc", |enc| cipher(enc, "msg", &values.key)));
        }
    });
    message.finish()
}

const STATUS: JidRef<'static> = match JidRef::new("status", Server::Broadcast) {
    Ok(jid) => jid,
    Err(_) => panic!("a JID"),
};

fn peer_status(values: &Values<PeerJid>) -> PeerNode {
    let enc = NodeBuilder::new("enc").attr("v", 2).attr("type", "skmsg").bytes(&values.content[..]).build();
    let message = NodeBuilder::new("message").attr("id", ID).attr("type", "text");
    message.attr("to", PeerJid::status_broadcast()).children([peer_participants(values, 200), enc]).build()
}

fn peer_participants(values: &Values<PeerJid>, count: usize) -> PeerNode {
    let to = values.participants[..count].iter().map(|participant| {
        let enc = NodeBuilder::new("enc").attr("v", 2).attr("type", "msg").bytes(&values.key[..]).build();
        NodeBuilder::new("to").attr("jid", participant).children([enc]).build()
    });
    NodeBuilder::new("participants").children(to).build()
}
