//! Building a stanza from values and encoding it, with each library's own builder and types.

use std::hint::black_box;
use std::rc::Rc;

use wabinary::{Encoder, Jid, JidRef, Node, Server};
use wacore_binary::builder::NodeBuilder;
use wacore_binary::jid::{Jid as PeerJid, Server as PeerServer};
use wacore_binary::marshal::{marshal_auto, marshal_to_vec};
use wacore_binary::node::Node as PeerNode;

use crate::case::{Case, Contender, OURS};

const GROUP: &str = "120363000000000001";
const ID: &str = "3EB0A9C1D27F40B6E85113";
const TIME: u64 = 1_700_000_000;

/// What else the stanzas are made of.
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
    let mut message = Node::build("message");
    message.attr("id", ID).attr("type", "text").attr("to", &values.group).attr("t", TIME);
    message.child("participants", |list| {
        for participant in &values.participants {
            list.child("to", |to| to.attr("jid", participant).child("enc", |enc| enc.attr("v", 2).attr("type", "msg").content(&values.key)));
        }
    });
    message.child("enc", |enc| enc.attr("v", 2).attr("type", "skmsg").content(&values.content));
    message.finish()
}

fn peer_message(values: &Values<PeerJid>) -> PeerNode {
    let to = values.participants.iter().map(|participant| {
        let enc = NodeBuilder::new("enc").attr("v", 2).attr("type", "msg").bytes(&values.key[..]).build();
        NodeBuilder::new("to").attr("jid", participant).children([enc]).build()
    });
    let participants = NodeBuilder::new("participants").children(to).build();
    let enc = NodeBuilder::new("enc").attr("v", 2).attr("type", "skmsg").bytes(&values.content[..]).build();
    let message = NodeBuilder::new("message").attr("id", ID).attr("type", "text");
    message.attr("to", &values.group).attr("t", TIME).children([participants, enc]).build()
}

fn call_ack(values: &Values<Jid>) -> Node {
    let mut ack = Node::build("ack");
    ack.attr("id", ID).attr("class", "call").attr("from", &values.server).attr("t", TIME).finish()
}

fn peer_call_ack(values: &Values<PeerJid>) -> PeerNode {
    let ack = NodeBuilder::new("ack").attr("id", ID).attr("class", "call");
    ack.attr("from", &values.server).attr("t", TIME).build()
}

fn receipt(values: &Values<Jid>) -> Node {
    let mut receipt = Node::build("receipt");
    receipt.attr("from", &values.device).attr("id", ID).attr("type", "read").attr("t", TIME).finish()
}

fn peer_receipt(values: &Values<PeerJid>) -> PeerNode {
    let receipt = NodeBuilder::new("receipt").attr("from", &values.device).attr("id", ID);
    receipt.attr("type", "read").attr("t", TIME).build()
}
