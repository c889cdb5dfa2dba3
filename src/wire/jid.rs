//! The four JID productions.

use nom::Parser;
use nom::number::complete::{be_u8, be_u16};

use super::string::{string, string_after, write_string};
use super::{Claimed, Fault, Input, Parsed, Rules, WireStr, tag};
use crate::error::{DecodeErrorKind, Field};
use crate::jid::{self, JidForm, JidRef, Server};
use crate::options::Allow;
use crate::token::Dictionary;

/// A JID as it stands on the wire, checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WireJid<'a> {
    pub(crate) form: JidForm,
    /// `None` for null; the empty string of `PairEmpty` is `None` too.
    pub(crate) user: Option<WireStr<'a>>,
    pub(crate) server: WireServer<'a>,
    pub(crate) device: u16,
    pub(crate) integrator: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireServer<'a> {
    /// The server that the form implies.
    Known(Server<'static>),
    /// A pair's.
    Named(WireStr<'a>),
    /// An undefined domain byte.
    Domain(u8),
}

/// The parts behind the first byte `form`, at `at`, of a JID.
pub(crate) fn jid<'a>(input: Input<'a>, form: u8, at: Input<'a>, rules: &Rules) -> Parsed<'a, WireJid<'a>> {
    match form {
        tag::JID_PAIR => pair(input, at, rules),
        tag::AD_JID => ad(input, at, rules),
        tag::FB_JID => fb(input, at, rules),
        _ => interop(input, at, rules),
    }
}

/// `JID_PAIR (string / LIST_EMPTY) string`
#[inline]
fn pair<'a>(input: Input<'a>, at: Input<'a>, rules: &Rules) -> Parsed<'a, WireJid<'a>> {
    let (rest, first) = be_u8.parse(input).claimed(Field::JidByte, at, 1)?;
    let (rest, form, user) = if first == tag::LIST_EMPTY {
        (rest, JidForm::Pair, None)
    } else {
        let (rest, user) = string_after(rest, first, input, rules)?;
        no_separator(&user, b'@', input, rules)?;
        if user.is_empty() { (rest, JidForm::PairEmpty, None) } else { (rest, JidForm::Pair, Some(user)) }
    };
    let (after, server) = server(rest, at, rules)?;
    if server.is_empty() {
        return Err(Fault::at(rest, DecodeErrorKind::EmptyServer));
    }
    no_separator(&server, b'@', rest, rules)?;
    let server = WireServer::Named(server);
    Ok((after, WireJid { form, user, server, device: 0, integrator: 0 }))
}

/// `AD_JID u8 u8 string`: domain, device, user.
#[inline]
fn ad<'a>(input: Input<'a>, at: Input<'a>, rules: &Rules) -> Parsed<'a, WireJid<'a>> {
    let (rest, (domain, device)) = (be_u8, be_u8).parse(input).claimed(Field::JidByte, at, 2)?;
    let (form, server) = match jid::ad_server(domain) {
        Some(server) => (JidForm::Ad, WireServer::Known(server)),
        None if rules.allow.contains(Allow::AD_DOMAIN) => (JidForm::AdDomain(domain), WireServer::Domain(domain)),
        None => return Err(Fault::at(input, DecodeErrorKind::UnknownDomain(domain))),
    };
    let (rest, user) = user(rest, at, rules)?;
    Ok((rest, WireJid { form, user: Some(user), server, device: device.into(), integrator: 0 }))
}

/// `FB_JID string u16 string`: user, device, "msgr".
fn fb<'a>(input: Input<'a>, at: Input<'a>, rules: &Rules) -> Parsed<'a, WireJid<'a>> {
    let (rest, user) = user(input, at, rules)?;
    let (rest, device) = be_u16.parse(rest).claimed(Field::JidByte, at, 2)?;
    let (rest, server) = fixed_server(rest, Server::Messenger, at, rules)?;
    Ok((rest, WireJid { form: JidForm::Fb, user: Some(user), server, device, integrator: 0 }))
}

/// `INTEROP_JID string u16 u16 string`: user, device, integrator, "interop".
fn interop<'a>(input: Input<'a>, at: Input<'a>, rules: &Rules) -> Parsed<'a, WireJid<'a>> {
    let (rest, user) = user(input, at, rules)?;
    let (rest, (device, integrator)) = (be_u16, be_u16).parse(rest).claimed(Field::JidByte, at, 4)?;
    let (rest, server) = if rules.allow.contains(Allow::INTEROP_NO_SERVER) {
        (rest, WireServer::Known(Server::Interop))
    } else {
        fixed_server(rest, Server::Interop, at, rules)?
    };
    Ok((rest, WireJid { form: JidForm::Interop, user: Some(user), server, device, integrator }))
}

/// The user of a form that has one always.
#[inline]
fn user<'a>(input: Input<'a>, at: Input<'a>, rules: &Rules) -> Parsed<'a, WireStr<'a>> {
    let (rest, first) = be_u8.parse(input).claimed(Field::JidByte, at, 1)?;
    if first == tag::LIST_EMPTY {
        return Err(Fault::at(input, DecodeErrorKind::EmptyUser));
    }
    let (rest, user) = string_after(rest, first, input, rules)?;
    if user.is_empty() {
        return Err(Fault::at(input, DecodeErrorKind::EmptyUser));
    }
    no_separator(&user, b'@', input, rules)?;
    no_separator(&user, b':', input, rules)?;
    Ok((rest, user))
}

#[inline]
fn server<'a>(input: Input<'a>, at: Input<'a>, rules: &Rules) -> Parsed<'a, WireStr<'a>> {
    match input.first() {
        None => Err(Fault::truncated(Field::JidByte, at, 1)),
        Some(&tag::LIST_EMPTY) => Err(Fault::at(input, DecodeErrorKind::EmptyServer)),
        Some(_) => string(input, rules),
    }
}

fn fixed_server<'a>(
    input: Input<'a>,
    expected: Server<'static>,
    at: Input<'a>,
    rules: &Rules,
) -> Parsed<'a, WireServer<'a>> {
    let (rest, server) = server(input, at, rules)?;
    if server.is_empty() {
        return Err(Fault::at(input, DecodeErrorKind::EmptyServer));
    }
    if !server.is(expected.as_str(), rules.dictionary) {
        return Err(Fault::at(input, DecodeErrorKind::WrongServer));
    }
    Ok((rest, WireServer::Known(expected)))
}

/// `@` and, where a device may follow, `:` inside a part would make the text of the JID that of another address.
#[inline]
fn no_separator<'a>(
    text: &WireStr<'_>,
    separator: u8,
    at: Input<'a>,
    rules: &Rules,
) -> Result<(), nom::Err<Fault>> {
    if text.contains(separator, rules.dictionary) {
        return Err(Fault::at(at, DecodeErrorKind::JidSeparator));
    }
    Ok(())
}

/// What a JID is written with.
#[derive(Clone, Copy)]
pub(crate) struct JidWriter {
    pub(crate) dictionary: Dictionary,
    pub(crate) interop_server: bool,
}

impl JidWriter {
    /// Writes a JID that [`JidRef::checked`] holds.
    pub(crate) fn write(self, out: &mut Vec<u8>, jid: &JidRef<'_>) {
        let Self { dictionary, interop_server } = self;
        let string = |out: &mut Vec<u8>, text: &str| write_string(out, text, dictionary);
        let user = jid.user.unwrap_or("");
        let [device_high, device] = jid.device.to_be_bytes();
        match jid.form {
            JidForm::Pair | JidForm::PairEmpty => {
                out.push(tag::JID_PAIR);
                match jid.user {
                    None if jid.form == JidForm::Pair => out.push(tag::LIST_EMPTY),
                    _ => string(out, user),
                }
                string(out, jid.server.as_str());
            }
            JidForm::Ad | JidForm::AdDomain(_) => {
                let domain = match jid.form {
                    JidForm::AdDomain(domain) => domain,
                    _ => jid::ad_domain(jid.server).unwrap_or(0),
                };
                out.extend_from_slice(&[tag::AD_JID, domain, device]);
                string(out, user);
            }
            JidForm::Fb => {
                out.push(tag::FB_JID);
                string(out, user);
                out.extend_from_slice(&[device_high, device]);
                string(out, Server::Messenger.as_str());
            }
            JidForm::Interop => {
                out.push(tag::INTEROP_JID);
                string(out, user);
                let [high, low] = jid.integrator.to_be_bytes();
                out.extend_from_slice(&[device_high, device, high, low]);
                if interop_server {
                    string(out, Server::Interop.as_str());
                }
            }
        }
    }
}
