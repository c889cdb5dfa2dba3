//! Looks up a borrowed JID in a map of owned ones.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::{Jid, JidRef};

/// A JID of either type as a key of maps and sets of [`Jid`]: a look-up by [`JidRef::as_key`] needs no owned JID.
///
/// ```
/// use std::collections::HashMap;
/// use wabinary::{Jid, JidRef};
///
/// let mut sessions = HashMap::from([(Jid::phone(15550001111), "a session")]);
/// let from = JidRef::parse("15550001111@s.whatsapp.net")?;
/// assert_eq!(sessions.remove(from.as_key()), Some("a session"));
/// # Ok::<(), wabinary::JidError>(())
/// ```
pub trait JidKey {
    /// The JID.
    fn as_jid(&self) -> JidRef<'_>;
}

impl JidKey for Jid {
    fn as_jid(&self) -> JidRef<'_> {
        self.as_ref()
    }
}

impl JidKey for JidRef<'_> {
    fn as_jid(&self) -> JidRef<'_> {
        *self
    }
}

impl<'a> JidRef<'a> {
    /// This JID as a key of maps and sets of [`Jid`].
    #[must_use]
    pub fn as_key(&self) -> &(dyn JidKey + 'a) {
        self
    }
}

impl<'k> Borrow<dyn JidKey + 'k> for Jid {
    fn borrow(&self) -> &(dyn JidKey + 'k) {
        self
    }
}

impl PartialEq for dyn JidKey + '_ {
    fn eq(&self, other: &Self) -> bool {
        self.as_jid() == other.as_jid()
    }
}

impl Eq for dyn JidKey + '_ {}

impl PartialOrd for dyn JidKey + '_ {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for dyn JidKey + '_ {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_jid().cmp(&other.as_jid())
    }
}

impl Hash for dyn JidKey + '_ {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_jid().hash(state);
    }
}
