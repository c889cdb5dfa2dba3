//! Answers without a stanza.

use wabinary::stanza::AckSeverity;

use super::early::Waiting;
use super::{AnswerReport, Decided, Nearly, ReportBuilder, Stray};
use crate::answer::AnswerRef;
use crate::ledger::Match;
use crate::{AnswerKind, MatchedBy, Mismatch};

/// The most answers without a stanza that the report keeps; the others are counted.
const STRAYS: usize = 1_000;

impl ReportBuilder {
    /// Notes an answer without a stanza.
    pub(super) fn stray<E>(
        &mut self,
        Waiting { id, node, seen, direction }: Waiting,
        decided: &mut impl FnMut(Decided<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(view) = AnswerRef::of(node.as_ref()) else { return Ok(()) };
        let mismatch = match self.ledger.find(&node, direction) {
            // A later stanza mapped the two addresses to one account.
            Ok(Match { matched_by: MatchedBy::Mapped, .. }) => {
                return self.answer_again(&node, seen, direction, decided);
            }
            found => found.err().unwrap_or(Mismatch::Id),
        };
        let nearly = self.ledger.nearest(&node, direction).and_then(|entry| self.ledger.get(entry)).map(Nearly::of);
        let mut answer = AnswerReport::of(view, None, seen, self.ledger.accounts(), self.with_remarks);
        let is_selected = self.selection.answer(&id, &answer, None, &[], nearly.is_some());
        if is_selected {
            decided(Decided { node: node.as_ref(), direction, answer: &answer, stanza: Err(mismatch) })?;
            self.count_answer(&answer);
            self.totals.unmatched = self.totals.unmatched.saturating_add(1);
        }
        if self.strays.len() < STRAYS {
            answer.seen.since_start = answer.seen.moment.map(|moment| self.clocks.since_start(moment));
            self.strays.push(Stray { answer, direction, id, mismatch, nearly, is_selected });
        }
        Ok(())
    }

    pub(super) fn count_answer(&mut self, answer: &AnswerReport) {
        let count = match answer.kind {
            AnswerKind::Ack => &mut self.totals.acks,
            AnswerKind::Receipt => &mut self.totals.receipts,
        };
        *count = count.saturating_add(1);
        let warnings = answer.findings.iter().filter(|finding| finding.severity() > AckSeverity::Info).count();
        self.totals.warnings = self.totals.warnings.saturating_add(warnings as u64);
    }
}
