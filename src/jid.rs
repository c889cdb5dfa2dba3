//! JIDs: the addresses of users, devices, groups and servers.
//!
//! A JID is a user (or none), a server, and for some servers a device and an integrator. The wire has several forms for
//! the same address ([`JidForm`]); a JID that was decoded remembers its own, so that it is written back as it came.
//!
//! Sources: `tulir/whatsmeow` `types/jid.go` and `binary/decoder.go`, `tomer8007/whatsapp-web-incognito`
//! `node_reader_writer.js` (WhatsApp Web's `WAWapJid`), `WhiskeySockets/Baileys` `src/WABinary/jid-utils.ts`.

use std::fmt;
use std::hash::{Hash, Hasher};

mod account;
mod numbers;
mod owned;
mod server;
mod text;
mod token;

pub(crate) use numbers::JidNumbers;
pub use owned::Jid;
pub use server::Server;
pub(crate) use server::{ad_domain, ad_server, domain_server};
pub(crate) use token::{server_of_token, token_of_server};

use crate::error::JidError;
use crate::token::same_bytes;

/// How a JID stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum JidForm {
    /// `JID_PAIR` (250): user string, or null for a bare server; server string.
    Pair,
    /// `JID_PAIR` whose user is the empty string instead of null.
    PairEmpty,
    /// `AD_JID` (247): domain byte 0, 1, 128 or 129; device; user.
    Ad,
    /// `AD_JID` with a domain byte that nothing defines. Decoded only with [`Leniency::AD_DOMAIN`](crate::Leniency::AD_DOMAIN).
    /// Its server is `ad:` and the number, so that it is never taken for a phone user.
    AdDomain(u8),
    /// `FB_JID` (246): user; two bytes of device; `msgr`.
    Fb,
    /// `INTEROP_JID` (245): user; two bytes of device; two of integrator; `interop`.
    Interop,
}

/// A JID that borrows its texts. `Copy`, 48 bytes.
///
/// Two JIDs are equal when they are the same address, that is when their texts read alike: the bare user is its device 0,
/// and the [`form`](Self::form) does not count. (In the equality of trees it does.)
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

    /// A server without a user.
    ///
    /// # Errors
    /// A name that is empty or has an `@`.
    pub const fn bare(server: Server<'a>) -> Result<Self, JidError> {
        Self::server_alone(server).checked()
    }

    const fn server_alone(server: Server<'a>) -> Self {
        Self { user: None, server, numbers: JidNumbers::new(JidForm::Pair, 0, 0) }
    }

    /// `user@server`, in the form that its text has by default.
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
        if matches!(server, Server::Interop) {
            return Err(JidError::NoIntegrator);
        }
        let form = if matches!(server, Server::Messenger) { JidForm::Fb } else { JidForm::Pair };
        if server.last_device().is_some() && contains(user, b':') {
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

    /// The same user's device `device`; 0 is the user without a device.
    ///
    /// # Errors
    /// No user; a server whose users have no devices; a device above 255 (65,535 for `msgr` and `interop`).
    pub const fn with_device(self, device: u16) -> Result<Self, JidError> {
        let form = match self.form() {
            JidForm::Pair if device > 0 && matches!(self.server, Server::Messenger) => JidForm::Fb,
            JidForm::Pair if device > 0 => JidForm::Ad,
            JidForm::Ad if device == 0 => JidForm::Pair,
            form => form,
        };
        Self { numbers: self.numbers.with_device(device).with_form(form), ..self }.checked()
    }

    /// The same address in another wire form.
    ///
    /// # Errors
    /// A form that cannot carry the address: `Ad` for a group, `Pair` for a device, `PairEmpty` for a user.
    pub const fn with_form(self, form: JidForm) -> Result<Self, JidError> {
        Self { numbers: self.numbers.with_form(form), ..self }.checked()
    }

    /// Holds the rules of the wire for a JID in its form, whoever made it.
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
            JidForm::Pair => (self.integrator() == 0, 0),
            JidForm::PairEmpty => (self.integrator() == 0 && self.user.is_none(), 0),
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
        if self.device() > last_device {
            return Err(JidError::Device);
        }
        if !matches!(self.form(), JidForm::Pair | JidForm::PairEmpty) {
            match self.user {
                None => return Err(JidError::EmptyUser),
                Some(user) if contains(user, b':') => return Err(JidError::ColonInUser),
                Some(_) => {}
            }
        }
        Ok(self)
    }

    /// The user, or `None` for a bare server. Of an interop JID without its integrator.
    #[inline]
    #[must_use]
    pub const fn user(&self) -> Option<&'a str> {
        self.user
    }

    /// The server.
    #[inline]
    #[must_use]
    pub const fn server(&self) -> Server<'a> {
        self.server
    }

    /// The device number; 0 where there is none.
    #[inline]
    #[must_use]
    pub const fn device(&self) -> u16 {
        self.numbers.device()
    }

    /// The integrator of an interop user; 0 elsewhere.
    #[inline]
    #[must_use]
    pub const fn integrator(&self) -> u16 {
        self.numbers.integrator()
    }

    /// How this JID stands on the wire.
    #[inline]
    #[must_use]
    pub const fn form(&self) -> JidForm {
        self.numbers.form()
    }

    /// Whether both are devices of one user on one server.
    #[must_use]
    pub fn same_user(&self, other: &JidRef<'_>) -> bool {
        let bare = |jid: JidRef<'_>| jid.numbers.with_device(0);
        let (one, two) = (self.as_text_reads(), other.as_text_reads());
        self == other || JidRef { numbers: bare(one), ..one } == JidRef { numbers: bare(two), ..two }
    }

    /// Equal down to the wire form.
    pub(crate) fn same_wire(&self, other: &JidRef<'_>) -> bool {
        self.numbers == other.numbers && self.user == other.user && self.server == other.server
    }

    /// The bytes that are the address: the text, with a device 0 left out.
    fn address(self) -> impl Iterator<Item = u8> {
        let jid = self.as_text_reads();
        let integrator =
            (jid.form() == JidForm::Interop).then(|| decimal(jid.integrator()).chain(std::iter::once(b'-')));
        let user = jid.user.unwrap_or("").bytes();
        let device = (jid.device() > 0).then(|| std::iter::once(b':').chain(decimal(jid.device())));
        let at = jid.user.is_some().then_some(b'@');
        let server = jid.server.as_str().bytes();
        integrator.into_iter().flatten().chain(user).chain(device.into_iter().flatten()).chain(at).chain(server)
    }
}

/// The digits of a number, without a leading zero.
fn decimal(number: u16) -> impl Iterator<Item = u8> {
    let digits = [10_000, 1_000, 100, 10, 1].map(|unit| (number / unit % 10) as u8);
    let first = digits.iter().position(|&digit| digit != 0).unwrap_or(4);
    digits.into_iter().skip(first).map(|digit| digit + b'0')
}

const fn contains(text: &str, byte: u8) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == byte {
            return true;
        }
        at += 1;
    }
    false
}

impl PartialEq<JidRef<'_>> for JidRef<'_> {
    fn eq(&self, other: &JidRef<'_>) -> bool {
        let same_parts = self.user == other.user
            && self.server == other.server
            && self.device() == other.device()
            && self.integrator() == other.integrator()
            // Of this form alone the text has an integrator 0.
            && (self.form() == JidForm::Interop) == (other.form() == JidForm::Interop);
        same_parts || self.address().eq(other.address())
    }
}

impl Eq for JidRef<'_> {}

impl Hash for JidRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Byte by byte, since the same address can be cut into parts in two ways.
        self.address().for_each(|byte| state.write_u8(byte));
    }
}

impl fmt::Debug for JidRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JidRef({self}, {})", self.form())
    }
}
