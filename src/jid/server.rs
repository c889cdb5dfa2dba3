//! The servers of JIDs, and their domain bytes.

use crate::token::same_bytes;

/// The part of a JID after the `@`.
///
/// The set is open: an unknown name is [`Server::Other`]. Make one with [`Server::from_text`], which
/// never returns `Other` for a known name.
///
/// ```
/// use wabinary::{Jid, Server};
///
/// let group: Jid = "120363000000000001@g.us".parse()?;
/// assert_eq!(group.server(), Server::Group);
/// assert_eq!(group.server().to_string(), "g.us");
/// # Ok::<(), wabinary::JidError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Server<'a> {
    /// `s.whatsapp.net`: users by phone number, and the server itself.
    Whatsapp,
    /// `lid`: users by their hidden id.
    Lid,
    /// `g.us`: groups.
    Group,
    /// `broadcast`: `status`, `location` and broadcast lists.
    Broadcast,
    /// `newsletter`: channels.
    Newsletter,
    /// `call`: calls, by call id.
    Call,
    /// `bot`: bots.
    Bot,
    /// `hosted`: devices of a business kept by a hosting provider, by phone number.
    Hosted,
    /// `hosted.lid`: the same by hidden id.
    HostedLid,
    /// `msgr`: users of Messenger.
    Messenger,
    /// `interop`: users of third-party services, by integrator.
    Interop,
    /// `c.us`: users by phone number in the old protocol; never sent today.
    LegacyUser,
    /// Any other name.
    Other(&'a str),
}

/// The known servers; the position is the code that trees store.
pub(super) const KNOWN: [(&str, Server<'static>); 12] = [
    ("s.whatsapp.net", Server::Whatsapp),
    ("lid", Server::Lid),
    ("g.us", Server::Group),
    ("broadcast", Server::Broadcast),
    ("newsletter", Server::Newsletter),
    ("call", Server::Call),
    ("bot", Server::Bot),
    ("hosted", Server::Hosted),
    ("hosted.lid", Server::HostedLid),
    ("msgr", Server::Messenger),
    ("interop", Server::Interop),
    ("c.us", Server::LegacyUser),
];

impl<'a> Server<'a> {
    /// The server of this name.
    ///
    /// ```
    /// # use wabinary::Server;
    /// assert_eq!(Server::from_text("g.us"), Server::Group);
    /// assert_eq!(Server::from_text("example.net"), Server::Other("example.net"));
    /// ```
    #[must_use]
    pub fn from_text(text: &'a str) -> Self {
        Self::known(text).unwrap_or(Self::Other(text))
    }

    /// The known server of this name.
    #[inline]
    pub(crate) fn known(text: &str) -> Option<Server<'static>> {
        Some(match text {
            "s.whatsapp.net" => Server::Whatsapp,
            "lid" => Server::Lid,
            "g.us" => Server::Group,
            "broadcast" => Server::Broadcast,
            "newsletter" => Server::Newsletter,
            "call" => Server::Call,
            "bot" => Server::Bot,
            "hosted" => Server::Hosted,
            "hosted.lid" => Server::HostedLid,
            "msgr" => Server::Messenger,
            "interop" => Server::Interop,
            "c.us" => Server::LegacyUser,
            _ => return None,
        })
    }

    /// The known server if this is `Other` with its name.
    pub(super) const fn settled(self) -> Self {
        let Self::Other(name) = self else { return self };
        let mut code = 0;
        while code < KNOWN.len() {
            if same_bytes(name.as_bytes(), KNOWN[code].0.as_bytes()) {
                return KNOWN[code].1;
            }
            code += 1;
        }
        self
    }

    /// The name.
    #[inline]
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        match self {
            Self::Other(text) => text,
            known => match known.code() {
                Some(code) => KNOWN[code as usize].0,
                None => "",
            },
        }
    }

    /// Position in the list of known servers; none for `Other`.
    #[inline]
    pub(crate) const fn code(&self) -> Option<u8> {
        Some(match self {
            Self::Whatsapp => 0,
            Self::Lid => 1,
            Self::Group => 2,
            Self::Broadcast => 3,
            Self::Newsletter => 4,
            Self::Call => 5,
            Self::Bot => 6,
            Self::Hosted => 7,
            Self::HostedLid => 8,
            Self::Messenger => 9,
            Self::Interop => 10,
            Self::LegacyUser => 11,
            Self::Other(_) => return None,
        })
    }

    #[inline]
    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        Some(match code {
            0 => Self::Whatsapp,
            1 => Self::Lid,
            2 => Self::Group,
            3 => Self::Broadcast,
            4 => Self::Newsletter,
            5 => Self::Call,
            6 => Self::Bot,
            7 => Self::Hosted,
            8 => Self::HostedLid,
            9 => Self::Messenger,
            10 => Self::Interop,
            11 => Self::LegacyUser,
            _ => return None,
        })
    }

    /// The greatest device number in the text of an address at this server; `None` if `:` does not start a device
    /// there.
    pub(crate) const fn last_device(&self) -> Option<u16> {
        match self {
            Self::Whatsapp | Self::Lid | Self::Hosted | Self::HostedLid => Some(0xff),
            Self::Messenger | Self::Interop => Some(0xffff),
            _ => None,
        }
    }
}

/// The server of a domain byte of an `AD_JID`. Source: `tulir/whatsmeow` `types/jid.go`; 128 and 129 also
/// `WhiskeySockets/Baileys`, `vinikjkkj/zapo`, `wacore-binary`.
pub(crate) const fn ad_server(domain: u8) -> Option<Server<'static>> {
    match domain {
        0 => Some(Server::Whatsapp),
        1 => Some(Server::Lid),
        128 => Some(Server::Hosted),
        129 => Some(Server::HostedLid),
        _ => None,
    }
}

/// The server of an undefined domain byte: `ad:` and its number.
pub(crate) const fn domain_server(domain: u8) -> Server<'static> {
    const NAMES: [([u8; 6], usize); 256] = {
        let mut names = [(*b"ad:000", 3); 256];
        let mut domain = 0;
        while domain < 256 {
            let (name, length) = &mut names[domain];
            let mut unit = if domain > 99 {
                100
            } else if domain > 9 {
                10
            } else {
                1
            };
            while unit > 0 {
                name[*length] = b'0' + (domain / unit % 10) as u8;
                *length += 1;
                unit /= 10;
            }
            domain += 1;
        }
        names
    };
    let (name, length) = &NAMES[domain as usize];
    match std::str::from_utf8(name.split_at(*length).0) {
        Ok(name) => Server::Other(name),
        Err(_) => Server::Other("ad"),
    }
}

/// The undefined domain byte in the name of a server.
pub(super) const fn domain_of_server(server: Server<'_>) -> Option<u8> {
    let Server::Other(name) = server else { return None };
    let [b'a', b'd', b':', digits @ ..] = name.as_bytes() else { return None };
    let (mut number, mut at) = (0_u32, 0);
    while at < digits.len() && at < 3 {
        number = number * 10 + digits[at].wrapping_sub(b'0') as u32;
        at += 1;
    }
    if number > 255 || ad_server(number as u8).is_some() {
        return None;
    }
    // Only the name that `domain_server` gives: no leading zero, and nothing after the number.
    let domain = number as u8;
    if same_bytes(domain_server(domain).as_str().as_bytes(), name.as_bytes()) { Some(domain) } else { None }
}

/// The greatest device number of a server's users; `None` if they have no devices.
pub(super) const fn last_device(server: Server<'_>) -> Option<u16> {
    match domain_of_server(server) {
        Some(_) => Some(0xff),
        None => server.last_device(),
    }
}

/// The domain byte of a server's `AD_JID`.
pub(crate) const fn ad_domain(server: Server<'_>) -> Option<u8> {
    match server {
        Server::Whatsapp => Some(0),
        Server::Lid => Some(1),
        Server::Hosted => Some(128),
        Server::HostedLid => Some(129),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_server_is_the_same_by_name_and_by_code() {
        for (code, (name, server)) in (0..).zip(KNOWN) {
            assert_eq!((server.as_str(), server.code()), (name, Some(code)));
            assert_eq!((server.code(), Server::known(name)), (Some(code), Some(server)));
            assert_eq!((Server::from_code(code), Server::from_text(name)), (Some(server), server));
        }
        assert_eq!(Server::from_code(KNOWN.len() as u8), None);
        for other in ["", "lids", "li", "LID", "hosted.li"] {
            assert_eq!(Server::known(other), None);
            assert_eq!((Server::from_text(other), Server::Other(other).code()), (Server::Other(other), None));
            assert_eq!(Server::Other(other).as_str(), other);
        }
    }

    #[test]
    fn a_domain_stands_for_a_server_and_back_or_for_its_own_number() {
        for domain in 0..=255 {
            assert_eq!(domain_server(domain), Server::Other(&format!("ad:{domain}")));
            let known = match domain {
                0 => Some("s.whatsapp.net"),
                1 => Some("lid"),
                128 => Some("hosted"),
                129 => Some("hosted.lid"),
                _ => None,
            };
            assert_eq!(ad_server(domain).map(|server| server.as_str()), known, "{domain}");
            assert_eq!(ad_server(domain).and_then(ad_domain), known.map(|_| domain));
        }
        assert_eq!(ad_domain(Server::Group).or(ad_domain(Server::Other("ad:0"))), None);
    }
}
