//! Which leniencies would accept a frame that is refused.

use super::sink::TreeSink;
use super::{Decoder, Task};
use crate::error::{DecodeError, DecodeErrorKind};
use crate::options::Leniency;
use crate::wire::tag;

impl Decoder {
    /// The error with an offer, if there is one: the least leniencies, beside those of this decoder, under which the body
    /// is accepted. They are tried, so that no offer is in vain.
    #[cold]
    pub(super) fn with_offer(&self, error: DecodeError, body: &[u8], task: Task) -> DecodeError {
        let task = Task { keeps_part: false, ..task };
        self.offering(error, body, |trial| trial.body(body, task).map(drop))
    }

    /// The error for a frame whose flag byte is refused, with an offer.
    #[cold]
    pub(super) fn flag_error(&mut self, kind: DecodeErrorKind, frame: &[u8]) -> DecodeError {
        let error = self.frame_error(kind, 0, None, None);
        self.offering(error, frame, |trial| trial.decode_slice(frame).map(drop))
    }

    /// The same for `bytes` that `read` reads.
    fn offering(
        &self,
        error: DecodeError,
        bytes: &[u8],
        read: impl Fn(&mut Self) -> Result<(), DecodeError>,
    ) -> DecodeError {
        let allow = if self.is_trial { None } else { self.offered(error.kind(), bytes, read) };
        match allow {
            Some(allow) => error.with_allow(allow),
            None => error,
        }
    }

    fn offered(
        &self,
        mut kind: DecodeErrorKind,
        bytes: &[u8],
        read: impl Fn(&mut Self) -> Result<(), DecodeError>,
    ) -> Option<Leniency> {
        let allowed = self.rules.allow;
        // What an INTEROP_JID without a server makes of the bytes behind it may be wrong in any way.
        let may_lack_server = bytes.contains(&tag::INTEROP_JID);
        let next = |kind, offered: Leniency| {
            let interop = may_lack_server.then_some(Leniency::INTEROP_NO_SERVER);
            let candidates = [relaxing(kind), interop];
            candidates.into_iter().flatten().find(|one| !(allowed | offered).contains(*one))
        };
        let mut offered = next(kind, Leniency::NONE)?;
        let mut trial = Self { sink: TreeSink::default(), is_trial: true, ..Self::new() };
        let mut is_accepted = |allow| {
            trial.rules = self.rules;
            trial.rules.allow |= allow;
            trial.sink.follow(&trial.rules);
            read(&mut trial)
        };
        while let Err(error) = is_accepted(offered) {
            kind = error.kind();
            offered |= next(kind, offered)?;
        }
        for &one in Leniency::ALL {
            let others = offered.without(one);
            if others != offered && others != Leniency::NONE && is_accepted(others).is_ok() {
                offered = others;
            }
        }
        Some(offered)
    }
}

/// The leniency that relaxes the rule which an error of this kind holds to.
fn relaxing(kind: DecodeErrorKind) -> Option<Leniency> {
    Some(match kind {
        DecodeErrorKind::UnknownFlagBits(_) => Leniency::FLAG_BITS,
        DecodeErrorKind::DuplicateName => Leniency::DUPLICATE_NAMES,
        DecodeErrorKind::InvalidPadding => Leniency::PAD_NIBBLE,
        DecodeErrorKind::LengthBits => Leniency::LENGTH_BITS,
        DecodeErrorKind::UnknownDomain(_) => Leniency::AD_DOMAIN,
        DecodeErrorKind::EmptyTag => Leniency::EMPTY_TAG,
        DecodeErrorKind::EmptyServer | DecodeErrorKind::JidSeparator | DecodeErrorKind::NotAString(_) => {
            Leniency::JID_TEXT
        }
        _ => return None,
    })
}
