//! Ends a report: what became of each stanza, and the stanzas by call.

use std::collections::HashMap;

use super::answer::address;
use super::builder::Row;
use super::{
    AnswerReport, CallReport, Decided, Evidence, Latencies, Peer, Report, ReportBuilder, Seen, StanzaReport, Totals,
};
use crate::ledger::Entry;
use crate::{AnswerKind, Outcome};
use wabinary::stanza::Direction;

impl ReportBuilder {
    /// The report. Answers that still wait for their stanza are decided.
    ///
    /// # Errors
    /// That of `decided`.
    pub fn finish<E>(mut self, decided: &mut impl FnMut(Decided<'_>) -> Result<(), E>) -> Result<Report, E> {
        while let Some(early) = self.early.pop_first() {
            self.stray(early, decided)?;
        }
        let mut stanzas = Vec::new();
        for entry in std::mem::take(&mut self.ledger).into_entries() {
            let stanza = self.stanza(entry);
            if self.selection.stanza(&stanza) {
                self.count_stanza(&stanza);
                stanzas.push(stanza);
            }
        }
        let (peers, latencies) = (Peer::all(&stanzas), Latencies::all(&stanzas));
        let calls = self.calls(stanzas);
        let is_call = |call: &&CallReport| call.call_id.is_some();
        let (count, clocks) = (calls.iter().filter(is_call).count() as u64, self.clocks.count());
        let totals = Totals { calls: count, clocks, ..self.totals };
        let start = self.clocks.start();
        Ok(Report { calls, unmatched: self.strays, peers, latencies, start, totals })
    }

    fn stanza(&self, mut entry: Entry<Row>) -> StanzaReport {
        let Row { sent, mut answers } = std::mem::take(&mut entry.data);
        // A receipt of ours is an answer; that of a peer only says that a device has the stanza.
        let is_received = entry.direction() == Some(Direction::Receive);
        let first = |kind| answers.iter().position(|answer: &AnswerReport| answer.kind == kind);
        let decided_by = first(AnswerKind::Ack).or_else(|| first(AnswerKind::Receipt).filter(|_| is_received));
        let deciding = decided_by.and_then(|number| answers.get(number));
        let outcome = deciding.map_or_else(|| self.without_answer(&entry, &sent), |answer| answer.outcome);
        let error = deciding.and_then(|answer| answer.error);
        let evidence = deciding.map(|answer| answer.evidence.clone());
        let counts = |answer: &&AnswerReport| answer.kind == AnswerKind::Ack || is_received;
        let latency = answers.iter().find(counts).and_then(|answer| answer.latency);
        for answer in &mut answers {
            answer.seen.since_start = answer.seen.moment.map(|moment| self.clocks.since_start(moment));
        }
        let mut sent = sent.into_iter().map(|seen| self.timed(seen));
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
            outcome,
            error,
            latency,
            evidence,
            resent: sent.collect(),
            answers,
            decided_by,
        }
    }

    fn timed(&self, seen: Seen) -> Seen {
        Seen { since_start: seen.moment.map(|moment| self.clocks.since_start(moment)), ..seen }
    }

    /// Nobody answered the stanza. It is pending if the capture ends before its time is over.
    fn without_answer(&self, entry: &Entry<Row>, sent: &[Seen]) -> Outcome {
        let last = sent.last().and_then(|seen| seen.moment);
        match last.map(|moment| self.clocks.until_end(moment)) {
            Some(age) if u128::from(age) < self.timeouts.of(entry.outline()).as_micros() => Outcome::Pending,
            _ => Outcome::Unanswered,
        }
    }

    fn count_stanza(&mut self, stanza: &StanzaReport) {
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
        let expected = stanza.resent.len().saturating_add(1);
        add(&mut totals.duplicates, stanza.count(AnswerKind::Ack).saturating_sub(expected) as u64);
        for answer in &stanza.answers {
            self.count_answer(answer);
        }
    }

    /// By call, in the order in which they begin.
    fn calls(&self, stanzas: Vec<StanzaReport>) -> Vec<CallReport> {
        let mut calls = Calls::default();
        for stanza in stanzas {
            // Requests about links learn from the answer which call it is.
            let of_answer = || stanza.evidence.as_ref().and_then(|evidence| evidence.call_id.clone());
            let call_id = stanza.call_id.clone().or_else(of_answer);
            calls.change(call_id, |call| call.add(stanza));
        }
        for stray in &self.strays {
            let Evidence { call_id: Some(call_id), .. } = &stray.answer.evidence else { continue };
            calls.change(Some(call_id.clone()), |call| call.add_stray(&stray.answer));
        }
        calls.list
    }
}

/// Calls in the order in which they begin.
#[derive(Default)]
struct Calls {
    list: Vec<CallReport>,
    numbers: HashMap<Option<Box<str>>, usize>,
}

impl Calls {
    /// Changes the call of this id, which is added if it is new.
    fn change(&mut self, call_id: Option<Box<str>>, change: impl FnOnce(&mut CallReport)) {
        let Self { list, numbers } = self;
        let number = *numbers.entry(call_id).or_insert_with_key(|call_id| {
            list.push(CallReport::new(call_id.clone()));
            list.len().saturating_sub(1)
        });
        if let Some(call) = list.get_mut(number) {
            change(call);
        }
    }
}

impl CallReport {
    fn new(call_id: Option<Box<str>>) -> Self {
        Self {
            call_id,
            call_creator: None,
            direction: None,
            peer: None,
            outcome: Outcome::Accepted,
            error: None,
            stanzas: Vec::new(),
            unmatched: Vec::new(),
        }
    }

    fn add(&mut self, stanza: StanzaReport) {
        if self.stanzas.is_empty() {
            self.direction = stanza.direction;
            self.peer = stanza.peer().map(Box::from);
            self.call_creator.clone_from(&stanza.call_creator);
        }
        self.worsen(stanza.outcome, stanza.error, stanza.is_failure());
        self.stanzas.push(stanza);
    }

    fn add_stray(&mut self, answer: &AnswerReport) {
        self.worsen(answer.outcome, answer.error, answer.outcome == Outcome::Refused);
        if self.peer.is_none() {
            self.peer = answer.from.clone().or_else(|| answer.to.clone());
        }
        self.unmatched.push(answer.seen.frame);
    }

    /// Takes over an outcome that is worse.
    fn worsen(&mut self, outcome: Outcome, error: Option<u16>, is_failure: bool) {
        let outcome = if outcome == Outcome::Refused && !is_failure { Outcome::Accepted } else { outcome };
        if outcome > self.outcome {
            (self.outcome, self.error) = (outcome, error);
        }
    }
}
