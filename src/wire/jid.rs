//! The four JID productions.

use nom::Parser;
use nom::number::complete::be_u16;

use super::room::{Room, put};
use super::string::{write_string, write_token};
use super::{Claimed, Input, Parsed, Problem, Role, Sink, Span, Walk, WirePart, scalar, tag};
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

impl<'a, S: Sink<'a>> Walk<'_, S> {
    /// `jid = pair / ad / fb / interop`: reads the parts after the first byte, `form`, and passes them to the sink.
    #[inline(always)]
    pub(crate) fn jid<P: Problem<'a>>(&mut self, input: Input<'a>, form: u8) -> Parsed<'a, S::Jid, P> {
        self.sink.piece(WirePart::JidForm, input.len());
        match form {
            tag::JID_PAIR => self.pair(input),
            tag::AD_JID => self.ad(input),
            tag::FB_JID => self.fb(input),
            _ => self.interop(input),
        }
    }

    /// `JID_PAIR (string / LIST_EMPTY) string`
    #[inline(always)]
    fn pair<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, S::Jid, P> {
        let (rest, first) = scalar::byte(input).claimed(LengthField::JidByte, start(input), 1)?;
        let (rest, user) = match first {
            tag::LIST_EMPTY => {
                self.sink.piece(WirePart::Null, rest.len());
                (rest, None)
            }
            tag::NIBBLE_8 => {
                let (rest, user) = self.string_after(rest, tag::NIBBLE_8, Role::PairUser)?;
                (rest, Some(user))
            }
            _ => return self.other_pair(input, rest, first),
        };
        match rest.split_first() {
            Some((&server @ tag::TOKEN_FIRST..=tag::TOKEN_LAST, behind))
                if user.is_none_or(|user| !self.sink.is(user, "")) =>
            {
                let (rest, server) = self.string_after(behind, server, Role::Server)?;
                let numbers = JidNumbers::new(JidForm::Pair, 0, 0);
                Ok((
                    rest,
                    self.sink.jid(WireJid { numbers, user, server: JidServer::Named(server) }, span(input, rest)),
                ))
            }
            _ => self.pair_from_server(input, rest, user),
        }
    }

    /// A pair whose user is neither null nor digits; `first` is its first byte.
    #[inline(never)]
    fn other_pair<P: Problem<'a>>(&mut self, input: Input<'a>, rest: Input<'a>, first: u8) -> Parsed<'a, S::Jid, P> {
        let (rest, user) = self.other_string(rest, first, Role::PairUser)?;
        self.pair_from_server(input, rest, Some(user))
    }

    /// The server of a pair, whatever the pair is.
    #[inline(never)]
    fn pair_from_server<P: Problem<'a>>(
        &mut self,
        input: Input<'a>,
        rest: Input<'a>,
        user: Option<S::Text>,
    ) -> Parsed<'a, S::Jid, P> {
        if let Some(&tag::LIST_EMPTY) = rest.first() {
            return Err(P::at(rest.len(), DecodeErrorKind::EmptyServer));
        }
        let (rest, server) = self.string(rest, Role::Server).claimed(LengthField::JidByte, start(input), 1)?;
        let (numbers, user) = match user {
            Some(user) if self.sink.is(user, "") => (JidNumbers::new(JidForm::PairEmpty, 0, 0), None),
            Some(user) => (self.sink.numbers_of_pair(user, server), Some(user)),
            None => (JidNumbers::new(JidForm::Pair, 0, 0), None),
        };
        let jid = WireJid { numbers, user, server: JidServer::Named(server) };
        Ok((rest, self.sink.jid(jid, span(input, rest))))
    }

    /// `AD_JID u8 u8 string`: domain, device, user.
    #[inline(always)]
    fn ad<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, S::Jid, P> {
        let (rest, (numbers, server, user)) = self.ad_parts(input)?;
        let server = if let Server::Other(_) = server { JidServer::Domain } else { JidServer::Known(server) };
        Ok((rest, self.sink.jid(WireJid { numbers, user: Some(user), server }, span(input, rest))))
    }

    /// The parts of an `AD_JID`.
    #[inline(always)]
    pub(super) fn ad_parts<P: Problem<'a>>(
        &mut self,
        input: Input<'a>,
    ) -> Parsed<'a, (JidNumbers, Server<'static>, S::Text), P> {
        let (rest, domain) = scalar::byte(input).claimed(LengthField::JidByte, start(input), 2)?;
        let (rest, device) = scalar::byte(rest).claimed(LengthField::JidByte, start(input), 2)?;
        self.sink.piece(WirePart::JidDomain, rest.len().wrapping_add(1));
        self.sink.piece(WirePart::JidDevice, rest.len());
        let (form, server) = match jid::ad_server(domain) {
            Some(server) => (JidForm::Ad, server),
            None if self.rules.allow.contains(Leniency::AD_DOMAIN) => {
                (JidForm::AdDomain(domain), jid::domain_server(domain))
            }
            None => return Err(P::at(input.len(), DecodeErrorKind::UnknownDomain(domain))),
        };
        let (rest, user) = self.device_user(rest, start(input))?;
        Ok((rest, (JidNumbers::new(form, device.into(), 0), server, user)))
    }

    /// `FB_JID string u16 string`: user, device, "msgr".
    #[inline(never)]
    fn fb<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, S::Jid, P> {
        let (rest, user) = self.device_user(input, start(input))?;
        let (rest, device) = be_u16.parse(rest).claimed(LengthField::JidByte, start(input), 2)?;
        self.sink.piece(WirePart::JidDevice, rest.len());
        let (rest, server) = self.fixed_server(rest, Server::Messenger, start(input))?;
        let jid = WireJid { numbers: JidNumbers::new(JidForm::Fb, device, 0), user: Some(user), server };
        Ok((rest, self.sink.jid(jid, span(input, rest))))
    }

    /// `INTEROP_JID string u16 u16 string`: user, device, integrator, "interop".
    #[inline(never)]
    fn interop<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, S::Jid, P> {
        let (rest, user) = self.device_user(input, start(input))?;
        let (rest, (device, integrator)) =
            (be_u16, be_u16).parse(rest).claimed(LengthField::JidByte, start(input), 4)?;
        self.sink.piece(WirePart::JidDevice, rest.len().wrapping_add(2));
        self.sink.piece(WirePart::JidIntegrator, rest.len());
        let (rest, server) = if self.rules.allow.contains(Leniency::INTEROP_NO_SERVER) {
            (rest, JidServer::Known(Server::Interop))
        } else {
            self.fixed_server(rest, Server::Interop, start(input))?
        };
        let jid = WireJid { numbers: JidNumbers::new(JidForm::Interop, device, integrator), user: Some(user), server };
        Ok((rest, self.sink.jid(jid, span(input, rest))))
    }

    /// Reads the user of a form that always has one. `at` is the number of bytes left at the JID.
    #[inline(always)]
    fn device_user<P: Problem<'a>>(&mut self, input: Input<'a>, at: usize) -> Parsed<'a, S::Text, P> {
        let (rest, first) = scalar::byte(input).claimed(LengthField::JidByte, at, 1)?;
        if first == tag::LIST_EMPTY {
            return Err(P::at(input.len(), DecodeErrorKind::EmptyUser));
        }
        self.user(rest, first, Role::DeviceUser)
    }

    fn fixed_server<P: Problem<'a>>(
        &mut self,
        input: Input<'a>,
        expected: Server<'static>,
        at: usize,
    ) -> Parsed<'a, JidServer<S::Text>, P> {
        if let Some(&tag::LIST_EMPTY) = input.first() {
            return Err(P::at(input.len(), DecodeErrorKind::EmptyServer));
        }
        let (rest, server) = self.string(input, Role::Server).claimed(LengthField::JidByte, at, 1)?;
        if !self.sink.is(server, expected.as_str()) {
            return Err(P::at(input.len(), DecodeErrorKind::WrongServer));
        }
        Ok((rest, JidServer::Known(expected)))
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
