//! Which addresses belong to one account.

use super::{Jid, JidRef, Server};

impl JidRef<'_> {
    /// Whether both are addresses of one account: devices of one user, hosted ones included.
    ///
    /// A hosted device (`…:99@hosted`, `…:99@hosted.lid`) belongs to the `@s.whatsapp.net` or `@lid` account of its user, and
    /// `@c.us` is how old clients write `@s.whatsapp.net`. A phone number and a hidden id never are one account: only the
    /// server knows which belong together. Addresses without a user have no account.
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
    pub fn same_account(&self, other: &JidRef<'_>) -> bool {
        if self.same_user(other) {
            return self.user().is_some_and(|user| !user.is_empty());
        }
        let (one, two) = (self.as_text_reads(), other.as_text_reads());
        let is_user = one.user.is_some_and(|user| !user.is_empty()) && one.user == two.user;
        is_user && one.server.of_account().is_some() && one.server.of_account() == two.server.of_account()
    }
}

impl Jid {
    /// Whether both are addresses of one account. See [`JidRef::same_account`].
    #[must_use]
    pub fn same_account<'a>(&self, other: impl Into<JidRef<'a>>) -> bool {
        self.as_ref().same_account(&other.into())
    }
}

impl Server<'_> {
    /// The server that the accounts of users are named by.
    fn of_account(self) -> Option<Server<'static>> {
        match self {
            Server::Whatsapp | Server::Hosted | Server::LegacyUser => Some(Server::Whatsapp),
            Server::Lid | Server::HostedLid => Some(Server::Lid),
            _ => None,
        }
    }
}
