//! The server's reactions to answers of this device: it sends a stanza again, or ends the stream.

use wabinary::NodeRef;
use wabinary::stanza::{AckFinding, AckRule};

use super::{AnswerReport, Seen};

/// A stanza that comes again after this many microseconds did not cross its answer.
const CROSSING: u64 = 1_000_000;

/// The server's reaction to a stanza that this device never answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServerThen {
    /// The capture shows no reaction.
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
    /// The reaction to a stanza that came `sends` times.
    #[must_use]
    pub fn of(ended_stream: bool, sends: usize) -> Self {
        match (ended_stream, sends) {
            (true, _) => Self::EndedStream,
            (false, 0 | 1) => Self::Nothing,
            (false, _) => Self::SentAgain,
        }
    }
}

/// A `<stream:error>` that names an unknown ack.
#[derive(Clone, Debug)]
pub struct StreamEnd {
    /// The record with the error.
    pub seen: Seen,
    /// The `id` of the ack.
    pub id: Box<str>,
    /// The `class` of the ack, if given.
    pub class: Option<Box<str>>,
}

/// Whether a stanza shows that a connection has ended or begun.
pub(super) fn is_of_connection(node: NodeRef<'_>) -> bool {
    matches!(node.tag(), "success" | "failure" | "stream:error" | "stream:features" | "xmlstreamstart" | "xmlstreamend")
}

/// How an answered stanza comes again, if this shows that the server lacks the answer.
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
