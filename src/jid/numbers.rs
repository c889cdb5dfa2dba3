//! The numbers of a JID, in one word.

use super::JidForm;

/// Form, device and integrator. Bits 4 to 6 are the form, 12 to 27 the device, 28 to 43 the integrator, 44 to 51 an
/// undefined domain byte. If a pair has its integrator or device in its user, bits 52 to 54 and 55 to 57 are the
/// lengths of `7-` and `:5` there. The other bits are 0; a tree stores other data in them.
///
/// One word, because reading copies a JID many times. Small fields would be written one by one and then read as one
/// word, which stalls the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct JidNumbers(u64);

const BITS: u64 = 0x03ff_ffff_ffff_f070;
const BEFORE_USER: u32 = 52;
const BEHIND_USER: u32 = 55;

impl JidNumbers {
    #[inline]
    pub(crate) const fn new(form: JidForm, device: u16, integrator: u16) -> Self {
        let (form, domain) = match form {
            JidForm::Pair => (0, 0),
            JidForm::PairEmpty => (1, 0),
            JidForm::Ad => (2, 0),
            JidForm::AdDomain(domain) => (3, domain),
            JidForm::Fb => (4, 0),
            JidForm::Interop => (5, 0),
        };
        Self(form << 4 | (device as u64) << 12 | (integrator as u64) << 28 | (domain as u64) << 44)
    }

    /// The numbers in the bits of a word.
    #[inline]
    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self(bits & BITS)
    }

    #[inline]
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// The numbers of a pair that has an integrator, a device or both in its user. They take `before` and `behind`
    /// bytes there, at most 6 each.
    pub(crate) const fn of_pair(integrator: u16, before: usize, device: u16, behind: usize) -> Self {
        let lengths = (before as u64 & 7) << BEFORE_USER | (behind as u64 & 7) << BEHIND_USER;
        Self(Self::new(JidForm::Pair, device, integrator).0 | lengths)
    }

    /// Whether a pair holds an integrator.
    #[inline]
    pub(crate) const fn holds_integrator(self) -> bool {
        self.0 >> BEFORE_USER & 7 != 0
    }

    /// The user without the integrator and device of a pair.
    #[inline]
    pub(crate) const fn user_alone(self, user: &str) -> &str {
        if self.0 >> BEFORE_USER == 0 {
            return user;
        }
        let before = (self.0 >> BEFORE_USER & 7) as usize;
        let end = user.len().saturating_sub((self.0 >> BEHIND_USER & 7) as usize);
        let user = match user.split_at_checked(end) {
            Some((user, _)) => user,
            None => user,
        };
        match user.split_at_checked(before) {
            Some((_, user)) => user,
            None => user,
        }
    }

    /// The form, as bits to compare where a comparison of forms is not possible.
    #[inline]
    pub(crate) const fn form_bits(self) -> u64 {
        self.0 & (7 << 4 | 0xff << 44)
    }

    #[inline]
    pub(crate) const fn form(self) -> JidForm {
        match self.0 >> 4 & 7 {
            0 => JidForm::Pair,
            1 => JidForm::PairEmpty,
            2 => JidForm::Ad,
            3 => JidForm::AdDomain((self.0 >> 44) as u8),
            4 => JidForm::Fb,
            _ => JidForm::Interop,
        }
    }

    #[inline]
    pub(crate) const fn device(self) -> u16 {
        (self.0 >> 12) as u16
    }

    #[inline]
    pub(crate) const fn integrator(self) -> u16 {
        (self.0 >> 28) as u16
    }
}
