//! JIDs that own their texts.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::{JidForm, JidNumbers, JidRef, Server};
use crate::error::JidError;

/// A JID that owns its texts. [`as_ref`](Self::as_ref) returns it as a [`JidRef`], which reads its parts; some getters
/// are repeated here.
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
    server: OwnedServer,
    numbers: JidNumbers,
}

#[derive(Clone)]
enum OwnedServer {
    /// A known server, by its code.
    Known(u8),
    Other(Cow<'static, str>),
}

impl Jid {
    /// The server `s.whatsapp.net` itself.
    pub const SERVER: Self = Self::from_static(JidRef::SERVER);
    /// See [`JidRef::GROUPS`].
    pub const GROUPS: Self = Self::from_static(JidRef::GROUPS);
    /// See [`JidRef::STATUS`].
    pub const STATUS: Self = Self::from_static(JidRef::STATUS);

    /// A JID of static texts, without an allocation.
    #[must_use]
    pub const fn from_static(jid: JidRef<'static>) -> Self {
        let user = match jid.user {
            Some(user) => Some(Cow::Borrowed(user)),
            None => None,
        };
        let server = match jid.server.code() {
            Some(code) => OwnedServer::Known(code),
            None => OwnedServer::Other(Cow::Borrowed(jid.server.as_str())),
        };
        Self { user, server, numbers: jid.numbers }
    }

    /// The user with a phone number, at `s.whatsapp.net`.
    #[must_use]
    pub fn phone(number: u64) -> Self {
        Self::of_number(number, Server::Whatsapp)
    }

    /// The user with a hidden id, at `lid`.
    #[must_use]
    pub fn lid(id: u64) -> Self {
        Self::of_number(id, Server::Lid)
    }

    /// The group with an id, at `g.us`. (The id of an old group is text: [`new`](Self::new).)
    #[must_use]
    pub fn group(id: u64) -> Self {
        Self::of_number(id, Server::Group)
    }

    fn of_number(number: u64, server: Server<'static>) -> Self {
        let bare = Self::from_static(JidRef { user: None, server, numbers: JidNumbers::new(JidForm::Pair, 0, 0) });
        Self { user: Some(number.to_string().into()), ..bare }
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
        let server = match &self.server {
            OwnedServer::Known(code) => Server::from_code(*code).unwrap_or(Server::Whatsapp),
            OwnedServer::Other(name) => Server::Other(name),
        };
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
        self.as_ref().same_user(other)
    }

    /// See [`JidRef::with_device`].
    ///
    /// # Errors
    /// As [`JidRef::with_device`].
    pub fn with_device(&self, device: u16) -> Result<Self, JidError> {
        self.as_ref().with_device(device).map(Self::from)
    }

    /// See [`JidRef::without_device`].
    #[must_use]
    pub fn without_device(&self) -> Self {
        self.as_ref().without_device().into()
    }

    /// See [`JidRef::with_form`].
    ///
    /// # Errors
    /// As [`JidRef::with_form`].
    pub fn with_form(&self, form: JidForm) -> Result<Self, JidError> {
        self.as_ref().with_form(form).map(Self::from)
    }

    /// See [`JidRef::is_group`].
    #[must_use]
    pub fn is_group(&self) -> bool {
        self.as_ref().is_group()
    }

    /// See [`JidRef::is_user`].
    #[must_use]
    pub fn is_user(&self) -> bool {
        self.as_ref().is_user()
    }
}

impl From<JidRef<'_>> for Jid {
    fn from(jid: JidRef<'_>) -> Self {
        let server = match jid.server.code() {
            Some(code) => OwnedServer::Known(code),
            None => OwnedServer::Other(Cow::Owned(jid.server.as_str().to_owned())),
        };
        Self { user: jid.user.map(|user| Cow::Owned(user.to_owned())), server, numbers: jid.numbers }
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

impl PartialOrd for Jid {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As [`JidRef`].
impl Ord for Jid {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_ref().cmp(&other.as_ref())
    }
}

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
