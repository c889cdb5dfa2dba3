//! The careful pass: finds what is wrong and where, and can report to a second sink.

use super::sink::Source;
use super::{Decoder, Task};
use crate::error::{DecodeError, DecodeErrorKind, DecodeErrorParts, LengthClaim, OffsetSpace, Paths};
use crate::frame::InflateError;
use crate::options::LARGEST;
use crate::wire::{Both, Fault, Parsed, Sink, Walk};

impl Decoder {
    /// Returns the reason why the quick pass refused a body.
    #[cold]
    pub(super) fn failure(&mut self, body: &[u8], task: Task) -> DecodeError {
        let error = self.refused(body, task);
        let (error, was_tried) = self.with_offer(error, body, task);
        if task.keeps_part && was_tried {
            // The trials used the memory of the part.
            self.refused(body, task);
        }
        error
    }

    /// Reads a body that is refused, and keeps the part before the error if the task says so.
    fn refused(&mut self, body: &[u8], task: Task) -> DecodeError {
        let Self { rules, sink, open, .. } = self;
        sink.begin(body.len(), task);
        sink.expect_value_of(None);
        let walked = Walk { rules, sink }.walk::<Fault>(body, open);
        let paths = sink.paths(open.iter().map(|open| (open.node, open.place())));
        if task.keeps_part {
            sink.keep_part(open);
        } else {
            sink.tree.clear();
        }
        error(walked, paths, body.len(), task)
    }

    /// Reads a body, which ends where its space ends, and reports to another sink too.
    pub(crate) fn tell<'a, S: Sink<'a>>(
        &mut self,
        body: &'a [u8],
        space: OffsetSpace,
        base: usize,
        heard: S,
    ) -> (S, Option<DecodeError>) {
        if body.len() > LARGEST {
            return (heard, Some(self.frame_error(DecodeErrorKind::FrameTooLarge(LARGEST), base, None, None)));
        }
        let task = if space == OffsetSpace::Inflated { Task::INFLATED } else { Task { base, ..Task::FRAME } };
        self.sink.tree.release();
        self.sink.begin(body.len(), task);
        self.sink.expect_value_of(None);
        let mut both = Both(std::mem::take(&mut self.sink), heard);
        let mut open = Vec::new();
        let walked = Walk { rules: &self.rules, sink: &mut both }.walk::<Fault>(body, &mut open);
        let Both(sink, heard) = both;
        self.sink = sink;
        let is_whole = matches!(walked, Ok((rest, ())) if rest.is_empty());
        let error = (!is_whole).then(|| {
            let paths = self.sink.paths(open.iter().map(|open| (open.node.0, open.place())));
            self.with_offer(error(walked, paths, body.len(), task), body, task).0
        });
        self.sink.tree.clear();
        (heard, error)
    }

    /// Inflates a body into a new vector. After an error, the vector has the bytes inflated so far.
    pub(crate) fn inflate(&mut self, stream: &[u8]) -> (Vec<u8>, Option<DecodeError>) {
        let mut inflated = Vec::new();
        let limit = self.rules.limits.inflated.min(LARGEST);
        let error = self.inflater.inflate(stream, limit, &mut inflated).err();
        (inflated, error.map(|error| self.zlib_error(error)))
    }

    #[cold]
    pub(super) fn zlib_error(&mut self, error: InflateError) -> DecodeError {
        let InflateError { kind, consumed, source } = error;
        self.frame_error(kind, consumed.saturating_add(1), None, source)
    }
}

/// The fault that stopped a walk before the end of the body.
fn error(walked: Parsed<'_, (), Fault>, paths: Paths, length: usize, task: Task) -> DecodeError {
    let fault = match walked {
        Err(nom::Err::Error(fault) | nom::Err::Failure(fault)) => fault,
        // Parsers of complete input do not ask for more.
        Err(nom::Err::Incomplete(_)) => Fault { kind: DecodeErrorKind::Truncated, left: 0, claim: None },
        Ok((rest, ())) => Fault { kind: DecodeErrorKind::TrailingBytes(rest.len()), left: rest.len(), claim: None },
    };
    let offset = |left: usize| task.base.saturating_add(length).saturating_sub(left);
    DecodeError::new(DecodeErrorParts {
        kind: fault.kind,
        offset: offset(fault.left),
        space: if task.source == Source::Inflated { OffsetSpace::Inflated } else { OffsetSpace::Frame },
        index_path: paths.index_path().map(str::to_owned),
        path: paths.path,
        allow: None,
        claim: fault.claim.map(|(field, left, count)| LengthClaim { field, offset: offset(left), count }),
        source: None,
    })
}
