//! Builds a report, record by record.
//!
//! The [`Ledger`] decides which answer belongs to which stanza. The builder keeps the outlines of call stanzas that
//! wait or were settled lately. For older stanzas it keeps only the data of their rows, about a kibibyte for a stanza
//! with its ack, and nothing for a stanza without a row. Nothing else grows with the capture.

use wabinary::stanza::{CallAckRef, CallStanzaRef, Direction, redacted};
use wabinary::{Node, NodeRef, StanzaError};

use super::clocks::{Clocks, Stamp, Time};
use super::early::{Early, Waiting};
use super::others::Others;
use super::row::{Row, Rows};
use super::server_then::{came_again, is_of_connection};
use super::tally::Tally;
use super::window::Window;
use super::{AnswerReport, Seen, Selection, StanzaReport, Stray, StreamEnd, Totals};
use crate::answer::AnswerRef;
use crate::ledger::{Event, Ledger, Match};
use crate::{AnswerKind, Class, Mismatch, Timeouts};

/// The builder tries at most this many early answers of one id. A peer may send made-up ones to waste time.
const ALIKE: usize = 64;

/// The most characters of XML that are kept for one stanza, and the most bytes for all together.
const LONGEST_XML: usize = 6_000;
const ALL_XML: usize = 16 << 20;

/// The most sendings and answers of one stanza that are kept; the others are counted.
const OF_A_STANZA: usize = 1_000;

/// Builds a [`Report`](super::Report) from the records of a capture.
///
/// ```
/// use std::convert::Infallible;
/// use wabinary::stanza::CallAck;
/// use wabinary::{Jid, Node};
/// use wabinary_calls::report::{Record, ReportBuilder, Selection};
/// use wabinary_calls::{Outcome, Timeouts};
///
/// let peer: Jid = "100000022222222@lid".parse()?;
/// let offer = Node::build("call").attr("to", &peer).attr("id", "A1")
///     .child("offer", |offer| offer.attr("call-id", "0123"))
///     .finish();
/// let ack = CallAck::build("A1").from_jid(&peer).error(403).finish().into_node();
///
/// let mut builder = ReportBuilder::new(Selection::default(), Timeouts::default());
/// for (frame, node) in (0..).zip([&offer, &ack]) {
///     let record = Record { frame, ..Record::default() };
///     builder.add(&record, node.as_ref(), &mut |_| Ok::<_, Infallible>(()))??;
/// }
/// let report = builder.finish(&mut |_| Ok::<_, Infallible>(()))?;
/// let call = &report.calls[0];
/// assert_eq!((call.outcome, call.error.as_ref().and_then(|code| code.number())), (Outcome::Refused, Some(403)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ReportBuilder {
    pub(super) selection: Selection,
    /// Whether findings of severity info are reported.
    pub(super) with_remarks: bool,
    pub(super) timeouts: Timeouts,
    /// The bytes of XML that may still be kept.
    room_for_xml: usize,
    pub(super) clocks: Clocks,
    pub(super) ledger: Ledger<Row>,
    pub(super) window: Window,
    pub(super) rows: Rows,
    pub(super) tally: Tally,
    /// Rows for the caller to write.
    pub(super) settled: Vec<StanzaReport>,
    pub(super) given_up: u64,
    /// Answers whose stanza may still come.
    pub(super) early: Early,
    pub(super) strays: Vec<Stray>,
    /// Stanzas of other classes.
    pub(super) others: Others,
    pub(super) stream_ends: Vec<StreamEnd>,
    /// How many times a connection ended or began.
    connections: u64,
    pub(super) totals: Totals,
}

/// A record of a capture.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Its number, from 0, over all files.
    pub frame: u64,
    /// The number of its file, from 0.
    pub file: u32,
    /// Its line, from 1, if the file has lines.
    pub line: Option<u64>,
    /// Its time, as the capture gives it.
    pub time: Option<Time>,
    /// Its time, if it can be read.
    pub stamp: Option<Stamp>,
    /// Its direction, as seen from the device that captured, if the capture says so.
    pub direction: Option<Direction>,
}

/// An answer, once the builder knows what it answers.
pub struct Decided<'a> {
    /// The ack or receipt. It may hold secrets.
    pub node: NodeRef<'a>,
    /// Its direction.
    pub direction: Option<Direction>,
    /// The report of the answer.
    pub answer: &'a AnswerReport,
    /// The record of the stanza that it answers, and the action of that stanza; or why it answers nothing.
    pub stanza: Result<(u64, Option<&'a str>), Mismatch>,
}

impl ReportBuilder {
    /// A builder that reports the selected stanzas. Stanzas that wait longer than the timeouts are unanswered.
    #[must_use]
    pub fn new(selection: Selection, timeouts: Timeouts) -> Self {
        Self {
            selection,
            with_remarks: false,
            timeouts,
            room_for_xml: 0,
            clocks: Clocks::default(),
            ledger: Ledger::new().only(&[Class::Call]),
            window: Window::default(),
            rows: Rows::Kept(usize::MAX),
            tally: Tally::new(),
            settled: Vec::new(),
            given_up: 0,
            early: Early::new(false),
            strays: Vec::new(),
            others: Others::default(),
            stream_ends: Vec::new(),
            connections: 0,
            totals: Totals::default(),
        }
    }

    /// Reports findings of severity info too.
    #[must_use]
    pub fn with_remarks(self, with_remarks: bool) -> Self {
        Self { with_remarks, ..self }
    }

    /// Counts also the sent and answered stanzas of these classes. Memory then grows with them.
    #[must_use]
    pub fn with_classes(self, classes: &'static [Class]) -> Self {
        Self { others: Others::counting(classes), ..self }
    }

    /// What happens to rows. By default the builder keeps them all.
    #[must_use]
    pub fn with_rows(mut self, rows: Rows) -> Self {
        self.rows = rows;
        self.tally.most_rows = if let Rows::Kept(most) = rows { most } else { usize::MAX };
        self
    }

    /// Takes the rows of the selected stanzas that were settled since the last call. Empty if rows are
    /// [kept](Rows::Kept). The report has the rows of stanzas that were never settled.
    pub fn take_settled(&mut self) -> Vec<StanzaReport> {
        std::mem::take(&mut self.settled)
    }

    /// Expects that an answer and its stanza may be in different files.
    #[must_use]
    pub fn with_many_files(self, has_many_files: bool) -> Self {
        Self { early: Early::new(has_many_files), ..self }
    }

    /// Keeps the XML of stanzas, without their secrets.
    #[must_use]
    pub fn with_xml(self) -> Self {
        Self { room_for_xml: ALL_XML, ..self }
    }

    /// Selects a record by its number, before it is added. If [`Selection::frames`] is given, only such records are
    /// reported.
    pub fn choose(&mut self, frame: u64) {
        if let Some(frames) = &mut self.selection.frames {
            frames.insert(frame);
        }
    }

    /// Adds a record with a tree. Calls `decided` for each answer once its stanza is known.
    ///
    /// # Errors
    /// The outer error is that of `decided`. The inner error is the ack of a call without an id.
    pub fn add<E>(
        &mut self,
        record: &Record,
        node: NodeRef<'_>,
        decided: &mut impl FnMut(Decided<'_>) -> Result<(), E>,
    ) -> Result<Result<(), StanzaError>, E> {
        let mut seen = self.count(record, decided)?;
        self.ledger.learn(node, record.direction);
        self.others.see(node, record.direction, &seen, &self.selection);
        if is_of_connection(node) {
            self.connections = self.connections.saturating_add(1);
            if node.tag() == "stream:error" {
                self.stream_ended(node, &seen);
            }
            return Ok(Ok(()));
        }
        seen.xml = self.xml(node);
        if node.tag() == "ack" {
            match CallAckRef::try_from(node) {
                Ok(_) => {}
                Err(StanzaError::Attr(error)) if error.attribute() == "id" => return Ok(Err(error.into())),
                Err(_) => {
                    let is_of_receipt = node.get_opt::<&str>("class") == Ok(Some("receipt"));
                    let is_counted = u64::from(is_of_receipt && self.selection.is_all());
                    self.totals.receipt_acks = self.totals.receipt_acks.saturating_add(is_counted);
                    return Ok(Ok(()));
                }
            }
        }
        if let Some(event) = self.ledger.open(node, record.direction, Row::default) {
            self.opened(&event, node, seen, decided)?;
            self.close_window();
            return Ok(Ok(()));
        }
        let direction = record.direction.or_else(|| Direction::of(node));
        for event in self.ledger.answer(node, direction) {
            match event {
                Event::Answered(found) | Event::Repeated(found) | Event::Delivered(found) => {
                    self.answered(found, node, seen.clone(), direction, decided)?;
                }
                Event::Unmatched(_) => {
                    let id = node.get_opt::<&str>("id").ok().flatten().unwrap_or_default().into();
                    self.early.push(Waiting { id, node: node.to_node(), seen: seen.clone(), direction });
                }
                Event::Opened(_) | Event::Resent(_) | Event::WithoutId(_) | Event::Evicted(_) => {}
            }
        }
        Ok(Ok(()))
    }

    /// Counts a record that failed, whether it was [added](Self::add) before or not.
    ///
    /// # Errors
    /// The error of `decided`.
    pub fn failed<E>(
        &mut self,
        record: &Record,
        decided: &mut impl FnMut(Decided<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if record.frame >= self.totals.records {
            self.count(record, decided)?;
        }
        self.totals.unreadable = self.totals.unreadable.saturating_add(1);
        Ok(())
    }

    /// Counts a record, and decides answers whose stanza cannot come any more.
    fn count<E>(&mut self, record: &Record, decided: &mut impl FnMut(Decided<'_>) -> Result<(), E>) -> Result<Seen, E> {
        self.totals.records = self.totals.records.saturating_add(1);
        let moment = record.stamp.map(|stamp| self.clocks.read(record.file, stamp));
        while let Some(waiting) = self.early.pop(record.frame) {
            self.stray(waiting, decided)?;
        }
        let Record { frame, line, ref time, .. } = *record;
        Ok(Seen { frame, line, time: time.clone(), moment, since_start: None, xml: None })
    }

    /// The node as XML, if the builder keeps XML and a reader may want this one.
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

    /// Notes where a call stanza was sent. A new one may have answers already.
    fn opened<E>(
        &mut self,
        event: &Event<Match>,
        node: NodeRef<'_>,
        seen: Seen,
        decided: &mut impl FnMut(Decided<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (Event::Opened(entry) | Event::Resent(entry) | Event::WithoutId(entry)) = *event else { return Ok(()) };
        let moment = seen.moment;
        if let Some(entry) = self.ledger.get_mut(entry) {
            let is_received = entry.direction() == Some(Direction::Receive);
            let row = &mut entry.data;
            let is_reconnected = row.answered_in != self.connections;
            if let Some(answer) = row.answers.last_mut().filter(|_| is_received)
                && let Some(finding) = came_again(node, &seen, answer, is_reconnected)
            {
                answer.add_finding(finding);
            }
            if row.sent.len() >= OF_A_STANZA {
                row.sent.pop();
                row.more.sends = row.more.sends.saturating_add(1);
            }
            row.sent.push(seen);
        }
        if let Event::WithoutId(entry) = *event {
            self.window.settled(entry);
        }
        let Event::Opened(_) = event else { return Ok(()) };
        let id = node.get_opt::<&str>("id").ok().flatten().unwrap_or_default();
        for early in self.early.of_id(id, moment, ALIKE) {
            let Some(waiting) = self.early.get(early) else { continue };
            if self.ledger.find(&waiting.node, waiting.direction).is_err() {
                continue;
            }
            let Some(Waiting { node, seen, direction, .. }) = self.early.remove(early) else { continue };
            self.answer_again(&node, seen, direction, decided)?;
        }
        Ok(())
    }

    /// Notes an answer that matched nothing before.
    pub(super) fn answer_again<E>(
        &mut self,
        node: &Node,
        seen: Seen,
        direction: Option<Direction>,
        decided: &mut impl FnMut(Decided<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        for event in self.ledger.answer(node, direction) {
            if let Event::Answered(found) | Event::Repeated(found) | Event::Delivered(found) = event {
                self.answered(found, node.as_ref(), seen.clone(), direction, decided)?;
            }
        }
        Ok(())
    }

    /// Notes an answer.
    fn answered<E>(
        &mut self,
        found: Match,
        node: NodeRef<'_>,
        seen: Seen,
        direction: Option<Direction>,
        decided: &mut impl FnMut(Decided<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (Some(entry), Some(view)) = (self.ledger.get(found.entry), AnswerRef::of(node)) else { return Ok(()) };
        let stanza = CallStanzaRef::try_from(entry.outline()).ok();
        let matched = stanza.map(|stanza| (stanza, found.matched_by));
        let mut answer = AnswerReport::of(view, matched, seen, self.ledger.accounts(), self.with_remarks);
        let first_sent = entry.data.sent.first().and_then(|seen| seen.moment);
        answer.latency = answer.seen.moment.zip(first_sent).and_then(|(now, sent)| now.since(sent));
        let id = entry.id().unwrap_or_default();
        if self.selection.answer(id, &answer, stanza, &entry.data.sent, false) {
            let first_sent = entry.data.sent.first().map_or(0, |seen| seen.frame);
            let action = stanza.and_then(|stanza| stanza.action_node()).map(NodeRef::tag);
            decided(Decided { node, direction, answer: &answer, stanza: Ok((first_sent, action)) })?;
        }
        let Some(entry) = self.ledger.get_mut(found.entry) else { return Ok(()) };
        let is_settled_by_it = entry.answers() == 1;
        let row = &mut entry.data;
        row.answered_in = self.connections;
        if row.answers.is_empty() {
            // Most rows have one.
            row.answers.reserve_exact(1);
        }
        match answer.kind {
            _ if row.answers.len() < OF_A_STANZA => row.answers.push(answer),
            AnswerKind::Ack => row.more.acks = row.more.acks.saturating_add(1),
            AnswerKind::Receipt => row.more.receipts = row.more.receipts.saturating_add(1),
        }
        // A receipt after the ack settles nothing.
        if is_settled_by_it && !std::mem::replace(&mut row.is_settled, true) {
            self.window.settled(found.entry);
            if self.rows == Rows::TakenAtOnce {
                row.is_taken = true;
                let entry = entry.clone();
                let mut stanza = self.stanza(entry);
                stanza.set_times(|seen| self.clocks.set_time(seen));
                self.settled.extend(Some(stanza).filter(|stanza| self.selection.stanza(stanza)));
            }
        }
        Ok(())
    }
}
