//! Notes which answers of this device the server ends the stream over.

use wabinary::NodeRef;
use wabinary::stanza::{AckFinding, AckRule, Direction};

use super::Seen;
use super::builder::ReportBuilder;
use super::others::OtherRow;
use super::row::Row;
use super::server_then::StreamEnd;
use crate::answer::text;
use crate::ledger::{Entry, EntryId, Ledger};

/// The most stream errors with unknown acks that are kept.
const MOST: usize = 100;

impl ReportBuilder {
    /// Notes which answers of this device the server ends the stream over.
    pub(super) fn stream_ended(&mut self, node: NodeRef<'_>, seen: &Seen) {
        for ack in node.children().filter(|child| child.tag() == "ack") {
            let Some(id) = text(ack, "id") else { continue };
            let class = text(ack, "class");
            if let Some(entry) = named(&self.ledger, id, class, |row: &Row| !row.answers.is_empty())
                && let Some(entry) = self.ledger.get_mut(entry)
            {
                entry.data.stream_ended();
                continue;
            }
            let others = self.others.ledger.as_mut();
            if let Some(others) = others
                && let Some(entry) = named(others, id, class, |row: &OtherRow| row.is_answered)
                && let Some(entry) = others.get_mut(entry)
            {
                entry.data.ended_stream = true;
            }
            if self.stream_ends.len() < MOST {
                self.stream_ends.push(StreamEnd { seen: seen.clone(), id: id.into(), class: class.map(Box::from) });
            }
        }
    }
}

impl Row {
    fn stream_ended(&mut self) {
        self.ended_stream = true;
        if let Some(answer) = self.answers.last_mut() {
            answer.add_finding(AckFinding::new(AckRule::StreamEnded, &[("kind", &answer.kind.name())]));
        }
    }
}

/// The latest stanza that this device got under an id; an answered one, if there is any.
fn named<T>(ledger: &Ledger<T>, id: &str, class: Option<&str>, is_answered: impl Fn(&T) -> bool) -> Option<EntryId> {
    let is_meant = |entry: &Entry<T>| {
        entry.direction() == Some(Direction::Receive) && class.is_none_or(|class| entry.class().name() == class)
    };
    let entries = || ledger.with_id(id).filter(|(_, entry)| is_meant(entry));
    let answered = entries().find(|(_, entry)| is_answered(&entry.data));
    answered.or_else(|| entries().next()).map(|(entry, _)| entry)
}
