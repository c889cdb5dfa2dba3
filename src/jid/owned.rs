//! JIDs that own their texts.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::{JidForm, JidNumbers, JidRef, Server};
use crate::error::JidError;

/// A JID that owns its texts. All that a JID tells is read through [`as_ref`](Self::as_ref), a [`JidRef`], or through
/// the getters repeated here.
///
/// ```
/// use wabinary::{Jid, Server};
///
/// let jid: Jid = "15550001111@s.whatsapp.net".parse()?;
/// assert_eq!(jid, Jid::new("15550001111", Server::Whatsapp)?);
/// assert_eq!(Jid::SERVER.to_string(), "s.whatsapp.net");
/// # Ok::<(), wabinary::JidError>(())
/// ```
#[derive(Clone)]
pub struct Jid {
    user: Option<Cow<'static, str>>,
    /// A known server, or `Other("")` for the name in `other`.
    server: Server<'static>,
    other: Cow<'static, str>,
    numbers: JidNumbers,
}

impl Jid {
    /// The server `s.whatsapp.net` itself.
    pub const SERVER: Self = Self::from_static(JidRef::SERVER);

    /// A JID of static texts, without an allocation.
    #[must_use]
    pub const fn from_static(jid: JidRef<'static>) -> Self {
        let user = match jid.user {
            Some(user) => Some(Cow::Borrowed(user)),
            None => None,
        };
        let JidRef { server, numbers, .. } = jid;
        Self { user, server, other: Cow::Borrowed(server.as_str()), numbers }
    }

    /// `user@server`, as [`JidRef::new`].
    ///
    /// # Errors
    /// As [`JidRef::new`].
    pub fn new(user: &str, server: Server<'_>) -> Result<Self, JidError> {
        JidRef::new(user, server).map(Self::from)
    }

    /// The borrowed view.
    #[must_use]
    pub fn as_ref(&self) -> JidRef<'_> {
        let server = if matches!(self.server, Server::Other(_)) { Server::Other(&self.other) } else { self.server };
        JidRef { user: self.user.as_deref(), server, numbers: self.numbers }
    }

    /// See [`JidRef::user`].
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.as_ref().user()
    }

    /// See [`JidRef::server`].
    #[must_use]
    pub fn server(&self) -> Server<'_> {
        self.as_ref().server
    }

    /// See [`JidRef::device`].
    #[must_use]
    pub fn device(&self) -> u16 {
        self.as_ref().device()
    }

    /// See [`JidRef::integrator`].
    #[must_use]
    pub fn integrator(&self) -> u16 {
        self.as_ref().integrator()
    }

    /// See [`JidRef::form`].
    #[must_use]
    pub fn form(&self) -> JidForm {
        self.numbers.form()
    }

    /// See [`JidRef::same_user`].
    #[must_use]
    pub fn same_user<'a>(&self, other: impl Into<JidRef<'a>>) -> bool {
        self.as_ref().same_user(&other.into())
    }
}

impl From<JidRef<'_>> for Jid {
    fn from(jid: JidRef<'_>) -> Self {
        let (server, other) = match jid.server {
            Server::Other(name) => (Server::Other(""), Cow::Owned(name.to_owned())),
            known => (Server::from_code(known.code().unwrap_or(0)).unwrap_or(Server::Whatsapp), Cow::Borrowed("")),
        };
        let user = jid.user.map(|user| Cow::Owned(user.to_owned()));
        Self { user, server, other, numbers: jid.numbers }
    }
}

impl<'a> From<&'a Jid> for JidRef<'a> {
    fn from(jid: &'a Jid) -> Self {
        jid.as_ref()
    }
}

impl PartialEq for Jid {
    fn eq(&self, other: &Self) -> bool {
        self.as_ref() == other.as_ref()
    }
}

impl Eq for Jid {}

impl PartialEq<JidRef<'_>> for Jid {
    fn eq(&self, other: &JidRef<'_>) -> bool {
        self.as_ref() == *other
    }
}

impl PartialEq<Jid> for JidRef<'_> {
    fn eq(&self, other: &Jid) -> bool {
        *self == other.as_ref()
    }
}

impl Hash for Jid {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_ref().hash(state);
    }
}

impl fmt::Display for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_ref().fmt(f)
    }
}

impl fmt::Debug for Jid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jid({}, {})", self.as_ref().wire_text(), self.form())
    }
}
