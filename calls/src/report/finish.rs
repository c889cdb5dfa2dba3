//! Ends a report: the outcome of each stanza, and the stanzas by call.

use std::collections::HashSet;

use super::answer::address;
use super::others::OtherRefusal;
use super::row::{Row, Rows};
use super::window::Leaving;
use super::{AnswerReport, CallReport, Decided, Report, ReportBuilder, Seen, StanzaReport, Totals};
use crate::answer::text;
use crate::ledger::{Entry, EntryId};
use crate::{AnswerKind, Outcome};
use wabinary::stanza::Direction;

impl ReportBuilder {
    /// Returns the report. Decides the answers that still wait for their stanza.
    ///
    /// # Errors
    /// The error of `decided`.
    pub fn finish<E>(mut self, decided: &mut impl FnMut(Decided<'_>) -> Result<(), E>) -> Result<Report, E> {
        // The rows that the caller did not take.
        self.rows = Rows::Kept(self.tally.most_rows);
        while let Some(early) = self.early.pop_first() {
            self.stray(early, decided)?;
        }
        for (entry_id, entry) in std::mem::take(&mut self.ledger).into_numbered() {
            self.take(entry_id, entry);
        }
        let (classes, never_acked) = self.others.finish(&self.clocks, &self.timeouts);
        let (peers, latencies) = self.tally.peers_and_latencies();
        let (rows_left_out, given_up, left_out) = (self.tally.left_out, self.given_up, self.tally.calls_left_out());
        // A selection changes which rows of a call are shown, and not its outcome.
        let mut calls = self.tally.calls(&self.strays);
        self.strays.retain(|stray| stray.is_selected);
        let frames: HashSet<_> = self.strays.iter().map(|stray| stray.answer.seen.frame).collect();
        for call in &mut calls {
            call.unmatched.retain(|frame| frames.contains(frame));
            call.stanzas.iter_mut().for_each(|stanza| stanza.set_times(|seen| self.clocks.set_time(seen)));
        }
        calls.retain(|call| !call.stanzas.is_empty() || !call.unmatched.is_empty());
        let is_call = |call: &&CallReport| call.call_id.is_some();
        let failed = calls.iter().filter(is_call).filter(|call| call.has_failed());
        // Nobody counted the rows that the caller took.
        let of_calls = |count: usize, left_out: u64| match self.rows {
            Rows::Kept(_) => (count as u64).saturating_add(left_out),
            Rows::Taken | Rows::TakenAtOnce => 0,
        };
        let totals = Totals {
            calls: of_calls(calls.iter().filter(is_call).count(), left_out.0),
            failed_calls: of_calls(failed.count(), left_out.1),
            refused_others: self.others.count,
            clocks: self.clocks.count(),
            ..self.totals
        };
        let start = self.clocks.start();
        let timed = |refusal: OtherRefusal| OtherRefusal { seen: self.clocks.timed(refusal.seen), ..refusal };
        let refused_others = self.others.refused.into_iter().map(timed).collect();
        self.stream_ends.retain(|end| self.selection.stream_end(&end.id, &end.seen));
        let (unmatched, stream_ends, selection) = (self.strays, self.stream_ends, self.selection);
        Ok(Report {
            calls,
            unmatched,
            peers,
            latencies,
            refused_others,
            classes,
            never_acked,
            stream_ends,
            selection,
            start,
            totals,
            rows_left_out,
            given_up,
        })
    }

    /// Removes the stanzas that left the window from the ledger.
    pub(super) fn close_window(&mut self) {
        while let Some(leaving) = self.window.leaving(&self.ledger) {
            let (Leaving::Settled(entry_id) | Leaving::Waiting(entry_id)) = leaving;
            let Some(entry) = self.ledger.remove(entry_id) else { continue };
            if let Leaving::Waiting(_) = leaving {
                self.given_up = self.given_up.saturating_add(1);
            }
            self.take(entry_id, entry);
        }
    }

    /// Counts a stanza that left the window, and keeps its row if it is wanted.
    fn take(&mut self, entry_id: EntryId, entry: Entry<Row>) {
        let is_taken = entry.data.is_taken;
        let stanza = self.stanza(entry);
        self.totals.all_stanzas = self.totals.all_stanzas.saturating_add(1);
        self.others.call(&stanza);
        let is_selected = self.selection.stanza(&stanza);
        if is_selected {
            self.count_stanza(&stanza);
        }
        if is_selected && matches!(self.rows, Rows::Kept(_)) {
            self.tally.count(&stanza);
        }
        match self.rows {
            _ if is_taken => {}
            Rows::Kept(_) => self.tally.take(entry_id, stanza, is_selected),
            Rows::Taken | Rows::TakenAtOnce => self.settled.extend(Some(stanza).filter(|_| is_selected)),
        }
    }

    pub(super) fn stanza(&self, mut entry: Entry<Row>) -> StanzaReport {
        let Row { sent, answers, more, ended_stream, .. } = std::mem::take(&mut entry.data);
        // Our own receipt is an answer; a receipt of a peer only says that a device has the stanza.
        let is_received = entry.direction() == Some(Direction::Receive);
        let first = |kind| answers.iter().position(|answer: &AnswerReport| answer.kind == kind);
        let decided_by = first(AnswerKind::Ack).or_else(|| first(AnswerKind::Receipt).filter(|_| is_received));
        let deciding = decided_by.and_then(|number| answers.get(number));
        let without_answer = || {
            let last = sent.last().cloned().unwrap_or_default();
            self.clocks.without_answer(&last, self.timeouts.of(entry.outline()))
        };
        let outcome = match deciding.map_or_else(without_answer, |answer| answer.outcome) {
            Outcome::Accepted if ended_stream => Outcome::AckRefused,
            outcome => outcome,
        };
        let error = deciding.and_then(|answer| answer.error.clone());
        let evidence = deciding.map(|answer| answer.evidence.clone());
        let counts = |answer: &&AnswerReport| answer.kind == AnswerKind::Ack || is_received;
        let latency = answers.iter().find(counts).and_then(|answer| answer.latency);
        let mut sent = sent.into_iter();
        let seen = sent.next().unwrap_or_default();
        let call = entry.call();
        let action = call.and_then(|call| call.action_node());
        let node = entry.outline();
        StanzaReport {
            seen,
            direction: entry.direction(),
            id: entry.id().map(Box::from),
            action: action.map(|action| action.tag().into()),
            call_id: call.and_then(|call| call.call_id()).map(Box::from),
            call_creator: action.and_then(|action| address(action.get_opt("call-creator"), action, "call-creator")),
            from: address(node.get_opt("from"), node, "from"),
            to: address(node.get_opt("to"), node, "to"),
            participant: address(node.get_opt("participant"), node, "participant"),
            action_reason: action.and_then(|action| text(action, "reason")).map(Box::from),
            outcome,
            error,
            latency,
            evidence,
            resent: sent.collect(),
            answers,
            more,
            decided_by,
            ended_stream,
        }
    }

    pub(super) fn count_stanza(&mut self, stanza: &StanzaReport) {
        let deciding = stanza.deciding();
        let add = |count: &mut u64, more: u64| *count = count.saturating_add(more);
        let totals = &mut self.totals;
        add(&mut totals.stanzas, 1);
        totals.count(stanza.outcome);
        let has_relay = stanza.outcome == Outcome::Accepted && deciding.is_some_and(|answer| answer.relay);
        add(&mut totals.accepted_with_relay, u64::from(has_relay));
        if let Some(first_resent) = stanza.resent.first() {
            add(&mut totals.sent_again, 1);
            let is_after = |answer: &AnswerReport| answer.seen.frame > first_resent.frame;
            add(&mut totals.answered_after_resend, u64::from(deciding.is_some_and(is_after)));
        }
        add(&mut totals.duplicates, stanza.count(AnswerKind::Ack).saturating_sub(stanza.sends()) as u64);
        add(&mut totals.acks, stanza.more.acks);
        add(&mut totals.receipts, stanza.more.receipts);
        for answer in &stanza.answers {
            self.count_answer(answer);
        }
    }
}

impl StanzaReport {
    /// Sets all times.
    pub(super) fn set_times(&mut self, set: impl Fn(&mut Seen)) {
        let answers = self.answers.iter_mut().map(|answer| &mut answer.seen);
        std::iter::once(&mut self.seen).chain(&mut self.resent).chain(answers).for_each(set);
    }
}
