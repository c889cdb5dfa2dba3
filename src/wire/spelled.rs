//! Texts that clients wrote as JIDs.
//!
//! `WhiskeySockets/Baileys` writes every text with an `@` as a JID (`src/WABinary/encode.ts`), the name of a user as well:
//! `Ann@` becomes a pair whose server is empty, `a@b@c` a pair whose server is a pair. Neither is an address.

use super::{Claimed, Input, Parsed, Problem, Role, Sink, Span, Walk, WirePart, scalar, tag};
use crate::error::{DecodeErrorKind, LengthField};
use crate::options::Leniency;

impl<'a, S: Sink<'a>> Walk<'_, S> {
    /// `spelled = FA (null / string) (null / string / ad / spelled)`: the text after the first byte, `form`, of a
    /// value that is not a JID because of `problem`.
    #[cold]
    #[inline(never)]
    pub(super) fn spelled<P: Problem<'a>>(
        &mut self,
        input: Input<'a>,
        form: u8,
        role: Role,
        problem: nom::Err<P>,
    ) -> Parsed<'a, S::Text, P> {
        if form != tag::JID_PAIR || !self.rules.allow.contains(Leniency::JID_TEXT) || !P::may_be_text(&problem) {
            return Err(problem);
        }
        let before = input.len().wrapping_add(1);
        self.sink.retract(before);
        let (rest, (text, depth)) = self.parts(input)?;
        Ok((rest, self.sink.spelled(role, &text, Span { before, after: rest.len() }, depth)))
    }

    /// The text, and the number of JIDs inside each other.
    fn parts<P: Problem<'a>>(&mut self, input: Input<'a>) -> Parsed<'a, (String, usize), P> {
        let mut text = String::new();
        let (mut rest, mut depth) = (input, 1_usize);
        loop {
            if depth > self.rules.limits.depth {
                return Err(P::at(rest.len(), DecodeErrorKind::TooDeep(self.rules.limits.depth)));
            }
            let start = rest.len().wrapping_add(1);
            self.sink.piece(WirePart::JidForm, rest.len());
            rest = self.part(rest, start, Role::TextUser, &mut text)?.0;
            text.push('@');
            match rest.split_first() {
                Some((&tag::JID_PAIR, behind)) => (rest, depth) = (behind, depth.wrapping_add(1)),
                Some((&tag::AD_JID, behind)) => {
                    self.sink.piece(WirePart::JidForm, behind.len());
                    let (rest, (numbers, server, user)) = self.ad_parts(behind)?;
                    self.sink.spell(user, &mut text);
                    if numbers.device() > 0 {
                        text.push(':');
                        text.push_str(&numbers.device().to_string());
                    }
                    text.push('@');
                    text.push_str(server.as_str());
                    return Ok((rest, (text, depth.wrapping_add(1))));
                }
                _ => {
                    let (rest, ()) = self.part(rest, start, Role::TextServer, &mut text)?;
                    return Ok((rest, (text, depth)));
                }
            }
        }
    }

    /// A user or server, or null, of the JID that starts where `start` bytes are left.
    fn part<P: Problem<'a>>(
        &mut self,
        input: Input<'a>,
        start: usize,
        role: Role,
        text: &mut String,
    ) -> Parsed<'a, (), P> {
        let (rest, first) = scalar::byte(input).claimed(LengthField::JidByte, start, 1)?;
        if first == tag::LIST_EMPTY {
            self.sink.piece(WirePart::Null, rest.len());
            return Ok((rest, ()));
        }
        let (rest, part) = self.other_string(rest, first, role)?;
        self.sink.spell(part, text);
        Ok((rest, ()))
    }
}
