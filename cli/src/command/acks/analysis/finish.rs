//! The report, when all records are behind.

use std::collections::HashMap;
use std::io;

use wabinary::stanza::CallAction;

use super::{Analysis, Decided, Tracked, answer};
use crate::command::acks::report::{
    Answer, Call, Event, Evidence, Kind, Outcome, Reason, Report, Stanza, latencies, peers,
};
use crate::record::Direction;

impl Analysis {
    /// What there is to report. Answers that were waited with are decided.
    pub(crate) fn finish(mut self, decided: &mut impl FnMut(Decided<'_>) -> io::Result<()>) -> io::Result<Report> {
        while let Some(early) = self.early.pop_first() {
            self.stray(early, decided)?;
        }
        self.by_id = HashMap::new();
        let mut stanzas = Vec::new();
        for tracked in std::mem::take(&mut self.stanzas) {
            let stanza = self.stanza(tracked);
            if self.selection.stanza(&stanza) {
                self.count(&stanza);
                stanzas.push(stanza);
            }
        }
        let (peers, latencies) = (peers(stanzas.iter()), latencies(stanzas.iter()));
        let calls = self.calls(stanzas);
        self.totals.calls = calls.iter().filter(|call| call.call_id.is_some()).count() as u64;
        self.totals.clocks = self.clocks.count();
        Ok(Report { calls, unmatched: self.strays, peers, latencies, totals: self.totals })
    }

    fn stanza(&self, tracked: Tracked) -> Stanza {
        let Tracked { outline, direction, sent, mut answers, .. } = tracked;
        let view = outline.as_ref();
        // A receipt of ours is an answer; that of a peer only tells that a device has the stanza.
        let is_received = direction == Some(Direction::Receive);
        let first = |kind| answers.iter().position(|answer| answer.kind == kind);
        let decided_by = first(Kind::Ack).or_else(|| first(Kind::Receipt).filter(|_| is_received));
        let deciding = decided_by.and_then(|number| answers.get(number));
        let outcome = deciding.map_or_else(|| self.without_answer(&sent, view.action()), |answer| answer.outcome);
        let error = deciding.and_then(|answer| answer.error);
        let counts = |answer: &&Answer| answer.kind == Kind::Ack || is_received;
        let latency = answers.iter().find(counts).and_then(|answer| answer.latency);
        let evidence = deciding.map(|answer| answer.evidence.clone());
        let mut events = sent.into_iter().map(|event| self.timed(event));
        let event = events.next().unwrap_or(Event {
            frame: 0,
            line: None,
            time: None,
            moment: None,
            since_start: None,
            xml: None,
        });
        let resent = events.collect();
        for answer in &mut answers {
            answer.event.since_start = answer.event.moment.map(|moment| self.clocks.since_start(moment));
        }
        let action = view.action_node();
        Stanza {
            kind: Kind::Call,
            event,
            direction,
            id: view.id().map(Box::from),
            action: action.map(|action| action.tag().into()),
            call_id: view.call_id().map(Box::from),
            call_creator: action.and_then(|action| answer::address(view.call_creator(), action, "call-creator")),
            from: answer::address(view.from(), view.node(), "from"),
            to: answer::address(view.to(), view.node(), "to"),
            participant: answer::address(view.participant(), view.node(), "participant"),
            outcome,
            error,
            reason: error.and_then(Reason::of),
            latency,
            evidence,
            resent,
            answers,
            decided_by,
        }
    }

    fn timed(&self, event: Event) -> Event {
        Event { since_start: event.moment.map(|moment| self.clocks.since_start(moment)), ..event }
    }

    /// Nobody answered it. It is pending if the capture ends before the time is over that an answer may take.
    fn without_answer(&self, sent: &[Event], action: Option<CallAction<'_>>) -> Outcome {
        let timeout = if action == Some(CallAction::Offer) { self.timeouts.offer } else { self.timeouts.other };
        let last = sent.last().and_then(|event| event.moment);
        match last.map(|moment| self.clocks.until_end(moment)) {
            Some(age) if u128::from(age) < timeout.as_micros() => Outcome::Pending,
            _ => Outcome::Unanswered,
        }
    }

    fn count(&mut self, stanza: &Stanza) {
        self.totals.stanzas += 1;
        *self.totals.of_outcome(stanza.outcome) += 1;
        let deciding = stanza.deciding();
        let has_relay = stanza.outcome == Outcome::Accepted && deciding.is_some_and(|answer| answer.relay);
        self.totals.accepted_with_relay += u64::from(has_relay);
        if let Some(first_resent) = stanza.resent.first() {
            self.totals.sent_again += 1;
            let is_after = |answer: &Answer| answer.event.frame > first_resent.frame;
            self.totals.answered_after_resend += u64::from(deciding.is_some_and(is_after));
        }
        let acks = stanza.count(Kind::Ack);
        self.totals.duplicates += acks.saturating_sub(1 + stanza.resent.len()) as u64;
        for answer in &stanza.answers {
            self.count_answer(answer);
        }
    }

    /// By call, in the order in which they begin.
    fn calls(&self, stanzas: Vec<Stanza>) -> Vec<Call> {
        let mut calls: Vec<Call> = Vec::new();
        let mut numbers: HashMap<Option<Box<str>>, usize> = HashMap::new();
        let mut call_of = |calls: &mut Vec<Call>, call_id: Option<Box<str>>| {
            *numbers.entry(call_id).or_insert_with_key(|call_id| {
                calls.push(Call::new(call_id.clone()));
                calls.len() - 1
            })
        };
        for stanza in stanzas {
            // Requests about links learn from the answer which call it is.
            let of_answer = || stanza.evidence.as_ref().and_then(|evidence| evidence.call_id.clone());
            let call_id = stanza.call_id.clone().or_else(of_answer);
            let number = call_of(&mut calls, call_id);
            calls
                .get_mut(number)
                .into_iter()
                .for_each(|call| call.worst(stanza.outcome, stanza.error, stanza.is_failure()));
            calls.get_mut(number).into_iter().for_each(|call| call.describe(&stanza));
            if let Some(call) = calls.get_mut(number) {
                call.stanzas.push(stanza);
            }
        }
        for stray in &self.strays {
            let Evidence { call_id: Some(call_id), .. } = &stray.answer.evidence else { continue };
            let number = call_of(&mut calls, Some(call_id.clone()));
            if let Some(call) = calls.get_mut(number) {
                let is_failure = stray.answer.outcome == Outcome::Refused;
                call.worst(stray.answer.outcome, stray.answer.error, is_failure);
                if call.peer.is_none() {
                    call.peer = stray.answer.from.clone().or_else(|| stray.answer.to.clone());
                }
                call.unmatched.push(stray.answer.event.frame);
            }
        }
        calls
    }
}

impl Call {
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

    /// Takes over what became of a stanza, if it is worse.
    fn worst(&mut self, outcome: Outcome, error: Option<u16>, is_failure: bool) {
        let outcome = if outcome == Outcome::Refused && !is_failure { Outcome::Accepted } else { outcome };
        if outcome > self.outcome {
            (self.outcome, self.error) = (outcome, error);
        }
    }

    /// What its first stanza tells.
    fn describe(&mut self, stanza: &Stanza) {
        if self.stanzas.is_empty() {
            self.direction = stanza.direction;
            self.peer = stanza.peer().map(Box::from);
            self.call_creator.clone_from(&stanza.call_creator);
        }
    }
}
