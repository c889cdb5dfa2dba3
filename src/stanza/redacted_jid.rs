//! A name for an address in logs.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::OnceLock;

use crate::{JidRef, Server};

/// Names an address for a log, without its user: `user-9f86d081884c7d65:4@lid`.
///
/// A user keeps one name while the process runs, so a log still shows who sends and who answers. Device and server
/// stay, but an unknown server becomes `other`, and an address whose text does not read back (`12:256@lid`) just
/// `user`. The servers of one account (`c.us`, `hosted` and `s.whatsapp.net`;
/// `hosted.lid` and `lid`) give one name; a phone number and a LID give two.
///
/// The name is a hash (SipHash) under a random key of the process, which the log does not show: trying all phone numbers
/// does not find the user. On targets where the standard library has no random numbers (`wasm32-unknown-unknown`) the key
/// can be guessed, so do not share such logs.
///
/// ```
/// use wabinary::{Jid, stanza::redacted_jid};
///
/// let phone: Jid = "15550001111:4@s.whatsapp.net".parse()?;
/// let named = redacted_jid(&phone);
/// assert!(named.starts_with("user-") && named.ends_with(":4@s.whatsapp.net") && !named.contains("1555"));
/// assert_eq!(named, redacted_jid(&phone));
/// assert_eq!(redacted_jid(Jid::SERVER.as_ref()), "s.whatsapp.net");
/// # Ok::<(), wabinary::Error>(())
/// ```
#[must_use]
pub fn redacted_jid<'a>(jid: impl Into<JidRef<'a>>) -> String {
    static KEY: OnceLock<RandomState> = OnceLock::new();

    let text = jid.into().to_string();
    // Equal addresses have equal texts, but there may be two ways to split user and device.
    let Ok(jid) = JidRef::parse(&text) else { return "user".to_owned() };
    let account = match jid.server() {
        Server::Whatsapp | Server::LegacyUser | Server::Hosted => Server::Whatsapp,
        Server::Lid | Server::HostedLid => Server::Lid,
        other => other,
    };
    let server = if let Server::Other(_) = account { "other" } else { jid.server().as_str() };
    if jid.user().is_none() && server != "other" {
        return server.to_owned();
    }
    let hash = KEY.get_or_init(RandomState::new).hash_one((jid.user(), jid.integrator(), account.as_str()));
    let device = if jid.device() > 0 { format!(":{}", jid.device()) } else { String::new() };
    format!("user-{hash:016x}{device}@{server}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_has_one_name() {
        let named = |text: &str| redacted_jid(JidRef::parse(text).unwrap());
        let user = |text: &str| named(text).split([':', '@']).next().unwrap().to_owned();
        for (one, other, are_one) in [
            ("15550001111@s.whatsapp.net", "15550001111:99@hosted", true),
            ("15550001111@s.whatsapp.net", "15550001111@c.us", true),
            ("15550001111:1@lid", "15550001111:99@hosted.lid", true),
            ("15550001111@s.whatsapp.net", "15550001111@lid", false),
            ("15550001111@s.whatsapp.net", "15550001112@s.whatsapp.net", false),
            ("me@example.net", "me@example.org", false),
        ] {
            assert_eq!(user(one) == user(other), are_one, "{one} {other}");
        }
        assert!(named("me@example.net").ends_with("@other") && named("1:99@hosted").ends_with(":99@hosted"));
        // A pair whose user reads as a user with a device.
        let pair = JidRef::new("15550001111:4", Server::Whatsapp);
        assert!(pair.is_err() || redacted_jid(pair.unwrap()) == named("15550001111:4@s.whatsapp.net"));
    }
}
