//! What the server does about answers of this device: it sends a stanza again, or ends the stream.

use wabinary::NodeRef;
use wabinary::stanza::{AckFinding, AckRule, Direction};

use super::builder::{ReportBuilder, Row};
use super::others::OtherRow;
use super::{AnswerReport, Seen};
use crate::answer::text;
use crate::ledger::{Entry, EntryId, Ledger};

/// A stanza that comes again so much later did not cross its answer, in microseconds.
const CROSSING: u64 = 1_000_000;
/// So many ends of the stream that name what is not known are kept.
const MOST: usize = 100;

/// What the server did about a stanza that this device never answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServerThen {
    /// Nothing that the capture shows.
    Nothing,
    /// It sent the stanza again.
    SentAgain,
    /// It ended the stream.
    EndedStream,
}

named! { ServerThen {
    Nothing => "nothing",
    SentAgain => "sent-again",
    EndedStream => "ended-stream",
} }

impl ServerThen {
    /// What it did about a stanza that came so often.
    #[must_use]
    pub fn of(ended_stream: bool, sends: usize) -> Self {
        match (ended_stream, sends) {
            (true, _) => Self::EndedStream,
            (false, 0 | 1) => Self::Nothing,
            (false, _) => Self::SentAgain,
        }
    }
}

/// A `<stream:error>` that names an ack, of which nothing else is known.
#[derive(Clone, Debug)]
pub struct StreamEnd {
    /// Where it was seen.
    pub seen: Seen,
    /// The `id` of the ack.
    pub id: Box<str>,
    /// Its `class`, if that is given.
    pub class: Option<Box<str>>,
}

/// Whether a stanza shows that a connection has ended or begun.
pub(super) fn is_of_connection(node: NodeRef<'_>) -> bool {
    matches!(node.tag(), "success" | "failure" | "stream:error" | "stream:features" | "xmlstreamstart" | "xmlstreamend")
}

/// How a stanza comes again that this device has answered, if that says that the server lacks the answer.
pub(super) fn came_again(
    node: NodeRef<'_>,
    seen: &Seen,
    answer: &AnswerReport,
    is_reconnected: bool,
) -> Option<AckFinding> {
    let since = || seen.moment?.since(answer.seen.moment?);
    let how = match since() {
        _ if node.attr("offline").is_some() => "with \"offline\"".to_owned(),
        _ if is_reconnected => "after a reconnect".to_owned(),
        Some(micros) if micros > CROSSING => format!("{:.3} s later", micros as f64 / 1e6),
        _ => return None,
    };
    Some(AckFinding::new(AckRule::CameAgain, &[("how", &how), ("kind", &answer.kind.name())]))
}

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

/// The stanza that this device got under an id, and answered if any of them is: the latest.
fn named<T>(ledger: &Ledger<T>, id: &str, class: Option<&str>, is_answered: impl Fn(&T) -> bool) -> Option<EntryId> {
    let is_meant = |entry: &Entry<T>| {
        entry.direction() == Some(Direction::Receive) && class.is_none_or(|class| entry.class().name() == class)
    };
    let entries = || ledger.with_id(id).filter(|(_, entry)| is_meant(entry));
    let answered = entries().find(|(_, entry)| is_answered(&entry.data));
    answered.or_else(|| entries().next()).map(|(entry, _)| entry)
}
