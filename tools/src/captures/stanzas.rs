//! Pieces of call stanzas.
//!
//! Shapes and attribute names: `WhiskeySockets/wacrg` `docs/signaling/stanza-reference.md` and
//! `spec/relay/relay-candidates.yaml`; `oxidezap/whatsapp-rust` `wacore/src/stanza/call.rs` and `group_call.rs`. Keys,
//! tokens and ciphertexts are one byte over and over; addresses are those kept for documents (RFC 5737, RFC 3849).

use std::net::{Ipv4Addr, Ipv6Addr};

use wabinary::{Builder, JidRef, Node};

/// The port relays listen on.
const RELAY_PORT: u16 = 3478;

/// What a client can do in a call.
const CAPABILITY: [u8; 7] = [0x01, 0x05, 0xf7, 0x09, 0xe0, 0xbb, 0x13];

/// What every action of a call carries.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) id: &'a str,
    pub(crate) creator: JidRef<'a>,
}

impl Call<'_> {
    /// An action of this call, open for more.
    pub(crate) fn action(&self, tag: &str) -> Builder {
        let mut action = Node::build(tag);
        action.attr("call-id", self.id).attr("call-creator", self.creator);
        action
    }

    /// An offer of sound to these devices.
    pub(crate) fn offer(&self, devices: &[JidRef<'_>]) -> Builder {
        let mut offer = self.action("offer");
        audio(&mut offer, 8_000);
        audio(&mut offer, 16_000);
        offer.child("net", |net| _ = net.attr("medium", 3));
        capability(&mut offer);
        if devices.is_empty() {
            enc(&mut offer, "msg");
        } else {
            offer.child("destination", |list| {
                devices.iter().for_each(|to| _ = list.child("to", |entry| enc(entry.attr("jid", *to), "pkmsg")));
            });
        }
        key_generation(&mut offer);
        offer
    }

    /// The answer to an offer.
    pub(crate) fn accept(&self) -> Builder {
        let mut accept = self.action("accept");
        audio(&mut accept, 16_000);
        accept.child("te", |te| _ = te.attr("priority", 2).content(ipv4(10)));
        accept.child("net", |net| _ = net.attr("medium", 2));
        key_generation(&mut accept);
        accept
    }

    /// It rings.
    pub(crate) fn preaccept(&self) -> Builder {
        let mut preaccept = self.action("preaccept");
        audio(&mut preaccept, 16_000);
        key_generation(&mut preaccept);
        capability(&mut preaccept);
        preaccept
    }

    /// Where this device can be reached.
    pub(crate) fn transport(&self, round: u32) -> Builder {
        let mut transport = self.action("transport");
        transport.attr("p2p-cand-round", round).attr("transport-message-type", 1);
        transport.child("te", |te| _ = te.attr("priority", 1).content(ipv4(77)));
        transport.child("net", |net| _ = net.attr("medium", 2).attr("protocol", 0));
        transport
    }

    /// How long the way to a relay is.
    pub(crate) fn relay_latency(&self, milliseconds: u32) -> Builder {
        let mut latency = self.action("relaylatency");
        latency.child("te", |te| {
            te.attr("latency", 0x0200_0000 + milliseconds).attr("relay_name", "xyz1c01").content(ipv4(10));
        });
        latency
    }
}

/// A format of sound that a client can take.
fn audio(parent: &mut Builder, rate: u32) {
    parent.child("audio", |audio| _ = audio.attr("enc", "opus").attr("rate", rate));
}

/// The key of a call, encrypted.
pub(crate) fn enc(parent: &mut Builder, kind: &str) {
    parent.child("enc", |enc| _ = enc.attr("v", 2).attr("type", kind).attr("count", 0).content(&[0xc1; 48]));
}

fn key_generation(parent: &mut Builder) {
    parent.child("encopt", |encopt| _ = encopt.attr("keygen", 2));
}

pub(crate) fn capability(parent: &mut Builder) {
    parent.child("capability", |capability| _ = capability.attr("ver", 1).content(&CAPABILITY));
}

/// The `<relay>` of an offer's ack: everything that media needs, keys included.
pub(crate) fn relay(parent: &mut Builder, call: &Call<'_>, people: &[JidRef<'_>]) {
    parent.child("relay", |relay| {
        relay.attr("uuid", "0000000000000001").attr("self_pid", 1).attr("peer_pid", 2);
        relay.attr("call-id", call.id).attr("call-creator", call.creator).attr("joinable", 1);
        relay.attr("attribute_padding", 1).attr("warp_mi_tag_len", 4);
        for (pid, jid) in (1..).zip(people) {
            relay.child("participant", |participant| _ = participant.attr("pid", pid).attr("jid", *jid));
        }
        for (tag, byte) in [("token", 0x33), ("auth_token", 0x44)] {
            for id in 0..2 {
                relay.child(tag, |token| _ = token.attr("id", id).content(&[byte + id; 24]));
            }
        }
        // 16 and 30 equal bytes in base64, which is how both keys are sent.
        relay.child("key", |key| _ = key.content("IiIiIiIiIiIiIiIiIiIiIg=="));
        hop_by_hop_key(relay, "ERERERERERERERERERERERERERERERERERERERER");
        for id in 0..2_u8 {
            for address in [ipv4(10 + id), ipv6(0x10 + u16::from(id))] {
                relay.child("te2", |te2| {
                    te2.attr("relay_id", id).attr("relay_name", format!("xyz{}c01", id + 1));
                    te2.attr("domain_name", "relay.example.net").attr("token_id", id).attr("auth_token_id", id);
                    te2.attr("c2r_rtt", 20 + 15 * id).attr("protocol", 0).content(&address);
                });
            }
        }
    });
}

/// The key between a client and the relay; an ack of `accept` has a new one.
pub(crate) fn hop_by_hop_key(relay: &mut Builder, base64: &str) {
    relay.child("hbh_key", |key| _ = key.content(base64));
}

/// `192.0.2.x`, with the port.
fn ipv4(last: u8) -> Vec<u8> {
    [&Ipv4Addr::new(192, 0, 2, last).octets()[..], &RELAY_PORT.to_be_bytes()].concat()
}

/// `2001:db8::x`, with the port.
fn ipv6(last: u16) -> Vec<u8> {
    [&Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last).octets()[..], &RELAY_PORT.to_be_bytes()].concat()
}
