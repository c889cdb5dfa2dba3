//! The parts that make two JIDs the same address in any form.
#![deny(clippy::indexing_slicing, clippy::string_slice, clippy::arithmetic_side_effects)]

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use super::text::{split_device, split_integrator};
use super::{JidForm, JidNumbers, JidRef, Server, ad_domain, domain_of_server};
use crate::error::JidError;

/// The parts of an address. Two JIDs are the same address exactly when these are equal.
///
/// A pair has the device, and at `interop` the integrator, inside its user: `12:5` at `lid` is device 5 of `12`, since
/// no other address has the text `12:5@lid`. In `12:256` the number is not a device, so the whole text is the user.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Address<'a> {
    pub(super) user: Option<&'a str>,
    pub(super) server: Server<'a>,
    /// The integrator of an interop user; `12@interop` has none, `0-12@interop` has 0.
    pub(super) integrator: Option<u16>,
    pub(super) device: u16,
}

impl<'a> JidRef<'a> {
    /// The address of this JID.
    #[inline]
    pub(super) const fn address(self) -> Address<'a> {
        let Self { server, numbers, .. } = self;
        let has_integrator = numbers.holds_integrator() || matches!(numbers.form(), JidForm::Interop);
        let integrator = if has_integrator { Some(numbers.integrator()) } else { None };
        Address { user: self.user(), server, integrator, device: numbers.device() }
    }

    /// The user, or `None` for a bare server; without its device, and of an interop JID without its integrator.
    #[inline]
    #[must_use]
    pub const fn user(&self) -> Option<&'a str> {
        match self.user {
            Some(user) => Some(self.numbers.user_alone(user)),
            None => None,
        }
    }

    /// The device `device` of the same user; 0 is the user without a device. A form that has no room for the device becomes
    /// one that has, and `Ad` becomes `Pair` for device 0, as encoders write it.
    ///
    /// # Errors
    /// [`EmptyUser`](JidError::EmptyUser); [`Device`](JidError::Device) for a server whose users have no devices, and above
    /// 255 (65,535 for `msgr` and `interop`); [`NoIntegrator`](JidError::NoIntegrator);
    /// [`ColonInUser`](JidError::ColonInUser) for a user like `12:256`, which only a decoder makes.
    pub const fn with_device(self, device: u16) -> Result<Self, JidError> {
        let address = self.address();
        let form = match self.form() {
            JidForm::Pair | JidForm::PairEmpty if device > 0 => match address.device_form() {
                Ok(form) => form,
                Err(error) => return Err(error),
            },
            JidForm::Pair if address.integrator.is_some() => JidForm::Interop,
            JidForm::Ad if device == 0 => JidForm::Pair,
            form => form,
        };
        Address { device, ..address }.in_form(form)
    }

    /// The same address in another wire form.
    ///
    /// # Errors
    /// A form that cannot carry the address: `Ad` for a group, `Pair` for a device or an integrator (also if this is a pair
    /// that has them in its user: equal JIDs agree), `PairEmpty` for a user, `Interop` for a user without an integrator.
    ///
    /// ```
    /// use wabinary::{JidForm, JidRef, Server};
    /// let user = JidRef::new("15550001111", Server::Whatsapp)?;
    /// let ad = user.with_form(JidForm::Ad)?;
    /// assert_eq!((ad.form(), ad), (JidForm::Ad, user));
    /// assert!(user.with_form(JidForm::Fb).is_err());
    /// # Ok::<(), wabinary::JidError>(())
    /// ```
    pub const fn with_form(self, form: JidForm) -> Result<Self, JidError> {
        match self.address().in_form(form) {
            // A pair may spell its address in its own way: `12:0`.
            Ok(jid) if jid.numbers.form_bits() == self.numbers.form_bits() => Ok(self),
            other => other,
        }
    }

    /// The same user without a device.
    #[must_use]
    pub const fn without_device(self) -> Self {
        match self.with_device(0) {
            Ok(jid) => jid,
            Err(_) => self,
        }
    }

    /// Whether both are devices of one user on one server.
    #[must_use]
    pub fn same_user<'b>(&self, other: impl Into<JidRef<'b>>) -> bool {
        Address { device: 0, ..self.address() } == Address { device: 0, ..other.into().address() }
    }
}

impl<'a> Address<'a> {
    const fn in_form(self, form: JidForm) -> Result<JidRef<'a>, JidError> {
        let Self { user, server, integrator, device } = self;
        let integrator = match (integrator, form) {
            (Some(integrator), JidForm::Interop) => integrator,
            (Some(_), _) | (None, JidForm::Interop) => return Err(JidError::Form),
            (None, _) => 0,
        };
        JidRef { user, server, numbers: JidNumbers::new(form, device, integrator) }.checked()
    }

    /// The form in which this user has devices.
    const fn device_form(self) -> Result<JidForm, JidError> {
        match (self.server, domain_of_server(self.server)) {
            _ if self.user.is_none() => Err(JidError::EmptyUser),
            (Server::Messenger, _) => Ok(JidForm::Fb),
            (Server::Interop, _) if self.integrator.is_none() => Err(JidError::NoIntegrator),
            (Server::Interop, _) => Ok(JidForm::Interop),
            (_, Some(domain)) => Ok(JidForm::AdDomain(domain)),
            (server, None) if ad_domain(server).is_some() => Ok(JidForm::Ad),
            _ => Err(JidError::Device),
        }
    }

    fn order(&self) -> (&str, Option<&str>, Option<u16>, u16) {
        (self.server.as_str(), self.user, self.integrator, self.device)
    }
}

/// The numbers inside the user of a pair: a device and, at `interop`, an integrator, if the user reads so.
#[inline(never)]
pub(crate) const fn numbers_of_pair(user: &str, server: Server<'_>) -> JidNumbers {
    const NOTHING: JidNumbers = JidNumbers::new(JidForm::Pair, 0, 0);
    let (integrator, rest) = match server {
        Server::Interop => match split_integrator(user) {
            Ok((integrator, rest)) if !rest.is_empty() => (integrator, rest),
            _ => return NOTHING,
        },
        _ => (0, user),
    };
    match split_device(rest, server) {
        Ok((alone, device)) => {
            let (before, behind) = (user.len().saturating_sub(rest.len()), rest.len().saturating_sub(alone.len()));
            JidNumbers::of_pair(integrator, before, device, behind)
        }
        Err(_) => NOTHING,
    }
}

impl<'a> From<&JidRef<'a>> for JidRef<'a> {
    fn from(jid: &JidRef<'a>) -> Self {
        *jid
    }
}

impl PartialEq<JidRef<'_>> for JidRef<'_> {
    #[inline]
    fn eq(&self, other: &JidRef<'_>) -> bool {
        self.address() == other.address()
    }
}

impl Eq for JidRef<'_> {}

impl PartialOrd for JidRef<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// In the order of the servers' names, then of users, of integrators, of devices.
impl Ord for JidRef<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.address().order().cmp(&other.address().order())
    }
}

impl Hash for JidRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Address { user, server, integrator, device } = self.address();
        let server = match server.code() {
            Some(code) => u64::from(code),
            None => {
                state.write(server.as_str().as_bytes());
                u64::from(u8::MAX)
            }
        };
        // The user, and all of the rest in one word.
        let integrator = integrator.map_or(0, |integrator| 1 << 16 | u64::from(integrator));
        state.write(user.unwrap_or("").as_bytes());
        state.write_u64(server << 56 | u64::from(user.is_some()) << 48 | integrator << 16 | u64::from(device));
    }
}
