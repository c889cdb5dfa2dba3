//! What a JID has beside its texts, in one word.

use super::JidForm;

/// Form, device and integrator. Bit 3 says that the user of a pair may hold a device or an integrator, bits 4 to 6 are the
/// form, 12 to 27 the device, 28 to 43 the integrator, 44 to 51 an
/// undefined domain byte; the others are 0, and a tree's word has something of its own there.
///
/// In one word, since a JID is copied again and again while it is read, and small fields next to each other are written
/// one by one and then read as one, for which the processor has to wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JidNumbers(u64);

const BITS: u64 = 0x000f_ffff_ffff_f078;
const HELD_IN_USER: u64 = 1 << 3;

/// Where the user is looked at makes no difference.
impl PartialEq for JidNumbers {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        (self.0 ^ other.0) & !HELD_IN_USER == 0
    }
}

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

    /// Those in the bits of a word.
    #[inline]
    pub(crate) const fn from_bits(bits: u64) -> Self {
        Self(bits & BITS)
    }

    #[inline]
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// Those of a pair whose user has to be looked at for a device or an integrator. Without this mark it has none.
    #[inline]
    pub(crate) const fn held_in_user(self, may_be: bool) -> Self {
        Self(self.0 & !HELD_IN_USER | (may_be as u64) << 3)
    }

    #[inline]
    pub(crate) const fn may_be_held_in_user(self) -> bool {
        self.0 & HELD_IN_USER != 0
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
