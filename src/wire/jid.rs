//! The four JID productions.

use nom::Parser;
use nom::number::complete::be_u16;

use super::room::{Room, put};
use super::string::{string, user, write_string, write_token};
use super::{Claimed, Input, Parsed, Problem, Role, Rules, Sink, Span, WirePart, scalar, tag};
use crate::error::{DecodeErrorKind, LengthField};
use crate::jid::{self, JidForm, JidNumbers, Server};
use crate::kernel::short_copy::Text;
use crate::options::Leniency;
use crate::token::{Dictionary, Token};

/// A checked JID in its wire form. Its texts are what the sink made of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WireJid<T> {
    pub(crate) numbers: JidNumbers,
    /// `None` for null; the empty string of `PairEmpty` is `None` too.
    pub(crate) user: Option<T>,
    pub(crate) server: JidServer<T>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum JidServer<T> {
    /// The server that the form implies.
    Known(Server<'static>),
    /// The server of a pair.
    Named(T),
    /// The server that represents an undefined domain byte.
    Domain,
}

/// Reads the parts of a JID after its first byte, `form`, and passes them to the sink.
#[inline(always)]
pub(crate) fn jid<'a, S: Sink<'a>, P: Problem<'a>>(
    input: Input<'a>,
    form: u8,
    rules: &Rules,
    sink: &mut S,
) -> Parsed<'a, S::Jid, P> {
    sink.piece(WirePart::JidForm, input.len());
    match form {
        tag::JID_PAIR => pair(input, rules, sink),
        tag::AD_JID => ad(input, rules, sink),
        tag::FB_JID => fb(input, rules, sink),
        _ => interop(input, rules, sink),
    }
}

/// The number of bytes left at the first byte of a JID whose parts are `input`.
#[inline(always)]
fn start(input: Input<'_>) -> usize {
    input.len().wrapping_add(1)
}

#[inline(always)]
fn span(input: Input<'_>, rest: Input<'_>) -> Span {
    Span { before: start(input), after: rest.len() }
}

/// `JID_PAIR (string / LIST_EMPTY) string`
#[inline(always)]
fn pair<'a, S: Sink<'a>, P: Problem<'a>>(input: Input<'a>, rules: &Rules, sink: &mut S) -> Parsed<'a, S::Jid, P> {
    let (rest, first) = scalar::byte(input).claimed(LengthField::JidByte, start(input), 1)?;
    let (rest, form, user) = if first == tag::LIST_EMPTY {
        sink.piece(WirePart::Null, rest.len());
        (rest, JidForm::Pair, None)
    } else {
        let (rest, user) = user(rest, first, Role::PairUser, rules, sink)?;
        if sink.is(user, "") { (rest, JidForm::PairEmpty, None) } else { (rest, JidForm::Pair, Some(user)) }
    };
    if let Some(&tag::LIST_EMPTY) = rest.first() {
        return Err(P::at(rest.len(), DecodeErrorKind::EmptyServer));
    }
    let (rest, server) = string(rest, Role::Server, rules, sink).claimed(LengthField::JidByte, start(input), 1)?;
    let jid = WireJid { numbers: JidNumbers::new(form, 0, 0), user, server: JidServer::Named(server) };
    Ok((rest, sink.jid(jid, span(input, rest))))
}

/// `AD_JID u8 u8 string`: domain, device, user.
#[inline(always)]
fn ad<'a, S: Sink<'a>, P: Problem<'a>>(input: Input<'a>, rules: &Rules, sink: &mut S) -> Parsed<'a, S::Jid, P> {
    let (rest, (domain, device)) =
        (scalar::byte, scalar::byte).parse(input).claimed(LengthField::JidByte, start(input), 2)?;
    sink.piece(WirePart::JidDomain, rest.len().wrapping_add(1));
    sink.piece(WirePart::JidDevice, rest.len());
    let (form, server) = match jid::ad_server(domain) {
        Some(server) => (JidForm::Ad, JidServer::Known(server)),
        None if rules.allow.contains(Leniency::AD_DOMAIN) => (JidForm::AdDomain(domain), JidServer::Domain),
        None => return Err(P::at(input.len(), DecodeErrorKind::UnknownDomain(domain))),
    };
    let (rest, user) = device_user(rest, start(input), rules, sink)?;
    let jid = WireJid { numbers: JidNumbers::new(form, device.into(), 0), user: Some(user), server };
    Ok((rest, sink.jid(jid, span(input, rest))))
}

/// `FB_JID string u16 string`: user, device, "msgr".
#[inline(never)]
fn fb<'a, S: Sink<'a>, P: Problem<'a>>(input: Input<'a>, rules: &Rules, sink: &mut S) -> Parsed<'a, S::Jid, P> {
    let (rest, user) = device_user(input, start(input), rules, sink)?;
    let (rest, device) = be_u16.parse(rest).claimed(LengthField::JidByte, start(input), 2)?;
    sink.piece(WirePart::JidDevice, rest.len());
    let (rest, server) = fixed_server(rest, Server::Messenger, start(input), rules, sink)?;
    let jid = WireJid { numbers: JidNumbers::new(JidForm::Fb, device, 0), user: Some(user), server };
    Ok((rest, sink.jid(jid, span(input, rest))))
}

/// `INTEROP_JID string u16 u16 string`: user, device, integrator, "interop".
#[inline(never)]
fn interop<'a, S: Sink<'a>, P: Problem<'a>>(input: Input<'a>, rules: &Rules, sink: &mut S) -> Parsed<'a, S::Jid, P> {
    let (rest, user) = device_user(input, start(input), rules, sink)?;
    let (rest, (device, integrator)) = (be_u16, be_u16).parse(rest).claimed(LengthField::JidByte, start(input), 4)?;
    sink.piece(WirePart::JidDevice, rest.len().wrapping_add(2));
    sink.piece(WirePart::JidIntegrator, rest.len());
    let (rest, server) = if rules.allow.contains(Leniency::INTEROP_NO_SERVER) {
        (rest, JidServer::Known(Server::Interop))
    } else {
        fixed_server(rest, Server::Interop, start(input), rules, sink)?
    };
    let jid = WireJid { numbers: JidNumbers::new(JidForm::Interop, device, integrator), user: Some(user), server };
    Ok((rest, sink.jid(jid, span(input, rest))))
}

/// Reads the user of a form that always has one. `at` is the number of bytes left at the JID.
#[inline(always)]
fn device_user<'a, S: Sink<'a>, P: Problem<'a>>(
    input: Input<'a>,
    at: usize,
    rules: &Rules,
    sink: &mut S,
) -> Parsed<'a, S::Text, P> {
    let (rest, first) = scalar::byte(input).claimed(LengthField::JidByte, at, 1)?;
    if first == tag::LIST_EMPTY {
        return Err(P::at(input.len(), DecodeErrorKind::EmptyUser));
    }
    user(rest, first, Role::DeviceUser, rules, sink)
}

fn fixed_server<'a, S: Sink<'a>, P: Problem<'a>>(
    input: Input<'a>,
    expected: Server<'static>,
    at: usize,
    rules: &Rules,
    sink: &mut S,
) -> Parsed<'a, JidServer<S::Text>, P> {
    if let Some(&tag::LIST_EMPTY) = input.first() {
        return Err(P::at(input.len(), DecodeErrorKind::EmptyServer));
    }
    let (rest, server) = string(input, Role::Server, rules, sink).claimed(LengthField::JidByte, at, 1)?;
    if !sink.is(server, expected.as_str()) {
        return Err(P::at(input.len(), DecodeErrorKind::WrongServer));
    }
    Ok((rest, JidServer::Known(expected)))
}

/// A JID to write, without its user.
#[derive(Clone, Copy)]
pub(crate) struct JidShape<'a> {
    pub(crate) numbers: JidNumbers,
    pub(crate) server: Server<'a>,
}

/// Writes a JID. `user` writes the user as a string, if the JID has one.
#[inline(always)]
pub(crate) fn write_jid<'o>(
    room: Room<'o>,
    jid: JidShape<'_>,
    user: Option<impl FnOnce(Room<'o>) -> Room<'o>>,
    dictionary: Dictionary,
    allow: Leniency,
) -> Room<'o> {
    let form = jid.numbers.form();
    let [device_high, device] = jid.numbers.device().to_be_bytes();
    let room = match form {
        JidForm::Pair | JidForm::PairEmpty => put(room, [tag::JID_PAIR]),
        JidForm::Ad => put(room, [tag::AD_JID, jid::ad_domain(jid.server).unwrap_or(0), device]),
        JidForm::AdDomain(domain) => put(room, [tag::AD_JID, domain, device]),
        JidForm::Fb => put(room, [tag::FB_JID]),
        JidForm::Interop => put(room, [tag::INTEROP_JID]),
    };
    let room = match user {
        Some(user) => user(room),
        None if form == JidForm::PairEmpty => write_string(room, Text::of(b""), dictionary),
        None => put(room, [tag::LIST_EMPTY]),
    };
    match form {
        JidForm::Pair | JidForm::PairEmpty => write_server(room, jid.server, dictionary),
        JidForm::Ad | JidForm::AdDomain(_) => room,
        JidForm::Fb => write_server(put(room, [device_high, device]), Server::Messenger, dictionary),
        JidForm::Interop => {
            let [high, low] = jid.numbers.integrator().to_be_bytes();
            let room = put(room, [device_high, device, high, low]);
            if allow.contains(Leniency::INTEROP_NO_SERVER) {
                return room;
            }
            write_server(room, Server::Interop, dictionary)
        }
    }
}

/// Writes the usual pair: a user, and a server that is a token.
#[inline(always)]
pub(crate) fn write_pair<'o>(
    room: Room<'o>,
    user: Option<impl FnOnce(Room<'o>) -> Room<'o>>,
    server: Token,
) -> Room<'o> {
    let room = put(room, [tag::JID_PAIR]);
    let room = match user {
        Some(user) => user(room),
        None => put(room, [tag::LIST_EMPTY]),
    };
    write_token(room, server)
}

#[inline]
fn write_server<'o>(room: Room<'o>, server: Server<'_>, dictionary: Dictionary) -> Room<'o> {
    match server.code().and_then(|code| jid::token_of_server(dictionary, code)) {
        Some(token) => write_token(room, token),
        None => write_string(room, Text::of(server.as_str().as_bytes()), dictionary),
    }
}
