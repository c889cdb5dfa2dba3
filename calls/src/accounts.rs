//! Which addresses are this device's, and which phone number and hidden id are one account.

use std::collections::HashMap;

use wabinary::stanza::Direction;
use wabinary::{FromValue, Jid, JidRef, NodeRef, Server};

/// The most hidden ids that are kept with their phone number, and the most own addresses. A peer may send made-up ones
/// to exhaust memory.
const MOST: usize = 1 << 16;
const MOST_OWN: usize = 16;

/// Attributes of one element that name one account, a hidden id and a phone number, in either order. Sources:
/// `tulir/whatsmeow` `message.go`, `group.go` and `call.go`, `oxidezap/whatsapp-rust` `wacore/src/stanza/group_call.rs`.
const SAME_ACCOUNT: [(&str, &str); 15] = [
    ("jid", "user_pn"),
    ("jid", "phone_number"),
    ("jid", "lid"),
    ("from", "sender_pn"),
    ("from", "sender_lid"),
    ("to", "peer_recipient_pn"),
    ("to", "peer_recipient_lid"),
    ("recipient", "peer_recipient_pn"),
    ("recipient", "recipient_pn"),
    ("recipient", "recipient_lid"),
    ("participant", "participant_pn"),
    ("participant", "participant_lid"),
    ("call-creator", "caller_pn"),
    ("call-creator", "caller_lid"),
    ("link_creator", "link_creator_pn"),
];

/// The addresses of this device, and the pairs of addresses that stanzas of a session map to one account.
///
/// ```
/// use wabinary::{Jid, Node};
/// use wabinary_calls::Accounts;
///
/// let (lid, phone): (Jid, Jid) = ("100000022222222@lid".parse()?, "15550002222:3@s.whatsapp.net".parse()?);
/// let mut accounts = Accounts::default();
/// assert!(!accounts.are_mapped(lid.as_ref(), phone.as_ref()));
/// accounts.learn(&Node::build("user").attr("jid", &lid).attr("user_pn", &phone).finish(), None);
/// assert!(accounts.are_mapped(lid.as_ref(), phone.as_ref()));
/// # Ok::<(), wabinary::JidError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    own: Vec<Jid>,
    phone_of: HashMap<Box<str>, Box<str>>,
}

impl Accounts {
    /// Adds an address of this device: its user, and its device if the address has a device number.
    pub fn add_own(&mut self, own: impl Into<Jid>) {
        let own = own.into();
        if own.user().is_some() && self.own.len() < MOST_OWN && !self.own.contains(&own) {
            self.own.push(own);
        }
    }

    /// Learns addresses from a stanza. This device is the creator of the offers that it sends, the sender of stanzas
    /// that it stamps, the recipient of calls that come in, and the account that the server logs in.
    pub fn learn<'a>(&mut self, stanza: impl Into<NodeRef<'a>>, direction: Option<Direction>) {
        let stanza = stanza.into();
        let jid = |node: NodeRef<'a>, name| node.attr(name).and_then(JidRef::from_value);
        let own = match direction.or_else(|| Direction::of(stanza)) {
            Some(Direction::Send) => [jid(stanza, "from"), creator_of_offer(stanza)],
            Some(Direction::Receive) => match stanza.tag() {
                "call" => [jid(stanza, "recipient"), None],
                "success" => [jid(stanza, "lid"), None],
                _ => [None, None],
            },
            None => [None, None],
        };
        let is_user = |jid: &JidRef<'_>| phone_or_lid(*jid).is_some();
        own.into_iter().flatten().filter(is_user).for_each(|jid| self.add_own(jid));
        for node in std::iter::once(stanza).chain(stanza.descendants()) {
            let lid_of_user = node.child("lid").filter(|_| node.tag() == "user").and_then(|lid| jid(lid, "val"));
            if let Some((one, other)) = jid(node, "jid").zip(lid_of_user) {
                self.map(one, other);
            }
            if !node.attrs().any(|(name, _)| name.ends_with("_pn") || name.ends_with("lid") || name == "phone_number") {
                continue;
            }
            for (one, other) in SAME_ACCOUNT {
                if let Some((one, other)) = jid(node, one).zip(jid(node, other)) {
                    self.map(one, other);
                }
            }
        }
    }

    /// Maps two addresses to one account, if one is a hidden id and the other a phone number.
    fn map(&mut self, one: JidRef<'_>, other: JidRef<'_>) {
        let (lid, phone) = match (phone_or_lid(one), phone_or_lid(other)) {
            (Some((true, lid)), Some((false, phone))) | (Some((false, phone)), Some((true, lid))) => (lid, phone),
            _ => return,
        };
        if self.phone_of.len() < MOST {
            self.phone_of.insert(lid.into(), phone.into());
        }
    }

    /// Whether one address is a hidden id, the other a phone number, and a stanza mapped them to one account.
    #[must_use]
    pub fn are_mapped(&self, one: JidRef<'_>, other: JidRef<'_>) -> bool {
        match (phone_or_lid(one), phone_or_lid(other)) {
            (Some((true, lid)), Some((false, phone))) | (Some((false, phone)), Some((true, lid))) => {
                self.phone_of.get(lid).is_some_and(|known| **known == *phone)
            }
            _ => false,
        }
    }

    /// Whether both addresses belong to one account, by their texts or by a stanza.
    #[must_use]
    pub fn are_same(&self, one: JidRef<'_>, other: JidRef<'_>) -> bool {
        one.same_account(other) || self.are_mapped(one, other)
    }

    /// Whether an address belongs to the user of this device.
    #[must_use]
    pub fn is_own_user(&self, jid: JidRef<'_>) -> bool {
        self.own.iter().any(|own| self.are_same(own.as_ref(), jid))
    }

    /// Whether an address is this device.
    #[must_use]
    pub fn is_own_device(&self, jid: JidRef<'_>) -> bool {
        self.own.iter().any(|own| device(own.as_ref()) == device(jid) && self.are_same(own.as_ref(), jid))
    }
}

/// The creator of the call that a stanza offers, unless the stanza goes to that creator.
fn creator_of_offer(stanza: NodeRef<'_>) -> Option<JidRef<'_>> {
    let offer = stanza.children().next().filter(|action| stanza.tag() == "call" && action.tag() == "offer")?;
    let creator = JidRef::from_value(offer.attr("call-creator")?)?;
    let is_addressed = |to: JidRef<'_>| to.same_account(creator);
    Some(creator).filter(|_| !stanza.attr("to").and_then(JidRef::from_value).is_some_and(is_addressed))
}

/// The user, and whether it is a hidden id or a phone number.
fn phone_or_lid(jid: JidRef<'_>) -> Option<(bool, &str)> {
    let is_lid = match jid.server() {
        Server::Lid | Server::HostedLid => true,
        Server::Whatsapp | Server::Hosted | Server::LegacyUser => false,
        _ => return None,
    };
    // A pair may have its device inside the user.
    let user = jid.user()?.split(':').next()?;
    Some((is_lid, user)).filter(|_| !user.is_empty())
}

/// The device number, which a pair may have inside the user.
pub(crate) fn device(jid: JidRef<'_>) -> u16 {
    let in_user = || jid.user().and_then(|user| user.split_once(':')?.1.parse().ok());
    if jid.device() > 0 { jid.device() } else { in_user().unwrap_or(0) }
}
