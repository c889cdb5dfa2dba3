//! `<relay>`: the relays of a call, and the keys and tokens for them. It is in the ack of an offer that we send, and in
//! an offer that we get.
//!
//! Sources: `Auties00/Cobalt` (`calls/signaling/`, a captured shape), `WhiskeySockets/wacrg`
//! `spec/relay/relay-candidates.yaml`, `vinikjkkj/zapo` `packages/voip/src/relay/relay-ack.ts`.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use super::redaction::is_secret_value;
use super::{expect_tag, text, value};
use crate::{AttrError, JidRef, NodeRef, StanzaError, Value};

/// A view of `<relay>`. `Copy`; reads the node, allocates nothing.
///
/// **Anyone who has the keys can listen to the call.** Getters of secrets begin with `reveal`, and `Debug` does not
/// show secrets.
///
/// ```
/// use wabinary::{Node, stanza::RelayRef};
///
/// let node = Node::build("relay")
///     .attr("self_pid", 1)
///     .child("key", |key| key.bytes(vec![7; 16]))
///     .child("te2", |te2| te2.attr("relay_name", "xyz1c01").bytes(vec![192, 0, 2, 10, 0x0d, 0x96]))
///     .finish();
/// let relay = RelayRef::try_from(node.as_ref())?;
/// assert_eq!((relay.self_pid()?, relay.has_keys(), relay.is_usable()), (Some(1), true, true));
/// let endpoint = relay.endpoints().next().unwrap();
/// assert_eq!(endpoint.relay_name()?, Some("xyz1c01"));
/// assert_eq!(endpoint.reveal_address().unwrap().to_string(), "192.0.2.10:3478");
/// # Ok::<(), wabinary::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct RelayRef<'a> {
    node: NodeRef<'a>,
}

impl<'a> RelayRef<'a> {
    /// The node itself, secrets included.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.node
    }

    getters! {
        /// `uuid`: the id of the relays' session.
        uuid "uuid" &'a str, "text";
        /// `self_pid`: the number of this device in the call.
        self_pid "self_pid" u32, "number";
        /// `peer_pid`: the number of the other device.
        peer_pid "peer_pid" u32, "number";
        /// `call-creator`: the device that began the call.
        call_creator "call-creator" JidRef<'a>, "JID";
        /// `joinable`: whether others can join; `1` was seen.
        joinable "joinable" u32, "number";
        /// `attribute_padding`: whether attributes of STUN messages are padded; `1` was seen.
        attribute_padding "attribute_padding" u32, "number";
        /// `warp_mi_tag_len`: the length in bytes of the integrity tag of WARP messages.
        warp_mi_tag_len "warp_mi_tag_len" u32, "number";
    }

    /// `call-id`: the id of the call. A relay in the ack of a refused offer has nothing else.
    #[must_use]
    pub fn call_id(self) -> Option<&'a str> {
        text(self.node, "call-id")
    }

    /// The devices in the call, in order.
    pub fn participants(self) -> impl Iterator<Item = RelayParticipant<'a>> {
        self.children("participant").map(|node| RelayParticipant { node })
    }

    /// The addresses of the relays (`te2`), in order.
    pub fn endpoints(self) -> impl Iterator<Item = RelayEndpoint<'a>> {
        self.children("te2").map(|node| RelayEndpoint { node })
    }

    /// Whether there is a key: `key` or `hbh_key` with content.
    #[must_use]
    pub fn has_keys(self) -> bool {
        self.reveal_key().is_some() || self.reveal_hbh_key().is_some()
    }

    /// Whether media can go over it: it has a key or an endpoint. A relay without either only names the call.
    #[must_use]
    pub fn is_usable(self) -> bool {
        self.has_keys() || self.endpoints().next().is_some()
    }

    /// `key`: **a secret**, the key of the call's relays.
    #[must_use]
    pub fn reveal_key(self) -> Option<&'a [u8]> {
        self.secret("key")
    }

    /// `hbh_key`: **a secret**, the hop-by-hop key. The ack of an accept carries a new one.
    #[must_use]
    pub fn reveal_hbh_key(self) -> Option<&'a [u8]> {
        self.secret("hbh_key")
    }

    /// `token`s: **secrets**, each with its `id`. Endpoints refer to the `id`.
    pub fn reveal_tokens(self) -> impl Iterator<Item = (Option<u32>, &'a [u8])> {
        self.children("token").map(with_id)
    }

    /// `auth_token`s: **secrets**, each with its `id`. Endpoints refer to the `id`.
    pub fn reveal_auth_tokens(self) -> impl Iterator<Item = (Option<u32>, &'a [u8])> {
        self.children("auth_token").map(with_id)
    }

    fn children(self, tag: &'static str) -> impl Iterator<Item = NodeRef<'a>> {
        self.node.children().filter(move |child| child.tag() == tag)
    }

    fn secret(self, tag: &str) -> Option<&'a [u8]> {
        self.node.child(tag).map(NodeRef::bytes).filter(|bytes| !bytes.is_empty())
    }
}

fn with_id(node: NodeRef<'_>) -> (Option<u32>, &[u8]) {
    (value(node, "id"), node.bytes())
}

impl<'a> TryFrom<NodeRef<'a>> for RelayRef<'a> {
    type Error = StanzaError;

    /// # Errors
    /// Another tag.
    fn try_from(node: NodeRef<'a>) -> Result<Self, StanzaError> {
        expect_tag(node, "relay").map(|()| Self { node })
    }
}

impl fmt::Debug for RelayRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Relay");
        fields.field("call_id", &self.call_id()).field("has_keys", &self.has_keys());
        fields.field("participants", &self.participants().collect::<Vec<_>>());
        fields.field("endpoints", &self.endpoints().collect::<Vec<_>>());
        fields.finish()
    }
}

/// A device in a call, as `<relay>` lists it.
#[derive(Clone, Copy)]
pub struct RelayParticipant<'a> {
    node: NodeRef<'a>,
}

impl<'a> RelayParticipant<'a> {
    /// The node itself.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.node
    }

    getters! {
        /// `pid`: the device's number in the call.
        pid "pid" u32, "number";
        /// `jid`: the device.
        jid "jid" JidRef<'a>, "JID";
    }
}

impl fmt::Debug for RelayParticipant<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let jid = value::<JidRef<'_>>(self.node, "jid").map(|jid| jid.to_string());
        f.debug_struct("RelayParticipant").field("pid", &value::<u32>(self.node, "pid")).field("jid", &jid).finish()
    }
}

/// An address of a relay (`te2`).
#[derive(Clone, Copy)]
pub struct RelayEndpoint<'a> {
    node: NodeRef<'a>,
}

impl<'a> RelayEndpoint<'a> {
    /// The node itself, the address included.
    #[must_use]
    pub fn node(self) -> NodeRef<'a> {
        self.node
    }

    getters! {
        /// `relay_id`: the number of the relay; one has an endpoint for each protocol.
        relay_id "relay_id" u32, "number";
        /// `relay_name`: the relay's name.
        relay_name "relay_name" &'a str, "text";
        /// `domain_name`: the relay's name in the domain name system. **Not for logs**: it is the address.
        reveal_domain_name "domain_name" &'a str, "text";
        /// `token_id`: which of the relay's tokens is for it.
        token_id "token_id" u32, "number";
        /// `auth_token_id`: which of the relay's authentication tokens is for it.
        auth_token_id "auth_token_id" u32, "number";
        /// `c2r_rtt`: how long a message takes there and back, as the server thinks; by the name and the sizes seen, in
        /// milliseconds.
        c2r_rtt "c2r_rtt" u32, "number";
        /// `is_fna`: whether the relay is in the network of an internet provider.
        is_fna "is_fna" u32, "number";
        /// `protocol`: 0 was seen, by everyone taken for UDP.
        protocol "protocol" u32, "number";
    }

    /// Address and port: **not for logs**, it shows where the user is. `None` unless the content has 6 bytes (IPv4) or
    /// 18 (IPv6). The last two bytes are the port.
    #[must_use]
    pub fn reveal_address(self) -> Option<SocketAddr> {
        let (address, port) = self.node.bytes().split_last_chunk::<2>()?;
        let address = match address.len() {
            4 => IpAddr::from(<[u8; 4]>::try_from(address).ok()?),
            _ => IpAddr::from(<[u8; 16]>::try_from(address).ok()?),
        };
        Some(SocketAddr::new(address, u16::from_be_bytes(*port)))
    }
}

impl fmt::Debug for RelayEndpoint<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("RelayEndpoint");
        fields.field("relay_id", &value::<u32>(self.node, "relay_id"));
        let is_shown = |name: &&str| !is_secret_value(self.node, "relay_name", Value::Text(name));
        fields.field("relay_name", &value(self.node, "relay_name").filter(is_shown));
        fields.field("has_address", &self.reveal_address().is_some());
        fields.finish()
    }
}
