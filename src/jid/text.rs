//! The text form of JIDs, and the names of their wire forms.
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::arithmetic_side_effects)]

use std::fmt;
use std::str::FromStr;

use super::address::Address;
use super::{Jid, JidForm, JidNumbers, JidRef, Server, ad_server, domain_server, last_device, position};
use crate::error::JidError;

impl<'a> JidRef<'a> {
    /// Reads `server`, `user@server`, or `user:device@server` where the server's users have devices.
    ///
    /// `:` is a device only for `s.whatsapp.net`, `lid`, `hosted`, `hosted.lid` (0 to 255), `msgr` and `interop` (0 to
    /// 65,535); elsewhere it belongs to the user. `.` and `_` always do. An interop text is
    /// `integrator-user[:device]@interop`; any other text at `interop` is a pair.
    ///
    /// The wire form is the one such a text has by default: `Ad` with a device above 0, `Fb` for `msgr`, `Interop`,
    /// else `Pair`.
    ///
    /// # Errors
    /// An empty server, a second `@`, an empty user, a device or integrator that is not a number in its range.
    ///
    /// ```
    /// use wabinary::{JidForm, JidRef};
    /// assert_eq!(JidRef::parse("7-12345:5@interop")?.integrator(), 7);
    /// assert_eq!(JidRef::parse("u:5@g.us")?.user(), Some("u:5"));
    /// assert!(JidRef::parse("15550001111:256@s.whatsapp.net").is_err());
    /// # Ok::<(), wabinary::JidError>(())
    /// ```
    pub fn parse(text: &'a str) -> Result<Self, JidError> {
        let Some((user, server)) = split(text)? else {
            return JidRef::bare(Server::from_text(text));
        };
        if server == Server::Interop && !is_interop_user(user) {
            return pair(user, server);
        }
        if server.last_device().is_none() {
            return pair(user, server);
        }
        let (integrator, user) = if server == Server::Interop { split_integrator(user)? } else { (0, user) };
        let (user, device) = split_device(user, server)?;
        let form = match server {
            Server::Messenger => JidForm::Fb,
            Server::Interop => JidForm::Interop,
            _ if device > 0 => JidForm::Ad,
            _ => JidForm::Pair,
        };
        JidRef { user: Some(user), server, numbers: JidNumbers::new(form, device, integrator) }.checked()
    }

    /// Reads a text under a given wire form. What the form can carry is taken literally; anything else is an error.
    ///
    /// `pair`: everything before `@` is the user. `pair-empty`: the text is the server. `ad`, `fb`, `interop`: as in
    /// [`parse`](Self::parse). `ad:<n>`: `user[:device]@` and anything, which reads as the server `ad:<n>`.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), and a text whose server does not have this form.
    ///
    /// ```
    /// use wabinary::{JidForm, JidRef};
    /// let literal = JidRef::parse_as("12:0@s.whatsapp.net", JidForm::Pair)?;
    /// assert_eq!((literal.user(), literal.device()), (Some("12"), 0));
    /// assert_eq!(literal.wire_text().to_string(), "12:0@s.whatsapp.net");
    /// # Ok::<(), wabinary::JidError>(())
    /// ```
    pub fn parse_as(text: &'a str, form: JidForm) -> Result<Self, JidError> {
        let parts = split(text)?;
        match (form, parts) {
            (JidForm::Pair, Some((user, server))) => pair(user, server),
            (JidForm::Pair | JidForm::PairEmpty, None) => {
                JidRef { numbers: JidNumbers::new(form, 0, 0), ..JidRef::server_alone(Server::from_text(text)) }
                    .checked()
            }
            (JidForm::PairEmpty, Some(_)) => Err(JidError::Form),
            (_, None) => Err(JidError::EmptyUser),
            (JidForm::AdDomain(domain), Some((user, _))) => {
                let (user, device) = split_device(user, Server::Whatsapp)?;
                let numbers = JidNumbers::new(form, device, 0);
                JidRef { user: Some(user), server: domain_server(domain), numbers }.checked()
            }
            (JidForm::Interop, Some((user, server))) => {
                let (integrator, user) = split_integrator(user)?;
                let (user, device) = split_device(user, server)?;
                JidRef { user: Some(user), server, numbers: JidNumbers::new(form, device, integrator) }.checked()
            }
            (JidForm::Ad | JidForm::Fb, Some((user, server))) => {
                let (user, device) = split_device(user, server)?;
                JidRef { user: Some(user), server, numbers: JidNumbers::new(form, device, 0) }.checked()
            }
        }
    }

    /// The text that reads back as this JID under its [`form`](Self::form). Text formats write it, with the form next
    /// to it if [`form_beside_text`](Self::form_beside_text) returns one. It differs from the address' text if a pair
    /// spells its user differently.
    ///
    /// ```
    /// use wabinary::{JidForm, JidRef};
    /// let pair = JidRef::parse_as("12:0@s.whatsapp.net", JidForm::Pair)?;
    /// assert_eq!((pair.to_string(), pair.wire_text().to_string()), ("12@s.whatsapp.net".into(), "12:0@s.whatsapp.net".into()));
    /// # Ok::<(), wabinary::JidError>(())
    /// ```
    #[must_use]
    pub fn wire_text(&self) -> impl fmt::Display + use<'a> {
        WireText(*self)
    }

    /// The form, if the text alone would be read as another one. A text format must write it next to the text.
    ///
    /// ```
    /// use wabinary::{JidForm, JidRef, Server};
    /// let bare = JidRef::new("15550001111", Server::Whatsapp)?;
    /// assert_eq!(bare.form_beside_text(), None);
    /// assert_eq!(bare.with_form(JidForm::Ad)?.form_beside_text(), Some(JidForm::Ad));
    /// # Ok::<(), wabinary::JidError>(())
    /// ```
    #[must_use]
    pub fn form_beside_text(&self) -> Option<JidForm> {
        let text = self.wire_text().to_string();
        match JidRef::parse(&text) {
            Ok(read) if read.same_wire(self) => None,
            _ => Some(self.form()),
        }
    }
}

/// Splits at the `@`; `None` without one.
fn split(text: &str) -> Result<Option<(&str, Server<'_>)>, JidError> {
    match text.split_once('@') {
        None => Ok(None),
        Some((_, server)) if server.contains('@') => Err(JidError::At),
        Some((user, server)) => Ok(Some((user, Server::from_text(server)))),
    }
}

fn pair<'a>(user: &'a str, server: Server<'a>) -> Result<JidRef<'a>, JidError> {
    JidRef { user: Some(user), ..JidRef::server_alone(server) }.checked()
}

/// Whether the part before `@interop` starts with digits and `-`, with something after.
fn is_interop_user(user: &str) -> bool {
    let rest = user.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < user.len() && rest.len() > 1 && rest.starts_with('-')
}

pub(super) const fn split_integrator(text: &str) -> Result<(u16, &str), JidError> {
    let Some((integrator, user)) = split_at(text, b'-') else { return Err(JidError::NoIntegrator) };
    match number(integrator) {
        Some(integrator) => Ok((integrator, user)),
        None => Err(JidError::Integrator),
    }
}

pub(super) const fn split_device<'a>(text: &'a str, server: Server<'_>) -> Result<(&'a str, u16), JidError> {
    let Some((user, device)) = split_at(text, b':') else { return Ok((text, 0)) };
    if user.is_empty() {
        return Err(JidError::EmptyUser);
    }
    match (number(device), last_device(server)) {
        (Some(device), Some(last)) if device <= last => Ok((user, device)),
        _ => Err(JidError::Device),
    }
}

/// The parts before and after the first `byte`, an ASCII character.
const fn split_at(text: &str, byte: u8) -> Option<(&str, &str)> {
    let Some(at) = position(text.as_bytes(), byte) else { return None };
    let Some((before, rest)) = text.split_at_checked(at) else { return None };
    match rest.split_at_checked(1) {
        Some((_, behind)) => Some((before, behind)),
        None => None,
    }
}

/// One to five ASCII digits that fit `u16`.
const fn number(digits: &str) -> Option<u16> {
    let mut digits = digits.as_bytes();
    if digits.is_empty() || digits.len() > 5 {
        return None;
    }
    let mut number = 0_u32;
    while let [digit @ b'0'..=b'9', rest @ ..] = digits {
        number = number.wrapping_mul(10).wrapping_add((*digit).wrapping_sub(b'0') as u32);
        digits = rest;
    }
    if digits.is_empty() && number <= u16::MAX as u32 { Some(number as u16) } else { None }
}

/// Reads the text of an attribute that carries an address ([`is_address_attribute`](crate::is_address_attribute)), as
/// clients print it and build it.
///
/// That is `user@server` as in [`JidRef::parse`], a known server alone, or `@s.whatsapp.net` and `@g.us`, the spellings
/// of `WhiskeySockets/Baileys` for two servers (`src/WABinary/jid-utils.ts`, `src/Socket/groups.ts`). A text without an
/// `@` that is not a known server is an error: usually its server was forgotten.
///
/// # Errors
/// As [`JidRef::parse`], and [`JidError::UnknownServer`].
///
/// ```
/// use wabinary::{JidError, JidRef, address_text};
/// assert_eq!(address_text("@s.whatsapp.net"), Ok(JidRef::SERVER));
/// assert_eq!(address_text("15550001111:5@s.whatsapp.net")?.device(), 5);
/// assert_eq!(address_text("15550001111"), Err(JidError::UnknownServer));
/// # Ok::<(), JidError>(())
/// ```
pub fn address_text(text: &str) -> Result<JidRef<'_>, JidError> {
    match (text, Server::known(text)) {
        ("@s.whatsapp.net", _) => Ok(JidRef::SERVER),
        ("@g.us", _) => Ok(JidRef::server_alone(Server::Group)),
        (_, Some(server)) => Ok(JidRef::server_alone(server)),
        (_, None) if text.contains('@') => JidRef::parse(text),
        (_, None) => Err(JidError::UnknownServer),
    }
}

/// The text of the address: equal JIDs have equal texts.
impl fmt::Display for JidRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // In columns, as a text is.
        match (f.width(), f.precision()) {
            (None, None) => self.address().fmt(f),
            _ => f.pad(&self.address().to_string()),
        }
    }
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, server, integrator, device } = *self;
        let Some(user) = user else { return f.write_str(server.as_str()) };
        if let Some(integrator) = integrator {
            write!(f, "{integrator}-")?;
        }
        f.write_str(user)?;
        if device > 0 {
            write!(f, ":{device}")?;
        }
        write!(f, "@{server}")
    }
}

struct WireText<'a>(JidRef<'a>);

impl fmt::Display for WireText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            jid @ JidRef { user: Some(user), server, .. } if jid.form() == JidForm::Pair => {
                write!(f, "{user}@{server}")
            }
            jid => jid.fmt(f),
        }
    }
}

impl fmt::Display for Server<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for JidForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pair => "pair",
            Self::PairEmpty => "pair-empty",
            Self::Ad => "ad",
            Self::AdDomain(domain) => return write!(f, "ad:{domain}"),
            Self::Fb => "fb",
            Self::Interop => "interop",
        })
    }
}

/// Reads the names that `Display` writes: `pair`, `pair-empty`, `ad`, `ad:<n>`, `fb`, `interop`.
impl FromStr for JidForm {
    type Err = JidError;

    fn from_str(name: &str) -> Result<Self, JidError> {
        Ok(match name {
            "pair" => Self::Pair,
            "pair-empty" => Self::PairEmpty,
            "ad" => Self::Ad,
            "fb" => Self::Fb,
            "interop" => Self::Interop,
            other => {
                let domain = other.strip_prefix("ad:").and_then(number).and_then(|n| u8::try_from(n).ok());
                let unknown = domain.filter(|domain| ad_server(*domain).is_none());
                Self::AdDomain(unknown.ok_or(JidError::Form)?)
            }
        })
    }
}

impl FromStr for Jid {
    type Err = JidError;

    fn from_str(text: &str) -> Result<Self, JidError> {
        JidRef::parse(text).map(Jid::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<(Option<&str>, &str, u16, u16, String), JidError> {
        let jid = JidRef::parse(text)?;
        assert_eq!(jid.server.code(), Server::known(jid.server.as_str()).and_then(|s| s.code()));
        Ok((jid.user, jid.server.as_str(), jid.device(), jid.integrator(), jid.form().to_string()))
    }

    #[test]
    fn texts_read_as_the_grammar_says() {
        let pair = |user, server| Ok((user, server, 0, 0, "pair".to_owned()));
        assert_eq!(parts("s.whatsapp.net"), pair(None, "s.whatsapp.net"));
        assert_eq!(parts("unknown.example"), pair(None, "unknown.example"));
        assert_eq!(parts("u:5@g.us"), pair(Some("u:5"), "g.us"));
        assert_eq!(parts("1234:3@bot"), pair(Some("1234:3"), "bot"));
        assert_eq!(parts("u:0@lid"), pair(Some("u"), "lid"));
        assert_eq!(parts("12345:5@interop"), pair(Some("12345:5"), "interop"));
        assert_eq!(parts("-u@interop"), pair(Some("-u"), "interop"));
        assert_eq!(parts("7-@interop"), pair(Some("7-"), "interop"));
        assert_eq!(parts("u.0:5@lid"), Ok((Some("u.0"), "lid", 5, 0, "ad".into())));
        assert_eq!(parts("u_1:99@hosted.lid"), Ok((Some("u_1"), "hosted.lid", 99, 0, "ad".into())));
        assert_eq!(parts("u@msgr"), Ok((Some("u"), "msgr", 0, 0, "fb".into())));
        assert_eq!(parts("u:65535@msgr"), Ok((Some("u"), "msgr", 65535, 0, "fb".into())));
        assert_eq!(parts("7-8-u:5@interop"), Ok((Some("8-u"), "interop", 5, 7, "interop".into())));
    }

    #[test]
    fn texts_that_are_no_jid_say_why() {
        for (text, error) in [
            ("", JidError::EmptyServer),
            ("x@", JidError::EmptyServer),
            ("@s.whatsapp.net", JidError::EmptyUser),
            (":5@s.whatsapp.net", JidError::EmptyUser),
            ("7-:5@interop", JidError::EmptyUser),
            ("a@b@c", JidError::At),
            ("u:256@s.whatsapp.net", JidError::Device),
            ("u:@lid", JidError::Device),
            ("u:5:6@lid", JidError::Device),
            ("u:000005@lid", JidError::Device),
            ("u:+5@lid", JidError::Device),
            ("u:65536@msgr", JidError::Device),
            ("65536-u@interop", JidError::Integrator),
            ("123456-u@interop", JidError::Integrator),
        ] {
            assert_eq!(parts(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_form_takes_the_text_literally() {
        let read = |text, form: &str| {
            let jid = JidRef::parse_as(text, form.parse()?)?;
            assert_eq!(jid.wire_text().to_string(), text);
            Ok::<_, JidError>((jid.user, jid.numbers.device(), jid.numbers.integrator()))
        };
        assert_eq!(read("12:5@s.whatsapp.net", "pair"), Ok((Some("12:5"), 5, 0)));
        assert_eq!(read("7-12@interop", "pair"), Ok((Some("7-12"), 0, 7)));
        assert_eq!(read("s.whatsapp.net", "pair-empty"), Ok((None, 0, 0)));
        assert_eq!(read("12@lid", "ad"), Ok((Some("12"), 0, 0)));
        assert_eq!(read("12:5@ad:2", "ad:2"), Ok((Some("12"), 5, 0)));
        let domain = JidRef::parse_as("12:5@s.whatsapp.net", JidForm::AdDomain(255)).unwrap();
        assert_eq!(domain.to_string(), "12:5@ad:255");
        // The server's text is ignored, but it must not contain another `@`.
        assert_eq!(read("12@a@b", "ad:2"), Err(JidError::At));
        assert_eq!(read("12@g.us", "ad"), Err(JidError::Form));
        assert_eq!(read("12@lid", "pair-empty"), Err(JidError::Form));
        assert_eq!(read("12@lid", "ad:1"), Err(JidError::Form));
        assert_eq!(read("12@lid", "AD"), Err(JidError::Form));
    }

    #[test]
    fn equality_is_that_of_the_text() {
        let parse = |text, form: &str| JidRef::parse_as(text, form.parse().unwrap()).unwrap();
        assert_eq!(parse("12@lid", "ad"), JidRef::parse("12:0@lid").unwrap());
        assert_eq!(parse("12:5@lid", "pair"), parse("12:5@lid", "ad"));
        assert_eq!(parse("7-12@interop", "pair"), parse("7-12@interop", "interop"));
        assert_ne!(parse("12:5@s.whatsapp.net", "ad:2"), parse("12:5@s.whatsapp.net", "ad"));
        assert_ne!(parse("12:5@lid", "ad"), parse("12:6@lid", "ad"));
    }
}
