//! JIDs: the addresses of users, devices, groups and servers.
//!
//! A JID is a user (or none), a server, and for some servers a device and an integrator. The wire has several forms for
//! one address ([`JidForm`]); a decoded JID remembers its form and is written in it again.
//!
//! Sources: `tulir/whatsmeow` `types/jid.go` and `binary/decoder.go`, `tomer8007/whatsapp-web-incognito`
//! `node_reader_writer.js` (WhatsApp Web's `WAWapJid`), `WhiskeySockets/Baileys` `src/WABinary/jid-utils.ts`.

use std::fmt;

mod account;
mod address;
mod attributes;
mod key;
mod numbers;
mod owned;
#[cfg(feature = "serde")]
mod serde;
mod server;
mod text;
mod token;

pub(crate) use address::numbers_of_pair;
pub use attributes::is_address_attribute;
pub use key::JidKey;
pub(crate) use numbers::JidNumbers;
pub use owned::Jid;
pub use server::Server;
pub(crate) use server::{ad_domain, ad_server, domain_server};
use server::{domain_of_server, last_device};
pub use text::address_text;
pub(crate) use token::{server_of_token, token_of_server};

use crate::error::JidError;
use crate::token::same_bytes;

/// The wire form of a JID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JidForm {
    /// `JID_PAIR` (250): user string, or null for a bare server; server string.
    Pair,
    /// `JID_PAIR` whose user is the empty string instead of null.
    PairEmpty,
    /// `AD_JID` (247): domain byte 0, 1, 128 or 129; device; user.
    Ad,
    /// An `AD_JID` with an undefined domain byte. Decoded only with
    /// [`Leniency::AD_DOMAIN`](crate::Leniency::AD_DOMAIN).
    /// Its server is `ad:` and the number, so it is never mistaken for a phone user.
    AdDomain(u8),
    /// `FB_JID` (246): user; two bytes of device; `msgr`.
    Fb,
    /// `INTEROP_JID` (245): user; two bytes of device; two of integrator; `interop`.
    Interop,
}

/// A JID that borrows its texts. `Copy`, 48 bytes.
///
/// Two JIDs are equal if they are the same address, that is, if their texts are equal: the bare user is its device 0,
/// and the [`form`](Self::form) does not count. (In the equality of trees it does.) Equal JIDs have equal users,
/// servers, devices, texts and hashes, and the same order.
///
/// ```
/// use wabinary::{JidForm, JidRef, Server};
///
/// let jid = JidRef::parse("15550001111:5@s.whatsapp.net")?;
/// assert_eq!((jid.user(), jid.server(), jid.device()), (Some("15550001111"), Server::Whatsapp, 5));
/// assert_eq!(jid.form(), JidForm::Ad);
/// assert_eq!(jid.to_string(), "15550001111:5@s.whatsapp.net");
/// assert!(jid.same_user(&JidRef::parse("15550001111@s.whatsapp.net")?));
/// # Ok::<(), wabinary::JidError>(())
/// ```
#[derive(Clone, Copy)]
pub struct JidRef<'a> {
    pub(crate) user: Option<&'a str>,
    pub(crate) server: Server<'a>,
    pub(crate) numbers: JidNumbers,
}

impl<'a> JidRef<'a> {
    /// The server `s.whatsapp.net` itself.
    pub const SERVER: JidRef<'static> = JidRef::server_alone(Server::Whatsapp);
    /// The server `g.us`, the address for queries about all groups.
    pub const GROUPS: JidRef<'static> = JidRef::server_alone(Server::Group);
    /// `status@broadcast`: the status updates of all users.
    pub const STATUS: JidRef<'static> =
        JidRef { user: Some("status"), server: Server::Broadcast, numbers: JidNumbers::new(JidForm::Pair, 0, 0) };

    /// A server without a user.
    ///
    /// # Errors
    /// A name that is empty or has an `@`.
    pub const fn bare(server: Server<'a>) -> Result<Self, JidError> {
        Self::server_alone(server.settled()).checked()
    }

    const fn server_alone(server: Server<'a>) -> Self {
        Self { user: None, server, numbers: JidNumbers::new(JidForm::Pair, 0, 0) }
    }

    /// `user@server`, in the default form of its text.
    ///
    /// # Errors
    /// An empty user or server; an `@` in one; a `:` in a user where it would read as a device; the server `interop`,
    /// whose users have an integrator ([`JidRef::interop`]).
    ///
    /// ```
    /// use wabinary::{JidRef, Server};
    /// const GROUP: JidRef<'static> = match JidRef::new("120363000000000001", Server::Group) {
    ///     Ok(jid) => jid,
    ///     Err(_) => panic!("not a JID"),
    /// };
    /// assert_eq!(GROUP.to_string(), "120363000000000001@g.us");
    /// ```
    pub const fn new(user: &'a str, server: Server<'a>) -> Result<Self, JidError> {
        let server = server.settled();
        if matches!(server, Server::Interop) {
            return Err(JidError::NoIntegrator);
        }
        let form = if matches!(server, Server::Messenger) { JidForm::Fb } else { JidForm::Pair };
        if last_device(server).is_some() && contains(user, b':') {
            return Err(JidError::ColonInUser);
        }
        Self { user: Some(user), server, numbers: JidNumbers::new(form, 0, 0) }.checked()
    }

    /// `integrator-user@interop`, or `integrator-user:device@interop`.
    ///
    /// # Errors
    /// A user that is empty or has an `@` or `:`.
    pub const fn interop(integrator: u16, user: &'a str, device: u16) -> Result<Self, JidError> {
        let numbers = JidNumbers::new(JidForm::Interop, device, integrator);
        Self { user: Some(user), server: Server::Interop, numbers }.checked()
    }

    /// Checks the rules of the wire for a JID in its form.
    pub(crate) const fn checked(self) -> Result<Self, JidError> {
        let server = self.server.as_str();
        if server.is_empty() {
            return Err(JidError::EmptyServer);
        }
        if contains(server, b'@') {
            return Err(JidError::At);
        }
        match self.user {
            Some(user) if user.is_empty() => return Err(JidError::EmptyUser),
            Some(user) if contains(user, b'@') => return Err(JidError::At),
            _ => {}
        }
        let (servers_fit, last_device) = match self.form() {
            JidForm::Pair => (self.numbers.integrator() == 0, 0),
            JidForm::PairEmpty => (self.numbers.integrator() == 0 && self.user.is_none(), 0),
            JidForm::Ad => (ad_domain(self.server).is_some(), 0xff),
            JidForm::AdDomain(domain) => {
                let name = domain_server(domain).as_str();
                (ad_server(domain).is_none() && same_bytes(server.as_bytes(), name.as_bytes()), 0xff)
            }
            JidForm::Fb => (matches!(self.server, Server::Messenger), 0xffff),
            JidForm::Interop => (matches!(self.server, Server::Interop), 0xffff),
        };
        if !servers_fit {
            return Err(JidError::Form);
        }
        if self.numbers.device() > last_device {
            return Err(JidError::Device);
        }
        if !matches!(self.form(), JidForm::Pair | JidForm::PairEmpty) {
            match self.user {
                None => return Err(JidError::EmptyUser),
                Some(user) if contains(user, b':') => return Err(JidError::ColonInUser),
                Some(_) => {}
            }
        }
        match (self.form(), self.user) {
            (JidForm::Pair, Some(user)) => Ok(Self { numbers: numbers_of_pair(user, self.server), ..self }),
            _ => Ok(self),
        }
    }

    /// The server.
    #[inline]
    #[must_use]
    pub const fn server(&self) -> Server<'a> {
        self.server
    }

    /// The device number; 0 if there is none.
    #[inline]
    #[must_use]
    pub const fn device(&self) -> u16 {
        self.numbers.device()
    }

    /// The integrator of an interop user; 0 for others.
    #[inline]
    #[must_use]
    pub const fn integrator(&self) -> u16 {
        self.numbers.integrator()
    }

    /// Whether this is a group.
    #[must_use]
    pub const fn is_group(&self) -> bool {
        matches!((self.server, self.user), (Server::Group, Some(_)))
    }

    /// Whether this is a person's address, with or without a device: by phone number, by hidden id, or at another
    /// service.
    #[must_use]
    pub const fn is_user(&self) -> bool {
        let is_of_people = matches!(
            self.server,
            Server::Whatsapp
                | Server::Lid
                | Server::Hosted
                | Server::HostedLid
                | Server::Messenger
                | Server::Interop
                | Server::LegacyUser
        );
        is_of_people && self.user.is_some()
    }

    /// The wire form of this JID.
    #[inline]
    #[must_use]
    pub const fn form(&self) -> JidForm {
        self.numbers.form()
    }

    /// Equal down to the wire form.
    pub(crate) fn same_wire(&self, other: &JidRef<'_>) -> bool {
        self.numbers == other.numbers && self.user == other.user && self.server == other.server
    }
}

const fn contains(text: &str, byte: u8) -> bool {
    position(text.as_bytes(), byte).is_some()
}

/// The index of the first such byte.
const fn position(bytes: &[u8], byte: u8) -> Option<usize> {
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == byte {
            return Some(at);
        }
        at += 1;
    }
    None
}

impl fmt::Debug for JidRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JidRef({}, {})", self.wire_text(), self.form())
    }
}
