//! The meaning of each byte of a frame, and its deviations from the canonical form.
//!
//! [`explain()`] returns an [`Explanation`]: the frame, good or bad, in named [`Range`]s. It observes the decoder's own
//! walk, so it cannot read a frame differently.
//!
//! A frame is *canonical* if encoders would write each of its parts this way (GRAMMAR.md, section 7). Other frames
//! decode too; their deviations are [`Finding`]s. Encoding the decoded tree returns the frame exactly, unless a finding
//! is [`Severity::Rewritten`].
#![deny(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::arithmetic_side_effects
)]

mod finding;
mod layout;
mod meaning;
mod path;
mod range;
#[cfg(feature = "serde")]
mod serde;

pub use finding::{Finding, FindingKind, Severity};
pub use range::{Range, RangeKind};

use crate::decode::Decoder;
use crate::error::{DecodeError, DecodeErrorKind, OffsetSpace};
use crate::token::Dictionary;
use crate::wire::{Both, Fault, Walk};
use finding::Findings;
use layout::Layout;

/// A frame in named ranges.
///
/// Every byte is in exactly one leaf. The leaves of the frame follow one another without a gap; so do the leaves of the
/// body that a zlib frame inflates to. The other ranges contain leaves. In a frame that does not decode, the good part
/// is explained, the wrong bytes are [`RangeKind::Error`], and the bytes after them [`RangeKind::Unread`]; if the input
/// ends too soon, no byte is wrong. If a zlib stream is cut or damaged, the inflated part is explained too.
///
/// Its memory is proportional to the explained bytes; texts of ranges are made on request.
///
/// ```
/// use wabinary::explain::explain;
///
/// // <ack type="retry"/>
/// let explanation = explain(&[0x00, 0xf8, 0x03, 0x1b, 0x04, 0xec, 0x0b]);
/// let leaves = explanation.ranges().iter().filter(|range| range.leaf);
/// let lines: Vec<String> =
///     leaves.map(|range| format!("{:x?} {}", explanation.bytes(range), explanation.text(range))).collect();
/// assert_eq!(lines, [
///     "[0] flag 00: the body follows as it is",
///     "[f8, 3] LIST_8 of size 3 = 1 tag + 1 attribute x 2",
///     "[1b] tag \"ack\", single-byte token 27",
///     "[4] attribute name \"type\", single-byte token 4",
///     "[ec, b] value \"retry\", token 11 of dictionary 0",
/// ]);
/// assert_eq!(explanation.path(&explanation.ranges()[6]), "ack > @type");
/// ```
#[derive(Clone, Debug)]
pub struct Explanation {
    frame: Vec<u8>,
    inflated: Option<Vec<u8>>,
    ranges: Vec<Range>,
    findings: Vec<Finding>,
    error: Option<DecodeError>,
    dictionary: Dictionary,
}

/// Explains a frame, flag byte included, under dictionary version 3 and strict rules. It never fails: a bad frame has
/// an [`Explanation::error`].
///
/// ```
/// use wabinary::explain::{RangeKind, explain};
///
/// // Two packed bytes, the second of which is not a pair of digits.
/// let explanation = explain(&[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xff, 0x02, 0x12, 0xc4, 0x1b]);
/// assert_eq!(explanation.error().unwrap().kind().name(), "invalid-nibble");
/// let leaves: Vec<_> = explanation.ranges().iter().filter(|range| range.leaf).collect();
/// let [.., value, wrong, unread] = leaves[..] else { panic!() };
/// assert_eq!((value.start, explanation.string(value).unwrap()), (7, "12".to_owned()));
/// assert_eq!((wrong.start, wrong.kind), (8, RangeKind::Error));
/// assert_eq!((unread.start, unread.kind), (9, RangeKind::Unread));
/// ```
#[must_use]
pub fn explain(frame: &[u8]) -> Explanation {
    Decoder::new().explain(frame)
}

/// Returns the findings in a frame, by offset, under dictionary version 3 and strict rules.
///
/// # Errors
/// As [`decode`](crate::decode()).
///
/// ```
/// use wabinary::explain::{FindingKind, Severity, findings};
///
/// // <ack id="37"/> with the two digits raw; they are a token of dictionary 2.
/// let found = findings(&[0x00, 0xf8, 0x03, 0x1b, 0x08, 0xfc, 0x02, b'3', b'7'])?;
/// assert_eq!((found[0].kind, found[0].start, found[0].end), (FindingKind::TokenSpelled, 5, 9));
/// assert_eq!(found[0].canonical, [0xee, 0x6e]);
/// assert_eq!(found[0].kind.severity(), Severity::Rewritten);
/// # Ok::<(), wabinary::DecodeError>(())
/// ```
pub fn findings(frame: &[u8]) -> Result<Vec<Finding>, DecodeError> {
    Decoder::new().findings(frame)
}

impl Decoder {
    /// Explains a frame, flag byte included. See [`explain::explain`](explain()).
    #[must_use]
    pub fn explain(&mut self, frame: &[u8]) -> Explanation {
        let mut layout = Layout::new(OffsetSpace::Frame, frame, Vec::new());
        let (is_compressed, body) = match self.flag(frame) {
            Ok(flag_and_body) => flag_and_body,
            Err(error) => return self.explanation(frame, None, layout.finish(Some(&error)), Vec::new(), Some(error)),
        };
        layout.leaf(RangeKind::Flag, 1);
        if is_compressed { self.explain_inflated(frame, body, layout) } else { self.explain_plain(frame, 1, layout) }
    }

    /// Explains one body: a frame without its flag byte, not compressed. Offsets count from the body's first byte.
    #[must_use]
    pub fn explain_body(&mut self, body: &[u8]) -> Explanation {
        self.explain_plain(body, 0, Layout::new(OffsetSpace::Frame, body, Vec::new()))
    }

    /// Returns the findings in a frame, by offset. See [`explain::findings`](findings).
    ///
    /// # Errors
    /// As [`decode`](crate::decode()).
    pub fn findings(&mut self, frame: &[u8]) -> Result<Vec<Finding>, DecodeError> {
        self.decode_slice(frame)?;
        let (is_compressed, body) = self.flag(frame)?;
        let (space, base, body) = if is_compressed {
            (OffsetSpace::Inflated, 0, self.sink.tree.owned.as_slice())
        } else {
            (OffsetSpace::Frame, 1, body)
        };
        let mut findings = Findings::new(space, base, body, self.rules);
        // The frame was decoded, so the walk gets to its end.
        let _ = Walk { rules: &self.rules, sink: &mut findings }.walk::<Fault>(body, &mut Vec::new());
        Ok(findings.of_frame(frame.first().copied().unwrap_or(0), frame.len()))
    }

    /// `base` is the number of bytes before the body.
    fn explain_plain(&mut self, frame: &[u8], base: usize, layout: Layout<'_>) -> Explanation {
        let (flag, body) = frame.split_at_checked(base).unwrap_or((&[], frame));
        let findings = Findings::new(OffsetSpace::Frame, base, body, self.rules);
        let (Both(findings, layout), error) = self.tell(body, OffsetSpace::Frame, base, Both(findings, layout));
        let findings = findings.of_frame(flag.first().copied().unwrap_or(0), frame.len());
        self.explanation(frame, None, layout.finish(error.as_ref()), findings, error)
    }

    fn explain_inflated(&mut self, frame: &[u8], stream: &[u8], mut layout: Layout<'_>) -> Explanation {
        let (inflated, zlib_error) = self.inflate(stream);
        layout.leaf(RangeKind::Zlib, zlib_error.as_ref().map_or(frame.len(), DecodeError::offset));
        let ranges = layout.finish(zlib_error.as_ref());
        let kind = zlib_error.as_ref().map(DecodeError::kind);
        if kind.is_some() && (inflated.is_empty() || matches!(kind, Some(DecodeErrorKind::InflatedTooLarge(_)))) {
            return self.explanation(frame, None, ranges, Vec::new(), zlib_error);
        }
        // If the stream is cut or damaged, the bytes inflated so far are still worth explaining.
        let findings = Findings::new(OffsetSpace::Inflated, 0, &inflated, self.rules);
        let layout = Layout::new(OffsetSpace::Inflated, &inflated, ranges);
        let (Both(findings, layout), error) = self.tell(&inflated, OffsetSpace::Inflated, 0, Both(findings, layout));
        let ranges = layout.finish(error.as_ref());
        let findings = findings.of_frame(frame.first().copied().unwrap_or(0), frame.len());
        self.explanation(frame, Some(inflated), ranges, findings, zlib_error.or(error))
    }

    fn explanation(
        &self,
        frame: &[u8],
        inflated: Option<Vec<u8>>,
        ranges: Vec<Range>,
        mut findings: Vec<Finding>,
        error: Option<DecodeError>,
    ) -> Explanation {
        if let Some(error) = &error {
            // Findings in the wrong part are not deviations.
            findings.retain(|finding| finding.space != error.space() || finding.end <= error.offset());
        }
        let dictionary = self.rules.dictionary;
        Explanation { frame: frame.to_vec(), inflated, ranges, findings, error, dictionary }
    }
}

impl Explanation {
    /// Returns the frame, or the body for [`Decoder::explain_body`].
    #[must_use]
    pub fn frame(&self) -> &[u8] {
        &self.frame
    }

    /// Returns the inflated body of a zlib frame, or the inflated part if the stream is cut or damaged. Returns `None`
    /// for plain frames, and if no byte inflates or more than the limit.
    #[must_use]
    pub fn inflated(&self) -> Option<&[u8]> {
        self.inflated.as_deref()
    }

    /// Returns the ranges of the frame, then the ranges of the inflated body. A range comes before the ranges inside
    /// it, and those are in the order of their bytes.
    #[must_use]
    pub fn ranges(&self) -> &[Range] {
        &self.ranges
    }

    /// Returns the findings, first those of the frame. A frame that does not decode has only the findings of its good
    /// part.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Returns why the frame does not decode: the error of [`Decoder::decode`].
    #[must_use]
    pub fn error(&self) -> Option<&DecodeError> {
        self.error.as_ref()
    }

    /// Returns the bytes of a range.
    #[must_use]
    pub fn bytes(&self, range: &Range) -> &[u8] {
        let space = if range.space == OffsetSpace::Inflated { self.inflated().unwrap_or(&[]) } else { self.frame() };
        space.get(range.start..range.end).unwrap_or(&[])
    }
}
