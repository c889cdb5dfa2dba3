//! Which ack or receipt answers which call stanza, record by record.
//!
//! What answers what is told by the library (`CallAckRef::answers`, `CallReceiptRef::answers`); which of several stanzas
//! with the same id, as its `Tracker` tells it: one that waits, then the one that fits best, then the latest. In contrast to
//! a client, a capture also has what came in, answers that stand before what they answer, and times that may be missing.
//!
//! Kept are the call stanzas, by what tells them apart, and what is reported of their answers: about a kibibyte for a stanza
//! with its ack. Nothing else grows with the capture.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::io;

use wabinary::stanza::{
    CallAckRef, CallReceiptRef, CallStanza, CallStanzaRef, MatchedBy, Mismatch, Timeouts, redacted,
};
use wabinary::{NodeRef, StanzaError};

mod answer;
mod early;
mod finish;

use super::moment::Clocks;
use super::report::{Answer, Event, Kind, Stray, Totals};
use super::select::Selection;
use crate::record::{Direction, Record};
use early::{Early, Waiting};

/// So many stanzas of one id are looked at, the latest; more are made up to take time.
const ALIKE: usize = 64;

/// How much of a stanza's text is kept, in characters, and of all together, in bytes.
const LONGEST_XML: usize = 6_000;
const ALL_XML: usize = 16 << 20;

/// So many of what answers nothing are kept for the report; the others are counted.
const STRAYS: usize = 1_000;

pub(crate) struct Analysis {
    selection: Selection,
    /// Whether findings of severity info are reported.
    with_remarks: bool,
    timeouts: Timeouts,
    /// How much text of stanzas may still be kept, in bytes.
    room_for_xml: usize,
    clocks: Clocks,
    stanzas: Vec<Tracked>,
    by_id: HashMap<Box<str>, Vec<u32>>,
    /// Answers whose stanza may still come.
    early: Early,
    strays: Vec<Stray>,
    totals: Totals,
}

/// A call stanza.
pub(crate) struct Tracked {
    /// As much of it as tells what answers it.
    outline: CallStanza,
    direction: Option<Direction>,
    sent: Vec<Event>,
    answers: Vec<Answer>,
    has_ack: bool,
}

impl Tracked {
    /// The first sending.
    pub(crate) fn frame(&self) -> u64 {
        self.sent.first().map_or(0, |event| event.frame)
    }

    pub(crate) fn view(&self) -> CallStanzaRef<'_> {
        self.outline.as_ref()
    }
}

/// An answer, and what it answers.
pub(crate) struct Decided<'a> {
    pub(crate) node: NodeRef<'a>,
    pub(crate) direction: Option<Direction>,
    pub(crate) answer: &'a Answer,
    pub(crate) stanza: Result<&'a Tracked, Mismatch>,
}

/// What can be an answer.
#[derive(Clone, Copy)]
enum View<'a> {
    Ack(CallAckRef<'a>),
    Receipt(CallReceiptRef<'a>),
}

impl<'a> View<'a> {
    fn id(self) -> &'a str {
        match self {
            Self::Ack(ack) => ack.id(),
            Self::Receipt(receipt) => receipt.id(),
        }
    }

    fn answers(self, call: CallStanzaRef<'_>) -> Result<MatchedBy, Mismatch> {
        match self {
            Self::Ack(ack) => ack.answers(call),
            Self::Receipt(receipt) => receipt.answers(call),
        }
    }
}

impl Analysis {
    pub(crate) fn new(selection: Selection, with_remarks: bool, timeouts: Timeouts, has_many_files: bool) -> Self {
        Self {
            selection,
            with_remarks,
            timeouts,
            room_for_xml: 0,
            clocks: Clocks::default(),
            stanzas: Vec::new(),
            by_id: HashMap::new(),
            early: Early::new(has_many_files),
            strays: Vec::new(),
            totals: Totals::default(),
        }
    }

    /// Keeps the text of stanzas too, without their secrets.
    pub(crate) fn with_xml(self) -> Self {
        Self { room_for_xml: ALL_XML, ..self }
    }

    /// Takes down that there is a record, which can be read or not. Answers whose stanza cannot come any more are decided.
    pub(crate) fn record(
        &mut self,
        record: &Record,
        decided: &mut impl FnMut(Decided<'_>) -> io::Result<()>,
    ) -> io::Result<Event> {
        self.totals.records += 1;
        let moment = self.clocks.read(record);
        while let Some(waiting) = self.early.pop(record.frame) {
            self.stray(waiting, decided)?;
        }
        Ok(Event {
            frame: record.frame,
            line: record.line,
            time: record.time.clone(),
            moment,
            since_start: None,
            xml: None,
        })
    }

    /// Takes down that a record failed, one that was taken down before or not.
    pub(crate) fn failed(
        &mut self,
        record: &Record,
        decided: &mut impl FnMut(Decided<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        if record.frame >= self.totals.records {
            self.record(record, decided)?;
        }
        self.totals.unreadable += 1;
        Ok(())
    }

    /// The node as text, if that is kept and may be of interest.
    fn xml(&mut self, node: NodeRef<'_>) -> Option<Box<str>> {
        if self.room_for_xml == 0 || !matches!(node.tag(), "call" | "ack" | "receipt") {
            return None;
        }
        let mut xml = format!("{:#}", redacted(node));
        if let Some((end, _)) = xml.char_indices().nth(LONGEST_XML) {
            xml.truncate(end);
            xml.push('…');
        }
        self.room_for_xml = self.room_for_xml.saturating_sub(xml.len());
        Some(xml.trim_end().into())
    }

    /// Takes a node.
    ///
    /// # Errors
    /// An ack of a call that has no id.
    pub(crate) fn add(
        &mut self,
        node: NodeRef<'_>,
        mut event: Event,
        direction: Option<Direction>,
        decided: &mut impl FnMut(Decided<'_>) -> io::Result<()>,
    ) -> io::Result<Result<(), StanzaError>> {
        event.xml = self.xml(node);
        let view = match node.tag() {
            "call" => {
                let Ok(call) = CallStanzaRef::try_from(node) else { return Ok(Ok(())) };
                return self.call(call, event, direction, decided).map(Ok);
            }
            "ack" => match CallAckRef::try_from(node) {
                Ok(ack) => View::Ack(ack),
                Err(StanzaError::Attr(error)) if error.attribute() == "id" => return Ok(Err(error.into())),
                Err(_) => {
                    let is_of_receipt = self.selection.is_all() && node.get_opt::<&str>("class") == Ok(Some("receipt"));
                    self.totals.receipt_acks += u64::from(is_of_receipt);
                    return Ok(Ok(()));
                }
            },
            "receipt" => match CallReceiptRef::try_from(node) {
                Ok(receipt) => View::Receipt(receipt),
                Err(_) => return Ok(Ok(())),
            },
            _ => return Ok(Ok(())),
        };
        let direction = direction.or_else(|| answer::direction(view));
        match self.find(view, direction) {
            Ok((number, matched_by)) => self.answered(number, view, matched_by, event, direction, decided)?,
            Err(_) => {
                let id = view.id().into();
                self.early.push(Waiting { id, node: node.to_node(), event, direction });
            }
        }
        Ok(Ok(()))
    }

    fn call(
        &mut self,
        call: CallStanzaRef<'_>,
        event: Event,
        direction: Option<Direction>,
        decided: &mut impl FnMut(Decided<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let direction = direction.or_else(|| answer::of_addresses(call.direction()));
        let outline = answer::outline(call);
        let Some(id) = call.id() else {
            // Nothing can answer it, and nothing tells that two of them are the same.
            self.stanzas.push(Tracked { outline, direction, sent: vec![event], answers: Vec::new(), has_ack: false });
            return Ok(());
        };
        let known = self.of_id(id).find(|number| {
            let tracked = self.stanzas.get(*number as usize);
            tracked.is_some_and(|tracked| tracked.direction == direction && tracked.outline == outline)
        });
        if let Some(tracked) = known.and_then(|number| self.stanzas.get_mut(number as usize)) {
            tracked.sent.push(event);
            return Ok(());
        }
        let number = u32::try_from(self.stanzas.len()).unwrap_or(u32::MAX);
        self.by_id.entry(id.into()).or_default().push(number);
        let moment = event.moment;
        self.stanzas.push(Tracked { outline, direction, sent: vec![event], answers: Vec::new(), has_ack: false });
        for early in self.early.of_id(id, moment, ALIKE) {
            let waiting = self.early.get(early);
            let found = waiting.and_then(|it| self.find(answer::view(it.node.as_ref())?, it.direction).ok());
            let (Some((number, matched_by)), Some(waiting)) = (found, self.early.remove(early)) else { continue };
            let Some(view) = answer::view(waiting.node.as_ref()) else { continue };
            self.answered(number, view, matched_by, waiting.event, waiting.direction, decided)?;
        }
        Ok(())
    }

    /// The stanzas with an id, the latest first.
    fn of_id(&self, id: &str) -> impl Iterator<Item = u32> {
        self.by_id.get(id).into_iter().flat_map(|numbers| numbers.iter().rev().take(ALIKE).copied())
    }

    /// The stanza that an answer belongs to.
    fn find(&self, view: View<'_>, direction: Option<Direction>) -> Result<(u32, MatchedBy), Mismatch> {
        let (mut best, mut mismatch) = (None, Mismatch::Id);
        for number in self.of_id(view.id()) {
            let Some(tracked) = self.stanzas.get(number as usize) else { continue };
            // What carried both knows better than their addresses.
            if direction.is_some() && direction == tracked.direction {
                mismatch = Mismatch::Direction;
                continue;
            }
            match view.answers(tracked.view()) {
                Ok(matched_by) => {
                    let rank = (tracked.has_ack, matched_by, Reverse(number));
                    best = best.into_iter().chain([rank]).min();
                }
                Err(reason) => mismatch = reason,
            }
        }
        best.map(|(_, matched_by, Reverse(number))| (number, matched_by)).ok_or(mismatch)
    }

    fn answered(
        &mut self,
        number: u32,
        view: View<'_>,
        matched_by: MatchedBy,
        event: Event,
        direction: Option<Direction>,
        decided: &mut impl FnMut(Decided<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(tracked) = self.stanzas.get_mut(number as usize) else { return Ok(()) };
        let mut answer = Answer::of(view, Some((tracked.view(), matched_by)), event, self.with_remarks);
        let first_sent = tracked.sent.first().and_then(|event| event.moment);
        answer.latency = answer.event.moment.zip(first_sent).and_then(|(now, sent)| now.since(sent));
        tracked.has_ack |= answer.kind == Kind::Ack;
        if self.selection.answer(view.id(), &answer, Some(tracked.view())) {
            let node = view.node();
            decided(Decided { node, direction, answer: &answer, stanza: Ok(tracked) })?;
        }
        if tracked.answers.is_empty() {
            // Most have one.
            tracked.answers.reserve_exact(1);
        }
        tracked.answers.push(answer);
        Ok(())
    }

    /// An answer to nothing.
    fn stray(
        &mut self,
        Waiting { node, event, direction, .. }: Waiting,
        decided: &mut impl FnMut(Decided<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let Some(view) = answer::view(node.as_ref()) else { return Ok(()) };
        let mismatch = self.find(view, direction).err().unwrap_or(Mismatch::Id);
        let mut answer = Answer::of(view, None, event, self.with_remarks);
        if !self.selection.answer(view.id(), &answer, None) {
            return Ok(());
        }
        let node = view.node();
        decided(Decided { node, direction, answer: &answer, stanza: Err(mismatch) })?;
        self.count_answer(&answer);
        self.totals.unmatched += 1;
        if self.strays.len() < STRAYS {
            answer.event.since_start = answer.event.moment.map(|moment| self.clocks.since_start(moment));
            self.strays.push(Stray { answer, direction, id: view.id().into(), mismatch: mismatch.name() });
        }
        Ok(())
    }

    fn count_answer(&mut self, answer: &Answer) {
        let count = if answer.kind == Kind::Ack { &mut self.totals.acks } else { &mut self.totals.receipts };
        *count += 1;
        let warnings = answer.findings.iter().filter(|finding| finding.severity != "info").count();
        self.totals.warnings += warnings as u64;
    }
}
