//! The addresses of one account.

use super::{Jid, JidRef, Server};

impl JidRef<'_> {
    /// Whether both are addresses of one account: devices of one user, hosted ones included.
    ///
    /// A hosted device (`…:99@hosted`, `…:99@hosted.lid`) belongs to the `@s.whatsapp.net` or `@lid` account of its
    /// user, and `@c.us` is the old spelling of `@s.whatsapp.net`. A phone number and a hidden id are never one account
    /// here: only the server knows which belong together. Addresses without a user have no account.
    ///
    /// ```
    /// use wabinary::JidRef;
    ///
    /// let user = JidRef::parse("15550001111@s.whatsapp.net")?;
    /// let hosted = JidRef::parse("15550001111:99@hosted")?;
    /// assert!(user.same_account(&hosted) && !user.same_user(&hosted) && user != hosted);
    /// assert!(!user.same_account(&JidRef::parse("15550001111@lid")?));
    /// # Ok::<(), wabinary::JidError>(())
    /// ```
    #[must_use]
    pub fn same_account<'b>(&self, other: impl Into<JidRef<'b>>) -> bool {
        let other = other.into();
        let is_user = self.user().is_some_and(|user| !user.is_empty()) && self.user() == other.user();
        let accounts = (self.server().of_account(), other.server().of_account());
        is_user && (self.same_user(other) || (accounts.0.is_some() && accounts.0 == accounts.1))
    }
}

impl Jid {
    /// Whether both are addresses of one account. See [`JidRef::same_account`].
    #[must_use]
    pub fn same_account<'a>(&self, other: impl Into<JidRef<'a>>) -> bool {
        self.as_ref().same_account(other)
    }
}

impl Server<'_> {
    /// The server that names the accounts of users.
    fn of_account(self) -> Option<Server<'static>> {
        match self {
            Server::Whatsapp | Server::Hosted | Server::LegacyUser => Some(Server::Whatsapp),
            Server::Lid | Server::HostedLid => Some(Server::Lid),
            _ => None,
        }
    }
}
