//! Ends a report: what became of each stanza, and the stanzas by call.

use std::collections::{HashMap, HashSet};

use super::answer::address;
use super::builder::Row;
use super::others::{OtherRefusal, Others};
use super::{
    AnswerReport, CallReport, Decided, Evidence, Latencies, Peer, Report, ReportBuilder, StanzaReport, Stray, Totals,
};
use crate::answer::text;
use crate::ledger::Entry;
use crate::{AnswerKind, Code, Outcome};
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
        let stanzas: Vec<_> = std::mem::take(&mut self.ledger).into_entries().map(|entry| self.stanza(entry)).collect();
        let (classes, never_acked) = match self.others.ledger.take() {
            Some(ledger) => Others::finish(ledger, &stanzas, &self.clocks, &self.timeouts),
            None => Default::default(),
        };
        self.totals.all_stanzas = stanzas.len() as u64;
        // A selection changes what is shown of a call, and not what is so.
        let mut calls = self.calls(stanzas);
        for call in &mut calls {
            call.cause = call.find_cause(&self.strays);
            self.select(call);
        }
        calls.retain(|call| !call.stanzas.is_empty() || !call.unmatched.is_empty());
        self.strays.retain(|stray| stray.is_selected);
        let shown: Vec<_> = calls.iter().flat_map(|call| &call.stanzas).collect();
        shown.iter().for_each(|stanza| self.count_stanza(stanza));
        let (peers, latencies) = (Peer::all(&shown), Latencies::all(&shown));
        let is_call = |call: &&CallReport| call.call_id.is_some();
        let failed = calls.iter().filter(is_call).filter(|call| call.has_failed());
        let totals = Totals {
            calls: calls.iter().filter(is_call).count() as u64,
            failed_calls: failed.count() as u64,
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
        })
    }

    /// Leaves of a call what is selected.
    fn select(&self, call: &mut CallReport) {
        call.stanzas.retain(|stanza| self.selection.stanza(stanza));
        let is_selected = |stray: &Stray| stray.is_selected;
        let frames: HashSet<_> =
            self.strays.iter().filter(|stray| is_selected(stray)).map(|stray| stray.answer.seen.frame).collect();
        call.unmatched.retain(|frame| frames.contains(frame));
    }

    fn stanza(&self, mut entry: Entry<Row>) -> StanzaReport {
        let Row { sent, mut answers, ended_stream, .. } = std::mem::take(&mut entry.data);
        // A receipt of ours is an answer; that of a peer only says that a device has the stanza.
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
        for answer in &mut answers {
            answer.seen.since_start = answer.seen.moment.map(|moment| self.clocks.since_start(moment));
        }
        let mut sent = sent.into_iter().map(|seen| self.clocks.timed(seen));
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
            decided_by,
            ended_stream,
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
            cause: None,
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
        self.worsen(stanza.outcome, stanza.error.as_ref(), stanza.is_failure());
        self.stanzas.push(stanza);
    }

    fn add_stray(&mut self, answer: &AnswerReport) {
        let is_failure = answer.outcome == Outcome::Refused && answer.error.as_ref().is_none_or(Code::is_refusal);
        self.worsen(answer.outcome, answer.error.as_ref(), is_failure);
        if self.peer.is_none() {
            self.peer = answer.from.clone().or_else(|| answer.to.clone());
        }
        self.unmatched.push(answer.seen.frame);
    }

    /// Takes over an outcome that is worse.
    fn worsen(&mut self, outcome: Outcome, error: Option<&Code>, is_failure: bool) {
        let outcome = if outcome == Outcome::Refused && !is_failure { Outcome::Accepted } else { outcome };
        if outcome > self.outcome {
            (self.outcome, self.error) = (outcome, error.cloned());
        }
    }
}
