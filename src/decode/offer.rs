//! Which leniencies would accept a frame that is refused.

use super::{Decoder, Task};
use crate::error::{DecodeError, DecodeErrorKind};
use crate::options::Leniency;
use crate::wire::tag;

impl Decoder {
    /// The error with an offer, if there is one: the least leniencies, beside those of this decoder, under which the body
    /// is accepted. They are tried, so that no offer is in vain; `true` if so, and then the sink was used for that.
    #[cold]
    pub(super) fn with_offer(&mut self, error: DecodeError, body: &[u8], task: Task) -> (DecodeError, bool) {
        let task = Task { keeps_part: false, ..task };
        self.offering(error, body, |trial| trial.body(body, task).map(drop))
    }

    /// The error for a frame whose flag byte is refused, with an offer.
    #[cold]
    pub(super) fn flag_error(&mut self, kind: DecodeErrorKind, frame: &[u8]) -> DecodeError {
        let error = self.frame_error(kind, 0, None, None);
        self.offering(error, frame, |trial| trial.decode_slice(frame).map(drop)).0
    }

    /// As [`with_offer`](Self::with_offer), for bytes that `read` reads.
    fn offering(
        &mut self,
        error: DecodeError,
        bytes: &[u8],
        read: impl Fn(&mut Self) -> Result<(), DecodeError>,
    ) -> (DecodeError, bool) {
        if self.is_trial {
            return (error, false);
        }
        let allowed = self.rules.allow;
        // After an INTEROP_JID without a server, the next bytes are read as something else: any error may follow.
        let may_lack_server = bytes.contains(&tag::INTEROP_JID);
        let next = |kind, offered: Leniency| {
            let interop = may_lack_server.then_some(Leniency::INTEROP_NO_SERVER);
            let candidates = [relaxing(kind), interop];
            candidates.into_iter().flatten().find(|one| !(allowed | offered).contains(*one))
        };
        let Some(first) = next(error.kind(), Leniency::NONE) else { return (error, false) };
        // The trials reuse the memory of the refused tree.
        self.sink.tree.clear();
        let mut trial = Self { sink: std::mem::take(&mut self.sink), is_trial: true, ..Self::new() };
        let offered = least(first, next, |allow| {
            trial.rules = self.rules;
            trial.rules.allow |= allow;
            trial.sink.follow(&trial.rules);
            read(&mut trial)
        });
        self.sink = trial.sink;
        self.sink.follow(&self.rules);
        self.sink.tree.clear();
        match offered {
            Some(offered) => (error.with_allow(offered), true),
            None => (error, true),
        }
    }
}

/// The least leniencies under which `read` accepts: `first`, and those that `next` adds for each further error. A
/// leniency that turns out not to be needed is left out.
fn least(
    first: Leniency,
    next: impl Fn(DecodeErrorKind, Leniency) -> Option<Leniency>,
    mut read: impl FnMut(Leniency) -> Result<(), DecodeError>,
) -> Option<Leniency> {
    let mut offered = first;
    while let Err(error) = read(offered) {
        offered |= next(error.kind(), offered)?;
    }
    for &one in Leniency::ALL {
        let others = offered.without(one);
        if others != offered && others != Leniency::NONE && read(others).is_ok() {
            offered = others;
        }
    }
    Some(offered)
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
